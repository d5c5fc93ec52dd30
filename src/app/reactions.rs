//! What each happening means: a fact for presence, or a change of the settings. And how the effects are carried out.

use std::{collections::VecDeque, time::SystemTime};

use super::{
    App,
    accounts::{Called, Looked, Move},
    notices::{self, Matter},
    picture,
};
use crate::{
    autostart::{Repair, Switch},
    clock,
    control::{Incoming, Request, Response},
    idle::Sighting,
    keyring::{Ask, Change},
    presence::{Credential, Effect, Event, Failure, Later, Marking},
    session::Occurrence,
    settings::Settings,
    tray::{self, Click},
};

impl App {
    /// Hands a fact to presence and carries out what follows, in order.
    pub(super) fn tell(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.presence.handle(event, clock::now()) {
                events.extend(self.carry_out(effect));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Call { account, call } => match self.accounts.call(&account, call) {
                Some(calling) => drop(self.calls.spawn_local(calling)),
                None => return Some(Event::Answered { account, answer: Err(Failure::Later(Later::Unreachable)) }),
            },
            Effect::Save { revision, state } => self.disk.save(revision, state),
            Effect::Record(entry) => self.disk.record(entry),
            Effect::WatchForReturn => self.idle.expect_return(),
            Effect::AllowSleep => self.session.allow_sleep(),
            Effect::Exit => self.ended = true,
        }
        None
    }

    pub(super) fn clicked(&mut self, click: Click) {
        match click {
            Click::Status(status) => self.tell(Event::Chosen { status, end: None }),
            Click::For(status, span) => {
                self.tell(Event::Chosen { status, end: Some(picture::end_of(span, &self.wording.times, SystemTime::now())) })
            }
            Click::ToggleIdle => self.toggle_marking(),
            Click::ToggleAutostart => self.toggle_autostart(),
            Click::UnlockKeyring => self.look_up_missing_secrets(Ask::Unlock),
            Click::OpenSettings => self.open_settings(),
            Click::CheckNow => self.check_now(),
            Click::Quit => self.tell(Event::QuitAsked),
        }
    }

    pub(super) fn saw(&mut self, sighting: Sighting) {
        match sighting {
            Sighting::Stopped { since } => self.tell(Event::InputStopped { since }),
            Sighting::Resumed => self.tell(Event::InputResumed),
            Sighting::Source(source) => {
                match &source {
                    Ok(name) => tracing::info!(source = name.word(), "watching for input"),
                    Err(reasons) => {
                        tracing::warn!(?reasons, "nothing here tells when nobody is at the keyboard: idle is not marked for missing input")
                    }
                }
                self.surroundings.idle = Some(source);
            }
        }
    }

    pub(super) fn occurred(&mut self, occurrence: Occurrence) {
        match occurrence {
            Occurrence::Locked => self.tell(Event::SessionLocked),
            Occurrence::Unlocked => self.tell(Event::SessionUnlocked),
            Occurrence::SleepAnnounced => self.tell(Event::SleepAnnounced),
            Occurrence::Woke => {
                self.accounts.disconnect();
                self.tell(Event::Woke);
            }
            Occurrence::Ending => self.tell(Event::QuitAsked),
            Occurrence::Sources(sources) => self.surroundings.session = Some(sources),
        }
    }

    pub(super) fn network_changed(&mut self) {
        self.accounts.disconnect();
        self.tell(Event::NetworkChanged);
    }

    pub(super) fn asked(&mut self, Incoming { request, answer }: Incoming) {
        let now = clock::now();
        let response = match request {
            Request::Status => Response::Status(self.report()),
            Request::RefreshNow | Request::Open => {
                self.check_now();
                return self.waiting.for_reading(now, answer);
            }
            Request::Set { status, until, timeout } => {
                self.tell(Event::Chosen { status: status.0, end: until.map(SystemTime::from) });
                return self.waiting.for_setting(status.0, timeout, now, answer);
            }
            Request::Why { limit } => Response::Why(self.disk.newest_entries(limit).iter().map(Into::into).collect()),
            Request::Reload => {
                self.reload();
                Response::Done
            }
            Request::Doctor => Response::Doctor(serde_json::Value::Null),
            Request::Quit => {
                self.tell(Event::QuitAsked);
                Response::Done
            }
        };
        // Who asked may have hung up meanwhile.
        let _ = answer.send(response);
    }

    // Accounts and their secrets

    /// Settings were edited by another process, or by hand.
    fn reload(&mut self) {
        self.disk.reload_settings();
        self.say_problems();
        self.tell(Event::AutomationChanged(self.disk.settings().automation.clone()));
        self.idle.change(picture::wish(self.disk.settings()));
        self.adopt_accounts();
    }

    pub(super) fn adopt_accounts(&mut self) {
        let entries = self.disk.settings().accounts.clone();
        for gone in self.accounts.replace(&entries) {
            self.tell(Event::AccountRemoved { account: gone });
        }
        for entry in entries {
            self.tell(Event::AccountAdded { account: entry.id.clone(), idle: entry.idle });
            self.lookups.spawn_local(self.accounts.look_up(entry.id, Ask::Never));
        }
    }

    fn look_up_missing_secrets(&mut self, ask: Ask) {
        for account in self.accounts.without_secret().collect::<Vec<_>>() {
            self.lookups.spawn_local(self.accounts.look_up(account, ask));
        }
    }

    pub(super) fn looked_up(&mut self, looked: Looked) {
        let account = looked.account.clone();
        if let Some(credential) = self.accounts.looked_up(looked) {
            self.tell(Event::CredentialChanged { account, credential });
        }
    }

    pub(super) fn keyring_changed(&mut self, change: Change) {
        let credential = match change {
            Change::Appeared | Change::Unlocked => return self.look_up_missing_secrets(Ask::Never),
            Change::Locked => Credential::Locked,
            Change::Disappeared => Credential::NoKeyring,
        };
        for account in self.accounts.without_secret().collect::<Vec<_>>() {
            self.tell(Event::CredentialChanged { account, credential });
        }
    }

    pub(super) fn called(&mut self, called: Called) {
        let (answered, moved) = self.accounts.called(called);
        if let Some(moved) = moved {
            self.store_move(&moved);
        }
        self.tell(answered);
    }

    fn store_move(&mut self, moved: &Move) {
        let Some(label) = self.accounts.entry(&moved.account).map(|entry| picture::keyring_label(&self.wording.texts, entry)) else {
            return;
        };
        tokio::task::spawn_local(self.accounts.store_move(moved, label));
        let portal = moved.webhook.portal().to_owned();
        self.change_settings(|settings| {
            for entry in settings.accounts.iter_mut().filter(|entry| entry.id == moved.account) {
                entry.portal.clone_from(&portal);
            }
        });
    }

    /// Somebody looks: read the portals, and look again for what was missing.
    fn check_now(&mut self) {
        self.look_up_missing_secrets(Ask::Never);
        self.tell(Event::ReadingAsked);
    }

    // Settings

    fn toggle_marking(&mut self) {
        self.change_settings(|settings| {
            settings.automation.marking = match settings.automation.marking {
                Marking::On => Marking::Off,
                Marking::Off => Marking::On,
            };
        });
        self.tell(Event::AutomationChanged(self.disk.settings().automation.clone()));
    }

    fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        if let Err(error) = self.disk.change_settings(change) {
            self.notices.say(Matter::SettingsNotWritten, &error.sentence(&self.wording.texts));
        }
    }

    pub(super) fn say_problems(&self) {
        let Some(path) = self.disk.settings_file().path() else { return };
        for problem in &self.disk.problems {
            self.notices.say(Matter::SettingsFaulty, &problem.sentence(&self.wording.texts, path));
        }
    }

    fn open_settings(&mut self) {
        self.change_settings(|_| {});
        if let Some(path) = self.disk.settings_file().path() {
            notices::open(path);
        }
    }

    fn toggle_autostart(&mut self) {
        let switch = match self.surroundings.autostart() {
            tray::Autostart::On => Switch::Off,
            tray::Autostart::Off | tray::Autostart::Unavailable => Switch::On,
        };
        let Some(entry) = self.surroundings.entry() else { return };
        if let Err(error) = entry.set(switch) {
            tracing::warn!(error = &error as &dyn std::error::Error, "the start at login was not changed");
            self.notices.say(Matter::AutostartNotChanged, &error.to_string());
        }
        self.surroundings.look_at_autostart();
    }

    /// An entry of ours that points at a program that has moved is put right.
    pub(super) fn repair_autostart(&mut self) {
        let Some(entry) = self.surroundings.entry() else { return };
        match entry.repair() {
            Ok(Repair::NotNeeded) => {}
            Ok(Repair::Rewritten) => tracing::info!("the start entry pointed at an older place of this program and was put right"),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the start at login could not be looked at"),
        }
        self.surroundings.look_at_autostart();
    }
}
