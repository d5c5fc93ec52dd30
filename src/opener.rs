//! Opens a file with whatever the desktop opens such files with.

use std::{path::Path, process::Command};

use tokio::task::spawn_blocking;

/// Opens a file in the program that the desktop has for it. Its end is waited for, so that no dead process stays behind.
pub fn open(path: &Path) {
    let path = path.to_owned();
    drop(spawn_blocking(move || match Command::new(OPENER).arg(&path).status() {
        Ok(status) if status.success() => {}
        Ok(status) => tracing::warn!(%status, "the desktop did not open the file"),
        Err(error) => tracing::warn!(%error, "the desktop has nothing to open a file with"),
    }));
}

const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};
