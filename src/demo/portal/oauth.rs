//! The applications of the portal, and the codes and tokens that are given out to them. No socket, no clock, no faults.
//!
//! Portal and authorization server are two machines in reality and one here; after a move only the portal has another address.
//! <https://apidocs.bitrix24.com/settings/oauth/index.html>

use std::{io, net::SocketAddr, time::Duration};

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{random, refusal::Refusal, request::Parameters};

/// A local application, as an administrator of the portal made it.
#[derive(Debug, Clone)]
pub struct Application {
    /// What a person is asked to let in.
    pub name: String,
    pub client_id: String,
    pub client_secret: SecretString,
    /// Where the browser is sent with a code, whatever the client asks for.
    pub redirect: String,
}

/// What a request outside of REST wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The page on which a person lets an application in.
    Consent,
    /// The person lets it in.
    Allow,
    /// The person does not.
    Cancel,
    /// Tokens for a code.
    Exchange,
    /// Tokens for a refresh token.
    Refresh,
}

/// What a refresh does to the tokens before it. Nobody knows which of the two Bitrix24 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Both old tokens are refused from then on.
    SpendsTheOld,
    /// Both are good until their time is up.
    KeepsTheOld,
}

/// For whom tokens are given out.
pub(super) struct Holder {
    pub(super) user: u32,
    /// With commas, as on the wire.
    pub(super) scope: String,
}

/// What comes of a step.
pub(super) enum Reply {
    /// The person is asked about the application of this name.
    Consent(String),
    Cancelled,
    /// A page for people: this is how Bitrix24 fails in a browser, without a redirect.
    UnknownApplication,
    /// The browser is sent back to the application.
    Return(String),
    /// The pair of tokens with this number.
    Tokens(u32, Value),
    Refused(Refusal),
    Crashed,
}

/// What an access token is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Good(u32),
    Expired(u32),
    /// After a refresh that spent it.
    Spent(u32),
    Unknown,
}

impl Access {
    pub(super) fn number(self) -> Option<u32> {
        match self {
            Self::Good(number) | Self::Expired(number) | Self::Spent(number) => Some(number),
            Self::Unknown => None,
        }
    }
}

pub(super) struct Grants {
    /// The host and port of the portal.
    portal: String,
    /// The host and port of the authorization server, as the portal and the server itself name it.
    server: String,
    /// The portal's name for itself, which a move does not change.
    member: String,
    rotation: Rotation,
    applications: Vec<Application>,
    codes: Vec<Code>,
    /// Numbered from 1.
    pairs: Vec<Pair>,
}

struct Code {
    code: String,
    client_id: String,
    /// Seconds since 1970, as every instant here.
    until: i64,
}

struct Pair {
    client_id: String,
    access: String,
    access_until: i64,
    refresh: String,
    refresh_until: i64,
    spent: bool,
}

const CODE_LASTS: i64 = 30;
const ACCESS_LASTS: i64 = 3600;
const REFRESH_LASTS: i64 = 180 * 24 * 3600;

impl Step {
    /// `None` if nothing of OAuth is there.
    pub(super) fn of(verb: &str, path: &str, parameters: &Parameters) -> Option<Self> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        match [segments.next()?, segments.next()?, segments.next().unwrap_or_default()] {
            ["oauth", "authorize", ""] if verb != "POST" => Some(Self::Consent),
            ["oauth", "authorize", ""] if text(parameters, "answer") == "allow" => Some(Self::Allow),
            ["oauth", "authorize", ""] => Some(Self::Cancel),
            ["oauth", "token", ""] if text(parameters, "grant_type") == "refresh_token" => Some(Self::Refresh),
            ["oauth", "token", ""] => Some(Self::Exchange),
            _ => None,
        }
    }
}

impl Grants {
    /// Without an application.
    pub(super) fn new(address: SocketAddr, member: String) -> Self {
        let place = address.to_string();
        Self {
            portal: place.clone(),
            server: place,
            member,
            rotation: Rotation::SpendsTheOld,
            applications: Vec::new(),
            codes: Vec::new(),
            pairs: Vec::new(),
        }
    }

    pub(super) fn move_portal(&mut self, address: SocketAddr) {
        self.portal = address.to_string();
    }

    pub(super) fn name_server(&mut self, place: &str) {
        place.clone_into(&mut self.server);
    }

    pub(super) fn rotate(&mut self, rotation: Rotation) {
        self.rotation = rotation;
    }

    pub(super) fn register(&mut self, name: &str, redirect: &str) -> io::Result<Application> {
        let application = Application {
            name: name.to_owned(),
            client_id: format!("local.{}.{}", random(14, b"0123456789abcdef")?, random(8, b"01234567")?),
            client_secret: random(50, LETTERS)?.into(),
            redirect: redirect.to_owned(),
        };
        self.applications.push(application.clone());
        Ok(application)
    }

    pub(super) fn age(&mut self, by: Duration) {
        let by = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        let codes = self.codes.iter_mut().map(|code| &mut code.until);
        let tokens = self.pairs.iter_mut().flat_map(|pair| [&mut pair.access_until, &mut pair.refresh_until]);
        codes.chain(tokens).for_each(|until| *until = until.saturating_sub(by));
    }

    pub(super) fn forget(&mut self) {
        self.codes.clear();
        // Their numbers are not given out again.
        for pair in &mut self.pairs {
            pair.access.clear();
            pair.refresh.clear();
        }
    }

    pub(super) fn access(&self, token: &str, now: Timestamp) -> Access {
        let Some((number, pair)) = self.find(|pair| &pair.access, token) else { return Access::Unknown };
        match pair {
            Pair { spent: true, .. } => Access::Spent(number),
            Pair { access_until, .. } if *access_until <= now.as_second() => Access::Expired(number),
            Pair { .. } => Access::Good(number),
        }
    }

    /// The number of the pair whose refresh token a request has, still good or not.
    pub(super) fn refreshed(&self, parameters: &Parameters) -> Option<u32> {
        Some(self.find(|pair| &pair.refresh, text(parameters, "refresh_token"))?.0)
    }

    pub(super) fn take(&mut self, step: Step, parameters: &Parameters, holder: &Holder, now: Timestamp) -> Reply {
        let Some(application) = self.applications.iter().find(|known| known.client_id == text(parameters, "client_id")) else {
            return match step {
                Step::Consent | Step::Allow | Step::Cancel => Reply::UnknownApplication,
                Step::Exchange | Step::Refresh => Reply::Refused(Refusal::WrongClient),
            };
        };
        let application = application.clone();
        match step {
            Step::Consent => Reply::Consent(application.name),
            Step::Cancel => Reply::Cancelled,
            Step::Allow => self.send_back(application, text(parameters, "state"), holder, now).unwrap_or(Reply::Crashed),
            Step::Exchange | Step::Refresh if text(parameters, "client_secret") != application.client_secret.expose_secret() => {
                Reply::Refused(Refusal::InvalidClient)
            }
            Step::Exchange => self.exchange(application.client_id, parameters, holder, now),
            Step::Refresh => self.refresh(application.client_id, parameters, holder, now),
        }
    }

    fn send_back(&mut self, application: Application, state: &str, holder: &Holder, now: Timestamp) -> Option<Reply> {
        let code = random(32, LETTERS).ok()?;
        let joint = if application.redirect.contains('?') { '&' } else { '?' };
        let mut location = format!("{}{joint}code={code}", application.redirect);
        for (name, value) in [
            ("state", state),
            ("domain", &self.portal),
            ("member_id", &self.member),
            ("scope", &holder.scope),
            ("server_domain", &self.server),
        ] {
            location.push_str(&format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        }
        self.codes.push(Code { code, client_id: application.client_id, until: now.as_second() + CODE_LASTS });
        Some(Reply::Return(location))
    }

    fn exchange(&mut self, client_id: String, parameters: &Parameters, holder: &Holder, now: Timestamp) -> Reply {
        if text(parameters, "grant_type") != "authorization_code" {
            return Reply::Refused(Refusal::InvalidRequest);
        }
        let asked = text(parameters, "code");
        let found = self.codes.iter().position(|code| code.code == asked && code.client_id == client_id);
        // Used once, in time or not.
        match found.map(|found| self.codes.swap_remove(found)) {
            Some(code) if code.until > now.as_second() => self.give(client_id, holder, now),
            Some(_) | None => Reply::Refused(Refusal::InvalidGrant),
        }
    }

    fn refresh(&mut self, client_id: String, parameters: &Parameters, holder: &Holder, now: Timestamp) -> Reply {
        let spends = self.rotation == Rotation::SpendsTheOld;
        let asked = self.refreshed(parameters).and_then(|number| self.pairs.get_mut(number as usize - 1));
        match asked.filter(|pair| pair.client_id == client_id && !pair.spent && pair.refresh_until > now.as_second()) {
            Some(pair) => {
                pair.spent = spends;
                self.give(client_id, holder, now)
            }
            None => Reply::Refused(Refusal::InvalidGrant),
        }
    }

    fn give(&mut self, client_id: String, holder: &Holder, now: Timestamp) -> Reply {
        let (Ok(access), Ok(refresh)) = (random(32, LETTERS), random(32, LETTERS)) else { return Reply::Crashed };
        let now = now.as_second();
        let answer = json!({
            "access_token": access,
            "client_endpoint": format!("http://{}/rest/", self.portal),
            "domain": self.server,
            "expires": now + ACCESS_LASTS,
            "expires_in": ACCESS_LASTS,
            "member_id": self.member,
            "refresh_token": refresh,
            "scope": holder.scope,
            "server_endpoint": format!("http://{}/rest/", self.server),
            "status": "L",
            "user_id": holder.user,
        });
        let (access_until, refresh_until) = (now + ACCESS_LASTS, now + REFRESH_LASTS);
        self.pairs.push(Pair { client_id, access, access_until, refresh, refresh_until, spent: false });
        Reply::Tokens(number_of(self.pairs.len() - 1), answer)
    }

    fn find(&self, token: impl Fn(&Pair) -> &String, asked: &str) -> Option<(u32, &Pair)> {
        let found = self.pairs.iter().position(|pair| !asked.is_empty() && token(pair) == asked)?;
        Some((number_of(found), &self.pairs[found]))
    }
}

/// What codes and tokens are made of.
pub(super) const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

fn number_of(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

fn text<'a>(parameters: &'a Parameters, name: &str) -> &'a str {
    parameters.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
