//! A program without a console of its own can join that of the shell. Texts reach it as UTF-16, whatever its code page: the standard library sees
//! to that wherever a standard handle is a console.

use windows_sys::{
    Win32::{
        Foundation::{GENERIC_READ, GENERIC_WRITE, INVALID_HANDLE_VALUE},
        Storage::FileSystem::{CreateFileW, FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_TYPE_UNKNOWN, GetFileType, OPEN_EXISTING},
        System::Console::{
            ATTACH_PARENT_PROCESS, AttachConsole, GetStdHandle, STD_ERROR_HANDLE, STD_HANDLE, STD_INPUT_HANDLE, STD_OUTPUT_HANDLE,
            SetStdHandle,
        },
    },
    core::PCWSTR,
    w,
};

/// Gives the program the console of its parent, where that has one: for every standard handle that leads nowhere. Before anything is read or
/// written. Without such a console, as at login, the handles stay as they are.
pub fn join() {
    let given = STREAMS.map(|(stream, _)| (stream, handle(stream)));
    // SAFETY: a number.
    if unsafe { AttachConsole(ATTACH_PARENT_PROCESS) } == 0 {
        return;
    }
    for ((stream, given), (_, console)) in given.into_iter().zip(STREAMS) {
        // Joining may have replaced what was redirected.
        let Some(to) = given.or_else(|| open(console)) else { continue };
        // SAFETY: the handle is open, and stays so.
        unsafe { SetStdHandle(stream, to as _) };
    }
}

const STREAMS: [(STD_HANDLE, PCWSTR); 3] =
    [(STD_INPUT_HANDLE, w!("CONIN$")), (STD_OUTPUT_HANDLE, w!("CONOUT$")), (STD_ERROR_HANDLE, w!("CONOUT$"))];

/// `None` where it leads nowhere.
fn handle(stream: STD_HANDLE) -> Option<usize> {
    // SAFETY: a number; a handle of any value may be asked for its type.
    let (handle, kind) = unsafe {
        let handle = GetStdHandle(stream);
        (handle, GetFileType(handle))
    };
    (!handle.is_null() && handle != INVALID_HANDLE_VALUE && kind != FILE_TYPE_UNKNOWN).then_some(handle as usize)
}

fn open(console: PCWSTR) -> Option<usize> {
    let (rights, shared) = (GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE);
    // SAFETY: the name is static and ends with a zero; nothing else is passed.
    let handle = unsafe { CreateFileW(console, rights, shared, std::ptr::null(), OPEN_EXISTING, 0, std::ptr::null_mut()) };
    (handle != INVALID_HANDLE_VALUE).then_some(handle as usize)
}
