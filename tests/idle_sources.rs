//! The idle sources against real desktops: an X server, sway, GNOME Shell; and against a fake of Mutter on a private bus.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::time::{Duration, Instant};

use b24status::clock;
use b24status::idle::{Inhibitors, Sighting, SourceName, Watcher, Wish, watch};
use support::rig;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

mod support;

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
        let returned = Instant::now();
        input().await;
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
    assert!(begun.elapsed() < SECOND / 2, "{:?}", begun.elapsed());
    assert!(told.abs_diff(since) < SLACK, "{told:?} {since:?}");
    input().await;
    assert_eq!(second.next().await, Sighting::Resumed);
}

async fn tells_of_an_expected_return_however_short_the_silence_before(source: SourceName) {
    let mut watched = Watched::begin(NEVER);
    assert_eq!(watched.next().await, Sighting::Source(Ok(source)));
    for silence in [0, 1, 3, 8, 10, 12, 20, 50, 400].map(Duration::from_millis) {
        input().await;
        tokio::time::sleep(silence).await;
        watched.watcher.expect_return();
        watched.nothing_for(Duration::from_millis(200)).await;
        let returned = Instant::now();
        input().await;
        assert_eq!(watched.next().await, Sighting::Resumed, "after {silence:?}");
        assert!(returned.elapsed() < SECOND, "{:?}", returned.elapsed());
        input().await;
        watched.nothing_for(Duration::from_millis(100)).await;
    }
}

async fn watching_wakes_nobody(source: SourceName) {
    let mut watched = Watched::begin(NEVER);
    assert_eq!(watched.next().await, Sighting::Source(Ok(source)));
    input().await;
    watched.nothing_for(SECOND).await;
    let (report, mut reported) = unbounded_channel();
    std::thread::spawn(move || {
        let before = switches();
        std::thread::sleep(3 * SECOND);
        report.send((before, switches())).unwrap();
    });
    let (before, after) = reported.recv().await.unwrap();
    let woken: u64 = after.iter().filter_map(|(thread, switches)| Some(switches - before.get(thread)?)).sum();
    // The runtime wakes once, to take the report.
    assert!(woken <= 1, "{woken} wake-ups in three seconds");
}

/// How exact a counter in milliseconds and a busy machine are.
const SLACK: Duration = Duration::from_millis(150);

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

/// Real input, in whichever desktop this is. The pointer goes to and fro.
async fn input() {
    tokio::task::spawn_blocking(|| {
        use std::sync::atomic::{AtomicU32, Ordering};
        static STEP: AtomicU32 = AtomicU32::new(0);
        let x = 300 + 40 * (STEP.fetch_add(1, Ordering::Relaxed) % 2);
        rig::input(&["move", &x.to_string(), "300"]);
    })
    .await
    .unwrap();
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
