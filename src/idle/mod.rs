//! Is somebody at the keyboard: the sources, in the order in which they are believed. Nothing here decides what absence means.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch as latest;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::presence::Moment;

mod outlook;
#[cfg(any(windows, target_os = "macos", test))]
mod counter;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as system;

use outlook::Outlook;

/// What the watcher tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// The threshold passed; `since` is the last input, as well as the source can tell.
    Stopped { since: Moment },
    /// Somebody is back. Only after [`Sighting::Stopped`], or where [`Watcher::expect_return`] asked for it.
    Resumed,
    /// The source that is believed from now on, or why none can be. The reasons are empty where this system has no source yet.
    Source(Result<SourceName, Vec<Unusable>>),
}

/// A way to learn of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceName {
    /// The Wayland protocol ext-idle-notify-v1.
    ExtIdle,
    /// `org.gnome.Mutter.IdleMonitor`.
    Mutter,
    /// The `IDLETIME` counter of an X server.
    X11,
    /// `GetLastInputInfo` of Windows.
    LastInput,
    /// `CGEventSourceSecondsSinceLastEventType` of macOS.
    EventSource,
}

impl SourceName {
    /// The word in `--json`, in the menu and in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ExtIdle => "ext-idle-notify",
            Self::Mutter => "mutter",
            Self::X11 => "x11",
            Self::LastInput => "last-input",
            Self::EventSource => "event-source",
        }
    }
}

/// Why a source is not the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable {
    pub source: SourceName,
    pub reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Its display or bus is not part of this session.
    Absent,
    /// Its display or bus is named but does not answer.
    Unreachable,
    /// Its display or bus answers, and does not have it.
    NotOffered,
    /// An X11 counter inside a Wayland session knows only the input to X11 windows.
    InsideWayland,
    /// It was in use and went away a moment ago.
    Lost,
}

/// What to watch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// How long without input counts as stopped.
    pub after: Duration,
    pub inhibitors: Inhibitors,
}

/// What a video, call or presentation means that asked the desktop to stay awake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inhibitors {
    /// It counts as presence.
    Respect,
    /// Only input counts. Version 1 of ext-idle-notify cannot do that, and respects them.
    Ignore,
}

/// How closely to watch. A source that is told of input costs nothing and goes on as it is; one that has to look does not look at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attention {
    Full,
    /// Nobody wants to know, because the absence is known otherwise. What happened meanwhile is told with full attention again.
    Resting,
}

/// Watches until it is dropped.
pub struct Watcher {
    orders: UnboundedSender<Order>,
    attention: latest::Sender<Attention>,
    watching: JoinHandle<()>,
}

/// Begins to watch on the current tokio runtime. The first sighting names the source, or says that there is none.
pub fn watch(wish: Wish, sightings: UnboundedSender<Sighting>) -> Watcher {
    let (orders, taken) = unbounded_channel();
    let (attention, heeded) = latest::channel(Attention::Full);
    let watching = Watching { wish, attention: heeded, outlook: Outlook::new(sightings), retries: Retries::default() };
    Watcher { orders, attention, watching: tokio::spawn(watching.run(taken)) }
}

impl Watcher {
    /// Chooses the source anew, for this wish. Worth a call with the same wish when the session changed and there was no source.
    pub fn change(&self, wish: Wish) {
        self.order(Order::Change(wish));
    }

    /// The very next input is told as [`Sighting::Resumed`], even if nothing was told to have stopped: after a sleep, for example.
    pub fn expect_return(&self) {
        self.order(Order::ExpectReturn);
    }

    /// Whether anything is to be looked at. The same again changes nothing.
    pub fn heed(&self, attention: Attention) {
        self.attention.send_if_modified(|known| std::mem::replace(known, attention) != attention);
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::warn!("nobody watches for input any more");
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

enum Order {
    Change(Wish),
    ExpectReturn,
}

/// What a source saw. It may see the same twice; [`Outlook`] tells only what is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Stopped { since: Moment },
    Input,
}

/// The source went away; only choosing anew can help.
#[derive(Debug, PartialEq, Eq)]
struct Lost;

/// The one task: choose a source, follow it, choose again.
struct Watching {
    wish: Wish,
    attention: latest::Receiver<Attention>,
    outlook: Outlook,
    retries: Retries,
}

/// Whether anybody wants to know any more.
enum Then {
    ChooseAgain,
    End,
}

impl Watching {
    async fn run(mut self, mut orders: UnboundedReceiver<Order>) {
        loop {
            let then = match system::choose(self.wish).await {
                Ok(source) => self.follow(source, &mut orders).await,
                Err(reasons) => self.none(reasons, &mut orders).await,
            };
            match then {
                Then::ChooseAgain => {}
                Then::End => return,
            }
        }
    }

    async fn follow(&mut self, source: system::Source, orders: &mut UnboundedReceiver<Order>) -> Then {
        let name = source.name();
        self.outlook.believe(Ok(name));
        self.retries.found();
        match self.look(source, orders).await {
            Ok(then) => then,
            Err(Lost) => {
                tracing::warn!(source = ?name, "the idle source went away; looking for one again");
                self.retries.lost();
                self.none(vec![Unusable { source: name, reason: Reason::Lost }], orders).await
            }
        }
    }

    async fn look(&mut self, mut source: system::Source, orders: &mut UnboundedReceiver<Order>) -> Result<Then, Lost> {
        if self.outlook.awaits_input() {
            source.expect_return().await?;
        }
        source.heed(*self.attention.borrow_and_update());
        loop {
            tokio::select! {
                seen = source.next() => self.outlook.saw(seen?),
                Ok(()) = self.attention.changed() => source.heed(*self.attention.borrow_and_update()),
                order = orders.recv() => match order {
                    None => return Ok(Then::End),
                    Some(Order::Change(wish)) => {
                        self.wish = wish;
                        return Ok(Then::ChooseAgain);
                    }
                    Some(Order::ExpectReturn) => {
                        self.outlook.expect_return();
                        source.expect_return().await?;
                    }
                },
            }
        }
    }

    /// Without a source: until a retry is due, the system shows a sign of one, or somebody asks.
    async fn none(&mut self, reasons: Vec<Unusable>, orders: &mut UnboundedReceiver<Order>) -> Then {
        self.outlook.believe(Err(reasons));
        let due = self.retries.next();
        if due.is_none() {
            self.outlook.give_up();
        }
        let sign = system::sign();
        tokio::pin!(sign);
        loop {
            tokio::select! {
                () = at(due) => return Then::ChooseAgain,
                () = &mut sign => return Then::ChooseAgain,
                order = orders.recv() => match order {
                    None => return Then::End,
                    Some(Order::Change(wish)) => {
                        self.wish = wish;
                        self.retries = Retries::default();
                        return Then::ChooseAgain;
                    }
                    Some(Order::ExpectReturn) => self.outlook.expect_return(),
                },
            }
        }
    }
}

/// When to look for a source again: soon, then later, then no more until something happens.
#[derive(Default)]
struct Retries {
    made: usize,
    found: Option<Instant>,
}

impl Retries {
    const AFTER_SECONDS: [u64; 6] = [1, 2, 5, 10, 30, 60];
    /// A source that lived this long was a good one.
    const PROVEN: Duration = Duration::from_secs(60);

    fn found(&mut self) {
        self.found = Some(Instant::now());
    }

    fn lost(&mut self) {
        if self.found.take().is_some_and(|found| found.elapsed() >= Self::PROVEN) {
            self.made = 0;
        }
    }

    fn next(&mut self) -> Option<Instant> {
        let after = Self::AFTER_SECONDS.get(self.made)?;
        self.made += 1;
        Some(Instant::now() + Duration::from_secs(*after))
    }
}

/// Until then; without an instant, for ever.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn retries_become_rare_and_end() {
        let mut retries = Retries::default();
        let begun = Instant::now();
        let due: Vec<_> = std::iter::from_fn(|| retries.next()).map(|due| (due - begun).as_secs()).collect();
        assert_eq!(due, [1, 2, 5, 10, 30, 60]);
        assert_eq!(retries.next(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_source_that_lived_is_soon_looked_for_again() {
        let mut retries = Retries::default();
        for (lived, due) in [(0, 1), (59, 2), (5, 5), (60, 1), (1, 2)] {
            retries.found();
            tokio::time::advance(Duration::from_secs(lived)).await;
            retries.lost();
            assert_eq!(retries.next(), Some(Instant::now() + Duration::from_secs(due)), "after {lived} s");
        }
    }

    #[tokio::test]
    async fn nobody_watches_after_the_watcher_is_gone() {
        let (sender, mut sightings) = unbounded_channel();
        drop(watch(Wish { after: Duration::from_secs(1), inhibitors: Inhibitors::Respect }, sender));
        while sightings.recv().await.is_some() {}
    }
}
