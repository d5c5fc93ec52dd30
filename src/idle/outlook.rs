//! What has been told, so that each thing is told once, whatever source sees it how often.

use tokio::sync::mpsc::UnboundedSender;

use super::{Seen, Sighting, SourceName, Unusable};

pub(super) struct Outlook {
    sightings: UnboundedSender<Sighting>,
    standing: Standing,
    source: Option<Result<SourceName, Vec<Unusable>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Input is nothing new.
    Present,
    /// Nothing was told to have stopped, and the next input is to be told.
    Expected,
    Stopped,
}

impl Outlook {
    pub(super) fn new(sightings: UnboundedSender<Sighting>) -> Self {
        Self { sightings, standing: Standing::Present, source: None }
    }

    pub(super) fn saw(&mut self, seen: Seen) {
        match (seen, self.standing) {
            (Seen::Stopped { since }, Standing::Present | Standing::Expected) => self.turn(Standing::Stopped, Sighting::Stopped { since }),
            (Seen::Input, Standing::Expected | Standing::Stopped) => self.turn(Standing::Present, Sighting::Resumed),
            (Seen::Stopped { .. }, Standing::Stopped) | (Seen::Input, Standing::Present) => {}
        }
    }

    pub(super) fn expect_return(&mut self) {
        match self.standing {
            Standing::Present => self.standing = Standing::Expected,
            Standing::Expected | Standing::Stopped => {}
        }
    }

    /// Whether a new source must tell of the very next input.
    pub(super) fn awaits_input(&self) -> bool {
        self.standing != Standing::Present
    }

    pub(super) fn believe(&mut self, source: Result<SourceName, Vec<Unusable>>) {
        if self.source.as_ref() == Some(&source) {
            return;
        }
        match &source {
            Ok(name) => tracing::info!(source = ?name, "watching for input"),
            Err(reasons) => tracing::warn!(?reasons, "no source can tell whether somebody is here"),
        }
        self.tell(Sighting::Source(source.clone()));
        self.source = Some(source);
    }

    /// No source came back: a return could never be seen, and nobody is to stay marked for ever.
    pub(super) fn give_up(&mut self) {
        self.saw(Seen::Input);
    }

    fn turn(&mut self, standing: Standing, sighting: Sighting) {
        self.standing = standing;
        self.tell(sighting);
    }

    fn tell(&self, sighting: Sighting) {
        tracing::debug!(?sighting, "idle");
        if self.sightings.send(sighting).is_err() {
            tracing::debug!("nobody listens to the idle watcher");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idle::Reason;
    use crate::presence::Moment;
    use std::time::{Duration, SystemTime};
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    const SINCE: Moment = Moment { wall: SystemTime::UNIX_EPOCH, uptime: Duration::from_secs(7) };

    #[test]
    fn a_stop_and_a_return_are_told_once() {
        let (mut outlook, told) = outlook();
        for seen in [Seen::Input, stopped(), stopped(), Seen::Input, Seen::Input, stopped()] {
            outlook.saw(seen);
        }
        assert_eq!(all(told), [Sighting::Stopped { since: SINCE }, Sighting::Resumed, Sighting::Stopped { since: SINCE }]);
    }

    #[test]
    fn an_expected_return_is_told_without_a_stop_and_only_once() {
        let (mut outlook, told) = outlook();
        outlook.expect_return();
        outlook.saw(Seen::Input);
        outlook.saw(Seen::Input);
        assert_eq!(all(told), [Sighting::Resumed]);
    }

    #[test]
    fn somebody_expected_who_does_not_come_has_stopped() {
        let (mut outlook, told) = outlook();
        outlook.expect_return();
        outlook.saw(stopped());
        outlook.expect_return();
        outlook.saw(Seen::Input);
        assert_eq!(all(told), [Sighting::Stopped { since: SINCE }, Sighting::Resumed]);
    }

    #[test]
    fn giving_up_ends_an_absence_and_invents_none() {
        let (mut outlook, told) = outlook();
        outlook.give_up();
        outlook.saw(stopped());
        outlook.give_up();
        assert_eq!(all(told), [Sighting::Stopped { since: SINCE }, Sighting::Resumed]);
    }

    #[test]
    fn the_same_source_is_named_once() {
        let (mut outlook, told) = outlook();
        let none = vec![Unusable { source: SourceName::X11, reason: Reason::Absent }];
        for source in [Ok(SourceName::X11), Ok(SourceName::X11), Err(none.clone()), Err(none.clone()), Ok(SourceName::X11)] {
            outlook.believe(source);
        }
        assert_eq!(all(told), [Ok(SourceName::X11), Err(none), Ok(SourceName::X11)].map(Sighting::Source));
    }

    fn outlook() -> (Outlook, UnboundedReceiver<Sighting>) {
        let (sender, receiver) = unbounded_channel();
        (Outlook::new(sender), receiver)
    }

    fn stopped() -> Seen {
        Seen::Stopped { since: SINCE }
    }

    fn all(mut told: UnboundedReceiver<Sighting>) -> Vec<Sighting> {
        std::iter::from_fn(|| told.try_recv().ok()).collect()
    }
}
