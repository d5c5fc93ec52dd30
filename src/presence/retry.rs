//! When an account may be called again: back-off, cool-down, a full stop, and the budget of writes.
//!
//! All instants are uptimes ([`Moment::uptime`](super::Moment::uptime)).

use std::{collections::VecDeque, time::Duration};

use super::{Failure, Later, Moment, dice::Dice};

/// The first pause after a failure; it doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(5);
/// The pause after "too busy" without a time, doubled as well.
const FIRST_WHEN_BUSY: Duration = Duration::from_secs(4);
/// A portal that is closed or deleted is asked this rarely.
const CLOSED: Duration = Duration::from_hours(4);
/// No portal's clock is believed further than this.
const LONGEST_COOL_DOWN: Duration = Duration::from_hours(1);

#[derive(Debug, Clone, Default)]
pub(super) struct Retry {
    failures: u32,
    pause: Pause,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Pause {
    #[default]
    None,
    /// The network's fault: a person's wish or a new network ends it.
    BackOff { until: Duration },
    /// The portal's wish: nothing ends it early.
    CoolDown { until: Duration },
    /// Calls are pointless until somebody acts.
    Stopped { since: Duration },
}

impl Retry {
    /// The earliest instant of the next call; `None` if there is none in sight.
    pub(super) fn next_call(&self) -> Option<Duration> {
        match self.pause {
            Pause::None => Some(Duration::ZERO),
            Pause::BackOff { until } | Pause::CoolDown { until } => Some(until),
            Pause::Stopped { .. } => None,
        }
    }

    pub(super) fn stopped_since(&self) -> Option<Duration> {
        match self.pause {
            Pause::Stopped { since } => Some(since),
            Pause::None | Pause::BackOff { .. } | Pause::CoolDown { .. } => None,
        }
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(super) fn failed(&mut self, failure: &Failure, now: Moment, dice: &mut Dice) {
        let doublings = self.failures.min(16);
        self.failures += 1;
        let doubled = |first: Duration| (first * 2_u32.pow(doublings)).min(LONGEST);
        let later = |longest: Duration, dice: &mut Dice| now.uptime + dice.between(longest / 2, longest);
        self.pause = match failure {
            Failure::Later(Later::TooBusy { until: Some(until) }) => {
                let asked = until.duration_since(now.wall).unwrap_or_default().min(LONGEST_COOL_DOWN).max(doubled(FIRST_WHEN_BUSY));
                Pause::CoolDown { until: now.uptime + dice.between(asked, asked * 5 / 4) }
            }
            Failure::Later(Later::TooBusy { until: None }) => Pause::CoolDown { until: later(doubled(FIRST_WHEN_BUSY), dice) },
            Failure::Later(Later::Closed) => Pause::BackOff { until: later(CLOSED, dice) },
            Failure::Later(
                Later::Unreachable | Later::NoAnswer | Later::ServerTrouble | Later::UnexpectedPage | Later::NoAuthorizationServer,
            ) => Pause::BackOff { until: later(doubled(FIRST), dice) },
            Failure::Ask(_) | Failure::GiveUp(_) => Pause::Stopped { since: now.uptime },
        };
    }

    /// The person wishes something, or the network came back: do not wait for it any longer.
    pub(super) fn hurry(&mut self) {
        if let Pause::BackOff { .. } = self.pause {
            self.succeeded();
        }
    }

    /// Something changed that may lift the stop.
    pub(super) fn resume(&mut self) {
        if let Pause::Stopped { .. } = self.pause {
            self.succeeded();
        }
    }
}

/// At most six writes in any minute, whatever asks for them. What did not reach the portal is none.
#[derive(Debug, Clone, Default)]
pub(super) struct WriteBudget {
    written: VecDeque<Duration>,
}

impl WriteBudget {
    const WRITES: usize = 6;
    const WINDOW: Duration = Duration::from_mins(1);

    pub(super) fn next_write(&self) -> Duration {
        if self.written.len() < Self::WRITES {
            return Duration::ZERO;
        }
        self.written.front().map_or(Duration::ZERO, |first| *first + Self::WINDOW)
    }

    pub(super) fn spend(&mut self, now: Duration) {
        if self.written.len() == Self::WRITES {
            self.written.pop_front();
        }
        self.written.push_back(now);
    }

    /// The last write reached nobody.
    pub(super) fn take_back(&mut self) {
        self.written.pop_back();
    }
}
