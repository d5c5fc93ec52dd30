//! The XDG autostart entry `b24status.desktop`.
//!
//! An entry in the person's own directory hides those of the system. Only the keys that start the program are ours; everything else that a
//! person writes into the file stays.
//!
//! <https://specifications.freedesktop.org/autostart-spec/latest/>

mod command;
mod entry;

use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::{env, fs};

use self::command::{program_of, starting, with_program};
use self::entry::Entry;
use super::{AutostartError, Repair, State, Switch};

const FILE: &str = "autostart/b24status.desktop";

/// Where this user's session looks, and what it should start.
pub struct Autostart {
    places: Places,
}

/// Everything that decides about an entry, as the environment says it.
#[derive(Debug, Clone)]
pub struct Places {
    /// `XDG_CONFIG_HOME`
    pub own: PathBuf,
    /// `XDG_CONFIG_DIRS`, the most important first.
    pub system: Vec<PathBuf>,
    /// `XDG_CURRENT_DESKTOP`: the names of this desktop.
    pub desktops: Vec<String>,
    /// `PATH`
    pub search: Vec<PathBuf>,
    /// This program's file.
    pub program: PathBuf,
}

impl Autostart {
    pub fn of_this_user() -> Result<Self, AutostartError> {
        Places::of_environment().map(Self::at)
    }

    pub fn at(places: Places) -> Self {
        Self { places }
    }

    /// What happens at the next login.
    pub fn state(&self) -> Result<State, AutostartError> {
        Ok(self.first()?.map_or(State::Off, |entry| self.judge(&entry)))
    }

    /// Switches, and tells what is so afterwards. Switched on, the entry starts this program.
    pub fn set(&self, switch: Switch) -> Result<State, AutostartError> {
        match switch {
            Switch::On if self.state()? == State::On => {}
            Switch::On => self.switch_on()?,
            Switch::Off => self.switch_off()?,
        }
        self.state()
    }

    /// Lets an entry that is on and whose program file is gone start this program. One that is off, starts a file that is still there,
    /// or was written for something else is left alone.
    pub fn repair(&self) -> Result<Repair, AutostartError> {
        let Some(mut entry) = self.own()? else { return Ok(Repair::NotNeeded) };
        if !self.is_broken(&entry) {
            return Ok(Repair::NotNeeded);
        }
        let exec = entry.text("Exec").unwrap_or_default();
        entry.set("Exec", &entry::escaped(&with_program(&exec, self.program()?)));
        entry.set("TryExec", &entry::escaped(self.program()?));
        self.write(&entry)?;
        Ok(Repair::Rewritten)
    }

    fn switch_on(&self) -> Result<(), AutostartError> {
        let mut entry = self.own()?.unwrap_or_else(Entry::new);
        let program = self.program()?;
        if program_of(&entry.text("Exec").unwrap_or_default()).and_then(|named| self.places.find(&named)) != Some(self.places.here()) {
            entry.set("Exec", &entry::escaped(&starting(program)));
        }
        entry.set("TryExec", &entry::escaped(program));
        entry.remove("Hidden");
        entry.set("X-GNOME-Autostart-enabled", "true");
        if !entry.is_for(&self.places.desktops) {
            entry.remove("OnlyShowIn");
            entry.remove("NotShowIn");
        }
        self.write(&entry)
    }

    /// `Hidden=true` rather than no file: that also hides an entry of the system, and keeps what a person wrote.
    fn switch_off(&self) -> Result<(), AutostartError> {
        let Some(mut entry) = self.first()? else { return Ok(()) };
        if entry.is_on() {
            entry.set("Hidden", "true");
            self.write(&entry)?;
        }
        Ok(())
    }

    fn judge(&self, entry: &Entry) -> State {
        match (self.started_by(entry), self.missing_requirement(entry)) {
            (None, _) => State::Off,
            (Some(_), Some(missing)) => State::OnElsewhere(missing),
            (Some(named), None) => match self.places.find(&named) {
                Some(found) if found == self.places.here() => State::On,
                Some(found) => State::OnElsewhere(found),
                None => State::OnElsewhere(named.into()),
            },
        }
    }

    /// On, for a program file with our name, and that file is gone.
    fn is_broken(&self, entry: &Entry) -> bool {
        let Some(named) = self.started_by(entry) else { return false };
        let name = Path::new(&named).file_name().unwrap_or_default();
        let ours = Some(name) == self.places.program.file_name() || name.to_string_lossy().starts_with("b24status");
        ours && (self.places.find(&named).is_none() || self.missing_requirement(entry).is_some())
    }

    /// What an entry that is on names as its program.
    fn started_by(&self, entry: &Entry) -> Option<String> {
        let is_on = entry.is_on() && entry.is_for(&self.places.desktops);
        program_of(&entry.text("Exec").filter(|_| is_on)?)
    }

    /// A session passes over an entry whose `TryExec` is not there.
    fn missing_requirement(&self, entry: &Entry) -> Option<PathBuf> {
        let required = entry.text("TryExec")?;
        self.places.find(&required).is_none().then(|| required.into())
    }

    fn program(&self) -> Result<&str, AutostartError> {
        let program = &self.places.program;
        program.to_str().ok_or_else(|| AutostartError::UnspeakablePath(program.clone()))
    }

    /// The entry that counts: the person's own, else the system's.
    fn first(&self) -> Result<Option<Entry>, AutostartError> {
        for directory in std::iter::once(&self.places.own).chain(&self.places.system) {
            if let Some(entry) = read(&directory.join(FILE))? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    fn own(&self) -> Result<Option<Entry>, AutostartError> {
        read(&self.places.own.join(FILE))
    }

    fn write(&self, entry: &Entry) -> Result<(), AutostartError> {
        let path = self.places.own.join(FILE);
        replace(&path, &entry.to_string()).map_err(|cause| AutostartError::NotWritable { path, cause })
    }
}

impl Places {
    /// The specifications' defaults stand in for what is not set.
    fn of_environment() -> Result<Self, AutostartError> {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        let own = set("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let own = own.or_else(|| Some(PathBuf::from(set("HOME")?).join(".config"))).ok_or(AutostartError::NoPlace)?;
        let system = set("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".into());
        let desktops = set("XDG_CURRENT_DESKTOP").unwrap_or_default();
        // An AppImage runs from a mount that is another one each time; this is the file that the person has.
        let program = set("APPIMAGE").map(PathBuf::from).map_or_else(env::current_exe, Ok);
        let program = program.map_err(|cause| AutostartError::Unreadable { path: "/proc/self/exe".into(), cause })?;
        Ok(Self {
            own,
            system: env::split_paths(&system).collect(),
            desktops: desktops.to_string_lossy().split(':').map(str::to_owned).collect(),
            search: env::split_paths(&set("PATH").unwrap_or_default()).collect(),
            program: undeleted(program),
        })
    }

    /// The program file that a name in an entry leads to, without symbolic links; `None` if it cannot be started.
    fn find(&self, named: &str) -> Option<PathBuf> {
        if named.contains('/') {
            return Some(Path::new(named)).filter(|path| path.is_absolute()).and_then(executable);
        }
        self.search.iter().find_map(|directory| executable(&directory.join(named)))
    }

    fn here(&self) -> PathBuf {
        self.program.canonicalize().unwrap_or_else(|_| self.program.clone())
    }
}

/// Linux says so of a program file that an update has replaced meanwhile.
fn undeleted(program: PathBuf) -> PathBuf {
    match program.to_str().and_then(|path| path.strip_suffix(" (deleted)")) {
        Some(path) => path.into(),
        None => program,
    }
}

fn executable(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let metadata = path.metadata().ok()?;
    (metadata.is_file() && metadata.permissions().mode() & 0o111 != 0).then_some(path)
}

fn read(path: &Path) -> Result<Option<Entry>, AutostartError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Entry::parse(&text))),
        Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(cause) => Err(AutostartError::Unreadable { path: path.to_owned(), cause }),
    }
}

/// All or nothing. A symbolic link stays one: some people keep such files elsewhere.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let directory = path.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(directory)?;
    let fresh = directory.join(".b24status.desktop.new");
    let mut file = fs::File::create(&fresh)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&fresh, &path));
    if written.is_err() {
        // The cause that counts is the first one.
        let _ = fs::remove_file(&fresh);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_file_that_an_update_replaced_is_named_as_before() {
        assert_eq!(undeleted("/opt/b24status (deleted)".into()), Path::new("/opt/b24status"));
        assert_eq!(undeleted("/opt/b24status".into()), Path::new("/opt/b24status"));
    }
}
