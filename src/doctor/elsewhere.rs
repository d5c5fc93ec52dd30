//! No part of this desktop is known here yet, and each is told as unknown.

use super::{Examination, Finding, Part};
use crate::settings::Settings;

impl Examination<'_> {
    pub(super) async fn desktop(&self, _settings: &Settings) -> Vec<Finding> {
        let unknown = [
            (Part::Tray, "doctor-tray-unknown"),
            (Part::Idle, "doctor-idle-unknown"),
            (Part::Lock, "doctor-lock-unknown"),
            (Part::Sleep, "doctor-sleep-unknown"),
        ];
        unknown.map(|(part, key)| self.unknown(part, key, &[])).into()
    }
}
