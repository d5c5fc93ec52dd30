//! What each happening means: a fact for presence, or a change of the settings.

use std::{path::Path, rc::Rc, time::SystemTime};

use tokio::task::spawn_local;

use super::{
    App,
    engine::{Order, Renewal},
    notices::Matter,
    picture,
};
use crate::{
    autostart::{Repair, Switch},
    control::{Incoming, Request, Response, window::Page},
    idle::Sighting,
    opener,
    presence::{AccountId, Automation, Event, Marking},
    session::Occurrence,
    settings::{Key, Settings},
    text::{Language, Texts},
    tray::{self, Click},
};

impl App {
    pub(super) fn tell(&mut self, event: Event) {
        let orders = self.engine.tell(event);
        self.obey(orders);
    }

    pub(super) fn obey(&mut self, orders: Vec<Order>) {
        for order in orders {
            match order {
                Order::WatchForReturn => self.idle.expect_return(),
                Order::AllowSleep => self.session.allow_sleep(),
                Order::Exit => self.ended = true,
            }
        }
    }

    pub(super) fn clicked(&mut self, click: Click) {
        match click {
            Click::Status(status) => self.tell(Event::Chosen { status, end: None }),
            Click::For(status, span) => {
                self.tell(Event::Chosen { status, end: Some(picture::end_of(span, &self.wording.times, SystemTime::now())) })
            }
            Click::ToggleIdle => self.toggle_marking(),
            Click::ToggleAutostart => self.toggle_autostart(),
            Click::UnlockKeyring => self.engine.unlock_keyring(),
            Click::OpenSettings => self.show_page(Page::Settings),
            Click::OpenJournal => self.show_page(Page::Journal),
            Click::SignIn => self.show_page(Page::SignIn),
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
            Occurrence::Unlocked => {
                self.engine.look_up_missing_secrets();
                self.tell(Event::SessionUnlocked);
            }
            Occurrence::SleepAnnounced => self.tell(Event::SleepAnnounced),
            Occurrence::Woke => {
                self.engine.disconnect();
                self.engine.look_up_missing_secrets();
                self.tell(Event::Woke);
            }
            Occurrence::Ending => self.tell(Event::QuitAsked),
            Occurrence::Sources(sources) => self.surroundings.session = Some(sources),
        }
    }

    pub(super) fn network_changed(&mut self) {
        self.engine.disconnect();
        self.tell(Event::NetworkChanged);
    }

    pub(super) fn asked(&mut self, Incoming { request, answer, connection }: Incoming) {
        let response = match request {
            Request::Status => Response::Status(self.report()),
            Request::Open { activation_token } => {
                // Without a window, what is printed has to do.
                let _ = self.open_window(Page::Home, activation_token);
                self.check_now();
                return self.engine.answer_when_read(answer);
            }
            Request::RefreshNow => {
                self.check_now();
                return self.engine.answer_when_read(answer);
            }
            Request::Set { status, until, timeout } => {
                self.tell(Event::Chosen { status: status.0, end: until.map(SystemTime::from) });
                return self.engine.answer_when_set(status.0, timeout, answer);
            }
            Request::Why { limit } => Response::Why(self.engine.disk.newest_entries(limit).iter().map(Into::into).collect()),
            Request::Reload => {
                self.reload(Renewal::All);
                Response::Done
            }
            Request::Leave { account } => {
                let account = AccountId::new(&account);
                let orders = self.engine.leave(account.clone());
                self.obey(orders);
                return self.engine.answer_when_left(account, answer);
            }
            Request::Doctor => Response::Doctor(picture::doctor_report(&self.engine.presence, &self.engine.accounts, &self.surroundings)),
            Request::Window(wanted) => return self.wanted(wanted, connection, answer),
            Request::Quit => {
                self.tell(Event::QuitAsked);
                Response::Done
            }
        };
        // Who asked may have hung up meanwhile.
        let _ = answer.send(response);
    }

    /// Settings were edited by another process, or by hand. What is as it was goes on undisturbed.
    pub(super) fn reload(&mut self, renewal: Renewal) {
        let before = self.engine.disk.reload_settings();
        self.say_problems();
        if let Some(before) = &before {
            self.settings_changed(before);
        }
        self.surroundings.look_at_autostart();
        if before.is_some() || renewal == Renewal::All {
            let orders = self.engine.adopt_accounts(renewal);
            self.obey(orders);
        }
    }

    pub(super) fn settings_changed(&mut self, before: &Settings) {
        let settings = self.engine.disk.settings().clone();
        if settings.language != before.language {
            self.wording.texts = Rc::new(Texts::new(settings.language.unwrap_or_else(Language::of_system)));
            self.notices.speak(&self.wording.texts);
        }
        if picture::wish(&settings) != picture::wish(before) {
            self.idle.change(picture::wish(&settings));
        }
        if settings.automation != before.automation {
            self.explain_marking(before.automation.marking);
            self.tell(Event::AutomationChanged(settings.automation));
        }
    }

    /// What idle does on the portal is told when it is switched on.
    fn explain_marking(&self, before: Marking) {
        let Automation { marking, idle_after, .. } = &self.engine.disk.settings().automation;
        match (before, marking) {
            (Marking::Off, Marking::On) => {
                self.notices.say_once(Matter::IdleExplained, &self.wording.texts.idle_explained(*idle_after));
            }
            (Marking::On | Marking::Off, Marking::Off) => self.notices.settle(Matter::IdleExplained),
            (Marking::On, Marking::On) => {}
        }
    }

    pub(super) fn check_now(&mut self) {
        let orders = self.engine.check_now();
        self.obey(orders);
    }

    // Settings

    fn toggle_marking(&mut self) {
        // Clicked in a menu of before.
        if self.engine.disk.machine().fixes(Key::MarkIdle) {
            return;
        }
        self.change_by_click(|settings| {
            settings.automation.marking = match settings.automation.marking {
                Marking::On => Marking::Off,
                Marking::Off => Marking::On,
            };
        });
    }

    /// A click has no answer: what goes wrong is told by a notice.
    fn change_by_click(&mut self, change: impl FnOnce(&mut Settings)) {
        match self.change_settings(change) {
            Ok(()) => self.notices.settle(Matter::SettingsNotWritten),
            Err(error) => self.notices.say(Matter::SettingsNotWritten, &error.sentence(&self.wording.texts)),
        }
    }

    pub(super) fn say_problems(&self) {
        let sentences = self.engine.disk.problem_sentences(&self.wording.texts);
        if sentences.is_empty() {
            self.notices.settle(Matter::SettingsFaulty);
        } else {
            self.notices.say_news(Matter::SettingsFaulty, &sentences.join("\n"));
        }
    }

    pub(super) fn open_settings_file(&mut self) {
        self.change_by_click(|_| {});
        let Some(path) = self.engine.disk.settings_file().path().map(Path::to_owned) else {
            return self.notices.say(Matter::SettingsNotOpened, &self.wording.texts.say("notice-no-settings"));
        };
        let sentence = self.wording.texts.say_with("notice-settings-not-opened", &[("path", path.display().to_string().into())]);
        let notices = Rc::clone(&self.notices);
        spawn_local(async move {
            match opener::open(&path).await {
                Ok(()) => notices.settle(Matter::SettingsNotOpened),
                Err(error) => {
                    tracing::warn!(%error, "the desktop did not open the settings");
                    notices.say(Matter::SettingsNotOpened, &sentence);
                }
            }
        });
    }

    fn toggle_autostart(&mut self) {
        let switch = match self.surroundings.autostart() {
            tray::Autostart::On => Switch::Off,
            tray::Autostart::Off | tray::Autostart::Unavailable => Switch::On,
        };
        match self.set_autostart(switch) {
            Ok(()) => self.notices.settle(Matter::AutostartNotChanged),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the start at login was not changed");
                self.notices.say(Matter::AutostartNotChanged, &error.sentence(&self.wording.texts));
            }
        }
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
