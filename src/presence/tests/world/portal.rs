//! A portal as it is: what it holds, and what becomes of a call.

use std::time::Duration;

use super::client::Client;
use crate::presence::{AccountId, Answer, Call, Credential, Failure, Held, IdleUse, State, Status};

/// How long a portal takes to answer.
pub(super) const LATENCY: Duration = Duration::from_millis(50);

#[derive(Debug, Clone)]
pub(in crate::presence::tests) struct Portal {
    pub(in crate::presence::tests) account: AccountId,
    pub(in crate::presence::tests) holds: Held,
    /// The idle mark, in minutes ago. With the credential of a removed account goes the way to end it, so it is not counted there.
    pub(in crate::presence::tests) idle: Option<u32>,
    pub(in crate::presence::tests) manner: Manner,
    /// `None`: only [`World::answer`] answers.
    pub(in crate::presence::tests) latency: Option<Duration>,
    pub(in crate::presence::tests) credential: Credential,
    pub(in crate::presence::tests) idle_use: IdleUse,
    pub(in crate::presence::tests) is_added: bool,
    pub(super) under_way: Option<UnderWay>,
    pub(super) client: Client,
}

/// What becomes of a call.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::presence::tests) enum Manner {
    Answers,
    /// It is carried out, and answered with a failure.
    Loses(Failure),
    /// It is not carried out.
    Refuses(Failure),
}

#[derive(Debug, Clone)]
pub(super) struct UnderWay {
    pub(super) call: Call,
    pub(super) answered_at: Option<Duration>,
    /// Its account was removed since.
    pub(super) is_orphan: bool,
}

impl Portal {
    pub(super) fn new(account: AccountId) -> Self {
        Self {
            account,
            holds: Held::Status(Status::Online),
            idle: None,
            manner: Manner::Answers,
            latency: Some(LATENCY),
            credential: Credential::Awaited,
            idle_use: IdleUse::Marked,
            is_added: false,
            under_way: None,
            client: Client { foreign_since: Some(0), ..Client::default() },
        }
    }

    pub(super) fn respond(&mut self, call: Call) -> Result<Answer, Failure> {
        match self.manner.clone() {
            Manner::Answers => Ok(self.carry_out(call)),
            Manner::Loses(failure) => {
                self.carry_out(call);
                Err(failure)
            }
            Manner::Refuses(failure) => Err(failure),
        }
    }

    pub(super) fn carry_out(&mut self, call: Call) -> Answer {
        match call {
            Call::Read => return Answer::Held(self.holds.clone()),
            Call::Set(status) => {
                self.holds = Held::Status(status);
                self.idle = None;
                self.client.foreign_since = None;
            }
            Call::StartIdle { minutes_ago } => self.idle = Some(minutes_ago),
            Call::EndIdle => self.idle = None,
        }
        Answer::Done
    }

    /// The process that knew all this is gone; a new one reads `state`.
    pub(super) fn outlive(&mut self, state: &State, forgets: bool) {
        let remembered = state.accounts.iter().find(|(id, _)| *id == self.account).map(|(_, remembered)| remembered.clone());
        let remembered = remembered.unwrap_or_default();
        self.client = Client {
            foreign_since: self.client.foreign_since,
            is_amnesic: self.client.is_amnesic || forgets,
            is_marked: remembered.marked || matches!(self.under_way, Some(UnderWay { call: Call::StartIdle { .. }, .. })),
            ..Client::default()
        };
    }
}
