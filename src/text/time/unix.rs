//! The clock of a person by the region of their locale.

use std::env;

use super::Clock;

/// By the region of `LC_ALL`, `LC_TIME` or `LANG`, as the C library chooses; elsewhere by the system's first locale.
pub(super) fn clock() -> Clock {
    let set = ["LC_ALL", "LC_TIME", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    Clock::of_locale(&set.or_else(sys_locale::get_locale).unwrap_or_default())
}
