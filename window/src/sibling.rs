//! The app's own program, which stands beside this one: to start the app, and to ask its doctor.

use std::{
    env, io,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use b24status::control::window::FOR_A_WINDOW;
use tokio::process::{Child, Command};

/// A doctor that waits for every portal's time-out is done by then.
const DOCTORS_PATIENCE: Duration = Duration::from_secs(120);

/// Starts the app. It lives on without this window. Needs a tokio runtime to be entered.
pub(crate) fn start() -> io::Result<Child> {
    let mut command = program()?;
    command.env(FOR_A_WINDOW, "1").stdout(Stdio::null()).stderr(Stdio::null());
    detach(&mut command);
    command.spawn()
}

/// The report of `b24status doctor`, which says itself where something is wrong.
pub(crate) async fn doctor() -> io::Result<String> {
    let asked = program()?.arg("doctor").kill_on_drop(true).output();
    let output = tokio::time::timeout(DOCTORS_PATIENCE, asked).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    if output.stdout.is_empty() {
        return Err(io::Error::other(said(&output.stderr, output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What came up with us came for this window: a child must not take it for its own.
fn program() -> io::Result<Command> {
    let mut command = Command::new(path()?);
    command.stdin(Stdio::null()).env_remove("XDG_ACTIVATION_TOKEN").env_remove("DESKTOP_STARTUP_ID");
    Ok(command)
}

fn path() -> io::Result<PathBuf> {
    Ok(env::current_exe()?.with_file_name(format!("b24status{}", env::consts::EXE_SUFFIX)))
}

fn said(stderr: &[u8], status: ExitStatus) -> String {
    let said = String::from_utf8_lossy(stderr);
    let said = said.trim();
    if said.is_empty() { status.to_string() } else { said.to_owned() }
}

/// Ctrl+C in the terminal of this window does not end the app.
#[cfg(unix)]
fn detach(command: &mut Command) {
    command.process_group(0);
}

/// A program without a console hears no Ctrl+C.
#[cfg(not(unix))]
fn detach(_command: &mut Command) {}
