//! What the findings mean: a verdict for each part. Pure; no sentence is made here.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    Findings, Redaction,
    findings::{Account, App, Encryption, Examination, Identity, Keyring, Secret, Storage, System},
};
use crate::{
    autostart::{AutostartError, State},
    control::{AskError, Desktop, DoctorReport, IdleSource, LockSource, Obstacle, Refusal, Saving, SleepSource, TrayHost},
    keyring::KeyringError,
    portal::{Clocks, MethodState},
    presence::{Ask, Connection, Failure, Later},
    settings::Problem,
    words,
};

/// A clock that is off by more makes times wrong that others see.
const CLOCKS_MAY_DIFFER: Duration = Duration::from_mins(5);

/// The scope without which there is no status.
const SCOPE: &str = "im";

pub struct Report {
    pub system: System,
    pub checks: Vec<Check>,
    pub(super) redaction: Redaction,
}

pub struct Check {
    pub name: Name,
    /// The account that it is about.
    pub account: Option<String>,
    pub verdict: Verdict,
    /// A stable word. With the name it chooses the sentence.
    pub found: &'static str,
    /// What belongs to it: the arguments of the sentence.
    pub facts: Vec<(&'static str, String)>,
    pub(super) says: Says,
}

/// Where the sentence comes from.
pub(super) enum Says {
    /// `doctor-<name>-<found>`.
    Own,
    Key(&'static str),
    Failure(Failure),
    Settings(Problem, PathBuf),
    Obstacles(Vec<Obstacle>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Unknown,
    Problem,
}

pub(super) const VERDICTS: [Verdict; 3] = [Verdict::Ok, Verdict::Unknown, Verdict::Problem];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    App,
    TrayHost,
    IdleSource,
    LockSource,
    SleepSource,
    Autostart,
    Settings,
    Storage,
    Keyring,
    /// Whether somebody is signed in, and the secret is there.
    Account,
    Proxy,
    Tls,
    Portal,
    Scopes,
    Methods,
    Clock,
    /// What the running app has from the portal.
    Connection,
}

impl Verdict {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Problem => "problem",
        }
    }
}

impl Name {
    pub const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::TrayHost => "tray_host",
            Self::IdleSource => "idle_source",
            Self::LockSource => "lock_source",
            Self::SleepSource => "sleep_source",
            Self::Autostart => "autostart",
            Self::Settings => "settings",
            Self::Storage => "storage",
            Self::Keyring => "keyring",
            Self::Account => "account",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Portal => "portal",
            Self::Scopes => "scopes",
            Self::Methods => "methods",
            Self::Clock => "clock",
            Self::Connection => "connection",
        }
    }
}

impl Report {
    pub fn of(findings: Findings) -> Self {
        let Findings { system, app, desktop, keyring, autostart, settings, storage, accounts, redaction } = findings;
        let running = match &app {
            App::Running(report) => Some(report),
            App::NotRunning | App::Mute(_) => None,
        };
        let mut checks = vec![of_app(&app, &redaction)];
        checks.extend(of_desktop(&desktop));
        checks.push(of_autostart(&autostart, &redaction));
        checks.extend(of_settings(settings.path, settings.exists, settings.problems));
        if let Some(path) = &settings.machine.path {
            checks.extend(faults(path, settings.machine.problems));
        }
        checks.push(of_storage(&storage, running, &redaction));
        checks.push(of_keyring(&keyring));
        if accounts.is_empty() {
            checks.push(Check::problem(Name::Account, "not_signed_in"));
            checks.extend(OF_A_PORTAL.map(Check::not_looked_at));
        }
        for account in accounts {
            let about = account.id.to_string();
            let of_account = of_account(account, running, &redaction);
            checks.extend(of_account.into_iter().map(|check| Check { account: Some(about.clone()), ..check }));
        }
        Self { system, checks, redaction }
    }

    /// The worst of all.
    pub fn verdict(&self) -> Verdict {
        let found = |verdict| self.checks.iter().any(|check| check.verdict == verdict);
        [Verdict::Problem, Verdict::Unknown].into_iter().find(|verdict| found(*verdict)).unwrap_or(Verdict::Ok)
    }
}

/// What can be looked at only where somebody is signed in.
const OF_A_PORTAL: [Name; 6] = [Name::Proxy, Name::Tls, Name::Portal, Name::Scopes, Name::Methods, Name::Clock];

fn of_app(app: &App, redaction: &Redaction) -> Check {
    match app {
        App::Running(report) if report.version == env!("CARGO_PKG_VERSION") => {
            Check::ok(Name::App, "running").with("version", &report.version)
        }
        App::Running(report) => Check::problem(Name::App, "other_version").with("version", &report.version),
        App::NotRunning => Check::unknown(Name::App, "not_running"),
        App::Mute(AskError::Refused(Refusal::OtherVersion { running })) => {
            Check::problem(Name::App, "other_version").with("version", running)
        }
        App::Mute(AskError::Foreign { path }) => Check::problem(Name::App, "foreign").with("path", &redaction.path(path)),
        App::Mute(AskError::Refused(Refusal::Ending)) => Check::unknown(Name::App, "ending"),
        App::Mute(AskError::NotRunning | AskError::NoAnswer | AskError::Refused(_) | AskError::Io(_)) => Check::problem(Name::App, "mute"),
    }
}

fn of_desktop(desktop: &Desktop) -> [Check; 4] {
    [
        of_tray_host(desktop.tray_host),
        of_idle_source(desktop.idle_source.as_ref()),
        of_lock_source(desktop.lock_source.as_ref()),
        of_sleep_source(desktop.sleep_source),
    ]
}

fn of_tray_host(host: Option<TrayHost>) -> Check {
    match host {
        Some(TrayHost::Present) => Check::ok(Name::TrayHost, "present"),
        Some(TrayHost::Absent) => Check::problem(Name::TrayHost, "absent"),
        Some(TrayHost::NoBus) => Check::problem(Name::TrayHost, "no_bus"),
        None => Check::unknown(Name::TrayHost, "no_answer"),
    }
}

fn of_idle_source(source: Option<&IdleSource>) -> Check {
    match source {
        Some(IdleSource::Using(name)) => Check::ok(Name::IdleSource, "using").with("source", name),
        Some(IdleSource::None(obstacles)) if obstacles.is_empty() => Check::problem(Name::IdleSource, "unsupported"),
        Some(IdleSource::None(obstacles)) => {
            let words: Vec<_> = obstacles.iter().map(|obstacle| format!("{}: {}", obstacle.source, obstacle.reason.word())).collect();
            let check = Check::problem(Name::IdleSource, "none").with("reasons", &words.join(", "));
            Check { says: Says::Obstacles(obstacles.clone()), ..check }
        }
        None => Check::unknown(Name::IdleSource, "no_answer"),
    }
}

fn of_lock_source(source: Option<&LockSource>) -> Check {
    match source {
        Some(LockSource::Screensaver(name)) => Check::ok(Name::LockSource, "screensaver").with("source", name),
        Some(LockSource::LoginService) => Check::ok(Name::LockSource, "login_service"),
        Some(LockSource::System) => Check::ok(Name::LockSource, "system"),
        Some(LockSource::Untold) => Check::unknown(Name::LockSource, "untold"),
        Some(LockSource::Refused) => Check::problem(Name::LockSource, "refused"),
        Some(LockSource::Absent) => Check::problem(Name::LockSource, "absent"),
        None => Check::unknown(Name::LockSource, "no_answer"),
    }
}

fn of_sleep_source(source: Option<SleepSource>) -> Check {
    match source {
        Some(SleepSource::Delayed) => Check::ok(Name::SleepSource, "delayed"),
        Some(SleepSource::System) => Check::ok(Name::SleepSource, "system"),
        Some(SleepSource::Announced) => Check::ok(Name::SleepSource, "announced"),
        Some(SleepSource::Absent) => Check::problem(Name::SleepSource, "absent"),
        None => Check::unknown(Name::SleepSource, "no_answer"),
    }
}

fn of_autostart(autostart: &Result<State, AutostartError>, redaction: &Redaction) -> Check {
    match autostart {
        Ok(State::On) => Check::ok(Name::Autostart, "on"),
        Ok(State::Off) => Check::ok(Name::Autostart, "off"),
        Ok(State::OnElsewhere(path)) => Check::problem(Name::Autostart, "elsewhere").with("path", &redaction.path(path)),
        Err(AutostartError::NoPlace) => Check::unknown(Name::Autostart, "no_place"),
        Err(AutostartError::UnspeakablePath(path)) => Check::problem(Name::Autostart, "unspeakable").with("path", &redaction.path(path)),
        Err(AutostartError::Refused) => Check::problem(Name::Autostart, "refused"),
        Err(AutostartError::TooLong(path)) => Check::problem(Name::Autostart, "too_long").with("path", &redaction.path(path)),
        Err(AutostartError::Unreadable { path, cause } | AutostartError::NotWritable { path, cause }) => {
            Check::problem(Name::Autostart, "unreadable").with("path", &redaction.path(path)).with("reason", &cause.to_string())
        }
    }
}

fn of_settings(path: PathBuf, exists: bool, problems: Vec<Problem>) -> Vec<Check> {
    if problems.is_empty() {
        return vec![Check::ok(Name::Settings, if exists { "read" } else { "none_yet" })];
    }
    faults(&path, problems)
}

fn faults(path: &Path, problems: Vec<Problem>) -> Vec<Check> {
    let check = |problem| {
        let found = word(&problem);
        Check { says: Says::Settings(problem, path.to_owned()), ..Check::problem(Name::Settings, found) }
    };
    problems.into_iter().map(check).collect()
}

const fn word(problem: &Problem) -> &'static str {
    match problem {
        Problem::Broken { .. } => "broken",
        Problem::Unreadable { .. } => "unreadable",
        Problem::Newer { .. } => "newer",
        Problem::Value { .. } => "value",
        Problem::UnknownKey { .. } => "unknown_key",
        Problem::NotForTheMachine { .. } => "not_for_the_machine",
    }
}

fn of_storage(storage: &Storage, running: Option<&DoctorReport>, redaction: &Redaction) -> Check {
    match storage {
        Storage::Fails { path, error } => {
            Check::problem(Name::Storage, "failing").with("path", &redaction.path(path)).with("reason", &error.to_string())
        }
        _ if running.is_some_and(|report| report.saving == Saving::Failing) => Check::problem(Name::Storage, "app_failing"),
        Storage::Works => Check::ok(Name::Storage, "working"),
        Storage::NotThereYet => Check::ok(Name::Storage, "none_yet"),
    }
}

fn of_keyring(keyring: &Keyring) -> Check {
    match keyring {
        Keyring::Answers => Check::ok(Name::Keyring, "answers"),
        Keyring::Fails(KeyringError::Locked | KeyringError::PromptDismissed) => Check::problem(Name::Keyring, "locked"),
        Keyring::Fails(KeyringError::Absent) => Check::problem(Name::Keyring, "absent"),
        Keyring::Fails(KeyringError::NoSession) => Check::problem(Name::Keyring, "no_session"),
        Keyring::Fails(KeyringError::TooLong | KeyringError::Foreign { .. } | KeyringError::Failed(_)) => {
            Check::problem(Name::Keyring, "failed")
        }
        Keyring::NoAnswer => Check::problem(Name::Keyring, "no_answer"),
    }
}

// Accounts

fn of_account(account: Account, running: Option<&DoctorReport>, redaction: &Redaction) -> Vec<Check> {
    let mut checks = vec![of_secret(account.secret)];
    match account.examination {
        Some(examination) => checks.extend(of_examination(examination, redaction)),
        None => checks.extend(OF_A_PORTAL.map(Check::not_looked_at)),
    }
    checks.extend(running.and_then(|report| of_connection(report, account.id.as_str())));
    checks
}

fn of_secret(secret: Secret) -> Check {
    match secret {
        Secret::Kept => Check::ok(Name::Account, "kept"),
        Secret::Missing => Check::problem(Name::Account, "missing"),
        Secret::Unreadable => Check::problem(Name::Account, "unreadable"),
        Secret::NotTold => Check::unknown(Name::Account, "not_told"),
    }
}

fn of_examination(examination: Examination, redaction: &Redaction) -> [Check; 6] {
    [
        of_proxy(examination.proxy.as_deref()),
        of_tls(&examination, redaction),
        of_identity(&examination.identity),
        of_scopes(examination.scopes),
        of_methods(&examination.methods),
        of_clocks(examination.clocks),
    ]
}

fn of_proxy(proxy: Option<&str>) -> Check {
    match proxy {
        Some(proxy) => Check::ok(Name::Proxy, "used").with("proxy", proxy),
        None => Check::ok(Name::Proxy, "none"),
    }
}

fn of_tls(examination: &Examination, redaction: &Redaction) -> Check {
    if let Err(error) = &examination.trust {
        let check = Check::problem(Name::Tls, "ca_file").with("file", &redaction.path(error.file()));
        return Check { says: Says::Key(error.key()), ..check };
    }
    match (examination.encryption, &examination.identity) {
        (Encryption::Plain, _) => Check::ok(Name::Tls, "not_needed"),
        (Encryption::Tls, Err(failure @ Failure::Ask(Ask::UntrustedCertificate))) => Check::failed(Name::Tls, failure.clone()),
        (Encryption::Tls, Err(Failure::Later(Later::Unreachable | Later::NoAnswer))) => Check::not_looked_at(Name::Tls),
        (Encryption::Tls, Ok(_) | Err(_)) => Check::ok(Name::Tls, "trusted"),
    }
}

fn of_identity(identity: &Result<Identity, Failure>) -> Check {
    match identity {
        Ok(Identity::Confirmed) => Check::ok(Name::Portal, "answers"),
        Ok(Identity::TokenExpired) => Check::ok(Name::Portal, "token_expired"),
        Err(failure) => Check::failed(Name::Portal, failure.clone()),
    }
}

fn of_scopes(scopes: Option<Result<Vec<String>, Failure>>) -> Check {
    match scopes {
        Some(Ok(scopes)) => {
            let ticked = scopes.iter().any(|scope| scope == SCOPE);
            let check = if ticked { Check::ok(Name::Scopes, "enough") } else { Check::problem(Name::Scopes, "im_missing") };
            check.with("scopes", &scopes.join(", "))
        }
        Some(Err(failure)) => Check::failed(Name::Scopes, failure),
        None => Check::not_looked_at(Name::Scopes),
    }
}

fn of_methods(methods: &[(&'static str, Result<MethodState, Failure>)]) -> Check {
    if let Some(failure) = methods.iter().find_map(|(_, state)| state.as_ref().err()) {
        return Check::failed(Name::Methods, failure.clone());
    }
    let those = |wanted| {
        let names: Vec<_> = methods.iter().filter(|(_, state)| state == &Ok(wanted)).map(|(name, _)| *name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    match (those(MethodState::Missing), those(MethodState::ScopeMissing)) {
        (Some(missing), _) => Check::problem(Name::Methods, "missing").with("methods", &missing),
        (None, Some(out_of_reach)) => Check::problem(Name::Methods, "out_of_reach").with("methods", &out_of_reach),
        (None, None) if methods.is_empty() => Check::not_looked_at(Name::Methods),
        (None, None) => Check::ok(Name::Methods, "available"),
    }
}

fn of_clocks(clocks: Option<Clocks>) -> Check {
    let Some(Clocks { portal, here }) = clocks else { return Check::not_looked_at(Name::Clock) };
    let (found, difference) = match here.duration_since(portal) {
        Ok(ahead) => ("ahead", ahead),
        Err(behind) => ("behind", behind.duration()),
    };
    if difference <= CLOCKS_MAY_DIFFER {
        return Check::ok(Name::Clock, "agrees");
    }
    Check::problem(Name::Clock, found).with("minutes", &(difference.as_secs() / 60).to_string())
}

/// `None` for an account of which the app does not know yet.
fn of_connection(report: &DoctorReport, id: &str) -> Option<Check> {
    let account = report.accounts.iter().find(|account| account.id == id)?;
    let failure = account.failure.as_deref().and_then(|word| words::failure_from_words(word, account.detail.as_deref()));
    let word = account.connection.as_str();
    Some(match failure {
        Some(failure) => Check::failed(Name::Connection, failure),
        None if word == Connection::Ok.word() => Check::ok(Name::Connection, "ok"),
        None if word == Connection::Offline.word() => Check::unknown(Name::Connection, "offline"),
        None if word == Connection::KeyringLocked.word() => Check::problem(Name::Connection, "keyring_locked"),
        None if word == Connection::SignedOut.word() => Check::problem(Name::Connection, "signed_out"),
        None => Check::problem(Name::Connection, "blocked"),
    })
}

impl Check {
    const fn new(name: Name, verdict: Verdict, found: &'static str) -> Self {
        Self { name, account: None, verdict, found, facts: Vec::new(), says: Says::Own }
    }

    const fn ok(name: Name, found: &'static str) -> Self {
        Self::new(name, Verdict::Ok, found)
    }

    const fn unknown(name: Name, found: &'static str) -> Self {
        Self::new(name, Verdict::Unknown, found)
    }

    const fn problem(name: Name, found: &'static str) -> Self {
        Self::new(name, Verdict::Problem, found)
    }

    /// Something above it is in the way.
    fn not_looked_at(name: Name) -> Self {
        Self { says: Says::Key("doctor-not-looked-at"), ..Self::unknown(name, "not_looked_at") }
    }

    fn failed(name: Name, failure: Failure) -> Self {
        let (word, detail) = words::failure_words(&failure);
        let verdict = match failure {
            Failure::Later(Later::TooBusy { .. }) => Verdict::Unknown,
            Failure::Later(_) | Failure::Ask(_) | Failure::GiveUp(_) => Verdict::Problem,
        };
        let check = Self { says: Says::Failure(failure), ..Self::new(name, verdict, word) };
        detail.into_iter().fold(check, |check, detail| check.with("detail", &detail))
    }

    fn with(mut self, fact: &'static str, value: &str) -> Self {
        self.facts.push((fact, value.to_owned()));
        self
    }
}
