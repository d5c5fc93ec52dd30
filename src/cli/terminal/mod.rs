//! What is typed in a terminal and must not be seen there.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use std::io::{self, BufRead, Read};

pub(super) use system::Hidden;

/// Ctrl+C, where it comes in while typing is [`Hidden`]: at the end of the line.
const INTERRUPT: u8 = 0x03;

pub(super) enum Typed {
    /// Without its end.
    Line(Vec<u8>),
    /// The person thought better of it.
    Interrupted,
}

/// The next line, of so many bytes at most.
pub(super) fn line(input: &mut dyn BufRead, at_most: u64) -> io::Result<Typed> {
    let mut line = Vec::new();
    for byte in input.take(at_most).bytes() {
        match byte? {
            b'\n' => break,
            INTERRUPT => return Ok(Typed::Interrupted),
            byte => line.push(byte),
        }
    }
    Ok(Typed::Line(line))
}
