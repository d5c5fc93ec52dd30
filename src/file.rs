//! Small private files: replaced whole or not at all, readable by their owner only, kept aside rather than lost.
//!
//! On Unix the mode makes them private. On Windows a new file has the permissions of its directory, and those of a person's profile are for
//! the person, the system and the administrators; a directory that the person made for others too makes our files theirs as well.
//! <https://learn.microsoft.com/windows/win32/secauthz/acl-inheritance-rules>

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

/// More than any file of ours needs, and little enough to be read at once.
const READ_AT_MOST: u64 = 4 * 1024 * 1024;

/// The text of a file; `None` where there is no file.
pub fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    file.take(READ_AT_MOST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > READ_AT_MOST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(Some(text))
}

/// Afterwards the file holds exactly this, also after a power cut; on an error it holds what it held before.
///
/// A link stays a link: what it points to is replaced. On Windows, another program that has the file open and does not share it, such as a
/// virus scanner for a moment, makes such an error. Nobody waits here: whoever keeps something goes on with it in memory, and tries again
/// or tells the person.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let directory = path.parent().unwrap_or(Path::new("."));
    create_directory(directory)?;
    let temporary = beside(&path, &format!("new-{}", std::process::id()));
    let written = write_through(&temporary, text).and_then(|()| fs::rename(&temporary, &path));
    if let Err(error) = written {
        // The first error says more than one about the remains.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    sync_directory(directory)
}

/// Adds one line. A line that a power cut tore is closed first, so that it spoils nothing but itself.
pub fn append_line(path: &Path, line: &str) -> io::Result<()> {
    create_directory(path.parent().unwrap_or(Path::new(".")))?;
    let mut file = private(OpenOptions::new().read(true).append(true).create(true)).open(path)?;
    let line = if ends_torn(&mut file)? { format!("\n{line}\n") } else { format!("{line}\n") };
    file.write_all(line.as_bytes())
}

/// Renames the file to the first free `….broken-<n>` and says where it is now.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = free_name(path)?;
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// As [`set_aside`], and the file stays where it is too.
pub fn copy_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = free_name(path)?;
    fs::copy(path, &aside)?;
    Ok(aside)
}

/// Creates the directory and what is missing above it, for the owner only.
pub fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn ends_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(io::SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn write_through(path: &Path, text: &str) -> io::Result<()> {
    // What a crash left under this name was never finished.
    let _ = fs::remove_file(path);
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Only then does a new name survive a power cut.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// A directory cannot be opened for this here; the rename is ordered by the file system's own journal.
#[cfg(not(unix))]
fn sync_directory(_directory: &Path) -> io::Result<()> {
    Ok(())
}

fn free_name(path: &Path) -> io::Result<PathBuf> {
    let names = (1..1000).map(|number| beside(path, &format!("broken-{number}")));
    names.into_iter().find(|name| fs::symlink_metadata(name).is_err()).ok_or_else(|| io::ErrorKind::AlreadyExists.into())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_file_is_private_and_leaves_nothing_else_behind() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("deep/er/file");
        replace(&path, "one").unwrap();
        replace(&path, "two").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("two"));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn a_line_after_a_torn_one_stands_by_itself() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("journal");
        append_line(&path, "one").unwrap();
        fs::write(&path, "one\ntw").unwrap();
        append_line(&path, "three").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntw\nthree\n");
    }

    #[test]
    fn what_was_kept_aside_before_stays() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("settings.toml");
        for text in ["first", "second"] {
            fs::write(&path, text).unwrap();
            set_aside(&path).unwrap();
        }
        assert_eq!(fs::read_to_string(root.path().join("settings.toml.broken-1")).unwrap(), "first");
        assert_eq!(fs::read_to_string(root.path().join("settings.toml.broken-2")).unwrap(), "second");
    }

    #[test]
    fn letters_of_all_kinds_in_a_path_make_no_difference() {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("Иван Петров 漢字").join("b24status");
        let path = directory.join("настройки 1.toml");
        assert_eq!(read(&path).unwrap(), None);
        replace(&path, "one").unwrap();
        replace(&path, "two\n").unwrap();
        append_line(&path, "three").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("two\nthree\n"));
        assert_eq!(copy_aside(&path).unwrap(), directory.join("настройки 1.toml.broken-1"));
        assert_eq!(set_aside(&path).unwrap(), directory.join("настройки 1.toml.broken-2"));
        assert_eq!(read(&path).unwrap(), None);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 2);
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_another_program_holds_stays_whole_and_is_replaced_afterwards() {
        use std::os::windows::fs::OpenOptionsExt;
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("state.json");
        replace(&path, "old").unwrap();
        let held = OpenOptions::new().read(true).share_mode(0).open(&path).unwrap();
        replace(&path, "new").unwrap_err();
        drop(held);
        assert_eq!(read(&path).unwrap().as_deref(), Some("old"));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        replace(&path, "new").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("new"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let root = tempfile::tempdir().unwrap();
        let (link, target) = (root.path().join("settings.toml"), root.path().join("dotfiles.toml"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        replace(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
    }
}
