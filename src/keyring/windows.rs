//! Credential Manager of Windows: a generic credential for each account, named `b24status:` and the account.
//!
//! It is there for as long as somebody is signed in and is never locked, so nobody is ever asked anything. It stays on this machine
//! (`CRED_PERSIST_LOCAL_MACHINE`): with "enterprise" Windows would carry the webhook to every computer that the person uses and to the
//! server that holds the profile, and nobody said yes to that. What somebody else keeps under our name is neither read nor changed.
//!
//! <https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw>

use std::collections::HashMap;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::mpsc::UnboundedSender;
use windows_native_keyring_store::Store;

use super::{Ask, Change, KeyringError};
use crate::presence::AccountId;

/// `CRED_MAX_CREDENTIAL_BLOB_SIZE`, in bytes.
const SECRET_AT_MOST: usize = 5 * 512;
/// `CRED_MAX_STRING_LENGTH`; the crate counts bytes.
const LABEL_AT_MOST: usize = 256;

/// The credentials of the person who is signed in.
#[derive(Clone)]
pub struct Keyring;

impl Keyring {
    pub fn of_this_session() -> Self {
        Self
    }

    /// The account's secret; `None` only where there is none. Nothing is ever locked, so `ask` makes no difference.
    pub async fn load(&self, account: &AccountId, _ask: Ask) -> Result<Option<SecretString>, KeyringError> {
        errand(account, |credential| match credential.is_kept()? {
            Kept::No => Ok(None),
            Kept::Yes => credential.secret(),
        })
        .await
    }

    /// Puts the secret in the place of an older one of this account. `label` becomes the credential's comment. A secret over 2,560 bytes
    /// is refused before anything is written.
    pub async fn store(&self, account: &AccountId, secret: &SecretString, label: &str) -> Result<(), KeyringError> {
        if secret.expose_secret().len() > SECRET_AT_MOST {
            return Err(KeyringError::TooLong);
        }
        let (secret, label) = (secret.clone(), label.to_owned());
        errand(account, move |credential| {
            credential.is_kept()?;
            credential.entry.set_secret(secret.expose_secret().as_bytes()).map_err(sort)?;
            credential.describe(&label);
            Ok(())
        })
        .await
    }

    /// Removes the secret of this account.
    pub async fn delete(&self, account: &AccountId) -> Result<(), KeyringError> {
        errand(account, |credential| {
            credential.is_kept()?;
            match credential.entry.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(sort(error)),
            }
        })
        .await
    }

    /// Nothing is told, because nothing ever changes: it is there from the sign-in to the sign-out.
    pub fn watch(&self, _: UnboundedSender<Change>) {}
}

/// Each call goes to another process of Windows and waits for it.
async fn errand<T: Send + 'static>(
    account: &AccountId,
    steps: impl FnOnce(Credential) -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    let account = account.clone();
    let done = tokio::task::spawn_blocking(move || steps(Credential::of(account)?));
    done.await.map_err(|error| KeyringError::Failed(error.into()))?
}

/// The credential of one account, whether it exists or not.
struct Credential {
    account: AccountId,
    entry: Entry,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Yes,
    No,
}

impl Credential {
    fn of(account: AccountId) -> Result<Self, KeyringError> {
        let names = HashMap::from([("prefix", PREFIX), ("divider", "")]);
        let store = Store::new_with_configuration(&names).map_err(sort)?;
        let entry = store.build("", account.as_str(), Some(&HashMap::from([("persistence", "Local")]))).map_err(sort)?;
        Ok(Self { account, entry })
    }

    /// What we write bears the account as its user name, from the first write on.
    fn is_kept(&self) -> Result<Kept, KeyringError> {
        match self.entry.get_attributes() {
            Ok(attributes) if attributes.get("username").map(String::as_str) == Some(self.account.as_str()) => Ok(Kept::Yes),
            Ok(_) => Err(self.foreign()),
            Err(Error::NoEntry) => Ok(Kept::No),
            Err(error) => Err(sort(error)),
        }
    }

    /// As bytes: as text, Windows would have it in UTF-16, and so half as long. That is also what Windows makes of a credential which
    /// somebody edits in the Control Panel, and it would pass for UTF-8 with zeros in between.
    fn secret(&self) -> Result<Option<SecretString>, KeyringError> {
        match self.entry.get_secret() {
            Ok(secret) => text(secret).map(Some).ok_or_else(|| self.foreign()),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(sort(error)),
        }
    }

    /// What a person reads who lists the credentials. The secret is safe by now, so nothing fails for the want of it.
    fn describe(&self, label: &str) {
        let comment = &label[..label.floor_char_boundary(LABEL_AT_MOST)];
        if let Err(error) = self.entry.update_attributes(&HashMap::from([("comment", comment)])) {
            tracing::debug!(%error, "the credential has no comment");
        }
    }

    fn foreign(&self) -> KeyringError {
        KeyringError::Foreign { entry: format!("{PREFIX}{}", self.account) }
    }
}

const PREFIX: &str = "b24status:";

/// No copy of what is no text of ours is left behind.
fn text(secret: Vec<u8>) -> Option<SecretString> {
    match String::from_utf8(secret) {
        Ok(text) if !text.is_empty() && !text.contains('\0') => Some(text.into()),
        Ok(mut text) => {
            text.zeroize();
            None
        }
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}

fn sort(error: Error) -> KeyringError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's list of errors, which may grow")]
    match error {
        // ERROR_NO_SUCH_LOGON_SESSION, which a policy of the organisation is told by too.
        Error::NoStorageAccess(_) => KeyringError::NoSession,
        Error::TooLong(..) => KeyringError::TooLong,
        other => KeyringError::Failed(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_secret_comes_back_and_the_newer_one_takes_its_place() {
        let kept = Case::of("comes-back");
        assert_eq!(kept.load().await.unwrap(), None);
        kept.store("first ÄЖ").await.unwrap();
        assert_eq!(kept.load().await.unwrap().as_deref(), Some("first ÄЖ"));
        kept.store("second").await.unwrap();
        assert_eq!(kept.load().await.unwrap().as_deref(), Some("second"));
        kept.delete().await.unwrap();
        assert_eq!(kept.load().await.unwrap(), None);
        kept.delete().await.unwrap();
    }

    #[tokio::test]
    async fn accounts_do_not_see_each_other() {
        let (seven, eight) = (Case::of("seven"), Case::of("eight"));
        seven.store("of seven").await.unwrap();
        eight.store("of eight").await.unwrap();
        seven.delete().await.unwrap();
        assert_eq!(eight.load().await.unwrap().as_deref(), Some("of eight"));
    }

    #[tokio::test]
    async fn it_stays_on_this_machine_and_says_whose_it_is() {
        let kept = Case::of("attributes");
        let label = format!("Иван · {}", "я".repeat(200));
        kept.store_as("one", "old label").await.unwrap();
        kept.store_as("two", &label).await.unwrap();
        let attributes = kept.seen_from_outside().get_attributes().unwrap();
        assert_eq!(attributes["target_name"], format!("b24status:{}", kept.account));
        assert_eq!(attributes["username"], kept.account.as_str());
        assert_eq!(attributes["persistence"], "Local");
        assert!(label.starts_with(&attributes["comment"]) && attributes["comment"].len() > 250, "{attributes:?}");
        assert_eq!(kept.seen_from_outside().get_secret().unwrap(), b"two");
    }

    #[tokio::test]
    async fn the_longest_secret_fits_and_a_longer_one_changes_nothing() {
        let kept = Case::of("long");
        let longest = "x".repeat(2_560);
        kept.store(&longest).await.unwrap();
        assert!(matches!(kept.store(&format!("{longest}x")).await, Err(KeyringError::TooLong)));
        assert_eq!(kept.load().await.unwrap(), Some(longest));
    }

    #[tokio::test]
    async fn what_is_no_text_of_ours_is_told_and_left_for_the_person_to_replace() {
        let utf16: Vec<u8> = "https://acme.bitrix24.com/rest/7/s3cr3t/".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (name, bytes) in
            [("utf16", utf16), ("random", vec![0xff, 0xfe, 0x80, 0x01]), ("empty", Vec::new()), ("full", vec![0xc3; 2_560])]
        {
            let kept = Case::of(name);
            kept.store("ours").await.unwrap();
            kept.seen_from_outside().set_secret(&bytes).unwrap();
            assert!(matches!(kept.load().await, Err(KeyringError::Foreign { entry }) if entry == format!("b24status:{}", kept.account)));
            assert_eq!(kept.seen_from_outside().get_secret().unwrap(), bytes, "{name}");
            kept.store("signed in again").await.unwrap();
            assert_eq!(kept.load().await.unwrap().as_deref(), Some("signed in again"), "{name}");
        }
    }

    #[tokio::test]
    async fn what_another_program_keeps_under_our_name_is_not_touched() {
        let kept = Case::of("foreign");
        kept.seen_from_outside().set_secret(b"another's").unwrap();
        for refused in [kept.load().await.map(|_| ()), kept.store("ours").await, kept.delete().await] {
            assert!(matches!(refused, Err(KeyringError::Foreign { .. })), "{refused:?}");
        }
        assert_eq!(kept.seen_from_outside().get_secret().unwrap(), b"another's");
    }

    #[test]
    fn a_sign_in_without_credentials_is_told_from_a_failure() {
        assert!(matches!(sort(Error::NoStorageAccess("1312".into())), KeyringError::NoSession));
        assert!(matches!(sort(Error::PlatformFailure("5".into())), KeyringError::Failed(_)));
    }

    /// An account of this test alone, removed with it.
    struct Case {
        account: AccountId,
    }

    impl Case {
        fn of(test: &str) -> Self {
            Self { account: AccountId::new(&format!("7@{test}-{}.example", std::process::id())) }
        }

        async fn load(&self) -> Result<Option<String>, KeyringError> {
            let found = Keyring::of_this_session().load(&self.account, Ask::Never).await?;
            Ok(found.map(|secret| secret.expose_secret().to_owned()))
        }

        async fn store(&self, secret: &str) -> Result<(), KeyringError> {
            self.store_as(secret, "Ivan · acme").await
        }

        async fn store_as(&self, secret: &str, label: &str) -> Result<(), KeyringError> {
            Keyring::of_this_session().store(&self.account, &secret.to_owned().into(), label).await
        }

        async fn delete(&self) -> Result<(), KeyringError> {
            Keyring::of_this_session().delete(&self.account).await
        }

        /// As any program has it: by its name alone.
        fn seen_from_outside(&self) -> Entry {
            let target = format!("b24status:{}", self.account);
            Store::new().unwrap().build("another", "program", Some(&HashMap::from([("target", target.as_str())]))).unwrap()
        }
    }

    impl Drop for Case {
        fn drop(&mut self) {
            let _ = self.seen_from_outside().delete_credential();
        }
    }
}
