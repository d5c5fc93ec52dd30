//! What the edges say about the desktop, in the words of the control socket. The same for the running app and for `doctor` alone.

use crate::{
    control::{Desktop, IdleSource, LockSource, Obstacle, ObstacleReason, SleepSource, TrayHost},
    idle::{self, Reason, Unusable},
    session,
    tray::Host,
};

/// `None` for what is not known yet.
pub fn desktop(tray: Option<Host>, idle: Option<&Result<idle::SourceName, Vec<Unusable>>>, session: Option<session::Sources>) -> Desktop {
    Desktop {
        tray_host: tray.map(tray_host),
        idle_source: idle.map(idle_source),
        lock_source: session.map(|sources| lock_source(sources.lock)),
        sleep_source: session.map(|sources| sleep_source(sources.sleep)),
    }
}

const fn tray_host(host: Host) -> TrayHost {
    match host {
        Host::Present => TrayHost::Present,
        Host::Absent => TrayHost::Absent,
        Host::NoBus => TrayHost::NoBus,
    }
}

fn idle_source(source: &Result<idle::SourceName, Vec<Unusable>>) -> IdleSource {
    match source {
        Ok(name) => IdleSource::Using(name.word().to_owned()),
        Err(unusable) => IdleSource::None(unusable.iter().map(obstacle).collect()),
    }
}

fn obstacle(unusable: &Unusable) -> Obstacle {
    let reason = match unusable.reason {
        Reason::Absent => ObstacleReason::Absent,
        Reason::Unreachable => ObstacleReason::Unreachable,
        Reason::NotOffered => ObstacleReason::NotOffered,
        Reason::InsideWayland => ObstacleReason::InsideWayland,
        Reason::Lost => ObstacleReason::Lost,
    };
    Obstacle { source: unusable.source.word().to_owned(), reason }
}

fn lock_source(source: session::LockSource) -> LockSource {
    match source {
        session::LockSource::Absent => LockSource::Absent,
        session::LockSource::Untold => LockSource::Untold,
        session::LockSource::LoginService => LockSource::LoginService,
        session::LockSource::Screensaver(name) => LockSource::Screensaver(name.to_owned()),
        session::LockSource::System => LockSource::System,
        session::LockSource::Refused => LockSource::Refused,
    }
}

const fn sleep_source(source: session::SleepSource) -> SleepSource {
    match source {
        session::SleepSource::Absent => SleepSource::Absent,
        session::SleepSource::Announced => SleepSource::Announced,
        session::SleepSource::Delayed => SleepSource::Delayed,
        session::SleepSource::System => SleepSource::System,
    }
}
