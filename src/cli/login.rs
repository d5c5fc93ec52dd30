//! `b24status login --webhook -`: the address is tried before anything is stored, and the person sees whose account it is.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use secrecy::{SecretString, zeroize::Zeroize};

use super::{
    Code, Context, Exit,
    terminal::{self, Hidden, Typed},
};
use crate::{
    portal::{Client, Profile, Trust, Webhook},
    presence::{Answer, Ask, Call, Failure, Held, IdleUse, Marking},
    settings::{AccountEntry, CredentialKind, Rewrite, Settings},
    text::Texts,
};

/// More than the longest address, and no way to fill the memory.
const ADDRESS_BYTES_AT_MOST: u64 = 16 * 1024;

pub(super) async fn run(context: &mut Context, ca_file: Option<PathBuf>, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Exit> {
    let webhook = read_webhook(context, err)?;
    let texts = &context.texts;
    // Where the app runs from is not where this was typed.
    let ca_file = ca_file.map(|path| std::path::absolute(&path).unwrap_or(path));
    let trust = Trust { ca_file: ca_file.clone() };
    let client = Client::new(&webhook, &trust).map_err(|error| Exit::trust(&error, texts))?;
    let (profile, held) = try_out(&client, &webhook).await.map_err(|failure| Exit::portal(&failure, texts))?;
    // A portal that has moved is stored under its new address.
    let webhook = client.moved_to().unwrap_or(webhook);
    let entry = entry(&webhook, &profile, ca_file);
    let (settings, rewrite) = store(context, &webhook, &entry).await?;
    if let Rewrite::KeptAside(path) = rewrite {
        writeln!(err, "{}", texts.say_with("settings-kept-aside", &[("path", path.display().to_string().into())]))?;
    }
    welcome(texts, &entry, &held, &settings, out)?;
    context.tell_of_change().await
}

fn read_webhook(context: &mut Context, err: &mut dyn Write) -> Result<Webhook, Exit> {
    let Typed::Line(mut bytes) = read_unseen(context, err)? else {
        writeln!(err)?;
        return Err(Exit::new(Code::Other, String::new()));
    };
    let mut line = String::from_utf8_lossy(&bytes).into_owned();
    bytes.zeroize();
    let webhook = Webhook::parse(&line).map_err(|error| Exit::address(error, &context.texts));
    line.zeroize();
    webhook
}

/// One line; a terminal shows nothing of it.
fn read_unseen(context: &mut Context, err: &mut dyn Write) -> Result<Typed, Exit> {
    let _hidden = Hidden::begin();
    if std::io::stdin().is_terminal() {
        write!(err, "{} ", context.texts.say("cli-paste-webhook"))?;
        err.flush()?;
    }
    Ok(terminal::line(&mut context.input, ADDRESS_BYTES_AT_MOST)?)
}

/// Whose it is, whether it may use the chat, and whether the portal knows chat statuses.
async fn try_out(client: &Client, webhook: &Webhook) -> Result<(Profile, Held), Failure> {
    let profile = client.profile().await?;
    if !webhook.names(&profile) {
        return Err(Failure::Ask(Ask::AnotherPerson));
    }
    if !client.scopes().await?.iter().any(|scope| scope == "im") {
        return Err(Failure::Ask(Ask::ScopeMissing));
    }
    match client.carry_out(Call::Read).await? {
        Answer::Held(held) => Ok((profile, held)),
        Answer::Done => Ok((profile, Held::NeverSet)),
    }
}

fn entry(webhook: &Webhook, profile: &Profile, ca_file: Option<PathBuf>) -> AccountEntry {
    let id = webhook.account(profile.id);
    let name = if profile.name.is_empty() { id.to_string() } else { profile.name.clone() };
    AccountEntry { id, portal: webhook.portal().to_owned(), name, kind: CredentialKind::Webhook, ca_file, idle: IdleUse::Marked }
}

/// The secret first: an account without one would only say that the person is not signed in. If the account cannot be written down,
/// a secret that was not there before goes again.
async fn store(context: &Context, webhook: &Webhook, entry: &AccountEntry) -> Result<(Settings, Rewrite), Exit> {
    let texts = &context.texts;
    let secret: SecretString = webhook.secret();
    let label = texts.say_with("keyring-label", &[("name", entry.name.as_str().into()), ("portal", entry.portal.as_str().into())]);
    context.secrets.store(&entry.id, &secret, &label).await.map_err(|error| Exit::keyring(&error, texts))?;
    let before = context.settings.load().settings;
    let mut after = before.clone();
    let known = after.accounts.iter_mut().find(|known| known.id == entry.id);
    let new = known.is_none();
    match known {
        Some(known) => *known = AccountEntry { idle: known.idle, ..entry.clone() },
        None => after.accounts.push(entry.clone()),
    }
    match context.settings.save(&before, &after) {
        Ok(rewrite) => Ok((after, rewrite)),
        Err(error) => {
            if new && context.secrets.delete(&entry.id).await.is_err() {
                tracing::warn!("the secret of an account that could not be written down stays in the keyring");
            }
            Err(Exit::settings(&error, texts))
        }
    }
}

fn welcome(texts: &Texts, entry: &AccountEntry, held: &Held, settings: &Settings, out: &mut dyn Write) -> Result<(), Exit> {
    let who = [("name", entry.name.as_str().into()), ("portal", entry.portal.as_str().into()), ("status", texts.held(held).into())];
    writeln!(out, "{}", texts.say_with("cli-signed-in", &who))?;
    if settings.automation.marking == Marking::On {
        writeln!(out, "\n{}", texts.idle_explained(settings.automation.idle_after))?;
    }
    Ok(())
}
