//! The engine without senses, for one command where no app runs. It ends with the answer.

use std::{
    io,
    time::{Duration, SystemTime},
};

use tokio::sync::oneshot;

use super::{
    accounts::Accounts,
    disk::Keeping,
    engine::{Engine, Renewal},
    picture::{self, Surroundings},
};
use crate::{
    clock,
    control::{Response, StatusReport},
    keyring::Secrets,
    presence::{AccountId, Event, Presence, Status},
    text::Texts,
};

/// What can be asked where no app runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    Read,
    Set {
        status: Status,
        until: Option<SystemTime>,
        timeout: Duration,
    },
    /// Ends the idle mark of ours that an app left on this portal.
    Leave(AccountId),
}

/// Does it, and tells what is so then. Inside a [`tokio::task::LocalSet`], and only while no app runs: both would write the state.
///
/// Nobody is asked to unlock the keyring: that it is locked is an answer.
pub async fn run_errand(errand: Errand, keeping: Keeping, secrets: Secrets, texts: &Texts) -> io::Result<StatusReport> {
    let mut engine = Engine::new(keeping, secrets);
    // Here and below: orders are for those who have senses; there are none here.
    drop(engine.adopt_accounts(Renewal::All));
    let (answer, answered) = oneshot::channel();
    match errand {
        Errand::Read => {
            drop(engine.tell(Event::ReadingAsked));
            engine.answer_when_read(answer);
        }
        Errand::Set { status, until, timeout } => {
            drop(engine.tell(Event::Chosen { status, end: until }));
            engine.answer_when_set(status, timeout, answer);
        }
        Errand::Leave(account) => {
            drop(engine.leave(account.clone()));
            engine.answer_when_left(account, answer);
        }
    }
    work_until(&mut engine, answered, texts).await?;
    engine.finish().await;
    Ok(report(&engine.presence, &engine.accounts))
}

async fn work_until(engine: &mut Engine, mut answered: oneshot::Receiver<Response>, texts: &Texts) -> io::Result<()> {
    let mut timer = clock::Timer::new()?;
    loop {
        engine.answer(report);
        let until = engine.deadline();
        tokio::select! {
            biased;
            _ = &mut answered => return Ok(()),
            outcome = engine.outcome() => drop(engine.take(outcome, texts)),
            _ = timer.wait(until) => drop(engine.tell(Event::TimePassed)),
        }
    }
}

fn report(presence: &Presence, accounts: &Accounts) -> StatusReport {
    StatusReport { pid: None, ..picture::report(presence, accounts, &Surroundings::new(None)) }
}
