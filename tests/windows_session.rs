//! The real program of Windows, run in Wine, with its tray and its messages. Only the portal is ours, and what nobody can do to Wine (lock it, end the session) is told to the app's window by a program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here is one of the test")]

mod support;

use std::time::{Duration, Instant};

use b24status::presence::Status;
use b24status::tray::{Icon, Look};
use support::app::App;
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
fn who_locks_suspends_or_disconnects_is_idle_and_no_mark_outlives_the_session() {
    windows::inside("who_locks_suspends_or_disconnects_is_idle_and_no_mark_outlives_the_session", || {
        let mut demo = App::start_demo();
        see(ONLINE);
        for (round, (gone, back)) in [("lock", "unlock"), ("suspend", "resume")].into_iter().enumerate() {
            windows::tell(gone);
            wait_for(&format!("idle.start after {gone}"), SOON, || requests(&demo, "idle.start") == round + 1);
            windows::tell(back);
            wait_for(&format!("idle.end after {back} and input"), SOON, || {
                rig::input(&["move", "400", "400"]);
                rig::input(&["key", "Shift_L"]);
                requests(&demo, "idle.end") == round + 1
            });
        }
        windows::tell("disconnect");
        wait_for("idle.start after the end of a remote session", SOON, || requests(&demo, "idle.start") == 3);
        let asked = Instant::now();
        windows::tell("end-session");
        assert!(asked.elapsed() < GRANTED, "Windows was kept waiting");
        demo.wait_for_end();
        assert_eq!(requests(&demo, "idle.end"), 3, "{}", demo.log());
    });
}

/// The requests that the demo's portal has seen, by the ends of their names.
fn requests(demo: &App, method: &str) -> usize {
    demo.log().matches(&format!("(im.user.status.{method}")).count()
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
