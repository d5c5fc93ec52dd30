//! Every page of the window, for whoever cannot see it, has no mouse, reads large or dark: names, roles, the way of the Tab key, texts that fit.
//!
//! `SCREENS=docs/screens cargo test --test window_pages` also writes a picture of each page, in both languages, light and dark.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use b24status::presence::Status;
use b24status::text::Language;
use support::accessible::{Node, Reader};
use support::app::{self, App};
use support::far_portal::FarPortal;
use support::wait::wait_for;
use support::window::{self, Person};

const SOON: Duration = Duration::from_secs(10);

#[test]
fn every_control_on_the_way_in_has_a_name_and_is_reached_by_tab() {
    window::inside(&LARGE, "every_control_on_the_way_in_has_a_name_and_is_reached_by_tab", || way_in(Language::English, &walk));
}

#[test]
fn every_control_on_the_way_in_has_a_name_and_is_reached_by_tab_in_russian() {
    window::inside(&LARGE, "every_control_on_the_way_in_has_a_name_and_is_reached_by_tab_in_russian", || way_in(Language::Russian, &walk));
}

#[test]
fn every_control_of_the_pages_has_a_name_and_is_reached_by_tab() {
    window::inside(&LARGE, "every_control_of_the_pages_has_a_name_and_is_reached_by_tab", || pages(Language::English, &walk));
}

#[test]
fn every_control_of_the_pages_has_a_name_and_is_reached_by_tab_in_russian() {
    window::inside(&LARGE, "every_control_of_the_pages_has_a_name_and_is_reached_by_tab_in_russian", || pages(Language::Russian, &walk));
}

#[test]
fn every_text_on_the_way_in_fits() {
    window::inside(&[("SCHEME", "light")], "every_text_on_the_way_in_fits", || way_in(Language::English, &|stop| look(stop, "light")));
}

#[test]
fn every_text_on_the_way_in_fits_in_the_dark() {
    window::inside(&[("SCHEME", "dark")], "every_text_on_the_way_in_fits_in_the_dark", || {
        way_in(Language::English, &|stop| look(stop, "dark"))
    });
}

#[test]
fn every_text_on_the_way_in_fits_in_russian() {
    window::inside(&[("SCHEME", "light")], "every_text_on_the_way_in_fits_in_russian", || {
        way_in(Language::Russian, &|stop| look(stop, "light"))
    });
}

#[test]
fn every_text_on_the_way_in_fits_in_russian_in_the_dark() {
    window::inside(&[("SCHEME", "dark")], "every_text_on_the_way_in_fits_in_russian_in_the_dark", || {
        way_in(Language::Russian, &|stop| look(stop, "dark"))
    });
}

#[test]
fn every_text_on_the_way_in_fits_in_russian_at_three_times_the_size() {
    window::inside(&[("SCALE", "3"), ("GEOM", "2400x1900x24")], "every_text_on_the_way_in_fits_in_russian_at_three_times_the_size", || {
        way_in(Language::Russian, &|stop| look(stop, "large"))
    });
}

#[test]
fn every_text_of_the_pages_fits() {
    window::inside(&[("SCHEME", "light")], "every_text_of_the_pages_fits", || pages(Language::English, &|stop| look(stop, "light")));
}

#[test]
fn every_text_of_the_pages_fits_in_the_dark() {
    window::inside(&[("SCHEME", "dark")], "every_text_of_the_pages_fits_in_the_dark", || {
        pages(Language::English, &|stop| look(stop, "dark"))
    });
}

#[test]
fn every_text_of_the_pages_fits_in_russian() {
    window::inside(&[("SCHEME", "light")], "every_text_of_the_pages_fits_in_russian", || {
        pages(Language::Russian, &|stop| look(stop, "light"))
    });
}

#[test]
fn every_text_of_the_pages_fits_in_russian_in_the_dark() {
    window::inside(&[("SCHEME", "dark")], "every_text_of_the_pages_fits_in_russian_in_the_dark", || {
        pages(Language::Russian, &|stop| look(stop, "dark"))
    });
}

#[test]
fn every_text_of_the_pages_fits_in_russian_at_three_times_the_size() {
    window::inside(&[("SCALE", "3"), ("GEOM", "2400x1900x24")], "every_text_of_the_pages_fits_in_russian_at_three_times_the_size", || {
        pages(Language::Russian, &|stop| look(stop, "large"))
    });
}

/// Room for whole pages: what is scrolled away is told to nobody.
const LARGE: [(&str, &str); 1] = [("GEOM", "1000x2400x24")];

/// Where somebody is.
struct Stop<'a> {
    page: &'a str,
    /// Of the stop before.
    picture: &'a RefCell<Vec<u8>>,
    language: Language,
    person: &'a Person,
}

/// Every page from the first start to an account.
fn way_in(language: Language, visit: &dyn Fn(&Stop<'_>)) {
    app::write_settings(&format!("language = \"{}\"\n", language.tag()));
    let portal = FarPortal::start();
    let _app = App::start_only();
    let person = Person::at_the_window(language);
    let picture = RefCell::default();
    let stop = |page: &str, title: &str| {
        person.sees(title);
        visit(&Stop { page, picture: &picture, language, person: &person });
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
}

/// The pages of somebody who is signed in.
fn pages(language: Language, visit: &dyn Fn(&Stop<'_>)) {
    app::write_settings(&format!("language = \"{}\"\n", language.tag()));
    let portal = FarPortal::start();
    portal.portal().change_elsewhere(Status::Online);
    app::succeed(&["login", "--webhook", "-"], &portal.webhook());
    let _app = App::start();
    window::open();
    let person = Person::at_the_window(language);
    let picture = RefCell::default();
    for page in ["accounts", "settings", "journal", "about", "doctor"] {
        person.turns_to(&format!("window-{page}"));
        if page == "doctor" {
            person.sees("doctor-report");
        }
        visit(&Stop { page, picture: &picture, language, person: &person });
    }
}

/// All that can have the focus has a name and a role of its own, Tab goes through all of it and comes back, and each has it visibly.
fn walk(stop: &Stop<'_>) {
    window::resize(900, 2300);
    let reader = stop.person.reader();
    let shown = reader.shown();
    let controls = shown.iter().filter(|node| is_control(node));
    let unnamed: Vec<_> = controls.clone().filter(|node| node.name.trim().is_empty()).collect();
    assert!(unnamed.is_empty(), "{}: without a name: {unnamed:#?}", stop.page);
    // The arrow keys go from tab to tab, and from entry to entry. AccessKit tells AT-SPI of a button that is off as of one that is on.
    let off = ["journal-page-earlier", "journal-page-later"].map(|key| stop.person.say(key));
    let is_off = |node: &Node| off.iter().any(|name| node.role == "button" && node.name.contains(name));
    let by_tab = controls.filter(|node| !["page-tab", "list-item"].contains(&node.role.as_str()) && !is_off(node));
    let wanted: BTreeSet<_> = by_tab.map(about).collect();
    let reached = round(reader);
    let missed: Vec<_> = wanted.difference(&reached).collect();
    assert!(missed.is_empty(), "{}: not reached by Tab: {missed:#?}\nreached: {reached:#?}", stop.page);
}

fn is_control(node: &Node) -> bool {
    node.is("focusable") && node.is("enabled") && !["frame", "landmark", "page-tab-list"].contains(&node.role.as_str())
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

/// No text goes over the edge of the window. With `SCREENS`, a picture of the whole page.
fn look(stop: &Stop<'_>, kind: &str) {
    let shown = stop.person.reader().shown();
    let [left, _, width, _] = shown.iter().find(|node| node.role == "frame").unwrap().bounds.unwrap();
    let over = |node: &&Node| node.bounds.is_some_and(|[x, _, w, _]| x < left || x + w > left + width);
    let wide: Vec<_> = shown.iter().filter(over).map(|node| (&node.role, &node.name, node.bounds)).collect();
    assert!(wide.is_empty(), "{}: over the edge of {left}+{width}: {wide:#?}", stop.page);
    if let Some(directory) = std::env::var_os("SCREENS").map(PathBuf::from) {
        fs::create_dir_all(&directory).unwrap();
        let file = directory.join(format!("{}-{}-{kind}.png", stop.page, stop.language.tag()));
        // A screen reader may be told before it is painted.
        wait_for("another picture", SOON, || {
            window::picture(&file);
            stop.picture.replace(fs::read(&file).unwrap()) != *stop.picture.borrow()
        });
    }
}
