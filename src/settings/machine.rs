//! What the administrator has fixed for everybody on this machine: a second file of the same form, whose values win. Never written.

use std::path::PathBuf;

use super::{Problem, Settings};
use crate::text::Texts;

/// A setting that can be fixed. Accounts cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Language,
    Log,
    Durations,
    OauthPort,
    MarkIdle,
    IdleMinutes,
    Over,
    OnLock,
    RespectInhibitors,
}

/// The file of the machine, as it was read. Without one, all of it is empty.
#[derive(Debug, Default)]
pub struct Machine {
    pub path: Option<PathBuf>,
    pub fixed: Vec<Key>,
    pub problems: Vec<Problem>,
}

impl Machine {
    pub fn fixes(&self, key: Key) -> bool {
        self.fixed.contains(&key)
    }

    /// What is wrong with the file, one sentence each.
    pub fn sentences(&self, texts: &Texts) -> impl Iterator<Item = String> {
        self.path.iter().flat_map(|path| self.problems.iter().map(|problem| problem.sentence(texts, path)))
    }
}

impl Key {
    pub const ALL: [Self; 9] = [
        Self::Language,
        Self::Log,
        Self::OauthPort,
        Self::Durations,
        Self::MarkIdle,
        Self::IdleMinutes,
        Self::Over,
        Self::OnLock,
        Self::RespectInhibitors,
    ];

    /// As it stands in the file, with its section.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Log => "log",
            Self::Durations => "durations",
            Self::OauthPort => "oauth_port",
            Self::MarkIdle => "automation.mark_idle",
            Self::IdleMinutes => "automation.idle_minutes",
            Self::Over => "automation.over",
            Self::OnLock => "automation.on_lock",
            Self::RespectInhibitors => "automation.respect_inhibitors",
        }
    }

    pub(super) fn copy(self, from: &Settings, to: &mut Settings) {
        match self {
            Self::Language => to.language = from.language,
            Self::Log => to.log = from.log,
            Self::Durations => to.durations = from.durations.clone(),
            Self::OauthPort => to.oauth_port = from.oauth_port,
            Self::MarkIdle => to.automation.marking = from.automation.marking,
            Self::IdleMinutes => to.automation.idle_after = from.automation.idle_after,
            Self::Over => to.automation.over = from.automation.over.clone(),
            Self::OnLock => to.automation.on_lock = from.automation.on_lock,
            Self::RespectInhibitors => to.inhibitors = from.inhibitors,
        }
    }
}
