//! The loop: event → presence → effects → picture. The only place that knows both sides; it decides nothing about any portal.

mod accounts;
mod answers;
mod disk;
mod picture;

use std::{collections::VecDeque, time::Duration};

use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinSet,
};

use crate::{
    clock::{self, Woken},
    control::{Claim, Incoming},
    idle::{self, Sighting},
    keyring, network,
    paths::Place,
    presence::{AccountId, Answer, Effect, Event, Failure, Marking, Presence},
    session::{self, Occurrence, Session},
    text::Texts,
    tray::{Click, Host, Tray},
};

pub use accounts::Secrets;

use accounts::{Accounts, Looked};
use answers::Waiting;
use disk::Disk;
use picture::Surroundings;

/// What the command that starts the app decides: what is real, and what is in memory only.
pub struct Parts {
    pub place: Place,
    pub secrets: Secrets,
    pub texts: Texts,
    /// Where other processes ask; a second launch among them.
    pub control: Option<Claim>,
    /// Facts from the terminal: `b24status demo` types what a person would do.
    pub orders: UnboundedReceiver<Event>,
}

/// Runs until somebody quits. On one thread, inside a [`tokio::task::LocalSet`].
pub async fn run(parts: Parts) -> std::io::Result<()> {
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
    presence: Presence,
    accounts: Accounts,
    disk: Disk,
    texts: Texts,
    surroundings: Surroundings,
    waiting: Waiting,
    calls: JoinSet<(AccountId, Result<Answer, Failure>)>,
    lookups: JoinSet<Looked>,
    tray: Tray,
    idle: idle::Watcher,
    session: Session,
    ended: bool,
}

/// Everything that can make the loop turn, besides what the app itself has under way.
struct Ears {
    clicks: UnboundedReceiver<Click>,
    hosts: UnboundedReceiver<Host>,
    sightings: UnboundedReceiver<Sighting>,
    occurrences: UnboundedReceiver<Occurrence>,
    keyring: UnboundedReceiver<keyring::Change>,
    network: UnboundedReceiver<network::Changed>,
    questions: UnboundedReceiver<Incoming>,
    orders: UnboundedReceiver<Event>,
    timer: clock::Timer,
    _network: network::Watch,
}

enum Happening {
    Clicked(Click),
    Host(Host),
    Saw(Sighting),
    Occurred(Occurrence),
    KeyringChanged(keyring::Change),
    NetworkChanged,
    Asked(Incoming),
    Told(Event),
    SecretLookedUp(Looked),
    TimePassed,
}

impl Ears {
    async fn next(&mut self, app: &mut App) -> Happening {
        let until = app.deadline();
        tokio::select! {
            Some(click) = self.clicks.recv() => Happening::Clicked(click),
            Some(incoming) = self.questions.recv() => Happening::Asked(incoming),
            Some(event) = self.orders.recv() => Happening::Told(event),
            Some(Ok((account, answer))) = app.calls.join_next() => Happening::Told(Event::Answered { account, answer }),
            event = app.disk.next() => Happening::Told(event),
            Some(Ok(looked)) = app.lookups.join_next() => Happening::SecretLookedUp(looked),
            Some(occurrence) = self.occurrences.recv() => Happening::Occurred(occurrence),
            Some(sighting) = self.sightings.recv() => Happening::Saw(sighting),
            Some(host) = self.hosts.recv() => Happening::Host(host),
            Some(change) = self.keyring.recv() => Happening::KeyringChanged(change),
            Some(_) = self.network.recv() => Happening::NetworkChanged,
            woken = self.timer.wait(until) => match woken {
                Woken::Deadline | Woken::Jumped => Happening::TimePassed,
            },
        }
    }
}

impl App {
    /// The tray comes first: whatever else is slow, the icon is there.
    async fn start(parts: Parts) -> std::io::Result<(Self, Ears)> {
        let (clicked, clicks) = unbounded_channel();
        let (hosted, hosts) = unbounded_channel();
        let (sighted, sightings) = unbounded_channel();
        let (occurred, occurrences) = unbounded_channel();
        let (locked, keyring) = unbounded_channel();
        let (networked, network) = unbounded_channel();
        let (asked, questions) = unbounded_channel();

        let disk = Disk::open(&parts.place);
        let settings = disk.settings().clone();
        let presence = Presence::new(settings.automation.clone(), disk.state(), seed());
        let surroundings = Surroundings::default();
        let accounts = Accounts::new(parts.secrets, locked);
        let first = picture::view(&presence, &disk, &surroundings, &parts.texts);
        let tray = Tray::start(first, clicked, hosted).await;
        if let Some(claim) = parts.control {
            tokio::task::spawn_local(claim.serve(asked));
        }
        let idle = idle::watch(picture::wish(&settings), sighted);
        let session = session::watch(occurred);
        let ears = Ears {
            clicks,
            hosts,
            sightings,
            occurrences,
            keyring,
            network,
            questions,
            orders: parts.orders,
            timer: clock::Timer::new()?,
            _network: network::watch(networked),
        };
        let mut app = Self {
            presence,
            accounts,
            disk,
            texts: parts.texts,
            surroundings,
            waiting: Waiting::default(),
            calls: JoinSet::new(),
            lookups: JoinSet::new(),
            tray,
            idle,
            session,
            ended: false,
        };
        app.adopt_accounts();
        app.surroundings.look_at_autostart();
        Ok((app, ears))
    }

    /// Time until something is due, for presence or for somebody who waits for an answer.
    fn deadline(&self) -> Option<Duration> {
        let now = clock::now();
        self.presence.deadline(now).into_iter().chain(self.waiting.deadline(now)).min()
    }

    async fn show(&mut self) {
        self.waiting.answer(&self.presence, &self.calls, || picture::report(&self.presence, &self.accounts, &self.surroundings));
        self.tray.show(picture::view(&self.presence, &self.disk, &self.surroundings, &self.texts)).await;
    }

    fn take(&mut self, happening: Happening) {
        match happening {
            Happening::Clicked(click) => self.clicked(click),
            Happening::Host(host) => self.surroundings.tray_host(host),
            Happening::Saw(sighting) => self.saw(sighting),
            Happening::Occurred(occurrence) => self.occurred(occurrence),
            Happening::KeyringChanged(change) => self.keyring_changed(change),
            Happening::NetworkChanged => self.tell(Event::NetworkChanged),
            Happening::Asked(incoming) => self.asked(incoming),
            Happening::Told(event) => self.tell(event),
            Happening::SecretLookedUp(looked) => self.looked_up(looked),
            Happening::TimePassed => self.tell(Event::TimePassed),
        }
    }
}
