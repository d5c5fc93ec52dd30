//! `b24status why`: the journal, the newest entry last.

use std::{io::Write, time::SystemTime};

use serde::Serialize;

use super::{Context, Exit, Format, PATIENCE};
use crate::{
    control::{Request, Response},
    paths::Place,
    presence::Entry,
    store::Journal,
    words::EntryLine,
};

/// One object, as every `--json`.
#[derive(Serialize)]
struct Document {
    entries: Vec<EntryLine>,
}

pub(super) async fn run(context: &Context, format: Format, limit: usize, out: &mut dyn Write) -> Result<(), Exit> {
    let entries = match context.ask(Request::Why { limit }, PATIENCE).await? {
        Some(Response::Why(entries)) => entries,
        Some(Response::Done | Response::Status(_) | Response::Doctor(_) | Response::Window(_) | Response::Refused(_)) | None => {
            from_disk(context, limit)?
        }
    };
    match format {
        Format::Json => Ok(writeln!(out, "{}", serde_json::to_string_pretty(&Document { entries }).map_err(std::io::Error::from)?)?),
        Format::Words => print(entries, context, out),
    }
}

fn from_disk(context: &Context, limit: usize) -> Result<Vec<EntryLine>, Exit> {
    let journal = Journal::new(&Place::Disk(context.paths.clone()));
    Ok(journal.newest(limit)?.iter().map(EntryLine::from).collect())
}

fn print(entries: Vec<EntryLine>, context: &Context, out: &mut dyn Write) -> Result<(), Exit> {
    let Context { texts, times, .. } = context;
    let now = SystemTime::now();
    if entries.is_empty() {
        return Ok(writeln!(out, "{}", texts.say("cli-why-empty"))?);
    }
    let several = context.settings.load().settings.accounts.len() > 1;
    // A running app of a newer version may tell what we have no words for.
    for entry in entries.into_iter().filter_map(|line| Entry::try_from(line).ok()) {
        let line = texts.entry(&entry, times, now);
        let line = match entry.account.filter(|_| several) {
            Some(account) => texts.say_with("journal-account", &[("line", line.into()), ("account", account.as_str().into())]),
            None => line,
        };
        let time = times.moment(texts, entry.at, now);
        writeln!(out, "{}", texts.say_with("journal-at", &[("time", time.into()), ("line", line.into())]))?;
    }
    Ok(())
}
