//! No backend on this system yet: nothing can be shown, and every call says so.

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
