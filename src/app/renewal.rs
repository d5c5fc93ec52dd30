//! Renewing the tokens of an account: one renewal at a time, and the new pair is in the keyring before it is used.
//!
//! The old pair may be of no use from the moment at which the authorization server has answered. So it is proven first that the keyring can be
//! written: by a note there that a renewal is on its way. A crash between the answer and the keyring then leaves an account that tries the
//! old pair once more, and asks for a sign-in only if that is refused.

use std::time::SystemTime;

use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use crate::{
    keyring::{Ask, KeyringError, Secrets},
    portal::{Client, Credential, Grant},
    presence::{self, AccountId, Failure},
};

/// The renewals of one account, whichever of its clients needs them.
pub(super) struct Renewal {
    account: AccountId,
    secrets: Secrets,
    /// What the person reads in the keyring's own program.
    label: String,
    /// Locked while a renewal is under way.
    unstored: Mutex<Option<Unstored>>,
}

/// A pair that the keyring has not taken yet.
struct Unstored {
    in_place_of: Grant,
    grant: Grant,
}

/// Why calls go on leaving with the old pair, or not at all.
pub(super) enum NotRenewed {
    Failed(Failure),
    Keyring(KeyringError),
}

impl Renewal {
    pub(super) fn new(account: AccountId, secrets: Secrets, label: String) -> Self {
        Self { account, secrets, label, unstored: Mutex::new(None) }
    }

    /// Whether a pair would be lost if the process ended now.
    pub(super) fn is_under_way(&self) -> bool {
        self.unstored.try_lock().is_err()
    }

    /// Puts the client in possession of a pair that is of use. What the keyring holds counts, if it is another one than the client's: somebody
    /// signed in anew, or another process has renewed it.
    pub(super) async fn renew(&self, client: &Client) -> Result<(), NotRenewed> {
        let mut unstored = self.unstored.lock().await;
        if !client.is_expired() {
            // Another call has seen to it.
            return Ok(());
        }
        let kept = self.kept().await?;
        let (Credential::OAuth(old), Credential::OAuth(ours)) = (&kept, client.credential()) else {
            client.adopt(kept);
            return Ok(());
        };
        if !old.is_same_pair(&ours) {
            client.adopt(kept);
            return Ok(());
        }
        if unstored.as_ref().is_none_or(|unstored| !unstored.in_place_of.is_same_pair(old)) {
            let grant = self.fetch(client, old).await?;
            *unstored = Some(Unstored { in_place_of: old.clone(), grant });
        }
        self.put_in_place(&mut unstored, client).await
    }

    /// Stores the client's pair under another label, for a portal that has moved. Not while the keyring holds another pair.
    pub(super) async fn store_again(&self, client: &Client, label: &str) -> Result<(), KeyringError> {
        let unstored = self.unstored.lock().await;
        let Credential::OAuth(ours) = client.credential() else { return Ok(()) };
        match self.kept().await {
            Ok(Credential::OAuth(kept)) if unstored.is_none() && kept.is_same_pair(&ours) => {
                self.secrets.store(&self.account, &ours.secret(), label).await
            }
            Ok(_) | Err(NotRenewed::Failed(_)) => Ok(()),
            Err(NotRenewed::Keyring(error)) => Err(error),
        }
    }

    /// Nothing leaves before the keyring has taken the note.
    async fn fetch(&self, client: &Client, old: &Grant) -> Result<Grant, NotRenewed> {
        self.store(&old.renewing(SystemTime::now())).await?;
        let renewed = client.renew(old).await;
        if renewed.as_ref().is_err_and(|failure| *failure == EXPIRED) && old.renewing_since().is_some() {
            tracing::warn!("an earlier renewal was cut off before its outcome was stored: the old pair is used up");
        }
        renewed.map_err(NotRenewed::Failed)
    }

    /// What somebody stored meanwhile, who signed in anew, is not written over; what they removed does not come back.
    async fn put_in_place(&self, unstored: &mut Option<Unstored>, client: &Client) -> Result<(), NotRenewed> {
        let Some(Unstored { in_place_of, grant }) = unstored.as_ref() else { return Ok(()) };
        let kept = self.kept().await?;
        match &kept {
            Credential::OAuth(kept) if kept.is_same_pair(in_place_of) => {
                self.store(grant).await?;
                client.adopt(Credential::OAuth(grant.clone()));
                tracing::debug!("the tokens were renewed");
            }
            Credential::OAuth(_) | Credential::Webhook(_) => client.adopt(kept),
        }
        *unstored = None;
        Ok(())
    }

    async fn kept(&self) -> Result<Credential, NotRenewed> {
        let secret = self.secrets.load(&self.account, Ask::Never).await.map_err(NotRenewed::Keyring)?;
        secret.and_then(|secret| Credential::parse(secret.expose_secret())).ok_or(NotRenewed::Failed(EXPIRED))
    }

    async fn store(&self, grant: &Grant) -> Result<(), NotRenewed> {
        self.secrets.store(&self.account, &grant.secret(), &self.label).await.map_err(NotRenewed::Keyring)
    }
}

const EXPIRED: Failure = Failure::Ask(presence::Ask::SignInExpired);
