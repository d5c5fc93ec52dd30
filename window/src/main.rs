//! The window: sign in, settings, the journal. It knows the running app and nobody else.
//!
//! Composition only. No portal, no keyring and no settings file here: everything is asked of the app, over its control socket.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod about;
mod contact;
mod desk;
mod doctor;
mod front;
mod home;
mod journal;
mod licences;
mod settings;
mod sibling;
mod sign_in;
mod speech;
mod stage;
mod talk;
mod timeline;

#[cfg(test)]
mod contrast;

// What of it stands in the code depends on the system: an expectation would not be met everywhere.
#[allow(
    clippy::all,
    clippy::todo,
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::allow_attributes_without_reason,
    unreachable_pub,
    reason = "written by Slint's compiler"
)]
mod pages {
    slint::include_modules!();
}

use std::process::ExitCode;

use slint::{CloseRequestResponse, ComponentHandle};

use desk::Desk;
use pages::{Frame, MainWindow};

fn main() -> ExitCode {
    match open() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell_the_developer(&*error);
            ExitCode::FAILURE
        }
    }
}

fn open() -> Result<(), Box<dyn std::error::Error>> {
    front::select()?;
    let window = MainWindow::new()?;
    let desk = Desk::new(&window)?;
    window.global::<Frame<'_>>().on_close(close);
    window.window().on_close_requested(|| {
        close();
        CloseRequestResponse::KeepWindowShown
    });
    speech::connect(&window, &desk);
    home::connect(&window, &desk);
    sign_in::connect(&window, &desk);
    settings::connect(&window, &desk);
    journal::connect(&window, &desk);
    doctor::connect(&window, &desk);
    about::connect(&window, &desk);
    stage::connect(&window);
    contact::connect(&window, &desk)?;
    window.show()?;
    front::keep_the_keyboard(&window);
    slint::run_event_loop_until_quit()?;
    Ok(())
}

/// The process ends with the loop: nothing lingers that could be waited for.
fn close() {
    // It fails only where the loop has ended already.
    let _ = slint::quit_event_loop();
}

/// There is no window to say it in.
#[expect(clippy::print_stderr, reason = "whoever started it in a terminal is a developer")]
fn tell_the_developer(error: &dyn std::error::Error) {
    eprintln!("b24status-window: {error}");
}
