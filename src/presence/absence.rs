//! Why nobody is at the keyboard, and since when.

use std::time::Duration;

use super::{Automation, Moment, automation::OnLock};

/// Why the person counts as absent, weakest first. Of several, the strongest is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    NoInput,
    Locked,
    Asleep,
}

impl Reason {
    /// The word in `--json` and in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoInput => "input",
            Self::Locked => "locked",
            Self::Asleep => "asleep",
        }
    }
}

/// Nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absent {
    pub reason: Reason,
    /// The last sign of the person.
    pub since: Moment,
}

impl Absent {
    /// Whole minutes at `now`, at least 1: what `idle.start` takes as `AGO`.
    pub fn minutes_ago(&self, now: Moment) -> u32 {
        let minutes = now.uptime.saturating_sub(self.since.uptime).as_secs() / 60;
        u32::try_from(minutes).unwrap_or(u32::MAX).max(1)
    }
}

/// The facts, as the session and the idle source reported them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Absence {
    no_input: Option<Moment>,
    locked: Option<Moment>,
    asleep: Option<Moment>,
}

impl Absence {
    /// A source that starts anew does not know what came before it: of two reports the earlier stands.
    pub(super) fn input_stopped(&mut self, since: Moment) {
        self.no_input = self.no_input.filter(|known| known.uptime < since.uptime).or(Some(since));
    }

    pub(super) fn input_resumed(&mut self) {
        self.no_input = None;
    }

    pub(super) fn locked(&mut self, now: Moment) {
        self.locked.get_or_insert(now);
    }

    /// Somebody unlocked, so somebody is there.
    pub(super) fn unlocked(&mut self) {
        self.locked = None;
        self.no_input = None;
    }

    pub(super) fn fell_asleep(&mut self, now: Moment) {
        self.asleep.get_or_insert(now);
    }

    /// A machine can wake without anybody there: absence lasts until there is input.
    pub(super) fn woke(&mut self) {
        if let Some(asleep) = self.asleep.take() {
            self.no_input.get_or_insert(asleep);
        }
    }

    pub(super) fn current(&self, automation: &Automation) -> Option<Absent> {
        let locked = self.locked.filter(|_| automation.on_lock == OnLock::Mark);
        let strongest = [(Reason::Asleep, self.asleep), (Reason::Locked, locked), (Reason::NoInput, self.no_input)];
        let reason = strongest.iter().find_map(|(reason, since)| since.map(|_| *reason))?;
        let since = strongest.iter().filter_map(|(_, since)| *since).min_by_key(|since| since.uptime)?;
        Some(Absent { reason, since })
    }
}

/// The bounds of [`Automation::idle_after`](super::Automation::idle_after).
pub const IDLE_AFTER: std::ops::RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_mins(240);
