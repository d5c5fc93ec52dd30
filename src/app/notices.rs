//! What the app says without being asked: notices of the desktop, each matter once until it is settled.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use tokio::{sync::Notify, task::spawn_local};

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
    WindowMissing,
    /// What idle does on the portal.
    IdleExplained,
}

pub(super) struct Notices {
    notifier: Notifier,
    title: RefCell<String>,
    /// What was said last of each matter that is not settled.
    said: RefCell<HashMap<Matter, String>>,
    /// What was said last and nothing showed: the menu has to.
    unshown: RefCell<Option<(Matter, String)>>,
    unshown_changed: Notify,
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
            Self::WindowMissing => "window-missing",
            Self::IdleExplained => "idle-explained",
        }
    }

    /// Whether the menu says it anyway, or is not there to say it.
    const fn is_in_the_menu(self) -> bool {
        match self {
            Self::NoTray | Self::SignInNeeded => true,
            Self::SettingsFaulty
            | Self::SettingsNotWritten
            | Self::SettingsNotOpened
            | Self::AutostartNotChanged
            | Self::WindowMissing
            | Self::IdleExplained => false,
        }
    }
}

impl Notices {
    pub(super) fn new(texts: &Texts) -> Self {
        let notices = Self {
            notifier: Notifier::of_this_session("b24status"),
            title: RefCell::default(),
            said: RefCell::default(),
            unshown: RefCell::default(),
            unshown_changed: Notify::new(),
        };
        notices.speak(texts);
        notices
    }

    /// In this language from now on.
    pub(super) fn speak(&self, texts: &Texts) {
        self.title.replace(texts.say("notice-title"));
    }

    /// Says it, in the place of what was said of the same matter before. Where nothing shows notices, the log and [`Notices::unshown`] have it.
    pub(super) fn say(self: &Rc<Self>, matter: Matter, body: &str) {
        tracing::info!(matter = matter.word(), "told the person");
        self.said.borrow_mut().insert(matter, body.to_owned());
        let (notices, title, body) = (Rc::clone(self), self.title.borrow().clone(), body.to_owned());
        spawn_local(async move {
            let notice = Notice { matter: matter.word(), title: &title, body: &body, urgency: Urgency::Normal };
            if let Err(error) = notices.notifier.say(notice).await {
                tracing::warn!(%error, matter = matter.word(), "no notice could be shown");
                notices.keep(matter, body);
            }
        });
    }

    /// What the menu has to say, because nothing else did. Until its matter is settled.
    pub(super) fn unshown(&self) -> Option<String> {
        self.unshown.borrow().as_ref().map(|(_, body)| body.clone())
    }

    /// Until there is something else to say in the menu. May be dropped at any point.
    pub(super) async fn unshown_changed(&self) {
        self.unshown_changed.notified().await;
    }

    fn keep(&self, matter: Matter, body: String) {
        let still_holds = self.said.borrow().get(&matter) == Some(&body);
        if still_holds && !matter.is_in_the_menu() {
            self.unshown.replace(Some((matter, body)));
            self.unshown_changed.notify_one();
        }
    }

    /// Says it unless it was said already and has not been settled since.
    pub(super) fn say_once(self: &Rc<Self>, matter: Matter, body: &str) {
        let is_said = self.said.borrow().contains_key(&matter);
        if !is_said {
            self.say(matter, body);
        }
    }

    /// Says it unless just this was said last.
    pub(super) fn say_news(self: &Rc<Self>, matter: Matter, body: &str) {
        let is_said = self.said.borrow().get(&matter).is_some_and(|said| said == body);
        if !is_said {
            self.say(matter, body);
        }
    }

    /// The matter is settled: a notice of it that is still shown goes.
    pub(super) fn settle(self: &Rc<Self>, matter: Matter) {
        self.unshown.borrow_mut().take_if(|(unshown, _)| *unshown == matter);
        if self.said.borrow_mut().remove(&matter).is_some() {
            let notices = Rc::clone(self);
            spawn_local(async move { notices.notifier.withdraw(matter.word()).await });
        }
    }
}
