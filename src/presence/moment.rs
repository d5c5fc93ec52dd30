//! One instant, on the two clocks that matter. Nothing here reads a clock.

use std::time::{Duration, SystemTime};

/// An instant as the caller read it from the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The clock on the wall. It can jump; ends of choices and the journal are in it.
    pub wall: SystemTime,
    /// Time since the machine started, sleep included. It never goes back; waiting and absence are in it.
    pub uptime: Duration,
}
