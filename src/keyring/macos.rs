//! The login keychain of macOS, the kind in a file: an app that nobody signed has no right to the other kind.
//!
//! A keychain that is locked, and an item that belongs to another build of this program, open a prompt of the system by themselves. Where
//! nobody may be asked, prompts are off for as long as the errand takes. Every errand has a thread of its own, because a prompt has no limit.
//!
//! <https://developer.apple.com/documentation/security/security-framework-result-codes>

use std::sync::{Mutex, MutexGuard, PoisonError};

use apple_native_keyring_store::keychain::{Cred, MacKeychainDomain};
use keyring_core::{Entry, Error};
use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use security_framework::base::Error as Refusal;
use security_framework::os::macos::keychain::SecKeychain;
use tokio::sync::mpsc::UnboundedSender;

use super::{Ask, Change, KeyringError};
use crate::presence::AccountId;

/// What the person reads as the name of the item.
const SERVICE: &str = "b24status";

/// The person's login keychain.
#[derive(Clone)]
pub struct Keyring;

impl Keyring {
    pub fn of_this_session() -> Self {
        Self
    }

    /// The account's secret; `None` only where an unlocked keychain has none.
    pub async fn load(&self, account: &AccountId, ask: Ask) -> Result<Option<SecretString>, KeyringError> {
        errand(account, ask, |item| match item.get_secret() {
            Ok(secret) => text(secret).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(sort(error)),
        })
        .await
    }

    /// Puts the secret in the place of an older one of this account. The keychain names its items itself, so there is no use for a label.
    pub async fn store(&self, account: &AccountId, secret: &SecretString, _label: &str) -> Result<(), KeyringError> {
        let secret = secret.clone();
        errand(account, Ask::Unlock, move |item| item.set_secret(secret.expose_secret().as_bytes()).map_err(sort)).await
    }

    /// Removes the secret of this account; a locked keychain asks to be unlocked first.
    pub async fn delete(&self, account: &AccountId) -> Result<(), KeyringError> {
        errand(account, Ask::Unlock, |item| match item.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(sort(error)),
        })
        .await
    }

    /// Nothing is told: the keychain opens at login and asks by itself. After an unlock and a sleep the app looks again in any case.
    pub fn watch(&self, _: UnboundedSender<Change>) {}
}

async fn errand<T: Send + 'static>(
    account: &AccountId,
    ask: Ask,
    steps: impl FnOnce(Entry) -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    /// One prompt after the other, and one thread for all of them.
    static PROMPTS: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _prompt = match ask {
        Ask::Unlock => Some(PROMPTS.lock().await),
        Ask::Never => None,
    };
    let account = account.as_str().to_owned();
    let done = tokio::task::spawn_blocking(move || {
        let item = Cred::build(MacKeychainDomain::User, SERVICE, &account).map_err(sort)?;
        match ask {
            Ask::Unlock => {
                drop(without_prompts());
                steps(item)
            }
            Ask::Never => unasked(|| steps(item)),
        }
    });
    done.await.map_err(|error| KeyringError::Failed(error.into()))?
}

fn unasked<T>(steps: impl FnOnce() -> Result<T, KeyringError>) -> Result<T, KeyringError> {
    let _one = without_prompts();
    let _no_prompts = SecKeychain::disable_user_interaction().map_err(|refusal| sort_code(refusal.code(), refusal.into()))?;
    steps()
}

/// Prompts are switched off for the whole process, so by one at a time: the first to end would switch them on for the others.
fn without_prompts() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn text(secret: Vec<u8>) -> Result<SecretString, KeyringError> {
    String::from_utf8(secret).map(SecretString::from).map_err(|error| {
        error.into_bytes().zeroize();
        KeyringError::Failed("the item is not text".into())
    })
}

fn sort(error: Error) -> KeyringError {
    let code = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<Refusal>()).map(|refusal| refusal.code());
    match code {
        Some(code) => sort_code(code, error.into()),
        None => KeyringError::Failed(error.into()),
    }
}

fn sort_code(code: i32, cause: Box<dyn std::error::Error + Send + Sync>) -> KeyringError {
    /// From `Security/SecBase.h`.
    const INTERACTION_NOT_ALLOWED: i32 = -25308;
    const INTERACTION_REQUIRED: i32 = -25315;
    const AUTHENTICATION_FAILED: i32 = -25293;
    const USER_CANCELED: i32 = -128;
    const NOT_AVAILABLE: i32 = -25291;
    const NO_SUCH_KEYCHAIN: i32 = -25294;
    const NO_DEFAULT_KEYCHAIN: i32 = -25307;
    match code {
        INTERACTION_NOT_ALLOWED | INTERACTION_REQUIRED => KeyringError::Locked,
        USER_CANCELED | AUTHENTICATION_FAILED => KeyringError::PromptDismissed,
        NOT_AVAILABLE | NO_SUCH_KEYCHAIN | NO_DEFAULT_KEYCHAIN => KeyringError::Absent,
        _ => KeyringError::Failed(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_the_keychain_are_told_apart() {
        let sorted = |code| sort(apple_native_keyring_store::keychain::decode_error(Refusal::from_code(code)));
        assert!(matches!(sorted(-25308), KeyringError::Locked));
        assert!(matches!(sorted(-128), KeyringError::PromptDismissed));
        assert!(matches!(sorted(-25293), KeyringError::PromptDismissed));
        assert!(matches!(sorted(-25294), KeyringError::Absent));
        assert!(matches!(sorted(-50), KeyringError::Failed(_)));
    }
}
