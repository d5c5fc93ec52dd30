//! Words and JSON of Bitrix24's REST, both ways. What is on the wire is written here and nowhere else.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::presence::{Call, Held, Status};

use super::{MethodState, Profile};

/// The method that carries out a call.
pub(super) const fn method(call: Call) -> &'static str {
    match call {
        Call::Read => "im.user.status.get",
        Call::Set(_) => "im.user.status.set",
        Call::StartIdle { .. } => "im.user.status.idle.start",
        Call::EndIdle => "im.user.status.idle.end",
    }
}

/// Its parameters. A portal takes a body that it cannot read for one without parameters, and `idle.start` then means ten minutes.
pub(super) fn parameters(call: Call) -> Value {
    match call {
        Call::Read | Call::EndIdle => json!({}),
        Call::Set(status) => json!({ "STATUS": status.word() }),
        Call::StartIdle { minutes_ago } => json!({ "AGO": minutes_ago.max(1) }),
    }
}

/// A body that is an answer of REST.
#[derive(Debug, PartialEq)]
pub(super) enum Envelope {
    Result {
        value: Value,
        /// How long after this answer the time budget of the method is free again.
        budget_in: Option<Duration>,
    },
    Error {
        code: String,
        budget_in: Option<Duration>,
    },
}

impl Envelope {
    /// `None` for everything that is not REST: pages, nothing, broken or foreign JSON.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        // PHP files that were saved with a byte order mark put it before every answer of a box.
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else { return None };
        let budget_in = budget_in(&fields);
        if let Some(code) = error_code(&fields) {
            return Some(Self::Error { code, budget_in });
        }
        fields.remove("result").map(|value| Self::Result { value, budget_in })
    }
}

/// The code stands as a text, in places as a number, and in newer protocols inside an object.
fn error_code(fields: &Map<String, Value>) -> Option<String> {
    match fields.get("error")? {
        Value::Null | Value::Bool(false) => None,
        Value::String(code) => Some(code.clone()),
        Value::Object(error) => Some(error.get("code").map(text).unwrap_or_default()),
        other @ (Value::Bool(true) | Value::Number(_) | Value::Array(_)) => Some(text(other)),
    }
}

/// Both instants are on the portal's clock, which need not agree with ours: only the distance counts.
fn budget_in(fields: &Map<String, Value>) -> Option<Duration> {
    let time = fields.get("time")?;
    let reset = time.get("operating_reset_at")?.as_f64()?;
    let now = time.get("finish").or_else(|| time.get("start"))?.as_f64()?;
    // The budget is counted over ten minutes; an hour is a fault of somebody's clock.
    Duration::try_from_secs_f64(reset - now).ok().filter(|wait| *wait <= Duration::from_secs(3600))
}

/// The answer to `im.user.status.get`.
pub(super) fn held(value: &Value) -> Held {
    match value {
        Value::Null | Value::Bool(false) => Held::NeverSet,
        Value::String(word) if word.is_empty() => Held::NeverSet,
        Value::String(word) => Status::from_word(word).map_or_else(|| Held::Unfamiliar(word.clone()), Held::Status),
        odd @ (Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Held::Unfamiliar(text(odd)),
    }
}

/// The answer to every call that changes something is `true`.
pub(super) fn is_done(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// `Err` for an answer that is no profile; `Ok(None)` for the empty one, which an inactive user gets.
pub(super) fn profile(value: &Value) -> Result<Option<Profile>, NotUnderstood> {
    let fields = match value {
        Value::Object(fields) if !fields.is_empty() => fields,
        Value::Object(_) | Value::Null | Value::Bool(false) => return Ok(None),
        Value::Array(items) if items.is_empty() => return Ok(None),
        Value::Array(_) | Value::Bool(true) | Value::Number(_) | Value::String(_) => return Err(NotUnderstood),
    };
    let id = fields.get("ID").map(text).and_then(|id| id.parse().ok()).ok_or(NotUnderstood)?;
    let part = |key| fields.get(key).and_then(Value::as_str).unwrap_or_default().trim();
    Ok(Some(Profile { id, name: format!("{} {}", part("NAME"), part("LAST_NAME")).trim().to_owned() }))
}

/// PHP writes a list with gaps as an object.
pub(super) fn scopes(value: &Value) -> Result<Vec<String>, NotUnderstood> {
    let words = |items: &mut dyn Iterator<Item = &Value>| items.filter_map(Value::as_str).map(str::to_ascii_lowercase).collect();
    match value {
        Value::Array(items) => Ok(words(&mut items.iter())),
        Value::Object(fields) => Ok(words(&mut fields.values())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(NotUnderstood),
    }
}

/// The answer to `method.get`.
pub(super) fn method_state(value: &Value) -> Result<MethodState, NotUnderstood> {
    let is = |key| value.get(key).is_some_and(|flag| *flag == Value::Bool(true));
    match value {
        Value::Object(_) if is("isAvailable") => Ok(MethodState::Available),
        Value::Object(_) if is("isExisting") => Ok(MethodState::ScopeMissing),
        Value::Object(_) => Ok(MethodState::Missing),
        Value::Array(items) if items.is_empty() => Ok(MethodState::Missing),
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Err(NotUnderstood),
    }
}

/// An answer of REST, but not to the question.
#[derive(Debug, PartialEq)]
pub(super) struct NotUnderstood;

/// A value as text: texts without their quotes.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// <https://apidocs.bitrix24.com/api-reference/chats/users/index.html>; a call of `im.v2.*` would mark the person as present on an official app.
    #[test]
    fn every_call_is_one_of_the_four_methods() {
        let calls = [Call::Read, Call::Set(Status::Away), Call::StartIdle { minutes_ago: 1 }, Call::EndIdle];
        let methods = ["im.user.status.get", "im.user.status.set", "im.user.status.idle.start", "im.user.status.idle.end"];
        assert_eq!(calls.map(method), methods);
    }

    #[test]
    fn a_status_that_was_written_is_read_back() {
        for status in Status::ALL {
            assert_eq!(held(&parameters(Call::Set(status))["STATUS"]), Held::Status(status));
        }
    }

    #[test]
    fn the_wait_for_the_budget_is_counted_on_the_portals_own_clock() {
        let wait = |time: &str| match Envelope::read(format!(r#"{{"result":1,"time":{time}}}"#).as_bytes()) {
            Some(Envelope::Result { budget_in, .. }) => budget_in,
            other => panic!("{other:?}"),
        };
        let minutes = |minutes: u64| Some(Duration::from_secs(60 * minutes));
        assert_eq!(wait(r#"{"operating_reset_at":1600,"finish":1000}"#), minutes(10));
        assert_eq!(wait(r#"{"operating_reset_at":1600,"finish":1000.0,"start":990.5}"#), minutes(10));
        assert_eq!(wait(r#"{"operating_reset_at":1600,"start":1000}"#), minutes(10));
        assert_eq!(wait(r#"{"operating_reset_at":4600,"finish":1000}"#), minutes(60));
        assert_eq!(wait(r#"{"operating_reset_at":4601,"finish":1000}"#), None);
        assert_eq!(wait(r#"{"operating_reset_at":999,"finish":1000}"#), None);
        assert_eq!(wait(r#"{"operating_reset_at":1600}"#), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_stumble(bytes in any::<Vec<u8>>()) {
            let _ = Envelope::read(&bytes);
        }

        #[test]
        fn no_json_makes_a_reader_stumble(value in any_json(), error in any_json(), time in any_json()) {
            let body = json!({ "result": value, "error": error, "time": { "operating_reset_at": time, "finish": 0 } });
            prop_assert!(Envelope::read(body.to_string().as_bytes()).is_some());
            let (_, _, _, _) = (held(&value), profile(&value).is_ok(), scopes(&value).is_ok(), method_state(&value).is_ok());
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let key =
            prop_oneof![Just("ID".to_owned()), Just("NAME".to_owned()), Just("code".to_owned()), Just("isExisting".to_owned()), ".{0,4}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, move |inner| {
            let object =
                proptest::collection::btree_map(key.clone(), inner.clone(), 0..4).prop_map(|fields| fields.into_iter().collect::<Value>());
            prop_oneof![proptest::collection::vec(inner, 0..4).prop_map(Value::from), object]
        })
    }
}
