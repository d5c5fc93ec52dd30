//! Screensavers on the session bus: whether the screen is covered. Nothing is started by asking.
//!
//! A screensaver that covers the screen without locking it counts as well: nobody is in front of it, and the first input takes it away.

use zbus::{Connection, Message};

use super::Teller;
use super::facts::{Cover, Fact};
use crate::bus::{Bus, Signals, is_owned, ownership, ownership_rule};

/// One kind of screensaver.
struct Screensaver {
    /// It has the signal `ActiveChanged` and the method `GetActive`.
    interface: &'static str,
    /// Who may answer for it.
    names: &'static [&'static str],
    /// Where; the second one is what some versions use.
    paths: [&'static str; 2],
}

/// In the order in which one is named as the source. GNOME's shell has a name of its own besides the one that a helper may hold for it.
const SCREENSAVERS: [Screensaver; 5] = [
    Screensaver {
        interface: "org.gnome.ScreenSaver",
        names: &["org.gnome.Shell.ScreenShield", "org.gnome.ScreenSaver"],
        paths: ["/org/gnome/ScreenSaver", "/"],
    },
    Screensaver { interface: "org.cinnamon.ScreenSaver", names: &["org.cinnamon.ScreenSaver"], paths: ["/org/cinnamon/ScreenSaver", "/"] },
    Screensaver { interface: "org.mate.ScreenSaver", names: &["org.mate.ScreenSaver"], paths: ["/", "/org/mate/ScreenSaver"] },
    Screensaver { interface: "org.xfce.ScreenSaver", names: &["org.xfce.ScreenSaver"], paths: ["/", "/org/xfce/ScreenSaver"] },
    // KDE, and others without a name of their own.
    Screensaver {
        interface: "org.freedesktop.ScreenSaver",
        names: &["org.freedesktop.ScreenSaver"],
        paths: ["/org/freedesktop/ScreenSaver", "/ScreenSaver"],
    },
];

/// Runs until the session bus is gone, which is the end of the session.
pub(super) async fn follow(bus: Bus, teller: Teller) {
    let connection = match bus.session().await {
        Ok(connection) => connection,
        Err(error) => {
            tracing::info!(%error, "no session bus: screensavers tell nothing");
            return teller.learn(Fact::ScreensaverPresent(None));
        }
    };
    match listen(&connection, &teller).await {
        Ok(()) => teller.learn(Fact::Ending),
        Err(error) => {
            tracing::warn!(%error, "screensavers cannot be listened to");
            teller.learn(Fact::ScreensaverPresent(None));
        }
    }
}

async fn listen(connection: &Connection, teller: &Teller) -> zbus::Result<()> {
    // No sender in the first rule: GNOME's shell signals under another name than the one that answers.
    let mut rules = vec!["type='signal',member='ActiveChanged'".to_owned()];
    rules.extend(SCREENSAVERS.iter().flat_map(|screensaver| screensaver.names).map(|name| ownership_rule(name)));
    let mut signals = Signals::matching(connection, &rules).await?;
    look(connection, teller).await;
    while let Some(signal) = signals.next().await {
        match ownership(&signal) {
            Some(_) => look(connection, teller).await,
            None => hear(&signal, teller),
        }
    }
    Ok(())
}

/// Asks everybody. One that ended covers nothing any more.
async fn look(connection: &Connection, teller: &Teller) {
    let mut present = None;
    for screensaver in &SCREENSAVERS {
        let answer = screensaver.ask(connection).await;
        present = present.or(answer.map(|_| screensaver.interface));
        teller.learn(Fact::Covered(screensaver.interface, answer.unwrap_or(Cover::Gone)));
    }
    teller.learn(Fact::ScreensaverPresent(present));
}

fn hear(signal: &Message, teller: &Teller) {
    let header = signal.header();
    let told = |screensaver: &&Screensaver| header.interface().is_some_and(|interface| interface == screensaver.interface);
    let Some(screensaver) = SCREENSAVERS.iter().find(told) else { return };
    match signal.body().deserialize() {
        Ok(active) => teller.learn(Fact::Covered(screensaver.interface, cover(active))),
        Err(error) => tracing::debug!(%error, screensaver.interface, "ActiveChanged"),
    }
}

impl Screensaver {
    /// `None` where nobody answers.
    async fn ask(&self, connection: &Connection) -> Option<Cover> {
        for name in self.names {
            if !is_owned(connection, name).await.unwrap_or(false) {
                continue;
            }
            for path in self.paths {
                let reply = connection.call_method(Some(*name), path, Some(self.interface), "GetActive", &()).await;
                if let Some(active) = reply.ok().and_then(|reply| reply.body().deserialize().ok()) {
                    return Some(cover(active));
                }
            }
        }
        None
    }
}

fn cover(active: bool) -> Cover {
    if active { Cover::Shown } else { Cover::Gone }
}
