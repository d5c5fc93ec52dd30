//! A launch agent in the person's library: `b24status.plist`, which launchd reads at the next login. What launchd itself keeps is not here.
//!
//! `man launchd.plist`; <https://developer.apple.com/library/archive/documentation/MacOSX/Conceptual/BPSystemStartup/Chapters/CreatingLaunchdJobs.html>

mod plist;

use std::io;
use std::path::{Path, PathBuf};

use self::plist::{Plist, escaped};
use super::{AutostartError, Repair, State, Switch};
use crate::file;

const FILE: &str = "Library/LaunchAgents/b24status.plist";

/// The agent of this user, and what it should start.
pub(super) struct LaunchAgent {
    path: PathBuf,
    program: PathBuf,
    /// Whether the person lets this file start anything.
    leave: fn(&Path) -> Leave,
}

/// What the person says in the settings of the system about an agent that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    Given,
    Refused,
}

impl LaunchAgent {
    pub(super) fn below(home: &Path, program: PathBuf, leave: fn(&Path) -> Leave) -> Self {
        Self { path: home.join(FILE), program, leave }
    }

    /// What happens at the next login.
    pub(super) fn state(&self) -> Result<State, AutostartError> {
        let Some(agent) = self.read()? else { return Ok(State::Off) };
        Ok(match agent.started() {
            Some(program) if (self.leave)(&self.path) == Leave::Given => self.judge(program),
            Some(_) | None => State::Off,
        })
    }

    /// Switches, and tells what is so afterwards. Switched on, the agent starts this program and nothing else.
    pub(super) fn set(&self, switch: Switch) -> Result<State, AutostartError> {
        match switch {
            Switch::On if self.state()? == State::On => {}
            Switch::On => self.write()?,
            Switch::Off => self.remove()?,
        }
        let state = self.state()?;
        if switch == Switch::On && state == State::Off {
            return Err(AutostartError::Refused);
        }
        Ok(state)
    }

    /// Lets an agent that is on and whose program file is gone start this program. Every other one is left alone.
    pub(super) fn repair(&self) -> Result<Repair, AutostartError> {
        match self.read()?.as_ref().and_then(Agent::started) {
            Some(program) if is_ours(program) && !program.exists() => {}
            Some(_) | None => return Ok(Repair::NotNeeded),
        }
        self.write()?;
        Ok(Repair::Rewritten)
    }

    fn judge(&self, program: &Path) -> State {
        let found = program.canonicalize().unwrap_or_else(|_| program.to_owned());
        let here = self.program.canonicalize().unwrap_or_else(|_| self.program.clone());
        if found == here { State::On } else { State::OnElsewhere(found) }
    }

    fn read(&self) -> Result<Option<Agent>, AutostartError> {
        let unreadable = |cause| AutostartError::Unreadable { path: self.path.clone(), cause };
        let Some(text) = file::read(&self.path).map_err(unreadable)? else { return Ok(None) };
        // An agent in Apple's binary form was not written by us, and says nothing here.
        Agent::parse(&text).map(Some).ok_or_else(|| unreadable(io::ErrorKind::InvalidData.into()))
    }

    fn write(&self) -> Result<(), AutostartError> {
        let program = self.program.to_str().ok_or_else(|| AutostartError::UnspeakablePath(self.program.clone()))?;
        file::replace(&self.path, &text(program)).map_err(|cause| AutostartError::NotWritable { path: self.path.clone(), cause })
    }

    fn remove(&self) -> Result<(), AutostartError> {
        match std::fs::remove_file(&self.path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(AutostartError::NotWritable { path: self.path.clone(), cause }),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// What an agent says about itself.
struct Agent {
    program: Option<PathBuf>,
    disabled: bool,
    at_login: bool,
}

impl Agent {
    fn parse(text: &str) -> Option<Self> {
        let root = Plist::parse(text)?;
        let arguments = root.get("ProgramArguments").and_then(Plist::first);
        let program = root.get("Program").or(arguments).and_then(Plist::text).map(PathBuf::from);
        let says = |key| root.get(key).and_then(Plist::truth).unwrap_or(false);
        // Kept alive, it is started as well.
        Some(Self { program, disabled: says("Disabled"), at_login: says("RunAtLoad") || says("KeepAlive") })
    }

    fn started(&self) -> Option<&Path> {
        self.program.as_deref().filter(|_| self.at_login && !self.disabled)
    }
}

fn is_ours(program: &Path) -> bool {
    program.file_name().is_some_and(|name| name.to_string_lossy().starts_with("b24status"))
}

/// Once at login, in a session with a screen, as an app that a person uses; a program that was quit stays so.
fn text(program: &str) -> String {
    let program = escaped(program);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>b24status</string>
	<key>ProgramArguments</key>
	<array>
		<string>{program}</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
"#
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn switched_on_it_starts_this_program_and_switched_off_nothing_is_left() {
        let home = Home::new("b24status");
        assert_eq!(home.agent().state().unwrap(), State::Off);
        assert_eq!(home.agent().set(Switch::On).unwrap(), State::On);
        assert_eq!(home.agent().set(Switch::On).unwrap(), State::On);
        assert_eq!(home.agent().set(Switch::Off).unwrap(), State::Off);
        assert_eq!(home.agent().set(Switch::Off).unwrap(), State::Off);
        assert_eq!(fs::read_dir(home.path().parent().unwrap()).unwrap().count(), 0);
    }

    #[test]
    fn every_path_is_read_back_as_it_was() {
        for path in ["/Applications/b24status.app/Contents/MacOS/b24status", "/a b/<&>\"'", "/Иван/б", "/a&amp;b", "/]]>"] {
            assert_eq!(Agent::parse(&text(path)).unwrap().started(), Some(Path::new(path)));
        }
    }

    #[test]
    fn another_program_is_named_and_replaced() {
        let home = Home::new("b24status");
        let other = home.program("other");
        home.write(&text(other.to_str().unwrap()));
        assert_eq!(home.agent().state().unwrap(), State::OnElsewhere(other.canonicalize().unwrap()));
        assert_eq!(home.agent().repair().unwrap(), Repair::NotNeeded);
        assert_eq!(home.agent().set(Switch::On).unwrap(), State::On);
    }

    #[test]
    fn an_older_place_of_this_program_is_put_right_but_nothing_that_is_off() {
        let home = Home::new("b24status");
        home.write(&text("/gone/b24status"));
        assert_eq!(home.agent().repair().unwrap(), Repair::Rewritten);
        assert_eq!(home.agent().state().unwrap(), State::On);
        for off in [text("/gone/b24status").replace("<dict>", "<dict><key>Disabled</key><true/>"), text("/gone/mine")] {
            home.write(&off);
            assert_eq!(home.agent().repair().unwrap(), Repair::NotNeeded);
        }
    }

    #[test]
    fn an_agent_that_starts_nothing_at_login_is_off() {
        let home = Home::new("b24status");
        let program = home.agent().program.to_str().unwrap().to_owned();
        for (part, other) in [("<true/>", "<false/>"), ("ProgramArguments", "Arguments"), ("<dict>", "<dict><key>Disabled</key><true/>")] {
            home.write(&text(&program).replace(part, other));
            assert_eq!(home.agent().state().unwrap(), State::Off, "{other}");
        }
    }

    #[test]
    fn what_the_person_refused_in_the_settings_of_the_system_is_off_and_cannot_be_switched_on_here() {
        let home = Home::new("b24status");
        let refused = LaunchAgent { leave: |_| Leave::Refused, ..home.agent() };
        assert!(matches!(refused.set(Switch::On), Err(AutostartError::Refused)));
        assert_eq!(refused.state().unwrap(), State::Off);
    }

    #[test]
    fn a_file_that_is_no_property_list_is_said_to_be_unreadable() {
        let home = Home::new("b24status");
        home.write("bplist00");
        assert!(matches!(home.agent().state(), Err(AutostartError::Unreadable { .. })));
    }

    struct Home {
        root: TempDir,
        program: PathBuf,
    }

    impl Home {
        fn new(program: &str) -> Self {
            let mut home = Self { root: tempfile::tempdir().unwrap(), program: PathBuf::new() };
            home.program = home.program(program);
            home
        }

        fn program(&self, name: &str) -> PathBuf {
            let path = self.root.path().join(name);
            fs::write(&path, "").unwrap();
            path
        }

        fn agent(&self) -> LaunchAgent {
            LaunchAgent::below(self.root.path(), self.program.clone(), |_| Leave::Given)
        }

        fn path(&self) -> PathBuf {
            self.root.path().join(FILE)
        }

        fn write(&self, text: &str) {
            file::replace(&self.path(), text).unwrap();
        }
    }
}
