//! The session on Windows: what the session service, the power service and the end of the session tell our window, and a console.

mod facts;
mod hold;

use std::cell::{Cell, RefCell};
use std::io;
use std::ptr::null_mut;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use windows_sys::Win32::Foundation::HWND;
use windows_sys::Win32::System::Power::{HPOWERNOTIFY, RegisterSuspendResumeNotification, UnregisterSuspendResumeNotification};
use windows_sys::Win32::System::RemoteDesktop::{
    NOTIFY_FOR_THIS_SESSION, WTS_CURRENT_SERVER_HANDLE, WTS_CURRENT_SESSION, WTS_SESSIONSTATE_LOCK, WTS_SESSIONSTATE_UNLOCK,
    WTSDisconnected, WTSFreeMemory, WTSINFOEXW, WTSQuerySessionInformationW, WTSRegisterSessionNotification, WTSSessionInfoEx,
    WTSUnRegisterSessionNotification,
};
use windows_sys::Win32::System::Threading::SetProcessShutdownParameters;
use windows_sys::Win32::UI::WindowsAndMessaging::{
    DEVICE_NOTIFY_WINDOW_HANDLE, KillTimer, PBT_APMRESUMEAUTOMATIC, PBT_APMRESUMESUSPEND, PBT_APMSUSPEND, SetTimer, WM_CLOSE,
    WM_ENDSESSION, WM_POWERBROADCAST, WM_TIMER, WM_WTSSESSION_CHANGE, WTS_CONSOLE_CONNECT, WTS_CONSOLE_DISCONNECT, WTS_REMOTE_CONNECT,
    WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK, WTS_SESSION_UNLOCK,
};

use self::facts::{Fact, Facts, Lock, Seat, Sleep, sources};
use self::hold::Hold;
use super::{LockSource, Occurrence, SleepSource, Sources};
use crate::messages::{self, Listening, Message, Window};

/// The watch over the session. It ends, and nothing waits for us any more, when this is dropped.
pub struct Session {
    front: Option<Front>,
    _tasks: JoinSet<()>,
}

/// Watches the session in which this process runs.
pub fn watch(occurrences: UnboundedSender<Occurrence>) -> Session {
    let teller = Teller { facts: Arc::default(), occurrences };
    let mut tasks = JoinSet::new();
    tasks.spawn(follow_console(teller.clone()));
    let front = match messages::window() {
        Ok(window) => Some(Front::of(window, teller)),
        Err(error) => {
            tracing::warn!(%error, "without a window, Windows tells neither lock nor sleep nor log-out");
            teller.learn(Fact::Sources(Sources { lock: LockSource::Absent, sleep: SleepSource::Absent }));
            None
        }
    };
    Session { front, _tasks: tasks }
}

impl Session {
    /// Lets the machine sleep that was announced to. Without an announcement nothing happens.
    pub fn allow_sleep(&self) {
        if let Some(front) = &self.front {
            front.sleep.release(front.window);
        }
    }
}

/// What the loop holds of the ear on the window's thread.
struct Front {
    window: &'static Window,
    sleep: Hold,
    end: Hold,
    _listening: Listening,
}

impl Front {
    fn of(window: &'static Window, teller: Teller) -> Self {
        let (sleep, end) = (Hold::default(), Hold::default());
        let holds = (sleep.clone(), end.clone());
        let listening = window.listen(move |handle| {
            let ear = Ear::open(handle, teller, holds.0, holds.1);
            move |message: &Message| ear.hear(message)
        });
        Self { window, sleep, end, _listening: listening }
    }
}

/// The app has ended, so nothing is left to wait for.
impl Drop for Front {
    fn drop(&mut self) {
        self.sleep.end(self.window);
        self.end.end(self.window);
    }
}

/// Lives on the window's thread.
struct Ear {
    handle: HWND,
    teller: Teller,
    sleep: Hold,
    end: Hold,
    enrolled: RefCell<Option<Enrolled>>,
    tries: Cell<usize>,
    _power: Option<PowerNotices>,
}

impl Ear {
    /// The session service may come up after the person is logged on:
    /// <https://learn.microsoft.com/windows/win32/api/wtsapi32/nf-wtsapi32-wtsregistersessionnotification>
    const TRY_AGAIN_AFTER: [Duration; 6] = [
        Duration::from_secs(1),
        Duration::from_secs(2),
        Duration::from_secs(5),
        Duration::from_secs(10),
        Duration::from_secs(30),
        Duration::from_secs(60),
    ];
    /// The timers of a window share their numbers.
    const TIMER: usize = 0x5e55;
    /// Windows goes to sleep after about two: <https://learn.microsoft.com/windows/win32/power/pbt-apmsuspend>
    const SLEEP_WAITS: Duration = Duration::from_millis(1800);
    /// Windows kills after five: <https://learn.microsoft.com/windows/win32/shutdown/wm-queryendsession>
    const END_WAITS: Duration = Duration::from_secs(4);

    fn open(handle: HWND, teller: Teller, sleep: Hold, end: Hold) -> Self {
        end_early();
        let ear = Self {
            handle,
            teller,
            sleep,
            end,
            enrolled: RefCell::default(),
            tries: Cell::default(),
            _power: PowerNotices::for_window(handle),
        };
        ear.enroll();
        ear
    }

    /// Gives an answer only where nobody else could want to hear the message. That the session may end is Windows' own answer.
    fn hear(&self, message: &Message) -> Option<isize> {
        let event = message.wparam as u32;
        match message.number {
            WM_WTSSESSION_CHANGE => self.session_changed(event),
            WM_POWERBROADCAST => self.power_changed(event),
            WM_ENDSESSION if message.wparam != 0 => self.end.until_released(Self::END_WAITS, || self.teller.tell(Fact::Ending)),
            // The task manager's, and an installer's, way to ask.
            WM_CLOSE => self.teller.learn(Fact::Ending),
            WM_TIMER if message.wparam == Self::TIMER => {
                self.enroll();
                return Some(0);
            }
            _ => {}
        }
        None
    }

    /// <https://learn.microsoft.com/windows/win32/termserv/wm-wtssession-change>
    fn session_changed(&self, event: u32) {
        match event {
            WTS_SESSION_LOCK => self.teller.learn(Fact::Lock(Lock::Locked)),
            WTS_SESSION_UNLOCK => self.teller.learn(Fact::Lock(Lock::Unlocked)),
            WTS_CONSOLE_CONNECT | WTS_REMOTE_CONNECT => self.teller.learn(Fact::Seat(Seat::Connected)),
            WTS_CONSOLE_DISCONNECT | WTS_REMOTE_DISCONNECT => self.teller.learn(Fact::Seat(Seat::Disconnected)),
            _ => {}
        }
    }

    /// Each wake is told once automatically, and once more where somebody woke the machine.
    fn power_changed(&self, event: u32) {
        match event {
            PBT_APMSUSPEND => self.sleep.until_released(Self::SLEEP_WAITS, || self.teller.tell(Fact::Sleep(Sleep::Coming))),
            PBT_APMRESUMEAUTOMATIC | PBT_APMRESUMESUSPEND => self.teller.learn(Fact::Sleep(Sleep::Over)),
            _ => {}
        }
    }

    /// Registers first and asks after that, so that no change is missed.
    fn enroll(&self) {
        // SAFETY: the window is this thread's; a timer that does not exist is no matter.
        unsafe { KillTimer(self.handle, Self::TIMER) };
        match Enrolled::as_window(self.handle) {
            Ok(enrolled) => {
                *self.enrolled.borrow_mut() = Some(enrolled);
                self.teller.learn(Fact::Sources(sources(LockSource::System)));
                for fact in session_now() {
                    self.teller.learn(fact);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the session service does not tell of locks");
                self.teller.learn(Fact::Sources(sources(LockSource::Refused)));
                self.try_again();
            }
        }
    }

    fn try_again(&self) {
        let Some(after) = Self::TRY_AGAIN_AFTER.get(self.tries.get()) else { return };
        self.tries.set(self.tries.get() + 1);
        // SAFETY: the window is this thread's; without a procedure the timer sends a message.
        unsafe { SetTimer(self.handle, Self::TIMER, after.as_millis() as u32, None) };
    }
}

/// The earlier a program is ended, the more of the network is still there: a dialled connection ends with its own program.
fn end_early() {
    /// Above what programs have that say nothing:
    /// <https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-setprocessshutdownparameters>
    const FIRST_RANGE: u32 = 0x300;
    // SAFETY: takes numbers, and concerns this process only.
    if unsafe { SetProcessShutdownParameters(FIRST_RANGE, 0) } == 0 {
        tracing::debug!(error = %io::Error::last_os_error(), "this program ends when all others do");
    }
}

/// The session service tells the window. Until this is dropped.
struct Enrolled(HWND);

impl Enrolled {
    fn as_window(handle: HWND) -> io::Result<Self> {
        // SAFETY: the window is this process's.
        if unsafe { WTSRegisterSessionNotification(handle, NOTIFY_FOR_THIS_SESSION) } == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self(handle))
    }
}

impl Drop for Enrolled {
    fn drop(&mut self) {
        // SAFETY: was registered once for this.
        unsafe { WTSUnRegisterSessionNotification(self.0) };
    }
}

/// Machines that never quite sleep (Modern Standby) tell of it only those who asked; others tell everybody. Whoever is told twice
/// learns nothing new by it.
struct PowerNotices(HPOWERNOTIFY);

impl PowerNotices {
    fn for_window(handle: HWND) -> Option<Self> {
        // SAFETY: the window is this process's, and the flag says that it is one.
        let notices = unsafe { RegisterSuspendResumeNotification(handle, DEVICE_NOTIFY_WINDOW_HANDLE) };
        if notices == 0 {
            tracing::debug!(error = %io::Error::last_os_error(), "only what is told to everybody tells of sleep");
            return None;
        }
        Some(Self(notices))
    }
}

impl Drop for PowerNotices {
    fn drop(&mut self) {
        // SAFETY: was registered for this.
        unsafe { UnregisterSuspendResumeNotification(self.0) };
    }
}

/// How the session stands at the start; nothing where that is not told.
/// <https://learn.microsoft.com/windows/win32/api/wtsapi32/ns-wtsapi32-wtsinfoex_level1_w>: only Windows 7 has lock and unlock in reverse.
fn session_now() -> Vec<Fact> {
    let (mut buffer, mut length) = (null_mut(), 0);
    // SAFETY: both places are there to be written to.
    let told = unsafe {
        WTSQuerySessionInformationW(WTS_CURRENT_SERVER_HANDLE, WTS_CURRENT_SESSION, WTSSessionInfoEx, &raw mut buffer, &raw mut length)
    };
    if told == 0 || buffer.is_null() {
        tracing::debug!(error = %io::Error::last_os_error(), "the session does not say how it stands: somebody has just started this");
        return Vec::new();
    }
    let facts = if length as usize >= size_of::<WTSINFOEXW>() {
        // SAFETY: Windows answered this question with a structure of this kind, and it is long enough.
        let WTSINFOEXW { Level, Data } = unsafe { buffer.cast::<WTSINFOEXW>().read_unaligned() };
        // SAFETY: the union has one member, which is that of level 1.
        let level = unsafe { Data.WTSInfoExLevel1 };
        if Level == 1 { standing(level.SessionState, level.SessionFlags as u32) } else { Vec::new() }
    } else {
        Vec::new()
    };
    // SAFETY: Windows allocated it for this, and it is not used any more.
    unsafe { WTSFreeMemory(buffer.cast()) };
    facts
}

fn standing(state: i32, flags: u32) -> Vec<Fact> {
    let seat = Some(Fact::Seat(if state == WTSDisconnected { Seat::Disconnected } else { Seat::Connected }));
    let lock = match flags {
        WTS_SESSIONSTATE_LOCK => Some(Fact::Lock(Lock::Locked)),
        WTS_SESSIONSTATE_UNLOCK => Some(Fact::Lock(Lock::Unlocked)),
        _ => None,
    };
    seat.into_iter().chain(lock).collect()
}

/// Ctrl+C, Ctrl+Break and a console that is closed, where there is one. Windows waits with closing for about five seconds.
async fn follow_console(teller: Teller) {
    let (Ok(mut interrupt), Ok(mut stop), Ok(mut close)) = (ctrl_c(), ctrl_break(), ctrl_close()) else {
        tracing::warn!("a console's signals cannot be received: the app ends at once when asked to, without tidying up");
        return;
    };
    let told = tokio::select! {
        told = interrupt.recv() => told,
        told = stop.recv() => told,
        told = close.recv() => told,
    };
    if told.is_some() {
        teller.learn(Fact::Ending);
    }
}

/// Turns facts into occurrences.
#[derive(Clone)]
struct Teller {
    facts: Arc<Mutex<Facts>>,
    occurrences: UnboundedSender<Occurrence>,
}

impl Teller {
    fn learn(&self, fact: Fact) {
        self.tell(fact);
    }

    /// Whether it was new.
    fn tell(&self, fact: Fact) -> bool {
        tracing::debug!(?fact, "session");
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let occurrences = facts.learn(fact);
        let is_new = !occurrences.is_empty();
        for occurrence in occurrences {
            // A receiver that is gone wants to know nothing.
            let _ = self.occurrences.send(occurrence);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use windows_sys::Win32::System::RemoteDesktop::{WTS_SESSIONSTATE_UNKNOWN, WTSActive, WTSConnected};

    use super::*;

    #[test]
    fn a_session_that_stands_locked_or_without_a_screen_is_known_at_the_start() {
        let (connected, gone) = (Fact::Seat(Seat::Connected), Fact::Seat(Seat::Disconnected));
        assert_eq!(standing(WTSActive, WTS_SESSIONSTATE_UNLOCK), [connected, Fact::Lock(Lock::Unlocked)]);
        assert_eq!(standing(WTSActive, WTS_SESSIONSTATE_LOCK), [connected, Fact::Lock(Lock::Locked)]);
        assert_eq!(standing(WTSDisconnected, WTS_SESSIONSTATE_UNKNOWN), [gone]);
        assert_eq!(standing(WTSConnected, WTS_SESSIONSTATE_UNKNOWN), [connected], "on its way in");
    }

    #[test]
    fn this_session_can_be_asked() {
        let locked = session_now().contains(&Fact::Lock(Lock::Locked));
        assert!(!locked, "nobody runs tests behind a lock");
    }
}
