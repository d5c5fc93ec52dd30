//! When a portal is read although nothing is owed: rarely at rest, soon when it matters.
//!
//! All instants are uptimes ([`Moment::uptime`](super::Moment::uptime)).

use std::time::Duration;

use super::dice::Dice;

/// At rest: four requests an hour at most.
const SHORTEST: Duration = Duration::from_mins(15);
const LONGEST: Duration = Duration::from_hours(4);
/// Offices come back from lunch together: this spreads their reads.
const SPREAD: Duration = Duration::from_secs(2);
/// What was heard this recently need not be asked for again.
const FRESH: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub(super) struct Reading {
    interval: Duration,
    due: Duration,
    heard: Option<Duration>,
}

impl Reading {
    pub(super) fn new() -> Self {
        Self { interval: SHORTEST, due: Duration::ZERO, heard: None }
    }

    pub(super) fn due(&self) -> Duration {
        self.due
    }

    pub(super) fn heard(&mut self, now: Duration, dice: &mut Dice) {
        self.heard = Some(now);
        self.interval = (self.interval - self.interval / 8).max(SHORTEST);
        self.schedule(now, dice);
    }

    /// The portal has too much to do: read half as often.
    pub(super) fn slow_down(&mut self, now: Duration, dice: &mut Dice) {
        self.interval = (self.interval * 2).min(LONGEST);
        self.schedule(now, dice);
    }

    /// It matters now: a return, an unlock, a wake, a new network.
    pub(super) fn soon(&mut self, now: Duration, dice: &mut Dice) {
        if self.is_fresh(now, FRESH) {
            return;
        }
        self.due = self.due.min(now + dice.between(Duration::ZERO, SPREAD));
    }

    /// Somebody looks at it now.
    pub(super) fn at_once(&mut self, now: Duration) {
        if !self.is_fresh(now, Duration::from_secs(5)) {
            self.due = now;
        }
    }

    fn is_fresh(&self, now: Duration, age: Duration) -> bool {
        self.heard.is_some_and(|heard| heard + age > now)
    }

    fn schedule(&mut self, now: Duration, dice: &mut Dice) {
        self.due = now + dice.between(self.interval, self.interval * 5 / 4);
    }
}
