//! The session on Linux: logind on the system bus, screensavers on the session bus, and signals of the kernel.
//!
//! Each source runs as a task of its own and reports facts; [`facts`] makes occurrences of them.

mod facts;
mod logind;
mod screensaver;

use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

use self::facts::{Fact, Facts};
use super::{Occurrence, signals};
use crate::bus::Bus;

/// The watch over the session. It ends, and sleep is no longer delayed, when this is dropped.
pub struct Session {
    brake: Brake,
    _tasks: JoinSet<()>,
}

/// Watches the session in which this process runs.
pub fn watch(occurrences: UnboundedSender<Occurrence>) -> Session {
    watch_on(&Bus::of_this_process(), occurrences)
}

/// Watches the session on these buses.
pub fn watch_on(bus: &Bus, occurrences: UnboundedSender<Occurrence>) -> Session {
    let teller = Teller { facts: Arc::default(), occurrences };
    let brake = Brake::default();
    let mut tasks = JoinSet::new();
    tasks.spawn(logind::follow(bus.clone(), teller.clone(), brake.clone()));
    tasks.spawn(screensaver::follow(bus.clone(), teller.clone()));
    tasks.spawn(async move {
        signals::asked_to_end().await;
        teller.learn(Fact::Ending);
    });
    Session { brake, _tasks: tasks }
}

impl Session {
    /// Lets the machine sleep that was announced to. Without an announcement nothing happens.
    pub fn allow_sleep(&self) {
        self.brake.release();
    }
}

/// Turns facts into occurrences.
#[derive(Clone)]
struct Teller {
    facts: Arc<Mutex<Facts>>,
    occurrences: UnboundedSender<Occurrence>,
}

impl Teller {
    fn learn(&self, fact: Fact) {
        tracing::debug!(?fact, "session");
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        for occurrence in facts.learn(fact) {
            // A receiver that is gone wants to know nothing.
            let _ = self.occurrences.send(occurrence);
        }
    }
}

/// logind's delay lock. The machine waits with sleeping as long as the descriptor is open, or for logind's own limit (5 s unless configured).
#[derive(Clone, Default)]
struct Brake(Arc<Mutex<BrakeState>>);

#[derive(Default)]
struct BrakeState {
    descriptor: Option<OwnedFd>,
    announced: bool,
}

impl Brake {
    fn hold(&self, descriptor: Option<OwnedFd>) {
        *self.state() = BrakeState { descriptor, announced: false };
    }

    fn is_held(&self) -> bool {
        self.state().descriptor.is_some()
    }

    fn announced(&self) {
        self.state().announced = true;
    }

    /// Only for a sleep that was announced: a late release must not cost the lock that is for the next one.
    fn release(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.announced) {
            state.descriptor = None;
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, BrakeState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
