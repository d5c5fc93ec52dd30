//! How a command ends when it does not succeed: the code is a contract, the sentence says what to do.

use std::{io, path::Path};

use super::arguments::UsageError;
use crate::{
    control::{AskError, ClaimError, Refusal, StatusReport},
    keyring::KeyringError,
    presence::{Connection, Status},
    settings::SaveError,
    sign_in::{Problem, Sort},
    text::Texts,
    words,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    pub code: Code,
    /// One sentence for standard error; empty where nobody is there to read it.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Whatever has no number of its own; `doctor` found a problem.
    Other = 1,
    Usage = 2,
    NotSignedIn = 3,
    Refused = 4,
    Unreachable = 5,
    NoKeyring = 6,
}

impl Exit {
    pub fn new(code: Code, sentence: String) -> Self {
        Self { code, sentence }
    }

    pub(super) fn usage(error: &UsageError, texts: &Texts) -> Self {
        let (key, found) = match error {
            UsageError::UnknownCommand { found } => ("usage-unknown-command", found.as_str()),
            UsageError::UnknownOption { found } => ("usage-unknown-option", found.as_str()),
            UsageError::Surplus { found } => ("usage-surplus", found.as_str()),
            UsageError::MissingValue { option } => ("usage-missing-value", option.as_str()),
            UsageError::NotANumber { found } => ("usage-not-a-number", found.as_str()),
            UsageError::NoStatus => ("usage-no-status", ""),
            UsageError::UnknownStatus { found } => ("usage-unknown-status", found.as_str()),
            UsageError::TwoEnds => ("usage-two-ends", ""),
            UsageError::NoSwitch => ("usage-no-switch", ""),
            UsageError::NoCredential => ("usage-no-credential", ""),
            UsageError::SecretInSight => ("usage-secret-in-sight", ""),
            UsageError::TwoCredentials => ("usage-two-credentials", ""),
            UsageError::NoClientId => ("usage-no-client-id", ""),
            UsageError::NoClientSecret => ("usage-no-client-secret", ""),
            UsageError::ClientSecretInSight => ("usage-client-secret-in-sight", ""),
            UsageError::NotAPort { found } => ("usage-not-a-port", found.as_str()),
            UsageError::Time(error) => return Self::new(Code::Usage, error.sentence(texts)),
        };
        let words = Status::ALL.map(Status::word).join(", ");
        Self::new(Code::Usage, texts.say_with(key, &[("found", found.into()), ("words", words.into())]))
    }

    pub(super) fn not_signed_in(texts: &Texts) -> Self {
        Self::new(Code::NotSignedIn, texts.say("cli-not-signed-in"))
    }

    pub(super) fn sign_in(problem: &Problem, texts: &Texts) -> Self {
        let code = match problem.sort() {
            Sort::Input => Code::Usage,
            Sort::Refused => Code::Refused,
            Sort::Unreachable => Code::Unreachable,
            Sort::Keyring => Code::NoKeyring,
            Sort::Here => Code::Other,
        };
        Self::new(code, problem.say(texts))
    }

    pub(super) fn keyring(error: &KeyringError, texts: &Texts) -> Self {
        Self::new(Code::NoKeyring, error.sentence(texts))
    }

    pub(super) fn settings(error: &SaveError, texts: &Texts) -> Self {
        Self::new(Code::Other, error.sentence(texts))
    }

    pub(super) fn claim(error: &ClaimError, texts: &Texts) -> Self {
        Self::new(
            Code::Other,
            match error {
                ClaimError::AlreadyRunning => texts.say("cli-no-answer"),
                ClaimError::Foreign { path } => foreign(path, texts),
                ClaimError::Io { path, error } => texts.not_written(path, error),
            },
        )
    }

    pub(super) fn ask(error: &AskError, texts: &Texts) -> Self {
        Self::new(
            Code::Other,
            match error {
                AskError::NotRunning => texts.say("cli-not-running"),
                AskError::Foreign { path } => foreign(path, texts),
                AskError::NoAnswer | AskError::Refused(Refusal::TooManyConnections) => texts.say("cli-no-answer"),
                AskError::Refused(Refusal::Ending) => texts.say("cli-ending"),
                AskError::Refused(Refusal::OtherVersion { running }) => {
                    texts.say_with("cli-other-version", &[("running", running.as_str().into())])
                }
                AskError::Refused(Refusal::NotUnderstood { reason }) => {
                    texts.say_with("cli-not-understood", &[("reason", reason.as_str().into())])
                }
                AskError::Io(error) => texts.say_with("cli-not-understood", &[("reason", error.to_string().into())]),
            },
        )
    }

    /// Why a status could not be confirmed, by what the report says of the first account with a problem.
    pub(super) fn unconfirmed(report: &StatusReport, texts: &Texts) -> Self {
        let of_account = report.accounts.iter().find(|account| account.connection == report.connection);
        let failure = of_account.and_then(|account| words::failure_from_words(account.failure.as_deref()?, account.detail.as_deref()));
        let sentence = failure.map(|failure| texts.failure(&failure));
        let (code, otherwise) = match report.connection.as_str() {
            word if word == Connection::SignedOut.word() => (Code::NotSignedIn, "cli-not-signed-in"),
            word if word == Connection::KeyringLocked.word() => (Code::NoKeyring, "cli-keyring-locked"),
            word if word == Connection::Blocked.word() => (Code::Refused, "cli-refused"),
            _ => (Code::Unreachable, "cli-not-confirmed"),
        };
        Self::new(code, sentence.unwrap_or_else(|| texts.say(otherwise)))
    }
}

/// Who reads our output may have had enough of it: `b24status why | head -1`.
impl From<io::Error> for Exit {
    fn from(error: io::Error) -> Self {
        let sentence = if error.kind() == io::ErrorKind::BrokenPipe { String::new() } else { error.to_string() };
        Self::new(Code::Other, sentence)
    }
}

fn foreign(path: &Path, texts: &Texts) -> String {
    texts.say_with("cli-foreign", &[("path", path.display().to_string().into())])
}
