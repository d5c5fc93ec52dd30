//! What the person allows the app to do by itself.

use std::time::Duration;

use super::Status;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automation {
    pub marking: Marking,
    /// How long without input counts as absent: 1 to 240 minutes. The idle source watches for it.
    pub idle_after: Duration,
    /// The statuses over which the idle mark is set.
    pub over: Vec<Status>,
    pub on_lock: OnLock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    On,
    Off,
}

/// What a locked session means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnLock {
    /// Absent at once.
    Mark,
    /// Nothing by itself; the absence of input counts as always.
    Ignore,
}

impl Default for Automation {
    fn default() -> Self {
        Self { marking: Marking::On, idle_after: Duration::from_mins(10), over: vec![Status::Online], on_lock: OnLock::Mark }
    }
}
