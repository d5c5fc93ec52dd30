//! Ctrl+C reaches every program of a console. The app tidies up before it ends, and the shell is to wait for that.

use windows_sys::{
    Win32::System::Console::{CTRL_BREAK_EVENT, CTRL_C_EVENT, SetConsoleCtrlHandler},
    core::BOOL,
};

/// Of this program only: to ignore them altogether would be inherited.
pub(crate) fn leave_interrupts_to_the_app() {
    // SAFETY: the function is there for as long as the program. Where it is not taken, this program ends before the app does.
    unsafe { SetConsoleCtrlHandler(Some(hear), 1) };
}

unsafe extern "system" fn hear(event: u32) -> BOOL {
    [CTRL_C_EVENT, CTRL_BREAK_EVENT].contains(&event).into()
}
