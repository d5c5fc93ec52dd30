//! `b24status doctor`: every part that the app depends on, each ok, a problem or unknown. Nothing is changed, and no secret is in what it says.

mod account;
mod machine;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use fluent_bundle::FluentValue;

use crate::{keyring::Keyring, paths::Paths, settings, text::Texts};

/// What is looked at, and in which language it is told.
pub struct Examination<'a> {
    pub paths: &'a Paths,
    pub settings: &'a settings::File,
    pub keyring: &'a Keyring,
    pub texts: &'a Texts,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub part: Part,
    pub verdict: Verdict,
    /// What was found, and with a problem what to do about it.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    App,
    Session,
    Settings,
    Tray,
    Idle,
    Lock,
    Sleep,
    Keyring,
    Proxy,
    Portal,
    Tls,
    Scopes,
    Clock,
    Autostart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Problem,
    Unknown,
}

impl Part {
    /// The word in `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Session => "session",
            Self::Settings => "settings",
            Self::Tray => "tray",
            Self::Idle => "idle",
            Self::Lock => "lock",
            Self::Sleep => "sleep",
            Self::Keyring => "keyring",
            Self::Proxy => "proxy",
            Self::Portal => "portal",
            Self::Tls => "tls",
            Self::Scopes => "scopes",
            Self::Clock => "clock",
            Self::Autostart => "autostart",
        }
    }
}

impl Verdict {
    /// The word in `--json`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Problem => "problem",
            Self::Unknown => "unknown",
        }
    }
}

impl Examination<'_> {
    /// Looks at everything; what does not answer is waited for some seconds.
    pub async fn all(&self) -> Vec<Finding> {
        let settings = self.settings.load();
        let mut findings = vec![self.app().await, self.session()];
        findings.extend(self.settings_file(&settings.problems));
        findings.extend(self.desktop(&settings.settings).await);
        findings.extend(self.accounts(&settings.settings.accounts).await);
        findings.push(self.proxy());
        findings.push(self.autostart());
        findings
    }

    fn ok(&self, part: Part, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> Finding {
        self.finding(part, Verdict::Ok, key, arguments)
    }

    fn problem(&self, part: Part, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> Finding {
        self.finding(part, Verdict::Problem, key, arguments)
    }

    fn unknown(&self, part: Part, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> Finding {
        self.finding(part, Verdict::Unknown, key, arguments)
    }

    fn finding(&self, part: Part, verdict: Verdict, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> Finding {
        Finding { part, verdict, text: self.texts.say_with(key, arguments) }
    }
}
