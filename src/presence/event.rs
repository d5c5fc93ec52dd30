//! What can happen. Events are facts; what follows from them is decided in one place, here in `presence`.

use std::time::SystemTime;

use super::{AccountId, Automation, Credential, Failure, Held, Moment, Status};

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The person chose a status by hand.
    Chosen {
        status: Status,
        end: Option<SystemTime>,
    },
    /// The threshold passed without input; `since` is the last input.
    InputStopped {
        since: Moment,
    },
    InputResumed,
    SessionLocked,
    SessionUnlocked,
    /// The machine sleeps as soon as it is allowed to ([`Effect::AllowSleep`](super::Effect::AllowSleep)).
    SleepAnnounced,
    Woke,
    /// A way to the portals may have appeared.
    NetworkChanged,
    /// Somebody wants to see the truth now: a second launch, `b24status status`.
    ReadingAsked,
    /// The answer to the account's one call in flight.
    Answered {
        account: AccountId,
        answer: Result<Answer, Failure>,
    },
    AccountAdded {
        account: AccountId,
        idle: IdleUse,
    },
    AccountRemoved {
        account: AccountId,
    },
    CredentialChanged {
        account: AccountId,
        credential: Credential,
    },
    AutomationChanged(Automation),
    /// The state with this revision is on disk.
    Saved {
        revision: u64,
    },
    SaveFailed {
        revision: u64,
    },
    /// The app is to end: by hand, at log-out, or by a signal.
    QuitAsked,
    /// The instant of [`Presence::deadline`](super::Presence::deadline) came, or the clock jumped.
    TimePassed,
}

/// What a portal answered to a call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To [`Call::Read`](super::Call::Read).
    Held(Held),
    /// To every other call.
    Done,
}

/// Whether automation marks this account idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleUse {
    Marked,
    LeftOut,
}
