//! The contract of the command line, held against the real program: its exit codes, sentences and JSON keys, what is stored when, and what
//! bad input does. The portal is the demo's on a real socket; the keyring, the screen and the sessions are those of a throw-away desktop.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use b24status::demo::portal::{Column, Fault, Method, Person, Refusal};
use b24status::presence::Status;
use rustix::process::Signal;
use serde_json::{Value, json};
use support::program::{Desktop, Home, LIMIT};
use support::rig;
use support::town::{Building, Town};
use support::wait::{wait_for, wait_for_some};

// Without a desktop: what needs none must work everywhere.

#[test]
fn a_mistake_on_the_command_line_is_one_sentence_and_exit_2() {
    let home = Home::new(Desktop::None);
    for line in [
        "dance",
        "--json",
        "-x",
        "status --jsn",
        "status now",
        "set",
        "set busy",
        "set Online",
        "set online dnd",
        "set dnd --for",
        "set dnd --for soon",
        "set dnd --for -5m",
        "set dnd --for 0m",
        "set dnd --until 25:00",
        "set dnd --until yesterday",
        "set dnd --for 1h --until 15:00",
        "set dnd --timeout soon",
        "why --limit many",
        "autostart",
        "autostart maybe",
        "demo --for",
        "demo --for ever",
        "login",
        "login --webhook",
        "login --ca-file ca.pem",
        "logout one two",
        "quit now",
        "doctor --quick",
    ] {
        let outcome = home.run(&line.split(' ').collect::<Vec<_>>());
        outcome.failed_with(2);
    }
}

#[test]
fn a_secret_on_the_command_line_is_refused_unused_and_not_repeated() {
    let (town, home) = (Town::new(), Home::new(Desktop::None));
    let portal = town.portal();
    let mut arrivals = portal.watch();
    let (address, code) = (portal.secret_address(), portal.code());
    for line in [&["login", "--webhook", &address][..], &["login", &address], &["login", "--webhook", "-", &address], &["login", &code]] {
        let outcome = home.run(line);
        assert!(!outcome.failed_with(2).contains(&code), "{outcome:?}");
        assert!(outcome.err.contains("login --webhook -"), "the remedy is named: {outcome:?}");
    }
    for line in [&[address.as_str()][..], &["logout", &address], &["status", &address], &["set", &address]] {
        let outcome = home.run(line);
        assert_ne!(outcome.code, 0);
        assert!(!outcome.err.contains(&code), "a slip with the clipboard ends up in a log: {outcome:?}");
    }
    assert_eq!(arrivals.methods(), []);
}

#[test]
fn help_and_version_are_answers_and_not_errors() {
    let home = Home::new(Desktop::None);
    let help = home.run(&["help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    for command in ["demo", "login", "accounts", "logout", "status", "set", "why", "autostart", "doctor", "quit"] {
        assert!(help.out.contains(&format!("b24status {command}")), "{command}: {}", help.out);
    }
    for line in [&["--help"][..], &["-h"], &["set", "--help"], &["login", "-h"]] {
        assert_eq!(home.run(line), help, "{line:?}");
    }
    assert_eq!(home.run(&["--version"]).out, format!("b24status {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_is_no_webhook_address_is_refused_with_its_own_sentence() {
    let home = Home::new(Desktop::None);
    let mut sentences = Vec::new();
    for typed in [
        "",
        "abcdef123456",
        "acme",
        "http://acme.bitrix24.com/rest/7/abcdef123456/",
        "ftp://acme.bitrix24.com/rest/7/abcdef123456/",
        "https://ivan:abcdef123456@acme.bitrix24.com/rest/7/abcdef123456/",
        "https://acme.bitrix24.com/",
        "https://acme.bitrix24.com/rest/7/",
        "https://acme.bitrix24.com/rest/7/************/",
        "https://acme.bitrix24.com:99999/rest/7/abcdef123456/",
        "https://acme.bitrix24.com/devops/edit/in-hook/7/",
        "https://acme.bitrix24.com/rest/7/abcdef123456/ https://acme.bitrix24.com/rest/8/654321abcdef/",
    ] {
        let outcome = home.type_in(&["login", "--webhook", "-"], &format!("{typed}\n"));
        let sentence = outcome.failed_with(2);
        assert!(!sentence.contains("abcdef123456"), "{sentence}");
        sentences.push(sentence.to_owned());
    }
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), 12);
}

#[test]
fn a_sign_in_takes_one_line_and_no_flood() {
    let home = Home::new(Desktop::None);
    assert!(home.type_in(&["login", "--webhook", "-"], "").failed_with(2).contains("no address"), "nothing was typed at all");
    home.type_in(&["login", "--webhook", "-"], &"a".repeat(8 << 20)).failed_with(2);
    home.type_in(&["login", "--webhook", "-"], "\0\0\0\n").failed_with(2);
    let address = "https://acme.bitrix24.com/rest/7/abcdef123456/\n";
    for (file, named) in [("/nowhere.pem", "There is no CA file"), ("/", "cannot be read"), ("/dev/null", "no certificate")] {
        let outcome = home.type_in(&["login", "--webhook", "-", "--ca-file", file], address);
        assert!(outcome.failed_with(2).contains(named), "{outcome:?}");
    }
}

#[test]
fn what_the_portal_says_to_a_sign_in_becomes_a_code_and_a_remedy() {
    let (town, home) = (Town::new(), Home::new(Desktop::None));
    let portal = town.portal();
    let refused = |refusal| Fault::Refused(refusal);
    for (fault, code, remedy) in [
        (refused(Refusal::InvalidCredentials), 4, "Make a new inbound webhook"),
        (refused(Refusal::ScopeMissing), 4, "Chat and notifications (im)"),
        (refused(Refusal::Dismissed), 4, "Ask your administrator"),
        (refused(Refusal::PlanWithoutRest), 4, "plan does not include REST"),
        (refused(Refusal::HttpsRequired), 4, "https://"),
        (refused(Refusal::Blocked), 4, "Bitrix24's support"),
        (refused(Refusal::MethodNotFound), 4, "too old"),
        (Fault::Redirect { status: 302, to: "https://moved.example".to_owned() }, 4, "moved.example"),
        (refused(Refusal::TooBusy), 5, "fewer requests"),
        (refused(Refusal::ServerTrouble), 5, "in trouble"),
        (refused(Refusal::Closed), 5, "closed for maintenance"),
        (Fault::Html(200), 5, "sign-in page"),
        (Fault::Garbage, 5, "Something else answered"),
        (Fault::Empty, 5, "Something else answered"),
        (Fault::Huge, 5, "Something else answered"),
        (Fault::BrokenJson, 5, "Something else answered"),
        (Fault::ResetBefore, 5, "did not answer"),
        (Fault::Truncated, 5, "did not answer"),
    ] {
        portal.suffers(fault.clone().until_healed());
        let outcome = sign_in(&home, &portal);
        assert!(outcome.failed_with(code).contains(remedy), "{fault:?}: {outcome:?}");
    }
    portal.heal();
    portal.grant(&["user_brief"]);
    assert!(
        sign_in(&home, &portal).failed_with(4).contains("Chat and notifications (im)"),
        "the scope is looked at before anything is stored"
    );
    portal.grant(&["im", "user_brief"]);
    portal.hand_over_to(Person { id: 8, name: "Maria".into(), last_name: "Sidorova".into() });
    assert!(sign_in(&home, &portal).failed_with(4).contains("somebody else"));
    portal.down();
    assert!(sign_in(&home, &portal).failed_with(5).contains("no connection"));
    assert!(!home.settings().exists(), "nothing is stored that was not accepted");
}

#[test]
fn without_a_keyring_nobody_is_signed_in_and_nothing_is_stored() {
    let (town, home) = (Town::new(), Home::new(Desktop::None));
    let portal = town.portal();
    let outcome = sign_in(&home, &portal);
    assert!(outcome.failed_with(6).contains("keyring"), "{outcome:?}");
    assert!(!home.settings().exists());
    assert!(home.written().iter().all(|(_, bytes)| !contains(bytes, portal.code().as_bytes())));
}

#[test]
fn whoever_is_not_signed_in_is_told_how_to() {
    let home = Home::new(Desktop::None);
    for line in [&["status"][..], &["set", "online"], &["logout"]] {
        assert!(home.run(line).failed_with(3).contains("b24status login --webhook -"), "{line:?}");
    }
    let status = home.run(&["status", "--json"]);
    assert_eq!(status.code, 3);
    assert_eq!(status.json()["connection"], "signed_out");
    assert_eq!(home.json(&["accounts", "--json"]), json!({ "accounts": [] }));
    assert_eq!(home.json(&["why", "--json"]), json!({ "entries": [] }));
    assert!(home.run(&["quit"]).out.contains("not running"));
}

#[test]
fn autostart_is_switched_and_read_back() {
    let home = Home::new(Desktop::None);
    let entry = home.path("home/.config/autostart/b24status.desktop");
    let said = |word: &str| home.run(&["autostart", word]);
    assert!(said("status").out.contains("off"));
    assert!(said("on").out.contains("on"));
    assert!(fs::read_to_string(&entry).unwrap().contains(env!("CARGO_BIN_EXE_b24status")));
    assert!(said("status").out.trim_end().ends_with("on"));
    // Switched off in the settings of the desktop.
    let text = fs::read_to_string(&entry).unwrap();
    fs::write(&entry, format!("{}\nHidden=true\n", text.trim_end())).unwrap();
    assert!(said("status").out.trim_end().ends_with("off"), "{}", fs::read_to_string(&entry).unwrap());
    assert!(said("on").out.trim_end().ends_with("on"));
    assert!(said("off").out.trim_end().ends_with("off"));
    assert!(said("status").out.trim_end().ends_with("off"));
}

#[test]
fn russian_is_spoken_where_the_system_speaks_it_and_json_stays_english() {
    let home = Home::new(Desktop::None).with("LC_ALL", "ru_RU.UTF-8");
    for line in [&["status"][..], &["set", "busy"], &["dance"]] {
        let outcome = home.run(line);
        let letters = |range: std::ops::RangeInclusive<char>| outcome.err.chars().filter(|letter| range.contains(letter)).count();
        assert!(letters('а'..='я') > letters('a'..='z') / 2 && letters('а'..='я') > 10, "{outcome:?}");
    }
    assert!(home.run(&["help"]).out.contains("Статус для Битрикс24"));
    assert_eq!(home.run(&["status", "--json"]).json()["connection"], "signed_out");
    home.write_settings("language = \"en\"\n");
    assert!(home.run(&["status"]).err.contains("You are not signed in"), "the settings override the system");
}

#[test]
fn the_demo_ends_by_itself_and_leaves_nothing_behind() {
    let home = Home::new(Desktop::None);
    let begun = Instant::now();
    let demo = home.run(&["demo", "--for", "3s"]);
    assert_eq!(demo.code, 0, "{demo:?}");
    assert!((Duration::from_secs(3)..Duration::from_secs(8)).contains(&begun.elapsed()), "{:?}", begun.elapsed());
    assert!(demo.out.contains("im.user.status.get") && demo.out.contains("no place for a tray icon"), "{demo:?}");
    let left: Vec<PathBuf> = home.written().into_iter().map(|(path, _)| path).filter(|path| !path.starts_with(home.path("said"))).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    assert!(!home.runtime_directory().exists(), "a demo is not the one instance");
}

#[test]
fn each_word_that_is_typed_into_the_demo_arrives_at_its_portal() {
    let home = Home::new(Desktop::None);
    let mut demo = home.start(&["demo"]);
    wait_for("the first read", LIMIT, || demo.printed().contains("im.user.status.get"));
    for (word, call, held) in [
        ("dnd", "im.user.status.set STATUS=dnd", "now holds: dnd"),
        ("away", "im.user.status.set STATUS=away", "now holds: away"),
        ("break", "im.user.status.set STATUS=break", "now holds: break"),
        ("online", "im.user.status.set STATUS=online", "now holds: online"),
        ("idle", "im.user.status.idle.start AGO=10", "idle for 10 minutes"),
        ("back", "im.user.status.idle.end", "now holds: online"),
        ("dance", "no word “dance”", "quit"),
    ] {
        let before = demo.printed().len();
        writeln!(demo.stdin(), "{word}").unwrap();
        wait_for(word, LIMIT, || {
            let printed = demo.printed();
            printed[before..].contains(call) && printed[before..].contains(held)
        });
    }
    writeln!(demo.stdin(), "quit").unwrap();
    assert_eq!(demo.end().code, 0);
}

#[test]
fn a_settings_file_with_a_fault_is_named_by_line_and_left_alone() {
    let home = Home::new(Desktop::None);
    let newer = "version = 99\nlanguage = \"en\"\nshine = true\n";
    for (text, named) in [
        ("language = = \"en\"\n", &["Line 1", "settings.toml"][..]),
        ("language = \"en\"\n\n[automation]\nidle_minutes = 999\n", &["Line 4", "automation.idle_minutes", "999", "240"]),
        ("langauge = \"en\"\n", &["Line 1", "langauge"]),
        (newer, &["newer version", "99"]),
    ] {
        home.write_settings(text);
        let outcome = home.run(&["accounts"]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        assert!(named.iter().all(|word| outcome.err.contains(word)), "{text:?}: {outcome:?}");
        assert_eq!(fs::read_to_string(home.settings()).unwrap(), text);
    }
    fs::write(home.settings(), b"language = \"\xff\xfe\"\n").unwrap();
    assert!(home.run(&["accounts"]).err.contains("cannot be read"), "bytes that are no text");
    fs::remove_file(home.settings()).unwrap();
    fs::create_dir(home.settings()).unwrap();
    assert!(home.run(&["accounts"]).err.contains("cannot be read"), "a directory in its place");
}

#[test]
fn the_app_starts_with_whatever_settings_there_are_and_says_what_is_wrong() {
    for text in ["language = = \"en\"\n", "version = 99\n", "[automation]\nidle_minutes = 999\n"] {
        let home = Home::new(Desktop::None);
        home.write_settings(text);
        let app = home.start_app();
        wait_for("a word about the settings", LIMIT, || app.said().contains("settings.toml"));
        assert_eq!(home.run(&["quit"]).code, 0);
        app.has_ended_within(LIMIT);
        assert_eq!(fs::read_to_string(home.settings()).unwrap(), text);
    }
}

#[test]
fn the_app_lives_without_any_desktop_and_a_second_launch_shows_the_first() {
    let home = Home::new(Desktop::None);
    let app = home.start_app();
    let second = home.run(&[]);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(second.out.contains("not signed in") && second.out.contains("b24status set"), "{second:?}");
    assert_eq!(home.run(&["status", "--json"]).json()["pid"], app.id());
    assert_eq!(home.run(&["quit"]).code, 0);
    app.has_ended_within(Duration::from_secs(2));
    assert!(!home.socket().exists());
}

#[test]
fn of_many_launches_at_once_one_stays_and_the_others_show_it() {
    let home = Home::new(Desktop::None);
    let launched: Vec<_> = (0..6).map(|_| home.start(&[])).collect();
    wait_for("the control socket", LIMIT, || home.socket().exists());
    let one = wait_for_some("an answer", LIMIT, || home.run(&["status", "--json"]).json()["pid"].as_u64());
    let (stays, others): (Vec<_>, Vec<_>) = launched.into_iter().partition(|launch| u64::from(launch.id()) == one);
    for other in others {
        let outcome = other.end();
        assert!(outcome.code == 0 && outcome.out.contains("b24status set"), "{outcome:?}");
    }
    assert_eq!(home.run(&["quit"]).code, 0);
    for stay in stays {
        assert_eq!(stay.end().code, 0);
    }
}

#[test]
fn the_journal_tells_when_the_app_ran_and_that_it_did_not_end_by_itself() {
    let home = Home::new(Desktop::None);
    home.start_app().kill();
    let app = home.start_app();
    assert_eq!(home.run(&["quit"]).code, 0);
    app.has_ended_within(LIMIT);
    assert_eq!(home.journal(), ["started launch", "started launch", "ended quit"]);
}

#[test]
fn an_app_that_hangs_is_said_to_hang() {
    let home = Home::new(Desktop::None);
    let app = home.start_app();
    app.wait_for_status("an answer", |status| status["pid"] == app.id());
    app.signal(Signal::STOP);
    let asked = Instant::now();
    assert!(home.run(&["status"]).failed_with(1).contains("does not answer"));
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    app.signal(Signal::CONT);
    app.signal(Signal::INT);
    app.has_ended_within(LIMIT);
}

#[test]
fn a_socket_that_a_crash_left_behind_is_in_nobodys_way() {
    let home = Home::new(Desktop::None);
    home.start_app().kill();
    assert!(home.socket().exists(), "a crash leaves its socket");
    assert_eq!(home.run(&["status"]).code, 3, "a command takes it for no app");
    assert!(home.run(&["quit"]).out.contains("not running"));
    let app = home.start_app();
    assert_eq!(home.run(&["quit"]).code, 0);
    app.has_ended_within(LIMIT);
}

#[test]
fn what_belongs_to_another_user_is_not_used_and_named() {
    let test = "what_belongs_to_another_user_is_not_used_and_named";
    if !rustix::process::geteuid().is_root() {
        return support::skip(test, "only root can give a directory to somebody else");
    }
    const NOBODY: u32 = 65534;
    let home = Home::new(Desktop::None);
    fs::create_dir(home.runtime_directory()).unwrap();
    chown(home.runtime_directory(), Some(NOBODY), Some(NOBODY)).unwrap();
    for line in [&[][..], &["status"], &["quit"]] {
        let outcome = home.run(line);
        let sentence = outcome.failed_with(1);
        assert!(
            sentence.contains("another user") && sentence.contains(home.runtime_directory().to_str().unwrap()),
            "{line:?}: {outcome:?}"
        );
    }
    chown(home.runtime_directory(), Some(0), Some(0)).unwrap();
    drop(std::os::unix::net::UnixListener::bind(home.socket()).unwrap());
    chown(home.socket(), Some(NOBODY), Some(NOBODY)).unwrap();
    assert!(home.run(&[]).failed_with(1).contains("another user"));
}

#[test]
fn garbage_on_the_control_socket_is_answered_and_disturbs_nobody() {
    let home = Home::new(Desktop::None);
    let mut app = home.start_app();
    for line in [&b"hello"[..], b"{}", b"\xff\xfe\x00", b"[[[[[[", b"{\"version\":1,\"request\":{\"set\":{\"status\":\"busy\"}}}", b""] {
        assert!(ask(&home, line).contains("not_understood"), "{line:?}");
    }
    assert!(ask(&home, b"{\"version\":2,\"request\":\"status\"}").contains("other_version"));
    let before = resident_kilobytes(app.id());
    for _ in 0..3 {
        let mut stream = UnixStream::connect(home.socket()).unwrap();
        // Ten megabytes without an end; the other side may hang up before it has all.
        let _ = stream.write_all(&vec![b'a'; 10 << 20]);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.is_empty() || answer.contains("too long"), "{answer}");
    }
    assert!(resident_kilobytes(app.id()) < before + 2048, "the lines were not collected");
    let silent: Vec<UnixStream> = (0..8).map(|_| UnixStream::connect(home.socket()).unwrap()).collect();
    assert_eq!(home.run(&["status", "--json"]).json()["pid"], app.id());
    drop(silent);
    assert!(app.is_running());
    assert_eq!(home.run(&["quit"]).code, 0);
    app.has_ended_within(LIMIT);
}

// On a desktop with a keyring.

#[test]
fn every_spelling_of_the_address_signs_in() {
    on_desktop("every_spelling_of_the_address_signs_in", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        let (place, code) = (portal.address(), portal.code());
        let base = format!("http://{place}/rest/7/{code}");
        for address in [
            format!("{base}/"),
            base.clone(),
            format!("{base}/profile"),
            format!("{base}/profile.json"),
            format!("{base}/im.user.status.set.json?STATUS=dnd"),
            format!("{base}/profile/"),
            format!("  {base}/ \t"),
            format!("\"{base}/\""),
            format!("<{base}/>"),
            format!("«{base}/»"),
            format!("\u{feff}{base}/\r"),
            format!("HTTP://{place}/rest/7/{code}/"),
            format!("http://{place}//rest//7//{code}//"),
            format!("http://{place}/rest/api/7/{code}/profile"),
            format!("{place}/rest/7/{code}/"),
            format!("my webhook: [{base}/]({base}/)."),
        ] {
            let said = home.sign_in(&address).out;
            assert!(said.starts_with(&format!("Signed in as Ivan Petrov on {place}. ")), "{address:?}: {said}");
        }
        assert_eq!(accounts(&home), [portal.account()], "however it is spelled, it is one account");
        assert_eq!(portal.holds().status, Column::NoRow, "a method in the address is not called");
        let said = home.sign_in(&base).out;
        assert!(said.contains("marks you idle") && said.contains("mark_idle = false"), "what the idle mark does is told: {said}");
    });
}

#[test]
fn a_sign_in_that_fails_stores_nothing_and_leaves_what_was_stored() {
    on_desktop("a_sign_in_that_fails_stores_nothing_and_leaves_what_was_stored", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        portal.grant(&["user_brief"]);
        sign_in(&home, &portal).failed_with(4);
        assert_eq!((stored_secrets(), home.settings().exists()), (0, false));
        portal.grant(&["im"]);
        home.sign_in(&portal.secret_address());
        let settings = fs::read_to_string(home.settings()).unwrap();
        let wrong = portal.secret_address().replace(&portal.code(), "abcdefghijklmnop");
        home.type_in(&["login", "--webhook", "-"], &wrong).failed_with(4);
        assert_eq!(fs::read_to_string(home.settings()).unwrap(), settings);
        assert_eq!((stored_secrets(), home.run(&["status"]).code), (1, 0), "the old credential still works");
        // What cannot be written down is not kept in the keyring either.
        let other = Home::new(Desktop::OfTheRig);
        let second = town.portal();
        read_only(&other.settings(), || {
            let outcome = sign_in(&other, &second);
            assert!(outcome.failed_with(1).contains("settings.toml"), "{outcome:?}");
        });
        assert_eq!(stored_secrets(), 1);
        assert_eq!(home.run(&["logout"]).code, 0);
        assert_eq!(stored_secrets(), 0, "the secret goes with the account");
    });
}

#[test]
fn without_a_running_app_the_commands_do_it_themselves() {
    on_desktop("without_a_running_app_the_commands_do_it_themselves", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        let status = home.json(&["status", "--json"]);
        assert_keys(&status);
        assert_eq!(
            picked(&status, &["status", "confirmed", "idle", "idle_reason", "until", "connection"]),
            json!(["online", true, false, null, null, "ok"])
        );
        assert_eq!((&status["account"], &status["pid"]), (&json!(portal.account()), &Value::Null));
        assert!(home.run(&["status"]).out.starts_with("Online\n"));

        for word in ["dnd", "away", "break", "online"] {
            assert_eq!(home.run(&["set", word]).code, 0);
            assert_eq!(portal.holds().status, Column::from(word));
        }
        assert_eq!(home.run(&["set", "dnd", "--for", "30m"]).code, 0);
        assert_is_in(&home.json(&["status", "--json"]), Duration::from_secs(30 * 60));
        let set = home.run(&["set", "break", "--until", "tomorrow 9:00"]);
        assert!(set.out.starts_with("Break until tomorrow 9:00\n"), "{set:?}");

        let accounts = home.json(&["accounts", "--json"]);
        assert_eq!(accounts["accounts"][0]["id"], portal.account());
        assert_eq!(accounts["accounts"][0]["name"], "Ivan Petrov");
        assert!(home.run(&["accounts"]).out.contains("Ivan Petrov"));
        let journal = home.journal();
        assert!(journal.contains(&"chosen by_hand".to_owned()) && journal.iter().any(|line| line.starts_with("confirmed")), "{journal:?}");
        assert!(home.run(&["why"]).out.lines().count() > 3);
        assert_eq!(home.json(&["why", "--json", "--limit", "2"])["entries"].as_array().unwrap().len(), 2);

        assert_eq!(home.run(&["logout", "somebody@else"]).code, 2);
        assert_eq!(home.run(&["logout", &portal.account()]).code, 0);
        assert_eq!(home.run(&["status"]).code, 3);
    });
}

#[test]
fn a_running_app_is_asked_and_answers_when_the_portal_has_confirmed() {
    on_desktop("a_running_app_is_asked_and_answers_when_the_portal_has_confirmed", &[], |town| {
        let portal = town.portal();
        let mut arrivals = portal.watch();
        let home = Home::new(Desktop::OfTheRig);
        let app = home.start_app();
        home.sign_in(&portal.secret_address());
        arrivals.next(Method::StatusGet);
        arrivals.next(Method::StatusGet);
        let status = app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        assert_keys(&status);
        assert_eq!((&status["pid"], &status["account"]), (&json!(app.id()), &json!(portal.account())));

        portal.fail(Fault::Late(Duration::from_millis(300)).once().only(&[Method::StatusSet]));
        let asked = Instant::now();
        let set = home.run(&["set", "dnd", "--for", "1h"]);
        assert_eq!(set.code, 0, "{set:?}");
        assert!(asked.elapsed() > Duration::from_millis(300), "answered before the portal did");
        assert_eq!(portal.holds().status, Column::from(Status::Dnd));
        let status = home.json(&["status", "--json"]);
        assert_eq!(picked(&status, &["status", "confirmed"]), json!(["dnd", true]));
        assert_is_in(&status, Duration::from_secs(3600));

        // Changed in a browser: adopted, the end is dropped, nothing is written.
        arrivals.methods();
        portal.change_elsewhere(Status::Away);
        let seen = portal.watch();
        let status = app.wait_for_status("the change made elsewhere", |status| status["status"] == "away");
        assert_eq!(picked(&status, &["confirmed", "until"]), json!([true, null]));
        assert_eq!(only_writes(seen), []);
        assert!(home.journal().iter().any(|line| line == "adopted changed_elsewhere"), "{:?}", home.journal());
        assert!(home.run(&["why"]).out.contains("browser"));

        let second = home.run(&[]);
        assert_eq!(second.code, 0);
        assert!(second.out.starts_with("Away\n") && second.out.contains("b24status set"), "{second:?}");
        assert_eq!(home.run(&["logout"]).code, 0);
        let status = home.run(&["status", "--json"]).json();
        assert_eq!(picked(&status, &["connection", "account"]), json!(["signed_out", null]));
        assert_eq!(home.run(&["quit"]).code, 0);
        app.has_ended_within(Duration::from_secs(2));
    });
}

#[test]
fn a_status_that_is_not_confirmed_is_a_failure_with_its_code() {
    on_desktop("a_status_that_is_not_confirmed_is_a_failure_with_its_code", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        assert_failures(&home, &portal);
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        assert_refusal(&home, &portal, &Refusal::Dismissed, 3, "administrator");
        assert_refusal(&home, &portal, &Refusal::PlanWithoutRest, 4, "plan");
        app.kill();

        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        portal.down();
        assert_eq!(home.run(&["set", "break", "--timeout", "1s"]).code, 5);
        let status = home.run(&["status", "--json"]).json();
        assert_eq!(picked(&status, &["status", "confirmed", "connection"]), json!(["break", false, "offline"]), "never shown as confirmed");
        portal.up();
        app.wait_for_status("the choice that was kept", |status| status["confirmed"] == true && status["status"] == "break");
        assert_eq!(portal.holds().status, Column::from(Status::Break));
    });
}

#[test]
fn a_locked_keyring_is_exit_6_and_nobody_is_signed_out() {
    on_desktop("a_locked_keyring_is_exit_6_and_nobody_is_signed_out", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        rig::tool("keyring.sh", &["lock"]);
        for line in [&["status"][..], &["set", "online"]] {
            assert!(home.run(line).err.contains("locked"), "{line:?}");
            assert_eq!(home.run(line).code, 6, "{line:?}");
        }
        let status = home.run(&["status", "--json"]);
        assert_eq!((status.code, &status.json()["connection"]), (6, &json!("keyring_locked")));
        let app = home.start_app();
        let status = app.wait_for_status("the locked keyring", |status| status["connection"] == "keyring_locked");
        assert_eq!(status["confirmed"], false);
        assert_eq!(home.run(&["set", "dnd", "--timeout", "1s"]).code, 6);
        assert_eq!(accounts(&home), [portal.account()]);
        // Somebody unlocks it: the app goes on by itself, with the choice that was made meanwhile.
        rig::tool("keyring.sh", &["unlock"]);
        wait_for("the choice to arrive", LIMIT, || portal.holds().status == Column::from(Status::Dnd));
        assert_eq!(home.run(&["quit"]).code, 0);
        app.has_ended_within(LIMIT);
    });
}

#[test]
fn whatever_status_get_answers_the_app_goes_on_and_writes_nothing() {
    on_desktop("whatever_status_get_answers_the_app_goes_on_and_writes_nothing", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        let arrivals = portal.watch();
        let read = |column: Column, word: Value| {
            portal.change_elsewhere(column.clone());
            let status = wait_for_some(&format!("{column:?}"), LIMIT, || {
                Some(home.json(&["status", "--json"])).filter(|status| status["status"] == word)
            });
            assert_eq!(picked(&status, &["confirmed", "connection"]), json!([true, "ok"]), "{column:?}");
            assert_eq!(home.run(&["status"]).code, 0);
        };
        let strange = || {
            [
                (Column::Null, json!("online")),
                (Column::from("holiday"), json!("holiday")),
                (Column::from(""), json!("online")),
                (Column::from("away"), json!("away")),
                (Column::NoRow, json!("online")),
            ]
        };
        for (column, word) in strange() {
            read(column, word);
        }
        let mut app = home.start_app();
        for (column, word) in strange() {
            read(column, word);
        }
        assert!(app.is_running());
        assert_eq!(only_writes(arrivals), []);
    });
}

#[test]
fn two_portals_with_the_same_host_are_two_accounts() {
    on_desktop("two_portals_with_the_same_host_are_two_accounts", &[], |town| {
        let (one, two) = (town.portal(), town.portal());
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&one.secret_address());
        home.sign_in(&two.secret_address());
        assert_eq!(accounts(&home), [one.account(), two.account()]);
        let app = home.start_app();
        app.wait_for_status("both portals", |status| status["confirmed"] == true);
        assert_eq!(home.run(&["set", "dnd"]).code, 0);
        assert_eq!([one.holds().status, two.holds().status], [Column::from("dnd"), Column::from("dnd")], "the choice is one");
        two.down();
        assert_eq!(home.run(&["set", "break", "--timeout", "2s"]).code, 5);
        assert_eq!(one.holds().status, Column::from("break"), "one portal does not wait for the other");
        two.up();
        app.wait_for_status("the other one to follow", |status| status["confirmed"] == true);
        assert_eq!(two.holds().status, Column::from("break"));
        let which = home.run(&["logout"]);
        assert!(which.failed_with(2).contains(&two.account()), "{which:?}");
        assert_eq!(home.run(&["logout", &two.address().to_string()]).code, 0, "its portal is a name");
        assert_eq!(accounts(&home), [one.account()]);
        assert_eq!(home.run(&["set", "online"]).code, 0);
        assert_eq!([one.holds().status, two.holds().status], [Column::from("online"), Column::from("break")]);
    });
}

#[test]
fn a_disk_that_takes_nothing_costs_no_status() {
    let test = "a_disk_that_takes_nothing_costs_no_status";
    if !rustix::process::geteuid().is_root() {
        return support::skip(test, "only root can mount a full disk");
    }
    on_desktop(test, &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        let disk = Disk::mount(&home.path("home/.local/state"), "size=64k");
        disk.fill();
        home.sign_in(&portal.secret_address());
        assert_eq!(home.run(&["set", "dnd"]).code, 0, "without an app");
        let mut app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        assert_eq!(home.run(&["set", "away"]).code, 0);
        assert_eq!(portal.holds().status, Column::from("away"));
        assert!(app.said().contains("cannot be written"), "{}", app.said());
        assert!(app.is_running());
        disk.empty();
        assert_eq!(home.run(&["set", "break"]).code, 0);
        wait_for("the choice on the disk that has room again", LIMIT, || {
            fs::read_to_string(home.path("home/.local/state/b24status/state.json")).is_ok_and(|text| text.contains("break"))
        });
        app.kill();
        drop(disk);
    });
}

#[test]
fn settings_that_cannot_be_written_are_named_and_nothing_is_lost() {
    on_desktop("settings_that_cannot_be_written_are_named_and_nothing_is_lost", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        let newer = fs::read_to_string(home.settings()).unwrap().replace("version = 1", "version = 99");
        home.write_settings(&newer);
        let second = town.portal();
        let outcome = sign_in(&home, &second);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert!(outcome.err.contains("newer version"), "{outcome:?}");
        assert_eq!((fs::read_to_string(home.settings()).unwrap(), stored_secrets()), (newer, 1));
        assert_eq!(home.run(&["status"]).code, 0, "what is understood is used");
        // Broken by hand: the old file is kept aside before anything is written.
        home.write_settings("accounts = = none # mine\n");
        let outcome = sign_in(&home, &portal);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        assert!(outcome.err.contains("settings.toml.broken-1"), "{outcome:?}");
        assert_eq!(fs::read_to_string(home.settings().with_extension("toml.broken-1")).unwrap(), "accounts = = none # mine\n");
        assert_eq!(home.run(&["status"]).code, 0);
    });
}

// The life of the app.

#[test]
fn a_mark_that_a_crash_left_behind_is_ended_by_the_next_start() {
    on_desktop("a_mark_that_a_crash_left_behind_is_ended_by_the_next_start", &LOGIND, |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        let session = Session::begin();
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        session.lock();
        wait_for("the idle mark", LIMIT, || portal.is_marked_idle());
        let status = app.wait_for_status("the mark to be known", |status| status["idle"] == true);
        assert_eq!(picked(&status, &["status", "idle_reason"]), json!(["online", "locked"]));
        app.kill();
        session.unlock();
        assert!(portal.is_marked_idle(), "nobody ended it");
        let app = home.start_app();
        wait_for("the end of the mark", LIMIT, || !portal.is_marked_idle());
        wait_for("its reason in the journal", LIMIT, || home.journal().contains(&"unmarked_idle left_behind".to_owned()));

        // The same without an app: a command ends nothing that it does not know of, and the next start still does.
        session.lock();
        wait_for("the idle mark", LIMIT, || portal.is_marked_idle());
        app.signal(Signal::TERM);
        let asked = Instant::now();
        app.has_ended_within(Duration::from_secs(2));
        assert!(!portal.is_marked_idle(), "SIGTERM ends the mark, within {:?}", asked.elapsed());
        assert!(!home.socket().exists());

        let app = home.start_app();
        wait_for("the mark of a session that is locked already", LIMIT, || portal.is_marked_idle());
        assert_eq!(home.run(&["quit"]).code, 0);
        app.has_ended_within(Duration::from_secs(2));
        assert!(!portal.is_marked_idle(), "quit ends the mark");
    });
}

#[test]
fn the_portal_hangs_and_the_app_still_ends_within_two_seconds() {
    on_desktop("the_portal_hangs_and_the_app_still_ends_within_two_seconds", &LOGIND, |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        let session = Session::begin();
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        session.lock();
        wait_for("the idle mark", LIMIT, || portal.is_marked_idle());
        app.wait_for_status("the mark to be known", |status| status["idle"] == true);
        portal.suffers(Fault::Silence.until_healed());
        app.signal(Signal::TERM);
        app.has_ended_within(Duration::from_millis(2500));
        portal.heal();
        session.unlock();
        let _app = home.start_app();
        wait_for("the end of the mark at the next start", LIMIT, || !portal.is_marked_idle());
    });
}

#[test]
fn the_mark_leaves_before_the_machine_may_sleep_and_ends_with_input_after_it() {
    on_desktop("the_mark_leaves_before_the_machine_may_sleep_and_ends_with_input_after_it", &LOGIND, |town| {
        let portal = town.portal();
        let mut arrivals = portal.watch();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        let _session = Session::begin();
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        wait_for("the inhibitor", LIMIT, sleep_is_delayed);
        portal.fail(Fault::Late(Duration::from_millis(400)).once().only(&[Method::IdleStart]));
        rig::tool("logind.sh", &["sleep"]);
        arrivals.next(Method::IdleStart);
        assert!(sleep_is_delayed(), "released before the portal has answered");
        wait_for("the inhibitor to be released", Duration::from_secs(2), || !sleep_is_delayed());
        rig::tool("logind.sh", &["wake"]);
        wait_for("the inhibitor of the next sleep", LIMIT, sleep_is_delayed);
        assert!(portal.is_marked_idle(), "awake is not back");
        // A key that comes before the app listens again is not seen; nobody who comes back presses one key alone.
        wait_for("the end of the mark", LIMIT, || {
            rig::input(&["key", "a"]);
            !portal.is_marked_idle()
        });
    });
}

#[test]
fn an_end_that_passed_while_nothing_ran_is_honoured_at_the_next_start() {
    on_desktop("an_end_that_passed_while_nothing_ran_is_honoured_at_the_next_start", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        assert_eq!(home.run(&["set", "away"]).code, 0);
        let chosen = Instant::now();
        assert_eq!(home.run(&["set", "dnd", "--for", "2s"]).code, 0);
        assert_eq!(portal.holds().status, Column::from("dnd"));
        wait_for("the end of the choice", LIMIT, || chosen.elapsed() > Duration::from_millis(2500));
        let app = home.start_app();
        wait_for("the status from before", LIMIT, || portal.holds().status == Column::from("away"));
        let status = app.wait_for_status("the choice without an end", |status| status["confirmed"] == true && status["status"] == "away");
        assert_eq!(status["until"], Value::Null);
        assert!(home.journal().iter().any(|line| line.ends_with("end_reached")), "{:?}", home.journal());
        // And while it runs.
        assert_eq!(home.run(&["set", "break", "--for", "1s"]).code, 0);
        wait_for("the end of the next choice", LIMIT, || portal.holds().status == Column::from("away"));
    });
}

#[test]
fn of_choices_without_a_network_only_the_last_one_is_sent() {
    on_desktop("of_choices_without_a_network_only_the_last_one_is_sent", &[], |town| {
        let portal = town.portal();
        let home = Home::new(Desktop::OfTheRig);
        home.sign_in(&portal.secret_address());
        let app = home.start_app();
        app.wait_for_status("the app to know its portal", |status| status["confirmed"] == true);
        portal.down();
        for word in ["dnd", "away", "break"] {
            assert_eq!(home.run(&["set", word, "--timeout", "0"]).code, 5);
        }
        let state = home.path("home/.local/state/b24status/state.json");
        wait_for("the last choice to be on disk", LIMIT, || fs::read_to_string(&state).is_ok_and(|text| text.contains("break")));
        // It survives a crash, too.
        app.kill();
        let mut arrivals = portal.watch();
        let app = home.start_app();
        app.wait_for_status("the app to miss its portal", |status| status["connection"] == "offline" && status["status"] == "break");
        portal.up();
        app.wait_for_status("the portal to be back", |status| status["confirmed"] == true);
        let sets: Vec<_> = arrivals
            .all()
            .iter()
            .filter(|arrival| arrival.known() == Some(Method::StatusSet))
            .map(|set| set.parameters["STATUS"].clone())
            .collect();
        assert_eq!(sets, [json!("break")]);
    });
}

// Helpers

const LOGIND: [(&str, &str); 1] = [("LOGIND", "mock")];

/// A desktop with a keyring, and no panel: nothing here is looked at.
#[track_caller]
fn on_desktop(test: &str, variables: &[(&str, &str)], body: impl FnOnce(&Town)) {
    let bare = [("TRAY", "none"), ("NOTIFY", "none")];
    let variables: Vec<_> = bare.iter().chain(variables).copied().collect();
    rig::inside(rig::X11, &variables, test, || body(&Town::new()));
}

fn sign_in(home: &Home, portal: &Building) -> support::program::Outcome {
    home.type_in(&["login", "--webhook", "-"], &portal.secret_address())
}

fn accounts(home: &Home) -> Vec<String> {
    let document = home.json(&["accounts", "--json"]);
    document["accounts"].as_array().unwrap().iter().map(|account| account["id"].as_str().unwrap().to_owned()).collect()
}

/// Product §8: these keys, of these types.
#[track_caller]
fn assert_keys(status: &Value) {
    let one_of = |key: &str, words: &[&str]| status[key].is_null() || words.contains(&status[key].as_str().unwrap());
    assert!(status["status"].is_null() || status["status"].is_string(), "{status}");
    assert!(status["confirmed"].is_boolean() && status["idle"].is_boolean(), "{status}");
    assert!(one_of("idle_reason", &["input", "locked", "asleep"]), "{status}");
    assert!(["ok", "offline", "signed_out", "keyring_locked", "blocked"].contains(&status["connection"].as_str().unwrap()), "{status}");
    let object = status.as_object().unwrap();
    assert!(object.contains_key("until") && object.contains_key("account") && object.contains_key("idle_reason"), "{status}");
}

fn picked(status: &Value, keys: &[&str]) -> Value {
    keys.iter().map(|key| status[*key].clone()).collect()
}

/// The end is so far ahead, in RFC 3339.
#[track_caller]
fn assert_is_in(status: &Value, ahead: Duration) {
    let until: jiff::Timestamp = status["until"].as_str().expect("an end").parse().unwrap();
    let left = std::time::SystemTime::from(until).duration_since(std::time::SystemTime::now()).unwrap();
    assert!(left <= ahead && left + Duration::from_secs(30) > ahead, "{left:?}");
}

/// Down, and refused in each way; everything is well before and after.
#[track_caller]
fn assert_failures(home: &Home, portal: &Building) {
    portal.down();
    let asked = Instant::now();
    let outcome = home.run(&["set", "dnd", "--timeout", "1s"]);
    assert_eq!((outcome.code, outcome.out.as_str()), (5, ""), "{outcome:?}");
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    portal.up();
    assert_eq!(home.run(&["set", "online"]).code, 0);
    assert_refusal(home, portal, &Refusal::Dismissed, 3, "administrator");
    assert_refusal(home, portal, &Refusal::InvalidCredentials, 3, "new inbound webhook");
    assert_refusal(home, portal, &Refusal::ScopeMissing, 4, "Chat and notifications (im)");
    assert_refusal(home, portal, &Refusal::PlanWithoutRest, 4, "plan");
}

/// `set` says why it is refused; it works again once the reason is gone and the person has done their part.
#[track_caller]
fn assert_refusal(home: &Home, portal: &Building, refusal: &Refusal, code: i32, remedy: &str) {
    portal.suffers(Fault::Refused(refusal.clone()).until_healed());
    let outcome = home.run(&["set", "dnd", "--timeout", "3s"]);
    assert!(outcome.code == code && outcome.err.contains(remedy), "{refusal:?}: {outcome:?}");
    portal.heal();
    home.sign_in(&portal.secret_address());
    assert_eq!(home.run(&["set", "online"]).code, 0, "after {refusal:?}");
}

fn only_writes(mut arrivals: support::town::Arrivals) -> Vec<Method> {
    let reads = [Method::StatusGet, Method::Profile, Method::Scope];
    arrivals.methods().into_iter().filter(|method| !reads.contains(method)).collect()
}

/// How many secrets of this program are in the keyring of the rig.
fn stored_secrets() -> usize {
    let found = Command::new("secret-tool").args(["search", "--all", "application", "b24status"]).output().unwrap();
    let text = String::from_utf8_lossy(&[found.stdout, found.stderr].concat()).into_owned();
    text.lines().filter(|line| line.starts_with("secret = ")).count()
}

/// A session of the mock of logind.
struct Session {
    path: String,
}

impl Session {
    fn begin() -> Self {
        Self { path: rig::tool("logind.sh", &["session"]).trim().to_owned() }
    }

    fn lock(&self) {
        rig::tool("logind.sh", &["lock", &self.path]);
    }

    fn unlock(&self) {
        rig::tool("logind.sh", &["unlock", &self.path]);
    }
}

/// Whether the login service counts an inhibitor of ours.
fn sleep_is_delayed() -> bool {
    let bus = std::env::var("DBUS_SYSTEM_BUS_ADDRESS").unwrap();
    let words = ["call", "--address", &bus, "-d", "org.freedesktop.login1", "-o", "/org/freedesktop/login1"];
    let asked = Command::new("gdbus").args(words).args(["-m", "org.freedesktop.login1.Manager.ListInhibitors"]).output().unwrap();
    assert!(asked.status.success());
    String::from_utf8_lossy(&asked.stdout).contains("b24status")
}

/// One line to the control socket, and its answer.
fn ask(home: &Home, line: &[u8]) -> String {
    let mut stream = UnixStream::connect(home.socket()).unwrap();
    stream.write_all(&[line, b"\n"].concat()).unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    answer
}

fn resident_kilobytes(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// While `body` runs, nothing can be written beside this file.
fn read_only(file: &Path, body: impl FnOnce()) {
    let directory = file.parent().unwrap();
    fs::create_dir_all(directory).unwrap();
    if rustix::process::geteuid().is_root() {
        let _disk = Disk::mount(directory, "ro");
        return body();
    }
    fs::set_permissions(directory, fs::Permissions::from_mode(0o500)).unwrap();
    body();
    fs::set_permissions(directory, fs::Permissions::from_mode(0o700)).unwrap();
}

/// A small file system in memory, on top of a directory. Gone with the value.
struct Disk {
    place: PathBuf,
}

impl Disk {
    fn mount(place: &Path, options: &str) -> Self {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(place).status().unwrap();
        assert!(mounted.success(), "a file system can be mounted");
        Self { place: place.to_owned() }
    }

    fn fill(&self) {
        let _ = fs::write(self.place.join("ballast"), vec![0; 1 << 20]);
    }

    fn empty(&self) {
        fs::remove_file(self.place.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.place).status();
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
