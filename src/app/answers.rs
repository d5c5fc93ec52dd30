//! What other processes asked and still wait for.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::{
    control::{Response, StatusReport},
    presence::{AccountId, Connection, Idle, Moment, Presence, Shown, Status},
};

/// `status` waits for the portals this long.
const READING: Duration = Duration::from_secs(5);

/// As long as quitting: an account that is to go is not kept by a portal that does not answer.
const LEAVING: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(super) struct Waiting(Vec<Question>);

struct Question {
    about: About,
    /// Uptime at which it is answered in any case.
    until: Duration,
    answer: oneshot::Sender<Response>,
}

enum About {
    /// Once no call is under way.
    Reading,
    /// Once this status is confirmed everywhere, or another one is wanted, or nothing is tried any more.
    Setting(Status),
    /// Once no idle mark of ours can stand there, or nothing more can be done about it.
    Leaving(AccountId),
}

/// Whether calls to portals, or looks into the keyring, are under way.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Calls {
    UnderWay,
    AtRest,
}

impl Waiting {
    pub(super) fn for_reading(&mut self, now: Moment, answer: oneshot::Sender<Response>) {
        self.0.push(Question { about: About::Reading, until: now.uptime + READING, answer });
    }

    pub(super) fn for_setting(&mut self, status: Status, patience: Duration, now: Moment, answer: oneshot::Sender<Response>) {
        self.0.push(Question { about: About::Setting(status), until: now.uptime.saturating_add(patience), answer });
    }

    pub(super) fn for_leaving(&mut self, account: AccountId, now: Moment, answer: oneshot::Sender<Response>) {
        self.0.push(Question { about: About::Leaving(account), until: now.uptime + LEAVING, answer });
    }

    pub(super) fn deadline(&self, now: Moment) -> Option<Duration> {
        self.0.iter().map(|question| question.until.saturating_sub(now.uptime)).min()
    }

    /// Answers whatever can be answered. A client that hung up does not matter.
    pub(super) fn answer(&mut self, presence: &Presence, calls: Calls, now: Moment, report: impl Fn() -> StatusReport) {
        for question in self.0.extract_if(.., |question| question.until <= now.uptime || question.about.is_settled(presence, calls)) {
            let _ = question.answer.send(Response::Status(report()));
        }
    }
}

impl About {
    fn is_settled(&self, presence: &Presence, calls: Calls) -> bool {
        match self {
            Self::Reading => calls == Calls::AtRest,
            Self::Setting(status) => {
                presence.choice().status() != Some(*status)
                    || presence.standings().all(|(_, standing)| {
                        matches!(&standing.status, Shown::Confirmed(held) if held.status() == Some(*status))
                            || (calls == Calls::AtRest && is_stuck(standing.connection))
                    })
            }
            Self::Leaving(account) => presence
                .standings()
                .filter(|(id, _)| *id == account)
                .all(|(_, standing)| standing.idle == Idle::Unmarked || is_stuck(standing.connection)),
        }
    }
}

/// Time alone will not help.
fn is_stuck(connection: Connection) -> bool {
    match connection {
        Connection::KeyringLocked | Connection::SignedOut | Connection::Blocked => true,
        Connection::Ok | Connection::Offline => false,
    }
}
