//! A portal as somebody names it who signs in with the browser: `acme.bitrix24.com`, or the address of any page of it.

use reqwest::Url;

use super::{Application, State};
use crate::portal::{
    AddressError,
    webhook::{is_loopback, place},
};

/// Where the pages of a portal are. Not secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    origin: Url,
    portal: String,
}

impl Site {
    /// Without a scheme it is https; of an address only host and port count.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let visible =
            |letter: &char| !letter.is_control() && !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
        let text: String = text.chars().filter(visible).collect();
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || "\"'`<>(){}«»„“”‘’,;".contains(letter)).trim_end_matches('.');
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let address = Url::parse(&whole).map_err(|_| AddressError::NotAnAddress)?;
        Self::of(&address)
    }

    fn of(address: &Url) -> Result<Self, AddressError> {
        if !matches!(address.scheme(), "https" | "http") {
            return Err(AddressError::OtherScheme);
        }
        if !address.username().is_empty() || address.password().is_some() {
            return Err(AddressError::WithPassword);
        }
        if address.scheme() == "http" && !is_loopback(address) {
            return Err(AddressError::PlainHttp);
        }
        let host = address.host_str().unwrap_or_default().trim_end_matches('.');
        // One word without a dot is more often half a name than a host; a box in a local network has its scheme or its port in front of it.
        if host.is_empty() || host.contains(char::is_whitespace) {
            return Err(AddressError::NotAnAddress);
        }
        let mut origin = Url::parse(&address.origin().ascii_serialization()).map_err(|_| AddressError::NotAnAddress)?;
        origin.set_host(Some(host)).map_err(|_| AddressError::NotAnAddress)?;
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

#[cfg(test)]
mod tests {
    use super::*;

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
            ("", AddressError::Empty),
            (" \"\" ", AddressError::Empty),
            ("http://acme.bitrix24.com", AddressError::PlainHttp),
            ("ftp://acme.bitrix24.com", AddressError::OtherScheme),
            ("https://ivan:pass@acme.bitrix24.com", AddressError::WithPassword),
            ("my portal", AddressError::NotAnAddress),
            ("https://", AddressError::NotAnAddress),
        ] {
            assert_eq!(Site::parse(pasted), Err(reason), "{pasted}");
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
