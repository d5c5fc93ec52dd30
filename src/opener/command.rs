//! The desktop's own command for it.

use std::{io, path::Path, process::Stdio};

use tokio::process::Command;

use super::OPENER;

pub(super) async fn open(path: &Path) -> io::Result<()> {
    let (program, arguments) = OPENER;
    let mut opener = Command::new(program);
    let status = opener.args(arguments).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().await?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{program} ended with {status}"))) }
}
