//! The window's program for Windows, in Wine: that it starts, paints itself and ends. What is in it is tried on Linux.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::process::{Command, Stdio};
use std::time::Duration;

use support::wait::wait_for_some;
use support::{rig, skip, windows};

/// The first start of anything in Wine takes its time.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn the_window_for_windows_shows_itself_and_ends_when_it_is_closed() {
    let test = "the_window_for_windows_shows_itself_and_ends_when_it_is_closed";
    let program = match windows::window() {
        Ok(program) => program,
        Err(reason) => return skip(test, &reason),
    };
    let variables = [("DESKTOP", "1000x700"), ("TRAY", "none"), ("NOTIFY", "none"), ("KEYRING", "none")];
    rig::inside(rig::WINE, &variables, test, || {
        let mut window = Command::new("wine").arg(&program).stdin(Stdio::null()).spawn().unwrap();
        let number = wait_for_some("the window", LIMIT, || {
            let search = Command::new("xdotool").args(["search", "--onlyvisible", "--name", "Status for Bitrix24"]).output().unwrap();
            String::from_utf8_lossy(&search.stdout).lines().next().map(str::to_owned)
        });
        let picture = rig::directory().join("window.ppm");
        wait_for_some("texts in the window", LIMIT, || {
            let taken = Command::new("import").args(["-window", &number]).arg(&picture).stderr(Stdio::null()).status().unwrap();
            (taken.success() && colours(&picture) > 8).then_some(())
        });
        rig::input(&["key", "Escape"]);
        let ended = wait_for_some("the end of the program", LIMIT, || window.try_wait().unwrap());
        assert!(ended.success(), "{ended}");
    });
}

/// Letters with smooth edges have many.
fn colours(picture: &std::path::Path) -> usize {
    rig::tool("colours.sh", &[picture.to_str().unwrap()]).trim().parse().unwrap()
}
