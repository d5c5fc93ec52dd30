//! Our idle mark on one portal, which no method can read back: whether it stands, may stand, or is to be put there.

use super::{Absent, Call, Idle, Moment};

#[derive(Debug, Clone)]
pub(super) struct IdleMark {
    place: Place,
    /// One `idle.start` an absence, until a `set` of ours clears the mark.
    put_in_this_absence: bool,
    /// The portal refuses the idle methods for good.
    refused: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Clear,
    /// To be noted on disk; no call has arrived.
    Intended,
    /// A call may have arrived.
    Unsure,
    Ours,
}

impl IdleMark {
    /// After a start; `noted` is what the disk says.
    pub(super) fn new(noted: bool) -> Self {
        Self { place: if noted { Place::Unsure } else { Place::Clear }, put_in_this_absence: false, refused: false }
    }

    // What happened

    /// An intention costs nothing to have and to drop until its call leaves; only on disk it counts.
    pub(super) fn intend(&mut self, absent: Option<Absent>) {
        match (absent, self.place) {
            (Some(_), Place::Clear) if !self.put_in_this_absence && !self.refused => self.place = Place::Intended,
            (None, Place::Intended) => self.place = Place::Clear,
            (Some(_) | None, Place::Clear | Place::Intended | Place::Unsure | Place::Ours) => {}
        }
    }

    pub(super) fn set_off(&mut self) {
        self.put_in_this_absence = true;
    }

    /// Left before this was remembered.
    pub(super) fn inherit(&mut self) {
        self.place = Place::Intended;
    }

    pub(super) fn arrived(&mut self) {
        self.place = Place::Ours;
    }

    /// It was ended.
    pub(super) fn ended(&mut self) {
        self.place = Place::Clear;
    }

    /// A status was set, which clears the mark.
    pub(super) fn overwritten(&mut self) {
        self.place = Place::Clear;
        self.put_in_this_absence = false;
    }

    /// The call may have been carried out. A status clears the mark, so that is in doubt with it.
    pub(super) fn doubt(&mut self, call: Call) {
        match call {
            Call::Set(_) if self.place == Place::Ours => self.place = Place::Unsure,
            Call::Read | Call::Set(_) => {}
            Call::StartIdle { .. } | Call::EndIdle => self.place = Place::Unsure,
        }
    }

    /// `idle.start` was certainly not carried out.
    pub(super) fn failed_to_start(&mut self) {
        self.put_in_this_absence = false;
    }

    /// A mark that may stand there stays on disk: the next start tries to end it once more.
    pub(super) fn give_up(&mut self) {
        self.refused = true;
        if self.place == Place::Intended {
            self.place = Place::Clear;
            self.put_in_this_absence = false;
        }
    }

    pub(super) fn came_back(&mut self) {
        self.put_in_this_absence = false;
    }

    /// What was refused with one credential may be granted with another.
    pub(super) fn try_again(&mut self) {
        self.refused = false;
    }

    // What follows

    /// `on_disk`: whether the note that a mark may stand there is.
    pub(super) fn next(&self, absent: Option<Absent>, on_disk: bool, now: Moment) -> Option<Call> {
        if self.refused {
            return None;
        }
        match (absent, self.place) {
            (Some(absent), Place::Intended | Place::Unsure) if on_disk => Some(Call::StartIdle { minutes_ago: absent.minutes_ago(now) }),
            (None, Place::Unsure | Place::Ours) => Some(Call::EndIdle),
            (Some(_), Place::Clear | Place::Intended | Place::Unsure | Place::Ours) | (None, Place::Clear | Place::Intended) => None,
        }
    }

    /// Whether an absence is still to be shown.
    pub(super) fn is_due(&self, absent: Option<Absent>) -> bool {
        !self.refused && absent.is_some() && matches!(self.place, Place::Intended | Place::Unsure)
    }

    pub(super) fn is_intended(&self) -> bool {
        self.place == Place::Intended
    }

    /// What the disk has to say.
    pub(super) fn may_stand(&self) -> bool {
        self.place != Place::Clear
    }

    pub(super) fn shown(&self, absent: Option<Absent>) -> Idle {
        match (self.place, absent) {
            (Place::Ours, Some(_)) => Idle::Marked,
            (Place::Clear, _) => Idle::Unmarked,
            (Place::Intended | Place::Unsure, _) | (Place::Ours, None) => Idle::Pending,
        }
    }
}
