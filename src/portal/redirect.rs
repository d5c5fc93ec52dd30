//! Where a redirect may take a webhook: the secret travels in the address, so following is a decision about trust. No request is made here.

use reqwest::Url;

use super::webhook::{is_loopback, place};
use crate::presence::{Ask, Failure, Later};

/// The address at which the call is to be repeated, as a POST with the same body.
///
/// A renamed portal answers 302 with its new host (<https://apidocs.bitrix24.com/settings/how-to-call-rest-api/change-domen.html>). Every other place that
/// redirects is a page: sign-in, maintenance, a network's portal.
pub(super) fn target(asked: &Url, location: &str) -> Result<Url, Failure> {
    let Ok(found) = asked.join(location) else { return Err(Failure::Later(Later::UnexpectedPage)) };
    let same_path = found.path().trim_end_matches('/') == asked.path().trim_end_matches('/');
    let path = match (is_trusted(asked, &found), same_path) {
        (false, true) => return Err(Failure::Ask(Ask::Moved { to: name(&found) })),
        (true, true) => found.path(),
        // A bare host of the same portal means the same path; of anybody else, a page.
        (true, false) if found.path() == "/" => asked.path(),
        (true | false, false) => return Err(Failure::Later(Later::UnexpectedPage)),
    };
    moved(asked, &found, path).filter(|target| target != asked).ok_or(Failure::Later(Later::UnexpectedPage))
}

/// The host and port that were found, and nothing else: no query, no fragment.
fn moved(asked: &Url, found: &Url, path: &str) -> Option<Url> {
    let mut target = asked.clone();
    target.set_host(found.host_str()).ok()?;
    target.set_port(found.port()).ok()?;
    target.set_path(path);
    Some(target)
}

/// Same scheme, and the same host, a host below it, or a sibling in one of Bitrix24's own zones. Without the list of public suffixes nothing
/// more can be said safely; the person is asked.
fn is_trusted(asked: &Url, found: &Url) -> bool {
    let (Some(from), Some(to)) = (asked.host_str(), found.host_str()) else { return false };
    let same_scheme = asked.scheme() == found.scheme() && (found.scheme() == "https" || is_loopback(found));
    let no_password = found.username().is_empty() && found.password().is_none();
    same_scheme && no_password && (from == to || is_below(to, from) || are_siblings(from, to))
}

fn is_below(host: &str, parent: &str) -> bool {
    let is_name = parent.contains('.') && parent.parse::<std::net::IpAddr>().is_err();
    is_name && !ZONES.contains(&parent) && host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}

fn are_siblings(from: &str, to: &str) -> bool {
    zone(from).is_some_and(|zone_of_from| zone(to) == Some(zone_of_from))
}

fn zone(host: &str) -> Option<&str> {
    let (name, zone) = host.split_once('.')?;
    // The site that sells Bitrix24 is nobody's portal; names that do not exist lead there.
    (name != "www" && ZONES.contains(&zone)).then_some(zone)
}

/// With its scheme where that is the point.
fn name(address: &Url) -> String {
    if address.scheme() == "https" { place(address) } else { format!("{}://{}", address.scheme(), place(address)) }
}

/// Domains in which Bitrix24 itself gives out the names. A zone that is missing costs one question.
const ZONES: [&str; 22] = [
    "bitrix24.by",
    "bitrix24.cn",
    "bitrix24.co",
    "bitrix24.com",
    "bitrix24.com.br",
    "bitrix24.com.tr",
    "bitrix24.de",
    "bitrix24.es",
    "bitrix24.eu",
    "bitrix24.fr",
    "bitrix24.id",
    "bitrix24.in",
    "bitrix24.it",
    "bitrix24.jp",
    "bitrix24.kz",
    "bitrix24.mx",
    "bitrix24.pl",
    "bitrix24.ru",
    "bitrix24.ua",
    "bitrix24.uk",
    "bitrix24.uz",
    "bitrix24.vn",
];

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/rest/7/abc/profile";

    #[test]
    fn the_secret_goes_on_only_to_the_same_portal() {
        for (from, to) in [
            ("https://acme.bitrix24.com", "https://umbrella.bitrix24.com"),
            ("https://acme.bitrix24.com", "https://ACME.bitrix24.com:8443"),
            ("https://acme.bitrix24.com.br", "https://umbrella.bitrix24.com.br"),
            ("https://acme.example", "https://portal.acme.example"),
            ("https://acme.example:8443", "https://acme.example"),
            ("https://10.0.0.1", "https://10.0.0.1:8443"),
            ("http://127.0.0.1:1", "http://127.0.0.1:2"),
        ] {
            assert_eq!(
                followed(from, to).map(|target| target.to_string()),
                Ok(Url::parse(&format!("{to}{PATH}")).unwrap().to_string()),
                "{from} {to}"
            );
        }
    }

    #[test]
    fn everywhere_else_the_person_is_asked() {
        for (from, to) in [
            ("https://acme.bitrix24.com", "https://acme.bitrix24.eu"),
            ("https://acme.bitrix24.com", "https://acme.bitrix24.com.evil.example"),
            ("https://acme.bitrix24.com", "https://acme.bitrix24.com.br"),
            ("https://acme.bitrix24.com", "https://evil-bitrix24.com"),
            ("https://acme.bitrix24.com", "https://bitrix24.com"),
            ("https://acme.bitrix24.com", "https://www.bitrix24.com"),
            ("https://acme.bitrix24.com", "https://a.b.bitrix24.com"),
            ("https://bitrix24.com", "https://acme.bitrix24.com"),
            ("https://acme.bitrix24.net", "https://evil.bitrix24.net"),
            ("https://portal.acme.example", "https://acme.example"),
            ("https://portal.acme.example", "https://other.acme.example"),
            ("https://acme.example", "https://evilacme.example"),
            ("https://example", "https://acme.example"),
            ("https://10.0.0.1", "https://10.0.0.2"),
            ("https://0.0.1", "https://10.0.0.1"),
            ("http://127.0.0.1", "http://localhost"),
        ] {
            let to_name = to.trim_start_matches("https://").to_owned();
            assert_eq!(followed(from, to), Err(Failure::Ask(Ask::Moved { to: to_name })), "{from} {to}");
        }
    }

    #[test]
    fn encryption_is_never_given_up() {
        for (from, to) in [
            ("https://acme.example", "http://acme.example"),
            ("https://localhost", "http://localhost"),
            ("http://localhost", "http://acme.example"),
        ] {
            assert_eq!(followed(from, to), Err(Failure::Ask(Ask::Moved { to: to.to_owned() })), "{from} {to}");
        }
    }

    #[test]
    fn a_bare_host_is_the_portal_only_where_it_is_trusted() {
        let asked = Url::parse(&format!("https://acme.bitrix24.com{PATH}")).unwrap();
        assert_eq!(target(&asked, "https://umbrella.bitrix24.com").unwrap().as_str(), format!("https://umbrella.bitrix24.com{PATH}"));
        for page in
            ["https://www.bitrix24.com/", "https://acme.example", "https://acme.bitrix24.com/", "https://umbrella.bitrix24.com/auth/"]
        {
            assert_eq!(target(&asked, page), Err(Failure::Later(Later::UnexpectedPage)), "{page}");
        }
    }

    #[test]
    fn a_name_with_a_password_is_nobody_we_know() {
        let asked = Url::parse(&format!("https://acme.example{PATH}")).unwrap();
        let found = target(&asked, &format!("https://a:b@acme.example:8443{PATH}"));
        assert_eq!(found, Err(Failure::Ask(Ask::Moved { to: "acme.example:8443".to_owned() })));
    }

    fn followed(from: &str, to: &str) -> Result<Url, Failure> {
        target(&Url::parse(&format!("{from}{PATH}")).unwrap(), &format!("{to}{PATH}"))
    }
}
