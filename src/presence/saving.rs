//! Which state is on disk, and when a failed attempt is repeated.

use std::time::Duration;

use super::State;

const FIRST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(1);

#[derive(Debug, Clone)]
pub(super) struct Saving {
    asked: State,
    revision: u64,
    saved: u64,
    failures: u32,
    /// Uptime of the next attempt, after a failed one.
    again: Option<Duration>,
}

impl Saving {
    /// `on_disk` was read from there, so nothing is owed yet.
    pub(super) fn new(on_disk: State) -> Self {
        Self { asked: on_disk, revision: 0, saved: 0, failures: 0, again: None }
    }

    /// The revision under which `state` has to be saved now, if it has to.
    pub(super) fn owed(&mut self, state: &State, now: Duration) -> Option<u64> {
        let retry = self.again.is_some_and(|again| again <= now);
        if *state == self.asked && !retry {
            return None;
        }
        self.again = None;
        self.asked = state.clone();
        self.revision += 1;
        Some(self.revision)
    }

    pub(super) fn saved(&mut self, revision: u64) {
        self.saved = self.saved.max(revision);
        if self.is_on_disk() {
            self.failures = 0;
            self.again = None;
        }
    }

    pub(super) fn failed(&mut self, revision: u64, now: Duration) {
        if revision == self.revision {
            self.again = Some(now + (FIRST * 2_u32.pow(self.failures.min(6))).min(LONGEST));
            self.failures += 1;
        }
    }

    /// Whether everything that was ever asked for is on disk.
    pub(super) fn is_on_disk(&self) -> bool {
        self.saved == self.revision
    }

    /// Whether nothing is under way to the disk that may still arrive there.
    pub(super) fn is_settled(&self) -> bool {
        self.is_on_disk() || self.again.is_some()
    }

    pub(super) fn is_failing(&self) -> bool {
        self.failures > 0
    }

    pub(super) fn next_attempt(&self) -> Option<Duration> {
        self.again
    }
}
