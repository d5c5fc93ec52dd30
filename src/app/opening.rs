//! Opening the window: at a click, a second launch, or a start without an account; and what stands in for it where there is none.

use std::process::ExitStatus;

use super::{
    App,
    notices::Matter,
    wanted::Deed,
    window::{CameUp, Window},
};
use crate::{
    control::window::{Page, RUNTIME_ARGUMENT},
    heap, tray, window_process,
};

/// Why the app runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launch {
    /// Somebody, or the session, started it; with what a window may come forward, if it was given.
    ByItself { activation_token: Option<String> },
    /// A window started it, and waits.
    ForAWindow,
}

/// Its program is not installed, or does not start: the log says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoWindow;

pub(super) fn window_of(window: &Window) -> tray::Window {
    match (window.directory(), window_process::program()) {
        (Some(_), Some(_)) => tray::Window::Available,
        (None, _) | (_, None) => tray::Window::Missing,
    }
}

impl App {
    /// Opens the window at this page, or brings the one that is open forward. There never is a second one.
    pub(super) fn open_window(&mut self, page: Page, activation_token: Option<String>) -> Result<(), NoWindow> {
        self.surroundings.window = window_of(&self.window);
        self.window.summon(page, activation_token.clone());
        if self.window.is_expected() {
            window_process::let_come_forward();
            return Ok(());
        }
        let Some(directory) = self.window.directory() else { return Err(NoWindow) };
        match window_process::start([RUNTIME_ARGUMENT.as_ref(), directory.as_os_str()], activation_token.as_deref()) {
            Ok(mut child) => {
                self.window.started();
                self.notices.settle(Matter::WindowMissing);
                self.errands.spawn_local(async move { Deed::WindowEnded(child.wait().await.ok()) });
                Ok(())
            }
            Err(error) => {
                tracing::warn!(%error, "the window does not start");
                Err(NoWindow)
            }
        }
    }

    pub(super) fn show_page(&mut self, page: Page) {
        let token = self.tray.activation_token();
        if self.open_window(page, token).is_err() {
            self.do_without_window(page);
        }
    }

    /// Nobody can sign in with the icon alone. A file that cannot be read says nothing about accounts.
    pub(super) fn open_first_window(&mut self, launch: Launch) {
        let disk = &self.engine.disk;
        let nobody = disk.settings().accounts.is_empty() && !disk.has_problems();
        match launch {
            Launch::ByItself { activation_token } if nobody && self.surroundings.window == tray::Window::Available => {
                // Where it does not open, the notice says how else to sign in.
                let _ = self.open_window(Page::Home, activation_token);
            }
            Launch::ByItself { .. } | Launch::ForAWindow => {}
        }
    }

    /// A sign-in ends with it.
    pub(super) fn window_closed(&mut self) {
        self.window.forget();
        self.abandon();
        heap::give_back();
    }

    /// Its process is gone. One that was asked for while it ended opens again; one that never came up does not.
    pub(super) fn window_ended(&mut self, status: Option<ExitStatus>) {
        let (page, asked_for) = (self.window.page(), self.window.is_asked_for());
        let came_up = self.window.ended();
        if self.window.is_open() {
            return;
        }
        if came_up == CameUp::Never {
            tracing::warn!(?status, "the window ended before it could ask for anything");
            self.surroundings.window = tray::Window::Missing;
            self.do_without_window(page);
        } else if asked_for && self.open_window(page, None).is_err() {
            self.do_without_window(page);
        }
    }

    fn do_without_window(&mut self, page: Page) {
        let missing = self.wording.texts.say("notice-window-missing");
        match page {
            Page::Settings => {
                self.notices.say_once(Matter::WindowMissing, &missing);
                self.open_settings_file();
            }
            // It says how else to sign in.
            Page::Home | Page::SignIn => self.notices.settle(Matter::SignInNeeded),
            Page::Journal | Page::Doctor | Page::About => self.notices.say(Matter::WindowMissing, &missing),
        }
    }
}
