//! Consoles of Windows: their echo is off for a while. Ctrl+C ends the program as ever, and the echo is on again before it does. (As a key
//! like any other it would make others of backspace and of the line's end too.)

use std::{
    io::{self, IsTerminal, Write},
    sync::{Mutex, PoisonError},
};

use windows_sys::{
    Win32::{
        Foundation::{FALSE, TRUE},
        System::Console::{
            CONSOLE_MODE, ENABLE_ECHO_INPUT, ENABLE_LINE_INPUT, ENABLE_PROCESSED_INPUT, GetConsoleMode, GetStdHandle, STD_INPUT_HANDLE,
            SetConsoleCtrlHandler, SetConsoleMode,
        },
    },
    core::BOOL,
};

/// What is typed on standard input is not shown until this is dropped.
pub(in crate::cli) struct Hidden(());

impl Hidden {
    /// `None` where standard input is no console.
    pub(in crate::cli) fn begin() -> Option<Self> {
        let before = mode()?;
        remember(Some(before));
        // SAFETY: the handler is a function, which stays.
        unsafe { SetConsoleCtrlHandler(Some(interrupted), TRUE) };
        // From here on it is put back, also if it was not changed.
        let hidden = Self(());
        set_mode(before & !ENABLE_ECHO_INPUT | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT).then_some(hidden)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        show();
        // SAFETY: the handler that was given before.
        unsafe { SetConsoleCtrlHandler(Some(interrupted), FALSE) };
    }
}

/// What the console was like. Whoever takes it puts it back: the end of the line, or Ctrl+C on a thread of its own.
static BEFORE: Mutex<Option<CONSOLE_MODE>> = Mutex::new(None);

fn remember(before: Option<CONSOLE_MODE>) -> Option<CONSOLE_MODE> {
    std::mem::replace(&mut BEFORE.lock().unwrap_or_else(PoisonError::into_inner), before)
}

/// Ctrl+C, Ctrl+Break, or the console closes.
unsafe extern "system" fn interrupted(_: u32) -> BOOL {
    show();
    // The next handler is that of the system: it ends the program.
    FALSE
}

fn show() {
    let Some(before) = remember(None) else { return };
    if !set_mode(before) {
        tracing::warn!(error = %io::Error::last_os_error(), "the console may not show what is typed: a new one does");
    }
    // The line's end was not shown, and what is printed next would stand behind the prompt.
    let mut err = io::stderr();
    if err.is_terminal() {
        let _ = writeln!(err);
    }
}

fn mode() -> Option<CONSOLE_MODE> {
    let mut mode = 0;
    // SAFETY: any handle may be asked, and what is none of a console makes the call fail; the mode is written before it is read.
    (unsafe { GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mut mode) } != 0).then_some(mode)
}

fn set_mode(mode: CONSOLE_MODE) -> bool {
    // SAFETY: as above.
    unsafe { SetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), mode) != 0 }
}
