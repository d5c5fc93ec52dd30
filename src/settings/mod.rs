//! The settings file: TOML that a person can read and edit, while the app runs too. Secrets are never in here.
//!
//! A file with a fault is never a reason not to start: what can be read is used, and every fault is named. Nothing in the file is
//! written over unless its value was changed in the app: comments, order, unknown keys and edits made meanwhile stay.

mod machine;
mod problem;
mod read;
pub mod watch;
mod write;

use std::{
    io,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use crate::{
    file,
    paths::Place,
    presence::{AccountId, Automation, IdleUse},
    text::{Language, Texts},
};

pub use machine::{Key, Machine};
pub use problem::{Allowed, Problem};
pub use write::Rewrite;

/// What this version writes. A file with a higher number is read as far as it is understood, and left as it is.
const VERSION: i64 = 1;

/// Below them, ports belong to the system.
pub const PORTS: RangeInclusive<u16> = 1024..=u16::MAX;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// `None`: the system's.
    pub language: Option<Language>,
    pub log: LogLevel,
    pub automation: Automation,
    pub inhibitors: Inhibitors,
    /// Where the browser comes back to after a sign-in; `None`: the usual port.
    pub oauth_port: Option<u16>,
    pub durations: Durations,
    /// The index of the accounts. Their secrets are in the keyring.
    pub accounts: Vec<AccountEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    pub id: AccountId,
    /// As a person names it: `acme.bitrix24.com`, with port and path where it has them.
    pub portal: String,
    /// Whose account it is.
    pub name: String,
    pub kind: CredentialKind,
    /// The certificate of the authority that signed the portal's, besides those the system trusts.
    pub ca_file: Option<PathBuf>,
    pub idle: IdleUse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    Webhook,
    OAuth,
}

/// Whether a video, a call or a presentation counts as somebody being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Inhibitors {
    #[default]
    Respected,
    Ignored,
}

/// For how long the menu offers a status: 1 to 12 different numbers of minutes, each 1 to 1440.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations(Vec<u16>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogLevel {
    #[default]
    Info,
    Debug,
}

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub struct Loaded {
    pub settings: Settings,
    pub problems: Vec<Problem>,
    pub machine: Machine,
}

/// Why nothing was written. The values stay valid in memory, and the file holds what it held.
#[derive(Debug)]
pub enum SaveError {
    /// A newer version of the app wrote the file.
    Newer {
        version: i64,
    },
    Storage {
        path: PathBuf,
        error: io::Error,
    },
}

impl Loaded {
    /// What holds from now on, where `before` held: a file that cannot be read as a whole takes nothing away, an account least of all.
    pub fn in_place_of(&self, before: &Settings) -> Settings {
        let hidden = self.problems.iter().any(Problem::hides_everything);
        let mut settings = if hidden { before.clone() } else { self.settings.clone() };
        self.impose(&mut settings);
        settings
    }

    /// What is wrong with either file, one sentence each. `path`: of the person's own.
    pub fn sentences(&self, texts: &Texts, path: &Path) -> Vec<String> {
        let own = self.problems.iter().map(|problem| problem.sentence(texts, path));
        own.chain(self.machine.sentences(texts)).collect()
    }

    fn impose(&self, settings: &mut Settings) {
        for key in &self.machine.fixed {
            key.copy(&self.settings, settings);
        }
    }
}

impl Durations {
    /// `None` where it is more than the menu can offer, or nothing.
    pub fn new(minutes: impl IntoIterator<Item = i64>) -> Option<Self> {
        const MOST: usize = 12;
        let mut durations = Vec::with_capacity(MOST);
        for minutes in minutes {
            let minutes = u16::try_from(minutes).ok().filter(|minutes| (1..=24 * 60).contains(minutes))?;
            if durations.len() == MOST || durations.contains(&minutes) {
                return None;
            }
            durations.push(minutes);
        }
        durations.shrink_to_fit();
        (!durations.is_empty()).then_some(Self(durations))
    }

    /// In the order in which the menu has them.
    pub fn minutes(&self) -> &[u16] {
        &self.0
    }
}

impl Default for Durations {
    fn default() -> Self {
        Self(vec![30, 60, 120])
    }
}

impl CredentialKind {
    pub const ALL: [Self; 2] = [Self::Webhook, Self::OAuth];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::OAuth => "oauth",
        }
    }
}

impl LogLevel {
    pub const ALL: [Self; 2] = [Self::Info, Self::Debug];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }
}

/// Where the settings are kept.
#[derive(Debug, Clone)]
pub struct File {
    path: Option<PathBuf>,
    /// The first of these that is there is the machine's.
    of_machine: Vec<PathBuf>,
}

impl File {
    pub fn new(place: &Place) -> Self {
        match place {
            Place::Disk(paths) => Self { path: Some(paths.settings()), of_machine: paths.settings_of_machine().to_vec() },
            Place::Memory => Self { path: None, of_machine: Vec::new() },
        }
    }

    /// `None` where nothing is kept on disk.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The settings as they are on disk now; the defaults where there is no file yet.
    pub fn load(&self) -> Loaded {
        let Some(path) = &self.path else { return Loaded::default() };
        let own = match file::read(path) {
            Ok(Some(text)) => read::settings(&text),
            Ok(None) => Loaded::default(),
            Err(error) => Loaded { problems: vec![Problem::Unreadable { error }], ..Loaded::default() },
        };
        let fixed = self.fixed();
        let mut settings = own.settings;
        fixed.impose(&mut settings);
        Loaded { settings, problems: own.problems, machine: fixed.machine }
    }

    /// What the machine's file says; where it cannot be read, it fixes nothing.
    fn fixed(&self) -> Loaded {
        for path in &self.of_machine {
            let read = match file::read(path) {
                Ok(None) => continue,
                Ok(Some(text)) => read::of_machine(&text),
                Err(error) => {
                    let problems = vec![Problem::Unreadable { error }];
                    Loaded { machine: Machine { problems, ..Machine::default() }, ..Loaded::default() }
                }
            };
            return Loaded { machine: Machine { path: Some(path.clone()), ..read.machine }, ..read };
        }
        Loaded::default()
    }

    /// Writes what differs between `before` and `after` into the file as it is now.
    pub fn save(&self, before: &Settings, after: &Settings) -> Result<Rewrite, SaveError> {
        let Some(path) = &self.path else { return Ok(Rewrite::Merged) };
        write::merge(path, before, after, || self.fixed().in_place_of(&Settings::default()))
    }
}
