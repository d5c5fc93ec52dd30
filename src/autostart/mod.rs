//! Start at login: what the system will do, read back from the system.
//!
//! No setting of ours says whether it is on; the system's own entry is the only truth.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::{Autostart, Places};

#[cfg(target_os = "macos")]
mod macos;
#[cfg(any(target_os = "macos", test))]
mod launch_agent;
#[cfg(target_os = "macos")]
pub use macos::Autostart;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::{Autostart, Places};

use std::path::PathBuf;
use std::{fmt, io};

use crate::text::Texts;

/// What happens at the next login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// This program starts.
    On,
    Off,
    /// Another program file starts, or would if it were still there: an older place of this one, another copy, a script of the person's own.
    OnElsewhere(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    On,
    Off,
}

/// What [`Autostart::repair`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    NotNeeded,
    /// The entry started a program file that is gone; now it starts this one.
    Rewritten,
}

#[derive(Debug)]
pub enum AutostartError {
    /// There is no place for the entry: no home directory, or no backend on this system.
    NoPlace,
    /// The entry cannot name the program: its path is not valid Unicode.
    UnspeakablePath(PathBuf),
    /// The person refused it in the settings of the system, and only there can it be allowed again.
    Refused,
    /// The program's path is longer than the system takes in an entry. Nothing was changed.
    TooLong(PathBuf),
    Unreadable {
        path: PathBuf,
        cause: io::Error,
    },
    /// Nothing was changed.
    NotWritable {
        path: PathBuf,
        cause: io::Error,
    },
}

impl AutostartError {
    /// For the person: what does not work, and what to do.
    pub fn sentence(&self, texts: &Texts) -> String {
        match self {
            Self::NoPlace => texts.say("cli-autostart-no-place"),
            Self::UnspeakablePath(path) => texts.say_with("cli-autostart-unspeakable", &[("path", path.display().to_string().into())]),
            Self::Refused => texts.say("cli-autostart-refused"),
            Self::TooLong(path) => texts.say_with("cli-autostart-too-long", &[("path", path.display().to_string().into())]),
            Self::Unreadable { path, cause } => {
                texts.say_with("cli-unreadable", &[("path", path.display().to_string().into()), ("reason", cause.to_string().into())])
            }
            Self::NotWritable { path, cause } => texts.not_written(path, cause),
        }
    }
}

impl fmt::Display for AutostartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPlace => formatter.write_str("there is no place for a start entry"),
            Self::UnspeakablePath(path) => write!(formatter, "a start entry cannot name {}", path.display()),
            Self::Refused => formatter.write_str("the person refused the start at login in the settings of the system"),
            Self::TooLong(path) => write!(formatter, "a start entry has no room for {}", path.display()),
            Self::Unreadable { path, .. } => write!(formatter, "cannot read {}", path.display()),
            Self::NotWritable { path, .. } => write!(formatter, "cannot write {}", path.display()),
        }
    }
}

impl std::error::Error for AutostartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { cause, .. } | Self::NotWritable { cause, .. } => Some(cause),
            Self::NoPlace | Self::UnspeakablePath(_) | Self::Refused | Self::TooLong(_) => None,
        }
    }
}
