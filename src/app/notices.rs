//! What the app says without being asked: notices of the desktop, each matter once until it is settled.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use tokio::task::spawn_local;

use crate::{
    notify::{Notice, Notifier, Urgency},
    text::Texts,
};

/// Something worth interrupting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Matter {
    /// There is no place for the icon.
    NoTray,
    SignInNeeded,
    SettingsFaulty,
    SettingsNotWritten,
    SettingsNotOpened,
    AutostartNotChanged,
    /// What idle does on the portal.
    IdleExplained,
}

pub(super) struct Notices {
    notifier: Rc<Notifier>,
    title: RefCell<String>,
    /// What was said last of each matter that is not settled.
    said: RefCell<HashMap<Matter, String>>,
}

impl Matter {
    const fn word(self) -> &'static str {
        match self {
            Self::NoTray => "no-tray",
            Self::SignInNeeded => "sign-in-needed",
            Self::SettingsFaulty => "settings-faulty",
            Self::SettingsNotWritten => "settings-not-written",
            Self::SettingsNotOpened => "settings-not-opened",
            Self::AutostartNotChanged => "autostart-not-changed",
            Self::IdleExplained => "idle-explained",
        }
    }
}

impl Notices {
    pub(super) fn new(texts: &Texts) -> Self {
        let notices =
            Self { notifier: Rc::new(Notifier::of_this_session("b24status")), title: RefCell::default(), said: RefCell::default() };
        notices.speak(texts);
        notices
    }

    /// In this language from now on.
    pub(super) fn speak(&self, texts: &Texts) {
        self.title.replace(texts.say("notice-title"));
    }

    /// Says it, in the place of what was said of the same matter before. Where nothing shows notices, the log has it.
    pub(super) fn say(&self, matter: Matter, body: &str) {
        tracing::info!(matter = matter.word(), "told the person");
        self.said.borrow_mut().insert(matter, body.to_owned());
        let (notifier, title, body) = (Rc::clone(&self.notifier), self.title.borrow().clone(), body.to_owned());
        spawn_local(async move {
            let notice = Notice { matter: matter.word(), title: &title, body: &body, urgency: Urgency::Normal };
            if let Err(error) = notifier.say(notice).await {
                tracing::warn!(%error, matter = matter.word(), "no notice could be shown");
            }
        });
    }

    /// Says it unless it was said already and has not been settled since.
    pub(super) fn say_once(&self, matter: Matter, body: &str) {
        let is_said = self.said.borrow().contains_key(&matter);
        if !is_said {
            self.say(matter, body);
        }
    }

    /// Says it unless just this was said last.
    pub(super) fn say_news(&self, matter: Matter, body: &str) {
        let is_said = self.said.borrow().get(&matter).is_some_and(|said| said == body);
        if !is_said {
            self.say(matter, body);
        }
    }

    /// The matter is settled: a notice of it that is still shown goes.
    pub(super) fn settle(&self, matter: Matter) {
        if self.said.borrow_mut().remove(&matter).is_some() {
            let notifier = Rc::clone(&self.notifier);
            spawn_local(async move { notifier.withdraw(matter.word()).await });
        }
    }
}
