//! The portals' limits: chapter 6.7 of the product.

use std::time::Duration;

use super::{
    all_is_well, busy, plain, unreachable,
    world::{HOUR, MINUTE, Manner, SECOND, World},
};
use crate::presence::{
    Call::{EndIdle, Read, Set, StartIdle},
    Connection, Credential, Event, Failure, Held, Idle, Later, Shown,
    Status::{Away, Break, Dnd, Online},
};

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
    world.run(5 * MINUTE);
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
fn a_portal_that_was_too_busy_is_read_once_an_hour_at_most_for_a_day() {
    let mut world = World::at_rest();
    world.let_portal("acme", busy(None));
    time_to_next_read(&mut world);
    world.let_portal("acme", Manner::Answers);
    world.forget();
    world.run(24 * HOUR);
    let reads = world.calls().len();
    assert!((15..=24).contains(&reads), "{reads}");
}

#[test]
fn a_read_at_rest_that_is_refused_changes_nothing_that_is_shown() {
    let mut world = World::at_rest();
    world.let_portal("acme", busy(None));
    world.run(20 * MINUTE);
    assert_eq!(world.calls(), [Read]);
    assert_eq!(world.standing("acme"), all_is_well(Shown::Confirmed(Held::Status(Online)), Idle::Unmarked));
    assert_eq!(world.journal(), []);
}

#[test]
fn who_asks_is_told_that_the_portal_is_too_busy_and_the_answer_follows() {
    let mut world = World::at_rest();
    world.let_portal("acme", busy(None));
    world.tell(Event::ReadingAsked);
    world.run(SECOND);
    assert_eq!(world.standing("acme").connection, Connection::Offline);
    world.let_portal("acme", Manner::Answers);
    world.run(4 * SECOND);
    assert_eq!(world.standing("acme").connection, Connection::Ok);
}

#[test]
fn neighbours_who_were_heard_together_after_an_outage_are_not_heard_together_again() {
    let next_reads = (0..40).map(|seed| {
        let mut world = World::at_rest_with(seed);
        world.let_portal("acme", unreachable());
        world.run(20 * MINUTE);
        world.let_portal("acme", Manner::Answers);
        world.tell(Event::ReadingAsked);
        world.run(SECOND);
        time_to_next_read(&mut world)
    });
    let mut next_reads: Vec<Duration> = next_reads.collect();
    next_reads.sort();
    assert!(next_reads[0] >= 14 * MINUTE && next_reads[39] - next_reads[0] > 10 * MINUTE, "{next_reads:?}");
}

#[test]
fn a_full_portal_is_left_to_others_more_and_more() {
    let mut world = World::at_rest();
    world.let_portal("acme", busy(None));
    world.choose(Dnd);
    world.run(24 * HOUR);
    let calls = world.calls().len();
    assert!((25..=50).contains(&calls), "{calls}");
    world.let_portal("acme", Manner::Answers);
    world.run(HOUR);
    assert_eq!(world.holds("acme"), Some(Dnd));
}

#[test]
fn a_full_portal_that_named_no_time_keeps_a_choice_by_hand_waiting_for_two_seconds() {
    let mut world = World::at_rest();
    world.let_portal("acme", busy(None));
    world.choose(Dnd);
    world.run(12 * HOUR);
    world.let_portal("acme", Manner::Answers);
    world.choose(Away);
    world.run(3 * SECOND);
    assert_eq!(world.holds("acme"), Some(Away));
}

#[test]
fn an_outage_that_ends_in_a_crowd_is_over_as_soon_as_the_crowd_is() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.run(2 * HOUR);
    world.let_portal("acme", busy(None));
    while world.standing("acme").failure == Some(Failure::Later(Later::Unreachable)) {
        world.wait();
        world.run(SECOND);
    }
    world.let_portal("acme", Manner::Answers);
    world.run(4 * SECOND);
    assert_eq!(world.standing("acme").connection, Connection::Ok);
}

#[test]
fn on_a_new_network_what_the_person_waits_for_is_tried_at_once() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.choose(Dnd);
    world.run(HOUR);
    world.let_portal("acme", Manner::Answers);
    world.tell(Event::NetworkChanged);
    world.run(SECOND);
    assert_eq!(world.holds("acme"), Some(Dnd));
}

#[test]
fn who_comes_back_after_an_outage_does_not_wait_for_the_next_attempt() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.run(HOUR);
    world.lock();
    world.let_portal("acme", Manner::Answers);
    world.unlock();
    world.run(3 * SECOND);
    assert_eq!(world.standing("acme").connection, Connection::Ok);
}

#[test]
fn a_write_that_was_confirmed_is_not_read_back_before_the_next_interval() {
    let mut world = World::at_rest();
    world.run(10 * MINUTE);
    world.choose(Dnd);
    world.run(14 * MINUTE);
    assert_eq!(world.calls(), [Set(Dnd)]);
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
fn a_new_network_right_after_an_answer_reads_nothing() {
    let mut world = World::at_rest();
    world.tell(Event::ReadingAsked);
    world.run(SECOND);
    world.forget();
    world.tell(Event::NetworkChanged);
    world.run(5 * MINUTE);
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
fn pauses_after_failures_grow_to_less_than_five_minutes() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    world.choose(Dnd);
    world.run(10 * MINUTE);
    let first = world.calls().len();
    world.run(HOUR);
    let later = world.calls().len();
    assert!((6..=9).contains(&first) && (13..=18).contains(&later), "{first}, {later}");
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

#[test]
fn a_write_that_reached_nobody_does_not_count() {
    let mut world = World::at_rest();
    world.let_portal("acme", unreachable());
    for status in [Dnd, Away, Break, Online, Dnd, Away, Break, Online, Dnd, Break] {
        world.choose(status);
        world.run(SECOND);
    }
    world.forget();
    world.let_portal("acme", Manner::Answers);
    world.tell(Event::NetworkChanged);
    world.run(SECOND);
    assert_eq!(world.calls().last(), Some(&Set(Break)));
}

#[test]
fn a_suspend_of_three_days_that_nobody_announced_counts_in_full() {
    let mut world = World::at_rest();
    let until = Some(world.now().wall + 2 * HOUR);
    world.let_portal("acme", Manner::Refuses(Failure::Later(Later::TooBusy { until })));
    world.choose_for(Dnd, HOUR);
    world.lock();
    world.run(MINUTE);
    world.let_portal("acme", Manner::Answers);
    world.forget();
    world.suspend(72 * HOUR);
    world.tell(Event::TimePassed);
    world.run(MINUTE);
    // The choice has ended, the cool-down is over, and nobody has been there all the time.
    assert_eq!(world.presence.choice().clone(), plain(Online));
    assert_eq!(world.calls(), [Read, StartIdle { minutes_ago: 72 * 60 + 1 }]);
    world.unlock();
    world.run(SECOND);
    assert!(!world.is_marked("acme"));
}

fn time_to_next_read(world: &mut World) -> Duration {
    world.forget();
    let start = world.now().uptime;
    while !world.calls().contains(&Read) {
        world.wait();
    }
    let gap = world.now().uptime - start;
    world.run(SECOND);
    gap
}
