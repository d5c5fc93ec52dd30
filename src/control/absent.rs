//! No control socket on this platform yet: a named pipe with the user's own rights comes with its port, and until then both sides say so.

use std::{io, path::Path};

use interprocess::local_socket::tokio::{Listener, Stream};

use super::{AskError, ClaimError};

#[derive(Debug)]
pub(super) enum Lock {}

pub(super) fn claim(directory: &Path) -> Result<(Listener, Lock), ClaimError> {
    Err(ClaimError::Io { path: directory.to_owned(), error: io::ErrorKind::Unsupported.into() })
}

/// Nothing was claimed, so nothing runs.
pub(super) async fn connect(_directory: &Path) -> Result<Stream, AskError> {
    Err(AskError::NotRunning)
}

pub(super) fn is_own(_stream: &Stream) -> bool {
    false
}
