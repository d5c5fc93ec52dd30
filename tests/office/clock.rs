//! Virtual time: what happens next, and when. Of two things at one instant the one that was planned first comes first.

use std::{
    cmp::Ordering,
    collections::BinaryHeap,
    time::{Duration, SystemTime},
};

use b24status::presence::Moment;

pub const MINUTE: Duration = Duration::from_mins(1);
pub const HOUR: Duration = Duration::from_hours(1);

/// A time of the day; instants are counted from midnight.
pub const fn at(hour: u64, minute: u64) -> Duration {
    Duration::from_secs(hour * 3600 + minute * 60)
}

/// The clocks of every machine at this instant of the day.
pub fn moment(at: Duration) -> Moment {
    Moment { wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + at, uptime: at }
}

pub struct Agenda<T> {
    entries: BinaryHeap<Planned<T>>,
    planned: u64,
}

struct Planned<T> {
    at: Duration,
    order: u64,
    what: T,
}

impl<T> Agenda<T> {
    pub fn new() -> Self {
        Self { entries: BinaryHeap::new(), planned: 0 }
    }

    pub fn plan(&mut self, at: Duration, what: T) {
        self.planned += 1;
        self.entries.push(Planned { at, order: self.planned, what });
    }

    pub fn next_before(&mut self, end: Duration) -> Option<(Duration, T)> {
        self.entries.peek().filter(|next| next.at < end)?;
        self.entries.pop().map(|next| (next.at, next.what))
    }
}

impl<T> Ord for Planned<T> {
    /// The heap yields the greatest, so the earliest is that.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl<T> PartialOrd for Planned<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Planned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Planned<T> {}
