//! Where the window stands on the desktop: how it is drawn, and how it comes forward when it is asked for.

mod steady;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as place;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
use elsewhere as place;

use i_slint_backend_winit::{
    Backend, EventResult, WinitWindowAccessor,
    winit::{
        event::WindowEvent,
        window::{UserAttentionType, Window},
    },
};
use i_slint_core::window::WindowInner;
use slint::{ComponentHandle, PlatformError};

use crate::pages::MainWindow;

pub(crate) use steady::put_on_clipboard;

/// Before the first window is made.
pub(crate) fn select() -> Result<(), PlatformError> {
    let backend = Backend::builder().with_renderer_name("software").with_window_attributes_hook(place::with_token_of_start).build()?;
    steady::select(backend)?;
    slint::set_xdg_app_id("b24status")
}

/// Comes forward. `token` is what a Wayland compositor gave to whoever asked.
pub(crate) fn come(window: &MainWindow, token: Option<&str>) {
    window.window().set_minimized(false);
    window.window().with_winit_window(|window| come_as(window, token));
}

/// A key reaches the shortcuts of the window also where the part that had the keyboard has just gone with its page.
pub(crate) fn keep_the_keyboard(window: &MainWindow) {
    let weak = window.as_weak();
    window.window().on_winit_window_event(move |of_event, event| {
        let homeless =
            matches!(event, WindowEvent::KeyboardInput { .. }) && WindowInner::from_pub(of_event).focus_item.borrow().upgrade().is_none();
        if let Some(window) = weak.upgrade().filter(|_| homeless) {
            window.invoke_take_keyboard();
        }
        EventResult::Propagate
    });
}

fn come_as(window: &Window, token: Option<&str>) {
    if place::activate(window, token) {
        return;
    }
    window.focus_window();
    if !window.has_focus() {
        window.request_user_attention(Some(UserAttentionType::Informational));
    }
}
