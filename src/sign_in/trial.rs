//! A credential that was tried, and whose it is. It is not stored yet.

use std::path::PathBuf;

use super::Problem;
use crate::{
    portal::{Client, Credential, Profile, Trust, pasted_webhook},
    presence::{AccountId, Answer, Ask, Call, Failure, Held, IdleUse},
    settings::{AccountEntry, CredentialKind},
};

/// Its `Debug` text holds no secret.
#[derive(Debug, Clone)]
pub struct Trial {
    pub(super) credential: Credential,
    pub(super) ca_file: Option<PathBuf>,
    profile: Profile,
    held: Held,
}

/// Takes what people paste of an inbound webhook, and asks its portal.
pub async fn try_webhook(text: &str, ca_file: Option<PathBuf>) -> Result<Trial, Problem> {
    let webhook = pasted_webhook(text).map_err(Problem::Address)?;
    try_out(webhook.into(), ca_file).await
}

/// Whose it is, whether it may use the chat, and whether the portal knows chat statuses.
pub(super) async fn try_out(credential: Credential, ca_file: Option<PathBuf>) -> Result<Trial, Problem> {
    let client = Client::new(&credential, &Trust { ca_file: ca_file.clone() }).map_err(Problem::Trust)?;
    let (profile, held) = ask(&client).await.map_err(Problem::Portal)?;
    // A portal that has moved is stored under its new address.
    let credential = match client.credential() {
        Credential::OAuth(grant) => Credential::OAuth(Box::new(grant.of_user(profile.id))),
        webhook @ Credential::Webhook(_) => webhook,
    };
    Ok(Trial { credential, ca_file, profile, held })
}

async fn ask(client: &Client) -> Result<(Profile, Held), Failure> {
    let profile = client.profile().await?;
    if !client.credential().names(&profile) {
        return Err(Failure::Ask(Ask::AnotherPerson));
    }
    if !client.scopes().await?.iter().any(|scope| scope == "im") {
        return Err(Failure::Ask(match client.credential() {
            Credential::Webhook(_) => Ask::ScopeMissing,
            Credential::OAuth(_) => Ask::ApplicationWithoutChat,
        }));
    }
    match client.carry_out(Call::Read).await? {
        Answer::Held(held) => Ok((profile, held)),
        Answer::Done => Ok((profile, Held::NeverSet)),
    }
}

impl Trial {
    pub fn account(&self) -> AccountId {
        self.credential.account(self.profile.id)
    }

    /// The account where the portal has no name.
    pub fn name(&self) -> String {
        if self.profile.name.is_empty() { self.account().to_string() } else { self.profile.name.clone() }
    }

    pub fn portal(&self) -> &str {
        self.credential.portal()
    }

    /// The person's number on the portal.
    pub fn user(&self) -> u64 {
        self.profile.id
    }

    /// What the portal holds now.
    pub fn held(&self) -> &Held {
        &self.held
    }

    pub(super) fn entry(&self) -> AccountEntry {
        AccountEntry {
            id: self.account(),
            portal: self.portal().to_owned(),
            name: self.name(),
            kind: match self.credential {
                Credential::Webhook(_) => CredentialKind::Webhook,
                Credential::OAuth(_) => CredentialKind::OAuth,
            },
            ca_file: self.ca_file.clone(),
            idle: IdleUse::Marked,
        }
    }
}
