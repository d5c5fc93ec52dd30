//! `b24status autostart`: start at login, switched and read back.

use std::io::Write;

use super::{Code, Context, Exit, arguments};
use crate::{
    autostart::{Autostart, State, Switch},
    text::Texts,
};

pub(super) async fn run(context: &Context, wish: arguments::Autostart, out: &mut dyn Write) -> Result<(), Exit> {
    let texts = &context.texts;
    let carried_out = Autostart::of_this_user().and_then(|autostart| match wish {
        arguments::Autostart::On => autostart.set(Switch::On),
        arguments::Autostart::Off => autostart.set(Switch::Off),
        arguments::Autostart::Status => autostart.state(),
    });
    let state = carried_out.map_err(|error| Exit::new(Code::Other, error.sentence(texts)))?;
    writeln!(out, "{}", said(&state, texts))?;
    match wish {
        // The menu of a running app shows it.
        arguments::Autostart::On | arguments::Autostart::Off => context.tell_of_change().await,
        arguments::Autostart::Status => Ok(()),
    }
}

fn said(state: &State, texts: &Texts) -> String {
    match state {
        State::On => texts.say("cli-autostart-on"),
        State::Off => texts.say("cli-autostart-off"),
        State::OnElsewhere(path) => texts.say_with("cli-autostart-elsewhere", &[("path", path.display().to_string().into())]),
    }
}
