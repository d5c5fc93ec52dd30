//! The journal on disk: one JSON object a line, the newest last, at most 30 days and a few hundred kilobytes.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    fs, io,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use crate::{file, paths::Place, presence::Entry, words::EntryLine};

const KEPT_FOR: Duration = Duration::from_hours(30 * 24);
/// Past this the oldest entries go, down to half of it.
const BYTES_AT_MOST: u64 = 256 * 1024;
const ENTRIES_IN_MEMORY: usize = 1000;

#[derive(Debug)]
pub struct Journal {
    kept: Kept,
    /// The day on which what is too old was dropped last, counted from 1970.
    dropped_on: Cell<u64>,
}

#[derive(Debug)]
enum Kept {
    Disk(PathBuf),
    Memory(RefCell<VecDeque<Entry>>),
}

impl Journal {
    pub fn new(place: &Place) -> Self {
        let kept = match place {
            Place::Disk(paths) => Kept::Disk(paths.journal()),
            Place::Memory => Kept::Memory(RefCell::default()),
        };
        Self { kept, dropped_on: Cell::default() }
    }

    /// Adds one entry. Drops the oldest ones when there are too many, and with the first one of a day those that have become too old.
    pub fn append(&self, entry: &Entry) -> io::Result<()> {
        self.add(entry)?;
        if self.dropped_on.get() == day(entry.at) { Ok(()) } else { self.forget_old(entry.at) }
    }

    fn add(&self, entry: &Entry) -> io::Result<()> {
        match &self.kept {
            Kept::Disk(path) => {
                file::append_line(path, &serde_json::to_string(&EntryLine::from(entry))?)?;
                if fs::metadata(path)?.len() > BYTES_AT_MOST { self.shorten(entry.at) } else { Ok(()) }
            }
            Kept::Memory(entries) => {
                let mut entries = entries.borrow_mut();
                entries.push_back(entry.clone());
                let surplus = entries.len().saturating_sub(ENTRIES_IN_MEMORY);
                entries.drain(..surplus);
                Ok(())
            }
        }
    }

    /// The newest entries, at most `limit`, the oldest of them first. A line that cannot be understood is passed over.
    pub fn newest(&self, limit: usize) -> io::Result<Vec<Entry>> {
        match &self.kept {
            Kept::Disk(path) => {
                let text = file::read(path)?.unwrap_or_default();
                let mut entries = text.lines().rev().filter_map(understood).take(limit).collect::<Vec<_>>();
                entries.reverse();
                Ok(entries)
            }
            Kept::Memory(entries) => {
                let entries = entries.borrow();
                Ok(entries.iter().skip(entries.len().saturating_sub(limit)).cloned().collect())
            }
        }
    }

    /// Forgets everything. Where it cannot, the file is named.
    pub fn clear(&self) -> Result<(), (PathBuf, io::Error)> {
        match &self.kept {
            Kept::Disk(path) => match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err((path.clone(), error)),
                Ok(()) | Err(_) => Ok(()),
            },
            Kept::Memory(entries) => {
                entries.take();
                Ok(())
            }
        }
    }

    /// Drops what is older than 30 days. For the start of the app: later the entries see to it.
    pub fn forget_old(&self, now: SystemTime) -> io::Result<()> {
        self.dropped_on.set(day(now));
        let oldest = match &self.kept {
            Kept::Disk(path) => file::read(path)?.and_then(|text| text.lines().find_map(understood)),
            Kept::Memory(entries) => {
                entries.borrow_mut().retain(|entry| is_recent(entry, now));
                None
            }
        };
        if oldest.is_some_and(|entry| !is_recent(&entry, now)) { self.shorten(now) } else { Ok(()) }
    }

    fn shorten(&self, now: SystemTime) -> io::Result<()> {
        let Kept::Disk(path) = &self.kept else { return Ok(()) };
        let text = file::read(path)?.unwrap_or_default();
        let mut room = BYTES_AT_MOST / 2;
        let recent = text.lines().rev().filter(|line| understood(line).is_some_and(|entry| is_recent(&entry, now)));
        let mut kept = recent.take_while(|line| take_room(&mut room, line)).collect::<Vec<_>>();
        kept.reverse();
        file::replace(path, &kept.iter().map(|line| format!("{line}\n")).collect::<String>())
    }
}

fn day(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs() / (24 * 60 * 60))
}

fn understood(line: &str) -> Option<Entry> {
    serde_json::from_str::<EntryLine>(line).ok()?.try_into().ok()
}

/// A clock that was set back makes no entry old.
fn is_recent(entry: &Entry, now: SystemTime) -> bool {
    now.duration_since(entry.at).is_ok_and(|age| age < KEPT_FOR) || entry.at > now
}

fn take_room(room: &mut u64, line: &str) -> bool {
    match room.checked_sub(line.len() as u64 + 1) {
        Some(left) => {
            *room = left;
            true
        }
        None => false,
    }
}
