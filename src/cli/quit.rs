//! `b24status quit`: ends the running app, and comes back when it has ended.

use std::io::Write;

use super::{Context, Exit, PATIENCE};
use crate::control::{self, AskError};

pub(super) async fn run(context: &Context, out: &mut dyn Write) -> Result<(), Exit> {
    match control::ask_to_quit(&context.paths, PATIENCE).await {
        Ok(()) => Ok(()),
        Err(AskError::NotRunning) => Ok(writeln!(out, "{}", context.texts.say("cli-not-running"))?),
        Err(error) => Err(Exit::ask(&error, &context.texts)),
    }
}
