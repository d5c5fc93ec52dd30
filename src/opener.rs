//! Opens a file in the program that the desktop has for it.

use std::{io, path::Path, process::Stdio};

use tokio::process::Command;

/// Until the desktop has taken it over. Some desktops are done only when the person closes the program: nobody should wait for that.
pub async fn open(path: &Path) -> io::Result<()> {
    let mut opener = Command::new(OPENER);
    let status = opener.args(IN_AN_EDITOR).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().await?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{OPENER} ended with {status}"))) }
}

const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};

/// A Mac has no program for the ending of our settings, and an editor for every text.
const IN_AN_EDITOR: &[&str] = if cfg!(target_os = "macos") { &["-t"] } else { &[] };
