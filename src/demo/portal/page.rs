//! What goes back over the wire, before any fault gets at it: status, content type, body.

use std::io;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{
    Value, json,
    ser::{CharEscape, Formatter, Serializer},
};

use super::{
    model::{Reply, iso},
    refusal::Refusal,
};

/// One answer. Bodies are bytes: some of them are not even text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) location: Option<String>,
    pub(super) body: Vec<u8>,
}

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=UTF-8";

impl Page {
    pub(super) fn of(reply: &Reply, time: Time) -> Self {
        match reply {
            Reply::Result(result) => Self::result(result, time),
            Reply::Refused(refusal) => Self::refusal(refusal),
            Reply::Crashed => Self::html(500),
        }
    }

    pub(super) fn result(result: &Value, time: Time) -> Self {
        Self::json(200, &json!({ "result": result, "time": time.value() }))
    }

    /// An error has no `time`.
    pub(super) fn refusal(refusal: &Refusal) -> Self {
        Self::json(refusal.status(), &json!({ "error": refusal.code(), "error_description": refusal.description() }))
    }

    /// A page for people, where a program expects JSON.
    pub(super) fn html(status: u16) -> Self {
        let body = format!("<!DOCTYPE html>\n<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n");
        Self { status, content_type: HTML, location: None, body: body.into_bytes() }
    }

    pub(super) fn people(html: String) -> Self {
        Self { status: 200, content_type: HTML, location: None, body: html.into_bytes() }
    }

    pub(super) fn redirect(status: u16, location: String) -> Self {
        Self { location: Some(location), ..Self::html(status) }
    }

    /// A body that claims to be JSON.
    pub(super) fn bytes(body: Vec<u8>) -> Self {
        Self { status: 200, content_type: JSON, location: None, body }
    }

    pub(super) fn called_html(self) -> Self {
        Self { content_type: HTML, ..self }
    }

    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self { status, ..Self::bytes(php_json(value)) }
    }
}

/// When the request was worked on, and until when the method's time budget counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    pub(super) start: Timestamp,
    pub(super) finish: Timestamp,
    pub(super) operating_reset_at: Timestamp,
}

impl Time {
    fn value(self) -> Value {
        let seconds = |instant: Timestamp| instant.as_millisecond() as f64 / 1000.0;
        json!({
            "start": self.start.as_second(),
            "finish": seconds(self.finish),
            "duration": seconds(self.finish) - seconds(self.start),
            "processing": 0,
            "date_start": iso(self.start),
            "date_finish": iso(self.finish),
            "operating_reset_at": self.operating_reset_at.as_second(),
            "operating": 0,
        })
    }
}

/// JSON as the portal's PHP writes it: slashes, quotes and the signs of markup are escaped, other letters are not.
fn php_json(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing a `Value` into memory has no way to fail.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, Php));
    bytes
}

struct Php;

impl Formatter for Php {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for piece in fragment.split_inclusive(['/', '<', '>', '&', '\'']) {
            let (plain, escape) = match piece.char_indices().next_back().and_then(|(at, letter)| Some((at, escape(letter)?))) {
                Some((at, escape)) => (&piece[..at], escape),
                None => (piece, ""),
            };
            writer.write_all(plain.as_bytes())?;
            writer.write_all(escape.as_bytes())?;
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::Quote => writer.write_all(br"\u0022"),
            CharEscape::ReverseSolidus => writer.write_all(br"\\"),
            CharEscape::Solidus => writer.write_all(br"\/"),
            CharEscape::Backspace => writer.write_all(br"\b"),
            CharEscape::FormFeed => writer.write_all(br"\f"),
            CharEscape::LineFeed => writer.write_all(br"\n"),
            CharEscape::CarriageReturn => writer.write_all(br"\r"),
            CharEscape::Tab => writer.write_all(br"\t"),
            CharEscape::AsciiControl(byte) => write!(writer, "\\u{byte:04x}"),
        }
    }
}

fn escape(letter: char) -> Option<&'static str> {
    match letter {
        '/' => Some(r"\/"),
        '<' => Some(r"\u003C"),
        '>' => Some(r"\u003E"),
        '&' => Some(r"\u0026"),
        '\'' => Some(r"\u0027"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_php_does() {
        let written = php_json(&json!({"a/b": "</script> & 'x' \"y\" \\ \n Иван"}));
        assert_eq!(String::from_utf8(written).unwrap(), r#"{"a\/b":"\u003C\/script\u003E \u0026 \u0027x\u0027 \u0022y\u0022 \\ \n Иван"}"#);
    }

    #[test]
    fn what_is_written_reads_back_as_the_same() {
        let value = json!({"text": "/<>&'\"\\\u{8}\u{c}\r\t\u{1}", "list": [1, 1.5, null, true], "empty": {}});
        assert_eq!(serde_json::from_slice::<Value>(&php_json(&value)).unwrap(), value);
    }

    #[test]
    fn a_result_comes_with_the_time_of_the_portal() {
        let start = Timestamp::constant(1_772_440_200, 0);
        let time = Time { start, finish: start, operating_reset_at: Timestamp::constant(1_772_440_800, 0) };
        let page = Page::result(&json!("dnd"), time);
        assert_eq!((page.status, page.content_type), (200, "application/json; charset=utf-8"));
        assert_eq!(
            serde_json::from_slice::<Value>(&page.body).unwrap(),
            json!({"result": "dnd", "time": {
                "start": 1_772_440_200, "finish": 1_772_440_200.0, "duration": 0.0, "processing": 0,
                "date_start": "2026-03-02T09:30:00+01:00", "date_finish": "2026-03-02T09:30:00+01:00",
                "operating_reset_at": 1_772_440_800, "operating": 0,
            }})
        );
    }

    #[test]
    fn an_error_has_a_code_a_description_and_no_time() {
        let page = Page::refusal(&Refusal::StatusUnavailable);
        assert_eq!(page.status, 400);
        assert_eq!(String::from_utf8(page.body).unwrap(), r#"{"error":"STATUS_ERROR","error_description":"Status is not available"}"#);
    }
}
