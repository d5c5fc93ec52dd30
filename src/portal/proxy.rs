//! By which proxy the calls to a portal go, as reqwest decides it. No credentials of the proxy in what is told.

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use secrecy::ExposeSecret;

use super::{Webhook, webhook::is_loopback};

/// Scheme, host and port of the proxy; `None` where calls go straight to the portal.
pub fn proxy_of(webhook: &Webhook) -> Option<String> {
    let base = reqwest::Url::parse(webhook.secret().expose_secret()).ok()?;
    if is_loopback(&base) {
        return None;
    }
    // Without its path the address holds no secret.
    let origin: Uri = base.origin().ascii_serialization().parse().ok()?;
    let intercept = Matcher::from_system().intercept(&origin)?;
    let proxy = intercept.uri();
    let port = proxy.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", proxy.scheme_str().unwrap_or("http"), proxy.host()?))
}
