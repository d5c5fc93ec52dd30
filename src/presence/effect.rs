//! What is to be done. Effects are orders, carried out in the order in which they are given; a failed one comes back as an event.

use super::{AccountId, Entry, State, Status};

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Make one request; its end is [`Event::Answered`](super::Event::Answered).
    Call { account: AccountId, call: Call },
    /// Put the state on disk, safe against power loss; then [`Event::Saved`](super::Event::Saved).
    Save { revision: u64, state: State },
    /// Tell the journal.
    Record(Entry),
    /// Report the next input as [`Event::InputResumed`](super::Event::InputResumed), although nothing was reported as stopped.
    WatchForReturn,
    /// The machine may sleep now.
    AllowSleep,
    /// The app may end now.
    Exit,
}

/// One request to a portal.
///
/// <https://apidocs.bitrix24.com/api-reference/chats/users/index.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// `im.user.status.get`
    Read,
    /// `im.user.status.set`
    Set(Status),
    /// `im.user.status.idle.start` with `AGO` in whole minutes, at least 1.
    StartIdle { minutes_ago: u32 },
    /// `im.user.status.idle.end`
    EndIdle,
}
