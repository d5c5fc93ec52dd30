//! Where files are, on each platform. Nothing is created here; who writes a file creates its directory, private.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// The directories of this person on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    config: PathBuf,
    of_machine: Vec<PathBuf>,
    state: PathBuf,
    log: PathBuf,
    runtime: PathBuf,
}

/// Whether things are kept on disk, or end with the process as in the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Disk(Paths),
    Memory,
}

/// The system names no directory that is the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoHome;

impl Paths {
    pub fn of_system() -> Result<Self, NoHome> {
        let surroundings = Surroundings { variable: &|name| env::var_os(name), is_directory: &|path| path.is_dir(), user: own_user() };
        Platform::CURRENT.paths(&surroundings)
    }

    /// The settings, which a person may edit.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// Where an administrator may have fixed settings for everybody; the first file that is there counts.
    pub fn settings_of_machine(&self) -> &[PathBuf] {
        &self.of_machine
    }

    /// What must survive a restart.
    pub fn state(&self) -> PathBuf {
        self.state.join("state.json")
    }

    pub fn journal(&self) -> PathBuf {
        self.state.join("journal.jsonl")
    }

    /// The directory of the log files.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The directory of the control socket: gone after log-out or restart, where the platform has such a place.
    pub fn runtime(&self) -> &Path {
        &self.runtime
    }

    /// With the control socket elsewhere: an app that is not the one of this session, as the demo.
    pub fn with_runtime(self, runtime: &Path) -> Self {
        Self { runtime: runtime.to_owned(), ..self }
    }

    pub fn config_directory(&self) -> &Path {
        &self.config
    }

    pub fn state_directory(&self) -> &Path {
        &self.state
    }

    /// Everything below one directory: for tests and rigs.
    pub fn below(root: &Path) -> Self {
        let of_machine = vec![root.join("machine/settings.toml")];
        Self { config: root.join("config"), of_machine, state: root.join("state"), log: root.join("state/log"), runtime: root.join("run") }
    }
}

/// The rules differ, not the code: every platform's are tested on every platform.
#[derive(Debug, Clone, Copy)]
enum Platform {
    Xdg,
    Windows,
    Mac,
}

struct Surroundings<'a> {
    variable: &'a dyn Fn(&str) -> Option<OsString>,
    is_directory: &'a dyn Fn(&Path) -> bool,
    user: u32,
}

impl Platform {
    const CURRENT: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::Mac
    } else {
        Self::Xdg
    };

    fn paths(self, surroundings: &Surroundings<'_>) -> Result<Paths, NoHome> {
        match self {
            Self::Xdg => {
                let state = surroundings.base("XDG_STATE_HOME", "HOME", ".local/state")?.join("b24status");
                let config = surroundings.base("XDG_CONFIG_HOME", "HOME", ".config")?.join("b24status");
                Ok(Paths { config, of_machine: surroundings.of_machine(), log: state.join("log"), state, runtime: surroundings.runtime() })
            }
            Self::Windows => {
                let config = surroundings.base("APPDATA", "USERPROFILE", "AppData/Roaming")?.join("b24status");
                let state = surroundings.base("LOCALAPPDATA", "USERPROFILE", "AppData/Local")?.join("b24status");
                let of_machine =
                    surroundings.absolute("PROGRAMDATA").into_iter().map(|data| data.join("b24status/settings.toml")).collect();
                Ok(Paths { config, of_machine, log: state.join("log"), runtime: state.join("run"), state })
            }
            Self::Mac => {
                let library = surroundings.absolute("HOME").ok_or(NoHome)?.join("Library");
                let support = library.join("Application Support/b24status");
                let runtime = surroundings.short_enough(support.join("run"));
                let of_machine = vec![PathBuf::from("/Library/Application Support/b24status/settings.toml")];
                Ok(Paths { config: support.clone(), of_machine, log: library.join("Logs/b24status"), runtime, state: support })
            }
        }
    }
}

impl Surroundings<'_> {
    /// <https://specifications.freedesktop.org/basedir/latest/>: a relative path is invalid and is not used.
    fn absolute(&self, variable: &str) -> Option<PathBuf> {
        (self.variable)(variable).map(PathBuf::from).filter(|path| path.has_root())
    }

    fn base(&self, variable: &str, home: &str, below_home: &str) -> Result<PathBuf, NoHome> {
        self.absolute(variable).or_else(|| Some(self.absolute(home)?.join(below_home))).ok_or(NoHome)
    }

    /// <https://specifications.freedesktop.org/basedir/latest/>: in order of their importance.
    fn of_machine(&self) -> Vec<PathBuf> {
        let named = (self.variable)("XDG_CONFIG_DIRS").filter(|named| !named.is_empty()).unwrap_or_else(|| "/etc/xdg".into());
        let directories = env::split_paths(&named).filter(|directory| directory.has_root());
        directories.map(|directory| directory.join("b24status/settings.toml")).collect()
    }

    /// A shell without the session's variables (`su`, cron, ssh) finds the same directory as the session.
    /// The last resort is in everybody's `/tmp`: that it is ours is checked where it is used.
    fn runtime(&self) -> PathBuf {
        let of_session = self.absolute("XDG_RUNTIME_DIR");
        let of_user = PathBuf::from(format!("/run/user/{}", self.user));
        let known = of_session.into_iter().chain([of_user]).find(|directory| (self.is_directory)(directory));
        known.map_or_else(|| self.last_resort(), |directory| directory.join("b24status"))
    }

    /// A socket's name has room for 104 bytes on a Mac, and a home directory on a server may be deep.
    fn short_enough(&self, directory: PathBuf) -> PathBuf {
        const ROOM: usize = 104 - "/control.sock\0".len();
        if directory.as_os_str().len() <= ROOM { directory } else { self.last_resort() }
    }

    fn last_resort(&self) -> PathBuf {
        PathBuf::from(format!("/tmp/b24status-{}", self.user))
    }
}

#[cfg(unix)]
fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// No number names a user here; nothing of [`Platform::Windows`] asks for it.
#[cfg(not(unix))]
fn own_user() -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_follows_the_base_directories() {
        let paths = found(Platform::Xdg, &[("HOME", "/home/ivan"), ("XDG_RUNTIME_DIR", "/run/user/1000")]).unwrap();
        assert_eq!(paths.settings(), Path::new("/home/ivan/.config/b24status/settings.toml"));
        assert_eq!(paths.state(), Path::new("/home/ivan/.local/state/b24status/state.json"));
        assert_eq!(paths.journal(), Path::new("/home/ivan/.local/state/b24status/journal.jsonl"));
        assert_eq!(paths.log(), Path::new("/home/ivan/.local/state/b24status/log"));
        assert_eq!(paths.runtime(), Path::new("/run/user/1000/b24status"));
    }

    #[test]
    fn the_variables_of_the_person_win_over_the_defaults() {
        let paths = found(Platform::Xdg, &[("HOME", "/home/ivan"), ("XDG_CONFIG_HOME", "/cfg"), ("XDG_STATE_HOME", "/var/ivan")]).unwrap();
        assert_eq!(paths.settings(), Path::new("/cfg/b24status/settings.toml"));
        assert_eq!(paths.state(), Path::new("/var/ivan/b24status/state.json"));
    }

    #[test]
    fn an_administrator_s_file_is_where_each_platform_has_it() {
        let paths = found(Platform::Xdg, &[("HOME", "/home/ivan")]).unwrap();
        assert_eq!(paths.settings_of_machine(), [PathBuf::from("/etc/xdg/b24status/settings.toml")]);
        let paths = found(Platform::Windows, &[("APPDATA", "/r"), ("LOCALAPPDATA", "/l"), ("PROGRAMDATA", "/d")]).unwrap();
        assert_eq!(paths.settings_of_machine(), [PathBuf::from("/d/b24status/settings.toml")]);
        let paths = found(Platform::Mac, &[("HOME", "/Users/ivan")]).unwrap();
        assert_eq!(paths.settings_of_machine(), [PathBuf::from("/Library/Application Support/b24status/settings.toml")]);
    }

    #[cfg(unix)]
    #[test]
    fn of_several_directories_for_everybody_the_first_is_looked_at_first() {
        let paths = found(Platform::Xdg, &[("HOME", "/home/ivan"), ("XDG_CONFIG_DIRS", "/etc/company:relative:/etc/xdg")]).unwrap();
        let wanted = ["/etc/company/b24status/settings.toml", "/etc/xdg/b24status/settings.toml"].map(PathBuf::from);
        assert_eq!(paths.settings_of_machine(), wanted);
    }

    #[test]
    fn a_relative_variable_is_not_used() {
        let paths = found(Platform::Xdg, &[("HOME", "/home/ivan"), ("XDG_CONFIG_HOME", "cfg"), ("XDG_STATE_HOME", "")]).unwrap();
        assert_eq!(paths.settings(), Path::new("/home/ivan/.config/b24status/settings.toml"));
        assert_eq!(paths.state(), Path::new("/home/ivan/.local/state/b24status/state.json"));
    }

    #[test]
    fn a_shell_outside_the_session_finds_the_session_s_runtime_directory() {
        let paths = found(Platform::Xdg, &[("HOME", "/home/ivan")]).unwrap();
        assert_eq!(paths.runtime(), Path::new("/run/user/1000/b24status"));
    }

    #[test]
    fn without_any_runtime_directory_there_is_one_of_our_own() {
        let nowhere =
            Surroundings { variable: &|name| (name == "HOME").then(|| "/home/ivan".into()), is_directory: &|_| false, user: 1000 };
        assert_eq!(Platform::Xdg.paths(&nowhere).unwrap().runtime(), Path::new("/tmp/b24status-1000"));
    }

    #[test]
    fn windows_keeps_settings_roaming_and_the_rest_local() {
        let paths = found(Platform::Windows, &[("APPDATA", "/u/ivan/Roaming"), ("LOCALAPPDATA", "/u/ivan/Local")]).unwrap();
        assert_eq!(paths.settings(), Path::new("/u/ivan/Roaming/b24status/settings.toml"));
        assert_eq!(paths.state(), Path::new("/u/ivan/Local/b24status/state.json"));
    }

    #[test]
    fn a_mac_keeps_everything_in_the_library() {
        let paths = found(Platform::Mac, &[("HOME", "/Users/ivan")]).unwrap();
        assert_eq!(paths.settings(), Path::new("/Users/ivan/Library/Application Support/b24status/settings.toml"));
        assert_eq!(paths.log(), Path::new("/Users/ivan/Library/Logs/b24status"));
    }

    #[test]
    fn a_mac_s_socket_has_a_name_that_fits_however_deep_the_home() {
        let socket = |home: &str| found(Platform::Mac, &[("HOME", home)]).unwrap().runtime().join("control.sock");
        assert_eq!(socket("/Users/ivan"), Path::new("/Users/ivan/Library/Application Support/b24status/run/control.sock"));
        for length in 1..200 {
            let socket = socket(&format!("/{}", "н".repeat(length)));
            assert!(socket.as_os_str().len() < 104, "{}", socket.display());
        }
    }

    #[test]
    fn without_a_home_there_is_no_guess() {
        assert_eq!(found(Platform::Xdg, &[]), Err(NoHome));
    }

    fn found(platform: Platform, variables: &[(&str, &str)]) -> Result<Paths, NoHome> {
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        let is_directory = |path: &Path| path == Path::new("/run/user/1000");
        platform.paths(&Surroundings { variable: &variable, is_directory: &is_directory, user: 1000 })
    }
}
