//! What each portal should hold, what must be done about it, and why.
//!
//! Facts come in as [`Event`]s; what every portal should hold is derived from them; the difference to what it confirmed last goes
//! out as [`Effect`]s. No clock here, no thread, no I/O, no randomness but a seed: time is an argument, the next wake-up a return value.

mod absence;
mod account;
mod automation;
mod choice;
mod effect;
mod event;
mod failure;
mod journal;
mod moment;
mod standing;
mod state;
mod status;

pub use absence::{Absent, IDLE_AFTER, Reason};
pub use account::{AccountId, Credential};
pub use automation::{Automation, Marking, OnLock};
pub use choice::{Choice, End, Wanted};
pub use effect::{Call, Effect};
pub use event::{Answer, Event, IdleUse};
pub use failure::{Ask, Failure, GiveUp, Later};
pub use journal::{Cause, Change, Entry};
pub use moment::Moment;
pub use standing::{Connection, Idle, Shown, Standing};
pub use state::{Remembered, State};
pub use status::{Held, Status};
