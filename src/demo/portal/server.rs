//! The socket side: HTTP/1.1 with hyper, one task per connection. What is answered is decided elsewhere.

use std::{
    collections::VecDeque,
    fmt,
    future::{self, Future},
    pin::Pin,
    sync::{Arc, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant, SystemTime},
};

use hyper::{
    Request, Response, StatusCode,
    body::{Body, Bytes, Frame, Incoming, SizeHint},
    header::{self, HeaderValue},
    http::request::Parts,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{self, Sleep},
};

use super::{
    Shared, State,
    arrival::{Arrival, Outcome},
    fault::{Delivery, Fault},
    model::{Method, Reply},
    page::{Page, Time},
    refusal::Refusal,
    request::{self, Target},
};

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

/// The connection is to end in the middle of the answer.
#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the answer is cut off, as planned")
    }
}

impl std::error::Error for CutOff {}

async fn answer(request: Request<Incoming>, shared: &Shared, connection: u64) -> Result<Response<Pieces>, Reset> {
    let (head, body) = request.into_parts();
    let Some(body) = read(body).await else { return Ok(whole(Page::html(413))) };
    let _in_flight = InFlight::begin(shared);
    let delivery = decide(&mut lock(shared), &head, &body, connection);
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

/// Everything between the request and the answer, and the listeners are told.
fn decide(state: &mut State, head: &Parts, body: &[u8], connection: u64) -> Delivery {
    let at = SystemTime::now();
    let query = head.uri.query().unwrap_or_default();
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parameters = request::parameters(head.method.as_str(), query, content_type, body);
    let Some(target) = Target::parse(head.uri.path()) else { return Delivery::Whole(Page::html(404)) };

    let time = time_of(at, state.budget_window);
    let fault = met(state, &target);
    let carried_out = fault.as_ref().is_none_or(Fault::carries_out);
    let reply = carried_out.then(|| state.model.answer(&target.method, target.credential.as_ref(), &parameters, time.start));

    parameters.retain(|name, _| !["auth", "access_token"].contains(&name.to_ascii_lowercase().as_str()));
    let mut headers = head.headers.clone();
    headers.remove(header::AUTHORIZATION);
    let arrival = Arrival {
        at,
        verb: head.method.to_string(),
        // A credential that was cut off at the wrong place must not appear as a method.
        method: target.method.replace(state.model.code(), "…"),
        parameters,
        headers,
        connection,
        in_flight: state.in_flight,
        outcome: outcome(fault.as_ref(), reply.as_ref()),
    };
    state.tell(&arrival);

    let right = reply.map(|reply| Page::of(&reply, time));
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    match (fault, right) {
        (Some(fault), right) => fault.delivery(right, path, time),
        (None, Some(right)) => Delivery::Whole(right),
        (None, None) => Delivery::Nothing,
    }
}

/// A planned fault comes first, then the limit, which stands in front of the portal's code.
fn met(state: &mut State, target: &Target) -> Option<Fault> {
    let admitted = state.bucket.as_mut().is_none_or(|bucket| bucket.admits(Instant::now()));
    let planned = state.faults.meet(Method::from_word(&target.method));
    planned.or((!admitted).then_some(Fault::Refused(Refusal::TooBusy)))
}

fn outcome(fault: Option<&Fault>, reply: Option<&Reply>) -> Outcome {
    match (fault, reply) {
        (Some(Fault::Refused(refusal)), _) | (None, Some(Reply::Refused(refusal))) => Outcome::Refused(refusal.clone()),
        (Some(fault), _) => Outcome::Disturbed(fault.clone()),
        (None, Some(Reply::Result(result))) => Outcome::Answered(result.clone()),
        (None, Some(Reply::Crashed) | None) => Outcome::Crashed,
    }
}

fn time_of(at: SystemTime, budget_window: Duration) -> Time {
    let start = Timestamp::try_from(at).unwrap_or(Timestamp::UNIX_EPOCH);
    let operating_reset_at = Timestamp::try_from(at + budget_window).unwrap_or(start);
    Time { start, finish: start, operating_reset_at }
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

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A body in pieces, whose announced length is kept or not.
struct Pieces {
    announced: u64,
    pieces: VecDeque<Bytes>,
    pause: Option<(Duration, Pin<Box<Sleep>>)>,
    ending: Ending,
}

enum Ending {
    AsAnnounced,
    /// What was written so far is flushed once, and then the connection ends.
    CutOff {
        flushed: bool,
    },
}

impl Pieces {
    fn whole(body: Vec<u8>) -> Self {
        let announced = body.len() as u64;
        Self { announced, pieces: VecDeque::from([Bytes::from(body)]), pause: None, ending: Ending::AsAnnounced }
    }

    fn dripping(body: Vec<u8>, pause: Duration) -> Self {
        let pieces = body.iter().map(|&byte| Bytes::from(vec![byte])).collect();
        Self { pieces, pause: Some((pause, Box::pin(time::sleep(pause)))), ..Self::whole(body) }
    }

    fn cut_off(body: Vec<u8>) -> Self {
        let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
        Self { pieces: VecDeque::from([half]), ending: Ending::CutOff { flushed: false }, ..Self::whole(body) }
    }

    fn end(&mut self, context: &Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        match &mut self.ending {
            Ending::AsAnnounced => Poll::Ready(None),
            Ending::CutOff { flushed: flushed @ false } => {
                *flushed = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::CutOff { flushed: true } => Poll::Ready(Some(Err(CutOff))),
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        if self.pieces.is_empty() {
            return self.end(context);
        }
        if let Some((pause, sleep)) = &mut self.pause {
            std::task::ready!(sleep.as_mut().poll(context));
            *sleep = Box::pin(time::sleep(*pause));
        }
        Poll::Ready(self.pieces.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && matches!(self.ending, Ending::AsAnnounced)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
