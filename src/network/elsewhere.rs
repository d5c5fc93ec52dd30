//! macOS: not watched yet.

use std::io;

use tokio::sync::mpsc::UnboundedSender;

use super::Changed;

pub(super) async fn watch(_: UnboundedSender<Changed>) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "this system's network is not watched yet"))
}
