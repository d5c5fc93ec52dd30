//! The words of files, of the control socket and of `--json`, both ways. The core knows none of them; nothing is read or written here.
//!
//! They are a contract: programs of others read them, and files of older versions hold them.

use std::time::SystemTime;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::presence::{AccountId, Ask, Cause, Change, Entry, Failure, GiveUp, Held, Later, Reason, Status};

/// RFC 3339 in UTC, whole seconds.
pub fn rfc3339(time: SystemTime) -> String {
    // Outside the years that can be written there is no file and no person.
    let time = Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH);
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

/// The inverse of [`rfc3339`], for every offset.
pub fn system_time(text: &str) -> Option<SystemTime> {
    text.parse::<Timestamp>().ok().map(SystemTime::from)
}

/// RFC 3339 with every digit: an end that comes back is the same end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(Timestamp);

/// A status as its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct StatusWord(pub Status);

impl TryFrom<String> for Instant {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

impl From<Instant> for String {
    fn from(instant: Instant) -> Self {
        instant.0.to_string()
    }
}

impl TryFrom<String> for StatusWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Status::from_word(&word).map(Self).ok_or_else(|| format!("not a status: {word}"))
    }
}

impl From<StatusWord> for &'static str {
    fn from(word: StatusWord) -> Self {
        word.0.word()
    }
}

impl TryFrom<SystemTime> for Instant {
    type Error = jiff::Error;

    fn try_from(time: SystemTime) -> Result<Self, jiff::Error> {
        Timestamp::try_from(time).map(Self)
    }
}

impl From<Instant> for SystemTime {
    fn from(instant: Instant) -> Self {
        instant.0.into()
    }
}

/// One line of the journal, and one element of `why --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    pub at: String,
    pub account: Option<String>,
    pub what: String,
    /// With `chosen`, `adopted` and `confirmed`. With `adopted`, `null` is a portal where no status was ever set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// With `went_absent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// With `marked_idle`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_ago: Option<u32>,
    /// With `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// What belongs to the failure: an instant, an address, a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub because: String,
}

/// The line holds a word of a newer version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfamiliar;

impl From<&Entry> for EntryLine {
    fn from(entry: &Entry) -> Self {
        let line = Self {
            at: rfc3339(entry.at),
            account: entry.account.as_ref().map(AccountId::to_string),
            what: String::new(),
            status: None,
            until: None,
            reason: None,
            minutes_ago: None,
            failure: None,
            detail: None,
            because: cause_word(entry.because).to_owned(),
        };
        let what = |what: &str| what.to_owned();
        match &entry.what {
            Change::Chosen { status, end } => {
                Self { what: what("chosen"), status: Some(status.word().to_owned()), until: end.map(rfc3339), ..line }
            }
            Change::Adopted { held } => Self { what: what("adopted"), status: held_word(held), ..line },
            Change::Confirmed { status } => Self { what: what("confirmed"), status: Some(status.word().to_owned()), ..line },
            Change::WentAbsent(reason) => Self { what: what("went_absent"), reason: Some(reason.word().to_owned()), ..line },
            Change::CameBack => Self { what: what("came_back"), ..line },
            Change::MarkedIdle { minutes_ago } => Self { what: what("marked_idle"), minutes_ago: Some(*minutes_ago), ..line },
            Change::UnmarkedIdle => Self { what: what("unmarked_idle"), ..line },
            Change::Failed(failure) => {
                let (word, detail) = failure_words(failure);
                Self { what: what("failed"), failure: Some(word.to_owned()), detail, ..line }
            }
            Change::Recovered => Self { what: what("recovered"), ..line },
            Change::NotSaved => Self { what: what("not_saved"), ..line },
            Change::Started => Self { what: what("started"), ..line },
            Change::Ended => Self { what: what("ended"), ..line },
        }
    }
}

impl TryFrom<EntryLine> for Entry {
    type Error = Unfamiliar;

    fn try_from(line: EntryLine) -> Result<Self, Unfamiliar> {
        let what = change(&line).ok_or(Unfamiliar)?;
        let because = cause_from_word(&line.because).ok_or(Unfamiliar)?;
        let at = system_time(&line.at).ok_or(Unfamiliar)?;
        Ok(Self { at, account: line.account.as_deref().map(AccountId::new), what, because })
    }
}

fn change(line: &EntryLine) -> Option<Change> {
    let status = || line.status.as_deref().and_then(Status::from_word);
    match line.what.as_str() {
        "chosen" => Some(Change::Chosen { status: status()?, end: line.until.as_deref().and_then(system_time) }),
        "adopted" => Some(Change::Adopted { held: held_from_word(line.status.clone()) }),
        "confirmed" => Some(Change::Confirmed { status: status()? }),
        "went_absent" => reason_from_word(line.reason.as_deref()?).map(Change::WentAbsent),
        "came_back" => Some(Change::CameBack),
        "marked_idle" => Some(Change::MarkedIdle { minutes_ago: line.minutes_ago? }),
        "unmarked_idle" => Some(Change::UnmarkedIdle),
        "failed" => failure_from_words(line.failure.as_deref()?, line.detail.as_deref()).map(Change::Failed),
        "recovered" => Some(Change::Recovered),
        "not_saved" => Some(Change::NotSaved),
        "started" => Some(Change::Started),
        "ended" => Some(Change::Ended),
        _ => None,
    }
}

pub fn held_word(held: &Held) -> Option<String> {
    match held {
        Held::Status(status) => Some(status.word().to_owned()),
        Held::NeverSet => None,
        Held::Unfamiliar(word) => Some(word.clone()),
    }
}

pub fn held_from_word(word: Option<String>) -> Held {
    let Some(word) = word else { return Held::NeverSet };
    Status::from_word(&word).map_or(Held::Unfamiliar(word), Held::Status)
}

pub fn reason_from_word(word: &str) -> Option<Reason> {
    [Reason::NoInput, Reason::Locked, Reason::Asleep].into_iter().find(|reason| reason.word() == word)
}

const fn cause_word(cause: Cause) -> &'static str {
    match cause {
        Cause::ByHand => "by_hand",
        Cause::EndReached => "end_reached",
        Cause::ChangedElsewhere => "changed_elsewhere",
        Cause::FirstRead => "first_read",
        Cause::Choice => "choice",
        Cause::Absence(reason) => reason.word(),
        Cause::InputResumed => "input_resumed",
        Cause::Unlocked => "unlocked",
        Cause::LeftBehind => "left_behind",
        Cause::Quit => "quit",
        Cause::Launch => "launch",
        Cause::Portal => "portal",
        Cause::Storage => "storage",
    }
}

fn cause_from_word(word: &str) -> Option<Cause> {
    let plain = [
        Cause::ByHand,
        Cause::EndReached,
        Cause::ChangedElsewhere,
        Cause::FirstRead,
        Cause::Choice,
        Cause::InputResumed,
        Cause::Unlocked,
        Cause::LeftBehind,
        Cause::Quit,
        Cause::Launch,
        Cause::Portal,
        Cause::Storage,
    ];
    let plain = plain.into_iter().find(|cause| cause_word(*cause) == word);
    plain.or_else(|| reason_from_word(word).map(Cause::Absence))
}

/// The word of a failure and what belongs to it; also what `status --json` and `doctor --json` print.
pub fn failure_words(failure: &Failure) -> (&'static str, Option<String>) {
    match failure {
        Failure::Later(later) => match later {
            Later::Unreachable => ("unreachable", None),
            Later::NoAnswer => ("no_answer", None),
            Later::ServerTrouble => ("server_trouble", None),
            Later::UnexpectedPage => ("unexpected_page", None),
            Later::TooBusy { until } => ("too_busy", until.map(rfc3339)),
            Later::NoAuthorizationServer => ("no_authorization_server", None),
            Later::NoKeyring => ("no_keyring", None),
            Later::Closed => ("closed", None),
        },
        Failure::Ask(ask) => match ask {
            Ask::CredentialRefused => ("credential_refused", None),
            Ask::Dismissed => ("dismissed", None),
            Ask::AnotherPerson => ("another_person", None),
            Ask::ScopeMissing => ("scope_missing", None),
            Ask::PlanWithoutRest => ("plan_without_rest", None),
            Ask::AccessDenied => ("access_denied", None),
            Ask::ApplicationRemoved => ("application_removed", None),
            Ask::SignInExpired => ("sign_in_expired", None),
            Ask::ApplicationRefused => ("application_refused", None),
            Ask::ApplicationWithoutChat => ("application_without_chat", None),
            Ask::BlockedByProvider => ("blocked_by_provider", None),
            Ask::HttpsRequired => ("https_required", None),
            Ask::Moved { to } => ("moved", Some(to.clone())),
            Ask::UntrustedCertificate => ("untrusted_certificate", None),
        },
        Failure::GiveUp(give_up) => match give_up {
            GiveUp::MethodMissing => ("method_missing", None),
            GiveUp::OurFault { code } => ("our_fault", Some(code.clone())),
        },
    }
}

pub fn failure_from_words(word: &str, detail: Option<&str>) -> Option<Failure> {
    let detail_text = || detail.unwrap_or_default().to_owned();
    let known = [
        Failure::Later(Later::Unreachable),
        Failure::Later(Later::NoAnswer),
        Failure::Later(Later::ServerTrouble),
        Failure::Later(Later::UnexpectedPage),
        Failure::Later(Later::TooBusy { until: detail.and_then(system_time) }),
        Failure::Later(Later::NoAuthorizationServer),
        Failure::Later(Later::NoKeyring),
        Failure::Later(Later::Closed),
        Failure::Ask(Ask::CredentialRefused),
        Failure::Ask(Ask::Dismissed),
        Failure::Ask(Ask::AnotherPerson),
        Failure::Ask(Ask::ScopeMissing),
        Failure::Ask(Ask::PlanWithoutRest),
        Failure::Ask(Ask::AccessDenied),
        Failure::Ask(Ask::ApplicationRemoved),
        Failure::Ask(Ask::SignInExpired),
        Failure::Ask(Ask::ApplicationRefused),
        Failure::Ask(Ask::ApplicationWithoutChat),
        Failure::Ask(Ask::BlockedByProvider),
        Failure::Ask(Ask::HttpsRequired),
        Failure::Ask(Ask::Moved { to: detail_text() }),
        Failure::Ask(Ask::UntrustedCertificate),
        Failure::GiveUp(GiveUp::MethodMissing),
        Failure::GiveUp(GiveUp::OurFault { code: detail_text() }),
    ];
    known.into_iter().find(|failure| failure_words(failure).0 == word)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_entry_comes_back_from_its_line() {
        for entry in every_kind_of_entry() {
            let line = serde_json::to_string(&EntryLine::from(&entry)).unwrap();
            let read: EntryLine = serde_json::from_str(&line).unwrap();
            assert_eq!(Entry::try_from(read), Ok(entry), "{line}");
        }
    }

    #[test]
    fn the_keys_of_a_line_are_stable() {
        let entry = Entry {
            at: moment(0),
            account: Some(AccountId::new("7@acme.bitrix24.com")),
            what: Change::Chosen { status: Status::Dnd, end: Some(moment(1800)) },
            because: Cause::ByHand,
        };
        assert_eq!(
            serde_json::to_string(&EntryLine::from(&entry)).unwrap(),
            r#"{"at":"2026-11-21T14:00:00Z","account":"7@acme.bitrix24.com","what":"chosen","status":"dnd","until":"2026-11-21T14:30:00Z","because":"by_hand"}"#
        );
    }

    /// One of each, for everything that must have words.
    pub(crate) fn every_kind_of_entry() -> Vec<Entry> {
        let account = AccountId::new("7@acme.bitrix24.com");
        let reasons = [Reason::NoInput, Reason::Locked, Reason::Asleep];
        let mut pairs = vec![
            (Change::Chosen { status: Status::Dnd, end: None }, Cause::ByHand),
            (Change::Chosen { status: Status::Away, end: Some(moment(1800)) }, Cause::ByHand),
            (Change::Chosen { status: Status::Online, end: None }, Cause::EndReached),
            (Change::Adopted { held: Held::Status(Status::Break) }, Cause::ChangedElsewhere),
            (Change::Adopted { held: Held::NeverSet }, Cause::FirstRead),
            (Change::Adopted { held: Held::Unfamiliar("lunch".into()) }, Cause::ChangedElsewhere),
            (Change::Confirmed { status: Status::Online }, Cause::Choice),
            (Change::CameBack, Cause::InputResumed),
            (Change::CameBack, Cause::Unlocked),
            (Change::UnmarkedIdle, Cause::LeftBehind),
            (Change::UnmarkedIdle, Cause::InputResumed),
            (Change::UnmarkedIdle, Cause::Quit),
            (Change::Recovered, Cause::Portal),
            (Change::NotSaved, Cause::Storage),
            (Change::Started, Cause::Launch),
            (Change::Ended, Cause::Quit),
        ];
        pairs.extend(reasons.map(|reason| (Change::WentAbsent(reason), Cause::Absence(reason))));
        pairs.extend(reasons.map(|reason| (Change::MarkedIdle { minutes_ago: 10 }, Cause::Absence(reason))));
        pairs.extend(every_failure().into_iter().map(|failure| (Change::Failed(failure), Cause::Portal)));
        let entries = pairs.into_iter().map(|(what, because)| Entry { at: moment(0), account: Some(account.clone()), what, because });
        entries.collect()
    }

    pub(crate) fn every_failure() -> Vec<Failure> {
        let words = "unreachable no_answer server_trouble unexpected_page too_busy no_authorization_server closed credential_refused \
                     dismissed another_person scope_missing plan_without_rest access_denied application_removed blocked_by_provider \
                     https_required moved untrusted_certificate method_missing our_fault";
        let detail = |word| match word {
            "too_busy" => Some("2026-11-21T14:30:00Z"),
            "moved" => Some("other.example.com"),
            "our_fault" => Some("WRONG_REQUEST"),
            _ => None,
        };
        words.split_whitespace().map(|word| failure_from_words(word, detail(word)).unwrap()).collect()
    }

    /// 2026-11-21, 14:00 UTC and so many seconds.
    pub(crate) fn moment(seconds: u64) -> SystemTime {
        SystemTime::from("2026-11-21T14:00:00Z".parse::<Timestamp>().unwrap()) + Duration::from_secs(seconds)
    }
}
