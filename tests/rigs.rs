//! The test desktops themselves come up: a failure here is one of the rigs, not of the app.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a failure here is one of the test")]

mod support;

use std::process::Command;
use std::time::Duration;

use support::accessible::Reader;
use support::bus::Bus;
use support::rig;
use support::wait::wait_for;
use support::windows;

#[test]
fn the_x11_desktop_has_a_tray_a_notifier_and_an_open_keyring() {
    rig::inside(rig::X11, &[], "the_x11_desktop_has_a_tray_a_notifier_and_an_open_keyring", || {
        assert!(rig::tray_ready());
        assert!(rig::owned("org.freedesktop.Notifications"));
        assert!(!keyring_is_locked());
        assert_screen_has_a_panel();
    });
}

#[test]
fn the_x11_desktop_can_do_without() {
    let without = [("TRAY", "none"), ("NOTIFY", "none"), ("KEYRING", "none"), ("BUS", "bare")];
    rig::inside(rig::X11, &without, "the_x11_desktop_can_do_without", || {
        assert!(!rig::tray_ready());
        assert!(!rig::owned("org.freedesktop.Notifications"));
        assert!(!rig::owned("org.freedesktop.secrets"));
    });
}

#[test]
fn the_keyring_can_be_locked() {
    rig::inside(rig::X11, &[("KEYRING", "locked")], "the_keyring_can_be_locked", || assert!(keyring_is_locked()));
}

#[test]
fn the_panel_can_come_late() {
    rig::inside(rig::X11, &[("TRAY", "none")], "the_panel_can_come_late", || {
        let mut panel = Command::new(rig::rigs().join("panel.sh")).spawn().unwrap();
        wait_for("the tray of a late panel", Duration::from_secs(20), rig::tray_ready);
        panel.kill().unwrap();
        panel.wait().unwrap();
    });
}

#[test]
fn the_x11_desktop_has_a_browser_that_a_screen_reader_works() {
    let variables = [("TRAY", "none"), ("ACCESSIBILITY", "on"), ("BROWSER", "chromium")];
    rig::inside(rig::X11, &variables, "the_x11_desktop_has_a_browser_that_a_screen_reader_works", || {
        let page = rig::directory().join("page.html");
        std::fs::write(&page, "<title>One</title><button onclick=\"document.body.innerHTML='<h1>Two</h1>'\">Go on</button>").unwrap();
        let opened = Command::new("xdg-open").arg(&page).status().unwrap();
        assert!(opened.success());
        let reader = Reader::of("Chromium");
        reader.press("button", "Go on");
        reader.wait("heading", "Two");
    });
}

#[test]
fn the_x11_desktop_can_be_dark_and_become_light() {
    let variables = [("TRAY", "none"), ("SCHEME", "dark")];
    rig::inside(rig::X11, &variables, "the_x11_desktop_can_be_dark_and_become_light", || {
        let scheme = || {
            let portal = ["call", "--session", "-d", "org.freedesktop.portal.Desktop", "-o", "/org/freedesktop/portal/desktop"];
            let question = ["-m", "org.freedesktop.portal.Settings.ReadOne", "org.freedesktop.appearance", "color-scheme"];
            let answer = Command::new("gdbus").args(portal).args(question).output().unwrap();
            String::from_utf8_lossy(&answer.stdout).trim().to_owned()
        };
        assert_eq!(scheme(), "(<uint32 1>,)");
        rig::become_scheme("light");
        assert_eq!(scheme(), "(<uint32 2>,)");
    });
}

#[test]
fn the_wayland_desktop_has_a_tray_and_a_pointer() {
    rig::inside(rig::SWAY, &[], "the_wayland_desktop_has_a_tray_and_a_pointer", || {
        assert!(rig::tray_ready());
        rig::input(&["move", "100", "100"]);
        assert_screen_has_a_panel();
    });
}

#[test]
fn the_gnome_desktop_has_an_idle_monitor() {
    rig::inside(rig::GNOME, &[("TRAY", "none")], "the_gnome_desktop_has_an_idle_monitor", || {
        assert!(rig::owned("org.gnome.Mutter.IdleMonitor"));
        assert!(!rig::tray_ready());
    });
}

#[test]
fn windows_has_a_desktop_and_whoever_signs_in() {
    let variables = [("DESKTOP", "1280x760"), ("TRAY", "none"), ("WINE_USER", "Иван")];
    rig::inside(rig::WINE, &variables, "windows_has_a_desktop_and_whoever_signs_in", || {
        let ended = Command::new("wine").args(["cmd", "/c", "mkdir", "%APPDATA%\\new"]).status().unwrap();
        assert!(ended.success());
        assert!(windows::profile().join("AppData/Roaming/new").is_dir(), "{:?}", windows::profile());
        assert_screen_has_a_panel();
    });
}

#[test]
fn a_private_bus_is_empty() {
    let Some(bus) = Bus::start("a_private_bus_is_empty") else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let names = runtime.block_on(async {
        let connection = bus.connect().await;
        zbus::fdo::DBusProxy::new(&connection).await.unwrap().list_names().await.unwrap()
    });
    let well_known: Vec<_> = names.iter().map(|name| name.as_str()).filter(|name| !name.starts_with(':')).collect();
    assert_eq!(well_known, ["org.freedesktop.DBus"]);
}

fn keyring_is_locked() -> bool {
    Command::new(rig::rigs().join("keyring.sh")).arg("locked").status().unwrap().success()
}

/// The panel takes its name before it paints itself.
fn assert_screen_has_a_panel() {
    let file = rig::directory().join("screen.png");
    wait_for("anything but the background on the screen", Duration::from_secs(10), || {
        rig::screenshot(&file);
        rig::tool("colours.sh", &[file.to_str().unwrap()]).trim() != "1"
    });
}
