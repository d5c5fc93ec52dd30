//! What survives a restart: the choice, and for each account what its portal confirmed last and whether a mark of ours may stand there.

use super::{AccountId, Choice, Held};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    pub choice: Choice,
    pub accounts: Vec<(AccountId, Remembered)>,
}

/// What is kept of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remembered {
    /// What the portal confirmed last; a different answer later means that somebody else changed it.
    pub confirmed: Option<Held>,
    /// On disk before `idle.start` leaves, so that no crash leaves the person marked.
    pub marked: bool,
}
