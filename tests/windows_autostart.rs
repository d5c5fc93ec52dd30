//! Start at login on Windows, in keys of the real registry that end with the test: what is shown is what Windows will do.
#![cfg(windows)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use b24status::autostart::{Autostart, AutostartError, Places, Repair, State, Switch};
use windows_registry::{CURRENT_USER, Key, Type};

const NAME: &str = "b24status";

#[test]
fn nothing_is_written_until_it_is_switched_on() {
    let home = Home::new();
    assert_eq!(home.autostart().state().unwrap(), State::Off);
    assert_eq!(home.autostart().set(Switch::Off).unwrap(), State::Off);
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
    assert!(CURRENT_USER.open(&home.root).is_err());
}

#[test]
fn it_is_on_and_off_as_it_was_switched_and_leaves_nothing_behind() {
    let home = Home::new();
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
    assert_eq!(home.entry().unwrap(), format!("\"{}\"", home.program.display()));
    home.withdraw();
    assert_eq!(home.autostart().set(Switch::Off).unwrap(), State::Off);
    assert_eq!(home.entry(), None);
    assert!(home.approved().get_value(NAME).is_err());
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
}

#[test]
fn a_program_in_a_strange_place_is_still_the_one_that_starts() {
    for name in ["with space", "100% of %TEMP%", "Иван Петров 漢字", "semi;colon & more", "apo'strophe", "a=b", "é\u{301}😀"]
    {
        let home = Home::with_program_in(name);
        assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On, "{name}");
        assert_eq!(home.entry().unwrap(), format!("\"{}\"", home.program.display()));
    }
}

#[test]
fn switched_off_in_task_manager_it_is_off_until_it_is_switched_on_here() {
    for first in [1, 3, 7] {
        let home = Home::new();
        home.autostart().set(Switch::On).unwrap();
        home.approved().set_bytes(NAME, Type::Bytes, &[first, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        assert_eq!(home.autostart().state().unwrap(), State::Off, "{first}");
        assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
        assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On, "{first}");
        assert_eq!(home.approved().get_value(NAME).unwrap().first(), Some(&2));
    }
}

#[test]
fn what_task_manager_writes_for_an_entry_that_is_on_counts_as_on() {
    let home = Home::new();
    home.autostart().set(Switch::On).unwrap();
    for approval in [&[2; 12][..], &[6, 0, 0, 0]] {
        home.approved().set_bytes(NAME, Type::Bytes, approval).unwrap();
        assert_eq!(home.autostart().state().unwrap(), State::On, "{approval:?}");
    }
}

#[test]
fn a_persons_own_arguments_stay() {
    let home = Home::new();
    let command = format!("\"{}\" --later 5", home.program.display());
    home.write(&command);
    home.withdraw();
    assert_eq!(home.autostart().state().unwrap(), State::Off);
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
    assert_eq!(home.entry().unwrap(), command);
}

#[test]
fn a_moved_program_repairs_its_entry_and_keeps_its_arguments() {
    let home = Home::new();
    home.write(r#""C:\gone for ever\B24Status.exe" --later 5"#);
    assert_eq!(home.autostart().state().unwrap(), State::OnElsewhere(r"C:\gone for ever\B24Status.exe".into()));
    assert_eq!(home.autostart().repair().unwrap(), Repair::Rewritten);
    assert_eq!(home.autostart().state().unwrap(), State::On);
    assert_eq!(home.entry().unwrap(), format!("\"{}\" --later 5", home.program.display()));
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
}

#[test]
fn a_moved_program_that_was_switched_off_is_left_alone() {
    let home = Home::new();
    home.write(r#""C:\gone\b24status.exe""#);
    home.withdraw();
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
    assert_eq!(home.entry().unwrap(), r#""C:\gone\b24status.exe""#);
}

#[test]
fn another_copy_that_is_still_there_is_told_and_not_replaced() {
    let home = Home::new();
    let other = home.add_program("other copy/b24status.exe");
    // Without quotes, as some installers write it.
    home.write(&other.display().to_string());
    assert_eq!(home.autostart().state().unwrap(), State::OnElsewhere(other));
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
}

#[test]
fn a_script_of_the_persons_own_is_not_repaired() {
    let home = Home::new();
    home.write(r"wscript.exe C:\mine.vbs b24status.exe");
    assert_eq!(home.autostart().state().unwrap(), State::OnElsewhere("wscript.exe".into()));
    assert_eq!(home.autostart().repair().unwrap(), Repair::NotNeeded);
}

#[test]
fn a_path_in_other_letters_and_with_variables_is_the_same_program() {
    let home = Home::new();
    home.write(&home.program.display().to_string().to_uppercase());
    assert_eq!(home.autostart().state().unwrap(), State::On);
    let below_temp = home.program.strip_prefix(std::env::var("TEMP").unwrap()).unwrap();
    home.run().set_expand_string(NAME, format!("\"%TEMP%\\{}\"", below_temp.display())).unwrap();
    assert_eq!(home.autostart().state().unwrap(), State::On);
}

#[test]
fn a_value_that_is_no_text_starts_nothing() {
    let home = Home::new();
    for (kind, bytes) in [(Type::Bytes, &b"\x01\x02\x03"[..]), (Type::U32, &[1, 0, 0, 0][..]), (Type::Other(1), &[7][..])] {
        home.run().set_bytes(NAME, kind, bytes).unwrap();
        assert_eq!(home.autostart().state().unwrap(), State::Off, "{kind:?}");
    }
    assert_eq!(home.autostart().set(Switch::On).unwrap(), State::On);
}

#[test]
fn a_path_over_the_limit_of_windows_is_refused_and_nothing_is_changed() {
    let home = Home::new();
    home.write(r#""C:\gone\b24status.exe""#);
    let at = |length: usize| {
        let program = PathBuf::from(format!(r"C:\{}\b24status.exe", "я".repeat(length - r"C:\\b24status.exe".len())));
        Autostart::at(Places { program, ..home.places() })
    };
    let refused = at(259).set(Switch::On);
    assert!(matches!(refused, Err(AutostartError::TooLong(_))), "{refused:?}");
    assert_eq!(home.entry().unwrap(), r#""C:\gone\b24status.exe""#);
    at(258).set(Switch::On).unwrap();
    assert_eq!(home.entry().unwrap().encode_utf16().count(), 260);
}

/// A program file, and two keys of the registry for it alone.
struct Home {
    root: String,
    directory: tempfile::TempDir,
    program: PathBuf,
}

impl Home {
    fn new() -> Self {
        Self::with_program_in("apps")
    }

    fn with_program_in(name: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let root = format!(r"Software\b24status-test\{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut home = Self { root, directory: tempfile::tempdir().unwrap(), program: PathBuf::new() };
        home.program = home.add_program(&format!("{name}/b24status.exe"));
        home
    }

    fn add_program(&self, place: &str) -> PathBuf {
        let program = place.split('/').fold(self.directory.path().to_owned(), |path, part| path.join(part));
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "MZ").unwrap();
        program
    }

    fn places(&self) -> Places {
        Places { run: self.key("Run"), approved: self.key("Approved"), program: self.program.clone() }
    }

    fn autostart(&self) -> Autostart {
        Autostart::at(self.places())
    }

    fn entry(&self) -> Option<String> {
        CURRENT_USER.open(self.key("Run")).unwrap().get_string(NAME).ok()
    }

    fn write(&self, command: &str) {
        self.run().set_string(NAME, command).unwrap();
    }

    fn withdraw(&self) {
        self.approved().set_bytes(NAME, Type::Bytes, &[3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
    }

    fn run(&self) -> Key {
        CURRENT_USER.create(self.key("Run")).unwrap()
    }

    fn approved(&self) -> Key {
        CURRENT_USER.create(self.key("Approved")).unwrap()
    }

    fn key(&self, name: &str) -> String {
        Path::new(&self.root).join(name).display().to_string()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = CURRENT_USER.remove_tree(&self.root);
    }
}
