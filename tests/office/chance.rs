//! The chance in people and portals: a seed, and the same day for the same seed.

use std::time::Duration;

pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One SplitMix64 step.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// From 0 up to, and never reaching, 1.
    pub fn fraction(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, earliest: Duration, latest: Duration) -> Duration {
        earliest + (latest - earliest).mul_f64(self.fraction())
    }

    /// A bell of four dice around `centre`, never further than `reach` from it.
    pub fn around(&mut self, centre: Duration, reach: Duration) -> Duration {
        let dice = (0..4).map(|_| self.fraction()).sum::<f64>() / 4.0;
        centre - reach + (2 * reach).mul_f64(dice)
    }

    /// The time to the next of events that come by themselves, one in `mean` on average.
    pub fn until_next(&mut self, mean: Duration) -> Duration {
        mean.mul_f64(-(1.0 - self.fraction()).ln())
    }
}
