//! `b24status login --webhook -`: the address is tried before anything is stored, and the person sees whose account it is.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use secrecy::zeroize::Zeroize;

use super::{
    Code, Context, Exit,
    terminal::{self, Hidden, Typed},
};
use crate::{
    presence::Marking,
    settings::{Rewrite, Settings},
    sign_in::{self, Problem, Trial},
    text::Texts,
};

/// More than the longest address, and no way to fill the memory.
const SECRET_BYTES_AT_MOST: u64 = 16 * 1024;

pub(super) async fn run(context: &mut Context, ca_file: Option<PathBuf>, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Exit> {
    let mut address = read_unseen(context, "cli-paste-webhook", err)?;
    let trial = sign_in::try_webhook(&address, ca_file).await;
    address.zeroize();
    keep(context, trial, out, err).await
}

pub(super) async fn keep(context: &Context, trial: Result<Trial, Problem>, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Exit> {
    let texts = &context.texts;
    let exit = |problem: Problem| Exit::sign_in(&problem, texts);
    let trial = trial.map_err(exit)?;
    let kept = sign_in::keep(&trial, &context.secrets, &context.settings, texts).await.map_err(exit)?;
    if let Rewrite::KeptAside(path) = &kept.rewrite {
        writeln!(err, "{}", texts.say_with("settings-kept-aside", &[("path", path.display().to_string().into())]))?;
    }
    welcome(texts, &trial, &kept.settings, out)?;
    context.tell_of_change().await
}

/// One line; a terminal shows nothing of it.
pub(super) fn read_unseen(context: &mut Context, key: &str, err: &mut dyn Write) -> Result<String, Exit> {
    let hidden = Hidden::begin();
    if std::io::stdin().is_terminal() {
        write!(err, "{} ", context.texts.say(key))?;
        err.flush()?;
    }
    let typed = terminal::line(&mut context.input, SECRET_BYTES_AT_MOST)?;
    drop(hidden);
    let Typed::Line(mut bytes) = typed else {
        writeln!(err)?;
        return Err(Exit::new(Code::Other, String::new()));
    };
    let line = String::from_utf8_lossy(&bytes).into_owned();
    bytes.zeroize();
    Ok(line)
}

fn welcome(texts: &Texts, trial: &Trial, settings: &Settings, out: &mut dyn Write) -> Result<(), Exit> {
    let who = [("name", trial.name().into()), ("portal", trial.portal().into()), ("status", texts.held(trial.held()).into())];
    writeln!(out, "{}", texts.say_with("cli-signed-in", &who))?;
    if settings.automation.marking == Marking::On {
        writeln!(out, "\n{}", texts.idle_explained(settings.automation.idle_after))?;
    }
    Ok(())
}
