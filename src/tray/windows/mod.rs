//! The icon in the notification area, and its menu, spoken to Windows directly: `Shell_NotifyIconW` in its version 4, and menus of Windows.
//!
//! The icon is painted on the window's thread alone. Windows may deliver a message while it is being called from there, so whoever hears one
//! does nothing but give an order. No attention state here: the badge shows that something is wrong, and a notice says so.
//!
//! <https://learn.microsoft.com/windows/win32/shell/notification-area>

mod area;
mod hearing;
mod keeper;
mod menu;
mod picture;
mod theme;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::{
    sync::{mpsc::UnboundedSender, oneshot},
    time::timeout,
};
use tracing::warn;

use crate::messages::{self, Listening, Window};

use super::{Click, Host, Icon, Item, Kind, Tick, View};
use hearing::Hearing;
use keeper::Keeper;

/// An Explorer that does not answer is not waited for at the end.
const CLOSING: Duration = Duration::from_millis(500);

/// Dropped, it takes the icon away as soon as the window's thread is free.
pub(super) struct Tray(Option<Post>);

struct Post {
    window: &'static Window,
    keeper: Arc<Mutex<Keeper>>,
    /// Nothing is painted from now on.
    closed: Arc<AtomicBool>,
    _listening: Listening,
}

impl Tray {
    pub(super) fn start(first: View, clicks: UnboundedSender<Click>, hosts: UnboundedSender<Host>) -> Self {
        match messages::window() {
            Ok(window) => Self(Some(Post::on(window, first, clicks, hosts))),
            Err(error) => {
                warn!(%error, "no window can be opened here, and so there is no icon");
                let _ = hosts.send(Host::Absent);
                Self(None)
            }
        }
    }

    pub(super) fn show(&self, view: View) {
        let Some(post) = &self.0 else { return };
        let keeper = Arc::clone(&post.keeper);
        post.window.order(move |window| keeper::lock(&keeper).show(window, view));
    }

    /// Nobody needs one here.
    pub(super) fn activation_token(&self) -> Option<String> {
        None
    }

    pub(super) async fn close(self) {
        let Some(post) = &self.0 else { return };
        post.closed.store(true, Ordering::SeqCst);
        let window = post.window;
        let (told, gone) = oneshot::channel();
        // Not on the window's thread, which may be busy, nor on one of the runtime's, which waits for all of them at its end.
        thread::spawn(move || {
            area::remove(window.handle());
            let _ = told.send(());
        });
        let _ = timeout(CLOSING, gone).await;
    }
}

impl Post {
    fn on(window: &'static Window, first: View, clicks: UnboundedSender<Click>, hosts: UnboundedSender<Host>) -> Self {
        let closed = Arc::new(AtomicBool::new(false));
        let keeper = Arc::new(Mutex::new(Keeper::new(first, clicks, hosts, Arc::clone(&closed))));
        let heard = Arc::clone(&keeper);
        let listening = window.listen(move |handle| {
            theme::follow_the_system();
            let hearing = Hearing::on(handle);
            move |message| {
                let heard = (hearing.of(message)?, Arc::clone(&heard));
                window.order(move |handle| keeper::take(&heard.1, handle, heard.0));
                None
            }
        });
        let painted = Arc::clone(&keeper);
        window.order(move |handle| keeper::lock(&painted).paint(handle));
        Self { window, keeper, closed, _listening: listening }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        self.window.order(area::remove);
    }
}

pub(super) async fn look_for_host() -> Host {
    if area::taskbar().is_some() { Host::Present } else { Host::Absent }
}
