//! What each portal should hold, what must be done about it, and why.
//!
//! Facts come in as [`Event`]s; what every portal should hold is derived from them; the difference to what it confirmed last goes
//! out as [`Effect`]s. No clock here, no thread, no I/O, no randomness but a seed: time is an argument, the next wake-up a return value.

mod status;
mod choice;
mod absence;
mod automation;
mod account;
mod moment;
mod event;
mod effect;
mod failure;
mod journal;
mod standing;
mod state;

mod mirror;
mod mark;
mod retry;
mod reading;
mod saving;
mod dice;

#[cfg(test)]
mod tests;

use std::time::Duration;

pub use absence::{Absent, IDLE_AFTER, Reason};
pub use account::{AccountId, Credential};
pub use automation::{Automation, Marking, OnLock};
pub use choice::{Choice, End, Wanted};
pub use effect::{Call, Effect};
pub use event::{Answer, Event, IdleUse};
pub use failure::{Ask, Failure, GiveUp, Later};
pub use journal::{Cause, Change, Entry};
pub use moment::Moment;
pub use standing::{Connection, Idle, Shown, Standing};
pub use state::{Remembered, State};
pub use status::{Held, Status};

use absence::Absence;
use dice::Dice;
use mirror::{Desire, Mirror, News, Plan, Reads};
use saving::Saving;

/// A machine that is about to sleep waits this long for our last calls.
const SLEEP_WAITS: Duration = Duration::from_secs(1);
/// Quitting waits this long for the end of our idle marks.
const QUIT_WAITS: Duration = Duration::from_secs(2);

/// The person on this computer: one choice, one absence, and a mirror for each account.
#[derive(Debug, Clone)]
pub struct Presence {
    automation: Automation,
    choice: Choice,
    absence: Absence,
    mirrors: Vec<(AccountId, Mirror)>,
    /// What is remembered of accounts that were not added yet.
    dormant: Vec<(AccountId, Remembered)>,
    /// The choice that ended by itself at last, for accounts that are added later.
    ended: Option<Wanted>,
    /// Calls of accounts that were removed before the answer came.
    unanswered: Vec<(AccountId, Call)>,
    saving: Saving,
    /// Until when the machine's sleep waits for us; an uptime, as below.
    sleeps_by: Option<Duration>,
    quitting: Quitting,
    /// Why the last absence ended, for the journal.
    returned: Cause,
    dice: Dice,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Quitting {
    No,
    /// At this uptime at the latest.
    By(Duration),
    Done,
}

impl Presence {
    /// `state` is what is on disk. `seed` makes the jitter of this process differ from that of its neighbours.
    pub fn new(automation: Automation, state: State, seed: u64) -> Self {
        Self {
            automation,
            choice: state.choice.clone(),
            absence: Absence::default(),
            mirrors: Vec::new(),
            dormant: state.accounts.clone(),
            ended: None,
            unanswered: Vec::new(),
            saving: Saving::new(state),
            sleeps_by: None,
            quitting: Quitting::No,
            returned: Cause::LeftBehind,
            dice: Dice::new(seed),
        }
    }

    /// Takes a fact and says what is to be done about it, in this order.
    pub fn handle(&mut self, event: Event, now: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        let absent = self.absent();
        self.end_choice(now, &mut effects);
        self.take(event, now, &mut effects);
        self.end_choice(now, &mut effects);
        self.note_absence(absent, now, &mut effects);
        self.settle(now, &mut effects);
        effects
    }

    /// How long from `now` until [`Event::TimePassed`] is wanted; `None` while nothing waits for the time.
    pub fn deadline(&self, now: Moment) -> Option<Duration> {
        let plans = self.mirrors.iter().filter_map(|(_, mirror)| match mirror.plan(&self.desire(mirror), self.saving.is_on_disk(), now) {
            Plan::Rest => None,
            Plan::Now(_) => Some(now.uptime),
            Plan::At(at, _) => Some(at),
        });
        let quits_by = match self.quitting {
            Quitting::By(by) => Some(by),
            Quitting::No | Quitting::Done => None,
        };
        let waits = [self.sleeps_by, quits_by, self.saving.next_attempt()];
        let uptime = plans.chain(waits.into_iter().flatten()).min().map(|at| at.saturating_sub(now.uptime));
        let wall = self.choice.end.map(|end| end.at.duration_since(now.wall).unwrap_or_default());
        uptime.into_iter().chain(wall).min()
    }

    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    pub fn absent(&self) -> Option<Absent> {
        self.absence.current(&self.automation)
    }

    pub fn automation(&self) -> &Automation {
        &self.automation
    }

    pub fn standings(&self) -> impl Iterator<Item = (&AccountId, Standing)> {
        self.mirrors.iter().map(|(account, mirror)| (account, mirror.standing(&self.desire(mirror))))
    }

    /// Whether the last attempt to put the state on disk failed.
    pub fn is_saving_in_vain(&self) -> bool {
        self.saving.is_failing()
    }

    /// What is to be on disk.
    pub fn state(&self) -> State {
        let accounts = self.mirrors.iter().map(|(account, mirror)| (account.clone(), mirror.remembered(self.choice.wanted)));
        State { choice: self.choice.clone(), accounts: accounts.chain(self.dormant.iter().cloned()).collect() }
    }

    // Facts in

    fn end_choice(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if let Some(followed) = self.choice.ended(now.wall) {
            self.ended = Some(self.choice.wanted);
            self.choose(followed, Cause::EndReached, now, effects);
            let wanted = self.choice.wanted;
            self.each(|mirror, _| mirror.fall_due(wanted));
        }
    }

    fn take(&mut self, event: Event, now: Moment, effects: &mut Vec<Effect>) {
        match event {
            Event::Chosen { status, end } => {
                self.ended = None;
                self.choose(self.choice.by_hand(status, end), Cause::ByHand, now, effects);
                let wanted = self.choice.wanted;
                self.each(|mirror, _| mirror.chosen_by_hand(wanted, now));
            }
            Event::InputStopped { since } => self.absence.input_stopped(since),
            Event::InputResumed => {
                self.absence.input_resumed();
                self.returned = Cause::InputResumed;
            }
            Event::SessionLocked => self.absence.locked(now),
            Event::SessionUnlocked => {
                self.absence.unlocked();
                self.returned = Cause::Unlocked;
            }
            Event::SleepAnnounced => {
                self.absence.fell_asleep(now);
                self.sleeps_by = Some(now.uptime + SLEEP_WAITS);
            }
            Event::Woke => {
                self.sleeps_by = None;
                self.absence.woke();
                effects.push(Effect::WatchForReturn);
                self.each(|mirror, dice| mirror.network_changed(now, dice));
            }
            Event::NetworkChanged => self.each(|mirror, dice| mirror.network_changed(now, dice)),
            Event::ReadingAsked => self.each(|mirror, _| mirror.reading_asked(now)),
            Event::Answered { account, answer } => self.answered(&account, answer, now, effects),
            Event::AccountAdded { account, idle } => self.add(account, idle),
            Event::AccountRemoved { account } => self.remove(&account),
            Event::CredentialChanged { account, credential } => {
                if let Some(mirror) = self.mirror(&account) {
                    mirror.credential_changed(credential);
                }
            }
            Event::AutomationChanged(automation) => {
                let was_absent = self.absent().is_some();
                self.automation = automation;
                if was_absent && self.absent().is_none() {
                    self.returned = Cause::Choice;
                }
            }
            Event::Saved { revision } => self.saving.saved(revision),
            Event::SaveFailed { revision } => {
                let was_failing = self.saving.is_failing();
                self.saving.failed(revision, now.uptime);
                if self.saving.is_failing() && !was_failing {
                    record(effects, now, None, Change::NotSaved, Cause::Storage);
                }
            }
            Event::QuitAsked => {
                if self.quitting == Quitting::No {
                    self.quitting = Quitting::By(now.uptime + QUIT_WAITS);
                }
                self.each(|mirror, _| mirror.hurry());
            }
            Event::TimePassed => {}
        }
    }

    fn choose(&mut self, choice: Choice, because: Cause, now: Moment, effects: &mut Vec<Effect>) {
        self.choice = choice;
        if let Wanted::Status(status) = self.choice.wanted {
            record(effects, now, None, Change::Chosen { status, end: self.choice.end.map(|end| end.at) }, because);
        }
    }

    fn answered(&mut self, account: &AccountId, answer: Result<Answer, Failure>, now: Moment, effects: &mut Vec<Effect>) {
        let wanted = self.choice.wanted;
        let Some((_, mirror)) = self.mirrors.iter_mut().find(|(id, _)| id == account) else {
            self.unanswered.retain(|(id, _)| id != account);
            return;
        };
        let had_failed = mirror.has_failed();
        let news = mirror.answered(answer, wanted, now, &mut self.dice);
        if had_failed && !mirror.has_failed() {
            record(effects, now, Some(account), Change::Recovered, Cause::Portal);
        }
        match news {
            News::None => {}
            News::ChangedElsewhere(held) => self.adopt(account, held, now, effects),
            News::Confirmed(status) => record(effects, now, Some(account), Change::Confirmed { status }, Cause::Choice),
            News::Marked { minutes_ago } => {
                let because = self.absent().map_or(self.returned, |absent| Cause::Absence(absent.reason));
                record(effects, now, Some(account), Change::MarkedIdle { minutes_ago }, because);
            }
            News::Unmarked => {
                let because = match (self.quitting, self.absent()) {
                    (Quitting::No, None) => self.returned,
                    (Quitting::No, Some(_)) => Cause::Choice,
                    (Quitting::By(_) | Quitting::Done, _) => Cause::Quit,
                };
                record(effects, now, Some(account), Change::UnmarkedIdle, because);
            }
            News::Failed(failure) => record(effects, now, Some(account), Change::Failed(failure), Cause::Portal),
        }
    }

    /// One portal was changed elsewhere: that is the choice now, and the other portals follow.
    fn adopt(&mut self, account: &AccountId, held: Held, now: Moment, effects: &mut Vec<Effect>) {
        let because = if self.choice.wanted == Wanted::Nothing { Cause::FirstRead } else { Cause::ChangedElsewhere };
        self.ended = None;
        self.choice = Choice::adopted(&held);
        let wanted = self.choice.wanted;
        self.each(|mirror, _| mirror.owe(wanted));
        record(effects, now, Some(account), Change::Adopted { held }, because);
    }

    /// An account that is there already may only be used otherwise from now on.
    fn add(&mut self, account: AccountId, idle: IdleUse) {
        if let Some(mirror) = self.mirror(&account) {
            mirror.use_idle(idle);
            return;
        }
        let wanted = self.choice.wanted;
        let remembered = take(&mut self.dormant, &account).unwrap_or_default();
        let mut mirror = Mirror::new(remembered, idle, self.ended.unwrap_or(wanted));
        if self.ended.is_some() {
            mirror.fall_due(wanted);
        }
        if let Some(call) = take(&mut self.unanswered, &account) {
            mirror.inherit(call);
        }
        self.mirrors.push((account, mirror));
    }

    /// The last account takes the choice with it: who signs in a month later does not mean the old one.
    fn remove(&mut self, account: &AccountId) {
        let call = take(&mut self.mirrors, account).and_then(|mirror| mirror.call_in_flight());
        self.unanswered.extend(call.map(|call| (account.clone(), call)));
        self.dormant.retain(|(id, _)| id != account);
        if self.mirrors.is_empty() && self.dormant.is_empty() {
            self.choice = Choice::default();
        }
    }

    fn note_absence(&mut self, before: Option<Absent>, now: Moment, effects: &mut Vec<Effect>) {
        match (before.map(|absent| absent.reason), self.absent().map(|absent| absent.reason)) {
            (None, Some(reason)) => record(effects, now, None, Change::WentAbsent(reason), Cause::Absence(reason)),
            (Some(before), Some(reason)) if reason > before => {
                record(effects, now, None, Change::WentAbsent(reason), Cause::Absence(reason));
            }
            (Some(_), None) => {
                record(effects, now, None, Change::CameBack, self.returned);
                self.each(|mirror, dice| mirror.came_back(now, dice));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    // Difference out

    fn settle(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        for index in 0..self.mirrors.len() {
            let desire = self.desire(&self.mirrors[index].1);
            self.mirrors[index].1.intend(&desire);
        }
        let state = self.state();
        if let Some(revision) = self.saving.owed(&state, now.uptime) {
            effects.push(Effect::Save { revision, state });
        }
        for index in 0..self.mirrors.len() {
            let desire = self.desire(&self.mirrors[index].1);
            let (account, mirror) = &mut self.mirrors[index];
            if let Plan::Now(call) = mirror.plan(&desire, self.saving.is_on_disk(), now) {
                mirror.set_off(call, now);
                effects.push(Effect::Call { account: account.clone(), call });
            }
        }
        self.take_leave(now, effects);
    }

    /// Lets the machine sleep, and the app end, once nothing is worth waiting for.
    fn take_leave(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if self.sleeps_by.is_some_and(|by| self.is_ready(by, now)) {
            self.sleeps_by = None;
            effects.push(Effect::AllowSleep);
        }
        if let Quitting::By(by) = self.quitting
            && (now.uptime >= by || self.saving.is_settled() && self.is_ready(by, now))
        {
            self.quitting = Quitting::Done;
            effects.push(Effect::Exit);
        }
    }

    fn is_ready(&self, by: Duration, now: Moment) -> bool {
        let busy = |mirror: &Mirror| mirror.is_busy_until(by, &self.desire(mirror), self.saving.is_on_disk(), now);
        now.uptime >= by || !self.mirrors.iter().any(|(_, mirror)| busy(mirror))
    }

    fn desire(&self, mirror: &Mirror) -> Desire {
        let absent = self.absent();
        let reads = match (self.quitting, absent) {
            (Quitting::By(_) | Quitting::Done, _) => Reads::Never,
            (Quitting::No, Some(_)) => Reads::WhereOwed,
            (Quitting::No, None) => Reads::WhenDue,
        };
        Desire { wanted: self.choice.wanted, idle: absent.filter(|_| self.marks(mirror)), reads }
    }

    fn marks(&self, mirror: &Mirror) -> bool {
        let status = self.choice.status().or_else(|| mirror.status());
        self.quitting == Quitting::No
            && self.automation.marking == Marking::On
            && mirror.idle_use() == IdleUse::Marked
            && status.is_some_and(|status| self.automation.over.contains(&status))
    }

    fn each(&mut self, mut tell: impl FnMut(&mut Mirror, &mut Dice)) {
        self.mirrors.iter_mut().for_each(|(_, mirror)| tell(mirror, &mut self.dice));
    }

    fn mirror(&mut self, account: &AccountId) -> Option<&mut Mirror> {
        self.mirrors.iter_mut().find(|(id, _)| id == account).map(|(_, mirror)| mirror)
    }
}

fn take<T>(among: &mut Vec<(AccountId, T)>, account: &AccountId) -> Option<T> {
    let index = among.iter().position(|(id, _)| id == account)?;
    Some(among.remove(index).1)
}

fn record(effects: &mut Vec<Effect>, now: Moment, account: Option<&AccountId>, what: Change, because: Cause) {
    effects.push(Effect::Record(Entry { at: now.wall, account: account.cloned(), what, because }));
}
