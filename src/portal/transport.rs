//! One HTTPS request and its answer, within bounds of time and size. No cookies, no redirects by itself, no address in any error.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::{
    RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER},
    redirect, retry,
};
use rustls::pki_types::CertificateDer;

use super::{Trust, TrustError, failure, trust, webhook::is_loopback};
use crate::presence::{Ask, Failure};

/// What portals are told about us. It must not contain the names of the official apps: the portal would take the person for present on them.
pub const USER_AGENT: &str = concat!("b24status/", env!("CARGO_PKG_VERSION"));

/// A longer body is no answer of REST.
const LONGEST_BODY: usize = 256 * 1024;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until there is a connection, its encryption included.
    pub connect: Duration,
    /// From the beginning to the last byte of the answer. A redirect begins anew.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_secs(20) }
    }
}

/// The way to one portal. Cheap until the first request.
pub(super) struct Transport {
    extra_roots: Vec<CertificateDer<'static>>,
    patience: Patience,
    /// Built when it is needed: reading the system's trust store takes longer than the start of the app may.
    built: Mutex<Option<(Way, reqwest::Client)>>,
}

/// What a client is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Encrypted,
    /// A proxy is another machine: to it, "this machine" is itself.
    EncryptedHere,
    PlainHere,
}

/// What came back, whoever it came from.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// Empty where it was too long.
    pub(super) body: Vec<u8>,
    /// Where the status says that the resource is elsewhere.
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<SystemTime>,
    /// The clock of who answered, by its `Date`.
    pub(super) date: Option<SystemTime>,
}

impl Transport {
    pub(super) fn new(trust: &Trust, patience: Patience) -> Result<Self, TrustError> {
        Ok(Self { extra_roots: trust.extra_roots()?, ..Self::without_extra_trust(patience) })
    }

    pub(super) fn without_extra_trust(patience: Patience) -> Self {
        Self { extra_roots: Vec::new(), patience, built: Mutex::new(None) }
    }

    /// JSON.
    pub(super) async fn post(&self, address: Url, body: String) -> Result<Reply, Failure> {
        let client = self.client(&address)?;
        Self::send(client.post(address).body(body)).await
    }

    pub(super) async fn post_form(&self, address: Url, form: String) -> Result<Reply, Failure> {
        let client = self.client(&address)?;
        Self::send(client.post(address).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)).await
    }

    pub(super) async fn get(&self, address: Url) -> Result<Reply, Failure> {
        let client = self.client(&address)?;
        Self::send(client.get(address)).await
    }

    async fn send(request: RequestBuilder) -> Result<Reply, Failure> {
        let sent = request.send().await;
        let response = sent.map_err(|error| failure::of_error(&error.without_url()))?;
        Reply::read(response).await.map_err(|error| failure::of_error(&error.without_url()))
    }

    /// The next request connects anew, by the proxy and the trust store as they are then.
    pub(super) fn disconnect(&self) {
        *self.built() = None;
    }

    fn client(&self, address: &Url) -> Result<reqwest::Client, Failure> {
        let mut built = self.built();
        let way = Way::to(address);
        if let Some((_, client)) = built.as_ref().filter(|(known, _)| *known == way) {
            return Ok(client.clone());
        }
        let client = self.build(way).map_err(|reason| {
            tracing::warn!(reason, "the certificates that this machine trusts cannot be read; no call is made");
            Failure::Ask(Ask::UntrustedCertificate)
        })?;
        *built = Some((way, client.clone()));
        Ok(client)
    }

    fn build(&self, way: Way) -> Result<reqwest::Client, String> {
        let plain = way == Way::PlainHere;
        let tls = if plain { trust::of_nobody() } else { trust::of_system(&self.extra_roots) };
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.map_err(|error| error.to_string())?)
            .https_only(!plain)
            .http1_only()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .user_agent(USER_AGENT)
            .default_headers(headers())
            .connect_timeout(self.patience.connect)
            .timeout(self.patience.whole)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(15))
            .tcp_keepalive(None);
        if way != Way::Encrypted {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| error.without_url().to_string())
    }

    fn built(&self) -> MutexGuard<'_, Option<(Way, reqwest::Client)>> {
        self.built.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Way {
    /// Plain http is refused elsewhere, but to this machine.
    fn to(address: &Url) -> Self {
        match (address.scheme(), is_loopback(address)) {
            ("http", _) => Self::PlainHere,
            (_, true) => Self::EncryptedHere,
            (_, false) => Self::Encrypted,
        }
    }
}

impl Reply {
    async fn read(mut response: Response) -> Result<Self, reqwest::Error> {
        let status = response.status();
        let location = text_of(response.headers(), LOCATION).filter(|_| is_redirect(status));
        let retry_after = text_of(response.headers(), RETRY_AFTER).and_then(|text| instant(&text, SystemTime::now()));
        let date = text_of(response.headers(), DATE).and_then(|text| date(&text));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LONGEST_BODY {
                body.clear();
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self { status, body, location, retry_after, date })
    }
}

fn headers() -> HeaderMap {
    let json = HeaderValue::from_static("application/json");
    HeaderMap::from_iter([(ACCEPT, json.clone()), (CONTENT_TYPE, json)])
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn text_of(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn date(text: &str) -> Option<SystemTime> {
    Some(jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp().into())
}

/// `Retry-After` is a number of seconds or a date. Only what is ahead, and within a day, is of use.
fn instant(text: &str, now: SystemTime) -> Option<SystemTime> {
    let wait = match text.trim().parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => date(text)?.duration_since(now).ok()?,
    };
    (!wait.is_zero() && wait <= Duration::from_secs(24 * 3600)).then(|| now + wait)
}
