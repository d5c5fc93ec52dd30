//! A request that arrived, told to whoever listens. The credential is not in it.

use std::time::SystemTime;

use hyper::HeaderMap;
use serde_json::Value;

use super::{fault::Fault, model::Method, refusal::Refusal, request::Parameters};

#[derive(Debug, Clone)]
pub struct Arrival {
    /// When the whole request was read.
    pub at: SystemTime,
    /// `GET`, `POST`.
    pub verb: String,
    /// As it was asked for, in lower case; the portal may not know it ([`Arrival::known`]).
    pub method: String,
    pub parameters: Parameters,
    /// Without the header `authorization`.
    pub headers: HeaderMap,
    /// Connections are counted from 1.
    pub connection: u64,
    /// How many requests have no answer at this moment, this one included.
    pub in_flight: usize,
    pub outcome: Outcome,
}

impl Arrival {
    pub fn known(&self) -> Option<Method> {
        Method::from_word(&self.method)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What came of it, as the portal sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Answered(Value),
    Refused(Refusal),
    /// An error of the portal's own: a page instead of JSON.
    Crashed,
    /// A planned fault other than a refusal.
    Disturbed(Fault),
}
