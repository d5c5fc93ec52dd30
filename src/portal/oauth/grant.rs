//! What a portal granted: a pair of tokens, the application that they belong to, and where both are of use. All but the names is secret.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::{Application, Server};
use crate::portal::webhook::{is_loopback, place};

/// A pair as it was at one time: a renewal gives another one.
#[derive(Clone)]
pub struct Grant {
    application: Application,
    access: SecretString,
    refresh: SecretString,
    expires: SystemTime,
    endpoint: Endpoint,
    server: Server,
    /// The portal's number, which stays when its name changes.
    member: String,
    user: Option<u64>,
    /// A renewal was on its way when this was stored, and how it ended is not known.
    renewing_since: Option<SystemTime>,
}

/// Where calls go.
#[derive(Clone)]
struct Endpoint {
    /// With the slash at its end: `https://acme.bitrix24.com/rest/`.
    address: String,
    portal: String,
}

/// What Credential Manager of Windows takes at most; the other keyrings take more.
const LONGEST: usize = 2560;

/// What a server says that says nothing.
const AN_HOUR: u64 = 3600;

impl Grant {
    /// What a server answered to a code, for the portal at `site`; `None` where it is no pair of tokens.
    pub(super) fn of_answer(application: &Application, server: &Server, site: &str, answer: &Map<String, Value>) -> Option<Self> {
        let endpoint = Endpoint::parse(text(answer, "client_endpoint").unwrap_or(site))?;
        let grant = Self {
            application: application.clone(),
            access: text(answer, "access_token")?.into(),
            refresh: text(answer, "refresh_token")?.into(),
            expires: expires(answer),
            endpoint,
            server: server.clone(),
            member: text(answer, "member_id").unwrap_or_default().to_owned(),
            user: number(answer, "user_id"),
            renewing_since: None,
        };
        // A place whose name is a secret is nobody's portal, and would be shown.
        (grant.fits() && !grant.is_given_away_by(grant.portal())).then_some(grant)
    }

    /// The pair that a renewal gave in the place of this one; `None` where it is none, or one of another portal.
    pub(super) fn renewed_by(&self, answer: &Map<String, Value>) -> Option<Self> {
        let renewed = Self::of_answer(&self.application, &self.server, &self.endpoint.address, answer)?;
        let same = self.member.is_empty() || renewed.member.is_empty() || renewed.member == self.member;
        let (member, user) = (self.member.clone(), self.user);
        (same && !self.is_given_away_by(renewed.portal())).then_some(Self { member, user, ..renewed })
    }

    /// What [`Grant::secret`] gave.
    pub fn parse(text: &str) -> Option<Self> {
        let Ok(Value::Object(fields)) = serde_json::from_str(text) else { return None };
        let get = |key| fields.get(key)?.as_str();
        Some(Self {
            application: Application::new(get("client_id")?, get("client_secret")?).ok()?,
            access: get("access_token")?.into(),
            refresh: get("refresh_token")?.into(),
            expires: instant(number(&fields, "expires")?),
            endpoint: Endpoint::parse(get("client_endpoint")?)?,
            server: Server::parse(get("server")?)?,
            member: get("member_id").unwrap_or_default().to_owned(),
            user: number(&fields, "user_id"),
            renewing_since: number(&fields, "renewing_since").map(instant),
        })
    }

    /// For the keyring.
    pub fn secret(&self) -> SecretString {
        let mut fields = json!({
            "client_id": self.application.id(),
            "client_secret": self.application.secret(),
            "access_token": self.access.expose_secret(),
            "refresh_token": self.refresh.expose_secret(),
            "expires": seconds(self.expires),
            "client_endpoint": self.endpoint.address,
            "server": self.server.text(),
            "member_id": self.member,
        });
        if let Some(user) = self.user {
            fields["user_id"] = user.into();
        }
        if let Some(since) = self.renewing_since {
            fields["renewing_since"] = seconds(since).into();
        }
        fields.to_string().into()
    }

    /// With the user that the portal's `profile` named.
    pub fn of_user(self, user: u64) -> Self {
        Self { user: Some(user), ..self }
    }

    /// With the note that a renewal is on its way: who finds it knows why the pair may be used up.
    pub fn renewing(&self, since: SystemTime) -> Self {
        Self { renewing_since: Some(since), ..self.clone() }
    }

    pub fn renewing_since(&self) -> Option<SystemTime> {
        self.renewing_since
    }

    /// What must not stand in any text.
    pub fn secrets(&self) -> [SecretString; 3] {
        [self.access.clone(), self.refresh.clone(), self.application.secret().into()]
    }

    /// Whether the other one is the same pair, a note on either aside.
    pub fn is_same_pair(&self, other: &Self) -> bool {
        self.refresh.expose_secret() == other.refresh.expose_secret() && self.access.expose_secret() == other.access.expose_secret()
    }

    pub fn portal(&self) -> &str {
        &self.endpoint.portal
    }

    pub fn user(&self) -> Option<u64> {
        self.user
    }

    /// By our clock.
    pub fn expires(&self) -> SystemTime {
        self.expires
    }

    pub(in crate::portal) fn endpoint(&self) -> &str {
        &self.endpoint.address
    }

    pub(in crate::portal) fn access(&self) -> &SecretString {
        &self.access
    }

    pub(super) fn refresh(&self) -> &SecretString {
        &self.refresh
    }

    pub(super) fn application(&self) -> &Application {
        &self.application
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// The same grant on another host.
    pub(in crate::portal) fn moved_to(&self, target: &Url) -> Option<Self> {
        let mut address = Url::parse(&self.endpoint.address).ok()?;
        address.set_host(target.host_str()).ok()?;
        address.set_port(target.port()).ok()?;
        Some(Self { endpoint: Endpoint::parse(address.as_str())?, ..self.clone() })
    }

    pub(in crate::portal) fn is_given_away_by(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        [self.access.expose_secret(), self.refresh.expose_secret(), self.application.secret()]
            .iter()
            .any(|secret| text.contains(&secret.to_ascii_lowercase()))
    }

    fn fits(&self) -> bool {
        // A user and a note may come to it.
        self.secret().expose_secret().len() + 80 <= LONGEST
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Grant").field("portal", &self.endpoint.portal).field("user", &self.user).finish_non_exhaustive()
    }
}

impl Endpoint {
    /// Encrypted, or on this machine. A portal below a path has it before `/rest/`.
    fn parse(text: &str) -> Option<Self> {
        let address = Url::parse(text).ok()?;
        let encrypted = address.scheme() == "https" || (address.scheme() == "http" && is_loopback(&address));
        let nobody = address.username().is_empty() && address.password().is_none();
        let prefix = address.path().trim_end_matches('/').strip_suffix("/rest")?.trim_end_matches('/').to_owned();
        let portal = format!("{}{prefix}", place(&address));
        (encrypted && nobody).then(|| Self { address: format!("{}://{portal}/rest/", address.scheme()), portal })
    }
}

fn text<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// PHP writes some numbers as texts.
fn number(fields: &Map<String, Value>, key: &str) -> Option<u64> {
    let value = fields.get(key)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// By our clock, whatever the server's says. Shorter than a minute would mean a renewal for each call.
fn expires(answer: &Map<String, Value>) -> SystemTime {
    let seconds = number(answer, "expires_in").unwrap_or(AN_HOUR).clamp(60, 30 * 24 * AN_HOUR);
    SystemTime::now() + Duration::from_secs(seconds)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn instant(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::Site;

    #[test]
    fn the_keyring_gives_back_the_same_grant() {
        let grant = grant(&answer()).unwrap().of_user(7).renewing(instant(1_800_000_000));
        let secret = grant.secret();
        let again = Grant::parse(secret.expose_secret()).unwrap();
        assert_eq!(again.secret().expose_secret(), secret.expose_secret());
        assert_eq!((again.portal(), again.user(), again.renewing_since()), ("acme.bitrix24.com", Some(7), grant.renewing_since()));
        assert!(again.is_same_pair(&grant) && again.expires().duration_since(SystemTime::now()).unwrap() > Duration::from_secs(3500));
    }

    #[test]
    fn it_fits_into_every_keyring_or_is_none() {
        assert!(grant(&answer()).unwrap().secret().expose_secret().len() < 1000);
        let long = |length: usize| grant(&json!({ "access_token": "a".repeat(length), "refresh_token": "0b" }));
        assert!(
            long(1500).is_some_and(|grant| grant.of_user(u64::MAX).renewing(SystemTime::now()).secret().expose_secret().len() <= LONGEST)
        );
        assert!(long(2500).is_none());
    }

    #[test]
    fn what_is_no_pair_of_tokens_is_none() {
        for answer in [
            json!({}),
            json!({ "access_token": "a" }),
            json!({ "refresh_token": "b" }),
            json!({ "access_token": "", "refresh_token": "b" }),
            json!({ "access_token": "acme", "refresh_token": "b", "client_endpoint": "https://acme.bitrix24.com/rest/" }),
            json!({ "access_token": 1, "refresh_token": 2 }),
            json!({ "access_token": "0a", "refresh_token": "0b", "client_endpoint": "http://acme.bitrix24.com/rest/" }),
            json!({ "access_token": "0a", "refresh_token": "0b", "client_endpoint": "https://a:b@acme.bitrix24.com/rest/" }),
            json!({ "access_token": "0a", "refresh_token": "0b", "client_endpoint": "https://acme.bitrix24.com/" }),
        ] {
            assert!(grant(&answer).is_none(), "{answer}");
        }
        for text in ["", "{", "[]", "{}", r#"{"client_id":"local.1.2"}"#, "https://acme.bitrix24.com/rest/7/abc/"] {
            assert!(Grant::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_renewal_brings_the_new_name_of_a_portal_and_never_another_portal() {
        let grant = grant(&answer()).unwrap().of_user(7);
        let renewed = |answer: Value| grant.renewed_by(answer.as_object().unwrap());
        let mut renamed = answer();
        renamed["client_endpoint"] = "https://umbrella.bitrix24.com/rest/".into();
        renamed["refresh_token"] = "another".into();
        let after = renewed(renamed.clone()).unwrap();
        assert_eq!((after.portal(), after.user()), ("umbrella.bitrix24.com", Some(7)));
        assert!(!after.is_same_pair(&grant));
        renamed["member_id"] = "somebody else".into();
        assert!(renewed(renamed).is_none());
    }

    #[test]
    fn nothing_that_is_secret_is_shown() {
        let grant = grant(&answer()).unwrap();
        let shown = format!("{grant:?} {grant:#?} {:?}", grant.secret());
        for secret in ["access0123", "refresh0123", "secret0123"] {
            assert!(!shown.contains(secret), "{shown}");
            assert!(grant.is_given_away_by(&format!("x{}y", secret.to_uppercase())));
        }
        assert!(!grant.is_given_away_by("online"));
    }

    fn grant(answer: &Value) -> Option<Grant> {
        let application = Application::new("local.65f1a2b3c4d5e6.12345678", "secret0123").unwrap();
        let site = Site::parse("acme.bitrix24.com").unwrap();
        let server = Server::of(None, &site, None).unwrap();
        Grant::of_answer(&application, &server, "https://acme.bitrix24.com/rest/", answer.as_object().unwrap())
    }

    fn answer() -> Value {
        json!({
            "access_token": "access0123", "refresh_token": "refresh0123", "expires_in": 3600, "scope": "im", "status": "L",
            "client_endpoint": "https://acme.bitrix24.com/rest/", "server_endpoint": "https://oauth.bitrix.info/rest/",
            "domain": "oauth.bitrix.info", "member_id": "a223c6b3710f85df22e9377d6c4f7553",
        })
    }
}
