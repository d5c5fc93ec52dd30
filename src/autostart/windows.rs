//! The value `b24status` in the Run key of the person, and what Task Manager and the settings of Windows say about it.
//!
//! They leave the value in place and keep beside it, in `StartupApproved`, whether it counts. Microsoft describes that key nowhere; what it
//! holds was seen: twelve bytes, of which the first is odd where the person said no. Switched off here, nothing of ours is left in either
//! key. Entries for everybody (`HKEY_LOCAL_MACHINE`) are not looked at: no installer of ours writes one.
//!
//! <https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys>

mod command;

use std::io;
use std::path::{Path, PathBuf};
use std::{env, fs};

use windows_registry::{CURRENT_USER, Key, Type, Value};
use windows_sys::Win32::Foundation::ERROR_INVALID_DATA;

use self::command::{expanded, program_of, starting, with_program};
use super::{AutostartError, Repair, State, Switch};

const NAME: &str = "b24status";

/// The longest command line that the Run key takes, in UTF-16 units.
const COMMAND_AT_MOST: usize = 260;

/// Where Windows looks at sign-in, and what it should start.
pub struct Autostart {
    places: Places,
}

/// Everything that decides about an entry.
#[derive(Debug, Clone)]
pub struct Places {
    /// The Run key, below `HKEY_CURRENT_USER`.
    pub run: String,
    /// The key in which Windows keeps what the person switched off, below `HKEY_CURRENT_USER`.
    pub approved: String,
    /// This program's file.
    pub program: PathBuf,
}

/// A value of the Run key that Windows would start something by.
struct Entry {
    command: String,
    approval: Approval,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Approval {
    Given,
    /// Switched off in Task Manager or in the settings of Windows.
    Withdrawn,
}

impl Autostart {
    pub fn of_this_user() -> Result<Self, AutostartError> {
        let program = env::current_exe().map_err(|cause| AutostartError::Unreadable { path: NAME.into(), cause })?;
        let run = r"Software\Microsoft\Windows\CurrentVersion\Run".to_owned();
        let approved = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run".to_owned();
        Ok(Self::at(Places { run, approved, program }))
    }

    pub fn at(places: Places) -> Self {
        Self { places }
    }

    /// What happens at the next sign-in.
    pub fn state(&self) -> Result<State, AutostartError> {
        Ok(self.entry()?.map_or(State::Off, |entry| self.judge(&entry)))
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
        let Some(entry) = self.entry()?.filter(|entry| self.is_broken(entry)) else { return Ok(Repair::NotNeeded) };
        self.write(&with_program(&entry.command, self.program()?, is_file))?;
        Ok(Repair::Rewritten)
    }

    /// A command line that starts this program already keeps its arguments.
    fn switch_on(&self) -> Result<(), AutostartError> {
        let kept = self.entry()?.filter(|entry| self.named_by(entry).is_some_and(|named| find(&named) == Some(self.here())));
        if kept.is_none() {
            self.write(&starting(self.program()?))?;
        }
        self.approve()
    }

    /// The approval last: without the value, it says nothing.
    fn switch_off(&self) -> Result<(), AutostartError> {
        [&self.places.run, &self.places.approved].into_iter().try_for_each(|path| forget(path))
    }

    fn judge(&self, entry: &Entry) -> State {
        let Some(named) = self.started_by(entry) else { return State::Off };
        match find(&named) {
            Some(found) if found == self.here() => State::On,
            Some(_) | None => State::OnElsewhere(named.into()),
        }
    }

    /// On, for a program file with our name, and that file is gone.
    fn is_broken(&self, entry: &Entry) -> bool {
        let Some(named) = self.started_by(entry).map(PathBuf::from) else { return false };
        let name = named.file_name().unwrap_or_default();
        let ours = Some(name) == self.places.program.file_name() || name.to_string_lossy().to_lowercase().starts_with(NAME);
        ours && named.is_absolute() && !named.is_file()
    }

    /// What an entry that is on names as its program.
    fn started_by(&self, entry: &Entry) -> Option<String> {
        match entry.approval {
            Approval::Given => self.named_by(entry),
            Approval::Withdrawn => None,
        }
    }

    fn named_by(&self, entry: &Entry) -> Option<String> {
        program_of(&entry.command, is_file)
    }

    fn program(&self) -> Result<&str, AutostartError> {
        let program = &self.places.program;
        program.to_str().ok_or_else(|| AutostartError::UnspeakablePath(program.clone()))
    }

    fn here(&self) -> PathBuf {
        find(&self.places.program).unwrap_or_else(|| self.places.program.clone())
    }

    fn entry(&self) -> Result<Option<Entry>, AutostartError> {
        let Some(value) = read(&self.places.run)? else { return Ok(None) };
        Ok(command_in(&value).map(|command| Entry { command, approval: self.approval() }))
    }

    /// What cannot be read was not withdrawn.
    fn approval(&self) -> Approval {
        match read(&self.places.approved) {
            Ok(Some(value)) if value.first().is_some_and(|first| first % 2 == 1) => Approval::Withdrawn,
            Ok(_) => Approval::Given,
            Err(error) => {
                tracing::debug!(%error, "whether Windows starts us cannot be read");
                Approval::Given
            }
        }
    }

    fn approve(&self) -> Result<(), AutostartError> {
        match self.approval() {
            Approval::Given => Ok(()),
            Approval::Withdrawn => write(&self.places.approved, |key| {
                let mut given = [0; 12];
                given[0] = 2;
                key.set_bytes(NAME, Type::Bytes, &given)
            }),
        }
    }

    fn write(&self, command: &str) -> Result<(), AutostartError> {
        if command.encode_utf16().count() > COMMAND_AT_MOST {
            return Err(AutostartError::TooLong(self.places.program.clone()));
        }
        write(&self.places.run, |key| key.set_string(NAME, command))
    }
}

/// Windows passes over a value that is no text, and reads a text up to its first zero.
fn command_in(value: &Value) -> Option<String> {
    let text = || String::from_utf16_lossy(value.as_wide().split(|unit| *unit == 0).next().unwrap_or_default());
    match value.ty() {
        Type::String => Some(text()),
        Type::ExpandString => Some(expanded(&text(), |name| env::var_os(name))),
        Type::U32 | Type::U64 | Type::MultiString | Type::Bytes | Type::Other(_) => None,
    }
}

/// The file behind a name, without links and short names; `None` if there is none.
fn find(named: impl AsRef<Path>) -> Option<PathBuf> {
    let path = Some(named.as_ref()).filter(|path| path.is_absolute())?;
    fs::canonicalize(path).ok().filter(|path| path.is_file())
}

fn is_file(path: &str) -> bool {
    find(path).is_some()
}

fn read(path: &str) -> Result<Option<Value>, AutostartError> {
    let value = CURRENT_USER.open(path).and_then(|key| key.get_value(NAME));
    value.map(Some).or_else(|error| match cause(error.code().0) {
        cause if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        cause => Err(AutostartError::Unreadable { path: spoken(path), cause }),
    })
}

fn write(path: &str, change: impl Fn(&Key) -> windows_registry::Result<()>) -> Result<(), AutostartError> {
    let written = CURRENT_USER.create(path).and_then(|key| change(&key));
    written.map_err(|error| AutostartError::NotWritable { path: spoken(path), cause: cause(error.code().0) })
}

/// No key is made for the sake of removing something from it.
fn forget(path: &str) -> Result<(), AutostartError> {
    if read(path)?.is_none() {
        return Ok(());
    }
    write(path, |key| key.remove_value(NAME))
}

fn spoken(path: &str) -> PathBuf {
    Path::new("HKEY_CURRENT_USER").join(path)
}

/// The registry's errors wear the code of Windows as their lower half.
fn cause(code: i32) -> io::Error {
    const OF_WINDOWS: u32 = 0x8007;
    let code = code.cast_unsigned();
    let code = if code >> 16 == OF_WINDOWS { code & 0xffff } else { ERROR_INVALID_DATA };
    io::Error::from_raw_os_error(code.cast_signed())
}
