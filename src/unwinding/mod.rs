//! Unwinding, which a release does not do: a panic ends it at once. What the standard library would need for it stays out of the program.

#[cfg(all(panic = "abort", target_os = "linux", target_env = "gnu"))]
mod linux;
