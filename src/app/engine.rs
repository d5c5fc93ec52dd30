//! Presence at work: accounts that call, a disk that keeps, questions that wait for an answer.
//!
//! No senses: nobody is watched, nothing is shown, and nothing is asked of the desktop. A command without a running app needs no more.

use std::{collections::VecDeque, time::Duration};

use tokio::{
    sync::{mpsc::UnboundedSender, oneshot},
    task::JoinSet,
    time::timeout,
};

use super::{
    accounts::{Accounts, Called, Looked, Move, Search},
    answers::{Calls, Waiting},
    disk::{Disk, Keeping},
};
use crate::{
    clock,
    control::{Response, StatusReport},
    heap,
    keyring::{Ask, Change, Secrets},
    presence::{AccountId, Credential, Effect, Event, Failure, IdleUse, Later, Presence, Status},
    text::Texts,
};

/// As long as quitting may take otherwise.
const RENEWAL_AT_THE_END: Duration = Duration::from_secs(2);

pub(super) struct Engine {
    pub(super) presence: Presence,
    pub(super) accounts: Accounts,
    pub(super) disk: Disk,
    waiting: Waiting,
    calls: JoinSet<Called>,
    lookups: JoinSet<Vec<Looked>>,
    /// The look into the keyring that asks the person, if one is under way: no prompt comes on top of another, and no command waits for it.
    prompt: JoinSet<Vec<Looked>>,
}

/// Which accounts of the settings are worth a look into the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Renewal {
    /// Somebody may have signed in again.
    All,
    Changed,
}

/// What presence orders of those who have senses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    WatchForReturn,
    AllowSleep,
    Exit,
}

/// Something that the engine had under way has ended.
pub(super) enum Outcome {
    Called(Called),
    LookedUp(Vec<Looked>),
    Written(Event),
}

impl Engine {
    pub(super) fn new(keeping: Keeping, secrets: Secrets) -> Self {
        let disk = Disk::open(keeping);
        let presence = Presence::new(disk.settings().automation.clone(), disk.state(), seed());
        let accounts = Accounts::new(secrets);
        Self {
            presence,
            accounts,
            disk,
            waiting: Waiting::default(),
            calls: JoinSet::new(),
            lookups: JoinSet::new(),
            prompt: JoinSet::new(),
        }
    }

    /// Hands a fact to presence and carries out what follows, in order. What is left is for others to carry out.
    #[must_use = "an order that is lost is not given again, and one of them ends the app"]
    pub(super) fn tell(&mut self, event: Event) -> Vec<Order> {
        let mut events = VecDeque::from([event]);
        let mut orders = Vec::new();
        while let Some(event) = events.pop_front() {
            for effect in self.presence.handle(event, clock::now()) {
                match effect {
                    Effect::Call { account, call } => match self.accounts.call(&account, call) {
                        Some(calling) => drop(self.calls.spawn_local(calling)),
                        None => events.push_back(Event::Answered { account, answer: Err(Failure::Later(Later::Unreachable)) }),
                    },
                    Effect::Save { revision, state } => self.disk.save(revision, state),
                    Effect::Record(entry) => self.disk.record(entry),
                    Effect::WatchForReturn => orders.push(Order::WatchForReturn),
                    Effect::AllowSleep => orders.push(Order::AllowSleep),
                    Effect::Exit => orders.push(Order::Exit),
                }
            }
        }
        orders
    }

    /// The next thing under way that ends; never, while nothing is. Nothing is lost if the future is dropped.
    pub(super) async fn outcome(&mut self) -> Outcome {
        tokio::select! {
            Some(Ok(called)) = self.calls.join_next() => Outcome::Called(called),
            Some(Ok(looked)) = self.lookups.join_next() => Outcome::LookedUp(looked),
            Some(Ok(looked)) = self.prompt.join_next() => Outcome::LookedUp(looked),
            event = self.disk.written() => Outcome::Written(event),
        }
    }

    pub(super) fn take(&mut self, outcome: Outcome, texts: &Texts) -> Vec<Order> {
        match outcome {
            Outcome::Called(called) => {
                let (answered, moved) = self.accounts.called(called);
                if let Some(moved) = moved {
                    self.store_move(&moved, texts);
                }
                let orders = answered.into_iter().flat_map(|event| self.tell(event)).collect();
                if self.calls.is_empty() {
                    heap::give_back();
                }
                orders
            }
            Outcome::LookedUp(looked) => looked.into_iter().flat_map(|looked| self.looked_up(looked, texts)).collect(),
            Outcome::Written(event) => self.tell(event),
        }
    }

    /// Time until something is due, for presence or for somebody who waits.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let now = clock::now();
        self.presence.deadline(now).into_iter().chain(self.waiting.deadline(now)).min()
    }

    // Accounts and their secrets

    /// Takes over the accounts of the settings, and looks for their secrets.
    pub(super) fn adopt_accounts(&mut self, renewal: Renewal) -> Vec<Order> {
        let entries = self.disk.settings().accounts.clone();
        let renewed = match renewal {
            Renewal::All => entries.iter().map(|entry| entry.id.clone()).collect(),
            Renewal::Changed => self.accounts.differing(&entries).map(|entry| entry.id.clone()).collect(),
        };
        let mut orders = Vec::new();
        for gone in self.accounts.replace(&entries).into_iter().chain(self.disk.forgotten_accounts()) {
            orders.extend(self.tell(Event::AccountRemoved { account: gone }));
        }
        for entry in entries {
            orders.extend(self.tell(Event::AccountAdded { account: entry.id, idle: entry.idle }));
        }
        self.lookups.spawn_local(self.accounts.look_up(renewed, Search::Anew, Ask::Never));
        orders
    }

    pub(super) fn watch_keyring(&self, changes: UnboundedSender<Change>) {
        self.accounts.watch_keyring(changes);
    }

    /// Looks again for what was not found, without asking anybody.
    pub(super) fn look_up_missing_secrets(&mut self) {
        let missing = self.accounts.without_secret();
        if !missing.is_empty() {
            self.lookups.spawn_local(self.accounts.look_up(missing, Search::Missing, Ask::Never));
        }
    }

    /// The person wants the keyring unlocked. While a prompt for that is on the screen, there is no second one.
    pub(super) fn unlock_keyring(&mut self) {
        if self.prompt.is_empty() {
            self.prompt.spawn_local(self.accounts.look_up(self.accounts.without_secret(), Search::Missing, Ask::Unlock));
        }
    }

    pub(super) fn keyring_changed(&mut self, change: Change) -> Vec<Order> {
        let credential = match change {
            Change::Appeared | Change::Unlocked => {
                self.look_up_missing_secrets();
                return Vec::new();
            }
            Change::Locked => Credential::Locked,
            Change::Disappeared => Credential::NoKeyring,
        };
        let missing = self.accounts.without_secret();
        missing.into_iter().flat_map(|account| self.tell(Event::CredentialChanged { account, credential })).collect()
    }

    fn looked_up(&mut self, looked: Looked, texts: &Texts) -> Vec<Order> {
        let account = looked.account.clone();
        let credential = self.accounts.looked_up(looked, texts);
        credential.map_or_else(Vec::new, |credential| self.tell(Event::CredentialChanged { account, credential }))
    }

    /// No idle mark on this portal from now on, and an end of ours. Until the accounts are adopted again.
    pub(super) fn leave(&mut self, account: AccountId) -> Vec<Order> {
        if self.accounts.entry(&account).is_none() {
            return Vec::new();
        }
        self.tell(Event::AccountAdded { account, idle: IdleUse::LeftOut })
    }

    /// Somebody looks: read the portals, and look again for what was missing.
    pub(super) fn check_now(&mut self) -> Vec<Order> {
        self.look_up_missing_secrets();
        self.tell(Event::ReadingAsked)
    }

    /// After a sleep or on another network, an open connection would only hang.
    pub(super) fn disconnect(&self) {
        self.accounts.disconnect();
    }

    fn store_move(&mut self, moved: &Move, texts: &Texts) {
        let Some(entry) = self.accounts.entry(&moved.account) else { return };
        let label = texts.keyring_label(&entry.name, moved.credential.portal());
        tokio::task::spawn_local(self.accounts.store_move(moved, label));
        let stored = self.disk.change_settings(|settings| {
            for entry in settings.accounts.iter_mut().filter(|entry| entry.id == moved.account) {
                moved.credential.portal().clone_into(&mut entry.portal);
            }
        });
        if let Err(error) = stored {
            tracing::warn!(?error, "the new address of the portal is not in the settings: it will be found again");
        }
    }

    /// Until what was to be kept is kept: on disk, and in the keyring. A renewal whose answer would be lost is waited for a while.
    pub(super) async fn finish(&mut self) {
        self.disk.finish().await;
        let renewed = async { while self.accounts.is_renewing() && self.calls.join_next().await.is_some() {} };
        if timeout(RENEWAL_AT_THE_END, renewed).await.is_err() {
            tracing::warn!("a renewal of tokens was cut off: the old ones are tried at the next start");
        }
    }

    // Questions

    pub(super) fn answer_when_read(&mut self, answer: oneshot::Sender<Response>) {
        self.waiting.for_reading(clock::now(), answer);
    }

    pub(super) fn answer_when_set(&mut self, status: Status, patience: Duration, answer: oneshot::Sender<Response>) {
        self.waiting.for_setting(status, patience, clock::now(), answer);
    }

    pub(super) fn answer_when_left(&mut self, account: AccountId, answer: oneshot::Sender<Response>) {
        self.waiting.for_leaving(account, clock::now(), answer);
    }

    /// Answers whoever can be answered now.
    pub(super) fn answer(&mut self, report: impl Fn(&Presence, &Accounts) -> StatusReport) {
        let calls = if self.calls.is_empty() && self.lookups.is_empty() { Calls::AtRest } else { Calls::UnderWay };
        self.waiting.answer(&self.presence, calls, clock::now(), || report(&self.presence, &self.accounts));
    }
}

/// Different in every process, so that a building full of computers does not ask its portal in step.
fn seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(std::process::id())
}
