//! The desktop's own command for it.

use std::{ffi::OsStr, io, path::Path, process::Stdio};

use tokio::process::Command;

use super::{BROWSER, OPENER};

pub(super) async fn open(path: &Path) -> io::Result<()> {
    let (program, arguments) = OPENER;
    run(program, arguments, path.as_os_str()).await
}

pub(super) async fn browse(address: &OsStr) -> io::Result<()> {
    run(BROWSER, &[], address).await
}

async fn run(program: &str, arguments: &[&str], what: &OsStr) -> io::Result<()> {
    let mut opener = Command::new(program);
    let status = opener.args(arguments).arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().await?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{program} ended with {status}"))) }
}
