//! Days as the person's calendar has them: some have 23 hours, some 25.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, time},
    tz::TimeZone,
};
use std::time::SystemTime;

use super::Span;

/// Between two marks on the scale.
const HOURS_A_MARK: i8 = 3;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) span: Span,
    /// The hours that the scale shows, and when they begin. An hour that does not exist that day is missing.
    pub(crate) hours: Vec<(i8, SystemTime)>,
}

/// The day of the calendar on which an instant falls.
pub(crate) fn day_of(at: SystemTime, zone: &TimeZone) -> Date {
    Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
}

/// So many days, `last` the last of them.
pub(crate) fn last_days(last: Date, count: i64) -> Vec<Date> {
    (0..count).rev().filter_map(|back| last.checked_sub(back.days()).ok()).collect()
}

/// `None` at the ends of the calendar.
pub(crate) fn day(date: Date, zone: &TimeZone) -> Option<Day> {
    let start = |date: Date| date.to_zoned(zone.clone()).ok().map(|zoned| SystemTime::from(zoned.timestamp()));
    let span = Span { from: start(date)?, to: start(date.tomorrow().ok()?)? };
    let hours = (0..24).step_by(HOURS_A_MARK as usize).filter_map(|hour| {
        let zoned = date.to_datetime(time(hour, 0, 0, 0)).to_zoned(zone.clone()).ok()?;
        (zoned.hour() == hour).then(|| (hour, zoned.timestamp().into()))
    });
    Some(Day { date, span, hours: hours.collect() })
}
