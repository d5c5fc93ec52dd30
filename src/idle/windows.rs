//! Windows: the instant of the last input to this session, which can only be read.

use std::io;
use std::time::Duration;

use windows_sys::Win32::Foundation::STATUS_SUCCESS;
use windows_sys::Win32::System::Power::{CallNtPowerInformation, ES_DISPLAY_REQUIRED, SystemExecutionState};
use windows_sys::Win32::System::SystemInformation::GetTickCount64;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{GetLastInputInfo, LASTINPUTINFO};

use super::counter::{Counted, Counter};
use super::{Lost, Reason, SourceName, Unusable, Wish};

pub(super) type Source = Counted<LastInput>;

pub(super) async fn choose(wish: Wish) -> Result<Source, Vec<Unusable>> {
    match tick_of_last_input() {
        Ok(_) => Ok(Counted::new(LastInput::default(), wish)),
        Err(error) => {
            tracing::debug!(%error, "the last input cannot be read");
            Err(vec![Unusable { source: SourceName::LastInput, reason: Reason::Unreachable }])
        }
    }
}

/// Nothing announces itself; there are the retries.
pub(super) async fn sign() {
    std::future::pending().await
}

/// Windows tells the last input in 32 bits of milliseconds, which begin again after 49.7 days. Without another input it is still
/// the same one, however long ago.
#[derive(Default)]
pub(super) struct LastInput {
    known: Option<Known>,
}

struct Known {
    tick: u32,
    /// The same in 64 bits.
    at: u64,
}

impl Counter for LastInput {
    const NAME: SourceName = SourceName::LastInput;

    fn silence(&mut self) -> Result<Duration, Lost> {
        let tick = tick_of_last_input().map_err(|error| {
            tracing::debug!(%error, "the last input cannot be read any more");
            Lost
        })?;
        // After the last input was read, so that it lies before.
        // SAFETY: takes nothing and cannot fail.
        let now = unsafe { GetTickCount64() };
        Ok(self.silence_at(now, tick))
    }

    fn last_input(&self) -> Option<u32> {
        self.known.as_ref().map(|known| known.tick)
    }

    /// <https://learn.microsoft.com/windows/win32/api/powerbase/nf-powerbase-callntpowerinformation>
    fn is_kept_awake(&self) -> bool {
        let mut state = 0_u32;
        // SAFETY: this question has no input, and its answer is one ULONG, for which there is room.
        let status =
            unsafe { CallNtPowerInformation(SystemExecutionState, std::ptr::null(), 0, (&raw mut state).cast(), size_of::<u32>() as u32) };
        if status != STATUS_SUCCESS {
            tracing::debug!(status, "who keeps the display on cannot be asked");
            return false;
        }
        state & ES_DISPLAY_REQUIRED != 0
    }
}

impl LastInput {
    fn silence_at(&mut self, now: u64, tick: u32) -> Duration {
        let at = match self.known {
            Some(Known { tick: known, at }) if known == tick => at,
            Some(_) | None => now.saturating_sub(age(now, tick)),
        };
        self.known = Some(Known { tick, at });
        Duration::from_millis(now.saturating_sub(at))
    }
}

/// Milliseconds between the two, across the end of 32 bits.
fn age(now: u64, tick: u32) -> u64 {
    /// An input that seems to come later than now was made by a clock that is a little ahead of the one that is read.
    const AHEAD: u32 = 60_000;
    let age = (now as u32).wrapping_sub(tick);
    if age > u32::MAX - AHEAD { 0 } else { age.into() }
}

/// Of this session only, remote input included: <https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getlastinputinfo>
fn tick_of_last_input() -> io::Result<u32> {
    let mut last = LASTINPUTINFO { cbSize: size_of::<LASTINPUTINFO>() as u32, dwTime: 0 };
    // SAFETY: the structure tells its own size, and is written to only.
    if unsafe { GetLastInputInfo(&raw mut last) } == 0 { Err(io::Error::last_os_error()) } else { Ok(last.dwTime) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 3_600_000;
    /// When 32 bits begin again, after 49.7 days.
    const WRAP: u64 = 1 << 32;

    #[test]
    fn a_silence_that_goes_over_the_end_of_32_bits_is_counted_on() {
        assert_eq!(silence(WRAP + 5_000, (WRAP - 1_000) as u32), Duration::from_secs(6));
        assert_eq!(silence(3 * WRAP + 5_000, (WRAP - 1_000) as u32), Duration::from_secs(6));
        assert_eq!(silence(WRAP, u32::MAX), Duration::from_millis(1));
        assert_eq!(silence(7_000, 7_000), Duration::ZERO);
    }

    #[test]
    fn an_input_that_seems_to_come_later_than_now_is_now() {
        for (now, tick) in [(100, 101), (WRAP, 30_000), (100_000, 160_000), (WRAP - 1, 59_999)] {
            assert_eq!(silence(now, tick), Duration::ZERO, "{now} {tick}");
        }
        assert_eq!(silence(WRAP + 100_000, 160_001), Duration::from_millis(WRAP - 60_001));
    }

    #[test]
    fn an_absence_of_months_stays_one() {
        let (mut counter, left) = (LastInput::default(), 40 * DAY);
        let mut before = Duration::ZERO;
        for now in (left..left + 200 * DAY).step_by(3_600_000) {
            let silence = counter.silence_at(now, left as u32);
            assert!(silence >= before, "{now}");
            before = silence;
        }
        assert!(before > Duration::from_millis(199 * DAY), "{before:?}");
        let back = left + 200 * DAY;
        assert_eq!(counter.silence_at(back + 400, back as u32), Duration::from_millis(400));
    }

    #[test]
    fn windows_tells_the_last_input() {
        let mut counter = LastInput::default();
        let first = counter.silence().unwrap();
        assert!(first < Duration::from_secs(49 * 24 * 3600), "{first:?}");
        let _ = counter.is_kept_awake();
    }

    fn silence(now: u64, tick: u32) -> Duration {
        LastInput::default().silence_at(now, tick)
    }
}
