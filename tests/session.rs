//! Lock, sleep and the end of a session, on private buses: the watch is the real one, logind and the screensavers are played by the test.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use b24status::bus;
use b24status::session::{LockSource, Occurrence, Session, SleepSource, Sources, watch, watch_on};
use rustix::process::Signal;
use support::bus::Bus;
use support::rig;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{self, ObjectPath, OwnedObjectPath, Value};
use zbus::{Connection, fdo};

const UNTOLD: Sources = Sources { lock: LockSource::Untold, sleep: SleepSource::Delayed };
const TOLD: Sources = Sources { lock: LockSource::LoginService, sleep: SleepSource::Delayed };
const NOTHING: Sources = Sources { lock: LockSource::Absent, sleep: SleepSource::Absent };
const GNOME: &str = "org.gnome.ScreenSaver";

#[tokio::test]
async fn without_anybody_to_ask_that_is_told_and_nothing_else() {
    let Some(stage) = Stage::set("without_anybody_to_ask_that_is_told_and_nothing_else") else { return };
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
    assert!(watch.occurrences.try_recv().is_err());
}

#[tokio::test]
async fn without_any_bus_that_is_told() {
    let mut watch = Watch::on(&bus::Bus::at("unix:path=/nowhere/session", "unix:path=/nowhere/system"));
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
    assert!(watch.occurrences.try_recv().is_err());
}

#[tokio::test]
async fn a_lock_hint_is_a_lock_until_it_is_taken_back() {
    let Some(stage) = Stage::set("a_lock_hint_is_a_lock_until_it_is_taken_back") else { return };
    let logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    logind.set_hint(Hint::Locked).await;
    assert_eq!(watch.next().await, Occurrence::Sources(TOLD));
    assert_eq!(watch.next().await, Occurrence::Locked);
    logind.set_hint(Hint::Unlocked).await;
    assert_eq!(watch.next().await, Occurrence::Unlocked);
}

#[tokio::test]
async fn a_session_that_is_locked_already_is_told_at_the_start() {
    let Some(stage) = Stage::set("a_session_that_is_locked_already_is_told_at_the_start") else { return };
    let _logind = Logind::start(&stage, Hint::Locked).await;
    let mut watch = stage.watch();
    assert_eq!(sorted(watch.next().await, watch.next().await), [Occurrence::Locked, Occurrence::Sources(TOLD)]);
}

#[tokio::test]
async fn a_request_to_lock_is_no_lock() {
    let Some(stage) = Stage::set("a_request_to_lock_is_no_lock") else { return };
    let logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    logind.session_signal("Lock").await;
    logind.set_hint(Hint::Locked).await;
    assert_eq!(watch.next().await, Occurrence::Sources(TOLD));
    assert_eq!(watch.next().await, Occurrence::Locked);
}

#[tokio::test]
async fn a_request_to_unlock_frees_a_hint_that_was_left_behind() {
    let Some(stage) = Stage::set("a_request_to_unlock_frees_a_hint_that_was_left_behind") else { return };
    let logind = Logind::start(&stage, Hint::Locked).await;
    let mut watch = stage.watch();
    watch.until(&Occurrence::Locked).await;
    logind.session_signal("Unlock").await;
    watch.until(&Occurrence::Unlocked).await;
}

#[tokio::test]
async fn the_lock_of_somebody_elses_session_is_not_ours() {
    let Some(stage) = Stage::set("the_lock_of_somebody_elses_session_is_not_ours") else { return };
    let logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    logind.tell_hint("/org/freedesktop/login1/session/other", Hint::Locked).await;
    logind.set_hint(Hint::Locked).await;
    assert_eq!(watch.next().await, Occurrence::Sources(TOLD));
    assert_eq!(watch.next().await, Occurrence::Locked);
    logind.tell_hint("/org/freedesktop/login1/session/other", Hint::Unlocked).await;
    logind.set_hint(Hint::Unlocked).await;
    assert_eq!(watch.next().await, Occurrence::Unlocked);
    assert!(watch.occurrences.try_recv().is_err());
}

#[tokio::test]
async fn sleep_waits_until_it_is_allowed_and_the_next_one_waits_too() {
    let Some(stage) = Stage::set("sleep_waits_until_it_is_allowed_and_the_next_one_waits_too") else { return };
    let mut logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    let first = logind.next_inhibitor().await;
    assert_eq!(first.words, ["sleep", "delay"]);
    watch.session.allow_sleep();
    assert!(first.is_held(), "nothing was announced");
    let mut inhibitor = first;
    for _ in 0..3 {
        logind.prepare_for_sleep(Phase::Before).await;
        assert_eq!(watch.next().await, Occurrence::SleepAnnounced);
        assert!(inhibitor.is_held());
        watch.session.allow_sleep();
        assert!(!inhibitor.is_held());
        logind.prepare_for_sleep(Phase::After).await;
        assert_eq!(watch.next().await, Occurrence::Woke);
        inhibitor = logind.next_inhibitor().await;
        assert!(inhibitor.is_held());
    }
}

#[tokio::test]
async fn a_sleep_that_cannot_be_delayed_is_announced_all_the_same() {
    let Some(stage) = Stage::set("a_sleep_that_cannot_be_delayed_is_announced_all_the_same") else { return };
    let logind = Logind::start_without_delay(&stage).await;
    let mut watch = stage.watch();
    let sources = Sources { lock: LockSource::Untold, sleep: SleepSource::Announced };
    assert_eq!(watch.next().await, Occurrence::Sources(sources));
    logind.prepare_for_sleep(Phase::Before).await;
    assert_eq!(watch.next().await, Occurrence::SleepAnnounced);
    watch.session.allow_sleep();
    logind.prepare_for_sleep(Phase::After).await;
    assert_eq!(watch.next().await, Occurrence::Woke);
}

#[tokio::test]
async fn a_sleep_that_is_under_way_already_is_told_at_the_start() {
    let Some(stage) = Stage::set("a_sleep_that_is_under_way_already_is_told_at_the_start") else { return };
    let logind = Logind::start_while_the_machine_falls_asleep(&stage).await;
    let mut watch = stage.watch();
    let sources = Occurrence::Sources(Sources { lock: LockSource::Untold, sleep: SleepSource::Announced });
    assert_eq!(sorted(watch.next().await, watch.next().await), [Occurrence::SleepAnnounced, sources]);
    logind.prepare_for_sleep(Phase::After).await;
    assert_eq!(watch.next().await, Occurrence::Woke);
}

#[tokio::test]
async fn a_restarted_login_service_is_followed_again() {
    let Some(stage) = Stage::set("a_restarted_login_service_is_followed_again") else { return };
    let logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    logind.end().await;
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
    let mut logind = Logind::start(&stage, Hint::Locked).await;
    assert!(logind.next_inhibitor().await.is_held());
    watch.until(&Occurrence::Locked).await;
    logind.prepare_for_sleep(Phase::Before).await;
    watch.until(&Occurrence::SleepAnnounced).await;
}

#[tokio::test]
async fn a_login_service_that_went_away_during_sleep_ends_the_sleep_when_it_is_back() {
    let Some(stage) = Stage::set("a_login_service_that_went_away_during_sleep_ends_the_sleep_when_it_is_back") else { return };
    let logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    logind.prepare_for_sleep(Phase::Before).await;
    assert_eq!(watch.next().await, Occurrence::SleepAnnounced);
    logind.end().await;
    let _logind = Logind::start(&stage, Hint::Unlocked).await;
    watch.until(&Occurrence::Woke).await;
}

#[tokio::test]
async fn shutdown_and_the_removal_of_the_session_are_its_end() {
    let Some(stage) = Stage::set("shutdown_and_the_removal_of_the_session_are_its_end") else { return };
    let logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    logind.session_removed("/org/freedesktop/login1/session/other").await;
    logind.prepare_for_sleep(Phase::Before).await;
    assert_eq!(watch.next().await, Occurrence::SleepAnnounced);
    logind.session_removed(SESSION).await;
    assert_eq!(watch.next().await, Occurrence::Ending);
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    logind.prepare_for_shutdown().await;
    assert_eq!(watch.next().await, Occurrence::Ending);
}

#[tokio::test]
async fn a_screensaver_is_a_lock_while_it_covers_the_screen() {
    let Some(stage) = Stage::set("a_screensaver_is_a_lock_while_it_covers_the_screen") else { return };
    let screensaver = Screensaver::start(&stage, Cover::Gone).await;
    let mut watch = stage.watch();
    let sources = Sources { lock: LockSource::Screensaver(GNOME), sleep: SleepSource::Absent };
    assert_eq!(watch.next().await, Occurrence::Sources(sources));
    screensaver.set(Cover::Shown).await;
    assert_eq!(watch.next().await, Occurrence::Locked);
    screensaver.set(Cover::Gone).await;
    assert_eq!(watch.next().await, Occurrence::Unlocked);
}

#[tokio::test]
async fn a_screensaver_that_covers_the_screen_already_is_told_at_the_start() {
    let Some(stage) = Stage::set("a_screensaver_that_covers_the_screen_already_is_told_at_the_start") else { return };
    let _screensaver = Screensaver::start(&stage, Cover::Shown).await;
    stage.watch().until(&Occurrence::Locked).await;
}

#[tokio::test]
async fn a_screensaver_may_come_late_and_covers_nothing_once_it_ended() {
    let Some(stage) = Stage::set("a_screensaver_may_come_late_and_covers_nothing_once_it_ended") else { return };
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
    let screensaver = Screensaver::start(&stage, Cover::Shown).await;
    watch.until(&Occurrence::Locked).await;
    screensaver.connection.close().await.unwrap();
    watch.until(&Occurrence::Unlocked).await;
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
}

#[tokio::test]
async fn the_end_of_the_session_bus_is_the_end_of_the_session() {
    let Some(stage) = Stage::set("the_end_of_the_session_bus_is_the_end_of_the_session") else { return };
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
    drop(stage.session);
    assert_eq!(watch.next().await, Occurrence::Ending);
}

#[tokio::test]
async fn the_end_of_the_system_bus_is_told_and_survived() {
    let Some(stage) = Stage::set("the_end_of_the_system_bus_is_told_and_survived") else { return };
    let _logind = Logind::start(&stage, Hint::Unlocked).await;
    let mut watch = stage.watch();
    assert_eq!(watch.next().await, Occurrence::Sources(UNTOLD));
    drop(stage.system);
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
}

#[test]
fn each_signal_that_asks_to_end_is_the_end() {
    const TEST: &str = "each_signal_that_asks_to_end_is_the_end";
    const MARKER: &str = "B24STATUS_TEST_SIGNAL";
    if let Ok(number) = std::env::var(MARKER) {
        return end_by(number.parse().unwrap());
    }
    // In processes of their own: a signal reaches every watch of a process.
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let output = command.args(["--exact", TEST]).env(MARKER, signal.as_raw().to_string()).output().unwrap();
        assert!(output.status.success(), "{signal:?}: {output:?}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn end_by(number: i32) {
    let mut watch = Watch::on(&bus::Bus::at("unix:path=/nowhere/session", "unix:path=/nowhere/system"));
    assert_eq!(watch.next().await, Occurrence::Sources(NOTHING));
    let signal = Signal::from_named_raw(number).unwrap();
    rustix::process::kill_process(rustix::process::getpid(), signal).unwrap();
    assert_eq!(watch.next().await, Occurrence::Ending);
}

/// The mock of logind that the desktops of the tests have: it has sessions late, and knows neither processes nor desktops.
#[test]
fn a_session_that_appears_late_is_found_among_the_persons_own() {
    let variables = [("LOGIND", "mock"), ("TRAY", "none"), ("NOTIFY", "none"), ("KEYRING", "none")];
    rig::inside(rig::X11, &variables, "a_session_that_appears_late_is_found_among_the_persons_own", follow_the_mock);
}

#[tokio::main(flavor = "current_thread")]
async fn follow_the_mock() {
    let (sender, occurrences) = unbounded_channel();
    let mut watch = Watch { session: watch(sender), occurrences };
    let early = Sources { lock: LockSource::Absent, sleep: SleepSource::Delayed };
    assert_eq!(watch.next().await, Occurrence::Sources(early));
    let path = rig::tool("logind.sh", &["session"]);
    let path = path.trim();
    rig::tool("logind.sh", &["lock", path]);
    watch.until(&Occurrence::Locked).await;
    rig::tool("logind.sh", &["unlock", path]);
    watch.until(&Occurrence::Unlocked).await;
    rig::tool("logind.sh", &["sleep"]);
    assert_eq!(watch.next().await, Occurrence::SleepAnnounced);
    watch.session.allow_sleep();
    rig::tool("logind.sh", &["wake"]);
    assert_eq!(watch.next().await, Occurrence::Woke);
}

fn sorted(one: Occurrence, other: Occurrence) -> [Occurrence; 2] {
    match one {
        Occurrence::Sources(_) => [other, one],
        Occurrence::Locked | Occurrence::Unlocked | Occurrence::SleepAnnounced | Occurrence::Woke | Occurrence::Ending => [one, other],
    }
}

/// A session bus and a system bus with nobody on them.
struct Stage {
    session: Bus,
    system: Bus,
}

impl Stage {
    fn set(test: &str) -> Option<Self> {
        Some(Self { session: Bus::start(test)?, system: Bus::start(test)? })
    }

    fn watch(&self) -> Watch {
        Watch::on(&bus::Bus::at(self.session.address(), self.system.address()))
    }
}

struct Watch {
    session: Session,
    occurrences: UnboundedReceiver<Occurrence>,
}

impl Watch {
    fn on(bus: &bus::Bus) -> Self {
        let (sender, occurrences) = unbounded_channel();
        Self { session: watch_on(bus, sender), occurrences }
    }

    async fn next(&mut self) -> Occurrence {
        tokio::time::timeout(LIMIT, self.occurrences.recv()).await.expect("an occurrence").unwrap()
    }

    async fn until(&mut self, wanted: &Occurrence) {
        while self.next().await != *wanted {}
    }
}

const LIMIT: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, PartialEq)]
enum Hint {
    Locked,
    Unlocked,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Before,
    After,
}

/// A login service with one session, which is ours.
struct Logind {
    connection: Connection,
    inhibitors: UnboundedReceiver<Inhibitor>,
    hint: Arc<Mutex<Hint>>,
}

const NAME: &str = "org.freedesktop.login1";
const ROOT: &str = "/org/freedesktop/login1";
const SESSION: &str = "/org/freedesktop/login1/session/_31";

impl Logind {
    async fn start(stage: &Stage, hint: Hint) -> Self {
        let (sender, inhibitors) = unbounded_channel();
        Self::serve(stage, hint, LogindManager { inhibitors: Some(sender), phase: Phase::After }, inhibitors).await
    }

    /// One that lets nobody delay the sleep, as for a session that is not at a seat.
    async fn start_without_delay(stage: &Stage) -> Self {
        Self::serve(stage, Hint::Unlocked, LogindManager { inhibitors: None, phase: Phase::After }, unbounded_channel().1).await
    }

    async fn start_while_the_machine_falls_asleep(stage: &Stage) -> Self {
        Self::serve(stage, Hint::Unlocked, LogindManager { inhibitors: None, phase: Phase::Before }, unbounded_channel().1).await
    }

    async fn serve(stage: &Stage, hint: Hint, manager: LogindManager, inhibitors: UnboundedReceiver<Inhibitor>) -> Self {
        let hint = Arc::new(Mutex::new(hint));
        let connection = zbus::connection::Builder::address(stage.system.address())
            .unwrap()
            .serve_at(ROOT, manager)
            .unwrap()
            .serve_at(SESSION, LogindSession { hint: hint.clone() })
            .unwrap()
            .name(NAME)
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { connection, inhibitors, hint }
    }

    async fn end(self) {
        self.connection.close().await.unwrap();
    }

    async fn set_hint(&self, hint: Hint) {
        *self.hint.lock().unwrap() = hint;
        self.tell_hint(SESSION, hint).await;
    }

    async fn tell_hint(&self, session: &str, hint: Hint) {
        let changed = HashMap::from([("LockedHint", Value::Bool(hint == Hint::Locked))]);
        let nothing: Vec<&str> = Vec::new();
        let body = ("org.freedesktop.login1.Session", changed, nothing);
        self.emit(session, "org.freedesktop.DBus.Properties", "PropertiesChanged", &body).await;
    }

    async fn session_signal(&self, member: &str) {
        self.emit(SESSION, "org.freedesktop.login1.Session", member, &()).await;
    }

    async fn prepare_for_sleep(&self, phase: Phase) {
        self.emit(ROOT, "org.freedesktop.login1.Manager", "PrepareForSleep", &(phase == Phase::Before)).await;
    }

    async fn prepare_for_shutdown(&self) {
        self.emit(ROOT, "org.freedesktop.login1.Manager", "PrepareForShutdown", &true).await;
    }

    async fn session_removed(&self, path: &str) {
        let body = ("1", ObjectPath::try_from(path).unwrap());
        self.emit(ROOT, "org.freedesktop.login1.Manager", "SessionRemoved", &body).await;
    }

    async fn emit(&self, path: &str, interface: &str, member: &str, body: &(impl serde::Serialize + zvariant::DynamicType)) {
        SignalEmitter::new(&self.connection, path).unwrap().emit(interface, member, body).await.unwrap();
    }

    async fn next_inhibitor(&mut self) -> Inhibitor {
        tokio::time::timeout(LIMIT, self.inhibitors.recv()).await.expect("an inhibitor").unwrap()
    }
}

/// Our end of a delay lock.
struct Inhibitor {
    words: [String; 2],
    end: std::io::PipeReader,
}

impl Inhibitor {
    /// The other end is open: reading would wait instead of ending.
    fn is_held(&self) -> bool {
        let mut descriptors = [rustix::event::PollFd::new(&self.end, rustix::event::PollFlags::IN)];
        let now = rustix::time::Timespec::default();
        rustix::event::poll(&mut descriptors, Some(&now)).unwrap() == 0
    }
}

struct LogindManager {
    inhibitors: Option<UnboundedSender<Inhibitor>>,
    phase: Phase,
}

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl LogindManager {
    fn inhibit(&self, what: String, _who: String, _why: String, mode: String) -> fdo::Result<zvariant::OwnedFd> {
        let Some(inhibitors) = &self.inhibitors else { return Err(fdo::Error::AccessDenied("no delay for you".to_owned())) };
        let (reader, writer) = std::io::pipe().unwrap();
        inhibitors.send(Inhibitor { words: [what, mode], end: reader }).unwrap();
        Ok(OwnedFd::from(writer).into())
    }

    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _process: u32) -> OwnedObjectPath {
        OwnedObjectPath::try_from(SESSION).unwrap()
    }

    #[zbus(property)]
    fn preparing_for_sleep(&self) -> bool {
        self.phase == Phase::Before
    }
}

struct LogindSession {
    hint: Arc<Mutex<Hint>>,
}

#[zbus::interface(name = "org.freedesktop.login1.Session")]
impl LogindSession {
    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        *self.hint.lock().unwrap() == Hint::Locked
    }

    #[zbus(property)]
    fn user(&self) -> (u32, OwnedObjectPath) {
        let user = rustix::process::getuid().as_raw();
        (user, OwnedObjectPath::try_from(format!("{ROOT}/user/_{user}")).unwrap())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Cover {
    Shown,
    Gone,
}

struct Screensaver {
    connection: Connection,
}

impl Screensaver {
    async fn start(stage: &Stage, cover: Cover) -> Self {
        let connection = zbus::connection::Builder::address(stage.session.address())
            .unwrap()
            .serve_at("/org/gnome/ScreenSaver", GnomeScreensaver { cover })
            .unwrap()
            .name(GNOME)
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { connection }
    }

    async fn set(&self, cover: Cover) {
        let emitter = SignalEmitter::new(&self.connection, "/org/gnome/ScreenSaver").unwrap();
        emitter.emit(GNOME, "ActiveChanged", &(cover == Cover::Shown)).await.unwrap();
    }
}

struct GnomeScreensaver {
    cover: Cover,
}

#[zbus::interface(name = "org.gnome.ScreenSaver")]
impl GnomeScreensaver {
    fn get_active(&self) -> bool {
        self.cover == Cover::Shown
    }
}
