//! When somebody edited the settings file, whichever program they used. Nothing polls, and nothing here reads the file.

use std::path::Path;

use tokio::{
    sync::mpsc::UnboundedSender,
    task::{JoinHandle, spawn_local},
};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
use elsewhere as system;

/// The file was written, perhaps by this very process; told once for all that comes within a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edited;

/// Watches until it is dropped.
pub struct Watch {
    watching: JoinHandle<()>,
}

/// Begins to watch this file, inside a [`tokio::task::LocalSet`]. Where that cannot be done, the log says so and nothing is ever told.
pub fn watch(file: &Path, edits: UnboundedSender<Edited>) -> Watch {
    let file = file.to_owned();
    let watching = spawn_local(async move {
        if let Err(error) = system::watch(&file, edits).await {
            tracing::warn!(%error, "edits of the settings file are not seen: they hold from the next start");
        }
    });
    Watch { watching }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watching.abort();
    }
}
