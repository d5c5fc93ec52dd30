//! What the process under test may know of a portal, and do there, judged from outside.

use std::{collections::VecDeque, time::Duration};

use super::{HOUR, MINUTE, SECOND};
use crate::presence::{Answer, Call, Failure, Held, Later, Moment, Wanted};

#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    /// The last answer, unless a write without an answer came after it.
    pub(super) knows: Option<Held>,
    /// The last choice by hand was not confirmed, nor what followed it.
    pub(super) is_unconfirmed: bool,
    /// Somebody else wrote, or an answer was lost, since the last answer.
    pub(super) is_disturbed: bool,
    /// The last write that is held here came from elsewhere, at this step.
    pub(super) foreign_since: Option<u64>,
    /// The last process died before all was on disk, so its writes and choices may be forgotten.
    pub(super) is_amnesic: bool,
    /// A mark of ours may stand here.
    pub(super) is_marked: bool,
    pub(super) was_marked: bool,
    pub(super) is_marked_in_this_absence: bool,
    pub(super) writes: VecDeque<Duration>,
    pub(super) reads: Vec<Duration>,
    pub(super) cool_until: Duration,
}

impl Client {
    pub(super) fn agrees_with(&self, wanted: Wanted) -> bool {
        match (wanted, &self.knows) {
            (Wanted::Status(status), Some(held)) => held.status() == Some(status),
            (Wanted::AsItIs, Some(_)) => true,
            (Wanted::Nothing, _) | (_, None) => false,
        }
    }

    pub(super) fn leave(&mut self, call: Call, now: Duration) {
        match call {
            Call::Read => {
                self.reads.push(now);
                return;
            }
            Call::StartIdle { .. } => {
                self.was_marked = std::mem::replace(&mut self.is_marked, true);
                self.is_marked_in_this_absence = true;
            }
            Call::Set(_) | Call::EndIdle => {}
        }
        self.writes.push_back(now);
        let in_this_minute = self.writes.iter().filter(|at| **at + MINUTE > now).count();
        assert!(in_this_minute <= 6, "{in_this_minute} writes in a minute");
    }

    pub(super) fn hear(&mut self, call: Call, answer: &Result<Answer, Failure>, now: Moment, wanted: Wanted) {
        match (call, answer) {
            (Call::Read, Ok(Answer::Held(held))) => {
                self.knows = Some(held.clone());
                self.hear_status(wanted);
            }
            (Call::Read, Ok(Answer::Done)) => {}
            (Call::Set(status), Ok(_)) => {
                self.knows = Some(Held::Status(status));
                (self.is_marked, self.is_marked_in_this_absence, self.is_amnesic) = (false, false, false);
                self.hear_status(wanted);
            }
            (Call::StartIdle { .. }, Ok(_)) => {}
            (Call::EndIdle, Ok(_)) => self.is_marked = false,
            (_, Err(failure)) => self.hear_failure(call, failure, now),
        }
    }

    fn hear_status(&mut self, wanted: Wanted) {
        self.is_disturbed = false;
        self.is_unconfirmed &= !self.agrees_with(wanted);
    }

    fn hear_failure(&mut self, call: Call, failure: &Failure, now: Moment) {
        self.is_disturbed |= failure.may_have_happened();
        // An end of ours that may have arrived may have taken the mark with it.
        self.is_marked_in_this_absence &= call == Call::Read || call == Call::EndIdle && !failure.may_have_happened();
        match call {
            Call::Read | Call::EndIdle => {}
            Call::Set(_) if failure.may_have_happened() => self.knows = None,
            Call::Set(_) => {}
            Call::StartIdle { .. } if failure.may_have_happened() => {}
            Call::StartIdle { .. } => self.is_marked = self.was_marked,
        }
        if *failure == Failure::Later(Later::Unreachable) && call != Call::Read {
            self.writes.pop_back();
        }
        if let Failure::Later(Later::TooBusy { until }) = failure {
            let asked = until.map_or(SECOND, |until| until.duration_since(now.wall).unwrap_or_default().min(HOUR));
            self.cool_until = now.uptime + asked;
        }
    }
}
