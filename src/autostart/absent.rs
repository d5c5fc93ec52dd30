//! No backend on this system yet: there is no place for an entry, and every call says so.

use super::{AutostartError, Repair, State, Switch};

pub struct Autostart;

impl Autostart {
    pub fn of_this_user() -> Result<Self, AutostartError> {
        Err(AutostartError::NoPlace)
    }

    pub fn state(&self) -> Result<State, AutostartError> {
        Err(AutostartError::NoPlace)
    }

    pub fn set(&self, _: Switch) -> Result<State, AutostartError> {
        Err(AutostartError::NoPlace)
    }

    pub fn repair(&self) -> Result<Repair, AutostartError> {
        Err(AutostartError::NoPlace)
    }
}
