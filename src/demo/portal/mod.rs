//! A Bitrix24 portal for one person on 127.0.0.1, with faults on demand. No TLS, no OAuth, no REST v3, no `batch`.

mod server;
mod state;
mod request;
mod model;
mod refusal;
mod fault;
mod bucket;
mod page;
mod pieces;
mod arrival;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustls::crypto::ring;
use secrecy::SecretString;
use tokio::{
    net::TcpListener,
    sync::mpsc::{self, UnboundedReceiver},
    task::JoinHandle,
};

pub use arrival::{Arrival, Outcome};
pub use fault::{Fault, Plan};
pub use model::{Column, Holding, Method, Person};
pub use refusal::Refusal;
pub use request::Parameters;

use model::Model;
use state::{Shared, State};

/// A running portal. It ends, with every connection to it, when it is dropped.
///
/// It runs as tasks of the tokio runtime on which it was started (which needs its I/O and its clock), on no thread of its own: who
/// blocks that thread, as by waiting for a process, waits in `spawn_blocking`.
pub struct Portal {
    address: SocketAddr,
    shared: Shared,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Portal {
    /// Listens on a free port of 127.0.0.1 for the webhook of this person, with a fresh random code.
    pub async fn start(person: Person) -> io::Result<Self> {
        let code = random_code()?;
        Self::listen(State::new(Model::new(person, code))).await
    }

    /// The same portal after a move: another address, the same person, holding and credential; this one keeps running.
    pub async fn start_moved(&self) -> io::Result<Self> {
        let model = self.state().model.clone();
        Self::listen(State::new(model)).await
    }

    async fn listen(state: State) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let portal = Self { address: listener.local_addr()?, shared: Arc::new(Mutex::new(state)), serving: Mutex::new(None) };
        portal.serve(listener);
        Ok(portal)
    }

    fn serve(&self, listener: TcpListener) {
        let task = tokio::spawn(server::serve(listener, Arc::clone(&self.shared)));
        let previous = self.serving.lock().unwrap_or_else(PoisonError::into_inner).replace(task);
        if let Some(previous) = previous {
            previous.abort();
        }
    }

    /// The address to sign in with: `http://127.0.0.1:PORT/rest/USER/CODE/`. It is the secret.
    pub fn webhook(&self) -> SecretString {
        let state = self.state();
        format!("http://{}/rest/{}/{}/", self.address, state.model.user(), state.model.code()).into()
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the portal holds for the person at this moment.
    pub fn holds(&self) -> Holding {
        self.state().model.holding()
    }

    /// The person changes the status in the web or on the phone; like every change this ends the idle mark.
    pub fn change_elsewhere(&self, status: impl Into<Column>) {
        self.state().model.change_elsewhere(status.into());
    }

    /// An open messenger window takes the idle mark away.
    pub fn forget_idle(&self) {
        self.state().model.forget_idle();
    }

    /// The scopes that are ticked for the webhook from now on; at first `im` and `user_brief`.
    pub fn grant(&self, scopes: &[&str]) {
        self.state().model.grant(scopes);
    }

    /// The webhook acts for somebody else from now on. Its address stays what it is.
    pub fn hand_over_to(&self, person: Person) {
        self.state().model.hand_over_to(person);
    }

    /// Requests from now on meet this fault. Of several plans that fit a request the oldest one counts.
    pub fn fail(&self, plan: impl Into<Plan>) {
        self.state().faults.add(plan.into());
    }

    /// Ends every planned fault. What hangs already, hangs on.
    pub fn heal(&self) {
        self.state().faults.clear();
    }

    /// No answer is refused for its rate any more. At first the cloud's limit holds: 50 at once, 2 a second.
    pub fn lift_limit(&self) {
        self.state().bucket = None;
    }

    /// How far ahead `operating_reset_at` lies in the answers from now on; at first ten minutes.
    pub fn reset_budget_in(&self, window: Duration) {
        self.state().budget_window = window;
    }

    /// One [`Arrival`] for each request from now on, in order, sent when it is carried out and before its answer leaves.
    /// Requests outside of `/rest/` are not among them.
    pub fn arrivals(&self) -> UnboundedReceiver<Arrival> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.state().listeners.push(sender);
        receiver
    }

    /// Ends every open connection, in use or not, and takes new ones: what a load balancer does to idle connections.
    pub fn hang_up(&self) {
        self.state().hang_up.notify_waiters();
    }

    /// The machine of the portal is gone: connections end, new ones are refused. [`Portal::come_back`] undoes it.
    pub async fn go_down(&self) {
        let task = self.serving.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.abort();
            // Aborted: there is no other end. Waiting for it closes the listener before we return.
            let _ = task.await;
        }
    }

    /// Listens again at the old address; fails if another program took the port meanwhile.
    pub async fn come_back(&self) -> io::Result<()> {
        if self.serving.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Ok(());
        }
        self.serve(TcpListener::bind(self.address).await?);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Some(task) = self.serving.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

/// Sixteen letters and digits, as in Bitrix24's examples. Any program of this machine can reach the port, so it must not be guessable.
fn random_code() -> io::Result<String> {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bytes = [0; 16];
    ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| io::Error::other("the system has no random numbers"))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}
