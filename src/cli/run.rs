//! `b24status`: the app in the tray, in the foreground. A second launch shows what the first one holds.

use std::io::Write;

use tokio::sync::mpsc::unbounded_channel;

use super::{Code, Context, Exit, PATIENCE, status};
use crate::{
    app::{self, Parts},
    autostart::Autostart,
    control::{self, Claim, ClaimError, Request, Response},
};

pub(super) async fn run(context: Context, out: &mut dyn Write) -> Result<(), Exit> {
    match control::claim(&context.paths) {
        Ok(claim) => stay(context, claim).await,
        Err(ClaimError::AlreadyRunning) => show_running(&context, out).await,
        Err(error @ (ClaimError::Foreign { .. } | ClaimError::Io { .. })) => {
            let exit = Exit::claim(&error, &context.texts);
            // At login nobody reads standard error.
            tracing::info!(reason = exit.sentence, "the app does not start");
            Err(exit)
        }
    }
}

async fn stay(context: Context, claim: Claim) -> Result<(), Exit> {
    // Nobody types here; the sender stays so that the channel does.
    let (_orders, ordered) = unbounded_channel();
    let parts = Parts {
        keeping: context.keeping(),
        secrets: context.secrets,
        texts: context.texts,
        control: Some(claim),
        autostart: Autostart::of_this_user().ok(),
        hosts: None,
        orders: ordered,
    };
    app::run(parts).await.map_err(|error| Exit::new(Code::Other, error.to_string()))
}

/// There is no window yet that could be opened.
async fn show_running(context: &Context, out: &mut dyn Write) -> Result<(), Exit> {
    if let Some(Response::Status(report)) = context.ask(Request::Open, PATIENCE).await? {
        status::print(&report, context, out)?;
    }
    Ok(writeln!(out, "\n{}", context.texts.say("cli-already-running"))?)
}
