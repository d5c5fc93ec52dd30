//! At least one story for each rule of the product that is the core's to keep.

mod choosing;
mod idle;
mod portals;
mod limits;
mod quitting;

use std::time::{Duration, SystemTime};

use super::world::{self, Manner, SECOND, World};
use crate::presence::{
    AccountId, Choice, Connection, End, Event, Failure, Held, Idle, Later, Remembered, Shown, Standing, State,
    Status::{self, Dnd, Online},
    Wanted,
};

impl World {
    fn lock(&mut self) {
        self.tell(Event::SessionLocked);
    }

    fn unlock(&mut self) {
        self.tell(Event::SessionUnlocked);
    }

    fn resume_input(&mut self) {
        self.tell(Event::InputResumed);
    }

    /// The machine sleeps as soon as it may, and wakes.
    fn sleep(&mut self, time: Duration) {
        self.tell(Event::SleepAnnounced);
        self.run(SECOND);
        self.suspend(time);
        self.tell(Event::Woke);
    }
}

pub(super) fn all_is_well(status: Shown, idle: Idle) -> Standing {
    Standing { status, idle, connection: Connection::Ok, failure: None }
}

/// What is left on disk by an app that ended during a timed `dnd`, which is over by now.
pub(super) fn timed_out(accounts: &[&str]) -> State {
    let end = End { at: SystemTime::UNIX_EPOCH, then: Online };
    let remembered = Remembered { confirmed: Some(Held::Status(Dnd)), marked: false };
    State {
        choice: Choice { wanted: Wanted::Status(Dnd), end: Some(end) },
        accounts: accounts.iter().map(|account| (AccountId::new(account), remembered.clone())).collect(),
    }
}

pub(super) fn plain(status: Status) -> Choice {
    Choice { wanted: Wanted::Status(status), end: None }
}

pub(super) fn unreachable() -> Manner {
    Manner::Refuses(Failure::Later(Later::Unreachable))
}

pub(super) fn busy(until: Option<SystemTime>) -> Manner {
    Manner::Refuses(Failure::Later(Later::TooBusy { until }))
}
