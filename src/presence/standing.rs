//! What can truthfully be said about one account at this moment.

use super::{Failure, Held, Status};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub status: Shown,
    pub idle: Idle,
    pub connection: Connection,
    /// Why the connection is not [`Connection::Ok`], where a portal's answer is the reason.
    pub failure: Option<Failure>,
}

/// The status, with how sure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The portal said so, and nothing is owed.
    Confirmed(Held),
    /// Asked for, and not answered yet.
    Pending(Status),
    /// Not known at present; `last` is what the portal confirmed last.
    Unknown { last: Option<Held> },
}

/// Our idle mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    Unmarked,
    Marked,
    /// `idle.start` or `idle.end` is owed or under way.
    Pending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Connection {
    Ok,
    Offline,
    KeyringLocked,
    SignedOut,
    /// The portal answers and refuses.
    Blocked,
}

impl Connection {
    /// The word in `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Offline => "offline",
            Self::KeyringLocked => "keyring_locked",
            Self::SignedOut => "signed_out",
            Self::Blocked => "blocked",
        }
    }
}
