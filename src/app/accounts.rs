//! The accounts: from the index in the settings and a secret in the keyring to a client that can call.

use std::rc::Rc;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    keyring::{Ask, Change, KeyringError, Secrets},
    portal::{self, Client, Trust},
    presence::{self, AccountId, Answer, Call, Credential, Failure, Later},
    settings::AccountEntry,
    text::Texts,
};

use super::renewal::{NotRenewed, Renewal};

/// One account of the settings.
pub(super) struct Account {
    pub(super) entry: AccountEntry,
    caller: Option<Caller>,
    /// Outlives the callers: what the keyring could not take yet is in here.
    renewal: Option<Rc<Renewal>>,
    /// It could call, were it not for the keyring, which has to take its renewed tokens first.
    awaits_keyring: bool,
}

/// A client that makes sure, before its first call, that the credential still acts for the one who signed in, and renews what has expired.
#[derive(Clone)]
pub(super) struct Caller {
    client: Client,
    checked: bool,
    /// `None` for a webhook.
    renewal: Option<Rc<Renewal>>,
    /// What was in the way of the last renewal, if it was the keyring.
    obstacle: Option<Credential>,
}

/// Why an account's secret is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Search {
    /// The account is new, or its secret may be another one now.
    Anew,
    /// The account cannot call yet. What another look has found meanwhile stays.
    Missing,
}

/// What a look into the keyring found.
pub(super) struct Looked {
    pub(super) account: AccountId,
    search: Search,
    found: Result<Option<SecretString>, KeyringError>,
}

/// A call with its answer, and the caller that made it.
pub(super) struct Called {
    pub(super) account: AccountId,
    pub(super) answer: Result<Answer, Failure>,
    caller: Caller,
}

pub(super) struct Accounts {
    secrets: Secrets,
    accounts: Vec<Account>,
}

impl Accounts {
    pub(super) fn new(secrets: Secrets) -> Self {
        Self { secrets, accounts: Vec::new() }
    }

    pub(super) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    pub(super) fn watch_keyring(&self, changes: UnboundedSender<Change>) {
        if let Secrets::Keyring(keyring) = &self.secrets {
            keyring.watch(changes);
        }
    }

    pub(super) fn entry(&self, id: &AccountId) -> Option<&AccountEntry> {
        self.accounts.iter().map(|account| &account.entry).find(|entry| entry.id == *id)
    }

    /// Those of the entries that are not the ones in use.
    pub(super) fn differing<'a>(&self, entries: &'a [AccountEntry]) -> impl Iterator<Item = &'a AccountEntry> {
        entries.iter().filter(|entry| self.entry(&entry.id) != Some(entry))
    }

    /// Takes over the index of the settings; says who is gone. An account that can call goes on until a newer secret is found.
    pub(super) fn replace(&mut self, entries: &[AccountEntry]) -> Vec<AccountId> {
        let mut before = std::mem::take(&mut self.accounts);
        for entry in entries {
            let known = before.iter().position(|account| account.entry.id == entry.id).map(|index| before.swap_remove(index));
            self.accounts.push(match known {
                Some(account) => Account { entry: entry.clone(), ..account },
                None => Account { entry: entry.clone(), caller: None, renewal: None, awaits_keyring: false },
            });
        }
        before.into_iter().map(|account| account.entry.id).collect()
    }

    /// The accounts that cannot call yet.
    pub(super) fn without_secret(&self) -> Vec<AccountId> {
        self.accounts.iter().filter(|account| !account.can_call()).map(|account| account.entry.id.clone()).collect()
    }

    /// Whether tokens are being renewed, which should not be cut off.
    pub(super) fn is_renewing(&self) -> bool {
        self.accounts.iter().filter_map(|account| account.renewal.as_ref()).any(|renewal| renewal.is_under_way())
    }

    /// Looks for one secret after the other: a person is shown one prompt at a time, and none after the one that was dismissed.
    pub(super) fn look_up(&self, accounts: Vec<AccountId>, search: Search, ask: Ask) -> impl Future<Output = Vec<Looked>> + use<> {
        let secrets = self.secrets.clone();
        async move {
            let mut looked = Vec::new();
            for account in accounts {
                let found = secrets.load(&account, ask).await;
                let is_dismissed = matches!(found, Err(KeyringError::PromptDismissed));
                looked.push(Looked { account, search, found });
                if is_dismissed {
                    break;
                }
            }
            looked
        }
    }

    /// What the keyring's answer means for the account; `None` where it means nothing new.
    pub(super) fn looked_up(&mut self, looked: Looked, texts: &Texts) -> Option<Credential> {
        let account = self.accounts.iter_mut().find(|account| account.entry.id == looked.account)?;
        if looked.search == Search::Missing && account.can_call() {
            return None;
        }
        let unavailable = |credential| (!account.can_call()).then_some(credential);
        match looked.found {
            Ok(secret) => {
                account.caller = secret.and_then(|secret| account.caller_with(&secret, &self.secrets, texts));
                account.awaits_keyring = false;
                Some(if account.can_call() { Credential::Ready } else { Credential::Missing })
            }
            Err(KeyringError::Locked | KeyringError::PromptDismissed) => unavailable(Credential::Locked),
            Err(error @ KeyringError::Foreign { .. }) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the keyring's secret is of no use: sign in again");
                unavailable(Credential::Missing)
            }
            Err(error @ (KeyringError::Absent | KeyringError::NoSession | KeyringError::TooLong | KeyringError::Failed(_))) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the keyring gives no secret: waiting for it");
                unavailable(Credential::NoKeyring)
            }
        }
    }

    /// Makes a call; `None` for an account that cannot.
    pub(super) fn call(&self, account: &AccountId, call: Call) -> Option<impl Future<Output = Called> + use<>> {
        let known = self.accounts.iter().find(|known| known.entry.id == *account).filter(|known| known.can_call())?;
        let mut caller = known.caller.clone()?;
        let account = account.clone();
        Some(async move {
            let answer = caller.carry_out(&account, call).await;
            Called { account, answer, caller }
        })
    }

    /// Keeps what a call found out: that the identity holds, where the portal has moved, which is to be stored, and that the keyring is needed.
    pub(super) fn called(&mut self, called: Called) -> (Vec<presence::Event>, Option<Move>) {
        let Called { account: id, answer, caller } = called;
        let mut events = vec![presence::Event::Answered { account: id.clone(), answer }];
        let mut moved = None;
        if let Some(account) =
            self.accounts.iter_mut().find(|account| account.entry.id == id).filter(|account| account.is_called_by(&caller))
        {
            if let Some(credential) = caller.obstacle {
                account.awaits_keyring = true;
                events.push(presence::Event::CredentialChanged { account: id.clone(), credential });
            }
            let to = caller.client.moved_to().filter(|credential| credential.portal() != account.entry.portal);
            moved = to.map(|credential| Move { account: id.clone(), credential });
            account.caller = Some(caller);
        }
        (events, moved)
    }

    /// Puts the new address in the place of the old one.
    pub(super) fn store_move(&mut self, moved: &Move, label: String) -> impl Future<Output = ()> + use<> {
        if let Some(account) = self.accounts.iter_mut().find(|account| account.entry.id == moved.account) {
            account.entry.portal = moved.credential.portal().to_owned();
        }
        let caller = self.accounts.iter().find(|account| account.entry.id == moved.account).and_then(|account| account.caller.clone());
        let (secrets, account, secret) = (self.secrets.clone(), moved.account.clone(), moved.credential.secret());
        async move {
            let stored = match caller.as_ref().and_then(|caller| Some((&caller.client, caller.renewal.as_ref()?))) {
                Some((client, renewal)) => renewal.store_again(client, &label).await,
                None => secrets.store(&account, &secret, &label).await,
            };
            if let Err(error) = stored {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the new address of the portal was not stored: the old one goes on redirecting"
                );
            }
        }
    }

    /// After a sleep or on another network, an open connection would only hang.
    pub(super) fn disconnect(&self) {
        self.accounts.iter().filter_map(|account| account.caller.as_ref()).for_each(|caller| caller.client.disconnect());
    }
}

/// The portal of an account answers at another address.
pub(super) struct Move {
    pub(super) account: AccountId,
    pub(super) credential: portal::Credential,
}

impl Account {
    fn can_call(&self) -> bool {
        self.caller.is_some() && !self.awaits_keyring
    }

    /// Whether a call was made by the caller that is in use still: somebody may have signed in anew meanwhile.
    fn is_called_by(&self, caller: &Caller) -> bool {
        self.caller.as_ref().is_some_and(|current| current.client.is_same(&caller.client))
    }

    /// `None` where the secret is no credential. Without a usable certificate file the system's trust remains, and the portal's refusal names the cause.
    fn caller_with(&mut self, secret: &SecretString, secrets: &Secrets, texts: &Texts) -> Option<Caller> {
        let Some(credential) = portal::Credential::parse(secret.expose_secret()) else {
            tracing::warn!("what the keyring holds for an account is no credential: sign in again");
            return None;
        };
        let client = Client::new(&credential, &Trust { ca_file: self.entry.ca_file.clone() }).or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "the account's certificate file cannot be used");
            Client::new(&credential, &Trust::default())
        });
        let renewal = credential.grant().map(|_| {
            let AccountEntry { id, name, portal, .. } = &self.entry;
            let renewal = || Rc::new(Renewal::new(id.clone(), secrets.clone(), texts.keyring_label(name, portal)));
            Rc::clone(self.renewal.get_or_insert_with(renewal))
        });
        Some(Caller { client: client.ok()?, checked: false, renewal, obstacle: None })
    }
}

impl Caller {
    /// One request, as a rule. Where the tokens have expired, they are renewed, once, and the request is made with the new ones.
    async fn carry_out(&mut self, account: &AccountId, call: Call) -> Result<Answer, Failure> {
        self.obstacle = None;
        if self.client.is_expired() {
            self.renew().await?;
        }
        match self.attempt(account, call).await {
            Err(_) if self.client.is_expired() => {
                self.renew().await?;
                self.attempt(account, call).await
            }
            answer => answer,
        }
    }

    async fn attempt(&mut self, account: &AccountId, call: Call) -> Result<Answer, Failure> {
        if !self.checked {
            self.client.profile().await?.check(account)?;
            self.checked = true;
        }
        self.client.carry_out(call).await
    }

    async fn renew(&mut self) -> Result<(), Failure> {
        let Some(renewal) = &self.renewal else { return Ok(()) };
        renewal.renew(&self.client).await.map_err(|reason| match reason {
            NotRenewed::Failed(failure) => failure,
            NotRenewed::Keyring(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the tokens have expired, and the keyring cannot take new ones");
                self.obstacle = awaited(&error);
                Failure::Later(Later::NoKeyring)
            }
        })
    }
}

/// What the keyring tells when it is over; `None` where it only can be tried again.
fn awaited(error: &KeyringError) -> Option<Credential> {
    match error {
        KeyringError::Locked | KeyringError::PromptDismissed => Some(Credential::Locked),
        KeyringError::Absent => Some(Credential::NoKeyring),
        KeyringError::NoSession | KeyringError::TooLong | KeyringError::Foreign { .. } | KeyringError::Failed(_) => None,
    }
}
