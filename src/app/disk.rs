//! What the app keeps: settings, state and journal. The state is written off the loop, one write after the other.

use std::{collections::VecDeque, time::SystemTime};

use tokio::task::{JoinHandle, spawn_blocking};

use crate::{
    paths::{Paths, Place},
    presence::{AccountId, Cause, Change, Entry, Event, State},
    settings::{self, AccountEntry, Machine, Problem, Rewrite, SaveError, Settings},
    store::{Journal, LoadedState, StateFile},
    text::Texts,
    tray,
};

/// Where the settings come from, and where everything goes.
pub enum Keeping {
    Disk(Paths),
    /// Everything ends with the process.
    Memory(Settings),
}

const LATEST: usize = tray::JOURNAL_LINES;

pub(super) struct Disk {
    settings_file: settings::File,
    settings: Settings,
    /// What was wrong with the settings file when it was read last.
    problems: Vec<Problem>,
    machine: Machine,
    state_file: StateFile,
    state: State,
    journal: Journal,
    /// The newest entry first: as many as the menu shows.
    latest: VecDeque<Entry>,
    journal_fails: bool,
    journal_revision: u64,
    writing: Option<JoinHandle<Event>>,
    /// Only the newest state matters.
    next: Option<(u64, State)>,
}

impl Disk {
    pub(super) fn open(keeping: Keeping) -> Self {
        let (place, given) = match keeping {
            Keeping::Disk(paths) => (Place::Disk(paths), None),
            Keeping::Memory(settings) => (Place::Memory, Some(settings)),
        };
        let settings_file = settings::File::new(&place);
        let settings::Loaded { settings, problems, machine } = settings_file.load();
        let settings = given.unwrap_or(settings);
        let state_file = StateFile::new(&place);
        let loaded = state_file.load();
        if let LoadedState::Unreadable(error) = &loaded {
            tracing::warn!(%error, "the state cannot be read: starting without it");
        }
        let journal = Journal::new(&place);
        if let Err(error) = journal.forget_old(SystemTime::now()) {
            tracing::warn!(%error, "the journal cannot be shortened");
        }
        // Besides the starts and ends of the app, which the menu does not show.
        let newest = journal.newest(4 * LATEST).unwrap_or_default().into_iter().rev();
        let latest = newest.filter(|entry| !matches!(entry.what, Change::Started | Change::Ended)).take(LATEST).collect();
        let state = loaded.state();
        Self {
            settings_file,
            settings,
            problems,
            machine,
            state_file,
            state,
            journal,
            latest,
            journal_fails: false,
            journal_revision: 0,
            writing: None,
            next: None,
        }
    }

    /// The state as it was read at the start.
    pub(super) fn state(&self) -> State {
        self.state.clone()
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn settings_file(&self) -> &settings::File {
        &self.settings_file
    }

    /// Whether the settings may be others than those that the person meant.
    pub(super) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// What is wrong with the settings, one sentence each.
    pub(super) fn problem_sentences(&self, texts: &Texts) -> Vec<String> {
        let Some(path) = self.settings_file.path() else { return Vec::new() };
        let own = self.problems.iter().map(|problem| problem.sentence(texts, path));
        own.chain(self.machine.sentences(texts)).collect()
    }

    /// What the administrator has fixed.
    pub(super) fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Another process, or a person, edited the file. What held until now comes back, if anything else does from now on.
    pub(super) fn reload_settings(&mut self) -> Option<Settings> {
        self.settings_file.path()?;
        let loaded = self.settings_file.load();
        let settings = loaded.in_place_of(&self.settings);
        self.problems = loaded.problems;
        self.machine = loaded.machine;
        (settings != self.settings).then(|| std::mem::replace(&mut self.settings, settings))
    }

    /// An account that another part of the program has written down: where nothing is kept on disk, it is nowhere else.
    pub(super) fn learn(&mut self, account: Option<AccountEntry>) {
        let Some(account) = account.filter(|_| self.settings_file.path().is_none()) else { return };
        self.settings.accounts.retain(|entry| entry.id != account.id);
        self.settings.accounts.push(account);
    }

    /// The accounts that the state remembers and sound settings do not name: somebody signed out while no app ran.
    pub(super) fn forgotten_accounts(&self) -> Vec<AccountId> {
        if !self.problems.is_empty() {
            return Vec::new();
        }
        let remembered = self.state.accounts.iter().map(|(account, _)| account);
        remembered.filter(|account| !self.settings.accounts.iter().any(|entry| entry.id == **account)).cloned().collect()
    }

    /// The change holds in memory even where it cannot be written.
    pub(super) fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) -> Result<Rewrite, SaveError> {
        let before = self.settings.clone();
        change(&mut self.settings);
        self.settings_file.save(&before, &self.settings)
    }

    pub(super) fn record(&mut self, entry: Entry) {
        self.append(&entry);
        self.latest.push_front(entry);
        self.latest.truncate(LATEST);
    }

    /// What is of the app and not of the person's status. The menu has no room for it.
    pub(super) fn note(&mut self, what: Change, because: Cause) {
        self.append(&Entry { at: SystemTime::now(), account: None, what, because });
    }

    fn append(&mut self, entry: &Entry) {
        let failed = self.journal.append(entry);
        if let (Err(error), false) = (&failed, self.journal_fails) {
            tracing::warn!(%error, "the journal cannot be written: what happens now will be missing from it");
        }
        self.journal_fails = failed.is_err();
        self.journal_revision += 1;
    }

    /// What was is forgotten; the menu's lines as well.
    pub(super) fn clear_journal(&mut self) -> Result<(), SaveError> {
        self.journal.clear().map_err(|(path, error)| SaveError::Storage { path, error })?;
        self.journal_revision += 1;
        self.latest.clear();
        Ok(())
    }

    /// Another number for another journal.
    pub(super) fn journal_revision(&self) -> u64 {
        self.journal_revision
    }

    pub(super) fn latest(&self) -> impl Iterator<Item = &Entry> {
        self.latest.iter()
    }

    /// The newest entries of the journal, the oldest of them first.
    pub(super) fn newest_entries(&self, limit: usize) -> Vec<Entry> {
        self.journal.newest(limit).unwrap_or_default()
    }

    pub(super) fn save(&mut self, revision: u64, state: State) {
        self.next = Some((revision, state));
        self.write_next();
    }

    /// The outcome of a write, once there is one.
    pub(super) async fn written(&mut self) -> Event {
        let Some(writing) = &mut self.writing else { return std::future::pending().await };
        let outcome = writing.await;
        self.writing = None;
        self.write_next();
        // The task neither panics nor is aborted; if it ended without an outcome, nothing is known to be on disk.
        outcome.unwrap_or(Event::TimePassed)
    }

    /// Until everything that was to be written is written, or has failed.
    pub(super) async fn finish(&mut self) {
        while self.writing.is_some() {
            self.written().await;
        }
    }

    fn write_next(&mut self) {
        if self.writing.is_some() {
            return;
        }
        let Some((revision, state)) = self.next.take() else { return };
        let file = self.state_file.clone();
        self.writing = Some(spawn_blocking(move || match file.save(&state) {
            Ok(()) => Event::Saved { revision },
            Err(error) => {
                tracing::warn!(%error, "the state cannot be written");
                Event::SaveFailed { revision }
            }
        }));
    }
}
