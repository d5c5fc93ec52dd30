//! `b24status demo`: a small portal on loopback, the words that a person types, and the lines that tell what arrived.
//!
//! The portal speaks the real wire on a real socket, faults included, and so it is also the far side in the tests. Nothing here
//! knows the app; nothing is stored.

pub mod portal;
pub mod trouble;
pub mod script;
pub mod report;
pub mod stage;
