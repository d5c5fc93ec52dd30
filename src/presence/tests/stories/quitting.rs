//! Quitting: chapter 7.3 of the product.

use std::time::Duration;

use super::{
    unreachable,
    world::{DiskManner, Manner, SECOND, World},
};
use crate::presence::{Call::EndIdle, Cause, Change, Event, Status::Dnd};

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
