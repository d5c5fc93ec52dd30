//! The settings file as people, editors, disks and other versions treat it: a clear sentence each time, and nothing lost.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use b24status::{
    paths::{Paths, Place},
    presence::{AccountId, Automation, IdleUse, Marking, OnLock, Status},
    settings::{AccountEntry, CredentialKind, Durations, File, Inhibitors, Key, Loaded, LogLevel, Rewrite, SaveError, Settings},
    text::{Language, Texts},
};
use tempfile::TempDir;

#[test]
fn without_a_file_the_defaults_hold() {
    let disk = Disk::new();
    let Loaded { settings, problems, .. } = disk.file.load();
    assert_eq!(settings, Settings::default());
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn every_setting_comes_back_as_it_was_saved() {
    let disk = Disk::new();
    let wanted = Settings {
        language: Some(Language::Russian),
        oauth_port: Some(30000),
        durations: Durations::new([15, 1440, 1]).unwrap(),
        log: LogLevel::Debug,
        automation: Automation {
            marking: Marking::Off,
            idle_after: Duration::from_mins(240),
            over: vec![Status::Online, Status::Break],
            on_lock: OnLock::Ignore,
        },
        inhibitors: Inhibitors::Ignored,
        accounts: vec![
            account("7@acme.bitrix24.com"),
            AccountEntry { ca_file: Some("/etc/ca.pem".into()), idle: IdleUse::LeftOut, ..account("1@intranet.example:8443/b24") },
        ],
    };
    assert_eq!(disk.file.save(&Settings::default(), &wanted).unwrap(), Rewrite::Merged);
    assert_eq!(disk.loads_cleanly(), wanted);
}

#[test]
fn a_person_s_comments_order_and_spaces_stay() {
    let disk = Disk::new();
    disk.write("# mine\nversion = 1\n\n[automation]\nidle_minutes   =  5   # coffee\nover = [\"online\"] # only\n");
    let before = disk.loads_cleanly();
    let mut after = before.clone();
    after.automation.idle_after = Duration::from_mins(7);
    disk.file.save(&before, &after).unwrap();
    assert_eq!(disk.text(), "# mine\nversion = 1\n\n[automation]\nidle_minutes   =  7   # coffee\nover = [\"online\"] # only\n");
}

#[test]
fn an_edit_made_while_the_app_runs_is_not_undone() {
    let disk = Disk::new();
    disk.write("[automation]\nidle_minutes = 5\n");
    let before = disk.loads_cleanly();
    disk.write("language = \"ru\"\n[automation]\nidle_minutes = 20 # edited meanwhile\n");
    let mut after = before.clone();
    after.automation.marking = Marking::Off;
    disk.file.save(&before, &after).unwrap();
    let now = disk.loads_cleanly();
    assert_eq!(now.language, Some(Language::Russian));
    assert_eq!(now.automation.idle_after, Duration::from_mins(20));
    assert_eq!(now.automation.marking, Marking::Off);
    assert!(disk.text().contains("# edited meanwhile"));
}

#[test]
fn accounts_are_added_replaced_and_removed_one_by_one() {
    let disk = Disk::new();
    let (first, second) = (account("1@a.bitrix24.com"), account("2@b.bitrix24.com"));
    let both = Settings { accounts: vec![first.clone(), second.clone()], ..Settings::default() };
    disk.file.save(&Settings::default(), &both).unwrap();
    let renamed = AccountEntry { name: "Maria Petrova".into(), ..first };
    let changed = Settings { accounts: vec![renamed.clone(), second], ..Settings::default() };
    disk.file.save(&both, &changed).unwrap();
    assert_eq!(disk.loads_cleanly(), changed);
    let one = Settings { accounts: vec![renamed], ..Settings::default() };
    disk.file.save(&changed, &one).unwrap();
    assert_eq!(disk.loads_cleanly(), one);
    disk.file.save(&one, &Settings::default()).unwrap();
    assert_eq!(disk.loads_cleanly(), Settings::default());
}

#[test]
fn an_account_added_by_another_process_stays() {
    let disk = Disk::new();
    let mine = Settings { accounts: vec![account("1@a.bitrix24.com")], ..Settings::default() };
    let theirs = Settings { accounts: vec![account("2@b.bitrix24.com")], ..Settings::default() };
    disk.file.save(&Settings::default(), &theirs).unwrap();
    disk.file.save(&Settings::default(), &mine).unwrap();
    assert_eq!(disk.loads_cleanly().accounts, vec![account("2@b.bitrix24.com"), account("1@a.bitrix24.com")]);
}

#[test]
fn a_broken_file_is_named_with_line_and_reason_and_left_alone() {
    let disk = Disk::new();
    let broken = "version = 1\n[automation]\nidle_minutes = = 5\n";
    disk.write(broken);
    let loaded = disk.file.load();
    assert_eq!(loaded.settings, Settings::default());
    let said = disk.says(&loaded);
    assert!(said[0].starts_with(&format!("Line 3 of {} cannot be read (", disk.path().display())), "{said:?}");
    assert_eq!(disk.text(), broken);
}

#[test]
fn a_broken_file_is_kept_aside_whole_when_settings_are_saved() {
    let disk = Disk::new();
    for (number, broken) in ["idle_minutes = = 5 # mine", "[[[ # mine too"].into_iter().enumerate() {
        disk.write(broken);
        let before = disk.file.load().settings;
        let after = Settings { language: Some(Language::Russian), ..before.clone() };
        let aside = disk.path().with_file_name(format!("settings.toml.broken-{}", number + 1));
        assert_eq!(disk.file.save(&before, &after).unwrap(), Rewrite::KeptAside(aside.clone()));
        assert_eq!(fs::read_to_string(aside).unwrap(), broken);
        assert_eq!(disk.loads_cleanly().language, Some(Language::Russian));
    }
}

#[test]
fn a_file_that_is_no_text_is_kept_aside_too() {
    let disk = Disk::new();
    fs::create_dir_all(disk.path().parent().unwrap()).unwrap();
    fs::write(disk.path(), b"\xff\xfe\x00v\x00e").unwrap();
    assert!(disk.says(&disk.file.load())[0].contains("cannot be read"));
    let after = Settings { log: LogLevel::Debug, ..Settings::default() };
    let Ok(Rewrite::KeptAside(aside)) = disk.file.save(&Settings::default(), &after) else { panic!("it was written over") };
    assert_eq!(fs::read(aside).unwrap(), b"\xff\xfe\x00v\x00e");
}

#[test]
fn a_bad_value_is_named_and_the_rest_is_used() {
    let disk = Disk::new();
    disk.write(
        "language = \"ru\"\n\n[automation]\nidle_minutes = 0\nover = [\"online\", \"lunch\"]\nmark_idle = \"yes\"\non_lock = \"ignore\"\n",
    );
    let loaded = disk.file.load();
    assert_eq!(loaded.settings.language, Some(Language::Russian));
    assert_eq!(loaded.settings.automation, Automation { on_lock: OnLock::Ignore, ..Automation::default() });
    let path = disk.path().display().to_string();
    assert_eq!(
        disk.says(&loaded),
        [
            format!(
                "Line 6 of {path}: “automation.mark_idle” is \"yes\", which is not possible. It can be true or false. The standard value is used until then."
            ),
            format!(
                "Line 4 of {path}: “automation.idle_minutes” is 0, which is not possible. It can be a whole number from 1 to 240. The standard value is used until then."
            ),
            format!(
                "Line 5 of {path}: “automation.over” is [\"online\", \"lunch\"], which is not possible. It can be a list with some of \"online\", \"dnd\", \"away\", \"break\". The standard value is used until then."
            ),
        ]
    );
}

#[test]
fn every_kind_of_bad_value_is_refused_and_none_is_fatal() {
    for text in [
        "version = \"one\"",
        "version = 0",
        "language = \"elvish\"",
        "language = 7",
        "log = \"loud\"",
        "oauth_port = 80",
        "oauth_port = 65536",
        "oauth_port = \"24824\"",
        "automation = 5",
        "automation = [1]",
        "accounts = 5",
        "accounts = [1]",
        "[accounts]\nid = \"1@a\"",
        "[[accounts]]\nportal = \"a\"",
        "[[accounts]]\nid = 5",
        "[[accounts]]\nid = \"1@a\"\nkind = \"magic\"",
        "[[accounts]]\nid = \"1@a\"\nca_file = 5",
        "[automation]\nidle_minutes = 241",
        "[automation]\nidle_minutes = -1",
        "[automation]\nidle_minutes = 1.5",
        "[automation]\nidle_minutes = 9223372036854775807",
        "[automation]\non_lock = true",
        "[automation]\nover = \"online\"",
        "[automation]\nrespect_inhibitors = 1",
        "[automation]\nidle_minute = 5",
        "colour = \"red\"",
    ] {
        let disk = Disk::new();
        disk.write(text);
        let loaded = disk.file.load();
        assert_eq!(loaded.problems.len(), 1, "{text}: {:?}", loaded.problems);
        // Saving something else neither fails nor loses what the person wrote.
        let mut after = Settings { inhibitors: Inhibitors::Ignored, ..loaded.settings.clone() };
        after.accounts.push(account("9@z.bitrix24.com"));
        let rewrite = disk.file.save(&loaded.settings, &after).unwrap();
        let kept = match &rewrite {
            Rewrite::Merged => disk.text(),
            Rewrite::KeptAside(aside) => fs::read_to_string(aside).unwrap(),
        };
        let lost = |line: &&str| !kept.contains(line) && !line.starts_with("respect_inhibitors");
        assert_eq!(text.lines().find(lost), None, "{text}\n=> {kept}");
        assert_eq!(disk.file.load().settings.inhibitors, Inhibitors::Ignored, "{text}");
        assert!(disk.file.load().settings.accounts.contains(&account("9@z.bitrix24.com")), "{text}");
    }
}

#[test]
fn accounts_written_in_one_line_are_understood_and_kept() {
    let disk = Disk::new();
    disk.write("accounts = [ { id = \"1@a.bitrix24.com\", portal = \"a.bitrix24.com\", name = \"Ivan Petrov\" } ]\n");
    let before = disk.loads_cleanly();
    assert_eq!(before.accounts, vec![account("1@a.bitrix24.com")]);
    let after = Settings { accounts: vec![account("1@a.bitrix24.com"), account("2@b.bitrix24.com")], ..before.clone() };
    disk.file.save(&before, &after).unwrap();
    assert_eq!(disk.loads_cleanly(), after);
}

#[test]
fn a_file_of_a_newer_version_is_used_and_not_written() {
    let disk = Disk::new();
    let text = "version = 2\nlanguage = \"ru\"\nholidays = true\n";
    disk.write(text);
    let loaded = disk.file.load();
    assert_eq!(loaded.settings.language, Some(Language::Russian));
    assert_eq!(disk.says(&loaded).len(), 1, "{:?}", disk.says(&loaded));
    assert!(disk.says(&loaded)[0].contains("newer version of b24status (file version 2)"));
    let refused = disk.file.save(&loaded.settings, &Settings::default());
    assert!(matches!(refused, Err(SaveError::Newer { version: 2 })));
    assert_eq!(disk.text(), text);
}

#[test]
fn a_mark_at_the_beginning_and_windows_line_ends_do_no_harm() {
    let disk = Disk::new();
    disk.write("\u{feff}language = \"ru\"\r\n[automation]\r\nidle_minutes = 5\r\n");
    assert_eq!(disk.loads_cleanly().automation.idle_after, Duration::from_mins(5));
}

#[test]
fn a_place_where_no_file_can_be_is_named() {
    let disk = Disk::new();
    // Where the directory should be, there is a file.
    fs::write(disk.path().parent().unwrap(), "in the way").unwrap();
    let refused = disk.file.save(&Settings::default(), &Settings { log: LogLevel::Debug, ..Settings::default() }).unwrap_err();
    let said = refused.sentence(&Texts::new(Language::English));
    assert!(said.contains("could not be saved") && said.contains("settings.toml"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_the_old_file_stays_whole() {
    let Some(disk) = Disk::on_a_small_file_system("a_full_disk_is_named_and_the_old_file_stays_whole") else { return };
    disk.write("language = \"ru\"\n");
    let before = disk.loads_cleanly();
    let filler = disk.root.path().join("filler");
    // As much as fits.
    let _ = fs::write(&filler, vec![0; 1024 * 1024]);
    let after = Settings { accounts: (0..400).map(|number| account(&format!("{number}@a"))).collect(), ..before.clone() };
    let said = disk.file.save(&before, &after).unwrap_err().sentence(&Texts::new(Language::English));
    assert!(said.contains("the disk is full"), "{said}");
    assert_eq!(disk.text(), "language = \"ru\"\n");
    assert_eq!(fs::read_dir(disk.path().parent().unwrap()).unwrap().count(), 1, "nothing half-written stays");
    fs::remove_file(filler).unwrap();
    disk.file.save(&before, &after).unwrap();
    assert_eq!(disk.loads_cleanly(), after);
}

#[cfg(target_os = "linux")]
#[test]
fn a_home_that_can_only_be_read_is_named() {
    let Some(disk) = Disk::on_a_small_file_system("a_home_that_can_only_be_read_is_named") else { return };
    disk.write("language = \"ru\"\n");
    let before = disk.loads_cleanly();
    assert!(Command::new("mount").args(["-o", "remount,ro"]).arg(disk.root.path()).status().unwrap().success());
    let after = Settings { log: LogLevel::Debug, ..before.clone() };
    let said = disk.file.save(&before, &after).unwrap_err().sentence(&Texts::new(Language::English));
    assert!(said.contains("can only be read"), "{said}");
    assert_eq!(disk.loads_cleanly(), before);
}

#[test]
fn what_is_kept_in_memory_touches_no_disk() {
    let file = File::new(&Place::Memory);
    assert_eq!(file.path(), None);
    assert_eq!(file.save(&Settings::default(), &Settings { log: LogLevel::Debug, ..Settings::default() }).unwrap(), Rewrite::Merged);
    assert_eq!(file.load().settings, Settings::default());
}

#[test]
fn what_the_administrator_fixed_wins_and_the_person_s_file_stays_as_it_is() {
    let disk = Disk::new();
    let text = "language = \"en\"\n[automation]\nidle_minutes = 5\nmark_idle = true\n";
    disk.write(text);
    disk.fix("language = \"ru\"\n[automation]\nidle_minutes = 30\n");
    let loaded = disk.file.load();
    assert_eq!(loaded.settings.language, Some(Language::Russian));
    assert_eq!(loaded.settings.automation.idle_after, Duration::from_mins(30));
    assert_eq!(loaded.machine.fixed.iter().map(|key| key.name()).collect::<Vec<_>>(), ["language", "automation.idle_minutes"]);
    assert!(disk.says(&loaded).is_empty());
    let after = Settings { inhibitors: Inhibitors::Ignored, ..loaded.settings.clone() };
    disk.file.save(&loaded.settings, &after).unwrap();
    assert!(disk.text().contains("language = \"en\"") && disk.text().contains("idle_minutes = 5"), "{}", disk.text());
    fs::remove_file(disk.of_machine()).unwrap();
    assert_eq!(disk.file.load().settings.automation.idle_after, Duration::from_mins(5), "what the person wrote is still there");
}

#[test]
fn every_setting_but_the_accounts_can_be_fixed() {
    let disk = Disk::new();
    disk.fix(
        "version = 1\nlanguage = \"ru\"\nlog = \"debug\"\ndurations = [15]\noauth_port = 30000\n\
         [automation]\nmark_idle = false\nidle_minutes = 3\nover = []\non_lock = \"ignore\"\nrespect_inhibitors = false\n",
    );
    let loaded = disk.file.load();
    assert_eq!(loaded.machine.fixed, Key::ALL);
    let fixed = loaded.settings.clone();
    assert_eq!(
        fixed,
        Settings {
            language: Some(Language::Russian),
            log: LogLevel::Debug,
            automation: Automation { marking: Marking::Off, idle_after: Duration::from_mins(3), over: Vec::new(), on_lock: OnLock::Ignore },
            inhibitors: Inhibitors::Ignored,
            oauth_port: Some(30000),
            durations: Durations::new([15]).unwrap(),
            accounts: Vec::new(),
        }
    );
    // A person's file that cannot be read hides nothing of it, and a new one holds only what is the person's own.
    disk.write("accounts = = broken");
    let loaded = disk.file.load();
    assert_eq!(loaded.in_place_of(&Settings::default()), fixed);
    disk.file.save(&fixed, &Settings { accounts: vec![account("1@a.bitrix24.com")], ..fixed.clone() }).unwrap();
    assert!(disk.text().contains("1@a.bitrix24.com") && !disk.text().contains("idle_minutes"), "{}", disk.text());
}

#[test]
fn what_is_wrong_with_the_administrator_s_file_is_said_with_its_place_and_fixes_nothing() {
    for (text, named, fixed) in [
        ("idle = = 5", "cannot be read", 0),
        ("[[accounts]]\nid = \"7@acme.bitrix24.com\"\n", "cannot be set for the whole computer", 0),
        ("language = \"tlh\"\nlog = \"debug\"", "language", 1),
        ("colour = 3", "no setting", 0),
    ] {
        let disk = Disk::new();
        disk.fix(text);
        let loaded = disk.file.load();
        assert_eq!(loaded.machine.fixed.len(), fixed, "{text}");
        assert!(loaded.settings.accounts.is_empty());
        let said = disk.says(&loaded);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains(named) && said[0].contains(&disk.of_machine().display().to_string()), "{said:?}");
    }
}

struct Disk {
    root: TempDir,
    file: File,
    mounted: Mounted,
}

#[derive(PartialEq)]
enum Mounted {
    No,
    Here,
}

impl Disk {
    fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap(), Mounted::No)
    }

    fn at(root: TempDir, mounted: Mounted) -> Self {
        let file = File::new(&Place::Disk(Paths::below(root.path())));
        Self { root, file, mounted }
    }

    /// 64 KiB, so that it can be full. Only root may mount.
    #[cfg(target_os = "linux")]
    fn on_a_small_file_system(test: &str) -> Option<Self> {
        let root = tempfile::tempdir().unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "b24status-test"]).arg(root.path()).output();
        if mount.is_ok_and(|mount| mount.status.success()) {
            return Some(Self::at(root, Mounted::Here));
        }
        support::skip(test, "only root can make a small disk");
        None
    }

    fn path(&self) -> PathBuf {
        self.file.path().unwrap().to_owned()
    }

    fn write(&self, text: &str) {
        fs::create_dir_all(self.path().parent().unwrap()).unwrap();
        fs::write(self.path(), text).unwrap();
    }

    /// As an administrator does, for everybody.
    fn fix(&self, text: &str) {
        fs::create_dir_all(self.of_machine().parent().unwrap()).unwrap();
        fs::write(self.of_machine(), text).unwrap();
    }

    fn of_machine(&self) -> PathBuf {
        Paths::below(self.root.path()).settings_of_machine()[0].clone()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn loads_cleanly(&self) -> Settings {
        let Loaded { settings, problems, .. } = self.file.load();
        assert!(problems.is_empty(), "{problems:?}");
        settings
    }

    fn says(&self, loaded: &Loaded) -> Vec<String> {
        let texts = Texts::new(Language::English);
        loaded.sentences(&texts, &self.path())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted == Mounted::Here {
            unmount(self.root.path());
        }
    }
}

fn unmount(path: &Path) {
    let _ = Command::new("umount").arg("--lazy").arg(path).status();
}

fn account(id: &str) -> AccountEntry {
    let portal = id.split_once('@').map_or(id, |(_, portal)| portal);
    AccountEntry {
        id: AccountId::new(id),
        portal: portal.to_owned(),
        name: "Ivan Petrov".to_owned(),
        kind: CredentialKind::Webhook,
        ca_file: None,
        idle: IdleUse::Marked,
    }
}
