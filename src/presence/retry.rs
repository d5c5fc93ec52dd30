//! When an account may be called again: back-off, cool-down, a full stop, and the budget of writes.
//!
//! All instants are uptimes ([`Moment::uptime`](super::Moment::uptime)).

use std::{collections::VecDeque, time::Duration};

use super::{Failure, Later, Moment, dice::Dice};

/// The first pause after a failure. It grows fourfold: when a portal returns, a whole office waits for it, and must not call at once.
const FIRST: Duration = Duration::from_secs(1);
/// With a request that is not answered before it, and one more after it, this is five minutes.
const LONGEST: Duration = Duration::from_secs(270);
/// The pause after "too busy" without a time, growing as well: a bucket that thousands fill is emptied by their patience alone.
const FIRST_WHEN_BUSY: Duration = Duration::from_secs(4);
/// A choice by hand waits no longer than this for a portal that was too busy and named no time.
const IMPATIENCE: Duration = Duration::from_secs(2);
/// A portal that is closed or deleted is asked this rarely.
const CLOSED: Duration = Duration::from_hours(4);
/// The pause after "too busy" grows no further, and no portal's clock is believed further than this.
const LONGEST_COOL_DOWN: Duration = Duration::from_hours(1);

#[derive(Debug, Clone, Default)]
pub(super) struct Retry {
    failures: u32,
    refusals: u32,
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
    /// The portal was too busy and named no time: only a choice by hand ends it early.
    Crowd { until: Duration },
    /// Calls are pointless until somebody acts.
    Stopped { since: Duration },
}

impl Retry {
    /// The earliest instant of the next call; `None` if there is none in sight.
    pub(super) fn next_call(&self) -> Option<Duration> {
        match self.pause {
            Pause::None => Some(Duration::ZERO),
            Pause::BackOff { until } | Pause::CoolDown { until } | Pause::Crowd { until } => Some(until),
            Pause::Stopped { .. } => None,
        }
    }

    pub(super) fn stopped_since(&self) -> Option<Duration> {
        match self.pause {
            Pause::Stopped { since } => Some(since),
            Pause::None | Pause::BackOff { .. } | Pause::CoolDown { .. } | Pause::Crowd { .. } => None,
        }
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(super) fn failed(&mut self, failure: &Failure, now: Moment, dice: &mut Dice) {
        let backed_off = grown(FIRST, self.failures, LONGEST);
        let cooled_down = grown(FIRST_WHEN_BUSY, self.refusals, LONGEST_COOL_DOWN);
        match failure {
            Failure::Later(Later::TooBusy { .. }) => self.refusals += 1,
            Failure::Later(_) | Failure::Ask(_) | Failure::GiveUp(_) => self.failures += 1,
        }
        let later = |longest: Duration, dice: &mut Dice| now.uptime + dice.between(longest * 3 / 4, longest);
        self.pause = match failure {
            Failure::Later(Later::TooBusy { until: Some(until) }) => {
                let asked = until.duration_since(now.wall).unwrap_or_default().min(LONGEST_COOL_DOWN).max(cooled_down);
                Pause::CoolDown { until: now.uptime + dice.between(asked, asked * 5 / 4) }
            }
            Failure::Later(Later::TooBusy { until: None }) => {
                Pause::Crowd { until: now.uptime + dice.between(cooled_down / 2, cooled_down) }
            }
            Failure::Later(Later::Closed) => Pause::BackOff { until: later(CLOSED, dice) },
            Failure::Later(
                Later::Unreachable
                | Later::NoAnswer
                | Later::ServerTrouble
                | Later::UnexpectedPage
                | Later::NoAuthorizationServer
                | Later::NoKeyring,
            ) => Pause::BackOff { until: later(backed_off, dice) },
            Failure::Ask(_) | Failure::GiveUp(_) => Pause::Stopped { since: now.uptime },
        };
    }

    /// The person wishes something, or the network came back: do not wait for it any longer.
    pub(super) fn hurry(&mut self) {
        if let Pause::BackOff { .. } = self.pause {
            self.succeeded();
        }
    }

    /// The person chose. One request for each click is no load.
    pub(super) fn insist(&mut self, now: Moment) {
        self.hurry();
        if let Pause::Crowd { until } = self.pause {
            self.refusals = 0;
            self.pause = Pause::Crowd { until: until.min(now.uptime + IMPATIENCE) };
        }
    }

    /// Something changed that may lift the stop.
    pub(super) fn resume(&mut self) {
        if let Pause::Stopped { .. } = self.pause {
            self.succeeded();
        }
    }
}

fn grown(first: Duration, times: u32, longest: Duration) -> Duration {
    first.saturating_mul(4_u32.saturating_pow(times)).min(longest)
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
