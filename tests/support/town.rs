//! Portals on a thread of their own, so that a test can wait for a process while they answer it.

use std::sync::mpsc;
use std::thread;

use b24status::demo::portal::{Arrival, Method, Person, Plan, Portal};
use secrecy::ExposeSecret;
use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use super::program::LIMIT;
use super::wait::wait_for_some;

/// Where portals run. They end with it.
pub struct Town {
    runtime: Handle,
    end: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Town {
    pub fn new() -> Self {
        let (end, ended) = oneshot::channel();
        let (started, start) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            started.send(runtime.handle().clone()).unwrap();
            let _ = runtime.block_on(ended);
        });
        Self { runtime: start.recv().unwrap(), end: Some(end), thread: Some(thread) }
    }

    /// The portal of Ivan Petrov, who has the number 7 there, without a limit of requests.
    pub fn portal(&self) -> Building {
        self.portal_of(ivan())
    }

    pub fn portal_of(&self, person: Person) -> Building {
        let portal = self.runtime.block_on(Portal::start(person)).unwrap();
        portal.lift_limit();
        Building { portal, runtime: self.runtime.clone() }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        drop(self.end.take());
        let _ = self.thread.take().map(thread::JoinHandle::join);
    }
}

/// One portal. Everything that [`Portal`] can do at once, it does too.
pub struct Building {
    portal: Portal,
    runtime: Handle,
}

impl std::ops::Deref for Building {
    type Target = Portal;

    fn deref(&self) -> &Portal {
        &self.portal
    }
}

impl Building {
    /// The webhook's address.
    pub fn secret_address(&self) -> String {
        self.portal.webhook().expose_secret().to_owned()
    }

    /// The code in the webhook's address.
    pub fn code(&self) -> String {
        self.secret_address().trim_end_matches('/').rsplit('/').next().unwrap().to_owned()
    }

    /// `7@127.0.0.1:40123`
    pub fn account(&self) -> String {
        format!("7@{}", self.portal.address())
    }

    /// The machine of the portal is gone.
    pub fn down(&self) {
        self.runtime.block_on(self.portal.go_down());
    }

    pub fn up(&self) {
        self.runtime.block_on(self.portal.come_back()).unwrap();
    }

    /// This fault, and no other, from now on.
    pub fn suffers(&self, plan: impl Into<Plan>) {
        self.portal.heal();
        self.portal.fail(plan);
    }

    /// Everything that arrives from now on.
    pub fn watch(&self) -> Arrivals {
        Arrivals { incoming: self.portal.arrivals(), seen: Vec::new() }
    }

    pub fn is_marked_idle(&self) -> bool {
        self.portal.holds().idle_minutes.is_some()
    }
}

pub struct Arrivals {
    incoming: UnboundedReceiver<Arrival>,
    seen: Vec<Arrival>,
}

impl Arrivals {
    /// The methods that arrived so far.
    pub fn methods(&mut self) -> Vec<Method> {
        self.look();
        self.seen.iter().filter_map(Arrival::known).collect()
    }

    pub fn all(&mut self) -> &[Arrival] {
        self.look();
        &self.seen
    }

    /// Waits for the next call of a method, and forgets everything up to it.
    #[track_caller]
    pub fn next(&mut self, method: Method) -> Arrival {
        wait_for_some(&format!("a call of {}", method.word()), LIMIT, || {
            self.look();
            let at = self.seen.iter().position(|arrival| arrival.known() == Some(method))?;
            self.seen.drain(..=at).next_back()
        })
    }

    fn look(&mut self) {
        while let Ok(arrival) = self.incoming.try_recv() {
            self.seen.push(arrival);
        }
    }
}

pub fn ivan() -> Person {
    Person { id: 7, name: "Ivan".into(), last_name: "Petrov".into() }
}
