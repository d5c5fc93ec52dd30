//! The clock of a person by the region of their locale, and their time zone by its file.

use std::{env, fs, path::Path};

use jiff::tz::TimeZone;

use super::Clock;

/// Where the C library looks for a zone by its name.
const ZONES: &str = "/usr/share/zoneinfo";

/// By the region of `LC_ALL`, `LC_TIME` or `LANG`, as the C library chooses; elsewhere by the system's first locale.
pub(super) fn clock() -> Clock {
    let set = ["LC_ALL", "LC_TIME", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    Clock::of_locale(&set.or_else(sys_locale::get_locale).unwrap_or_default())
}

/// That of `TZ`, else that of `/etc/localtime`.
pub(super) fn zone() -> TimeZone {
    env::var("TZ").ok().and_then(|variable| named(&variable)).unwrap_or_else(TimeZone::system)
}

/// A name or a path, as the C library takes it. jiff's own search by name keeps the names of all zones in memory: 150 KiB to find one.
fn named(variable: &str) -> Option<TimeZone> {
    let name = variable.strip_prefix(':').unwrap_or(variable);
    TimeZone::tzif(name, &fs::read(Path::new(ZONES).join(name)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;

    use super::*;

    #[test]
    fn a_zone_is_found_by_its_name_and_by_its_path() {
        let summer = "2026-07-01T12:00:00Z".parse().unwrap();
        for variable in ["Europe/Berlin", ":Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin"] {
            assert_eq!(named(variable).unwrap().to_offset(summer), Offset::constant(2), "{variable}");
        }
    }

    #[test]
    fn what_is_no_name_is_left_to_the_rules_of_posix() {
        for variable in ["", "CET-1CEST,M3.5.0,M10.5.0/3", "Europe", "Europe/Nowhere"] {
            assert!(named(variable).is_none(), "{variable}");
        }
    }
}
