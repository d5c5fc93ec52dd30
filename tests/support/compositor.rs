//! A fake compositor with seats and idle notifications, on the far side of a real socket. Its time is whatever the test says.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use wayland_protocols::ext::idle_notify::v1::server::ext_idle_notification_v1::{self, ExtIdleNotificationV1};
use wayland_protocols::ext::idle_notify::v1::server::ext_idle_notifier_v1::{self, ExtIdleNotifierV1};
use wayland_server::backend::GlobalId;
use wayland_server::protocol::wl_seat::{self, WlSeat};
use wayland_server::{Client, DataInit, Dispatch, Display, DisplayHandle, GlobalDispatch, ListeningSocket, New, Resource};

/// Listens until dropped; then its clients are disconnected too.
pub struct Compositor {
    parts: Arc<Mutex<Parts>>,
    turning: tokio::task::JoinHandle<()>,
}

struct Parts {
    display: Display<Room>,
    socket: ListeningSocket,
    room: Room,
    seats: Vec<GlobalId>,
}

#[derive(Default)]
struct Room {
    inhibited: bool,
    notifications: Vec<Notification>,
}

struct Notification {
    object: ExtIdleNotificationV1,
    seat: usize,
    watched: Watched,
    idle: bool,
}

/// What a client watches for on a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// Milliseconds without activity; inhibitors count as activity.
    Activity(u32),
    /// Milliseconds without input.
    Input(u32),
}

impl Compositor {
    /// `notifier` is the version of the idle notifier, if it has one.
    pub fn listening_at(path: &Path, seats: usize, notifier: Option<u32>) -> Self {
        let display = Display::new().unwrap();
        if let Some(version) = notifier {
            display.handle().create_global::<Room, ExtIdleNotifierV1, ()>(version, ());
        }
        let socket = ListeningSocket::bind_absolute(path.to_owned()).unwrap();
        let mut parts = Parts { display, socket, room: Room::default(), seats: Vec::new() };
        (0..seats).for_each(|_| parts.add_seat());
        let parts = Arc::new(Mutex::new(parts));
        let turned = Arc::clone(&parts);
        let turning = tokio::spawn(async move {
            loop {
                turned.lock().unwrap().turn();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        Self { parts, turning }
    }

    /// Seats are numbered from 0, and a number is not used again.
    pub fn add_seat(&self) {
        self.parts.lock().unwrap().add_seat();
    }

    pub fn remove_seat(&self, seat: usize) {
        let parts = self.parts.lock().unwrap();
        parts.display.handle().remove_global::<Room>(parts.seats[seat].clone());
    }

    /// A video begins, or ends. What is idle already stays so.
    pub fn inhibit(&self, inhibited: bool) {
        self.parts.lock().unwrap().room.inhibited = inhibited;
    }

    /// So many milliseconds passed on the seat without input.
    pub fn silence(&self, seat: usize, milliseconds: u32) {
        let mut parts = self.parts.lock().unwrap();
        parts.room.silence(seat, milliseconds);
        parts.turn();
    }

    pub fn input(&self, seat: usize) {
        let mut parts = self.parts.lock().unwrap();
        parts.room.input(seat);
        parts.turn();
    }

    /// What is watched for on the seat, in the order in which it was asked.
    pub fn watched(&self, seat: usize) -> Vec<Watched> {
        let parts = self.parts.lock().unwrap();
        parts.room.notifications.iter().filter(|notification| notification.seat == seat).map(|notification| notification.watched).collect()
    }
}

impl Drop for Compositor {
    fn drop(&mut self) {
        self.turning.abort();
    }
}

impl Parts {
    fn add_seat(&mut self) {
        self.seats.push(self.display.handle().create_global::<Room, WlSeat, usize>(5, self.seats.len()));
    }

    fn turn(&mut self) {
        while let Some(stream) = self.socket.accept().unwrap() {
            self.display.handle().insert_client(stream, Arc::new(())).unwrap();
        }
        self.display.dispatch_clients(&mut self.room).unwrap();
        self.room.notifications.retain(|notification| notification.object.is_alive());
        self.display.flush_clients().unwrap();
    }
}

impl Room {
    fn silence(&mut self, seat: usize, milliseconds: u32) {
        let inhibited = self.inhibited;
        for notification in self.notifications.iter_mut().filter(|notification| notification.seat == seat && !notification.idle) {
            let reached = match notification.watched {
                Watched::Activity(timeout) => !inhibited && timeout <= milliseconds,
                Watched::Input(timeout) => timeout <= milliseconds,
            };
            if reached {
                notification.idle = true;
                notification.object.idled();
            }
        }
    }

    fn input(&mut self, seat: usize) {
        for notification in self.notifications.iter_mut().filter(|notification| notification.seat == seat && notification.idle) {
            notification.idle = false;
            notification.object.resumed();
        }
    }
}

impl GlobalDispatch<WlSeat, usize> for Room {
    fn bind(_: &mut Self, _: &DisplayHandle, _: &Client, seat: New<WlSeat>, number: &usize, init: &mut DataInit<'_, Self>) {
        init.init(seat, *number);
    }
}

impl Dispatch<WlSeat, usize> for Room {
    fn request(_: &mut Self, _: &Client, _: &WlSeat, _: wl_seat::Request, _: &usize, _: &DisplayHandle, _: &mut DataInit<'_, Self>) {}
}

impl GlobalDispatch<ExtIdleNotifierV1, ()> for Room {
    fn bind(_: &mut Self, _: &DisplayHandle, _: &Client, notifier: New<ExtIdleNotifierV1>, (): &(), init: &mut DataInit<'_, Self>) {
        init.init(notifier, ());
    }
}

impl Dispatch<ExtIdleNotifierV1, ()> for Room {
    fn request(
        room: &mut Self,
        _: &Client,
        _: &ExtIdleNotifierV1,
        request: ext_idle_notifier_v1::Request,
        (): &(),
        _: &DisplayHandle,
        init: &mut DataInit<'_, Self>,
    ) {
        use ext_idle_notifier_v1::Request;
        let (object, seat, watched) = match request {
            Request::GetIdleNotification { id, timeout, seat } => (id, seat, Watched::Activity(timeout)),
            Request::GetInputIdleNotification { id, timeout, seat } => (id, seat, Watched::Input(timeout)),
            Request::Destroy | _ => return,
        };
        let (object, seat) = (init.init(object, ()), *seat.data::<usize>().unwrap());
        room.notifications.push(Notification { object, seat, watched, idle: false });
    }
}

impl Dispatch<ExtIdleNotificationV1, ()> for Room {
    fn request(
        _: &mut Self,
        _: &Client,
        _: &ExtIdleNotificationV1,
        _: ext_idle_notification_v1::Request,
        (): &(),
        _: &DisplayHandle,
        _: &mut DataInit<'_, Self>,
    ) {
    }
}
