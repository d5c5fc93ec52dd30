//! The figures of the README, measured on the real program: `cargo bench --bench figures`.
//!
//! Inside the X11 rig, with a real bus and a real keyring. The tray host is ours, so that the first moment is seen, and so is the portal, behind
//! real TLS. Fails where a figure is over its limit. A busy machine makes the times longer, not the counts.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for developers")]

#[cfg(target_os = "linux")]
mod figure;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod tray_host;
#[cfg(target_os = "linux")]
#[path = "../../tests/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the figures are measured on Linux only");
}
