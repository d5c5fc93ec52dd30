//! `doctor` against the demo's portal, over real sockets: what is wrong is named, and the secret stays here.

#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "support/scripted_portal.rs"]
#[expect(dead_code, reason = "every test program uses its own part of this")]
mod scripted_portal;

use std::time::{Duration, Instant};

use b24status::{
    demo::portal::{Fault, Person, Portal, Refusal},
    doctor::{Report, Verdict, findings},
    keyring::KeyringError,
    paths::{Paths, Place},
    portal::Webhook,
    presence::{AccountId, IdleUse},
    settings::{self, AccountEntry, CredentialKind, Settings},
    text::{Language, Texts},
};
use scripted_portal::{Act, ScriptedPortal};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tempfile::TempDir;

#[tokio::test]
async fn a_portal_in_order_is_in_order() {
    let case = Case::start().await;
    let found = case.found().await;
    for (check, word) in [
        ("account", "kept"),
        ("proxy", "none"),
        ("tls", "not_needed"),
        ("portal", "answers"),
        ("scopes", "enough"),
        ("methods", "available"),
        ("clock", "agrees"),
        ("keyring", "answers"),
        ("settings", "read"),
        ("storage", "none_yet"),
        ("app", "not_running"),
    ] {
        assert_eq!(found.word_of(check), word, "{check}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named_with_what_is_ticked() {
    let case = Case::start().await;
    case.portal.grant(&["crm"]);
    let found = case.found().await;
    assert_eq!(found.word_of("portal"), "answers");
    assert_eq!(found.word_of("scopes"), "im_missing");
    assert_eq!(found.line("scopes")["facts"]["scopes"], "crm");
    assert_eq!(found.word_of("methods"), "out_of_reach");
    assert_eq!(found.verdict, Verdict::Problem);
}

#[tokio::test]
async fn a_refusal_is_told_by_its_own_sentence() {
    for (refusal, word) in [
        (Refusal::InvalidCredentials, "credential_refused"),
        (Refusal::Dismissed, "dismissed"),
        (Refusal::PlanWithoutRest, "plan_without_rest"),
        (Refusal::Closed, "closed"),
        (Refusal::TooBusy, "too_busy"),
    ] {
        let case = Case::start().await;
        case.portal.fail(Fault::Refused(refusal).until_healed());
        let found = case.found().await;
        assert_eq!(found.word_of("portal"), word);
        assert_eq!(found.word_of("scopes"), "not_looked_at");
        // The portal answered, and its answers show its clock.
        assert_eq!(found.word_of("clock"), "agrees");
    }
}

#[tokio::test]
async fn a_wrong_code_is_told_without_showing_it() {
    let mut case = Case::start().await;
    case.secret = case.secret.expose_secret().replace("/rest/1/", "/rest/1/x").into();
    assert_eq!(case.found().await.word_of("portal"), "credential_refused");
}

#[tokio::test]
async fn a_webhook_that_acts_for_somebody_else_is_noticed() {
    let case = Case::start().await;
    case.portal.hand_over_to(Person { id: 2, ..person() });
    assert_eq!(case.found().await.word_of("portal"), "another_person");
}

#[tokio::test]
async fn a_portal_that_cannot_be_reached_is_told() {
    let case = Case::start().await;
    case.portal.go_down().await;
    let found = case.found().await;
    assert_eq!(found.word_of("portal"), "unreachable");
    assert_eq!(found.word_of("clock"), "not_looked_at");
}

#[tokio::test]
async fn a_portal_that_says_nothing_is_waited_for_five_seconds_and_no_longer() {
    let case = Case::start().await;
    case.portal.fail(Fault::Silence.until_healed());
    let begun = Instant::now();
    assert_eq!(case.found().await.word_of("portal"), "no_answer");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_clock_that_is_years_off_is_told() {
    let mut case = Case::start().await;
    let answer = |result: &str| {
        let body = format!(r#"{{"result":{result}}}"#);
        let head = format!("HTTP/1.1 200 OK\r\nDate: Wed, 01 Jan 2020 00:00:00 GMT\r\nContent-Length: {}\r\n\r\n", body.len());
        Act::Say((head + &body).into_bytes())
    };
    let portal = ScriptedPortal::plain([answer(r#"{"ID":"1"}"#), answer(r#"["im"]"#)]).await;
    case.secret = format!("http://127.0.0.1:{}/rest/1/a1b2c3d4/", portal.port()).into();
    assert_eq!(case.found().await.word_of("clock"), "ahead");
}

#[tokio::test]
async fn a_keyring_that_is_locked_leaves_the_portal_unknown() {
    let case = Case::start().await;
    let found = case.found_with(async |_| Err(KeyringError::Locked)).await;
    assert_eq!(found.word_of("keyring"), "locked");
    assert_eq!(found.word_of("account"), "not_told");
    assert_eq!(found.word_of("portal"), "not_looked_at");
}

#[tokio::test]
async fn a_secret_that_is_gone_is_told() {
    let case = Case::start().await;
    assert_eq!(case.found_with(async |_| Ok(None)).await.word_of("account"), "missing");
}

#[tokio::test]
async fn a_fault_of_the_settings_is_told_and_the_rest_is_looked_at() {
    let case = Case::start().await;
    let path = case.paths.settings();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("langauge = \"ru\"\n{text}")).unwrap();
    let found = case.found().await;
    assert_eq!(found.word_of("settings"), "unknown_key");
    assert_eq!(found.word_of("portal"), "answers");
}

#[tokio::test]
async fn storage_is_tried_and_left_as_it_was() {
    let case = Case::start().await;
    std::fs::create_dir_all(case.paths.state_directory()).unwrap();
    assert_eq!(case.found().await.word_of("storage"), "working");
    assert_eq!(std::fs::read_dir(case.paths.state_directory()).unwrap().count(), 0);
    std::fs::create_dir(case.paths.state()).unwrap();
    assert_eq!(case.found().await.word_of("storage"), "failing");
}

/// The control socket has a backend there.
#[cfg(unix)]
mod beside_a_running_app {
    use b24status::{
        app::{self, Keeping, Launch, Parts},
        control::{self, Request},
        keyring::Secrets,
        presence::Event,
    };
    use tokio::{sync::mpsc::unbounded_channel, task::LocalSet};

    use super::*;

    #[tokio::test]
    async fn a_running_app_says_what_it_knows() {
        let case = Case::start().await;
        LocalSet::new()
            .run_until(async {
                let (orders, ordered) = unbounded_channel();
                let parts = Parts {
                    keeping: Keeping::Disk(case.paths.clone()),
                    secrets: Secrets::in_memory([(account(), case.secret.clone())]),
                    texts: Texts::new(Language::English),
                    launch: Launch::ForAWindow,
                    control: Some(control::claim(&case.paths).unwrap()),
                    autostart: None,
                    hosts: None,
                    orders: ordered,
                };
                let running = tokio::task::spawn_local(app::run(parts));
                // Answered once it has heard its portal.
                control::ask(&case.paths, Request::RefreshNow, Duration::from_secs(10)).await.unwrap();
                let found = case.found().await;
                assert_eq!(found.word_of("app"), "running");
                assert_eq!(found.word_of("connection"), "ok");
                assert_ne!(found.word_of("idle_source"), "no_answer");
                orders.send(Event::QuitAsked).unwrap();
                running.await.unwrap().unwrap();
            })
            .await;
    }
}

struct Case {
    portal: Portal,
    secret: SecretString,
    paths: Paths,
    _root: TempDir,
}

/// A report, in the form of `--json`.
struct Found {
    verdict: Verdict,
    json: Value,
}

impl Case {
    /// Somebody is signed in on a portal that is in order.
    async fn start() -> Self {
        let portal = Portal::start(person()).await.unwrap();
        let root = tempfile::tempdir().unwrap();
        let paths = Paths::below(root.path());
        let secret = portal.webhook();
        let webhook = Webhook::parse(secret.expose_secret()).unwrap();
        let entry = AccountEntry {
            id: account(),
            portal: webhook.portal().to_owned(),
            name: "Ivan Petrov".to_owned(),
            kind: CredentialKind::Webhook,
            ca_file: None,
            idle: IdleUse::Marked,
        };
        let settings = Settings { accounts: vec![entry], ..Settings::default() };
        settings::File::new(&Place::Disk(paths.clone())).save(&Settings::default(), &settings).unwrap();
        Self { portal, secret, paths, _root: root }
    }

    async fn found(&self) -> Found {
        self.found_with(async |_| Ok(Some(self.secret.clone()))).await
    }

    /// Also holds that no form of the report gives away the secret.
    async fn found_with(&self, load: impl AsyncFn(&AccountId) -> Result<Option<SecretString>, KeyringError>) -> Found {
        let file = settings::File::new(&Place::Disk(self.paths.clone()));
        let report = Report::of(findings::gather(&self.paths, &file, load).await);
        let json = serde_json::to_value(report.json()).unwrap();
        for text in [report.words(&Texts::new(Language::English)), report.words(&Texts::new(Language::Russian)), json.to_string()] {
            assert!(!text.contains(code_of(&self.secret)), "{text}");
            assert!(!text.contains("Petrov"), "{text}");
        }
        Found { verdict: report.verdict(), json }
    }
}

impl Found {
    fn line(&self, check: &str) -> &Value {
        self.json["checks"].as_array().unwrap().iter().find(|line| line["check"] == check).unwrap()
    }

    fn word_of(&self, check: &str) -> &str {
        self.line(check)["found"].as_str().unwrap()
    }
}

fn person() -> Person {
    Person { id: 1, name: "Ivan".to_owned(), last_name: "Petrov".to_owned() }
}

fn account() -> AccountId {
    AccountId::new("1@127.0.0.1")
}

fn code_of(webhook: &SecretString) -> &str {
    webhook.expose_secret().trim_end_matches('/').rsplit('/').next().unwrap()
}
