//! One portal in front of a whole office: its leaky bucket, its outages, and what it holds of each person.
//!
//! The limit is the documented one of every plan but Enterprise: <https://apidocs.bitrix24.com/limits.html>.

use std::time::Duration;

use b24status::presence::{Answer, Call, Failure, Held, Later, Status};

use super::chance::Chance;

/// Requests that leak out of the bucket each second.
pub const LEAK: f64 = 2.0;
/// Requests that it holds.
pub const DEPTH: f64 = 50.0;

pub struct Portal {
    pub health: Health,
    bucket: Bucket,
    chance: Chance,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Health {
    Well,
    /// Connections are refused, answered by a proxy's error page, or not answered at all: a third each.
    Down,
}

/// Whether a request that is refused fills the bucket all the same. The documentation can be read both ways.
#[derive(Clone, Copy, PartialEq)]
pub enum Refused {
    IsFree,
    Counts,
}

struct Bucket {
    refused: Refused,
    level: f64,
    since: Duration,
}

/// What the portal holds of one person.
pub struct Holding {
    pub status: Status,
    pub idle: bool,
}

/// How a request ends, and how long that takes.
pub struct Reply {
    pub after: Duration,
    pub answer: Result<Answer, Failure>,
}

impl Portal {
    pub fn new(refused: Refused, seed: u64) -> Self {
        let bucket = Bucket { refused, level: 0.0, since: Duration::ZERO };
        Self { health: Health::Well, bucket, chance: Chance::new(seed) }
    }

    pub fn meet(&mut self, call: Call, holding: &mut Holding, now: Duration) -> Reply {
        let latency = self.chance.between(Duration::from_millis(40), Duration::from_millis(160));
        if self.health == Health::Down {
            return self.fail(latency);
        }
        if !self.bucket.admits(now) {
            return Reply { after: latency, answer: Err(Failure::Later(Later::TooBusy { until: None })) };
        }
        Reply { after: latency, answer: Ok(holding.carry_out(call)) }
    }

    fn fail(&mut self, latency: Duration) -> Reply {
        let (after, later) = match self.chance.bits() % 3 {
            0 => (latency, Later::Unreachable),
            1 => (latency, Later::UnexpectedPage),
            _ => (Duration::from_secs(15), Later::NoAnswer),
        };
        Reply { after, answer: Err(Failure::Later(later)) }
    }
}

impl Bucket {
    fn admits(&mut self, now: Duration) -> bool {
        self.level = (self.level - (now - self.since).as_secs_f64() * LEAK).max(0.0);
        self.since = now;
        let admits = self.level + 1.0 <= DEPTH;
        if admits || self.refused == Refused::Counts {
            self.level = (self.level + 1.0).min(DEPTH);
        }
        admits
    }
}

impl Holding {
    fn carry_out(&mut self, call: Call) -> Answer {
        match call {
            Call::Read => return Answer::Held(Held::Status(self.status)),
            Call::Set(status) => (self.status, self.idle) = (status, false),
            Call::StartIdle { .. } => self.idle = true,
            Call::EndIdle => self.idle = false,
        }
        Answer::Done
    }
}
