//! What can be seen of the app: the view of the tray and the report for the command line, both derived from the same facts.

use std::{
    rc::Rc,
    time::{Duration, SystemTime},
};

use super::{accounts::Accounts, engine::Engine};
use crate::{
    autostart::{Autostart, AutostartError, State},
    control::{AccountReport, DoctorReport, Saving, StatusReport},
    doctor, idle,
    presence::{Absent, AccountId, Connection, Entry, Held, Idle, Presence, Reason, Shown, Standing},
    session,
    settings::{self, Settings},
    text::{Texts, time::Times},
    tray::{self, Facts, Host, Span, View},
    words,
};

/// What the app knows of the desktop around it.
pub(super) struct Surroundings {
    pub(super) tray: Option<Host>,
    /// `None` until the first source was looked for.
    pub(super) idle: Option<Result<idle::SourceName, Vec<idle::Unusable>>>,
    pub(super) session: Option<session::Sources>,
    pub(super) window: tray::Window,
    entry: Option<Autostart>,
    autostart: Result<State, AutostartError>,
}

/// The languages and formats of the person.
pub(super) struct Wording {
    pub(super) texts: Rc<Texts>,
    pub(super) times: Times,
}

impl Surroundings {
    pub(super) fn new(entry: Option<Autostart>) -> Self {
        Self { tray: None, idle: None, session: None, window: tray::Window::Missing, entry, autostart: Err(AutostartError::NoPlace) }
    }

    /// Reads back what the system will do at the next login.
    pub(super) fn look_at_autostart(&mut self) {
        self.autostart = self.entry.as_ref().map_or(Err(AutostartError::NoPlace), Autostart::state);
    }

    pub(super) fn entry(&self) -> Option<&Autostart> {
        self.entry.as_ref()
    }

    pub(super) fn autostart(&self) -> tray::Autostart {
        match &self.autostart {
            Ok(State::On) => tray::Autostart::On,
            Ok(State::Off | State::OnElsewhere(_)) => tray::Autostart::Off,
            Err(_) => tray::Autostart::Unavailable,
        }
    }
}

pub(super) fn wish(settings: &Settings) -> idle::Wish {
    let inhibitors = match settings.inhibitors {
        settings::Inhibitors::Respected => idle::Inhibitors::Respect,
        settings::Inhibitors::Ignored => idle::Inhibitors::Ignore,
    };
    idle::Wish { after: settings.automation.idle_after, inhibitors }
}

/// A lock or a sleep that counts is absence enough: until it ends, nobody looks for input.
pub(super) fn attention(absent: Option<Absent>) -> idle::Attention {
    match absent.map(|absent| absent.reason) {
        Some(Reason::Locked | Reason::Asleep) => idle::Attention::Resting,
        Some(Reason::NoInput) | None => idle::Attention::Full,
    }
}

/// When a choice for a while ends.
pub(super) fn end_of(span: Span, times: &Times, now: SystemTime) -> SystemTime {
    match span {
        Span::Minutes(minutes) => now + Duration::from_mins(minutes.into()),
        Span::UntilTomorrowMorning => times.tomorrow_morning(now),
    }
}

/// `notice`: what was to be told and could not be shown.
pub(super) fn view(engine: &Engine, surroundings: &Surroundings, wording: &Wording, notice: Option<&str>) -> View {
    let Engine { presence, accounts, disk, .. } = engine;
    let now = SystemTime::now();
    let Wording { texts, times } = wording;
    let source = surroundings.idle.as_ref().map(|source| source.as_ref().map(|name| name.word()));
    let line = |entry: &Entry| [("time", times.moment(texts, entry.at, now).into()), ("line", texts.entry(entry, times, now).into())];
    let journal = disk.latest().map(|entry| texts.say_with("journal-at", &line(entry))).collect::<Vec<_>>();
    let facts = Facts {
        standings: named(presence, accounts).map(|(id, standing, name, portal)| tray::Account { id, name, portal, standing }).collect(),
        choice: presence.choice(),
        absent: presence.absent(),
        automation: presence.automation(),
        idle_switch: if disk.machine().fixes(settings::Key::MarkIdle) { tray::IdleSwitch::Fixed } else { tray::IdleSwitch::Free },
        idle_source: match source {
            None => tray::IdleSource::Looking,
            Some(Ok(name)) => tray::IdleSource::Using(name),
            Some(Err(_)) => tray::IdleSource::None,
        },
        autostart: surroundings.autostart(),
        durations: disk.settings().durations.minutes(),
        window: surroundings.window,
        storage: if presence.is_saving_in_vain() { tray::Storage::Failing } else { tray::Storage::Ok },
        notice,
        journal: &journal,
        time: &|time| times.moment(texts, time, now),
    };
    tray::view(&facts, texts)
}

/// Why somebody has to sign in, if somebody has to.
pub(super) fn sign_in_needed(presence: &Presence, window: tray::Window, texts: &Texts) -> Option<String> {
    let how = || match window {
        tray::Window::Available => texts.say("notice-sign-in-window"),
        tray::Window::Missing => texts.say("notice-sign-in"),
    };
    let mut accounts = 0;
    let signed_out = presence.standings().inspect(|_| accounts += 1).find(|(_, standing)| standing.connection == Connection::SignedOut);
    match signed_out {
        Some((_, Standing { failure: Some(failure), .. })) => Some(texts.failure(&failure)),
        Some((_, Standing { failure: None, .. })) => Some(how()),
        None => (accounts == 0).then(how),
    }
}

pub(super) fn report(presence: &Presence, accounts: &Accounts, surroundings: &Surroundings) -> StatusReport {
    let accounts =
        named(presence, accounts).map(|(id, standing, name, portal)| account_report(id, &standing, name, portal)).collect::<Vec<_>>();
    let standings = presence.standings().map(|(_, standing)| standing).collect::<Vec<_>>();
    let idle = standings.iter().any(|standing| standing.idle == Idle::Marked);
    let connection = standings.iter().map(|standing| standing.connection).max().unwrap_or(Connection::SignedOut);
    StatusReport {
        status: presence
            .choice()
            .status()
            .map(|status| status.word().to_owned())
            .or_else(|| accounts.iter().find_map(|account| account.status.clone())),
        confirmed: !accounts.is_empty() && accounts.iter().all(|account| account.confirmed),
        idle,
        idle_reason: presence.absent().filter(|_| idle).map(|absent| absent.reason.word().to_owned()),
        until: presence.choice().end.map(|end| words::rfc3339(end.at)),
        connection: connection.word().to_owned(),
        account: accounts.first().map(|account| account.id.clone()),
        accounts,
        pid: Some(std::process::id()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        idle_source: surroundings.idle.as_ref().and_then(|source| source.as_ref().ok()).map(|source| source.word().to_owned()),
        tray: surroundings.tray.map(|host| host == Host::Present),
    }
}

/// What `doctor` cannot find out without the running app.
pub(super) fn doctor_report(presence: &Presence, accounts: &Accounts, surroundings: &Surroundings) -> DoctorReport {
    let StatusReport { accounts, version, .. } = report(presence, accounts, surroundings);
    DoctorReport {
        version,
        desktop: doctor::desktop(surroundings.tray, surroundings.idle.as_ref(), surroundings.session),
        saving: if presence.is_saving_in_vain() { Saving::Failing } else { Saving::Working },
        accounts,
    }
}

fn account_report(id: &AccountId, standing: &Standing, name: &str, portal: &str) -> AccountReport {
    let (failure, detail) = standing.failure.as_ref().map(words::failure_words).unzip();
    AccountReport {
        id: id.to_string(),
        name: name.to_owned(),
        portal: portal.to_owned(),
        status: shown_word(&standing.status),
        confirmed: matches!(standing.status, Shown::Confirmed(_)),
        idle: standing.idle == Idle::Marked,
        connection: standing.connection.word().to_owned(),
        failure: failure.map(str::to_owned),
        detail: detail.flatten(),
    }
}

fn shown_word(shown: &Shown) -> Option<String> {
    let word = |held: &Held| match held {
        Held::Unfamiliar(word) => word.clone(),
        Held::Status(status) => status.word().to_owned(),
        Held::NeverSet => "online".to_owned(),
    };
    match shown {
        Shown::Confirmed(held) => Some(word(held)),
        Shown::Pending(status) => Some(status.word().to_owned()),
        Shown::Unknown { last } => last.as_ref().map(word),
    }
}

fn named<'a>(presence: &'a Presence, accounts: &'a Accounts) -> impl Iterator<Item = (&'a AccountId, Standing, &'a str, &'a str)> {
    presence.standings().map(|(id, standing)| {
        let entry = accounts.entry(id);
        (id, standing, entry.map_or("", |entry| &entry.name), entry.map_or("", |entry| &entry.portal))
    })
}
