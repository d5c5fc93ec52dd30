//! `b24status status`: what the portal holds, as the running app knows it, or asked of the portal.

use std::{io::Write, time::SystemTime};

use super::{Context, Exit, Format, PATIENCE};
use crate::{
    app::{Errand, run_errand},
    control::{AccountReport, Request, Response, StatusReport},
    presence::Connection,
    words,
};

pub(super) async fn run(context: &Context, format: Format, out: &mut dyn Write) -> Result<(), Exit> {
    if let Some(Response::Status(report)) = context.ask(Request::RefreshNow, PATIENCE).await? {
        return show(&report, format, context, out);
    }
    let report = run_errand(Errand::Read, context.keeping(), context.secrets.clone(), &context.texts).await?;
    if report.accounts.is_empty() && format == Format::Words {
        return Err(Exit::not_signed_in(&context.texts));
    }
    show(&report, format, context, out)?;
    if report.connection == Connection::Ok.word() { Ok(()) } else { Err(Exit::unconfirmed(&report, &context.texts)) }
}

/// For a person: what is so, why, and for whom.
pub(super) fn print(report: &StatusReport, context: &Context, out: &mut dyn Write) -> Result<(), Exit> {
    let texts = &context.texts;
    if report.accounts.is_empty() {
        return Ok(writeln!(out, "{}", texts.say("cli-not-signed-in"))?);
    }
    writeln!(out, "{}", headline(report, context))?;
    if report.idle {
        let reason = report.idle_reason.as_deref().and_then(words::reason_from_word).map(|reason| texts.reason(reason));
        writeln!(out, "{}", texts.say_with("cli-idle", &[("reason", reason.unwrap_or_default().into())]))?;
    }
    for account in &report.accounts {
        writeln!(out, "{}", account_line(account, report, context))?;
    }
    Ok(())
}

fn show(report: &StatusReport, format: Format, context: &Context, out: &mut dyn Write) -> Result<(), Exit> {
    match format {
        Format::Json => Ok(writeln!(out, "{}", serde_json::to_string_pretty(report).map_err(std::io::Error::from)?)?),
        Format::Words => print(report, context, out),
    }
}

fn headline(report: &StatusReport, context: &Context) -> String {
    let texts = &context.texts;
    let Some(word) = &report.status else { return texts.say("status-unknown") };
    let mut status = texts.held(&words::held_from_word(Some(word.clone())));
    if let Some(until) = report.until.as_deref().and_then(words::system_time) {
        let time = context.times.moment(texts, until, SystemTime::now());
        status = texts.say_with("status-until", &[("status", status.into()), ("time", time.into())]);
    }
    if report.confirmed { status } else { texts.say_with("cli-unconfirmed", &[("status", status.into())]) }
}

/// Whose account it is, and what is different or wrong there.
fn account_line(account: &AccountReport, report: &StatusReport, context: &Context) -> String {
    let texts = &context.texts;
    let who = texts.say_with("who", &[("name", account.name.as_str().into()), ("portal", account.portal.as_str().into())]);
    let failure = account.failure.as_deref().and_then(|word| words::failure_from_words(word, account.detail.as_deref()));
    let different = account.status.clone().filter(|_| account.confirmed && account.status != report.status);
    match (failure, different) {
        (Some(failure), _) => format!("{who}: {}", texts.failure(&failure)),
        (None, Some(word)) => format!("{who}: {}", texts.held(&words::held_from_word(Some(word)))),
        (None, None) => who,
    }
}
