//! `b24status help` and `b24status version`.

use std::io::Write;

use super::Exit;
use crate::text::Texts;

pub(super) fn run(texts: &Texts, out: &mut dyn Write) -> Result<(), Exit> {
    Ok(writeln!(out, "{}", texts.say("help"))?)
}

pub(super) fn version(out: &mut dyn Write) -> Result<(), Exit> {
    Ok(writeln!(out, "b24status {}", env!("CARGO_PKG_VERSION"))?)
}
