//! Opens a file in the program that the desktop has for it, and an address in the browser.

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

#[cfg(not(windows))]
mod command;
#[cfg(not(windows))]
use command as system;

use std::{ffi::OsStr, io, path::Path};

/// Until the desktop has taken it over. Some desktops are done only when the person closes the program: nobody should wait for that.
pub async fn open(path: &Path) -> io::Result<()> {
    system::open(path).await
}

/// As [`open`], in the browser. Whoever calls it has made the address, or looked at it: anything else could be opened by it, too.
pub async fn browse(address: &str) -> io::Result<()> {
    system::browse(OsStr::new(address)).await
}

/// The command, and what stands before the file. A Mac has no program for the ending of our settings, and an editor for every text.
#[cfg(not(windows))]
const OPENER: (&str, &[&str]) = if cfg!(target_os = "macos") { ("open", &["-t"]) } else { ("xdg-open", &[]) };

/// For an address it is the browser on either system.
#[cfg(not(windows))]
const BROWSER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
