//! Hears one redirect of a browser on this machine, and says in the browser what to do next. It knows nothing of what the answer means.
//!
//! Only while somebody signs in: the port is closed when this is dropped.

mod conversation;
mod page;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use secrecy::SecretString;
use tokio::{
    net::TcpListener,
    task::JoinSet,
    time::{Instant, timeout_at},
};

use conversation::{Conversation, converse};
use page::Pages;

use crate::text::Texts;

/// The port that stands in the application's card, unless the person chose another one. Below those that systems give out by themselves.
pub const PORT: u16 = 24824;

/// For signing in on the portal, looking for a password included.
pub const PATIENCE: Duration = Duration::from_mins(5);

/// A browser opens two or three at a time, to be quick; what else comes waits.
const CONNECTIONS: usize = 8;

/// What somebody thinks of what stood behind the question mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The answer that was waited for, whatever it says.
    Ours,
    /// An answer to another question.
    Foreign,
    /// No answer at all.
    Nothing,
}

/// Asked for each redirect, before the browser is answered.
pub type Judge = Arc<dyn Fn(&str) -> Verdict + Send + Sync>;

/// A port of this machine, ours until this is dropped.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    port: u16,
    until: Instant,
}

/// Nobody brought the answer in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedOut;

impl Listener {
    /// An error, as a rule, because another program has the port. The time starts now.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port, until: Instant::now() + PATIENCE })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The query of the one redirect that the judge takes for ours. Everybody else gets a page that says why not, and does not end the wait.
    ///
    /// Nothing is lost if the future is dropped before that: who asks again goes on waiting.
    pub async fn redirect(&self, judge: Judge, texts: &Texts) -> Result<SecretString, TimedOut> {
        timeout_at(self.until, self.hear(judge, texts)).await.map_err(|_| TimedOut)
    }

    async fn hear(&self, judge: Judge, texts: &Texts) -> SecretString {
        let conversation = Arc::new(Conversation { port: self.port, judge, pages: Pages::new(texts) });
        let mut conversations = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if conversations.len() < CONNECTIONS => match accepted {
                    Ok((stream, _)) => drop(conversations.spawn(converse(stream, Arc::clone(&conversation)))),
                    // Out of file descriptors, as a rule, or a browser that was too quick.
                    Err(error) => {
                        tracing::debug!(%error, "a browser could not be heard");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
                Some(ended) = conversations.join_next() => if let Ok(Some(query)) = ended {
                    return query;
                },
            }
        }
    }
}

/// What has to stand in the application's card.
pub fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}
