//! The tray icon and its menu: a value, and what paints it.
//!
//! [`view`] says what is to be seen, [`Tray`] brings it to the desktop and tells what was clicked. No decision here.

mod view;
mod overview;
mod words;
mod menu;
mod icon;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(test)]
mod tests;

use tokio::sync::mpsc::UnboundedSender;

pub use icon::{Badge, Icon, Look, Pixels, SIZES};
pub use view::{
    Access, Account, Autostart, Facts, IdleSource, IdleSwitch, Item, JOURNAL_LINES, Kind, Storage, Tick, Tooltip, Urgency, View, Window,
    view,
};

use crate::presence::Status;

#[cfg(target_os = "linux")]
use linux as backend;
#[cfg(target_os = "macos")]
use macos as backend;
#[cfg(windows)]
use windows as backend;

/// The icon on the desktop, from [`Tray::start`] to [`Tray::close`]; dropped, it vanishes as well.
pub struct Tray(backend::Tray);

impl Tray {
    /// Returns at once and never fails: a tray host that is late, gone or hung is waited for inside, and what is known about it is
    /// told to `hosts`. Needs a tokio runtime.
    pub async fn start(first: View, clicks: UnboundedSender<Click>, hosts: UnboundedSender<Host>) -> Self {
        Self(backend::Tray::start(first, clicks, hosts))
    }

    /// Shows another view. Does not wait for the tray host; nothing happens if the view is the one shown.
    pub async fn show(&self, view: View) {
        self.0.show(view);
    }

    /// With what a window may come forward because of the click that came last, where the tray host gave it (xdg-activation).
    pub fn activation_token(&self) -> Option<String> {
        self.0.activation_token()
    }

    /// Removes the icon, within half a second whatever the tray host does.
    pub async fn close(self) {
        self.0.close().await;
    }
}

/// Whether an icon would be shown if there was one: for a process that has none.
pub async fn look_for_host() -> Host {
    backend::look_for_host().await
}

/// What the person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Click {
    Status(Status),
    For(Status, Span),
    ToggleIdle,
    ToggleAutostart,
    UnlockKeyring,
    OpenSettings,
    /// The whole journal, in the window.
    OpenJournal,
    SignIn,
    /// Look at the portals now.
    CheckNow,
    Quit,
}

/// How long a status is to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    Minutes(u16),
    /// The next day at 9:00.
    UntilTomorrowMorning,
}

/// Whether there is anything to show the icon in. Reported when it is first known and when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    Present,
    /// The desktop has no place for icons, or not yet: at login that can take a minute.
    Absent,
    /// There is no session bus to ask.
    NoBus,
}
