//! What the portal holds for one person, and what it answers to each method. No socket, no clock, no faults.

use jiff::{Timestamp, tz::Offset};
use serde_json::{Value, json};

use super::{
    oauth::{Access, Holder},
    refusal::Refusal,
    request::{Credential, Parameters},
};
use crate::presence::Status;

/// The person behind the webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: u32,
    pub name: String,
    pub last_name: String,
}

/// What the portal holds for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub status: Column,
    /// The `AGO` of the idle mark, while there is one.
    pub idle_minutes: Option<u32>,
}

/// The status column of the portal's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Nobody ever wrote anything about this person: `get` answers `false`.
    NoRow,
    /// A row, and nothing in the column: `get` answers `null`.
    Null,
    /// `get` answers this word, whether it is one of the four or not.
    Word(String),
}

impl Column {
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Word(word) => Status::from_word(word),
            Self::NoRow | Self::Null => None,
        }
    }

    fn answer(&self) -> Value {
        match self {
            Self::NoRow => Value::Bool(false),
            Self::Null => Value::Null,
            Self::Word(word) => json!(word),
        }
    }
}

impl From<Status> for Column {
    fn from(status: Status) -> Self {
        Self::Word(status.word().to_owned())
    }
}

impl From<&str> for Column {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

/// The methods that this portal knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Profile,
    Scope,
    MethodGet,
    ServerTime,
    StatusGet,
    StatusSet,
    IdleStart,
    IdleEnd,
}

impl Method {
    pub const ALL: [Self; 8] =
        [Self::Profile, Self::Scope, Self::MethodGet, Self::ServerTime, Self::StatusGet, Self::StatusSet, Self::IdleStart, Self::IdleEnd];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Scope => "scope",
            Self::MethodGet => "method.get",
            Self::ServerTime => "server.time",
            Self::StatusGet => "im.user.status.get",
            Self::StatusSet => "im.user.status.set",
            Self::IdleStart => "im.user.status.idle.start",
            Self::IdleEnd => "im.user.status.idle.end",
        }
    }

    /// The inverse of [`Method::word`], in lower case as the portal compares.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.word() == word)
    }

    /// The scope that a credential needs for it.
    const fn scope(self) -> Option<&'static str> {
        match self {
            Self::Profile | Self::Scope | Self::MethodGet | Self::ServerTime => None,
            Self::StatusGet | Self::StatusSet | Self::IdleStart | Self::IdleEnd => Some("im"),
        }
    }
}

/// What a call acts with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key<'a> {
    Webhook(&'a Credential),
    Token(Access),
}

/// What comes of a request that reached the portal's code.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reply {
    Result(Value),
    Refused(Refusal),
    /// An uncaught error: HTTP 500 with a page instead of JSON.
    Crashed,
}

#[derive(Debug, Clone)]
pub(super) struct Model {
    /// The user in the webhook's path; [`Model::hand_over_to`] leaves it as it is.
    user: u32,
    code: String,
    person: Person,
    scopes: Vec<String>,
    status: Column,
    idle_minutes: Option<u32>,
}

/// What `scope` lists with `full=true`.
const ALL_SCOPES: [&str; 5] = ["im", "pull_channel", "timeman", "user", "user_brief"];
/// `idle.start` without `AGO`.
const DEFAULT_AGO: u32 = 10;
const PORTAL_OFFSET: Offset = jiff::tz::offset(1);

impl Model {
    pub(super) fn new(person: Person, code: String) -> Self {
        let scopes = vec!["im".to_owned(), "user_brief".to_owned()];
        Self { user: person.id, code, person, scopes, status: Column::NoRow, idle_minutes: None }
    }

    pub(super) fn user(&self) -> u32 {
        self.user
    }

    pub(super) fn code(&self) -> &str {
        &self.code
    }

    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.person.name, self.person.last_name)
    }

    /// For whom tokens are given out now.
    pub(super) fn holder(&self) -> Holder {
        Holder { user: self.person.id, scope: self.scopes.join(",") }
    }

    pub(super) fn holding(&self) -> Holding {
        Holding { status: self.status.clone(), idle_minutes: self.idle_minutes }
    }

    pub(super) fn change_elsewhere(&mut self, status: Column) {
        self.status = status;
        self.idle_minutes = None;
    }

    pub(super) fn forget_idle(&mut self) {
        self.idle_minutes = None;
    }

    pub(super) fn grant(&mut self, scopes: &[&str]) {
        self.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    }

    pub(super) fn hand_over_to(&mut self, person: Person) {
        self.person = person;
        self.status = Column::NoRow;
        self.idle_minutes = None;
    }

    /// The method comes before the credential, the credential before the scope: a 404 says nothing about the credential.
    pub(super) fn answer(&mut self, method: &str, key: Option<Key<'_>>, parameters: &Parameters, now: Timestamp) -> Reply {
        let Some(method) = Method::from_word(method) else { return Reply::Refused(Refusal::MethodNotFound) };
        match self.refusal(method, key) {
            Some(refusal) => Reply::Refused(refusal),
            None => self.carry_out(method, parameters, now),
        }
    }

    fn refusal(&self, method: Method, key: Option<Key<'_>>) -> Option<Refusal> {
        match key {
            None => Some(Refusal::NoCredential),
            Some(Key::Webhook(webhook)) if webhook.user != self.user.to_string() || webhook.code != self.code => {
                Some(Refusal::InvalidCredentials)
            }
            Some(Key::Token(Access::Expired(_))) => Some(Refusal::ExpiredToken),
            Some(Key::Token(Access::Spent(_) | Access::Unknown)) => Some(Refusal::InvalidToken),
            Some(Key::Webhook(_) | Key::Token(Access::Good(_))) => (!self.may(method)).then_some(Refusal::ScopeMissing),
        }
    }

    fn may(&self, method: Method) -> bool {
        method.scope().is_none_or(|needed| self.scopes.iter().any(|scope| scope == needed))
    }

    fn carry_out(&mut self, method: Method, parameters: &Parameters, now: Timestamp) -> Reply {
        match method {
            Method::Profile => Reply::Result(self.profile()),
            Method::Scope => Reply::Result(self.scope(parameters)),
            Method::MethodGet => self.method_get(parameters),
            Method::ServerTime => Reply::Result(json!(iso(now))),
            Method::StatusGet => Reply::Result(self.status.answer()),
            Method::StatusSet => self.set(parameters),
            Method::IdleStart => self.start_idle(parameters),
            Method::IdleEnd => self.end_idle(),
        }
    }

    fn profile(&self) -> Value {
        json!({
            "ID": self.person.id.to_string(),
            "ADMIN": false,
            "NAME": self.person.name,
            "LAST_NAME": self.person.last_name,
            "PERSONAL_GENDER": "",
            "TIME_ZONE": "",
        })
    }

    fn scope(&self, parameters: &Parameters) -> Value {
        match parameters.get("full") {
            Some(full) if *full == json!(true) || *full == json!("true") => json!(ALL_SCOPES),
            Some(_) | None => json!(self.scopes),
        }
    }

    /// The one parameter whose name must be in lower case.
    fn method_get(&self, parameters: &Parameters) -> Reply {
        let Some(name) = parameters.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()) else {
            return Reply::Refused(Refusal::ArgumentMissing);
        };
        let method = Method::from_word(name);
        Reply::Result(json!({
            "isExisting": method.is_some(),
            "isAvailable": method.is_some_and(|method| self.may(method)),
        }))
    }

    /// Ends the idle mark, even if the status stays the same.
    fn set(&mut self, parameters: &Parameters) -> Reply {
        let word = match ignoring_case(parameters, "STATUS") {
            Some(Value::Array(_) | Value::Object(_)) => return Reply::Crashed,
            Some(Value::String(word)) => word.as_str(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => "",
        };
        let Some(status) = Status::from_word(word) else { return Reply::Refused(Refusal::StatusUnavailable) };
        self.status = status.into();
        self.idle_minutes = None;
        Reply::Result(json!(true))
    }

    /// A mark makes a row, and the column's default is `online`.
    fn start_idle(&mut self, parameters: &Parameters) -> Reply {
        let minutes = match ignoring_case(parameters, "AGO") {
            None | Some(Value::Null) => DEFAULT_AGO,
            Some(ago) => whole_number(ago).max(1),
        };
        self.make_row();
        self.idle_minutes = Some(minutes);
        Reply::Result(json!(true))
    }

    fn end_idle(&mut self) -> Reply {
        self.make_row();
        self.idle_minutes = None;
        Reply::Result(json!(true))
    }

    fn make_row(&mut self) {
        if self.status == Column::NoRow {
            self.status = Status::Online.into();
        }
    }
}

/// An instant as the portal writes it: in its own zone, to the second.
pub(super) fn iso(instant: Timestamp) -> String {
    let local = instant.to_zoned(PORTAL_OFFSET.to_time_zone());
    local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn ignoring_case<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a Value> {
    parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// As PHP's `intval` reads it; what does not fit is cut to what does.
fn whole_number(value: &Value) -> u32 {
    let number = match value {
        Value::Number(number) => number.as_f64().unwrap_or_default(),
        Value::String(text) => leading_number(text),
        Value::Bool(yes) => f64::from(u8::from(*yes)),
        Value::Array(items) => f64::from(u8::from(!items.is_empty())),
        Value::Object(members) => f64::from(u8::from(!members.is_empty())),
        Value::Null => 0.0,
    };
    // A cast from a floating-point number saturates, and cuts the fraction.
    number as u32
}

/// `12 min` counts as 12, `soon` as 0.
fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let end = text.char_indices().find(|&(index, letter)| !(letter.is_ascii_digit() || (index == 0 && "+-".contains(letter))));
    let end = end.map_or(text.len(), |(index, _)| index);
    text[..end].parse().unwrap_or_default()
}

#[cfg(test)]
mod tests;
