//! When a portal is read although nothing is owed: rarely at rest, soon when it matters.
//!
//! All instants are uptimes ([`Moment::uptime`](super::Moment::uptime)).

use std::time::Duration;

use super::dice::Dice;

/// At rest: four requests an hour at most.
const SHORTEST: Duration = Duration::from_mins(15);
const LONGEST: Duration = Duration::from_hours(4);
const SHORTEST_WHEN_CROWDED: Duration = Duration::from_hours(1);
/// Who was one too many for a portal today is one too many tomorrow: only then the interval recovers.
const CROWDED: Duration = Duration::from_hours(24);
/// Offices come back from lunch together: this spreads their reads.
const SPREAD: Duration = Duration::from_secs(2);
/// So does a network, and nobody clicked: over this, 500 neighbours are less than two requests a second.
const SPREAD_OF_AN_OFFICE: Duration = Duration::from_secs(270);
/// What was heard this recently need not be asked for again.
const FRESH: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub(super) struct Reading {
    interval: Duration,
    due: Duration,
    heard: Option<Duration>,
    /// The portal was too busy last.
    refused: Option<Duration>,
    /// Somebody waits for the answer.
    asked: bool,
    /// Trouble, or a new network: the neighbours are heard at the same time.
    is_shared: bool,
}

impl Reading {
    pub(super) fn new() -> Self {
        Self { interval: SHORTEST, due: Duration::ZERO, heard: None, refused: None, asked: false, is_shared: false }
    }

    pub(super) fn due(&self) -> Duration {
        self.due
    }

    pub(super) fn heard(&mut self, now: Duration, dice: &mut Dice) {
        self.heard = Some(now);
        self.asked = false;
        if self.refused.is_none_or(|refused| refused + CROWDED <= now) {
            self.interval = (self.interval - self.interval / 8).max(SHORTEST);
        }
        if std::mem::take(&mut self.is_shared) { self.scatter(now, dice) } else { self.put_off(now, dice) }
    }

    /// The portal has too much to do: read half as often, and once an hour at most.
    pub(super) fn slow_down(&mut self, now: Duration) {
        self.refused = Some(now);
        self.interval = (self.interval * 2).clamp(SHORTEST_WHEN_CROWDED, LONGEST);
    }

    /// An interval from now.
    pub(super) fn put_off(&mut self, now: Duration, dice: &mut Dice) {
        self.due = now + dice.between(self.interval, self.interval * 5 / 4);
    }

    pub(super) fn is_asked(&self) -> bool {
        self.asked
    }

    /// It matters now: a return, an unlock, a wake.
    pub(super) fn soon(&mut self, now: Duration, dice: &mut Dice) {
        self.by(now + dice.between(Duration::ZERO, SPREAD), now);
    }

    /// A new network, for the neighbours as well. First come those whose last call failed.
    pub(super) fn with_the_office(&mut self, now: Duration, dice: &mut Dice) {
        self.by(now + dice.between(SPREAD_OF_AN_OFFICE / 3, SPREAD_OF_AN_OFFICE), now);
        self.is_shared = true;
    }

    pub(super) fn failed(&mut self) {
        self.is_shared = true;
    }

    /// Where the portal has much to do, more counts as fresh.
    fn by(&mut self, instant: Duration, now: Duration) {
        if !self.is_fresh(now, FRESH.max((self.interval - SHORTEST) * 5 / 4)) {
            self.due = self.due.min(instant);
        }
    }

    /// Somebody looks at it now.
    pub(super) fn at_once(&mut self, now: Duration) {
        if !self.is_fresh(now, Duration::from_secs(5)) {
            self.due = now;
            self.asked = true;
        }
    }

    fn is_fresh(&self, now: Duration, age: Duration) -> bool {
        self.heard.is_some_and(|heard| heard + age > now)
    }

    /// Those who are heard together are not heard together again.
    fn scatter(&mut self, now: Duration, dice: &mut Dice) {
        self.due = now + dice.between((self.interval / 4).max(SHORTEST), (self.interval * 5 / 4).max(SHORTEST * 2));
    }
}
