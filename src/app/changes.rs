//! Changes of the settings that are made in the app: in force at once, in the file, and then as if the file had been edited by hand.

use std::{path::PathBuf, time::Duration};

use super::{App, engine::Renewal, notices::Matter};
use crate::{
    autostart::{AutostartError, Switch},
    control::window::{Change, Fault, Remedy, Told},
    portal::Trust,
    presence::{AccountId, IDLE_AFTER, IdleUse, Marking, OnLock},
    settings::{AccountEntry, Allowed, Durations, Inhibitors, Key, PORTS, SaveError, Settings},
    text::Language,
};

impl App {
    pub(super) fn change(&mut self, change: Change) -> Told {
        let machine = self.engine.disk.machine();
        if let (Some(key), Some(path)) = (key(&change).filter(|key| machine.fixes(*key)), &machine.path) {
            let arguments = [("key", key.name().into()), ("path", path.display().to_string().into())];
            return Told::Fault(Fault::new(self.wording.texts.say_with("setting-is-fixed", &arguments)));
        }
        match change {
            Change::MarkIdle(mark) => self.settled(|settings| settings.automation.marking = if mark { Marking::On } else { Marking::Off }),
            Change::IdleMinutes(minutes) => {
                let idle_after = Duration::from_mins(minutes.into());
                if !IDLE_AFTER.contains(&idle_after) {
                    return self.not_possible("automation.idle_minutes", &minutes.to_string(), Allowed::Minutes);
                }
                self.settled(|settings| settings.automation.idle_after = idle_after)
            }
            Change::Over(statuses) => self.settled(|settings| settings.automation.over = statuses.iter().map(|word| word.0).collect()),
            Change::MarkOnLock(mark) => {
                self.settled(|settings| settings.automation.on_lock = if mark { OnLock::Mark } else { OnLock::Ignore })
            }
            Change::RespectInhibitors(respect) => {
                self.settled(|settings| settings.inhibitors = if respect { Inhibitors::Respected } else { Inhibitors::Ignored })
            }
            Change::Durations(minutes) => match Durations::new(minutes.iter().copied().map(i64::from)) {
                Some(durations) => self.settled(|settings| settings.durations = durations),
                None => self.not_possible("durations", &format!("{minutes:?}"), Allowed::Durations),
            },
            Change::Language(None) => self.settled(|settings| settings.language = None),
            Change::Language(Some(tag)) => match Language::ALL.into_iter().find(|language| language.tag() == tag) {
                Some(language) => self.settled(|settings| settings.language = Some(language)),
                None => self.not_possible("language", &tag, Allowed::Languages),
            },
            Change::Autostart(start) => self.switch_autostart(if start { Switch::On } else { Switch::Off }),
            Change::OauthPort(port) if !PORTS.contains(&port) => self.not_possible("oauth_port", &port.to_string(), Allowed::Port),
            Change::OauthPort(port) => self.settled(|settings| settings.oauth_port = Some(port)),
            Change::AccountMarksIdle { account, marks } => {
                let idle = if marks { IdleUse::Marked } else { IdleUse::LeftOut };
                self.change_account(&account, |entry| entry.idle = idle)
            }
            Change::AccountCaFile { account, ca_file } => self.change_ca_file(&account, ca_file.map(PathBuf::from)),
        }
    }

    /// The change holds in memory even where it cannot be written.
    pub(super) fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) -> Result<(), SaveError> {
        let before = self.engine.disk.settings().clone();
        let written = self.engine.disk.change_settings(change);
        self.settings_changed(&before);
        if before.accounts != self.engine.disk.settings().accounts {
            self.adopt_accounts();
        }
        written.map(drop)
    }

    /// A change, and what the window is told of it.
    pub(super) fn settled(&mut self, change: impl FnOnce(&mut Settings)) -> Told {
        match self.change_settings(change) {
            Ok(()) => {
                self.notices.settle(Matter::SettingsNotWritten);
                Told::Done
            }
            Err(error) => Told::Fault(Fault::new(error.sentence(&self.wording.texts))),
        }
    }

    pub(super) fn adopt_accounts(&mut self) {
        let orders = self.engine.adopt_accounts(Renewal::Changed);
        self.obey(orders);
    }

    /// What is shown afterwards is read back from the system.
    pub(super) fn set_autostart(&mut self, switch: Switch) -> Result<(), AutostartError> {
        let set = self.surroundings.entry().ok_or(AutostartError::NoPlace).and_then(|entry| entry.set(switch).map(drop));
        self.surroundings.look_at_autostart();
        set
    }

    fn switch_autostart(&mut self, switch: Switch) -> Told {
        match self.set_autostart(switch) {
            Ok(()) => {
                self.notices.settle(Matter::AutostartNotChanged);
                Told::Done
            }
            Err(error) => Told::Fault(Fault::new(error.sentence(&self.wording.texts))),
        }
    }

    fn change_ca_file(&mut self, account: &str, ca_file: Option<PathBuf>) -> Told {
        // Where the app runs from is not where this was typed.
        let ca_file = ca_file.map(|path| std::path::absolute(&path).unwrap_or(path));
        match (Trust { ca_file: ca_file.clone() }).check() {
            Ok(()) => self.change_account(account, |entry| entry.ca_file = ca_file),
            Err(error) => Told::Fault(Fault::with(Remedy::CaFile, error.say(&self.wording.texts))),
        }
    }

    fn change_account(&mut self, account: &str, change: impl FnOnce(&mut AccountEntry)) -> Told {
        let id = AccountId::new(account);
        if self.engine.disk.settings().accounts.iter().all(|entry| entry.id != id) {
            let sentence = self.wording.texts.say_with("settings-no-account", &[("account", account.into())]);
            return Told::Fault(Fault::new(sentence));
        }
        self.settled(|settings| {
            if let Some(entry) = settings.accounts.iter_mut().find(|entry| entry.id == id) {
                change(entry);
            }
        })
    }

    fn not_possible(&self, key: &str, found: &str, allowed: Allowed) -> Told {
        let texts = &self.wording.texts;
        let arguments = [("key", key.into()), ("found", found.into()), ("allowed", allowed.sentence(texts).into())];
        Told::Fault(Fault::new(texts.say_with("settings-not-possible", &arguments)))
    }
}

/// What of it an administrator can fix.
fn key(change: &Change) -> Option<Key> {
    match change {
        Change::MarkIdle(_) => Some(Key::MarkIdle),
        Change::IdleMinutes(_) => Some(Key::IdleMinutes),
        Change::Over(_) => Some(Key::Over),
        Change::MarkOnLock(_) => Some(Key::OnLock),
        Change::RespectInhibitors(_) => Some(Key::RespectInhibitors),
        Change::Durations(_) => Some(Key::Durations),
        Change::Language(_) => Some(Key::Language),
        Change::OauthPort(_) => Some(Key::OauthPort),
        Change::Autostart(_) | Change::AccountMarksIdle { .. } | Change::AccountCaFile { .. } => None,
    }
}
