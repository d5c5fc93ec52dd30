//! What a person can let go wrong with the demo's portal, by name.

use std::{io, time::Duration};

use serde_json::json;

use super::portal::{Fault, Method, Plan, Portal, Refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Offline,
    Reset,
    Silence,
    Slow,
    Cut,
    Busy,
    Limit,
    Server,
    Page,
    Garbage,
    Huge,
    Revoked,
    Scope,
    Dismissed,
    Plan,
    Closed,
    Moved,
    Unfamiliar,
}

impl Trouble {
    pub const ALL: [Self; 18] = [
        Self::Offline,
        Self::Reset,
        Self::Silence,
        Self::Slow,
        Self::Cut,
        Self::Busy,
        Self::Limit,
        Self::Server,
        Self::Page,
        Self::Garbage,
        Self::Huge,
        Self::Revoked,
        Self::Scope,
        Self::Dismissed,
        Self::Plan,
        Self::Closed,
        Self::Moved,
        Self::Unfamiliar,
    ];

    /// The word that a person types; the catalogue explains it as `demo-fault-WORD`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Reset => "reset",
            Self::Silence => "silence",
            Self::Slow => "slow",
            Self::Cut => "cut",
            Self::Busy => "busy",
            Self::Limit => "limit",
            Self::Server => "server",
            Self::Page => "page",
            Self::Garbage => "garbage",
            Self::Huge => "huge",
            Self::Revoked => "revoked",
            Self::Scope => "scope",
            Self::Dismissed => "dismissed",
            Self::Plan => "plan",
            Self::Closed => "closed",
            Self::Moved => "moved",
            Self::Unfamiliar => "unfamiliar",
        }
    }

    /// The inverse of [`Trouble::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.word() == word)
    }

    /// Takes the place of the trouble before it, and stays until [`heal`].
    pub async fn befall(self, portal: &Portal) -> io::Result<()> {
        heal(portal).await?;
        match self.plan() {
            Some(plan) => portal.fail(plan),
            None => portal.go_down().await,
        }
        Ok(())
    }

    /// `None`: not a fault of single answers, the portal itself is gone.
    fn plan(self) -> Option<Plan> {
        let fault = match self {
            Self::Offline => return None,
            Self::Reset => Fault::ResetAfter,
            Self::Silence => Fault::Silence,
            Self::Slow => Fault::Late(Duration::from_secs(3)),
            Self::Cut => Fault::Truncated,
            Self::Busy => Fault::Refused(Refusal::TooBusy),
            Self::Limit => Fault::Refused(Refusal::TimeLimit),
            Self::Server => Fault::Refused(Refusal::ServerTrouble),
            Self::Page => Fault::Html(200),
            Self::Garbage => Fault::Garbage,
            Self::Huge => Fault::Huge,
            Self::Revoked => Fault::Refused(Refusal::InvalidCredentials),
            Self::Scope => Fault::Refused(Refusal::ScopeMissing),
            Self::Dismissed => Fault::Refused(Refusal::Dismissed),
            Self::Plan => Fault::Refused(Refusal::PlanWithoutRest),
            Self::Closed => Fault::Refused(Refusal::Closed),
            Self::Moved => Fault::Redirect { status: 302, to: "https://moved.example".to_owned() },
            Self::Unfamiliar => return Some(Fault::Result(json!("holiday")).until_healed().only(&[Method::StatusGet])),
        };
        Some(fault.until_healed())
    }
}

/// The portal is there, and well.
pub async fn heal(portal: &Portal) -> io::Result<()> {
    portal.heal();
    portal.come_back().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_its_own_word_and_back() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::from_word(trouble.word()), Some(trouble));
        }
        assert_eq!(Trouble::from_word("nothing"), None);
    }
}
