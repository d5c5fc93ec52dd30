//! Somebody at work on a real desktop, of Linux or of Windows: signed in, and marked idle after the shortest absence that can be set.

use std::time::{Duration, SystemTime};

use b24status::presence::Status;

use super::app::{self, App};
use super::far_portal::FarPortal;
use super::rig;

/// The shortest absence, and time for a busy machine.
const A_MINUTE: Duration = Duration::from_secs(80);
/// Until something arrives that needs nobody's minute.
const SOON: Duration = Duration::from_secs(10);

/// Somebody who is online, marked idle after a minute, and signed in.
pub fn at_work() -> (FarPortal, App) {
    app::write_settings("[automation]\nmark_idle = true\nidle_minutes = 1\n");
    let portal = FarPortal::start();
    portal.portal().change_elsewhere(Status::Online);
    app::succeed(&["login", "--webhook", "-"], &portal.webhook());
    let app = App::start();
    app.wait_for_status("status", "online");
    app.wait_for_status("confirmed", true);
    portal.forget_calls();
    (portal, app)
}

/// Nobody touches anything from now on, until the app has marked idle; then somebody is back, which is seen within that time.
#[track_caller]
pub fn leaves_for_a_minute_and_is_back(portal: &FarPortal, app: &App, within: Duration) {
    let start = portal.next_call("im.user.status.idle.start", A_MINUTE);
    assert_eq!(start.parameters["AGO"].to_string().trim_matches('"'), "1");
    app.wait_for_status("idle_reason", "input");
    assert_eq!(app.status().unwrap()["status"], "online", "idle is beside the status");

    rig::input(&["key", "Shift_L"]);
    // Once the desktop has taken it: how long a busy machine needs to press a key is not the promise.
    let back = SystemTime::now();
    let end = portal.next_call("im.user.status.idle.end", SOON);
    let took = end.at.duration_since(back).unwrap_or_default();
    assert!(took < within, "the return was seen after {took:?}");
    app.wait_for_status("idle", false);
}
