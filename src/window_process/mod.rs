//! The window's program: where it is, and how it is started. What is said to it goes over the control socket; its arguments hold no secret.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use std::{env, ffi::OsStr, io, path::PathBuf, process::Stdio};

use tokio::process::{Child, Command};

/// With what a program may come forward on Wayland and on X11: given by whoever started it, and of use once.
const TOKENS: [&str; 2] = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"];

/// Where it is: beside our own program. `None` where it is not installed.
pub fn program() -> Option<PathBuf> {
    let program = env::current_exe().ok()?.with_file_name(format!("b24status-window{}", env::consts::EXE_SUFFIX));
    program.is_file().then_some(program)
}

/// Starts it. It lives on when the app ends, and hears no Ctrl+C of the app's terminal. Needs a tokio runtime; whoever waits for the child reaps it.
pub fn start<'a>(arguments: impl IntoIterator<Item = &'a OsStr>, activation_token: Option<&str>) -> io::Result<Child> {
    let mut command = Command::new(program().ok_or(io::ErrorKind::NotFound)?);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in TOKENS {
        match activation_token {
            Some(token) => command.env(name, token),
            None => command.env_remove(name),
        };
    }
    system::detach(&mut command);
    let child = command.spawn()?;
    let_come_forward();
    Ok(child)
}

/// Whoever started this process let it come forward with this.
pub fn activation_token() -> Option<String> {
    TOKENS.into_iter().find_map(|name| env::var(name).ok().filter(|token| !token.is_empty()))
}

/// Hands on the right to come forward, where it is this process that has it.
pub fn let_come_forward() {
    system::let_come_forward();
}
