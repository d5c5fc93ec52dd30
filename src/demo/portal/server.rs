//! The socket side: HTTP/1.1 with hyper, one task per connection. What is answered is decided elsewhere.

use std::{
    fmt,
    future::{self, Future},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use hyper::{
    Request, Response, StatusCode,
    body::{Body, Incoming},
    header::{self, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time,
};

use super::{fault::Delivery, lock, page::Page, pieces::Pieces, state::Shared};

/// Requests are tiny; a longer one is refused and not kept.
const BODY_CAP: usize = 64 * 1024;

/// Until the task is aborted; the connections end with it.
pub(super) async fn serve(listener: TcpListener, shared: Shared) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    number += 1;
                    connections.spawn(converse(stream, Arc::clone(&shared), number));
                }
                // Out of file descriptors, as a rule: give the others time to end.
                Err(error) => {
                    tracing::warn!(%error, "the built-in portal could not accept a connection");
                    time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, shared: Shared, number: u64) {
    // Answers are small and asked for one by one: a delay helps nobody.
    let _ = stream.set_nodelay(true);
    let hang_up = Arc::clone(&lock(&shared).hang_up);
    let answering = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        Box::pin(async move { answer(request, &shared, number).await }) as Answering
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answering);
    let end = tokio::select! {
        end = Pin::new(&mut connection) => end,
        () = hang_up.notified() => return,
    };
    let Err(error) = end else { return };
    let planned = std::error::Error::source(&error).is_some_and(|cause| cause.is::<Reset>());
    if planned {
        // Closing then sends RST instead of FIN.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Pieces>, Reset>> + Send>>;

/// The connection is to be reset instead of an answer.
#[derive(Debug)]
struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the connection is reset, as planned")
    }
}

impl std::error::Error for Reset {}

async fn answer(request: Request<Incoming>, shared: &Shared, connection: u64) -> Result<Response<Pieces>, Reset> {
    let (head, body) = request.into_parts();
    let Some(body) = read(body).await else { return Ok(whole(Page::html(413))) };
    let _in_flight = InFlight::begin(shared);
    let delivery = lock(shared).take(&head, &body, connection);
    deliver(delivery).await
}

/// `None` if it is too long, or ends too early (then nobody is there to be answered). It is read to its end all the same: closing
/// before that would reset the connection, and the client might never see the refusal.
async fn read(mut body: Incoming) -> Option<Vec<u8>> {
    let mut bytes = Some(Vec::new());
    while let Some(frame) = future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(piece) = frame.ok()?.into_data() else { continue };
        bytes = bytes.filter(|bytes| bytes.len() + piece.len() <= BODY_CAP);
        if let Some(bytes) = &mut bytes {
            bytes.extend_from_slice(&piece);
        }
    }
    bytes
}

async fn deliver(delivery: Delivery) -> Result<Response<Pieces>, Reset> {
    match delivery {
        Delivery::Whole(page) => Ok(whole(page)),
        Delivery::Late(delay, page) => {
            time::sleep(delay).await;
            Ok(whole(page))
        }
        Delivery::Drip(pause, page) => Ok(respond(page, |body| Pieces::dripping(body, pause))),
        Delivery::Truncated(page) => Ok(respond(page, Pieces::cut_off)),
        Delivery::Reset => Err(Reset),
        Delivery::Nothing => future::pending().await,
    }
}

fn whole(page: Page) -> Response<Pieces> {
    respond(page, Pieces::whole)
}

/// The cookie is there to be ignored: a client that sends it back would act for a browser session.
fn respond(page: Page, body: impl FnOnce(Vec<u8>) -> Pieces) -> Response<Pieces> {
    let mut response = Response::new(body(page.body));
    *response.status_mut() = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.content_type));
    headers.insert(header::SET_COOKIE, HeaderValue::from_static("PHPSESSID=demo; path=/; HttpOnly"));
    headers.insert("x-bitrix-rest-time", HeaderValue::from_static("0.0001000000"));
    if let Some(location) = page.location.and_then(|location| HeaderValue::try_from(location).ok()) {
        headers.insert(header::LOCATION, location);
    }
    response
}

/// Counts a request from its arrival until its answer is handed over, or the client goes away.
struct InFlight<'a>(&'a Shared);

impl<'a> InFlight<'a> {
    fn begin(shared: &'a Shared) -> Self {
        lock(shared).in_flight += 1;
        Self(shared)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        lock(self.0).in_flight -= 1;
    }
}
