//! A figure and its limit, and what the kernel tells about a process.

use std::fmt;
use std::time::Duration;

pub(crate) struct Figure {
    what: &'static str,
    measured: String,
    limit: String,
    holds: bool,
}

impl Figure {
    pub(crate) fn new(what: &'static str, measured: String, limit: String, holds: bool) -> Self {
        Self { what, measured, limit, holds }
    }

    pub(crate) fn count(what: &'static str, count: u64, unit: &str, limit: u64) -> Self {
        Self::new(what, format!("{count} {unit}"), format!("{limit} {unit}"), count <= limit)
    }

    /// The median counts; the rest of the machine decides about the slowest.
    pub(crate) fn time(what: &'static str, mut times: Vec<Duration>, limit: Duration) -> Self {
        times.sort();
        let (best, median, worst) = (times[0], times[times.len() / 2], times[times.len() - 1]);
        let measured = format!("{median:.1?} ({best:.1?} to {worst:.1?})");
        Self::new(what, measured, format!("{limit:?}"), median <= limit)
    }

    pub(crate) fn holds(&self) -> bool {
        self.holds
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds { "" } else { "  OVER" };
        write!(out, "{:<44} {:<36} limit {}{verdict}", self.what, self.measured.trim(), self.limit.trim())
    }
}

/// Kibibytes: what is its own, and its share of what it shares.
pub(crate) fn proportional_memory(process: u32) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap();
    number_after(&rollup, "Pss:")
}

pub(crate) fn threads(process: u32) -> u64 {
    std::fs::read_dir(format!("/proc/{process}/task")).unwrap().count() as u64
}

/// Of all threads, since they began.
pub(crate) fn context_switches(process: u32) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let statuses = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("status")).unwrap());
    statuses.map(|status| number_after(&status, "\nvoluntary_ctxt_switches:") + number_after(&status, "nonvoluntary_ctxt_switches:")).sum()
}

fn number_after(text: &str, name: &str) -> u64 {
    let (_, rest) = text.split_once(name).expect(name);
    rest.split_whitespace().next().unwrap().parse().unwrap()
}
