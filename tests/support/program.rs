//! The program itself, as a person or a script runs it: in a home of its own, with everything that it says kept. No code of ours runs in it
//! but the binary's.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};
use serde_json::Value;

use super::wait::{wait_for, wait_for_some};

/// No command may take longer, whatever the portal does.
pub const LIMIT: Duration = Duration::from_secs(40);

/// A person's home, with the runtime directory of their session. Ends with the value.
pub struct Home {
    directory: tempfile::TempDir,
    variables: Vec<(&'static str, OsString)>,
    program: PathBuf,
    /// How many programs were run.
    runs: RefCell<usize>,
}

/// Whether a program finds the desktop that this test runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desktop {
    OfTheRig,
    None,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The app in the tray. Killed when dropped.
pub struct App<'a> {
    child: Child,
    said: PathBuf,
    home: &'a Home,
}

impl Home {
    pub fn new(desktop: Desktop) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let below = |name: &str| directory.path().join(name);
        for name in ["home/.config", "home/.local/state", "home/.local/share", "run", "said"] {
            fs::create_dir_all(below(name)).unwrap();
        }
        fs::set_permissions(below("run"), Permissions::from_mode(0o700)).unwrap();
        let mut variables: Vec<(&str, OsString)> = [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_STATE_HOME", "home/.local/state"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_RUNTIME_DIR", "run"),
        ]
        .map(|(name, place)| (name, below(place).into()))
        .into();
        variables.extend([("LC_ALL", "en_GB.UTF-8".into()), ("LANGUAGE", "".into()), ("TZ", "Europe/Berlin".into())]);
        if desktop == Desktop::None {
            let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"), ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")];
            variables.extend(nowhere.map(|(name, value)| (name, value.into())));
            variables.extend([("DISPLAY", "".into()), ("WAYLAND_DISPLAY", "".into())]);
        }
        Self { directory, variables, program: env!("CARGO_BIN_EXE_b24status").into(), runs: RefCell::new(0) }
    }

    /// The same home, for programs that see another value of a variable from now on.
    pub fn with(mut self, variable: &'static str, value: &str) -> Self {
        self.variables.retain(|(name, _)| *name != variable);
        self.variables.push((variable, value.into()));
        self
    }

    /// The program as it is installed with a window beside it; the window does this. It has a directory of its own, `$home`, and ends with it.
    pub fn with_window(mut self, script: &str) -> Self {
        let place = self.path("bin");
        fs::create_dir_all(&place).unwrap();
        let installed = place.join("b24status");
        fs::hard_link(&self.program, &installed).or_else(|_| fs::copy(&self.program, &installed).map(drop)).unwrap();
        let window = place.join("b24status-window");
        fs::write(&window, format!("#!/bin/sh\nhome={}\n{script}\n", self.directory.path().display())).unwrap();
        fs::set_permissions(&window, Permissions::from_mode(0o755)).unwrap();
        self.program = installed;
        self
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.directory.path().join(below)
    }

    pub fn settings(&self) -> PathBuf {
        self.path("home/.config/b24status/settings.toml")
    }

    pub fn write_settings(&self, text: &str) {
        fs::create_dir_all(self.settings().parent().unwrap()).unwrap();
        fs::write(self.settings(), text).unwrap();
    }

    pub fn runtime_directory(&self) -> PathBuf {
        self.path("run/b24status")
    }

    pub fn socket(&self) -> PathBuf {
        self.runtime_directory().join("control.sock")
    }

    /// Everything that any program in this home has said or written, file by file. Sockets and pipes are left out.
    pub fn written(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        read_below(self.directory.path(), &mut files);
        files
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.type_in(arguments, "")
    }

    /// Runs a command that reads what is typed.
    pub fn type_in(&self, arguments: &[&str], typed: &str) -> Outcome {
        let mut running = self.start(arguments);
        // A command that reads nothing may have closed it.
        let _ = running.stdin().write_all(typed.as_bytes());
        running.end()
    }

    /// Runs a command that sees other variables than the rest of this home.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
        self.start_with(variables, arguments).end()
    }

    /// Starts a command without waiting for it.
    pub fn start(&self, arguments: &[&str]) -> Running {
        self.start_with(&[], arguments)
    }

    fn start_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Running {
        let (out, err) = (self.next_file("out"), self.next_file("err"));
        let child = self.command(arguments, &out, &err).envs(variables.iter().copied()).stdin(Stdio::piped()).spawn().unwrap();
        Running { child, out, err, line: format!("b24status {}", arguments.join(" ")) }
    }

    /// Signs in with a webhook's address; must succeed.
    pub fn sign_in(&self, address: &str) -> Outcome {
        let outcome = self.type_in(&["login", "--webhook", "-"], &format!("{address}\n"));
        assert_eq!(outcome.code, 0, "{outcome:?}");
        outcome
    }

    /// The object that a command with `--json` prints; it must succeed.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
        outcome.json()
    }

    /// What `why --json` lists, as `what because`, the oldest entry first.
    pub fn journal(&self) -> Vec<String> {
        let document = self.json(&["why", "--json", "--limit", "200"]);
        let word = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entries = document["entries"].as_array().unwrap();
        entries.iter().map(|entry| format!("{} {}", word(entry, "what"), word(entry, "because"))).collect()
    }

    /// Starts the app, which is ready when it listens.
    pub fn start_app(&self) -> App<'_> {
        self.start_app_with(&[])
    }

    pub fn start_app_with(&self, variables: &[(&str, &str)]) -> App<'_> {
        let said = self.next_file("app");
        let mut command = self.command(&[], &said, &said);
        let child = command.envs(variables.iter().copied()).stdin(Stdio::null()).spawn().unwrap();
        let mut app = App { child, said, home: self };
        wait_for("the control socket of the app", LIMIT, || {
            assert!(app.child.try_wait().unwrap().is_none(), "the app ended: {}", app.said());
            UnixStream::connect(self.socket()).is_ok()
        });
        app
    }

    fn command(&self, arguments: &[&str], out: &Path, err: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.directory.path());
        let log = |path: &Path| File::options().create(true).append(true).open(path).unwrap();
        command.stdout(log(out)).stderr(log(err));
        command
    }

    fn next_file(&self, ending: &str) -> PathBuf {
        let mut runs = self.runs.borrow_mut();
        *runs += 1;
        self.path(&format!("said/{:03}.{ending}", *runs))
    }
}

/// A command on its way.
pub struct Running {
    child: Child,
    out: PathBuf,
    err: PathBuf,
    line: String,
}

impl Running {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn stdin(&mut self) -> &mut std::process::ChildStdin {
        self.child.stdin.as_mut().unwrap()
    }

    /// What it printed so far.
    pub fn printed(&self) -> String {
        fs::read_to_string(&self.out).unwrap()
    }

    /// What it said on standard error so far.
    pub fn complained(&self) -> String {
        fs::read_to_string(&self.err).unwrap()
    }

    /// Closes its input and waits for its end.
    pub fn end(mut self) -> Outcome {
        drop(self.child.stdin.take());
        let status = ended(&mut self.child, &self.line, LIMIT);
        let read = |path: &Path| String::from_utf8(fs::read(path).unwrap()).expect("every output is UTF-8");
        let code = status.code().unwrap_or_else(|| panic!("{} was ended by {status}", self.line));
        Outcome { code, out: read(&self.out), err: read(&self.err) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Outcome {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A failure as the contract has it: this code, nothing printed, one line on standard error that says what to do.
    #[track_caller]
    pub fn failed_with(&self, code: i32) -> &str {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{self:?}");
        let line = self.err.strip_prefix("b24status: ").and_then(|line| line.strip_suffix('\n'));
        let line = line.unwrap_or_else(|| panic!("not one sentence on standard error: {self:?}"));
        assert!(!line.contains('\n') && line.contains(' '), "{self:?}");
        line
    }
}

impl App<'_> {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn home(&self) -> &Home {
        self.home
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Everything on its standard output and standard error so far.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.said).unwrap_or_default()
    }

    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// As a crash ends it: nothing is tidied up.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end, which must be a good one.
    #[track_caller]
    pub fn has_ended_within(mut self, limit: Duration) {
        let status = ended(&mut self.child, "the app", limit);
        assert!(status.success(), "{status}: {}", self.said());
    }

    /// Until `status --json`, which reads the portal, answers this.
    #[track_caller]
    pub fn wait_for_status(&self, what: &str, condition: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + LIMIT;
        loop {
            let status = self.home.run(&["status", "--json"]).json();
            if condition(&status) {
                return status;
            }
            assert!(Instant::now() < end, "waited in vain for {what}: {status}\n{}", self.said());
        }
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn ended(child: &mut Child, what: &str, limit: Duration) -> ExitStatus {
    wait_for_some(&format!("the end of {what}"), limit, || child.try_wait().unwrap())
}

/// Every file below a directory, with its bytes. Sockets and pipes are left out.
pub fn read_below(directory: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            read_below(&entry.path(), files);
        } else if kind.is_file() {
            files.push((entry.path(), fs::read(entry.path()).unwrap()));
        }
    }
}
