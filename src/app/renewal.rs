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
            *unstored = Some(Unstored { in_place_of: Grant::clone(old), grant });
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
                client.adopt(Credential::OAuth(Box::new(grant.clone())));
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        join,
        net::TcpStream,
        sync::mpsc::UnboundedReceiver,
    };

    use super::*;
    use crate::{
        demo::portal::{Arrival, Fault, Person, Portal, Refusal, Step},
        portal::{Application, Redirect, Server, Site, State, Trust, exchange_code},
    };

    #[tokio::test]
    async fn calls_that_find_the_token_expired_together_renew_it_once() {
        let (portal, client, renewal) = expired().await;
        let mut arrivals = portal.arrivals();
        portal.fail(Fault::Late(Duration::from_millis(200)).until_healed().at(&[Step::Refresh]));
        let renewed = join!(renewal.renew(&client), renewal.renew(&client), renewal.renew(&client));
        assert!(renewed.0.is_ok() && renewed.1.is_ok() && renewed.2.is_ok());
        assert_eq!(refreshes(&mut arrivals), 1);
        assert!(!client.is_expired() && !renewal.is_under_way());
        client.profile().await.unwrap();
    }

    #[tokio::test]
    async fn what_somebody_stored_meanwhile_is_not_written_over() {
        let (portal, client, renewal) = expired().await;
        portal.fail(Fault::Late(Duration::from_millis(200)).once().at(&[Step::Refresh]));
        let newer = portal.webhook();
        let mut arrivals = portal.arrivals();
        let somebody = async {
            while arrivals.recv().await.unwrap().step != Some(Step::Refresh) {}
            renewal.secrets.store(&account(), &newer, "").await.unwrap();
        };
        let (renewed, ()) = join!(renewal.renew(&client), somebody);
        assert!(renewed.is_ok());
        let kept = renewal.secrets.load(&account(), Ask::Never).await.unwrap().unwrap();
        assert_eq!(kept.expose_secret(), newer.expose_secret());
        assert!(client.credential().grant().is_none(), "the client goes on with what they stored");
    }

    #[tokio::test]
    async fn a_secret_that_was_removed_meanwhile_does_not_come_back() {
        let (portal, client, renewal) = expired().await;
        portal.fail(Fault::Late(Duration::from_millis(200)).once().at(&[Step::Refresh]));
        let mut arrivals = portal.arrivals();
        let somebody = async {
            while arrivals.recv().await.unwrap().step != Some(Step::Refresh) {}
            renewal.secrets.delete(&account()).await.unwrap();
        };
        let (renewed, ()) = join!(renewal.renew(&client), somebody);
        assert!(matches!(renewed, Err(NotRenewed::Failed(EXPIRED))));
        assert!(renewal.secrets.load(&account(), Ask::Never).await.unwrap().is_none());
    }

    /// A client whose token the portal has just refused, and its renewals.
    async fn expired() -> (Portal, Client, Renewal) {
        let portal = Portal::start(Person { id: 7, name: "Ivan".to_owned(), last_name: "Petrov".to_owned() }).await.unwrap();
        portal.lift_limit();
        let grant = Credential::OAuth(Box::new(grant(&portal).await));
        let secrets = Secrets::in_memory([(account(), grant.secret())]);
        let client = Client::new(&grant, &Trust::default()).unwrap();
        portal.fail(Fault::Refused(Refusal::ExpiredToken).once());
        client.profile().await.unwrap_err();
        assert!(client.is_expired());
        (portal, client, Renewal::new(account(), secrets, String::new()))
    }

    async fn grant(portal: &Portal) -> Grant {
        let card = portal.register("b24status", "http://127.0.0.1:1/").unwrap();
        let application = Application::new(&card.client_id, card.client_secret.expose_secret()).unwrap();
        let site = Site::parse(&format!("http://{}", portal.address())).unwrap();
        let state = State::new().unwrap();
        let location = allow(&site.authorize_address(&application, &state), &portal.address().to_string()).await;
        let redirect = Redirect::pasted(&location, &state, &site).unwrap();
        let server = Server::of(redirect.server(), &site, None).unwrap();
        exchange_code(&redirect, &application, &server, &site, &Trust::default()).await.unwrap()
    }

    /// Where the portal sends the browser of a person who lets the application in.
    async fn allow(address: &str, place: &str) -> String {
        let path = address.split_once(place).unwrap().1;
        let head = format!("POST {path} HTTP/1.1\r\nHost: {place}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
        let mut stream = TcpStream::connect(place).await.unwrap();
        stream.write_all(format!("{head}Content-Length: 12\r\nConnection: close\r\n\r\nanswer=allow").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned()
    }

    fn account() -> AccountId {
        AccountId::new("7@acme.bitrix24.com")
    }

    fn refreshes(arrivals: &mut UnboundedReceiver<Arrival>) -> usize {
        std::iter::from_fn(|| arrivals.try_recv().ok()).filter(|arrival| arrival.step == Some(Step::Refresh)).count()
    }
}
