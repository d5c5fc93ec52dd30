//! Real desktops for a test: `inside` runs the test's body in a throw-away session of `tests/rigs`, with a real tray, keyring and notifier.
//!
//! ```ignore
//! #[test]
//! fn a_locked_keyring_is_a_state_of_its_own() {
//!     rig::inside(rig::X11, &[("KEYRING", "locked")], "a_locked_keyring_is_a_state_of_its_own", || {
//!         let app = App::start(&["run"]);
//!         …
//!     });
//! }
//! ```
//!
//! The test program starts the rig, the rig starts the test program again for this one test, and there the body runs: with the environment
//! of the desktop, a private `HOME` and private XDG directories. What the body starts it must also end; the rig ends the desktop.
//! Where the rig is not installed the test says so and passes, with `CI=true` it fails. One rig at a time in a test program.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

/// Xvfb, the Xfce panel, dunst, gnome-keyring; its variables stand in `tests/rigs/x11.sh`.
pub const X11: &str = "x11.sh";
/// Headless sway, waybar, dunst, gnome-keyring.
pub const SWAY: &str = "sway.sh";
/// Headless GNOME Shell with the AppIndicator extension, gnome-keyring, a mock of logind.
pub const GNOME: &str = "gnome.sh";
/// Wine on the X11 desktop; see `support::windows`.
pub const WINE: &str = "wine.sh";

/// Runs `body` in a session of `rig`, with these `variables`. `test` is the name that the test runner knows this test by, with its modules.
#[track_caller]
pub fn inside(rig: &str, variables: &[(&str, &str)], test: &str, body: impl FnOnce()) {
    if env::var_os(MARKER).is_some_and(|marked| marked == test) {
        return body();
    }
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let output = match start(rig, variables, test) {
        Ok(output) => output,
        Err(error) => return super::skip(test, &format!("{rig} does not start: {error}")),
    };
    let text = indented(&text_of(&output));
    match output.status.code() {
        Some(0) => assert!(text.contains(" 1 passed"), "no test has the name {test}:\n{text}"),
        Some(NOT_INSTALLED) => super::skip(test, text.lines().last().unwrap_or(rig).trim()),
        Some(TOO_LONG) => panic!("{test} did not end within {LIMIT} seconds inside {rig}:\n{text}"),
        Some(NOT_UP) => panic!("the desktop of {rig} did not come up:\n{text}"),
        Some(_) | None => panic!("{test} failed inside {rig}:\n{text}"),
    }
}

/// Is this the test program that a rig started?
pub fn is_inside() -> bool {
    env::var_os(MARKER).is_some()
}

/// Whether the rig comes up with these variables, or why it does not: for tests that have much to prepare before it does.
pub fn can_start(rig: &str, variables: &[(&str, &str)]) -> Result<(), String> {
    let mut nothing = Command::new(rigs().join(rig));
    let output = nothing.arg("true").envs(variables.iter().copied()).stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(text_of(&output).lines().last().unwrap_or(rig).to_owned()) }
}

/// Set inside a rig, to the name of the test that runs there.
const MARKER: &str = "B24STATUS_TEST_IN_RIG";
/// Seconds.
const LIMIT: &str = "120";
/// Exit codes of the rigs, and of `timeout`.
const NOT_INSTALLED: i32 = 96;
const NOT_UP: i32 = 97;
const TOO_LONG: i32 = 124;

fn start(rig: &str, variables: &[(&str, &str)], test: &str) -> std::io::Result<Output> {
    Command::new("timeout")
        .args(["--kill-after=10", LIMIT])
        .arg(rigs().join(rig))
        .arg(env::current_exe()?)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(MARKER, test)
        .envs(variables.iter().copied())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
}

/// The directory of the rigs' scripts.
pub fn rigs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rigs")
}

/// A private directory of the rig that runs this: `*.log` of its parts, sockets. Ends with the rig.
pub fn directory() -> PathBuf {
    PathBuf::from(env::var_os("RIG").expect("inside a rig"))
}

/// Moves the pointer, clicks, types: the words of `tests/rigs/input.sh`.
#[track_caller]
pub fn input(words: &[&str]) {
    tool("input.sh", words);
}

/// Writes the screen into a PNG file.
#[track_caller]
pub fn screenshot(file: &Path) {
    tool("shot.sh", &[file.to_str().expect("a path in UTF-8")]);
}

/// Waits for the colour on the screen; the middle of everything that has it.
#[track_caller]
pub fn find_icon(colour: &str) -> (String, String) {
    let found = tool("find-icon.sh", &[colour]);
    let (x, y) = found.trim().split_once(' ').expect("two numbers");
    (x.to_owned(), y.to_owned())
}

/// Is the colour anywhere in a screenshot?
pub fn has_colour(colour: &str, file: &Path) -> bool {
    Command::new(rigs().join("find-icon.sh")).arg(colour).arg(file).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What the settings portal of the rig tells from now on: `light`, `dark` or `none`.
#[track_caller]
pub fn become_scheme(scheme: &str) {
    let portal = ["call", "--session", "-d", "org.freedesktop.portal.Desktop", "-o", "/org/freedesktop/portal/desktop"];
    let told = Command::new("gdbus").args(portal).args(["-m", "b24status.Rig.Become", scheme]).stdout(Stdio::null()).status().unwrap();
    assert!(told.success());
}

/// Does a menu of the X11 rig take the input? Menus are windows that the window manager does not manage.
pub fn menu_is_open() -> bool {
    Command::new(rigs().join("menu.sh")).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs a script of the rigs, which must succeed; what it prints.
#[track_caller]
pub fn tool(script: &str, arguments: &[&str]) -> String {
    let output = Command::new(rigs().join(script)).args(arguments).stdin(Stdio::null()).output().expect(script);
    assert!(output.status.success(), "{script} {arguments:?} failed:\n{}", text_of(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Is the name owned on the session bus of the rig?
pub fn owned(name: &str) -> bool {
    succeeds("owned", name)
}

/// Is there a tray that shows items?
pub fn tray_ready() -> bool {
    succeeds("tray_ready", "")
}

/// A condition of `tests/rigs/lib.sh`.
fn succeeds(condition: &str, argument: &str) -> bool {
    let script = format!(". {}/lib.sh; {condition} {argument}", rigs().display());
    Command::new("bash").args(["-c", &script]).stdin(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn text_of(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()).into_owned()
}

/// So that the results of a test inside a rig are not taken for those of the test program that reports them.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
