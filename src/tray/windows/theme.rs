//! Menus in the dark where the person wants their apps dark.
//!
//! Windows has no documented way to a dark menu: a program that asks for nothing gets a light one, whatever the setting. `uxtheme.dll` has two
//! functions without a name that Explorer and most programs with a dark menu use, unchanged since 2018. They are looked for at run time, from the
//! first build on that has them; where they are missing the menu is light and nothing else happens. High contrast goes before both.

use std::sync::OnceLock;

use windows_registry::LOCAL_MACHINE;
use windows_sys::{
    Win32::System::LibraryLoader::{GetProcAddress, LOAD_LIBRARY_SEARCH_SYSTEM32, LoadLibraryExW},
    w,
};

/// As the system's setting for apps says, from now on and when [`changed`] is told. Before the first menu opens.
pub(super) fn follow_the_system() {
    if let Some(theme) = theme() {
        // SAFETY: the function takes a number and returns one; the build is new enough for it.
        unsafe { (theme.prefer)(ALLOW_DARK) };
        changed();
    }
}

/// Menus are painted anew when they open next.
pub(super) fn changed() {
    if let Some(theme) = theme() {
        // SAFETY: the function takes nothing and returns nothing; the build is new enough for it.
        unsafe { (theme.flush)() };
    }
}

struct Theme {
    prefer: unsafe extern "system" fn(i32) -> i32,
    flush: unsafe extern "system" fn(),
}

/// Dark where the setting says so; it is 1 in the first build too, where the function took a yes or no.
const ALLOW_DARK: i32 = 1;

/// Windows 10 of October 2018. In earlier ones other functions have these numbers.
const FIRST_BUILD: u32 = 17763;
const SET_PREFERRED_APP_MODE: usize = 135;
const FLUSH_MENU_THEMES: usize = 136;

fn theme() -> Option<&'static Theme> {
    static FOUND: OnceLock<Option<Theme>> = OnceLock::new();
    FOUND.get_or_init(find).as_ref()
}

fn find() -> Option<Theme> {
    if build()? < FIRST_BUILD {
        return None;
    }
    // SAFETY: the library is Windows' own and stays loaded; a number below 65536 stands for a function without a name. The shapes are those that
    // everybody calls: a number to a number, and nothing to nothing.
    unsafe {
        let library = LoadLibraryExW(w!("uxtheme.dll"), std::ptr::null_mut(), LOAD_LIBRARY_SEARCH_SYSTEM32);
        if library.is_null() {
            return None;
        }
        let prefer = GetProcAddress(library, SET_PREFERRED_APP_MODE as *const u8)?;
        let flush = GetProcAddress(library, FLUSH_MENU_THEMES as *const u8)?;
        Some(Theme {
            prefer: std::mem::transmute::<unsafe extern "system" fn() -> isize, unsafe extern "system" fn(i32) -> i32>(prefer),
            flush: std::mem::transmute::<unsafe extern "system" fn() -> isize, unsafe extern "system" fn()>(flush),
        })
    }
}

fn build() -> Option<u32> {
    let version = LOCAL_MACHINE.open(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion").ok()?;
    version.get_string("CurrentBuildNumber").ok()?.parse().ok()
}
