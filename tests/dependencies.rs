//! The crates of the resident program, per system: those that cost threads, wake-ups, a toolkit or a second TLS library never come back.
#![cfg(not(windows))] // It asks cargo, which is not in Wine and would say the same.

mod support;

use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn the_linux_program_has_no_banned_crate() {
    assert_no_banned_crate("the_linux_program_has_no_banned_crate", "x86_64-unknown-linux-gnu");
}

#[test]
fn the_windows_program_has_no_banned_crate() {
    assert_no_banned_crate("the_windows_program_has_no_banned_crate", "x86_64-pc-windows-gnu");
}

#[test]
fn the_macos_program_has_no_banned_crate() {
    assert_no_banned_crate("the_macos_program_has_no_banned_crate", "aarch64-apple-darwin");
}

#[track_caller]
fn assert_no_banned_crate(test: &str, target: &str) {
    match tree(target) {
        Ok(tree) => assert_eq!(banned(&tree), Vec::<String>::new(), "in the program for {target}; `cargo tree --invert CRATE` says why"),
        Err(reason) => support::skip(test, &format!("the crates for {target} are not all on this machine: {reason}")),
    }
}

/// `name vVERSION` of every crate that is linked into the program, a line each; build scripts' and tests' crates are not.
fn tree(target: &str) -> Result<String, String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--no-dedupe", "--target", target])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn banned(tree: &str) -> Vec<String> {
    let crates: BTreeSet<(&str, &str)> = tree.lines().filter_map(name_and_version).collect();
    let by_name = crates.iter().filter_map(|(name, _)| Some(format!("{name}: {}", why_banned(name)?)));
    let versions_of_zbus = crates.iter().filter(|(name, _)| *name == "zbus").count();
    by_name.chain((versions_of_zbus > 1).then(|| "zbus: a second version is a second connection".to_owned())).collect()
}

fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    Some((words.next()?, words.next()?))
}

fn why_banned(name: &str) -> Option<&'static str> {
    match name {
        "blocking" => Some("threads that wake up twice a second"),
        "async-io" | "async-std" | "smol" => Some("a second runtime with threads of its own"),
        "glib" | "gio" | "gdk" | "cairo-rs" | "pango" => Some("GTK in a tray icon"),
        name if name.starts_with("gtk") || name.starts_with("glib-") => Some("GTK in a tray icon"),
        "openssl-sys" | "native-tls" => Some("a second TLS library"),
        "aws-lc-sys" | "aws-lc-rs" => Some("needs cmake and does not cross-build; ring is our provider"),
        _ => None,
    }
}

/// The rule bites.
#[test]
fn a_banned_crate_is_found() {
    let tree = "b24status v0.1.0 (/somewhere)\nzbus v5.1.0\nzbus v5.1.0\nzbus_names v4.0.0\nasync-io v2.0.0\ngtk-sys v0.18.0\nring v0.17.0";
    assert_eq!(banned(tree), ["async-io: a second runtime with threads of its own", "gtk-sys: GTK in a tray icon"]);
    assert_eq!(banned("zbus v5.1.0\nzbus v6.0.0\n"), ["zbus: a second version is a second connection"]);
}
