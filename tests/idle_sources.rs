//! The idle sources against real desktops: an X server, sway, GNOME Shell; and against a fake of Mutter on a private bus.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test says what it expects by failing; its modules are parts of one program")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use b24status::clock;
use b24status::idle::{Inhibitors, Reason, Sighting, SourceName, Unusable, Watcher, Wish, watch};
use compositor::{Compositor, Watched as Asked};
use mutter::Mutter;
use support::{bus::Bus, rig};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use zbus::object_server::SignalEmitter;

mod support;

#[path = "support/compositor.rs"]
mod compositor;
#[path = "support/mutter.rs"]
mod mutter;

/// A desktop without anything that would keep it busy.
const BARE: &[(&str, &str)] = &[("TRAY", "none"), ("NOTIFY", "none"), ("KEYRING", "none"), ("BUS", "bare")];
const SECOND: Duration = Duration::from_secs(1);
/// Nothing here waits that long unless something is broken.
const NEVER: Duration = Duration::from_secs(3600);

#[test]
fn x11_tells_when_input_stopped_and_when_it_came_back() {
    inside(rig::X11, "x11_tells_when_input_stopped_and_when_it_came_back", async {
        tells_when_input_stopped_and_when_it_came_back(SourceName::X11).await;
    });
}

#[test]
fn sway_tells_when_input_stopped_and_when_it_came_back() {
    inside(rig::SWAY, "sway_tells_when_input_stopped_and_when_it_came_back", async {
        tells_when_input_stopped_and_when_it_came_back(SourceName::ExtIdle).await;
    });
}

#[test]
fn gnome_tells_when_input_stopped_and_when_it_came_back() {
    inside(rig::GNOME, "gnome_tells_when_input_stopped_and_when_it_came_back", async {
        tells_when_input_stopped_and_when_it_came_back(SourceName::Mutter).await;
    });
}

#[test]
fn x11_tells_of_a_silence_that_is_older_than_the_watcher() {
    inside(rig::X11, "x11_tells_of_a_silence_that_is_older_than_the_watcher", async {
        tells_of_a_silence_that_is_older_than_the_watcher(SourceName::X11).await;
    });
}

#[test]
fn gnome_tells_of_a_silence_that_is_older_than_the_watcher() {
    inside(rig::GNOME, "gnome_tells_of_a_silence_that_is_older_than_the_watcher", async {
        tells_of_a_silence_that_is_older_than_the_watcher(SourceName::Mutter).await;
    });
}

#[test]
fn x11_tells_of_an_expected_return_however_short_the_silence_before() {
    inside(rig::X11, "x11_tells_of_an_expected_return_however_short_the_silence_before", async {
        tells_of_an_expected_return_however_short_the_silence_before(SourceName::X11).await;
    });
}

#[test]
fn sway_tells_of_an_expected_return_however_short_the_silence_before() {
    inside(rig::SWAY, "sway_tells_of_an_expected_return_however_short_the_silence_before", async {
        tells_of_an_expected_return_however_short_the_silence_before(SourceName::ExtIdle).await;
    });
}

#[test]
fn gnome_tells_of_an_expected_return_however_short_the_silence_before() {
    inside(rig::GNOME, "gnome_tells_of_an_expected_return_however_short_the_silence_before", async {
        tells_of_an_expected_return_however_short_the_silence_before(SourceName::Mutter).await;
    });
}

#[test]
fn watching_x11_wakes_nobody() {
    inside(rig::X11, "watching_x11_wakes_nobody", async { watching_wakes_nobody(SourceName::X11).await });
}

#[test]
fn watching_sway_wakes_nobody() {
    inside(rig::SWAY, "watching_sway_wakes_nobody", async { watching_wakes_nobody(SourceName::ExtIdle).await });
}

#[test]
fn watching_gnome_wakes_nobody() {
    inside(rig::GNOME, "watching_gnome_wakes_nobody", async { watching_wakes_nobody(SourceName::Mutter).await });
}

#[test]
fn an_x11_counter_is_not_believed_inside_wayland() {
    rig::inside(rig::X11, BARE, "an_x11_counter_is_not_believed_inside_wayland", || {
        // In one runtime: the process has one connection to its bus.
        run(async {
            for sign in [("XDG_SESSION_TYPE", "wayland"), ("WAYLAND_DISPLAY", "wayland-7")] {
                set(sign.0, sign.1);
                let mut watched = Watched::begin(SECOND);
                let reasons = [
                    (SourceName::ExtIdle, Reason::Unreachable),
                    (SourceName::Mutter, Reason::NotOffered),
                    (SourceName::X11, Reason::InsideWayland),
                ];
                assert_eq!(watched.next().await, none(&reasons));
                input().await;
                watched.nothing_for(3 * SECOND).await;
            }
        });
    });
}

#[test]
fn without_any_desktop_every_reason_is_told_and_quiet_follows() {
    alone("without_any_desktop_every_reason_is_told_and_quiet_follows", || {
        run(async {
            let mut watched = Watched::begin(SECOND);
            let reasons = [SourceName::ExtIdle, SourceName::Mutter, SourceName::X11].map(|source| (source, Reason::Absent));
            assert_eq!(watched.next().await, none(&reasons));
            watched.watcher.expect_return();
            watched.watcher.change(Wish { after: SECOND, inhibitors: Inhibitors::Ignore });
            watched.nothing_for(SECOND).await;
        });
    });
}

#[test]
fn an_x_server_that_ends_and_comes_back_is_used_again() {
    alone("an_x_server_that_ends_and_comes_back_is_used_again", || {
        let Some(mut server) = XServer::start(None) else {
            return support::skip("an_x_server_that_ends_and_comes_back_is_used_again", "there is no Xvfb on this machine");
        };
        set("DISPLAY", &server.display);
        run(async {
            let mut watched = Watched::begin(SECOND);
            assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::X11)));
            watched.stopped().await;
            server.end();
            assert_eq!(watched.next().await, none(&[(SourceName::X11, Reason::Lost)]));
            let _server = XServer::start(Some(&server.display)).unwrap();
            assert_eq!(watched.found().await, SourceName::X11);
            server.input();
            assert_eq!(watched.next().await, Sighting::Resumed);
            watched.stopped().await;
        });
    });
}

#[test]
fn a_video_on_x11_is_presence_until_it_ends() {
    let test = "a_video_on_x11_is_presence_until_it_ends";
    alone(test, || {
        let Some(bus) = Bus::start(test) else { return };
        let Some(server) = XServer::start(None) else { return support::skip(test, "there is no Xvfb on this machine") };
        set("DBUS_SESSION_BUS_ADDRESS", bus.address());
        set("DISPLAY", &server.display);
        run(async {
            let desktop = bus.connect().await;
            let video = Arc::new(AtomicBool::new(true));
            desktop.object_server().at(PowerManagement::PATH, PowerManagement(Arc::clone(&video))).await.unwrap();
            desktop.request_name("org.freedesktop.PowerManagement").await.unwrap();
            let mut ignoring = Watched::wishing(Wish { after: SECOND, inhibitors: Inhibitors::Ignore });
            let mut watched = Watched::begin(SECOND);
            assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::X11)));
            assert_eq!(ignoring.next().await, Sighting::Source(Ok(SourceName::X11)));
            ignoring.stopped().await;
            watched.nothing_for(2 * SECOND).await;

            let ended = clock::now().uptime;
            video.store(false, Ordering::Relaxed);
            let emitter = SignalEmitter::new(&desktop, PowerManagement::PATH).unwrap();
            PowerManagement::has_inhibit_changed(&emitter, false).await.unwrap();
            let since = watched.stopped().await;
            assert!(since.abs_diff(ended) < SLACK, "ended at {ended:?}, told was {since:?}");
            server.input();
            assert_eq!(watched.next().await, Sighting::Resumed);

            // Whoever holds an inhibitor and moves the mouse is present too, and the silence after that counts.
            video.store(true, Ordering::Relaxed);
            watched.nothing_for(SECOND + SLACK).await;
            video.store(false, Ordering::Relaxed);
            server.input();
            watched.stopped().await;
        });
    });
}

#[test]
fn sway_that_ends_and_comes_back_is_used_again() {
    inside(rig::SWAY, "sway_that_ends_and_comes_back_is_used_again", async {
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::ExtIdle)));
        watched.stopped().await;
        let _ = Command::new("swaymsg").arg("exit").output().unwrap();
        assert_eq!(watched.next().await, none(&[(SourceName::ExtIdle, Reason::Lost)]));
        let configuration = rig::rigs().join("config/sway.conf");
        let sway =
            Command::new("sway").arg("-c").arg(configuration).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let _sway = Ended(sway.unwrap());
        assert_eq!(watched.found().await, SourceName::ExtIdle);
        // The rig's pointer ended with the first sway.
        let moved = Command::new("swaymsg").arg("seat seat0 cursor move 5 5").output().unwrap();
        assert!(moved.status.success(), "{moved:?}");
        assert_eq!(watched.next().await, Sighting::Resumed);
        watched.stopped().await;
    });
}

#[test]
fn a_new_shell_is_used_at_once() {
    on_a_bus("a_new_shell_is_used_at_once", async |bus| {
        let shell = Mutter::offered_on(bus.connect().await).await;
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::Mutter)));
        assert_eq!(shell.watched(), [Some(1000)]);
        shell.answer(&[1000]);
        shell.fall_silent().await;
        watched.stopped().await;
        assert_eq!(shell.watched(), [Some(1000), None]);

        shell.end().await;
        assert_eq!(watched.next().await, none(&[(SourceName::Mutter, Reason::Lost)]));
        // Long enough for the retries to be far apart.
        watched.nothing_but_reasons_for(Duration::from_millis(3200)).await;
        let begun = Instant::now();
        let shell = Mutter::offered_on(bus.connect().await).await;
        assert_eq!(watched.found().await, SourceName::Mutter);
        assert!(begun.elapsed() < SECOND, "{:?}", begun.elapsed());
        assert_eq!(shell.watched(), [Some(1000)]);

        shell.answer(&[0]);
        eventually(|| shell.watched() == [Some(1000), None]).await;
        shell.input().await;
        assert_eq!(watched.next().await, Sighting::Resumed);
        shell.answer(&[1200]);
        shell.fall_silent().await;
        watched.stopped().await;
        shell.input().await;
        assert_eq!(watched.next().await, Sighting::Resumed);
    });
}

#[test]
fn mutter_input_between_the_threshold_and_the_watch_for_it_is_no_absence() {
    on_a_bus("mutter_input_between_the_threshold_and_the_watch_for_it_is_no_absence", async |bus| {
        let shell = Mutter::offered_on(bus.connect().await).await;
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::Mutter)));
        eventually(|| shell.asked() == 1).await;
        shell.answer(&[1000, 5]);
        shell.fall_silent().await;
        eventually(|| shell.asked() == 3).await;
        shell.input().await;
        watched.nothing_for(SECOND / 5).await;
        shell.answer(&[1000]);
        shell.fall_silent().await;
        watched.stopped().await;
    });
}

#[test]
fn mutter_is_looked_at_only_when_the_threshold_could_be_reached_if_inhibitors_are_ignored() {
    on_a_bus("mutter_is_looked_at_only_when_the_threshold_could_be_reached_if_inhibitors_are_ignored", async |bus| {
        let shell = Mutter::offered_on(bus.connect().await).await;
        let mut watched = Watched::wishing(Wish { after: SECOND, inhibitors: Inhibitors::Ignore });
        shell.answer(&[400, 700, 1100]);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::Mutter)));
        let begun = Instant::now();
        let now = clock::now().uptime;
        let since = watched.stopped().await;
        // 600 ms after the first answer, 300 ms after the second; then once more, when the next input is sure to be told.
        assert!(begun.elapsed() >= Duration::from_millis(850) && begun.elapsed() < 2 * SECOND, "{:?}", begun.elapsed());
        assert_eq!(shell.asked(), 4);
        assert!(since < now, "{since:?}");
        assert_eq!(shell.watched(), [None]);
        shell.input().await;
        assert_eq!(watched.next().await, Sighting::Resumed);
        shell.answer(&[1000]);
        watched.stopped().await;
    });
}

#[test]
fn a_bus_that_ends_is_a_source_that_is_lost() {
    alone("a_bus_that_ends_is_a_source_that_is_lost", || {
        let Some(bus) = Bus::start("a_bus_that_ends_is_a_source_that_is_lost") else { return };
        set("DBUS_SESSION_BUS_ADDRESS", bus.address());
        run(async {
            let _shell = Mutter::offered_on(bus.connect().await).await;
            let mut watched = Watched::begin(SECOND);
            assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::Mutter)));
            drop(bus);
            assert_eq!(watched.next().await, none(&[(SourceName::Mutter, Reason::Lost)]));
            let reasons = [SourceName::ExtIdle, SourceName::Mutter, SourceName::X11].map(|source| (source, Reason::Absent));
            assert_eq!(watched.next().await, none(&reasons));
        });
    });
}

#[test]
fn one_seat_in_use_is_somebody_present() {
    at_a_compositor("one_seat_in_use_is_somebody_present", 2, Some(2), async |compositor| {
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::ExtIdle)));
        eventually(|| compositor.watched(0) == [Asked::Activity(1000)] && compositor.watched(1) == [Asked::Activity(1000)]).await;
        compositor.silence(0, 1000);
        watched.nothing_for(SECOND / 10).await;
        compositor.silence(1, 1000);
        watched.stopped().await;
        compositor.input(1);
        assert_eq!(watched.next().await, Sighting::Resumed);
        compositor.input(0);
        watched.nothing_for(SECOND / 10).await;
    });
}

#[test]
fn seats_come_and_go() {
    at_a_compositor("seats_come_and_go", 0, Some(1), async |compositor| {
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::ExtIdle)));
        watched.nothing_for(SECOND / 10).await;
        compositor.add_seat();
        eventually(|| compositor.watched(0) == [Asked::Activity(1000)]).await;
        compositor.silence(0, 1000);
        watched.stopped().await;

        // A seat that comes during an absence is nobody yet; its first input is a return.
        compositor.add_seat();
        eventually(|| compositor.watched(1) == [Asked::Activity(1000), Asked::Activity(1)]).await;
        compositor.silence(1, 1);
        watched.nothing_for(SECOND / 10).await;
        compositor.input(1);
        assert_eq!(watched.next().await, Sighting::Resumed);
        eventually(|| compositor.watched(1) == [Asked::Activity(1000)]).await;

        // Whoever takes the seat away is here: the other one, silent all the time, is timed anew.
        compositor.remove_seat(1);
        eventually(|| compositor.watched(1).is_empty()).await;
        watched.nothing_for(SECOND / 10).await;
        eventually(|| compositor.watched(0) == [Asked::Activity(1000)]).await;
        compositor.silence(0, 1000);
        watched.stopped().await;
        compositor.input(0);
        assert_eq!(watched.next().await, Sighting::Resumed);
    });
}

#[test]
fn a_video_is_presence_unless_inhibitors_are_ignored() {
    at_a_compositor("a_video_is_presence_unless_inhibitors_are_ignored", 1, Some(2), async |compositor| {
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::ExtIdle)));
        eventually(|| compositor.watched(0) == [Asked::Activity(1000)]).await;
        compositor.inhibit(true);
        compositor.silence(0, 1000);
        watched.nothing_for(SECOND / 10).await;
        watched.watcher.change(Wish { after: 2 * SECOND, inhibitors: Inhibitors::Ignore });
        eventually(|| compositor.watched(0) == [Asked::Input(2000)]).await;
        compositor.silence(0, 2000);
        watched.stopped().await;
    });
}

#[test]
fn version_1_of_the_notifier_respects_inhibitors_whatever_is_wished() {
    at_a_compositor("version_1_of_the_notifier_respects_inhibitors_whatever_is_wished", 1, Some(1), async |compositor| {
        let _watched = Watched::wishing(Wish { after: SECOND, inhibitors: Inhibitors::Ignore });
        eventually(|| compositor.watched(0) == [Asked::Activity(1000)]).await;
    });
}

#[test]
fn a_video_does_not_hide_an_expected_return() {
    at_a_compositor("a_video_does_not_hide_an_expected_return", 1, Some(2), async |compositor| {
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::ExtIdle)));
        compositor.inhibit(true);
        watched.watcher.expect_return();
        watched.watcher.expect_return();
        eventually(|| compositor.watched(0) == [Asked::Activity(1000), Asked::Input(1)]).await;
        compositor.silence(0, 1);
        compositor.input(0);
        assert_eq!(watched.next().await, Sighting::Resumed);
        eventually(|| compositor.watched(0) == [Asked::Activity(1000)]).await;
    });
}

#[test]
fn a_change_during_an_absence_keeps_it_until_the_very_next_input() {
    at_a_compositor("a_change_during_an_absence_keeps_it_until_the_very_next_input", 1, Some(2), async |compositor| {
        let mut watched = Watched::begin(SECOND);
        assert_eq!(watched.next().await, Sighting::Source(Ok(SourceName::ExtIdle)));
        eventually(|| compositor.watched(0) == [Asked::Activity(1000)]).await;
        compositor.silence(0, 1000);
        watched.stopped().await;
        watched.watcher.change(Wish { after: 5 * SECOND, inhibitors: Inhibitors::Respect });
        eventually(|| compositor.watched(0) == [Asked::Activity(5000), Asked::Input(1)]).await;
        compositor.silence(0, 1);
        watched.nothing_for(SECOND / 10).await;
        compositor.input(0);
        assert_eq!(watched.next().await, Sighting::Resumed);
    });
}

#[test]
fn a_compositor_without_the_protocol_is_no_source() {
    at_a_compositor("a_compositor_without_the_protocol_is_no_source", 1, None, async |_| {
        let mut watched = Watched::begin(SECOND);
        let reasons =
            [(SourceName::ExtIdle, Reason::NotOffered), (SourceName::Mutter, Reason::Absent), (SourceName::X11, Reason::InsideWayland)];
        assert_eq!(watched.next().await, none(&reasons));
    });
}

#[test]
fn a_compositor_that_hangs_is_waited_for_in_vain_but_not_for_ever() {
    alone("a_compositor_that_hangs_is_waited_for_in_vain_but_not_for_ever", || {
        let path = std::path::PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR").unwrap()).join("wayland-0");
        let _hanging = std::os::unix::net::UnixListener::bind(path).unwrap();
        set("WAYLAND_DISPLAY", "wayland-0");
        run(async {
            let mut watched = Watched::begin(SECOND);
            let reasons = [
                (SourceName::ExtIdle, Reason::Unreachable),
                (SourceName::Mutter, Reason::Absent),
                (SourceName::X11, Reason::InsideWayland),
            ];
            assert_eq!(watched.next().await, none(&reasons));
        });
    });
}

async fn tells_when_input_stopped_and_when_it_came_back(source: SourceName) {
    let mut watched = Watched::begin(SECOND);
    assert_eq!(watched.next().await, Sighting::Source(Ok(source)));
    for _ in 0..3 {
        let before = clock::now().uptime;
        input().await;
        let after = clock::now().uptime;
        watched.drain();
        let since = watched.stopped().await;
        assert!(since >= before && since <= after + SLACK, "the last input was at {before:?} to {after:?}, told was {since:?}");
        input().await;
        // Once the desktop has taken it: how long a busy machine needs to press a key is not the promise.
        let returned = Instant::now();
        assert_eq!(watched.next().await, Sighting::Resumed);
        assert!(returned.elapsed() < SECOND, "{:?}", returned.elapsed());
    }
}

async fn tells_of_a_silence_that_is_older_than_the_watcher(source: SourceName) {
    let mut first = Watched::begin(SECOND);
    assert_eq!(first.next().await, Sighting::Source(Ok(source)));
    input().await;
    first.drain();
    let since = first.stopped().await;
    let begun = Instant::now();
    let mut second = Watched::begin(SECOND / 2);
    assert_eq!(second.next().await, Sighting::Source(Ok(source)));
    let told = second.stopped().await;
    assert!(begun.elapsed() < 3 * SECOND, "{:?}", begun.elapsed());
    assert!(told.abs_diff(since) < SLACK, "{told:?} {since:?}");
    input().await;
    assert_eq!(second.next().await, Sighting::Resumed);
}

async fn tells_of_an_expected_return_however_short_the_silence_before(source: SourceName) {
    let mut watched = Watched::begin(NEVER);
    assert_eq!(watched.next().await, Sighting::Source(Ok(source)));
    for silence in [0, 1, 3, 8, 10, 12, 20, 50, 400].map(Duration::from_millis) {
        if source == SourceName::Mutter && silence < Duration::from_millis(100) {
            // The rig's input is on its way for a moment after the shell has taken it.
            continue;
        }
        input().await;
        tokio::time::sleep(silence).await;
        watched.watcher.expect_return();
        watched.nothing_for(Duration::from_millis(200)).await;
        input().await;
        // Once the desktop has taken it: how long a busy machine needs to press a key is not the promise.
        let returned = Instant::now();
        assert_eq!(watched.next().await, Sighting::Resumed, "after {silence:?}");
        assert!(returned.elapsed() < SECOND, "{:?}", returned.elapsed());
        input().await;
        watched.nothing_for(Duration::from_millis(100)).await;
    }
}

/// Neither while nothing happens nor while somebody works.
async fn watching_wakes_nobody(source: SourceName) {
    let mut watched = Watched::begin(NEVER);
    assert_eq!(watched.next().await, Sighting::Source(Ok(source)));
    watched.watcher.expect_return();
    watched.nothing_for(SECOND / 5).await;
    input().await;
    assert_eq!(watched.next().await, Sighting::Resumed);
    watched.nothing_for(SECOND).await;
    let (report, mut reported) = unbounded_channel();
    std::thread::spawn(move || {
        let before = switches();
        std::thread::sleep(2 * SECOND);
        (0..10).for_each(|_| move_pointer());
        report.send((before, switches())).unwrap();
    });
    let (before, after) = reported.recv().await.unwrap();
    let woken: u64 = after.iter().filter_map(|(thread, switches)| Some(switches - before.get(thread)?)).sum();
    assert_eq!(woken, 0, "wake-ups");
}

/// How exact a busy machine is; less than any threshold here, so that "now" is never taken for the last input.
const SLACK: Duration = Duration::from_millis(500);

/// A watcher and what it tells.
struct Watched {
    watcher: Watcher,
    sightings: UnboundedReceiver<Sighting>,
}

impl Watched {
    fn begin(after: Duration) -> Self {
        Self::wishing(Wish { after, inhibitors: Inhibitors::Respect })
    }

    fn wishing(wish: Wish) -> Self {
        let (sender, sightings) = unbounded_channel();
        Self { watcher: watch(wish, sender), sightings }
    }

    async fn next(&mut self) -> Sighting {
        tokio::time::timeout(Duration::from_secs(15), self.sightings.recv()).await.expect("nothing was seen").unwrap()
    }

    /// The uptime of the last input.
    async fn stopped(&mut self) -> Duration {
        let Sighting::Stopped { since } = self.next().await else { panic!("something else was seen") };
        since.uptime
    }

    /// The next source; until then there may be reasons why there is none.
    async fn found(&mut self) -> SourceName {
        loop {
            match self.next().await {
                Sighting::Source(Ok(source)) => return source,
                Sighting::Source(Err(_)) => {}
                other @ (Sighting::Stopped { .. } | Sighting::Resumed) => panic!("{other:?}"),
            }
        }
    }

    async fn nothing_but_reasons_for(&mut self, time: Duration) {
        let end = tokio::time::Instant::now() + time;
        while let Ok(sighting) = tokio::time::timeout_at(end, self.sightings.recv()).await {
            assert!(matches!(sighting, Some(Sighting::Source(Err(_)))), "{sighting:?}");
        }
    }

    async fn nothing_for(&mut self, time: Duration) {
        if let Ok(sighting) = tokio::time::timeout(time, self.sightings.recv()).await {
            panic!("{sighting:?}");
        }
    }

    fn drain(&mut self) {
        while self.sightings.try_recv().is_ok() {}
    }
}

/// Runs the body in a bare session of the rig, on a runtime like the app's.
#[track_caller]
fn inside(rig: &str, test: &str, body: impl Future<Output = ()>) {
    rig::inside(rig, BARE, test, || run(body));
}

fn run(body: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(body);
}

/// Runs the body in a process of its own, which has no desktop but what the body makes.
#[track_caller]
fn alone(test: &str, body: impl FnOnce()) {
    const MARKER: &str = "B24STATUS_TEST_ALONE";
    if std::env::var_os(MARKER).is_some_and(|marked| marked == test) {
        return body();
    }
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS"] {
        command.env_remove(variable);
    }
    command.env(MARKER, test).env("XDG_RUNTIME_DIR", directory.path());
    let output = command.args(["--exact", test, "--nocapture", "--test-threads=1"]).stderr(Stdio::inherit()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{test} failed in its own process:\n{text}");
}

/// Runs the body alone with a private session bus.
#[track_caller]
fn on_a_bus(test: &str, body: impl AsyncFnOnce(&Bus)) {
    alone(test, || {
        let Some(bus) = Bus::start(test) else { return };
        set("DBUS_SESSION_BUS_ADDRESS", bus.address());
        run(body(&bus));
    });
}

/// Runs the body alone at a fake compositor.
#[track_caller]
fn at_a_compositor(test: &str, seats: usize, notifier: Option<u32>, body: impl AsyncFnOnce(&Compositor)) {
    alone(test, || {
        let path = std::path::PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR").unwrap()).join("wayland-0");
        set("WAYLAND_DISPLAY", "wayland-0");
        run(async { body(&Compositor::listening_at(&path, seats, notifier)).await });
    });
}

fn set(variable: &str, value: &str) {
    // SAFETY: called in a process that runs one test, before that starts a runtime or a thread.
    unsafe { std::env::set_var(variable, value) };
}

fn none(reasons: &[(SourceName, Reason)]) -> Sighting {
    Sighting::Source(Err(reasons.iter().map(|&(source, reason)| Unusable { source, reason }).collect()))
}

/// Until something holds that comes by itself.
async fn eventually(condition: impl Fn() -> bool) {
    let limit = Instant::now() + 10 * SECOND;
    while !condition() {
        assert!(Instant::now() < limit, "waited in vain");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A process that ends with the value.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What keeps the list of inhibitors on Xfce and KDE.
struct PowerManagement(Arc<AtomicBool>);

impl PowerManagement {
    const PATH: &str = "/org/freedesktop/PowerManagement/Inhibit";
}

#[zbus::interface(name = "org.freedesktop.PowerManagement.Inhibit")]
impl PowerManagement {
    fn has_inhibit(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    #[zbus(signal)]
    async fn has_inhibit_changed(emitter: &SignalEmitter<'_>, held: bool) -> zbus::Result<()>;
}

/// An X server without anything else.
struct XServer {
    server: Ended,
    display: String,
}

impl XServer {
    /// `None` where there is no Xvfb.
    fn start(display: Option<&str>) -> Option<Self> {
        let mut command = Command::new("Xvfb");
        command.args(display).args(["-displayfd", "1", "-nolisten", "tcp", "-noreset"]);
        let mut server = Ended(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?);
        let mut number = String::new();
        BufReader::new(server.0.stdout.take()?).read_line(&mut number).unwrap();
        Some(Self { server, display: format!(":{}", number.trim()) })
    }

    fn input(&self) {
        let moved = Command::new("xdotool").args(["mousemove", "5", "5", "mousemove", "9", "9"]).env("DISPLAY", &self.display).status();
        assert!(moved.unwrap().success());
    }

    fn end(&mut self) {
        self.server.0.kill().unwrap();
        self.server.0.wait().unwrap();
    }
}

/// Real input, in whichever desktop this is.
async fn input() {
    tokio::task::spawn_blocking(move_pointer).await.unwrap();
}

/// To and fro.
fn move_pointer() {
    static STEP: AtomicU32 = AtomicU32::new(0);
    let x = 300 + 40 * (STEP.fetch_add(1, Ordering::Relaxed) % 2);
    rig::input(&["move", &x.to_string(), "300"]);
}

/// Context switches of each thread but this one.
fn switches() -> HashMap<String, u64> {
    let this = std::fs::read_link("/proc/thread-self").unwrap();
    let threads = std::fs::read_dir("/proc/self/task").unwrap().map(|entry| entry.unwrap().path());
    let others = threads.filter(|thread| thread.file_name() != this.file_name());
    others
        .filter_map(|thread| Some((thread.display().to_string(), switches_of(&std::fs::read_to_string(thread.join("status")).ok()?))))
        .collect()
}

fn switches_of(status: &str) -> u64 {
    let counts = status.lines().filter_map(|line| line.split_once("_ctxt_switches:")).map(|(_, count)| count.trim());
    counts.map(|count| count.parse::<u64>().unwrap()).sum()
}
