//! What is kept on disk between two starts: the state and the journal.

mod journal;
mod state;

pub use journal::Journal;
pub use state::{LoadedState, StateFile};
