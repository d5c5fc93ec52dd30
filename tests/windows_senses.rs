//! What Windows tells, on Windows or in Wine: the messages are sent to the program's own window as Windows sends them, the input is real.
#![cfg(windows)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use b24status::clock::{self, Timer, Woken};
use b24status::idle::{self, Attention, Inhibitors, Sighting, SourceName, Wish};
use b24status::messages;
use b24status::session::{self, LockSource, Occurrence, Session, SleepSource, Sources};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{INPUT, INPUT_0, INPUT_MOUSE, MOUSEEVENTF_MOVE, MOUSEINPUT, SendInput};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    PBT_APMRESUMEAUTOMATIC, PBT_APMRESUMESUSPEND, PBT_APMSUSPEND, SendMessageW, WM_CLOSE, WM_ENDSESSION, WM_POWERBROADCAST,
    WM_QUERYENDSESSION, WM_TIMECHANGE, WM_WTSSESSION_CHANGE, WTS_CONSOLE_CONNECT, WTS_CONSOLE_DISCONNECT, WTS_REMOTE_CONNECT,
    WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK, WTS_SESSION_UNLOCK,
};

const TOLD: Sources = Sources { lock: LockSource::System, sleep: SleepSource::System };
const SECOND: Duration = Duration::from_secs(1);
/// Machines are slow at times; what this stands for is far from it.
const SLACK: Duration = Duration::from_millis(700);
/// Nothing here waits that long unless something is broken.
const NEVER: Duration = Duration::from_secs(60);

// Lock

#[test]
fn a_lock_is_told_once_until_it_is_taken_back() {
    story(async {
        let mut watch = Watch::begin().await;
        for event in [WTS_SESSION_LOCK, WTS_SESSION_LOCK, WTS_SESSION_UNLOCK] {
            send(WM_WTSSESSION_CHANGE, event as usize);
        }
        assert_eq!(watch.all(), [Occurrence::Locked, Occurrence::Unlocked]);
    });
}

#[test]
fn a_remote_session_without_its_client_is_locked_until_it_is_connected_and_unlocked() {
    story(async {
        let mut watch = Watch::begin().await;
        send(WM_WTSSESSION_CHANGE, WTS_REMOTE_DISCONNECT as usize);
        assert_eq!(watch.all(), [Occurrence::Locked]);
        send(WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK as usize);
        send(WM_WTSSESSION_CHANGE, WTS_REMOTE_CONNECT as usize);
        assert_eq!(watch.all(), []);
        send(WM_WTSSESSION_CHANGE, WTS_SESSION_UNLOCK as usize);
        assert_eq!(watch.all(), [Occurrence::Unlocked]);
    });
}

#[test]
fn a_session_that_was_switched_away_from_is_locked_until_it_is_back() {
    story(async {
        let mut watch = Watch::begin().await;
        send(WM_WTSSESSION_CHANGE, WTS_CONSOLE_DISCONNECT as usize);
        send(WM_WTSSESSION_CHANGE, WTS_CONSOLE_CONNECT as usize);
        assert_eq!(watch.all(), [Occurrence::Locked, Occurrence::Unlocked]);
    });
}

// Sleep

#[test]
fn sleep_waits_until_it_is_allowed() {
    story(async {
        let mut watch = Watch::begin().await;
        let suspend = sent_elsewhere(WM_POWERBROADCAST, PBT_APMSUSPEND as usize);
        assert_eq!(watch.next().await, Occurrence::SleepAnnounced);
        assert!(!suspend.is_finished());
        watch.session.allow_sleep();
        let (_, waited) = answer(suspend).await;
        assert!(waited < SECOND, "{waited:?}");
        let (_, waited) = send(WM_POWERBROADCAST, PBT_APMSUSPEND as usize);
        assert!(waited < SECOND, "what is told again has no answer to wait for: {waited:?}");
        for event in [PBT_APMRESUMEAUTOMATIC, PBT_APMRESUMESUSPEND] {
            send(WM_POWERBROADCAST, event as usize);
        }
        assert_eq!(watch.all(), [Occurrence::Woke]);
    });
}

#[test]
fn sleep_waits_no_longer_than_windows_does_and_hears_others_meanwhile() {
    story(async {
        let mut watch = Watch::begin().await;
        let suspend = sent_elsewhere(WM_POWERBROADCAST, PBT_APMSUSPEND as usize);
        assert_eq!(watch.next().await, Occurrence::SleepAnnounced);
        // The tray may have something to do: orders are carried out, and a second announcement is not waited for.
        let (told, mut heard) = unbounded_channel();
        messages::window().unwrap().order(move |_| told.send(()).unwrap());
        assert_eq!(heard.recv().await, Some(()));
        assert!(send(WM_POWERBROADCAST, PBT_APMSUSPEND as usize).1 < SECOND);
        let (_, waited) = answer(suspend).await;
        assert!(waited > SECOND && waited < 2 * SECOND + SLACK, "{waited:?}");
        assert_eq!(watch.all(), []);
        send(WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC as usize);
        // Too late for that sleep, and not for the next.
        watch.session.allow_sleep();
        let suspend = sent_elsewhere(WM_POWERBROADCAST, PBT_APMSUSPEND as usize);
        assert_eq!([watch.next().await, watch.next().await], [Occurrence::Woke, Occurrence::SleepAnnounced]);
        assert!(tokio::time::timeout(SECOND, watch.next()).await.is_err());
        assert!(!suspend.is_finished());
        watch.session.allow_sleep();
        answer(suspend).await;
    });
}

// The end

#[test]
fn the_end_of_the_session_waits_until_the_app_has_ended() {
    story(async {
        let mut watch = Watch::begin().await;
        let (allowed, asked) = send(WM_QUERYENDSESSION, 0);
        assert!(allowed == 1 && asked < SECOND, "{allowed} {asked:?}");
        assert_eq!(watch.all(), []);
        let end = sent_elsewhere(WM_ENDSESSION, 1);
        assert_eq!(watch.next().await, Occurrence::Ending);
        assert!(tokio::time::timeout(SECOND, watch.next()).await.is_err());
        assert!(!end.is_finished());
        drop(watch);
        let (_, waited) = answer(end).await;
        assert!(waited >= SECOND && waited < SECOND + SLACK, "{waited:?}");
    });
}

#[test]
fn whoever_closes_the_window_asks_the_app_to_end() {
    story(async {
        let mut watch = Watch::begin().await;
        send(WM_CLOSE, 0);
        assert_eq!(watch.next().await, Occurrence::Ending);
    });
}

#[test]
fn the_end_of_the_session_waits_less_than_windows_does() {
    story(async {
        let mut watch = Watch::begin().await;
        let end = sent_elsewhere(WM_ENDSESSION, 1);
        assert_eq!(watch.next().await, Occurrence::Ending);
        let (_, waited) = answer(end).await;
        assert!(waited > 3 * SECOND && waited < 5 * SECOND, "{waited:?}");
    });
}

#[test]
fn an_end_that_was_called_off_is_none() {
    story(async {
        let mut watch = Watch::begin().await;
        assert_eq!(send(WM_QUERYENDSESSION, 0).0, 1);
        assert!(send(WM_ENDSESSION, 0).1 < SECOND);
        assert_eq!(watch.all(), []);
    });
}

// The clock

#[test]
fn a_clock_that_was_set_and_a_machine_that_woke_are_jumps_even_between_two_waits() {
    story(async {
        let mut timer = Timer::new().unwrap();
        assert!(tokio::time::timeout(SECOND / 10, timer.wait(None)).await.is_err());
        let jumps = [(WM_TIMECHANGE, 0), (WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC), (WM_POWERBROADCAST, PBT_APMRESUMESUSPEND)];
        for (message, event) in jumps {
            send(message, event as usize);
            assert_eq!(tokio::time::timeout(SECOND, timer.wait(None)).await, Ok(Woken::Jumped), "{message} {event}");
        }
        assert_eq!(timer.wait(Some(SECOND / 10)).await, Woken::Deadline);
        let waits = tokio::spawn(async move { timer.wait(Some(Duration::MAX)).await });
        tokio::task::yield_now().await;
        send(WM_TIMECHANGE, 0);
        assert_eq!(waits.await.unwrap(), Woken::Jumped);
    });
}

// Input

#[test]
fn windows_tells_when_input_stopped_and_when_it_came_back() {
    story(async {
        let (sightings, mut seen) = unbounded_channel();
        let after = 2 * SECOND;
        input();
        let begun = clock::now().uptime;
        let watcher = idle::watch(Wish { after, inhibitors: Inhibitors::Ignore }, sightings);
        assert_eq!(next(&mut seen).await, Sighting::Source(Ok(SourceName::LastInput)));
        let Sighting::Stopped { since } = next(&mut seen).await else { panic!("nothing stopped") };
        let told = clock::now().uptime - begun;
        assert!(since.uptime.abs_diff(begun) < SLACK, "since {:?}, input was {begun:?}", since.uptime);
        assert!(told >= after - SLACK && told < after + SLACK, "{told:?}");

        let back = Instant::now();
        input();
        assert_eq!(next(&mut seen).await, Sighting::Resumed);
        assert!(back.elapsed() < SECOND + SLACK, "{:?}", back.elapsed());
        watcher.expect_return();
        // The watcher takes that first.
        tokio::task::yield_now().await;
        input();
        assert_eq!(next(&mut seen).await, Sighting::Resumed);

        // Behind a lock nothing is looked at; what happened there is told at its end.
        assert!(matches!(next(&mut seen).await, Sighting::Stopped { .. }));
        watcher.heed(Attention::Resting);
        input();
        assert!(tokio::time::timeout(2 * SECOND, seen.recv()).await.is_err());
        watcher.heed(Attention::Full);
        assert_eq!(next(&mut seen).await, Sighting::Resumed);
    });
}

/// The session as it is told, from after its first word on.
struct Watch {
    session: Session,
    occurrences: UnboundedReceiver<Occurrence>,
}

impl Watch {
    async fn begin() -> Self {
        let (told, occurrences) = unbounded_channel();
        let mut watch = Self { session: session::watch(told), occurrences };
        assert_eq!(watch.next().await, Occurrence::Sources(TOLD));
        watch
    }

    async fn next(&mut self) -> Occurrence {
        tokio::time::timeout(NEVER, self.occurrences.recv()).await.unwrap().unwrap()
    }

    /// What was told so far: a message that was sent has been heard.
    fn all(&mut self) -> Vec<Occurrence> {
        std::iter::from_fn(|| self.occurrences.try_recv().ok()).collect()
    }
}

/// The answer, and how long it took.
fn send(message: u32, wparam: usize) -> (isize, Duration) {
    let begun = Instant::now();
    // SAFETY: the window is this process's, and these messages hold numbers only.
    let answer = unsafe { SendMessageW(messages::window().unwrap().handle(), message, wparam, 0) };
    (answer, begun.elapsed())
}

fn sent_elsewhere(message: u32, wparam: usize) -> JoinHandle<(isize, Duration)> {
    thread::spawn(move || send(message, wparam))
}

async fn answer(sent: JoinHandle<(isize, Duration)>) -> (isize, Duration) {
    tokio::task::spawn_blocking(|| sent.join().unwrap()).await.unwrap()
}

/// Moves the mouse a little.
fn input() {
    let mouse = MOUSEINPUT { dx: 1, dy: 0, mouseData: 0, dwFlags: MOUSEEVENTF_MOVE, time: 0, dwExtraInfo: 0 };
    let input = INPUT { r#type: INPUT_MOUSE, Anonymous: INPUT_0 { mi: mouse } };
    // SAFETY: one input of the size that is said.
    assert_eq!(unsafe { SendInput(1, &raw const input, size_of::<INPUT>() as i32) }, 1);
}

async fn next(seen: &mut UnboundedReceiver<Sighting>) -> Sighting {
    tokio::time::timeout(NEVER, seen.recv()).await.unwrap().unwrap()
}

/// One at a time: there is one window, and one person.
fn story(story: impl Future<Output = ()>) {
    let _alone = alone();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story);
}

fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
