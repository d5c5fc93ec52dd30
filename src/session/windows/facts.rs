//! What Windows said, and what is new in it. No window here.
//!
//! The session counts as locked while it is, and while nobody can sit in front of it: a remote session without its client, or one that
//! another person switched away from.

use crate::session::{LockSource, Occurrence, SleepSource, Sources};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Sources(Sources),
    Lock(Lock),
    Seat(Seat),
    Sleep(Sleep),
    Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    Locked,
    Unlocked,
}

/// Whether a screen and a keyboard belong to the session, here or far away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    Connected,
    Disconnected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sleep {
    Coming,
    Over,
}

/// Until Windows says otherwise, somebody sits there: they have just logged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    sources: Option<Sources>,
    lock: Lock,
    seat: Seat,
    sleep: Sleep,
    ending: bool,
}

impl Default for Facts {
    fn default() -> Self {
        Self { sources: None, lock: Lock::Unlocked, seat: Seat::Connected, sleep: Sleep::Over, ending: false }
    }
}

impl Facts {
    /// What is new to others by this.
    pub(super) fn learn(&mut self, fact: Fact) -> Vec<Occurrence> {
        let before = *self;
        match fact {
            Fact::Sources(sources) => self.sources = Some(sources),
            Fact::Lock(lock) => self.lock = lock,
            Fact::Seat(seat) => self.seat = seat,
            Fact::Sleep(sleep) => self.sleep = sleep,
            Fact::Ending => self.ending = true,
        }
        self.since(before)
    }

    fn since(&self, before: Self) -> Vec<Occurrence> {
        let sources = self.sources.filter(|_| before.sources != self.sources).map(Occurrence::Sources);
        let lock =
            (before.is_locked() != self.is_locked()).then(|| if self.is_locked() { Occurrence::Locked } else { Occurrence::Unlocked });
        let sleep = (before.sleep != self.sleep).then_some(match self.sleep {
            Sleep::Coming => Occurrence::SleepAnnounced,
            Sleep::Over => Occurrence::Woke,
        });
        let ending = (before.ending != self.ending).then_some(Occurrence::Ending);
        [sources, lock, sleep, ending].into_iter().flatten().collect()
    }

    fn is_locked(&self) -> bool {
        self.lock == Lock::Locked || self.seat == Seat::Disconnected
    }
}

/// What a window of this process is told.
pub(super) const fn sources(lock: LockSource) -> Sources {
    Sources { lock, sleep: SleepSource::System }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_without_its_screen_is_locked_until_it_is_connected_and_unlocked() {
        let mut facts = Facts::default();
        assert_eq!(facts.learn(Fact::Seat(Seat::Disconnected)), [Occurrence::Locked]);
        assert_eq!(facts.learn(Fact::Lock(Lock::Locked)), []);
        assert_eq!(facts.learn(Fact::Seat(Seat::Connected)), []);
        assert_eq!(facts.learn(Fact::Lock(Lock::Unlocked)), [Occurrence::Unlocked]);
    }

    #[test]
    fn a_screen_that_comes_back_to_an_unlocked_session_is_an_unlock() {
        let mut facts = Facts::default();
        facts.learn(Fact::Lock(Lock::Locked));
        facts.learn(Fact::Seat(Seat::Disconnected));
        assert_eq!(facts.learn(Fact::Lock(Lock::Unlocked)), []);
        assert_eq!(facts.learn(Fact::Seat(Seat::Connected)), [Occurrence::Unlocked]);
    }

    #[test]
    fn everything_is_told_once() {
        let mut facts = Facts::default();
        let refused = sources(LockSource::Refused);
        let told = sources(LockSource::System);
        for (fact, occurrences) in [
            (Fact::Lock(Lock::Unlocked), vec![]),
            (Fact::Sleep(Sleep::Over), vec![]),
            (Fact::Sources(refused), vec![Occurrence::Sources(refused)]),
            (Fact::Sources(refused), vec![]),
            (Fact::Sources(told), vec![Occurrence::Sources(told)]),
            (Fact::Lock(Lock::Locked), vec![Occurrence::Locked]),
            (Fact::Lock(Lock::Locked), vec![]),
            (Fact::Sleep(Sleep::Coming), vec![Occurrence::SleepAnnounced]),
            (Fact::Sleep(Sleep::Coming), vec![]),
            (Fact::Sleep(Sleep::Over), vec![Occurrence::Woke]),
            (Fact::Sleep(Sleep::Over), vec![]),
            (Fact::Ending, vec![Occurrence::Ending]),
            (Fact::Ending, vec![]),
        ] {
            assert_eq!(facts.learn(fact), occurrences, "{fact:?}");
        }
    }
}
