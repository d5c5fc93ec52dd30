//! One person, many portals, and what becomes of their credentials: chapter 6.6 of the product.

use super::{
    all_is_well, plain, timed_out, unreachable,
    world::{HOUR, MINUTE, Manner, SECOND, World},
};
use crate::presence::{
    AccountId, Answer, Ask,
    Call::{EndIdle, Read, Set, StartIdle},
    Connection, Credential, Event, Failure, Held, Idle, IdleUse, Shown, Standing, State,
    Status::{Away, Break, Dnd, Online},
};

#[test]
fn each_account_mirrors_the_one_choice() {
    let mut world = World::with(&["acme", "globex"]);
    world.choose(Dnd);
    world.run(SECOND);
    assert_eq!((world.holds("acme"), world.holds("globex")), (Some(Dnd), Some(Dnd)));
}

#[test]
fn a_change_elsewhere_on_one_portal_is_mirrored_to_the_others() {
    let mut world = World::with(&["acme", "globex"]);
    world.change_elsewhere("acme", Held::Status(Away));
    world.run(20 * MINUTE);
    assert_eq!((world.holds("acme"), world.holds("globex")), (Some(Away), Some(Away)));
    assert!(!world.calls_of("acme").contains(&Set(Away)));
}

#[test]
fn one_portal_in_trouble_does_not_hold_up_the_other() {
    let mut world = World::with(&["acme", "globex"]);
    world.let_portal("acme", unreachable());
    world.choose(Dnd);
    world.run(SECOND);
    assert_eq!(world.standing("acme").connection, Connection::Offline);
    assert_eq!(world.standing("globex"), all_is_well(Shown::Confirmed(Held::Status(Dnd)), Idle::Unmarked));
}

#[test]
fn a_change_elsewhere_during_a_write_does_not_bring_the_old_choice_back() {
    let mut world = World::with(&["acme", "globex"]);
    world.portals.iter_mut().for_each(|portal| portal.latency = None);
    world.run(30 * MINUTE);
    world.answer("acme");
    world.answer("globex");
    world.run(20 * MINUTE);
    assert!(world.is_under_way("acme") && world.is_under_way("globex"));
    world.answer("acme");
    world.choose(Dnd);
    world.answer("globex");
    world.answer("globex");
    world.change_elsewhere("globex", Held::Status(Online));
    world.tell(Event::ReadingAsked);
    world.run(MINUTE);
    world.tell(Event::ReadingAsked);
    world.run(MINUTE);
    world.answer("globex");
    assert_eq!(world.presence.choice().clone(), plain(Online));
    world.converge();
    assert_eq!(world.presence.choice().clone(), plain(Online));
}

#[test]
fn an_account_can_be_left_out_of_automation_and_taken_in_again() {
    let mut world = World::at_rest();
    world.add("globex", IdleUse::LeftOut);
    world.credential("globex", Credential::Ready);
    world.run(MINUTE);
    world.forget();
    world.lock();
    world.run(MINUTE);
    assert_eq!(world.calls_of("globex"), []);
    world.add("globex", IdleUse::Marked);
    world.run(SECOND);
    assert_eq!(world.calls_of("globex"), [StartIdle { minutes_ago: 1 }]);
    world.add("globex", IdleUse::LeftOut);
    world.run(SECOND);
    assert_eq!(world.calls_of("globex"), [EndIdle]);
}

#[test]
fn an_account_that_is_removed_during_a_call_is_called_no_more() {
    let mut world = World::with(&["acme", "globex"]);
    world.choose(Dnd);
    world.remove("acme");
    world.run(HOUR);
    assert_eq!(world.calls_of("acme"), [Set(Dnd)]);
    assert_eq!(world.disk.holds.accounts.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["globex"]);
}

#[test]
fn an_account_that_comes_back_after_its_last_answer_starts_anew() {
    let mut world = World::with(&["acme", "globex"]);
    world.choose(Dnd);
    world.remove("acme");
    world.run(SECOND);
    world.sign_in("acme");
    assert_eq!(world.calls_of("acme"), [Set(Dnd), Read]);
}

#[test]
fn an_account_that_was_known_only_from_the_disk_can_be_removed() {
    let mut world = World::from_disk(timed_out(&["acme"]));
    world.remove("acme");
    assert_eq!(world.disk.holds, State::default());
}

#[test]
fn an_account_that_comes_back_during_a_call_still_makes_one_call_at_a_time() {
    let mut world = World::with(&["acme", "globex"]);
    world.choose(Dnd);
    world.remove("acme");
    world.sign_in("acme");
    world.run(MINUTE);
    assert_eq!(world.calls_of("acme"), [Set(Dnd)]);
}

#[test]
fn the_last_account_takes_the_choice_with_it() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.run(MINUTE);
    world.remove("acme");
    assert_eq!(world.disk.holds, State::default());
    world.change_elsewhere("acme", Held::Status(Break));
    world.sign_in("acme");
    world.run(MINUTE);
    assert_eq!(world.presence.choice().clone(), plain(Break));
}

#[test]
fn an_answer_that_nobody_waits_for_is_ignored() {
    let mut world = World::at_rest();
    let before = format!("{:?}", world.presence);
    for account in ["acme", "stranger"] {
        world.tell(Event::Answered { account: AccountId::new(account), answer: Ok(Answer::Held(Held::Status(Dnd))) });
    }
    assert_eq!(format!("{:?}", world.presence), before);
}

#[test]
fn a_credential_that_comes_late_or_goes_away_is_a_state_of_its_own() {
    let mut world = World::empty();
    world.add("acme", IdleUse::Marked);
    world.choose(Dnd);
    for (credential, connection) in [
        (Credential::Awaited, Connection::Ok),
        (Credential::Locked, Connection::KeyringLocked),
        (Credential::NoKeyring, Connection::KeyringLocked),
        (Credential::Missing, Connection::SignedOut),
    ] {
        world.credential("acme", credential);
        world.run(HOUR);
        assert_eq!(world.standing("acme").connection, connection);
    }
    assert_eq!(world.calls(), []);
    world.credential("acme", Credential::Ready);
    world.run(SECOND);
    assert_eq!(world.calls(), [Read, Set(Dnd)]);
}

#[test]
fn a_credential_that_is_lost_during_a_call_stops_what_follows() {
    let mut world = World::at_rest();
    world.choose(Dnd);
    world.choose(Away);
    world.credential("acme", Credential::Locked);
    world.run(HOUR);
    assert_eq!(world.calls(), [Set(Dnd)]);
    world.credential("acme", Credential::Ready);
    world.run(MINUTE);
    assert_eq!(world.holds("acme"), Some(Away));
}

#[test]
fn a_refused_credential_waits_for_the_person_and_a_new_one_goes_on() {
    let mut world = World::at_rest();
    let refused = Failure::Ask(Ask::CredentialRefused);
    world.let_portal("acme", Manner::Refuses(refused.clone()));
    world.choose(Dnd);
    world.run(24 * HOUR);
    assert_eq!(world.calls(), [Set(Dnd)]);
    assert_eq!(
        world.standing("acme"),
        Standing { status: Shown::Pending(Dnd), idle: Idle::Unmarked, connection: Connection::SignedOut, failure: Some(refused) }
    );
    world.let_portal("acme", Manner::Answers);
    world.credential("acme", Credential::Ready);
    world.run(SECOND);
    assert_eq!(world.holds("acme"), Some(Dnd));
}

#[test]
fn a_refusal_of_the_old_credential_does_not_stop_the_new_one() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Refuses(Failure::Ask(Ask::CredentialRefused)));
    world.choose(Dnd);
    world.credential("acme", Credential::Ready);
    world.answer("acme");
    world.let_portal("acme", Manner::Answers);
    world.run(SECOND);
    assert_eq!(world.holds("acme"), Some(Dnd));
}

#[test]
fn a_choice_by_hand_tries_a_blocked_portal_again() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Refuses(Failure::Ask(Ask::ScopeMissing)));
    world.choose(Dnd);
    world.run(HOUR);
    assert_eq!(world.standing("acme").connection, Connection::Blocked);
    world.let_portal("acme", Manner::Answers);
    world.choose(Dnd);
    world.run(SECOND);
    assert_eq!(world.holds("acme"), Some(Dnd));
}

#[test]
fn a_portal_behind_a_hotel_network_is_tried_again_on_the_next_network() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Refuses(Failure::Ask(Ask::UntrustedCertificate)));
    world.choose(Dnd);
    world.run(HOUR);
    assert_eq!(world.calls(), [Set(Dnd)]);
    world.let_portal("acme", Manner::Answers);
    world.tell(Event::NetworkChanged);
    world.run(SECOND);
    assert_eq!(world.holds("acme"), Some(Dnd));
}
