//! Sign-in through the browser: the real window, the real app and a real Chromium on the demo portal's page.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::Duration;

use b24status::demo::portal::Application;
use b24status::text::Language;
use secrecy::ExposeSecret;
use support::accessible::{Node, Reader};
use support::app::{self, App};
use support::far_portal::FarPortal;
use support::rig;
use support::secrets;
use support::wait::wait_for;
use support::window::{self, Person};

const SOON: Duration = Duration::from_secs(10);
/// How the application is called on the portal.
const APPLICATION: &str = "b24status";

#[test]
fn allowed_in_the_browser_the_account_is_there() {
    on_desktop("allowed_in_the_browser_the_account_is_there", |portal| {
        let app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        let application = ivan.asks_the_browser(portal);
        Browser::new().answers("Allow");
        ivan.sees("whose-title");
        ivan.reads("*Ivan Petrov*");
        ivan.presses("whose-yes");
        ivan.sees("idle-title");
        app.wait_for_status("connection", "ok");
        secrets::assert_only_in_the_keyring(application.client_secret.expose_secret());
    });
}

#[test]
fn cancelled_in_the_browser_and_in_the_window_nothing_is_lost() {
    on_desktop("cancelled_in_the_browser_and_in_the_window_nothing_is_lost", |portal| {
        let _app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        let application = ivan.asks_the_browser(portal);
        Browser::new().answers("Cancel");
        ivan.presses("window-cancel");
        ivan.sees("application-title");
        assert_eq!(ivan.holds("application-id"), application.client_id);
        assert_eq!(secrets::in_the_keyring(), "");
    });
}

#[test]
fn a_closed_tab_is_opened_again() {
    on_desktop("a_closed_tab_is_opened_again", |portal| {
        let _app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        ivan.asks_the_browser(portal);
        let browser = Browser::new();
        browser.closes_the_tab();
        ivan.presses("browser-open-again");
        browser.answers("Allow");
        ivan.sees("whose-title");
    });
}

#[test]
fn of_two_sign_ins_the_later_one_counts() {
    on_desktop("of_two_sign_ins_the_later_one_counts", |portal| {
        let _app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        ivan.asks_the_browser(portal);
        let browser = Browser::new();
        let first = browser.waits_for("Allow");
        ivan.presses("window-cancel");
        ivan.presses("application-go");
        browser.waits_for_another("Allow", &first);
        browser.turns_to_the_tab_of(&first, "Allow");
        browser.answers("Allow");
        browser.loses("Allow");
        ivan.sees("browser-waiting");
        browser.turns_back();
        browser.answers("Allow");
        ivan.sees("whose-title");
    });
}

#[test]
fn where_the_port_is_taken_the_address_is_pasted() {
    on_desktop("where_the_port_is_taken_the_address_is_pasted", |portal| {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        app::write_settings(&format!("oauth_port = {port}\n"));
        let _app = App::start_only();
        let ivan = Person::at_the_window(Language::English);
        ivan.asks_the_browser(portal);
        let redirected = std::thread::spawn(move || address_asked_of(&taken));
        Browser::new().answers("Allow");
        ivan.pastes("browser-code", &redirected.join().unwrap());
        ivan.presses("browser-code-use");
        ivan.sees("whose-title");
    });
}

fn on_desktop(test: &str, body: impl FnOnce(&FarPortal)) {
    window::inside(&[("BROWSER", "chromium")], test, || body(&FarPortal::start()));
}

/// What the browser asks of somebody else's program: what stands in its address line then.
fn address_asked_of(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line).unwrap();
    stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    let path = line.split_whitespace().nth(1).unwrap();
    format!("http://{}{path}", listener.local_addr().unwrap())
}

trait AsksTheBrowser {
    fn asks_the_browser(&self, portal: &FarPortal) -> Application;
}

impl AsksTheBrowser for Person {
    /// From the first page to the page in the browser, with an application that an administrator has made as the window says.
    fn asks_the_browser(&self, portal: &FarPortal) -> Application {
        self.pastes("address-label", &format!("http://{}", portal.portal().address()));
        self.presses("window-next");
        self.presses("way-oauth-choose");
        let application = portal.portal().register(APPLICATION, &self.holds("application-redirect")).unwrap();
        self.pastes("application-id", &application.client_id);
        self.pastes("application-secret", application.client_secret.expose_secret());
        self.presses("application-go");
        self.sees("browser-title");
        application
    }
}

/// A person at the page in Chromium.
struct Browser {
    reader: Reader,
}

impl Browser {
    fn new() -> Self {
        Self { reader: Reader::of("Chromium") }
    }

    fn waits_for(&self, button: &str) -> Node {
        self.reader.wait("button", button)
    }

    /// The page of a tab is never that of another.
    fn waits_for_another(&self, button: &str, than: &Node) {
        wait_for("another tab", SOON, || self.waits_for(button).path != than.path);
    }

    fn turns_to_the_tab_of(&self, node: &Node, button: &str) {
        rig::input(&["key", "ctrl+Page_Up"]);
        wait_for("the tab before", SOON, || self.waits_for(button).path == node.path);
    }

    fn turns_back(&self) {
        rig::input(&["key", "ctrl+Page_Down"]);
    }

    fn answers(&self, button: &str) {
        self.reader.press("button", button);
    }

    fn loses(&self, button: &str) {
        self.reader.gone("button", button);
    }

    fn closes_the_tab(&self) {
        self.reader.focus("button", "Allow");
        rig::input(&["key", "ctrl+w"]);
        self.loses("Allow");
    }
}
