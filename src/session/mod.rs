//! Whether the session is locked, the machine falls asleep, the person logs out: as the system says it.
//!
//! What follows from it is not here, and neither is the keyboard.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::{Session, watch, watch_on};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::{Session, watch};

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub use macos::{Session, watch};

#[cfg(unix)]
mod signals;
#[cfg(any(target_os = "macos", test))]
mod told;

/// What happened. Each is told once, however many sources say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occurrence {
    Locked,
    Unlocked,
    /// The machine sleeps as soon as [`Session::allow_sleep`] is called, or after some seconds in any case.
    SleepAnnounced,
    Woke,
    /// Log-out, shutdown, or a signal that asks the app to end.
    Ending,
    /// Where the above comes from; told first, and again when it changes.
    Sources(Sources),
}

/// What this session can tell, for the menu and `doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sources {
    pub lock: LockSource,
    pub sleep: SleepSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockSource {
    /// Nothing here can tell a locked screen: only missing input can.
    Absent,
    /// The login service would tell, if the desktop told it; it has not so far.
    Untold,
    /// The desktop tells the login service.
    LoginService,
    /// The bus name or interface of the screensaver that tells.
    Screensaver(&'static str),
    /// The operating system tells by itself.
    System,
    /// It should, and does not let us hear it.
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SleepSource {
    Absent,
    /// Sleep is announced, but does not wait for us.
    Announced,
    /// Sleep waits for [`Session::allow_sleep`].
    Delayed,
    /// The operating system tells by itself, and waits for [`Session::allow_sleep`].
    System,
}
