//! Several accounts taken together: what can be said of all of them at once. The least sure one decides.

use super::Facts;
use crate::presence::{Connection, Held, Idle, Shown, Status};

impl Facts<'_> {
    /// What every portal confirmed alike.
    pub(super) fn agreed(&self) -> Option<&Held> {
        let mut held = self.standings.iter().map(|account| match &account.standing.status {
            Shown::Confirmed(held) => Some(held),
            Shown::Pending(_) | Shown::Unknown { .. } => None,
        });
        let first = held.next()??;
        held.all(|other| other.is_some_and(|other| same(other, first))).then_some(first)
    }

    /// What is shown of the account that knows least.
    pub(super) fn least_sure(&self) -> Option<&Shown> {
        let unsureness = |shown: &&Shown| match shown {
            Shown::Confirmed(_) => 0,
            Shown::Pending(_) => 1,
            Shown::Unknown { last: Some(_) } => 2,
            Shown::Unknown { last: None } => 3,
        };
        self.standings.iter().rev().map(|account| &account.standing.status).max_by_key(unsureness)
    }

    /// The best guess at the status where nothing is agreed: the choice, else the first one known.
    pub(super) fn meant(&self) -> Option<Status> {
        self.choice.status().or_else(|| self.standings.iter().find_map(|account| known(&account.standing.status)))
    }

    /// The worst connection; without any account, nobody is signed in.
    pub(super) fn worst(&self) -> Connection {
        self.standings.iter().map(|account| account.standing.connection).max().unwrap_or(Connection::SignedOut)
    }

    pub(super) fn idle(&self) -> Idle {
        let any = |wanted| self.standings.iter().any(|account| account.standing.idle == wanted);
        [Idle::Pending, Idle::Marked].into_iter().find(|idle| any(*idle)).unwrap_or(Idle::Unmarked)
    }

    /// Whether a choice could reach any portal, at once or later.
    pub(super) fn somebody_signed_in(&self) -> bool {
        self.standings.iter().any(|account| account.standing.connection != Connection::SignedOut)
    }

    pub(super) fn somebody_signed_out(&self) -> bool {
        self.standings.is_empty() || self.standings.iter().any(|account| account.standing.connection == Connection::SignedOut)
    }

    /// A status that some portal should hold, and that cannot be sent now.
    pub(super) fn held_up(&self) -> Option<Status> {
        let unreachable = self.standings.iter().filter(|account| account.standing.connection != Connection::Ok);
        unreachable.map(|account| &account.standing.status).find_map(|shown| match shown {
            Shown::Pending(status) => Some(*status),
            Shown::Confirmed(_) | Shown::Unknown { .. } => None,
        })
    }

    pub(super) fn is_pending(&self, status: Status) -> bool {
        self.standings.iter().any(|account| account.standing.status == Shown::Pending(status))
    }
}

/// A portal where no status was ever set shows the person as online.
fn same(one: &Held, other: &Held) -> bool {
    one == other || one.status().is_some_and(|status| other.status() == Some(status))
}

fn known(shown: &Shown) -> Option<Status> {
    match shown {
        Shown::Confirmed(held) | Shown::Unknown { last: Some(held) } => held.status(),
        Shown::Pending(status) => Some(*status),
        Shown::Unknown { last: None } => None,
    }
}
