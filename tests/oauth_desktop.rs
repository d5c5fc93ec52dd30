//! Signing in with the browser as a person does it at a terminal, and tokens in a real keyring: locked, and with a crash at the worst moment.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use b24status::demo::portal::{Arrival, Fault, Refusal, Rotation, Step};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use support::browser;
use support::oauth::{address, port_of, portal, secrets, sign_in, start};
use support::program::{Desktop, Home, LIMIT};
use support::rig;
use support::town::{Arrivals, Town};
use support::wait::{wait_for, wait_for_some};

// Without a desktop.

#[test]
fn a_mistake_is_told_before_anything_leaves() {
    let home = Home::new(Desktop::None);
    for (line, typed, wanted) in [
        ("login --oauth www.bitrix24.com --client-id local.1.2 --client-secret -", "", "not your portal"),
        ("login --oauth , --client-id local.1.2 --client-secret -", "", "no address"),
        ("login --oauth acme.bitrix24.com --client-id 12345678 --client-secret -", "secret\n", "begins with local."),
        ("login --oauth acme.bitrix24.com --client-id local.1.2 --client-secret -", "", "secret (client_secret) is missing"),
        ("login --oauth acme.bitrix24.com --client-id local.1.2 --client-secret -", "local.1.2\n", "id once more"),
        ("login --oauth acme.bitrix24.com --client-id local.1.2 --client-secret -", "two words\n", "once and as a whole"),
        ("login --oauth acme.bitrix24.com --client-id local.1.2 --client-secret secret", "", "others can see it"),
        ("login --oauth acme.bitrix24.com --client-id local.1.2", "", "--client-secret -"),
        ("login --oauth acme.bitrix24.com", "", "--client-id"),
        ("login --oauth acme.bitrix24.com --webhook -", "", "one way"),
        ("login --oauth acme.bitrix24.com --port 80", "", "1024"),
    ] {
        let outcome = home.type_in(&line.split(' ').collect::<Vec<_>>(), typed);
        assert!(outcome.failed_with(2).contains(wanted), "{line}: {outcome:?}");
    }
}

#[test]
fn the_browser_is_opened_with_the_address_and_its_answer_is_heard() {
    let (town, home) = (Town::new(), Home::new(Desktop::None));
    let (portal, card) = portal(&town);
    let home = with_browser(home, "printf %s \"$1\" > \"$HOME/opened\"");
    let running = start(&home, &portal, &card, &[]);
    let opened = wait_for_some("the browser", LIMIT, || fs::read_to_string(home.path("home/opened")).ok().filter(|text| !text.is_empty()));
    assert_eq!(opened, address(&running));
    assert!(browser::open(&browser::allow(&opened)).body.contains("close this tab"));
    // There is no keyring here, and nothing is kept anywhere else.
    let outcome = running.end();
    assert!(outcome.code == 6 && outcome.err.contains("keyring"), "{outcome:?}");
    assert!(!home.settings().exists());
    assert!(home.written().iter().all(|(_, bytes)| !contains(bytes, card.client_secret.expose_secret())));
}

#[test]
fn a_browser_that_does_not_open_is_told_and_pasting_goes_on() {
    let (town, home) = (Town::new(), Home::new(Desktop::None));
    let (portal, card) = portal(&town);
    let home = with_browser(home, "exit 3");
    let mut running = start(&home, &portal, &card, &[]);
    wait_for("word of the browser", LIMIT, || running.complained().contains("The browser did not open"));
    let location = browser::allow(&address(&running));
    writeln!(running.stdin(), "\nnot a code at all\n{}", &location[..50]).unwrap();
    writeln!(running.stdin(), "{}", &location[50..]).unwrap();
    let outcome = running.end();
    assert_eq!(outcome.code, 6, "only the keyring is missing: {outcome:?}");
    assert!(outcome.err.contains("neither a code"), "{outcome:?}");
}

#[test]
fn each_way_in_which_it_can_end_has_its_code() {
    let (town, home) = (Town::new(), Home::new(Desktop::None));
    for (fault, typed, code, wanted) in [
        (None, "", 2, "no code"),
        (None, "wrong\n", 2, "neither a code"),
        (None, "http://127.0.0.1:1/?code=0123456789abcdef&state=1\n", 2, "another sign-in"),
        (None, "0123456789abcdef0123456789abcdef\n", 4, "30 seconds"),
        (Some(Fault::Refused(Refusal::WrongClient)), "0123456789abcdef0123456789abcdef\n", 4, "id or secret"),
        (Some(Fault::Html(502)), "0123456789abcdef0123456789abcdef\n", 5, "authorization server"),
    ] {
        let (portal, card) = portal(&town);
        if let Some(fault) = fault {
            portal.fail(fault.until_healed().at(&[Step::Exchange]));
        }
        // Nothing can be heard, and so the end of the input is the end.
        let _taken = TcpListener::bind(("127.0.0.1", port_of(&card))).unwrap();
        let mut running = start(&home, &portal, &card, &["--no-browser"]);
        running.stdin().write_all(typed.as_bytes()).unwrap();
        let outcome = running.end();
        assert!(outcome.code == code && outcome.err.lines().last().unwrap().contains(wanted), "{typed}: {outcome:?}");
        assert!(outcome.err.contains("in use by another program"), "{outcome:?}");
    }
}

#[test]
fn a_server_that_nobody_knows_needs_the_persons_word() {
    let (town, home) = (Town::new(), Home::new(Desktop::None));
    let (portal, card) = portal(&town);
    portal.name_authorization_server("oauth.evil.example");
    let mut running = start(&home, &portal, &card, &["--no-browser"]);
    let location = browser::allow(&address(&running));
    writeln!(running.stdin(), "{location}").unwrap();
    let outcome = running.end();
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert!(outcome.err.contains("--oauth-server oauth.evil.example"), "{outcome:?}");
}

// With a keyring.

#[test]
fn somebody_signs_in_uses_it_and_signs_out() {
    on_desktop("somebody_signs_in_uses_it_and_signs_out", |town| {
        let home = Home::new(Desktop::OfTheRig);
        let (portal, card) = portal(town);
        let outcome = sign_in(&home, &portal, &card);
        assert!(outcome.out.contains("Signed in as Ivan Petrov"), "{outcome:?}");
        assert!(fs::read_to_string(home.settings()).unwrap().contains("kind = \"oauth\""));
        assert_eq!(home.run(&["set", "dnd"]).code, 0);
        assert_eq!(home.json(&["status", "--json"])["status"], "dnd");
        // Where no app runs a command renews by itself, and the app goes on from there.
        portal.age_tokens(Duration::from_hours(1));
        assert_eq!(home.run(&["set", "away"]).code, 0);
        let app = home.start_app();
        app.wait_for_status("the portal", |status| status["connection"] == "ok" && status["status"] == "away");
        assert_eq!(home.run(&["doctor"]).code, home.run(&["doctor"]).code);
        assert_eq!(home.run(&["quit"]).code, 0);
        app.has_ended_within(LIMIT);
        let secrets = secrets(&portal);
        for (file, bytes) in home.written() {
            assert!(secrets.iter().all(|secret| !contains(&bytes, secret)), "{}", file.display());
            assert!(!contains(&bytes, card.client_secret.expose_secret()), "{}", file.display());
        }
        let outcome = home.run(&["logout"]);
        assert!(outcome.code == 0 && outcome.out.contains("The application itself is still on the portal"), "{outcome:?}");
        assert_eq!(home.run(&["status"]).code, 3);
    });
}

#[test]
fn a_locked_keyring_keeps_a_renewal_from_leaving() {
    on_desktop("a_locked_keyring_keeps_a_renewal_from_leaving", |town| {
        let home = Home::new(Desktop::OfTheRig);
        let (portal, card) = portal(town);
        sign_in(&home, &portal, &card);
        let app = home.start_app();
        app.wait_for_status("the portal", |status| status["connection"] == "ok");
        rig::tool("keyring.sh", &["lock"]);
        let mut arrivals = portal.watch();
        portal.age_tokens(Duration::from_hours(1));
        app.wait_for_status("the locked keyring", |status| status["connection"] == "keyring_locked");
        assert_eq!(renewals(&mut arrivals), 0);
        rig::tool("keyring.sh", &["unlock"]);
        app.wait_for_status("the portal again", |status| status["connection"] == "ok");
        assert_eq!(renewals(&mut arrivals), 1);
    });
}

#[test]
fn a_pair_that_the_keyring_could_not_take_is_not_used_and_not_lost() {
    on_desktop("a_pair_that_the_keyring_could_not_take_is_not_used_and_not_lost", |town| {
        let home = Home::new(Desktop::OfTheRig);
        let (portal, card) = portal(town);
        sign_in(&home, &portal, &card);
        let app = home.start_app();
        app.wait_for_status("the portal", |status| status["connection"] == "ok");
        let mut arrivals = portal.watch();
        portal.age_tokens(Duration::from_hours(1));
        portal.suffers(Fault::Late(Duration::from_secs(2)).once().at(&[Step::Refresh]));
        let asking = home.start(&["set", "away"]);
        wait_for("the renewal", LIMIT, || renewals(&mut arrivals) > 0);
        rig::tool("keyring.sh", &["lock"]);
        drop(asking);
        app.wait_for_status("the locked keyring", |status| status["connection"] == "keyring_locked");
        assert!(!pairs(&mut arrivals).contains(&2), "it is used before it is kept");
        rig::tool("keyring.sh", &["unlock"]);
        app.wait_for_status("the portal again", |status| status["connection"] == "ok");
        let all = arrivals.all();
        assert_eq!(all.iter().filter(|arrival| arrival.step == Some(Step::Refresh)).count(), 1, "one renewal was enough");
        assert!(pairs(&mut arrivals).contains(&2));
        // It is in the keyring: another process goes on with it.
        assert_eq!(home.run(&["quit"]).code, 0);
        app.has_ended_within(LIMIT);
        assert_eq!(home.json(&["status", "--json"])["connection"], "ok");
    });
}

#[test]
fn a_crash_between_renewed_and_stored_leaves_the_account() {
    on_desktop("a_crash_between_renewed_and_stored_leaves_the_account", |town| {
        for (rotation, connection, failure) in
            [(Rotation::KeepsTheOld, "ok", Value::Null), (Rotation::SpendsTheOld, "signed_out", json!("sign_in_expired"))]
        {
            let home = Home::new(Desktop::OfTheRig);
            let (portal, card) = portal(town);
            portal.rotate(rotation);
            sign_in(&home, &portal, &card);
            assert_eq!(home.run(&["set", "dnd"]).code, 0);
            let app = home.start_app();
            app.wait_for_status("the portal", |status| status["connection"] == "ok");
            let mut arrivals = portal.watch();
            portal.age_tokens(Duration::from_hours(1));
            portal.suffers(Fault::Late(Duration::from_secs(10)).once().at(&[Step::Refresh]));
            let asking = home.start(&["set", "away"]);
            wait_for("the renewal", LIMIT, || renewals(&mut arrivals) > 0);
            // The server has given out the new pair, and nobody will ever see it.
            app.kill();
            drop(asking);

            let app = home.start_app();
            let status = app.wait_for_status("its outcome", |status| status["connection"] == connection);
            assert_eq!(status["accounts"][0]["failure"], failure, "{rotation:?}");
            assert_eq!(home.json(&["accounts", "--json"])["accounts"][0]["id"], portal.account());
            if connection == "signed_out" {
                // The choice is not lost either.
                sign_in(&home, &portal, &card);
                app.wait_for_status("the portal again", |status| status["connection"] == "ok" && status["status"] == "away");
            }
            assert_eq!(home.run(&["quit"]).code, 0);
            app.has_ended_within(LIMIT);
        }
    });
}

#[test]
fn signing_in_by_webhook_takes_the_place_of_the_browser() {
    on_desktop("signing_in_by_webhook_takes_the_place_of_the_browser", |town| {
        let home = Home::new(Desktop::OfTheRig);
        let (portal, card) = portal(town);
        sign_in(&home, &portal, &card);
        let app = home.start_app();
        app.wait_for_status("the portal", |status| status["connection"] == "ok");
        portal.forget_tokens();
        home.sign_in(&portal.secret_address());
        app.wait_for_status("the portal again", |status| status["connection"] == "ok");
        let text = fs::read_to_string(home.settings()).unwrap();
        assert!(text.contains("kind = \"webhook\"") && text.matches("[[accounts]]").count() == 1, "{text}");
    });
}

#[track_caller]
fn on_desktop(test: &str, body: impl FnOnce(&Town)) {
    rig::inside(rig::X11, &[("TRAY", "none"), ("NOTIFY", "none")], test, || body(&Town::new()));
}

/// A program that is called as the desktop's opener is.
fn with_browser(home: Home, script: &str) -> Home {
    let directory = home.path("home/bin");
    fs::create_dir_all(&directory).unwrap();
    let opener = directory.join("xdg-open");
    fs::write(&opener, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap());
    home.with("PATH", &path)
}

fn renewals(arrivals: &mut Arrivals) -> usize {
    arrivals.all().iter().filter(|arrival| arrival.step == Some(Step::Refresh)).count()
}

/// The pairs with which calls were made.
fn pairs(arrivals: &mut Arrivals) -> Vec<u32> {
    arrivals.all().iter().filter(|arrival| arrival.step.is_none()).filter_map(|arrival: &Arrival| arrival.pair).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
