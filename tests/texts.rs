//! The catalogues: both languages have the same messages with the same arguments, every key of the code exists, and every journal line has words.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use b24status::{
    presence::{Cause, Change, Entry, Held, Reason},
    text::{
        Language, Texts,
        time::{Clock, Times},
    },
    words::failure_from_words,
};
use jiff::tz::TimeZone;

#[test]
fn every_catalogue_can_be_read_whole() {
    for language in Language::ALL {
        for (file, text) in catalogue(language) {
            if let Err((_, errors)) = fluent_bundle::FluentResource::try_new(text) {
                panic!("{}: {errors:?}", file.display());
            }
        }
    }
}

#[test]
fn no_message_is_written_twice() {
    for language in Language::ALL {
        let mut seen = BTreeSet::new();
        let twice = keys(language).into_iter().filter(|key| !seen.insert(key.clone())).collect::<Vec<_>>();
        assert_eq!(twice, Vec::<String>::new(), "{language:?}");
    }
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let english = messages(Language::English);
    let others = Language::ALL.into_iter().filter(|language| *language != Language::English);
    for language in others {
        let translated = messages(language);
        let differing = english.keys().chain(translated.keys()).filter(|key| english.get(*key) != translated.get(*key));
        assert_eq!(differing.collect::<BTreeSet<_>>(), BTreeSet::new(), "{language:?}");
    }
}

/// A key is found in the code as a whole text between quotation marks. Other texts of the same shape that are no keys are named here.
#[test]
fn every_message_is_used_and_every_key_exists() {
    let known = keys(Language::English).into_iter().collect::<BTreeSet<_>>();
    let code = sources();
    let referred = catalogue(Language::English).into_iter().map(|(_, text)| text).collect::<String>();
    let whole = |key: &str| code.contains(&format!("\"{key}\"")) || referred.contains(&format!("{{ {key} }}"));
    // "demo-fault-{word}"
    let composed = |key: &str| key.match_indices('-').any(|(end, _)| code.contains(&format!("\"{}{{", &key[..=end])));
    let unused = known.iter().filter(|key| !whole(key) && !composed(key));
    assert_eq!(unused.collect::<Vec<_>>(), Vec::<&String>::new(), "nobody says these");
    let prefixes = known.iter().filter_map(|key| key.split_once('-')).map(|(prefix, _)| prefix).collect::<BTreeSet<_>>();
    let said = said_keys(&code).into_iter().filter(|key| key.split_once('-').is_some_and(|(prefix, _)| prefixes.contains(prefix)));
    assert_eq!(said.filter(|key| !known.contains(key)).collect::<Vec<_>>(), Vec::<String>::new(), "these have no words");
}

#[test]
fn every_line_of_the_journal_has_words() {
    let times = Times::new(Clock::Hours24, TimeZone::UTC);
    let now = SystemTime::now();
    for language in Language::ALL {
        let texts = Texts::new(language);
        for (what, because) in every_kind_of_entry(now) {
            let entry = Entry { at: now, account: None, what, because };
            let said = texts.entry(&entry, &times, now);
            let key_stands_in =
                said.split_whitespace().any(|word| keys(Language::English).iter().any(|key| key == word && key.contains('-')));
            assert!(!key_stands_in && !said.contains('{'), "{entry:?}: {said}");
        }
    }
}

fn every_kind_of_entry(now: SystemTime) -> Vec<(Change, Cause)> {
    let status = b24status::presence::Status::Dnd;
    let mut entries = vec![
        (Change::Chosen { status, end: None }, Cause::ByHand),
        (Change::Chosen { status, end: Some(now) }, Cause::EndReached),
        (Change::Adopted { held: Held::Status(status) }, Cause::ChangedElsewhere),
        (Change::Adopted { held: Held::NeverSet }, Cause::FirstRead),
        (Change::Adopted { held: Held::Unfamiliar("lunch".into()) }, Cause::ChangedElsewhere),
        (Change::Confirmed { status }, Cause::Choice),
        (Change::CameBack, Cause::InputResumed),
        (Change::CameBack, Cause::Unlocked),
        (Change::UnmarkedIdle, Cause::LeftBehind),
        (Change::UnmarkedIdle, Cause::Quit),
        (Change::Recovered, Cause::Portal),
        (Change::NotSaved, Cause::Storage),
    ];
    for reason in [Reason::NoInput, Reason::Locked, Reason::Asleep] {
        entries.push((Change::WentAbsent(reason), Cause::Absence(reason)));
        entries.push((Change::MarkedIdle { minutes_ago: 22 }, Cause::Absence(reason)));
    }
    let failures = "unreachable no_answer server_trouble unexpected_page too_busy no_authorization_server closed credential_refused \
                    dismissed another_person scope_missing plan_without_rest access_denied application_removed blocked_by_provider \
                    https_required moved untrusted_certificate method_missing our_fault";
    let failures = failures.split_whitespace().map(|word| failure_from_words(word, Some("example")).unwrap());
    entries.extend(failures.map(|failure| (Change::Failed(failure), Cause::Portal)));
    entries
}

/// Each message with the names of its arguments.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages = BTreeMap::<String, BTreeSet<String>>::new();
    let mut current = String::new();
    for line in catalogue(language).iter().flat_map(|(_, text)| text.lines()).filter(|line| !line.starts_with('#')) {
        if let Some(key) = key_of(line) {
            current = key.to_owned();
        }
        let arguments =
            line.split('$').skip(1).map(|rest| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
        messages.entry(current.clone()).or_default().extend(arguments);
    }
    messages
}

fn keys(language: Language) -> Vec<String> {
    let files = catalogue(language);
    files.iter().flat_map(|(_, text)| text.lines()).filter_map(key_of).map(str::to_owned).collect()
}

fn key_of(line: &str) -> Option<&str> {
    let key = line.split_once('=')?.0.trim_end();
    let begins_here = line.starts_with(|letter: char| letter.is_ascii_lowercase());
    (begins_here && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')).then_some(key)
}

fn catalogue(language: Language) -> Vec<(PathBuf, String)> {
    let directory = root().join("assets/locales").join(language.tag());
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// What stands between `say("` and the next quotation mark, and so for `say_with` and the pages' `say-of`.
fn said_keys(code: &str) -> BTreeSet<String> {
    let after = |call: &'static str| code.split(call).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
    after(".say(").chain(after(".say_with(")).chain(after(".say-of(")).map(str::to_owned).collect()
}

fn sources() -> String {
    let mut files = Vec::new();
    for directory in ["src", "window/src", "window/ui"] {
        collect(&root().join(directory), &mut files);
    }
    files.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "slint") {
            files.push(path);
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
