//! The figures of the window, measured on the real programs: `cargo bench --bench window`.
//!
//! Inside the X11 rig, beside a running app with an account. The window is built by a command of its own: built together with the app it would be
//! another program. Fails where a figure is over its limit.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for developers")]

#[cfg(target_os = "linux")]
#[path = "../figures/figure.rs"]
mod figure;
#[cfg(target_os = "linux")]
mod frame;
#[cfg(target_os = "linux")]
mod linux;
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
