//! What was told of the session, so that each thing is told once, whatever says it how often. No system here.

use super::Occurrence;

/// What a system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Locked,
    Unlocked,
    /// Somebody else's session is on the screen.
    SwitchedAway,
    SwitchedBack,
    FallsAsleep,
    Woke,
    Ends,
}

#[derive(Debug, Default)]
pub(super) struct Told {
    locked: bool,
    away: bool,
    asleep: bool,
    ending: bool,
}

impl Told {
    /// What is new by this. A session that is both locked and away is free only when both are over.
    pub(super) fn learn(&mut self, fact: Fact) -> Option<Occurrence> {
        let was_covered = self.is_covered();
        match fact {
            Fact::Locked => self.locked = true,
            Fact::Unlocked => self.locked = false,
            Fact::SwitchedAway => self.away = true,
            Fact::SwitchedBack => self.away = false,
            Fact::FallsAsleep => return (!std::mem::replace(&mut self.asleep, true)).then_some(Occurrence::SleepAnnounced),
            Fact::Woke => return std::mem::take(&mut self.asleep).then_some(Occurrence::Woke),
            Fact::Ends => return (!std::mem::replace(&mut self.ending, true)).then_some(Occurrence::Ending),
        }
        match (was_covered, self.is_covered()) {
            (false, true) => Some(Occurrence::Locked),
            (true, false) => Some(Occurrence::Unlocked),
            (false, false) | (true, true) => None,
        }
    }

    fn is_covered(&self) -> bool {
        self.locked || self.away
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_is_locked_and_left_is_free_when_both_are_over() {
        assert_eq!(told(&[Fact::Locked, Fact::SwitchedAway, Fact::Unlocked]), [Occurrence::Locked]);
        let all = [Fact::SwitchedAway, Fact::Locked, Fact::SwitchedBack, Fact::Locked, Fact::Unlocked];
        assert_eq!(told(&all), [Occurrence::Locked, Occurrence::Unlocked]);
    }

    #[test]
    fn what_is_said_twice_is_told_once() {
        assert_eq!(told(&[Fact::Ends, Fact::Ends]), [Occurrence::Ending]);
        let nights = [Fact::Woke, Fact::FallsAsleep, Fact::FallsAsleep, Fact::Woke, Fact::Woke, Fact::FallsAsleep];
        assert_eq!(told(&nights), [Occurrence::SleepAnnounced, Occurrence::Woke, Occurrence::SleepAnnounced]);
    }

    #[test]
    fn a_session_that_was_free_all_along_is_not_told_to_be() {
        assert_eq!(told(&[Fact::Unlocked, Fact::SwitchedBack]), []);
    }

    fn told(facts: &[Fact]) -> Vec<Occurrence> {
        let mut told = Told::default();
        facts.iter().filter_map(|fact| told.learn(*fact)).collect()
    }
}
