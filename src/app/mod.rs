//! The loop: event → presence → effects → picture. The only place that knows both sides; it decides nothing about any portal.

mod reactions;
mod wanted;
mod changes;
mod opening;
mod engine;
mod accounts;
mod renewal;
mod answers;
mod picture;
mod overview;
mod window;
mod sign_in;
mod notices;
mod disk;
mod errand;

use std::{io, rc::Rc, time::Duration};

use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
};

use crate::{
    autostart::Autostart,
    clock,
    control::{Claim, Incoming, StatusReport},
    idle::{self, Sighting},
    keyring::{self, Secrets},
    network,
    presence::{Cause, Change, Event},
    session::{self, Occurrence, Session},
    settings::{self, watch::Edited},
    text::{Texts, time::Times},
    tray::{Click, Host, Tray},
};

pub use disk::Keeping;
pub use errand::{Errand, run_errand};
pub use opening::Launch;

use engine::{Engine, Outcome, Renewal};
use notices::{Matter, Notices};
use picture::{Surroundings, Wording};
use sign_in::{SignIn, Step};
use wanted::Deed;
use window::Window;

/// A tray host that is this late at login will hardly come.
const TRAY_IS_LATE: Duration = Duration::from_mins(1);

/// What the command that starts the app decides: what is real, and what is in memory only.
pub struct Parts {
    pub keeping: Keeping,
    pub secrets: Secrets,
    pub texts: Texts,
    pub launch: Launch,
    /// Where other processes ask; a second launch among them.
    pub control: Option<Claim>,
    /// `None` where nothing may be changed outside the process.
    pub autostart: Option<Autostart>,
    /// Told as well what becomes of the tray host.
    pub hosts: Option<UnboundedSender<Host>>,
    /// Facts from the terminal: `b24status demo` types what a person would do.
    pub orders: UnboundedReceiver<Event>,
}

/// Runs until somebody quits. On one thread, inside a [`tokio::task::LocalSet`].
pub async fn run(parts: Parts) -> io::Result<()> {
    let (mut app, mut ears) = App::start(parts).await?;
    while !app.ended {
        app.show().await;
        let happening = ears.next(&mut app).await;
        app.take(happening);
    }
    app.close().await;
    Ok(())
}

struct App {
    engine: Engine,
    wording: Wording,
    surroundings: Surroundings,
    notices: Rc<Notices>,
    tray: Tray,
    idle: idle::Watcher,
    session: Session,
    window: Window,
    sign_in: SignIn,
    /// What the window asked for and takes time.
    errands: JoinSet<Deed>,
    /// Uptime from which the absence of a tray host is worth a word.
    tray_is_late: Option<Duration>,
    hosts: Option<UnboundedSender<Host>>,
    ended: bool,
}

/// Everything outside that can make the loop turn.
struct Ears {
    clicks: UnboundedReceiver<Click>,
    hosts: UnboundedReceiver<Host>,
    sightings: UnboundedReceiver<Sighting>,
    occurrences: UnboundedReceiver<Occurrence>,
    keyring: UnboundedReceiver<keyring::Change>,
    network: UnboundedReceiver<network::Changed>,
    edits: UnboundedReceiver<Edited>,
    questions: UnboundedReceiver<Incoming>,
    orders: UnboundedReceiver<Event>,
    timer: clock::Timer,
    _network: network::Watch,
    _settings: Option<settings::watch::Watch>,
}

enum Happening {
    Clicked(Click),
    Asked(Incoming),
    Told(Event),
    Ended(Outcome),
    Occurred(Occurrence),
    Saw(Sighting),
    HostChanged(Host),
    KeyringChanged(keyring::Change),
    NetworkChanged,
    SettingsEdited,
    NoticeUnshown,
    WindowClosed,
    SignInStepped(Step),
    CarriedOut(Deed),
    TimePassed,
}

impl Ears {
    async fn next(&mut self, app: &mut App) -> Happening {
        let until = app.deadline();
        tokio::select! {
            Some(click) = self.clicks.recv() => Happening::Clicked(click),
            Some(incoming) = self.questions.recv() => Happening::Asked(incoming),
            Some(event) = self.orders.recv() => Happening::Told(event),
            outcome = app.engine.outcome() => Happening::Ended(outcome),
            Some(occurrence) = self.occurrences.recv() => Happening::Occurred(occurrence),
            Some(sighting) = self.sightings.recv() => Happening::Saw(sighting),
            Some(host) = self.hosts.recv() => Happening::HostChanged(host),
            Some(change) = self.keyring.recv() => Happening::KeyringChanged(change),
            Some(network::Changed) = self.network.recv() => Happening::NetworkChanged,
            Some(Edited) = self.edits.recv() => Happening::SettingsEdited,
            () = app.notices.unshown_changed() => Happening::NoticeUnshown,
            step = app.sign_in.step() => Happening::SignInStepped(step),
            () = app.window.closed() => Happening::WindowClosed,
            Some(Ok(deed)) = app.errands.join_next() => Happening::CarriedOut(deed),
            _ = self.timer.wait(until) => Happening::TimePassed,
        }
    }
}

impl App {
    /// The tray comes first: whatever else is slow, the icon is there.
    async fn start(parts: Parts) -> io::Result<(Self, Ears)> {
        let (clicked, clicks) = unbounded_channel();
        let (hosted, hosts) = unbounded_channel();
        let (sighted, sightings) = unbounded_channel();
        let (occurred, occurrences) = unbounded_channel();
        let (unlocked, keyring) = unbounded_channel();
        let (connected, network) = unbounded_channel();
        let (edited, edits) = unbounded_channel();
        let (asked, questions) = unbounded_channel();

        let engine = Engine::new(parts.keeping, parts.secrets);
        let wording = Wording { texts: Rc::new(parts.texts), times: Times::of_system() };
        let window = Window::new(parts.control.as_ref().map(|claim| claim.directory().to_owned()));
        let mut surroundings = Surroundings::new(parts.autostart);
        surroundings.window = opening::window_of(&window);
        let tray = Tray::start(picture::view(&engine, &surroundings, &wording, None), clicked, hosted).await;

        let ears = Ears {
            clicks,
            hosts,
            sightings,
            occurrences,
            keyring,
            network,
            edits,
            questions,
            orders: parts.orders,
            timer: clock::Timer::new()?,
            _network: network::watch(connected),
            _settings: engine.disk.settings_file().path().map(|file| settings::watch::watch(file, edited)),
        };
        let mut app = Self {
            idle: idle::watch(picture::wish(engine.disk.settings()), sighted),
            engine,
            notices: Rc::new(Notices::new(&wording.texts)),
            wording,
            surroundings,
            tray,
            session: session::watch(occurred),
            window,
            sign_in: SignIn::default(),
            errands: JoinSet::new(),
            tray_is_late: None,
            hosts: parts.hosts,
            ended: false,
        };
        app.engine.disk.note(Change::Started, Cause::Launch);
        app.engine.watch_keyring(unlocked);
        if let Some(claim) = parts.control {
            tokio::task::spawn_local(claim.serve(asked));
        }
        let orders = app.engine.adopt_accounts(Renewal::All);
        app.obey(orders);
        app.say_problems();
        app.repair_autostart();
        app.open_first_window(parts.launch);
        Ok((app, ears))
    }

    /// Time until something is due: for the engine, or for a word about the tray.
    fn deadline(&self) -> Option<Duration> {
        let late = self.tray_is_late.map(|late| late.saturating_sub(clock::now().uptime));
        self.engine.deadline().into_iter().chain(late).min()
    }

    async fn show(&mut self) {
        self.engine.answer(|presence, accounts| picture::report(presence, accounts, &self.surroundings));
        self.ask_for_sign_in();
        self.window.show(|revision, summons| overview::overview(&self.engine, &self.surroundings, &self.wording, revision, summons));
        let notice = self.notices.unshown();
        self.tray.show(picture::view(&self.engine, &self.surroundings, &self.wording, notice.as_deref())).await;
    }

    fn take(&mut self, happening: Happening) {
        match happening {
            Happening::Clicked(click) => self.clicked(click),
            Happening::Asked(incoming) => self.asked(incoming),
            Happening::Told(event) => self.tell(event),
            Happening::Ended(outcome) => {
                let orders = self.engine.take(outcome, &self.wording.texts);
                self.obey(orders);
            }
            Happening::Occurred(occurrence) => self.occurred(occurrence),
            Happening::Saw(sighting) => self.saw(sighting),
            Happening::HostChanged(host) => self.host_changed(host),
            Happening::KeyringChanged(change) => {
                let orders = self.engine.keyring_changed(change);
                self.obey(orders);
            }
            Happening::NetworkChanged => self.network_changed(),
            Happening::SettingsEdited => self.reload(Renewal::Changed),
            // It is in the next picture.
            Happening::NoticeUnshown => {}
            Happening::WindowClosed => self.window_closed(),
            Happening::SignInStepped(step) => self.stepped(step),
            Happening::CarriedOut(deed) => self.carried_out(deed),
            Happening::TimePassed => self.time_passed(),
        }
        self.idle.heed(picture::attention(self.engine.presence.absent()));
    }

    fn report(&self) -> StatusReport {
        picture::report(&self.engine.presence, &self.engine.accounts, &self.surroundings)
    }

    /// Nothing goes on without the person: once said, until it is settled.
    fn ask_for_sign_in(&self) {
        match picture::sign_in_needed(&self.engine.presence, self.surroundings.window, &self.wording.texts) {
            // The window asks for it.
            Some(_) if self.window.is_expected() => {}
            Some(sentence) => self.notices.say_once(Matter::SignInNeeded, &sentence),
            None => self.notices.settle(Matter::SignInNeeded),
        }
    }

    fn host_changed(&mut self, host: Host) {
        self.surroundings.tray = Some(host);
        if let Some(hosts) = &self.hosts {
            // Whoever wanted to know may have ended.
            let _ = hosts.send(host);
        }
        match host {
            Host::Present => {
                self.tray_is_late = None;
                self.notices.settle(Matter::NoTray);
            }
            Host::Absent => self.tray_is_late = Some(clock::now().uptime + TRAY_IS_LATE),
            Host::NoBus => tracing::warn!("there is no session bus, and so no icon: use the command line"),
        }
    }

    fn time_passed(&mut self) {
        if self.tray_is_late.is_some_and(|late| late <= clock::now().uptime) {
            self.tray_is_late = None;
            self.notices.say_once(Matter::NoTray, &self.wording.texts.say("notice-no-tray"));
        }
        self.tell(Event::TimePassed);
    }

    async fn close(mut self) {
        self.engine.disk.note(Change::Ended, Cause::Quit);
        self.engine.finish().await;
        self.tray.close().await;
    }
}
