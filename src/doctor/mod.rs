//! `b24status doctor`: every part the app depends on, each ok, problem or unknown, with what to do about it.
//!
//! [`Findings`] are what was found, [`Report`] is what that means, and how it is told. Only [`findings::gather`] looks at anything.
//! Nothing is changed, nobody is asked to unlock anything, and no secret is in a report.

pub mod findings;
mod desktop;
mod report;
mod telling;
mod redaction;
#[cfg(test)]
mod tests;

pub use desktop::desktop;
pub use findings::Findings;
pub use redaction::Redaction;
pub use report::{Check, Name, Report, Verdict};
