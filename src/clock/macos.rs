//! macOS: `CLOCK_MONOTONIC`, which counts sleep there, tokio's timer, which does not, and the system's word on jumps of the wall clock.
//!
//! A deadline that passes during a sleep is seen because the session tells of the end of it: every wait is then begun anew.

use std::{io, sync::Arc, time::Duration};

use objc2_foundation::NSSystemClockDidChangeNotification;
use rustix::time::{ClockId, Timespec, clock_gettime};
use tokio::sync::Notify;

use super::Woken;
use crate::main_loop::{self, Center};

/// `man clock_gettime` of macOS: it goes on while the system sleeps.
pub(super) fn uptime() -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Monotonic);
    Duration::new(tv_sec.unsigned_abs(), tv_nsec.unsigned_abs() as u32)
}

/// Waits for a deadline and, in an app with an icon, for jumps of the wall clock. A jump between two waits is told by the next one.
pub struct Timer {
    jumps: Arc<Notify>,
}

impl Timer {
    pub fn new() -> io::Result<Self> {
        let jumps = Arc::new(Notify::new());
        if main_loop::has_begun() {
            let jumped = Arc::clone(&jumps);
            let listen = move |main| {
                // SAFETY: a name that Foundation defines and never changes.
                let name = unsafe { NSSystemClockDidChangeNotification };
                main_loop::hear(Center::Process, name, move || jumped.notify_one(), main);
            };
            main_loop::order(listen).map_err(io::Error::other)?;
        }
        Ok(Self { jumps })
    }

    /// Until the deadline, or a jump if that comes first; without a deadline only a jump ends it. May be dropped at any point.
    pub async fn wait(&mut self, until: Option<Duration>) -> Woken {
        tokio::select! {
            () = tokio::time::sleep(until.unwrap_or(Duration::MAX)), if until.is_some() => Woken::Deadline,
            () = self.jumps.notified() => Woken::Jumped,
        }
    }
}
