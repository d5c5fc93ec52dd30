//! The two clocks, and a timer that also wakes when the wall clock jumps. Where the system says nothing about jumps, the timer says nothing either.

use std::time::{Duration, SystemTime};

use crate::presence::Moment;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as system;

pub use system::Timer;

/// Both clocks, read now.
pub fn now() -> Moment {
    Moment { wall: SystemTime::now(), uptime: system::uptime() }
}

/// The instant that lies this far back, on both clocks.
pub fn ago(time: Duration) -> Moment {
    let Moment { wall, uptime } = now();
    Moment { wall: wall.checked_sub(time).unwrap_or(wall), uptime: uptime.saturating_sub(time) }
}

/// Why a [`Timer`] woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    Deadline,
    /// The wall clock was set, or the machine slept: whatever was computed from the wall clock is to be computed anew.
    Jumped,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_goes_on() {
        let before = now().uptime;
        std::thread::sleep(Duration::from_millis(2));
        assert!(now().uptime >= before + Duration::from_millis(2));
    }

    #[test]
    fn an_instant_before_the_machine_started_is_its_start() {
        assert_eq!(ago(Duration::MAX).uptime, Duration::ZERO);
    }

    #[tokio::test]
    async fn the_deadline_comes_and_not_early() {
        let mut timer = Timer::new().unwrap();
        let before = now().uptime;
        assert_eq!(timer.wait(Some(Duration::from_millis(30))).await, Woken::Deadline);
        let waited = now().uptime - before;
        assert!(waited >= Duration::from_millis(30) && waited < Duration::from_secs(5), "{waited:?}");
    }

    #[tokio::test]
    async fn a_deadline_that_is_now_comes_at_once() {
        let mut timer = Timer::new().unwrap();
        assert_eq!(timer.wait(Some(Duration::ZERO)).await, Woken::Deadline);
        assert_eq!(timer.wait(Some(Duration::ZERO)).await, Woken::Deadline);
    }

    #[tokio::test]
    async fn a_wait_that_was_given_up_leaves_nothing_behind() {
        let mut timer = Timer::new().unwrap();
        for _ in 0..3 {
            let given_up = tokio::time::timeout(Duration::from_millis(40), timer.wait(Some(Duration::from_millis(10)))).await;
            assert_eq!(given_up, Ok(Woken::Deadline));
            assert!(tokio::time::timeout(Duration::from_millis(10), timer.wait(Some(Duration::from_millis(100)))).await.is_err());
            std::thread::sleep(Duration::from_millis(100));
            // The deadline that was given up has passed by now, and must not count for the next wait.
            assert!(tokio::time::timeout(Duration::from_millis(20), timer.wait(None)).await.is_err());
        }
    }

    #[tokio::test]
    async fn the_longest_wait_is_taken() {
        let mut timer = Timer::new().unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(20), timer.wait(Some(Duration::MAX))).await.is_err());
    }
}
