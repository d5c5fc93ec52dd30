//! One working day of an office behind one address: sign-on at nine, lunch, an outage of the portal at three, a cut of the network at four.

use std::time::Duration;

use b24status::presence::{Answer, Call, Event, Failure, Later, Status};

use super::{
    chance::Chance,
    clock::{Agenda, HOUR, MINUTE, at, moment},
    desk::Desk,
    figures::Figures,
    portal::{Health, Portal, Refused},
};

pub const SIGN_ON: Duration = at(9, 0);
pub const LUNCH: Duration = at(12, 30);
pub const OUTAGE: (Duration, Duration) = (at(15, 0), at(15, 10));
pub const CUT: (Duration, Duration) = (at(16, 0), at(16, 10));
pub const CLOSING: Duration = at(17, 0);

/// The idle source's threshold.
const NO_INPUT: Duration = Duration::from_mins(10);
/// A connection that nobody answers ends after this.
const CONNECTING: Duration = Duration::from_secs(5);

pub struct Office {
    pub people: usize,
    /// How often one person chooses a status, on average.
    pub chooses_every: Duration,
    pub goes_to_lunch: bool,
    pub refused: Refused,
    pub seed: u64,
}

struct Day {
    desks: Vec<Desk>,
    portal: Portal,
    network: Network,
    agenda: Agenda<Happening>,
    chance: Chance,
    chooses_every: Duration,
    figures: Figures,
}

#[derive(PartialEq)]
enum Network {
    Up,
    Cut,
}

enum Happening {
    /// The core asked to be woken.
    Deadline(usize),
    Answer(usize, Result<Answer, Failure>),
    SignOn(usize),
    Choose(usize),
    Person(usize, Event),
    PortalFalls,
    PortalReturns,
    NetworkFalls,
    NetworkReturns,
    LinkComesUp(usize),
}

impl Office {
    /// The day up to `end`.
    pub fn day(&self, end: Duration) -> Figures {
        let mut chance = Chance::new(self.seed);
        let desks = (0..self.people).map(|_| Desk::new(chance.bits())).collect();
        let mut day = Day {
            desks,
            portal: Portal::new(self.refused, chance.bits()),
            network: Network::Up,
            agenda: Agenda::new(),
            chance,
            chooses_every: self.chooses_every,
            figures: Figures::new(self.people, end),
        };
        day.plan(self.goes_to_lunch);
        while let Some((now, happening)) = day.agenda.next_before(end) {
            day.happen(happening, now);
        }
        day.figures.end();
        day.figures
    }
}

impl Day {
    fn plan(&mut self, lunch: bool) {
        for desk in 0..self.desks.len() {
            let sign_on = self.chance.around(SIGN_ON, 20 * MINUTE);
            self.agenda.plan(sign_on, Happening::SignOn(desk));
            self.plan_choice(desk, sign_on);
            if lunch {
                self.plan_lunch(desk);
            }
        }
        self.agenda.plan(OUTAGE.0, Happening::PortalFalls);
        self.agenda.plan(OUTAGE.1, Happening::PortalReturns);
        self.agenda.plan(CUT.0, Happening::NetworkFalls);
        self.agenda.plan(CUT.1, Happening::NetworkReturns);
    }

    fn plan_choice(&mut self, desk: usize, after: Duration) {
        let next = after + self.chance.until_next(self.chooses_every);
        self.agenda.plan(next, Happening::Choose(desk));
    }

    /// Two of three lock their session, the others just go.
    fn plan_lunch(&mut self, desk: usize) {
        let leaves = self.chance.around(LUNCH, 30 * MINUTE);
        let returns = leaves + self.chance.between(30 * MINUTE, HOUR);
        let (gone, event, back) = match self.chance.bits() % 3 {
            0 => (leaves + NO_INPUT, Event::InputStopped { since: moment(leaves) }, Event::InputResumed),
            _ => (leaves, Event::SessionLocked, Event::SessionUnlocked),
        };
        self.agenda.plan(gone, Happening::Person(desk, event));
        self.agenda.plan(returns, Happening::Person(desk, back));
    }

    fn happen(&mut self, happening: Happening, now: Duration) {
        match happening {
            Happening::Deadline(desk) if self.desks[desk].wakes_at == Some(now) => self.tell(desk, Event::TimePassed, now),
            Happening::Deadline(_) => {}
            Happening::Answer(desk, answer) => {
                let event = self.desks[desk].answered(answer);
                self.tell(desk, event, now);
            }
            Happening::SignOn(desk) => {
                for event in self.desks[desk].start() {
                    self.tell(desk, event, now);
                }
            }
            Happening::Choose(desk) => self.choose(desk, now),
            Happening::Person(desk, event) => self.tell(desk, event, now),
            Happening::PortalFalls => self.portal.health = Health::Down,
            Happening::PortalReturns => {
                self.portal.health = Health::Well;
                self.figures.returned(now);
            }
            Happening::NetworkFalls => self.network = Network::Cut,
            Happening::NetworkReturns => {
                self.network = Network::Up;
                self.figures.returned(now);
                for desk in 0..self.desks.len() {
                    let at = now + self.chance.between(Duration::ZERO, Duration::from_secs(3));
                    self.agenda.plan(at, Happening::LinkComesUp(desk));
                }
            }
            Happening::LinkComesUp(desk) => self.tell(desk, Event::NetworkChanged, now),
        }
    }

    /// Away from `online`, or back to it. Who is away chooses nothing.
    fn choose(&mut self, desk: usize, now: Duration) {
        self.plan_choice(desk, now);
        if self.desks[desk].presence.absent().is_some() {
            return;
        }
        let status = match (self.desks[desk].presence.choice().status(), self.chance.bits() % 3) {
            (Some(Status::Online), 0) => Status::Away,
            (Some(Status::Online), 1) => Status::Break,
            (Some(Status::Online), _) => Status::Dnd,
            (_, _) => Status::Online,
        };
        self.desks[desk].chosen_at.get_or_insert(now);
        self.tell(desk, Event::Chosen { status, end: None }, now);
    }

    fn tell(&mut self, desk: usize, event: Event, now: Duration) {
        let call = self.desks[desk].tell(event, now);
        if let Some(call) = call {
            self.send(desk, call, now);
        }
        let there = &mut self.desks[desk];
        let is_true = there.is_true();
        self.figures.desk_is(desk, is_true, now);
        if let Some(chosen) = there.chosen_at.take_if(|_| is_true) {
            self.figures.confirmed(chosen, now);
        }
        let wakes_at = there.presence.deadline(moment(now)).map(|wait| now + wait);
        if wakes_at != there.wakes_at {
            there.wakes_at = wakes_at;
            if let Some(at) = wakes_at {
                self.agenda.plan(at, Happening::Deadline(desk));
            }
        }
    }

    fn send(&mut self, desk: usize, call: Call, now: Duration) {
        if self.network == Network::Cut {
            self.agenda.plan(now + CONNECTING, Happening::Answer(desk, Err(Failure::Later(Later::Unreachable))));
            return;
        }
        let reply = self.portal.meet(call, &mut self.desks[desk].holding, now);
        self.figures.asked(&reply.answer, now);
        self.agenda.plan(now + reply.after, Happening::Answer(desk, reply.answer));
    }
}
