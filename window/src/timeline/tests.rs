use b24status::presence::{Change, Later, Reason, Status};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use proptest::prelude::*;

use super::*;

#[test]
fn an_empty_journal_tells_nothing() {
    assert_eq!(told(&[], &online(), 600), vec![]);
}

#[test]
fn a_status_lasts_until_the_next_one() {
    let entries = [
        ours(0, Change::Adopted { held: Held::NeverSet }, Cause::FirstRead),
        person(60, chosen(Status::Dnd), Cause::ByHand),
        ours(60, Change::Confirmed { status: Status::Dnd }, Cause::Choice),
    ];
    assert_eq!(
        told(&entries, &online(), 100),
        vec![
            segment(0, 60, Holding { status: Some(Held::NeverSet), ..holding(Status::Online, Cause::FirstRead) }),
            segment(60, 100, holding(Status::Dnd, Cause::ByHand)),
        ]
    );
}

#[test]
fn a_prompt_answer_counts_from_the_choice_and_a_late_one_does_not() {
    let confirmed = |minute| {
        [
            ours(0, Change::Confirmed { status: Status::Online }, Cause::Choice),
            person(10, chosen(Status::Away), Cause::ByHand),
            ours(minute, Change::Confirmed { status: Status::Away }, Cause::Choice),
        ]
    };
    let before = segment(0, 10, Holding { because: None, ..holding(Status::Online, Cause::ByHand) });
    let pending = Holding { sure: Sure::Pending, ..holding(Status::Away, Cause::ByHand) };
    assert_eq!(told(&confirmed(10), &online(), 30), vec![before.clone(), segment(10, 30, holding(Status::Away, Cause::ByHand))]);
    assert_eq!(
        told(&confirmed(20), &online(), 30),
        vec![before, segment(10, 20, pending), segment(20, 30, holding(Status::Away, Cause::ByHand))]
    );
}

#[test]
fn idle_lies_over_do_not_disturb_and_ends_with_the_return() {
    let idle = Cause::Absence(Reason::Locked);
    let entries = [
        person(0, chosen(Status::Dnd), Cause::ByHand),
        ours(0, Change::Confirmed { status: Status::Dnd }, Cause::Choice),
        person(10, Change::WentAbsent(Reason::Locked), idle),
        ours(10, Change::MarkedIdle { minutes_ago: 1 }, idle),
        person(40, Change::CameBack, Cause::Unlocked),
        ours(40, Change::UnmarkedIdle, Cause::Unlocked),
    ];
    let dnd = holding(Status::Dnd, Cause::ByHand);
    assert_eq!(
        told(&entries, &online(), 50),
        vec![segment(0, 10, dnd.clone()), segment(10, 40, Holding { idle: Some(idle), ..dnd.clone() }), segment(40, 50, dnd)]
    );
}

#[test]
fn setting_a_status_ends_the_idle_mark() {
    let idle = Cause::Absence(Reason::NoInput);
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        ours(10, Change::MarkedIdle { minutes_ago: 10 }, idle),
        person(20, chosen(Status::Away), Cause::EndReached),
        ours(20, Change::Confirmed { status: Status::Away }, Cause::Choice),
    ];
    assert_eq!(told(&entries, &online(), 30).last(), Some(&segment(20, 30, holding(Status::Away, Cause::EndReached))));
}

#[test]
fn time_in_which_the_app_was_not_running_is_not_told_as_a_status() {
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        person(60, Change::Ended, Cause::Quit),
        person(600, Change::Started, Cause::Launch),
    ];
    let online_then = holding(Status::Online, Cause::FirstRead);
    assert_eq!(
        told(&entries, &online(), 660),
        vec![segment(0, 60, online_then.clone()), Segment { span: span(60, 600), what: What::NotRunning }, segment(600, 660, online_then)]
    );
}

#[test]
fn after_a_crash_nothing_is_told_from_the_last_entry_on() {
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        person(30, chosen(Status::Online), Cause::ByHand),
        person(600, Change::Started, Cause::Launch),
    ];
    assert_eq!(
        told(&entries, &online(), 660),
        vec![
            segment(0, 30, holding(Status::Online, Cause::FirstRead)),
            Segment { span: span(30, 600), what: What::Untold },
            segment(600, 660, holding(Status::Online, Cause::ByHand)),
        ]
    );
}

#[test]
fn what_was_not_heard_again_since_the_start_is_not_told_as_confirmed() {
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        person(60, Change::Ended, Cause::Quit),
        person(600, Change::Started, Cause::Launch),
    ];
    let unheard = Holding { sure: Sure::Pending, ..holding(Status::Online, Cause::FirstRead) };
    assert_eq!(told(&entries, &known(None), 660).last(), Some(&segment(600, 660, unheard)));
}

#[test]
fn a_portal_that_is_down_is_told_as_failed_until_it_answers() {
    let failure = Failure::Later(Later::Unreachable);
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        ours(10, Change::Failed(failure.clone()), Cause::Portal),
        person(20, chosen(Status::Break), Cause::ByHand),
        ours(40, Change::Recovered, Cause::Portal),
        ours(40, Change::Confirmed { status: Status::Break }, Cause::Choice),
    ];
    let failed = |holding: Holding| Holding { sure: Sure::Failed(failure.clone()), ..holding };
    assert_eq!(
        told(&entries, &online(), 60),
        vec![
            segment(0, 10, holding(Status::Online, Cause::FirstRead)),
            segment(10, 20, failed(holding(Status::Online, Cause::FirstRead))),
            segment(20, 40, failed(holding(Status::Break, Cause::ByHand))),
            segment(40, 60, holding(Status::Break, Cause::ByHand)),
        ]
    );
}

#[test]
fn a_status_from_elsewhere_is_adopted_on_one_account_and_followed_by_the_other() {
    let other = AccountId::new("9@other.example");
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        entry(0, Some(&other), Change::Confirmed { status: Status::Online }, Cause::Choice),
        ours(10, Change::Adopted { held: Held::Status(Status::Break) }, Cause::ChangedElsewhere),
        entry(15, Some(&other), Change::Confirmed { status: Status::Break }, Cause::Choice),
    ];
    let known = [known(None), Known { account: other.clone(), held: None }];
    let timeline = Timeline::new(&entries, &known, at(20));
    assert_eq!(timeline.accounts().collect::<Vec<_>>(), vec![&account(), &other]);
    assert_eq!(
        timeline.within(&account(), span(0, 20)),
        vec![segment(0, 10, holding(Status::Online, Cause::FirstRead)), segment(10, 20, holding(Status::Break, Cause::ChangedElsewhere))]
    );
    assert_eq!(
        timeline.within(&other, span(0, 20)),
        vec![
            segment(0, 10, holding(Status::Online, Cause::FirstRead)),
            segment(10, 15, Holding { sure: Sure::Pending, ..holding(Status::Break, Cause::ChangedElsewhere) }),
            segment(15, 20, holding(Status::Break, Cause::ChangedElsewhere)),
        ]
    );
}

#[test]
fn a_journal_that_never_speaks_of_a_status_was_written_under_the_present_one() {
    let idle = Cause::Absence(Reason::NoInput);
    let entries = [ours(10, Change::MarkedIdle { minutes_ago: 10 }, idle), ours(20, Change::UnmarkedIdle, Cause::InputResumed)];
    let present = Holding { because: None, ..holding(Status::Online, Cause::ByHand) };
    assert_eq!(
        told(&entries, &online(), 30),
        vec![segment(10, 20, Holding { idle: Some(idle), ..present.clone() }), segment(20, 30, present.clone())]
    );
    assert_eq!(
        told(&entries, &known(None), 30),
        vec![
            segment(10, 20, Holding { status: None, idle: Some(idle), ..present.clone() }),
            segment(20, 30, Holding { status: None, ..present })
        ]
    );
}

#[test]
fn an_account_that_was_removed_ends_with_its_last_entry() {
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        ours(10, Change::UnmarkedIdle, Cause::Choice),
        person(20, chosen(Status::Dnd), Cause::ByHand),
    ];
    let timeline = Timeline::new(&entries, &[], at(30));
    assert_eq!(timeline.within(&account(), span(0, 30)), vec![segment(0, 10, holding(Status::Online, Cause::FirstRead))]);
}

#[test]
fn a_clock_that_was_wrong_for_a_while_moves_nothing_else() {
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        person(1, Change::CameBack, Cause::InputResumed),
        // A year ahead, a day ahead, and a clock that began at its birth.
        person(525_600, chosen(Status::Away), Cause::ByHand),
        ours(1440, Change::Confirmed { status: Status::Away }, Cause::Choice),
        person(-26_000_000, chosen(Status::Break), Cause::ByHand),
        person(20, chosen(Status::Dnd), Cause::ByHand),
        ours(20, Change::Confirmed { status: Status::Dnd }, Cause::Choice),
    ];
    assert_eq!(told(&entries, &online(), 60).last(), Some(&segment(20, 60, holding(Status::Dnd, Cause::ByHand))));
    assert_eq!(told(&entries, &online(), 60).first().map(|first| first.span.from), Some(at(0)));
}

#[test]
fn the_last_word_counts_after_a_clock_was_set_back() {
    let entries = [
        ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead),
        person(60, chosen(Status::Away), Cause::ByHand),
        person(5, chosen(Status::Dnd), Cause::ByHand),
        ours(5, Change::Confirmed { status: Status::Dnd }, Cause::Choice),
    ];
    assert_eq!(told(&entries, &online(), 120).last().map(|last| (last.span, status_of(last))), Some((span(5, 120), Some(Status::Dnd))));
}

#[test]
fn a_part_of_the_time_is_cut_out_of_the_whole() {
    let entries = [ours(0, Change::Adopted { held: Held::Status(Status::Online) }, Cause::FirstRead)];
    let timeline = Timeline::new(&entries, &[online()], at(100));
    let held = |from, to| vec![segment(from, to, holding(Status::Online, Cause::FirstRead))];
    assert_eq!(timeline.within(&account(), span(10, 20)), held(10, 20));
    assert_eq!(timeline.within(&account(), span(90, 200)), held(90, 100));
    assert_eq!(timeline.within(&account(), span(-20, 0)), vec![]);
    assert_eq!(timeline.within(&account(), span(100, 200)), vec![]);
}

#[test]
fn days_have_the_hours_that_the_calendar_gives_them() {
    let day = |month, number| day(date(2026, month, number), &berlin()).unwrap();
    let length = |day: &Day| day.span.to.duration_since(day.span.from).unwrap().as_secs() / 3600;
    let (usual, spring, autumn) = (day(11, 21), day(3, 29), day(10, 25));
    assert_eq!([length(&usual), length(&spring), length(&autumn)], [24, 23, 25]);
    assert_eq!(usual.span.from, instant("2026-11-21T00:00:00+01:00"));
    assert_eq!(usual.hours.iter().map(|(hour, _)| *hour).collect::<Vec<_>>(), vec![0, 3, 6, 9, 12, 15, 18, 21]);
    assert_eq!(spring.hours[1], (3, instant("2026-03-29T03:00:00+02:00")));
    assert_eq!(autumn.hours[1], (3, instant("2026-10-25T03:00:00+01:00")));
    assert!((autumn.span.share(autumn.hours[1].1) - 4.0 / 25.0).abs() < 1e-6);
    assert_eq!(day_of(instant("2026-11-21T23:30:00Z"), &berlin()), date(2026, 11, 22));
    assert_eq!(last_days(date(2026, 3, 1), 3), vec![date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]);
}

#[test]
fn a_day_that_begins_at_one_o_clock_has_no_midnight() {
    // In Beirut clocks went from midnight on to one o'clock.
    let beirut = TimeZone::posix("EET-2EEST,M3.5.0/0,M10.5.0/0").unwrap();
    let spring = day(date(2026, 3, 29), &beirut).unwrap();
    assert_eq!(spring.span.from, instant("2026-03-29T01:00:00+03:00"));
    assert_eq!(spring.hours.first().map(|(hour, _)| *hour), Some(3));
}

/// A phone and ten portals, one entry every 13 minutes for 30 days: what is drawn grows with what happened, not with accounts times entries.
#[test]
fn thirty_days_of_ten_accounts_have_no_more_pieces_than_entries() {
    let accounts = (0..10).map(|id| AccountId::new(&format!("{id}@acme.bitrix24.com"))).collect::<Vec<_>>();
    let kinds = [
        (Change::MarkedIdle { minutes_ago: 10 }, Cause::Absence(Reason::NoInput)),
        (Change::UnmarkedIdle, Cause::InputResumed),
        (Change::Confirmed { status: Status::Away }, Cause::Choice),
        (Change::Failed(Failure::Later(Later::NoAnswer)), Cause::Portal),
        (Change::Recovered, Cause::Portal),
    ];
    let entries = (0..3300).map(|n| entry(n * 13, accounts.get(n as usize % 10), kinds[n as usize / 10 % 5].0.clone(), kinds[0].1));
    let entries = entries.collect::<Vec<_>>();
    let known = accounts.iter().map(|account| Known { account: account.clone(), held: None }).collect::<Vec<_>>();
    let timeline = Timeline::new(&entries, &known, at(43_200));
    let segments = accounts.iter().map(|account| timeline.within(account, span(0, 43_200)).len()).sum::<usize>();
    assert!((2000..=entries.len() + accounts.len()).contains(&segments), "{segments}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn segments_are_in_order_and_within_the_span(
        entries in prop::collection::vec((-500i64..3000, 0usize..13, 0usize..4), 0..60),
        bounds in (-600i64..3000, -600i64..3000),
        knows in any::<bool>(),
    ) {
        let entries = entries.into_iter().map(|(minute, kind, who)| random_entry(minute, kind, who)).collect::<Vec<_>>();
        let known = if knows { vec![online()] } else { vec![] };
        let timeline = Timeline::new(&entries, &known, at(2000));
        let wanted = span(bounds.0.min(bounds.1), bounds.0.max(bounds.1));
        for account in timeline.accounts() {
            let segments = timeline.within(account, wanted);
            let mut edge = wanted.from;
            for segment in &segments {
                prop_assert!(segment.span.from >= edge && segment.span.from < segment.span.to, "{segments:?}");
                edge = segment.span.to;
            }
            prop_assert!(segments.is_empty() || edge <= wanted.to.min(at(2000)), "{segments:?}");
            prop_assert!(segments.windows(2).all(|two| two[0].what != two[1].what || two[0].span.to < two[1].span.from), "{segments:?}");
        }
    }
}

fn random_entry(minute: i64, kind: usize, who: usize) -> Entry {
    let kinds = [
        (chosen(Status::Dnd), Cause::ByHand),
        (chosen(Status::Online), Cause::EndReached),
        (Change::Adopted { held: Held::Status(Status::Away) }, Cause::ChangedElsewhere),
        (Change::Adopted { held: Held::Unfamiliar("lunch".into()) }, Cause::ChangedElsewhere),
        (Change::Confirmed { status: Status::Dnd }, Cause::Choice),
        (Change::WentAbsent(Reason::NoInput), Cause::Absence(Reason::NoInput)),
        (Change::CameBack, Cause::InputResumed),
        (Change::MarkedIdle { minutes_ago: 10 }, Cause::Absence(Reason::NoInput)),
        (Change::UnmarkedIdle, Cause::InputResumed),
        (Change::Failed(Failure::Later(Later::NoAnswer)), Cause::Portal),
        (Change::Recovered, Cause::Portal),
        (Change::Started, Cause::Launch),
        (Change::Ended, Cause::Quit),
    ];
    let accounts = [None, Some(account()), Some(AccountId::new("9@other.example")), Some(account())];
    let (what, because) = kinds[kind].clone();
    entry(minute, accounts[who].as_ref(), what, because)
}

/// The account's segments from the beginning to `now`, which is in minutes as everything here.
fn told(entries: &[Entry], known: &Known, now: i64) -> Vec<Segment> {
    Timeline::new(entries, std::slice::from_ref(known), at(now)).within(&known.account, span(-100_000_000, now))
}

fn ours(minute: i64, what: Change, because: Cause) -> Entry {
    entry(minute, Some(&account()), what, because)
}

fn person(minute: i64, what: Change, because: Cause) -> Entry {
    entry(minute, None, what, because)
}

fn entry(minute: i64, account: Option<&AccountId>, what: Change, because: Cause) -> Entry {
    Entry { at: at(minute), account: account.cloned(), what, because }
}

fn chosen(status: Status) -> Change {
    Change::Chosen { status, end: None }
}

fn segment(from: i64, to: i64, holding: Holding) -> Segment {
    Segment { span: span(from, to), what: What::Held(holding) }
}

fn holding(status: Status, because: Cause) -> Holding {
    Holding { status: Some(Held::Status(status)), sure: Sure::Confirmed, idle: None, because: Some(because) }
}

fn status_of(segment: &Segment) -> Option<Status> {
    match &segment.what {
        What::Held(holding) => holding.status.as_ref().and_then(Held::status),
        What::NotRunning | What::Untold => None,
    }
}

fn online() -> Known {
    known(Some(Held::Status(Status::Online)))
}

fn known(held: Option<Held>) -> Known {
    Known { account: account(), held }
}

fn account() -> AccountId {
    AccountId::new("7@acme.bitrix24.com")
}

fn span(from: i64, to: i64) -> Span {
    Span { from: at(from), to: at(to) }
}

fn at(minute: i64) -> SystemTime {
    Timestamp::from_second(1_795_269_600 + minute * 60).unwrap().into()
}

fn instant(text: &str) -> SystemTime {
    text.parse::<Timestamp>().unwrap().into()
}

/// By its rule, so that no test needs a time-zone database.
fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}
