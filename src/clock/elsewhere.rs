//! macOS: the monotonic clock of the standard library, and tokio's timer. Jumps of the wall clock are not told yet.

use std::io;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::Woken;

/// Since the first call: only differences matter.
pub(super) fn uptime() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // A day ahead, so that an instant before the start of the app can be told.
    START.elapsed() + Duration::from_hours(24)
}

/// Waits for a deadline.
pub struct Timer;

impl Timer {
    pub fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Until the deadline; for ever without one. May be dropped at any point.
    pub async fn wait(&mut self, until: Option<Duration>) -> Woken {
        match until {
            Some(until) => tokio::time::sleep(until).await,
            None => std::future::pending().await,
        }
        Woken::Deadline
    }
}
