//! Opens a file in the program that the desktop has for it.

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

#[cfg(not(windows))]
mod command;
#[cfg(not(windows))]
use command as system;

use std::{io, path::Path};

/// Until the desktop has taken it over. Some desktops are done only when the person closes the program: nobody should wait for that.
pub async fn open(path: &Path) -> io::Result<()> {
    system::open(path).await
}

/// The command, and what stands before the file. A Mac has no program for the ending of our settings, and an editor for every text.
#[cfg(not(windows))]
const OPENER: (&str, &[&str]) = if cfg!(target_os = "macos") { ("open", &["-t"]) } else { ("xdg-open", &[]) };
