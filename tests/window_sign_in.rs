//! Signing in from the window: what it asks, and what it is told. The app is the demo's, which keeps in memory what is signed in; the portals are on real
//! sockets, and the browser is a program that notes what it is to open.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt,
    thread,
};

use b24status::{
    control::window::{Authorize, Authorizing, FOR_A_WINDOW, Fault, Remedy, Told, Trial, Understood, Wanted},
    demo::portal::{Application, Fault as Trouble, Refusal},
    paths::Paths,
};
use secrecy::ExposeSecret;
use support::{
    browser,
    program::{Desktop, Home, LIMIT, Running},
    rig,
    town::{Building, Town},
    wait::{wait_for, wait_for_some},
    watching::Window,
};
use tokio::runtime::Builder;

#[tokio::test]
async fn a_webhook_is_understood_tried_and_kept() {
    let case = Case::start().await;
    let portal = case.portal();
    let mut window = case.window().await;
    let address = portal.secret_address();
    let text = || format!("  Hello! {address}profile.json, thanks").into();
    let understood = window.ask(Wanted::Understand { text: text() }).await;
    assert_eq!(understood, Told::Understood(Understood::Webhook { portal: portal.address().to_string() }));
    assert_eq!(portal.watch().methods(), [], "no request left for that");
    let tried = window.ask(Wanted::TryWebhook { text: text(), ca_file: None }).await;
    let trial = Trial { name: "Ivan Petrov".to_owned(), portal: portal.address().to_string(), status: None, known: false };
    assert_eq!(tried, Told::Tried(trial.clone()));
    assert_eq!(window.overview(None).await.settings.accounts.len(), 1, "nothing is kept yet");
    assert_eq!(window.ask(Wanted::Keep).await, Told::Kept { account: portal.account() });
    let overview = window.sees("the account to be in use", |now| now.status.accounts.len() == 2 && now.status.connection == "ok").await;
    assert!(overview.status.accounts.iter().any(|account| account.id == portal.account() && account.name == "Ivan Petrov"));
    assert_eq!(overview.settings.accounts[1].kind, "webhook");
    assert_eq!(window.ask(Wanted::TryWebhook { text: text(), ca_file: None }).await, Told::Tried(Trial { known: true, ..trial }));
    assert_eq!(window.ask(Wanted::Remove { account: portal.account() }).await, Told::Done);
    assert_eq!(window.overview(None).await.status.accounts.len(), 1);
}

#[tokio::test]
async fn a_portal_is_understood_with_its_pages() {
    let case = Case::start().await;
    let mut window = case.window().await;
    let Told::Understood(Understood::Portal { portal, name, webhook_page, application_page }) =
        window.ask(Wanted::Understand { text: "Портал: https://acme.bitrix24.ru/stream/ ".to_owned().into() }).await
    else {
        panic!("it is a portal")
    };
    assert_eq!((portal.as_str(), name.as_str()), ("https://acme.bitrix24.ru/", "acme.bitrix24.ru"));
    assert!([webhook_page, application_page].iter().all(|page| page.starts_with("https://acme.bitrix24.ru/")));
    assert!(!fault(window.ask(Wanted::Understand { text: "good morning".to_owned().into() }).await).sentence.is_empty());
}

#[tokio::test]
async fn what_does_not_work_is_said_with_its_remedy_and_nothing_is_kept() {
    let case = Case::start().await;
    let portal = case.portal();
    let mut window = case.window().await;
    let text = || portal.secret_address().into();
    let refused = fault(window.ask(Wanted::TryWebhook { text: text(), ca_file: Some("/nowhere.pem".to_owned()) }).await);
    assert_eq!((refused.remedy, refused.sentence.contains("/nowhere.pem")), (Some(Remedy::CaFile), true));
    portal.suffers(Trouble::Refused(Refusal::PlanWithoutRest).until_healed());
    let refused = fault(window.ask(Wanted::TryWebhook { text: text(), ca_file: None }).await);
    assert!(refused.sentence.contains("plan"), "{refused:?}");
    let ended = fault(window.ask(Wanted::Keep).await);
    assert!(ended.sentence.contains("has ended"), "{ended:?}");
    for nothing in [Wanted::AwaitBrowser, Wanted::PasteCode { text: "code".to_owned().into() }] {
        assert_eq!(fault(window.ask(nothing).await), ended);
    }
    assert_eq!(window.overview(None).await.settings.accounts.len(), 1);
}

#[tokio::test]
async fn the_browser_s_answer_signs_in() {
    let case = Case::start().await;
    let portal = case.portal();
    let (card, port) = application(&portal);
    let mut window = case.window().await;
    let Authorizing { address, redirect, not_listening, browser_opened } = authorizing(window.ask(wish(&portal, &card, port)).await);
    assert_eq!((redirect, not_listening, browser_opened), (card.redirect.clone(), None, true));
    assert_eq!(case.browsed(), address);
    let mut beside = case.window_beside();
    let (tried, shown) = tokio::join!(
        window.ask(Wanted::AwaitBrowser),
        tokio::task::spawn_blocking(move || {
            let location = browser::allow(&address);
            browser::open(&location)
        })
    );
    assert_eq!(shown.unwrap().status, 200);
    assert!(matches!(tried, Told::Tried(Trial { ref name, .. }) if name == "Ivan Petrov"), "{tried:?}");
    assert_eq!(beside.ask(Wanted::AwaitBrowser).await, tried, "who asks again is told the same");
    assert_eq!(window.ask(Wanted::Keep).await, Told::Kept { account: portal.account() });
    let overview = window.sees("the account to be in use", |now| now.status.accounts.len() == 2 && now.status.connection == "ok").await;
    assert_eq!(overview.settings.accounts[1].kind, "oauth");
    assert!(port_is_free(port));
}

#[tokio::test]
async fn a_pasted_code_signs_in_while_the_browser_is_waited_for() {
    let case = Case::start().await;
    let portal = case.portal();
    let (card, port) = application(&portal);
    let mut window = case.window().await;
    let address = authorizing(window.ask(wish(&portal, &card, port)).await).address;
    let mut waiting = case.window_beside();
    let waits = tokio::spawn(async move { waiting.ask(Wanted::AwaitBrowser).await });
    let slip = fault(window.ask(Wanted::PasteCode { text: "https://acme.bitrix24.com/".to_owned().into() }).await);
    assert_eq!(slip.remedy, None);
    assert!(!waits.is_finished(), "a slip ends nothing");
    let location = tokio::task::spawn_blocking(move || browser::allow(&address)).await.unwrap();
    let tried = window.ask(Wanted::PasteCode { text: location.into() }).await;
    assert!(matches!(tried, Told::Tried(_)), "{tried:?}");
    assert!(matches!(waits.await.unwrap(), Told::Fault(_) | Told::Tried(_)), "nobody waits for ever");
}

#[tokio::test]
async fn a_second_authorization_takes_the_port_of_the_first() {
    let case = Case::start().await;
    let portal = case.portal();
    let (card, port) = application(&portal);
    let mut window = case.window().await;
    authorizing(window.ask(wish(&portal, &card, port)).await);
    let mut waiting = case.window_beside();
    let waits = tokio::spawn(async move { waiting.ask(Wanted::AwaitBrowser).await });
    for _ in 0..5 {
        assert_eq!(authorizing(window.ask(wish(&portal, &card, port)).await).not_listening, None);
    }
    assert!(fault(waits.await.unwrap()).sentence.contains("has ended"));
    assert_eq!(window.ask(Wanted::Abandon).await, Told::Done);
    wait_for("the port to be free", LIMIT, || port_is_free(port));
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_browser_that_does_not_open_are_said() {
    let case = Case::start().await;
    let portal = case.portal();
    let (card, port) = application(&portal);
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    fs::write(case.home.path("bin/xdg-open"), "#!/bin/sh\nexit 4\n").unwrap();
    let mut window = case.window().await;
    let told = authorizing(window.ask(wish(&portal, &card, port)).await);
    assert!(told.not_listening.is_some_and(|sentence| sentence.contains(&port.to_string())));
    assert!(!told.browser_opened);
}

#[tokio::test]
async fn a_server_that_nobody_knows_is_a_question() {
    let case = Case::start().await;
    let portal = case.portal();
    let (card, port) = application(&portal);
    portal.name_authorization_server("oauth.evil.example");
    let mut window = case.window().await;
    let address = authorizing(window.ask(wish(&portal, &card, port)).await).address;
    let location = tokio::task::spawn_blocking(move || browser::allow(&address)).await.unwrap();
    let asked = fault(window.ask(Wanted::PasteCode { text: location.into() }).await);
    assert_eq!(asked.remedy, Some(Remedy::AgreeToHost("oauth.evil.example".to_owned())), "{asked:?}");
}

#[tokio::test]
async fn a_sign_in_ends_with_its_window() {
    let case = Case::start().await;
    let portal = case.portal();
    let (card, port) = application(&portal);
    let mut window = case.window().await;
    let tried = window.ask(Wanted::TryWebhook { text: portal.secret_address().into(), ca_file: None }).await;
    assert!(matches!(tried, Told::Tried(_)), "{tried:?}");
    authorizing(window.ask(wish(&portal, &card, port)).await);
    assert!(!port_is_free(port));
    drop(window);
    wait_for("the port to be free", LIMIT, || port_is_free(port));
    // Whoever does not watch is no window, and can begin nothing.
    let mut nobody = case.window_beside();
    assert!(fault(nobody.ask(wish(&portal, &card, port)).await).sentence.contains("has ended"));
    let mut window = case.window().await;
    assert!(fault(window.ask(Wanted::Keep).await).sentence.contains("has ended"));
}

#[test]
fn what_is_kept_is_in_the_keyring_and_in_the_settings() {
    rig::inside(rig::X11, &[("TRAY", "none"), ("NOTIFY", "none")], "what_is_kept_is_in_the_keyring_and_in_the_settings", || {
        let (town, home) = (Town::new(), Home::new(Desktop::OfTheRig));
        let portal = town.portal();
        let app = home.start_app_with(&[(FOR_A_WINDOW, "1")]);
        let paths = Paths::below(&home.path("")).with_runtime(&home.runtime_directory());
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let mut window = Window::open(&paths).await;
            window.overview(None).await;
            let tried = window.ask(Wanted::TryWebhook { text: portal.secret_address().into(), ca_file: None }).await;
            assert!(matches!(tried, Told::Tried(Trial { known: false, .. })), "{tried:?}");
            assert_eq!(window.ask(Wanted::Keep).await, Told::Kept { account: portal.account() });
            window.sees("the account to be in use", |now| now.status.connection == "ok" && now.status.confirmed).await;
        });
        drop(app);
        let text = fs::read_to_string(home.settings()).unwrap();
        assert!(text.contains(&portal.account()) && !text.contains(&portal.code()), "{text}");
        home.start_app().wait_for_status("the account after a restart", |status| status["confirmed"] == true);
    });
}

/// The demo, in a home with a browser.
struct Case {
    town: Town,
    home: Home,
    demo: Option<Running>,
    paths: Paths,
}

impl Case {
    async fn start() -> Self {
        let home = Home::new(Desktop::None);
        let browser = home.path("bin/xdg-open");
        fs::create_dir_all(browser.parent().unwrap()).unwrap();
        fs::write(&browser, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> {}\n", home.path("browsed").display())).unwrap();
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
        let home = home.with("PATH", &path);
        let demo = home.start(&["demo"]);
        let directory = home.path(&format!("run/b24status-demo-{}", demo.id()));
        wait_for("the demo's control socket", LIMIT, || directory.join("control.sock").exists());
        let paths = Paths::below(&home.path("")).with_runtime(&directory);
        Self { town: Town::new(), home, demo: Some(demo), paths }
    }

    /// Where no runtime is entered: those of the town have their own.
    fn portal(&self) -> Building {
        let town = &self.town;
        thread::scope(|scope| scope.spawn(|| town.portal()).join().unwrap())
    }

    async fn window(&self) -> Window {
        let mut window = Window::open(&self.paths).await;
        window.sees("the demo's account", |now| now.status.connection == "ok").await;
        window
    }

    /// The same window, for what it asks meanwhile.
    fn window_beside(&self) -> Beside {
        Beside(self.paths.clone())
    }

    fn browsed(&self) -> String {
        wait_for_some("the browser", LIMIT, || fs::read_to_string(self.home.path("browsed")).ok().filter(|text| text.ends_with('\n')))
            .trim()
            .to_owned()
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        if let Some(mut demo) = self.demo.take() {
            let _ = demo.stdin().write_all(b"quit\n");
        }
    }
}

struct Beside(Paths);

impl Beside {
    async fn ask(&mut self, wanted: Wanted) -> Told {
        let answer = b24status::control::ask(&self.0, b24status::control::Request::Window(wanted), LIMIT).await.unwrap();
        let b24status::control::Response::Window(told) = answer else { panic!("{answer:?}") };
        told
    }
}

fn application(portal: &Building) -> (Application, u16) {
    let port = browser::free_port();
    (portal.register("b24status", &format!("http://127.0.0.1:{port}/")).unwrap(), port)
}

fn wish(portal: &Building, card: &Application, port: u16) -> Wanted {
    Wanted::Authorize(Authorize {
        portal: format!("http://{}/", portal.address()),
        client_id: card.client_id.clone(),
        client_secret: card.client_secret.expose_secret().to_owned().into(),
        port: Some(port),
        ca_file: None,
        agreed_host: None,
    })
}

fn port_is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[track_caller]
fn authorizing(told: Told) -> Authorizing {
    let Told::Authorizing(authorizing) = told else { panic!("{told:?}") };
    authorizing
}

#[track_caller]
fn fault(told: Told) -> Fault {
    let Told::Fault(fault) = told else { panic!("{told:?}") };
    fault
}
