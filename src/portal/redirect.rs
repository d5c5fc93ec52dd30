//! Where a redirect may take a webhook: the secret travels in the address, so following is a decision about trust. No request is made here.

use reqwest::Url;

use super::webhook::{is_loopback, place};
use crate::presence::{Ask, Failure, Later};

/// The address at which the call is to be repeated, as a POST with the same body.
///
/// A renamed portal answers 302 with its new host (<https://apidocs.bitrix24.com/api-reference/common/change-domen.html>). Every other place that
/// redirects is a page: sign-in, maintenance, a network's portal.
pub(super) fn target(asked: &Url, location: &str) -> Result<Url, Failure> {
    let Ok(found) = asked.join(location) else { return Err(Failure::Later(Later::UnexpectedPage)) };
    let Some(path) = path(asked, &found) else { return Err(Failure::Later(Later::UnexpectedPage)) };
    if !is_trusted(asked, &found) {
        return Err(Failure::Ask(Ask::Moved { to: name(&found) }));
    }
    let mut target = asked.clone();
    let set = target.set_host(found.host_str()).is_ok() && target.set_port(found.port()).is_ok();
    target.set_path(&path);
    if !set || target == *asked {
        return Err(Failure::Later(Later::UnexpectedPage));
    }
    Ok(target)
}

/// The same path, give or take a slash at the end; a bare host means it, too. `None` for a page.
fn path(asked: &Url, found: &Url) -> Option<String> {
    let same = found.path().trim_end_matches('/') == asked.path().trim_end_matches('/');
    if same {
        return Some(found.path().to_owned());
    }
    let bare_host = found.path() == "/" && place(found) != place(asked);
    bare_host.then(|| asked.path().to_owned())
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
    (!name.is_empty() && ZONES.contains(&zone)).then_some(zone)
}

/// With its scheme where that is the point.
fn name(address: &Url) -> String {
    if address.scheme() == "https" { place(address) } else { format!("{}://{}", address.scheme(), place(address)) }
}

/// Domains in which Bitrix24 itself gives out the names. A zone that is missing costs one question.
const ZONES: [&str; 23] = [
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
    "bitrix24.tech",
    "bitrix24.ua",
    "bitrix24.uk",
    "bitrix24.uz",
    "bitrix24.vn",
];
