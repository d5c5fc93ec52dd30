//! What is kept on disk between two starts: the state and the journal.
