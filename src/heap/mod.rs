//! The memory that was freed and is still ours. Where the allocator keeps none, there is nothing to do.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod linux;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub use linux::{give_back, share};

/// Only glibc's allocator has one for each thread.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn share() {}

/// Only glibc's allocator keeps what was freed until it is told.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
