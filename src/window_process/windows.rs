//! Windows lets a program come forward that the one in front has named.

use tokio::process::Command;
use windows_sys::Win32::{
    System::Threading::CREATE_NEW_PROCESS_GROUP,
    UI::WindowsAndMessaging::{ASFW_ANY, AllowSetForegroundWindow},
};

pub(super) fn detach(command: &mut Command) {
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
}

/// <https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-allowsetforegroundwindow>. It is in force until the next input; where
/// this process is not the one in front, nothing comes of it and the window blinks in the taskbar.
pub(super) fn let_come_forward() {
    // SAFETY: a number.
    unsafe { AllowSetForegroundWindow(ASFW_ANY) };
}
