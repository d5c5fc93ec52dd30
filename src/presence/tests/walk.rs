//! Every short history, step by step: whatever happens, the rules hold, and once the person is back all is as they mean it.

use super::world::{DiskManner, Manner, SECOND, World};
use crate::presence::{
    Credential, Event, Failure, Held, Later,
    Status::{self, Away, Dnd, Online},
};

#[test]
fn every_history_of_four_steps_from_rest_ends_well() {
    Walk::over(&Step::ALL).on_from(&at_rest(), 4);
}

#[test]
fn every_history_of_three_steps_from_the_first_start_ends_well() {
    let mut world = World::empty();
    world.sign_in("acme");
    world.portals_wait();
    Walk::over(&Step::ALL).on_from(&world, 3);
}

#[test]
fn every_history_of_three_steps_from_a_marked_absence_ends_well() {
    let mut world = World::at_rest();
    world.tell(Event::SessionLocked);
    world.run(SECOND);
    world.portals_wait();
    Walk::over(&Step::ALL).on_from(&world, 3);
}

#[test]
fn every_history_of_three_steps_with_two_accounts_ends_well() {
    let mut world = World::with(&["acme", "globex"]);
    world.portals_wait();
    Walk::over(&Step::ALL).on_from(&world, 3);
}

#[test]
fn every_history_of_five_steps_around_choices_ends_well() {
    Walk::over(&Step::AROUND_CHOICES).on_from(&at_rest(), 5);
}

#[test]
fn every_history_of_five_steps_around_absences_ends_well() {
    Walk::over(&Step::AROUND_ABSENCES).on_from(&at_rest(), 5);
}

fn at_rest() -> World {
    let mut world = World::at_rest();
    world.portals_wait();
    world
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Choose(Status),
    ChooseForASecond(Status),
    Lock,
    Unlock,
    InputStops,
    InputResumes,
    AnnounceSleep,
    Wake,
    Answer(Ending),
    ChangeElsewhere,
    ChangeNetwork,
    LoseKeyring,
    FindKeyring,
    BreakDisk,
    MendDisk,
    Crash,
    Wait,
    Quit,
}

/// How the call under way ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Well,
    Lost,
    Unreachable,
    Busy,
}

impl Step {
    const ALL: [Self; 22] = [
        Self::Choose(Dnd),
        Self::Choose(Online),
        Self::ChooseForASecond(Away),
        Self::Lock,
        Self::Unlock,
        Self::InputStops,
        Self::InputResumes,
        Self::AnnounceSleep,
        Self::Wake,
        Self::Answer(Ending::Well),
        Self::Answer(Ending::Lost),
        Self::Answer(Ending::Unreachable),
        Self::Answer(Ending::Busy),
        Self::ChangeElsewhere,
        Self::ChangeNetwork,
        Self::LoseKeyring,
        Self::FindKeyring,
        Self::BreakDisk,
        Self::MendDisk,
        Self::Crash,
        Self::Wait,
        Self::Quit,
    ];

    const AROUND_CHOICES: [Self; 10] = [
        Self::Choose(Dnd),
        Self::Choose(Online),
        Self::ChooseForASecond(Away),
        Self::Answer(Ending::Well),
        Self::Answer(Ending::Lost),
        Self::Answer(Ending::Unreachable),
        Self::Answer(Ending::Busy),
        Self::ChangeElsewhere,
        Self::Crash,
        Self::Wait,
    ];

    const AROUND_ABSENCES: [Self; 14] = [
        Self::Choose(Dnd),
        Self::Lock,
        Self::Unlock,
        Self::InputStops,
        Self::InputResumes,
        Self::AnnounceSleep,
        Self::Wake,
        Self::Answer(Ending::Well),
        Self::Answer(Ending::Lost),
        Self::Answer(Ending::Unreachable),
        Self::BreakDisk,
        Self::MendDisk,
        Self::Crash,
        Self::Quit,
    ];

    /// Whether it could happen, and would differ from what is so already.
    fn is_possible(self, world: &World) -> bool {
        let has_keyring = world.portals[0].credential == Credential::Ready;
        match self {
            Self::Choose(_) | Self::ChooseForASecond(_) | Self::Crash | Self::ChangeNetwork => true,
            Self::Lock => !world.is_locked(),
            Self::Unlock => world.is_locked(),
            Self::InputStops => world.has_input(),
            Self::InputResumes => !world.has_input(),
            Self::AnnounceSleep => !world.is_asleep(),
            Self::Wake => world.is_asleep(),
            Self::Answer(_) => world.is_under_way("acme"),
            Self::ChangeElsewhere => world.holds("acme") != Some(Away),
            Self::LoseKeyring => has_keyring,
            Self::FindKeyring => !has_keyring,
            Self::BreakDisk => world.disk.manner == DiskManner::Works,
            Self::MendDisk => world.disk.manner == DiskManner::Fails,
            Self::Wait => world.presence.deadline(world.now()).is_some(),
            Self::Quit => !world.is_quitting(),
        }
    }

    fn take(self, world: &mut World) {
        match self {
            Self::Choose(status) => world.choose(status),
            Self::ChooseForASecond(status) => world.choose_for(status, SECOND),
            Self::Lock => world.tell(Event::SessionLocked),
            Self::Unlock => world.tell(Event::SessionUnlocked),
            Self::InputStops => world.stop_input(),
            Self::InputResumes => world.tell(Event::InputResumed),
            Self::AnnounceSleep => world.tell(Event::SleepAnnounced),
            Self::Wake => world.tell(Event::Woke),
            Self::Answer(ending) => {
                world.let_portal("acme", ending.manner());
                world.answer("acme");
            }
            Self::ChangeElsewhere => world.change_elsewhere("acme", Held::Status(Away)),
            Self::ChangeNetwork => world.tell(Event::NetworkChanged),
            Self::LoseKeyring => world.credential("acme", Credential::Locked),
            Self::FindKeyring => world.credential("acme", Credential::Ready),
            Self::BreakDisk => world.disk.manner = DiskManner::Fails,
            Self::MendDisk => world.disk.manner = DiskManner::Works,
            Self::Crash => world.crash(SECOND),
            Self::Wait => world.wait(),
            Self::Quit => world.tell(Event::QuitAsked),
        }
    }
}

impl Ending {
    fn manner(self) -> Manner {
        match self {
            Self::Well => Manner::Answers,
            Self::Lost => Manner::Loses(Failure::Later(Later::NoAnswer)),
            Self::Unreachable => Manner::Refuses(Failure::Later(Later::Unreachable)),
            Self::Busy => Manner::Refuses(Failure::Later(Later::TooBusy { until: None })),
        }
    }
}

/// The steps so far; said when one of them breaks a rule.
#[derive(Debug)]
struct Walk {
    alphabet: &'static [Step],
    steps: Vec<Step>,
    histories: usize,
}

impl Walk {
    fn over(alphabet: &'static [Step]) -> Self {
        Self { alphabet, steps: Vec::new(), histories: 0 }
    }

    fn on_from(&mut self, world: &World, depth: usize) {
        for &step in self.alphabet.iter().filter(|step| step.is_possible(world)) {
            self.steps.push(step);
            let mut next = world.clone();
            step.take(&mut next);
            next.pass_a_moment();
            next.forget();
            if depth == 1 {
                next.converge();
                self.histories += 1;
            } else {
                self.on_from(&next, depth - 1);
            }
            self.steps.pop();
        }
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        let outcome = if std::thread::panicking() { "broke a rule" } else { "all went well" };
        println!("{} histories; {outcome}: {:?}", self.histories, self.steps);
    }
}
