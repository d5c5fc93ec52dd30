//! Slint's own platform, but for one thing: the text cursor does not blink. A blinking one wakes the machine twice a second, for ever.

use std::{rc::Rc, time::Duration};

use i_slint_backend_winit::Backend;
use i_slint_core::{InternalToken, SlintContextWeak};
use slint::{
    PlatformError,
    platform::{Clipboard, EventLoopProxy, Platform, WindowAdapter},
};

pub(super) fn select(backend: Backend) -> Result<(), PlatformError> {
    slint::platform::set_platform(Box::new(Steady(backend))).map_err(|error| PlatformError::Other(error.to_string()))
}

pub(crate) fn put_on_clipboard(text: &str) {
    // There is a platform as long as there is a window to copy from.
    let _ = i_slint_core::with_global_context(
        || Err(PlatformError::NoPlatform),
        |context| context.platform().set_clipboard_text(text, Clipboard::DefaultClipboard),
    );
}

struct Steady(Backend);

impl Platform for Steady {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        self.0.create_window_adapter()
    }

    fn run_event_loop(&self) -> Result<(), PlatformError> {
        self.0.run_event_loop()
    }

    fn bind_context(&self, context: SlintContextWeak, token: InternalToken) {
        self.0.bind_context(context, token);
    }

    fn new_event_loop_proxy(&self) -> Option<Box<dyn EventLoopProxy>> {
        self.0.new_event_loop_proxy()
    }

    fn cursor_flash_cycle(&self) -> Duration {
        Duration::ZERO
    }

    fn set_clipboard_text(&self, text: &str, clipboard: Clipboard) {
        self.0.set_clipboard_text(text, clipboard);
    }

    fn clipboard_text(&self, clipboard: Clipboard) -> Option<String> {
        self.0.clipboard_text(clipboard)
    }
}
