//! The real program inside a rig, as a person or a script has it: its commands, and the resident app.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::wait::{wait_for, wait_for_some};
use super::{rig, windows};

/// No start, no end and no answer takes longer.
const LIMIT: Duration = Duration::from_secs(15);

/// The resident app. Ends with the value, if it has not before.
pub struct App {
    process: Child,
    log: PathBuf,
}

impl App {
    /// Starts it, and waits until it answers.
    pub fn start() -> Self {
        let mut app = Self::start_only();
        wait_for("the app to answer", LIMIT, || {
            app.assert_runs();
            app.status().is_some()
        });
        app
    }

    /// Starts it and does not wait for anything.
    pub fn start_only() -> Self {
        Self::started(program().stdin(Stdio::null()))
    }

    fn started(program: &mut Command) -> Self {
        let log = rig::directory().join("app.log");
        let output = File::create(&log).unwrap();
        let process = program.stdout(output.try_clone().unwrap()).stderr(output).spawn().unwrap();
        Self { process, log }
    }

    /// The trial run, which takes words.
    pub fn start_demo() -> Self {
        Self::started(program().arg("demo").stdin(Stdio::piped()))
    }

    /// Types a word.
    pub fn say(&mut self, word: &str) {
        let input = self.process.stdin.as_mut().expect("the trial run");
        writeln!(input, "{word}").unwrap();
    }

    /// What `status --json` tells; `None` while nobody answers.
    pub fn status(&self) -> Option<Value> {
        let output = run(&["status", "--json"], "");
        if output.status.success() { serde_json::from_slice(&output.stdout).ok() } else { None }
    }

    /// Until `status --json` has this value under this key.
    #[track_caller]
    pub fn wait_for_status(&self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        let mut last = None;
        wait_for(&format!("{key} = {value}"), LIMIT, || {
            last = self.status();
            last.as_ref().is_some_and(|status| status[key] == value)
        });
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// SIGTERM, as at the end of a session.
    pub fn terminate(&self) {
        let ended = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(ended.success());
    }

    /// As by a crash or a power cut: nothing can be done any more.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Until it ended by itself; how.
    #[track_caller]
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let log = self.log();
        wait_for_some(&format!("the end of the app, which wrote:\n{log}"), LIMIT, || self.process.try_wait().unwrap())
    }

    /// Everything it wrote to its terminal.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    #[track_caller]
    fn assert_runs(&mut self) {
        let ended = self.process.try_wait().unwrap();
        assert!(ended.is_none(), "the app ended, {ended:?}:\n{}", self.log());
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(Some(_))) {
            return;
        }
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let end = Instant::now() + Duration::from_secs(5);
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One command, with this on its standard input, until it ended. What Wine starts behind it may keep its output open, which therefore is a file.
pub fn run(arguments: &[&str], input: &str) -> Output {
    let (mut out, mut err) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    let (into, beside) = (out.try_clone().unwrap(), err.try_clone().unwrap());
    let mut process = program().args(arguments).stdin(Stdio::piped()).stdout(into).stderr(beside).spawn().expect("the program");
    let mut pipe = process.stdin.take().expect("a pipe");
    // A command that reads nothing may have closed it already.
    let _ = pipe.write_all(input.as_bytes());
    drop(pipe);
    let status = process.wait().expect("its end");
    Output { status, stdout: everything(&mut out), stderr: everything(&mut err) }
}

fn everything(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

/// One command that must succeed; what it printed.
#[track_caller]
pub fn succeed(arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}: {}\n{}{}", output.status, text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// Settings as a person writes them, before the first start.
pub fn write_settings(text: &str) {
    let directory = settings_directory();
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("settings.toml"), text).unwrap();
}

pub fn settings_directory() -> PathBuf {
    let place = match windows::is_here() {
        true => windows::profile().join("AppData/Roaming"),
        false => PathBuf::from(std::env::var_os("XDG_CONFIG_HOME").expect("inside a rig")),
    };
    place.join("b24status")
}

/// That of the system which the rig is.
pub fn program() -> Command {
    let mut program = if windows::is_here() {
        let mut wine = Command::new("wine");
        wine.arg(windows::program().expect("a program for Windows"));
        wine
    } else {
        Command::new(env!("CARGO_BIN_EXE_b24status"))
    };
    // Wine takes the letters of file names from there, and has a language of its own.
    if !windows::is_here() {
        program.env("LANG", "en_US.UTF-8").env("LC_ALL", "en_US.UTF-8");
    }
    program
}
