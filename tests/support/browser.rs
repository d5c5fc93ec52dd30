//! A browser as far as a sign-in needs one: it opens an address, presses a button, and tells where it is sent.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What a server answered, whole.
#[derive(Debug)]
pub struct Shown {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Shown {
    pub fn header(&self, name: &str) -> Option<&str> {
        let line = |line: &'_ str| line.split_once(": ").filter(|(known, _)| known.eq_ignore_ascii_case(name)).is_some();
        self.head.lines().find(|text| line(text)).and_then(|line| line.split_once(": ")).map(|(_, value)| value.trim())
    }
}

/// Opens an address.
pub fn open(address: &str) -> Shown {
    let (place, path) = parts(address);
    say(&place, &format!("GET {path} HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n"))
}

/// Lets the application in, on the page at this address; where the browser is sent then.
#[track_caller]
pub fn allow(address: &str) -> String {
    let (place, path) = parts(address);
    let body = "answer=allow";
    let shown = say(
        &place,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: {place}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        ),
    );
    shown.header("location").unwrap_or_else(|| panic!("not sent anywhere: {shown:?}")).to_owned()
}

/// These bytes, and what came back.
#[track_caller]
pub fn say(place: &str, request: &str) -> Shown {
    let mut stream = TcpStream::connect(place).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // A server that is done with us may reset what we still say.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Shown { status, head: head.to_owned(), body: body.to_owned() }
}

fn parts(address: &str) -> (String, String) {
    let rest = address.strip_prefix("http://").unwrap();
    let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
    (place.to_owned(), format!("/{path}"))
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
