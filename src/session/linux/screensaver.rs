//! Screensavers on the session bus: whether the screen is covered. Nothing is started by asking.
//!
//! A screensaver that covers the screen without locking it counts as well: nobody is in front of it, and the first input takes it away.

use zbus::{Connection, Message};

use super::Teller;
use super::facts::{Cover, Fact};
use crate::bus::{Bus, Signals, ownership, ownership_rule};

/// Where a screensaver can be.
struct Place {
    name: &'static str,
    /// Those after the first are what some versions use.
    paths: [&'static str; 2],
    /// It has the signal `ActiveChanged` and the method `GetActive`.
    interface: &'static str,
}

/// In the order in which one is named as the source. GNOME's shell has a name of its own besides the one that a helper may hold for it.
const PLACES: [Place; 6] = [
    Place { name: "org.gnome.Shell.ScreenShield", paths: ["/org/gnome/ScreenSaver", "/"], interface: "org.gnome.ScreenSaver" },
    Place { name: "org.gnome.ScreenSaver", paths: ["/org/gnome/ScreenSaver", "/"], interface: "org.gnome.ScreenSaver" },
    Place { name: "org.cinnamon.ScreenSaver", paths: ["/org/cinnamon/ScreenSaver", "/"], interface: "org.cinnamon.ScreenSaver" },
    Place { name: "org.mate.ScreenSaver", paths: ["/", "/org/mate/ScreenSaver"], interface: "org.mate.ScreenSaver" },
    Place { name: "org.xfce.ScreenSaver", paths: ["/", "/org/xfce/ScreenSaver"], interface: "org.xfce.ScreenSaver" },
    Place {
        name: "org.freedesktop.ScreenSaver",
        paths: ["/org/freedesktop/ScreenSaver", "/ScreenSaver"],
        interface: "org.freedesktop.ScreenSaver",
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
    rules.extend(PLACES.iter().map(|place| ownership_rule(place.name)));
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
    for interface in interfaces() {
        let mut covered = false;
        for place in PLACES.iter().filter(|place| place.interface == interface) {
            if let Some(active) = place.ask(connection).await {
                present = present.or(Some(interface));
                covered |= active;
            }
        }
        teller.learn(Fact::Covered(interface, if covered { Cover::Shown } else { Cover::Gone }));
    }
    teller.learn(Fact::ScreensaverPresent(present));
}

fn hear(signal: &Message, teller: &Teller) {
    let header = signal.header();
    let Some(interface) = interfaces().find(|known| header.interface().is_some_and(|interface| interface == *known)) else { return };
    match signal.body().deserialize() {
        Ok(true) => teller.learn(Fact::Covered(interface, Cover::Shown)),
        Ok(false) => teller.learn(Fact::Covered(interface, Cover::Gone)),
        Err(error) => tracing::debug!(%error, interface, "ActiveChanged"),
    }
}

impl Place {
    /// `None` where nobody answers.
    async fn ask(&self, connection: &Connection) -> Option<bool> {
        if !crate::bus::is_owned(connection, self.name).await.unwrap_or(false) {
            return None;
        }
        for path in self.paths {
            let reply = connection.call_method(Some(self.name), path, Some(self.interface), "GetActive", &()).await;
            if let Some(active) = reply.ok().and_then(|reply| reply.body().deserialize().ok()) {
                return Some(active);
            }
        }
        None
    }
}

fn interfaces() -> impl Iterator<Item = &'static str> {
    ["org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver", "org.xfce.ScreenSaver", "org.freedesktop.ScreenSaver"]
        .into_iter()
}
