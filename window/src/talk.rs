//! The way to the app: one thread beside the main one, which waits for sockets, programs and clocks.

use std::{future::Future, io, sync::Arc, thread, time::Duration};

use b24status::{
    control::{
        self, AskError, Conversation, Refusal, Request, Response,
        window::{Told, Wanted},
    },
    paths::Paths,
};
use tokio::runtime::{Builder, Handle};

/// As good as for ever: the app answers when something is new, or a person has done something in a browser.
const FOR_EVER: Duration = Duration::from_hours(24 * 365);

/// A local socket is there or it is not.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);

/// Why there is no answer of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// None runs, or it has just ended.
    NotRunning,
    OtherVersion {
        running: String,
    },
    /// Something at the app's place belongs to another user.
    Foreign {
        path: String,
    },
    /// It runs and does not answer as it should.
    Odd {
        reason: String,
    },
}

#[derive(Clone)]
pub(crate) struct Talk {
    paths: Arc<Paths>,
    runtime: Handle,
}

impl Talk {
    /// The thread ends with the process.
    pub(crate) fn begin(paths: Paths) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        thread::Builder::new()
            .name("talk".to_owned())
            .stack_size(256 * 1024)
            .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
        Ok(Self { paths: Arc::new(paths), runtime: handle })
    }

    /// Asks what a window asks. It waits as long as it takes.
    pub(crate) async fn wanted(&self, wanted: Wanted) -> Result<Told, Trouble> {
        told(self.ask(Request::Window(wanted)).await?)
    }

    /// Watches on one connection, by which the app knows this window: it is begun where there is none, and handed back with what was told.
    pub(crate) async fn watch(&self, watching: Option<Conversation>, seen: Option<u64>) -> Result<(Told, Conversation), Trouble> {
        let paths = Arc::clone(&self.paths);
        let watched = self.over_there(async move {
            let mut watching = match watching {
                Some(watching) => watching,
                None => control::connect(&paths, CONNECTS_WITHIN).await?,
            };
            let response = watching.ask(Request::Window(Wanted::Watch { seen })).await?;
            Ok((response, watching))
        });
        let (response, watching) = watched.await.unwrap_or(Err(AskError::NotRunning)).map_err(Trouble::from)?;
        Ok((told(response)?, watching))
    }

    /// Asks anything.
    pub(crate) async fn ask(&self, request: Request) -> Result<Response, Trouble> {
        let paths = Arc::clone(&self.paths);
        let answer = self.over_there(async move { control::ask(&paths, request, FOR_EVER).await }).await;
        answer.unwrap_or(Err(AskError::NotRunning)).map_err(Trouble::from)
    }

    pub(crate) async fn pause(&self, duration: Duration) {
        self.over_there(async move { tokio::time::sleep(duration).await }).await;
    }

    /// Runs on the other thread. Dropping the future does not end it. `None` where it could not run to its end.
    pub(crate) async fn over_there<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> Option<T> {
        self.runtime.spawn(task).await.ok()
    }
}

fn told(response: Response) -> Result<Told, Trouble> {
    match response {
        Response::Window(told) => Ok(told),
        other @ (Response::Done | Response::Status(_) | Response::Why(_) | Response::Doctor(_) | Response::Refused(_)) => {
            Err(Trouble::Odd { reason: format!("{other:?}") })
        }
    }
}

impl From<AskError> for Trouble {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NotRunning | AskError::Refused(Refusal::Ending) => Self::NotRunning,
            AskError::Foreign { path } => Self::Foreign { path: path.display().to_string() },
            AskError::Refused(Refusal::OtherVersion { running }) => Self::OtherVersion { running },
            AskError::Refused(Refusal::NotUnderstood { reason }) => Self::Odd { reason },
            AskError::Refused(Refusal::TooManyConnections) => Self::Odd { reason: "too many connections".to_owned() },
            AskError::NoAnswer => Self::Odd { reason: "no answer".to_owned() },
            AskError::Io(error) if ended_meanwhile(&error) => Self::NotRunning,
            AskError::Io(error) => Self::Odd { reason: error.to_string() },
        }
    }
}

/// The other end of the socket went away while we spoke.
fn ended_meanwhile(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted)
}
