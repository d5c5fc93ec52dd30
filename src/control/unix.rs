//! The socket's place on Unix: a directory of mode 0700 that is ours, with a lock that the kernel lets go when its holder ends.

use std::{
    fs::{self, File, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use interprocess::local_socket::{
    GenericFilePath, ListenerOptions, ToFsName,
    tokio::{Listener, Stream},
    traits::{StreamCommon, tokio::Stream as _},
};

use super::{AskError, ClaimError};
use crate::file;

/// Held as long as the process lives; a crash cannot leave it behind.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// With the lock, whatever is at the socket's place and does not answer is left over from a crash.
pub(super) fn claim(directory: &Path) -> Result<(Listener, Lock), ClaimError> {
    prepare(directory)?;
    let lock = lock(directory.join("lock"))?;
    let path = socket(directory);
    let failed = |error| ClaimError::Io { path: path.clone(), error };
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
        Ok(metadata) if metadata.uid() != own_user() => return Err(ClaimError::Foreign { path }),
        // The lock's file was deleted under its holder.
        Ok(_) if std::os::unix::net::UnixStream::connect(&path).is_ok() => return Err(ClaimError::AlreadyRunning),
        Ok(_) => {
            tracing::debug!("a control socket was left behind: it is replaced");
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    let name = path.as_path().to_fs_name::<GenericFilePath>().map_err(failed)?;
    let listener = ListenerOptions::new().name(name).create_tokio().map_err(failed)?;
    Ok((listener, lock))
}

pub(super) async fn connect(directory: &Path) -> Result<Stream, AskError> {
    let path = socket(directory);
    if fs::symlink_metadata(directory).is_ok_and(|metadata| metadata.uid() != own_user()) {
        return Err(AskError::Foreign { path: directory.to_owned() });
    }
    let name = path.as_path().to_fs_name::<GenericFilePath>().map_err(AskError::Io)?;
    let stream = match Stream::connect(name).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Err(AskError::NotRunning);
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(AskError::Foreign { path }),
        Err(error) => return Err(AskError::Io(error)),
    };
    if is_own(&stream) { Ok(stream) } else { Err(AskError::Foreign { path }) }
}

/// Whether the other end is a process of the same user.
pub(super) fn is_own(stream: &Stream) -> bool {
    stream.peer_creds().is_ok_and(|peer| peer.euid() == Some(own_user()))
}

/// A directory that others could have prepared for us, as in `/tmp`, is looked at before it is used.
fn prepare(directory: &Path) -> Result<(), ClaimError> {
    let failed = |error| ClaimError::Io { path: directory.to_owned(), error };
    file::create_directory(directory).map_err(failed)?;
    let metadata = fs::symlink_metadata(directory).map_err(failed)?;
    if metadata.uid() != own_user() {
        return Err(ClaimError::Foreign { path: directory.to_owned() });
    }
    if !metadata.is_dir() {
        return Err(failed(io::ErrorKind::NotADirectory.into()));
    }
    if metadata.mode() & 0o077 != 0 {
        fs::set_permissions(directory, Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

fn lock(path: PathBuf) -> Result<Lock, ClaimError> {
    let file = match OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path) {
        Ok(file) => file,
        Err(_) if is_foreign(&path) => return Err(ClaimError::Foreign { path }),
        Err(error) => return Err(ClaimError::Io { path, error }),
    };
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(ClaimError::AlreadyRunning),
        Err(TryLockError::Error(error)) => Err(ClaimError::Io { path, error }),
    }
}

fn is_foreign(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.uid() != own_user())
}

fn socket(directory: &Path) -> PathBuf {
    directory.join("control.sock")
}

fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}
