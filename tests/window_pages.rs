//! Every page of the window, for whoever cannot see it, has no mouse, reads large or dark: names, roles, the way of the Tab key, texts that fit.
//!
//! `SCREENS=docs/screens cargo test --test window_pages` also writes a picture of each page, in both languages, light and dark.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use b24status::presence::Status;
use b24status::text::Language;
use support::accessible::{Node, Reader};
use support::app::{self, App};
use support::far_portal::FarPortal;
use support::rig;
use support::window::{self, Person};

#[test]
fn every_control_has_a_name_and_is_reached_by_tab() {
    window::inside(&LARGE, "every_control_has_a_name_and_is_reached_by_tab", || tour(Language::English, "light", walk));
}

#[test]
fn every_control_has_a_name_and_is_reached_by_tab_in_russian() {
    window::inside(&LARGE, "every_control_has_a_name_and_is_reached_by_tab_in_russian", || tour(Language::Russian, "light", walk));
}

#[test]
fn every_text_fits_its_page() {
    window::inside(&[("SCHEME", "light")], "every_text_fits_its_page", || tour(Language::English, "light", look));
}

#[test]
fn every_text_fits_its_page_in_russian() {
    window::inside(&[("SCHEME", "light")], "every_text_fits_its_page_in_russian", || tour(Language::Russian, "light", look));
}

#[test]
fn every_text_fits_its_page_in_the_dark() {
    window::inside(&[("SCHEME", "dark")], "every_text_fits_its_page_in_the_dark", || tour(Language::English, "dark", look));
}

#[test]
fn every_text_fits_its_page_in_the_dark_in_russian() {
    window::inside(&[("SCHEME", "dark")], "every_text_fits_its_page_in_the_dark_in_russian", || tour(Language::Russian, "dark", look));
}

#[test]
fn every_text_fits_its_page_at_three_times_the_size() {
    let variables = [("SCALE", "3"), ("GEOM", "2560x1800x24")];
    window::inside(&variables, "every_text_fits_its_page_at_three_times_the_size", || tour(Language::Russian, "large", look));
}

/// Room for whole pages: what is scrolled away does not show.
const LARGE: [(&str, &str); 1] = [("GEOM", "1600x2400x24")];

/// Where somebody is on the way, and how the pictures are named.
struct Stop<'a> {
    page: &'a str,
    language: Language,
    scheme: &'a str,
    person: &'a Person,
}

/// From the first start through every page. Nothing is awaited but what shows.
fn tour(language: Language, scheme: &str, visit: impl Fn(&Stop<'_>)) {
    app::write_settings(&format!("language = \"{}\"\n", language.tag()));
    let portal = FarPortal::start();
    portal.portal().change_elsewhere(Status::Online);
    let _app = App::start_only();
    let person = Person::at_the_window(language);
    let stop = |page: &str, title: &str| {
        person.sees(title);
        visit(&Stop { page, language, scheme, person: &person });
    };
    stop("1-address", "address-title");
    person.pastes("address-label", "acme.bitrix24.com");
    person.presses("window-next");
    stop("2-way", "way-title");
    person.presses("way-webhook-choose");
    stop("3-webhook", "webhook-title");
    person.presses("window-back");
    person.presses("way-oauth-choose");
    stop("4-application", "application-title");
    person.presses("window-back");
    person.presses("way-webhook-choose");
    person.pastes("webhook-label", &portal.webhook());
    person.presses("webhook-try");
    stop("5-whose", "whose-title");
    person.presses("whose-yes");
    stop("6-idle", "idle-title");
    person.presses("window-next");
    stop("7-login", "login-title");
    person.presses("window-next");
    stop("8-done", "done-title");
    person.presses("done-accounts");
    for (page, tab) in
        [("accounts", "window-accounts"), ("settings", "window-settings"), ("journal", "window-journal"), ("about", "window-about")]
    {
        person.turns_to(tab);
        visit(&Stop { page, language, scheme, person: &person });
    }
    person.turns_to("window-doctor");
    person.loses("doctor-running");
    stop("doctor", "doctor-title");
}

/// All that can have the focus has a name and a role of its own, Tab goes through all of it and comes back, and each has it visibly.
fn walk(stop: &Stop<'_>) {
    let reader = stop.person.reader();
    let shown = reader.shown();
    let controls = shown.iter().filter(|node| is_control(node));
    let unnamed: Vec<_> = controls.clone().filter(|node| node.name.trim().is_empty()).collect();
    assert!(unnamed.is_empty(), "{}: without a name: {unnamed:#?}", stop.page);
    // The arrow keys go from tab to tab.
    let wanted: BTreeSet<_> = controls.filter(|node| node.role != "page-tab").map(about).collect();
    let reached = round(reader);
    let missed: Vec<_> = wanted.difference(&reached).collect();
    assert!(missed.is_empty(), "{}: not reached by Tab: {missed:#?}\nreached: {reached:#?}", stop.page);
}

fn is_control(node: &Node) -> bool {
    node.is("focusable") && node.is("enabled") && node.role != "frame" && node.role != "page-tab-list"
}

fn about(node: &Node) -> (String, String, String) {
    (node.role.clone(), node.name.clone(), node.description.clone())
}

/// Once around with Tab.
fn round(reader: &Reader) -> BTreeSet<(String, String, String)> {
    let first = reader.key("Tab");
    let mut reached = BTreeSet::from([about(&first)]);
    loop {
        let next = reader.key("Tab");
        if next.path == first.path {
            return reached;
        }
        reached.insert(about(&next));
        assert!(reached.len() < 200, "Tab does not come back");
    }
}

/// No text goes over the right edge of the window; with `SCREENS`, a picture.
fn look(stop: &Stop<'_>) {
    let shown = stop.person.reader().shown();
    let [left, _, width, _] = shown.iter().find(|node| node.role == "frame").unwrap().bounds.unwrap();
    let over = |node: &&Node| node.bounds.is_some_and(|[x, _, w, _]| x < left || x + w > left + width);
    let wide: Vec<_> = shown.iter().filter(over).map(|node| (&node.role, &node.name, node.bounds)).collect();
    assert!(wide.is_empty(), "{}: over the edge of {left}+{width}: {wide:#?}", stop.page);
    if let Some(directory) = std::env::var_os("SCREENS") {
        let file = PathBuf::from(directory).join(format!("{}-{}-{}.png", stop.page, stop.language.tag(), stop.scheme));
        let window = window::processes()[0].to_string();
        let search = Command::new("xdotool").args(["search", "--onlyvisible", "--pid", &window]).output().unwrap();
        let number = String::from_utf8_lossy(&search.stdout).trim().to_owned();
        let taken = Command::new("import").args(["-window", &number, "-depth", "8", "-colors", "128"]).arg(file).status().unwrap();
        assert!(taken.success());
    }
}
