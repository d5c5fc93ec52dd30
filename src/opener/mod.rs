//! Opens a file in the program that the desktop has for it, and an address in the browser.

#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

#[cfg(not(windows))]
mod command;
#[cfg(not(windows))]
use command as system;

use std::{ffi::OsStr, io, net::IpAddr, path::Path};

use reqwest::Url;

/// Until the desktop has taken it over. Some desktops are done only when the person closes the program: nobody should wait for that.
pub async fn open(path: &Path) -> io::Result<()> {
    system::open(path).await
}

/// As [`open`], in the browser. Whoever calls it has made the address, or looked at it: anything else could be opened by it, too.
pub async fn browse(address: &str) -> io::Result<()> {
    system::browse(OsStr::new(address)).await
}

/// An address that is not ours, if it is a page and nothing else: https, or http on this machine, as the demo has it. No other scheme, which would
/// start another program; no name and password, which only deceive.
pub fn page(address: &str) -> Option<String> {
    let address = Url::parse(address).ok()?;
    let on_this_machine = || address.host_str().is_some_and(|host| host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback()));
    let allowed = address.scheme() == "https" || (address.scheme() == "http" && on_this_machine());
    (allowed && address.username().is_empty() && address.password().is_none()).then(|| address.into())
}

/// The command, and what stands before the file. A Mac has no program for the ending of our settings, and an editor for every text.
#[cfg(not(windows))]
const OPENER: (&str, &[&str]) = if cfg!(target_os = "macos") { ("open", &["-t"]) } else { ("xdg-open", &[]) };

/// For an address it is the browser on either system.
#[cfg(not(windows))]
const BROWSER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_web_and_of_this_machine_are_opened() {
        for address in [
            "https://acme.bitrix24.com/devops/section/standard/",
            "https://xn--80awhdgm.xn--p1ai/",
            "http://127.0.0.1:4711/oauth/authorize/?a=b",
        ] {
            assert!(page(address).is_some(), "{address}");
        }
        for address in [
            "http://acme.bitrix24.com/",
            "http://localhost.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ms-settings:",
            "/usr/bin/xterm",
            "-e xterm",
            "https://acme.bitrix24.com@evil.example/",
            "",
        ] {
            assert!(page(address).is_none(), "{address}");
        }
    }
}
