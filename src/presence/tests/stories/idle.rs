//! Idle by itself: chapter 5 of the product, rule by rule.

use std::time::Duration;

use super::{
    plain, unreachable,
    world::{DiskManner, HOUR, MINUTE, Manner, SECOND, World},
};
use crate::presence::{
    AccountId,
    Call::{EndIdle, Read, Set, StartIdle},
    Cause, Change, Event, Failure, GiveUp, Held, Idle, Later, Marking, OnLock, Reason, Remembered, State,
    Status::{Away, Break, Dnd, Online},
};

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
fn a_mark_whose_end_is_refused_for_good_is_tried_again_at_the_next_start() {
    let mut world = World::at_rest();
    world.lock();
    world.run(SECOND);
    world.let_portal("acme", Manner::Refuses(Failure::GiveUp(GiveUp::OurFault { code: "X".to_owned() })));
    world.forget();
    world.unlock();
    world.run(50 * SECOND);
    assert_eq!(world.calls().iter().filter(|call| **call == EndIdle).count(), 1);
    world.let_portal("acme", Manner::Answers);
    world.crash(HOUR);
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
