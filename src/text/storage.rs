//! Why a file could not be written, in words.

use std::{io, path::Path};

use super::Texts;

impl Texts {
    /// What to do about it is in it.
    pub fn not_written(&self, path: &Path, error: &io::Error) -> String {
        let path = path.display().to_string();
        #[expect(clippy::wildcard_enum_match_arm, reason = "the kinds of the standard library are open-ended")]
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => self.say_with("storage-full", &[("path", path.into())]),
            io::ErrorKind::ReadOnlyFilesystem => self.say_with("storage-read-only", &[("path", path.into())]),
            io::ErrorKind::PermissionDenied => self.say_with("storage-denied", &[("path", path.into())]),
            _ => self.say_with("storage-failed", &[("path", path.into()), ("reason", error.to_string().into())]),
        }
    }
}
