//! The clock as the person has set it in Windows: its short time, the one beside the notification area.

use jiff::tz::TimeZone;
use windows_sys::Win32::Globalization::{GetLocaleInfoEx, LOCALE_SSHORTTIME};

use super::Clock;

/// By the settings of Windows alone: shells that bring a `LANG` of their own do not speak for the person.
pub(super) fn clock() -> Clock {
    of_picture(&short_time().unwrap_or_default())
}

pub(super) fn zone() -> TimeZone {
    TimeZone::system()
}

/// A picture such as `HH:mm` or `h:mm tt`; what stands in single quotes is text.
///
/// <https://learn.microsoft.com/windows/win32/intl/hour--minute--and-second-format-pictures>
fn of_picture(picture: &str) -> Clock {
    let mut hours = picture.split('\'').step_by(2).flat_map(str::chars).filter(|letter| letter.eq_ignore_ascii_case(&'h'));
    match hours.next() {
        Some('h') => Clock::Hours12,
        Some(_) | None => Clock::Hours24,
    }
}

/// <https://learn.microsoft.com/windows/win32/api/winnls/nf-winnls-getlocaleinfoex>
fn short_time() -> Option<String> {
    const USER_DEFAULT: *const u16 = std::ptr::null();
    // The longest is 80 units, and so documented.
    let mut picture = [0; 80];
    // SAFETY: no name stands for the person's own locale, and the buffer is as long as it is told to be.
    let length = unsafe { GetLocaleInfoEx(USER_DEFAULT, LOCALE_SSHORTTIME, picture.as_mut_ptr(), picture.len() as i32) };
    // With the zero at the end; 0 is a failure.
    let length = usize::try_from(length).ok()?.checked_sub(1)?;
    Some(String::from_utf16_lossy(&picture[..length]))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use jiff::Timestamp;
    use windows_sys::Win32::Foundation::SYSTEMTIME;
    use windows_sys::Win32::System::SystemInformation::GetLocalTime;

    use super::super::Times;
    use super::*;

    #[test]
    fn the_picture_of_the_short_time_decides_on_the_clock() {
        for (picture, clock) in [
            ("HH:mm", Clock::Hours24),
            ("H.mm", Clock::Hours24),
            ("HH 'h' mm", Clock::Hours24),
            ("'h' HH:mm", Clock::Hours24),
            ("h:mm tt", Clock::Hours12),
            ("tt hh:mm", Clock::Hours12),
            ("", Clock::Hours24),
        ] {
            assert_eq!(of_picture(picture), clock, "{picture}");
        }
    }

    /// Where the system's zone is not found, it is UTC, and nobody says so.
    #[test]
    fn the_zones_of_the_world_are_known_with_their_daylight_saving() {
        let berlin = Times::new(Clock::Hours24, TimeZone::get("Europe/Berlin").unwrap());
        for (instant, hour) in [("2026-01-15T12:00:00Z", 13), ("2026-07-15T12:00:00Z", 14)] {
            assert_eq!(berlin.local(instant.parse::<Timestamp>().unwrap().into()).unwrap().hour(), hour);
        }
    }

    #[test]
    fn the_time_of_day_is_the_one_that_windows_shows() {
        let times = Times::of_system();
        let here = || times.local(SystemTime::now()).map(|here| (here.day(), here.hour(), here.minute())).unwrap();
        let (before, shown, after) = (here(), shown_by_windows(), here());
        assert!([before, after].contains(&shown), "{shown:?} in Windows, {before:?} in {:?}", times.zone());
    }

    #[test]
    fn windows_tells_its_short_time() {
        let picture = short_time().unwrap();
        assert!(picture.to_lowercase().contains('h') && picture.contains("mm"), "{picture}");
    }

    fn shown_by_windows() -> (i8, i8, i8) {
        let mut shown = SYSTEMTIME::default();
        // SAFETY: there is room for the answer, and it cannot fail.
        unsafe { GetLocalTime(&mut shown) };
        (shown.wDay as i8, shown.wHour as i8, shown.wMinute as i8)
    }
}
