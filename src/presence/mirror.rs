//! One account: what its portal holds as far as we know, what is owed to it, and the one call in flight.

use std::time::Duration;

use super::{
    Absent, Answer, Ask, Call, Connection, Credential, Failure, Held, IdleUse, Later, Moment, Remembered, Shown, Standing, Status, Wanted,
    dice::Dice,
    mark::IdleMark,
    reading::Reading,
    retry::{Retry, WriteBudget},
};

/// What this portal should hold now. Derived from the facts anew each time; never kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desire {
    pub(super) wanted: Wanted,
    /// The absence that the idle mark should show.
    pub(super) idle: Option<Absent>,
    pub(super) reads: Reads,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reads {
    WhenDue,
    /// Nobody is there to see the answer: read only where something is owed.
    WhereOwed,
    /// The app is ending: only our idle mark matters.
    Never,
}

/// What is to be done next for one account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plan {
    Rest,
    /// At this uptime.
    At(Duration, Call),
    Now(Call),
}

#[derive(Debug, Clone)]
pub(super) struct Mirror {
    idle_use: IdleUse,
    credential: Credential,
    /// What the portal confirmed last.
    confirmed: Option<Held>,
    certainty: Certainty,
    agreement: Agreement,
    mark: IdleMark,
    in_flight: Option<Call>,
    /// The call in flight left with a credential that was replaced since.
    is_superseded: bool,
    failure: Option<Failure>,
    retry: Retry,
    writes: WriteBudget,
    reading: Reading,
}

/// Whether the portal still holds what it confirmed last.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Certainty {
    Known,
    /// Never asked since the start, or a write ended without an answer: read before anything is written.
    Unknown,
}

/// Whether the portal has confirmed the choice that stands now.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Agreement {
    /// A different answer means that somebody else changed it.
    Settled,
    /// The choice before it ended by itself. Read first: an answer that differs from the one before means that somebody else changed it.
    Due,
    /// A different answer means that we have to write.
    Owed,
}

/// What an answer means for everybody else.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum News {
    None,
    /// The portal holds something that this app did not put there.
    ChangedElsewhere(Held),
    Confirmed(Status),
    Marked {
        minutes_ago: u32,
    },
    Unmarked,
    Failed(Failure),
}

impl Mirror {
    pub(super) fn new(remembered: Remembered, idle_use: IdleUse, wanted: Wanted) -> Self {
        let mut mirror = Self {
            idle_use,
            credential: Credential::Awaited,
            confirmed: remembered.confirmed,
            certainty: Certainty::Unknown,
            agreement: Agreement::Owed,
            mark: IdleMark::new(remembered.marked),
            in_flight: None,
            is_superseded: false,
            failure: None,
            retry: Retry::default(),
            writes: WriteBudget::default(),
            reading: Reading::new(),
        };
        if mirror.agrees_with(wanted) {
            mirror.agreement = Agreement::Settled;
        }
        mirror
    }

    /// A choice that the portal has not confirmed must not look confirmed after a restart, although an older answer happens to agree.
    pub(super) fn remembered(&self, wanted: Wanted) -> Remembered {
        let misleads = self.agreement == Agreement::Owed && self.agrees_with(wanted);
        Remembered { confirmed: self.confirmed.clone().filter(|_| !misleads), marked: self.mark.may_stand() }
    }

    pub(super) fn idle_use(&self) -> IdleUse {
        self.idle_use
    }

    pub(super) fn call_in_flight(&self) -> Option<Call> {
        self.in_flight
    }

    pub(super) fn use_idle(&mut self, idle_use: IdleUse) {
        self.idle_use = idle_use;
    }

    /// A call that left before the account was removed and added again has yet to be answered.
    pub(super) fn inherit(&mut self, call: Call) {
        self.in_flight = Some(call);
        if let Call::StartIdle { .. } = call {
            self.mark.inherit();
        }
    }

    /// The status that this portal shows for the person, as far as we know.
    pub(super) fn status(&self) -> Option<Status> {
        self.confirmed.as_ref().and_then(Held::status)
    }

    // What happened

    /// There is a new choice. Where the one before was never confirmed, an older answer that happens to agree proves nothing.
    pub(super) fn owe(&mut self, wanted: Wanted) {
        let is_sure = self.agreement == Agreement::Settled && self.certainty == Certainty::Known;
        let agrees = self.agrees_with(wanted);
        if is_sure && agrees {
            return;
        }
        self.agreement = Agreement::Owed;
        if agrees {
            self.certainty = Certainty::Unknown;
        }
    }

    /// The choice ended by itself. Whoever changed the portal in the meantime did so by hand, and is heard first.
    pub(super) fn fall_due(&mut self, wanted: Wanted) {
        let was_settled = self.agreement == Agreement::Settled;
        self.owe(wanted);
        if was_settled && self.agreement == Agreement::Owed {
            self.agreement = Agreement::Due;
            self.certainty = Certainty::Unknown;
        }
    }

    /// The person acted: whatever can be tried again is tried now. A click on the status that is shown has to be true, so it is read back.
    pub(super) fn chosen_by_hand(&mut self, wanted: Wanted, now: Moment) {
        self.agreement = Agreement::Owed;
        self.owe(wanted);
        self.retry.insist(now);
        self.unblock();
    }

    pub(super) fn came_back(&mut self, now: Moment, dice: &mut Dice) {
        self.mark.came_back();
        self.retry.hurry();
        self.unblock();
        self.reading.soon(now.uptime, dice);
    }

    pub(super) fn hurry(&mut self) {
        self.retry.hurry();
    }

    /// A network comes back to a whole office at once, so only what the person waits for is tried at once.
    pub(super) fn network_changed(&mut self, now: Moment, dice: &mut Dice) {
        if self.agreement != Agreement::Settled || self.certainty == Certainty::Unknown || self.mark.may_stand() {
            self.retry.hurry();
        }
        self.unblock();
        self.reading.with_the_office(now.uptime, dice);
    }

    /// What blocks may have been a network that asks for a login first, or be settled by an administrator by now.
    fn unblock(&mut self) {
        if self.connection() == Connection::Blocked {
            self.retry.resume();
        }
    }

    /// A refusal is looked at again too, but not each time that somebody asks.
    pub(super) fn reading_asked(&mut self, now: Moment) {
        self.retry.hurry();
        if self.retry.stopped_since().is_some_and(|since| since + Duration::from_mins(1) <= now.uptime) {
            self.retry.resume();
        }
        self.reading.at_once(now.uptime);
    }

    pub(super) fn credential_changed(&mut self, credential: Credential) {
        self.credential = credential;
        if credential == Credential::Ready {
            self.certainty = Certainty::Unknown;
            self.is_superseded = self.in_flight.is_some();
            self.mark.try_again();
            self.failure.take_if(|failure| !matches!(failure, Failure::Later(_)));
            self.retry.hurry();
            self.retry.resume();
        }
    }

    pub(super) fn set_off(&mut self, call: Call, now: Moment) {
        self.in_flight = Some(call);
        if call != Call::Read {
            self.writes.spend(now.uptime);
        }
        if let Call::StartIdle { .. } = call {
            self.mark.set_off();
        }
    }

    /// The answer to the call in flight; an answer that nobody waits for is ignored.
    pub(super) fn answered(&mut self, answer: Result<Answer, Failure>, wanted: Wanted, now: Moment, dice: &mut Dice) -> News {
        let Some(call) = self.in_flight.take() else { return News::None };
        let is_superseded = std::mem::take(&mut self.is_superseded);
        match answer {
            Err(Failure::Ask(_)) if is_superseded => News::None,
            Ok(answer) => self.succeeded(call, answer, wanted, now, dice),
            Err(failure) => self.failed(call, failure, now, dice),
        }
    }

    fn succeeded(&mut self, call: Call, answer: Answer, wanted: Wanted, now: Moment, dice: &mut Dice) -> News {
        self.retry.succeeded();
        self.failure = None;
        match (call, answer) {
            (Call::Read, Answer::Held(held)) => {
                self.reading.heard(now.uptime, dice);
                self.heard(held, wanted)
            }
            (Call::Set(status), _) => {
                self.mark.overwritten();
                self.reading.heard(now.uptime, dice);
                self.heard(Held::Status(status), wanted);
                News::Confirmed(status)
            }
            (Call::StartIdle { minutes_ago }, _) => {
                self.mark.arrived();
                News::Marked { minutes_ago }
            }
            (Call::EndIdle, _) => {
                self.mark.ended();
                News::Unmarked
            }
            (Call::Read, Answer::Done) => News::None,
        }
    }

    fn heard(&mut self, held: Held, wanted: Wanted) -> News {
        let before = self.confirmed.replace(held.clone());
        self.certainty = Certainty::Known;
        let changed = before.as_ref().is_none_or(|before| !same(before, &held));
        let adopts = match wanted {
            Wanted::Nothing => true,
            Wanted::AsItIs => changed && before.is_some(),
            Wanted::Status(_) => changed && self.agreement != Agreement::Owed,
        };
        self.agreement = if adopts || self.agrees_with(wanted) { Agreement::Settled } else { Agreement::Owed };
        if adopts { News::ChangedElsewhere(held) } else { News::None }
    }

    fn failed(&mut self, call: Call, failure: Failure, now: Moment, dice: &mut Dice) -> News {
        if let (Call::StartIdle { .. } | Call::EndIdle, Failure::GiveUp(_)) = (call, &failure) {
            self.mark.give_up();
            return News::Failed(failure);
        }
        if failure.may_have_happened() {
            self.mark.doubt(call);
            if let Call::Set(_) = call {
                self.certainty = Certainty::Unknown;
            }
        } else if let Call::StartIdle { .. } = call {
            self.mark.failed_to_start();
        }
        if let (Call::Set(_) | Call::StartIdle { .. } | Call::EndIdle, Failure::Later(Later::Unreachable)) = (call, &failure) {
            self.writes.take_back();
        }
        self.retry.failed(&failure, now, dice);
        self.reading.failed();
        if let Failure::Later(Later::TooBusy { .. }) = failure {
            self.reading.slow_down(now.uptime);
            if call == Call::Read && self.is_read_at_will() {
                self.reading.put_off(now.uptime, dice);
                return News::None;
            }
        }
        let first = self.failure.replace(failure.clone()).is_none_or(|before| connection_of(&before) != connection_of(&failure));
        if first { News::Failed(failure) } else { News::None }
    }

    /// Nothing is owed and nothing is wrong: what the portal confirmed last is as good as if nobody had asked.
    fn is_read_at_will(&self) -> bool {
        (self.certainty, self.agreement) == (Certainty::Known, Agreement::Settled) && self.failure.is_none() && !self.reading.is_asked()
    }

    // What follows

    pub(super) fn intend(&mut self, desire: &Desire) {
        if self.in_flight.is_none() {
            self.mark.intend(desire.idle);
        }
    }

    pub(super) fn plan(&self, desire: &Desire, on_disk: bool, now: Moment) -> Plan {
        if self.in_flight.is_some() { Plan::Rest } else { self.plan_ahead(desire, on_disk, now) }
    }

    /// The plan as if nothing were in flight.
    fn plan_ahead(&self, desire: &Desire, on_disk: bool, now: Moment) -> Plan {
        let (Credential::Ready, Some(patience)) = (self.credential, self.retry.next_call()) else { return Plan::Rest };
        let Some((due, call)) = self.next(desire, on_disk, now) else { return Plan::Rest };
        let budget = match call {
            Call::Read => Duration::ZERO,
            Call::Set(_) | Call::StartIdle { .. } | Call::EndIdle => self.writes.next_write(),
        };
        let earliest = due.max(patience).max(budget);
        if earliest <= now.uptime { Plan::Now(call) } else { Plan::At(earliest, call) }
    }

    /// The status comes before the idle mark, because setting it clears the mark.
    fn next(&self, desire: &Desire, on_disk: bool, now: Moment) -> Option<(Duration, Call)> {
        let owed = self.next_for_status(desire).or_else(|| self.mark.next(desire.idle, on_disk, now));
        match (owed, desire.reads) {
            (Some(call), _) => Some((Duration::ZERO, call)),
            (None, Reads::WhenDue) => Some((self.reading.due(), Call::Read)),
            (None, Reads::WhereOwed | Reads::Never) => None,
        }
    }

    fn next_for_status(&self, desire: &Desire) -> Option<Call> {
        if desire.reads == Reads::Never {
            return None;
        }
        match (self.certainty, self.agreement, desire.wanted) {
            (Certainty::Unknown, Agreement::Settled, _) if desire.reads == Reads::WhereOwed && !self.mark.is_due(desire.idle) => None,
            (Certainty::Unknown, _, _) | (Certainty::Known, Agreement::Due, _) => Some(Call::Read),
            (Certainty::Known, Agreement::Owed, Wanted::Status(status)) => Some(Call::Set(status)),
            (Certainty::Known, Agreement::Owed, Wanted::Nothing | Wanted::AsItIs) | (Certainty::Known, Agreement::Settled, _) => None,
        }
    }

    /// Whether something is under way, or still possible before `by`, for which sleep or the end of the app should wait.
    pub(super) fn is_busy_until(&self, by: Duration, desire: &Desire, on_disk: bool, now: Moment) -> bool {
        let awaits_disk = self.mark.is_intended() && !on_disk && self.credential == Credential::Ready;
        let awaits_answer = self.in_flight.is_some_and(|call| call != Call::Read);
        let has_more = match self.plan_ahead(desire, on_disk, now) {
            Plan::Rest => false,
            Plan::At(at, _) => at < by,
            Plan::Now(_) => true,
        };
        awaits_answer || awaits_disk || has_more
    }

    // What can be said

    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    pub(super) fn standing(&self, desire: &Desire) -> Standing {
        let connection = self.connection();
        let status = match (self.agreement, self.certainty, &self.confirmed, desire.wanted) {
            (Agreement::Owed | Agreement::Due, _, _, Wanted::Status(status)) => Shown::Pending(status),
            (Agreement::Settled, Certainty::Known, Some(held), _) if connection == Connection::Ok => Shown::Confirmed(held.clone()),
            (Agreement::Owed | Agreement::Due | Agreement::Settled, _, last, _) => Shown::Unknown { last: last.clone() },
        };
        Standing { status, idle: self.mark.shown(desire.idle), connection, failure: self.failure.clone() }
    }

    fn connection(&self) -> Connection {
        match self.credential {
            Credential::Locked | Credential::NoKeyring => Connection::KeyringLocked,
            Credential::Missing => Connection::SignedOut,
            Credential::Awaited | Credential::Ready => self.failure.as_ref().map_or(Connection::Ok, connection_of),
        }
    }

    fn agrees_with(&self, wanted: Wanted) -> bool {
        match wanted {
            Wanted::Status(status) => self.status() == Some(status),
            Wanted::AsItIs => true,
            Wanted::Nothing => false,
        }
    }
}

/// Two answers by which people see the same.
fn same(one: &Held, other: &Held) -> bool {
    match (one.status(), other.status()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

fn connection_of(failure: &Failure) -> Connection {
    match failure {
        Failure::Later(_) => Connection::Offline,
        Failure::Ask(
            Ask::CredentialRefused
            | Ask::Dismissed
            | Ask::AnotherPerson
            | Ask::ApplicationRemoved
            | Ask::SignInExpired
            | Ask::ApplicationRefused,
        ) => Connection::SignedOut,
        Failure::Ask(
            Ask::ScopeMissing
            | Ask::ApplicationWithoutChat
            | Ask::PlanWithoutRest
            | Ask::AccessDenied
            | Ask::BlockedByProvider
            | Ask::HttpsRequired
            | Ask::Moved { .. }
            | Ask::UntrustedCertificate,
        )
        | Failure::GiveUp(_) => Connection::Blocked,
    }
}
