//! Secrets in a real gnome-keyring on a throw-away desktop: absent, late, locked, dismissed, restarted.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::HashMap;
use std::future::Future;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use b24status::bus;
use b24status::keyring::{Ask, Change, Keyring, KeyringError};
use b24status::presence::AccountId;
use secrecy::{ExposeSecret, SecretString};
use secret_service::{EncryptionType, SecretService};
use support::rig;
use support::wait::wait_for;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

#[test]
fn a_secret_comes_back_and_the_newer_one_takes_its_place() {
    on_desktop("a_secret_comes_back_and_the_newer_one_takes_its_place", &[], async || {
        let keyring = Keyring::of_this_session();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap(), None);
        keyring.store(&account(), &secret("first ÄЖ"), "Ivan · acme").await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap().as_deref(), Some("first ÄЖ"));
        keyring.store(&account(), &secret("second"), "Ivan · acme").await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap().as_deref(), Some("second"));
        assert_eq!(stored().await, ["second"]);
        keyring.delete(&account()).await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap(), None);
        keyring.delete(&account()).await.unwrap();
    });
}

#[test]
fn accounts_do_not_see_each_other_and_an_item_of_the_same_name_is_not_ours() {
    on_desktop("accounts_do_not_see_each_other_and_an_item_of_the_same_name_is_not_ours", &[], async || {
        let keyring = Keyring::of_this_session();
        add_item("Ivan · acme", &[("account", account().as_str())], "foreign").await;
        add_item("Ivan · acme", &[("application", "b24status")], "half").await;
        let other = AccountId::new("8@acme.bitrix24.com");
        keyring.store(&other, &secret("other"), "Ivan · acme").await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap(), None);
        keyring.store(&account(), &secret("own"), "Ivan · acme").await.unwrap();
        keyring.delete(&account()).await.unwrap();
        assert_eq!(keyring.load(&other, Ask::Never).await.unwrap().unwrap().expose_secret(), "other");
        assert_eq!(all_items().await, 3);
    });
}

#[test]
fn of_duplicates_the_newest_counts_and_storing_leaves_one() {
    on_desktop("of_duplicates_the_newest_counts_and_storing_leaves_one", &[], async || {
        let keyring = Keyring::of_this_session();
        let ours = [("application", "b24status"), ("account", account().as_str())].map(|(key, value)| (key, value.to_owned()));
        let ours = ours.each_ref().map(|(key, value)| (*key, value.as_str()));
        for old in ["first", "second", "third"] {
            add_item("b24status", &ours, old).await;
            next_second();
        }
        assert_eq!(load(&keyring, Ask::Never).await.unwrap().as_deref(), Some("third"));
        keyring.store(&account(), &secret("fresh"), "b24status").await.unwrap();
        assert_eq!(stored().await, ["fresh"]);
    });
}

#[test]
fn a_locked_keyring_asks_nobody_unless_it_may() {
    on_desktop("a_locked_keyring_asks_nobody_unless_it_may", &[], async || {
        let keyring = Keyring::of_this_session();
        keyring.store(&account(), &secret("kept"), "b24status").await.unwrap();
        rig::tool("keyring.sh", &["lock"]);
        assert!(matches!(load(&keyring, Ask::Never).await, Err(KeyringError::Locked)));
        assert!(!prompt_is_open());

        let dismissed = alongside(load(&keyring, Ask::Unlock), || answer_prompt(&["key", "Escape"])).await;
        assert!(matches!(dismissed, Err(KeyringError::PromptDismissed)), "{dismissed:?}");

        let unlocked = alongside(load(&keyring, Ask::Unlock), unlock_at_the_prompt);
        assert_eq!(unlocked.await.unwrap().as_deref(), Some("kept"));
    });
}

#[test]
fn a_locked_keyring_that_finds_nothing_is_locked_and_not_empty() {
    on_desktop("a_locked_keyring_that_finds_nothing_is_locked_and_not_empty", &[("KEYRING", "locked")], async || {
        let keyring = Keyring::of_this_session();
        assert!(matches!(load(&keyring, Ask::Never).await, Err(KeyringError::Locked)));
        let unlocked = alongside(load(&keyring, Ask::Unlock), unlock_at_the_prompt);
        assert_eq!(unlocked.await.unwrap(), None);
    });
}

#[test]
fn storing_and_deleting_ask_to_unlock_and_change_nothing_when_that_is_dismissed() {
    on_desktop("storing_and_deleting_ask_to_unlock_and_change_nothing_when_that_is_dismissed", &[], async || {
        let keyring = Keyring::of_this_session();
        keyring.store(&account(), &secret("kept"), "b24status").await.unwrap();
        rig::tool("keyring.sh", &["lock"]);
        let (id, fresh) = (account(), secret("fresh"));
        let stored = alongside(keyring.store(&id, &fresh, "b24status"), || answer_prompt(&["key", "Escape"])).await;
        assert!(matches!(stored, Err(KeyringError::PromptDismissed)), "{stored:?}");
        let deleted = alongside(keyring.delete(&id), || answer_prompt(&["key", "Escape"])).await;
        assert!(matches!(deleted, Err(KeyringError::PromptDismissed)), "{deleted:?}");
        let unlocked = alongside(load(&keyring, Ask::Unlock), unlock_at_the_prompt);
        assert_eq!(unlocked.await.unwrap().as_deref(), Some("kept"));
    });
}

#[test]
fn storing_and_deleting_go_on_once_it_is_unlocked() {
    on_desktop("storing_and_deleting_go_on_once_it_is_unlocked", &[("KEYRING", "locked")], async || {
        let keyring = Keyring::of_this_session();
        let (id, fresh) = (account(), secret("fresh"));
        alongside(keyring.store(&id, &fresh, "b24status"), unlock_at_the_prompt).await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap().as_deref(), Some("fresh"));
        rig::tool("keyring.sh", &["lock"]);
        alongside(keyring.delete(&id), unlock_at_the_prompt).await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap(), None);
    });
}

#[test]
fn somebody_without_any_keyring_gets_one_when_there_is_something_to_keep() {
    let test = "somebody_without_any_keyring_gets_one_when_there_is_something_to_keep";
    on_desktop(test, &[("KEYRING", "none")], async || {
        let keyring = Keyring::of_this_session();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap(), None);
        let (id, first) = (account(), secret("first"));
        let stored = alongside(keyring.store(&id, &first, "b24status"), || {
            answer_prompt(&["type", "test"]);
            for words in [["key", "Tab"], ["type", "test"], ["key", "Return"]] {
                rig::input(&words);
            }
        });
        stored.await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap().as_deref(), Some("first"));
    });
}

#[test]
fn an_absent_keyring_is_told_and_used_once_it_is_there() {
    let bare = [("KEYRING", "none"), ("BUS", "bare")];
    on_desktop("an_absent_keyring_is_told_and_used_once_it_is_there", &bare, async || {
        let keyring = Keyring::of_this_session();
        let mut changes = watch(&keyring);
        assert!(matches!(load(&keyring, Ask::Unlock).await, Err(KeyringError::Absent)));
        assert!(matches!(keyring.store(&account(), &secret("x"), "b24status").await, Err(KeyringError::Absent)));
        assert!(matches!(keyring.delete(&account()).await, Err(KeyringError::Absent)));
        let _daemon = Daemon::start();
        assert_eq!(next(&mut changes).await, Change::Appeared);
        assert_eq!(next(&mut changes).await, Change::Unlocked);
        keyring.store(&account(), &secret("late"), "b24status").await.unwrap();
        assert_eq!(load(&keyring, Ask::Never).await.unwrap().as_deref(), Some("late"));
    });
}

#[test]
fn a_restarted_keyring_is_followed_and_used_again() {
    let bare = [("KEYRING", "none"), ("BUS", "bare")];
    on_desktop("a_restarted_keyring_is_followed_and_used_again", &bare, async || {
        let keyring = Keyring::of_this_session();
        let daemon = Daemon::start();
        wait_for_service();
        keyring.store(&account(), &secret("kept"), "b24status").await.unwrap();
        let mut changes = watch(&keyring);
        assert_eq!(next(&mut changes).await, Change::Unlocked);
        drop(daemon);
        assert_eq!(next(&mut changes).await, Change::Disappeared);
        assert!(matches!(load(&keyring, Ask::Never).await, Err(KeyringError::Absent)));
        let _daemon = Daemon::start();
        assert_eq!(next(&mut changes).await, Change::Appeared);
        assert_eq!(next(&mut changes).await, Change::Unlocked);
        assert_eq!(load(&keyring, Ask::Never).await.unwrap().as_deref(), Some("kept"));
    });
}

#[test]
fn a_keyring_that_ends_under_its_prompt_is_absent() {
    let bare = [("KEYRING", "none"), ("BUS", "full")];
    on_desktop("a_keyring_that_ends_under_its_prompt_is_absent", &bare, async || {
        let keyring = Keyring::of_this_session();
        let daemon = Daemon::start();
        wait_for_service();
        keyring.store(&account(), &secret("kept"), "b24status").await.unwrap();
        rig::tool("keyring.sh", &["lock"]);
        let ended = alongside(load(&keyring, Ask::Unlock), || {
            wait_for("the prompt", LIMIT, prompt_is_open);
            drop(daemon);
        });
        assert!(matches!(ended.await, Err(KeyringError::Absent)));
    });
}

#[test]
fn an_errand_can_be_given_up_and_the_keyring_still_works() {
    on_desktop("an_errand_can_be_given_up_and_the_keyring_still_works", &[("KEYRING", "locked")], async || {
        let keyring = Keyring::of_this_session();
        let given_up = keyring.clone();
        let errand = tokio::spawn(async move { load(&given_up, Ask::Unlock).await.is_ok() });
        tokio::task::spawn_blocking(|| wait_for("the prompt", LIMIT, prompt_is_open)).await.unwrap();
        errand.abort();
        assert!(errand.await.unwrap_err().is_cancelled());
        answer_prompt(&["key", "Escape"]);
        wait_for("the end of the prompt", LIMIT, || !prompt_is_open());
        let unlocked = alongside(load(&keyring, Ask::Unlock), unlock_at_the_prompt);
        assert_eq!(unlocked.await.unwrap(), None);
    });
}

#[test]
fn locking_and_unlocking_by_others_is_told() {
    on_desktop("locking_and_unlocking_by_others_is_told", &[], async || {
        let keyring = Keyring::of_this_session();
        keyring.store(&account(), &secret("kept"), "b24status").await.unwrap();
        let mut changes = watch(&keyring);
        assert_eq!(next(&mut changes).await, Change::Unlocked);
        rig::tool("keyring.sh", &["lock"]);
        assert_eq!(next(&mut changes).await, Change::Locked);
        let mut other = Command::new("secret-tool")
            .args(["lookup", "application", "b24status", "account", account().as_str()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let unlocked = alongside(next(&mut changes), unlock_at_the_prompt);
        assert_eq!(unlocked.await, Change::Unlocked);
        assert!(other.wait().unwrap().success());
    });
}

#[tokio::test]
async fn without_a_session_bus_there_is_no_keyring() {
    let nowhere = "unix:path=/nowhere/bus";
    let keyring = Keyring::on(&bus::Bus::at(nowhere, nowhere), LIMIT);
    let failed = load(&keyring, Ask::Never).await;
    assert!(matches!(failed, Err(KeyringError::Absent)), "{failed:?}");
}

#[tokio::test]
async fn a_keyring_that_does_not_answer_fails_in_time() {
    let Some(bus) = support::bus::Bus::start("a_keyring_that_does_not_answer_fails_in_time") else { return };
    let hung = bus.connect().await;
    hung.request_name("org.freedesktop.secrets").await.unwrap();
    let mut unread = zbus::MessageStream::from(&hung);
    unread.set_max_queued(100);
    let keyring = Keyring::on(&bus::Bus::at(bus.address(), bus.address()), Duration::from_millis(100));
    assert!(matches!(load(&keyring, Ask::Never).await, Err(KeyringError::Failed(_))));
}

const LIMIT: Duration = Duration::from_secs(20);

/// A desktop without panel and notifier; each one has its own keyring, unlocked with the password `test` unless `variables` say otherwise.
#[track_caller]
fn on_desktop(test: &str, variables: &[(&str, &str)], body: impl AsyncFnOnce()) {
    let bare = [("TRAY", "none"), ("NOTIFY", "none")];
    let variables: Vec<_> = bare.iter().chain(variables).copied().collect();
    rig::inside(rig::X11, &variables, test, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(body());
    });
}

fn account() -> AccountId {
    AccountId::new("7@acme.bitrix24.com")
}

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

async fn load(keyring: &Keyring, ask: Ask) -> Result<Option<String>, KeyringError> {
    Ok(keyring.load(&account(), ask).await?.map(|secret| secret.expose_secret().to_owned()))
}

fn watch(keyring: &Keyring) -> UnboundedReceiver<Change> {
    let (sender, changes) = unbounded_channel();
    keyring.watch(sender);
    changes
}

async fn next(changes: &mut UnboundedReceiver<Change>) -> Change {
    tokio::time::timeout(LIMIT, changes.recv()).await.expect("a change").unwrap()
}

/// What `asking` ends with, while a person does something else on the screen.
async fn alongside<T>(asking: impl Future<Output = T>, person: impl FnOnce() + Send + 'static) -> T {
    let (told, done) = tokio::join!(asking, tokio::task::spawn_blocking(person));
    done.unwrap();
    told
}

/// Waits for the prompt, because it takes keys only then.
fn answer_prompt(words: &[&str]) {
    wait_for("the prompt", LIMIT, prompt_is_open);
    rig::input(words);
}

fn unlock_at_the_prompt() {
    answer_prompt(&["type", "test"]);
    rig::input(&["key", "Return"]);
}

fn prompt_is_open() -> bool {
    let found = Command::new("xdotool").args(["search", "--onlyvisible", "--class", "gcr-prompter"]).output().unwrap();
    !found.stdout.is_empty()
}

/// Modification times are in whole seconds.
fn next_second() {
    let second = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let now = second();
    wait_for("the next second", LIMIT, || second() > now);
}

/// What is in the keyring for the account, read by other means.
async fn stored() -> Vec<String> {
    let service = SecretService::connect(EncryptionType::Plain).await.unwrap();
    let account = account();
    let found = service.search_items(HashMap::from([("account", account.as_str())])).await.unwrap();
    let mut texts = Vec::new();
    for item in found.unlocked {
        texts.push(String::from_utf8(item.get_secret().await.unwrap()).unwrap());
    }
    texts
}

async fn all_items() -> usize {
    let service = SecretService::connect(EncryptionType::Plain).await.unwrap();
    service.get_default_collection().await.unwrap().get_all_items().await.unwrap().len()
}

async fn add_item(label: &str, attributes: &[(&str, &str)], text: &str) {
    let service = SecretService::connect(EncryptionType::Plain).await.unwrap();
    let collection = service.get_default_collection().await.unwrap();
    let attributes = attributes.iter().copied().collect();
    collection.create_item(label, attributes, text.as_bytes(), false, "text/plain").await.unwrap();
}

fn wait_for_service() {
    wait_for("the Secret Service", LIMIT, || rig::owned("org.freedesktop.secrets"));
}

/// A gnome-keyring that this test starts and ends; its keyring is unlocked, and stays on disk.
struct Daemon(Child);

impl Daemon {
    fn start() -> Self {
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut daemon.stdin.take().unwrap(), b"test").unwrap();
        Self(daemon)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
