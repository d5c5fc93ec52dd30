//! The command line against a real keyring and the portal of the demo: the contract of product §8, with and without a running app.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(target_os = "linux")]

mod support;

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use b24status::{
    demo::portal::{Fault, Person, Portal, Refusal},
    presence::Status,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use support::{rig, wait::wait_for};
use tokio::task::spawn_blocking;

const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn without_a_running_app_every_command_works_by_itself() {
    on_desktop("without_a_running_app_every_command_works_by_itself", &[], async |portal| {
        let who = format!("Ivan Petrov on {}", portal.address());
        assert_eq!(sign_in(&portal).await.first_line(), format!("Signed in as {who}. Status there now: Online."));

        let status = json(["status", "--json"]).await;
        assert_eq!(status["status"], "online");
        assert_eq!((&status["confirmed"], &status["connection"], &status["pid"]), (&json!(true), &json!("ok"), &Value::Null));
        assert_eq!(status["account"], format!("7@{}", portal.address()));

        let set = run(["set", "dnd", "--for", "30m"]).await;
        assert!(set.text.starts_with("Do not disturb until "), "{set:?}");
        assert_eq!(portal.holds().status.status(), Some(Status::Dnd));
        let status = json(["status", "--json"]).await;
        assert!(status["until"].as_str().unwrap().ends_with('Z'), "{status}");

        let journal = json(["why", "--json"]).await;
        let last = journal["entries"].as_array().unwrap().iter().map(|entry| &entry["what"]).collect::<Vec<_>>();
        assert!(last.contains(&&json!("chosen")) && last.contains(&&json!("confirmed")), "{journal}");
        assert_eq!(json(["accounts", "--json"]).await["accounts"][0]["name"], "Ivan Petrov");

        assert!(run(["logout"]).await.text.starts_with(&who));
        assert_eq!(run(["status"]).await.code, 3);
        assert_eq!(run(["set", "online"]).await.code, 3);
        assert_eq!(json(["accounts", "--json"]).await, json!({ "accounts": [] }));
    });
}

#[test]
fn a_running_app_is_asked_instead() {
    on_desktop("a_running_app_is_asked_instead", &[], async |portal| {
        let app = App::start().await;
        // Signed in while it runs: it learns of it.
        assert_eq!(sign_in(&portal).await.code, 0);
        let set = run(["set", "away"]).await;
        assert_eq!((set.code, set.first_line().as_str()), (0, "Away"), "{set:?}");
        assert_eq!(portal.holds().status.status(), Some(Status::Away));
        let status = json(["status", "--json"]).await;
        assert_eq!((&status["pid"], &status["status"]), (&json!(app.process.id()), &json!("away")));

        portal.change_elsewhere(Status::Break);
        // `status` reads the portal, if it was not heard of within the last seconds.
        let asked = Instant::now();
        while json(["status", "--json"]).await["status"] != "break" {
            assert!(asked.elapsed() < LIMIT, "the change made elsewhere is not seen");
        }
        assert!(run(["why"]).await.text.contains("changed in a browser"));

        let second = run([]).await;
        assert_eq!(second.code, 0);
        assert!(second.text.starts_with("Break\n") && second.text.contains("b24status set"), "{second:?}");

        assert_eq!(run(["logout"]).await.code, 0);
        assert_eq!(json(["status", "--json"]).await["connection"], "signed_out");
        assert_eq!(run(["quit"]).await.code, 0);
        app.has_ended();
    });
}

#[test]
fn every_kind_of_failure_has_its_code_and_its_sentence() {
    on_desktop("every_kind_of_failure_has_its_code_and_its_sentence", &[], async |portal| {
        portal.grant(&["user"]);
        let refused = sign_in(&portal).await;
        assert_eq!(refused.code, 4);
        assert!(refused.error.contains("Chat and notifications (im)"), "{refused:?}");
        assert_eq!(json(["accounts", "--json"]).await, json!({ "accounts": [] }), "nothing is stored before it was tried");

        portal.grant(&["im", "user"]);
        portal.hand_over_to(Person { id: 8, name: "Maria".into(), last_name: "Sidorova".into() });
        assert_eq!(sign_in(&portal).await.code, 4, "the address names another person than the portal");
        portal.hand_over_to(person());
        assert_eq!(sign_in(&portal).await.code, 0);

        portal.go_down().await;
        let unreachable = run(["set", "dnd", "--timeout", "1"]).await;
        assert_eq!(unreachable.code, 5, "{unreachable:?}");
        assert_eq!(run(["status"]).await.code, 5);
        portal.come_back().await.unwrap();
        assert_eq!(json(["status", "--json"]).await["status"], "dnd", "the choice was kept, and sent");

        portal.fail(Fault::Refused(Refusal::Dismissed).until_healed());
        assert_ne!(run(["set", "online", "--timeout", "1"]).await.code, 0);
        portal.heal();

        assert_eq!(type_in(["login", "--webhook", "-"], "https://acme.bitrix24.com/".to_owned()).await.code, 2);
        let missing = type_in(["login", "--webhook", "-", "--ca-file", "/nowhere.pem"], address(&portal)).await;
        assert_eq!(missing.code, 2);
        assert!(missing.error.contains("/nowhere.pem"), "{missing:?}");
        rig::tool("keyring.sh", &["lock"]);
        let locked = run(["set", "online"]).await;
        assert_eq!(locked.code, 6, "{locked:?}");
        assert!(locked.error.contains("locked"), "{locked:?}");
        assert_eq!(json_of(&run(["status", "--json"]).await)["connection"], "keyring_locked");
    });
}

#[test]
fn the_secret_is_nowhere_but_in_the_keyring() {
    on_desktop("the_secret_is_nowhere_but_in_the_keyring", &[], async |portal| {
        let address = address(&portal);
        let code = address.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
        let mut said = String::new();
        for _ in 0..2 {
            said += &sign_in(&portal).await.whole();
        }
        let app = App::start().await;
        for arguments in [&["status", "--json"][..], &["set", "dnd"], &["why", "--json"], &["accounts", "--json"], &["doctor"], &["status"]]
        {
            said += &run(arguments.iter().copied()).await.whole();
        }
        portal.fail(Fault::Refused(Refusal::Dismissed).until_healed());
        said += &run(["set", "online", "--timeout", "1"]).await.whole();
        said += &run(["quit"]).await.whole();
        said += &app.said();
        assert!(!said.contains(&code), "{said}");
        let home = PathBuf::from(std::env::var_os("HOME").unwrap());
        let written = files_below(&home).into_iter().filter(|path| !path.to_string_lossy().contains("keyrings"));
        let leaks = written.filter(|path| fs::read(path).is_ok_and(|bytes| contains(&bytes, code.as_bytes())));
        assert_eq!(leaks.collect::<Vec<_>>(), Vec::<PathBuf>::new());
    });
}

#[test]
fn the_doctor_names_each_part_and_what_is_wrong() {
    on_desktop("the_doctor_names_each_part_and_what_is_wrong", &[], async |portal| {
        assert_eq!(sign_in(&portal).await.code, 0);
        let found = run(["doctor", "--json"]).await;
        let document = json_of(&found);
        let result = |part: &str| {
            let checks = document["checks"].as_array().unwrap();
            checks.iter().find(|check| check["check"] == part).unwrap_or_else(|| panic!("{part}: {document}"))["verdict"].clone()
        };
        for part in ["settings", "storage", "idle_source", "keyring", "portal", "scopes", "proxy", "autostart"] {
            assert_eq!(result(part), "ok", "{part}: {document}");
        }
        assert_eq!((result("tray_host"), found.code), (json!("problem"), 1), "this desktop has no tray");
        assert_eq!(result("tls"), "unknown", "the demo's portal is on this computer");

        portal.grant(&["user"]);
        assert!(run(["doctor"]).await.text.contains("Chat and notifications (im)"));
        portal.go_down().await;
        assert!(run(["doctor"]).await.text.contains("There is no connection to the portal"));
    });
}

#[test]
fn a_broken_settings_file_is_named_and_kept() {
    on_desktop("a_broken_settings_file_is_named_and_kept", &[], async |portal| {
        let directory = PathBuf::from(std::env::var_os("XDG_CONFIG_HOME").unwrap()).join("b24status");
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("settings.toml"), "language = = \"en\" # mine\n").unwrap();
        let signed_in = sign_in(&portal).await;
        assert_eq!(signed_in.code, 0, "{signed_in:?}");
        assert!(signed_in.error.contains("Line 1 of ") && signed_in.error.contains("settings.toml.broken-1"), "{signed_in:?}");
        assert_eq!(fs::read_to_string(directory.join("settings.toml.broken-1")).unwrap(), "language = = \"en\" # mine\n");
        assert_eq!(run(["status"]).await.code, 0);
    });
}

fn on_desktop(test: &str, variables: &[(&str, &str)], body: impl AsyncFnOnce(Portal)) {
    let bare = [("TRAY", "none"), ("NOTIFY", "none"), ("LANG", "en_GB.UTF-8"), ("LC_ALL", "")];
    let variables = bare.iter().chain(variables).copied().collect::<Vec<_>>();
    rig::inside(rig::X11, &variables, test, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { body(Portal::start(person()).await.unwrap()).await });
    });
}

fn person() -> Person {
    Person { id: 7, name: "Ivan".into(), last_name: "Petrov".into() }
}

fn address(portal: &Portal) -> String {
    portal.webhook().expose_secret().to_owned()
}

async fn sign_in(portal: &Portal) -> Outcome {
    type_in(["login", "--webhook", "-"], address(portal)).await
}

async fn json<const N: usize>(arguments: [&str; N]) -> Value {
    let outcome = run(arguments).await;
    assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
    json_of(&outcome)
}

fn json_of(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.text).unwrap_or_else(|error| panic!("{error}: {outcome:?}"))
}

async fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Outcome {
    type_in(arguments, String::new()).await
}

/// The portal runs on this thread, so the command is waited for on another.
async fn type_in<'a>(arguments: impl IntoIterator<Item = &'a str>, typed: String) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_b24status"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        // A command that reads nothing has closed it.
        let _ = writeln!(child.stdin.take().unwrap(), "{typed}");
        child.wait_with_output().unwrap()
    });
    let output = output.await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code().unwrap(), text: text(output.stdout), error: text(output.stderr) }
}

#[derive(Debug)]
struct Outcome {
    code: i32,
    text: String,
    error: String,
}

impl Outcome {
    fn first_line(&self) -> String {
        self.text.lines().next().unwrap_or(&self.error).to_owned()
    }

    fn whole(&self) -> String {
        format!("{}{}", self.text, self.error)
    }
}

struct App {
    process: Child,
}

impl App {
    async fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_b24status"));
        let process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let socket = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR").unwrap()).join("b24status/control.sock");
        spawn_blocking(move || wait_for("the control socket", LIMIT, || socket.exists())).await.unwrap();
        Self { process }
    }

    fn has_ended(mut self) {
        let status = self.process.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.said());
    }

    fn said(mut self) -> String {
        let _ = self.process.wait();
        let mut said = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        self.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().map(|entry| entry.unwrap());
    let below = entries.flat_map(|entry| match entry.file_type().unwrap() {
        kind if kind.is_dir() => files_below(&entry.path()),
        kind if kind.is_file() => vec![entry.path()],
        _ => Vec::new(),
    });
    below.collect()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
