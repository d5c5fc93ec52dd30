//! The authorization server: to whom the application's secret and the tokens may go. It is another machine than the portal.

use reqwest::Url;

use super::Site;
use crate::portal::webhook::is_loopback;

/// A server to which the secret may go: https, or this machine itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server(Url);

/// Nobody we know. The secret goes there only with the person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownServer {
    pub host: String,
}

/// <https://apidocs.bitrix24.com/settings/oauth/index.html>, <https://apidocs.bitrix24.ru/settings/oauth/index.html>
const KNOWN: [&str; 2] = ["oauth.bitrix.info", "oauth.bitrix24.tech"];

/// Countries whose portals the second one serves.
const SECOND: [&str; 9] = ["ru", "by", "kz", "uz", "am", "az", "ge", "kg", "xn--p1ai"];

impl Server {
    /// The one that the redirect named. `agreed`: the host to which the person agreed. Where none is named, as in a bare code, the one of the
    /// portal's country.
    pub fn of(named: Option<&str>, site: &Site, agreed: Option<&str>) -> Result<Self, UnknownServer> {
        let Some(named) = named.filter(|named| !named.is_empty()) else {
            return Ok(agreed.and_then(Self::agreed).unwrap_or_else(|| Self::usual(site)));
        };
        let unknown = || UnknownServer { host: named.chars().filter(|letter| !letter.is_control()).take(100).collect() };
        // A scheme is not documented; nothing but a host and a port would be.
        let bare = named.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
        let address = Url::parse(&format!("https://{bare}")).map_err(|_| unknown())?;
        let plain = address.username().is_empty() && address.password().is_none() && address.path() == "/" && address.query().is_none();
        let host = address.host_str().unwrap_or_default();
        if !plain || host.is_empty() {
            return Err(unknown());
        }
        if is_loopback(&address) && site.is_loopback() {
            return Self::parse(&format!("http://{bare}")).ok_or_else(unknown);
        }
        let known = KNOWN.contains(&host) && address.port().is_none();
        let is_agreed = agreed.and_then(Self::agreed).is_some_and(|agreed| agreed.0 == address);
        if known || is_agreed { Ok(Self(address)) } else { Err(UnknownServer { host: crate::portal::webhook::place(&address) }) }
    }

    /// As [`Server::text`] wrote it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let address = Url::parse(text).ok()?;
        (address.scheme() == "https" || (address.scheme() == "http" && is_loopback(&address))).then_some(Self(address))
    }

    pub(super) fn text(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(super) fn token_address(&self) -> Url {
        let mut address = self.0.clone();
        address.set_path("/oauth/token/");
        address
    }

    fn agreed(host: &str) -> Option<Self> {
        Self::parse(&format!("https://{host}"))
    }

    fn usual(site: &Site) -> Self {
        let country = site.host().rsplit('.').next().unwrap_or_default();
        let host = KNOWN[usize::from(SECOND.contains(&country))];
        let text = if site.is_loopback() { format!("http://{}", site.portal()) } else { format!("https://{host}") };
        Self(Url::parse(&text).unwrap_or_else(|_| unreachable!("both are addresses")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_goes_to_the_known_servers_and_nowhere_else_unasked() {
        let acme = Site::parse("acme.bitrix24.com").unwrap();
        for known in KNOWN {
            assert_eq!(Server::of(Some(known), &acme, None).unwrap().token_address().as_str(), format!("https://{known}/oauth/token/"));
            assert_eq!(Server::of(Some(&format!("https://{known}/")), &acme, None).unwrap().text(), format!("https://{known}"));
        }
        for (named, host) in [
            ("oauth.acme.example", "oauth.acme.example"),
            ("oauth.bitrix.info.evil.example", "oauth.bitrix.info.evil.example"),
            ("evil.example/oauth.bitrix.info", "evil.example/oauth.bitrix.info"),
            ("oauth.bitrix.info@evil.example", "oauth.bitrix.info@evil.example"),
            ("evil.example?oauth.bitrix.info", "evil.example?oauth.bitrix.info"),
            ("oauth.bitrix.info:8443", "oauth.bitrix.info:8443"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("two words", "two words"),
        ] {
            assert_eq!(Server::of(Some(named), &acme, None), Err(UnknownServer { host: host.to_owned() }), "{named}");
        }
    }

    #[test]
    fn the_persons_word_counts_for_the_one_host_and_never_for_plain_http() {
        let box_of_acme = Site::parse("intranet.example").unwrap();
        let agreed = Some("oauth.intranet.example:8443");
        let server = Server::of(agreed, &box_of_acme, agreed).unwrap();
        assert_eq!(server.text(), "https://oauth.intranet.example:8443");
        assert!(Server::of(Some("oauth.intranet.example"), &box_of_acme, agreed).is_err());
    }

    #[test]
    fn without_a_name_it_is_the_one_of_the_country() {
        for (portal, server) in [
            ("acme.bitrix24.com", "https://oauth.bitrix.info"),
            ("acme.bitrix24.ru", "https://oauth.bitrix24.tech"),
            ("crm.acme.by", "https://oauth.bitrix24.tech"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(Server::of(None, &Site::parse(portal).unwrap(), None).unwrap().text(), server);
        }
    }

    #[test]
    fn this_machine_is_a_server_only_for_a_portal_on_it() {
        let here = Site::parse("http://127.0.0.1:8080").unwrap();
        assert_eq!(Server::of(Some("127.0.0.1:9090"), &here, None).unwrap().text(), "http://127.0.0.1:9090");
        assert!(Server::of(Some("evil.example"), &here, None).is_err());
    }
}
