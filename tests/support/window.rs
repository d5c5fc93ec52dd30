//! The window on a real desktop, built beside the app, and somebody who reads and works it through a screen reader.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use b24status::text::{Language, Texts};
use fluent_bundle::{FluentBundle, FluentResource};

use super::accessible::{Node, Reader};
use super::wait::{wait_for, wait_for_some};
use super::{app, rig};

/// How the program is called, on the disk and by a screen reader.
pub const NAME: &str = "b24status-window";
/// No window comes or goes more slowly.
const LIMIT: Duration = Duration::from_secs(15);
/// What takes text, by the names that screen readers have for it.
const FIELD: &str = "entry|password-text|spin-button";
const DESKTOP: [(&str, &str); 4] = [("ACCESSIBILITY", "on"), ("GEOM", "1280x2400x24"), ("TRAY", "none"), ("NOTIFY", "none")];

/// Runs `body` on a desktop with a screen reader, beside a window as new as the app; as [`rig::inside`] does.
#[track_caller]
pub fn inside(variables: &[(&str, &str)], test: &str, body: impl FnOnce()) {
    let variables = [&DESKTOP, variables].concat();
    if !rig::is_inside() {
        if let Err(reason) = rig::can_start(rig::X11, &variables) {
            return super::skip(test, &reason);
        }
        build();
    }
    rig::inside(rig::X11, &variables, test, body);
}

/// Beside the app, which starts it from there. By a command of its own: built together, the two would have each other's features.
fn build() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--locked", "-p", NAME]);
        let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).output().expect("cargo");
        assert!(output.status.success(), "the window:\n{}", String::from_utf8_lossy(&output.stderr));
    });
}

pub fn program() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_b24status")).with_file_name(NAME)
}

/// A second launch of the app, by which a person opens the window.
#[track_caller]
pub fn open() {
    app::succeed(&[], "");
}

/// The processes that have the window's program, by their numbers.
pub fn processes() -> Vec<u32> {
    let output = Command::new("pidof").arg(program()).output().expect("pidof");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let all = text.split_whitespace().map(|number| number.parse::<u32>().unwrap());
    // Other tests of this machine have windows of their own.
    all.filter(|process| is_on_this_desktop(*process)).collect()
}

fn is_on_this_desktop(process: u32) -> bool {
    let ours = format!("RIG={}", rig::directory().display());
    let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|variable| variable == ours.as_bytes())
}

/// Makes the window so large, wherever it is.
#[track_caller]
pub fn resize(width: u32, height: u32) {
    let (width, height) = (width.to_string(), height.to_string());
    let resized = Command::new("xdotool").args(["windowsize", "--sync", &number(), &width, &height]).status().unwrap();
    assert!(resized.success());
}

/// Gives the window the keyboard, as a click on it does: another program may have it.
#[track_caller]
fn activate() {
    let activated = Command::new("xdotool").args(["windowactivate", "--sync", &number()]).status().unwrap();
    assert!(activated.success());
}

/// Writes the window into a PNG file.
#[track_caller]
pub fn picture(file: &Path) {
    // Few colours and no date: the file is in a repository.
    let small = ["-depth", "8", "+dither", "-colors", "64", "-strip", "-define", "png:exclude-chunks=date,time"];
    let taken = Command::new("import").args(["-window", &number()]).args(small).arg(file).status().unwrap();
    assert!(taken.success());
}

/// The X server's number of the window.
#[track_caller]
fn number() -> String {
    let process = wait_for_one().to_string();
    let output = Command::new("xdotool").args(["search", "--onlyvisible", "--pid", &process]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).lines().next().expect("a window").to_owned()
}

/// Until there is exactly one, and its number.
#[track_caller]
pub fn wait_for_one() -> u32 {
    wait_for_some("one window", LIMIT, || match processes()[..] {
        [one] => Some(one),
        _ => None,
    })
}

#[track_caller]
pub fn wait_for_none() {
    wait_for("the window to end", LIMIT, || processes().is_empty());
}

/// Somebody at the window. What they look for has the words of a catalogue.
pub struct Person {
    reader: Reader,
    pages: FluentBundle<FluentResource>,
    texts: Texts,
}

impl Person {
    pub fn at_the_window(language: Language) -> Self {
        // The app does not have the window's texts.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales").join(language.tag()).join("window.ftl");
        let mut pages = FluentBundle::new(vec![language.tag().parse().unwrap()]);
        pages.add_resource(FluentResource::try_new(std::fs::read_to_string(file).unwrap()).unwrap()).unwrap();
        Self { reader: Reader::of(NAME), pages, texts: Texts::new(language) }
    }

    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    pub fn say(&self, key: &str) -> String {
        let Some(words) = self.pages.get_message(key).and_then(|message| message.value()) else { return self.texts.say(key) };
        self.pages.format_pattern(words, None, &mut Vec::new()).into_owned()
    }

    /// Until something with these words shows.
    #[track_caller]
    pub fn sees(&self, key: &str) -> Node {
        self.reader.wait("*", &self.say(key))
    }

    /// Until something shows that reads so; `*` at either end stands for more.
    #[track_caller]
    pub fn reads(&self, words: &str) -> Node {
        self.reader.wait("*", words)
    }

    /// Until a sentence is read out at once: what is wrong, and what to do.
    #[track_caller]
    pub fn complains(&self) -> String {
        self.reader.told()
    }

    /// Until nothing with these words shows.
    #[track_caller]
    pub fn loses(&self, key: &str) {
        self.reader.gone("*", &self.say(key));
    }

    #[track_caller]
    pub fn presses(&self, key: &str) {
        self.reaches("button", key);
        self.reader.press("button", &self.say(key));
    }

    /// Makes room until it shows, or goes on with Tab, where it is scrolled away.
    #[track_caller]
    pub fn reaches(&self, role: &str, key: &str) {
        let name = self.say(key);
        let is_it = |node: &Node| role.split('|').any(|role| node.role == role) && node.name == name;
        if self.reader.is_there(role, &name) {
            return;
        }
        // AccessKit loses nodes that are scrolled while they have the focus: room for everything comes first.
        resize(900, 2200);
        if self.reader.is_there(role, &name) {
            return;
        }
        activate();
        let passed: Vec<_> = (0..80).map(|_| self.reader.key("Tab")).take_while(|node| !is_it(node)).map(|node| node.name).collect();
        assert!(passed.len() < 80, "Tab does not lead to {role} {name:?}, only to {passed:?}");
    }

    /// Closes the window by the button of its frame, with the pointer.
    #[track_caller]
    pub fn closes_the_frame(&self) {
        let [left, top, width, _] = self.reader.wait("frame", "*").bounds.unwrap();
        rig::input(&["move", &(left + width - 11).to_string(), &(top - 14).to_string()]);
        rig::input(&["click", "left"]);
    }

    /// Turns to a page, until it is there.
    #[track_caller]
    pub fn turns_to(&self, key: &str) {
        self.reader.press("page-tab", &self.say(key));
        self.reader.wait_with("page-tab", &self.say(key), "selected");
        self.reader.wait("landmark", &self.say(key));
    }

    /// Ticks or unticks a box, until it is the other way round.
    #[track_caller]
    pub fn ticks(&self, key: &str) {
        self.reaches("check-box", key);
        let label = self.say(key);
        let was_ticked = self.reader.wait("check-box", &label).is("checked");
        self.reader.press("check-box", &label);
        match was_ticked {
            true => self.reader.wait_without("check-box", &label, "checked"),
            false => self.reader.wait_with("check-box", &label, "checked"),
        };
    }

    #[track_caller]
    pub fn picks(&self, key: &str) {
        self.reaches("radio-button", key);
        self.reader.press("radio-button", &self.say(key));
        self.reader.wait_with("radio-button", &self.say(key), "checked");
    }

    /// In the place of what stands in the field.
    #[track_caller]
    pub fn pastes(&self, label: &str, text: &str) {
        self.reaches(FIELD, label);
        activate();
        self.reader.paste(FIELD, &self.say(label), text);
    }

    #[track_caller]
    pub fn types(&self, label: &str, text: &str) {
        self.reaches(FIELD, label);
        activate();
        self.reader.focus(FIELD, &self.say(label));
        rig::input(&["key", "ctrl+a"]);
        rig::input(&["type", text]);
    }

    /// What stands in the field.
    #[track_caller]
    pub fn holds(&self, label: &str) -> String {
        self.reaches(FIELD, label);
        self.reader.wait(FIELD, &self.say(label)).text.expect("a text")
    }
}
