//! An office behind one address: 500 and 10,000 people on one portal and its leaky bucket, with the core as it is, in virtual time.
//!
//! Each person has the core, a portal's answers take their time, and nothing here decides what the app would do. `docs/office.md` shows what
//! came out. To print the figures and draw the plots anew:
//!
//! ```text
//! OFFICE_PLOTS=docs/images cargo test --test office -- --nocapture figures
//! ```

#![allow(unreachable_pub, reason = "the modules of one test program")]
#![expect(clippy::print_stdout, reason = "seeds and figures are for who runs it by hand")]

mod chance;
mod clock;
mod day;
mod desk;
mod figures;
mod plot;
mod portal;

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use clock::{HOUR, MINUTE, at};
use day::{CLOSING, CUT, OUTAGE, Office, SIGN_ON};
use figures::{Figures, quantile};
use portal::{LEAK, Refused};

const FIVE_MINUTES: Duration = Duration::from_mins(5);
const SEEDS: std::ops::RangeInclusive<u64> = 1..=8;

/// 500 people, on eight days.
static SMALL: LazyLock<Vec<Figures>> = LazyLock::new(|| SEEDS.map(|seed| day(&small(seed))).collect());
/// 10,000 people who stay at their desks all day.
static LARGE: LazyLock<Figures> = LazyLock::new(|| day(&large(Refused::IsFree)));

fn small(seed: u64) -> Office {
    Office { people: 500, chooses_every: 8 * HOUR, goes_to_lunch: true, refused: Refused::IsFree, seed }
}

fn large(refused: Refused) -> Office {
    Office { people: 10_000, chooses_every: 8 * HOUR, goes_to_lunch: false, refused, seed: 24 }
}

fn day(office: &Office) -> Figures {
    println!("{} people, seed {}", office.people, office.seed);
    office.day(CLOSING)
}

#[test]
fn five_hundred_at_rest_use_thirty_percent_of_the_bucket_at_most() {
    for figures in &*SMALL {
        let share = figures.share(at(10, 0), at(12, 0));
        assert!(share <= 0.3, "{share}");
    }
}

#[test]
fn five_hundred_who_sign_on_or_go_to_lunch_together_are_never_refused() {
    for figures in &*SMALL {
        assert_eq!(figures.refused_between(at(8, 0), OUTAGE.0), 0);
    }
}

#[test]
fn five_hundred_are_true_again_five_minutes_after_an_outage_and_after_a_cut() {
    for figures in &*SMALL {
        for back in [OUTAGE.1, CUT.1] {
            let took = figures.return_at(back).true_again(1.0);
            assert!(took.is_some_and(|took| took <= FIVE_MINUTES), "{took:?}");
        }
    }
}

/// One day alone is half chance; what comes of the same pattern on eight days is the pattern.
#[test]
fn five_hundred_do_not_return_in_one_burst() {
    for back in [OUTAGE.1, CUT.1] {
        let peak = Figures::together(&SMALL).peak_to_mean(back, back + FIVE_MINUTES);
        assert!(peak <= 2.0, "{peak}");
    }
}

/// Those whom the outage did not touch read on as before, and the others come back in between.
#[test]
fn the_waves_after_an_outage_of_five_hundred_stay_below_two_thirds_of_the_bucket() {
    let peak = Figures::together(&SMALL).peak(OUTAGE.1 + FIVE_MINUTES, CUT.0) / SMALL.len() as f64;
    assert!(peak <= LEAK * 0.66, "{peak}");
}

#[test]
fn ten_thousand_settle_at_sixty_percent_of_the_bucket_by_themselves() {
    let share = LARGE.share(at(12, 0), at(15, 0));
    assert!(share <= 0.6, "{share}");
    assert_eq!(LARGE.refused_between(at(12, 0), at(15, 0)), 0);
}

#[test]
fn one_of_ten_thousand_gets_a_choice_through_within_ten_seconds() {
    let took = LARGE.choices(at(11, 0), OUTAGE.0);
    assert!(took.len() > 1_000);
    assert!(quantile(&took, 0.5) <= Some(Duration::from_secs(10)), "{:?}", quantile(&took, 0.5));
}

/// Nobody can ask more than leaks out: 10,000 first reads at two a second are 83 minutes. The rest is the price of patience.
#[test]
fn ten_thousand_who_sign_on_together_are_all_true_before_noon() {
    let took = LARGE.untrue_until(SIGN_ON, OUTAGE.0);
    assert!(took <= 3 * HOUR, "{took:?}");
}

/// The harder reading of the limit: who asks a full bucket keeps it full. Only patience that grows with the crowd ever ends that.
#[test]
fn ten_thousand_do_not_lock_themselves_out_of_a_bucket_that_counts_refused_requests() {
    let figures = day(&large(Refused::Counts));
    let untrue = figures.untrue_at(OUTAGE.0.as_secs() as usize - 1);
    assert!(untrue < 500, "{untrue}");
}

/// Prints what `docs/office.md` says, and draws where `OFFICE_PLOTS` says.
#[test]
fn figures_can_be_printed_and_drawn() {
    let lunch = Office { goes_to_lunch: true, ..large(Refused::IsFree) };
    let offices = [
        ("office-500", "500 people", small(1)),
        ("office-10000", "10,000 people", large(Refused::IsFree)),
        ("office-10000-lunch", "10,000 people who go to lunch", lunch),
    ];
    let drawn = std::env::var_os("OFFICE_PLOTS");
    // Without a reader one is enough to see that it works.
    let wanted = if drawn.is_some() { offices.len() } else { 1 };
    for (file, title, office) in &offices[..wanted] {
        let start = Instant::now();
        let figures = day(office);
        let speed = (CLOSING - at(8, 40)).as_secs_f64() / start.elapsed().as_secs_f64();
        println!("\n{title}: {speed:.0} times faster than the day");
        print(&figures);
        let svg = plot::svg(title, office.people, &figures);
        assert!(svg.ends_with("</svg>\n"));
        if let Some(directory) = &drawn {
            std::fs::write(std::path::Path::new(directory).join(file).with_extension("svg"), svg).expect("a place for the plot");
        }
    }
    println!("\nfirst reads of 10,000 at {LEAK} a second: {:?}", Duration::from_secs_f64(10_000.0 / LEAK));
    if drawn.is_some() {
        print_the_rest();
    }
}

fn print_the_rest() {
    for back in [OUTAGE.1, CUT.1] {
        println!(
            "500 people, peak to mean of eight days together: {:.2}",
            Figures::together(&SMALL).peak_to_mean(back, back + FIVE_MINUTES)
        );
    }
    let waves = Figures::together(&SMALL).peak(OUTAGE.1 + FIVE_MINUTES, CUT.0) / SMALL.len() as f64;
    println!("500 people, the highest wave after the outage: {waves:.2} a second");
    println!("500 people, each day:");
    for figures in &*SMALL {
        let day = [OUTAGE.1, CUT.1].map(|back| {
            format!("{:.2} last {:.0?}", figures.peak_to_mean(back, back + FIVE_MINUTES), figures.return_at(back).true_again(1.0))
        });
        println!("  at rest {:.1} %, {}", 100.0 * figures.share(at(10, 0), at(12, 0)), day.join(", "));
    }
    println!("\n10,000 people, refused requests count:");
    print(&day(&large(Refused::Counts)));
}

fn print(figures: &Figures) {
    for from in (17..34).map(|half| half * 30 * MINUTE) {
        let to = from + 30 * MINUTE;
        let choices = figures.choices(from, to);
        println!(
            "{:2}:{:02} asked {:6} refused {:6} share {:5.0} % untrue {:5} choices: half within {:.1?}, nine of ten within {:.1?}",
            from.as_secs() / 3600,
            from.as_secs() / 60 % 60,
            figures.asked_between(from, to),
            figures.refused_between(from, to),
            100.0 * figures.share(from, to),
            figures.untrue_at(to.as_secs() as usize - 1),
            quantile(&choices, 0.5).unwrap_or_default(),
            quantile(&choices, 0.9).unwrap_or_default(),
        );
    }
    println!("true after sign-on: {:.0?} after nine", figures.untrue_until(SIGN_ON, OUTAGE.0));
    for (name, back) in [("outage", OUTAGE.1), ("cut", CUT.1)] {
        let outage = figures.return_at(back);
        println!(
            "{name}: {} waited, true again half after {:.0?}, 95 % after {:.0?}, all after {:.0?}; peak to mean {:.2}, refused {}",
            outage.waiting_for,
            outage.true_again(0.5),
            outage.true_again(0.95),
            outage.true_again(1.0),
            figures.peak_to_mean(back, back + FIVE_MINUTES),
            figures.refused_between(back, back + FIVE_MINUTES),
        );
    }
}
