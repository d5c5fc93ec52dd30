//! `b24status logout`: removes an account, its secret first.

use std::io::Write;

use super::{Code, Context, Exit, PATIENCE};
use crate::{
    app::{Errand, run_errand},
    control::Request,
    settings::{AccountEntry, CredentialKind, Settings},
};

pub(super) async fn run(context: &Context, account: Option<&str>, out: &mut dyn Write) -> Result<(), Exit> {
    let texts = &context.texts;
    let before = context.settings.load().settings;
    let entry = meant(&before, account, context)?;
    leave(&entry, context).await?;
    // In this order: a secret without an account would stay in the keyring for ever.
    if let Err(error) = context.secrets.delete(&entry.id).await {
        // The account stays, and is to be marked idle as before.
        context.tell_of_change().await?;
        return Err(Exit::keyring(&error, texts));
    }
    let mut after = before.clone();
    after.accounts.retain(|other| other.id != entry.id);
    context.settings.save(&before, &after).map_err(|error| Exit::settings(&error, texts))?;
    writeln!(
        out,
        "{}",
        texts.say_with(signed_out(entry.kind), &[("name", entry.name.as_str().into()), ("portal", entry.portal.as_str().into())])
    )?;
    context.tell_of_change().await
}

/// What stays on the portal.
fn signed_out(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Webhook => "cli-signed-out",
        CredentialKind::OAuth => "cli-signed-out-oauth",
    }
}

/// Ends our idle mark while there still is a credential to do it with. A portal that does not answer keeps nobody.
async fn leave(entry: &AccountEntry, context: &Context) -> Result<(), Exit> {
    if context.ask(Request::Leave { account: entry.id.to_string() }, PATIENCE).await?.is_none() {
        run_errand(Errand::Leave(entry.id.clone()), context.keeping(), context.secrets.clone(), &context.texts).await?;
    }
    Ok(())
}

/// The only account needs no name. Its portal will do for one, if it is the only account there.
fn meant(settings: &Settings, account: Option<&str>, context: &Context) -> Result<AccountEntry, Exit> {
    let texts = &context.texts;
    let names = || settings.accounts.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>().join(", ");
    let meant = match (account, settings.accounts.as_slice()) {
        (_, []) => return Err(Exit::not_signed_in(texts)),
        (None, [only]) => Some(only),
        (None, [_, _, ..]) => return Err(Exit::new(Code::Usage, texts.say_with("usage-which-account", &[("names", names().into())]))),
        (Some(name), accounts) => accounts.iter().find(|entry| entry.id.as_str() == name).or_else(|| only_on(accounts, name)),
    };
    let unknown = || texts.say_with("usage-unknown-account", &[("found", account.unwrap_or_default().into()), ("names", names().into())]);
    meant.cloned().ok_or_else(|| Exit::new(Code::Usage, unknown()))
}

fn only_on<'a>(accounts: &'a [AccountEntry], portal: &str) -> Option<&'a AccountEntry> {
    let mut there = accounts.iter().filter(|entry| entry.portal == portal);
    there.next().filter(|_| there.next().is_none())
}
