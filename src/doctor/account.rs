//! The keyring, and for each account its portal, certificate, scopes and what they say of the clock.

use secrecy::ExposeSecret;

use super::{Examination, Finding, Part, Verdict};
use crate::{
    keyring::{Ask, KeyringError},
    portal::{Client, MethodState, Trust, Webhook},
    presence::{self, AccountId, Failure, Later},
    settings::AccountEntry,
};

impl Examination<'_> {
    pub(super) async fn accounts(&self, accounts: &[AccountEntry]) -> Vec<Finding> {
        if accounts.is_empty() {
            return vec![self.keyring_alone().await, self.unknown(Part::Portal, "doctor-portal-none", &[])];
        }
        let mut findings = Vec::new();
        for entry in accounts {
            match self.keyring.load(&entry.id, Ask::Never).await {
                Ok(Some(secret)) => {
                    findings.push(self.ok(Part::Keyring, "doctor-keyring", &[("account", entry.id.as_str().into())]));
                    findings.extend(self.portal(entry, secret.expose_secret()).await);
                }
                Ok(None) => findings.push(self.problem(Part::Keyring, "doctor-keyring-empty", &[("account", entry.id.as_str().into())])),
                Err(error) => findings.push(self.keyring_trouble(&error)),
            }
        }
        findings
    }

    /// Whether it would take a secret can be seen from whether it answers.
    async fn keyring_alone(&self) -> Finding {
        match self.keyring.load(&AccountId::new("doctor"), Ask::Never).await {
            Ok(_) => self.ok(Part::Keyring, "doctor-keyring-answers", &[]),
            Err(error) => self.keyring_trouble(&error),
        }
    }

    fn keyring_trouble(&self, error: &KeyringError) -> Finding {
        let key = match error {
            KeyringError::Locked => "cli-keyring-locked",
            KeyringError::PromptDismissed => "cli-keyring-dismissed",
            KeyringError::Absent => "cli-keyring-absent",
            KeyringError::Failed(_) => "cli-keyring-failed",
        };
        self.problem(Part::Keyring, key, &[])
    }

    async fn portal(&self, entry: &AccountEntry, secret: &str) -> Vec<Finding> {
        let account = ("account", entry.id.as_str().into());
        let Ok(webhook) = Webhook::parse(secret) else { return vec![self.problem(Part::Keyring, "doctor-keyring-empty", &[account])] };
        let trust = Trust { ca_file: entry.ca_file.clone() };
        let client = match Client::new(&webhook, &trust) {
            Ok(client) => client,
            Err(error) => return vec![Finding { part: Part::Tls, verdict: Verdict::Problem, text: error.say(self.texts) }],
        };
        match client.profile().await.and_then(|profile| profile.check(&entry.id)) {
            Ok(()) => {
                let mut findings = vec![self.ok(Part::Portal, "doctor-portal", &[account])];
                findings.extend(self.secured(&webhook));
                findings.push(self.scopes(&client, entry).await);
                findings
            }
            Err(failure) => self.refused(&failure, entry),
        }
    }

    /// A certificate that is valid now says of the clock that it is not far off.
    fn secured(&self, webhook: &Webhook) -> [Finding; 2] {
        if webhook.secret().expose_secret().starts_with("https:") {
            [self.ok(Part::Tls, "doctor-tls", &[]), self.ok(Part::Clock, "doctor-clock", &[])]
        } else {
            [self.unknown(Part::Tls, "doctor-tls-loopback", &[]), self.unknown(Part::Clock, "doctor-clock-unknown", &[])]
        }
    }

    async fn scopes(&self, client: &Client, entry: &AccountEntry) -> Finding {
        let account = ("account", entry.id.as_str().into());
        match client.has_method("im.user.status.set").await {
            Ok(MethodState::Available) => self.ok(Part::Scopes, "doctor-scopes", &[account]),
            Ok(MethodState::ScopeMissing) => self.told(Part::Scopes, &Failure::Ask(presence::Ask::ScopeMissing)),
            Ok(MethodState::Missing) => self.told(Part::Scopes, &Failure::GiveUp(presence::GiveUp::MethodMissing)),
            Err(_) => self.unknown(Part::Scopes, "doctor-scopes-unknown", &[account]),
        }
    }

    fn refused(&self, failure: &Failure, entry: &AccountEntry) -> Vec<Finding> {
        let account = ("account", entry.id.as_str().into());
        match failure {
            Failure::Ask(presence::Ask::UntrustedCertificate) => {
                vec![self.told(Part::Tls, failure), self.unknown(Part::Clock, "doctor-clock-suspect", &[])]
            }
            Failure::Later(Later::Unreachable | Later::NoAnswer | Later::UnexpectedPage) => {
                vec![self.told(Part::Portal, failure), self.unknown(Part::Tls, "doctor-tls-unknown", &[account])]
            }
            Failure::Later(_) | Failure::Ask(_) | Failure::GiveUp(_) => vec![self.told(Part::Portal, failure)],
        }
    }

    fn told(&self, part: Part, failure: &Failure) -> Finding {
        Finding { part, verdict: Verdict::Problem, text: self.texts.failure(failure) }
    }
}
