//! The sentences that the tooltip and the menu share.

use fluent_bundle::FluentValue;

use super::{Account, Facts, Storage};
use crate::{
    presence::{Absent, Connection, Held, Idle, Marking, Reason, Shown, Status},
    text::Texts,
};

pub(super) struct Words<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) texts: &'a Texts,
}

impl Words<'_> {
    /// The status in one line: which, until when, and how sure that is.
    pub(super) fn headline(&self) -> String {
        match self.facts.least_sure() {
            None => self.texts.say("app-name"),
            Some(Shown::Confirmed(held)) => self.marked_idle(self.held(held)),
            Some(Shown::Pending(status)) => self.about("status-pending", self.status_and_end(*status)),
            Some(Shown::Unknown { last: Some(held) }) => self.about("status-last-known", self.held(held)),
            Some(Shown::Unknown { last: None }) => self.texts.say("status-unknown"),
        }
    }

    /// Who it is, and whatever needs explaining: each line in a place of its own, empty where there is nothing to say.
    pub(super) fn lines(&self) -> Vec<(String, Option<String>)> {
        let mut lines = vec![
            ("who".to_owned(), Some(self.who())),
            ("who.remedy".to_owned(), self.facts.somebody_signed_out().then(|| self.texts.say("who-nobody-remedy"))),
            ("why.absence".to_owned(), self.absence()),
            ("why.status".to_owned(), self.status_reason()),
            ("why.storage".to_owned(), (self.facts.storage == Storage::Failing).then(|| self.texts.say("storage-failing"))),
        ];
        let mut troubles = self.troubles().into_iter();
        lines.extend((1..=TROUBLE_SLOTS).map(|slot| (format!("trouble.{slot}"), troubles.next())));
        lines
    }

    pub(super) fn status(&self, status: Status) -> String {
        self.texts.say(match status {
            Status::Online => "status-online",
            Status::Dnd => "status-dnd",
            Status::Away => "status-away",
            Status::Break => "status-break",
        })
    }

    /// A message about a status.
    pub(super) fn about(&self, key: &str, status: String) -> String {
        self.texts.say_with(key, &[("status", status.into())])
    }

    /// `label` with the end of the choice, if the choice is this status and has one.
    pub(super) fn with_end(&self, status: Status, label: String) -> String {
        let choice = self.facts.choice;
        match choice.end.filter(|_| choice.status() == Some(status)) {
            Some(end) => self.texts.say_with("status-until", &[("status", label.into()), ("time", (self.facts.time)(end.at).into())]),
            None => label,
        }
    }

    fn status_and_end(&self, status: Status) -> String {
        self.with_end(status, self.status(status))
    }

    fn held(&self, held: &Held) -> String {
        match held {
            Held::Status(status) => self.status_and_end(*status),
            Held::NeverSet => self.status_and_end(Status::Online),
            Held::Unfamiliar(word) => self.texts.say_with("status-unfamiliar", &[("word", word.as_str().into())]),
        }
    }

    fn marked_idle(&self, status: String) -> String {
        match self.facts.idle() {
            Idle::Marked => self.about("status-idle", status),
            Idle::Unmarked | Idle::Pending => status,
        }
    }

    fn who(&self) -> String {
        let Some((first, others)) = self.facts.standings.split_first() else { return self.texts.say("who-nobody") };
        let key = if others.is_empty() { "who" } else { "who-more" };
        self.texts.say_with(key, &[("name", first.name.into()), ("portal", first.portal.into()), ("count", others.len().into())])
    }

    fn absence(&self) -> Option<String> {
        match (self.facts.idle(), &self.facts.absent) {
            (Idle::Marked, Some(absent)) => Some(self.since("idle-since", absent, &[])),
            (Idle::Marked, None) => Some(self.texts.say("idle-elsewhere")),
            (Idle::Pending, Some(absent)) => Some(self.since("idle-soon", absent, &[])),
            (Idle::Pending, None) => Some(self.texts.say("idle-ending")),
            (Idle::Unmarked, Some(absent)) => self.absence_without_mark(absent),
            (Idle::Unmarked, None) => None,
        }
    }

    /// Why somebody who is away is not marked, where that is not what they asked for.
    fn absence_without_mark(&self, absent: &Absent) -> Option<String> {
        let automation = self.facts.automation;
        if automation.marking == Marking::Off {
            return None;
        }
        if let Some(status) = self.facts.meant().filter(|status| !automation.over.contains(status)) {
            return Some(self.since("idle-kept", absent, &[("status", self.status(status).into())]));
        }
        (self.facts.worst() != Connection::Ok).then(|| self.since("idle-unsent", absent, &[]))
    }

    fn since(&self, key: &str, absent: &Absent, more: &[(&str, FluentValue<'_>)]) -> String {
        let reason = self.texts.say(match absent.reason {
            Reason::NoInput => "reason-input",
            Reason::Locked => "reason-locked",
            Reason::Asleep => "reason-asleep",
        });
        let mut arguments = vec![("time", (self.facts.time)(absent.since.wall).into()), ("reason", reason.into())];
        arguments.extend_from_slice(more);
        self.texts.say_with(key, &arguments)
    }

    fn status_reason(&self) -> Option<String> {
        if let Some(status) = self.facts.held_up() {
            return Some(self.about("choice-waits", self.status(status)));
        }
        let all_confirmed = matches!(self.facts.least_sure()?, Shown::Confirmed(_));
        (all_confirmed && self.facts.agreed().is_none()).then(|| self.texts.say("accounts-differ"))
    }

    /// One line for each account with a problem; the last place counts those without a place.
    fn troubles(&self) -> Vec<String> {
        let mut troubles: Vec<_> = self.facts.standings.iter().filter_map(|account| self.trouble(account)).collect();
        if troubles.len() > TROUBLE_SLOTS {
            let more = troubles.split_off(TROUBLE_SLOTS - 1).len();
            troubles.push(self.texts.say_with("trouble-more", &[("count", more.into())]));
        }
        troubles
    }

    fn trouble(&self, account: &Account<'_>) -> Option<String> {
        let sentence = self.texts.say(match account.standing.connection {
            Connection::Ok => return None,
            Connection::Offline => "trouble-offline",
            Connection::KeyringLocked => "trouble-keyring",
            Connection::SignedOut => "trouble-signed-out",
            Connection::Blocked => "trouble-blocked",
        });
        Some(self.texts.say_with("trouble", &[("portal", account.portal.into()), ("sentence", sentence.into())]))
    }
}

/// As many as a person reads in a menu.
const TROUBLE_SLOTS: usize = 4;
