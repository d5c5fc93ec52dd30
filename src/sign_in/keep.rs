//! Storing what was tried: the secret in the keyring, then the account in the settings.

use super::{Problem, Trial};
use crate::{
    keyring::Secrets,
    presence::AccountId,
    settings::{self, AccountEntry, Rewrite, Settings},
    text::Texts,
};

/// What holds now.
#[derive(Debug)]
pub struct Kept {
    pub account: AccountId,
    pub settings: Settings,
    pub rewrite: Rewrite,
}

/// The secret first: an account without one would only say that the person is not signed in. If the account cannot be written down,
/// a secret that was not there before goes again. A running app has to be told to read the settings again.
pub async fn keep(trial: &Trial, secrets: &Secrets, file: &settings::File, texts: &Texts) -> Result<Kept, Problem> {
    let entry = trial.entry();
    let label = texts.keyring_label(&entry.name, &entry.portal);
    secrets.store(&entry.id, &trial.credential.secret(), &label).await.map_err(Problem::Keyring)?;
    let before = file.load().settings;
    let mut after = before.clone();
    let known = after.accounts.iter_mut().find(|known| known.id == entry.id);
    let new = known.is_none();
    match known {
        Some(known) => *known = AccountEntry { idle: known.idle, ..entry.clone() },
        None => after.accounts.push(entry.clone()),
    }
    match file.save(&before, &after) {
        Ok(rewrite) => Ok(Kept { account: entry.id, settings: after, rewrite }),
        Err(error) => {
            if new && secrets.delete(&entry.id).await.is_err() {
                tracing::warn!("the secret of an account that could not be written down stays in the keyring");
            }
            Err(Problem::Settings(error))
        }
    }
}
