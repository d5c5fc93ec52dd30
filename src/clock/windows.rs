//! Windows: the performance counter, tokio's timer, and what the window hears of a clock that was set and of a machine that woke.

use std::io;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use windows_sys::Win32::UI::WindowsAndMessaging::{PBT_APMRESUMEAUTOMATIC, PBT_APMRESUMESUSPEND, WM_POWERBROADCAST, WM_TIMECHANGE};

use super::Woken;
use crate::messages::{self, Listening, Message};

/// Since a day before the first call: only differences matter, and an instant before the start of the app can be told. The standard
/// library reads the performance counter, which counts sleep:
/// <https://learn.microsoft.com/windows/win32/sysinfo/acquiring-high-resolution-time-stamps>
pub(super) fn uptime() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed() + Duration::from_hours(24)
}

/// Waits for a deadline, and for jumps of the wall clock. A jump between two waits is told by the next one.
///
/// What Windows waits for does not come nearer while the machine sleeps; the jump at its end is what makes a deadline come in time.
pub struct Timer {
    jumps: Arc<Notify>,
    _listening: Listening,
}

impl Timer {
    pub fn new() -> io::Result<Self> {
        let jumps = Arc::new(Notify::new());
        let told = Arc::clone(&jumps);
        let listening = messages::window()?.listen(move |_| {
            move |message: &Message| {
                if is_jump(message) {
                    told.notify_one();
                }
                None
            }
        });
        Ok(Self { jumps, _listening: listening })
    }

    /// Until the deadline, or a jump if that comes first; without a deadline only a jump ends it. May be dropped at any point.
    pub async fn wait(&mut self, until: Option<Duration>) -> Woken {
        let deadline = async {
            match until {
                Some(until) => tokio::time::sleep(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = deadline => Woken::Deadline,
            () = self.jumps.notified() => Woken::Jumped,
        }
    }
}

fn is_jump(message: &Message) -> bool {
    match message.number {
        WM_TIMECHANGE => true,
        WM_POWERBROADCAST => [PBT_APMRESUMEAUTOMATIC, PBT_APMRESUMESUSPEND].contains(&(message.wparam as u32)),
        _ => false,
    }
}
