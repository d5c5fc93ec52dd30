//! Start at login, on real directories: what is shown is what the session will do.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use b24status::autostart::{Autostart, AutostartError, Places, Repair, State, Switch};
use support::wait::wait_for_some;

#[test]
fn nothing_is_written_until_it_is_switched_on() {
    let home = Home::new();
    assert_eq!(home.autostart().state().unwrap(), State::Off);
    assert_eq!(home.autostart().set(Switch::Off).unwrap(), State::Off);
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
    assert!(!home.own_entry().exists());
}

#[test]
fn it_is_on_and_off_as_it_was_switched() {
    let home = Home::new();
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
    assert_eq!(
        home.entry(),
        format!(
            "[Desktop Entry]\nType=Application\nName=Status for Bitrix24\nIcon=b24status\nTerminal=false\nExec={0}\nTryExec={0}\n\
             X-GNOME-Autostart-enabled=true\n",
            home.program.display()
        )
    );
    assert_eq!(home.autostart().set(Switch::Off).unwrap(), State::Off);
    assert_eq!(home.autostart().state().unwrap(), State::Off);
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
}

#[test]
fn a_program_in_a_strange_place_is_still_the_one_that_starts() {
    for name in
        ["with space", "100%", "quo\"te", "back\\slash", "dollar$and`tick", "Иван", "semi;colon & more", "tab\there", "new\nline", "a=b"]
    {
        let home = Home::with_program_in(name);
        assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On, "{name}");
        let Some(started) = home.start_as_a_session_does(name) else { continue };
        assert_eq!(started, home.program, "{name}");
    }
}

#[test]
fn each_way_to_switch_an_entry_off_is_respected() {
    for off in ["Hidden=true", "X-GNOME-Autostart-enabled=false", "OnlyShowIn=GNOME;Unity;", "NotShowIn=XFCE;"] {
        let home = Home::new();
        home.write_entry(&format!("[Desktop Entry]\nExec={}\n{off}\n", home.program.display()));
        assert_eq!(home.autostart().state().unwrap(), State::Off, "{off}");
        assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded, "{off}");
        assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On, "{off}");
    }
}

#[test]
fn an_entry_for_this_desktop_only_counts_as_on() {
    let home = Home::new();
    home.write_entry(&format!("[Desktop Entry]\nExec={}\nOnlyShowIn=XFCE;MATE;\n", home.program.display()));
    assert_eq!(home.autostart().state().unwrap(), State::On);
    home.autostart().set(Switch::On).unwrap();
    assert!(home.entry().contains("OnlyShowIn=XFCE;MATE;\n"));
}

#[test]
fn an_entry_of_the_system_counts_and_is_hidden_by_switching_off() {
    let home = Home::new();
    home.write_system_entry(&format!("[Desktop Entry]\nExec={}\n", home.program.display()));
    assert_eq!(home.autostart().state().unwrap(), State::On);
    assert_eq!(home.autostart().set(Switch::Off).unwrap(), State::Off);
    assert!(home.entry().contains("Hidden=true\n"));
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
}

#[test]
fn a_persons_own_edits_stay() {
    let home = Home::new();
    let exec = format!("Exec={} --later 5", home.program.display());
    home.write_entry(&format!("# mine\n[Desktop Entry]\nName[ru]=Мой статус\n{exec}\nX-Delay=3\n\n[Other]\nKey=1\n"));
    home.autostart().set(Switch::Off).unwrap();
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
    let entry = home.entry();
    for line in ["# mine", "Name[ru]=Мой статус", &exec, "X-Delay=3", "[Other]", "Key=1"] {
        assert!(entry.lines().any(|written| written == line), "{line} is missing:\n{entry}");
    }
}

#[test]
fn a_moved_program_repairs_its_entry_and_keeps_its_arguments() {
    let home = Home::new();
    home.write_entry("[Desktop Entry]\nExec=\"/gone for ever/b24status\" --later 5\nTryExec=/gone for ever/b24status\n");
    assert_eq!(home.autostart().state().unwrap(), State::OnElsewhere("/gone for ever/b24status".into()));
    assert_eq!(home.autostart().repair().unwrap(), Repair::Rewritten);
    assert_eq!(home.autostart().state().unwrap(), State::On);
    assert!(home.entry().contains(&format!("Exec={} --later 5\n", home.program.display())));
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
}

#[test]
fn an_entry_that_requires_a_file_that_is_gone_is_repaired_too() {
    let home = Home::new();
    home.write_entry(&format!("[Desktop Entry]\nExec={}\nTryExec=/gone/b24status-1.0.AppImage\n", home.program.display()));
    assert_eq!(home.autostart().state().unwrap(), State::OnElsewhere("/gone/b24status-1.0.AppImage".into()));
    assert_eq!(home.autostart().repair().unwrap(), Repair::Rewritten);
    assert_eq!(home.autostart().state().unwrap(), State::On);
}

#[test]
fn what_is_on_already_is_not_written_again() {
    let home = Home::new();
    let entry = format!("[Desktop Entry]\nExec={}\n", home.program.display());
    home.write_system_entry(&entry);
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
    assert!(!home.own_entry().exists());
    home.write_entry(&entry);
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
    assert_eq!(home.entry(), entry);
}

#[test]
fn another_copy_that_is_still_there_is_told_and_not_replaced() {
    let home = Home::new();
    let other = home.add_program("other/b24status");
    home.write_entry(&format!("[Desktop Entry]\nExec={}\n", other.display()));
    assert_eq!(home.autostart().state().unwrap(), State::OnElsewhere(other));
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
}

#[test]
fn a_script_of_the_persons_own_is_not_repaired() {
    let home = Home::new();
    home.write_entry("[Desktop Entry]\nExec=/gone/my-script.sh b24status\n");
    assert_eq!(home.autostart().state().unwrap(), State::OnElsewhere("/gone/my-script.sh".into()));
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
}

#[test]
fn a_name_is_looked_up_and_a_symbolic_link_followed() {
    let home = Home::new();
    symlink(&home.program, home.directory.path().join("bin/b24status")).unwrap();
    home.write_entry("[Desktop Entry]\nExec=b24status\n");
    assert_eq!(home.autostart().state().unwrap(), State::On);
}

#[test]
fn an_entry_that_is_a_symbolic_link_stays_one() {
    let home = Home::new();
    let kept = home.directory.path().join("dotfile");
    fs::write(&kept, "[Desktop Entry]\nHidden=true\n").unwrap();
    fs::create_dir_all(home.own_entry().parent().unwrap()).unwrap();
    symlink(&kept, home.own_entry()).unwrap();
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
    assert!(home.own_entry().is_symlink());
    assert!(fs::read_to_string(kept).unwrap().contains("Exec="));
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_with_its_path() {
    let home = Home::new();
    fs::create_dir_all(home.directory.path().join("config")).unwrap();
    fs::write(home.directory.path().join("config/autostart"), "in the way").unwrap();
    assert_eq!(home.autostart().state().unwrap(), State::Off);
    let error = home.autostart().set(Switch::On).unwrap_err();
    assert!(matches!(&error, AutostartError::NotWritable { path, .. } if *path == home.own_entry()), "{error:?}");
}

#[test]
fn an_entry_that_cannot_be_read_is_an_error_and_is_left_alone() {
    let home = Home::new();
    fs::create_dir_all(home.own_entry().parent().unwrap()).unwrap();
    fs::write(home.own_entry(), b"[Desktop Entry]\nName=\xff\n").unwrap();
    assert!(matches!(home.autostart().state(), Err(AutostartError::Unreadable { .. })));
    assert!(home.autostart().set(Switch::On).is_err());
    assert_eq!(fs::read(home.own_entry()).unwrap(), b"[Desktop Entry]\nName=\xff\n");
}

/// A person's directories, with the program somewhere in them.
struct Home {
    directory: tempfile::TempDir,
    program: PathBuf,
}

impl Home {
    fn new() -> Self {
        Self::with_program_in("place")
    }

    fn with_program_in(place: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("bin")).unwrap();
        let mut home = Self { directory, program: PathBuf::new() };
        home.program = home.add_program(&format!("{place}/b24status"));
        home
    }

    fn add_program(&self, path: &str) -> PathBuf {
        let program = self.directory.path().canonicalize().unwrap().join(path);
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, STARTED).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        program
    }

    fn autostart(&self) -> Autostart {
        let directory = self.directory.path();
        Autostart::at(Places {
            own: directory.join("config"),
            system: vec![directory.join("system")],
            desktops: vec!["XFCE".to_owned()],
            search: vec![directory.join("bin")],
            program: self.program.clone(),
        })
    }

    fn own_entry(&self) -> PathBuf {
        self.directory.path().join("config/autostart/b24status.desktop")
    }

    fn entry(&self) -> String {
        fs::read_to_string(self.own_entry()).unwrap()
    }

    /// GLib starts the entry, as most sessions do; the path under which the program found itself started.
    fn start_as_a_session_does(&self, case: &str) -> Option<PathBuf> {
        let told = self.directory.path().join("told");
        match Command::new("gio").arg("launch").arg(self.own_entry()).env("TOLD", &told).stdin(Stdio::null()).status() {
            Ok(status) => assert!(status.success(), "{case}"),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                support::skip(&format!("starting the entry for {case:?}"), "there is no gio on this machine");
                return None;
            }
            Err(error) => panic!("gio: {error}"),
        }
        let started = || fs::read_to_string(&told).ok();
        Some(wait_for_some("the program that the entry starts", Duration::from_secs(20), started).into())
    }

    fn write_entry(&self, text: &str) {
        write(&self.own_entry(), text);
    }

    fn write_system_entry(&self, text: &str) {
        write(&self.directory.path().join("system/autostart/b24status.desktop"), text);
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A program that tells under which path it was started, at once and whole.
const STARTED: &str = "#!/bin/sh\nprintf %s \"$0\" >\"$TOLD.new\" && mv \"$TOLD.new\" \"$TOLD\"\n";
