//! A portal as somebody names it who signs in with the browser: `acme.bitrix24.com`, or the address of any page of it.

use std::{error, fmt};

use reqwest::Url;

use super::{Application, State};
use crate::{
    portal::webhook::{is_loopback, place},
    text::Texts,
};

/// Where the pages of a portal are. Not secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    origin: Url,
    portal: String,
}

impl Site {
    /// Without a scheme it is https; of an address only host and port count.
    pub fn parse(text: &str) -> Result<Self, SiteError> {
        let visible =
            |letter: &char| !letter.is_control() && !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let text: String = text.chars().filter(visible).collect();
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || "\"'`<>(){}«»„“”‘’,;".contains(letter)).trim_end_matches('.');
        if text.is_empty() {
            return Err(SiteError::Empty);
        }
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let address = Url::parse(&whole).map_err(|_| SiteError::NotAnAddress)?;
        Self::of(&address)
    }

    fn of(address: &Url) -> Result<Self, SiteError> {
        let nobody = address.username().is_empty() && address.password().is_none();
        if !matches!(address.scheme(), "https" | "http") || !nobody {
            return Err(SiteError::NotAnAddress);
        }
        if address.scheme() == "http" && !is_loopback(address) {
            return Err(SiteError::PlainHttp);
        }
        let host = address.host_str().unwrap_or_default().trim_end_matches('.');
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(SiteError::NotAnAddress);
        }
        let mut origin = Url::parse(&address.origin().ascii_serialization()).map_err(|_| SiteError::NotAnAddress)?;
        origin.set_host(Some(host)).map_err(|_| SiteError::NotAnAddress)?;
        let portal = place(&origin);
        Ok(Self { origin, portal })
    }

    /// Host, and the port if it is not the usual one.
    pub fn portal(&self) -> &str {
        &self.portal
    }

    /// What the browser opens. The return address, the scopes and the kind of answer are fixed in the application's card.
    ///
    /// <https://apidocs.bitrix24.com/settings/oauth/index.html>
    pub fn authorize_address(&self, application: &Application, state: &State) -> String {
        let mut address = self.origin.clone();
        address.set_path("/oauth/authorize/");
        address.query_pairs_mut().append_pair("client_id", application.id()).append_pair("state", state.text());
        address.into()
    }

    /// Where calls go as a rule; the authorization server knows better.
    pub(super) fn endpoint(&self) -> String {
        format!("{}rest/", self.origin)
    }

    pub(super) fn host(&self) -> &str {
        self.origin.host_str().unwrap_or_default()
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.origin)
    }

    /// Whether a domain that somebody names is this portal; its port is not told everywhere.
    pub(super) fn is_at(&self, domain: &str) -> bool {
        let named = Url::parse(&format!("https://{domain}")).ok();
        named.and_then(|named| named.host_str().map(|host| host == self.host())).unwrap_or(false)
    }
}

/// Why a text names no portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteError {
    Empty,
    PlainHttp,
    NotAnAddress,
}

impl SiteError {
    pub const ALL: [Self; 3] = [Self::Empty, Self::PlainHttp, Self::NotAnAddress];

    /// One or two sentences with the remedy.
    pub fn say(self, texts: &Texts) -> String {
        texts.say(match self {
            Self::Empty => "site-empty",
            Self::PlainHttp => "site-plain-http",
            Self::NotAnAddress => "site-not-an-address",
        })
    }
}

impl fmt::Display for SiteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not the address of a portal")
    }
}

impl error::Error for SiteError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn whatever_is_pasted_of_a_portal_it_is_the_same_portal() {
        for pasted in [
            "acme.bitrix24.com",
            " https://acme.bitrix24.com/ \n",
            "<https://acme.bitrix24.com/company/personal/user/7/?IFRAME=Y>,",
            "ACME.Bitrix24.com.",
            "https://acme.bitrix24.com:443",
            "acme.bitrix24.com/stream/",
        ] {
            assert_eq!(Site::parse(pasted).unwrap().portal(), "acme.bitrix24.com", "{pasted}");
        }
        for (pasted, portal) in [
            ("intranet.example:8443", "intranet.example:8443"),
            ("портал.рф", "xn--80aswg.xn--p1ai"),
            ("http://127.0.0.1:8080/x", "127.0.0.1:8080"),
            ("http://[::1]:8080", "[::1]:8080"),
        ] {
            if pasted.is_ascii() {
                assert_eq!(Site::parse(pasted).unwrap().portal(), portal);
            } else {
                assert!(Site::parse(pasted).unwrap().portal().starts_with("xn--"));
            }
        }
    }

    #[test]
    fn what_is_no_portal_has_its_reason() {
        for (pasted, reason) in [
            ("", SiteError::Empty),
            (" \"\" ", SiteError::Empty),
            ("http://acme.bitrix24.com", SiteError::PlainHttp),
            ("ftp://acme.bitrix24.com", SiteError::NotAnAddress),
            ("https://ivan:pass@acme.bitrix24.com", SiteError::NotAnAddress),
            ("my portal", SiteError::NotAnAddress),
            ("https://", SiteError::NotAnAddress),
        ] {
            assert_eq!(Site::parse(pasted), Err(reason), "{pasted}");
        }
    }

    #[test]
    fn each_reason_has_its_sentence_in_every_language() {
        for texts in Language::ALL.map(Texts::new) {
            let sentences = SiteError::ALL.map(|reason| reason.say(&texts));
            assert!(sentences.iter().all(|sentence| !sentence.starts_with("site-") && sentence.ends_with('.')), "{sentences:?}");
        }
    }

    #[test]
    fn the_browser_is_sent_to_the_portals_own_page() {
        let application = Application::new("local.65f1a2b3c4d5e6.12345678", "secretsecret").unwrap();
        let state = State::new().unwrap();
        let address = Site::parse("https://acme.bitrix24.com/stream/").unwrap().authorize_address(&application, &state);
        let wanted = format!("https://acme.bitrix24.com/oauth/authorize/?client_id=local.65f1a2b3c4d5e6.12345678&state={}", state.text());
        assert_eq!(address, wanted);
    }
}
