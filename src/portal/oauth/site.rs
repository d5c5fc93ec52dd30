//! A portal as somebody names it who signs in with the browser: `acme.bitrix24.com`, or the address of any page of it.

use reqwest::Url;

use super::{Application, State};
use crate::portal::{AddressError, PortalAddress, pasted_portal, webhook::is_loopback};

/// Where the pages of a portal are. Not secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    root: Url,
    portal: String,
}

impl Site {
    /// Takes what people paste of a portal.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        pasted_portal(text).map(|address| Self::of(&address))
    }

    pub fn of(address: &PortalAddress) -> Self {
        Self { root: address.root().clone(), portal: address.portal() }
    }

    /// Host, the port if it is not the usual one, and the folder if there is one.
    pub fn portal(&self) -> &str {
        &self.portal
    }

    /// What the browser opens. The return address, the scopes and the kind of answer are fixed in the application's card.
    ///
    /// <https://apidocs.bitrix24.com/settings/oauth/index.html>
    pub fn authorize_address(&self, application: &Application, state: &State) -> String {
        let mut address = self.root.clone();
        address.set_path(&format!("{}oauth/authorize/", self.root.path()));
        address.query_pairs_mut().append_pair("client_id", application.id()).append_pair("state", state.text());
        address.into()
    }

    /// Where calls go as a rule; the authorization server knows better.
    pub(super) fn endpoint(&self) -> String {
        format!("{}rest/", self.root)
    }

    pub(super) fn host(&self) -> &str {
        self.root.host_str().unwrap_or_default()
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.root)
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
    fn the_browser_is_sent_to_the_portals_own_page() {
        let application = Application::new("local.65f1a2b3c4d5e6.12345678", "secretsecret").unwrap();
        let state = State::new().unwrap();
        for (portal, page) in [
            ("https://acme.bitrix24.com/stream/", "https://acme.bitrix24.com/oauth/authorize/"),
            ("https://intranet.example:8443/b24/stream/", "https://intranet.example:8443/b24/oauth/authorize/"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080/oauth/authorize/"),
        ] {
            let address = Site::parse(portal).unwrap().authorize_address(&application, &state);
            assert_eq!(address, format!("{page}?client_id=local.65f1a2b3c4d5e6.12345678&state={}", state.text()));
        }
    }

    #[test]
    fn calls_go_to_the_portal_until_its_server_knows_better() {
        assert_eq!(Site::parse("intranet.example/b24/stream/").unwrap().endpoint(), "https://intranet.example/b24/rest/");
    }
}
