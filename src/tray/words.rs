//! The sentences that the tooltip and the menu share.

use fluent_bundle::FluentValue;

use super::{Account, Facts, Storage, Window};
use crate::{
    presence::{Absent, Connection, Held, Idle, Marking, Shown, Standing, Status},
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
            ("who.remedy".to_owned(), self.in_a_terminal()),
            ("why.absence".to_owned(), self.absence()),
            ("why.status".to_owned(), self.status_reason()),
            ("why.storage".to_owned(), (self.facts.storage == Storage::Failing).then(|| self.texts.say("storage-failing"))),
        ];
        let mut troubles = self.troubles().into_iter();
        lines.extend((1..=TROUBLE_SLOTS).map(|slot| (format!("trouble.{slot}"), troubles.next())));
        lines
    }

    /// How to sign in where there is no window for it.
    fn in_a_terminal(&self) -> Option<String> {
        let wanted = self.facts.somebody_signed_out() && self.facts.window == Window::Missing;
        wanted.then(|| self.texts.say("who-nobody-remedy"))
    }

    /// What no notice could tell, in places of its own. The tooltip is too small for it.
    pub(super) fn notice(&self) -> impl Iterator<Item = (String, Option<String>)> {
        let mut lines = self.facts.notice.map(|notice| wrapped(notice, NOTICE_SLOTS)).unwrap_or_default().into_iter();
        (1..=NOTICE_SLOTS).map(move |slot| (format!("notice.{slot}"), lines.next()))
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
        self.with_end(status, self.texts.status(status))
    }

    fn held(&self, held: &Held) -> String {
        let said = self.texts.held(held);
        held.status().map_or_else(|| said.clone(), |status| self.with_end(status, said.clone()))
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
            return Some(self.since("idle-kept", absent, &[("status", self.texts.status(status).into())]));
        }
        (self.facts.worst() != Connection::Ok).then(|| self.since("idle-unsent", absent, &[]))
    }

    fn since(&self, key: &str, absent: &Absent, more: &[(&str, FluentValue<'_>)]) -> String {
        let reason = self.texts.reason(absent.reason);
        let mut arguments = vec![("time", (self.facts.time)(absent.since.wall).into()), ("reason", reason.into())];
        arguments.extend_from_slice(more);
        self.texts.say_with(key, &arguments)
    }

    fn status_reason(&self) -> Option<String> {
        if let Some(status) = self.facts.held_up() {
            return Some(self.about("choice-waits", self.texts.status(status)));
        }
        let all_confirmed = matches!(self.facts.least_sure()?, Shown::Confirmed(_));
        (all_confirmed && self.facts.agreed().is_none()).then(|| self.texts.say("accounts-differ"))
    }

    /// One problem at length, or one line for each; the last place counts those without a place.
    fn troubles(&self) -> Vec<String> {
        let mut troubled: Vec<_> = self.facts.standings.iter().filter(|account| account.standing.connection != Connection::Ok).collect();
        if let [only] = troubled[..] {
            return wrapped(&self.trouble(only, &self.reason(&only.standing)), TROUBLE_SLOTS);
        }
        let more = troubled.len().saturating_sub(TROUBLE_SLOTS);
        if more > 0 {
            troubled.truncate(TROUBLE_SLOTS - 1);
        }
        let mut lines: Vec<_> =
            troubled.iter().map(|account| self.trouble(account, first_sentence(&self.reason(&account.standing)))).collect();
        lines.extend((more > 0).then(|| self.texts.say_with("trouble-more", &[("count", (more + 1).into())])));
        lines
    }

    fn trouble(&self, account: &Account<'_>, sentence: &str) -> String {
        self.texts.say_with("trouble", &[("portal", account.portal.into()), ("sentence", sentence.to_owned().into())])
    }

    /// What the portal answered, else what is known of the connection.
    fn reason(&self, standing: &Standing) -> String {
        match (&standing.failure, standing.connection) {
            (Some(failure), _) => self.texts.failure(failure),
            (None, Connection::Ok) => String::new(),
            (None, Connection::Offline) => self.texts.say("trouble-offline"),
            (None, Connection::KeyringLocked) => self.texts.say("trouble-keyring"),
            (None, Connection::SignedOut) => self.texts.say("trouble-signed-out"),
            (None, Connection::Blocked) => self.texts.say("trouble-blocked"),
        }
    }
}

/// As many as a person reads in a menu.
const TROUBLE_SLOTS: usize = 4;

/// The longest notice is what idle does on the portal.
const NOTICE_SLOTS: usize = 7;

/// Menus do not break lines themselves.
const LINE_WIDTH: usize = 64;

/// In as many lines as there are places; whatever is left stands in the last one.
fn wrapped(text: &str, places: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let width = lines[last].chars().count() + 1 + word.chars().count();
        if lines[last].is_empty() {
            word.clone_into(&mut lines[last]);
        } else if width > LINE_WIDTH && lines.len() < places {
            lines.push(word.to_owned());
        } else {
            lines[last].extend([" ", word]);
        }
    }
    lines
}

/// What is wrong; the sentences after it say what to do.
fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.')
}
