//! Times as this person writes and reads them: their clock, their zone, their words. The time itself is an argument.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use std::time::{Duration, SystemTime};

use jiff::{
    Span, Timestamp, Zoned,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use super::Texts;

/// A choice with an end further away than this is a slip of the keyboard.
const LONGEST: Duration = Duration::from_hours(366 * 24);

/// How this person writes times.
#[derive(Debug, Clone)]
pub struct Times {
    clock: Clock,
    /// `None`: the system's, asked for anew each time, because people travel.
    zone: Option<TimeZone>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Hours24,
    Hours12,
}

/// Why a text is no time to wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    NotATime {
        found: String,
    },
    NotADuration {
        found: String,
    },
    /// It is over already.
    Past {
        found: String,
    },
    TooLong {
        found: String,
    },
}

impl Times {
    pub fn of_system() -> Self {
        Self { clock: Clock::of_system(), zone: None }
    }

    pub fn new(clock: Clock, zone: TimeZone) -> Self {
        Self { clock, zone: Some(zone) }
    }

    /// "15:00", "tomorrow 9:00", "23 November, 9:00": as much as is needed at `now`.
    pub fn moment(&self, texts: &Texts, at: SystemTime, now: SystemTime) -> String {
        let (Some(at), Some(now)) = (self.local(at), self.local(now)) else { return texts.say("time-unknown") };
        let time = ("time", self.time_of_day(texts, at.time()).into());
        match now.date().until(at.date()).map(|span| span.get_days()) {
            Ok(0) => self.time_of_day(texts, at.time()),
            Ok(1) => texts.say_with("time-tomorrow", &[time]),
            Ok(-1) => texts.say_with("time-yesterday", &[time]),
            Ok(_) | Err(_) => texts.say_with("time-on-day", &[("date", day(texts, at.date(), now.date()).into()), time]),
        }
    }

    /// 9:00 of the next day.
    pub fn tomorrow_morning(&self, now: SystemTime) -> SystemTime {
        let morning = self.local(now).and_then(|now| now.date().tomorrow().ok()).map(|date| date.at(9, 0, 0, 0));
        // Only at the end of the calendar is there no tomorrow.
        morning.and_then(|morning| self.first_after(morning, now)).unwrap_or(now)
    }

    /// `15:00`, `3pm`, `tomorrow`, `tomorrow 9:00`, `2026-11-21T15:00`, or RFC 3339: always an instant after `now`.
    ///
    /// A time of day is its next occurrence. Where the clocks are turned back, it is the first one that is still to come; where they
    /// are turned forward, a time that does not exist is the one as much later.
    pub fn parse_until(&self, text: &str, now: SystemTime) -> Result<SystemTime, TimeError> {
        let found = text.trim().to_owned();
        let at = self.instant(&found.to_lowercase(), now).ok_or_else(|| TimeError::NotATime { found: found.clone() })?;
        match at.duration_since(now) {
            Ok(ahead) if ahead > LONGEST => Err(TimeError::TooLong { found }),
            Ok(ahead) if !ahead.is_zero() => Ok(at),
            Ok(_) | Err(_) => Err(TimeError::Past { found }),
        }
    }

    fn instant(&self, text: &str, now: SystemTime) -> Option<SystemTime> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(instant.into());
        }
        if let Some(date_time) = text.contains('-').then(|| text.parse::<DateTime>().ok()).flatten() {
            return self.first_after(date_time, now).or_else(|| self.any(date_time));
        }
        let today = self.local(now)?.date();
        for word in ["tomorrow", "завтра"] {
            if let Some(rest) = text.strip_prefix(word) {
                let time = if rest.trim().is_empty() { Time::constant(9, 0, 0, 0) } else { time_of_day(rest.trim())? };
                return self.first_after(today.tomorrow().ok()?.to_datetime(time), now);
            }
        }
        let time = time_of_day(text)?;
        (0..=2).find_map(|days| self.first_after(today.checked_add(Span::new().days(days)).ok()?.to_datetime(time), now))
    }

    /// The first instant after `now` at which clocks here show this.
    fn first_after(&self, shown: DateTime, now: SystemTime) -> Option<SystemTime> {
        let ambiguous = self.zone().to_ambiguous_timestamp(shown);
        let candidates = match ambiguous.offset() {
            AmbiguousOffset::Fold { .. } => [ambiguous.earlier(), ambiguous.later()],
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Gap { .. } => [ambiguous.compatible(), ambiguous.compatible()],
        };
        candidates.into_iter().flatten().map(SystemTime::from).find(|at| *at > now)
    }

    fn any(&self, shown: DateTime) -> Option<SystemTime> {
        self.zone().to_ambiguous_timestamp(shown).compatible().ok().map(SystemTime::from)
    }

    fn time_of_day(&self, texts: &Texts, time: Time) -> String {
        let minute = format!("{:02}", time.minute());
        match self.clock {
            Clock::Hours24 => texts.say_with("time-24", &[("hour", time.hour().to_string().into()), ("minute", minute.into())]),
            Clock::Hours12 => {
                let (key, hour) = (if time.hour() < 12 { "time-am" } else { "time-pm" }, (time.hour() + 11) % 12 + 1);
                texts.say_with(key, &[("hour", hour.to_string().into()), ("minute", minute.into())])
            }
        }
    }

    fn local(&self, at: SystemTime) -> Option<Zoned> {
        Timestamp::try_from(at).ok().map(|at| at.to_zoned(self.zone()))
    }

    fn zone(&self) -> TimeZone {
        self.zone.clone().unwrap_or_else(zone_of_system)
    }
}

/// The zone in which the person lives.
pub fn zone_of_system() -> TimeZone {
    system::zone()
}

impl Clock {
    /// As the person has it, so far as the system says.
    pub fn of_system() -> Self {
        system::clock()
    }

    /// Regions whose usual clock has twelve hours (CLDR); everywhere else it has 24.
    pub fn of_locale(tag: &str) -> Self {
        const TWELVE: [&str; 22] = [
            "US", "CA", "AU", "NZ", "IN", "PH", "PK", "BD", "MY", "EG", "SA", "AE", "JO", "IQ", "KW", "QA", "OM", "YE", "CO", "VE", "MX",
            "KR",
        ];
        let region = tag.split(['.', '@']).next().unwrap_or_default().rsplit(['_', '-']).next().unwrap_or_default();
        let french = tag.starts_with("fr");
        if TWELVE.contains(&region) && !french { Self::Hours12 } else { Self::Hours24 }
    }
}

impl TimeError {
    pub fn sentence(&self, texts: &Texts) -> String {
        let (key, found) = match self {
            Self::NotATime { found } => ("time-not-a-time", found),
            Self::NotADuration { found } => ("time-not-a-duration", found),
            Self::Past { found } => ("time-past", found),
            Self::TooLong { found } => ("time-too-long", found),
        };
        texts.say_with(key, &[("found", found.as_str().into())])
    }
}

impl Texts {
    /// "10 minutes", "1 hour 30 minutes", "45 seconds": the two largest parts.
    pub fn duration(&self, duration: Duration) -> String {
        let seconds = duration.as_secs();
        let parts = [("time-days", seconds / 86_400), ("time-hours", seconds / 3600 % 24), ("time-minutes", seconds / 60 % 60)];
        let mut said = parts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| self.say_with(key, &[("count", count.into())]));
        match (said.next(), said.next()) {
            (Some(large), Some(small)) => format!("{large} {small}"),
            (Some(only), None) => only,
            (None, _) => self.say_with("time-seconds", &[("count", seconds.into())]),
        }
    }
}

/// `30m`, `1h`, `1h30m`, `90s`, `1d`: each unit once at most, the larger first. A number alone could be anything.
pub fn parse_duration(text: &str) -> Result<Duration, TimeError> {
    let found = text.trim().to_owned();
    let not_a_duration = || TimeError::NotADuration { found: found.clone() };
    let mut rest = found.as_str();
    let mut total = Duration::ZERO;
    for (unit, seconds) in [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        let number = number.trim_start();
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(not_a_duration());
        }
        let number = number.parse::<u32>().map_err(|_| not_a_duration())?;
        total += Duration::from_secs(u64::from(number) * seconds);
        rest = after;
    }
    match total {
        _ if !rest.trim().is_empty() => Err(not_a_duration()),
        Duration::ZERO => Err(not_a_duration()),
        total if total > LONGEST => Err(TimeError::TooLong { found }),
        total => Ok(total),
    }
}

fn day(texts: &Texts, date: Date, today: Date) -> String {
    let (day, month) = (date.day().to_string(), date.month());
    let key = if date.year() == today.year() { "time-date" } else { "time-date-year" };
    texts.say_with(key, &[("day", day.into()), ("month", month.into()), ("year", date.year().to_string().into())])
}

/// `15:00`, `9:30`, `3pm`, `3:30 pm`.
fn time_of_day(text: &str) -> Option<Time> {
    let (text, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(text), _) => (text.trim_end(), Some(0)),
        (_, Some(text)) => (text.trim_end(), Some(12)),
        (None, None) => (text, None),
    };
    let (hour, minute) = match (text.split_once(':'), half) {
        (Some((hour, minute)), _) if minute.len() == 2 => (hour, minute),
        (None, Some(_)) => (text, "0"),
        (Some(_) | None, _) => return None,
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i8>().ok()).flatten();
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    match half {
        Some(half) if (1..=12).contains(&hour) => Time::new(hour % 12 + half, minute, 0, 0).ok(),
        Some(_) => None,
        None => Time::new(hour, minute, 0, 0).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    const NOW: &str = "2026-11-21T14:02:30+01:00";

    #[test]
    fn a_time_of_day_is_its_next_occurrence() {
        assert_eq!(until("15:00"), at("2026-11-21T15:00:00+01:00"));
        assert_eq!(until("14:03"), at("2026-11-21T14:03:00+01:00"));
        assert_eq!(until("14:02"), at("2026-11-22T14:02:00+01:00"));
        assert_eq!(until("9:00"), at("2026-11-22T09:00:00+01:00"));
        assert_eq!(until("0:00"), at("2026-11-22T00:00:00+01:00"));
    }

    #[test]
    fn every_way_to_write_a_time_is_understood() {
        for (text, wanted) in [
            ("3pm", "2026-11-21T15:00:00+01:00"),
            ("3:30 PM", "2026-11-21T15:30:00+01:00"),
            ("12am", "2026-11-22T00:00:00+01:00"),
            ("12:15pm", "2026-11-22T12:15:00+01:00"),
            ("tomorrow", "2026-11-22T09:00:00+01:00"),
            ("tomorrow 9:00", "2026-11-22T09:00:00+01:00"),
            ("Завтра 18:30", "2026-11-22T18:30:00+01:00"),
            ("2026-11-21T15:00", "2026-11-21T15:00:00+01:00"),
            ("2026-11-21 15:00", "2026-11-21T15:00:00+01:00"),
            ("2026-11-21T15:00:00Z", "2026-11-21T16:00:00+01:00"),
            ("2026-11-21T15:00:00+03:00", "2026-11-21T13:00:00+01:00"),
        ] {
            let parsed = times().parse_until(text, at(NOW));
            let wanted = at(wanted);
            let wanted = if wanted > at(NOW) { Ok(wanted) } else { Err(TimeError::Past { found: text.to_owned() }) };
            assert_eq!(parsed, wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_to_wait_for_is_refused() {
        for text in ["", "soon", "25:00", "15", "15:0", "15:60", "-1:00", "13pm", "0am", "tomorrow soon", "2026-02-30T10:00", "１５:00"] {
            assert_eq!(times().parse_until(text, at(NOW)), Err(TimeError::NotATime { found: text.to_owned() }));
        }
        for text in ["2026-11-21T14:02", "2020-01-01T00:00:00Z"] {
            assert_eq!(times().parse_until(text, at(NOW)), Err(TimeError::Past { found: text.to_owned() }));
        }
        assert_eq!(times().parse_until("2036-01-01T10:00", at(NOW)), Err(TimeError::TooLong { found: "2036-01-01T10:00".into() }));
    }

    #[test]
    fn a_time_that_comes_twice_is_the_one_that_is_still_to_come() {
        // On 25 October 2026 clocks in Berlin go from 3:00 back to 2:00.
        let before = at("2026-10-25T01:00:00+02:00");
        let between = at("2026-10-25T02:45:00+02:00");
        assert_eq!(times().parse_until("2:30", before), Ok(at("2026-10-25T02:30:00+02:00")));
        assert_eq!(times().parse_until("2:30", between), Ok(at("2026-10-25T02:30:00+01:00")));
    }

    #[test]
    fn a_time_that_never_comes_is_as_much_later() {
        // On 29 March 2026 clocks in Berlin go from 2:00 on to 3:00.
        assert_eq!(times().parse_until("2:30", at("2026-03-29T01:00:00+01:00")), Ok(at("2026-03-29T03:30:00+02:00")));
    }

    #[test]
    fn tomorrow_morning_is_nine_o_clock_also_over_a_change_of_the_clocks() {
        assert_eq!(times().tomorrow_morning(at(NOW)), at("2026-11-22T09:00:00+01:00"));
        assert_eq!(times().tomorrow_morning(at("2026-10-24T20:00:00+02:00")), at("2026-10-25T09:00:00+01:00"));
        assert_eq!(times().tomorrow_morning(at("2026-11-21T00:00:30+01:00")), at("2026-11-22T09:00:00+01:00"));
    }

    #[test]
    fn durations_are_written_with_their_units() {
        for (text, seconds) in [("30m", 1800), ("1h", 3600), ("1h30m", 5400), ("1h 30m", 5400), ("90s", 90), ("1d", 86_400), ("1m1s", 61)] {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "30", "m", "1.5h", "-1h", "+1h", "30m1h", "1h30", "1w", "1h1h", "99999999999h", "0m", "1 hour"] {
            assert_eq!(parse_duration(text), Err(TimeError::NotADuration { found: text.to_owned() }), "{text}");
        }
        assert_eq!(parse_duration("9000h"), Err(TimeError::TooLong { found: "9000h".into() }));
    }

    #[test]
    fn a_moment_is_said_with_as_much_as_is_needed() {
        let said = |clock, language, instant| Times::new(clock, berlin()).moment(&Texts::new(language), at(instant), at(NOW));
        assert_eq!(said(Clock::Hours24, Language::English, "2026-11-21T15:00:00+01:00"), "15:00");
        assert_eq!(said(Clock::Hours12, Language::English, "2026-11-21T15:00:00+01:00"), "3:00 PM");
        assert_eq!(said(Clock::Hours12, Language::English, "2026-11-21T00:05:00+01:00"), "12:05 AM");
        assert_eq!(said(Clock::Hours24, Language::English, "2026-11-22T09:00:00+01:00"), "tomorrow 9:00");
        assert_eq!(said(Clock::Hours24, Language::English, "2026-11-20T09:00:00+01:00"), "yesterday 9:00");
        assert_eq!(said(Clock::Hours24, Language::English, "2026-11-24T09:00:00+01:00"), "24 November, 9:00");
        assert_eq!(said(Clock::Hours24, Language::English, "2027-01-05T09:00:00+01:00"), "5 January 2027, 9:00");
        assert_eq!(said(Clock::Hours24, Language::Russian, "2026-11-24T09:00:00+01:00"), "24 ноября, 9:00");
        assert_eq!(said(Clock::Hours24, Language::Russian, "2026-11-22T09:00:00+01:00"), "завтра, 9:00");
    }

    #[test]
    fn durations_are_said_in_the_right_plural() {
        let said = |language, minutes| Texts::new(language).duration(Duration::from_mins(minutes));
        assert_eq!(said(Language::English, 1), "1 minute");
        assert_eq!(said(Language::English, 90), "1 hour 30 minutes");
        assert_eq!(said(Language::Russian, 1), "1 минута");
        assert_eq!(said(Language::Russian, 22), "22 минуты");
        assert_eq!(said(Language::Russian, 11), "11 минут");
        assert_eq!(said(Language::Russian, 300), "5 часов");
    }

    #[test]
    fn the_region_decides_on_the_clock() {
        for (tag, clock) in [
            ("en_US.UTF-8", Clock::Hours12),
            ("en-US", Clock::Hours12),
            ("en_GB.UTF-8", Clock::Hours24),
            ("ru_RU.UTF-8", Clock::Hours24),
            ("fr_CA.UTF-8", Clock::Hours24),
            ("de_DE@euro", Clock::Hours24),
            ("C", Clock::Hours24),
            ("C.UTF-8", Clock::Hours24),
            ("", Clock::Hours24),
        ] {
            assert_eq!(Clock::of_locale(tag), clock, "{tag}");
        }
    }

    fn until(text: &str) -> SystemTime {
        times().parse_until(text, at(NOW)).unwrap()
    }

    fn times() -> Times {
        Times::new(Clock::Hours24, berlin())
    }

    /// By its rule, so that no test needs a time-zone database.
    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    fn at(text: &str) -> SystemTime {
        text.parse::<Timestamp>().unwrap().into()
    }
}
