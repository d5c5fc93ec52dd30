//! The far side in virtual time: portals, a disk, a person and a clock. The only fake of the core's tests.
//!
//! It records the effects, and holds its own small model of what the core may do. Whatever must never happen fails the test at the very
//! effect that would do it. No clock here, no sleep.

mod portal;
mod client;

use std::{
    collections::VecDeque,
    time::{Duration, SystemTime},
};

use crate::presence::{
    AccountId, Automation, Call, Change, Choice, Credential, Effect, End, Entry, Event, Held, Idle, IdleUse, Marking, Moment, OnLock,
    Presence, Shown, Standing, State, Status, Wanted,
};

use portal::{LATENCY, UnderWay};
pub(super) use portal::{Manner, Portal};

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const MINUTE: Duration = Duration::from_mins(1);
pub(super) const HOUR: Duration = Duration::from_hours(1);

/// More waits than this within one [`World::run`] are a loop.
const MANY: usize = 20_000;

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) presence: Presence,
    pub(super) portals: Vec<Portal>,
    pub(super) disk: Disk,
    now: Moment,
    person: Person,
    automation: Automation,
    /// The choice that has to stand, by the rules and not by the core.
    meant: Choice,
    /// Counts what happens, so that it can be told what came first.
    step: u64,
    /// The step of the last choice by hand.
    chosen_at: u64,
    is_quitting: bool,
    /// At this uptime at the latest.
    exits_by: Option<Duration>,
    sleeps_by: Option<Duration>,
    recorded: Recorded,
}

/// What came out, since somebody looked.
#[derive(Debug, Clone, Default)]
struct Recorded {
    calls: Vec<(AccountId, Call)>,
    journal: Vec<Entry>,
    sleeps: usize,
    exits: usize,
    watches: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Disk {
    pub(super) manner: DiskManner,
    pub(super) holds: State,
    hanging: VecDeque<(u64, State)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum DiskManner {
    Works,
    Fails,
    /// Until [`World::finish_save`].
    Hangs,
}

/// The absences, as the product describes them.
#[derive(Debug, Clone, Default)]
struct Person {
    no_input: Option<Moment>,
    locked: Option<Moment>,
    asleep: Option<Moment>,
}

impl World {
    /// One account whose portal holds `online`; everything was read, nothing is owed.
    pub(super) fn at_rest() -> Self {
        Self::with(&["acme"])
    }

    pub(super) fn with(accounts: &[&str]) -> Self {
        let mut world = Self::empty();
        for account in accounts {
            world.sign_in(account);
        }
        world.run(MINUTE);
        world.forget();
        world
    }

    /// No account yet, nothing on disk.
    pub(super) fn empty() -> Self {
        Self::from_disk(State::default())
    }

    /// [`World::at_rest`], with its own chance.
    pub(super) fn at_rest_with(seed: u64) -> Self {
        let mut world = Self::empty();
        world.presence = Presence::new(Automation::default(), State::default(), seed);
        world.sign_in("acme");
        world.run(MINUTE);
        world
    }

    pub(super) fn from_disk(state: State) -> Self {
        let now = Moment { wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000), uptime: Duration::from_secs(5_000) };
        let automation = Automation::default();
        Self {
            presence: Presence::new(automation.clone(), state.clone(), 7),
            portals: state.accounts.iter().map(|(account, _)| Portal::new(account.clone())).collect(),
            meant: state.choice.clone(),
            disk: Disk { manner: DiskManner::Works, holds: state, hanging: VecDeque::new() },
            now,
            person: Person::default(),
            automation,
            step: 0,
            chosen_at: 0,
            is_quitting: false,
            exits_by: None,
            sleeps_by: None,
            recorded: Recorded::default(),
        }
    }

    // What a story does

    /// A new account on a portal that holds `online`, or a known one again.
    pub(super) fn sign_in(&mut self, account: &str) {
        self.add(account, IdleUse::Marked);
        self.credential(account, Credential::Ready);
    }

    pub(super) fn add(&mut self, account: &str, idle: IdleUse) {
        let account = AccountId::new(account);
        if !self.portals.iter().any(|portal| portal.account == account) {
            self.portals.push(Portal::new(account.clone()));
        }
        self.tell(Event::AccountAdded { account, idle });
    }

    pub(super) fn remove(&mut self, account: &str) {
        self.tell(Event::AccountRemoved { account: AccountId::new(account) });
    }

    pub(super) fn credential(&mut self, account: &str, credential: Credential) {
        self.tell(Event::CredentialChanged { account: AccountId::new(account), credential });
    }

    pub(super) fn choose(&mut self, status: Status) {
        self.tell(Event::Chosen { status, end: None });
    }

    pub(super) fn choose_for(&mut self, status: Status, time: Duration) {
        self.tell(Event::Chosen { status, end: Some(self.now.wall + time) });
    }

    pub(super) fn allow(&mut self, change: impl FnOnce(&mut Automation)) {
        let mut automation = self.automation.clone();
        change(&mut automation);
        self.tell(Event::AutomationChanged(automation));
    }

    /// The idle source reports that its threshold passed.
    pub(super) fn stop_input(&mut self) {
        let uptime = self.now.uptime.saturating_sub(self.automation.idle_after);
        let since = Moment { wall: self.now.wall - self.automation.idle_after, uptime };
        self.tell(Event::InputStopped { since });
    }

    /// Another program, a phone or the web sets this status.
    pub(super) fn change_elsewhere(&mut self, account: &str, held: Held) {
        self.step += 1;
        let step = self.step;
        let portal = self.portal_mut(account);
        portal.holds = held;
        portal.idle = None;
        portal.client.is_disturbed = true;
        portal.client.foreign_since = Some(step);
    }

    pub(super) fn let_portal(&mut self, account: &str, manner: Manner) {
        self.portal_mut(account).manner = manner;
    }

    /// From now on only [`World::answer`] answers.
    pub(super) fn portals_wait(&mut self) {
        for portal in &mut self.portals {
            portal.latency = None;
            portal.under_way.iter_mut().for_each(|under_way| under_way.answered_at = None);
        }
    }

    /// The call under way at this portal ends now.
    pub(super) fn answer(&mut self, account: &str) {
        let index = self.index(account);
        self.answer_at(index);
    }

    pub(super) fn finish_save(&mut self) {
        if let Some((revision, state)) = self.disk.hanging.pop_front() {
            self.disk.holds = state;
            self.tell(Event::Saved { revision });
        }
    }

    /// The clock on the wall is set.
    pub(super) fn set_clock(&mut self, forward: i64) {
        let by = Duration::from_secs(forward.unsigned_abs());
        self.now.wall = if forward < 0 { self.now.wall - by } else { self.now.wall + by };
        self.tell(Event::TimePassed);
    }

    /// The process dies, and starts again after a while with what is on disk. A call under way is carried out all the same.
    pub(super) fn crash(&mut self, off: Duration) {
        self.check_that_a_crash_leaves_no_mark();
        self.now.wall += off;
        self.now.uptime += off;
        self.disk.hanging.clear();
        let state = self.disk.holds.clone();
        let forgets = self.presence.state() != state;
        self.presence = Presence::new(self.automation.clone(), state.clone(), 11);
        self.meant = state.choice.clone();
        self.person = Person::default();
        (self.is_quitting, self.exits_by, self.sleeps_by) = (false, None, None);
        self.recorded.exits = 0;
        for portal in &mut self.portals {
            if let Some(UnderWay { call, is_orphan, .. }) = portal.under_way.take() {
                portal.carry_out(call);
                portal.idle.take_if(|_| is_orphan);
            }
            portal.outlive(&state, forgets);
        }
        self.start();
    }

    fn start(&mut self) {
        for index in 0..self.portals.len() {
            let Portal { account, idle_use, credential, is_added, .. } = self.portals[index].clone();
            if is_added {
                self.tell(Event::AccountAdded { account: account.clone(), idle: idle_use });
                self.tell(Event::CredentialChanged { account, credential });
            }
        }
    }

    /// Lets time pass: answers arrive, deadlines are met, each at its instant.
    pub(super) fn run(&mut self, time: Duration) {
        let end = self.now.uptime + time;
        for _ in 0..MANY {
            let answer = self.next_answer();
            let deadline = self.presence.deadline(self.now).map(|wait| self.now.uptime + wait);
            let Some(next) = answer.map(|(at, _)| at).into_iter().chain(deadline).min().filter(|next| *next <= end) else {
                self.pass(end);
                self.check_leave();
                return;
            };
            self.pass(next);
            match answer {
                Some((at, index)) if at == next => self.answer_at(index),
                Some(_) | None => self.tell(Event::TimePassed),
            }
        }
        panic!("the core never comes to rest: {:#?}", self.presence);
    }

    /// Up to the next instant for which the core waits, if it waits for one.
    pub(super) fn wait(&mut self) {
        if let Some(wait) = self.presence.deadline(self.now) {
            self.pass(self.now.uptime + wait);
            self.tell(Event::TimePassed);
        }
    }

    /// A moment, in which deadlines are met.
    pub(super) fn pass_a_moment(&mut self) {
        self.run(Duration::from_millis(100));
    }

    /// The machine sleeps: time passes and nobody is told.
    pub(super) fn suspend(&mut self, time: Duration) {
        self.pass(self.now.uptime + time);
    }

    fn pass(&mut self, until: Duration) {
        let time = until.saturating_sub(self.now.uptime);
        self.now.uptime += time;
        self.now.wall += time;
    }

    fn next_answer(&self) -> Option<(Duration, usize)> {
        let due = |portal: &Portal| portal.under_way.as_ref().and_then(|under_way| under_way.answered_at);
        self.portals.iter().enumerate().filter_map(|(index, portal)| Some((due(portal)?, index))).min()
    }

    // What a story looks at

    pub(super) fn now(&self) -> Moment {
        self.now
    }

    pub(super) fn portal(&self, account: &str) -> &Portal {
        &self.portals[self.index(account)]
    }

    pub(super) fn holds(&self, account: &str) -> Option<Status> {
        self.portal(account).holds.status()
    }

    pub(super) fn is_marked(&self, account: &str) -> bool {
        self.portal(account).idle.is_some()
    }

    pub(super) fn is_under_way(&self, account: &str) -> bool {
        self.portal(account).under_way.is_some()
    }

    /// The calls since the last look.
    pub(super) fn calls(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.recorded.calls).into_iter().map(|(_, call)| call).collect()
    }

    pub(super) fn calls_of(&mut self, account: &str) -> Vec<Call> {
        let (these, others) = self.recorded.calls.drain(..).partition(|(id, _)| id.as_str() == account);
        self.recorded.calls = others;
        let these: Vec<(AccountId, Call)> = these;
        these.into_iter().map(|(_, call)| call).collect()
    }

    /// What the journal was told since the last look, with the cause.
    pub(super) fn journal(&mut self) -> Vec<(Change, crate::presence::Cause)> {
        std::mem::take(&mut self.recorded.journal).into_iter().map(|entry| (entry.what, entry.because)).collect()
    }

    pub(super) fn forget(&mut self) {
        self.recorded = Recorded { exits: self.recorded.exits, ..Recorded::default() };
    }

    pub(super) fn sleeps(&self) -> usize {
        self.recorded.sleeps
    }

    pub(super) fn exits(&self) -> usize {
        self.recorded.exits
    }

    pub(super) fn watches(&self) -> usize {
        self.recorded.watches
    }

    pub(super) fn is_locked(&self) -> bool {
        self.person.locked.is_some()
    }

    pub(super) fn is_asleep(&self) -> bool {
        self.person.asleep.is_some()
    }

    pub(super) fn has_input(&self) -> bool {
        self.person.no_input.is_none()
    }

    pub(super) fn is_quitting(&self) -> bool {
        self.is_quitting
    }

    pub(super) fn standing(&self, account: &str) -> Standing {
        self.presence.standings().find(|(id, _)| id.as_str() == account).expect("a known account").1
    }

    // The one way in

    pub(super) fn tell(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            self.note(&event);
            self.note_end();
            let effects = self.presence.handle(event, self.now);
            self.check_absence();
            for effect in effects {
                events.extend(self.carry_out(effect));
            }
            assert_eq!(*self.presence.choice(), self.meant, "the choice is not the one that was meant");
            self.check_deadline();
            self.check_leave();
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Call { account, call } => self.set_off(&account, call),
            Effect::Save { revision, state } => return self.save(revision, state),
            Effect::Record(entry) => self.record(entry),
            Effect::WatchForReturn => self.recorded.watches += 1,
            Effect::AllowSleep => {
                assert!(self.sleeps_by.take().is_some(), "sleep without being asked");
                self.recorded.sleeps += 1;
            }
            Effect::Exit => {
                assert!(self.is_quitting, "exit without being asked");
                self.recorded.exits += 1;
                assert_eq!(self.recorded.exits, 1, "exit twice");
                self.exits_by = None;
            }
        }
        None
    }

    fn save(&mut self, revision: u64, state: State) -> Option<Event> {
        match self.disk.manner {
            DiskManner::Works if self.disk.hanging.is_empty() => {
                self.disk.holds = state;
                Some(Event::Saved { revision })
            }
            DiskManner::Fails => Some(Event::SaveFailed { revision }),
            DiskManner::Works | DiskManner::Hangs => {
                self.disk.hanging.push_back((revision, state));
                None
            }
        }
    }

    fn record(&mut self, entry: Entry) {
        if let (Change::Adopted { held }, Some(account)) = (&entry.what, &entry.account) {
            self.adopt(account, held);
        }
        assert_eq!(entry.at, self.now.wall);
        self.recorded.journal.push(entry);
    }

    fn adopt(&mut self, account: &AccountId, held: &Held) {
        let client = &self.portal(account.as_str()).client;
        if let Wanted::Status(_) = self.meant.wanted {
            let since = client.foreign_since;
            assert!(since.is_some() || client.is_amnesic, "a write of our own was taken for a change elsewhere");
            assert!(
                since.is_none_or(|since| since > self.chosen_at) || client.is_amnesic,
                "a choice was lost to a change that was made before it"
            );
        }
        self.portal_mut(account.as_str()).client.is_unconfirmed = false;
        self.meant = Choice { wanted: held.status().map_or(Wanted::AsItIs, Wanted::Status), end: None };
    }

    fn answer_at(&mut self, index: usize) {
        let now = self.now;
        let portal = &mut self.portals[index];
        if let Some(UnderWay { call, is_orphan, .. }) = portal.under_way.take() {
            let answer = portal.respond(call);
            portal.client.hear(call, &answer, now, self.meant.wanted);
            portal.idle.take_if(|_| is_orphan);
            let account = portal.account.clone();
            self.tell(Event::Answered { account, answer });
        }
    }

    // The model

    fn note(&mut self, event: &Event) {
        self.step += 1;
        self.note_end();
        let was_absent = self.absent_since().is_some();
        match event {
            Event::Chosen { status, end } => self.note_choice(*status, *end),
            Event::InputStopped { since } => {
                let known = self.person.no_input.filter(|known| known.uptime < since.uptime);
                self.person.no_input = known.or(Some(*since));
            }
            Event::InputResumed => self.person.no_input = None,
            Event::SessionLocked => _ = self.person.locked.get_or_insert(self.now),
            Event::SessionUnlocked => (self.person.locked, self.person.no_input) = (None, None),
            Event::SleepAnnounced => {
                self.person.asleep.get_or_insert(self.now);
                self.sleeps_by = Some(self.now.uptime + SECOND);
            }
            Event::Woke => {
                self.sleeps_by = None;
                if let Some(asleep) = self.person.asleep.take() {
                    self.person.no_input.get_or_insert(asleep);
                }
            }
            Event::AccountAdded { account, idle } => {
                let state = self.disk.holds.clone();
                let portal = self.portal_mut(account.as_str());
                if !portal.is_added {
                    portal.outlive(&state, false);
                }
                (portal.is_added, portal.idle_use) = (true, *idle);
            }
            Event::AccountRemoved { account } => {
                let portal = self.portal_mut(account.as_str());
                (portal.is_added, portal.credential) = (false, Credential::Awaited);
                portal.idle = None;
                portal.under_way.iter_mut().for_each(|under_way| under_way.is_orphan = true);
                if self.presence.state().accounts.iter().all(|(other, _)| other == account) {
                    self.meant = Choice::default();
                }
            }
            Event::CredentialChanged { account, credential } => {
                let portal = self.portal_mut(account.as_str());
                portal.credential = *credential;
                portal.client.knows.take_if(|_| *credential == Credential::Ready);
            }
            Event::AutomationChanged(automation) => self.automation = automation.clone(),
            Event::QuitAsked if self.is_quitting => {}
            Event::QuitAsked => {
                self.is_quitting = true;
                self.exits_by = Some(self.now.uptime + 2 * SECOND);
            }
            Event::Answered { .. }
            | Event::NetworkChanged
            | Event::ReadingAsked
            | Event::Saved { .. }
            | Event::SaveFailed { .. }
            | Event::TimePassed => {}
        }
        if was_absent && self.absent_since().is_none() {
            self.portals.iter_mut().for_each(|portal| portal.client.is_marked_in_this_absence = false);
        }
    }

    fn note_end(&mut self) {
        if let Some(end) = self.meant.end.filter(|end| end.at <= self.now.wall) {
            self.meant = Choice { wanted: Wanted::Status(end.then), end: None };
        }
    }

    fn note_choice(&mut self, status: Status, end: Option<SystemTime>) {
        let before = self.meant.end.map_or(self.meant.status().unwrap_or(Status::Online), |end| end.then);
        self.meant = Choice { wanted: Wanted::Status(status), end: end.map(|at| End { at, then: before }) };
        self.chosen_at = self.step;
        self.portals.iter_mut().for_each(|portal| portal.client.is_unconfirmed = true);
    }

    fn absent_since(&self) -> Option<Duration> {
        let Person { no_input, locked, asleep } = &self.person;
        let locked = locked.filter(|_| self.automation.on_lock == OnLock::Mark);
        [*no_input, locked, *asleep].into_iter().flatten().map(|since| since.uptime).min()
    }

    // What must never happen

    fn set_off(&mut self, account: &AccountId, call: Call) {
        let index = self.index(account.as_str());
        let portal = &self.portals[index];
        assert!(portal.is_added, "{call:?} for an account that was removed");
        assert!(portal.under_way.is_none(), "two calls in flight: {:?} and {call:?}", portal.under_way);
        assert_eq!(portal.credential, Credential::Ready, "{call:?} without a credential");
        assert!(portal.client.cool_until <= self.now.uptime, "{call:?} in a cool-down");
        match call {
            Call::Read => self.check_read(portal),
            Call::Set(status) => self.check_set(portal, status),
            Call::StartIdle { minutes_ago } => self.check_start(portal, minutes_ago),
            Call::EndIdle => assert!(portal.client.is_marked, "idle.end without an idle.start of ours"),
        }
        let now = self.now.uptime;
        let portal = &mut self.portals[index];
        portal.client.leave(call, now);
        portal.under_way = Some(UnderWay { call, answered_at: portal.latency.map(|latency| now + latency), is_orphan: false });
        self.recorded.calls.push((account.clone(), call));
    }

    fn check_read(&self, portal: &Portal) {
        assert!(!self.is_quitting, "a read while the app ends");
        let client = &portal.client;
        let is_owed = !client.agrees_with(self.meant.wanted) || client.is_unconfirmed;
        assert!(is_owed || self.absent_since().is_none(), "a read while nobody is there and nothing is owed");
    }

    fn check_set(&self, portal: &Portal, status: Status) {
        assert!(!self.is_quitting, "a status while the app ends");
        assert_eq!(self.meant.wanted, Wanted::Status(status), "a status that nobody means");
        let known = portal.client.knows.as_ref();
        assert!(known.is_some(), "a write that was not preceded by a read");
        assert_ne!(known.and_then(Held::status), Some(status), "a write of what the portal is known to hold");
        if !portal.client.is_disturbed {
            assert_ne!(portal.holds.status(), Some(status), "a write of what the portal holds");
        }
    }

    fn check_start(&self, portal: &Portal, minutes_ago: u32) {
        assert!(!self.is_quitting, "a new mark while the app ends");
        assert_eq!(self.automation.marking, Marking::On);
        assert_eq!(portal.idle_use, IdleUse::Marked, "a mark on an account that is left out");
        let since = self.absent_since().expect("idle.start while somebody is there");
        let minutes = self.now.uptime.saturating_sub(since).as_secs() / 60;
        assert_eq!(u64::from(minutes_ago), minutes.max(1));
        let status = portal.client.knows.as_ref().expect("a mark over something unknown").status();
        assert!(status.is_some_and(|status| self.automation.over.contains(&status)), "a mark over {status:?}");
        assert!(self.meant.status().is_none_or(|meant| Some(meant) == status), "a mark before the status");
        let on_disk = self.disk.holds.accounts.iter().find(|(id, _)| *id == portal.account);
        assert!(on_disk.is_some_and(|(_, remembered)| remembered.marked), "a mark that is not on disk");
        assert!(!portal.client.is_marked_in_this_absence, "a second mark in one absence");
    }

    fn check_that_a_crash_leaves_no_mark(&self) {
        for portal in &self.portals {
            let starts = portal.under_way.as_ref().is_some_and(|under_way| matches!(under_way.call, Call::StartIdle { .. }));
            let on_disk = self.disk.holds.accounts.iter().any(|(id, remembered)| *id == portal.account && remembered.marked);
            let may_stand = portal.idle.is_some() || starts;
            assert!(!may_stand || on_disk || !portal.is_added, "a crash here would leave the person marked");
        }
    }

    fn check_absence(&self) {
        let absent = self.presence.absent();
        assert_eq!(absent.map(|absent| absent.since.uptime), self.absent_since(), "absent: {absent:?}, the person: {:?}", self.person);
    }

    fn check_leave(&self) {
        let is_late = |by: Option<Duration>| by.is_some_and(|by| by <= self.now.uptime);
        assert!(!is_late(self.sleeps_by), "the machine still waits for leave to sleep");
        assert!(!is_late(self.exits_by), "the app still runs");
    }

    /// A deadline of zero is a wish to be called at once, so it must lead to something.
    fn check_deadline(&self) {
        if self.presence.deadline(self.now) == Some(Duration::ZERO) {
            let mut next = self.presence.clone();
            let effects = next.handle(Event::TimePassed, self.now);
            assert!(!effects.is_empty() || next.deadline(self.now) != Some(Duration::ZERO), "a busy loop: {:#?}", self.presence);
        }
    }

    /// The person is back, everything works again, and the time that every retry may take goes by.
    pub(super) fn converge(&mut self) {
        if self.is_quitting {
            self.crash(SECOND);
        }
        self.recover();
        for time in [10 * SECOND, 5 * MINUTE, 3 * HOUR] {
            self.run(time);
            if self.has_converged() {
                break;
            }
        }
        self.check_converged();
    }

    /// Nothing is owed to anybody, and nothing waits to be noticed.
    fn has_converged(&self) -> bool {
        let is_well = |portal: &Portal| {
            let standing = self.standing(portal.account.as_str());
            standing.status == Shown::Confirmed(portal.holds.clone()) && standing.idle == Idle::Unmarked
        };
        !self.presence.is_saving_in_vain() && self.portals.iter().filter(|portal| portal.is_added).all(is_well)
    }

    fn recover(&mut self) {
        self.disk.manner = DiskManner::Works;
        while !self.disk.hanging.is_empty() {
            self.finish_save();
        }
        for index in 0..self.portals.len() {
            let portal = &mut self.portals[index];
            portal.manner = Manner::Answers;
            portal.latency = Some(LATENCY);
            if let Some(under_way) = &mut portal.under_way {
                under_way.answered_at = Some(self.now.uptime + LATENCY);
            }
        }
        self.run(SECOND);
        for event in [Event::Woke, Event::SessionUnlocked, Event::InputResumed, Event::NetworkChanged] {
            self.tell(event);
        }
        let added: Vec<AccountId> = self.portals.iter().filter(|portal| portal.is_added).map(|portal| portal.account.clone()).collect();
        for account in added {
            self.tell(Event::CredentialChanged { account, credential: Credential::Ready });
        }
    }

    fn check_converged(&self) {
        for portal in self.portals.iter().filter(|portal| portal.is_added) {
            if let Wanted::Status(status) = self.meant.wanted {
                assert_eq!(portal.holds.status(), Some(status), "{} does not hold the choice", portal.account);
            }
            assert_eq!(portal.idle, None, "{} is still marked idle", portal.account);
            let standing = self.standing(portal.account.as_str());
            assert_eq!(standing.status, Shown::Confirmed(portal.holds.clone()));
            assert_eq!(standing.idle, Idle::Unmarked);
        }
        assert_eq!(self.disk.holds, self.presence.state(), "the disk is behind");
        assert!(!self.presence.is_saving_in_vain());
    }

    /// Nothing happens for this long: four reads an hour at most, no writes.
    pub(super) fn check_rest(&mut self, time: Duration) {
        let writes = |world: &Self| world.portals.iter().map(|portal| portal.client.writes.len()).sum::<usize>();
        let before = writes(self);
        self.portals.iter_mut().for_each(|portal| portal.client.reads.clear());
        self.run(time);
        assert_eq!(writes(self), before, "a write at rest");
        for portal in &self.portals {
            let hours = portal.client.reads.windows(5).map(|five| five[4] - five[0]);
            assert!(hours.min().is_none_or(|five| five >= HOUR), "more than four reads in an hour at rest");
        }
    }

    fn index(&self, account: &str) -> usize {
        self.portals.iter().position(|portal| portal.account.as_str() == account).expect("a known portal")
    }

    pub(super) fn portal_mut(&mut self, account: &str) -> &mut Portal {
        let index = self.index(account);
        &mut self.portals[index]
    }
}
