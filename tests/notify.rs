//! Notices on a private bus with a played notification service, and on a desktop with a real one.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::HashMap;
use std::time::Duration;

use b24status::bus;
use b24status::notify::{Notice, Notifier, NotifyError, Urgency};
use support::{bus::Bus, rig};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::Connection;
use zbus::zvariant::OwnedValue;

const NOTICE: Notice<'_> = Notice { matter: "tray", title: "No <tray>", body: "Click & see: a < b", urgency: Urgency::Normal };

#[tokio::test]
async fn without_a_service_saying_is_an_error_and_works_once_there_is_one() {
    let Some(bus) = Bus::start("without_a_service_saying_is_an_error_and_works_once_there_is_one") else { return };
    let notifier = notifier(&bus);
    assert!(matches!(notifier.say(NOTICE).await, Err(NotifyError::Absent)));
    notifier.withdraw("tray").await.unwrap();
    let mut service = Service::start(&bus, Markup::Read).await;
    notifier.say(NOTICE).await.unwrap();
    assert_eq!(service.next().await, "notify 0 b24 No <tray>|Click &amp; see: a &lt; b|1");
}

#[tokio::test]
async fn the_same_matter_takes_its_own_place_and_another_does_not() {
    let Some(bus) = Bus::start("the_same_matter_takes_its_own_place_and_another_does_not") else { return };
    let (notifier, mut service) = (notifier(&bus), Service::start(&bus, Markup::Shown).await);
    let other = Notice { matter: "sign-in", urgency: Urgency::Critical, ..NOTICE };
    for notice in [NOTICE, other, NOTICE] {
        notifier.say(notice).await.unwrap();
    }
    assert_eq!(service.next().await, "notify 0 b24 No <tray>|Click & see: a < b|1");
    assert_eq!(service.next().await, "notify 0 b24 No <tray>|Click & see: a < b|2");
    assert_eq!(service.next().await, "notify 1 b24 No <tray>|Click & see: a < b|1");
    notifier.withdraw("sign-in").await.unwrap();
    notifier.withdraw("sign-in").await.unwrap();
    notifier.say(other).await.unwrap();
    assert_eq!(service.next().await, "close 2");
    assert_eq!(service.next().await, "notify 0 b24 No <tray>|Click & see: a < b|2");
}

#[tokio::test]
async fn without_a_bus_saying_is_an_error() {
    let notifier = Notifier::on(&bus::Bus::at("unix:path=/nowhere", "unix:path=/nowhere"), "b24");
    assert!(matches!(notifier.say(NOTICE).await, Err(NotifyError::Absent)));
}

#[test]
fn dunst_takes_a_notice_its_successor_and_its_end() {
    rig::inside(rig::X11, &only("dunst"), "dunst_takes_a_notice_its_successor_and_its_end", say_twice_and_withdraw);
}

#[test]
fn the_notifier_of_xfce_takes_a_notice_its_successor_and_its_end() {
    rig::inside(rig::X11, &only("xfce"), "the_notifier_of_xfce_takes_a_notice_its_successor_and_its_end", say_twice_and_withdraw);
}

#[tokio::main(flavor = "current_thread")]
async fn say_twice_and_withdraw() {
    let notifier = Notifier::of_this_session("Status for Bitrix24");
    notifier.say(NOTICE).await.unwrap();
    notifier.say(NOTICE).await.unwrap();
    notifier.withdraw("tray").await.unwrap();
    notifier.withdraw("tray").await.unwrap();
}

fn only(service: &str) -> [(&str, &str); 3] {
    [("NOTIFY", service), ("TRAY", "none"), ("KEYRING", "none")]
}

fn notifier(bus: &Bus) -> Notifier {
    Notifier::on(&bus::Bus::at(bus.address(), bus.address()), "b24")
}

/// How the service treats a body.
#[derive(Clone, Copy, PartialEq)]
enum Markup {
    Read,
    Shown,
}

/// A notification service that tells each call in one line.
struct Service {
    _connection: Connection,
    calls: UnboundedReceiver<String>,
}

impl Service {
    async fn start(bus: &Bus, markup: Markup) -> Self {
        let (sender, calls) = unbounded_channel();
        let connection = bus.connect().await;
        let notifications = Notifications { calls: sender, shown: 0, markup };
        connection.object_server().at("/org/freedesktop/Notifications", notifications).await.unwrap();
        connection.request_name("org.freedesktop.Notifications").await.unwrap();
        Self { _connection: connection, calls }
    }

    async fn next(&mut self) -> String {
        tokio::time::timeout(Duration::from_secs(10), self.calls.recv()).await.expect("a call").unwrap()
    }
}

struct Notifications {
    calls: UnboundedSender<String>,
    shown: u32,
    markup: Markup,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<&str> {
        if self.markup == Markup::Read { vec!["body", "body-markup"] } else { vec!["body"] }
    }

    #[allow(clippy::too_many_arguments, reason = "the specification's signature")]
    fn notify(
        &mut self,
        app: &str,
        replaces: u32,
        _icon: &str,
        title: &str,
        body: &str,
        _actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let urgency = u8::try_from(&hints["urgency"]).unwrap();
        self.calls.send(format!("notify {replaces} {app} {title}|{body}|{urgency}")).unwrap();
        if replaces != 0 {
            return replaces;
        }
        self.shown += 1;
        self.shown
    }

    fn close_notification(&self, number: u32) {
        self.calls.send(format!("close {number}")).unwrap();
    }
}
