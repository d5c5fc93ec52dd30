//! ext-idle-notify-v1 on a Wayland connection of our own. Somebody is here as long as one seat is in use.

use std::collections::VecDeque;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::Interest;
use tokio::net::UnixStream;
use wayland_client::backend::WaylandError;
use wayland_client::protocol::wl_callback::{self, WlCallback};
use wayland_client::protocol::wl_registry::{self, WlRegistry};
use wayland_client::protocol::wl_seat::{self, WlSeat};
use wayland_client::{Connection, Dispatch, EventQueue, Proxy, QueueHandle};
use wayland_protocols::ext::idle_notify::v1::client::ext_idle_notification_v1::{self, ExtIdleNotificationV1};
use wayland_protocols::ext::idle_notify::v1::client::ext_idle_notifier_v1::{self, ExtIdleNotifierV1};

use super::{Lost, Reason, Seen, Wish};
use crate::clock;
use crate::idle::Inhibitors;

pub(in crate::idle) struct ExtIdle {
    /// A duplicate of the connection's descriptor: this one says when there is something to read.
    socket: UnixStream,
    queue: EventQueue<Seats>,
    seats: Seats,
}

impl ExtIdle {
    pub(super) async fn open(wish: Wish) -> Result<Self, Reason> {
        let socket = UnixStream::connect(display().ok_or(Reason::Absent)?).await.map_err(|_| Reason::Unreachable)?;
        let duplicate = socket.as_fd().try_clone_to_owned().map_err(|_| Reason::Unreachable)?;
        let connection = Connection::from_socket(duplicate.into()).map_err(|_| Reason::Unreachable)?;
        let queue = connection.new_event_queue();
        connection.display().get_registry(&queue.handle(), ());
        connection.display().sync(&queue.handle(), ());
        let mut source = Self { socket, seats: Seats::new(wish, queue.handle()), queue };
        source.listed().await.map_err(|Lost| Reason::Unreachable)?;
        source.seats.notifier.is_some().then_some(source).ok_or(Reason::NotOffered)
    }

    pub(super) async fn next(&mut self) -> Result<Seen, Lost> {
        loop {
            if let Some(seen) = self.seats.seen.pop_front() {
                return Ok(seen);
            }
            self.turn().await?;
        }
    }

    pub(super) async fn expect_return(&mut self) -> Result<(), Lost> {
        self.seats.expect_return();
        self.flush().await
    }

    /// Until the compositor has named all its globals.
    async fn listed(&mut self) -> Result<(), Lost> {
        while self.seats.listing == Listing::Underway {
            self.turn().await?;
        }
        Ok(())
    }

    /// One look at the connection.
    async fn turn(&mut self) -> Result<(), Lost> {
        self.flush().await?;
        self.read().await?;
        self.queue.dispatch_pending(&mut self.seats).map_err(lost)?;
        Ok(())
    }

    async fn flush(&self) -> Result<(), Lost> {
        self.socket.async_io(Interest::WRITABLE, || self.queue.flush().map_err(into_io)).await.map_err(lost)
    }

    async fn read(&self) -> Result<(), Lost> {
        // No guard where events are queued already: those come first.
        let read = || self.queue.prepare_read().map_or(Ok(0), |guard| guard.read().map_err(into_io));
        self.socket.async_io(Interest::READABLE, read).await.map_err(lost)?;
        Ok(())
    }
}

/// Where the compositor listens. Without a name for it, `wayland-0` counts in a session that says that it is Wayland.
fn display() -> Option<PathBuf> {
    let name = match super::variable("WAYLAND_DISPLAY") {
        Some(name) => name,
        None if super::in_wayland_session() => "wayland-0".into(),
        None => return None,
    };
    Some(PathBuf::from(super::variable("XDG_RUNTIME_DIR").unwrap_or_default()).join(name)).filter(|path| path.is_absolute())
}

fn into_io(error: WaylandError) -> std::io::Error {
    match error {
        WaylandError::Io(error) => error,
        WaylandError::Protocol(error) => std::io::Error::other(error),
    }
}

fn lost(error: impl std::error::Error) -> Lost {
    tracing::debug!(%error, "the Wayland connection ended");
    Lost
}

/// What the compositor said so far, and what is asked of it.
struct Seats {
    wish: Wish,
    queue: QueueHandle<Self>,
    listing: Listing,
    notifier: Option<ExtIdleNotifierV1>,
    seats: Vec<Seat>,
    expected: Expected,
    seen: VecDeque<Seen>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Listing {
    Underway,
    Complete,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Nothing,
    /// The next input, on whichever seat.
    Input,
}

struct Seat {
    /// Its number in the registry.
    name: u32,
    seat: WlSeat,
    threshold: Option<ExtIdleNotificationV1>,
    use_: Use,
    /// Idle after a moment, and so tells of the very next input.
    bell: Option<ExtIdleNotificationV1>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    InUse,
    Silent,
}

/// What a notification is for; the number is the seat's.
#[derive(Clone, Copy)]
enum Purpose {
    Threshold(u32),
    Bell,
}

impl Seats {
    fn new(wish: Wish, queue: QueueHandle<Self>) -> Self {
        let (seats, seen) = (Vec::new(), VecDeque::new());
        Self { wish, queue, listing: Listing::Underway, notifier: None, seats, expected: Expected::Nothing, seen }
    }

    fn complete(&mut self) {
        self.listing = Listing::Complete;
        self.equip();
    }

    fn expect_return(&mut self) {
        self.expected = Expected::Input;
        self.equip();
    }

    /// A seat that comes during an absence is nobody yet.
    fn add(&mut self, name: u32, seat: WlSeat) {
        if self.stopped() {
            self.expected = Expected::Input;
        }
        self.seats.push(Seat { name, seat, threshold: None, use_: Use::InUse, bell: None });
        if self.listing == Listing::Complete {
            self.equip();
        }
    }

    /// Whoever unplugged the seat is here: the others are timed anew, unless all were silent.
    fn remove(&mut self, name: u32) {
        let stopped = self.stopped();
        let Some(index) = self.seats.iter().position(|seat| seat.name == name) else { return };
        self.seats.remove(index).leave();
        if !stopped {
            self.seats.iter_mut().for_each(Seat::restart);
            self.equip();
        }
    }

    fn fell_silent(&mut self, name: u32) {
        self.mark(name, Use::Silent);
        if self.stopped() {
            self.seen.push_back(Seen::Stopped { since: clock::ago(self.wish.after) });
        }
    }

    fn used(&mut self, name: u32) {
        self.mark(name, Use::InUse);
        self.input();
    }

    fn input(&mut self) {
        self.expected = Expected::Nothing;
        self.seats.iter_mut().filter_map(|seat| seat.bell.take()).for_each(|bell| bell.destroy());
        self.seen.push_back(Seen::Input);
    }

    fn stopped(&self) -> bool {
        !self.seats.is_empty() && self.seats.iter().all(|seat| seat.use_ == Use::Silent)
    }

    fn mark(&mut self, name: u32, use_: Use) {
        if let Some(seat) = self.seats.iter_mut().find(|seat| seat.name == name) {
            seat.use_ = use_;
        }
    }

    /// Every seat gets the notifications that it lacks.
    fn equip(&mut self) {
        /// Long enough for the compositor to fall silent in, shorter than any return.
        const MOMENT: Duration = Duration::from_millis(1);
        let Some(notifier) = &self.notifier else { return };
        for seat in &mut self.seats {
            let notification = |after, inhibitors, purpose| notification(notifier, &self.queue, &seat.seat, after, inhibitors, purpose);
            seat.threshold.get_or_insert_with(|| notification(self.wish.after, self.wish.inhibitors, Purpose::Threshold(seat.name)));
            if self.expected == Expected::Input {
                // A running video must not hide the return.
                seat.bell.get_or_insert_with(|| notification(MOMENT, Inhibitors::Ignore, Purpose::Bell));
            }
        }
    }
}

impl Seat {
    fn restart(&mut self) {
        self.use_ = Use::InUse;
        if let Some(threshold) = self.threshold.take() {
            threshold.destroy();
        }
    }

    fn leave(self) {
        self.threshold.into_iter().chain(self.bell).for_each(|notification| notification.destroy());
        if self.seat.version() >= wl_seat::REQ_RELEASE_SINCE {
            self.seat.release();
        }
    }
}

fn notification(
    notifier: &ExtIdleNotifierV1,
    queue: &QueueHandle<Seats>,
    seat: &WlSeat,
    after: Duration,
    inhibitors: Inhibitors,
    purpose: Purpose,
) -> ExtIdleNotificationV1 {
    let after = u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
    match inhibitors {
        Inhibitors::Ignore if notifier.version() >= ext_idle_notifier_v1::REQ_GET_INPUT_IDLE_NOTIFICATION_SINCE => {
            notifier.get_input_idle_notification(after, seat, queue, purpose)
        }
        // In version 1 there is nothing else: inhibitors are respected, and a return under one is seen when it ends.
        Inhibitors::Ignore | Inhibitors::Respect => notifier.get_idle_notification(after, seat, queue, purpose),
    }
}

impl Dispatch<WlRegistry, ()> for Seats {
    fn event(seats: &mut Self, registry: &WlRegistry, event: wl_registry::Event, (): &(), _: &Connection, queue: &QueueHandle<Self>) {
        if let wl_registry::Event::Global { name, interface, version } = event {
            if interface == WlSeat::interface().name {
                seats.add(name, registry.bind(name, version.min(wl_seat::REQ_RELEASE_SINCE), queue, ()));
            } else if interface == ExtIdleNotifierV1::interface().name {
                let version = version.min(ext_idle_notifier_v1::REQ_GET_INPUT_IDLE_NOTIFICATION_SINCE);
                seats.notifier = Some(registry.bind(name, version, queue, ()));
            }
        } else if let wl_registry::Event::GlobalRemove { name } = event {
            seats.remove(name);
        }
    }
}

impl Dispatch<WlCallback, ()> for Seats {
    fn event(seats: &mut Self, _: &WlCallback, _: wl_callback::Event, (): &(), _: &Connection, _: &QueueHandle<Self>) {
        seats.complete();
    }
}

impl Dispatch<ExtIdleNotificationV1, Purpose> for Seats {
    fn event(
        seats: &mut Self,
        notification: &ExtIdleNotificationV1,
        event: ext_idle_notification_v1::Event,
        purpose: &Purpose,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        use ext_idle_notification_v1::Event;
        if !notification.is_alive() {
            return;
        }
        match (event, purpose) {
            (Event::Idled, Purpose::Threshold(seat)) => seats.fell_silent(*seat),
            (Event::Resumed, Purpose::Threshold(seat)) => seats.used(*seat),
            (Event::Resumed, Purpose::Bell) => seats.input(),
            // The bell is set. An event of a later version says nothing that we asked for.
            (_, Purpose::Bell | Purpose::Threshold(_)) => {}
        }
    }
}

wayland_client::delegate_noop!(Seats: ignore WlSeat);
wayland_client::delegate_noop!(Seats: ExtIdleNotifierV1);
