//! What the window asks of the running app, over the real socket of the real program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{fs, io::Write, os::unix::fs::PermissionsExt, os::unix::net::UnixStream, path::Path, time::Duration};

use b24status::{
    control::{
        self, Request,
        window::{AutostartReport, Change, Fault, Overview, Page, Told, Wanted},
    },
    paths::Paths,
    presence::Status,
    words::StatusWord,
};
use serde_json::json;
use support::{
    program::{Desktop, Home, LIMIT},
    rig,
    town::Town,
    wait::wait_for,
    watching::{Window, at_once},
};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_window_is_told_at_once_and_then_as_soon_as_something_changes() {
    let home = Home::new(Desktop::None);
    let _app = home.start_app();
    let mut window = Window::open(&paths(&home)).await;
    let first = window.overview(None).await;
    assert_eq!((first.settings.idle_minutes, first.settings.durations.as_slice()), (10, &[30, 60, 120][..]));
    assert_eq!(first.settings_file.as_deref(), home.settings().to_str());
    assert_eq!(window.overview(None).await.settings, first.settings, "who has seen nothing does not wait");
    let seen = window.overview(None).await.revision;
    assert!(timeout(Duration::from_millis(300), window.overview(Some(seen))).await.is_err(), "nothing has changed");
    drop(window);
    let mut window = Window::open(&paths(&home)).await;
    let seen = window.settled().await.revision;
    let chosen = tokio::task::spawn_blocking({
        let paths = paths(&home);
        move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(control::ask(
                &paths,
                Request::set(Status::Dnd, None, Duration::ZERO),
                PATIENCE,
            ))
        }
    });
    let next = window.overview(Some(seen)).await;
    assert_eq!(next.status.status.as_deref(), Some("dnd"));
    assert!(next.revision > seen && next.journal > first.journal);
    chosen.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_second_window_is_sent_away_and_the_first_comes_forward_until_it_closes() {
    let home = Home::new(Desktop::None);
    let _app = home.start_app();
    let (mut first, mut second) = (Window::open(&paths(&home)).await, Window::open(&paths(&home)).await);
    let before = first.settled().await;
    assert_eq!(second.ask(Wanted::Watch { seen: None }).await, Told::OtherWindow);
    let summoned = first.overview(Some(before.revision)).await;
    assert_eq!((summoned.summons.count, summoned.summons.page), (before.summons.count + 1, Page::Home));
    // It waits for news, and its process is killed.
    assert!(timeout(Duration::from_millis(100), first.overview(Some(summoned.revision))).await.is_err());
    drop(first);
    let mut third = Window::open(&paths(&home)).await;
    assert!(third.overview(None).await.revision > summoned.revision);
}

#[tokio::test]
async fn every_change_is_in_force_and_in_the_file() {
    let home = Home::new(Desktop::None);
    home.write_settings("# mine\n[[accounts]]\nid = \"7@acme.bitrix24.com\" # me\n");
    let _app = home.start_app();
    let mut window = Window::open(&paths(&home)).await;
    let ca_file = home.path("ca.pem");
    fs::write(&ca_file, rcgen::generate_simple_self_signed(["acme.example".to_owned()]).unwrap().cert.pem()).unwrap();
    let account = || "7@acme.bitrix24.com".to_owned();
    let over = vec![StatusWord(Status::Online), StatusWord(Status::Away)];
    type IsSo<'a> = &'a dyn Fn(&Overview) -> bool;
    let changes: [(Change, &str, IsSo<'_>); 11] = [
        (Change::MarkIdle(false), "mark_idle = false", &|now| !now.settings.mark_idle),
        (Change::IdleMinutes(240), "idle_minutes = 240", &|now| now.settings.idle_minutes == 240),
        (Change::Over(over.clone()), "over = [\"online\", \"away\"]", &|now| now.settings.over == over),
        (Change::MarkOnLock(false), "on_lock = \"ignore\"", &|now| !now.settings.mark_on_lock),
        (Change::RespectInhibitors(false), "respect_inhibitors = false", &|now| !now.settings.respect_inhibitors),
        (Change::Durations(vec![45, 90]), "durations = [45, 90]", &|now| now.settings.durations == [45, 90]),
        (Change::Language(Some("ru".to_owned())), "language = \"ru\"", &|now| now.settings.language.as_deref() == Some("ru")),
        (Change::OauthPort(8080), "oauth_port = 8080", &|now| now.settings.oauth_port == 8080),
        (Change::AccountMarksIdle { account: account(), marks: false }, "mark_idle = false\n", &|now| !now.settings.accounts[0].marks_idle),
        (Change::AccountCaFile { account: account(), ca_file: Some(ca_file.display().to_string()) }, "ca_file = ", &|now| {
            now.settings.accounts[0].ca_file.as_deref() == ca_file.to_str()
        }),
        (Change::Autostart(true), "", &|now| now.autostart == AutostartReport::On),
    ];
    for (change, written, is_so) in changes {
        assert_eq!(window.ask(Wanted::Change(change.clone())).await, Told::Done, "{change:?}");
        assert!(is_so(&window.overview(None).await), "{change:?}");
        let text = fs::read_to_string(home.settings()).unwrap();
        assert!(text.contains(written), "{change:?}: {text}");
    }
    let text = fs::read_to_string(home.settings()).unwrap();
    assert!(text.contains("# mine\n") && text.contains("# me\n"), "comments stay: {text}");
    assert_eq!(window.ask(Wanted::Change(Change::Language(None))).await, Told::Done);
    assert!(!fs::read_to_string(home.settings()).unwrap().contains("language"));
}

#[tokio::test]
async fn what_is_not_possible_is_refused_in_a_sentence_and_changes_nothing() {
    let home = Home::new(Desktop::None);
    let _app = home.start_app();
    let mut window = Window::open(&paths(&home)).await;
    let before = window.settled().await;
    for (change, named) in [
        (Change::IdleMinutes(0), "a whole number from 1 to 240"),
        (Change::IdleMinutes(241), "automation.idle_minutes"),
        (Change::Durations(Vec::new()), "1 to 12"),
        (Change::Durations(vec![30; 13]), "1 to 1440"),
        (Change::Durations(vec![0]), "durations"),
        (Change::Durations(vec![1441]), "1441"),
        (Change::Language(Some("tlh".to_owned())), "tlh"),
        (Change::OauthPort(80), "1024"),
        (Change::AccountMarksIdle { account: "7@gone.example".to_owned(), marks: true }, "7@gone.example"),
        (Change::AccountCaFile { account: "7@gone.example".to_owned(), ca_file: Some("/nowhere.pem".to_owned()) }, "/nowhere.pem"),
    ] {
        let Told::Fault(Fault { sentence, .. }) = window.ask(Wanted::Change(change.clone())).await else { panic!("{change:?}") };
        assert!(sentence.contains(named), "{change:?}: {sentence}");
    }
    assert_eq!(window.overview(None).await.settings, before.settings);
    assert!(!home.settings().exists());
}

#[tokio::test]
async fn what_the_administrator_fixed_is_told_and_not_changed() {
    let home = Home::new(Desktop::None);
    let place = home.path("xdg/b24status");
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("settings.toml"), "durations = [15]\n[automation]\nmark_idle = false\n").unwrap();
    let directories = format!("{}:{}", home.path("nothing").display(), home.path("xdg").display());
    let home = home.with("XDG_CONFIG_DIRS", &directories);
    home.write_settings("[automation]\nmark_idle = true\n");
    let _app = home.start_app();
    let mut window = Window::open(&paths(&home)).await;
    let before = window.settled().await;
    assert_eq!(before.settings.fixed, ["durations", "automation.mark_idle"]);
    assert_eq!((before.settings.mark_idle, before.settings.durations.as_slice()), (false, &[15][..]));
    for change in [Change::MarkIdle(true), Change::Durations(vec![30])] {
        let Told::Fault(fault) = window.ask(Wanted::Change(change.clone())).await else { panic!("{change:?}") };
        assert!(fault.sentence.contains("administrator") && fault.sentence.contains("xdg/b24status/settings.toml"), "{fault:?}");
    }
    assert_eq!(window.overview(None).await.settings, before.settings);
    assert_eq!(window.ask(Wanted::Change(Change::IdleMinutes(7))).await, Told::Done, "the rest is the person's");
    assert!(fs::read_to_string(home.settings()).unwrap().contains("mark_idle = true"));
}

#[tokio::test]
async fn a_change_that_cannot_be_written_is_a_fault_and_holds_until_the_end() {
    let home = Home::new(Desktop::None);
    // Where the file should be, there is a directory.
    fs::create_dir_all(home.settings()).unwrap();
    let _app = home.start_app();
    let mut window = Window::open(&paths(&home)).await;
    let Told::Fault(fault) = window.ask(Wanted::Change(Change::IdleMinutes(5))).await else { panic!("it was not written") };
    assert!(fault.sentence.contains("settings.toml"), "{fault:?}");
    let overview = window.overview(None).await;
    assert_eq!(overview.settings.idle_minutes, 5);
    assert_eq!(overview.problems.len(), 1, "{:?}", overview.problems);
}

#[tokio::test]
async fn a_cleared_journal_is_empty_on_disk_and_in_the_answer() {
    let home = Home::new(Desktop::None);
    home.write_settings("[[accounts]]\nid = \"7@acme.bitrix24.com\"\n");
    let _app = home.start_app();
    home.run(&["set", "dnd", "--timeout", "0"]);
    assert!(!home.journal().is_empty());
    let mut window = Window::open(&paths(&home)).await;
    let before = window.settled().await.journal;
    assert_eq!(window.ask(Wanted::ClearJournal).await, Told::Done);
    assert!(home.journal().is_empty());
    assert!(!home.path("home/.local/state/b24status/journal.jsonl").exists());
    assert_ne!(window.overview(None).await.journal, before);
    assert_eq!(window.ask(Wanted::ClearJournal).await, Told::Done, "an empty one as well");
}

#[tokio::test]
async fn pages_of_the_web_open_in_the_browser_and_nothing_else_does() {
    let home = Home::new(Desktop::None);
    let opened = home.path("opened");
    command(&home.path("bin/xdg-open"), &format!("echo \"$1\" >> {}; case $1 in *broken*) exit 3;; esac", opened.display()));
    let home = home_with_path(home);
    let _app = home.start_app();
    let mut window = Window::open(&paths(&home)).await;
    let browse = |address: &str| Wanted::Browse { address: address.to_owned() };
    assert_eq!(window.ask(browse("https://acme.bitrix24.com/devops/")).await, Told::Done);
    for (refused, named) in
        [("http://acme.bitrix24.com/", "https"), ("file:///etc/passwd", "https"), ("https://broken.example/", "yourself")]
    {
        let Told::Fault(fault) = window.ask(browse(refused)).await else { panic!("{refused}") };
        assert!(fault.sentence.contains(refused) && fault.sentence.contains(named), "{fault:?}");
    }
    assert_eq!(fs::read_to_string(opened).unwrap(), "https://acme.bitrix24.com/devops/\nhttps://broken.example/\n");
}

#[tokio::test]
async fn a_window_that_does_not_read_keeps_nobody_from_an_answer() {
    let home = Home::new(Desktop::None);
    let _app = home.start_app();
    let mut deaf = UnixStream::connect(home.socket()).unwrap();
    deaf.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let line = format!("{{\"version\":{},\"request\":{{\"window\":{{\"watch\":{{\"seen\":null}}}}}}}}\n", control::VERSION);
    // Until its own end of the socket is full as well.
    while deaf.write_all(line.repeat(1000).as_bytes()).is_ok() {}
    for _ in 0..3 {
        assert_eq!(home.run(&["status", "--json"]).code, 0);
    }
}

#[tokio::test]
async fn an_account_whose_secret_cannot_be_forgotten_stays() {
    let home = Home::new(Desktop::None);
    home.write_settings("[[accounts]]\nid = \"7@acme.bitrix24.com\"\n");
    let _app = home.start_app();
    let mut window = Window::open(&paths(&home)).await;
    let Told::Fault(fault) = window.ask(Wanted::Remove { account: "7@acme.bitrix24.com".to_owned() }).await else {
        panic!("there is no keyring")
    };
    assert!(fault.sentence.contains("No keyring"), "{fault:?}");
    assert_eq!(window.overview(None).await.settings.accounts.len(), 1);
    assert!(fs::read_to_string(home.settings()).unwrap().contains("7@acme"));
}

#[test]
fn who_signs_out_leaves_no_mark_no_secret_and_no_account() {
    const TEST: &str = "who_signs_out_leaves_no_mark_no_secret_and_no_account";
    rig::inside(rig::X11, &[("TRAY", "none"), ("NOTIFY", "none"), ("LOGIND", "mock")], TEST, || {
        let (town, home) = (Town::new(), Home::new(Desktop::OfTheRig));
        let portal = town.portal();
        home.sign_in(&portal.secret_address());
        let session = rig::tool("logind.sh", &["session"]);
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        rig::tool("logind.sh", &["lock", session.trim()]);
        wait_for("the idle mark", LIMIT, || portal.is_marked_idle());
        app.wait_for_status("the mark to be known", |status| status["idle"] == true);
        assert_eq!(at_once(&paths(&home), Wanted::Remove { account: portal.account() }), Told::Done);
        assert!(!portal.is_marked_idle(), "our mark has ended");
        assert!(!home.run(&["accounts"]).out.contains(&portal.account()));
        assert!(!fs::read_to_string(home.settings()).unwrap().contains(&portal.account()));
        let status = home.run(&["status", "--json"]).json();
        assert_eq!((&status["account"], &status["connection"]), (&json!(null), &json!("signed_out")));
        // Written down again by hand, there is no secret for it.
        home.write_settings(&format!("[[accounts]]\nid = \"{}\"\n", portal.account()));
        app.wait_for_status("a secret that is not there", |status| status["accounts"][0]["connection"] == "signed_out");
    });
}

fn paths(home: &Home) -> Paths {
    Paths::below(&home.path("")).with_runtime(&home.runtime_directory())
}

/// A program of this name does this.
fn command(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn home_with_path(home: Home) -> Home {
    let path = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
    home.with("PATH", &path)
}
