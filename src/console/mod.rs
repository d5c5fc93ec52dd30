//! The console of the shell that started the program. Nothing is opened that was not there, and what is redirected stays as it is.

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::join;

/// Elsewhere a program has what its shell has from the start.
#[cfg(not(windows))]
pub fn join() {}
