//! The app without its senses, for one command: the same presence, accounts and disk. No tray, no idle source, no socket, and it ends.

use std::{
    collections::VecDeque,
    io,
    time::{Duration, SystemTime},
};

use tokio::{sync::oneshot, task::JoinSet};

use super::{
    accounts::{Accounts, Called, Secrets},
    answers::{Calls, Waiting},
    disk::{Disk, Keeping},
    picture::{self, Surroundings},
    seed,
};
use crate::{
    clock,
    control::{Response, StatusReport},
    keyring::Ask,
    presence::{Effect, Event, Failure, Later, Presence, Status},
};

/// What can be asked where no app runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    Read,
    Set { status: Status, until: Option<SystemTime>, timeout: Duration },
}

/// Does it, and tells what is so then. Inside a [`tokio::task::LocalSet`], and only while no app runs: both would write the state.
pub async fn run_errand(errand: Errand, keeping: Keeping, secrets: Secrets) -> io::Result<StatusReport> {
    let mut runner = Runner::new(keeping, secrets);
    runner.sign_in().await;
    let (answer, answered) = oneshot::channel();
    match errand {
        Errand::Read => {
            runner.tell(Event::ReadingAsked);
            runner.waiting.for_reading(clock::now(), answer);
        }
        Errand::Set { status, until, timeout } => {
            runner.tell(Event::Chosen { status, end: until });
            runner.waiting.for_setting(status, timeout, clock::now(), answer);
        }
    }
    runner.work_until(answered).await?;
    runner.disk.finish().await;
    Ok(report(&runner.presence, &runner.accounts))
}

struct Runner {
    presence: Presence,
    accounts: Accounts,
    disk: Disk,
    waiting: Waiting,
    calls: JoinSet<Called>,
}

impl Runner {
    fn new(keeping: Keeping, secrets: Secrets) -> Self {
        let disk = Disk::open(keeping);
        let presence = Presence::new(disk.settings().automation.clone(), disk.state(), seed());
        Self { presence, accounts: Accounts::new(secrets), disk, waiting: Waiting::default(), calls: JoinSet::new() }
    }

    /// A command does not wait for somebody to unlock the keyring: it says that it is locked.
    async fn sign_in(&mut self) {
        let entries = self.disk.settings().accounts.clone();
        self.accounts.replace(&entries);
        for entry in entries {
            let account = entry.id;
            self.tell(Event::AccountAdded { account: account.clone(), idle: entry.idle });
            let looked = self.accounts.look_up(account.clone(), Ask::Never).await;
            if let Some(credential) = self.accounts.looked_up(looked) {
                self.tell(Event::CredentialChanged { account, credential });
            }
        }
    }

    async fn work_until(&mut self, mut answered: oneshot::Receiver<Response>) -> io::Result<()> {
        let mut timer = clock::Timer::new()?;
        loop {
            let calls = if self.calls.is_empty() { Calls::AtRest } else { Calls::UnderWay };
            self.waiting.answer(&self.presence, calls, clock::now(), || report(&self.presence, &self.accounts));
            let now = clock::now();
            let until = self.presence.deadline(now).into_iter().chain(self.waiting.deadline(now)).min();
            tokio::select! {
                biased;
                _ = &mut answered => return Ok(()),
                Some(Ok(called)) = self.calls.join_next() => {
                    // A new address of the portal is stored by the app, not by a command.
                    let (answered, _moved) = self.accounts.called(called);
                    self.tell(answered);
                }
                written = self.disk.written() => self.tell(written),
                _ = timer.wait(until) => self.tell(Event::TimePassed),
            }
        }
    }

    fn tell(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.presence.handle(event, clock::now()) {
                events.extend(self.carry_out(effect));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Call { account, call } => match self.accounts.call(&account, call) {
                Some(calling) => drop(self.calls.spawn_local(calling)),
                None => return Some(Event::Answered { account, answer: Err(Failure::Later(Later::Unreachable)) }),
            },
            Effect::Save { revision, state } => self.disk.save(revision, state),
            Effect::Record(entry) => self.disk.record(entry),
            // Nobody is watched here, and nobody waits for the end.
            Effect::WatchForReturn | Effect::AllowSleep | Effect::Exit => {}
        }
        None
    }
}

fn report(presence: &Presence, accounts: &Accounts) -> StatusReport {
    StatusReport { pid: None, ..picture::report(presence, accounts, &Surroundings::new(None)) }
}
