//! Windows: the directory tells what happens in it, because editors put a new file in the place of the old one. A file that only vanishes
//! is no edit: some editors take it away first. One thread waits; a look at the directory has no other way to be waited for here.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStringExt;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::timeout;
use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ACTION_ADDED, FILE_ACTION_MODIFIED, FILE_ACTION_RENAMED_NEW_NAME, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OVERLAPPED,
    FILE_LIST_DIRECTORY, FILE_NOTIFY_CHANGE_FILE_NAME, FILE_NOTIFY_CHANGE_LAST_WRITE, FILE_NOTIFY_CHANGE_SIZE, ReadDirectoryChangesW,
};
use windows_sys::Win32::System::IO::{CancelIoEx, GetOverlappedResult, OVERLAPPED};

use super::Edited;
use crate::file::create_directory;

pub(super) async fn watch(file: &Path, edits: UnboundedSender<Edited>) -> io::Result<()> {
    /// An editor may write in several steps.
    const BURST: Duration = Duration::from_millis(300);
    let (Some(directory), Some(name)) = (file.parent(), file.file_name()) else { return Err(io::ErrorKind::InvalidInput.into()) };
    // Before the first settings are written there is none.
    create_directory(directory)?;
    let (told, mut written) = unbounded_channel();
    let _following = Following::begin(directory, name.to_owned(), told)?;
    while let Some(Written) = written.recv().await {
        while let Ok(Some(Written)) = timeout(BURST, written.recv()).await {}
        if edits.send(Edited).is_err() {
            return Ok(());
        }
    }
    Err(io::Error::new(io::ErrorKind::NotFound, "the directory tells nothing any more"))
}

/// A file of the name that is watched.
struct Written;

/// The thread that waits. It ends when this is dropped.
struct Following {
    directory: Arc<Directory>,
}

struct Directory {
    handle: File,
    is_over: AtomicBool,
}

impl Following {
    /// Whatever happens from now on is told.
    fn begin(directory: &Path, name: OsString, told: UnboundedSender<Written>) -> io::Result<Self> {
        let directory = Arc::new(Directory { handle: open(directory)?, is_over: AtomicBool::new(false) });
        let (begun, beginning) = mpsc::sync_channel(1);
        let followed = Arc::clone(&directory);
        let follow = move || match Changes::begin(&followed) {
            Ok(changes) => {
                // Who waits for this does not go away before.
                let _ = begun.send(Ok(()));
                follow(changes, &name, &told);
            }
            Err(error) => _ = begun.send(Err(error)),
        };
        thread::Builder::new().name("settings".to_owned()).stack_size(STACK).spawn(follow)?;
        beginning.recv().map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))??;
        Ok(Self { directory })
    }
}

/// It does next to nothing.
const STACK: usize = 64 * 1024;

impl Drop for Following {
    fn drop(&mut self) {
        self.directory.is_over.store(true, Ordering::SeqCst);
        self.directory.cancel();
    }
}

fn open(directory: &Path) -> io::Result<File> {
    let flags = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED;
    // Everybody else may do with the directory what they like: so is the standard library's way of sharing.
    OpenOptions::new().access_mode(FILE_LIST_DIRECTORY).custom_flags(flags).open(directory)
}

fn follow(mut changes: Changes<'_>, name: &OsStr, told: &UnboundedSender<Written>) {
    let directory = changes.directory;
    loop {
        match changes.next() {
            Ok(happened) => {
                if concerns(happened, name) && told.send(Written).is_err() {
                    return;
                }
            }
            Err(_) if directory.is_over.load(Ordering::SeqCst) => return,
            Err(error) => return tracing::debug!(%error, "the directory of the settings is gone"),
        }
    }
}

impl Directory {
    fn handle(&self) -> HANDLE {
        self.handle.as_raw_handle().cast()
    }

    fn cancel(&self) {
        // SAFETY: the handle is open. Without a question under way nothing happens.
        unsafe { CancelIoEx(self.handle(), null()) };
    }
}

/// One question under way at a time. Its places stay where they are until it is answered.
struct Changes<'a> {
    directory: &'a Directory,
    buffer: Box<Buffer>,
    overlapped: Box<OVERLAPPED>,
    under_way: bool,
}

/// Aligned as its records are.
#[repr(C, align(4))]
struct Buffer([u8; 4096]);

impl<'a> Changes<'a> {
    fn begin(directory: &'a Directory) -> io::Result<Self> {
        let buffer = Box::new(Buffer([0; 4096]));
        let mut changes = Self { directory, buffer, overlapped: Box::default(), under_way: false };
        changes.ask()?;
        Ok(changes)
    }

    /// What happened next, as records. Nothing at all stands for more than could be written down.
    fn next(&mut self) -> io::Result<&[u8]> {
        if !self.under_way {
            self.ask()?;
        }
        // One that is dropped between a question and the wait for its answer has cancelled too early.
        if self.directory.is_over.load(Ordering::SeqCst) {
            self.directory.cancel();
        }
        let length = self.answer()?;
        Ok(self.buffer.0.get(..length).unwrap_or_default())
    }

    fn ask(&mut self) -> io::Result<()> {
        let what = FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_SIZE;
        *self.overlapped = OVERLAPPED::default();
        let Self { directory, buffer, overlapped, .. } = self;
        let (place, length) = ((&raw mut buffer.0).cast(), buffer.0.len() as u32);
        // SAFETY: buffer and structure are on the heap, untouched and kept until the answer is there (see `next` and `drop`).
        let asked = unsafe { ReadDirectoryChangesW(directory.handle(), place, length, 0, what, null_mut(), &raw mut **overlapped, None) };
        self.under_way = asked != 0;
        if self.under_way { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Waits.
    fn answer(&mut self) -> io::Result<usize> {
        let mut length = 0;
        // SAFETY: the structure is that of the question under way.
        let answered = unsafe { GetOverlappedResult(self.directory.handle(), &raw const *self.overlapped, &raw mut length, 1) };
        let error = io::Error::last_os_error();
        self.under_way = false;
        if answered == 0 { Err(error) } else { Ok(length as usize) }
    }
}

/// Windows writes into the places until the question is answered.
impl Drop for Changes<'_> {
    fn drop(&mut self) {
        if self.under_way {
            self.directory.cancel();
            let _ = self.answer();
        }
    }
}

fn concerns(records: &[u8], name: &OsStr) -> bool {
    records.is_empty() || changes(records).any(|(action, named)| is_written(action) && named.eq_ignore_ascii_case(name))
}

fn is_written(action: u32) -> bool {
    [FILE_ACTION_ADDED, FILE_ACTION_MODIFIED, FILE_ACTION_RENAMED_NEW_NAME].contains(&action)
}

/// The records of <https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-file_notify_information>, one after another.
fn changes(mut records: &[u8]) -> impl Iterator<Item = (u32, OsString)> {
    const HEAD: usize = 12;
    std::iter::from_fn(move || {
        let number = |at: usize| Some(u32::from_ne_bytes(*records.get(at..)?.first_chunk()?));
        let (next, action, length) = (number(0)? as usize, number(4)?, number(8)? as usize);
        let units: Vec<u16> =
            records.get(HEAD..HEAD + length)?.chunks_exact(2).map(|unit| u16::from_ne_bytes([unit[0], unit[1]])).collect();
        records = if next == 0 { &[] } else { records.get(next..).unwrap_or_default() };
        Some((action, OsString::from_wide(&units)))
    })
}

#[cfg(test)]
mod tests {
    use windows_sys::Win32::Storage::FileSystem::{FILE_ACTION_REMOVED, FILE_ACTION_RENAMED_OLD_NAME};

    use super::*;

    #[test]
    fn records_are_read_one_after_another_and_names_as_windows_compares_them() {
        let records = [record(FILE_ACTION_REMOVED, "settings.toml", 40), record(FILE_ACTION_RENAMED_NEW_NAME, "Settings.TOML", 0)].concat();
        assert!(concerns(&records, OsStr::new("settings.toml")));
        assert!(!concerns(&records, OsStr::new("settings.tom")));
        for action in [FILE_ACTION_REMOVED, FILE_ACTION_RENAMED_OLD_NAME, 0, 99] {
            assert!(!concerns(&record(action, "settings.toml", 0), OsStr::new("settings.toml")), "{action}");
        }
        assert!(concerns(&[], OsStr::new("settings.toml")), "more happened than could be told");
    }

    #[test]
    fn what_windows_would_never_write_concerns_nobody() {
        for filling in [0, 1, 0xff] {
            for length in 1..64 {
                assert!(!concerns(&vec![filling; length], OsStr::new("settings.toml")), "{length} × {filling}");
            }
        }
    }

    fn record(action: u32, name: &str, next: u32) -> Vec<u8> {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_ne_bytes).collect();
        let mut record = [next, action, name.len() as u32].map(u32::to_ne_bytes).concat();
        record.extend(name);
        record.resize(record.len().next_multiple_of(4), 0);
        record
    }
}
