//! The times of entries where a clock was wrong for a while: made to rise as the entries were written.

use std::time::SystemTime;

/// As few times as possible are changed: those outside the longest run that rises. Such a one becomes that of the entry before it.
/// What lies after `now` is always wrong.
pub(super) fn straightened(times: impl Iterator<Item = SystemTime>, now: SystemTime) -> Vec<SystemTime> {
    let times = times.collect::<Vec<_>>();
    let rising = longest_rising(&times, now);
    let mut kept = rising.iter().copied().peekable();
    let mut latest = rising.first().map_or(now, |first| times[*first]);
    let straight = times.iter().enumerate().map(|(index, at)| {
        if kept.next_if_eq(&index).is_some() {
            latest = *at;
        }
        latest
    });
    straight.collect()
}

/// Which of the times make the longest run that never falls (patience sorting).
fn longest_rising(times: &[SystemTime], now: SystemTime) -> Vec<usize> {
    // Of all runs of one length: the end of the one that ends earliest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; times.len()];
    for (index, at) in times.iter().enumerate().filter(|(_, at)| **at <= now) {
        let length = ends.partition_point(|end| times[*end] <= *at);
        before[index] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut run = std::iter::successors(ends.last().copied(), |index| before[*index]).collect::<Vec<_>>();
    run.reverse();
    run
}
