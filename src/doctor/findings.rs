//! What was found, and the looking itself: everything at once, each look within [`PATIENCE`]. Nothing is judged here.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use tokio::{sync::mpsc::unbounded_channel, time::timeout};

use super::{Redaction, desktop};
use crate::{
    autostart::{Autostart, AutostartError, State},
    control::{self, AskError, Desktop, DoctorReport, Request, Response},
    file,
    idle::{self, Sighting},
    keyring::KeyringError,
    paths::Paths,
    portal::{self, Client, Clocks, Credential, MethodState, Patience, Trust, TrustError},
    presence::{AccountId, Ask::SignInExpired, Call, Failure, Status},
    session::{self, Occurrence},
    settings::{self, AccountEntry, Machine, Problem, Settings},
    tray::{self, Host},
};

/// What does not answer within this is told to be unknown.
const PATIENCE: Duration = Duration::from_secs(5);

/// A little less, so that it is the portal which is named.
const PORTAL_PATIENCE: Patience = Patience { connect: Duration::from_secs(4), whole: Duration::from_millis(4_800) };

pub struct Findings {
    pub system: System,
    pub app: App,
    pub desktop: Desktop,
    pub keyring: Keyring,
    pub autostart: Result<State, AutostartError>,
    pub settings: SettingsFile,
    pub storage: Storage,
    pub accounts: Vec<Account>,
    pub redaction: Redaction,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct System {
    /// With its version.
    pub os: String,
    pub architecture: String,
    /// `wayland`, `x11`, `tty`; `None` where nobody says.
    pub session_type: Option<String>,
    pub desktop: Option<String>,
}

pub enum App {
    Running(DoctorReport),
    NotRunning,
    /// It runs, or something in its place does, and does not say what it knows.
    Mute(AskError),
}

/// What the keyring answered to a look for a secret.
pub enum Keyring {
    Answers,
    Fails(KeyringError),
    NoAnswer,
}

pub struct SettingsFile {
    pub path: PathBuf,
    pub exists: bool,
    pub problems: Vec<Problem>,
    /// What the administrator has fixed.
    pub machine: Machine,
}

pub enum Storage {
    Works,
    /// Nothing was ever stored; the directory is made when something is.
    NotThereYet,
    Fails {
        path: PathBuf,
        error: io::Error,
    },
}

pub struct Account {
    pub id: AccountId,
    pub secret: Secret,
    pub examination: Option<Examination>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    Confirmed,
    /// The access token is too old. It is not renewed here: the new one would be missing where the account is used.
    TokenExpired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    Kept,
    Missing,
    /// It is no credential.
    Unreadable,
    /// The keyring did not say.
    NotTold,
}

/// What one account's portal was asked, and answered.
pub struct Examination {
    pub encryption: Encryption,
    /// The proxy by which it is reached.
    pub proxy: Option<String>,
    pub trust: Result<(), TrustError>,
    /// Whether it answers, and whether it is still the same person.
    pub identity: Result<Identity, Failure>,
    /// `None`: not asked, because the portal had not answered before.
    pub scopes: Option<Result<Vec<String>, Failure>>,
    pub methods: Vec<(&'static str, Result<MethodState, Failure>)>,
    pub clocks: Option<Clocks>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    Tls,
    /// To this machine itself.
    Plain,
}

/// Looks at everything. `load` looks into the keyring, and asks nobody to unlock it. Needs a tokio runtime.
pub async fn gather(
    paths: &Paths,
    settings: &settings::File,
    load: impl AsyncFn(&AccountId) -> Result<Option<SecretString>, KeyringError>,
) -> Findings {
    let loaded = settings.load();
    let ((app, desktop), (keyring, accounts, redaction)) =
        tokio::join!(app_and_desktop(paths, &loaded.settings), accounts(&loaded.settings.accounts, load));
    let path = settings.path().map_or_else(|| paths.settings(), Path::to_owned);
    Findings {
        system: System::of_this_process(),
        app,
        desktop,
        keyring,
        autostart: Autostart::of_this_user().and_then(|autostart| autostart.state()),
        settings: SettingsFile { exists: path.exists(), path, problems: loaded.problems, machine: loaded.machine },
        storage: storage(paths),
        accounts,
        redaction,
    }
}

// The desktop

/// A running app is believed: it holds what it says.
async fn app_and_desktop(paths: &Paths, settings: &Settings) -> (App, Desktop) {
    match control::ask(paths, Request::Doctor, PATIENCE).await {
        Ok(Response::Doctor(report)) => {
            let desktop = report.desktop.clone();
            (App::Running(report), desktop)
        }
        Ok(Response::Done | Response::Status(_) | Response::Why(_) | Response::Window(_) | Response::Refused(_)) => {
            (App::Mute(AskError::NoAnswer), look_at_desktop(settings).await)
        }
        Err(AskError::NotRunning) => (App::NotRunning, look_at_desktop(settings).await),
        Err(error @ (AskError::Foreign { .. } | AskError::NoAnswer | AskError::Refused(_) | AskError::Io(_))) => {
            (App::Mute(error), look_at_desktop(settings).await)
        }
    }
}

async fn look_at_desktop(settings: &Settings) -> Desktop {
    let (tray, idle, session) = tokio::join!(
        timeout(PATIENCE, tray::look_for_host()),
        timeout(PATIENCE, first_source(settings)),
        timeout(PATIENCE, session_sources()),
    );
    let tray: Option<Host> = tray.ok();
    desktop(tray, idle.ok().flatten().as_ref(), session.ok().flatten())
}

async fn first_source(settings: &Settings) -> Option<Result<idle::SourceName, Vec<idle::Unusable>>> {
    let (sender, mut sightings) = unbounded_channel();
    let wish = idle::Wish { after: settings.automation.idle_after, inhibitors: idle::Inhibitors::Respect };
    let _watcher = idle::watch(wish, sender);
    loop {
        match sightings.recv().await? {
            Sighting::Source(source) => return Some(source),
            Sighting::Stopped { .. } | Sighting::Resumed => {}
        }
    }
}

async fn session_sources() -> Option<session::Sources> {
    let (sender, mut occurrences) = unbounded_channel();
    let _session = session::watch(sender);
    loop {
        match occurrences.recv().await? {
            Occurrence::Sources(sources) => return Some(sources),
            Occurrence::Locked | Occurrence::Unlocked | Occurrence::SleepAnnounced | Occurrence::Woke | Occurrence::Ending => {}
        }
    }
}

impl System {
    fn of_this_process() -> Self {
        let said = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            os: os_name().unwrap_or_else(|| env::consts::OS.to_owned()),
            architecture: env::consts::ARCH.to_owned(),
            session_type: said("XDG_SESSION_TYPE").or_else(|| {
                let display = |name, word: &str| said(name).map(|_| word.to_owned());
                display("WAYLAND_DISPLAY", "wayland").or_else(|| display("DISPLAY", "x11"))
            }),
            desktop: said("XDG_CURRENT_DESKTOP"),
        }
    }
}

/// <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>; `None` where there is no such file.
fn os_name() -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches(['"', '\'']).to_owned())
}

// Files

/// Writes a small file beside the state and removes it: permissions alone do not tell of a full disk.
fn storage(paths: &Paths) -> Storage {
    let directory = paths.state_directory();
    if !directory.exists() {
        return Storage::NotThereYet;
    }
    let (state, journal) = (paths.state(), paths.journal());
    let trial = directory.join(format!("doctor-{}", std::process::id()));
    let readable = [&state, &journal].into_iter().find_map(|path| file::read(path).err().map(|error| (path.clone(), error)));
    let written = fs::write(&trial, [b' '; 4096]).map_err(|error| (directory.to_owned(), error));
    // What was not written need not be removed.
    let _ = fs::remove_file(&trial);
    match readable.or(written.err()) {
        Some((path, error)) => Storage::Fails { path, error },
        None => Storage::Works,
    }
}

// Accounts

async fn accounts(
    entries: &[AccountEntry],
    load: impl AsyncFn(&AccountId) -> Result<Option<SecretString>, KeyringError>,
) -> (Keyring, Vec<Account>, Redaction) {
    let mut redaction = Redaction::new(env::home_dir());
    if entries.is_empty() {
        // An account that nobody has: an answer is all that is wanted.
        let looked = look_into_keyring(&load, &AccountId::new("doctor")).await;
        return (looked.err().unwrap_or(Keyring::Answers), Vec::new(), redaction);
    }
    let mut keyring = Keyring::Answers;
    let mut accounts = Vec::new();
    // One after the other: together, they would all wait for the same keyring.
    for entry in entries {
        let found = match keyring {
            Keyring::Answers => look_into_keyring(&load, &entry.id).await,
            Keyring::Fails(_) | Keyring::NoAnswer => Ok(Found::NotTold),
        };
        let found = found.unwrap_or_else(|failing| {
            keyring = failing;
            Found::NotTold
        });
        if let Found::Secret(secret) = &found {
            match Credential::parse(secret.expose_secret()).and_then(|credential| credential.grant().cloned()) {
                Some(grant) => grant.secrets().iter().for_each(|part| redaction.hide(part)),
                None => redaction.hide(secret),
            }
        }
        accounts.push((entry.clone(), found));
    }
    // All portals at the same time.
    let examinations: Vec<_> = accounts.into_iter().map(|(entry, found)| tokio::spawn(examine(entry, found))).collect();
    let mut examined = Vec::new();
    for examination in examinations {
        examined.extend(examination.await);
    }
    (keyring, examined, redaction)
}

enum Found {
    Secret(SecretString),
    Nothing,
    /// It is not what was put there.
    Foreign,
    NotTold,
}

async fn look_into_keyring(
    load: &impl AsyncFn(&AccountId) -> Result<Option<SecretString>, KeyringError>,
    account: &AccountId,
) -> Result<Found, Keyring> {
    match timeout(PATIENCE, load(account)).await {
        Ok(Ok(Some(secret))) => Ok(Found::Secret(secret)),
        Ok(Ok(None)) => Ok(Found::Nothing),
        Ok(Err(KeyringError::Foreign { .. })) => Ok(Found::Foreign),
        Ok(Err(error)) => Err(Keyring::Fails(error)),
        Err(_) => Err(Keyring::NoAnswer),
    }
}

async fn examine(entry: AccountEntry, found: Found) -> Account {
    let id = entry.id.clone();
    let without = |secret| Account { id: id.clone(), secret, examination: None };
    match found {
        Found::Nothing => without(Secret::Missing),
        Found::Foreign => without(Secret::Unreadable),
        Found::NotTold => without(Secret::NotTold),
        Found::Secret(secret) => match Credential::parse(secret.expose_secret()) {
            None => without(Secret::Unreadable),
            Some(credential) => Account { examination: Some(examine_portal(&entry, &credential).await), ..without(Secret::Kept) },
        },
    }
}

/// One question after the other, as a portal likes it; the first one that is not answered is the last.
async fn examine_portal(entry: &AccountEntry, credential: &Credential) -> Examination {
    let (client, trust) = client(entry, credential);
    let mut examination = Examination {
        encryption: if credential.origin().starts_with("http:") { Encryption::Plain } else { Encryption::Tls },
        proxy: portal::proxy_of(credential),
        trust,
        identity: identity(&client, entry).await,
        scopes: None,
        methods: Vec::new(),
        clocks: client.clocks(),
    };
    if examination.identity != Ok(Identity::Confirmed) {
        return examination;
    }
    examination.scopes = Some(client.scopes().await);
    for call in [Call::Read, Call::Set(Status::Online), Call::StartIdle { minutes_ago: 1 }, Call::EndIdle] {
        let state = client.has_method(portal::method_of(call)).await;
        let answered = state.is_ok();
        examination.methods.push((portal::method_of(call), state));
        if !answered {
            break;
        }
    }
    examination
}

async fn identity(client: &Client, entry: &AccountEntry) -> Result<Identity, Failure> {
    match client.profile().await.and_then(|profile| profile.check(&entry.id)) {
        Ok(()) => Ok(Identity::Confirmed),
        Err(Failure::Ask(SignInExpired)) if client.is_expired() => Ok(Identity::TokenExpired),
        Err(failure) => Err(failure),
    }
}

/// As the app does it: without a usable certificate file the system's trust remains.
fn client(entry: &AccountEntry, credential: &Credential) -> (Client, Result<(), TrustError>) {
    match Client::with_patience(credential, &Trust { ca_file: entry.ca_file.clone() }, PORTAL_PATIENCE) {
        Ok(client) => (client, Ok(())),
        Err(error) => (Client::without_extra_trust(credential, PORTAL_PATIENCE), Err(error)),
    }
}
