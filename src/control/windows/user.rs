//! Whose something is: SIDs, as Windows writes them (`S-1-5-21-…`), and the login session.

use std::{
    io,
    os::windows::io::{AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle},
    ptr::null_mut,
};

use windows_sys::Win32::{
    Foundation::{HANDLE, LocalFree},
    Security::{
        Authorization::{ConvertSidToStringSidW, GetSecurityInfo, SE_KERNEL_OBJECT},
        GetTokenInformation, OWNER_SECURITY_INFORMATION, PSID, TOKEN_QUERY, TOKEN_USER, TokenUser,
    },
    System::{
        RemoteDesktop::ProcessIdToSessionId,
        Threading::{GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION},
    },
};

/// The user that this process runs as.
pub(super) fn own() -> io::Result<String> {
    // SAFETY: a constant, which stands for this process and needs no closing.
    of_token(unsafe { GetCurrentProcess() })
}

/// The user that another process runs as. Fails where it is gone, and where the system does not let us ask it.
pub(super) fn of_process(id: u32) -> io::Result<String> {
    // SAFETY: numbers.
    let process = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, id) };
    if process.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was opened just now, and is nobody else's.
    let process = unsafe { OwnedHandle::from_raw_handle(process) };
    of_token(process.as_raw_handle())
}

/// The owner of a pipe, whichever end of it this is.
pub(super) fn owner(pipe: BorrowedHandle<'_>) -> io::Result<String> {
    let (mut owner, mut descriptor) = (null_mut(), null_mut());
    // SAFETY: the handle is open. The owner lies in the descriptor, which is ours until it is freed, after the owner's last use.
    unsafe {
        let handle = pipe.as_raw_handle();
        let (group, list, audit) = (null_mut(), null_mut(), null_mut());
        match GetSecurityInfo(handle, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &mut owner, group, list, audit, &mut descriptor) {
            0 => {
                let owner = text(owner);
                LocalFree(descriptor);
                owner
            }
            code => Err(io::Error::from_raw_os_error(code as i32)),
        }
    }
}

/// Sessions are numbered from each start of Windows on.
pub(super) fn login_session() -> io::Result<u32> {
    let mut session = 0;
    // SAFETY: the number is written before it is read.
    let told = unsafe { ProcessIdToSessionId(std::process::id(), &mut session) };
    if told == 0 { Err(io::Error::last_os_error()) } else { Ok(session) }
}

/// `process` is open, with the right to be asked.
fn of_token(process: HANDLE) -> io::Result<String> {
    // As the system wants it aligned; a SID has 68 bytes at most.
    let mut told = [0_u64; 16];
    let mut needed = 0;
    // SAFETY: the buffer has the size that is named. What is written begins with a `TOKEN_USER`, whose SID lies behind it in the buffer.
    unsafe {
        let mut token = null_mut();
        if OpenProcessToken(process, TOKEN_QUERY, &mut token) == 0 {
            return Err(io::Error::last_os_error());
        }
        let token = OwnedHandle::from_raw_handle(token);
        let size = size_of_val(&told) as u32;
        if GetTokenInformation(token.as_raw_handle(), TokenUser, told.as_mut_ptr().cast(), size, &mut needed) == 0 {
            return Err(io::Error::last_os_error());
        }
        text((*told.as_ptr().cast::<TOKEN_USER>()).User.Sid)
    }
}

/// # Safety
///
/// `sid` must be null or point to a SID.
unsafe fn text(sid: PSID) -> io::Result<String> {
    let mut text = null_mut();
    // SAFETY: what the caller promises; the text ends with a zero, and is ours until it is freed.
    unsafe {
        if ConvertSidToStringSidW(sid, &mut text) == 0 {
            return Err(io::Error::last_os_error());
        }
        let length = (0..).take_while(|at| *text.add(*at) != 0).count();
        let read = String::from_utf16_lossy(std::slice::from_raw_parts(text, length));
        LocalFree(text.cast());
        Ok(read)
    }
}
