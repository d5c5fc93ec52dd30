//! The webhook's code is in the keyring and nowhere else: not in what the programs say at their most talkative, not in what they write, show to
//! other processes or send over the session bus, whatever goes wrong with the portal.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use b24status::demo::portal::{Fault, Method, Refusal, Step};
use rustix::process::Signal;
use serde_json::json;
use support::browser;
use support::oauth;
use support::program::{App, Desktop, Home, LIMIT};
use support::rig;
use support::town::{Building, Town};
use support::wait::wait_for;

#[test]
fn whatever_goes_wrong_with_the_portal_the_code_stays_in_the_keyring() {
    on_desktop("whatever_goes_wrong_with_the_portal_the_code_stays_in_the_keyring", |town| {
        let portal = town.portal();
        let home = talkative(Desktop::OfTheRig);
        let bus = Listener::on_the_session_bus(&home.path("said/bus"));
        home.sign_in(&portal.secret_address());
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        for (number, fault) in every_fault(&portal).into_iter().enumerate() {
            portal.suffers(fault.until_healed());
            home.run(&["status", "--json"]);
            let word = if number % 2 == 0 { "dnd" } else { "away" };
            home.run(&["set", word, "--timeout", "0"]);
            // With the old webhook and with a new one: each has its own path through the program.
            home.type_in(&["login", "--webhook", "-"], &portal.secret_address());
            portal.heal();
            home.sign_in(&portal.secret_address());
        }
        for line in [&["why"][..], &["why", "--json", "--limit", "500"], &["accounts", "--json"], &["doctor"], &["doctor", "--json"], &[]] {
            home.run(line);
        }
        record_the_control_socket(&home);
        record_what_other_processes_see(&app);
        portal.suffers(Fault::Silence.until_healed());
        home.run(&["set", "break", "--timeout", "1s"]);
        app.signal(Signal::TERM);
        app.has_ended_within(LIMIT);
        portal.heal();
        home.run(&["logout"]);
        drop(bus);
        assert!(home.written().iter().any(|(path, bytes)| path.ends_with("said/bus") && !bytes.is_empty()), "the bus was listened to");
        assert_nowhere(&home, &portal.code());
    });
}

#[test]
fn without_a_running_app_and_without_a_keyring_nothing_leaks_either() {
    let (town, home) = (Town::new(), talkative(Desktop::None));
    let portal = town.portal();
    for fault in every_fault(&portal) {
        portal.suffers(fault.until_healed());
        home.type_in(&["login", "--webhook", "-"], &portal.secret_address());
    }
    portal.heal();
    assert_eq!(home.type_in(&["login", "--webhook", "-"], &portal.secret_address()).code, 6);
    let code = portal.code();
    // Addresses that are wrong in some way, but have a code that may be right.
    let place = portal.address();
    for address in [
        code.clone(),
        format!("{place}/rest/7/{code}/"),
        format!("http://acme.example/rest/7/{code}/"),
        format!("https://ivan:{code}@acme.example/rest/7/{code}/"),
        format!("https://acme.example/rest/{code}"),
        format!("https://acme.example/{code}/rest/7/"),
        format!("gopher://acme.example/rest/7/{code}/"),
        format!("https://acme.example:99999/rest/7/{code}/"),
        format!("https://no-such-host.invalid/rest/7/{code}/"),
        format!("https://{place}/rest/7/{code}/"),
        format!("https://[::1/rest/7/{code}/"),
        format!("/rest/7/{code} /rest/7/{code}"),
    ] {
        assert_ne!(home.type_in(&["login", "--webhook", "-"], &address).code, 0);
    }
    for line in
        [&[code.as_str()][..], &["login", &code], &["login", "--webhook", &code], &["login", "--webhook", "-", "--ca-file", "/nowhere"]]
    {
        let outcome = home.type_in(line, &portal.secret_address());
        // A lone word cannot be told from a slip in the name of a command.
        if line != [code.as_str()] {
            assert!(!outcome.err.contains(&code), "{outcome:?}");
        } else {
            fs::remove_file(newest(&home.path("said"), "err")).unwrap();
        }
    }
    assert_nowhere(&home, &code);
}

#[test]
fn a_sign_in_that_waits_shows_its_secret_to_nobody() {
    let (town, home) = (Town::new(), talkative(Desktop::None));
    let portal = town.portal();
    let mut arrivals = portal.watch();
    portal.suffers(Fault::Silence.until_healed());
    let mut waiting = home.start(&["login", "--webhook", "-"]);
    writeln!(waiting.stdin(), "{}", portal.secret_address()).unwrap();
    arrivals.next(Method::Profile);
    record_process(&home, waiting.id());
    portal.hang_up();
    assert_eq!(waiting.end().code, 5);
    assert_nowhere(&home, &portal.code());
}

#[test]
fn the_demo_does_not_give_away_the_code_of_its_own_portal() {
    let home = talkative(Desktop::None);
    let mut demo = home.start(&["demo", "--for", "4s"]);
    for word in ["dnd", "fault revoked", "away", "fault moved", "break", "fault garbage", "heal", "help"] {
        writeln!(demo.stdin(), "{word}").unwrap();
        wait_for(word, LIMIT, || demo.printed().lines().count() > 3);
    }
    record_process(&home, demo.id());
    let demo = demo.end();
    assert_eq!(demo.code, 0, "{demo:?}");
    // Nobody knows the code, but everybody knows what its address looks like.
    assert_nowhere(&home, "/rest/1/");
}

#[test]
fn whatever_goes_wrong_with_a_renewal_the_tokens_stay_in_the_keyring() {
    on_desktop("whatever_goes_wrong_with_a_renewal_the_tokens_stay_in_the_keyring", |town| {
        let (portal, card) = oauth::portal(town);
        let home = talkative(Desktop::OfTheRig);
        let bus = Listener::on_the_session_bus(&home.path("said/bus"));
        oauth::sign_in(&home, &portal, &card);
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        let mut secrets = oauth::secrets(&portal);
        for number in 0..faults_that_repeat(&secrets).len() {
            let fault = faults_that_repeat(&oauth::secrets(&portal)).swap_remove(number);
            portal.suffers(fault.clone().until_healed());
            home.run(&["set", "away", "--timeout", "0"]);
            home.run(&["doctor"]);
            portal.suffers(fault.until_healed().at(&[Step::Exchange, Step::Refresh]));
            portal.age_tokens(Duration::from_hours(1));
            home.run(&["set", "dnd", "--timeout", "0"]);
            let mut signing_in = oauth::start(&home, &portal, &card, &["--no-browser"]);
            let location = browser::allow(&oauth::address(&signing_in));
            writeln!(signing_in.stdin(), "{location}").unwrap();
            drop(signing_in.end());
            portal.heal();
            oauth::sign_in(&home, &portal, &card);
            secrets.extend(oauth::secrets(&portal));
        }
        for line in [&["why", "--json", "--limit", "500"][..], &["accounts", "--json"], &["doctor", "--json"], &[]] {
            home.run(line);
        }
        record_the_control_socket(&home);
        record_what_other_processes_see(&app);
        app.signal(Signal::TERM);
        app.has_ended_within(LIMIT);
        drop(bus);
        secrets.sort();
        secrets.dedup();
        assert_none_anywhere(&home, &secrets);
    });
}

/// Answers that send our own secrets back to us, in every place that is read.
fn faults_that_repeat(secrets: &[String]) -> Vec<Fault> {
    let exactly = |status, body: String| Fault::Exactly { status, content_type: "application/json", body: body.into_bytes() };
    let repeating = secrets.iter().flat_map(|secret| {
        [
            Fault::Refused(Refusal::Other { status: 400, code: secret.clone() }),
            exactly(200, json!({ "error": secret, "error_description": secret }).to_string()),
            exactly(200, json!({ "result": secret }).to_string()),
            exactly(
                200,
                json!({ "access_token": secret, "refresh_token": secret, "client_endpoint": format!("https://{secret}.example/rest/") })
                    .to_string(),
            ),
            Fault::Redirect { status: 302, to: format!("https://{secret}.example") },
        ]
    });
    repeating.collect()
}

/// Every kind of fault, and refusals that repeat the secret back to us.
fn every_fault(portal: &Building) -> Vec<Fault> {
    let (code, address) = (portal.code(), portal.secret_address());
    let repeating = |status: u16, content_type, body: String| Fault::Exactly { status, content_type, body: body.into_bytes() };
    let refusals = [
        Refusal::TooBusy,
        Refusal::TimeLimit,
        Refusal::Blocked,
        Refusal::ServerTrouble,
        Refusal::MethodNotFound,
        Refusal::NoCredential,
        Refusal::InvalidCredentials,
        Refusal::ScopeMissing,
        Refusal::Dismissed,
        Refusal::PlanWithoutRest,
        Refusal::HttpsRequired,
        Refusal::Closed,
        Refusal::StatusUnavailable,
        Refusal::ArgumentMissing,
        Refusal::Other { status: 418, code: "TEAPOT".into() },
        Refusal::Other { status: 400, code: code.clone() },
    ];
    let mut faults: Vec<Fault> = refusals.map(Fault::Refused).into();
    faults.extend([
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Late(Duration::from_millis(50)),
        Fault::Drip(Duration::from_millis(1)),
        Fault::Truncated,
        Fault::WrongType,
        Fault::Html(200),
        Fault::Html(404),
        Fault::Html(503),
        Fault::Garbage,
        Fault::BrokenJson,
        Fault::Empty,
        Fault::Huge,
        Fault::Redirect { status: 302, to: "https://moved.example".into() },
        Fault::Redirect { status: 308, to: "http://127.0.0.1:9".into() },
        Fault::Redirect { status: 301, to: "gopher://moved.example".into() },
        Fault::Redirect { status: 307, to: format!("https://{code}.example") },
        Fault::Result(json!(null)),
        Fault::Result(json!(false)),
        Fault::Result(json!("")),
        Fault::Result(json!("holiday")),
        Fault::Result(json!({ "a": [1] })),
        Fault::Result(json!(code)),
        Fault::Result(json!(address)),
        Fault::Result(json!({ "ID": "7", "NAME": address, "LAST_NAME": code })),
        Fault::Result(json!([address, "im"])),
        repeating(200, "text/html", format!("<h1>404: {address} was not found</h1>")),
        repeating(500, "application/json", json!({ "error": "X", "error_description": address }).to_string()),
        repeating(401, "application/json", json!({ "error": address, "error_description": "" }).to_string()),
        repeating(200, "application/json", format!("{{\"result\": {address}")),
    ]);
    faults
}

/// Everything is logged that can be.
fn talkative(desktop: Desktop) -> Home {
    Home::new(desktop).with("B24STATUS_LOG", "debug").with("RUST_LOG", "trace").with("RUST_BACKTRACE", "full")
}

/// A panel and a notifier too: what they are given goes over the bus.
#[track_caller]
fn on_desktop(test: &str, body: impl FnOnce(&Town)) {
    rig::inside(rig::X11, &[], test, || body(&Town::new()));
}

/// Everything that is said on the session bus, byte by byte.
struct Listener(Child);

impl Listener {
    fn on_the_session_bus(file: &Path) -> Self {
        let out = fs::File::create(file).unwrap();
        let listener = Command::new("dbus-monitor").args(["--session", "--binary"]).stdin(Stdio::null()).stdout(out).spawn().unwrap();
        wait_for("the listener on the bus", LIMIT, || fs::metadata(file).unwrap().len() > 0);
        Self(listener)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The answer to each request that there is.
fn record_the_control_socket(home: &Home) {
    let mut said = fs::File::create(home.path("said/control")).unwrap();
    for request in ["\"status\"", "\"refresh_now\"", "{\"why\":{\"limit\":500}}", "\"open\"", "\"doctor\"", "\"reload\"", "\"nonsense\""] {
        let mut stream = UnixStream::connect(home.socket()).unwrap();
        writeln!(stream, "{{\"version\":1,\"request\":{request}}}").unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        assert!(!answer.is_empty(), "{request}");
        said.write_all(answer.as_bytes()).unwrap();
    }
}

fn record_what_other_processes_see(app: &App<'_>) {
    record_process(app.home(), app.id());
}

fn record_process(home: &Home, process: u32) {
    for file in ["cmdline", "environ", "comm", "status", "maps", "stat", "mountinfo"] {
        let seen = fs::read(format!("/proc/{process}/{file}")).unwrap();
        fs::write(home.path(&format!("said/{process}.{file}")), seen).unwrap();
    }
}

/// Neither below the home nor in what the parts of the desktop wrote, but for the keyring's own files.
#[track_caller]
fn assert_nowhere(home: &Home, secret: &str) {
    assert_none_anywhere(home, &[secret.to_owned()]);
}

#[track_caller]
fn assert_none_anywhere(home: &Home, secrets: &[String]) {
    let mut files = home.written();
    assert!(files.len() > 3 && files.iter().any(|(_, bytes)| !bytes.is_empty()), "something was written at all");
    if std::env::var_os("RIG").is_some() {
        support::program::read_below(&rig::directory(), &mut files);
    }
    let wanted: Vec<_> = secrets.iter().map(|secret| secret.to_ascii_lowercase()).collect();
    let mut leaks = Vec::new();
    for (path, bytes) in files {
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        leaks.extend(wanted.iter().filter(|wanted| text.contains(*wanted)).map(|wanted| (path.clone(), around(&text, wanted))));
    }
    assert!(leaks.is_empty(), "the secret is in {leaks:#?}");
}

/// What stands around the first place.
fn around(text: &str, wanted: &str) -> String {
    let at = text.find(wanted).unwrap_or(0);
    text.chars().skip(text[..at].chars().count().saturating_sub(200)).take(400).collect()
}

fn newest(directory: &Path, extension: &str) -> PathBuf {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|found| found == extension)).max().unwrap()
}
