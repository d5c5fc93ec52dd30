//! Coming forward on a desktop of freedesktop.org: whoever asks for it has a token of the compositor, and hands it over.
//!
//! <https://wayland.app/protocols/xdg-activation-v1>

use i_slint_backend_winit::winit::{
    platform::startup_notify::WindowAttributesExtStartupNotify,
    raw_window_handle::{HasDisplayHandle, HasWindowHandle, RawDisplayHandle, RawWindowHandle},
    window::{ActivationToken, Window, WindowAttributes},
};
use wayland_client::{
    Connection, Dispatch, Proxy, QueueHandle,
    backend::{Backend, ObjectId},
    delegate_noop,
    globals::{GlobalListContents, registry_queue_init},
    protocol::{wl_registry::WlRegistry, wl_surface::WlSurface},
};
use wayland_protocols::xdg::activation::v1::client::xdg_activation_v1::XdgActivationV1;

/// Whoever started this program may have left a token.
pub(super) fn with_token_of_start(attributes: WindowAttributes) -> WindowAttributes {
    let token = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"].into_iter().find_map(|name| std::env::var(name).ok());
    match token {
        Some(token) => attributes.with_activation_token(ActivationToken::from_raw(token)),
        None => attributes,
    }
}

/// Whether the compositor was asked to bring the window forward: winit does so for a window that opens, not for one that is open.
pub(super) fn activate(window: &Window, token: Option<&str>) -> bool {
    token.is_some_and(|token| ask_compositor(window, token).is_some())
}

fn ask_compositor(window: &Window, token: &str) -> Option<()> {
    let RawDisplayHandle::Wayland(display) = window.display_handle().ok()?.as_raw() else { return None };
    let RawWindowHandle::Wayland(surface) = window.window_handle().ok()?.as_raw() else { return None };
    // SAFETY: winit keeps its connection open as long as the window lives, and the borrow of the window outlives this function. A guest leaves
    // the connection open when it is dropped.
    let connection = Connection::from_backend(unsafe { Backend::from_foreign_display(display.display.as_ptr().cast()) });
    // SAFETY: the pointer is that of the `wl_surface` of this window, which lives as long as it.
    let id = unsafe { ObjectId::from_ptr(WlSurface::interface(), surface.surface.as_ptr().cast()) }.ok()?;
    let surface = WlSurface::from_id(&connection, id).ok()?;
    let (globals, queue) = registry_queue_init::<Asking>(&connection).ok()?;
    let activation: XdgActivationV1 = globals.bind(&queue.handle(), 1..=1, ()).ok()?;
    activation.activate(token.to_owned(), &surface);
    activation.destroy();
    connection.flush().ok()
}

/// Hears nothing: the request has no answer.
struct Asking;

impl Dispatch<WlRegistry, GlobalListContents> for Asking {
    fn event(_: &mut Self, _: &WlRegistry, _: <WlRegistry as Proxy>::Event, _: &GlobalListContents, _: &Connection, _: &QueueHandle<Self>) {
    }
}

delegate_noop!(Asking: XdgActivationV1);
