//! The engine without senses, for one command where no app runs. It ends with the answer.

use std::{
    io,
    time::{Duration, SystemTime},
};

use tokio::sync::oneshot;

use super::{
    accounts::{Accounts, Secrets},
    disk::Keeping,
    engine::Engine,
    picture::{self, Surroundings},
};
use crate::{
    clock,
    control::{Response, StatusReport},
    presence::{Event, Presence, Status},
    text::Texts,
};

/// What can be asked where no app runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    Read,
    Set { status: Status, until: Option<SystemTime>, timeout: Duration },
}

/// Does it, and tells what is so then. Inside a [`tokio::task::LocalSet`], and only while no app runs: both would write the state.
///
/// Nobody is asked to unlock the keyring: that it is locked is an answer.
pub async fn run_errand(errand: Errand, keeping: Keeping, secrets: Secrets, texts: &Texts) -> io::Result<StatusReport> {
    let mut engine = Engine::new(keeping, secrets);
    engine.adopt_accounts();
    let (answer, answered) = oneshot::channel();
    // Orders are for those who have senses; there are none here.
    match errand {
        Errand::Read => {
            engine.tell(Event::ReadingAsked);
            engine.answer_when_read(answer);
        }
        Errand::Set { status, until, timeout } => {
            engine.tell(Event::Chosen { status, end: until });
            engine.answer_when_set(status, timeout, answer);
        }
    }
    work_until(&mut engine, answered, texts).await?;
    engine.disk.finish().await;
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
