//! The desktop's parts: tray host, idle source, lock and sleep.

use std::time::Duration;

use tokio::{sync::mpsc::unbounded_channel, time::timeout};

use super::{Examination, Finding, Part};
use crate::{
    bus::{self, Bus},
    idle::{self, Inhibitors, Sighting, SourceName, Unusable, Wish},
    session::{self, LockSource, Occurrence, SleepSource, Sources},
    settings::{self, Settings},
};

/// A desktop that is there answers at once.
const PATIENCE: Duration = Duration::from_secs(3);
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

impl Examination<'_> {
    pub(super) async fn desktop(&self, settings: &Settings) -> Vec<Finding> {
        let mut findings = vec![self.tray().await, self.idle(settings).await];
        findings.extend(self.lock_and_sleep().await);
        findings
    }

    async fn tray(&self) -> Finding {
        let asked = async { bus::is_owned(&Bus::of_this_process().session().await?, WATCHER).await };
        match timeout(PATIENCE, asked).await {
            Ok(Ok(true)) => self.ok(Part::Tray, "doctor-tray", &[]),
            Ok(Ok(false)) => self.problem(Part::Tray, "doctor-tray-absent", &[]),
            Ok(Err(_)) | Err(_) => self.problem(Part::Tray, "doctor-no-bus", &[]),
        }
    }

    async fn idle(&self, settings: &Settings) -> Finding {
        match idle_source(settings).await {
            Some(Ok(source)) => self.ok(Part::Idle, "doctor-idle", &[("source", source.word().into())]),
            Some(Err(_)) => self.problem(Part::Idle, "doctor-idle-absent", &[]),
            None => self.unknown(Part::Idle, "doctor-idle-unknown", &[]),
        }
    }

    async fn lock_and_sleep(&self) -> [Finding; 2] {
        let Some(sources) = session_sources().await else {
            return [self.unknown(Part::Lock, "doctor-lock-unknown", &[]), self.unknown(Part::Sleep, "doctor-sleep-unknown", &[])];
        };
        let lock = match sources.lock {
            LockSource::Absent => self.problem(Part::Lock, "doctor-lock-absent", &[]),
            LockSource::Untold => self.unknown(Part::Lock, "doctor-lock-untold", &[]),
            LockSource::LoginService => self.ok(Part::Lock, "doctor-lock", &[("source", "logind".into())]),
            LockSource::Screensaver(name) => self.ok(Part::Lock, "doctor-lock", &[("source", name.into())]),
        };
        let sleep = match sources.sleep {
            SleepSource::Absent => self.problem(Part::Sleep, "doctor-sleep-absent", &[]),
            SleepSource::Announced => self.problem(Part::Sleep, "doctor-sleep-announced", &[]),
            SleepSource::Delayed => self.ok(Part::Sleep, "doctor-sleep", &[]),
        };
        [lock, sleep]
    }
}

async fn idle_source(settings: &Settings) -> Option<Result<SourceName, Vec<Unusable>>> {
    let inhibitors = match settings.inhibitors {
        settings::Inhibitors::Respected => Inhibitors::Respect,
        settings::Inhibitors::Ignored => Inhibitors::Ignore,
    };
    let (sightings, mut seen) = unbounded_channel();
    let _watcher = idle::watch(Wish { after: settings.automation.idle_after, inhibitors }, sightings);
    let first = async {
        loop {
            if let Sighting::Source(source) = seen.recv().await? {
                return Some(source);
            }
        }
    };
    timeout(PATIENCE, first).await.ok().flatten()
}

async fn session_sources() -> Option<Sources> {
    let (occurrences, mut told) = unbounded_channel();
    let _session = session::watch(occurrences);
    let first = async {
        loop {
            if let Occurrence::Sources(sources) = told.recv().await? {
                return Some(sources);
            }
        }
    };
    timeout(PATIENCE, first).await.ok().flatten()
}
