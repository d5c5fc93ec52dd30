//! A request that arrived, told to whoever listens. No credential is in it: of tokens there is the number.

use std::time::SystemTime;

use hyper::HeaderMap;
use serde_json::Value;

use super::{fault::Fault, model::Method, oauth::Step, refusal::Refusal, request::Parameters};

#[derive(Debug, Clone)]
pub struct Arrival {
    /// When the whole request was read.
    pub at: SystemTime,
    /// `GET`, `POST`.
    pub verb: String,
    /// As it was asked for, in lower case; the portal may not know it ([`Arrival::known`]). Of a step the path: `oauth/token`.
    pub method: String,
    /// `None`: REST.
    pub step: Option<Step>,
    /// Which pair of tokens was used, for a call or for a refresh, whether it was still good or not. Pairs are counted from 1 as they are given out.
    pub pair: Option<u32>,
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
    /// For tokens that are given out it is the number of their pair.
    Answered(Value),
    Refused(Refusal),
    /// An error of the portal's own: a page instead of JSON.
    Crashed,
    /// A planned fault other than a refusal.
    Disturbed(Fault),
}
