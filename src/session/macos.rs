//! The session on macOS: notifications of the workspace and of the login window, the end through AppKit, and signals of the kernel.
//!
//! The notifications of the screen lock have been there for twenty years and are not in Apple's documentation; the rest is.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use objc2::MainThreadMarker;
use objc2_app_kit::{
    NSWorkspaceDidWakeNotification, NSWorkspaceSessionDidBecomeActiveNotification, NSWorkspaceSessionDidResignActiveNotification,
    NSWorkspaceWillPowerOffNotification, NSWorkspaceWillSleepNotification,
};
use objc2_core_foundation::{CFBoolean, CFDictionary, CFNumber, CFRetained, CFString, CFType};
use objc2_core_graphics::CGSessionCopyCurrentDictionary;
use objc2_foundation::NSString;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use super::told::{Fact, Told};
use super::{LockSource, Occurrence, SleepSource, Sources, signals};
use crate::main_loop::{self, Center, NoLoop};

/// macOS waits with sleeping for as long as the notification is being handled, and 30 s at most:
/// <https://developer.apple.com/documentation/appkit/nsworkspace/willsleepnotification>. The core asks for one second.
const SLEEP_WAITS: Duration = Duration::from_secs(3);

/// What announces the lock, in the words of the login window.
const LOCKED: &str = "com.apple.screenIsLocked";
const UNLOCKED: &str = "com.apple.screenIsUnlocked";

/// The watch over the session. What macOS tells after this is dropped is told to nobody.
pub struct Session {
    release: mpsc::Sender<()>,
    signals: JoinHandle<()>,
}

/// Watches the session in which this process runs.
pub fn watch(occurrences: UnboundedSender<Occurrence>) -> Session {
    let (release, released) = mpsc::channel();
    let teller = Teller { told: Arc::default(), occurrences };
    let listening = teller.clone();
    let sources = match main_loop::order(move |main| listen(listening, released, main)) {
        Ok(()) => Sources { lock: LockSource::System, sleep: SleepSource::System },
        Err(NoLoop) => Sources { lock: LockSource::Absent, sleep: SleepSource::Absent },
    };
    teller.tell(Occurrence::Sources(sources));
    teller.look_at_the_start();
    let signals = tokio::spawn(async move {
        signals::asked_to_end().await;
        teller.learn(Fact::Ends);
    });
    Session { release, signals }
}

impl Session {
    /// Lets the machine sleep that was announced to. Without an announcement nothing happens.
    pub fn allow_sleep(&self) {
        // Without the listener nothing was announced.
        let _ = self.release.send(());
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.signals.abort();
    }
}

fn listen(teller: Teller, released: mpsc::Receiver<()>, main: MainThreadMarker) {
    let end = teller.clone();
    main_loop::when_asked_to_end(move || end.learn(Fact::Ends));
    // SAFETY: names that AppKit defines and never changes.
    let [resigned, active, woke, power_off, will_sleep] = unsafe {
        [
            NSWorkspaceSessionDidResignActiveNotification,
            NSWorkspaceSessionDidBecomeActiveNotification,
            NSWorkspaceDidWakeNotification,
            NSWorkspaceWillPowerOffNotification,
            NSWorkspaceWillSleepNotification,
        ]
    };
    teller.hear(Center::Distributed, &NSString::from_str(LOCKED), Fact::Locked, main);
    teller.hear(Center::Distributed, &NSString::from_str(UNLOCKED), Fact::Unlocked, main);
    teller.hear(Center::Workspace, resigned, Fact::SwitchedAway, main);
    teller.hear(Center::Workspace, active, Fact::SwitchedBack, main);
    teller.hear(Center::Workspace, woke, Fact::Woke, main);
    teller.hear(Center::Workspace, power_off, Fact::Ends, main);
    let asleep = move || {
        // What was released before belongs to an earlier sleep.
        while released.try_recv().is_ok() {}
        teller.learn(Fact::FallsAsleep);
        if let Err(mpsc::RecvTimeoutError::Timeout) = released.recv_timeout(SLEEP_WAITS) {
            tracing::warn!("the computer sleeps before the portal knows");
        }
    };
    main_loop::hear(Center::Workspace, will_sleep, asleep, main);
}

/// Turns facts into occurrences.
#[derive(Clone)]
struct Teller {
    told: Arc<Mutex<Told>>,
    occurrences: UnboundedSender<Occurrence>,
}

impl Teller {
    fn hear(&self, center: Center, name: &NSString, fact: Fact, main: MainThreadMarker) {
        let teller = self.clone();
        main_loop::hear(center, name, move || teller.learn(fact), main);
    }

    fn learn(&self, fact: Fact) {
        tracing::debug!(?fact, "session");
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).learn(fact);
        if let Some(occurrence) = told {
            self.tell(occurrence);
        }
    }

    fn tell(&self, occurrence: Occurrence) {
        // A receiver that is gone wants to know nothing.
        let _ = self.occurrences.send(occurrence);
    }

    /// A start at login may lie behind a locked screen.
    fn look_at_the_start(&self) {
        let Some(session) = CGSessionCopyCurrentDictionary() else { return };
        // SAFETY: the keys are strings, and every value is an object of Core Foundation.
        let session = unsafe { CFRetained::cast_unchecked::<CFDictionary<CFString, CFType>>(session) };
        if says(&session, "CGSSessionScreenIsLocked") == Some(true) {
            self.learn(Fact::Locked);
        }
        if says(&session, "kCGSSessionOnConsoleKey") == Some(false) {
            self.learn(Fact::SwitchedAway);
        }
    }
}

fn says(session: &CFDictionary<CFString, CFType>, key: &'static str) -> Option<bool> {
    let value = session.get(&CFString::from_static_str(key))?;
    let truth = value.downcast_ref::<CFBoolean>().map(CFBoolean::as_bool);
    truth.or_else(|| Some(value.downcast_ref::<CFNumber>()?.as_i64()? != 0))
}
