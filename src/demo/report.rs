//! The lines that the demo prints: what arrived at the portal and what came of it, for somebody who has never seen Bitrix24's REST.
//!
//! Nothing is printed here, and no line about a request has a secret in it: an [`Arrival`] does not have it.

use std::net::SocketAddr;

use fluent_bundle::FluentValue;
use jiff::{Timestamp, tz::TimeZone};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::portal::{Application, Arrival, Column, Fault, Holding, Method, Outcome, Step};
use crate::text::Texts;

/// What the demo is and what can be typed, for its start.
pub fn welcome(texts: &Texts) -> String {
    texts.say("demo-welcome")
}

/// Where the desktop has no tray: the rest works all the same.
pub fn without_tray(texts: &Texts) -> String {
    texts.say("demo-without-tray")
}

/// How to sign in with an application of the portal at this address.
pub fn application(address: SocketAddr, application: &Application) -> String {
    format!(
        "  b24status login --oauth http://{address} --client-id {} --client-secret -\n  client_secret  {}\n  redirect_uri   {}",
        application.client_id,
        application.client_secret.expose_secret(),
        application.redirect,
    )
}

/// One line for one request: the time in this zone, what it means, what came of it, and its words on the wire.
pub fn arrival(texts: &Texts, zone: &TimeZone, arrival: &Arrival) -> String {
    let at = Timestamp::try_from(arrival.at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    texts.say_with(
        "demo-arrival",
        &[
            ("time", at.strftime("%H:%M:%S").to_string().into()),
            ("what", what(texts, arrival).into()),
            ("outcome", outcome(texts, arrival).into()),
            ("call", on_the_wire(arrival).into()),
        ],
    )
}

/// What the portal holds now.
pub fn holding(texts: &Texts, holding: &Holding) -> String {
    let status = match &holding.status {
        Column::NoRow | Column::Null => texts.say("demo-holds-nothing"),
        Column::Word(word) => printable(word),
    };
    match holding.idle_minutes {
        None => texts.say_with("demo-holds", &[("status", status.into())]),
        Some(minutes) => texts.say_with("demo-holds-idle", &[("status", status.into()), ("minutes", minutes.into())]),
    }
}

fn what(texts: &Texts, arrival: &Arrival) -> String {
    let say = |key| texts.say(key);
    if let Some(step) = arrival.step {
        return say(match step {
            Step::Consent => "demo-what-consent",
            Step::Allow => "demo-what-allow",
            Step::Cancel => "demo-what-cancel",
            Step::Exchange => "demo-what-exchange",
            Step::Refresh => "demo-what-refresh",
        });
    }
    let Some(method) = arrival.known() else { return say("demo-what-unknown") };
    match method {
        Method::Profile => say("demo-what-profile"),
        Method::Scope => say("demo-what-scope"),
        Method::MethodGet => say("demo-what-method"),
        Method::ServerTime => say("demo-what-time"),
        Method::StatusGet => say("demo-what-get"),
        Method::StatusSet => texts.say_with("demo-what-set", &[("status", parameter(arrival, "STATUS").into())]),
        Method::IdleStart => texts.say_with("demo-what-idle-start", &[("minutes", minutes(arrival))]),
        Method::IdleEnd => say("demo-what-idle-end"),
    }
}

fn outcome(texts: &Texts, arrival: &Arrival) -> String {
    match &arrival.outcome {
        Outcome::Answered(result) => answered(texts, arrival.known(), result),
        Outcome::Refused(refusal) => {
            texts.say_with("demo-refused", &[("status", refusal.status().into()), ("code", printable(refusal.code()).into())])
        }
        Outcome::Crashed => texts.say("demo-crashed"),
        Outcome::Disturbed(fault) => texts.say(disturbed(fault)),
    }
}

fn answered(texts: &Texts, method: Option<Method>, result: &Value) -> String {
    match (method, result) {
        (Some(Method::StatusGet), Value::Bool(false) | Value::Null) => texts.say("demo-answered-never-set"),
        (_, Value::Bool(true) | Value::Number(_)) => texts.say("demo-answered-done"),
        (_, Value::String(word)) => texts.say_with("demo-answered", &[("answer", printable(word).into())]),
        (Some(Method::Profile), Value::Object(profile)) => {
            let name = |key| profile.get(key).and_then(Value::as_str).unwrap_or_default();
            texts.say_with("demo-answered", &[("answer", printable(&format!("{} {}", name("NAME"), name("LAST_NAME"))).into())])
        }
        (_, Value::Array(items)) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            texts.say_with("demo-answered", &[("answer", printable(&words.join(", ")).into())])
        }
        (_, Value::Bool(false) | Value::Null | Value::Object(_)) => texts.say("demo-answered-somehow"),
    }
}

fn disturbed(fault: &Fault) -> &'static str {
    match fault {
        Fault::ResetBefore => "demo-disturbed-reset-before",
        Fault::ResetAfter => "demo-disturbed-reset-after",
        Fault::Silence => "demo-disturbed-silence",
        Fault::Late(_) | Fault::Drip(_) => "demo-disturbed-late",
        Fault::Truncated => "demo-disturbed-truncated",
        Fault::Refused(_) | Fault::Html(_) | Fault::WrongType => "demo-disturbed-page",
        Fault::Garbage | Fault::BrokenJson | Fault::Empty | Fault::Exactly { .. } => "demo-disturbed-garbage",
        Fault::Huge => "demo-disturbed-huge",
        Fault::Redirect { .. } => "demo-disturbed-redirect",
        Fault::Result(_) => "demo-disturbed-unfamiliar",
    }
}

/// `im.user.status.set STATUS=dnd`
fn on_the_wire(arrival: &Arrival) -> String {
    let parameters = arrival.parameters.iter().map(|(name, value)| format!(" {}={}", printable(name), plain(value)));
    std::iter::once(printable(&arrival.method)).chain(parameters).collect()
}

fn minutes(arrival: &Arrival) -> FluentValue<'static> {
    let text = parameter(arrival, "AGO");
    text.parse::<u32>().map_or_else(|_| text.into(), FluentValue::from)
}

fn parameter(arrival: &Arrival, name: &str) -> String {
    arrival.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| plain(value)).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => printable(&value.to_string()),
    }
}

/// Fit for a terminal, whatever somebody sent: short, and without control characters.
pub(super) fn printable(text: &str) -> String {
    const LENGTH: usize = 60;
    let mut letters = text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
    let mut printable: String = letters.by_ref().take(LENGTH).collect();
    if letters.next().is_some() {
        printable.push('…');
    }
    printable
}

#[cfg(test)]
mod tests;
