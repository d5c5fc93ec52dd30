//! Secrets in the keyring of the operating system. They are nowhere else.
//!
//! Which accounts there are is not here: that stands in the settings. No retry either: [`Keyring::watch`] tells when trying again makes sense.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::Keyring;

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub use macos::Keyring;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::Keyring;

mod secrets;

pub use secrets::Secrets;

use std::fmt;

use crate::text::Texts;

/// Whether the person may be asked to unlock the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Never,
    /// A prompt of the keyring opens if it is locked, and stays for as long as the person needs.
    Unlock,
}

/// What became of the keyring. Told once more than necessary rather than once too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A keyring is there now, or another one in its place.
    Appeared,
    Disappeared,
    Unlocked,
    Locked,
}

/// Why the keyring did not do what it was asked to. None of them says that a secret is gone.
#[derive(Debug)]
pub enum KeyringError {
    /// Wait for [`Change::Unlocked`], or ask with [`Ask::Unlock`].
    Locked,
    /// The person closed the prompt. Nothing was changed.
    PromptDismissed,
    /// There is no keyring, or it went away meanwhile: wait for [`Change::Appeared`].
    Absent,
    /// The system keeps no secrets for this sign-in: it came over the network, or a rule of the organisation forbids it.
    NoSession,
    /// The secret is longer than this keyring takes. Nothing was changed.
    TooLong,
    /// What lies under the account's name is not what was put there: damaged, or another program's. It was left as it is.
    Foreign {
        /// Its name in the keyring's own program.
        entry: String,
    },
    /// It did not answer in time, or answered what cannot be understood.
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl KeyringError {
    /// For the person: what is wrong and what to do.
    pub fn sentence(&self, texts: &Texts) -> String {
        match self {
            Self::Locked => texts.say("cli-keyring-locked"),
            Self::PromptDismissed => texts.say("cli-keyring-dismissed"),
            Self::Absent => texts.say("cli-keyring-absent"),
            Self::NoSession => texts.say("cli-keyring-no-session"),
            Self::TooLong => texts.say("cli-keyring-too-long"),
            Self::Foreign { entry } => texts.say_with("cli-keyring-foreign", &[("entry", entry.as_str().into())]),
            Self::Failed(_) => texts.say("cli-keyring-failed"),
        }
    }
}

impl fmt::Display for KeyringError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Locked => "the keyring is locked",
            Self::PromptDismissed => "the keyring's prompt was dismissed",
            Self::Absent => "there is no keyring",
            Self::NoSession => "the system keeps no secrets for this sign-in",
            Self::TooLong => "the secret is too long for the keyring",
            Self::Foreign { .. } => "the keyring holds something else under the account's name",
            Self::Failed(_) => "the keyring failed",
        })
    }
}

impl std::error::Error for KeyringError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(cause) => Some(cause.as_ref()),
            Self::Locked | Self::PromptDismissed | Self::Absent | Self::NoSession | Self::TooLong | Self::Foreign { .. } => None,
        }
    }
}
