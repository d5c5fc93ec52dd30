//! What is typed in a terminal and must not be seen there.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use std::{
    io::{self, BufRead, Read},
    thread,
};

use tokio::sync::mpsc::{Receiver, channel};

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

/// Line by line as they come, read beside everything else: what is typed can be waited for together with something that happens. It ends with the
/// input. A thread reads, because nothing else can on every system; it ends with the process.
pub(super) fn lines(mut input: Box<dyn BufRead + Send>, at_most: u64) -> io::Result<Receiver<String>> {
    let (sender, receiver) = channel(1);
    thread::Builder::new().name("typed".to_owned()).spawn(move || {
        while input.fill_buf().is_ok_and(|bytes| !bytes.is_empty()) {
            let Ok(Typed::Line(bytes)) = line(&mut input, at_most) else { return };
            if sender.blocking_send(String::from_utf8_lossy(&bytes).into_owned()).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
}
