//! What the integration tests share: real desktops, a private bus, bounded waiting. No product code.
#![allow(dead_code, unreachable_pub, reason = "every test program uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a failure here is one of the test")]

pub mod accessible;
pub mod app;
pub mod browser;
pub mod bus;
pub mod desk;
pub mod far_portal;
#[cfg(unix)]
pub mod oauth;
#[cfg(unix)]
pub mod program;
pub mod rig;
pub mod screen;
pub mod secrets;
pub mod source;
pub mod tls;
#[cfg(unix)]
pub mod town;
pub mod wait;
pub mod watching;

pub mod window;
pub mod windows;

use std::io::Write as _;

/// Says why a test does nothing on this machine. With `CI=true` that is a failure: there everything has to be installed.
///
/// Written past the capture of the test runner, so that whoever runs `cargo test` reads what was not tested.
pub fn skip(test: &str, reason: &str) {
    assert!(!in_ci(), "{test} may not be skipped in CI: {reason}");
    let _ = writeln!(std::io::stderr(), "skipped {test}: {reason}");
}

fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}
