//! What was measured in one day.

use std::time::Duration;

use b24status::presence::{Answer, Failure, Later};

use super::portal::{DEPTH, LEAK};

pub struct Figures {
    /// For each second of the day.
    asked: Vec<u32>,
    refused: Vec<u32>,
    /// Desks whose portal or icon does not say what the person means, at the end of each second.
    untrue: Vec<u32>,
    is_true: Vec<bool>,
    untrue_now: u32,
    noted: usize,
    /// Choices by hand: when, and how long until the portal confirmed them.
    choices: Vec<(Duration, Duration)>,
    returns: Vec<Return>,
}

/// What followed the end of an outage.
pub struct Return {
    pub at: Duration,
    /// The desks that were not true at that instant.
    waiting: Vec<bool>,
    /// How long each of them waited.
    pub took: Vec<Duration>,
    pub waiting_for: usize,
}

impl Figures {
    pub fn new(people: usize, end: Duration) -> Self {
        let seconds = end.as_secs() as usize + 1;
        Self {
            asked: vec![0; seconds],
            refused: vec![0; seconds],
            untrue: vec![0; seconds],
            is_true: vec![true; people],
            untrue_now: 0,
            noted: 0,
            choices: Vec::new(),
            returns: Vec::new(),
        }
    }

    // What happened

    pub fn asked(&mut self, answer: &Result<Answer, Failure>, now: Duration) {
        self.asked[now.as_secs() as usize] += 1;
        if let Err(Failure::Later(Later::TooBusy { .. })) = answer {
            self.refused[now.as_secs() as usize] += 1;
        }
    }

    pub fn desk_is(&mut self, desk: usize, is_true: bool, now: Duration) {
        let was_true = std::mem::replace(&mut self.is_true[desk], is_true);
        let second = now.as_secs() as usize;
        self.untrue[self.noted..second].fill(self.untrue_now);
        self.noted = second;
        match (was_true, is_true) {
            (true, false) => self.untrue_now += 1,
            (false, true) => self.untrue_now -= 1,
            (true, true) | (false, false) => {}
        }
        self.untrue[second] = self.untrue_now;
        if is_true {
            for outage in &mut self.returns {
                if std::mem::take(&mut outage.waiting[desk]) {
                    outage.took.push(now - outage.at);
                }
            }
        }
    }

    pub fn confirmed(&mut self, chosen: Duration, now: Duration) {
        self.choices.push((chosen, now - chosen));
    }

    pub fn returned(&mut self, now: Duration) {
        let waiting: Vec<bool> = self.is_true.iter().map(|is_true| !is_true).collect();
        let waiting_for = waiting.iter().filter(|waits| **waits).count();
        self.returns.push(Return { at: now, waiting, took: Vec::new(), waiting_for });
    }

    /// The day is over.
    pub fn end(&mut self) {
        self.untrue[self.noted..].fill(self.untrue_now);
    }

    // What follows

    pub fn asked_between(&self, from: Duration, to: Duration) -> u32 {
        sum(&self.asked, from, to)
    }

    pub fn refused_between(&self, from: Duration, to: Duration) -> u32 {
        sum(&self.refused, from, to)
    }

    pub fn untrue_at(&self, second: usize) -> u32 {
        self.untrue[second]
    }

    /// Requests a second, as a share of what leaks out of the bucket. Refused ones are in it.
    pub fn share(&self, from: Duration, to: Duration) -> f64 {
        f64::from(self.asked_between(from, to)) / (LEAK * (to - from).as_secs_f64())
    }

    /// Requests a second in the busiest stretch of the time in which a full bucket runs empty. What is shorter the bucket itself evens out.
    pub fn peak(&self, from: Duration, to: Duration) -> f64 {
        let width = (DEPTH / LEAK) as usize;
        let asked = &self.asked[from.as_secs() as usize..to.as_secs() as usize];
        let peak = asked.windows(width).map(|window| window.iter().sum::<u32>()).max().unwrap_or(0);
        f64::from(peak) / width as f64
    }

    pub fn peak_to_mean(&self, from: Duration, to: Duration) -> f64 {
        self.peak(from, to) / (f64::from(self.asked_between(from, to)) / (to - from).as_secs_f64())
    }

    /// How long the choices of this time took, shortest first.
    pub fn choices(&self, from: Duration, to: Duration) -> Vec<Duration> {
        let mut took: Vec<_> = self.choices.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, took)| *took).collect();
        took.sort();
        took
    }

    pub fn return_at(&self, at: Duration) -> &Return {
        self.returns.iter().find(|outage| outage.at == at).expect("an outage that ended then")
    }

    /// How long after `from` more than a handful of desks were in doubt for the last time before `to`.
    pub fn untrue_until(&self, from: Duration, to: Duration) -> Duration {
        let seconds = &self.untrue[from.as_secs() as usize..to.as_secs() as usize];
        let last = seconds.iter().rposition(|untrue| *untrue > 10).map_or(0, |second| second + 1);
        Duration::from_secs(last as u64)
    }

    /// The requests of several days as those of one.
    pub fn together(days: &[Self]) -> Self {
        let mut all = Self::new(0, Duration::from_secs(days[0].asked.len() as u64 - 1));
        for day in days {
            all.asked.iter_mut().zip(&day.asked).for_each(|(sum, asked)| *sum += asked);
        }
        all
    }
}

impl Return {
    /// How long this part of those who waited had to, at most; `None` if fewer are true by the end of the day.
    pub fn true_again(&self, part: f64) -> Option<Duration> {
        let wanted = (self.waiting_for as f64 * part).ceil() as usize;
        if wanted == 0 { Some(Duration::ZERO) } else { self.took.get(wanted - 1).copied() }
    }
}

/// The value below which this part of the sorted durations lies.
pub fn quantile(sorted: &[Duration], part: f64) -> Option<Duration> {
    sorted.get(((sorted.len() as f64 * part) as usize).min(sorted.len().saturating_sub(1))).copied()
}

fn sum(seconds: &[u32], from: Duration, to: Duration) -> u32 {
    seconds[from.as_secs() as usize..to.as_secs() as usize].iter().sum()
}
