//! Desktop notifications.
//!
//! When and in which words is for the app to say. No queue and no history here: a notification that nobody can show is an error.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::Notifier;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::Notifier;

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub use macos::Notifier;

use std::fmt;

/// Something to tell the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice<'a> {
    /// What it is about: a later notice of the same matter takes the place of the earlier one.
    pub matter: &'static str,
    pub title: &'a str,
    /// Plain text; it is escaped where the desktop wants it.
    pub body: &'a str,
    pub urgency: Urgency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Low,
    Normal,
    /// Stays until the person closes it.
    Critical,
}

#[derive(Debug)]
pub enum NotifyError {
    /// This desktop shows no notifications.
    Absent,
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for NotifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Absent => "there is no notification service",
            Self::Failed(_) => "the notification was not shown",
        })
    }
}

impl std::error::Error for NotifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(cause) => Some(cause.as_ref()),
            Self::Absent => None,
        }
    }
}
