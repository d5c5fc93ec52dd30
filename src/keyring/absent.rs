//! No backend on this system yet: every call answers that there is no keyring.

use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedSender;

use super::{Ask, Change, KeyringError};
use crate::presence::AccountId;

#[derive(Clone)]
pub struct Keyring;

impl Keyring {
    pub fn of_this_session() -> Self {
        Self
    }

    pub async fn load(&self, _: &AccountId, _: Ask) -> Result<Option<SecretString>, KeyringError> {
        Err(KeyringError::Absent)
    }

    pub async fn store(&self, _: &AccountId, _: &SecretString, _: &str) -> Result<(), KeyringError> {
        Err(KeyringError::Absent)
    }

    pub async fn delete(&self, _: &AccountId) -> Result<(), KeyringError> {
        Err(KeyringError::Absent)
    }

    /// Nothing ever changes.
    pub fn watch(&self, _: UnboundedSender<Change>) {}
}
