//! The whole program on real desktops: a real panel, keyring, notifier, pointer and idle counter; only the portal is ours, behind a real socket.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here is one of the test")]

mod support;

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::time::Duration;

use b24status::demo::portal::Column;
use b24status::presence::Status;
use support::app::{self, App};
use support::desk::{at_work, leaves_for_a_minute_and_is_back};
use support::far_portal::FarPortal;
use support::rig;
use support::wait::wait_for;

/// Until something arrives that needs nobody's minute.
const SOON: Duration = Duration::from_secs(10);
/// The colours of the icons, which nothing else on the rigs' screens has.
const ONLINE: &str = "#1f9a48";
const DO_NOT_DISTURB: &str = "#e0443c";

#[test]
fn in_an_x11_session_a_person_signs_in_and_sets_a_status_with_the_mouse() {
    rig::inside(rig::X11, &[], "in_an_x11_session_a_person_signs_in_and_sets_a_status_with_the_mouse", || {
        let portal = FarPortal::start();
        let said = app::succeed(&["login", "--webhook", "-"], &portal.webhook());
        assert!(said.contains("Ivan Petrov"), "{said}");
        assert_no_secret_on_disk(&portal);

        let mut app = App::start();
        let (x, y) = rig::find_icon(ONLINE);
        rig::input(&["move", &x, &y]);
        rig::input(&["click", "right"]);
        choose_in_the_menu(1);
        let set = portal.next_call("im.user.status.set", SOON);
        assert_eq!(set.parameters["STATUS"], "dnd");
        app.wait_for_status("status", "dnd");
        app.wait_for_status("confirmed", true);
        rig::find_icon(DO_NOT_DISTURB);

        app::succeed(&["quit"], "");
        assert!(app.wait_for_end().success());
        wait_for("the icon to go", SOON, || !on_screen(DO_NOT_DISTURB));
        assert_no_secret_on_disk(&portal);
        assert!(!app.log().contains(secret_of(&portal.webhook())));
    });
}

#[test]
fn in_an_x11_session_a_minute_without_input_marks_idle_and_input_ends_it() {
    rig::inside(rig::X11, &[], "in_an_x11_session_a_minute_without_input_marks_idle_and_input_ends_it", || {
        marks_idle_after_a_minute_and_ends_it_within_a_second();
    });
}

#[test]
fn in_a_wayland_session_a_minute_without_input_marks_idle_and_input_ends_it() {
    rig::inside(rig::SWAY, &[], "in_a_wayland_session_a_minute_without_input_marks_idle_and_input_ends_it", || {
        marks_idle_after_a_minute_and_ends_it_within_a_second();
    });
}

#[test]
fn in_a_gnome_session_a_minute_without_input_marks_idle_and_input_ends_it() {
    rig::inside(rig::GNOME, &[], "in_a_gnome_session_a_minute_without_input_marks_idle_and_input_ends_it", || {
        marks_idle_after_a_minute_and_ends_it_within_a_second();
    });
}

#[test]
fn a_locked_session_is_idle_at_once_until_it_is_unlocked() {
    rig::inside(rig::X11, &[("LOGIND", "mock")], "a_locked_session_is_idle_at_once_until_it_is_unlocked", || {
        let session = rig::tool("logind.sh", &["session"]);
        let (portal, app) = at_work();
        rig::tool("logind.sh", &["lock", session.trim()]);
        portal.next_call("im.user.status.idle.start", SOON);
        app.wait_for_status("idle_reason", "locked");
        rig::input(&["key", "Shift_L"]);
        assert_eq!(portal.calls(), Vec::<String>::new(), "input does not unlock");

        rig::tool("logind.sh", &["unlock", session.trim()]);
        rig::input(&["key", "Shift_L"]);
        portal.next_call("im.user.status.idle.end", SOON);
        app.wait_for_status("idle", false);
    });
}

#[test]
fn a_machine_that_goes_to_sleep_is_idle_until_somebody_is_back() {
    rig::inside(rig::X11, &[("LOGIND", "mock")], "a_machine_that_goes_to_sleep_is_idle_until_somebody_is_back", || {
        let (portal, app) = at_work();
        rig::tool("logind.sh", &["sleep"]);
        portal.next_call("im.user.status.idle.start", SOON);
        app.wait_for_status("idle_reason", "asleep");
        rig::tool("logind.sh", &["wake"]);
        // A key that comes before the wake has been told is not seen; nobody who comes back presses one key alone.
        wait_for("the end of the mark", SOON, || {
            rig::input(&["key", "Shift_L"]);
            portal.holds().idle_minutes.is_none()
        });
        app.wait_for_status("idle", false);
    });
}

#[test]
fn the_end_of_the_session_takes_our_idle_mark_along() {
    rig::inside(rig::X11, &[("LOGIND", "mock")], "the_end_of_the_session_takes_our_idle_mark_along", || {
        let (portal, mut app) = at_work();
        rig::tool("logind.sh", &["sleep"]);
        portal.next_call("im.user.status.idle.start", SOON);
        app.terminate();
        assert!(app.wait_for_end().success());
        assert_eq!(portal.holds().idle_minutes, None);
    });
}

#[test]
fn an_app_that_is_ended_while_it_still_starts_ends_well() {
    rig::inside(rig::X11, &[], "an_app_that_is_ended_while_it_still_starts_ends_well", || {
        let portal = FarPortal::start();
        app::succeed(&["login", "--webhook", "-"], &portal.webhook());
        for after in (40..200).step_by(20) {
            let mut app = App::start_only();
            // Not a wait for something: the start is to be cut at another place each time.
            std::thread::sleep(Duration::from_millis(after));
            app.terminate();
            let ended = app.wait_for_end();
            // Before the app listens to the signal, the signal alone ends it.
            assert!(ended.success() || ended.signal() == Some(15), "{after} ms after its start: {ended}\n{}", app.log());
            assert!(!app.log().contains("ERROR"), "{after} ms after its start:\n{}", app.log());
        }
    });
}

#[test]
fn a_mark_that_a_killed_app_left_behind_is_taken_back_at_the_next_start() {
    rig::inside(rig::X11, &[("LOGIND", "mock")], "a_mark_that_a_killed_app_left_behind_is_taken_back_at_the_next_start", || {
        let (portal, app) = at_work();
        rig::tool("logind.sh", &["sleep"]);
        portal.next_call("im.user.status.idle.start", SOON);
        app.kill();
        assert!(portal.holds().idle_minutes.is_some());
        let _app = App::start();
        rig::input(&["key", "Shift_L"]);
        portal.next_call("im.user.status.idle.end", SOON);
    });
}

#[test]
fn a_keyring_that_is_locked_is_waited_for() {
    rig::inside(rig::X11, &[], "a_keyring_that_is_locked_is_waited_for", || {
        let portal = FarPortal::start();
        app::succeed(&["login", "--webhook", "-"], &portal.webhook());
        rig::tool("keyring.sh", &["lock"]);
        let app = App::start();
        app.wait_for_status("connection", "keyring_locked");
        rig::tool("keyring.sh", &["unlock"]);
        app.wait_for_status("connection", "ok");
        app.wait_for_status("status", "online");
    });
}

#[test]
fn without_a_tray_everything_works_and_a_late_panel_gets_the_icon() {
    rig::inside(rig::X11, &[("TRAY", "none")], "without_a_tray_everything_works_and_a_late_panel_gets_the_icon", || {
        let (portal, app) = at_work();
        app::succeed(&["set", "dnd"], "");
        assert_eq!(portal.holds().status, Column::from(Status::Dnd));

        let mut panel = Command::new(rig::rigs().join("panel.sh")).spawn().unwrap();
        rig::find_icon(DO_NOT_DISTURB);
        panel.kill().unwrap();
        panel.wait().unwrap();
        wait_for("the panel to go", SOON, || !on_screen(DO_NOT_DISTURB));

        let mut panel = Command::new(rig::rigs().join("panel.sh")).spawn().unwrap();
        rig::find_icon(DO_NOT_DISTURB);
        app.wait_for_status("connection", "ok");
        panel.kill().unwrap();
        panel.wait().unwrap();
    });
}

#[test]
fn a_notice_that_nothing_shows_stands_in_the_menu_until_it_is_settled() {
    let desktop = [("BUS", "bare"), ("NOTIFY", "none")];
    rig::inside(rig::X11, &desktop, "a_notice_that_nothing_shows_stands_in_the_menu_until_it_is_settled", || {
        let (_portal, _app) = at_work();
        rig::find_icon(ONLINE);
        let good = std::fs::read_to_string(app::settings_directory().join("settings.toml")).unwrap();
        app::write_settings(&format!("language = 7\n{good}"));
        wait_for("the fault in the menu", SOON, || lines_of_the_menu().contains("settings.toml"));
        app::write_settings(&good);
        wait_for("the fault to be gone", SOON, || !lines_of_the_menu().contains("settings.toml"));
    });
}

#[test]
fn the_waybar_of_a_wayland_session_shows_the_icon_and_its_change() {
    rig::inside(rig::SWAY, &[], "the_waybar_of_a_wayland_session_shows_the_icon_and_its_change", || {
        let (portal, _app) = at_work();
        rig::find_icon(ONLINE);
        app::succeed(&["set", "dnd"], "");
        assert_eq!(portal.holds().status, Column::from(Status::Dnd));
        rig::find_icon(DO_NOT_DISTURB);
    });
}

fn marks_idle_after_a_minute_and_ends_it_within_a_second() {
    let (portal, app) = at_work();
    rig::input(&["key", "Shift_L"]);
    leaves_for_a_minute_and_is_back(&portal, &app, Duration::from_secs(1));
}

/// The entry, counted from 0, of the menu that was just opened. A menu announces itself to nobody: the keys come again until it is gone.
fn choose_in_the_menu(entry: usize) {
    wait_for("the menu", SOON, rig::menu_is_open);
    for _ in 0..=entry {
        rig::input(&["key", "Down"]);
    }
    rig::input(&["key", "Return"]);
}

/// As a panel reads them, in one string.
fn lines_of_the_menu() -> String {
    let watcher = ["--dest", "org.kde.StatusNotifierWatcher", "--object-path", "/StatusNotifierWatcher"];
    let items = gdbus(&watcher, &["org.freedesktop.DBus.Properties.Get", "org.kde.StatusNotifierWatcher", "RegisteredStatusNotifierItems"]);
    let item = items.split('\'').nth(1).and_then(|item| item.split('/').next()).expect("an icon");
    let menu = ["--dest", item, "--object-path", "/MenuBar"];
    gdbus(&menu, &["com.canonical.dbusmenu.GetLayout", "0", "-1", "['label', 'visible']"])
}

fn gdbus(whom: &[&str], what: &[&str]) -> String {
    let (method, arguments) = what.split_first().unwrap();
    let call = [&["call", "--session"], whom, &["--method", method, "--"], arguments].concat();
    let output = Command::new("gdbus").args(call).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn on_screen(colour: &str) -> bool {
    let file = rig::directory().join("screen.png");
    rig::screenshot(&file);
    rig::has_colour(colour, &file)
}

/// No file below the private home holds the secret, the keyring's own aside, which are encrypted.
fn assert_no_secret_on_disk(portal: &FarPortal) {
    let webhook = portal.webhook();
    let found = Command::new("grep").args(["-r", "-l", "-F", "-e", secret_of(&webhook)]).arg(std::env::var_os("HOME").unwrap()).output();
    let found = String::from_utf8(found.unwrap().stdout).unwrap();
    assert!(found.is_empty(), "the secret is in {found}");
}

/// The last segment of the webhook's address.
fn secret_of(webhook: &str) -> &str {
    webhook.trim_end_matches('/').rsplit('/').next().unwrap()
}
