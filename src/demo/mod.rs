//! `b24status demo`: a small portal on loopback, the words that a person types, and the lines that tell what arrived.
//!
//! The portal speaks the real wire on a real socket, faults included, and so it is also the far side in the tests. Nothing here
//! knows the app; nothing is stored.

pub mod portal;
pub mod trouble;
pub mod script;
pub mod report;

use crate::text::Texts;
use portal::Person;

/// Who the demo's portal belongs to.
pub fn person(texts: &Texts) -> Person {
    Person { id: 1, name: texts.say("demo-person-name"), last_name: texts.say("demo-person-last-name") }
}
