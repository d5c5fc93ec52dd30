//! Linux: `CLOCK_BOOTTIME`, which counts sleep, and two timer descriptors. No thread, no wake-up before there is a reason.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::io::Errno;
use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime, timerfd_create, timerfd_settime,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::Woken;

pub(super) fn uptime() -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Boottime);
    Duration::new(tv_sec.unsigned_abs(), tv_nsec.unsigned_abs() as u32)
}

/// Waits for a deadline in time that includes sleep, and for jumps of the wall clock. A jump between two waits is told by the next one.
pub struct Timer {
    deadline: AsyncFd<OwnedFd>,
    jumps: AsyncFd<OwnedFd>,
}

impl Timer {
    pub fn new() -> io::Result<Self> {
        Ok(Self { deadline: registered(descriptor(TimerfdClockId::Boottime)?)?, jumps: registered(jumps()?)? })
    }

    /// Until the deadline, or a jump if that comes first; without a deadline only a jump ends it. May be dropped at any point.
    pub async fn wait(&mut self, until: Option<Duration>) -> Woken {
        if let Err(error) = self.set(until) {
            // The kernel refuses no time that fits into a timespec; a wait that never ends is what remains to be avoided.
            tracing::warn!(%error, "the timer could not be set; computing anew instead of waiting");
            return Woken::Deadline;
        }
        tokio::select! {
            () = expired(&self.deadline) => Woken::Deadline,
            () = expired(&self.jumps) => Woken::Jumped,
        }
    }

    fn set(&self, until: Option<Duration>) -> io::Result<()> {
        // All zero disarms, so a deadline that is now lies one nanosecond ahead.
        let ahead = until.map_or(Duration::ZERO, |until| until.max(Duration::from_nanos(1)));
        timerfd_settime(self.deadline.get_ref(), TimerfdTimerFlags::empty(), &once(ahead))?;
        Ok(())
    }
}

/// A timer that never comes, but is cancelled whenever the wall clock jumps: `ECANCELED` on reading, again for every jump.
/// The kernel counts the end of a sleep as one.
fn jumps() -> io::Result<OwnedFd> {
    let never = descriptor(TimerfdClockId::Realtime)?;
    timerfd_settime(&never, TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET, &once(Duration::MAX))?;
    Ok(never)
}

/// Until the descriptor has something to say: an expiry or a cancellation.
async fn expired(timer: &AsyncFd<OwnedFd>) {
    let read = timer.async_io(Interest::READABLE, |descriptor| Ok(rustix::io::read(descriptor, &mut [0; 8])?)).await;
    if let Err(error) = read
        && error.raw_os_error() != Some(Errno::CANCELED.raw_os_error())
    {
        tracing::warn!(%error, "a timer cannot be read; nothing more is expected of it");
        std::future::pending().await
    }
}

fn descriptor(clock: TimerfdClockId) -> io::Result<OwnedFd> {
    Ok(timerfd_create(clock, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?)
}

fn registered(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: the descriptor is open and owned; nothing here replaces or closes it while it is registered.
    Ok(unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE) }?)
}

fn once(value: Duration) -> Itimerspec {
    let it_value = Timespec { tv_sec: i64::try_from(value.as_secs()).unwrap_or(i64::MAX), tv_nsec: value.subsec_nanos().into() };
    Itimerspec { it_interval: Timespec::default(), it_value }
}
