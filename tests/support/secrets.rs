//! Where a secret is found on a desktop: it has to be in the keyring, and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::rig;

/// Every secret of ours that the keyring gives out.
pub fn in_the_keyring() -> String {
    let output = Command::new("secret-tool").args(["search", "--all", "application", "b24status"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// In no file below the rig's home and no log, and in no argument and no variable of a process of this desktop.
#[track_caller]
pub fn assert_only_in_the_keyring(secret: &str) {
    assert!(in_the_keyring().contains(secret), "not in the keyring");
    let mut files = Vec::new();
    collect(&rig::directory(), &mut files);
    files.retain(|file| has(file, secret));
    assert_eq!(files, Vec::<PathBuf>::new(), "files that hold the secret");
    let processes = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path()).filter(|process| is_of_this_desktop(process));
    let mut told: Vec<_> = processes.flat_map(|process| ["cmdline", "environ"].map(|name| process.join(name))).collect();
    told.retain(|file| has(file, secret));
    assert_eq!(told, Vec::<PathBuf>::new(), "processes that tell the secret");
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&entry.path(), files),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            Ok(_) | Err(_) => {}
        }
    }
}

/// A process may have ended meanwhile.
fn has(file: &Path, text: &str) -> bool {
    let bytes = fs::read(file).unwrap_or_default();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn is_of_this_desktop(process: &Path) -> bool {
    has(&process.join("environ"), &format!("RIG={}", rig::directory().display()))
}
