//! Terminals of Unix: their echo is off for a while, and Ctrl+C is a key like any other, so that no signal can leave it off.

use std::io;

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use super::INTERRUPT;

/// What is typed on standard input is not shown until this is dropped.
pub(in crate::cli) struct Hidden {
    before: Termios,
}

impl Hidden {
    /// `None` where standard input is no terminal.
    pub(in crate::cli) fn begin() -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        // The line's end is shown, or what is printed next would stand behind the prompt.
        hidden.local_modes.insert(LocalModes::ECHONL);
        hidden.special_codes[SpecialCodeIndex::VEOL] = INTERRUPT;
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden).ok()?;
        Some(Self { before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Err(error) = tcsetattr(io::stdin(), OptionalActions::Now, &self.before) {
            tracing::warn!(%error, "the terminal may not show what is typed: “stty echo” puts it right");
        }
    }
}
