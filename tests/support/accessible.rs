//! A program as a screen reader has it: what its parts are and are called, in which state they are, and what can be done to them.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::rig;

/// Reads one program, which may come later. Ends with the value.
pub struct Reader {
    process: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
}

/// As AT-SPI names it: `button` "Sign in", `focusable showing`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Node {
    pub path: String,
    pub depth: usize,
    pub role: String,
    pub name: String,
    pub description: String,
    pub states: Vec<String>,
    /// Has a default action.
    pub actions: bool,
    /// Left, top, width, height.
    pub bounds: Option<[i32; 4]>,
    pub value: Option<f64>,
    pub text: Option<String>,
}

impl Node {
    pub fn is(&self, state: &str) -> bool {
        self.states.iter().any(|has| has == state)
    }
}

impl Reader {
    /// Of the program whose file has this name.
    pub fn of(program: &str) -> Self {
        let mut reader = Command::new(rig::rigs().join("accessible.py"));
        let mut process = reader.arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let pipes = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, pipes: RefCell::new(pipes) }
    }

    /// Everything, from the top.
    #[track_caller]
    pub fn tree(&self) -> Vec<Node> {
        self.ask(json!(["tree"]))
    }

    /// What shows.
    #[track_caller]
    pub fn shown(&self) -> Vec<Node> {
        self.tree().into_iter().filter(|node| node.is("showing")).collect()
    }

    /// Until it shows. `*` is any role or name, `abc*` a name that begins so, `*abc*` one that contains it, `entry|text` either role.
    #[track_caller]
    pub fn wait(&self, role: &str, name: &str) -> Node {
        self.ask(json!(["wait", role, name]))
    }

    /// Whether it shows at this moment, or soon enough for somebody who looks twice.
    pub fn is_there(&self, role: &str, name: &str) -> bool {
        self.try_to_ask::<Value>(&json!(["wait", role, name, 1])).is_ok()
    }

    /// Until it does not show.
    #[track_caller]
    pub fn gone(&self, role: &str, name: &str) {
        let _: bool = self.ask(json!(["gone", role, name]));
    }

    /// Until it shows in this state.
    #[track_caller]
    pub fn wait_with(&self, role: &str, name: &str, state: &str) -> Node {
        self.ask(json!(["has", role, name, state]))
    }

    /// Until it shows without this state.
    #[track_caller]
    pub fn wait_without(&self, role: &str, name: &str, state: &str) -> Node {
        self.ask(json!(["lacks", role, name, state]))
    }

    /// Until something has the focus.
    #[track_caller]
    pub fn focused(&self) -> Node {
        self.ask(json!(["focused"]))
    }

    /// Until something is read out at once, and that; each only once.
    #[track_caller]
    pub fn told(&self) -> String {
        self.ask(json!(["told"]))
    }

    /// Presses a key that moves the focus; what has it then.
    #[track_caller]
    pub fn key(&self, key: &str) -> Node {
        self.ask(json!(["key", key]))
    }

    /// Its default action, once it shows and can be used.
    #[track_caller]
    pub fn press(&self, role: &str, name: &str) {
        self.wait_with(role, name, "enabled");
        let _: bool = self.ask(json!(["press", role, name]));
    }

    /// Until it has the focus.
    #[track_caller]
    pub fn focus(&self, role: &str, name: &str) {
        let _: bool = self.ask(json!(["focus", role, name]));
        self.wait_with(role, name, "focused");
    }

    #[track_caller]
    pub fn set(&self, role: &str, name: &str, number: f64) {
        let _: bool = self.ask(json!(["set", role, name, number]));
    }

    /// In the place of what stands in the field, as a person pastes it.
    #[track_caller]
    pub fn paste(&self, role: &str, name: &str, text: &str) {
        self.focus(role, name);
        rig::input(&["key", "ctrl+a"]);
        rig::input(&["paste", text]);
    }

    #[track_caller]
    fn ask<Answer: DeserializeOwned>(&self, order: Value) -> Answer {
        self.try_to_ask(&order).unwrap_or_else(|error| panic!("{order}: {error}"))
    }

    fn try_to_ask<Answer: DeserializeOwned>(&self, order: &Value) -> Result<Answer, String> {
        let mut pipes = self.pipes.borrow_mut();
        writeln!(pipes.0, "{order}").map_err(|error| error.to_string())?;
        let mut line = String::new();
        pipes.1.read_line(&mut line).map_err(|error| error.to_string())?;
        let mut answer: Value = serde_json::from_str(&line).map_err(|_| "no answer".to_owned())?;
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => serde_json::from_value(answer["ok"].take()).map_err(|error| error.to_string()),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
