//! One account's journal, read from the first entry to the last.

use std::time::{Duration, SystemTime};

use b24status::presence::{Cause, Change, Entry, Failure, Held, Status};

use super::{Holding, Known, Segment, Span, Sure, What};

/// A portal that confirms within this was never in doubt: the status counts from the choice.
const PROMPT: Duration = Duration::from_mins(1);

pub(super) fn tell(entries: &[(SystemTime, &Entry)], known: &Known, now: SystemTime) -> Vec<Segment> {
    let mut story = Story::new(entries, known);
    for (at, entry) in entries {
        story.hear(*at, entry);
    }
    story.end(now)
}

struct Story<'a> {
    known: &'a Known,
    life: Life,
    last_entry: Option<SystemTime>,
    /// Nothing is said of an account before its own first entry.
    has_begun: bool,
    confirmed: Option<Held>,
    /// What the person means, as far as it concerns this account.
    wanted: Option<Status>,
    because: Option<Cause>,
    idle: Option<Cause>,
    failure: Option<Failure>,
    /// From the last start on, where the portal has not been heard since: what it held before is not confirmed any more.
    unheard_from: Option<SystemTime>,
    segments: Vec<Segment>,
    open: Option<(SystemTime, What)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Life {
    Running,
    Quit,
}

impl<'a> Story<'a> {
    /// A journal in which nobody ever speaks of a status was written under the one that stands now.
    fn new(entries: &[(SystemTime, &Entry)], known: &'a Known) -> Self {
        let is_told = entries.iter().any(|(_, entry)| speaks_of_status(entry, known));
        let confirmed = known.held.clone().filter(|_| !is_told);
        Self {
            known,
            life: Life::Running,
            last_entry: None,
            has_begun: confirmed.is_some(),
            confirmed,
            wanted: None,
            because: None,
            idle: None,
            failure: None,
            unheard_from: unheard_from(entries, known),
            segments: Vec::new(),
            open: None,
        }
    }

    fn hear(&mut self, at: SystemTime, entry: &Entry) {
        let is_ours = entry.account.as_ref() == Some(&self.known.account);
        let is_other = entry.account.is_some() && !is_ours;
        self.has_begun |= is_ours;
        match &entry.what {
            Change::Chosen { status, .. } => self.want(*status, entry.because),
            Change::Adopted { held } if is_ours => self.confirm(at, held.clone(), Some(entry.because)),
            Change::Adopted { held } => {
                if let Some(status) = held.status() {
                    self.want(status, entry.because);
                }
            }
            Change::Confirmed { .. } | Change::MarkedIdle { .. } | Change::UnmarkedIdle | Change::Failed(_) | Change::Recovered
                if is_other => {}
            Change::Confirmed { status } => {
                // On a portal, setting a status clears the idle mark.
                self.idle = None;
                self.confirm(at, Held::Status(*status), None);
            }
            Change::MarkedIdle { .. } => {
                self.failure = None;
                self.idle = Some(entry.because);
            }
            Change::UnmarkedIdle => {
                self.failure = None;
                self.idle = None;
            }
            Change::Failed(failure) => self.failure = Some(failure.clone()),
            // Had the portal held something else, it would have been set, or adopted, in the next moment.
            Change::Recovered => self.confirm(at, self.meant().unwrap_or(Held::NeverSet), None),
            Change::WentAbsent(_) | Change::CameBack | Change::NotSaved => {}
            Change::Started => self.start(at),
            Change::Ended => self.life = Life::Quit,
        }
        self.turn(at);
        self.last_entry = Some(at);
    }

    fn want(&mut self, status: Status, because: Cause) {
        self.wanted = Some(status);
        self.because = Some(because);
    }

    /// The status counts from the choice, where the portal was quick.
    fn confirm(&mut self, at: SystemTime, held: Held, because: Option<Cause>) {
        if let Some((from, What::Held(holding))) = &mut self.open {
            let is_prompt = holding.sure == Sure::Pending && holding.status == Some(held.clone());
            if is_prompt && at.duration_since(*from).is_ok_and(|waited| waited < PROMPT) {
                holding.sure = Sure::Confirmed;
                holding.idle = self.idle;
            }
        }
        self.because = because.or(self.because);
        self.wanted = held.status();
        self.confirmed = Some(held);
        self.failure = None;
    }

    fn start(&mut self, at: SystemTime) {
        if let (Life::Running, Some(last), true) = (self.life, self.last_entry, self.has_begun) {
            self.turn_to(last, Some(What::Untold));
            self.turn_to(at, None);
        }
        self.life = Life::Running;
        self.failure = None;
    }

    fn end(mut self, now: SystemTime) -> Vec<Segment> {
        self.turn_to(now, None);
        self.segments
    }

    fn turn(&mut self, at: SystemTime) {
        let what = self.has_begun.then(|| self.what(at));
        self.turn_to(at, what);
    }

    fn turn_to(&mut self, at: SystemTime, what: Option<What>) {
        if self.open.as_ref().map(|(_, what)| what) == what.as_ref() {
            return;
        }
        if let Some((from, what)) = self.open.take() {
            self.push(Span { from, to: at }, what);
        }
        self.open = what.map(|what| match self.segments.pop_if(|before| before.span.to == at && before.what == what) {
            Some(before) => (before.span.from, what),
            None => (at, what),
        });
    }

    fn push(&mut self, span: Span, what: What) {
        if span.from < span.to {
            self.segments.push(Segment { span, what });
        }
    }

    fn what(&self, at: SystemTime) -> What {
        if self.life == Life::Quit {
            return What::NotRunning;
        }
        let is_heard = self.unheard_from.is_none_or(|from| at < from);
        let is_held = self.wanted.is_none() || self.wanted == self.confirmed.as_ref().and_then(Held::status);
        let sure = match &self.failure {
            Some(failure) => Sure::Failed(failure.clone()),
            None if is_held && is_heard => Sure::Confirmed,
            None => Sure::Pending,
        };
        let because = self.because;
        What::Held(Holding { status: self.meant(), sure, idle: self.idle, because })
    }

    /// What the portal should hold, and once it has said so, in its own words.
    fn meant(&self) -> Option<Held> {
        let confirmed = self.confirmed.clone();
        match self.wanted {
            Some(status) => confirmed.filter(|held| held.status() == Some(status)).or(Some(Held::Status(status))),
            None => confirmed,
        }
    }
}

fn unheard_from(entries: &[(SystemTime, &Entry)], known: &Known) -> Option<SystemTime> {
    let newer = entries.iter().rev().take_while(|(_, entry)| entry.account.as_ref() != Some(&known.account));
    let start = newer.filter(|(_, entry)| entry.what == Change::Started).last();
    start.map(|(at, _)| *at).filter(|_| known.held.is_none())
}

fn speaks_of_status(entry: &Entry, known: &Known) -> bool {
    match &entry.what {
        Change::Chosen { .. } => true,
        Change::Confirmed { .. } | Change::Adopted { .. } => entry.account.as_ref() == Some(&known.account),
        Change::WentAbsent(_)
        | Change::CameBack
        | Change::MarkedIdle { .. }
        | Change::UnmarkedIdle
        | Change::Failed(_)
        | Change::Recovered
        | Change::NotSaved
        | Change::Started
        | Change::Ended => false,
    }
}
