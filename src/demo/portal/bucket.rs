//! The cloud's limit of requests: a leaky bucket. Time is an argument.
//!
//! <https://apidocs.bitrix24.com/limits.html>

use std::time::Instant;

#[derive(Debug, Clone)]
pub(super) struct Bucket {
    level: f64,
    seen: Option<Instant>,
}

/// How many requests fit in.
const ROOM: f64 = 50.0;
/// How many requests run out in a second.
const LEAK: f64 = 2.0;

impl Bucket {
    pub(super) fn cloud() -> Self {
        Self { level: 0.0, seen: None }
    }

    /// Counts one request; `false` if it is one too many.
    pub(super) fn admits(&mut self, now: Instant) -> bool {
        let passed = self.seen.map_or(0.0, |seen| now.saturating_duration_since(seen).as_secs_f64());
        self.seen = Some(now);
        self.level = (self.level - passed * LEAK).max(0.0);
        if self.level + 1.0 > ROOM {
            return false;
        }
        self.level += 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn fifty_at_once_pass_and_then_two_a_second() {
        let start = Instant::now();
        let mut bucket = Bucket::cloud();
        assert_eq!(count_admitted(&mut bucket, start, 60), 50);
        assert_eq!(count_admitted(&mut bucket, start + Duration::from_secs(1), 60), 2);
        assert_eq!(count_admitted(&mut bucket, start + Duration::from_secs(3600), 60), 50);
    }

    fn count_admitted(bucket: &mut Bucket, now: Instant, requests: usize) -> usize {
        (0..requests).filter(|_| bucket.admits(now)).count()
    }
}
