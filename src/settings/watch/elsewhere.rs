//! macOS: no way yet to learn of an edited file here.

use std::{io, path::Path};

use tokio::sync::mpsc::UnboundedSender;

use super::Edited;

pub(super) async fn watch(_file: &Path, _edits: UnboundedSender<Edited>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
