//! The journal as time: what each account held, from when to when, and because of what. No clock, no language and no colour here.

mod days;
mod order;
mod story;
#[cfg(test)]
mod tests;

use std::time::SystemTime;

use b24status::presence::{AccountId, Cause, Entry, Failure, Held};

pub(crate) use days::{Day, day, day_of, last_days};

/// From `from` on, and before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: SystemTime,
    pub(crate) to: SystemTime,
}

/// A stretch of time in which one account stayed as it was.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    pub(crate) span: Span,
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    /// Somebody had quit the app.
    NotRunning,
    /// The app was started anew and had not been quit: since its last entry nobody knows.
    Untold,
    Held(Holding),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Holding {
    /// `None` where the journal does not reach back far enough to say.
    pub(crate) status: Option<Held>,
    pub(crate) sure: Sure,
    /// The idle mark stands, because of this.
    pub(crate) idle: Option<Cause>,
    /// Why it is this status.
    pub(crate) because: Option<Cause>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sure {
    /// The portal said so.
    Confirmed,
    /// The portal was asked, or will be.
    Pending,
    /// The portal could not be asked.
    Failed(Failure),
}

/// An account of today, and what its portal has confirmed that it holds now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) account: AccountId,
    pub(crate) held: Option<Held>,
}

/// Everything that the journal tells, by account.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    bands: Vec<(AccountId, Vec<Segment>)>,
}

impl Timeline {
    /// `entries` as they were written, the oldest first. First come the accounts of today, then those that only the journal still knows:
    /// these end with their last entry.
    ///
    /// Where the times of a few entries contradict all others, because a clock was wrong for a while, they are taken for those of the
    /// entries before them: what was written later happened later.
    pub(crate) fn new(entries: &[Entry], known: &[Known], now: SystemTime) -> Self {
        let times = order::straightened(entries.iter().map(|entry| entry.at), now);
        let dated = times.into_iter().zip(entries).collect::<Vec<_>>();
        let today = known.iter().map(|known| (known.account.clone(), story::tell(&dated, known, now)));
        let gone = gone(entries, known).into_iter().map(|account| {
            let end = dated.iter().rfind(|(_, entry)| entry.account.as_ref() == Some(&account)).map_or(now, |(at, _)| *at);
            let told = story::tell(&dated, &Known { account: account.clone(), held: None }, now);
            (account, clipped(&told, |at| at.min(end)))
        });
        Self { bands: today.chain(gone).collect() }
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.bands.iter().map(|(account, _)| account)
    }

    /// What is known of the account within the span: in order, and none over another. Where nothing is known there is no segment.
    pub(crate) fn within(&self, account: &AccountId, span: Span) -> Vec<Segment> {
        let Some((_, segments)) = self.bands.iter().find(|(id, _)| id == account) else { return Vec::new() };
        let first = segments.partition_point(|segment| segment.span.to <= span.from);
        let last = segments.partition_point(|segment| segment.span.from < span.to);
        clipped(segments.get(first..last).unwrap_or_default(), |at| at.clamp(span.from, span.to))
    }
}

impl Span {
    /// Where an instant lies: 0 at the start, 1 at the end.
    pub(crate) fn share(&self, at: SystemTime) -> f32 {
        let part = at.duration_since(self.from).unwrap_or_default().as_secs_f64();
        let whole = self.to.duration_since(self.from).unwrap_or_default().as_secs_f64();
        if whole > 0.0 { (part / whole).min(1.0) as f32 } else { 0.0 }
    }

    pub(crate) fn holds(&self, at: SystemTime) -> bool {
        (self.from..self.to).contains(&at)
    }
}

fn gone(entries: &[Entry], known: &[Known]) -> Vec<AccountId> {
    let mut gone = Vec::new();
    for account in entries.iter().filter_map(|entry| entry.account.as_ref()) {
        if !gone.contains(account) && !known.iter().any(|known| known.account == *account) {
            gone.push(account.clone());
        }
    }
    gone
}

fn clipped(segments: &[Segment], clip: impl Fn(SystemTime) -> SystemTime) -> Vec<Segment> {
    let segments = segments
        .iter()
        .map(|segment| Segment { span: Span { from: clip(segment.span.from), to: clip(segment.span.to) }, what: segment.what.clone() });
    segments.filter(|segment| segment.span.from < segment.span.to).collect()
}
