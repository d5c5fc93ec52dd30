//! What an account calls with: the address of a webhook, or what a portal granted to an application. The keyring keeps either as one text.

use std::time::SystemTime;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Grant, Profile, Webhook};
use crate::presence::AccountId;

/// Its `Debug` text holds no secret.
#[derive(Debug, Clone)]
pub enum Credential {
    Webhook(Webhook),
    OAuth(Box<Grant>),
}

impl Credential {
    /// What [`Credential::secret`] gave; `None` for every other text.
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim_start().starts_with('{') {
            Grant::parse(text).map(Box::new).map(Self::OAuth)
        } else {
            Webhook::parse(text).ok().map(Self::Webhook)
        }
    }

    /// For the keyring.
    pub fn secret(&self) -> SecretString {
        match self {
            Self::Webhook(webhook) => webhook.secret(),
            Self::OAuth(grant) => grant.secret(),
        }
    }

    /// `acme.bitrix24.com`, `intranet.example:8443/b24`. Not secret.
    pub fn portal(&self) -> &str {
        match self {
            Self::Webhook(webhook) => webhook.portal(),
            Self::OAuth(grant) => grant.portal(),
        }
    }

    /// The account of the user with this number on this portal, whatever it calls with.
    pub fn account(&self, user: u64) -> AccountId {
        AccountId::new(&format!("{user}@{}", self.portal()))
    }

    /// Whether it may be the one of the user who answered.
    pub fn names(&self, profile: &Profile) -> bool {
        match self {
            Self::Webhook(webhook) => webhook.names(profile),
            Self::OAuth(grant) => grant.user().is_none_or(|user| user == profile.id),
        }
    }

    pub fn grant(&self) -> Option<&Grant> {
        match self {
            Self::Webhook(_) => None,
            Self::OAuth(grant) => Some(grant),
        }
    }

    /// The place to which its calls go, without anything secret: `https://acme.bitrix24.com`.
    pub fn origin(&self) -> String {
        let address = match self {
            Self::Webhook(webhook) => Url::parse(webhook.secret().expose_secret()).ok(),
            Self::OAuth(grant) => Url::parse(grant.endpoint()).ok(),
        };
        address.map_or_else(String::new, |address| address.origin().ascii_serialization())
    }

    /// Whether a call with it would be refused because of its age alone.
    pub(super) fn is_past(&self, now: SystemTime) -> bool {
        self.grant().is_some_and(|grant| grant.expires() <= now)
    }

    pub(super) fn address_of(&self, method: &str) -> Option<Url> {
        match self {
            Self::Webhook(webhook) => webhook.address_of(method),
            Self::OAuth(grant) => Url::parse(&format!("{}{method}", grant.endpoint())).ok(),
        }
    }

    /// The body of a call. A token goes along in it, as documented: a header `Authorization` is dropped on its way by some web servers of boxes, and
    /// an address stands in logs.
    ///
    /// <https://apidocs.bitrix24.com/settings/oauth/index.html>
    pub(super) fn body(&self, mut parameters: Value) -> String {
        if let Self::OAuth(grant) = self {
            parameters["auth"] = grant.access().expose_secret().into();
        }
        parameters.to_string()
    }

    pub(super) fn moved_to(&self, target: &Url) -> Option<Self> {
        match self {
            Self::Webhook(webhook) => webhook.moved_to(target).map(Self::Webhook),
            Self::OAuth(grant) => grant.moved_to(target).map(Box::new).map(Self::OAuth),
        }
    }

    /// Whether a text holds something of it that is secret.
    pub(super) fn is_given_away_by(&self, text: &str) -> bool {
        match self {
            Self::Webhook(webhook) => webhook.is_given_away_by(text),
            Self::OAuth(grant) => grant.is_given_away_by(text),
        }
    }
}

impl From<Webhook> for Credential {
    fn from(webhook: Webhook) -> Self {
        Self::Webhook(webhook)
    }
}
