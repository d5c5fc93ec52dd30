//! The way of one request from its arrival to its answer: faults, the limit, the model or OAuth; and whoever listens is told.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use hyper::{HeaderMap, header, http::request::Parts};
use jiff::Timestamp;
use tokio::sync::{Notify, mpsc::UnboundedSender};

use super::{
    arrival::{Arrival, Outcome},
    bucket::Bucket,
    consent,
    fault::{Delivery, Errand, Fault, Faults},
    lock,
    model::{Key, Method, Model, Reply},
    oauth::{self, Access, Grants, Step},
    page::{Page, Time},
    refusal::Refusal,
    request::{self, Parameters, Target},
};
use crate::text::{Language, Texts};

/// Locked for the length of a decision, never across an await.
pub(super) type Shared = Arc<Mutex<State>>;

pub(super) struct State {
    pub(super) model: Model,
    /// Of a portal that has moved, the authorization server is still the same.
    pub(super) grants: Arc<Mutex<Grants>>,
    /// Of the pages for people.
    pub(super) language: Language,
    pub(super) faults: Faults,
    /// `None`: no limit.
    pub(super) bucket: Option<Bucket>,
    /// How long the time budget of a method counts.
    pub(super) budget_window: Duration,
    pub(super) in_flight: usize,
    /// Every connection waits for it.
    pub(super) hang_up: Arc<Notify>,
    pub(super) listeners: Vec<UnboundedSender<Arrival>>,
}

impl State {
    pub(super) fn new(model: Model, grants: Arc<Mutex<Grants>>) -> Self {
        Self {
            model,
            grants,
            language: Language::English,
            faults: Faults::default(),
            bucket: Some(Bucket::cloud()),
            budget_window: Duration::from_secs(600),
            in_flight: 0,
            hang_up: Arc::default(),
            listeners: Vec::new(),
        }
    }

    /// Does what a request asks for, as far as faults allow, and tells the listeners. Outside of REST and OAuth there is only a page.
    pub(super) fn take(&mut self, head: &Parts, body: &[u8], connection: u64) -> Delivery {
        let at = SystemTime::now();
        let time = self.time(at);
        let parameters = parameters_of(head, body);
        let (told, delivery) = if let Some(target) = Target::parse(head.uri.path()) {
            self.call(target, parameters, head, time)
        } else if let Some(step) = Step::of(head.method.as_str(), head.uri.path(), &parameters) {
            self.step(step, parameters, head, time)
        } else {
            return Delivery::Whole(Page::html(404));
        };
        self.tell(&Arrival {
            at,
            verb: head.method.to_string(),
            method: told.method,
            step: told.step,
            pair: told.pair,
            parameters: told.parameters,
            headers: without_authorization(&head.headers),
            connection,
            in_flight: self.in_flight,
            outcome: told.outcome,
        });
        delivery
    }

    fn call(&mut self, target: Target, parameters: Parameters, head: &Parts, time: Time) -> (Told, Delivery) {
        let access = token_of(head, &parameters).map(|token| lock(&self.grants).access(&token, time.start));
        let key = target.credential.as_ref().map(Key::Webhook).or(access.map(Key::Token));
        let fault = self.meet(&target);
        let mut answer = || self.model.answer(&target.method, key, &parameters, time.start);
        let (outcome, delivery) = match fault {
            Some(fault) => (disturbed(&fault), fault.delivery(|| Page::of(&answer(), time), path_of(head), time)),
            None => {
                let reply = answer();
                let page = Page::of(&reply, time);
                (undisturbed(reply), Delivery::Whole(page))
            }
        };
        let told = Told {
            // A credential that was cut off at the wrong place must not appear as a method.
            method: target.method.replace(self.model.code(), "…"),
            step: None,
            pair: access.and_then(Access::number),
            parameters: without(&["auth", "access_token"], parameters),
            outcome,
        };
        (told, delivery)
    }

    fn step(&mut self, step: Step, parameters: Parameters, head: &Parts, time: Time) -> (Told, Delivery) {
        let pair = lock(&self.grants).refreshed(&parameters);
        let fault = self.faults.meet(Errand::Step(step));
        let answer = || lock(&self.grants).take(step, &parameters, &self.model.holder(), time.start);
        let (outcome, delivery) = match fault {
            Some(fault) => (disturbed(&fault), fault.delivery(|| self.page(answer(), head).1, path_of(head), time)),
            None => {
                let (outcome, page) = self.page(answer(), head);
                (outcome, Delivery::Whole(page))
            }
        };
        let method = head.uri.path().trim_matches('/').to_owned();
        let secrets = ["client_secret", "code", "refresh_token", "state"];
        (Told { method, step: Some(step), pair, parameters: without(&secrets, parameters), outcome }, delivery)
    }

    fn page(&self, reply: oauth::Reply, head: &Parts) -> (Outcome, Page) {
        let done = Outcome::Answered(true.into());
        let texts = Texts::new(self.language);
        match reply {
            oauth::Reply::Consent(application) => {
                let portal = head.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
                let scope = self.model.holder().scope.replace(',', ", ");
                (done, consent::asking(&texts, &application, &self.model.full_name(), portal, &scope))
            }
            oauth::Reply::Cancelled => (done, consent::cancelled(&texts)),
            oauth::Reply::UnknownApplication => (Outcome::Refused(Refusal::WrongClient), consent::unknown(&texts)),
            oauth::Reply::Return(location) => (done, Page::redirect(302, location)),
            oauth::Reply::Tokens(number, answer) => (Outcome::Answered(number.into()), Page::json(200, &answer)),
            oauth::Reply::Refused(refusal) => (Outcome::Refused(refusal.clone()), Page::refusal(&refusal)),
            oauth::Reply::Crashed => (Outcome::Crashed, Page::html(500)),
        }
    }

    /// A planned fault comes first, then the limit, which stands in front of the portal's code.
    fn meet(&mut self, target: &Target) -> Option<Fault> {
        let admitted = self.bucket.as_mut().is_none_or(|bucket| bucket.admits(Instant::now()));
        let planned = self.faults.meet(Errand::Call(Method::from_word(&target.method)));
        planned.or((!admitted).then_some(Fault::Refused(Refusal::TooBusy)))
    }

    fn time(&self, at: SystemTime) -> Time {
        let start = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
        let operating_reset_at = Timestamp::try_from(at + self.budget_window).unwrap_or(start);
        Time { start, finish: start, operating_reset_at }
    }

    fn tell(&mut self, arrival: &Arrival) {
        self.listeners.retain(|listener| listener.send(arrival.clone()).is_ok());
    }
}

/// What listeners are told of a request, besides what is told of each.
struct Told {
    method: String,
    step: Option<Step>,
    pair: Option<u32>,
    parameters: Parameters,
    outcome: Outcome,
}

fn undisturbed(reply: Reply) -> Outcome {
    match reply {
        Reply::Result(result) => Outcome::Answered(result),
        Reply::Refused(refusal) => Outcome::Refused(refusal),
        Reply::Crashed => Outcome::Crashed,
    }
}

/// A planned refusal looks like any other.
fn disturbed(fault: &Fault) -> Outcome {
    match fault.refusal() {
        Some(refusal) => Outcome::Refused(refusal.clone()),
        None => Outcome::Disturbed(fault.clone()),
    }
}

fn parameters_of(head: &Parts, body: &[u8]) -> Parameters {
    let query = head.uri.query().unwrap_or_default();
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    request::parameters(head.method.as_str(), query, content_type, body)
}

/// With the query, as a redirect repeats it.
fn path_of(head: &Parts) -> &str {
    head.uri.path_and_query().map_or("/", |path| path.as_str())
}

/// The header wins over the parameters.
fn token_of(head: &Parts, parameters: &Parameters) -> Option<String> {
    let header = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    header.or_else(|| parameters.get("auth")?.as_str()).map(str::to_owned)
}

fn without(names: &[&str], mut parameters: Parameters) -> Parameters {
    parameters.retain(|name, _| !names.contains(&name.to_ascii_lowercase().as_str()));
    parameters
}

fn without_authorization(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove(header::AUTHORIZATION);
    headers
}
