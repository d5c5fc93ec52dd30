//! Whether the app is there: it is followed, started where it is missing, and found again where it came back.

use std::{cell::Cell, error::Error, rc::Rc, time::Duration};

use b24status::control::{
    Conversation,
    window::{Overview, Page, Told},
};
use slint::{ComponentHandle, SharedString};
use tokio::sync::Notify;

use crate::{
    desk::Desk,
    front, home, journal,
    pages::{About, Contact, Frame, MainWindow, PageName, SignIn},
    settings, sibling, sign_in, speech,
    talk::Trouble,
};

/// An app that was started is asked so often, at first; a lost one is looked for so often, at first.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// And so seldom, at last.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// An app that was started and cannot be asked after this has not come up.
const STARTS_WITHIN: Duration = Duration::from_secs(15);

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) -> Result<(), Box<dyn Error>> {
    let asked = Rc::new(Notify::new());
    let of_person = Rc::clone(&asked);
    window.global::<Frame<'_>>().on_start(move || of_person.notify_waiters());
    let desk = Rc::clone(desk);
    slint::spawn_local(async move {
        Following { desk, asked, watching: Cell::default(), seen: Cell::default(), summons: Cell::default() }.run().await
    })?;
    Ok(())
}

struct Following {
    desk: Rc<Desk>,
    /// The person wants the app to be started.
    asked: Rc<Notify>,
    /// The connection by which the app knows this window.
    watching: Cell<Option<Conversation>>,
    /// The revision of the last overview.
    seen: Cell<Option<u64>>,
    /// The last summons.
    summons: Cell<Option<u64>>,
}

/// What comes after a try to follow.
enum Next {
    Follow,
    Leave,
    Lost(Trouble),
}

impl Following {
    /// Where no app runs at the start, it is started; one that ends later was ended by somebody, and is started when the person says so.
    async fn run(self) {
        let mut next = match self.follow().await {
            Next::Lost(Trouble::NotRunning) => self.start().await,
            other @ (Next::Follow | Next::Leave | Next::Lost(_)) => other,
        };
        loop {
            next = match next {
                Next::Follow => self.follow().await,
                Next::Lost(trouble) => self.wait(&trouble).await,
                Next::Leave => break,
            };
        }
        // It fails only where the loop has ended already.
        let _ = slint::quit_event_loop();
    }

    async fn follow(&self) -> Next {
        let watching = self.watching.take();
        let told = match self.desk.talk.watch(watching, self.seen.get()).await {
            Ok((told, watching)) => {
                self.watching.set(Some(watching));
                told
            }
            Err(trouble) => return Next::Lost(trouble),
        };
        match told {
            Told::Overview(overview) => {
                self.show(Rc::new(*overview));
                Next::Follow
            }
            Told::OtherWindow => Next::Leave,
            Told::Fault(fault) => Next::Lost(Trouble::Odd { reason: fault.sentence }),
            other @ (Told::Done | Told::Understood(_) | Told::Authorizing(_) | Told::Tried(_) | Told::Kept { .. }) => {
                Next::Lost(Trouble::Odd { reason: format!("{other:?}") })
            }
        }
    }

    /// Says what is wrong, and tries again: when the person asks for it, or after pauses that grow.
    async fn wait(&self, trouble: &Trouble) -> Next {
        // Whoever comes back counts its revisions anew.
        self.watching.set(None);
        self.seen.set(None);
        self.summons.set(None);
        self.say(contact_of(trouble), &self.desk.speech.trouble(trouble));
        let mut pause = FIRST_PAUSE;
        loop {
            tokio::select! {
                () = self.asked.notified() => return self.start().await,
                () = self.desk.talk.pause(pause) => {}
            }
            match self.follow().await {
                Next::Lost(again) => self.say(contact_of(&again), &self.desk.speech.trouble(&again)),
                other @ (Next::Follow | Next::Leave) => return other,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn start(&self) -> Next {
        self.say(Contact::Starting, "");
        let mut child = match self.desk.talk.over_there(async { sibling::start() }).await {
            Some(Ok(child)) => child,
            Some(Err(error)) => return self.not_started(&error.to_string()).await,
            None => return self.not_started("").await,
        };
        let mut pause = FIRST_PAUSE;
        let mut waited = Duration::ZERO;
        while waited < STARTS_WITHIN {
            self.desk.talk.pause(pause).await;
            waited += pause;
            match self.follow().await {
                Next::Lost(Trouble::NotRunning) => {}
                other @ (Next::Follow | Next::Leave | Next::Lost(_)) => return other,
            }
            if let Ok(Some(status)) = child.try_wait()
                && !status.success()
            {
                return self.not_started(&status.to_string()).await;
            }
            pause = (pause * 2).min(Duration::from_secs(1));
        }
        self.not_started("").await
    }

    async fn not_started(&self, reason: &str) -> Next {
        self.say(Contact::Failed, &self.desk.speech.say_of("window-not-started", reason));
        let mut pause = Duration::from_secs(1);
        loop {
            tokio::select! {
                () = self.asked.notified() => return Box::pin(self.start()).await,
                () = self.desk.talk.pause(pause) => {}
            }
            match self.follow().await {
                Next::Lost(_) => pause = (pause * 2).min(LONGEST_PAUSE),
                other @ (Next::Follow | Next::Leave) => return other,
            }
        }
    }

    fn say(&self, contact: Contact, sentence: &str) {
        self.desk.with(|window| {
            let frame = window.global::<Frame<'_>>();
            let lost = frame.get_known() && contact == Contact::Absent;
            let contact = if lost { Contact::Lost } else { contact };
            let sentence = if lost { self.desk.speech.say("window-lost") } else { sentence.to_owned() };
            if frame.get_contact() != contact || frame.get_sentence() != sentence {
                frame.set_sentence(sentence.into());
                frame.set_contact(contact);
            }
        });
    }

    fn show(&self, overview: Rc<Overview>) {
        self.seen.set(Some(overview.revision));
        self.desk.keep(Rc::clone(&overview));
        self.desk.with(|window| {
            speech::change_language(window, &self.desk, overview.settings.language.as_deref());
            settings::show(window, &self.desk, &overview);
            home::show(window, &self.desk, &overview);
            sign_in::show(window, &overview);
            journal::show(window, &self.desk, &overview);
            let other = overview.status.version != env!("CARGO_PKG_VERSION");
            let running = if other { overview.status.version.clone() } else { String::new() };
            window.global::<About<'_>>().set_running(running.into());
            let frame = window.global::<Frame<'_>>();
            frame.set_known(true);
            frame.set_contact(Contact::Met);
            frame.set_sentence(SharedString::new());
            self.obey(window, &overview);
        });
    }

    /// The first summons says what the window was opened for; a later one calls it forward.
    fn obey(&self, window: &MainWindow, overview: &Overview) {
        let summons = &overview.summons;
        let before = self.summons.replace(Some(summons.count));
        if before == Some(summons.count) {
            return;
        }
        turn_to(window, summons.page, overview);
        if before.is_some() {
            front::come(window, summons.activation_token.as_deref());
        }
    }
}

fn turn_to(window: &MainWindow, page: Page, overview: &Overview) {
    let name = match page {
        Page::Home => PageName::Home,
        Page::SignIn => {
            let sign_in = window.global::<SignIn<'_>>();
            if !sign_in.get_active() {
                sign_in::begin(window, overview);
            }
            PageName::Home
        }
        Page::Settings => PageName::Settings,
        Page::Journal => PageName::Journal,
        Page::Doctor => PageName::Doctor,
        Page::About => PageName::About,
    };
    window.global::<Frame<'_>>().set_page(name);
}

fn contact_of(trouble: &Trouble) -> Contact {
    match trouble {
        Trouble::NotRunning => Contact::Absent,
        Trouble::OtherVersion { .. } | Trouble::Foreign { .. } | Trouble::Odd { .. } => Contact::Foreign,
    }
}
