//! When a way to the portals may have appeared. Nothing polls, and nothing here knows whether a portal can be reached.

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;
#[cfg(any(target_os = "macos", test))]
mod route_message;

/// An address or a route that was not there before; told once for all that come within a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed;

/// Watches until it is dropped.
pub struct Watch {
    watching: JoinHandle<()>,
}

/// Begins to watch on the current tokio runtime. Where that cannot be done, the log says so and nothing is ever told.
pub fn watch(changes: UnboundedSender<Changed>) -> Watch {
    let watching = tokio::spawn(async move {
        if let Err(error) = system::watch(changes).await {
            tracing::warn!(%error, "changes of the network are not seen; portals are tried again by the clock alone");
        }
    });
    Watch { watching }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watching.abort();
    }
}
