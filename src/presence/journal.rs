//! What changed and because of what. The words for people are in the catalogues; the store is not here.

use std::time::SystemTime;

use super::{AccountId, Failure, Held, Reason, Status};

#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub at: SystemTime,
    /// `None` where the change concerns the person, not one portal.
    pub account: Option<AccountId>,
    pub what: Change,
    pub because: Cause,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The choice is now this.
    Chosen {
        status: Status,
        end: Option<SystemTime>,
    },
    /// The choice is now what the portal already holds.
    Adopted {
        held: Held,
    },
    /// The portal confirmed the status.
    Confirmed {
        status: Status,
    },
    /// The person counts as absent.
    WentAbsent(Reason),
    CameBack,
    /// The portal confirmed the idle mark.
    MarkedIdle {
        minutes_ago: u32,
    },
    /// The portal confirmed the end of the idle mark.
    UnmarkedIdle,
    /// The account stopped working.
    Failed(Failure),
    /// The account works again.
    Recovered,
    /// The state could not be put on disk: no idle marks are set until it can.
    NotSaved,
    /// The app runs from here on. Where no end stands before it, it ended by a crash or with the power.
    Started,
    /// The app was quit: until the next start nobody watches.
    Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    ByHand,
    /// The chosen time is over.
    EndReached,
    /// Web, phone or another computer.
    ChangedElsewhere,
    /// The first look at the portal.
    FirstRead,
    /// The choice asked for it.
    Choice,
    Absence(Reason),
    InputResumed,
    Unlocked,
    /// A mark of ours was left behind when the app ended the last time.
    LeftBehind,
    Quit,
    Launch,
    /// The portal's answer, or its absence.
    Portal,
    /// The disk.
    Storage,
}
