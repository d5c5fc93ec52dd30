//! What is kept between two starts, as power cuts, full disks and clocks treat it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    time::{Duration, SystemTime},
};

use b24status::{
    paths::{Paths, Place},
    presence::{AccountId, Cause, Change, Choice, End, Entry, Held, Remembered, State, Status, Wanted},
    store::{Journal, LoadedState, StateFile},
};
use tempfile::TempDir;

#[test]
fn the_state_survives_a_restart() {
    let disk = Disk::new();
    let state = State {
        choice: Choice { wanted: Wanted::Status(Status::Dnd), end: Some(End { at: at(1800), then: Status::Online }) },
        accounts: vec![(AccountId::new("7@acme.bitrix24.com"), Remembered { confirmed: Some(Held::Status(Status::Dnd)), marked: true })],
    };
    disk.state().save(&state).unwrap();
    assert_eq!(disk.state().load().state(), state);
}

#[test]
fn without_a_file_nothing_is_remembered() {
    assert!(matches!(Disk::new().state().load(), LoadedState::Read(state) if state == State::default()));
}

#[test]
fn a_state_that_cannot_be_understood_is_kept_aside() {
    for broken in [&b""[..], b"{", b"null", b"\xff\xfe", br#"{"version":1,"choice":{"status":"lunch"}}"#, br#"{"version":1}"#] {
        let disk = Disk::new();
        fs::create_dir_all(disk.paths.state_directory()).unwrap();
        fs::write(disk.paths.state(), broken).unwrap();
        let LoadedState::KeptAside(aside) = disk.state().load() else { panic!("{broken:?} was understood") };
        assert_eq!(fs::read(aside).unwrap(), broken);
        disk.state().save(&State::default()).unwrap();
        assert!(matches!(disk.state().load(), LoadedState::Read(_)));
    }
}

#[test]
fn a_place_that_cannot_be_read_is_no_empty_state_to_write_over() {
    let disk = Disk::new();
    fs::create_dir_all(disk.paths.state()).unwrap();
    assert!(matches!(disk.state().load(), LoadedState::Unreadable(_)));
    assert!(disk.state().save(&State::default()).is_err());
}

#[test]
fn the_journal_gives_the_newest_entries_the_oldest_of_them_first() {
    let disk = Disk::new();
    for second in 0..5 {
        disk.journal().append(&entry(second)).unwrap();
    }
    assert_eq!(disk.journal().newest(2).unwrap(), [entry(3), entry(4)]);
    assert_eq!(disk.journal().newest(100).unwrap().len(), 5);
}

#[test]
fn a_line_torn_by_a_power_cut_costs_only_itself() {
    let disk = Disk::new();
    disk.journal().append(&entry(1)).unwrap();
    let whole = fs::read_to_string(disk.paths.journal()).unwrap();
    fs::write(disk.paths.journal(), format!("{whole}{{\"at\":\"2026-")).unwrap();
    disk.journal().append(&entry(2)).unwrap();
    assert_eq!(disk.journal().newest(10).unwrap(), [entry(1), entry(2)]);
}

#[test]
fn the_words_of_a_newer_version_are_passed_over() {
    let disk = Disk::new();
    disk.journal().append(&entry(1)).unwrap();
    let line = r#"{"at":"2026-11-21T14:00:00Z","account":null,"what":"danced","because":"by_hand"}"#;
    fs::write(disk.paths.journal(), format!("{}{line}\n", fs::read_to_string(disk.paths.journal()).unwrap())).unwrap();
    assert_eq!(disk.journal().newest(10).unwrap(), [entry(1)]);
}

#[test]
fn the_journal_stays_small_and_keeps_what_is_new() {
    let disk = Disk::new();
    let last = 4000;
    for second in 0..=last {
        disk.journal().append(&entry(second)).unwrap();
    }
    assert!(fs::metadata(disk.paths.journal()).unwrap().len() <= 256 * 1024);
    let kept = disk.journal().newest(usize::MAX).unwrap();
    assert!(kept.len() > 500, "{}", kept.len());
    assert_eq!(kept.last(), Some(&entry(last)));
}

#[test]
fn after_thirty_days_an_entry_is_forgotten_and_a_clock_set_back_forgets_nothing() {
    let disk = Disk::new();
    disk.journal().append(&entry(0)).unwrap();
    disk.journal().append(&entry(20 * 24 * 3600)).unwrap();
    disk.journal().forget_old(at(0) - Duration::from_hours(24)).unwrap();
    assert_eq!(disk.journal().newest(10).unwrap().len(), 2);
    disk.journal().forget_old(at(31 * 24 * 3600)).unwrap();
    assert_eq!(disk.journal().newest(10).unwrap(), [entry(20 * 24 * 3600)]);
}

#[test]
fn an_app_that_runs_for_weeks_forgets_as_one_that_starts() {
    const DAY: u64 = 24 * 3600;
    let disk = Disk::new();
    for place in [Place::Disk(disk.paths.clone()), Place::Memory] {
        let journal = Journal::new(&place);
        journal.forget_old(at(0)).unwrap();
        for entry in [entry(0), entry(60), entry(20 * DAY), entry(29 * DAY)] {
            journal.append(&entry).unwrap();
        }
        assert_eq!(journal.newest(10).unwrap().len(), 4);
        journal.append(&entry(31 * DAY)).unwrap();
        assert_eq!(journal.newest(10).unwrap(), [entry(20 * DAY), entry(29 * DAY), entry(31 * DAY)]);
    }
}

#[test]
fn what_is_kept_in_memory_ends_with_the_process() {
    let journal = Journal::new(&Place::Memory);
    journal.append(&entry(1)).unwrap();
    journal.append(&entry(2)).unwrap();
    assert_eq!(journal.newest(1).unwrap(), [entry(2)]);
    let state = StateFile::new(&Place::Memory);
    state.save(&State::default()).unwrap();
    assert!(matches!(state.load(), LoadedState::Read(_)));
}

struct Disk {
    _root: TempDir,
    paths: Paths,
}

impl Disk {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        Self { paths: Paths::below(root.path()), _root: root }
    }

    fn state(&self) -> StateFile {
        StateFile::new(&Place::Disk(self.paths.clone()))
    }

    fn journal(&self) -> Journal {
        Journal::new(&Place::Disk(self.paths.clone()))
    }
}

fn entry(seconds: u64) -> Entry {
    Entry { at: at(seconds), account: None, what: Change::Chosen { status: Status::Dnd, end: None }, because: Cause::ByHand }
}

/// Some instant in 2026, and so many seconds.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
}
