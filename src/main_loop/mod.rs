//! Which thread is whose. macOS gives the main thread to its own loop, and the app waits beside it; elsewhere there is one thread for all.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub use macos::{Center, NoLoop, beside, has_begun, hear, is_at_a_screen, order, when_asked_to_end};

/// Runs the core, here and now.
#[cfg(not(target_os = "macos"))]
pub fn beside<T: Send>(core: impl FnOnce() -> T + Send) -> T {
    core()
}
