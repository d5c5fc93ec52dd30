//! Signing in: from what somebody gave to an account that is stored. Used by the command line and by whoever sits at a window.
//!
//! Nothing is stored before it was tried, and nothing is tried before somebody asked. Nothing of this is there while nobody signs in.

mod authorization;
mod keep;
mod problem;
mod trial;

pub use authorization::{Authorization, Order};
pub use keep::{Kept, keep};
pub use problem::{Problem, Sort};
pub use trial::{Trial, try_webhook};
