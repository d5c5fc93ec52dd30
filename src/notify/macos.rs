//! macOS: its notification centre takes notices only from a signed app in a bundle, which this one need not be. So nothing can be shown, and
//! every call says so; a script that shows them under another program's name would not be honest.
//!
//! <https://developer.apple.com/documentation/usernotifications/unusernotificationcenter>

use super::{Notice, NotifyError};

pub struct Notifier;

impl Notifier {
    pub fn of_this_session(_: &str) -> Self {
        Self
    }

    pub async fn say(&self, _: Notice<'_>) -> Result<(), NotifyError> {
        Err(NotifyError::Absent)
    }

    pub async fn withdraw(&self, _: &'static str) -> Result<(), NotifyError> {
        Err(NotifyError::Absent)
    }
}
