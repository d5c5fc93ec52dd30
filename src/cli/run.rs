//! `b24status`: the app in the tray, in the foreground. A second launch opens the window of the first one.

use std::{env, io::Write};

use tokio::sync::mpsc::unbounded_channel;

use super::{Code, Context, Exit, PATIENCE, status};
use crate::{
    app::{self, Launch, Parts},
    autostart::Autostart,
    control::{self, Claim, ClaimError, Request, Response, window::FOR_A_WINDOW},
    window_process,
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
        launch: match env::var_os(FOR_A_WINDOW) {
            Some(_) => Launch::ForAWindow,
            None => Launch::ByItself { activation_token: window_process::activation_token() },
        },
        control: Some(claim),
        autostart: Autostart::of_this_user().ok(),
        hosts: None,
        orders: ordered,
    };
    app::run(parts).await.map_err(|error| Exit::new(Code::Other, error.to_string()))
}

/// The window opens, and what it would show first is printed as well: this may be a terminal without a screen.
async fn show_running(context: &Context, out: &mut dyn Write) -> Result<(), Exit> {
    window_process::let_come_forward();
    let open = Request::Open { activation_token: window_process::activation_token() };
    if let Some(Response::Status(report)) = context.ask(open, PATIENCE).await? {
        status::print(&report, context, out)?;
    }
    Ok(writeln!(out, "\n{}", context.texts.say("cli-already-running"))?)
}
