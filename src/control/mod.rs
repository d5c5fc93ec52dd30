//! One instance, and how the command line talks to it.
//!
//! A local socket in a directory that is the person's own; on Windows a named pipe that lets in nobody else. Who holds it is the running
//! app; what is on its other end is checked on both sides to be the same user. Nobody can stop the app through it by sending garbage, by sending nothing, or by not reading.

mod protocol;
mod lines;
pub mod window;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as place;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as place;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

#[cfg(unix)]
use interprocess::local_socket::{
    tokio::{Listener, Stream as ToClient, Stream as ToApp},
    traits::tokio::Listener as _,
};
use secrecy::zeroize::Zeroizing;
#[cfg(windows)]
use tokio::net::windows::named_pipe::{NamedPipeClient as ToApp, NamedPipeServer as ToClient};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc::UnboundedSender, oneshot, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::paths::Paths;
use lines::{Line, Lines};

#[cfg(windows)]
use windows::Listener;
#[cfg(windows)]
pub use windows::pipe_name;

pub use protocol::{
    AccountReport, Desktop, DoctorReport, IdleSource, LockSource, Obstacle, ObstacleReason, REQUEST_BYTES_AT_MOST, Refusal, Request,
    Response, Saving, SleepSource, StatusReport, TrayHost, VERSION,
};

/// A client that does not finish its line, or does not read its answer, is let go after this.
pub const CLIENT_PATIENCE: Duration = Duration::from_secs(10);

/// A shell and a few scripts; a client beyond this is told so.
pub const CONNECTIONS_AT_MOST: usize = 16;

/// A request with the way back for its answer. Dropping `answer` tells the client that the app is ending.
#[derive(Debug)]
pub struct Incoming {
    pub request: Request,
    pub answer: oneshot::Sender<Response>,
    pub connection: Connection,
}

/// The connection on which a request came.
#[derive(Debug, Clone)]
pub struct Connection(watch::Receiver<()>);

/// This process is the one instance, until this is dropped.
#[derive(Debug)]
pub struct Claim {
    // First: the socket goes before the lock does, so that it is never the next instance's socket that goes.
    listener: Listener,
    directory: PathBuf,
    _lock: place::Lock,
    _apart: Option<Apart>,
}

/// A directory that is there for one app alone, and goes with it.
#[derive(Debug)]
struct Apart(PathBuf);

#[derive(Debug)]
pub enum ClaimError {
    AlreadyRunning,
    /// Something that belongs to another user is in the way.
    Foreign {
        path: PathBuf,
    },
    Io {
        path: PathBuf,
        error: io::Error,
    },
}

#[derive(Debug)]
pub enum AskError {
    NotRunning,
    /// What is at the socket's place belongs to another user, or is one.
    Foreign {
        path: PathBuf,
    },
    /// Connected, and no answer in time.
    NoAnswer,
    Refused(Refusal),
    Io(io::Error),
}

/// Becomes the one instance. Needs a tokio runtime to be entered.
pub fn claim(paths: &Paths) -> Result<Claim, ClaimError> {
    let (listener, lock) = place::claim(paths.runtime())?;
    Ok(Claim { listener, directory: paths.runtime().to_owned(), _lock: lock, _apart: None })
}

/// As [`claim`], for an app that is not the one of this session: only who is told of [`Claim::directory`] finds it.
pub fn claim_apart(paths: &Paths, name: &str) -> Result<Claim, ClaimError> {
    let directory = paths.runtime().with_file_name(name);
    let (listener, lock) = place::claim(&directory)?;
    Ok(Claim { listener, _apart: Some(Apart(directory.clone())), directory, _lock: lock })
}

/// Sends one request to the running app.
pub async fn ask(paths: &Paths, request: Request, patience: Duration) -> Result<Response, AskError> {
    let mut conversation = timeout(patience, Conversation::begin(paths, &request)).await.map_err(|_| AskError::NoAnswer)??;
    timeout(patience, conversation.ask(request)).await.map_err(|_| AskError::NoAnswer)?
}

/// A conversation of several requests with the running app, which ends when it is dropped.
pub async fn connect(paths: &Paths, patience: Duration) -> Result<Conversation, AskError> {
    timeout(patience, Conversation::begin(paths, &Request::Status)).await.map_err(|_| AskError::NoAnswer)?
}

/// Asks the running app to end, and waits until it has.
pub async fn ask_to_quit(paths: &Paths, patience: Duration) -> Result<(), AskError> {
    let ended = async {
        let mut conversation = Conversation::begin(paths, &Request::Quit).await?;
        match conversation.ask(Request::Quit).await {
            // It may be quicker with ending than with answering.
            Ok(_) | Err(AskError::Io(_) | AskError::Refused(Refusal::Ending)) => {}
            Err(error @ (AskError::NotRunning | AskError::Foreign { .. } | AskError::NoAnswer | AskError::Refused(_))) => {
                return Err(error);
            }
        }
        conversation.ended().await;
        Ok(())
    };
    timeout(patience, ended).await.map_err(|_| AskError::NoAnswer)?
}

impl Claim {
    /// Where others find the app: [`Paths::runtime`].
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Answers clients until the receiver of `incoming` is gone. Dropping the future lets all of them go.
    pub async fn serve(self, incoming: UnboundedSender<Incoming>) {
        let seats = Arc::new(Semaphore::new(CONNECTIONS_AT_MOST));
        let mut clients = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                Some(_) = clients.join_next() => continue,
                () = incoming.closed() => return,
            };
            match accepted {
                Ok(stream) if place::is_own(&stream) => {
                    let seat = Arc::clone(&seats).try_acquire_owned().ok();
                    clients.spawn(Client::new(stream, incoming.clone()).serve(seat));
                }
                Ok(_) => tracing::warn!("another user's process connected to the control socket: it is let go"),
                Err(error) => {
                    tracing::warn!(%error, "a client of the control socket could not be taken: the next try is in a second");
                    sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // Whatever stays is empty and private.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Connection {
    pub fn is(&self, other: &Self) -> bool {
        self.0.same_channel(&other.0)
    }

    pub fn has_ended(&self) -> bool {
        self.0.has_changed().is_err()
    }

    /// Until the client has hung up or was let go. May be dropped at any point.
    pub async fn ended(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

struct Client {
    lines: Lines<ToClient>,
    incoming: UnboundedSender<Incoming>,
    /// Nothing is sent: that it is gone tells that the client is.
    connection: watch::Sender<()>,
}

impl Client {
    fn new(stream: ToClient, incoming: UnboundedSender<Incoming>) -> Self {
        Self { lines: Lines::new(stream), incoming, connection: watch::Sender::default() }
    }

    async fn serve(mut self, seat: Option<OwnedSemaphorePermit>) {
        let Some(_seat) = seat else { return drop(self.send(Response::Refused(Refusal::TooManyConnections)).await) };
        while let Ok(Ok(Some(line))) = timeout(CLIENT_PATIENCE, self.lines.next(REQUEST_BYTES_AT_MOST)).await {
            let (response, next) = match line {
                Line::Whole(line) => match protocol::request(&line) {
                    Ok(request) => (self.answer(request).await, Next::Wait),
                    Err(refusal) => (Some(Response::Refused(refusal)), Next::Wait),
                },
                // Where the next line begins is not known any more.
                Line::TooLong => {
                    (Some(Response::Refused(Refusal::NotUnderstood { reason: "the line is too long".to_owned() })), Next::Close)
                }
            };
            let Some(response) = response else { return };
            if self.send(response).await.is_err() || next == Next::Close {
                return;
            }
        }
    }

    /// `None`: the client has hung up. That ends what the window asked; who asks for anything else may have closed its half after the question.
    async fn answer(&mut self, request: Request) -> Option<Response> {
        let until_it_hangs_up = matches!(request, Request::Window(_));
        let (answer, answered) = oneshot::channel();
        let connection = Connection(self.connection.subscribe());
        if self.incoming.send(Incoming { request, answer, connection }).is_err() {
            return Some(Response::Refused(Refusal::Ending));
        }
        tokio::select! {
            biased;
            answered = answered => Some(answered.unwrap_or(Response::Refused(Refusal::Ending))),
            () = self.lines.hung_up(REQUEST_BYTES_AT_MOST), if until_it_hangs_up => None,
        }
    }

    async fn send(&mut self, response: Response) -> io::Result<()> {
        let line = protocol::response_line(response)?;
        timeout(CLIENT_PATIENCE, self.lines.write(&line)).await?
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Wait,
    Close,
}

pub struct Conversation {
    lines: Lines<ToApp>,
}

impl Conversation {
    async fn begin(paths: &Paths, request: &Request) -> Result<Self, AskError> {
        loop {
            match place::connect(paths.runtime()).await {
                // The one instance is sure to be there, and may not listen yet.
                Err(AskError::NotRunning) if matches!(request, Request::Open { .. }) => sleep(Duration::from_millis(20)).await,
                connected => return Ok(Self { lines: Lines::new(connected?) }),
            }
        }
    }

    /// Waits as long as the answer takes. A conversation in which no answer was awaited to its end is of no further use.
    pub async fn ask(&mut self, request: Request) -> Result<Response, AskError> {
        let line = protocol::request_line(request).map(Zeroizing::new).map_err(|error| AskError::Io(error.into()))?;
        self.lines.write(&line).await.map_err(AskError::Io)?;
        match self.lines.next(protocol::RESPONSE_BYTES_AT_MOST).await.map_err(AskError::Io)? {
            Some(Line::Whole(line)) => match protocol::response(&line).map_err(AskError::Refused)? {
                Response::Refused(refusal) => Err(AskError::Refused(refusal)),
                response @ (Response::Done | Response::Status(_) | Response::Why(_) | Response::Doctor(_) | Response::Window(_)) => {
                    Ok(response)
                }
            },
            Some(Line::TooLong) => Err(AskError::Io(io::ErrorKind::InvalidData.into())),
            None => Err(AskError::Refused(Refusal::Ending)),
        }
    }

    async fn ended(&mut self) {
        self.lines.hung_up(protocol::RESPONSE_BYTES_AT_MOST).await;
    }
}
