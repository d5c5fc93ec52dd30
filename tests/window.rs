//! The window as an office worker meets it: on a real desktop, beside the real app, against a portal behind a real socket. What is pressed and
//! read is what a screen reader tells; what is typed goes through the keyboard and the clipboard.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::process::Command;
use std::time::Duration;

use b24status::presence::Status;
use b24status::text::Language;
use serde_json::Value;
use support::app::{self, App};
use support::far_portal::FarPortal;
use support::rig;
use support::secrets;
use support::tls;
use support::wait::wait_for;
use support::window::{self, Person};

const SOON: Duration = Duration::from_secs(10);

#[test]
fn the_first_start_leads_from_a_mail_to_an_account_that_works() {
    window::inside(&[], "the_first_start_leads_from_a_mail_to_an_account_that_works", || {
        let portal = FarPortal::start();
        portal.portal().change_elsewhere(Status::Dnd);
        let app = App::start_only();
        let ivan = Person::at_the_window(Language::English);

        ivan.pastes("address-label", &format!("Ваш вебхук:\n{}\n\nС уважением, админ", portal.webhook()));
        ivan.presses("window-next");
        ivan.sees("whose-title");
        ivan.reads("*Ivan Petrov*");
        assert_eq!(secrets::in_the_keyring(), "", "nothing is stored before it was confirmed");

        ivan.presses("whose-yes");
        ivan.sees("idle-title");
        ivan.picks("idle-off");
        ivan.presses("window-next");
        ivan.sees("login-title");
        ivan.picks("login-on");
        ivan.presses("window-next");
        ivan.sees("done-title");
        app.wait_for_status("status", "dnd");
        app.wait_for_status("confirmed", true);
        ivan.presses("window-close");
        window::wait_for_none();

        assert!(app::succeed(&["autostart", "status"], "").contains("on"));
        assert!(settings().contains("mark_idle = false"), "{}", settings());
        secrets::assert_only_in_the_keyring(code_of(&portal.webhook()));
    });
}

#[test]
fn what_was_typed_survives_a_refusal_and_the_way_back() {
    window::inside(&[], "what_was_typed_survives_a_refusal_and_the_way_back", || {
        let _app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        let refused = ["http://acme.bitrix24.com/rest/1/abcdefgh12345678/", "acme .bitrix24. com", "https://acme.bitrix24.com:99999"];
        for address in refused {
            ivan.pastes("address-label", address);
            ivan.presses("window-next");
            ivan.complains();
            assert_eq!(ivan.holds("address-label"), address);
        }
        ivan.pastes("address-label", "acme.bitrix24.com");
        ivan.presses("window-next");
        ivan.sees("way-title");
        ivan.presses("way-oauth-choose");
        ivan.pastes("application-id", "local.0123456789abcd.12345678");
        ivan.presses("window-back");
        ivan.sees("way-title");
        ivan.presses("window-back");
        assert_eq!(ivan.holds("address-label"), "acme.bitrix24.com");
        ivan.presses("window-next");
        ivan.presses("way-oauth-choose");
        assert_eq!(ivan.holds("application-id"), "local.0123456789abcd.12345678");
    });
}

#[test]
fn a_wrong_code_is_told_and_can_be_corrected() {
    window::inside(&[], "a_wrong_code_is_told_and_can_be_corrected", || {
        let portal = FarPortal::start();
        let _app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        let webhook = portal.webhook();
        let wrong = webhook.trim_end_matches('/').rsplit_once('/').map(|(before, _)| format!("{before}/aaaaaaaaaaaaaaaa/")).unwrap();
        ivan.pastes("address-label", &wrong);
        ivan.presses("window-next");
        ivan.complains();
        // On the page of webhooks, where there is more to read about them.
        ivan.pastes("webhook-label", &webhook);
        ivan.presses("webhook-try");
        ivan.sees("whose-title");
        ivan.presses("whose-no");
        assert_eq!(secrets::in_the_keyring(), "", "a stranger's account is not stored");
    });
}

#[test]
fn a_portal_behind_the_companys_own_authority_is_let_in_with_its_file() {
    window::inside(&[], "a_portal_behind_the_companys_own_authority_is_let_in_with_its_file", || {
        let portal = FarPortal::start();
        let (address, authority) = tls::in_front_of(portal.portal().address());
        let file = rig::directory().join("authority.pem");
        fs::write(&file, authority).unwrap();
        let path = portal.webhook().splitn(4, '/').nth(3).unwrap().to_owned();
        let _app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        ivan.pastes("address-label", &format!("https://localhost:{}/{path}", address.port()));
        ivan.presses("window-next");
        ivan.complains();
        ivan.pastes("ca-file-label", file.to_str().unwrap());
        ivan.presses("webhook-try");
        ivan.sees("whose-title");
    });
}

#[test]
fn the_journal_is_shown_filtered_and_cleared() {
    // Room for the whole page.
    window::inside(&[("GEOM", "1000x2400x24")], "the_journal_is_shown_filtered_and_cleared", || {
        let portal = FarPortal::start();
        app::succeed(&["login", "--webhook", "-"], &portal.webhook());
        let _app = App::start();
        app::succeed(&["set", "dnd"], "");
        app::succeed(&["set", "away"], "");
        window::open();
        let ivan = Person::at_the_window(Language::English);
        ivan.turns_to("window-journal");
        window::resize(900, 2000);
        let reader = ivan.reader();
        reader.wait("list-item", "*Do not disturb*");
        ivan.picks("journal-page-absences");
        reader.gone("list-item", "*Do not disturb*");
        ivan.picks("journal-page-choices");
        reader.wait("list-item", "*Do not disturb*");
        ivan.types("journal-page-search", "Away");
        reader.wait("list-item", "*Away*");
        reader.gone("list-item", "*to Do not disturb*");

        ivan.presses("journal-page-clear");
        ivan.presses("journal-page-clear-no");
        assert_ne!(entries(), Vec::<Value>::new(), "kept");
        ivan.presses("journal-page-clear");
        ivan.presses("journal-page-clear-yes");
        wait_for("an empty journal", SOON, || entries().is_empty());
    });
}

#[test]
fn a_second_launch_brings_the_one_window_forward() {
    window::inside(&[], "a_second_launch_brings_the_one_window_forward", || {
        let (_portal, _app, ivan) = at_the_window_of_somebody_signed_in();
        ivan.sees("home-title");
        let first = window::wait_for_one();
        ivan.reader().wait_with("frame", "*", "active");

        let mut other = Command::new("xmessage").arg("something else").spawn().unwrap();
        ivan.reader().wait_without("frame", "*", "active");
        window::open();
        ivan.reader().wait_with("frame", "*", "active");
        assert_eq!(window::processes(), [first]);
        other.kill().unwrap();
        other.wait().unwrap();
    });
}

#[test]
fn settings_take_effect_at_once_and_survive() {
    window::inside(&[], "settings_take_effect_at_once_and_survive", || {
        let (_portal, mut app, ivan) = at_the_window_of_somebody_signed_in();
        ivan.turns_to("window-settings");
        window::resize(900, 2200);
        ivan.ticks("settings-inhibitors");
        ivan.ticks("settings-on-lock");
        ivan.ticks("status-away");
        ivan.types("settings-idle-minutes", "25\n");
        wait_for("the minutes in the file", SOON, || settings().contains("idle_minutes = 25"));
        ivan.picks("settings-language-russian");
        let ivan = Person::at_the_window(Language::Russian);
        ivan.sees("settings-idle");
        ivan.ticks("settings-autostart");
        assert_eq!(app::succeed(&["autostart", "status"], "").trim_end(), ivan.say("cli-autostart-on"));
        rig::input(&["key", "ctrl+w"]);
        window::wait_for_none();

        app::succeed(&["quit"], "");
        assert!(app.wait_for_end().success());
        let _app = App::start();
        window::open();
        ivan.turns_to("window-settings");
        window::resize(900, 2200);
        let box_is_ticked = |key: &str| ivan.sees(key).is("checked");
        assert_eq!(
            ["settings-inhibitors", "settings-on-lock", "status-away", "settings-autostart"].map(box_is_ticked),
            [false, false, true, true]
        );
        assert_eq!(ivan.holds("settings-idle-minutes"), "25");
    });
}

#[test]
fn an_account_is_signed_out_only_after_a_question() {
    window::inside(&[], "an_account_is_signed_out_only_after_a_question", || {
        let (_portal, app, ivan) = at_the_window_of_somebody_signed_in();
        ivan.presses("home-sign-out");
        ivan.presses("window-cancel");
        ivan.presses("home-sign-out");
        ivan.sees("home-sign-out-webhook");
        ivan.presses("home-sign-out-yes");
        ivan.sees("address-title");
        assert_eq!(app.status().unwrap()["account"], Value::Null);
        assert_eq!(secrets::in_the_keyring(), "");
    });
}

#[test]
fn an_app_that_ends_is_told_and_can_be_started_from_the_window() {
    window::inside(&[], "an_app_that_ends_is_told_and_can_be_started_from_the_window", || {
        let (_portal, app, ivan) = at_the_window_of_somebody_signed_in();
        ivan.sees("home-title");
        app.kill();
        ivan.presses("window-start-app");
        ivan.loses("window-start-app");
        ivan.sees("home-title");
        let status = app::succeed(&["status", "--json"], "");
        assert!(status.contains("\"confirmed\""), "{status}");
        app::succeed(&["quit"], "");
    });
}

#[test]
fn closing_the_window_ends_its_process_and_the_app_stays() {
    window::inside(&[], "closing_the_window_ends_its_process_and_the_app_stays", || {
        let (_portal, app, ivan) = at_the_window_of_somebody_signed_in();
        ivan.sees("home-title");
        ivan.closes_the_frame();
        window::wait_for_none();
        assert!(app.status().is_some());
    });
}

fn at_the_window_of_somebody_signed_in() -> (FarPortal, App, Person) {
    let portal = FarPortal::start();
    app::succeed(&["login", "--webhook", "-"], &portal.webhook());
    let app = App::start();
    window::open();
    (portal, app, Person::at_the_window(Language::English))
}

fn settings() -> String {
    fs::read_to_string(app::settings_directory().join("settings.toml")).unwrap_or_default()
}

fn entries() -> Vec<Value> {
    let journal: Value = serde_json::from_str(&app::succeed(&["why", "--json"], "")).unwrap();
    journal["entries"].as_array().unwrap().clone()
}

/// What is secret in the address of a webhook.
fn code_of(webhook: &str) -> &str {
    webhook.trim_end_matches('/').rsplit('/').next().unwrap()
}
