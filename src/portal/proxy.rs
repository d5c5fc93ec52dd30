//! By which proxy the calls to a portal go, as reqwest decides it. No credentials of the proxy in what is told.

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::{Credential, webhook::is_loopback};

/// Scheme, host and port of the proxy; `None` where calls go straight to the portal.
pub fn proxy_of(credential: &Credential) -> Option<String> {
    let origin = credential.origin();
    if is_loopback(&reqwest::Url::parse(&origin).ok()?) {
        return None;
    }
    named(&Matcher::from_system(), &origin)
}

fn named(proxies: &Matcher, origin: &str) -> Option<String> {
    let origin: Uri = origin.parse().ok()?;
    let intercept = proxies.intercept(&origin)?;
    let proxy = intercept.uri();
    let port = proxy.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", proxy.scheme_str().unwrap_or("http"), proxy.host()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_without_its_password_and_only_where_it_is_used() {
        let proxies = Matcher::builder().https("http://ivan:pass@proxy.example:3128").no("intranet.example").build();
        assert_eq!(named(&proxies, "https://acme.bitrix24.com").as_deref(), Some("http://proxy.example:3128"));
        assert_eq!(named(&proxies, "https://intranet.example:8443"), None);
    }

    #[test]
    fn this_machine_is_called_directly() {
        assert_eq!(proxy_of(&Credential::parse("http://127.0.0.1:8080/rest/1/abcdef/").unwrap()), None);
    }
}
