//! Golden views: what the person sees, as text that is read in review. `INSTA_UPDATE=always cargo test --lib tray` writes them anew.

use std::{
    fmt::Write,
    time::{Duration, SystemTime},
};

use super::*;
use crate::{
    presence::{
        Absent, AccountId, Ask, Automation, Choice, Connection, End, Failure, Held, Idle, Later, Marking, Moment, Reason, Shown, Standing,
        Wanted,
    },
    text::{Language, Texts},
};

#[test]
fn confirmed_online() {
    golden("confirmed_online", &Scene::default());
}

#[test]
fn do_not_disturb_until_three() {
    golden("do_not_disturb_until_three", &Scene { choice: until(Status::Dnd, 15), ..shown(Shown::Confirmed(Held::Status(Status::Dnd))) });
}

#[test]
fn a_choice_on_its_way() {
    golden("a_choice_on_its_way", &Scene { choice: of(Status::Away), ..shown(Shown::Pending(Status::Away)) });
}

#[test]
fn idle_without_input() {
    golden("idle_without_input", &Scene { absent: absent(Reason::NoInput), ..idle(Idle::Marked) });
}

#[test]
fn idle_behind_a_lock_not_yet_confirmed() {
    golden("idle_behind_a_lock_not_yet_confirmed", &Scene { absent: absent(Reason::Locked), ..idle(Idle::Pending) });
}

#[test]
fn idle_asleep() {
    golden("idle_asleep", &Scene { absent: absent(Reason::Asleep), ..idle(Idle::Marked) });
}

#[test]
fn back_and_not_yet_confirmed() {
    golden("back_and_not_yet_confirmed", &idle(Idle::Pending));
}

#[test]
fn absent_in_a_status_that_stays() {
    let scene = shown(Shown::Confirmed(Held::Status(Status::Break)));
    golden("absent_in_a_status_that_stays", &Scene { choice: of(Status::Break), absent: absent(Reason::NoInput), ..scene });
}

#[test]
fn offline_with_a_choice_that_waits() {
    let account = person(Shown::Pending(Status::Dnd), Connection::Offline);
    golden("offline_with_a_choice_that_waits", &Scene { choice: of(Status::Dnd), accounts: vec![account], ..Scene::default() });
}

#[test]
fn offline_and_absent() {
    let account = person(Shown::Unknown { last: Some(Held::Status(Status::Online)) }, Connection::Offline);
    golden("offline_and_absent", &Scene { absent: absent(Reason::Locked), accounts: vec![account], ..Scene::default() });
}

#[test]
fn nobody_signed_in() {
    golden("nobody_signed_in", &Scene { choice: Choice::default(), accounts: Vec::new(), ..Scene::default() });
}

#[test]
fn nobody_signed_in_and_no_window() {
    let scene = Scene { choice: Choice::default(), accounts: Vec::new(), window: Window::Missing, ..Scene::default() };
    golden("nobody_signed_in_and_no_window", &scene);
}

#[test]
fn what_the_administrator_fixed_and_what_the_person_offers_themselves() {
    let scene = Scene { idle_switch: IdleSwitch::Fixed, durations: vec![5, 90, 120, 1440], ..Scene::default() };
    golden("what_the_administrator_fixed_and_what_the_person_offers_themselves", &scene);
}

#[test]
fn signed_out() {
    let account = person(Shown::Unknown { last: Some(Held::Status(Status::Online)) }, Connection::SignedOut);
    golden("signed_out", &Scene { accounts: vec![account], ..Scene::default() });
}

#[test]
fn keyring_locked() {
    let account = person(Shown::Unknown { last: None }, Connection::KeyringLocked);
    golden("keyring_locked", &Scene { accounts: vec![account], ..Scene::default() });
}

#[test]
fn blocked_with_a_reason() {
    let mut account = person(Shown::Unknown { last: Some(Held::NeverSet) }, Connection::Blocked);
    account.standing.failure = Some(Failure::Ask(Ask::ScopeMissing));
    golden("blocked_with_a_reason", &Scene { accounts: vec![account], ..Scene::default() });
}

#[test]
fn two_accounts_one_in_trouble() {
    let mut other = person(Shown::Unknown { last: Some(Held::Status(Status::Online)) }, Connection::Offline);
    other.portal = "portal.example.org";
    other.standing.failure = Some(Failure::Later(Later::NoAnswer));
    let accounts = vec![person(Shown::Confirmed(Held::Status(Status::Online)), Connection::Ok), other];
    golden("two_accounts_one_in_trouble", &Scene { accounts, ..Scene::default() });
}

#[test]
fn two_accounts_both_in_trouble() {
    let mut accounts: Vec<_> = (0..2).map(|_| person(Shown::Unknown { last: None }, Connection::Blocked)).collect();
    accounts[0].standing.failure = Some(Failure::Ask(Ask::ScopeMissing));
    golden("two_accounts_both_in_trouble", &Scene { accounts, ..Scene::default() });
}

#[test]
fn six_accounts_in_trouble() {
    let accounts = (0..6).map(|_| person(Shown::Unknown { last: None }, Connection::Offline)).collect();
    golden("six_accounts_in_trouble", &Scene { accounts, ..Scene::default() });
}

#[test]
fn no_idle_source_and_no_autostart() {
    golden("no_idle_source_and_no_autostart", &Scene { source: IdleSource::None, autostart: Autostart::Unavailable, ..Scene::default() });
}

#[test]
fn storage_failing() {
    golden("storage_failing", &Scene { storage: Storage::Failing, ..Scene::default() });
}

#[test]
fn a_notice_that_nothing_shows() {
    let notice =
        "No program opened the settings. They are in the file /home/ivan/.config/b24status/settings.toml: any text editor will do.";
    golden("a_notice_that_nothing_shows", &Scene { notice: Some(notice), ..Scene::default() });
}

#[test]
fn an_unfamiliar_word() {
    let choice = Choice { wanted: Wanted::AsItIs, end: None };
    golden("an_unfamiliar_word", &Scene { choice, ..shown(Shown::Confirmed(Held::Unfamiliar("vacation".to_owned()))) });
}

#[test]
fn automation_switched_off() {
    let automation = Automation { marking: Marking::Off, ..Automation::default() };
    let journal = vec!["14:02 Online · chosen by hand".to_owned(), format!("13:30 {}", "a long sentence ".repeat(10))];
    golden("automation_switched_off", &Scene { automation, journal, absent: absent(Reason::NoInput), ..Scene::default() });
}

#[test]
fn the_layout_never_changes() {
    let ids = |scene: &Scene| ids(&scene.view(Language::English).menu);
    let usual = ids(&Scene::default());
    let nobody = Scene { choice: Choice::default(), accounts: Vec::new(), ..Scene::default() };
    let accounts = (0..9).map(|_| person(Shown::Unknown { last: None }, Connection::KeyringLocked)).collect();
    let everything = Scene {
        accounts,
        journal: (0..20).map(|line| line.to_string()).collect(),
        storage: Storage::Failing,
        notice: Some("No program opened the settings."),
        absent: absent(Reason::Asleep),
        choice: until(Status::Dnd, 15),
        ..Scene::default()
    };
    assert_eq!(ids(&nobody), usual);
    assert_eq!(ids(&everything), usual);
}

/// Only a portal's word is ever solid: every combination of two accounts.
#[test]
fn nothing_is_shown_as_confirmed_that_is_not() {
    for (one, other) in every_shown().into_iter().flat_map(|one| every_shown().into_iter().map(move |other| (one.clone(), other))) {
        for choice in [Choice::default(), of(Status::Online), of(Status::Dnd)] {
            let accounts = vec![person(one.clone(), Connection::Ok), person(other.clone(), Connection::Ok)];
            let view = Scene { choice, accounts, ..Scene::default() }.view(Language::English);
            if let Look::Confirmed(status) = view.icon.look {
                for shown in [&one, &other] {
                    assert!(matches!(shown, Shown::Confirmed(held) if held.status() == Some(status)), "{view:?}");
                }
            }
        }
    }
}

fn every_shown() -> Vec<Shown> {
    let held = [Held::Status(Status::Online), Held::Status(Status::Dnd), Held::NeverSet, Held::Unfamiliar("vacation".to_owned())];
    let known = held.into_iter().flat_map(|held| [Shown::Confirmed(held.clone()), Shown::Unknown { last: Some(held) }]);
    known.chain([Shown::Pending(Status::Online), Shown::Pending(Status::Dnd), Shown::Unknown { last: None }]).collect()
}

/// What goes into a view; by default Ivan, online, at ten past two.
struct Scene {
    accounts: Vec<Person>,
    choice: Choice,
    absent: Option<Absent>,
    automation: Automation,
    idle_switch: IdleSwitch,
    durations: Vec<u16>,
    window: Window,
    source: IdleSource<'static>,
    autostart: Autostart,
    storage: Storage,
    notice: Option<&'static str>,
    journal: Vec<String>,
}

struct Person {
    portal: &'static str,
    standing: Standing,
}

impl Person {
    fn account<'a>(&'a self, id: &'a AccountId) -> Account<'a> {
        Account { id, name: "Ivan Petrov", portal: self.portal, standing: self.standing.clone() }
    }
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            accounts: vec![person(Shown::Confirmed(Held::Status(Status::Online)), Connection::Ok)],
            choice: of(Status::Online),
            absent: None,
            automation: Automation::default(),
            idle_switch: IdleSwitch::Free,
            durations: vec![30, 60, 120],
            window: Window::Available,
            source: IdleSource::Using("ext-idle-notify"),
            autostart: Autostart::On,
            storage: Storage::Ok,
            notice: None,
            journal: Vec::new(),
        }
    }
}

impl Scene {
    fn view(&self, language: Language) -> View {
        let id = AccountId::new("7@acme.bitrix24.com");
        let facts = Facts {
            standings: self.accounts.iter().map(|person| person.account(&id)).collect(),
            choice: &self.choice,
            absent: self.absent,
            automation: &self.automation,
            idle_switch: self.idle_switch,
            durations: &self.durations,
            window: self.window,
            idle_source: self.source,
            autostart: self.autostart,
            storage: self.storage,
            notice: self.notice,
            journal: &self.journal,
            time: &time_of_day,
        };
        view(&facts, &Texts::new(language))
    }
}

fn person(status: Shown, connection: Connection) -> Person {
    let standing = Standing { status, idle: Idle::Unmarked, connection, failure: None };
    Person { portal: "acme.bitrix24.com", standing }
}

fn shown(status: Shown) -> Scene {
    Scene { accounts: vec![person(status, Connection::Ok)], ..Scene::default() }
}

fn idle(idle: Idle) -> Scene {
    let mut scene = Scene::default();
    scene.accounts[0].standing.idle = idle;
    scene
}

fn of(status: Status) -> Choice {
    Choice { wanted: Wanted::Status(status), end: None }
}

fn until(status: Status, hour: u64) -> Choice {
    Choice { end: Some(End { at: instant(hour, 0), then: Status::Online }), ..of(status) }
}

fn absent(reason: Reason) -> Option<Absent> {
    Some(Absent { reason, since: Moment { wall: instant(14, 2), uptime: Duration::ZERO } })
}

fn instant(hour: u64, minute: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs((hour * 60 + minute) * 60)
}

fn time_of_day(instant: SystemTime) -> String {
    let minutes = instant.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn ids(items: &[Item]) -> Vec<String> {
    let mut found = Vec::new();
    for item in items {
        found.push(item.id.clone());
        if let Kind::Submenu(below) = &item.kind {
            found.extend(ids(below));
        }
    }
    found
}

/// Both languages in one file, one after the other.
fn golden(name: &str, scene: &Scene) {
    let text = Language::ALL.map(|language| written(&scene.view(language))).join("\n");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../../tests/golden/views" }, {
        insta::assert_snapshot!(name, text);
    });
}

/// As a person sees it: hidden lines are left out, `(…)` is disabled.
fn written(view: &View) -> String {
    let badge = view.icon.badge.map(|badge| format!(" + {badge:?}")).unwrap_or_default();
    let mut text = format!("{:?}{badge}, {:?}\n\n{}\n", view.icon.look, view.urgency, view.tooltip.title);
    for line in &view.tooltip.lines {
        writeln!(text, "{line}").unwrap();
    }
    text.push('\n');
    write_items(&mut text, &view.menu, "");
    text
}

fn write_items(text: &mut String, items: &[Item], indent: &str) {
    for item in items.iter().filter(|item| item.access != Access::Hidden) {
        let label = if item.access == Access::Disabled { format!("({})", item.label) } else { item.label.clone() };
        match &item.kind {
            Kind::Separator => writeln!(text, "{indent}  ─────"),
            Kind::Line | Kind::Command(_) | Kind::Radio(_, Tick::Off) | Kind::Check(_, Tick::Off) => writeln!(text, "{indent}  {label}"),
            Kind::Radio(_, Tick::On) | Kind::Check(_, Tick::On) => writeln!(text, "{indent}✓ {label}"),
            Kind::Submenu(_) => writeln!(text, "{indent}  {label} ▸"),
        }
        .unwrap();
        if let Kind::Submenu(items) = &item.kind {
            write_items(text, items, &format!("{indent}    "));
        }
    }
}
