//! The way of one request from its arrival to its answer: faults, the limit, the model; and whoever listens is told.

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
    fault::{Delivery, Fault, Faults},
    model::{Method, Model, Reply},
    page::{Page, Time},
    refusal::Refusal,
    request::{self, Parameters, Target},
};

/// Locked for the length of a decision, never across an await.
pub(super) type Shared = Arc<Mutex<State>>;

pub(super) struct State {
    pub(super) model: Model,
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
    pub(super) fn new(model: Model) -> Self {
        Self {
            model,
            faults: Faults::default(),
            bucket: Some(Bucket::cloud()),
            budget_window: Duration::from_secs(600),
            in_flight: 0,
            hang_up: Arc::default(),
            listeners: Vec::new(),
        }
    }

    /// Does what a request asks for, as far as faults allow, and tells the listeners. Outside of `/rest/` is no portal, only a page.
    pub(super) fn take(&mut self, head: &Parts, body: &[u8], connection: u64) -> Delivery {
        let at = SystemTime::now();
        let Some(target) = Target::parse(head.uri.path()) else { return Delivery::Whole(Page::html(404)) };
        let parameters = parameters_of(head, body);
        let (outcome, delivery) = self.treat(&target, &parameters, path_of(head), self.time(at));
        self.tell(&Arrival {
            at,
            verb: head.method.to_string(),
            // A credential that was cut off at the wrong place must not appear as a method.
            method: target.method.replace(self.model.code(), "…"),
            parameters: without_tokens(parameters),
            headers: without_authorization(&head.headers),
            connection,
            in_flight: self.in_flight,
            outcome,
        });
        delivery
    }

    fn treat(&mut self, target: &Target, parameters: &Parameters, path: &str, time: Time) -> (Outcome, Delivery) {
        let fault = self.meet(target);
        let mut answer = || self.model.answer(&target.method, target.credential.as_ref(), parameters, time.start);
        match fault {
            Some(fault) => (disturbed(&fault), fault.delivery(|| Page::of(&answer(), time), path, time)),
            None => {
                let reply = answer();
                let page = Page::of(&reply, time);
                (undisturbed(reply), Delivery::Whole(page))
            }
        }
    }

    /// A planned fault comes first, then the limit, which stands in front of the portal's code.
    fn meet(&mut self, target: &Target) -> Option<Fault> {
        let admitted = self.bucket.as_mut().is_none_or(|bucket| bucket.admits(Instant::now()));
        let planned = self.faults.meet(Method::from_word(&target.method));
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

fn without_tokens(mut parameters: Parameters) -> Parameters {
    parameters.retain(|name, _| !["auth", "access_token"].contains(&name.to_ascii_lowercase().as_str()));
    parameters
}

fn without_authorization(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove(header::AUTHORIZATION);
    headers
}
