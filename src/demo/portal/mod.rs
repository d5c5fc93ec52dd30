//! A Bitrix24 portal for one person on 127.0.0.1, with its authorization server, and with faults on demand. No TLS, no REST v3, no `batch`.

mod server;
mod state;
mod request;
mod model;
mod oauth;
mod consent;
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
pub use oauth::{Application, Rotation, Step};
pub use refusal::Refusal;
pub use request::Parameters;

use model::Model;
use oauth::{Grants, LETTERS};
use state::{Shared, State};

use crate::text::Language;

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
        // Sixteen letters and digits, as in Bitrix24's examples. Any program of this machine can reach the port, so it must not be guessable.
        let model = Model::new(person, random(16, LETTERS)?);
        let listener = listener().await?;
        let grants = Grants::new(listener.local_addr()?, random(32, b"0123456789abcdef")?);
        Self::over(listener, State::new(model, Arc::new(Mutex::new(grants))))
    }

    /// The same portal after a move: another address, the same person, holding and credentials; this one keeps running. They share
    /// one authorization server, which stays where it is and gives out the new address.
    pub async fn start_moved(&self) -> io::Result<Self> {
        let listener = listener().await?;
        let (model, grants) = {
            let state = self.state();
            (state.model.clone(), Arc::clone(&state.grants))
        };
        lock(&grants).move_portal(listener.local_addr()?);
        Self::over(listener, State::new(model, grants))
    }

    fn over(listener: TcpListener, state: State) -> io::Result<Self> {
        let portal = Self { address: listener.local_addr()?, shared: Arc::new(Mutex::new(state)), serving: Mutex::new(None) };
        portal.serve(listener);
        Ok(portal)
    }

    fn serve(&self, listener: TcpListener) {
        let task = tokio::spawn(server::serve(listener, Arc::clone(&self.shared)));
        let previous = lock(&self.serving).replace(task);
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

    /// The scopes that are ticked for the webhook and every application from now on; at first `im` and `user_brief`.
    pub fn grant(&self, scopes: &[&str]) {
        self.state().model.grant(scopes);
    }

    /// The webhook and the tokens act for somebody else from now on. Its address stays what it is.
    pub fn hand_over_to(&self, person: Person) {
        self.state().model.hand_over_to(person);
    }

    /// An administrator makes a local application, whose browsers come back to this address.
    pub fn register(&self, name: &str, redirect: &str) -> io::Result<Application> {
        lock(&self.state().grants).register(name, redirect)
    }

    /// Every code and token that was given out is this much older. A code lasts 30 s, an access token an hour, a refresh token 180 days.
    pub fn age_tokens(&self, by: Duration) {
        lock(&self.state().grants).age(by);
    }

    /// Nobody knows the codes and tokens any more that were given out.
    pub fn forget_tokens(&self) {
        lock(&self.state().grants).forget();
    }

    /// What a refresh does from now on to the tokens before it; at first it spends them.
    pub fn rotate(&self, rotation: Rotation) {
        lock(&self.state().grants).rotate(rotation);
    }

    /// How the authorization server is called from now on (`server_domain`, `domain`, `server_endpoint`); at first by the portal's own host and port.
    pub fn name_authorization_server(&self, place: &str) {
        lock(&self.state().grants).name_server(place);
    }

    /// The language of the pages for people from now on; at first English.
    pub fn speak(&self, language: Language) {
        self.state().language = language;
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
    /// Requests outside of REST and OAuth are not among them.
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
        let task = lock(&self.serving).take();
        if let Some(task) = task {
            task.abort();
            // Aborted: there is no other end. Waiting for it closes the listener before we return.
            let _ = task.await;
        }
    }

    /// Listens again at the old address; fails if another program took the port meanwhile.
    pub async fn come_back(&self) -> io::Result<()> {
        if lock(&self.serving).is_some() {
            return Ok(());
        }
        self.serve(TcpListener::bind(self.address).await?);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.shared)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        if let Some(task) = self.serving.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn listener() -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

/// Of an alphabet whose length is a power of two.
fn random(letters: usize, alphabet: &[u8]) -> io::Result<String> {
    let mut bytes = vec![0; letters];
    ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| io::Error::other("the system has no random numbers"))?;
    Ok(bytes.iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect())
}

/// Nothing panics while it holds one of our locks; if it did, what is inside is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
