//! Linux: inotify on the directory, because editors put a new file in the place of the old one. A file that only vanishes is no edit:
//! some editors take it away first. Of a link, only its own replacement is seen.

use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::timeout;

use super::Edited;
use crate::file::create_directory;

pub(super) async fn watch(file: &Path, edits: UnboundedSender<Edited>) -> io::Result<()> {
    /// An editor may write in several steps.
    const BURST: Duration = Duration::from_millis(300);
    let (Some(directory), Some(name)) = (file.parent(), file.file_name()) else { return Err(io::ErrorKind::InvalidInput.into()) };
    // Before the first settings are written there is none.
    create_directory(directory)?;
    let inotify = registered(init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?)?;
    add_watch(inotify.get_ref(), directory, WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::ONLYDIR)?;
    loop {
        written(&inotify, name).await?;
        while let Ok(written) = timeout(BURST, written(&inotify, name)).await {
            written?;
        }
        if edits.send(Edited).is_err() {
            return Ok(());
        }
    }
}

/// Until a file of this name was written. May be dropped at any point.
async fn written(inotify: &AsyncFd<OwnedFd>, name: &OsStr) -> io::Result<()> {
    while !inotify.async_io(Interest::READABLE, |inotify| is_written(inotify, name)).await? {}
    Ok(())
}

/// Reads everything that is to be read.
fn is_written(inotify: &OwnedFd, name: &OsStr) -> io::Result<bool> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = Reader::new(inotify, &mut buffer);
    let mut found = None;
    loop {
        match events.next() {
            Ok(event) => {
                let is_it = event.file_name().is_some_and(|named| named.to_bytes() == name.as_bytes());
                found = Some(found.unwrap_or(false) || is_it);
            }
            Err(Errno::AGAIN) => return found.ok_or_else(|| io::ErrorKind::WouldBlock.into()),
            Err(error) => return Err(error.into()),
        }
    }
}

fn registered(descriptor: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: the descriptor is open and owned; nothing here replaces or closes it while it is registered.
    Ok(unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE) }?)
}
