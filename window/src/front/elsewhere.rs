//! Coming forward on Windows and macOS: the system asks for no permission that could be handed over.

use i_slint_backend_winit::winit::window::{Window, WindowAttributes};

pub(super) fn with_token_of_start(attributes: WindowAttributes) -> WindowAttributes {
    attributes
}

/// Whether the window came forward by a token. There is none here.
pub(super) fn activate(_window: &Window, _token: Option<&str>) -> bool {
    false
}
