//! The shell of Windows knows the program, or asks the person for one. (`explorer` would do the same, and say that it failed.)
//!
//! <https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-shellexecutew>

use std::{
    ffi::{OsStr, OsString},
    io,
    os::windows::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
    ptr::{null, null_mut},
};

use tokio::task::spawn_blocking;
use windows_sys::{
    Win32::{
        Foundation::{ERROR_NO_ASSOCIATION, MAX_PATH},
        System::{
            Com::{COINIT_APARTMENTTHREADED, COINIT_DISABLE_OLE1DDE, CoInitializeEx, CoUninitialize},
            SystemInformation::GetSystemDirectoryW,
        },
        UI::{Shell::ShellExecuteW, WindowsAndMessaging::SW_SHOWNORMAL},
    },
    core::PCWSTR,
};

/// What is opened is text: where Windows has no program for its kind, and does not ask either, it is shown in the editor of Windows.
pub(super) async fn open(path: &Path) -> io::Result<()> {
    let file = path.as_os_str().to_owned();
    let opened = spawn_blocking(move || {
        let _com = Com::enter();
        match execute(&file, None) {
            Err(error) if error.raw_os_error() == Some(ERROR_NO_ASSOCIATION as i32) => {
                let mut quoted = OsStr::new("\"").to_owned();
                quoted.push(&file);
                quoted.push("\"");
                execute(editor()?.as_os_str(), Some(&quoted))
            }
            opened => opened,
        }
    });
    opened.await.map_err(io::Error::other)?
}

pub(super) async fn browse(address: &OsStr) -> io::Result<()> {
    let address = address.to_owned();
    let opened = spawn_blocking(move || {
        let _com = Com::enter();
        execute(&address, None)
    });
    opened.await.map_err(io::Error::other)?
}

/// By its whole path: a bare name would be looked for in the current folder first.
fn editor() -> io::Result<PathBuf> {
    let mut folder = [0; MAX_PATH as usize];
    // SAFETY: there is room for as many letters as is said.
    let length = unsafe { GetSystemDirectoryW(folder.as_mut_ptr(), MAX_PATH) } as usize;
    match folder.get(..length) {
        Some(folder) if length > 0 => Ok(PathBuf::from(OsString::from_wide(folder)).join("notepad.exe")),
        Some(_) | None => Err(io::Error::last_os_error()),
    }
}

/// Programs may be asked through COM, which each thread enters for itself.
struct Com;

impl Com {
    /// `None`: those that need no COM can be asked nevertheless.
    fn enter() -> Option<Self> {
        // SAFETY: a null and flags. It is left on this thread, when this is dropped.
        let entered = unsafe { CoInitializeEx(null(), (COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE) as u32) };
        (entered >= 0).then_some(Self)
    }
}

impl Drop for Com {
    fn drop(&mut self) {
        // SAFETY: it was entered on this thread.
        unsafe { CoUninitialize() };
    }
}

fn execute(file: &OsStr, parameters: Option<&OsStr>) -> io::Result<()> {
    let file = wide(file);
    let parameters = parameters.map(wide);
    let parameters: PCWSTR = parameters.as_ref().map_or(null(), |parameters| parameters.as_ptr());
    // SAFETY: the texts end with a zero and live until it returns; everything else may be null.
    let answer = unsafe { ShellExecuteW(null_mut(), null(), file.as_ptr(), parameters, null(), SW_SHOWNORMAL) } as usize;
    // No handle, whatever its type says: above 32 it went well.
    if answer > 32 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn wide(text: &OsStr) -> Vec<u16> {
    text.encode_wide().chain([0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editor_of_windows_is_where_windows_is() {
        assert!(editor().unwrap().is_file(), "{:?}", editor());
    }

    #[tokio::test]
    async fn what_is_not_there_is_an_error() {
        let place = tempfile::tempdir().unwrap();
        let error = open(&place.path().join("settings.toml")).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound, "{error:?}");
    }
}
