//! macOS: kqueue on the directory, because editors put a new file in the place of the old one, and on the file itself for those that
//! write into it. A file that only vanishes is no edit.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::ptr::null_mut;
use std::time::Duration;

use rustix::event::kqueue::{Event, EventFilter, EventFlags, VnodeEvents, kevent, kqueue};
use rustix::io::{FdFlags, fcntl_setfd};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::sleep;

use super::Edited;
use crate::file::create_directory;

pub(super) async fn watch(file: &Path, edits: UnboundedSender<Edited>) -> io::Result<()> {
    /// An editor may write in several steps.
    const BURST: Duration = Duration::from_millis(300);
    let directory = file.parent().ok_or(io::ErrorKind::InvalidInput)?;
    // Before the first settings are written there is none.
    create_directory(directory)?;
    let queue = open()?;
    let _directory = added(&queue, directory)?;
    let mut looked = Stamp::of(file);
    let mut told = looked;
    loop {
        // Another file may stand there each time. That none is there yet is told by the directory.
        let _file = added(&queue, file).ok();
        if looked == Stamp::of(file) {
            happened(&queue).await?;
        }
        sleep(BURST).await;
        looked = Stamp::of(file);
        if looked.is_some() && looked != told {
            if edits.send(Edited).is_err() {
                return Ok(());
            }
            told = looked;
        }
    }
}

/// By what an edited file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    size: u64,
    written: (i64, i64),
}

impl Stamp {
    fn of(file: &Path) -> Option<Self> {
        let metadata = fs::metadata(file).ok()?;
        Some(Self { inode: metadata.ino(), size: metadata.size(), written: (metadata.mtime(), metadata.mtime_nsec()) })
    }
}

fn open() -> io::Result<AsyncFd<OwnedFd>> {
    let queue = kqueue()?;
    fcntl_setfd(&queue, FdFlags::CLOEXEC)?;
    // SAFETY: the queue is open and owned; nothing here replaces or closes it while it is registered.
    Ok(unsafe { AsyncFd::register_with_interest(queue, Interest::READABLE) }?)
}

/// What happens to it is told until the file is dropped.
fn added(queue: &AsyncFd<OwnedFd>, path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    let filter = EventFilter::Vnode { vnode: file.as_raw_fd(), flags: VnodeEvents::WRITE | VnodeEvents::EXTEND };
    let wanted = [Event::new(filter, EventFlags::ADD | EventFlags::CLEAR, null_mut())];
    let mut none: [Event; 0] = [];
    // SAFETY: the descriptor is open; when it is closed, the kernel forgets it by itself.
    unsafe { kevent(queue.get_ref(), &wanted, &mut none[..], Some(Duration::ZERO)) }?;
    Ok(file)
}

/// Until something did, and it is read away. May be dropped at any point.
async fn happened(queue: &AsyncFd<OwnedFd>) -> io::Result<()> {
    let read = |queue: &OwnedFd| {
        let mut events = Vec::with_capacity(8);
        // SAFETY: nothing is changed, and no descriptor is named.
        unsafe { kevent(queue, &[], rustix::buffer::spare_capacity(&mut events), Some(Duration::ZERO)) }?;
        if events.is_empty() { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
    };
    queue.async_io(Interest::READABLE, read).await
}
