//! The real program of Windows, run in Wine: with its tray, Credential Manager, registry, named pipe and idle counter. Only the portal is ours,
//! on a real socket, and what nobody can do to Wine (lock it, end the session) is told to the app's window by a program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here is one of the test")]

mod support;

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use b24status::demo::portal::{Column, Fault, Method};
use b24status::presence::Status;
use b24status::tray::{Icon, Look};
use support::app::{self, App};
use support::desk::{at_work, leaves_for_a_minute_and_is_back};
use support::far_portal::FarPortal;
use support::screen::Screen;
use support::wait::{wait_for, wait_for_some};
use support::{rig, windows};

/// Until something arrives that needs nobody's minute.
const SOON: Duration = Duration::from_secs(15);
/// What a program is granted at the end of a session.
const GRANTED: Duration = Duration::from_secs(5);

const ONLINE: Icon = confirmed(Status::Online);
const DO_NOT_DISTURB: Icon = confirmed(Status::Dnd);

#[test]
fn the_program_for_windows_has_five_megabytes_at_most() {
    match windows::release() {
        Ok(program) => {
            let bytes = program.metadata().unwrap().len();
            assert!(bytes <= 5_000_000, "{bytes} bytes");
        }
        Err(reason) => support::skip("the_program_for_windows_has_five_megabytes_at_most", &reason),
    }
}

#[test]
fn a_person_signs_in_and_sets_a_status_with_the_mouse() {
    windows::inside("a_person_signs_in_and_sets_a_status_with_the_mouse", || {
        let portal = FarPortal::start();
        let said = app::succeed(&["login", "--webhook", "-"], &portal.webhook());
        assert!(said.contains("Ivan Petrov"), "{said}");

        let mut app = App::start();
        let icon = see(ONLINE);
        choose_in_the_menu(icon, Status::Dnd);
        let set = portal.next_call("im.user.status.set", SOON);
        assert_eq!(set.parameters["STATUS"], "dnd");
        app.wait_for_status("status", "dnd");
        app.wait_for_status("confirmed", true);
        see_alone(DO_NOT_DISTURB);

        app::succeed(&["quit"], "");
        assert!(app.wait_for_end().success());
        see_no(DO_NOT_DISTURB);
        assert_no_secret_on_disk(&portal);
        assert!(!app.log().contains(secret_of(&portal.webhook())));
    });
}

#[test]
fn the_demo_shows_what_is_typed_and_what_is_chosen_with_the_mouse() {
    windows::inside("the_demo_shows_what_is_typed_and_what_is_chosen_with_the_mouse", || {
        let mut demo = App::start_demo();
        for status in [Status::Dnd, Status::Break, Status::Online] {
            demo.say(status.word());
            see_alone(confirmed(status));
        }
        choose_in_the_menu(see(ONLINE), Status::Away);
        wait_for("the status at the portal", SOON, || demo.log().contains("im.user.status.set STATUS=away"));
        see_alone(confirmed(Status::Away));
        demo.say("fault silence");
        demo.say("dnd");
        see_alone(Icon { look: Look::Unconfirmed(Status::Dnd), badge: None });
        demo.say("quit");
        assert!(demo.wait_for_end().success());
        see_no(DO_NOT_DISTURB);
    });
}

#[test]
fn the_app_sleeps_through_a_minute_without_input_and_then_marks_idle_until_there_is_input() {
    windows::inside("the_app_sleeps_through_a_minute_without_input_and_then_marks_idle_until_there_is_input", || {
        let (portal, app) = at_work();
        rig::input(&["key", "Shift_L"]);
        // One look may fall into this time; in Wine it takes about fifteen switches. A look every second would take hundreds.
        let wakeups = wakeups_at_rest(&app);
        assert!(wakeups <= 40, "{wakeups} switches in twenty seconds");
        // Windows announces no input: while a return is awaited, the app looks once a second.
        leaves_for_a_minute_and_is_back(&portal, &app, Duration::from_secs(2));
    });
}

#[test]
fn what_was_signed_in_and_chosen_is_there_after_windows_was_started_again() {
    windows::inside("what_was_signed_in_and_chosen_is_there_after_windows_was_started_again", || {
        let portal = FarPortal::start();
        app::succeed(&["login", "--webhook", "-"], &portal.webhook());
        app::succeed(&["set", "away"], "");
        windows::restart();
        assert_no_secret_on_disk(&portal);

        portal.forget_calls();
        let app = App::start();
        app.wait_for_status("status", "away");
        app.wait_for_status("connection", "ok");
        assert!(app::succeed(&["accounts"], "").contains("Ivan Petrov"));
        drop(app);
        app::succeed(&["logout"], "");
        assert_eq!(app::run(&["status"], "").status.code(), Some(3));
    });
}

#[test]
fn a_second_launch_shows_the_first_and_quit_ends_it() {
    windows::inside("a_second_launch_shows_the_first_and_quit_ends_it", || {
        let (_portal, mut app) = at_work();
        let said = app::succeed(&[], "");
        assert!(said.contains("Online") && said.contains("running already"), "{said}");
        app::succeed(&["quit"], "");
        assert!(app.wait_for_end().success());
        assert!(app.status().is_some(), "without a running app the portal is asked");
    });
}

#[test]
fn start_at_login_is_what_stands_in_the_registry() {
    const KEY: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";
    windows::inside("start_at_login_is_what_stands_in_the_registry", || {
        let registered = || windows::registered(KEY, "b24status");
        assert_eq!(registered(), None);
        app::succeed(&["autostart", "on"], "");
        let line = registered().expect("an entry");
        assert!(
            line.starts_with('"') && line.trim_end_matches('"').ends_with("b24status.exe"),
            "a path with blanks must be quoted: {line}"
        );
        let on = app::succeed(&["autostart", "status"], "");
        app::succeed(&["autostart", "off"], "");
        assert_eq!(registered(), None);
        assert_ne!(app::succeed(&["autostart", "status"], ""), on);
    });
}

#[test]
fn the_icon_is_back_when_explorer_is() {
    windows::inside("the_icon_is_back_when_explorer_is", || {
        let (_portal, _app) = at_work();
        see(ONLINE);
        windows::tell("remove-icon");
        see_no(ONLINE);
        windows::tell("new-taskbar");
        see(ONLINE);
    });
}

#[test]
fn a_locked_session_is_idle_at_once_until_it_is_unlocked() {
    windows::inside("a_locked_session_is_idle_at_once_until_it_is_unlocked", || {
        let (portal, app) = at_work();
        windows::tell("lock");
        portal.next_call("im.user.status.idle.start", SOON);
        app.wait_for_status("idle_reason", "locked");
        rig::input(&["key", "Shift_L"]);
        assert_eq!(portal.calls(), Vec::<String>::new(), "input does not unlock");
        windows::tell("unlock");
        rig::input(&["key", "Shift_L"]);
        portal.next_call("im.user.status.idle.end", SOON);
        app.wait_for_status("idle", false);

        windows::tell("suspend");
        portal.next_call("im.user.status.idle.start", SOON);
        app.wait_for_status("idle_reason", "asleep");
        windows::tell("resume");
        wait_for("the end of the mark", SOON, || {
            rig::input(&["key", "Shift_L"]);
            portal.holds().idle_minutes.is_none()
        });
    });
}

#[test]
fn a_session_that_ends_in_the_middle_of_a_call_takes_our_idle_mark_along() {
    windows::inside("a_session_that_ends_in_the_middle_of_a_call_takes_our_idle_mark_along", || {
        let (portal, mut app) = at_work();
        portal.portal().fail(Fault::Late(Duration::from_secs(1)).until_healed().only(&[Method::IdleStart]));
        windows::tell("lock");
        portal.next_call("im.user.status.idle.start", SOON);
        windows::tell("end-session");
        assert_eq!(portal.holds().idle_minutes, None, "{}", app.log());
        app.wait_for_end();
    });
}

#[test]
fn a_portal_that_is_silent_does_not_hold_up_the_end_of_the_session() {
    windows::inside("a_portal_that_is_silent_does_not_hold_up_the_end_of_the_session", || {
        let (portal, mut app) = at_work();
        windows::tell("lock");
        portal.next_call("im.user.status.idle.start", SOON);
        app.wait_for_status("idle", true);
        portal.portal().fail(Fault::Silence.until_healed());
        let told = windows::tell("end-session");
        app.wait_for_end();
        let milliseconds: u64 = told.split("released after ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
        assert!(Duration::from_millis(milliseconds) < GRANTED, "{told}");

        portal.portal().heal();
        portal.forget_calls();
        let _app = App::start();
        rig::input(&["key", "Shift_L"]);
        portal.next_call("im.user.status.idle.end", SOON);
    });
}

#[test]
fn a_user_whose_name_has_other_letters_is_served_like_any() {
    let ivan = [("WINE_USER", "Иван Петров")];
    windows::inside_with(&ivan, "a_user_whose_name_has_other_letters_is_served_like_any", || {
        let (portal, mut app) = at_work();
        app::succeed(&["set", "dnd"], "");
        assert_eq!(portal.holds().status, Column::from(Status::Dnd));
        see(DO_NOT_DISTURB);
        app::succeed(&["quit"], "");
        assert!(app.wait_for_end().success());

        let below = |place: &str| fs::read_dir(windows::profile().join(place)).unwrap().count();
        assert_eq!(below("AppData/Roaming/b24status"), 1, "the settings");
        assert!(below("AppData/Local/b24status") > 1, "the state and the journal");
        assert!(below("AppData/Local/b24status/log") > 0);
        let profiles = fs::read_dir(windows::drive_c().join("users")).unwrap();
        let served = profiles.filter(|profile| profile.as_ref().unwrap().path().join("AppData/Roaming/b24status").exists());
        assert_eq!(served.count(), 1, "nobody else's profile has settings");
        app::succeed(&["autostart", "on"], "");
        app::succeed(&["doctor"], "");
    });
}

#[test]
fn the_command_line_prints_into_a_pipe_and_ends_with_the_codes_of_the_contract() {
    windows::inside("the_command_line_prints_into_a_pipe_and_ends_with_the_codes_of_the_contract", || {
        let code = |arguments: &[&str], input: &str| app::run(arguments, input).status.code();
        let mut help = app::program().arg("help").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut printed = help.stdout.take().unwrap();
        printed.read_to_string(&mut line).unwrap();
        assert!(help.wait().unwrap().success() && line.contains("Bitrix24"), "{line}");
        assert_eq!(code(&["dance"], ""), Some(2));
        assert_eq!(code(&["login", "--webhook", "-"], "nonsense"), Some(2));
        let signed_out = app::run(&["status"], "");
        assert_eq!((signed_out.status.code(), signed_out.stdout.as_slice()), (Some(3), &[][..]));
        let sentence = String::from_utf8(signed_out.stderr).unwrap();
        assert!(sentence.contains("b24status login --webhook -"), "{sentence}");
        assert_eq!(code(&["quit"], ""), Some(0));

        let portal = FarPortal::start();
        let wrong = portal.webhook().replace(secret_of(&portal.webhook()), "wrong");
        assert_eq!(code(&["login", "--webhook", "-"], &wrong), Some(4));
        app::succeed(&["login", "--webhook", "-"], &portal.webhook());
        assert!(app::succeed(&["status"], "").contains("Online"));
        let said: serde_json::Value = serde_json::from_str(&app::succeed(&["status", "--json"], "")).unwrap();
        assert_eq!((&said["status"], &said["connection"]), (&"online".into(), &"ok".into()));
        portal.portal().fail(Fault::ResetBefore.until_healed());
        assert_eq!(code(&["set", "dnd", "--timeout", "3s"], ""), Some(5));
    });
}

/// How often its threads were switched to in twenty seconds, once what it did before is over: the connection closes after a while.
fn wakeups_at_rest(app: &App) -> i64 {
    let wakeups = |seconds: &str| -> i64 { rig::tool("wakeups.sh", &[&app.process_id().to_string(), seconds]).trim().parse().unwrap() };
    wait_for("a quiet moment", Duration::from_secs(25), || wakeups("4") == 0);
    wakeups("20")
}

const fn confirmed(status: Status) -> Icon {
    Icon { look: Look::Confirmed(status), badge: None }
}

/// Where its ink is. Wine paints a changed icon over the one before, without clearing the place.
#[track_caller]
fn see(icon: Icon) -> (usize, usize) {
    wait_for_some(&format!("the ink of {icon:?} on the screen"), SOON, || Screen::look().find_ink(icon))
}

/// Where it is, with nothing but the background between its ink: in a tray that is new.
#[track_caller]
fn see_alone(icon: Icon) -> (usize, usize) {
    see(icon);
    windows::tell("remove-icon");
    see_no(icon);
    windows::tell("new-taskbar");
    wait_for_some(&format!("{icon:?} on the screen"), SOON, || Screen::look().find(icon))
}

#[track_caller]
fn see_no(icon: Icon) {
    wait_for(&format!("{icon:?} to go"), SOON, || Screen::look().find_ink(icon).is_none());
}

/// Opens the menu of the icon there, and clicks the entry of this status: in Wine a menu takes no keys.
fn choose_in_the_menu((x, y): (usize, usize), status: Status) {
    /// In pixels, as Wine draws a menu: the border, an entry, a separator.
    const HEIGHTS: (usize, usize, usize) = (3, 17, 9);
    let (border, entry, separator) = HEIGHTS;
    rig::input(&["move", &x.to_string(), &y.to_string()]);
    rig::input(&["click", "right"]);
    let (left, top) = wait_for_some("the menu", SOON, windows::open_menu);
    // Whose menu it is, and a line, stand above the statuses.
    let row = Status::ALL.iter().position(|entry| *entry == status).unwrap();
    let place = top + border + entry + separator + row * entry + entry / 2;
    rig::input(&["move", &(left + 50).to_string(), &place.to_string()]);
    rig::input(&["click", "left"]);
}

/// No file of Windows holds the secret, the registry's encrypted credentials aside.
fn assert_no_secret_on_disk(portal: &FarPortal) {
    let webhook = portal.webhook();
    let places = [windows::profile(), windows::drive_c().parent().unwrap().join("user.reg")];
    let found = Command::new("grep").args(["-r", "-l", "-F", "-e", secret_of(&webhook)]).args(&places).output();
    let found = String::from_utf8(found.unwrap().stdout).unwrap();
    assert!(found.is_empty(), "the secret is in {found}");
}

/// The last segment of the webhook's address.
fn secret_of(webhook: &str) -> &str {
    webhook.trim_end_matches('/').rsplit('/').next().unwrap()
}
