//! `b24status.com`: what a Windows shell runs for `b24status`, because it looks for `.com` before `.exe`.
//!
//! A shell does not wait for a program without a console of its own, and so could neither show its answer in time, nor lend it the keyboard
//! for a secret, nor learn its exit code. This one has a console and waits for `b24status.exe`, which stands beside it. No decision here.

#[cfg(windows)]
mod windows;

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process::{Command, ExitCode, ExitStatus},
};

fn main() -> ExitCode {
    #[cfg(windows)]
    windows::leave_interrupts_to_the_app();
    let program = match env::current_exe() {
        Ok(here) => here.with_file_name("b24status.exe"),
        Err(_) => PathBuf::from("b24status.exe"),
    };
    match Command::new(&program).args(env::args_os().skip(1)).status() {
        Ok(ended) => code(ended),
        Err(error) => {
            // Without standard error there is nobody to tell.
            let _ = writeln!(io::stderr(), "b24status: {}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}

/// What ended by force has a code that no shell could take for one of ours.
fn code(ended: ExitStatus) -> ExitCode {
    ended.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}
