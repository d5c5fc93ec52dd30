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
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

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

#[cfg(test)]
#[cfg(any(target_os = "linux", windows))]
mod tests {
    use std::{fs, time::Duration};

    use tokio::{
        sync::mpsc::{UnboundedReceiver, unbounded_channel},
        task::{LocalSet, yield_now},
        time::timeout,
    };

    use super::*;

    #[tokio::test]
    async fn a_file_that_is_written_or_replaced_is_told_once() {
        on_a_file(async |file, edits| {
            fs::write(file, "language = \"ru\"").unwrap();
            fs::write(file, "language = \"en\"").unwrap();
            assert_eq!(edits.recv().await, Some(Edited));
            let new = file.with_extension("new");
            fs::write(&new, "language = \"ru\"").unwrap();
            fs::rename(&new, file).unwrap();
            assert_eq!(edits.recv().await, Some(Edited));
            assert!(timeout(Duration::from_millis(500), edits.recv()).await.is_err());
        })
        .await;
    }

    #[tokio::test]
    async fn other_files_and_an_end_of_the_file_are_no_edits() {
        on_a_file(async |file, edits| {
            fs::write(file, "").unwrap();
            assert_eq!(edits.recv().await, Some(Edited));
            fs::write(file.with_extension("swp"), "").unwrap();
            fs::remove_file(file).unwrap();
            assert!(timeout(Duration::from_millis(500), edits.recv()).await.is_err());
        })
        .await;
    }

    /// In a directory that does not exist before.
    async fn on_a_file(story: impl AsyncFnOnce(&Path, &mut UnboundedReceiver<Edited>)) {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("b24status").join("settings.toml");
        let (told, mut edits) = unbounded_channel();
        let body = async {
            let _watch: Watch = watch(&file, told);
            while !file.parent().unwrap().exists() {
                yield_now().await;
            }
            story(&file, &mut edits).await;
        };
        LocalSet::new().run_until(body).await;
    }
}
