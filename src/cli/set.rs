//! `b24status set`: a choice by hand, and the portal's word that it holds it.

use std::{
    io::Write,
    time::{Duration, SystemTime},
};

use super::{Context, Exit, PATIENCE, status};
use crate::{
    app::{Errand, run_errand},
    control::{Request, Response, StatusReport},
    presence::Status,
};

pub(super) async fn run(
    context: &Context,
    status: Status,
    until: Option<SystemTime>,
    timeout: Duration,
    out: &mut dyn Write,
) -> Result<(), Exit> {
    // Not even remembered: nobody would expect a choice from before the sign-in to come true after it.
    if context.settings.load().settings.accounts.is_empty() {
        return Err(Exit::not_signed_in(&context.texts));
    }
    let report = choose(context, status, until, timeout).await?;
    if !report.confirmed || report.status.as_deref() != Some(status.word()) {
        return Err(Exit::unconfirmed(&report, &context.texts));
    }
    status::print(&report, context, out)
}

async fn choose(context: &Context, status: Status, until: Option<SystemTime>, timeout: Duration) -> Result<StatusReport, Exit> {
    if let Some(Response::Status(report)) = context.ask(Request::set(status, until, timeout), timeout.saturating_add(PATIENCE)).await? {
        return Ok(report);
    }
    Ok(run_errand(Errand::Set { status, until, timeout }, context.keeping(), context.secrets.clone(), &context.texts).await?)
}
