//! What the tray shows: a value that compares with `==`, derived from the facts and nothing else. No clock, no tray host.

use std::time::SystemTime;

use super::{Badge, Click, Icon, Look, menu, words::Words};
use crate::{
    presence::{Absent, AccountId, Automation, Choice, Connection, Idle, Standing},
    text::Texts,
};

/// What the person sees.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The name of the app, for screen readers and lists of icons.
    pub title: String,
    pub icon: Icon,
    pub tooltip: Tooltip,
    pub menu: Vec<Item>,
    pub urgency: Urgency,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tooltip {
    pub title: String,
    pub lines: Vec<String>,
}

/// Whether a tray host should draw the eye to the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Calm,
    /// Nothing goes on without the person.
    NeedsAttention,
}

/// One line of the menu. Whatever happens, the same ids stand in the same order, and only properties change; but for the durations, which the person
/// edits elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub id: String,
    pub label: String,
    pub kind: Kind,
    pub access: Access,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Says something and does nothing.
    Line,
    Separator,
    Command(Click),
    /// One of several; the tick is what the portals confirmed.
    Radio(Click, Tick),
    Check(Click, Tick),
    Submenu(Vec<Item>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Enabled,
    Disabled,
    Hidden,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    On,
    Off,
}

/// Everything that the view depends on.
pub struct Facts<'a> {
    pub standings: Vec<Account<'a>>,
    pub choice: &'a Choice,
    pub absent: Option<Absent>,
    pub automation: &'a Automation,
    pub idle_switch: IdleSwitch,
    pub idle_source: IdleSource<'a>,
    pub autostart: Autostart,
    /// The minutes for which a status is offered.
    pub durations: &'a [u16],
    pub window: Window,
    pub storage: Storage,
    /// What no notice could tell.
    pub notice: Option<&'a str>,
    /// The latest journal lines in words, newest first; the menu has room for [`JOURNAL_LINES`].
    pub journal: &'a [String],
    /// An instant in the person's own format, with the day where it is not today.
    pub time: &'a dyn Fn(SystemTime) -> String,
}

/// How many lines of the journal the menu shows.
pub const JOURNAL_LINES: usize = menu::JOURNAL_SLOTS;

pub struct Account<'a> {
    pub id: &'a AccountId,
    /// The person's name on that portal.
    pub name: &'a str,
    /// The portal's host name.
    pub portal: &'a str,
    pub standing: Standing,
}

/// Where the app learns that nobody is at the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleSource<'a> {
    Using(&'a str),
    Looking,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Autostart {
    On,
    Off,
    Unavailable,
}

/// Whether the person may switch the idle mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleSwitch {
    Free,
    /// The administrator did.
    Fixed,
}

/// Whether there is a window in which to sign in and to read more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Available,
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    Ok,
    Failing,
}

pub fn view(facts: &Facts<'_>, texts: &Texts) -> View {
    let words = Words { facts, texts };
    View {
        title: texts.say("app-name"),
        icon: Icon { look: facts.look(), badge: facts.badge() },
        tooltip: Tooltip { title: words.headline(), lines: words.lines().into_iter().filter_map(|(_, line)| line).collect() },
        menu: menu::items(&words),
        urgency: facts.urgency(),
    }
}

impl Facts<'_> {
    /// Solid only where every portal confirmed the same status, and owes nothing.
    fn look(&self) -> Look {
        if let Some(held) = self.agreed()
            && self.idle() != Idle::Pending
        {
            return held.status().map_or(Look::Unknown, Look::Confirmed);
        }
        self.meant().map_or(Look::Unknown, Look::Unconfirmed)
    }

    fn badge(&self) -> Option<Badge> {
        match self.worst() {
            Connection::Blocked | Connection::SignedOut => Some(Badge::Attention),
            Connection::KeyringLocked => Some(Badge::KeyringLocked),
            Connection::Offline => Some(Badge::Offline),
            Connection::Ok => (self.idle() == Idle::Marked).then_some(Badge::Idle),
        }
    }

    fn urgency(&self) -> Urgency {
        match self.worst() {
            Connection::Blocked | Connection::SignedOut | Connection::KeyringLocked => Urgency::NeedsAttention,
            Connection::Offline | Connection::Ok => Urgency::Calm,
        }
    }
}
