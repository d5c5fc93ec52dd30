//! `b24status accounts`: who is signed in where.

use std::io::Write;

use serde::Serialize;

use super::{Context, Exit, Format};
use crate::{presence::IdleUse, settings::AccountEntry};

#[derive(Serialize)]
struct Document {
    accounts: Vec<AccountLine>,
}

#[derive(Serialize)]
struct AccountLine {
    id: String,
    name: String,
    portal: String,
    kind: &'static str,
    mark_idle: bool,
    ca_file: Option<String>,
}

pub(super) fn run(context: &Context, format: Format, out: &mut dyn Write) -> Result<(), Exit> {
    let accounts = context.settings.load().settings.accounts;
    match format {
        Format::Json => {
            let document = Document { accounts: accounts.iter().map(AccountLine::from).collect() };
            Ok(writeln!(out, "{}", serde_json::to_string_pretty(&document).map_err(std::io::Error::from)?)?)
        }
        Format::Words if accounts.is_empty() => Ok(writeln!(out, "{}", context.texts.say("cli-not-signed-in"))?),
        Format::Words => accounts.iter().try_for_each(|entry| Ok(writeln!(out, "{}", line(entry, context))?)),
    }
}

fn line(entry: &AccountEntry, context: &Context) -> String {
    let texts = &context.texts;
    let who = texts.say_with("who", &[("name", entry.name.as_str().into()), ("portal", entry.portal.as_str().into())]);
    let key = match entry.idle {
        IdleUse::Marked => "cli-account",
        IdleUse::LeftOut => "cli-account-left-out",
    };
    texts.say_with(key, &[("id", entry.id.as_str().into()), ("who", who.into())])
}

impl From<&AccountEntry> for AccountLine {
    fn from(entry: &AccountEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            name: entry.name.clone(),
            portal: entry.portal.clone(),
            kind: entry.kind.word(),
            mark_idle: entry.idle == IdleUse::Marked,
            ca_file: entry.ca_file.as_ref().map(|path| path.display().to_string()),
        }
    }
}
