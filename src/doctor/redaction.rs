//! What must not be in a ticket, taken out of every text: the code of a webhook, tokens, and where the person's home is.
//!
//! Nothing that is told should hold either of them; this is for the day on which something does.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

/// What stands in the place of a secret.
const HIDDEN: &str = "…";

#[derive(Default)]
pub struct Redaction {
    home: Option<PathBuf>,
    codes: Vec<SecretString>,
}

impl Redaction {
    pub fn new(home: Option<PathBuf>) -> Self {
        // The root is in every path, and is nobody's secret.
        Self { home: home.filter(|home| home.parent().is_some()), codes: Vec::new() }
    }

    /// Hides this webhook's code, or this token, wherever it stands by itself, too.
    pub fn hide(&mut self, secret: &SecretString) {
        let code = secret.expose_secret().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if code.len() >= 4 {
            self.codes.push(code.to_owned().into());
        }
    }

    pub fn path(&self, path: &Path) -> String {
        self.text(&path.display().to_string())
    }

    pub fn text(&self, text: &str) -> String {
        let mut text = without_addresses(text);
        for code in &self.codes {
            text = text.replace(code.expose_secret(), HIDDEN);
        }
        match self.home.as_ref().and_then(|home| home.to_str()) {
            Some(home) => without_home(&text, home),
            None => text,
        }
    }
}

/// Of `…/rest/7/code/method` nothing stays behind the user.
fn without_addresses(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(place) = rest.find("/rest/") {
        let (before, address) = rest.split_at(place + "/rest/".len());
        clean.push_str(before);
        let end = address.find(|letter: char| letter.is_whitespace() || "\"'<>`“”«»,;)".contains(letter)).unwrap_or(address.len());
        let (address, after) = address.split_at(end);
        match address.split_once('/') {
            Some((user, _)) => clean.extend([user, "/", HIDDEN]),
            None => clean.push_str(address),
        }
        rest = after;
    }
    clean + rest
}

/// `/home/ivan/x` is `~/x`, and `/home/ivanov/x` is somebody else's.
fn without_home(text: &str, home: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(place) = rest.find(home) {
        let (before, after) = (&rest[..place], &rest[place + home.len()..]);
        let whole = !after.starts_with(|letter: char| letter.is_alphanumeric() || "-_.".contains(letter));
        clean.extend([before, if whole { "~" } else { home }]);
        rest = after;
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_is_a_tilde_and_only_the_own_one() {
        let redaction = Redaction::new(Some("/home/ivan".into()));
        assert_eq!(redaction.text("/home/ivan/.config, /home/ivanov/x and /home/ivan"), "~/.config, /home/ivanov/x and ~");
        assert_eq!(Redaction::new(Some("/".into())).text("/etc/x"), "/etc/x");
    }

    #[test]
    fn an_address_of_a_webhook_loses_its_code_even_if_nobody_knew_it() {
        let redaction = Redaction::default();
        assert_eq!(
            redaction.text("found \"https://acme.bitrix24.com/rest/7/a1b2c3/profile\", line 2"),
            "found \"https://acme.bitrix24.com/rest/7/…\", line 2"
        );
        assert_eq!(redaction.text("https://a/rest/1/x https://b/rest/2/y/"), "https://a/rest/1/… https://b/rest/2/…");
    }

    #[test]
    fn a_known_code_is_hidden_wherever_it_stands() {
        let mut redaction = Redaction::default();
        redaction.hide(&"https://acme.bitrix24.com/rest/7/a1b2c3/".to_owned().into());
        assert_eq!(redaction.text("the code a1b2c3 is wrong"), "the code … is wrong");
    }
}
