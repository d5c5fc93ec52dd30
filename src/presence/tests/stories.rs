//! At least one story for each rule of the product's chapters 4, 5, 6.6, 6.7 and 7.3, in that order.

use std::time::{Duration, SystemTime};

use super::world::{DiskManner, HOUR, MINUTE, Manner, SECOND, World};
use crate::presence::{
    AccountId, Answer, Ask,
    Call::{self, EndIdle, Read, Set, StartIdle},
    Cause, Change, Choice, Connection, Credential, End, Event, Failure, GiveUp, Held, Idle, IdleUse, Later, Marking, OnLock, Reason,
    Remembered, Shown, Standing, State,
    Status::{self, Away, Break, Dnd, Online},
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

// 5.1 Absence marks, return ends it

#[test]
fn no_input_marks_idle_with_the_minutes_since_the_last_input_and_input_ends_it() {
    let mut world = World::at_rest();
    world.stop_input();
    world.run(SECOND);
    world.resume_input();
    world.run(MINUTE);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 10 }, EndIdle, Read]);
    assert_eq!(
        world.journal(),
        [
            (Change::WentAbsent(Reason::NoInput), Cause::Absence(Reason::NoInput)),
            (Change::MarkedIdle { minutes_ago: 10 }, Cause::Absence(Reason::NoInput)),
            (Change::CameBack, Cause::InputResumed),
            (Change::UnmarkedIdle, Cause::InputResumed),
        ]
    );
}

#[test]
fn a_lock_marks_at_once_and_unlocking_ends_it() {
    let mut world = World::at_rest();
    world.lock();
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }]);
    world.run(SECOND);
    assert_eq!(world.standing("acme").idle, Idle::Marked);
    world.unlock();
    assert_eq!(world.calls(), [EndIdle]);
}

#[test]
fn sleep_waits_for_the_mark_and_no_longer() {
    let mut world = World::at_rest();
    world.tell(Event::SleepAnnounced);
    assert_eq!((world.calls(), world.sleeps()), (vec![StartIdle { minutes_ago: 1 }], 0));
    world.run(Duration::from_millis(60));
    assert_eq!(world.sleeps(), 1);
    assert!(world.is_marked("acme"));
}

#[test]
fn sleep_waits_a_second_at_most() {
    let mut world = World::at_rest();
    world.portals[0].latency = None;
    world.tell(Event::SleepAnnounced);
    world.run(Duration::from_millis(999));
    assert_eq!(world.sleeps(), 0);
    world.run(Duration::from_millis(1));
    assert_eq!(world.sleeps(), 1);
}

#[test]
fn sleep_waits_for_the_disk_before_the_mark() {
    let mut world = World::at_rest();
    world.disk.manner = DiskManner::Hangs;
    world.tell(Event::SleepAnnounced);
    assert_eq!((world.calls(), world.sleeps()), (vec![], 0));
    world.finish_save();
    assert_eq!((world.calls(), world.sleeps()), (vec![StartIdle { minutes_ago: 1 }], 0));
}

#[test]
fn sleep_waits_for_a_retry_only_if_it_comes_in_time() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.choose(Away);
    world.run(6 * SECOND);
    world.tell(Event::SleepAnnounced);
    assert_eq!(world.sleeps(), 1);
    world.tell(Event::Woke);
    world.resume_input();
    world.choose(Away);
    world.run(Duration::from_millis(60));
    world.tell(Event::SleepAnnounced);
    assert_eq!(world.sleeps(), 1);
}

#[test]
fn sleep_waits_for_nothing_where_nothing_is_to_be_done() {
    let mut world = World::at_rest();
    world.choose(Dnd);
    world.run(SECOND);
    world.tell(Event::SleepAnnounced);
    assert_eq!(world.sleeps(), 1);
}

#[test]
fn waking_is_not_returning_until_there_is_input() {
    let mut world = World::at_rest();
    world.sleep(8 * HOUR);
    assert_eq!(world.watches(), 1);
    world.run(HOUR);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }]);
    world.resume_input();
    world.run(MINUTE);
    assert_eq!(world.calls(), [EndIdle, Read]);
}

#[test]
fn lock_sleep_wake_unlock_is_one_absence() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.sleep(HOUR);
    world.unlock();
    world.run(SECOND);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }, EndIdle, Read]);
}

#[test]
fn of_two_reports_without_input_between_them_the_earlier_stands() {
    let mut world = World::at_rest();
    world.stop_input();
    let first = world.presence.absent();
    world.run(HOUR);
    world.stop_input();
    assert_eq!(world.presence.absent(), first);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 10 }]);
}

#[test]
fn a_sleep_that_was_called_off_ends_with_input() {
    let mut world = World::at_rest();
    world.tell(Event::SleepAnnounced);
    world.tell(Event::Woke);
    world.run(SECOND);
    assert_eq!((world.sleeps(), world.watches(), world.is_marked("acme")), (0, 1, true));
    world.resume_input();
    world.run(SECOND);
    assert!(!world.is_marked("acme"));
}

#[test]
fn an_absence_without_marks_allowed_marks_nothing() {
    let mut world = World::at_rest();
    world.allow(|automation| automation.marking = Marking::Off);
    world.lock();
    world.run(HOUR);
    assert_eq!(world.calls(), []);
    assert_eq!(world.presence.absent().map(|absent| absent.reason), Some(Reason::Locked));
}

#[test]
fn switching_automation_off_while_absent_ends_the_mark() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.forget();
    world.allow(|automation| automation.marking = Marking::Off);
    world.run(SECOND);
    assert!(!world.is_marked("acme"));
    assert_eq!(world.journal(), [(Change::UnmarkedIdle, Cause::Choice)]);
}

// 5.2 Locked is locked

#[test]
fn a_locked_session_stays_absent_whatever_the_input_says() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    for _ in 0..5 {
        world.resume_input();
        world.run(MINUTE);
        world.stop_input();
        world.run(MINUTE);
    }
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }]);
}

#[test]
fn a_lock_means_nothing_where_the_person_says_so() {
    let mut world = World::at_rest();
    world.allow(|automation| automation.on_lock = OnLock::Ignore);
    world.lock();
    world.run(SECOND);
    assert_eq!(world.calls(), []);
    world.stop_input();
    world.run(SECOND);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 10 }]);
}

#[test]
fn a_lock_that_means_nothing_any_more_ends_by_choice() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.forget();
    world.allow(|automation| automation.on_lock = OnLock::Ignore);
    world.run(SECOND);
    assert_eq!(world.journal(), [(Change::CameBack, Cause::Choice), (Change::UnmarkedIdle, Cause::Choice)]);
}

// 5.3 Over online only

#[test]
fn a_status_chosen_by_hand_is_not_marked() {
    for status in [Dnd, Away, Break] {
        let mut world = World::at_rest();
        world.choose(status);
        world.run(SECOND);
        world.forget();
        world.lock();
        world.run(HOUR);
        assert_eq!(world.calls(), [], "{status:?}");
    }
}

#[test]
fn a_status_is_marked_where_the_person_says_so() {
    let mut world = World::at_rest();
    world.allow(|automation| automation.over = vec![Online, Break]);
    world.choose(Break);
    world.run(SECOND);
    world.lock();
    world.run(SECOND);
    assert_eq!(world.calls(), [Set(Break), StartIdle { minutes_ago: 1 }]);
}

#[test]
fn an_end_that_comes_while_absent_marks_what_follows() {
    let mut world = World::at_rest();
    world.choose_for(Dnd, HOUR);
    world.run(MINUTE);
    world.lock();
    world.run(HOUR);
    assert_eq!((world.holds("acme"), world.portal("acme").idle), (Some(Online), Some(59)));
}

#[test]
fn nothing_is_marked_after_a_restart_before_the_status_was_read() {
    let mut world = World::at_rest();
    world.change_elsewhere("acme", Held::Status(Dnd));
    world.crash(HOUR);
    world.portals[0].latency = Some(MINUTE);
    world.lock();
    world.run(10 * MINUTE);
    assert_eq!(world.calls(), [Read]);
    assert_eq!(world.presence.choice().clone(), plain(Dnd));
}

#[test]
fn a_mark_is_preceded_by_a_read_where_the_portal_is_unknown() {
    let state = State {
        choice: plain(Online),
        accounts: vec![(AccountId::new("acme"), Remembered { confirmed: Some(Held::Status(Online)), marked: false })],
    };
    let mut world = World::from_disk(state);
    world.lock();
    world.sign_in("acme");
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read, StartIdle { minutes_ago: 1 }]);
}

// 5.4 Only our own mark, and never left behind

#[test]
fn the_mark_is_on_disk_before_the_call_leaves() {
    let mut world = World::at_rest();
    world.disk.manner = DiskManner::Hangs;
    world.lock();
    world.run(HOUR);
    assert_eq!(world.calls(), []);
    world.finish_save();
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 60 }]);
}

#[test]
fn a_crash_while_marked_ends_in_no_mark() {
    let mut world = World::at_rest();
    world.lock();
    world.run(MINUTE);
    world.forget();
    world.crash(HOUR);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read, EndIdle]);
    assert!(world.journal().contains(&(Change::UnmarkedIdle, Cause::LeftBehind)));
}

#[test]
fn a_crash_with_the_mark_under_way_ends_in_no_mark() {
    let mut world = World::at_rest();
    world.lock();
    world.crash(SECOND);
    assert!(world.is_marked("acme"));
    world.run(MINUTE);
    assert!(!world.is_marked("acme"));
}

#[test]
fn a_mark_that_never_arrived_is_not_undone() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.lock();
    world.run(50 * SECOND);
    world.forget();
    world.unlock();
    world.let_portal("acme", Manner::Answers);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Read]);
}

#[test]
fn a_mark_without_an_answer_is_undone_on_return() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Loses(Failure::Later(Later::NoAnswer)));
    world.lock();
    world.run(Duration::from_millis(60));
    world.unlock();
    world.let_portal("acme", Manner::Answers);
    world.run(MINUTE);
    assert!(!world.is_marked("acme"));
}

#[test]
fn no_mark_leaves_while_the_disk_fails_and_it_is_said_once() {
    let mut world = World::at_rest();
    world.disk.manner = DiskManner::Fails;
    world.lock();
    world.run(2 * HOUR);
    assert_eq!(world.calls(), []);
    assert!(world.presence.is_saving_in_vain());
    let said = world.journal().into_iter().filter(|(what, _)| *what == Change::NotSaved).collect::<Vec<_>>();
    assert_eq!(said, [(Change::NotSaved, Cause::Storage)]);
    world.disk.manner = DiskManner::Works;
    world.run(2 * HOUR);
    assert!(!world.presence.is_saving_in_vain());
    assert!(world.is_marked("acme"));
}

#[test]
fn a_second_try_that_hangs_is_not_followed_by_a_third() {
    let mut world = World::at_rest();
    world.disk.manner = DiskManner::Fails;
    world.choose(Dnd);
    world.disk.manner = DiskManner::Hangs;
    world.run(HOUR);
    world.finish_save();
    assert_eq!(world.disk.holds, world.presence.state());
    assert!(!world.presence.is_saving_in_vain());
}

#[test]
fn a_late_report_of_an_old_save_changes_nothing() {
    let mut world = World::at_rest();
    world.disk.manner = DiskManner::Hangs;
    world.choose(Break);
    world.choose(Online);
    world.lock();
    world.tell(Event::SaveFailed { revision: 1 });
    world.tell(Event::Saved { revision: 2 });
    assert!(!world.presence.is_saving_in_vain());
    assert!(!world.calls().iter().any(|call| matches!(call, StartIdle { .. })));
    let said = world.journal().into_iter().filter(|(what, _)| *what == Change::NotSaved).count();
    assert_eq!(said, 0, "a save that was overtaken is no news");
}

// 5.5 No fight

#[test]
fn a_mark_that_the_messenger_cleared_is_not_repeated() {
    let mut world = World::at_rest();
    world.lock();
    world.run(MINUTE);
    world.change_elsewhere("acme", Held::Status(Online));
    world.run(24 * HOUR);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }]);
}

#[test]
fn a_mark_is_repeated_after_our_own_set() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.choose(Dnd);
    world.run(10 * MINUTE);
    world.choose(Online);
    world.run(SECOND);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }, Set(Dnd), Set(Online), StartIdle { minutes_ago: 10 }]);
}

#[test]
fn a_mark_is_repeated_after_a_set_of_ours_without_an_answer() {
    let mut world = World::at_rest();
    world.allow(|automation| automation.over = vec![Online, Break]);
    world.lock();
    world.run(SECOND);
    world.let_portal("acme", Manner::Loses(Failure::Later(Later::NoAnswer)));
    world.choose(Break);
    world.run(Duration::from_millis(60));
    world.let_portal("acme", Manner::Answers);
    world.run(MINUTE);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }, Set(Break), Read, StartIdle { minutes_ago: 1 }]);
}

#[test]
fn a_failed_mark_is_tried_again() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.lock();
    world.run(10 * MINUTE);
    world.let_portal("acme", Manner::Answers);
    world.run(10 * MINUTE);
    assert!(world.is_marked("acme"));
}

#[test]
fn an_absence_that_begins_while_the_last_mark_is_under_way_is_marked_too() {
    let mut world = World::at_rest();
    world.portals[0].latency = None;
    world.lock();
    world.unlock();
    world.answer("acme");
    world.answer("acme");
    world.run(MINUTE);
    world.answer("acme");
    world.forget();
    world.lock();
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }]);
}

#[test]
fn a_portal_without_idle_methods_keeps_its_status() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Refuses(Failure::GiveUp(GiveUp::MethodMissing)));
    world.lock();
    world.run(MINUTE);
    world.let_portal("acme", Manner::Answers);
    world.unlock();
    world.choose(Dnd);
    world.run(MINUTE);
    world.choose(Online);
    world.run(MINUTE);
    world.forget();
    world.lock();
    world.run(MINUTE);
    assert_eq!(world.calls(), []);
}

// 6.6 Many portals

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
    assert_eq!(world.calls_of("acme"), [Set(Dnd), Read]);
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

// 6.7 The portal's limits

#[test]
fn at_rest_four_reads_an_hour_at_most_and_no_writes() {
    let mut world = World::with(&["acme", "globex"]);
    world.check_rest(48 * HOUR);
}

#[test]
fn nothing_is_read_while_nobody_is_there() {
    let mut world = World::at_rest();
    world.lock();
    world.run(48 * HOUR);
    assert_eq!(world.calls(), [StartIdle { minutes_ago: 1 }]);
}

#[test]
fn on_return_the_portal_is_read_soon() {
    let mut world = World::at_rest();
    world.lock();
    world.run(HOUR);
    world.change_elsewhere("acme", Held::Status(Dnd));
    world.forget();
    world.unlock();
    world.run(3 * SECOND);
    assert_eq!(world.calls(), [EndIdle, Read]);
    assert_eq!(world.presence.choice().clone(), plain(Dnd));
}

#[test]
fn a_new_network_and_somebody_who_looks_lead_to_one_read_each() {
    let mut world = World::at_rest();
    world.tell(Event::NetworkChanged);
    world.tell(Event::NetworkChanged);
    world.run(3 * SECOND);
    assert_eq!(world.calls(), [Read]);
    world.run(MINUTE);
    world.tell(Event::ReadingAsked);
    world.tell(Event::ReadingAsked);
    assert_eq!(world.calls(), [Read]);
    world.run(SECOND);
    world.tell(Event::ReadingAsked);
    assert_eq!(world.calls(), []);
}

#[test]
fn an_interval_doubles_when_the_portal_is_too_busy_and_recovers_slowly() {
    let mut world = World::at_rest();
    let gaps = |world: &mut World, reads: usize| -> Vec<Duration> { (0..reads).map(|_| time_to_next_read(world)).collect() };
    assert!(gaps(&mut world, 3).iter().all(|gap| *gap < 19 * MINUTE));
    world.let_portal("acme", busy(None));
    let slower = gaps(&mut world, 6);
    assert!(slower[1] >= 30 * MINUTE && slower[2] >= 60 * MINUTE && slower[3] >= 120 * MINUTE && slower[4] >= 240 * MINUTE, "{slower:?}");
    assert!(slower[5] <= 5 * HOUR, "{slower:?}");
    world.let_portal("acme", Manner::Answers);
    let faster = gaps(&mut world, 30);
    assert!(faster[1] >= 3 * HOUR && faster[5] >= HOUR && faster[29] < 19 * MINUTE, "{faster:?}");
}

#[test]
fn a_change_by_hand_during_a_busy_time_is_shown_as_pending() {
    let mut world = World::at_rest();
    world.let_portal("acme", busy(None));
    world.choose(Dnd);
    world.run(SECOND);
    assert_eq!(world.standing("acme").status, Shown::Pending(Dnd));
    assert_eq!(world.standing("acme").connection, Connection::Offline);
}

#[test]
fn a_busy_portal_is_left_alone_even_by_a_choice_by_hand() {
    let mut world = World::at_rest();
    let until = world.now().wall + 10 * MINUTE;
    world.let_portal("acme", busy(Some(until)));
    world.choose(Dnd);
    world.run(SECOND);
    world.let_portal("acme", Manner::Answers);
    world.forget();
    world.choose(Away);
    world.tell(Event::NetworkChanged);
    world.tell(Event::ReadingAsked);
    world.credential("acme", Credential::Locked);
    world.credential("acme", Credential::Ready);
    world.run(9 * MINUTE);
    assert_eq!(world.calls(), []);
    world.run(4 * MINUTE);
    assert_eq!(world.holds("acme"), Some(Away));
}

#[test]
fn a_portal_whose_clock_is_wrong_is_not_called_without_end() {
    let mut world = World::at_rest();
    let long_ago = world.now().wall - HOUR;
    world.let_portal("acme", busy(Some(long_ago)));
    world.choose(Online);
    world.run(HOUR);
    assert!(world.calls().len() < 30);
}

#[test]
fn no_clock_of_a_portal_is_believed_further_than_an_hour() {
    let mut world = World::at_rest();
    let next_year = world.now().wall + 365 * 24 * HOUR;
    world.let_portal("acme", busy(Some(next_year)));
    world.choose(Dnd);
    world.run(SECOND);
    world.let_portal("acme", Manner::Answers);
    world.run(75 * MINUTE);
    assert_eq!(world.holds("acme"), Some(Dnd));
}

#[test]
fn a_portal_that_is_closed_is_asked_rarely() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Refuses(Failure::Later(Later::Closed)));
    world.run(24 * HOUR);
    assert!(world.calls().len() <= 12);
}

#[test]
fn a_return_right_after_an_answer_reads_nothing() {
    let mut world = World::at_rest();
    world.tell(Event::NetworkChanged);
    world.run(3 * SECOND);
    world.forget();
    world.tell(Event::NetworkChanged);
    world.run(10 * SECOND);
    assert_eq!(world.calls(), []);
}

#[test]
fn after_no_answer_the_portal_is_read_before_it_is_written() {
    let mut world = World::at_rest();
    world.let_portal("acme", Manner::Loses(Failure::Later(Later::NoAnswer)));
    world.choose(Dnd);
    world.run(Duration::from_millis(100));
    world.let_portal("acme", Manner::Answers);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Set(Dnd), Read]);
    assert_eq!(world.standing("acme").status, Shown::Confirmed(Held::Status(Dnd)));
}

#[test]
fn pauses_after_failures_grow_to_five_minutes() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.choose(Dnd);
    world.run(10 * MINUTE);
    let first = world.calls().len();
    world.run(HOUR);
    let later = world.calls().len();
    assert!((8..=14).contains(&first) && (12..=25).contains(&later), "{first}, {later}");
}

#[test]
fn six_writes_a_minute_at_most_and_the_last_choice_arrives() {
    let mut world = World::at_rest();
    for status in [Dnd, Away, Break, Online, Dnd, Away, Break, Online, Dnd, Break] {
        world.choose(status);
        world.run(SECOND);
    }
    assert_eq!(world.calls().len(), 6);
    world.run(MINUTE);
    assert_eq!(world.calls(), [Set(Break)]);
}

// 7.3 Quitting

#[test]
fn quitting_ends_the_mark_and_exits_once() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.forget();
    world.tell(Event::QuitAsked);
    world.tell(Event::QuitAsked);
    assert_eq!((world.calls(), world.exits()), (vec![EndIdle], 0));
    world.run(Duration::from_millis(60));
    assert_eq!(world.exits(), 1);
    assert!(!world.disk.holds.accounts[0].1.marked);
    assert_eq!(world.journal(), [(Change::UnmarkedIdle, Cause::Quit)]);
}

#[test]
fn quitting_waits_two_seconds_at_most() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.portals[0].latency = None;
    world.tell(Event::QuitAsked);
    world.run(Duration::from_millis(1_999));
    assert_eq!(world.exits(), 0);
    world.run(Duration::from_millis(1));
    assert_eq!(world.exits(), 1);
}

#[test]
fn quitting_does_not_wait_out_a_pause_after_a_failure() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.let_portal("acme", unreachable());
    world.unlock();
    world.run(6 * SECOND);
    world.let_portal("acme", Manner::Answers);
    world.tell(Event::QuitAsked);
    world.run(SECOND);
    assert_eq!((world.is_marked("acme"), world.exits()), (false, 1));
}

#[test]
fn quitting_does_not_wait_for_a_disk_that_fails() {
    let mut world = World::at_rest();
    world.disk.manner = DiskManner::Fails;
    world.choose(Dnd);
    world.run(SECOND);
    world.tell(Event::QuitAsked);
    assert_eq!(world.exits(), 1);
}

#[test]
fn quitting_with_nothing_to_end_exits_at_once() {
    let mut world = World::at_rest();
    world.portals[0].latency = None;
    world.tell(Event::ReadingAsked);
    assert!(world.is_under_way("acme"));
    world.tell(Event::QuitAsked);
    assert_eq!(world.exits(), 1);
}

#[test]
fn quitting_waits_for_a_choice_under_way_and_for_the_disk() {
    let mut world = World::at_rest();
    world.choose(Dnd);
    world.tell(Event::QuitAsked);
    assert_eq!(world.exits(), 0);
    world.disk.manner = DiskManner::Hangs;
    world.run(SECOND);
    assert_eq!(world.exits(), 0);
    world.finish_save();
    assert_eq!(world.exits(), 1);
}

#[test]
fn quitting_while_the_machine_is_about_to_sleep_lets_both_go_on() {
    let mut world = World::at_rest();
    world.tell(Event::SleepAnnounced);
    world.tell(Event::QuitAsked);
    world.run(2 * SECOND);
    assert_eq!((world.sleeps(), world.exits()), (1, 1));
    assert!(!world.is_marked("acme"));
}

// The means of the stories

impl World {
    fn lock(&mut self) {
        self.tell(Event::SessionLocked);
    }

    fn unlock(&mut self) {
        self.tell(Event::SessionUnlocked);
    }

    fn resume_input(&mut self) {
        self.tell(Event::InputResumed);
    }

    /// The machine sleeps as soon as it may, and wakes.
    fn sleep(&mut self, time: Duration) {
        self.tell(Event::SleepAnnounced);
        self.run(SECOND);
        self.suspend(time);
        self.tell(Event::Woke);
    }
}

fn time_to_next_read(world: &mut World) -> Duration {
    world.forget();
    let start = world.now().uptime;
    while !world.calls().contains(&Call::Read) {
        world.wait();
    }
    let gap = world.now().uptime - start;
    world.run(SECOND);
    gap
}

fn all_is_well(status: Shown, idle: Idle) -> Standing {
    Standing { status, idle, connection: Connection::Ok, failure: None }
}

/// What is left on disk by an app that ended during a timed `dnd`, which is over by now.
fn timed_out(accounts: &[&str]) -> State {
    let end = End { at: SystemTime::UNIX_EPOCH, then: Online };
    let remembered = Remembered { confirmed: Some(Held::Status(Dnd)), marked: false };
    State {
        choice: Choice { wanted: Wanted::Status(Dnd), end: Some(end) },
        accounts: accounts.iter().map(|account| (AccountId::new(account), remembered.clone())).collect(),
    }
}

fn plain(status: Status) -> Choice {
    Choice { wanted: Wanted::Status(status), end: None }
}

fn unreachable() -> Manner {
    Manner::Refuses(Failure::Later(Later::Unreachable))
}

fn busy(until: Option<SystemTime>) -> Manner {
    Manner::Refuses(Failure::Later(Later::TooBusy { until }))
}
