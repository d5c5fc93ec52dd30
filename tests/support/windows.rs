//! Windows in the Wine rig: the program that was built for it, what stands in its registry and profile, and what the system tells the app.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use super::rig;

/// A desktop of Windows' own, in which input counts for the app, with a small tray beside it.
const DESKTOP: [(&str, &str); 4] = [("DESKTOP", "1280x760"), ("TRAY", "none"), ("NOTIFY", "none"), ("KEYRING", "none")];

/// Runs `body` in a session of Windows, as [`rig::inside`] does. Without a program that is as new as the sources there is nothing to test.
#[track_caller]
pub fn inside(test: &str, body: impl FnOnce()) {
    inside_with(&[], test, body);
}

#[track_caller]
pub fn inside_with(variables: &[(&str, &str)], test: &str, body: impl FnOnce()) {
    match program() {
        Ok(_) => rig::inside(rig::WINE, &[&DESKTOP, variables].concat(), test, body),
        Err(reason) => super::skip(test, &reason),
    }
}

/// Is this a session of Windows?
pub fn is_here() -> bool {
    env::var_os("WINEPREFIX").is_some()
}

/// What `tests/rigs/cross.sh windows build` made, the release before all.
pub fn program() -> Result<PathBuf, String> {
    release().or_else(|reason| built("debug/b24status.exe").map_err(|_| reason))
}

pub fn release() -> Result<PathBuf, String> {
    built("release/b24status.exe").map_err(|reason| format!("{reason}: tests/rigs/cross.sh windows build --release"))
}

/// The window's program.
pub fn window() -> Result<PathBuf, String> {
    built("debug/b24status-window.exe").map_err(|reason| format!("{reason}: tests/rigs/cross.sh windows build -p b24status-window"))
}

/// A program that is older than one of its sources is none.
fn built(program: &str) -> Result<PathBuf, String> {
    let built = target_directory().join("cross/x86_64-pc-windows-gnu").join(program);
    let sources = std::fs::read_to_string(built.with_extension("d")).map_err(|_| "nothing is built for Windows".to_owned())?;
    let changed = |file: &Path| file.metadata().and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let built_at = changed(&built);
    match sources.split_whitespace().skip(1).find(|source| changed(Path::new(source)) > built_at) {
        Some(newer) => Err(format!("{newer} is newer than the program for Windows")),
        None => Ok(built),
    }
}

fn target_directory() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_b24status")).ancestors().nth(2).expect("target/PROFILE/b24status")
}

/// Where the profile of whoever is signed in is, seen from outside.
pub fn profile() -> PathBuf {
    let user = env::var("WINE_USER").or_else(|_| env::var("USER")).unwrap_or_else(|_| "root".to_owned());
    drive_c().join("users").join(user)
}

pub fn drive_c() -> PathBuf {
    PathBuf::from(env::var_os("WINEPREFIX").expect("inside Wine")).join("drive_c")
}

/// What Windows tells the app's window: the words of `tests/rigs/wine/tell.c`. What it answered.
#[track_caller]
pub fn tell(word: &str) -> String {
    rig::tool("tell.sh", &[word])
}

/// Where an open menu of the app is on the screen, its left upper corner: the only window of ours that has a size and no name.
pub fn open_menu() -> Option<(usize, usize)> {
    let output = Command::new("xwininfo").args(["-root", "-tree"]).stdin(Stdio::null()).output().unwrap();
    let windows = String::from_utf8_lossy(&output.stdout).into_owned();
    let menu = windows.lines().find(|line| line.contains("(has no name)") && line.contains("b24status.exe") && !line.contains(" 1x1+"))?;
    let mut place = menu.rsplit('+').take(2).map(|number| number.parse().unwrap());
    let (y, x) = (place.next()?, place.next()?);
    Some((x, y))
}

/// What stands under a value's name in the registry; `None` where there is no such value.
pub fn registered(key: &str, value: &str) -> Option<String> {
    let output = Command::new("wine").args(["reg", "query", key, "/v", value]).stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // "    NAME    REG_SZ    DATA"
    let line = text.lines().find(|line| line.trim_start().starts_with(value))?;
    Some(line.split_once("REG_SZ")?.1.trim().to_owned())
}

/// Everything in Windows ends, as when the computer is switched off, and starts anew.
#[track_caller]
pub fn restart() {
    for order in ["-k", "-w"] {
        let ended = Command::new("wineserver").arg(order).status().unwrap();
        assert!(ended.success() || order == "-k", "wineserver {order}: {ended}");
    }
    // What Windows starts for itself keeps the output of whoever comes first: it must not be one that is read to its end.
    let started = Command::new("wineboot").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(started.success(), "wineboot: {started}");
}
