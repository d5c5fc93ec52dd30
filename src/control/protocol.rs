//! What goes over the control socket: one JSON object a line, one response to each request.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::window::{Told, Wanted};
use crate::{
    presence::Status,
    words::{EntryLine, Instant, StatusWord},
};

/// Raised when a request or a response changes its meaning. A running app of another version says so instead of guessing.
pub const VERSION: u32 = 1;

/// More than any request needs; a longer line is refused unread.
pub const REQUEST_BYTES_AT_MOST: usize = 64 * 1024;

/// A whole journal fits in.
pub(super) const RESPONSE_BYTES_AT_MOST: usize = 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// What is shown now. The answer does not wait for a portal.
    Status,
    /// Read every portal, then as [`Request::Status`].
    RefreshNow,
    /// A choice by hand. The answer is a [`Response::Status`], as soon as every portal has confirmed or one cannot, at the latest after `timeout`.
    Set {
        status: StatusWord,
        until: Option<Instant>,
        timeout: Duration,
    },
    /// The newest entries of the journal.
    Why {
        limit: usize,
    },
    /// The settings or the accounts were changed by another process.
    Reload,
    /// The person signs out of this account: our idle mark there ends, and no other begins before the next [`Request::Reload`]. The answer
    /// comes when the portal said so, or after two seconds.
    Leave {
        account: String,
    },
    /// A second launch; with what the window may come forward (xdg-activation), if it was given.
    Open {
        activation_token: Option<String>,
    },
    Doctor,
    /// What the window wants; the answer is a [`Response::Window`].
    Window(Wanted),
    /// The answer comes at once; the connection ends when the app has ended.
    Quit,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    Done,
    Status(StatusReport),
    Why(Vec<EntryLine>),
    Doctor(DoctorReport),
    Window(Told),
    Refused(Refusal),
}

/// Why there is no answer. In English, for the log and for developers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It was no request, or too long a line.
    NotUnderstood {
        reason: String,
    },
    OtherVersion {
        running: String,
    },
    TooManyConnections,
    /// The app is ending.
    Ending,
}

/// `status --json`. Its keys are a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReport {
    /// The word, also one that we do not know; `null` while it is not known.
    pub status: Option<String>,
    pub confirmed: bool,
    pub idle: bool,
    /// `input`, `locked`, `asleep`.
    pub idle_reason: Option<String>,
    /// RFC 3339.
    pub until: Option<String>,
    /// `ok`, `offline`, `signed_out`, `keyring_locked`, `blocked`.
    pub connection: String,
    pub account: Option<String>,
    pub accounts: Vec<AccountReport>,
    /// `null` where no app runs.
    pub pid: Option<u32>,
    pub version: String,
    /// The source that tells whether somebody is there; `null` where there is none.
    pub idle_source: Option<String>,
    /// Whether a tray shows the icon; `null` where no app runs.
    pub tray: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountReport {
    pub id: String,
    pub name: String,
    pub portal: String,
    pub status: Option<String>,
    pub confirmed: bool,
    pub idle: bool,
    pub connection: String,
    /// The word of the failure, as in the journal.
    pub failure: Option<String>,
    pub detail: Option<String>,
}

/// What only the running app knows. `doctor` makes a report of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorReport {
    pub version: String,
    pub desktop: Desktop,
    pub saving: Saving,
    pub accounts: Vec<AccountReport>,
}

/// What the desktop gives. `None`: not known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desktop {
    pub tray_host: Option<TrayHost>,
    pub idle_source: Option<IdleSource>,
    pub lock_source: Option<LockSource>,
    pub sleep_source: Option<SleepSource>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrayHost {
    Present,
    Absent,
    NoBus,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdleSource {
    Using(String),
    /// Why each source is not the one; empty where this system has no source yet.
    None(Vec<Obstacle>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    pub source: String,
    pub reason: ObstacleReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObstacleReason {
    Absent,
    Unreachable,
    NotOffered,
    InsideWayland,
    Lost,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockSource {
    Absent,
    /// The login service would tell, if the desktop told it.
    Untold,
    LoginService,
    /// The name of the screensaver on the bus.
    Screensaver(String),
    System,
    /// The system does not let us hear it.
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SleepSource {
    Absent,
    Announced,
    Delayed,
    System,
}

/// Whether choices reach the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saving {
    Working,
    Failing,
}

impl ObstacleReason {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Unreachable => "unreachable",
            Self::NotOffered => "not_offered",
            Self::InsideWayland => "inside_wayland",
            Self::Lost => "lost",
        }
    }
}

impl Request {
    pub fn set(status: Status, until: Option<SystemTime>, timeout: Duration) -> Self {
        Self::Set { status: StatusWord(status), until: until.and_then(|until| until.try_into().ok()), timeout }
    }
}

// No `flatten`: serde would keep the text of a secret aside, and nobody would wipe it.
#[derive(Serialize, Deserialize)]
struct RequestLine {
    version: u32,
    request: Request,
}

#[derive(Serialize, Deserialize)]
struct ResponseLine {
    version: u32,
    response: Response,
}

#[derive(Deserialize)]
struct OnlyVersion {
    version: u32,
}

pub(super) fn request_line(request: Request) -> serde_json::Result<String> {
    line(&RequestLine { version: VERSION, request })
}

pub(super) fn response_line(response: Response) -> serde_json::Result<String> {
    line(&ResponseLine { version: VERSION, response })
}

pub(super) fn request(line: &[u8]) -> Result<Request, Refusal> {
    content::<RequestLine>(line).map(|line| line.request)
}

pub(super) fn response(line: &[u8]) -> Result<Response, Refusal> {
    content::<ResponseLine>(line).map(|line| line.response)
}

fn line(content: &impl Serialize) -> serde_json::Result<String> {
    Ok(serde_json::to_string(content)? + "\n")
}

/// The version is looked at first: the rest of another version's line may look different.
fn content<T: DeserializeOwned>(line: &[u8]) -> Result<T, Refusal> {
    let not_understood = |error: serde_json::Error| Refusal::NotUnderstood { reason: error.to_string() };
    let OnlyVersion { version } = serde_json::from_slice(line).map_err(not_understood)?;
    if version != VERSION {
        return Err(Refusal::OtherVersion { running: env!("CARGO_PKG_VERSION").to_owned() });
    }
    serde_json::from_slice(line).map_err(not_understood)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_comes_back_from_its_line() {
        let until = Some("2026-11-21T15:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let requests = [
            Request::Status,
            Request::RefreshNow,
            Request::set(Status::Dnd, until, Duration::from_secs(30)),
            Request::set(Status::Online, None, Duration::from_millis(1)),
            Request::Why { limit: 20 },
            Request::Reload,
            Request::Leave { account: "7@acme.bitrix24.com".to_owned() },
            Request::Open { activation_token: Some("token".to_owned()) },
            Request::Doctor,
            Request::Quit,
        ];
        for wanted in requests {
            let line = request_line(wanted.clone()).unwrap();
            assert_eq!(request(line.as_bytes()), Ok(wanted), "{line}");
        }
    }

    #[test]
    fn a_request_of_another_version_is_told_which_version_runs() {
        let refusal = request(br#"{"version":2,"request":{"dance":{}}}"#);
        assert_eq!(refusal, Err(Refusal::OtherVersion { running: env!("CARGO_PKG_VERSION").to_owned() }));
    }

    #[test]
    fn what_is_no_request_is_refused_with_the_reason() {
        for line in [&b"hello"[..], b"", b"{}", b"[1]", b"\xff\xfe", br#"{"version":1}"#, br#"{"version":1,"request":"dance"}"#] {
            assert!(matches!(request(line), Err(Refusal::NotUnderstood { .. })), "{line:?}");
        }
    }
}
