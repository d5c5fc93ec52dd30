//! What the sources said, and what is new in it. No bus here.
//!
//! The session counts as locked while logind's `LockedHint` or any screensaver says so. logind's signals `Lock` and `Unlock` are
//! requests: with lockers that tell logind nothing (swaylock, i3lock) a `Lock` is followed by no `Unlock` when the person is back, and whoever
//! believed it would count them as absent all day. `Unlock` alone does no harm and frees a hint that a crashed locker left behind.

use std::collections::BTreeSet;

use crate::session::{LockSource, Occurrence, SleepSource, Sources};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// How far logind can be relied on.
    Logind(Logind),
    LockedHint(bool),
    UnlockAsked,
    /// The one screensaver that tells, if any.
    ScreensaverPresent(Option<&'static str>),
    /// Whether the screensaver with this interface covers the screen.
    Covered(&'static str, Cover),
    Sleep(Sleep),
    Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Logind {
    Absent,
    Present { session: Found, delay: Found },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Yes,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    Shown,
    Gone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sleep {
    Coming,
    Over,
}

#[derive(Debug, Default)]
pub(super) struct Facts {
    logind: Option<Logind>,
    hint: bool,
    hint_was_used: bool,
    screensaver: Option<Option<&'static str>>,
    covering: BTreeSet<&'static str>,
    asleep: bool,
    ending: bool,
}

/// What others see of the facts.
#[derive(PartialEq)]
struct Outside {
    sources: Option<Sources>,
    locked: bool,
    asleep: bool,
    ending: bool,
}

impl Facts {
    /// What is new to others by this.
    pub(super) fn learn(&mut self, fact: Fact) -> Vec<Occurrence> {
        let before = self.outside();
        self.take(fact);
        difference(&before, &self.outside())
    }

    fn take(&mut self, fact: Fact) {
        match fact {
            Fact::Logind(logind) => self.logind = Some(logind),
            Fact::LockedHint(locked) => {
                self.hint = locked;
                self.hint_was_used |= locked;
            }
            Fact::UnlockAsked => self.hint = false,
            Fact::ScreensaverPresent(present) => self.screensaver = Some(present),
            Fact::Covered(screensaver, Cover::Shown) => _ = self.covering.insert(screensaver),
            Fact::Covered(screensaver, Cover::Gone) => _ = self.covering.remove(screensaver),
            Fact::Sleep(sleep) => self.asleep = sleep == Sleep::Coming,
            Fact::Ending => self.ending = true,
        }
    }

    fn outside(&self) -> Outside {
        Outside { sources: self.sources(), locked: self.hint || !self.covering.is_empty(), asleep: self.asleep, ending: self.ending }
    }

    /// `None` until both buses were looked at.
    fn sources(&self) -> Option<Sources> {
        let (logind, screensaver) = (self.logind?, self.screensaver?);
        let lock = match (screensaver, logind) {
            (Some(screensaver), _) => LockSource::Screensaver(screensaver),
            (None, Logind::Present { session: Found::Yes, .. }) if self.hint_was_used => LockSource::LoginService,
            (None, Logind::Present { session: Found::Yes, .. }) => LockSource::Untold,
            (None, Logind::Present { session: Found::No, .. } | Logind::Absent) => LockSource::Absent,
        };
        let sleep = match logind {
            Logind::Absent => SleepSource::Absent,
            Logind::Present { delay: Found::No, .. } => SleepSource::Announced,
            Logind::Present { delay: Found::Yes, .. } => SleepSource::Delayed,
        };
        Some(Sources { lock, sleep })
    }
}

fn difference(before: &Outside, now: &Outside) -> Vec<Occurrence> {
    let sources = now.sources.filter(|_| before.sources != now.sources).map(Occurrence::Sources);
    let lock = (before.locked != now.locked).then_some(if now.locked { Occurrence::Locked } else { Occurrence::Unlocked });
    let sleep = (before.asleep != now.asleep).then_some(if now.asleep { Occurrence::SleepAnnounced } else { Occurrence::Woke });
    let ending = (before.ending != now.ending).then_some(Occurrence::Ending);
    [sources, lock, sleep, ending].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_two_sources_tell_is_told_once_and_ends_with_the_last() {
        let mut facts = Facts::default();
        assert_eq!(facts.learn(Fact::Covered("a", Cover::Shown)), [Occurrence::Locked]);
        assert_eq!(facts.learn(Fact::LockedHint(true)), []);
        assert_eq!(facts.learn(Fact::Covered("a", Cover::Gone)), []);
        assert_eq!(facts.learn(Fact::LockedHint(false)), [Occurrence::Unlocked]);
    }

    #[test]
    fn an_unlock_request_frees_a_hint_left_behind_but_not_a_covered_screen() {
        let mut facts = Facts::default();
        facts.learn(Fact::LockedHint(true));
        facts.learn(Fact::Covered("a", Cover::Shown));
        assert_eq!(facts.learn(Fact::UnlockAsked), []);
        assert_eq!(facts.learn(Fact::Covered("a", Cover::Gone)), [Occurrence::Unlocked]);
    }

    #[test]
    fn sources_are_told_when_both_buses_were_looked_at_and_when_they_change() {
        let mut facts = Facts::default();
        let present = Logind::Present { session: Found::Yes, delay: Found::Yes };
        assert_eq!(facts.learn(Fact::Logind(present)), []);
        let untold = Sources { lock: LockSource::Untold, sleep: SleepSource::Delayed };
        assert_eq!(facts.learn(Fact::ScreensaverPresent(None)), [Occurrence::Sources(untold)]);
        assert_eq!(facts.learn(Fact::Logind(present)), []);
        let told = Sources { lock: LockSource::LoginService, sleep: SleepSource::Delayed };
        assert_eq!(facts.learn(Fact::LockedHint(true)), [Occurrence::Sources(told), Occurrence::Locked]);
        let absent = Sources { lock: LockSource::Absent, sleep: SleepSource::Absent };
        assert_eq!(facts.learn(Fact::Logind(Logind::Absent)), [Occurrence::Sources(absent)]);
    }

    #[test]
    fn sleep_and_the_end_are_told_once() {
        let mut facts = Facts::default();
        assert_eq!(facts.learn(Fact::Sleep(Sleep::Over)), []);
        assert_eq!(facts.learn(Fact::Sleep(Sleep::Coming)), [Occurrence::SleepAnnounced]);
        assert_eq!(facts.learn(Fact::Sleep(Sleep::Coming)), []);
        assert_eq!(facts.learn(Fact::Sleep(Sleep::Over)), [Occurrence::Woke]);
        assert_eq!(facts.learn(Fact::Ending), [Occurrence::Ending]);
        assert_eq!(facts.learn(Fact::Ending), []);
    }
}
