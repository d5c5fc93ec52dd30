//! Which messages concern the icon, and what each one means.

use std::ptr::null_mut;

use windows_sys::{
    Win32::{
        Foundation::HWND,
        UI::{
            Shell::{NIN_SELECT, NINF_KEY},
            WindowsAndMessaging::{
                ChangeWindowMessageFilterEx, MSGFLT_ALLOW, RegisterWindowMessageW, WM_CONTEXTMENU, WM_DISPLAYCHANGE, WM_DPICHANGED,
                WM_MBUTTONUP, WM_SETTINGCHANGE, WM_TIMER,
            },
        },
    },
    w,
};

use super::area::{CALLBACK, RETRY};
use crate::messages::Message;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// Where on the screen, in pixels.
    MenuAsked(i32, i32),
    LookAsked,
    /// Explorer is there, again or at last; icons have to be added anew.
    TaskbarCreated,
    /// The scale, the theme, the contrast: any of them may be another one.
    SurroundingsChanged,
    RetryDue,
}

pub(super) struct Hearing {
    taskbar_created: u32,
}

impl Hearing {
    /// <https://learn.microsoft.com/windows/win32/shell/taskbar#taskbar-creation-notification>
    pub(super) fn on(window: HWND) -> Self {
        // SAFETY: the name is static and ends with a zero; the window is of this thread.
        let taskbar_created = unsafe {
            let number = RegisterWindowMessageW(w!("TaskbarCreated"));
            // Explorer has fewer rights than an app that was started as administrator, and would not be heard.
            ChangeWindowMessageFilterEx(window, number, MSGFLT_ALLOW, null_mut());
            number
        };
        Self { taskbar_created }
    }

    /// `None` for what is no concern of the icon.
    pub(super) fn of(&self, message: &Message) -> Option<Heard> {
        match message.number {
            CALLBACK => about_the_icon(message),
            WM_DPICHANGED | WM_DISPLAYCHANGE | WM_SETTINGCHANGE => Some(Heard::SurroundingsChanged),
            WM_TIMER if message.wparam == RETRY => Some(Heard::RetryDue),
            number if number == self.taskbar_created => Some(Heard::TaskbarCreated),
            _ => None,
        }
    }
}

/// Enter, or space, on the icon.
const NIN_KEYSELECT: u32 = NIN_SELECT | NINF_KEY;

/// What happened is in the lower half of `lparam`, and where in the halves of `wparam`, each with its sign.
fn about_the_icon(message: &Message) -> Option<Heard> {
    match low(message.lparam as usize).into() {
        NIN_SELECT | NIN_KEYSELECT | WM_CONTEXTMENU => {
            let signed = |half: u16| i32::from(half.cast_signed());
            Some(Heard::MenuAsked(signed(low(message.wparam)), signed(low(message.wparam >> 16))))
        }
        WM_MBUTTONUP => Some(Heard::LookAsked),
        _ => None,
    }
}

fn low(number: usize) -> u16 {
    (number & 0xffff) as u16
}

#[cfg(test)]
mod tests {
    use windows_sys::Win32::UI::WindowsAndMessaging::{WM_LBUTTONUP, WM_MOUSEMOVE, WM_RBUTTONUP};

    use super::*;

    const HEARING: Hearing = Hearing { taskbar_created: 0xc0de };

    #[test]
    fn either_button_and_the_keyboard_ask_for_the_menu_once() {
        for event in [NIN_SELECT, NIN_KEYSELECT, WM_CONTEXTMENU] {
            assert_eq!(HEARING.of(&callback(event, 0x0300_0400)), Some(Heard::MenuAsked(0x400, 0x300)));
        }
        for event in [WM_LBUTTONUP, WM_RBUTTONUP, WM_MOUSEMOVE] {
            assert_eq!(HEARING.of(&callback(event, 0)), None);
        }
    }

    #[test]
    fn a_screen_left_of_and_above_the_first_one_has_negative_places() {
        assert_eq!(HEARING.of(&callback(WM_CONTEXTMENU, 0xfff6_ff9c)), Some(Heard::MenuAsked(-100, -10)));
    }

    #[test]
    fn the_middle_button_asks_for_a_look_at_the_portals() {
        assert_eq!(HEARING.of(&callback(WM_MBUTTONUP, 0)), Some(Heard::LookAsked));
    }

    #[test]
    fn a_timer_of_somebody_else_is_no_concern() {
        assert_eq!(HEARING.of(&Message { number: WM_TIMER, wparam: RETRY, lparam: 0 }), Some(Heard::RetryDue));
        assert_eq!(HEARING.of(&Message { number: WM_TIMER, wparam: RETRY + 1, lparam: 0 }), None);
    }

    /// The upper half is the number of the icon.
    fn callback(event: u32, place: usize) -> Message {
        Message { number: CALLBACK, wparam: place, lparam: (0x0001_0000 | event) as isize }
    }
}
