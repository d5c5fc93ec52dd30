//! Who may name whom, read from the sources; and the habits that no lint knows. `docs/architecture.md` says why.

mod support;

use std::path::Path;

use support::source::Source;

#[test]
fn every_module_names_only_what_lies_below_it() {
    assert_none(sources().iter().flat_map(forbidden_modules).collect());
}

#[test]
fn the_core_names_nothing_outside_itself() {
    assert_none(sources().iter().filter(|source| is_of_the_core(source)).flat_map(outside_of_the_core).collect());
}

#[test]
fn a_system_is_chosen_once_per_capability() {
    assert_none(sources().iter().flat_map(scattered_choices_of_a_system).collect());
}

#[test]
fn nothing_sleeps_or_polls() {
    assert_none(sources().iter().flat_map(pauses).collect());
}

#[test]
fn unsafe_code_stands_only_in_the_files_of_a_system() {
    assert_none(sources().iter().flat_map(unsafe_blocks).collect());
}

#[test]
fn every_file_opens_with_what_it_is() {
    assert_none(sources().iter().filter(|source| !source.text.starts_with("//! ")).map(|source| source.file.clone()).collect());
}

#[test]
fn no_test_is_switched_off() {
    let everywhere = sources().into_iter().chain(Source::all_below(&root().join("tests")));
    assert_none(everywhere.flat_map(|source| at_lines(&source, source.lines_with_attribute("ignore"), "#[ignore]")).collect());
}

/// What everybody stands on. Of the program it knows the vocabulary of the core at most.
const GROUND: [&str; 10] = ["presence", "words", "text", "clock", "heap", "bus", "messages", "main_loop", "paths", "file"];
/// The ways to the outside. They never name each other: if two must talk, that is an event and an effect.
const EDGES: [&str; 12] =
    ["portal", "tray", "idle", "session", "keyring", "autostart", "control", "network", "notify", "opener", "loopback", "window_process"];
/// What stays on the disk.
const KEPT: [&str; 3] = ["settings", "store", "log"];

/// A module that is in no list may name nothing: whoever adds one decides here where it belongs.
fn may_name(room: &str, other: &str) -> bool {
    let ground = GROUND.contains(&other);
    let below_the_app = ground || EDGES.contains(&other) || KEPT.contains(&other);
    match room {
        "presence" => false,
        "clock" => ["presence", "messages", "main_loop"].contains(&other),
        room if GROUND.contains(&room) => other == "presence",
        room if EDGES.contains(&room) => ground,
        "settings" => ground,
        "store" | "log" => ground || other == "settings",
        "doctor" | "demo" | "sign_in" => below_the_app,
        "app" => below_the_app || ["doctor", "demo", "sign_in"].contains(&other),
        "cli" => below_the_app || ["doctor", "demo", "sign_in", "app"].contains(&other),
        "main" | "lib" => true,
        _ => false,
    }
}

fn forbidden_modules(source: &Source) -> Vec<String> {
    let room = source.room();
    let into_the_crate = source.paths().into_iter().filter(|named| named.path[0] == "crate");
    let forbidden = into_the_crate.filter(|named| named.path[1] != room && !may_name(room, &named.path[1]));
    let mut found: Vec<String> =
        forbidden.map(|named| format!("{}:{}: {room} may not name {}", source.file, named.line, named.path[1])).collect();
    found.dedup();
    found
}

/// Its tests may do what tests do.
fn is_of_the_core(source: &Source) -> bool {
    source.room() == "presence" && !source.module.iter().any(|module| module == "tests")
}

/// The core knows neither the time nor the system, and no crate.
fn outside_of_the_core(source: &Source) -> Vec<String> {
    const OF_STD: [&[&str]; 10] = [
        &["std", "time", "Instant"],
        &["std", "thread"],
        &["std", "fs"],
        &["std", "net"],
        &["std", "io"],
        &["std", "env"],
        &["std", "process"],
        &["std", "os"],
        &["Instant", "now"],
        &["SystemTime", "now"],
    ];
    let crates = dependencies();
    let outside = source.paths().into_iter().filter(|named| {
        let of_std = OF_STD.iter().any(|forbidden| named.path.starts_with_words(forbidden) || named.path.ends_with_words(forbidden));
        of_std || crates.contains(&named.path[0])
    });
    outside.map(|named| format!("{}:{}: presence may not name {}", source.file, named.line, named.path.join("::"))).collect()
}

/// `cfg(target_os)` stands in the `mod.rs` of a capability, or in a file that is a module by itself.
fn scattered_choices_of_a_system(source: &Source) -> Vec<String> {
    if source.file.ends_with("/mod.rs") || !source.file.contains('/') {
        return Vec::new();
    }
    at_lines(source, source.lines_with_cfg_of_the_system(), "the system is chosen in mod.rs")
}

/// What waits, waits for an event or for a deadline. tokio's `sleep` to a deadline is fine, its `interval` is polling.
fn pauses(source: &Source) -> Vec<String> {
    if WITH_A_PAUSE.iter().any(|(file, _reason)| *file == source.file) {
        return Vec::new();
    }
    let pauses = source.paths().into_iter().filter(|named| {
        let blocking = named.path.ends_with_words(&["thread", "sleep"]);
        blocking || named.path.ends_with_words(&["time", "interval"])
    });
    pauses.map(|named| format!("{}:{}: {}", source.file, named.line, named.path.join("::"))).collect()
}

const WITH_A_PAUSE: [(&str, &str); 2] = [
    ("clock/mod.rs", "its tests try the real clock"),
    ("idle/linux/x11.rs", "an alarm needs the counter to go on first, which announces itself to nobody: 20 ms, once per absence"),
];

fn unsafe_blocks(source: &Source) -> Vec<String> {
    if source.module.iter().any(|module| ["linux", "windows", "macos"].contains(&module.as_str())) {
        return Vec::new();
    }
    at_lines(source, source.lines_with("unsafe"), "unsafe")
}

fn at_lines(source: &Source, lines: Vec<usize>, what: &str) -> Vec<String> {
    lines.into_iter().map(|line| format!("{}:{line}: {what}", source.file)).collect()
}

/// The crates that the program is made of, as its sources would name them; not those of the tests.
fn dependencies() -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let manifest: toml_edit::DocumentMut = manifest.parse().expect("a manifest in TOML");
    let targets = manifest["target"].as_table().expect("tables per system").iter().map(|(_, target)| target);
    let tables = targets.chain([manifest.as_item()]).filter_map(|table| table.get("dependencies")?.as_table());
    tables.flat_map(|table| table.iter().map(|(name, _)| name.replace('-', "_"))).collect()
}

fn sources() -> Vec<Source> {
    Source::all_below(&root().join("src"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn assert_none(found: Vec<String>) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

trait Words {
    fn starts_with_words(&self, words: &[&str]) -> bool;
    fn ends_with_words(&self, words: &[&str]) -> bool;
}

impl Words for [String] {
    fn starts_with_words(&self, words: &[&str]) -> bool {
        self.len() >= words.len() && self.iter().zip(words).all(|(segment, word)| segment == word)
    }

    fn ends_with_words(&self, words: &[&str]) -> bool {
        self.len() >= words.len() && self[self.len() - words.len()..].iter().zip(words).all(|(segment, word)| segment == word)
    }
}

/// The rules bite: each one on made-up text.
mod the_rules {
    use super::*;

    #[test]
    fn an_edge_that_names_another_edge_is_found() {
        for text in [
            "use crate::portal::Client;",
            "use crate::{presence::Status, portal};",
            "use crate::{\n    presence::{Status, Held},\n    portal::{self, Client},\n};",
            "fn paint() { crate::portal::ask(); }",
            "use super::super::portal::Client;",
            "mod tests { use super::super::super::portal::Client; }",
            "#[derive(crate::portal::Wire)] struct Label;",
            "fn lifetime<'a>(quote: char) { let _ = '\"'; crate::portal::ask(); let _ = \"\"; }",
        ] {
            let found = forbidden_modules(&Source::new("tray/icon.rs", text));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].ends_with("tray may not name portal"), "{found:?}");
        }
    }

    #[test]
    fn a_parent_of_a_room_is_the_crate() {
        let found = forbidden_modules(&Source::new("tray/mod.rs", "\nuse super::portal::Client;"));
        assert_eq!(found, ["tray/mod.rs:2: tray may not name portal"]);
    }

    #[test]
    fn what_an_edge_may_name_is_let_through() {
        let text = "
            //! See crate::portal.
            use crate::{presence::{Status, Held}, text::Texts, clock};
            use super::view::{self, *};
            use self::colours::RED;
            /* crate::portal /* crate::idle */ crate::portal */
            const WORDS: &str = \"crate::portal \\\" crate::idle\";
            const RAW: &str = r#\"crate::portal \" crate::idle\"#;
            fn paint<'a>(portal: &'a Portal) -> char { portal.ask(); 'a' }
            mod tests { use super::*; use super::super::view; }
        ";
        assert_none(forbidden_modules(&Source::new("tray/icon.rs", text)));
    }

    #[test]
    fn a_module_that_nobody_placed_may_name_nothing() {
        assert_eq!(forbidden_modules(&Source::new("misc.rs", "use crate::presence::Status;")).len(), 1);
    }

    #[test]
    fn the_core_may_not_know_the_time_the_system_or_a_crate() {
        for text in [
            "use std::time::{Duration, Instant};",
            "fn now() -> SystemTime { SystemTime::now() }",
            "fn now() { std::time::SystemTime::now(); }",
            "use std::{thread, time::Duration};",
            "use std::fs::File;",
            "#[derive(serde::Serialize)] struct Choice;",
            "use tokio::sync::mpsc;",
            "fn zone() -> jiff::Zoned { todo!() }",
        ] {
            assert_eq!(outside_of_the_core(&Source::new("presence/choice.rs", text)).len(), 1, "{text}");
        }
        assert_none(outside_of_the_core(&Source::new("presence/choice.rs", "use std::time::{Duration, SystemTime};\nuse super::Status;")));
    }

    #[test]
    fn the_core_may_not_name_an_edge() {
        assert_eq!(forbidden_modules(&Source::new("presence/mod.rs", "use crate::portal;")).len(), 1);
    }

    #[test]
    fn a_system_asked_for_outside_of_mod_rs_is_found() {
        for text in
            ["#[cfg(target_os = \"linux\")]", "#[cfg(not(any(unix, test)))]", "if cfg!(windows) {}", "#[cfg_attr(unix, derive(Debug))]"]
        {
            assert_eq!(scattered_choices_of_a_system(&Source::new("idle/x11.rs", text)).len(), 1, "{text}");
            assert_none(scattered_choices_of_a_system(&Source::new("idle/mod.rs", text)));
        }
        assert_none(scattered_choices_of_a_system(&Source::new("idle/x11.rs", "#[cfg(test)] mod windows {} // cfg(unix)")));
    }

    #[test]
    fn a_pause_is_found() {
        for text in ["std::thread::sleep(LONG);", "use std::thread; fn wait() { thread::sleep(LONG) }", "tokio::time::interval(LONG);"] {
            assert_eq!(pauses(&Source::new("idle/mod.rs", text)).len(), 1, "{text}");
        }
        assert_none(pauses(&Source::new("idle/mod.rs", "tokio::time::sleep_until(end).await;")));
    }

    #[test]
    fn unsafe_code_is_found() {
        assert_eq!(unsafe_blocks(&Source::new("idle/mod.rs", "fn ask() {\n unsafe { ask_the_system() } }")), ["idle/mod.rs:2: unsafe"]);
        assert_none(unsafe_blocks(&Source::new("idle/windows/input.rs", "unsafe {}")));
        assert_none(unsafe_blocks(&Source::new("idle/mod.rs", "// unsafe\n#![deny(unsafe_op_in_unsafe_fn)]")));
    }
}
