//! Hosts whose name is not in ASCII, as the name service knows them. For what a person types or pastes; what comes over the network is ASCII already.
//!
//! This is the part of <https://www.unicode.org/reports/tr46/> that names of portals need: small letters, Punycode. Absent is the mapping of letters that
//! only look like others, for which `url` would keep a tenth of a megabyte of tables in the program: such a name is not found.

use std::borrow::Cow;

/// The address with its host in ASCII; as it was where that cannot be, for [`reqwest::Url`] to refuse.
pub(super) fn with_ascii_host(address: &str) -> Cow<'_, str> {
    if address.is_ascii() { address.into() } else { in_ascii(address).map_or(address.into(), Cow::Owned) }
}

/// The inverse, for a host alone; `None` where what comes out is not what would have been put in.
pub(super) fn for_people(host: &str) -> Option<String> {
    let shown: Vec<String> = host.split('.').map(label_for_people).collect::<Option<_>>()?;
    Some(shown.join("."))
}

fn in_ascii(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
    let (user, place) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (host, port) = place.split_at(place.rfind(':').unwrap_or(place.len()));
    let labels: Vec<String> = host.split(['.', '。']).map(label).collect::<Option<_>>()?;
    Some(format!("{scheme}://{user}{}{port}{path}", labels.join(".")))
}

fn label(label: &str) -> Option<String> {
    if label.is_ascii() {
        return Some(label.to_owned());
    }
    // The two Russian letters that some systems take apart.
    let label = label.to_lowercase().replace("и\u{306}", "й").replace("е\u{308}", "ё");
    let is_name = label.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
    is_name.then(|| idna::punycode::encode_str(&label)).flatten().map(|name| format!("xn--{name}"))
}

fn label_for_people(known: &str) -> Option<String> {
    let Some(encoded) = known.strip_prefix("xn--") else { return Some(known.to_owned()) };
    let shown = idna::punycode::decode_to_string(encoded)?;
    (label(&shown).as_deref() == Some(known)).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_in_any_script_has_its_name_in_ascii() {
        for (typed, known) in [
            ("https://портал.рф/rest/7/abc/", "https://xn--80awhdgm.xn--p1ai/rest/7/abc/"),
            ("https://ПОРТАЛ.РФ:8443", "https://xn--80awhdgm.xn--p1ai:8443"),
            ("https://b24.портал.рф?x", "https://b24.xn--80awhdgm.xn--p1ai?x"),
            ("https://мой-портал.рф/", "https://xn----8sbzkbmchku.xn--p1ai/"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
            ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
            ("https://intranet/rest/иван/abc", "https://intranet/rest/иван/abc"),
            ("https://[::1]:8443/иван", "https://[::1]:8443/иван"),
            ("https://иван@портал.рф/", "https://иван@xn--80awhdgm.xn--p1ai/"),
        ] {
            assert_eq!(with_ascii_host(typed), known);
        }
    }

    #[test]
    fn a_host_is_shown_as_it_was_written() {
        assert_eq!(for_people("b24.xn--80awhdgm.xn--p1ai").as_deref(), Some("b24.портал.рф"));
        assert_eq!(for_people("acme.bitrix24.com").as_deref(), Some("acme.bitrix24.com"));
        for nonsense in ["xn--acme-.example", "xn--.example", "xn--99999999.example"] {
            assert_eq!(for_people(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn letters_that_were_taken_apart_are_the_same() {
        assert_eq!(with_ascii_host("https://мои\u{306}.рф/"), with_ascii_host("https://мой.рф/"));
        assert_eq!(with_ascii_host("https://ЕЩЕ\u{308}.рф/"), with_ascii_host("https://ещё.рф/"));
    }

    #[test]
    fn what_is_no_name_stays_for_the_url_to_refuse() {
        for typed in ["https://пор тал.рф/", "https://«портал».рф/", "https://p\u{301}.рф/", "портал.рф"] {
            assert_eq!(with_ascii_host(typed), typed);
            assert!(reqwest::Url::parse(typed).is_err(), "{typed}");
        }
    }
}
