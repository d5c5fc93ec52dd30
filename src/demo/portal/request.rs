//! A request as it came over the wire, read in the portal's way: the path, the query, the body.
//!
//! Pure. No multipart, no XML.

use std::collections::BTreeMap;

use serde_json::Value;

/// Named parameters, as the client wrote the names. Values of a query or a form are texts.
pub type Parameters = BTreeMap<String, Value>;

/// What a path under `/rest/` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) credential: Option<Credential>,
    /// In lower case and without `.json`; empty if the path ends before it.
    pub(super) method: String,
}

/// The two segments of a webhook.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credential {
    pub(super) user: String,
    pub(super) code: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Credential").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Target {
    /// `None` outside of `/rest/`, where a portal has its pages. Repeated and trailing slashes do not count.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty()).map(percent_decoded);
        if segments.next()? != "rest" {
            return None;
        }
        let segments: Vec<String> = segments.collect();
        let (credential, method) = match segments.as_slice() {
            [] => (None, ""),
            [method] => (None, method.as_str()),
            [user, code] => (Some((user, code)), ""),
            [user, code, method] => (Some((user, code)), method.as_str()),
            [_, _, _, ..] => return None,
        };
        let method = method.to_lowercase();
        Some(Self {
            credential: credential.map(|(user, code)| Credential { user: user.clone(), code: code.clone() }),
            method: method.strip_suffix(".json").map_or(method.clone(), str::to_owned),
        })
    }
}

/// The parameters of a request. The body of a `POST` wins over the query; of other verbs only the query counts.
pub(super) fn parameters(verb: &str, query: &str, content_type: &str, body: &[u8]) -> Parameters {
    let mut parameters = of_form(query);
    if verb == "POST" {
        parameters.extend(of_body(content_type, body));
    }
    parameters
}

fn of_body(content_type: &str, body: &[u8]) -> Parameters {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media_type == "application/json" || media_type.contains("+json") {
        of_json(body)
    } else if media_type == "application/x-www-form-urlencoded" {
        of_form(&String::from_utf8_lossy(body))
    } else {
        Parameters::new()
    }
}

/// A broken body has no parameters, and nobody is told: so does the portal.
fn of_json(body: &[u8]) -> Parameters {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => members.into_iter().collect(),
        Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) | Err(_) => Parameters::new(),
    }
}

/// `NAME=value&OTHER=value`; `NAME[]=value` is a list, as PHP reads it.
fn of_form(text: &str) -> Parameters {
    let mut parameters = Parameters::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (plus_decoded(name), Value::from(plus_decoded(value)));
        match name.split_once('[') {
            Some((list, _)) => parameters.insert(list.to_owned(), Value::Array(vec![value])),
            None => parameters.insert(name, value),
        };
    }
    parameters
}

fn plus_decoded(text: &str) -> String {
    percent_decoded(&text.replace('+', " "))
}

/// `%41` is `A`; a percent sign without two digits stands for itself.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let decoded = (first == b'%').then(|| hexadecimal(after.get(..2)?)).flatten();
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_webhook_path_names_user_code_and_method() {
        let expected = Target { credential: Some(credential("1", "abc")), method: "im.user.status.get".into() };
        for path in [
            "/rest/1/abc/im.user.status.get",
            "/rest/1/abc/im.user.status.get.json",
            "/rest/1/abc/IM.User.Status.Get",
            "/rest/1/abc/im.user.status.get/",
            "//rest//1/abc//im.user.status.get.json/",
        ] {
            assert_eq!(Target::parse(path), Some(expected.clone()), "{path}");
        }
    }

    #[test]
    fn a_path_without_a_credential_names_the_method_alone() {
        assert_eq!(Target::parse("/rest/profile"), Some(Target { credential: None, method: "profile".into() }));
        assert_eq!(Target::parse("/rest/1/abc/"), Some(Target { credential: Some(credential("1", "abc")), method: String::new() }));
    }

    #[test]
    fn a_login_name_is_decoded() {
        let target = Target::parse("/rest/ivan%40acme.example/abc/profile").unwrap();
        assert_eq!(target.credential, Some(credential("ivan@acme.example", "abc")));
    }

    #[test]
    fn pages_are_not_methods() {
        for path in ["/", "/company/personal/", "/restaurant/1/abc/profile", "/rest/1/abc/profile/more"] {
            assert_eq!(Target::parse(path), None, "{path}");
        }
    }

    #[test]
    fn every_way_of_sending_a_parameter_is_read() {
        let expected = Parameters::from([("STATUS".to_owned(), json!("dnd"))]);
        assert_eq!(parameters("GET", "STATUS=dnd", "", b""), expected);
        assert_eq!(parameters("POST", "STATUS=dnd", "", b""), expected);
        assert_eq!(parameters("POST", "", "application/json", br#"{"STATUS":"dnd"}"#), expected);
        assert_eq!(parameters("POST", "", "application/json; charset=utf-8", br#"{"STATUS":"dnd"}"#), expected);
        assert_eq!(parameters("POST", "", "application/x-www-form-urlencoded", b"STATUS=%64nd"), expected);
    }

    #[test]
    fn the_body_wins_over_the_query_but_only_in_a_post() {
        let body = br#"{"STATUS":"away"}"#;
        assert_eq!(parameters("POST", "STATUS=dnd", "application/json", body)["STATUS"], json!("away"));
        assert_eq!(parameters("PUT", "STATUS=dnd", "application/json", body)["STATUS"], json!("dnd"));
    }

    #[test]
    fn a_broken_body_is_a_body_without_parameters() {
        for body in [&b"{\"STATUS\":\"dnd\""[..], b"", b"[1]", b"\"dnd\"", b"\xff"] {
            assert_eq!(parameters("POST", "", "application/json", body), Parameters::new());
        }
        assert_eq!(parameters("POST", "", "text/plain", br#"{"STATUS":"dnd"}"#), Parameters::new());
    }

    #[test]
    fn percent_signs_without_digits_stand_for_themselves() {
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%+1%41"), "%zz%+1A");
    }

    proptest! {
        #[test]
        fn whatever_arrives_is_read_without_a_panic(path in "\\PC*", query in "[\\[\\]%&=+a-f0-9é]*", body: Vec<u8>) {
            let _ = Target::parse(&path);
            let _ = Target::parse(&format!("/rest/{path}"));
            for content_type in ["application/json", "application/x-www-form-urlencoded", &path] {
                let _ = parameters("POST", &query, content_type, &body);
            }
        }

        #[test]
        fn an_encoded_parameter_arrives_as_it_was(value in "\\PC*") {
            let encoded: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            prop_assert_eq!(&parameters("GET", &format!("X={encoded}"), "", b"")["X"], &json!(value));
        }
    }

    fn credential(user: &str, code: &str) -> Credential {
        Credential { user: user.into(), code: code.into() }
    }
}
