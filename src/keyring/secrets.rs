//! Where the secrets of the accounts are: in the keyring, or in memory for an account that ends with the process.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use secrecy::SecretString;

use super::{Ask, Keyring, KeyringError};
use crate::presence::AccountId;

/// Clones share what is in memory.
#[derive(Clone)]
pub enum Secrets {
    Keyring(Keyring),
    Memory(Arc<Mutex<HashMap<AccountId, SecretString>>>),
}

impl Secrets {
    pub fn in_memory(secrets: impl IntoIterator<Item = (AccountId, SecretString)>) -> Self {
        Self::Memory(Arc::new(Mutex::new(secrets.into_iter().collect())))
    }

    pub async fn load(&self, account: &AccountId, ask: Ask) -> Result<Option<SecretString>, KeyringError> {
        match self {
            Self::Keyring(keyring) => keyring.load(account, ask).await,
            Self::Memory(secrets) => Ok(lock(secrets).get(account).cloned()),
        }
    }

    /// `label` is what the person reads in the keyring's own program.
    pub async fn store(&self, account: &AccountId, secret: &SecretString, label: &str) -> Result<(), KeyringError> {
        match self {
            Self::Keyring(keyring) => keyring.store(account, secret, label).await,
            Self::Memory(secrets) => {
                lock(secrets).insert(account.clone(), secret.clone());
                Ok(())
            }
        }
    }

    pub async fn delete(&self, account: &AccountId) -> Result<(), KeyringError> {
        match self {
            Self::Keyring(keyring) => keyring.delete(account).await,
            Self::Memory(secrets) => {
                lock(secrets).remove(account);
                Ok(())
            }
        }
    }
}

/// Nothing panics while it holds the lock.
fn lock(secrets: &Mutex<HashMap<AccountId, SecretString>>) -> MutexGuard<'_, HashMap<AccountId, SecretString>> {
    secrets.lock().unwrap_or_else(PoisonError::into_inner)
}
