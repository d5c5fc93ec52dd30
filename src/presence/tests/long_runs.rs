//! Long random histories: hundreds of steps, up to three accounts, crashes, faults and clocks that jump.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::select};

use super::world::{DiskManner, HOUR, MINUTE, Manner, SECOND, World};
use crate::presence::{Ask, Credential, Event, Failure, GiveUp, Held, IdleUse, Later, Marking, OnLock, Status};

const ACCOUNTS: [&str; 3] = ["acme", "globex", "initech"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_long_history_ends_with_every_portal_at_the_choice(accounts in 1..=3_usize, steps in vec(step(), 1..400)) {
        let mut world = World::with(&ACCOUNTS[..accounts]);
        for step in steps {
            step.take(&mut world, accounts);
            world.forget();
        }
        world.converge();
        world.choose(Status::Online);
        world.run(MINUTE);
        world.check_rest(12 * HOUR);
    }
}

#[derive(Debug, Clone)]
enum Step {
    Choose(Status),
    ChooseFor(Status, Duration),
    Happen(Event),
    InputStops,
    SetClock(i64),
    Run(Duration),
    Suspend(Duration),
    Disk(DiskManner),
    FinishSave,
    Crash(Duration),
    Allow(Marking, OnLock, Vec<Status>),
    Portal(usize, PortalStep),
}

#[derive(Debug, Clone)]
enum PortalStep {
    Behave(Manner),
    TooBusyFor(Option<Duration>),
    AnswerAfter(Option<Duration>),
    AnswerNow,
    ChangeElsewhere(Held),
    Credential(Credential),
    Add(IdleUse),
    Remove,
}

impl Step {
    fn take(self, world: &mut World, accounts: usize) {
        match self {
            Self::Choose(status) => world.choose(status),
            Self::ChooseFor(status, time) => world.choose_for(status, time),
            Self::Happen(event) => world.tell(event),
            Self::InputStops => world.stop_input(),
            Self::SetClock(forward) => world.set_clock(forward),
            Self::Run(time) => world.run(time),
            Self::Suspend(time) => world.suspend(time),
            Self::Disk(manner) => world.disk.manner = manner,
            Self::FinishSave => world.finish_save(),
            Self::Crash(off) => world.crash(off),
            Self::Allow(marking, on_lock, over) => world.allow(|automation| {
                (automation.marking, automation.on_lock, automation.over) = (marking, on_lock, over);
            }),
            Self::Portal(index, step) => step.take(world, ACCOUNTS[index % accounts]),
        }
        if world.exits() > 0 {
            world.crash(SECOND);
        }
    }
}

impl PortalStep {
    fn take(self, world: &mut World, account: &str) {
        match self {
            Self::Behave(manner) => world.let_portal(account, manner),
            Self::TooBusyFor(time) => {
                let until = time.map(|time| world.now().wall + time);
                world.let_portal(account, Manner::Refuses(Failure::Later(Later::TooBusy { until })));
            }
            Self::AnswerAfter(latency) => world.portal_mut(account).latency = latency,
            Self::AnswerNow => world.answer(account),
            Self::ChangeElsewhere(held) => world.change_elsewhere(account, held),
            Self::Credential(credential) if world.portal(account).is_added => world.credential(account, credential),
            Self::Credential(_) => {}
            Self::Add(idle) => world.add(account, idle),
            Self::Remove => world.remove(account),
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => select(&Status::ALL[..]).prop_map(Step::Choose),
        2 => (select(&Status::ALL[..]), time()).prop_map(|(status, time)| Step::ChooseFor(status, time)),
        6 => happening().prop_map(Step::Happen),
        2 => Just(Step::InputStops),
        1 => (-7200..7200_i64).prop_map(Step::SetClock),
        8 => time().prop_map(Step::Run),
        1 => time().prop_map(Step::Suspend),
        1 => select(vec![DiskManner::Works, DiskManner::Works, DiskManner::Fails, DiskManner::Hangs]).prop_map(Step::Disk),
        2 => Just(Step::FinishSave),
        1 => time().prop_map(Step::Crash),
        1 => automation(),
        8 => (0..3_usize, portal_step()).prop_map(|(index, step)| Step::Portal(index, step)),
    ]
}

fn happening() -> impl Strategy<Value = Event> {
    select(vec![
        Event::InputResumed,
        Event::InputResumed,
        Event::SessionLocked,
        Event::SessionUnlocked,
        Event::SleepAnnounced,
        Event::Woke,
        Event::NetworkChanged,
        Event::ReadingAsked,
        Event::TimePassed,
        Event::QuitAsked,
        Event::Saved { revision: 0 },
        Event::SaveFailed { revision: 0 },
    ])
}

fn automation() -> impl Strategy<Value = Step> {
    let over = vec![vec![Status::Online], vec![Status::Online], vec![], vec![Status::Online, Status::Away], Status::ALL.to_vec()];
    let marking = select(vec![Marking::On, Marking::On, Marking::Off]);
    (marking, select(vec![OnLock::Mark, OnLock::Ignore]), select(over))
        .prop_map(|(marking, on_lock, over)| Step::Allow(marking, on_lock, over))
}

fn portal_step() -> impl Strategy<Value = PortalStep> {
    let credential = vec![Credential::Ready, Credential::Ready, Credential::Locked, Credential::NoKeyring, Credential::Missing];
    prop_oneof![
        4 => Just(PortalStep::Behave(Manner::Answers)),
        2 => failure().prop_map(|failure| PortalStep::Behave(Manner::Refuses(failure))),
        2 => lost().prop_map(|failure| PortalStep::Behave(Manner::Loses(failure))),
        1 => proptest::option::of(time()).prop_map(PortalStep::TooBusyFor),
        2 => proptest::option::of(time()).prop_map(PortalStep::AnswerAfter),
        4 => Just(PortalStep::AnswerNow),
        2 => held().prop_map(PortalStep::ChangeElsewhere),
        2 => select(credential).prop_map(PortalStep::Credential),
        1 => select(vec![IdleUse::Marked, IdleUse::Marked, IdleUse::LeftOut]).prop_map(PortalStep::Add),
        1 => Just(PortalStep::Remove),
    ]
}

/// The portal did nothing.
fn failure() -> impl Strategy<Value = Failure> {
    select(vec![
        Failure::Later(Later::Unreachable),
        Failure::Later(Later::NoAuthorizationServer),
        Failure::Later(Later::Closed),
        Failure::Later(Later::NoAnswer),
        Failure::Later(Later::ServerTrouble),
        Failure::Ask(Ask::CredentialRefused),
        Failure::Ask(Ask::ScopeMissing),
        Failure::Ask(Ask::UntrustedCertificate),
        Failure::GiveUp(GiveUp::OurFault { code: "X".to_owned() }),
    ])
}

/// The portal did what was asked, and nobody heard of it.
fn lost() -> impl Strategy<Value = Failure> {
    select(vec![Failure::Later(Later::NoAnswer), Failure::Later(Later::ServerTrouble), Failure::Later(Later::UnexpectedPage)])
}

fn held() -> impl Strategy<Value = Held> {
    let known: Vec<Held> = Status::ALL.into_iter().map(Held::Status).collect();
    prop_oneof![4 => select(known), 1 => Just(Held::NeverSet), 1 => Just(Held::Unfamiliar("video".to_owned()))]
}

fn time() -> impl Strategy<Value = Duration> {
    prop_oneof![
        4 => (1..2_000_u64).prop_map(Duration::from_millis),
        2 => (1..120_u64).prop_map(Duration::from_secs),
        1 => (1..120_u32).prop_map(|minutes| minutes * MINUTE),
        1 => (1..12_u32).prop_map(|hours| hours * HOUR),
    ]
}
