//! What is to be seen and what is there. Used on the window's thread only.

use std::{
    mem::replace,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::mpsc::UnboundedSender;
use tracing::{debug, warn};
use windows_sys::Win32::Foundation::HWND;

use super::{
    Click, Host, Icon, Item, View,
    area::{self, Standing},
    hearing::Heard,
    menu, theme,
};
use crate::messages::{field, obeying_meanwhile};

/// Between attempts to add the icon where Explorer refuses, in milliseconds: at a busy log-on it is late. After that every new view is an
/// attempt, and so is every new taskbar.
const REFUSED: [u32; 3] = [5_000, 15_000, 60_000];

pub(super) struct Keeper {
    wanted: View,
    shown: Option<Painted>,
    /// How often the timer of [`REFUSED`] was heard since the icon was there.
    retries: usize,
    /// What was reported last.
    known: Option<Host>,
    menu: Menu,
    closed: Arc<AtomicBool>,
    clicks: UnboundedSender<Click>,
    hosts: UnboundedSender<Host>,
}

/// Everything that Windows is told to show beside the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Painted {
    pub(super) icon: Icon,
    pub(super) size: u32,
    pub(super) tip: [u16; 128],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Menu {
    Open,
    Shut,
}

/// What was heard, as an order. The keeper is free while the menu is open: the icon goes on changing.
pub(super) fn take(keeper: &Mutex<Keeper>, window: HWND, heard: Heard) {
    match heard {
        Heard::MenuAsked(x, y) => {
            let Some(items) = lock(keeper).open_menu() else { return };
            let picked = obeying_meanwhile(|| menu::ask(window, &items, x, y));
            if picked.is_none() {
                area::give_focus_back(window);
            }
            lock(keeper).menu_shut(picked);
        }
        Heard::LookAsked => lock(keeper).clicked(Click::CheckNow),
        Heard::TaskbarCreated => lock(keeper).put_up_anew(window),
        Heard::SurroundingsChanged => {
            theme::changed();
            lock(keeper).paint(window);
        }
        Heard::RetryDue => lock(keeper).retry(window),
    }
}

pub(super) fn lock(keeper: &Mutex<Keeper>) -> MutexGuard<'_, Keeper> {
    keeper.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Keeper {
    pub(super) fn new(first: View, clicks: UnboundedSender<Click>, hosts: UnboundedSender<Host>, closed: Arc<AtomicBool>) -> Self {
        Self { wanted: first, shown: None, retries: 0, known: None, menu: Menu::Shut, closed, clicks, hosts }
    }

    pub(super) fn show(&mut self, window: HWND, view: View) {
        self.wanted = view;
        self.paint(window);
    }

    /// Tells Windows what differs.
    pub(super) fn paint(&mut self, window: HWND) {
        let painted = Painted::of(&self.wanted, area::icon_size());
        if self.is_closed() || self.shown.as_ref() == Some(&painted) {
            return;
        }
        let standing = if self.shown.is_some() { Standing::Shown } else { Standing::Missing };
        if area::put(window, &painted, standing) {
            self.put_up(window, painted);
        } else {
            self.refused(window);
        }
    }

    fn put_up(&mut self, window: HWND, painted: Painted) {
        if self.is_closed() {
            // Closed from another thread, while it was being put there.
            area::remove(window);
            return;
        }
        self.shown = Some(painted);
        self.retries = 0;
        area::stop_trying(window);
        self.report(Host::Present);
    }

    pub(super) fn refused(&mut self, window: HWND) {
        self.shown = None;
        self.report(Host::Absent);
        match REFUSED.get(self.retries) {
            Some(rest) => area::try_again_in(window, *rest),
            None => debug!("the icon is not taken; waiting for another taskbar"),
        }
    }

    fn retry(&mut self, window: HWND) {
        area::stop_trying(window);
        self.retries += 1;
        self.paint(window);
    }

    fn put_up_anew(&mut self, window: HWND) {
        self.shown = None;
        self.retries = 0;
        self.paint(window);
    }

    /// What the menu is to show; `None` while it is open: Windows tells twice of one Enter.
    fn open_menu(&mut self) -> Option<Vec<Item>> {
        let was = replace(&mut self.menu, Menu::Open);
        (was == Menu::Shut && !self.is_closed()).then(|| self.wanted.menu.clone())
    }

    fn menu_shut(&mut self, picked: Option<Click>) {
        self.menu = Menu::Shut;
        picked.into_iter().for_each(|click| self.clicked(click));
    }

    fn clicked(&self, click: Click) {
        let _ = self.clicks.send(click);
    }

    fn report(&mut self, host: Host) {
        if self.known.replace(host) != Some(host) {
            if host == Host::Absent {
                warn!("the taskbar does not take the icon; waiting for it");
            }
            let _ = self.hosts.send(host);
        }
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Painted {
    pub(super) fn of(view: &View, size: u32) -> Self {
        let lines: Vec<_> = [&view.tooltip.title].into_iter().chain(&view.tooltip.lines).map(String::as_str).collect();
        Self { icon: view.icon, size, tip: field(&lines.join("\n")) }
    }
}
