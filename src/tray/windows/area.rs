//! The place of the icon: the notification area of the taskbar. Nothing is remembered here.

use windows_sys::{
    Win32::{
        Foundation::HWND,
        UI::{
            HiDpi::{GetDpiForSystem, GetDpiForWindow, GetSystemMetricsForDpi},
            Shell::{
                NIF_ICON, NIF_MESSAGE, NIF_SHOWTIP, NIF_TIP, NIM_ADD, NIM_DELETE, NIM_MODIFY, NIM_SETFOCUS, NIM_SETVERSION,
                NOTIFYICON_VERSION_4, NOTIFYICONDATAW, NOTIFYICONDATAW_0, Shell_NotifyIconW,
            },
            WindowsAndMessaging::{FindWindowW, KillTimer, SM_CXSMICON, SetTimer, WM_APP},
        },
    },
    w,
};

use super::{keeper::Painted, picture::Picture};
use crate::messages::icon;

/// What Windows tells about the icon comes as this message.
pub(super) const CALLBACK: u32 = WM_APP + 1;

/// The timer of the next attempt.
pub(super) const RETRY: usize = 0xb24;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// As far as we know, the icon is there.
    Shown,
    Missing,
}

/// Brings the icon there, or another picture and tooltip to it. From the window's thread.
///
/// An addition that was answered too late may have been made nevertheless, and an icon that was there may be gone: each way is the other's
/// second chance.
pub(super) fn put(window: HWND, painted: &Painted, standing: Standing) -> bool {
    let Some(picture) = Picture::of(painted.icon, painted.size) else { return false };
    // What is put there is a copy: the picture goes at the end.
    let data = NOTIFYICONDATAW {
        uFlags: NIF_ICON | NIF_TIP | NIF_SHOWTIP | NIF_MESSAGE,
        uCallbackMessage: CALLBACK,
        hIcon: picture.handle(),
        szTip: painted.tip,
        ..icon(window)
    };
    let changed = standing == Standing::Shown && tell(NIM_MODIFY, &data);
    changed || add(&data) || (standing == Standing::Missing && tell(NIM_MODIFY, &data) && set_version(window))
}

fn add(data: &NOTIFYICONDATAW) -> bool {
    tell(NIM_ADD, data) && set_version(data.hWnd)
}

/// Takes the icon away, if there is one. From any thread.
pub(super) fn remove(window: HWND) {
    tell(NIM_DELETE, &icon(window));
}

/// After a menu that was left without a pick: whoever came by keyboard is at the icon again, and nobody types into a window that is not seen.
pub(super) fn give_focus_back(window: HWND) {
    tell(NIM_SETFOCUS, &icon(window));
}

pub(super) fn taskbar() -> Option<HWND> {
    // SAFETY: the class name is static and ends with a zero.
    let taskbar = unsafe { FindWindowW(w!("Shell_TrayWnd"), std::ptr::null()) };
    (!taskbar.is_null()).then_some(taskbar)
}

/// The side of a picture that is sharp there, in pixels.
pub(super) fn icon_size() -> u32 {
    // SAFETY: numbers only; a taskbar that is gone by now has the scale 0.
    let side = unsafe {
        let scale = taskbar().map_or(0, |taskbar| GetDpiForWindow(taskbar));
        GetSystemMetricsForDpi(SM_CXSMICON, if scale == 0 { GetDpiForSystem() } else { scale })
    };
    u32::try_from(side).unwrap_or_default()
}

/// The window hears [`RETRY`] after that time, for which it was asked last.
pub(super) fn try_again_in(window: HWND, milliseconds: u32) {
    // SAFETY: the window is of this thread.
    unsafe { SetTimer(window, RETRY, milliseconds, None) };
}

pub(super) fn stop_trying(window: HWND) {
    // SAFETY: the window is of this thread; where there is no such timer, nothing happens.
    unsafe { KillTimer(window, RETRY) };
}

/// In version 4 the place of a click comes with it, and the keyboard is told from the pointer.
fn set_version(window: HWND) -> bool {
    let version = NOTIFYICONDATAW_0 { uVersion: NOTIFYICON_VERSION_4 };
    tell(NIM_SETVERSION, &NOTIFYICONDATAW { Anonymous: version, ..icon(window) })
}

/// False where nobody takes it.
fn tell(what: u32, data: &NOTIFYICONDATAW) -> bool {
    // SAFETY: the structure is complete and has its size in it.
    unsafe { Shell_NotifyIconW(what, data) != 0 }
}
