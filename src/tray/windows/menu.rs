//! The menu, made by Windows from the view's lines each time it opens: native, so that scale, contrast, keyboard and screen readers are right.

use std::ptr::null;

use windows_sys::Win32::{
    Foundation::HWND,
    UI::WindowsAndMessaging::{
        CreatePopupMenu, DestroyMenu, GetSystemMetrics, HMENU, InsertMenuItemW, MENUITEMINFOW, MFS_CHECKED, MFS_ENABLED, MFS_GRAYED,
        MFS_UNCHECKED, MFT_RADIOCHECK, MFT_SEPARATOR, MIIM_FTYPE, MIIM_ID, MIIM_STATE, MIIM_STRING, MIIM_SUBMENU, PostMessageW,
        SM_MENUDROPALIGNMENT, SetForegroundWindow, TPM_LEFTALIGN, TPM_RETURNCMD, TPM_RIGHTALIGN, TPM_RIGHTBUTTON, TrackPopupMenuEx,
        WM_NULL,
    },
};

use super::{Click, Item, Kind, Tick};
use crate::tray::Access;

/// Opens the menu there and waits until the person picks something or goes elsewhere. From the window's thread, which goes on hearing messages.
pub(super) fn ask(window: HWND, items: &[Item], x: i32, y: i32) -> Option<Click> {
    let menu = Menu::of(items);
    // SAFETY: the menu lives until the end of this function, the window as long as the process. Without the window in front the menu would
    // stay open when the person clicks elsewhere; without a message afterwards the next one would close at once:
    // https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-trackpopupmenuex#remarks
    let picked = unsafe {
        let side = if GetSystemMetrics(SM_MENUDROPALIGNMENT) == 0 { TPM_LEFTALIGN } else { TPM_RIGHTALIGN };
        SetForegroundWindow(window);
        let picked = TrackPopupMenuEx(menu.handle, side | TPM_RIGHTBUTTON | TPM_RETURNCMD, x, y, window, null());
        PostMessageW(window, WM_NULL, 0, 0);
        picked
    };
    menu.click(usize::try_from(picked).ok()?)
}

struct Menu {
    handle: HMENU,
    /// The first one has the number 1.
    clicks: Vec<Click>,
}

impl Menu {
    fn of(items: &[Item]) -> Self {
        let mut clicks = Vec::new();
        Self { handle: popup(items, &mut clicks), clicks }
    }

    fn click(&self, number: usize) -> Option<Click> {
        self.clicks.get(number.checked_sub(1)?).copied()
    }
}

impl Drop for Menu {
    fn drop(&mut self) {
        // SAFETY: the handle is ours; submenus go with the menu that they are in.
        unsafe { DestroyMenu(self.handle) };
    }
}

fn popup(items: &[Item], clicks: &mut Vec<Click>) -> HMENU {
    // SAFETY: nothing is passed.
    let menu = unsafe { CreatePopupMenu() };
    for item in visible(items) {
        append(menu, item, clicks);
    }
    menu
}

/// What there is to see: no hidden line, and separators only between others.
fn visible(items: &[Item]) -> Vec<&Item> {
    let mut visible: Vec<&Item> = Vec::new();
    for item in items.iter().filter(|item| item.access != Access::Hidden) {
        let after_a_line = visible.last().is_some_and(|last| last.kind != Kind::Separator);
        if item.kind != Kind::Separator || after_a_line {
            visible.push(item);
        }
    }
    visible.pop_if(|last| last.kind == Kind::Separator);
    visible
}

/// Lines that do nothing have the number 0, as has a menu that was left without a pick.
fn append(menu: HMENU, item: &Item, clicks: &mut Vec<Click>) {
    let mut label: Vec<u16> = label(&item.label).encode_utf16().chain([0]).collect();
    let mut line = MENUITEMINFOW {
        cbSize: size_of::<MENUITEMINFOW>() as u32,
        fMask: MIIM_FTYPE | MIIM_STATE | MIIM_ID | MIIM_STRING | MIIM_SUBMENU,
        fState: if item.access == Access::Enabled { MFS_ENABLED } else { MFS_GRAYED },
        dwTypeData: label.as_mut_ptr(),
        ..Default::default()
    };
    let mut number = |click: &Click| {
        clicks.push(*click);
        clicks.len() as u32
    };
    match &item.kind {
        Kind::Line => {}
        Kind::Separator => (line.fMask, line.fType) = (MIIM_FTYPE, MFT_SEPARATOR),
        Kind::Command(click) => line.wID = number(click),
        Kind::Radio(click, tick) => {
            (line.wID, line.fType) = (number(click), MFT_RADIOCHECK);
            line.fState |= state(*tick);
        }
        Kind::Check(click, tick) => {
            line.wID = number(click);
            line.fState |= state(*tick);
        }
        Kind::Submenu(items) => line.hSubMenu = popup(items, clicks),
    }
    // SAFETY: the structure has its size in it, and the label lives until the end of this function.
    unsafe { InsertMenuItemW(menu, u32::MAX, 1, &line) };
}

fn state(tick: Tick) -> u32 {
    match tick {
        Tick::On => MFS_CHECKED,
        Tick::Off => MFS_UNCHECKED,
    }
}

/// A single ampersand would mark an access key, and a tab would begin the column of shortcuts.
fn label(text: &str) -> String {
    text.replace('&', "&&").replace('\t', " ")
}

#[cfg(test)]
mod tests {
    use std::ptr::null_mut;

    use windows_sys::Win32::UI::WindowsAndMessaging::{GetMenuItemCount, GetMenuItemInfoW, IsMenu};

    use super::*;
    use crate::{presence::Status, tray::Span};

    #[test]
    fn windows_shows_the_lines_of_the_view() {
        let span = Click::For(Status::Away, Span::Minutes(60));
        let items = [
            of("R&D\tIvan · acme", Kind::Line, Access::Disabled),
            of("", Kind::Separator, Access::Enabled),
            of("Online", Kind::Radio(Click::Status(Status::Online), Tick::On), Access::Enabled),
            of("Away", Kind::Radio(Click::Status(Status::Away), Tick::Off), Access::Disabled),
            of("For a while", Kind::Submenu(vec![of("1 h", Kind::Command(span), Access::Enabled)]), Access::Enabled),
            of("Idle", Kind::Check(Click::ToggleIdle, Tick::On), Access::Enabled),
            of("Выход", Kind::Command(Click::Quit), Access::Enabled),
        ];
        let expected = "\
            [grey] R&&D Ivan · acme\n\
            ---\n\
            (•) Online = Status(Online)\n\
            ( ) [grey] Away = Status(Away)\n\
            For a while\n\
            > 1 h = For(Away, Minutes(60))\n\
            [x] Idle = ToggleIdle\n\
            Выход = Quit\n";
        let menu = Menu::of(&items);
        assert_eq!(text_of(&menu, menu.handle), expected);
    }

    #[test]
    fn hidden_lines_leave_no_separator_without_neighbours() {
        let separator = || of("", Kind::Separator, Access::Enabled);
        let hidden = || of("hidden", Kind::Command(Click::UnlockKeyring), Access::Hidden);
        let quit = || of("Quit", Kind::Command(Click::Quit), Access::Enabled);
        let items = [separator(), hidden(), separator(), quit(), separator(), hidden(), separator(), quit(), separator(), hidden()];
        let menu = Menu::of(&items);
        assert_eq!(text_of(&menu, menu.handle), "Quit = Quit\n---\nQuit = Quit\n");
    }

    #[test]
    fn a_menu_that_was_left_picks_nothing() {
        let menu = Menu::of(&[of("Quit", Kind::Command(Click::Quit), Access::Enabled)]);
        assert_eq!([0, 1, 2].map(|number| menu.click(number)), [None, Some(Click::Quit), None]);
    }

    #[test]
    fn no_menu_stays_behind() {
        let menu = Menu::of(&[of("", Kind::Submenu(vec![of("", Kind::Line, Access::Disabled)]), Access::Enabled)]);
        let handles = [menu.handle, line_at(menu.handle, 0).1.hSubMenu];
        drop(menu);
        // SAFETY: a handle that is gone is no menu.
        assert_eq!(handles.map(|handle| unsafe { IsMenu(handle) }), [0, 0]);
    }

    fn of(label: &str, kind: Kind, access: Access) -> Item {
        Item { id: label.to_owned(), label: label.to_owned(), kind, access }
    }

    fn text_of(menu: &Menu, handle: HMENU) -> String {
        // SAFETY: the menu is there.
        let lines = 0..unsafe { GetMenuItemCount(handle) } as u32;
        lines.map(|place| line_at(handle, place)).map(|(label, line)| words(menu, &label, &line)).collect()
    }

    fn words(menu: &Menu, label: &str, line: &MENUITEMINFOW) -> String {
        if line.fType & MFT_SEPARATOR != 0 {
            return "---\n".to_owned();
        }
        let grey = if line.fState & MFS_GRAYED == 0 { "" } else { "[grey] " };
        let mark = match (line.fType & MFT_RADIOCHECK != 0, line.fState & MFS_CHECKED != 0) {
            (true, true) => "(•) ",
            (true, false) => "( ) ",
            (false, true) => "[x] ",
            (false, false) => "",
        };
        let click = menu.click(line.wID as usize).filter(|_| line.hSubMenu.is_null()).map(|click| format!(" = {click:?}"));
        let inside = if line.hSubMenu.is_null() { String::new() } else { text_of(menu, line.hSubMenu) };
        let inside: String = inside.lines().map(|line| format!("> {line}\n")).collect();
        format!("{mark}{grey}{label}{}\n{inside}", click.unwrap_or_default())
    }

    fn line_at(menu: HMENU, place: u32) -> (String, MENUITEMINFOW) {
        let mut label = [0; 200];
        let mut line = MENUITEMINFOW {
            cbSize: size_of::<MENUITEMINFOW>() as u32,
            fMask: MIIM_FTYPE | MIIM_STATE | MIIM_ID | MIIM_STRING | MIIM_SUBMENU,
            dwTypeData: label.as_mut_ptr(),
            cch: label.len() as u32,
            ..Default::default()
        };
        // SAFETY: there is room for as many letters as the structure says.
        assert_ne!(unsafe { GetMenuItemInfoW(menu, place, 1, &mut line) }, 0);
        line.dwTypeData = null_mut();
        (String::from_utf16(&label[..line.cch as usize]).unwrap(), line)
    }
}
