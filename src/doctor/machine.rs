//! What needs neither the desktop nor a portal: the running app, the settings, the proxy, the start at login.

use std::{env, path::Path, time::Duration};

use super::{Examination, Finding, Part, Verdict};
use crate::{
    autostart::{Autostart, State},
    control::{self, AskError, Request, Response},
    settings::Problem,
};

impl Examination<'_> {
    pub(super) async fn app(&self) -> Finding {
        match control::ask(self.paths, Request::Status, Duration::from_secs(3)).await {
            Ok(Response::Status(report)) => {
                let (pid, version) = (report.pid.unwrap_or_default().to_string(), report.version);
                self.ok(Part::App, "doctor-app-running", &[("pid", pid.into()), ("version", version.into())])
            }
            Err(AskError::NotRunning) => self.ok(Part::App, "doctor-app-not-running", &[]),
            Err(AskError::Foreign { path }) => self.problem(Part::App, "doctor-app-foreign", &[("path", redacted(&path).into())]),
            Ok(Response::Done | Response::Why(_) | Response::Doctor(_) | Response::Refused(_))
            | Err(AskError::NoAnswer | AskError::Refused(_) | AskError::Io(_)) => self.problem(Part::App, "doctor-app-silent", &[]),
        }
    }

    /// What a supporter asks first.
    pub(super) fn session(&self) -> Finding {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| "-".to_owned());
        let (desktop, kind) = (variable("XDG_CURRENT_DESKTOP"), variable("XDG_SESSION_TYPE"));
        let system = format!("{} {}", env::consts::OS, env::consts::ARCH);
        let version = env!("CARGO_PKG_VERSION");
        let arguments = [("version", version.into()), ("system", system.into()), ("desktop", desktop.into()), ("kind", kind.into())];
        self.ok(Part::Session, "doctor-session", &arguments)
    }

    pub(super) fn settings_file(&self, problems: &[Problem]) -> Vec<Finding> {
        let path = self.settings.path().unwrap_or(Path::new("-"));
        if problems.is_empty() {
            return vec![self.ok(Part::Settings, "doctor-settings", &[("path", redacted(path).into())])];
        }
        let shown = Path::new(&redacted(path)).to_owned();
        let sentences = problems.iter().map(|problem| problem.sentence(self.texts, &shown));
        sentences.map(|text| Finding { part: Part::Settings, verdict: Verdict::Problem, text }).collect()
    }

    pub(super) fn proxy(&self) -> Finding {
        let variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
        match variables.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty())) {
            Some(proxy) => self.ok(Part::Proxy, "doctor-proxy", &[("proxy", without_password(&proxy).into())]),
            None => self.ok(Part::Proxy, "doctor-proxy-none", &[]),
        }
    }

    pub(super) fn autostart(&self) -> Finding {
        match Autostart::of_this_user().and_then(|autostart| autostart.state()) {
            Ok(State::On) => self.ok(Part::Autostart, "doctor-autostart-on", &[]),
            Ok(State::Off) => self.ok(Part::Autostart, "doctor-autostart-off", &[]),
            Ok(State::OnElsewhere(path)) => {
                self.problem(Part::Autostart, "doctor-autostart-elsewhere", &[("path", redacted(&path).into())])
            }
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "the start at login could not be looked at");
                self.unknown(Part::Autostart, "doctor-autostart-unknown", &[])
            }
        }
    }
}

/// A home directory names its owner.
fn redacted(path: &Path) -> String {
    let home = env::var_os("HOME").filter(|home| !home.is_empty());
    let below = home.and_then(|home| path.strip_prefix(home).ok());
    below.map_or_else(|| path.display().to_string(), |below| format!("~/{}", below.display()))
}

/// `http://ivan:secret@proxy:3128` without the part before the `@`.
fn without_password(proxy: &str) -> String {
    let (scheme, rest) = proxy.split_once("://").map_or(("", proxy), |(scheme, rest)| (scheme, rest));
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    if scheme.is_empty() { place.to_owned() } else { format!("{scheme}://{place}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_without_its_password() {
        assert_eq!(without_password("http://ivan:se@cret@proxy.example:3128/"), "http://proxy.example:3128/");
        assert_eq!(without_password("ivan:secret@proxy.example:3128"), "proxy.example:3128");
        assert_eq!(without_password("socks5://proxy.example"), "socks5://proxy.example");
    }
}
