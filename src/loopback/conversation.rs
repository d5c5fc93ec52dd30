//! One connection of a browser, or of whoever found the port: one request, one page, and it is closed.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use secrecy::SecretString;
use tokio::{net::TcpStream, time::timeout};

use super::{Judge, Verdict, page::Pages};

/// From the first byte to the last; half-open ones are gone after that.
const PATIENCE: Duration = Duration::from_secs(10);

/// Of the head of a request. A redirect has less than one of these two.
const BYTES_AT_MOST: usize = 16 * 1024;
const HEADERS_AT_MOST: usize = 64;

/// What all connections have in common.
pub(super) struct Conversation {
    pub(super) port: u16,
    pub(super) judge: Judge,
    pub(super) pages: Pages,
}

/// The query, if it was the one. The page is with the browser by then.
pub(super) async fn converse(stream: TcpStream, conversation: Arc<Conversation>) -> Option<SecretString> {
    let taken = Arc::new(Mutex::new(None));
    let (place, answering) = (Arc::clone(&taken), conversation);
    let service = service_fn(move |request: Request<Incoming>| {
        let (answer, query) = answering.answer(&request);
        if let Some(query) = query {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(query);
        }
        async move { Ok::<_, Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(BYTES_AT_MOST)
        .max_headers(HEADERS_AT_MOST)
        .serve_connection(TokioIo::new(stream), service);
    // However the browser takes leave, what it brought is here.
    let _ = timeout(PATIENCE, connection).await;
    taken.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl Conversation {
    fn answer(&self, request: &Request<Incoming>) -> (Response<String>, Option<SecretString>) {
        if !self.is_addressed(request) {
            return (page(StatusCode::FORBIDDEN, &self.pages.nothing), None);
        }
        if request.uri().path() != "/" {
            return (page(StatusCode::NOT_FOUND, &self.pages.nothing), None);
        }
        if request.method() != Method::GET {
            return (page(StatusCode::METHOD_NOT_ALLOWED, &self.pages.nothing), None);
        }
        let query = request.uri().query().unwrap_or_default();
        match (self.judge)(query) {
            Verdict::Ours => (page(StatusCode::OK, &self.pages.taken), Some(query.into())),
            Verdict::Foreign => (page(StatusCode::BAD_REQUEST, &self.pages.foreign), None),
            Verdict::Nothing => (page(StatusCode::BAD_REQUEST, &self.pages.nothing), None),
        }
    }

    /// By the number that stands in the card. A name that somebody made point here is a page of somebody else.
    fn is_addressed(&self, request: &Request<Incoming>) -> bool {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok());
        let whole = request.uri().authority().is_some();
        hosts.next().is_none() && !whole && host == Some(format!("127.0.0.1:{}", self.port).as_str())
    }
}

fn page(status: StatusCode, text: &str) -> Response<String> {
    let mut response = Response::new(text.to_owned());
    *response.status_mut() = status;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
        (header::CONNECTION, "close"),
    ];
    response.headers_mut().extend(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}
