//! The core in virtual time: stories for each rule of the product, an exhaustive walk over short histories, and long random ones.
//!
//! All three live in the same [`world`], which checks at every effect what must never happen.

mod stories;
mod walk;
mod long_runs;

mod world;
