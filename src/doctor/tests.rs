//! Golden reports, and what must never be in one.

use std::{io, path::PathBuf, time::Duration};

use super::{
    Findings, Redaction, Report, Verdict,
    findings::{Account, App, Encryption, Examination, Identity, Keyring, Secret, SettingsFile, Storage, System},
};
use crate::{
    autostart::{AutostartError, State},
    control::{
        AccountReport, AskError, Desktop, DoctorReport, IdleSource, LockSource, Obstacle, ObstacleReason, Refusal, Saving, SleepSource,
        TrayHost,
    },
    keyring::KeyringError,
    portal::{Clocks, MethodState, TrustError},
    presence::{AccountId, Failure},
    settings::{Machine, Problem},
    text::{Language, Texts},
    words::tests::{every_failure, moment},
};

const CODE: &str = "a1b2c3d4e5f6g7h8";

#[test]
fn all_ok() {
    let report = golden("all_ok", healthy);
    assert_eq!(report.verdict(), Verdict::Ok);
}

#[test]
fn no_app_running_and_nobody_signed_in() {
    golden("no_app_running_and_nobody_signed_in", || Findings { app: App::NotRunning, accounts: Vec::new(), ..healthy() });
}

#[test]
fn everything_wrong() {
    let report = golden("everything_wrong", ill);
    assert_eq!(report.verdict(), Verdict::Problem);
}

#[test]
fn an_app_that_only_does_not_run_is_no_problem() {
    assert_eq!(Report::of(Findings { app: App::NotRunning, ..healthy() }).verdict(), Verdict::Unknown);
}

#[test]
fn whatever_is_found_has_words_in_every_language() {
    for language in Language::ALL {
        let texts = Texts::new(language);
        for findings in everything_that_can_be_found() {
            let text = Report::of(findings).words(&texts);
            assert!(!text.contains("doctor-") && !text.contains("failure-") && !text.contains("{$"), "{text}");
        }
    }
}

#[test]
fn no_secret_and_no_home_is_in_a_report_whatever_holds_them() {
    let address = format!("https://acme.bitrix24.com/rest/7/{CODE}/");
    let mut redaction = redaction();
    redaction.hide(&address.clone().into());
    let pasted = Problem::Broken { line: 3, reason: format!("unexpected `{address}profile`") };
    let elsewhere = PathBuf::from(format!("/home/ivan/{CODE}/b24status"));
    let reported = Failure::Ask(crate::presence::Ask::Moved { to: format!("other.example/{CODE}") });
    let report = Report::of(Findings {
        redaction,
        settings: SettingsFile { problems: vec![pasted], ..healthy().settings },
        autostart: Ok(State::OnElsewhere(elsewhere)),
        accounts: vec![account(Examination { identity: Err(reported), proxy: Some(format!("http://{CODE}")), ..examination() })],
        ..healthy()
    });
    let json = serde_json::to_string(&report.json()).unwrap();
    for text in [report.words(&Texts::new(Language::English)), report.words(&Texts::new(Language::Russian)), json] {
        assert!(!text.contains(CODE) && !text.contains("/home/ivan"), "{text}");
    }
}

fn golden(name: &str, findings: impl Fn() -> Findings) -> Report {
    let report = Report::of(findings());
    let json = serde_json::to_string_pretty(&report.json()).unwrap();
    let words = Language::ALL.map(|language| report.words(&Texts::new(language)));
    let text = format!("{}\n{json}", words.join("\n"));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../../tests/golden/doctor" }, {
        insta::assert_snapshot!(name, text.replace(env!("CARGO_PKG_VERSION"), "<version>"));
    });
    report
}

fn healthy() -> Findings {
    Findings {
        system: System {
            os: "Debian GNU/Linux 13 (trixie)".to_owned(),
            architecture: "x86_64".to_owned(),
            session_type: Some("wayland".to_owned()),
            desktop: Some("KDE".to_owned()),
        },
        app: App::Running(DoctorReport {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            desktop: Desktop::default(),
            saving: Saving::Working,
            accounts: vec![connected("ok", None)],
        }),
        desktop: Desktop {
            tray_host: Some(TrayHost::Present),
            idle_source: Some(IdleSource::Using("ext-idle-notify".to_owned())),
            lock_source: Some(LockSource::Screensaver("org.freedesktop.ScreenSaver".to_owned())),
            sleep_source: Some(SleepSource::Delayed),
        },
        keyring: Keyring::Answers,
        autostart: Ok(State::On),
        settings: SettingsFile {
            path: "/home/ivan/.config/b24status/settings.toml".into(),
            exists: true,
            problems: Vec::new(),
            machine: Machine::default(),
        },
        storage: Storage::Works,
        accounts: vec![account(examination())],
        redaction: redaction(),
    }
}

fn ill() -> Findings {
    let app = DoctorReport {
        version: "0.0.9".to_owned(),
        desktop: Desktop::default(),
        saving: Saving::Failing,
        accounts: vec![connected("blocked", Some("credential_refused"))],
    };
    let elsewhere = "/home/ivan/Downloads/b24status".into();
    let missing = TrustError::Missing { file: "/home/ivan/ca.pem".into() };
    let dead =
        Examination { identity: Err(failure("credential_refused")), scopes: None, methods: Vec::new(), clocks: None, ..examination() };
    let weak = Examination {
        trust: Err(missing),
        proxy: Some("http://proxy.acme.example:3128".to_owned()),
        scopes: Some(Ok(vec!["crm".to_owned(), "user_brief".to_owned()])),
        methods: vec![("im.user.status.get", Ok(MethodState::ScopeMissing)), ("im.user.status.set", Ok(MethodState::Missing))],
        clocks: Some(Clocks { portal: moment(0), here: moment(21 * 60) }),
        ..examination()
    };
    let file = healthy().settings;
    Findings {
        app: App::Running(app),
        desktop: Desktop {
            tray_host: Some(TrayHost::Absent),
            idle_source: Some(IdleSource::None(obstacles())),
            lock_source: Some(LockSource::Absent),
            sleep_source: Some(SleepSource::Absent),
        },
        keyring: Keyring::Fails(KeyringError::Locked),
        autostart: Ok(State::OnElsewhere(elsewhere)),
        settings: SettingsFile { problems: vec![Problem::Broken { line: 4, reason: "expected `=`".to_owned() }], ..file },
        accounts: vec![account(dead), Account { id: AccountId::new("8@intranet.example"), ..account(weak) }],
        ..healthy()
    }
}

/// Every arm at least once.
fn everything_that_can_be_found() -> Vec<Findings> {
    let mut all = vec![healthy(), ill(), Findings { accounts: Vec::new(), ..healthy() }];
    all.extend(apps().into_iter().map(|app| Findings { app, ..healthy() }));
    all.extend(desktops().into_iter().map(|desktop| Findings { desktop, ..healthy() }));
    let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
    let path = || PathBuf::from("/home/ivan/x");
    let autostarts = [
        Ok(State::Off),
        Err(AutostartError::NoPlace),
        Err(AutostartError::UnspeakablePath(path())),
        Err(AutostartError::Refused),
        Err(AutostartError::TooLong(path())),
        Err(AutostartError::Unreadable { path: path(), cause: denied() }),
    ];
    all.extend(autostarts.map(|autostart| Findings { autostart, ..healthy() }));
    let keyrings = [KeyringError::PromptDismissed, KeyringError::Absent, KeyringError::NoSession, KeyringError::Failed("odd".into())]
        .map(Keyring::Fails);
    all.extend(keyrings.into_iter().chain([Keyring::NoAnswer]).map(|keyring| Findings { keyring, ..healthy() }));
    let storages = [Storage::NotThereYet, Storage::Fails { path: path(), error: denied() }];
    all.extend(storages.map(|storage| Findings { storage, ..healthy() }));
    let none_yet = SettingsFile { exists: false, ..healthy().settings };
    all.push(Findings { settings: none_yet, ..healthy() });
    let secrets = [Secret::Missing, Secret::Unreadable, Secret::NotTold];
    let without = secrets.map(|secret| Account { secret, examination: None, ..account(examination()) });
    let with = examinations().into_iter().map(account);
    all.extend(without.into_iter().chain(with).map(|account| Findings { accounts: vec![account], ..healthy() }));
    all
}

fn apps() -> Vec<App> {
    let running = |connection: &str, failure| {
        App::Running(DoctorReport {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            desktop: Desktop::default(),
            saving: Saving::Working,
            accounts: vec![connected(connection, failure)],
        })
    };
    let mute = [
        AskError::NoAnswer,
        AskError::Foreign { path: "/run/user/1000/b24status".into() },
        AskError::Refused(Refusal::Ending),
        AskError::Refused(Refusal::OtherVersion { running: "0.9.0".to_owned() }),
    ];
    let connections = ["offline", "keyring_locked", "signed_out", "blocked"].map(|connection| running(connection, None));
    mute.map(App::Mute).into_iter().chain(connections).chain([App::NotRunning]).collect()
}

fn desktops() -> Vec<Desktop> {
    let lock = |source| Desktop { lock_source: Some(source), ..Desktop::default() };
    vec![
        Desktop::default(),
        Desktop { tray_host: Some(TrayHost::NoBus), ..Desktop::default() },
        Desktop { idle_source: Some(IdleSource::None(Vec::new())), ..Desktop::default() },
        lock(LockSource::Untold),
        lock(LockSource::LoginService),
        lock(LockSource::System),
        lock(LockSource::Refused),
        Desktop { sleep_source: Some(SleepSource::System), ..Desktop::default() },
        Desktop { sleep_source: Some(SleepSource::Announced), ..Desktop::default() },
    ]
}

fn examinations() -> Vec<Examination> {
    let mut all: Vec<_> = every_failure()
        .into_iter()
        .map(|failure| Examination { identity: Err(failure), scopes: None, methods: Vec::new(), ..examination() })
        .collect();
    let behind = Clocks { portal: moment(3600), here: moment(0) };
    all.push(Examination { clocks: Some(behind), ..examination() });
    all.push(Examination { encryption: Encryption::Plain, ..examination() });
    all.push(Examination { identity: Ok(Identity::TokenExpired), scopes: None, methods: Vec::new(), ..examination() });
    all.push(Examination { methods: vec![("im.user.status.get", Ok(MethodState::ScopeMissing))], ..examination() });
    all
}

fn account(examination: Examination) -> Account {
    Account { id: AccountId::new("7@acme.bitrix24.com"), secret: Secret::Kept, examination: Some(examination) }
}

fn examination() -> Examination {
    Examination {
        encryption: Encryption::Tls,
        proxy: None,
        trust: Ok(()),
        identity: Ok(Identity::Confirmed),
        scopes: Some(Ok(vec!["im".to_owned(), "user_brief".to_owned()])),
        methods: vec![("im.user.status.get", Ok(MethodState::Available))],
        clocks: Some(Clocks { portal: moment(0), here: moment(0) + Duration::from_secs(299) }),
    }
}

fn connected(connection: &str, failure: Option<&str>) -> AccountReport {
    AccountReport {
        id: "7@acme.bitrix24.com".to_owned(),
        name: "Ivan Petrov".to_owned(),
        portal: "acme.bitrix24.com".to_owned(),
        status: Some("online".to_owned()),
        confirmed: failure.is_none(),
        idle: false,
        connection: connection.to_owned(),
        failure: failure.map(str::to_owned),
        detail: None,
    }
}

fn obstacles() -> Vec<Obstacle> {
    use ObstacleReason::{Absent, InsideWayland, Lost, NotOffered, Unreachable};
    let reasons = [("ext-idle-notify", NotOffered), ("mutter", Absent), ("x11", InsideWayland), ("x11", Lost), ("x11", Unreachable)];
    reasons.map(|(source, reason)| Obstacle { source: source.to_owned(), reason }).into()
}

fn failure(word: &str) -> Failure {
    crate::words::failure_from_words(word, None).unwrap()
}

fn redaction() -> Redaction {
    Redaction::new(Some("/home/ivan".into()))
}
