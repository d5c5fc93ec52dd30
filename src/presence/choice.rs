//! The one status that the person means, with its end and what follows.

use std::time::SystemTime;

use super::{Held, Status};

/// What the person means, on every portal alike.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    pub wanted: Wanted,
    pub end: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// Nothing was chosen yet: the first answer of a portal decides.
    #[default]
    Nothing,
    Status(Status),
    /// Another program set a word that this version does not know: leave it there.
    AsItIs,
}

/// When a choice ends. An absolute instant: restarts, sleep and time zones do not move it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    pub at: SystemTime,
    pub then: Status,
}

impl Choice {
    pub fn status(&self) -> Option<Status> {
        match self.wanted {
            Wanted::Status(status) => Some(status),
            Wanted::Nothing | Wanted::AsItIs => None,
        }
    }

    /// A choice by hand. A timed one falls back to what stood before every timed one.
    pub(super) fn by_hand(&self, status: Status, end: Option<SystemTime>) -> Self {
        let then = match self.end {
            Some(running) => running.then,
            None => self.status().unwrap_or(Status::Online),
        };
        Self { wanted: Wanted::Status(status), end: end.map(|at| End { at, then }) }
    }

    pub(super) fn adopted(held: &Held) -> Self {
        let wanted = held.status().map_or(Wanted::AsItIs, Wanted::Status);
        Self { wanted, end: None }
    }

    /// What follows, once the end has come.
    pub(super) fn ended(&self, now: SystemTime) -> Option<Self> {
        let end = self.end.filter(|end| end.at <= now)?;
        Some(Self { wanted: Wanted::Status(end.then), end: None })
    }
}
