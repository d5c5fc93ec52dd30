//! One desk: a person, their machine with the core in it, and what their portal holds of them.

use std::{collections::VecDeque, time::Duration};

use b24status::presence::{
    AccountId, Automation, Call, Choice, Credential, Effect, Event, Held, Idle, IdleUse, Presence, Remembered, Shown, State, Status, Wanted,
};

use super::{clock::moment, portal::Holding};

pub struct Desk {
    pub presence: Presence,
    pub holding: Holding,
    /// The deadline that the core waits for.
    pub wakes_at: Option<Duration>,
    /// The choice by hand that the portal has not confirmed.
    pub chosen_at: Option<Duration>,
    account: AccountId,
}

impl Desk {
    /// After a night: the state on disk says what the portal holds.
    pub fn new(seed: u64) -> Self {
        let account = AccountId::new("7@acme.bitrix24.com");
        let remembered = Remembered { confirmed: Some(Held::Status(Status::Online)), marked: false };
        let choice = Choice { wanted: Wanted::Status(Status::Online), end: None };
        let state = State { choice, accounts: vec![(account.clone(), remembered)] };
        Self {
            presence: Presence::new(Automation::default(), state, seed),
            holding: Holding { status: Status::Online, idle: false },
            wakes_at: None,
            chosen_at: None,
            account,
        }
    }

    /// What the app is told at its start.
    pub fn start(&self) -> [Event; 2] {
        [
            Event::AccountAdded { account: self.account.clone(), idle: IdleUse::Marked },
            Event::CredentialChanged { account: self.account.clone(), credential: Credential::Ready },
        ]
    }

    pub fn answered(&self, answer: Result<b24status::presence::Answer, b24status::presence::Failure>) -> Event {
        Event::Answered { account: self.account.clone(), answer }
    }

    /// Tells the core, on a disk that is never slow, and hands on the one call that may follow.
    pub fn tell(&mut self, event: Event, now: Duration) -> Option<Call> {
        let mut events = VecDeque::from([event]);
        let mut leaves = None;
        while let Some(event) = events.pop_front() {
            for effect in self.presence.handle(event, moment(now)) {
                match effect {
                    Effect::Call { call, .. } => assert!(leaves.replace(call).is_none(), "two calls at once"),
                    Effect::Save { revision, .. } => events.push_back(Event::Saved { revision }),
                    Effect::Record(_) | Effect::WatchForReturn | Effect::AllowSleep | Effect::Exit => {}
                }
            }
        }
        leaves
    }

    /// Whether the portal holds what the person means, and the icon says so.
    pub fn is_true(&self) -> bool {
        let Some((_, standing)) = self.presence.standings().next() else { return true };
        let means_idle = self.presence.absent().is_some() && self.presence.choice().status() == Some(Status::Online);
        self.presence.choice().status() == Some(self.holding.status)
            && standing.status == Shown::Confirmed(Held::Status(self.holding.status))
            && self.holding.idle == means_idle
            && standing.idle == if means_idle { Idle::Marked } else { Idle::Unmarked }
    }
}
