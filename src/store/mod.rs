//! What is kept on disk between two starts: the state and the journal.

mod journal;
mod state;
mod wire;

pub use journal::Journal;
pub use state::{LoadedState, StateFile};
pub use wire::{EntryLine, Unfamiliar, failure_from_words, failure_words, rfc3339, system_time};
#[cfg(test)]
pub(crate) use wire::tests as samples;
