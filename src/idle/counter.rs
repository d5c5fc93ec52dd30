//! A source that can only be read: how long ago the last input was. It looks when there could be something new, and never else.
//!
//! While somebody is there, that is once per threshold; while a return is awaited, once a second. No system here.

use std::time::Duration;

use tokio::time::Instant;

use super::{Attention, Inhibitors, Lost, Seen, SourceName, Wish, at};
use crate::clock;

/// What a system knows of the input to this session.
pub(super) trait Counter {
    const NAME: SourceName;

    /// The time since the last input, sleep included. It grows as time goes by, and becomes less by input alone.
    fn silence(&mut self) -> Result<Duration, Lost>;

    /// What tells the last input, that of the silence just read, from every other one; `None` where the system tells its age alone.
    fn last_input(&self) -> Option<u32>;

    /// Whether a video, a call or a presentation asks the display to stay on.
    fn is_kept_awake(&self) -> bool;
}

pub(super) struct Counted<C> {
    counter: C,
    wish: Wish,
    attention: Attention,
    /// When the threshold could be reached; `None` once that was told.
    threshold: Option<Instant>,
    /// The latest look, while a return is awaited.
    awaiting: Option<Glance>,
    /// When something was last seen to keep the display on: that counts as input.
    kept_awake: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Glance {
    at: Instant,
    silence: Duration,
    last_input: Option<u32>,
}

impl<C: Counter> Counted<C> {
    pub(super) fn new(counter: C, wish: Wish) -> Self {
        // How long it has been silent already, only a look can tell.
        let threshold = Some(Instant::now());
        Self { counter, wish, attention: Attention::Full, threshold, awaiting: None, kept_awake: None }
    }

    pub(super) fn name(&self) -> SourceName {
        C::NAME
    }

    /// The next thing seen. May be dropped at any point without missing one.
    pub(super) async fn next(&mut self) -> Result<Seen, Lost> {
        loop {
            at(self.due()).await;
            if let Some(seen) = self.look()? {
                return Ok(seen);
            }
        }
    }

    /// The very next input is to be seen, however short the silence before it.
    pub(super) async fn expect_return(&mut self) -> Result<(), Lost> {
        if self.awaiting.is_none() {
            self.awaiting = Some(self.glance()?);
        }
        Ok(())
    }

    /// Nothing is looked at during a rest. After it there is a look at once: what was awaited may have come.
    pub(super) fn heed(&mut self, attention: Attention) {
        self.attention = attention;
        let now = Instant::now();
        self.threshold = self.threshold.map(|_| now);
    }

    fn due(&self) -> Option<Instant> {
        /// A return is to be seen within a second.
        const PACE: Duration = Duration::from_secs(1);
        match self.attention {
            Attention::Full => self.awaiting.map(|glance| glance.at + PACE).into_iter().chain(self.threshold).min(),
            Attention::Resting => None,
        }
    }

    fn look(&mut self) -> Result<Option<Seen>, Lost> {
        let now = self.glance()?;
        if self.awaiting.is_some_and(|before| now.comes_after_input(before)) {
            self.awaiting = None;
            self.threshold = Some(now.at + self.wish.after.saturating_sub(now.silence));
            return Ok(Some(Seen::Input));
        }
        self.awaiting = self.awaiting.and(Some(now));
        Ok(self.threshold.is_some_and(|threshold| threshold <= now.at).then(|| self.judge(now)).flatten())
    }

    /// Whether the silence is an absence. If not, it could be one later.
    fn judge(&mut self, now: Glance) -> Option<Seen> {
        /// Nothing promises that the counter and the timer round alike.
        const ROUNDING: Duration = Duration::from_millis(50);
        let Wish { after, inhibitors } = self.wish;
        let silence = self.kept_awake.map_or(now.silence, |kept| now.silence.min(now.at - kept));
        if silence + ROUNDING < after {
            self.threshold = Some(now.at + after - silence);
            return None;
        }
        if inhibitors == Inhibitors::Respect && self.counter.is_kept_awake() {
            self.kept_awake = Some(now.at);
            self.threshold = Some(now.at + after);
            return None;
        }
        self.threshold = None;
        self.awaiting = Some(now);
        Some(Seen::Stopped { since: clock::ago(silence) })
    }

    fn glance(&mut self) -> Result<Glance, Lost> {
        let silence = self.counter.silence()?;
        Ok(Glance { at: Instant::now(), silence, last_input: self.counter.last_input() })
    }
}

impl Glance {
    /// Where only the age is known: without input the silence goes on from where it was. Counters go in steps, and their clock is not ours.
    fn comes_after_input(self, before: Self) -> bool {
        const STEP: Duration = Duration::from_millis(100);
        match (self.last_input, before.last_input) {
            (Some(now), Some(before)) => now != before,
            (Some(_), None) | (None, Some(_) | None) => self.silence + STEP < before.silence + (self.at - before.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const MINUTE: Duration = Duration::from_secs(60);
    const AFTER: Duration = Duration::from_secs(600);

    #[tokio::test(start_paused = true)]
    async fn somebody_who_is_there_costs_one_look_a_threshold() {
        let desk = Desk::default();
        let mut source = desk.source();
        while desk.begun.elapsed() < 10 * AFTER {
            desk.input();
            assert!(nothing_for(&mut source, 7 * SECOND).await);
        }
        // The first is at the start.
        assert_eq!(desk.looks(), 1 + 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silence_is_told_when_it_is_long_enough_and_with_the_last_input() {
        let desk = Desk::default();
        let mut source = desk.source();
        assert!(nothing_for(&mut source, 4 * MINUTE).await);
        desk.input();
        let begun = Instant::now();
        assert_silent_for(source.next().await, AFTER);
        assert_eq!((begun.elapsed(), desk.looks()), (AFTER, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_silence_that_is_older_than_the_source_is_told_at_once() {
        let desk = Desk::default();
        tokio::time::advance(2 * AFTER).await;
        let begun = Instant::now();
        assert_silent_for(desk.source().next().await, 2 * AFTER);
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_return_is_seen_within_a_second_and_the_next_silence_counts_from_it() {
        let desk = Desk::default();
        let mut source = desk.source();
        assert_silent_for(source.next().await, AFTER);
        assert!(nothing_for(&mut source, 90 * SECOND + SECOND / 2).await);
        let input = desk.input();
        assert_eq!(source.next().await, Ok(Seen::Input));
        assert!(input.elapsed() <= SECOND, "{:?}", input.elapsed());
        let looks = desk.looks();
        assert_silent_for(source.next().await, AFTER);
        assert_eq!((input.elapsed(), desk.looks() - looks), (AFTER, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn an_expected_return_is_seen_however_short_the_silence_before() {
        let desk = Desk::default();
        let mut source = desk.source();
        assert!(nothing_for(&mut source, SECOND / 2).await);
        source.expect_return().await.ok().unwrap();
        assert!(nothing_for(&mut source, 10 * SECOND).await);
        let input = desk.input();
        assert_eq!(source.next().await, Ok(Seen::Input));
        assert!(input.elapsed() <= SECOND);
        assert!(nothing_for(&mut source, AFTER - 2 * SECOND).await);
    }

    #[tokio::test(start_paused = true)]
    async fn somebody_expected_who_does_not_come_has_stopped() {
        let desk = Desk::default();
        let mut source = desk.source();
        assert!(nothing_for(&mut source, MINUTE).await);
        source.expect_return().await.ok().unwrap();
        assert_silent_for(source.next().await, AFTER);
    }

    #[tokio::test(start_paused = true)]
    async fn a_counter_that_goes_in_steps_invents_no_return() {
        let desk = Desk { step: Duration::from_micros(15_625), ..Desk::default() };
        let mut source = desk.source();
        source.expect_return().await.ok().unwrap();
        assert_silent_for(source.next().await, AFTER);
        assert!(nothing_for(&mut source, 10 * AFTER).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_video_is_presence_and_the_silence_counts_from_where_it_was_last_seen() {
        let desk = Desk::default();
        let mut source = desk.source();
        desk.kept_awake.set(true);
        assert!(nothing_for(&mut source, 3 * AFTER + MINUTE).await);
        // At the start, and after one threshold, two, three.
        assert_eq!(desk.looks(), 4);
        desk.kept_awake.set(false);
        assert_silent_for(source.next().await, AFTER);
        assert_eq!((desk.begun.elapsed(), desk.looks()), (4 * AFTER, 5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_video_is_no_presence_where_only_input_counts() {
        let desk = Desk::default();
        desk.kept_awake.set(true);
        let mut source = Counted::new(desk.counter(), Wish { after: AFTER, inhibitors: Inhibitors::Ignore });
        assert_silent_for(source.next().await, AFTER);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_looked_at_during_a_rest_and_a_return_meanwhile_is_told_after_it() {
        let desk = Desk::default();
        let mut source = desk.source();
        assert_silent_for(source.next().await, AFTER);
        source.heed(Attention::Resting);
        let looks = desk.looks();
        assert!(nothing_for(&mut source, 1000 * AFTER).await);
        desk.input();
        assert!(nothing_for(&mut source, MINUTE).await);
        assert_eq!(desk.looks(), looks);
        source.heed(Attention::Full);
        assert_eq!(source.next().await, Ok(Seen::Input));
    }

    #[tokio::test(start_paused = true)]
    async fn a_threshold_that_passed_during_a_rest_is_told_after_it() {
        let desk = Desk::default();
        let mut source = desk.source();
        assert!(nothing_for(&mut source, MINUTE).await);
        source.heed(Attention::Resting);
        assert!(nothing_for(&mut source, 2 * AFTER).await);
        source.heed(Attention::Full);
        assert_silent_for(source.next().await, 2 * AFTER + MINUTE);
    }

    /// A machine that wakes for its maintenance sets its clocks right, and nobody is there.
    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_put_right_is_no_return_where_inputs_are_told_apart() {
        let desk = Desk { tells_inputs_apart: true, ..Desk::default() };
        let mut source = desk.source();
        assert_silent_for(source.next().await, AFTER);
        desk.put_right.set(SECOND);
        assert!(nothing_for(&mut source, MINUTE).await);
        desk.input();
        assert_eq!(source.next().await, Ok(Seen::Input));
    }

    #[tokio::test(start_paused = true)]
    async fn an_input_right_after_the_one_before_is_seen_where_inputs_are_told_apart() {
        let desk = Desk { tells_inputs_apart: true, ..Desk::default() };
        let mut source = desk.source();
        assert!(nothing_for(&mut source, MINUTE).await);
        desk.input();
        source.expect_return().await.unwrap();
        tokio::time::advance(Duration::from_millis(50)).await;
        desk.input();
        assert_eq!(source.next().await, Ok(Seen::Input));
    }

    #[tokio::test(start_paused = true)]
    async fn a_counter_that_cannot_be_read_is_lost() {
        let mut source = Desk { is_gone: true, ..Desk::default() }.source();
        assert_eq!((source.name(), source.next().await), (SourceName::LastInput, Err(Lost)));
    }

    /// A person, a keyboard, and a video that may run.
    #[derive(Clone)]
    struct Desk {
        begun: Instant,
        input: Rc<Cell<Instant>>,
        kept_awake: Rc<Cell<bool>>,
        looks: Rc<RefCell<Vec<Instant>>>,
        step: Duration,
        is_gone: bool,
        tells_inputs_apart: bool,
        /// So much less is told than has passed.
        put_right: Rc<Cell<Duration>>,
    }

    impl Default for Desk {
        fn default() -> Self {
            let begun = Instant::now();
            Self {
                begun,
                input: Rc::new(Cell::new(begun)),
                kept_awake: Rc::default(),
                looks: Rc::default(),
                step: Duration::from_nanos(1),
                is_gone: false,
                tells_inputs_apart: false,
                put_right: Rc::default(),
            }
        }
    }

    impl Desk {
        fn source(&self) -> Counted<Script> {
            Counted::new(self.counter(), Wish { after: AFTER, inhibitors: Inhibitors::Respect })
        }

        fn counter(&self) -> Script {
            Script(self.clone())
        }

        fn input(&self) -> Instant {
            self.input.set(Instant::now());
            self.input.get()
        }

        fn looks(&self) -> usize {
            self.looks.borrow().len()
        }

        /// As a clock tells it that goes in steps.
        fn stepwise(&self, instant: Instant) -> Duration {
            let steps = (instant - self.begun).as_nanos() / self.step.as_nanos();
            Duration::from_nanos((steps * self.step.as_nanos()).try_into().unwrap())
        }
    }

    struct Script(Desk);

    impl Counter for Script {
        const NAME: SourceName = SourceName::LastInput;

        fn silence(&mut self) -> Result<Duration, Lost> {
            let Self(desk) = self;
            let now = Instant::now();
            desk.looks.borrow_mut().push(now);
            let silence = desk.stepwise(now) - desk.stepwise(desk.input.get());
            if desk.is_gone { Err(Lost) } else { Ok(silence.saturating_sub(desk.put_right.get())) }
        }

        fn last_input(&self) -> Option<u32> {
            let Self(desk) = self;
            desk.tells_inputs_apart.then(|| (desk.input.get() - desk.begun).as_millis() as u32)
        }

        fn is_kept_awake(&self) -> bool {
            self.0.kept_awake.get()
        }
    }

    async fn nothing_for(source: &mut Counted<Script>, time: Duration) -> bool {
        tokio::time::timeout(time, source.next()).await.is_err()
    }

    #[track_caller]
    fn assert_silent_for(seen: Result<Seen, Lost>, time: Duration) {
        let Ok(Seen::Stopped { since }) = seen else { panic!("{seen:?}") };
        let silence = clock::now().wall.duration_since(since.wall).unwrap();
        assert!(silence.abs_diff(time) < SECOND / 2, "silent for {silence:?}");
    }
}
