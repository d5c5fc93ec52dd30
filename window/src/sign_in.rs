//! The way to an account: what is typed goes to the app, and what the app makes of it leads to the next step.
//!
//! Nothing typed is lost on the way back or on an error; what is secret leaves its field when the app has stored it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use b24status::control::window::{
    Authorize, Authorizing, AutostartReport, Change, Fault, Overview, Remedy as Offered, Told, Trial, Understood, Wanted,
};
use slint::{ComponentHandle, SharedString};

use crate::{
    desk::Desk,
    front,
    pages::{Frame, MainWindow, PageName, Remedy, SignIn, Step},
};

/// Where the browser comes back to; the port is in the settings.
const LOOPBACK: &str = "http://127.0.0.1";

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) {
    let way = Rc::new(Way { desk: Rc::clone(desk), turn: Cell::default(), portal: RefCell::default(), agreed_host: RefCell::default() });
    let sign_in = window.global::<SignIn<'_>>();
    let on = |step: fn(Rc<Way>)| {
        let way = Rc::clone(&way);
        move || step(Rc::clone(&way))
    };
    sign_in.on_submit_address(on(|way| way.begin(Way::understand)));
    sign_in.on_try_webhook(on(|way| way.begin(Way::try_webhook)));
    sign_in.on_authorize(on(|way| way.begin(Way::authorize)));
    sign_in.on_agree(on(|way| {
        let host = way.look(|sign_in| sign_in.get_host());
        *way.agreed_host.borrow_mut() = Some(host.into());
        way.begin(Way::authorize);
    }));
    sign_in.on_paste_code(on(|way| way.begin(Way::paste_code)));
    sign_in.on_yes(on(|way| way.begin(Way::keep)));
    sign_in.on_no(on(|way| way.begin(Way::refuse_person)));
    sign_in.on_unlock(on(|way| way.begin(Way::unlock)));
    sign_in.on_submit_idle(on(|way| way.begin(Way::choose_idle)));
    sign_in.on_submit_login(on(|way| way.begin(Way::choose_login)));
    sign_in.on_back(on(|way| way.back()));
    sign_in.on_finish(on(|way| {
        way.look(|sign_in| sign_in.set_active(false));
        way.desk.with(|window| window.global::<Frame<'_>>().set_page(PageName::Home));
    }));
    sign_in.on_close(on(|way| way.desk.with(|window| window.global::<Frame<'_>>().invoke_close())));
    sign_in.on_open_again(on(|way| {
        let address = way.look(|sign_in| sign_in.get_browser_address());
        way.browse(address.into());
    }));
    let of_way = Rc::clone(&way);
    sign_in.on_browse(move |address| of_way.browse(address.into()));
    let of_way = Rc::clone(&way);
    sign_in.on_choose(move |step| of_way.turn_to(step));
    sign_in.on_copy(move |text| {
        front::put_on_clipboard(&text);
        way.look(|sign_in| sign_in.set_copied(text));
    });
}

/// Somebody wants to sign in.
pub(crate) fn begin(window: &MainWindow, overview: &Overview) {
    begin_with(window, overview, None);
}

/// As [`begin`], at a portal that is known.
pub(crate) fn begin_with(window: &MainWindow, overview: &Overview, portal: Option<&str>) {
    let sign_in = window.global::<SignIn<'_>>();
    sign_in.set_can_leave(!overview.status.accounts.is_empty());
    sign_in.set_fault(SharedString::new());
    sign_in.set_step(Step::Address);
    sign_in.set_active(true);
    if let Some(portal) = portal {
        sign_in.set_address(portal.into());
        sign_in.invoke_submit_address();
    }
}

pub(crate) fn show(window: &MainWindow, overview: &Overview) {
    let sign_in = window.global::<SignIn<'_>>();
    let somebody = !overview.status.accounts.is_empty();
    sign_in.set_redirect(redirect(sign_in.get_port().parse().unwrap_or(overview.settings.oauth_port)).into());
    if !somebody && !sign_in.get_active() {
        sign_in.set_idle_wanted(overview.settings.mark_idle);
        begin(window, overview);
    }
    // Signed in elsewhere meanwhile, before anything was begun here.
    if somebody && sign_in.get_active() && sign_in.get_step() == Step::Address && !sign_in.get_can_leave() {
        sign_in.set_active(false);
    }
    sign_in.set_can_leave(somebody);
}

struct Way {
    desk: Rc<Desk>,
    /// Grows with each thing begun: an answer to one before it comes too late to matter.
    turn: Cell<u64>,
    /// As the app understood it.
    portal: RefCell<String>,
    agreed_host: RefCell<Option<String>>,
}

impl Way {
    fn begin<F: Future<Output = ()> + 'static>(self: &Rc<Self>, step: fn(Rc<Self>, u64) -> F) {
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        self.look(|sign_in| {
            sign_in.set_busy(true);
            sign_in.set_fault(SharedString::new());
            sign_in.set_remedy(Remedy::None);
        });
        let way = Rc::clone(self);
        self.desk.begin(async move {
            step(Rc::clone(&way), turn).await;
            if way.turn.get() == turn {
                way.look(|sign_in| sign_in.set_busy(false));
            }
        });
    }

    async fn understand(self: Rc<Self>, turn: u64) {
        let text = self.look(|sign_in| sign_in.get_address());
        let told = self.ask(turn, Step::Address, Wanted::Understand { text: String::from(text.clone()).into() }).await;
        match told {
            Some(Told::Understood(Understood::Portal { portal, name, webhook_page, application_page })) => {
                *self.portal.borrow_mut() = portal;
                self.look(|sign_in| {
                    sign_in.set_portal(name.into());
                    sign_in.set_webhook_page(webhook_page.into());
                    sign_in.set_application_page(application_page.into());
                });
                self.turn_to(Step::Way);
            }
            Some(Told::Understood(Understood::Webhook { portal })) => {
                self.look(|sign_in| {
                    // The secret goes where it is hidden; the portal's name stays.
                    sign_in.set_webhook(text);
                    sign_in.set_address(portal.as_str().into());
                    sign_in.set_portal(portal.as_str().into());
                    sign_in.set_webhook_page(SharedString::new());
                });
                self.portal.borrow_mut().clear();
                self.turn_to(Step::Webhook);
                self.try_webhook(turn).await;
            }
            other => self.unexpected(Step::Address, other),
        }
    }

    async fn try_webhook(self: Rc<Self>, turn: u64) {
        let text = String::from(self.look(|sign_in| sign_in.get_webhook())).into();
        let told = self.ask(turn, Step::Webhook, Wanted::TryWebhook { text, ca_file: self.ca_file() }).await;
        self.tried(Step::Webhook, told);
    }

    async fn authorize(self: Rc<Self>, turn: u64) {
        let authorize = self.look(|sign_in| {
            Some(Authorize {
                portal: self.portal.borrow().clone(),
                client_id: sign_in.get_client_id().trim().to_owned(),
                client_secret: sign_in.get_client_secret().trim().to_owned().into(),
                port: sign_in.get_port().trim().parse().ok(),
                ca_file: self.ca_file(),
                agreed_host: self.agreed_host.borrow().clone(),
            })
        });
        let Some(authorize) = authorize else { return };
        match self.ask(turn, Step::Application, Wanted::Authorize(authorize)).await {
            Some(Told::Authorizing(authorizing)) => {
                self.show_browser(authorizing);
                // Buttons work while the browser has the word.
                self.look(|sign_in| sign_in.set_busy(false));
                let told = self.ask(turn, Step::Browser, Wanted::AwaitBrowser).await;
                if self.turn.get() == turn {
                    self.look(|sign_in| sign_in.set_browser_ended(true));
                }
                self.tried(Step::Browser, told);
            }
            other => self.unexpected(Step::Application, other),
        }
    }

    fn show_browser(&self, authorizing: Authorizing) {
        let Authorizing { address, redirect, not_listening, browser_opened } = authorizing;
        self.look(|sign_in| {
            sign_in.set_browser_address(address.into());
            sign_in.set_redirect(redirect.into());
            sign_in.set_not_listening(not_listening.unwrap_or_default().into());
            sign_in.set_browser_opened(browser_opened);
            sign_in.set_browser_ended(false);
            sign_in.set_code(SharedString::new());
        });
        self.turn_to(Step::Browser);
    }

    async fn paste_code(self: Rc<Self>, turn: u64) {
        let text = String::from(self.look(|sign_in| sign_in.get_code())).into();
        let told = self.ask(turn, Step::Browser, Wanted::PasteCode { text }).await;
        self.tried(Step::Browser, told);
    }

    fn tried(&self, step: Step, told: Option<Told>) {
        match told {
            Some(Told::Tried(Trial { name, portal, status: _, known })) => {
                self.look(|sign_in| {
                    sign_in.set_person(name.into());
                    sign_in.set_person_portal(portal.into());
                    sign_in.set_known(known);
                    sign_in.set_through_browser(step == Step::Browser);
                });
                self.turn_to(Step::Whose);
            }
            other => self.unexpected(step, other),
        }
    }

    /// Stored: from here on no secret is in the window.
    async fn keep(self: Rc<Self>, turn: u64) {
        let first = self.desk.overview().is_none_or(|overview| overview.status.accounts.is_empty());
        match self.ask(turn, Step::Whose, Wanted::Keep).await {
            Some(Told::Kept { account: _ }) => {
                self.look(|sign_in| {
                    sign_in.set_webhook(SharedString::new());
                    sign_in.set_client_secret(SharedString::new());
                    sign_in.set_code(SharedString::new());
                    sign_in.set_browser_address(SharedString::new());
                });
                self.turn_to(if first { Step::Idle } else { Step::Done });
            }
            other => self.unexpected(Step::Whose, other),
        }
    }

    async fn refuse_person(self: Rc<Self>, turn: u64) {
        let through_browser = self.look(|sign_in| sign_in.get_through_browser());
        let before = if through_browser { Step::Application } else { Step::Webhook };
        self.ask(turn, Step::Whose, Wanted::Abandon).await;
        self.turn_to(before);
        let key = if through_browser { "whose-somebody-else-oauth" } else { "whose-somebody-else-webhook" };
        self.refuse(before, Fault { sentence: self.desk.speech.say(key), remedy: None });
    }

    async fn unlock(self: Rc<Self>, turn: u64) {
        let step = self.look(|sign_in| sign_in.get_fault_at());
        self.ask(turn, step, Wanted::UnlockKeyring).await;
    }

    async fn choose_idle(self: Rc<Self>, turn: u64) {
        let wanted = self.look(|sign_in| sign_in.get_idle_wanted());
        if self.change(turn, Step::Idle, Change::MarkIdle(wanted)).await {
            self.turn_to(Step::Login);
        }
    }

    async fn choose_login(self: Rc<Self>, turn: u64) {
        let possible = self.desk.overview().is_some_and(|overview| overview.autostart != AutostartReport::Unavailable);
        let wanted = self.look(|sign_in| sign_in.get_login_wanted());
        if !possible || self.change(turn, Step::Login, Change::Autostart(wanted)).await {
            self.turn_to(Step::Done);
        }
    }

    /// Whether it holds now. What is so already, and what the administrator has fixed, is not asked for.
    async fn change(&self, turn: u64, step: Step, change: Change) -> bool {
        let settled = self.desk.overview().is_some_and(|overview| match &change {
            Change::MarkIdle(wanted) => {
                overview.settings.mark_idle == *wanted || crate::settings::is_fixed(&overview.settings.fixed, "mark_idle")
            }
            Change::Autostart(wanted) => {
                (overview.autostart == AutostartReport::On) == *wanted || crate::settings::is_fixed(&overview.settings.fixed, "autostart")
            }
            Change::IdleMinutes(_)
            | Change::Over(_)
            | Change::MarkOnLock(_)
            | Change::RespectInhibitors(_)
            | Change::Durations(_)
            | Change::Language(_)
            | Change::OauthPort(_)
            | Change::AccountMarksIdle { .. }
            | Change::AccountCaFile { .. } => false,
        });
        settled || self.ask(turn, step, Wanted::Change(change)).await.is_some()
    }

    fn browse(self: &Rc<Self>, address: String) {
        let way = Rc::clone(self);
        let step = self.look(|sign_in| sign_in.get_step());
        self.desk.begin(async move {
            if let Err(fault) = way.desk.ask(Wanted::Browse { address }).await {
                way.refuse(step, fault);
            }
        });
    }

    fn back(self: &Rc<Self>) {
        let step = self.look(|sign_in| sign_in.get_step());
        // Whatever is under way is not waited for any more.
        self.turn.set(self.turn.get() + 1);
        self.look(|sign_in| sign_in.set_busy(false));
        let before = match step {
            Step::Address | Step::Done | Step::Idle => return self.leave(),
            Step::Way => Step::Address,
            Step::Webhook if self.portal.borrow().is_empty() => Step::Address,
            Step::Webhook | Step::Application => Step::Way,
            Step::Browser => Step::Application,
            Step::Whose if self.look(|sign_in| sign_in.get_through_browser()) => Step::Application,
            Step::Whose => Step::Webhook,
            Step::Login => Step::Idle,
        };
        if matches!(step, Step::Browser | Step::Whose) {
            let way = Rc::clone(self);
            // What the app says to it changes nothing here.
            self.desk.begin(async move { drop(way.desk.ask(Wanted::Abandon).await) });
        }
        self.look(|sign_in| sign_in.set_fault(SharedString::new()));
        self.turn_to(before);
    }

    /// Out of the way altogether, where there is an account to look at.
    fn leave(&self) {
        self.look(|sign_in| {
            if sign_in.get_can_leave() && sign_in.get_step() == Step::Address {
                sign_in.set_active(false);
            }
        });
    }

    fn turn_to(&self, step: Step) {
        self.look(|sign_in| {
            sign_in.set_copied(SharedString::new());
            sign_in.set_step(step);
        });
    }

    /// `None` where it was refused, which is shown at `step` then, and where the answer comes too late to matter.
    async fn ask(&self, turn: u64, step: Step, wanted: Wanted) -> Option<Told> {
        let told = self.desk.ask(wanted).await;
        if self.turn.get() != turn {
            return None;
        }
        match told {
            Ok(told) => Some(told),
            Err(fault) => {
                self.refuse(step, fault);
                None
            }
        }
    }

    fn unexpected(&self, step: Step, told: Option<Told>) {
        if let Some(told) = told {
            let sentence = self.desk.speech.say_of("window-no-answer", &format!("{told:?}"));
            self.refuse(step, Fault { sentence, remedy: None });
        }
    }

    fn refuse(&self, step: Step, fault: Fault) {
        // Another port is typed where the address for the card is shown.
        let to_the_port = step == Step::Browser && fault.remedy == Some(Offered::OtherPort);
        let step = if to_the_port { Step::Application } else { step };
        if to_the_port {
            self.turn_to(step);
        }
        self.look(|sign_in| {
            sign_in.set_remedy(match fault.remedy {
                None => Remedy::None,
                Some(Offered::CaFile) => {
                    sign_in.set_needs_ca_file(true);
                    Remedy::CaFile
                }
                Some(Offered::AgreeToHost(host)) => {
                    sign_in.set_host(host.into());
                    Remedy::AgreeToHost
                }
                Some(Offered::OtherPort) => {
                    sign_in.set_needs_port(true);
                    Remedy::OtherPort
                }
                Some(Offered::UnlockKeyring) => Remedy::UnlockKeyring,
            });
            sign_in.set_fault_at(step);
            sign_in.set_fault(fault.sentence.into());
        });
    }

    fn ca_file(&self) -> Option<String> {
        let file = self.look(|sign_in| sign_in.get_ca_file());
        Some(file.trim().to_owned()).filter(|file| !file.is_empty())
    }

    fn look<T: Default>(&self, look: impl FnOnce(&SignIn<'_>) -> T) -> T {
        self.desk.with(|window| look(&window.global::<SignIn<'_>>()))
    }
}

fn redirect(port: u16) -> String {
    format!("{LOOPBACK}:{port}/")
}
