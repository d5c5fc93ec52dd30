//! The Secret Service on the session bus: gnome-keyring, KWallet, KeePassXC.
//!
//! Each errand has a connection of its own: when it closes, the daemon forgets the session that we had with it. Nothing is kept between
//! errands, so a restarted daemon makes no difference. No prompt is ever dismissed from here: gnome-keyring 42 aborts on that. The prompt of an
//! errand that is dropped stays on the screen, without effect; so an errand that may prompt should be awaited to its end.
//!
//! <https://specifications.freedesktop.org/secret-service-spec/latest/>

use std::collections::HashMap;
use std::time::Duration;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use secret_service::{Collection, EncryptionType, Error, Item, SecretService};
use tokio::sync::mpsc::UnboundedSender;
use zbus::zvariant::OwnedObjectPath;
use zbus::{Connection, Message};

use super::{Ask, Change, KeyringError};
use crate::bus::{Bus, CALL_LIMIT, Ownership, Signals, error_name, is_owned, nobody_there, ownership, ownership_rule};
use crate::presence::AccountId;

const NAME: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";

/// The person's keyring. Making one does nothing; every errand looks for itself what is there.
#[derive(Clone)]
pub struct Keyring {
    bus: Bus,
    limit: Duration,
}

impl Keyring {
    pub fn of_this_session() -> Self {
        Self::on(&Bus::of_this_process(), CALL_LIMIT)
    }

    /// The keyring on another bus; `limit` is how long one answer may take, prompts aside.
    pub fn on(bus: &Bus, limit: Duration) -> Self {
        Self { bus: bus.clone(), limit }
    }

    /// The account's secret; `None` only where an unlocked keyring has none.
    pub async fn load(&self, account: &AccountId, ask: Ask) -> Result<Option<SecretString>, KeyringError> {
        let (connection, daemon) = self.set_out().await?;
        let steps = async {
            let service = open(connection).await?;
            match newest(find(&service, account, ask).await?).await {
                Some(item) => Ok(Some(text(item.get_secret().await?)?)),
                None => Ok(None),
            }
        };
        daemon.while_there(steps).await
    }

    /// Puts the secret in the place of every older one of this account. `label` is what the person reads in the keyring's own program.
    pub async fn store(&self, account: &AccountId, secret: &SecretString, label: &str) -> Result<(), KeyringError> {
        let (connection, daemon) = self.set_out().await?;
        let steps = async {
            let service = open(connection).await?;
            let collection = unlocked_default(&service).await?;
            let secret = secret.expose_secret().as_bytes();
            let stored = collection.create_item(label, attributes(account), secret, true, "text/plain").await?;
            forget_all_but(&stored, &service, account).await
        };
        daemon.while_there(steps).await
    }

    /// Removes every secret of this account; a locked keyring asks to be unlocked first.
    pub async fn delete(&self, account: &AccountId) -> Result<(), KeyringError> {
        let (connection, daemon) = self.set_out().await?;
        let steps = async {
            let service = open(connection).await?;
            for item in find(&service, account, Ask::Unlock).await? {
                item.delete().await?;
            }
            Ok(())
        };
        daemon.while_there(steps).await
    }

    /// Tells what becomes of the keyring, its present state first if there is one. Ends with the bus or the receiver.
    pub fn watch(&self, changes: UnboundedSender<Change>) {
        let bus = self.bus.clone();
        tokio::spawn(async move {
            let ended = match bus.session().await {
                Ok(connection) => Watch { connection, changes, locked: None }.run().await,
                Err(error) => Err(error),
            };
            if let Err(error) = ended {
                tracing::warn!(%error, "the keyring cannot be watched: unlock it from the menu");
            }
        });
    }

    /// The connection of one errand, and the eye on the daemon at its other end.
    async fn set_out(&self) -> Result<(Connection, Daemon), KeyringError> {
        let out = async {
            let connection = self.bus.session_for_one_errand(self.limit).await?;
            let daemon = Daemon { owners: Signals::matching(&connection, &[ownership_rule(NAME)]).await? };
            Ok((connection, daemon))
        };
        out.await.map_err(sort_bus)
    }
}

async fn open(connection: Connection) -> Result<SecretService<'static>, KeyringError> {
    Ok(SecretService::connect_with_existing(EncryptionType::Dh, connection).await?)
}

/// Whoever answers for the keyring during an errand.
struct Daemon {
    owners: Signals,
}

impl Daemon {
    /// A prompt has no time limit, but a daemon that ends takes its prompt along, and then there is no answer to wait for.
    async fn while_there<T>(mut self, steps: impl Future<Output = Result<T, KeyringError>>) -> Result<T, KeyringError> {
        tokio::select! {
            result = steps => result,
            () = self.lost() => Err(KeyringError::Absent),
        }
    }

    async fn lost(&mut self) {
        while let Some(signal) = self.owners.next().await {
            match ownership(&signal) {
                Some(Ownership::Disappeared | Ownership::Replaced) => return,
                Some(Ownership::Appeared) | None => {}
            }
        }
    }
}

fn attributes(account: &AccountId) -> HashMap<&str, &str> {
    HashMap::from([("application", "b24status"), ("account", account.as_str())])
}

/// The account's items that can be read. Empty only if an unlocked keyring has none.
async fn find<'a>(service: &'a SecretService<'static>, account: &AccountId, ask: Ask) -> Result<Vec<Item<'a>>, KeyringError> {
    let found = service.search_items(attributes(account)).await?;
    if !found.unlocked.is_empty() {
        return Ok(found.unlocked);
    }
    // Not every daemon searches what is locked: nothing found in a locked keyring says nothing.
    let locked_default = locked_default(service).await?;
    if found.locked.is_empty() && locked_default.is_none() {
        return Ok(Vec::new());
    }
    match ask {
        Ask::Never => Err(KeyringError::Locked),
        Ask::Unlock => {
            unlock(service, &found.locked, locked_default).await?;
            let found = service.search_items(attributes(account)).await?;
            if found.unlocked.is_empty() && !found.locked.is_empty() { Err(KeyringError::Locked) } else { Ok(found.unlocked) }
        }
    }
}

async fn unlock(service: &SecretService<'_>, items: &[Item<'_>], collection: Option<Collection<'_>>) -> Result<(), KeyringError> {
    match collection {
        Some(collection) if items.is_empty() => collection.unlock().await?,
        Some(_) | None => service.unlock_all(&items.iter().collect::<Vec<_>>()).await?,
    }
    Ok(())
}

async fn locked_default<'a>(service: &'a SecretService<'static>) -> Result<Option<Collection<'a>>, KeyringError> {
    match service.get_default_collection().await {
        Ok(collection) => Ok(if collection.is_locked().await? { Some(collection) } else { None }),
        Err(Error::NoResult) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Where new secrets go. Made if the person has no keyring yet, under the name that libsecret gives it too.
async fn unlocked_default<'a>(service: &'a SecretService<'static>) -> Result<Collection<'a>, KeyringError> {
    let collection = match service.get_default_collection().await {
        Err(Error::NoResult) => service.create_collection("Default", "default").await?,
        other => other?,
    };
    if collection.is_locked().await? {
        collection.unlock().await?;
    }
    Ok(collection)
}

/// One that vanishes or fails meanwhile counts as the oldest.
async fn newest<'a>(items: Vec<Item<'a>>) -> Option<Item<'a>> {
    let mut newest = None;
    for item in items {
        let modified = item.get_modified().await.unwrap_or(0);
        if newest.as_ref().is_none_or(|(best, _)| modified >= *best) {
            newest = Some((modified, item));
        }
    }
    newest.map(|(_, item)| item)
}

/// What cannot be removed stays older than the new one, and so does no harm.
async fn forget_all_but(stored: &Item<'_>, service: &SecretService<'_>, account: &AccountId) -> Result<(), KeyringError> {
    for item in service.search_items(attributes(account)).await?.unlocked {
        if item != *stored
            && let Err(error) = item.delete().await
        {
            tracing::warn!(%error, "an older secret of the account stays in the keyring");
        }
    }
    Ok(())
}

/// No copy of the secret is left behind.
fn text(mut bytes: Vec<u8>) -> Result<SecretString, KeyringError> {
    let text = std::str::from_utf8(&bytes).map(|text| SecretString::from(text.to_owned()));
    bytes.zeroize();
    text.map_err(|error| KeyringError::Failed(error.into()))
}

impl From<Error> for KeyringError {
    fn from(error: Error) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's list of errors, which may grow")]
        match error {
            Error::Locked => Self::Locked,
            Error::Prompt => Self::PromptDismissed,
            Error::PromptDisconnected | Error::Unavailable => Self::Absent,
            Error::Zbus(error) => sort_bus(error),
            Error::ZbusFdo(error) => sort_bus(zbus::Error::FDO(Box::new(error))),
            other => Self::Failed(other.into()),
        }
    }
}

fn sort_bus(error: zbus::Error) -> KeyringError {
    if nobody_there(&error) {
        KeyringError::Absent
    } else if error_name(&error).as_deref() == Some("org.freedesktop.Secret.Error.IsLocked") {
        KeyringError::Locked
    } else {
        KeyringError::Failed(error.into())
    }
}

/// The standing look at the keyring, on the shared connection. It starts no daemon and opens no prompt.
struct Watch {
    connection: Connection,
    changes: UnboundedSender<Change>,
    /// What was told last.
    locked: Option<bool>,
}

impl Watch {
    async fn run(mut self) -> zbus::Result<()> {
        let rules = [
            ownership_rule(NAME),
            // Which of the two a daemon sends when it is unlocked differs.
            format!("type='signal',sender='{NAME}',interface='org.freedesktop.Secret.Service'"),
            format!("type='signal',sender='{NAME}',member='PropertiesChanged',arg0='{COLLECTION}'"),
        ];
        let mut signals = Signals::matching(&self.connection, &rules).await?;
        if is_owned(&self.connection, NAME).await? {
            self.look().await;
        }
        loop {
            tokio::select! {
                signal = signals.next() => match signal {
                    Some(signal) => self.hear(&signal).await,
                    None => return Ok(()),
                },
                () = self.changes.closed() => return Ok(()),
            }
        }
    }

    async fn hear(&mut self, signal: &Message) {
        match ownership(signal) {
            Some(Ownership::Disappeared) => {
                self.locked = None;
                self.tell(Change::Disappeared);
            }
            Some(Ownership::Appeared | Ownership::Replaced) => {
                self.locked = None;
                self.tell(Change::Appeared);
                self.look().await;
            }
            None => self.look().await,
        }
    }

    async fn look(&mut self) {
        let locked = match self.read_lock().await {
            Ok(locked) => locked,
            Err(error) => return tracing::debug!(%error, "the keyring's lock"),
        };
        if self.locked.replace(locked) != Some(locked) {
            self.tell(if locked { Change::Locked } else { Change::Unlocked });
        }
    }

    async fn read_lock(&self) -> zbus::Result<bool> {
        let service = Some("org.freedesktop.Secret.Service");
        let reply = self.connection.call_method(Some(NAME), ROOT, service, "ReadAlias", &"default").await?;
        let collection: OwnedObjectPath = reply.body().deserialize()?;
        let arguments = (COLLECTION, "Locked");
        let reply = self.connection.call_method(Some(NAME), &collection, Some(PROPERTIES), "Get", &arguments).await?;
        let value: zbus::zvariant::OwnedValue = reply.body().deserialize()?;
        Ok(bool::try_from(value)?)
    }

    fn tell(&self, change: Change) {
        // A receiver that is gone wants to know nothing.
        let _ = self.changes.send(change);
    }
}

const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
