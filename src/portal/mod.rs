//! Bitrix24's REST: the calls, their words, their failures, and what an account calls with. It decides nothing about when to call or to try again.

mod address_error;
mod credential;
mod failure;
mod host_name;
mod oauth;
mod pasted;
mod portal_address;
mod proxy;
mod redirect;
mod self_signed;
mod transport;
mod trust;
mod webhook;
mod wire;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::Url;
use serde_json::{Value, json};

use self::{failure::Welcome, transport::Reply, transport::Transport, wire::Envelope, wire::NotUnderstood};
use crate::presence::{AccountId, Answer, Ask, Call, Failure, Held, Later};

pub use self::{
    address_error::AddressError,
    credential::Credential,
    oauth::{Application, ApplicationError, Grant, Redirect, RedirectError, Server, Site, State, UnknownServer},
    pasted::{Pasted, pasted, pasted_portal, pasted_webhook},
    portal_address::{PortalAddress, documentation},
    proxy::proxy_of,
    transport::{Patience, USER_AGENT},
    trust::{Trust, TrustError},
    webhook::{UserPart, Webhook},
};

/// Makes the calls of one account. Cheap to make and to clone: connection and trust store come with the first call, and clones share them.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    transport: Transport,
    identity: Mutex<Identity>,
    /// When the time budget of the last good answer is free again.
    budget: Mutex<Option<SystemTime>>,
    clocks: Mutex<Option<Clocks>>,
}

struct Identity {
    credential: Credential,
    moved: bool,
    /// The portal said that its token is too old, or that it does not know it.
    refused: bool,
}

/// The user for whom a credential acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub id: u64,
    /// Empty where the portal has none.
    pub name: String,
}

/// Two clocks, read at the same time but for the way of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    pub portal: SystemTime,
    pub here: SystemTime,
}

/// What a portal says about a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodState {
    Available,
    /// It exists, and the credential does not reach it.
    ScopeMissing,
    Missing,
}

impl Client {
    /// Reads the extra CA file, nothing else.
    pub fn new(credential: &Credential, trust: &Trust) -> Result<Self, TrustError> {
        Self::with_patience(credential, trust, Patience::default())
    }

    pub fn with_patience(credential: &Credential, trust: &Trust, patience: Patience) -> Result<Self, TrustError> {
        Ok(Self::over(Transport::new(trust, patience)?, credential))
    }

    /// Trusts what the system trusts; for where the extra CA file cannot be used.
    pub fn without_extra_trust(credential: &Credential, patience: Patience) -> Self {
        Self::over(Transport::without_extra_trust(patience), credential)
    }

    fn over(transport: Transport, credential: &Credential) -> Self {
        let identity = Mutex::new(Identity { credential: credential.clone(), moved: false, refused: false });
        Self(Arc::new(Shared { transport, identity, budget: Mutex::default(), clocks: Mutex::default() }))
    }

    /// Makes the one request of a call.
    pub async fn carry_out(&self, call: Call) -> Result<Answer, Failure> {
        let value = self.ask(wire::method(call), wire::parameters(call)).await?;
        match call {
            Call::Read => Ok(Answer::Held(self.presentable(wire::held(&value)))),
            Call::Set(_) | Call::StartIdle { .. } | Call::EndIdle if wire::is_done(&value) => Ok(Answer::Done),
            Call::Set(_) | Call::StartIdle { .. } | Call::EndIdle => Err(not_rest()),
        }
    }

    /// Whose credential it is; the best test of one.
    pub async fn profile(&self) -> Result<Profile, Failure> {
        let value = self.ask("profile", json!({})).await?;
        let profile = wire::profile(&value)?.ok_or(Failure::Ask(Ask::Dismissed))?;
        Ok(Profile { name: self.printable(&profile.name), ..profile })
    }

    /// The scopes that are ticked, in lower case.
    pub async fn scopes(&self) -> Result<Vec<String>, Failure> {
        let value = self.ask("scope", json!({})).await?;
        Ok(wire::scopes(&value)?)
    }

    pub async fn has_method(&self, name: &str) -> Result<MethodState, Failure> {
        let value = self.ask("method.get", json!({ "name": name.to_ascii_lowercase() })).await?;
        Ok(wire::method_state(&value)?)
    }

    /// The portal's clock beside ours, from the last answer that showed it.
    pub fn clocks(&self) -> Option<Clocks> {
        *lock(&self.0.clocks)
    }

    /// Whether it is a clone of this one.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// What the next call leaves with.
    pub fn credential(&self) -> Credential {
        lock(&self.0.identity).credential.clone()
    }

    /// The credential for where the portal has moved, once a call has succeeded there: to be stored instead of the old one.
    pub fn moved_to(&self) -> Option<Credential> {
        let identity = lock(&self.0.identity);
        identity.moved.then(|| identity.credential.clone())
    }

    /// Whether the token is known to be too old, by its time or by the portal's word. Never so for a webhook.
    pub fn is_expired(&self) -> bool {
        let identity = lock(&self.0.identity);
        identity.refused || identity.credential.is_past(SystemTime::now())
    }

    /// Asks the authorization server for the pair that takes the place of this one. It is not used before [`Client::adopt`].
    pub async fn renew(&self, grant: &Grant) -> Result<Grant, Failure> {
        oauth::renew(&self.0.transport, grant).await
    }

    /// From now on calls leave with this one.
    pub fn adopt(&self, credential: Credential) {
        let mut identity = lock(&self.0.identity);
        let moved = identity.moved || credential.portal() != identity.credential.portal();
        *identity = Identity { credential, moved, refused: false };
    }

    /// Lets go of the connection, and of what was read from the system: its proxy and its trust store. For a wake or a change of the network, after
    /// which an old connection would swallow the next call until its time is up. A call under way is not disturbed.
    pub fn disconnect(&self) {
        self.0.transport.disconnect();
    }

    async fn ask(&self, method: &str, parameters: Value) -> Result<Value, Failure> {
        let answer = self.exchange(method, parameters).await.map_err(|failure| self.in_its_words(failure));
        match &answer {
            Ok(_) => tracing::debug!(method, "asked the portal"),
            Err(Failure::Later(_) | Failure::Ask(_)) => tracing::debug!(method, ?answer, "asked the portal in vain"),
            Err(Failure::GiveUp(reason)) => tracing::warn!(method, ?reason, "the portal does not take the request; it is not repeated"),
        }
        answer
    }

    /// One request, and one more where the portal has moved.
    async fn exchange(&self, method: &str, parameters: Value) -> Result<Value, Failure> {
        let credential = self.credential();
        let asked = credential.address_of(method).ok_or_else(not_rest)?;
        let body = credential.body(parameters);
        let reply = self.0.transport.post(asked.clone(), body.clone()).await?;
        let Some(location) = &reply.location else { return self.read(&reply) };
        let target = self.target(&asked, location)?;
        let reply = self.0.transport.post(target.clone(), body).await?;
        if let Some(location) = &reply.location {
            // One hop; the second one is looked at only to name where it leads.
            return Err(self.target(&target, location).err().unwrap_or_else(not_rest));
        }
        let value = self.read(&reply)?;
        self.follow(&target);
        Ok(value)
    }

    /// A place whose name is our own secret is nobody's portal, and is not named.
    fn target(&self, asked: &Url, location: &str) -> Result<Url, Failure> {
        redirect::target(asked, location).map_err(|failure| match failure {
            Failure::Ask(Ask::Moved { to }) if lock(&self.0.identity).credential.is_given_away_by(&to) => not_rest(),
            Failure::Later(_) | Failure::Ask(_) | Failure::GiveUp(_) => failure,
        })
    }

    fn read(&self, reply: &Reply) -> Result<Value, Failure> {
        if let Some(portal) = reply.date {
            *lock(&self.0.clocks) = Some(Clocks { portal, here: SystemTime::now() });
        }
        let welcome = Welcome { retry_after: reply.retry_after, budget: None };
        match Envelope::read(&reply.body) {
            Some(Envelope::Result { value, budget_in }) => {
                *lock(&self.0.budget) = from_now(budget_in);
                Ok(value)
            }
            Some(Envelope::Error { code, budget_in }) => {
                self.heed_age(&code);
                let budget = from_now(budget_in).or(*lock(&self.0.budget)).filter(|instant| *instant > SystemTime::now());
                Err(failure::of_code(&self.printable(&code), reply.status, Welcome { budget, ..welcome }))
            }
            None => Err(failure::of_status(reply.status, welcome)),
        }
    }

    fn follow(&self, target: &Url) {
        let mut identity = lock(&self.0.identity);
        let Some(credential) = identity.credential.moved_to(target) else { return };
        if credential.portal() != identity.credential.portal() {
            *identity = Identity { credential, moved: true, refused: false };
        }
    }

    fn heed_age(&self, code: &str) {
        let mut identity = lock(&self.0.identity);
        let of_age = ["expired_token", "invalid_token"].iter().any(|known| code.eq_ignore_ascii_case(known));
        identity.refused |= of_age && identity.credential.grant().is_some();
    }

    /// The remedy for an application is another one than that for a webhook.
    fn in_its_words(&self, failure: Failure) -> Failure {
        match (lock(&self.0.identity).credential.grant(), failure) {
            (Some(_), Failure::Ask(Ask::CredentialRefused)) => Failure::Ask(Ask::SignInExpired),
            (Some(_), Failure::Ask(Ask::ScopeMissing)) => Failure::Ask(Ask::ApplicationWithoutChat),
            (_, failure) => failure,
        }
    }

    fn presentable(&self, held: Held) -> Held {
        match held {
            Held::Unfamiliar(word) => Held::Unfamiliar(self.printable(&word)),
            Held::Status(_) | Held::NeverSet => held,
        }
    }

    /// A word that a portal made up, fit for logs and windows: short, on one line, and not our own secret sent back.
    fn printable(&self, word: &str) -> String {
        let word: String = word.chars().filter(|letter| !letter.is_control()).collect();
        // The whole word is searched before it is cut: half a secret is one, too.
        if lock(&self.0.identity).credential.is_given_away_by(&word) { "?".to_owned() } else { word.chars().take(64).collect() }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identity = lock(&self.0.identity);
        formatter.debug_struct("Client").field("credential", &identity.credential).field("moved", &identity.moved).finish_non_exhaustive()
    }
}

impl Profile {
    /// Whether the credential still acts for the one who signed in. An administrator who edits a webhook becomes its owner.
    pub fn check(&self, account: &AccountId) -> Result<(), Failure> {
        if webhook::user_of(account) == Some(self.id) { Ok(()) } else { Err(Failure::Ask(Ask::AnotherPerson)) }
    }
}

impl From<NotUnderstood> for Failure {
    fn from(_: NotUnderstood) -> Self {
        not_rest()
    }
}

/// The tokens for what the browser brought back. The code in it is used up by this, whatever comes of it.
pub async fn exchange_code(
    redirect: &Redirect,
    application: &Application,
    server: &Server,
    site: &Site,
    trust: &Trust,
) -> Result<Grant, ExchangeError> {
    let transport = Transport::new(trust, Patience::default()).map_err(ExchangeError::Trust)?;
    oauth::exchange(&transport, redirect, application, server, site).await.map_err(ExchangeError::Failure)
}

/// Why a code became no tokens.
#[derive(Debug)]
pub enum ExchangeError {
    Trust(TrustError),
    Failure(Failure),
}

/// The portal's name for what carries out a call.
pub const fn method_of(call: Call) -> &'static str {
    wire::method(call)
}

fn not_rest() -> Failure {
    Failure::Later(Later::UnexpectedPage)
}

fn from_now(wait: Option<Duration>) -> Option<SystemTime> {
    wait.map(|wait| SystemTime::now() + wait)
}

/// Nothing panics while it holds one of our locks; if it did, what is inside is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
