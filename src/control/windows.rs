//! The named pipe of Windows: `\\.\pipe\b24status-<user>-<session>-<place>`.
//!
//! Names of pipes belong to the whole machine, and whoever comes first has the name. So it holds the SID of the person; the login session,
//! because one person may be at the console and on a remote desktop at once, with a tray on each; and a number for the runtime directory,
//! which differs in tests. Its descriptor lets in this user alone, and nobody who comes over the network. A client looks at the owner of the
//! pipe before it says a word: at the owner, which nobody can set to another user, and not at the process, whose id may have been given to
//! another one, and which tells nobody whose it is if it runs as administrator.

mod user;

use std::{
    fs::{File, OpenOptions, TryLockError},
    io, mem,
    os::windows::{
        ffi::OsStrExt,
        io::{AsHandle, AsRawHandle, BorrowedHandle},
    },
    path::{Path, PathBuf},
    ptr::null_mut,
    time::Duration,
};

use tokio::{
    net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions},
    sync::Mutex,
    time::sleep,
};
use windows_sys::Win32::{
    Foundation::{ERROR_ACCESS_DENIED, ERROR_FILE_NOT_FOUND, ERROR_PIPE_BUSY, LocalFree},
    Security::{
        Authorization::{ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1},
        SECURITY_ATTRIBUTES,
    },
    Storage::FileSystem::SECURITY_IDENTIFICATION,
    System::Pipes::{GetNamedPipeClientProcessId, WaitNamedPipeW},
};

use super::{AskError, ClaimError};
use crate::file;

/// Held as long as the process lives. It tells that one of ours runs without taking a place at its pipe.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

#[derive(Debug)]
pub(super) struct Listener {
    pipe: Pipe,
    /// Where the next client will be.
    next: Mutex<NamedPipeServer>,
}

/// Takes up to a second where somebody who ended just now is still in the way.
pub(super) fn claim(directory: &Path) -> Result<(Listener, Lock), ClaimError> {
    let failed = |error| ClaimError::Io { path: directory.to_owned(), error };
    file::create_directory(directory).map_err(failed)?;
    let session = user::login_session().map_err(failed)?;
    let lock = lock(directory.join(format!("lock-{session}")))?;
    let listener = Pipe::of(directory).map_err(failed)?.listen()?;
    Ok((listener, lock))
}

/// Waits while everybody's place at the pipe is taken: the app makes the next one as soon as it has taken a client.
pub(super) async fn connect(directory: &Path) -> Result<NamedPipeClient, AskError> {
    let pipe = Pipe::of(directory).map_err(AskError::Io)?;
    loop {
        match pipe.open() {
            Ok(Opened::Own(stream)) => return Ok(stream),
            Ok(Opened::Foreign) => return Err(AskError::Foreign { path: pipe.name }),
            Ok(Opened::Absent) => return Err(AskError::NotRunning),
            Ok(Opened::Busy) => sleep(Duration::from_millis(20)).await,
            Err(error) => return Err(AskError::Io(error)),
        }
    }
}

/// A second look, behind that of the descriptor. A process that cannot be asked whose it is (it is gone, or runs as administrator) was let
/// in by the descriptor.
pub(super) fn is_own(stream: &NamedPipeServer) -> bool {
    match (client(stream.as_handle()).and_then(user::of_process), user::own()) {
        (Ok(client), Ok(own)) => client == own,
        (Err(error), Ok(_)) => {
            tracing::debug!(%error, "whose process a client is cannot be seen: the descriptor of the pipe has let it in");
            true
        }
        (_, Err(_)) => false,
    }
}

/// The name of the pipe: for those who speak to it without [`super::ask`], as tests do.
pub fn pipe_name(directory: &Path) -> io::Result<PathBuf> {
    Ok(Pipe::of(directory)?.name)
}

impl Listener {
    /// Nothing is lost when the future is dropped.
    pub(super) async fn accept(&self) -> io::Result<NamedPipeServer> {
        let mut next = self.next.lock().await;
        if let Err(error) = next.connect().await {
            // Whatever state it is in, it is one in which it can be waited at.
            let _ = next.disconnect();
            return Err(error);
        }
        let after = self.pipe.instance(Instance::Further)?;
        Ok(mem::replace(&mut *next, after))
    }
}

#[derive(Debug)]
struct Pipe {
    name: PathBuf,
    owner: String,
}

enum Opened {
    Own(NamedPipeClient),
    Foreign,
    Absent,
    /// Somebody's pipe, at which every place is taken.
    Busy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instance {
    First,
    Further,
}

impl Pipe {
    fn of(directory: &Path) -> io::Result<Self> {
        let (owner, session, place) = (user::own()?, user::login_session()?, number(directory));
        Ok(Self { name: PathBuf::from(format!(r"\\.\pipe\b24status-{owner}-{session}-{place:016x}")), owner })
    }

    /// What is there already is looked at first, to say whose it is; that nobody else came before is what the first instance makes sure of.
    /// A pipe outlives the app that made it while a client holds on to its end.
    fn listen(self) -> Result<Listener, ClaimError> {
        const TRIES: usize = 10;
        const BETWEEN: u32 = 100;
        for _ in 0..TRIES {
            match self.open() {
                Ok(Opened::Own(_)) => return Err(ClaimError::AlreadyRunning),
                Ok(Opened::Foreign) => return Err(ClaimError::Foreign { path: self.name }),
                Ok(Opened::Busy) => {
                    self.wait(BETWEEN);
                    continue;
                }
                Ok(Opened::Absent) => {}
                Err(error) => return Err(ClaimError::Io { path: self.name, error }),
            }
            match self.instance(Instance::First) {
                Ok(first) => return Ok(Listener { pipe: self, next: Mutex::new(first) }),
                // Somebody came between the look and the deed.
                Err(error) if is(&error, ERROR_ACCESS_DENIED) || is(&error, ERROR_PIPE_BUSY) => {}
                Err(error) => return Err(ClaimError::Io { path: self.name, error }),
            }
        }
        Err(ClaimError::AlreadyRunning)
    }

    /// <https://learn.microsoft.com/windows/win32/api/namedpipeapi/nf-namedpipeapi-createnamedpipew>
    fn instance(&self, instance: Instance) -> io::Result<NamedPipeServer> {
        let mut options = ServerOptions::new();
        options.first_pipe_instance(instance == Instance::First).reject_remote_clients(true);
        // Owner: this user. Protected list: everything for this user, nothing for anybody else.
        let description = wide(Path::new(&format!("O:{0}D:P(A;;GA;;;{0})", self.owner)));
        let mut descriptor = null_mut();
        // SAFETY: the text ends with a zero; the descriptor is ours until it is freed, which is after its last use. The attributes are complete.
        unsafe {
            if ConvertStringSecurityDescriptorToSecurityDescriptorW(description.as_ptr(), SDDL_REVISION_1, &mut descriptor, null_mut()) == 0
            {
                return Err(io::Error::last_os_error());
            }
            let mut attributes = SECURITY_ATTRIBUTES {
                nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
                lpSecurityDescriptor: descriptor,
                bInheritHandle: 0,
            };
            let created = options.create_with_security_attributes_raw(&self.name, (&raw mut attributes).cast());
            LocalFree(descriptor);
            created
        }
    }

    /// Whoever is at the other end may learn who we are, and not act as if it was us.
    fn open(&self) -> io::Result<Opened> {
        match ClientOptions::new().security_qos_flags(SECURITY_IDENTIFICATION).open(&self.name) {
            Ok(stream) => Ok(if user::owner(stream.as_handle())? == self.owner { Opened::Own(stream) } else { Opened::Foreign }),
            Err(error) if is(&error, ERROR_FILE_NOT_FOUND) => Ok(Opened::Absent),
            Err(error) if is(&error, ERROR_PIPE_BUSY) => Ok(Opened::Busy),
            Err(error) if is(&error, ERROR_ACCESS_DENIED) => Ok(Opened::Foreign),
            Err(error) => Err(error),
        }
    }

    /// Until somebody can be let in, so many milliseconds at most.
    fn wait(&self, at_most: u32) {
        // SAFETY: the name ends with a zero. That nothing came of it is seen at the next try.
        unsafe { WaitNamedPipeW(wide(&self.name).as_ptr(), at_most) };
    }
}

fn lock(path: PathBuf) -> Result<Lock, ClaimError> {
    let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    match opened.map(|file| (file.try_lock(), file)) {
        Ok((Ok(()), file)) => Ok(Lock { _file: file }),
        Ok((Err(TryLockError::WouldBlock), _)) => Err(ClaimError::AlreadyRunning),
        Ok((Err(TryLockError::Error(error)), _)) | Err(error) => Err(ClaimError::Io { path, error }),
    }
}

/// The process that opened the pipe.
fn client(pipe: BorrowedHandle<'_>) -> io::Result<u32> {
    let mut id = 0;
    // SAFETY: the handle is open, and the number is written before it is read.
    let told = unsafe { GetNamedPipeClientProcessId(pipe.as_raw_handle(), &mut id) };
    if told == 0 { Err(io::Error::last_os_error()) } else { Ok(id) }
}

/// The same in every version of the program (FNV-1a), and for every spelling of the directory.
fn number(directory: &Path) -> u64 {
    let spelling = directory.to_string_lossy().to_lowercase().replace('/', "\\");
    spelling.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error() == Some(code as i32)
}

fn wide(text: &Path) -> Vec<u16> {
    text.as_os_str().encode_wide().chain([0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pipe_of_ours_that_answers_is_an_app_that_runs() {
        let place = tempfile::tempdir().unwrap();
        let _listener = Pipe::of(place.path()).unwrap().listen().unwrap();
        let second = Pipe::of(place.path()).unwrap().listen();
        assert!(matches!(second, Err(ClaimError::AlreadyRunning)), "{second:?}");
    }

    #[tokio::test]
    async fn a_pipe_of_somebody_else_is_named_and_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let pipe = Pipe::of(place.path()).unwrap();
        // Its owner is the group of administrators: an administrator may do so.
        let squatter = Pipe { name: pipe.name.clone(), owner: "S-1-5-32-544".to_owned() };
        let Ok(_first) = squatter.instance(Instance::First) else {
            assert!(std::env::var_os("CI").is_none(), "who is no administrator cannot play somebody else");
            return println!("skipped: who is no administrator cannot play somebody else");
        };
        assert!(matches!(connect(place.path()).await, Err(AskError::Foreign { path }) if path == pipe.name));
        let _second = squatter.instance(Instance::Further).unwrap();
        let claimed = pipe.listen();
        assert!(matches!(claimed, Err(ClaimError::Foreign { path }) if path == squatter.name));
    }

    #[tokio::test]
    async fn a_pipe_at_which_every_place_is_taken_is_waited_for() {
        let place = tempfile::tempdir().unwrap();
        let listener = Pipe::of(place.path()).unwrap().listen().unwrap();
        let Ok(Opened::Own(first)) = listener.pipe.open() else { panic!("there is a place") };
        assert!(matches!(listener.pipe.open(), Ok(Opened::Busy)));
        let (second, _first_at_the_app) = tokio::join!(connect(place.path()), listener.accept());
        assert!(second.is_ok());
        drop(first);
    }

    #[tokio::test]
    async fn a_client_that_left_before_it_was_taken_keeps_nobody_out() {
        let place = tempfile::tempdir().unwrap();
        let listener = Pipe::of(place.path()).unwrap().listen().unwrap();
        assert!(matches!(listener.pipe.open(), Ok(Opened::Own(_))));
        let (second, taken) = tokio::join!(connect(place.path()), async {
            let left = listener.accept().await;
            (left, listener.accept().await)
        });
        assert!(second.is_ok() && taken.1.is_ok(), "{second:?} {taken:?}");
    }

    #[tokio::test]
    async fn a_client_of_this_user_is_known_as_one() {
        let place = tempfile::tempdir().unwrap();
        let listener = Pipe::of(place.path()).unwrap().listen().unwrap();
        let (_client, taken) = tokio::join!(connect(place.path()), listener.accept());
        let taken = taken.unwrap();
        assert_eq!(client(taken.as_handle()).unwrap(), std::process::id());
        assert_eq!(user::of_process(std::process::id()).unwrap(), user::own().unwrap());
        assert!(is_own(&taken));
    }

    #[test]
    fn the_name_tells_users_sessions_and_places_apart() {
        let (one, other) = (pipe_name(Path::new(r"C:\one")).unwrap(), pipe_name(Path::new(r"C:\other")).unwrap());
        assert_ne!(one, other);
        assert_eq!(one, pipe_name(Path::new("c:/One")).unwrap());
        let told = format!(r"\\.\pipe\b24status-{}-{}-", user::own().unwrap(), user::login_session().unwrap());
        assert!(one.to_string_lossy().starts_with(&told), "{one:?}");
        assert!(told.contains("S-1-5-21-"), "{told}");
    }
}
