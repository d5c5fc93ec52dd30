//! What the window asks of the running app, and what it is told. The window itself knows no portal, no keyring and no settings file.
//!
//! Facts go over as values, and the window finds the words. A [`Fault`] has its sentence from here: only the app knows what went wrong.

use std::{ffi::OsString, fmt, path::Path};

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::StatusReport;
use crate::{paths::Paths, words::StatusWord};

/// An argument of the window's program: before the directory of the control socket of the app that started it, and of no other app. Without it, the window
/// looks for the app of the session.
pub const RUNTIME_ARGUMENT: &str = "--runtime";

/// Where a window with these arguments finds its app: the one that started it, else the one `of_session`.
pub fn paths(arguments: impl IntoIterator<Item = OsString>, of_session: Paths) -> Paths {
    let mut arguments = arguments.into_iter().skip_while(|argument| argument != RUNTIME_ARGUMENT).skip(1);
    match arguments.next() {
        Some(directory) => of_session.with_runtime(Path::new(&directory)),
        None => of_session,
    }
}

/// In the environment of an app that a window started, with any value: it opens no other one.
pub const FOR_A_WINDOW: &str = "B24STATUS_FOR_A_WINDOW";

/// As a [`super::Request`]; the answers are [`Told`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// [`Told::Overview`], as soon as there is another one than the one that was `seen`; at once where nothing was. Whoever watches is the window that
    /// is open, for as long as its connection is: it keeps one for this alone ([`super::connect`]), on which it asks again after each answer. When the
    /// connection ends, what it had under way ends too. Everything else is asked beside it ([`super::ask`]).
    Watch { seen: Option<u64> },
    /// [`Told::Done`] when it is on disk and in force, or [`Told::Fault`].
    Change(Change),
    /// [`Told::Understood`] or a fault. No request leaves the machine.
    Understand { text: Secret },
    /// [`Told::Tried`] or a fault.
    TryWebhook { text: Secret, ca_file: Option<String> },
    /// [`Told::Authorizing`] or a fault. Takes the place of an authorization under way.
    Authorize(Authorize),
    /// [`Told::Tried`] or a fault, as soon as the browser came back with an answer; a fault after five minutes.
    AwaitBrowser,
    /// The code, or the whole address to which the browser was sent: [`Told::Tried`] or a fault.
    PasteCode { text: Secret },
    /// Stores what was tried last: [`Told::Kept`] or a fault.
    Keep,
    /// Forgets what was tried, and ends an authorization under way. [`Told::Done`].
    Abandon,
    /// Asks the portal of this account now. [`Told::Done`]; what came of it is in the overview.
    Recheck { account: String },
    /// Signs out: ends our idle mark, forgets the secret and the account. [`Told::Done`] or a fault.
    Remove { account: String },
    /// A prompt of the keyring opens. [`Told::Done`].
    UnlockKeyring,
    /// Opens an https address in the browser. [`Told::Done`] or a fault.
    Browse { address: String },
    /// [`Told::Done`] or a fault.
    ClearJournal,
}

/// Which application signs in where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorize {
    pub portal: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// Of the loopback address in the application's card; `None`: the one of the settings.
    pub port: Option<u16>,
    pub ca_file: Option<String>,
    /// The authorization server to which the person agreed, besides those that Bitrix24 is known for.
    pub agreed_host: Option<String>,
}

/// One setting. In force at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    MarkIdle(bool),
    /// 1 to 240.
    IdleMinutes(u32),
    Over(Vec<StatusWord>),
    MarkOnLock(bool),
    RespectInhibitors(bool),
    /// The minutes that the menu offers.
    Durations(Vec<u32>),
    /// A tag of a catalogue; `None`: the system's.
    Language(Option<String>),
    Autostart(bool),
    OauthPort(u16),
    AccountMarksIdle {
        account: String,
        marks: bool,
    },
    AccountCaFile {
        account: String,
        ca_file: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    Done,
    Overview(Box<Overview>),
    Understood(Understood),
    Authorizing(Authorizing),
    Tried(Trial),
    Kept {
        account: String,
    },
    Fault(Fault),
    /// Another window is open, and was brought forward.
    OtherWindow,
}

/// Everything the window shows but the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub revision: u64,
    pub summons: Summons,
    pub status: StatusReport,
    pub settings: SettingsReport,
    pub autostart: AutostartReport,
    /// What is wrong with the settings file, in sentences.
    pub problems: Vec<String>,
    /// Where the settings file is; `None` where nothing is kept on disk.
    pub settings_file: Option<String>,
    /// Grows with each entry, and when the journal is cleared.
    pub journal: u64,
}

/// The person asked for the window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summons {
    /// Grows each time; a window that sees it grow comes forward.
    pub count: u64,
    pub page: Page,
    /// With what the compositor lets the window come forward (xdg-activation).
    pub activation_token: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The sign-in without an account, else the accounts.
    #[default]
    Home,
    SignIn,
    Settings,
    Journal,
    Doctor,
    About,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsReport {
    pub mark_idle: bool,
    pub idle_minutes: u32,
    pub over: Vec<StatusWord>,
    pub mark_on_lock: bool,
    pub respect_inhibitors: bool,
    /// Minutes.
    pub durations: Vec<u32>,
    pub language: Option<String>,
    pub oauth_port: u16,
    pub accounts: Vec<AccountSettings>,
    /// The keys of the settings file that the administrator has fixed.
    pub fixed: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSettings {
    pub id: String,
    pub marks_idle: bool,
    /// `webhook`, `oauth`.
    pub kind: String,
    pub ca_file: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutostartReport {
    On,
    Off,
    /// It cannot be switched here.
    Unavailable,
}

/// What the first field of the sign-in holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Understood {
    /// The whole address of an inbound webhook: the rest of the way is skipped.
    Webhook { portal: String },
    Portal {
        /// As it goes into the next requests.
        portal: String,
        /// As a person reads it: `портал.рф`.
        name: String,
        /// The page of that portal on which a webhook is made.
        webhook_page: String,
        /// The page of that portal on which an administrator makes a local application.
        application_page: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorizing {
    /// What the browser was sent to; for a browser that did not open.
    pub address: String,
    /// What has to stand in the application's card.
    pub redirect: String,
    /// Why the answer will not come by itself and has to be pasted; `None` where the app listens for it.
    pub not_listening: Option<String>,
    pub browser_opened: bool,
}

/// A credential that works, and whose it is. It is not stored yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    pub name: String,
    pub portal: String,
    /// The word; `null` where none was ever set.
    pub status: Option<String>,
    /// The account is there already: its credential is replaced.
    pub known: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// For the person, in their language: what is wrong and what to do.
    pub sentence: String,
    pub remedy: Option<Remedy>,
}

impl Fault {
    /// The window can offer nothing against it but another try.
    pub fn new(sentence: String) -> Self {
        Self { sentence, remedy: None }
    }

    pub fn with(remedy: Remedy, sentence: String) -> Self {
        Self { sentence, remedy: Some(remedy) }
    }
}

/// What the window can offer against a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// A field for the certificate file of the company.
    CaFile,
    /// A question: may the application's secret be sent to this host?
    AgreeToHost(String),
    /// A field for another port.
    OtherPort,
    UnlockKeyring,
}

/// A secret on its way over the socket. It has no text but on the wire.
#[derive(Clone)]
pub struct Secret(pub SecretString);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for Secret {}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = String::deserialize(deserializer)?;
        let secret = Self(text.as_str().into());
        text.zeroize();
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_goes_to_the_app_that_started_it_and_to_no_other() {
        let of_session = Paths::below(Path::new("/home/ivan"));
        let found = |arguments: &[&str]| paths(arguments.iter().map(OsString::from), of_session.clone()).runtime().to_owned();
        assert_eq!(found(&["b24status-window", RUNTIME_ARGUMENT, "/run/demo"]), Path::new("/run/demo"));
        assert_eq!(found(&["b24status-window"]), of_session.runtime());
    }
}
