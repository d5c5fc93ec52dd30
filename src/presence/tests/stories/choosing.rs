//! Choosing a status: chapter 4 of the product, rule by rule.

use std::time::Duration;

use super::{
    all_is_well, busy, plain, timed_out, unreachable,
    world::{DiskManner, HOUR, MINUTE, Manner, SECOND, World},
};
use crate::presence::{
    Call::{Read, Set, StartIdle},
    Cause, Change, Choice, Connection, Credential, End, Event, Failure, Held, Idle, IdleUse, Later, Shown,
    Status::{Away, Break, Dnd, Online},
    Wanted,
};

// 4.1 A choice by hand wins at once

#[test]
fn a_choice_leaves_at_once_and_is_pending_until_the_portal_says_so() {
    let mut world = World::at_rest();
    world.choose(Dnd);
    assert_eq!(world.calls(), [Set(Dnd)]);
    assert_eq!(world.standing("acme"), all_is_well(Shown::Pending(Dnd), Idle::Unmarked));
    world.run(SECOND);
    assert_eq!(world.standing("acme"), all_is_well(Shown::Confirmed(Held::Status(Dnd)), Idle::Unmarked));
    assert_eq!(
        world.journal(),
        [(Change::Chosen { status: Dnd, end: None }, Cause::ByHand), (Change::Confirmed { status: Dnd }, Cause::Choice)]
    );
}

#[test]
fn a_choice_during_another_call_leaves_right_after_it() {
    let mut world = World::at_rest();
    world.choose(Dnd);
    world.choose(Away);
    world.choose(Break);
    world.run(SECOND);
    assert_eq!(world.calls(), [Set(Dnd), Set(Break)]);
}

#[test]
fn going_back_while_the_call_is_under_way_ends_where_the_person_went() {
    let mut world = World::at_rest();
    world.choose(Dnd);
    world.choose(Online);
    world.run(SECOND);
    assert_eq!((world.holds("acme"), world.presence.choice().status()), (Some(Online), Some(Online)));
}

#[test]
fn an_end_during_a_write_that_fails_leaves_nothing_to_write() {
    let mut world = World::at_rest();
    world.portals[0].latency = None;
    world.choose_for(Dnd, SECOND);
    world.run(2 * SECOND);
    world.let_portal("acme", unreachable());
    world.answer("acme");
    world.run(MINUTE);
    assert_eq!(world.calls(), [Set(Dnd), Read]);
    assert_eq!(world.presence.choice(), &plain(Online));
}

#[test]
fn a_click_on_the_status_that_is_shown_is_read_back_and_not_written() {
    let mut world = World::at_rest();
    world.choose(Online);
    assert_eq!(world.standing("acme").status, Shown::Pending(Online));
    world.run(SECOND);
    assert_eq!(world.calls(), [Read]);
    assert_eq!(world.standing("acme").status, Shown::Confirmed(Held::Status(Online)));
}

#[test]
fn a_click_on_the_status_that_is_shown_wins_over_a_change_that_was_not_seen_yet() {
    let mut world = World::at_rest();
    world.change_elsewhere("acme", Held::Status(Away));
    world.choose(Online);
    world.run(SECOND);
    assert_eq!(world.calls(), [Read, Set(Online)]);
}

#[test]
fn a_choice_made_while_absent_is_sent_and_the_mark_goes_with_the_status() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.choose(Dnd);
    world.run(SECOND);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }, Set(Dnd)]);
    assert!(!world.is_marked("acme"));
}

// 4.2 It survives

#[test]
fn a_choice_is_on_disk_before_it_is_on_the_wire() {
    let mut world = World::at_rest();
    world.disk.manner = DiskManner::Hangs;
    world.choose(Dnd);
    world.finish_save();
    assert_eq!(world.disk.holds.choice, Choice { wanted: Wanted::Status(Dnd), end: None });
}

#[test]
fn a_choice_made_offline_survives_a_crash_and_is_sent() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.choose(Dnd);
    world.run(MINUTE);
    world.crash(HOUR);
    world.let_portal("acme", Manner::Answers);
    world.run(10 * MINUTE);
    assert_eq!(world.holds("acme"), Some(Dnd));
}

#[test]
fn a_choice_survives_a_crash_between_the_call_and_its_answer() {
    let mut world = World::at_rest();
    world.choose(Dnd);
    world.choose(Online);
    world.crash(SECOND);
    assert_eq!(world.holds("acme"), Some(Dnd));
    world.run(MINUTE);
    assert_eq!(world.holds("acme"), Some(Online));
}

#[test]
fn a_restart_alone_writes_nothing() {
    let mut world = World::at_rest();
    world.choose(Break);
    world.run(MINUTE);
    world.forget();
    world.crash(HOUR);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read]);
}

// 4.3 An end

#[test]
fn after_the_end_the_status_is_what_it_was_before() {
    let mut world = World::at_rest();
    world.choose(Break);
    world.run(MINUTE);
    let end = world.now().wall + 30 * MINUTE;
    world.forget();
    world.choose_for(Dnd, 30 * MINUTE);
    assert_eq!(world.presence.choice().clone(), Choice { wanted: Wanted::Status(Dnd), end: Some(End { at: end, then: Break }) });
    world.run(30 * MINUTE - SECOND);
    assert_eq!(world.holds("acme"), Some(Dnd));
    world.run(2 * SECOND);
    assert_eq!(world.holds("acme"), Some(Break));
    assert_eq!(
        world.journal(),
        [
            (Change::Chosen { status: Dnd, end: Some(end) }, Cause::ByHand),
            (Change::Confirmed { status: Dnd }, Cause::Choice),
            (Change::Chosen { status: Break, end: None }, Cause::EndReached),
            (Change::Confirmed { status: Break }, Cause::Choice),
        ]
    );
}

#[test]
fn after_the_end_comes_online_where_nothing_was_before() {
    let mut world = World::empty();
    world.choose_for(Dnd, HOUR);
    world.sign_in("acme");
    world.run(2 * HOUR);
    assert_eq!(world.holds("acme"), Some(Online));
}

#[test]
fn nested_timed_choices_fall_back_to_what_was_before_the_first() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.run(10 * MINUTE);
    world.choose_for(Away, 20 * MINUTE);
    world.run(21 * MINUTE);
    assert_eq!(world.presence.choice().clone(), plain(Online));
}

#[test]
fn a_choice_without_end_cancels_a_running_end() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.choose(Break);
    world.run(2 * HOUR);
    assert_eq!(world.presence.choice().clone(), plain(Break));
}

#[test]
fn an_end_that_passed_while_the_app_was_off_is_honoured_at_the_start() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.run(MINUTE);
    world.crash(2 * HOUR);
    world.run(MINUTE);
    assert_eq!(world.holds("acme"), Some(Online));
}

#[test]
fn an_end_survives_a_restart() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.run(MINUTE);
    world.crash(10 * MINUTE);
    world.run(40 * MINUTE);
    assert_eq!(world.holds("acme"), Some(Dnd));
    world.run(10 * MINUTE);
    assert_eq!(world.holds("acme"), Some(Online));
}

#[test]
fn an_end_is_an_instant_on_the_clock_on_the_wall() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.run(MINUTE);
    world.set_clock(-3600);
    world.run(HOUR);
    assert_eq!(world.presence.choice().clone(), Choice { wanted: Wanted::Status(Dnd), end: world.presence.choice().end });
    world.set_clock(3600);
    world.run(SECOND);
    assert_eq!(world.holds("acme"), Some(Online));
}

#[test]
fn an_end_during_sleep_is_honoured_at_the_wake() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.sleep(3 * HOUR);
    world.run(MINUTE);
    assert_eq!(world.holds("acme"), Some(Online));
}

#[test]
fn an_end_that_is_over_already_leaves_everything_as_it_was() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, Duration::ZERO);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read]);
    assert_eq!((world.presence.choice().clone(), world.holds("acme")), (plain(Online), Some(Online)));
}

#[test]
fn an_end_does_not_overwrite_a_change_elsewhere_that_was_not_seen_yet() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, 10 * MINUTE);
    world.run(9 * MINUTE);
    world.change_elsewhere("acme", Held::Status(Away));
    world.run(2 * MINUTE);
    assert_eq!((world.presence.choice().clone(), world.holds("acme")), (plain(Away), Some(Away)));
}

#[test]
fn an_end_while_the_app_was_off_does_not_overwrite_a_change_elsewhere() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.run(MINUTE);
    world.change_elsewhere("acme", Held::Status(Away));
    world.crash(2 * HOUR);
    world.run(MINUTE);
    assert_eq!((world.presence.choice().clone(), world.holds("acme")), (plain(Away), Some(Away)));
}

#[test]
fn an_end_of_a_choice_that_never_arrived_outweighs_what_was_changed_before_it() {
    let mut world = World::at_rest();
    world.change_elsewhere("acme", Held::Status(Away));
    world.let_portal("acme", busy(None));
    world.choose_for(Dnd, SECOND);
    world.run(SECOND);
    world.let_portal("acme", Manner::Answers);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Set(Dnd), Read, Set(Online)]);
}

#[test]
fn a_choice_by_hand_after_a_missed_end_is_sent_and_not_given_up() {
    let mut world = World::from_disk(timed_out(&["acme"]));
    world.change_elsewhere("acme", Held::Status(Break));
    world.tell(Event::TimePassed);
    world.choose(Away);
    world.sign_in("acme");
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read, Set(Away)]);
}

#[test]
fn after_a_missed_end_the_first_change_that_is_heard_is_the_choice() {
    let mut world = World::from_disk(timed_out(&["acme", "globex"]));
    world.change_elsewhere("acme", Held::Status(Break));
    world.change_elsewhere("globex", Held::Status(Away));
    world.sign_in("acme");
    world.run(MINUTE);
    world.sign_in("globex");
    world.run(MINUTE);
    assert_eq!((world.holds("acme"), world.holds("globex")), (Some(Break), Some(Break)));
}

// 4.4 Changed elsewhere

#[test]
fn a_change_elsewhere_becomes_the_choice_drops_the_end_and_writes_nothing() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, 4 * HOUR);
    world.run(MINUTE);
    world.forget();
    world.change_elsewhere("acme", Held::Status(Away));
    world.run(20 * MINUTE);
    assert_eq!(world.calls(), [Read]);
    assert_eq!(world.presence.choice().clone(), plain(Away));
    assert_eq!(world.journal(), [(Change::Adopted { held: Held::Status(Away) }, Cause::ChangedElsewhere)]);
}

#[test]
fn the_first_answer_of_the_first_portal_is_the_first_choice() {
    let mut world = World::empty();
    world.sign_in("acme");
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read]);
    assert_eq!(world.presence.choice().clone(), plain(Online));
    assert_eq!(world.journal(), [(Change::Adopted { held: Held::Status(Online) }, Cause::FirstRead)]);
}

#[test]
fn a_choice_before_the_first_answer_wins_over_it() {
    let mut world = World::empty();
    world.sign_in("acme");
    world.choose(Dnd);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read, Set(Dnd)]);
}

#[test]
fn a_status_that_was_never_set_counts_as_online() {
    let mut world = World::empty();
    world.add("acme", IdleUse::Marked);
    world.change_elsewhere("acme", Held::NeverSet);
    world.credential("acme", Credential::Ready);
    world.run(MINUTE);
    assert_eq!(world.presence.choice().clone(), plain(Online));
    world.choose(Online);
    world.run(MINUTE);
    world.change_elsewhere("acme", Held::Status(Online));
    world.forget();
    world.run(HOUR);
    assert!(world.calls().iter().all(|call| *call == Read));
    assert_eq!(world.journal(), []);
}

#[test]
fn an_unfamiliar_word_is_shown_as_it_is_and_never_overwritten_by_itself() {
    let mut world = World::at_rest();
    let word = Held::Unfamiliar("video".to_owned());
    world.choose_for(Dnd, HOUR);
    world.run(MINUTE);
    world.change_elsewhere("acme", word.clone());
    world.forget();
    world.run(2 * HOUR);
    world.lock();
    world.run(MINUTE);
    world.crash(HOUR);
    world.run(2 * HOUR);
    assert!(world.calls().iter().all(|call| *call == Read));
    assert_eq!(world.standing("acme").status, Shown::Confirmed(word));
    world.choose(Online);
    world.run(MINUTE);
    assert_eq!(world.holds("acme"), Some(Online));
}

#[test]
fn a_write_of_our_own_is_never_taken_for_a_change_elsewhere() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Loses(Failure::Later(Later::NoAnswer)));
    world.choose_for(Dnd, 10 * SECOND);
    world.run(Duration::from_millis(60));
    world.let_portal("acme", unreachable());
    world.run(MINUTE);
    world.let_portal("acme", Manner::Answers);
    world.run(10 * MINUTE);
    assert_eq!((world.presence.choice().clone(), world.holds("acme")), (plain(Online), Some(Online)));
}

// 4.5 Offline

#[test]
fn of_choices_made_offline_only_the_last_is_sent() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    for status in [Dnd, Away, Break, Dnd, Away] {
        world.choose(status);
        world.run(50 * SECOND);
    }
    world.forget();
    world.let_portal("acme", Manner::Answers);
    world.tell(Event::NetworkChanged);
    world.run(MINUTE);
    assert_eq!(world.calls().iter().filter(|call| **call != Read).collect::<Vec<_>>(), [&Set(Away)]);
}

#[test]
fn a_choice_made_offline_and_taken_back_writes_nothing() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.choose(Dnd);
    world.run(50 * SECOND);
    world.forget();
    world.choose(Online);
    world.let_portal("acme", Manner::Answers);
    world.run(10 * MINUTE);
    assert_eq!(world.calls(), [Read]);
}

#[test]
fn an_outage_is_said_once_and_so_is_its_end() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.choose(Dnd);
    world.run(HOUR);
    assert_eq!(world.standing("acme").connection, Connection::Offline);
    assert_eq!(world.standing("acme").status, Shown::Pending(Dnd));
    world.let_portal("acme", Manner::Answers);
    world.run(10 * MINUTE);
    assert_eq!(
        world.journal(),
        [
            (Change::Chosen { status: Dnd, end: None }, Cause::ByHand),
            (Change::Failed(Failure::Later(Later::Unreachable)), Cause::Portal),
            (Change::Recovered, Cause::Portal),
            (Change::Confirmed { status: Dnd }, Cause::Choice),
        ]
    );
}
