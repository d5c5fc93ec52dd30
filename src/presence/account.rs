//! Who is who: the name of an account, and what became of its credential.

use std::{fmt, sync::Arc};

/// One user on one portal, for example `7@acme.bitrix24.com`. Stable for the life of the account, also when its portal is renamed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(Arc<str>);

impl AccountId {
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether the account's secret is at hand. The secret itself never comes near here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The keyring was asked and has not answered yet.
    Awaited,
    Ready,
    /// The keyring is locked: wait for the unlock.
    Locked,
    /// There is no keyring at present: wait for it.
    NoKeyring,
    /// The keyring answers and has no secret for this account: the person has to sign in.
    Missing,
}
