//! What can be wrong with the settings file, and how it is said.

use std::{io, path::Path};

use super::{CredentialKind, LogLevel, SaveError};
use crate::{presence::Status, text::Texts};

#[derive(Debug)]
pub enum Problem {
    /// Not TOML: nothing of the file is used.
    Broken { line: usize, reason: String },
    /// The file is there and cannot be read: nothing of it is used.
    Unreadable { error: io::Error },
    /// A newer version of the app wrote it: what is understood is used, and the file is not written.
    Newer { version: i64 },
    /// The default is used for this key.
    Value { line: usize, key: String, found: String, allowed: Allowed },
    /// Most often a slip of the keyboard.
    UnknownKey { line: usize, key: String },
    /// It is the person's own, whatever the administrator wrote.
    NotForTheMachine { line: usize, key: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    YesOrNo,
    Minutes,
    Statuses,
    OnLock,
    Durations,
    Languages,
    LogLevels,
    Port,
    Kinds,
    Version,
    Text,
    Section,
    Sections,
}

impl Problem {
    pub(super) fn hides_everything(&self) -> bool {
        match self {
            Self::Broken { .. } | Self::Unreadable { .. } => true,
            Self::Newer { .. } | Self::Value { .. } | Self::UnknownKey { .. } | Self::NotForTheMachine { .. } => false,
        }
    }

    /// One or two sentences for the person: what is wrong where, and what happens instead.
    pub fn sentence(&self, texts: &Texts, path: &Path) -> String {
        let path = path.display().to_string();
        match self {
            Self::Broken { line, reason } => {
                texts.say_with("settings-broken", &[("path", path.into()), ("line", (*line).into()), ("reason", reason.as_str().into())])
            }
            Self::Unreadable { error } => {
                texts.say_with("settings-unreadable", &[("path", path.into()), ("reason", error.to_string().into())])
            }
            Self::Newer { version } => texts.say_with("settings-newer", &[("path", path.into()), ("version", (*version).into())]),
            Self::Value { line, key, found, allowed } => {
                let allowed = allowed.sentence(texts);
                let arguments =
                    [("path", path.into()), ("line", (*line).into()), ("key", key.as_str().into()), ("found", found.as_str().into())];
                let arguments = arguments.into_iter().chain([("allowed", allowed.into())]).collect::<Vec<_>>();
                texts.say_with("settings-value", &arguments)
            }
            Self::NotForTheMachine { line, key } => {
                texts.say_with("settings-not-for-machine", &[("path", path.into()), ("line", (*line).into()), ("key", key.as_str().into())])
            }
            Self::UnknownKey { line, key } => {
                texts.say_with("settings-unknown-key", &[("path", path.into()), ("line", (*line).into()), ("key", key.as_str().into())])
            }
        }
    }
}

impl Allowed {
    /// What a value can be, as the end of a sentence.
    pub fn sentence(self, texts: &Texts) -> String {
        match self {
            Self::YesOrNo => texts.say("settings-allowed-yes-no"),
            Self::Minutes => texts.say("settings-allowed-minutes"),
            Self::Statuses => texts.say_with("settings-allowed-statuses", &[("words", quoted(Status::ALL.map(Status::word)).into())]),
            Self::OnLock => one_of(texts, ["mark", "ignore"]),
            Self::Durations => texts.say("settings-allowed-durations"),
            Self::Languages => one_of(texts, crate::text::Language::ALL.map(crate::text::Language::tag)),
            Self::LogLevels => one_of(texts, LogLevel::ALL.map(LogLevel::word)),
            Self::Port => texts.say("settings-allowed-port"),
            Self::Kinds => one_of(texts, CredentialKind::ALL.map(CredentialKind::word)),
            Self::Version => texts.say("settings-allowed-version"),
            Self::Text => texts.say("settings-allowed-text"),
            Self::Section => texts.say("settings-allowed-section"),
            Self::Sections => texts.say("settings-allowed-sections"),
        }
    }
}

impl SaveError {
    pub fn sentence(&self, texts: &Texts) -> String {
        match self {
            Self::Newer { version } => texts.say_with("settings-not-saved-newer", &[("version", (*version).into())]),
            Self::Storage { path, error } => texts.not_written(path, error),
        }
    }
}

fn one_of<const N: usize>(texts: &Texts, words: [&str; N]) -> String {
    texts.say_with("settings-allowed-words", &[("words", quoted(words).into())])
}

fn quoted<const N: usize>(words: [&str; N]) -> String {
    words.map(|word| format!("\"{word}\"")).join(", ")
}
