//! Somebody who signs in with the browser, with the real program against the demo's portal.

use std::io::Write;
use std::process::Command;

use b24status::demo::portal::Application;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::browser;
use super::program::{Home, LIMIT, Outcome, Running};
use super::town::{Building, Town};
use super::wait::wait_for;

/// A portal with an application, whose browsers come back to a port that is free.
pub fn portal(town: &Town) -> (Building, Application) {
    let portal = town.portal();
    let card = portal.register("b24status", &format!("http://127.0.0.1:{}/", browser::free_port())).unwrap();
    (portal, card)
}

pub fn port_of(card: &Application) -> u16 {
    card.redirect.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap()
}

/// The command, with the secret typed in, once it has printed the address.
pub fn start(home: &Home, portal: &Building, card: &Application, more: &[&str]) -> Running {
    let (site, port) = (format!("http://{}", portal.address()), port_of(card).to_string());
    let mut line = vec!["login", "--oauth", &site, "--client-id", &card.client_id, "--client-secret", "-", "--port", &port];
    line.extend(more);
    let mut running = home.start(&line);
    writeln!(running.stdin(), "{}", card.client_secret.expose_secret()).unwrap();
    wait_for("the address", LIMIT, || running.printed().contains("comes back to"));
    running
}

/// What the browser opens.
pub fn address(running: &Running) -> String {
    running.printed().lines().find(|line| line.starts_with("http://")).unwrap().to_owned()
}

/// As a person does it; must succeed.
pub fn sign_in(home: &Home, portal: &Building, card: &Application) -> Outcome {
    let running = start(home, portal, card, &["--no-browser"]);
    browser::open(&browser::allow(&address(&running)));
    let outcome = running.end();
    assert_eq!(outcome.code, 0, "{outcome:?}");
    outcome
}

/// The tokens and the secret of the application, as the keyring has them.
pub fn secrets(portal: &Building) -> Vec<String> {
    let output = Command::new("secret-tool").args(["lookup", "application", "b24status", "account", &portal.account()]).output().unwrap();
    let fields: Value = serde_json::from_slice(&output.stdout).unwrap();
    ["access_token", "refresh_token", "client_secret"].map(|key| fields[key].as_str().unwrap().to_owned()).into()
}
