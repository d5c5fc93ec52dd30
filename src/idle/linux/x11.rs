//! The X server's `IDLETIME` counter, by XSync alarms. Only in a true X11 session: XWayland's counter knows nothing of Wayland windows.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::Instant;
use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::Event;
use x11rb::protocol::sync::{ALARMSTATE, Alarm, ConnectionExt, Counter, CreateAlarmAux, Int64, TESTTYPE};
use x11rb::protocol::xproto::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use super::inhibition::Inhibition;
use super::{Lost, Reason, Seen, Wish};
use crate::clock;
use crate::idle::Inhibitors;
use crate::presence::Moment;

pub(in crate::idle) struct X11 {
    wish: Wish,
    server: Arc<Server>,
    /// A duplicate of the connection's descriptor: this one says when there is something to read.
    socket: AsyncFd<OwnedFd>,
    silence: Silence,
    bell: Bell,
}

/// The counter knows nothing of inhibitors, so a silence that is long enough is not always an absence.
enum Silence {
    /// Not long enough, or told.
    Quiet,
    /// Long enough; whether somebody holds an inhibitor is to be asked.
    Reached { since: Moment },
    /// Nobody does.
    Certain { since: Moment },
    /// A video, for example: presence as long as it lasts.
    Held(Box<Inhibition>),
    /// It ended, and from then on the time counts.
    Released { at: Moment, due: Instant },
}

/// The alarm for the very next input.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bell {
    Off,
    Set(Alarm),
    /// There was input while it was being set.
    Rang,
}

impl X11 {
    pub(super) async fn open(wish: Wish) -> Result<Self, Reason> {
        if super::in_wayland_session() {
            return Err(Reason::InsideWayland);
        }
        super::variable("DISPLAY").ok_or(Reason::Absent)?;
        // Answers are waited for on a thread of their own, which ends: a grabbed or hanging server must not hang the app.
        let opened = tokio::task::spawn_blocking(move || Server::open(wish)).await;
        let (server, silence) = opened.map_err(|_| Reason::Unreachable)??;
        let socket = readiness(&server.connection).map_err(|_| Reason::Unreachable)?;
        let mut source = Self { wish, server: Arc::new(server), socket, silence: Silence::Quiet, bell: Bell::Off };
        if silence >= wish.after {
            // An alarm does not fire for a threshold that was passed before it was set.
            source.reached(silence);
        }
        Ok(source)
    }

    pub(super) async fn next(&mut self) -> Result<Seen, Lost> {
        loop {
            if self.input()? {
                self.silence = Silence::Quiet;
                return Ok(Seen::Input);
            }
            if let Silence::Certain { since } = self.silence {
                self.silence = Silence::Quiet;
                return Ok(Seen::Stopped { since });
            }
            self.turn().await?;
        }
    }

    pub(super) async fn expect_return(&mut self) -> Result<(), Lost> {
        if self.bell == Bell::Off {
            let server = Arc::clone(&self.server);
            self.bell = tokio::task::spawn_blocking(move || server.set_bell()).await.map_err(|_| Lost)?.map_err(lost)?;
        }
        Ok(())
    }

    /// Reads what the server has sent, up to the first input.
    fn input(&mut self) -> Result<bool, Lost> {
        if self.bell == Bell::Rang {
            self.bell = Bell::Off;
            return Ok(true);
        }
        while let Some(event) = self.server.connection.poll_for_event().map_err(lost)? {
            let Event::SyncAlarmNotify(alarm) = event else { continue };
            if alarm.state == ALARMSTATE::DESTROYED {
                continue;
            }
            if alarm.alarm != self.server.stopped {
                self.rang(alarm.alarm)?;
                return Ok(true);
            }
            self.reached(duration(alarm.counter_value));
        }
        Ok(false)
    }

    fn reached(&mut self, silence: Duration) {
        let since = clock::ago(silence);
        self.silence = match self.wish.inhibitors {
            Inhibitors::Respect => Silence::Reached { since },
            Inhibitors::Ignore => Silence::Certain { since },
        };
    }

    /// The bell is for one input.
    fn rang(&mut self, alarm: Alarm) -> Result<(), Lost> {
        if self.bell == Bell::Set(alarm) {
            self.bell = Bell::Off;
            self.server.connection.sync_destroy_alarm(alarm).map_err(lost)?;
            self.server.connection.flush().map_err(lost)?;
        }
        Ok(())
    }

    /// Until there is something to read, or the silence has become another.
    async fn turn(&mut self) -> Result<(), Lost> {
        let Self { wish, socket, silence, .. } = self;
        let changed = async {
            *silence = match silence {
                Silence::Quiet => std::future::pending().await,
                Silence::Certain { since } => Silence::Certain { since: *since },
                Silence::Reached { since } => Inhibition::held().await.map_or(Silence::Certain { since: *since }, Silence::Held),
                Silence::Held(inhibition) => {
                    inhibition.released().await;
                    Silence::Released { at: clock::now(), due: Instant::now() + wish.after }
                }
                Silence::Released { at, due } => {
                    tokio::time::sleep_until(*due).await;
                    Silence::Reached { since: *at }
                }
            };
        };
        tokio::select! {
            () = changed => Ok(()),
            readable = readable(socket) => readable,
        }
    }
}

/// Until the server has sent something that has not been read.
async fn readable(socket: &AsyncFd<OwnedFd>) -> Result<(), Lost> {
    let mut ready = socket.readable().await.map_err(lost)?;
    // What is there is read to its end right after this, before the next wait.
    ready.clear_ready();
    Ok(())
}

/// The connection, and the alarms that stay.
struct Server {
    connection: RustConnection,
    counter: Counter,
    stopped: Alarm,
}

impl Server {
    /// Blocks.
    fn open(wish: Wish) -> Result<(Self, Duration), Reason> {
        let (connection, _) = RustConnection::connect(None).map_err(|error| {
            tracing::debug!(%error, "the X server cannot be reached");
            Reason::Unreachable
        })?;
        if is_xwayland(&connection).map_err(unreachable)? {
            return Err(Reason::InsideWayland);
        }
        let counter = idle_counter(&connection).map_err(unreachable)?.ok_or(Reason::NotOffered)?;
        Self::watch(connection, counter, wish).map_err(unreachable)
    }

    /// The alarms come before the first look at the counter, so that no instant is left out.
    fn watch(connection: RustConnection, counter: Counter, wish: Wish) -> Result<(Self, Duration), ReplyOrIdError> {
        let stopped = alarm(&connection, counter, TESTTYPE::POSITIVE_TRANSITION, wish.after)?;
        alarm(&connection, counter, TESTTYPE::NEGATIVE_TRANSITION, wish.after.saturating_sub(Duration::from_millis(1)))?;
        let server = Self { connection, counter, stopped };
        let silence = server.silence()?;
        Ok((server, silence))
    }

    /// Blocks. The alarm fires when the counter falls through its value, so the counter has to be above it first; one that stays
    /// low without going on is input already.
    fn set_bell(&self) -> Result<Bell, ReplyOrIdError> {
        const LOW: Duration = Duration::from_millis(10);
        let mut before = self.silence()?;
        if before <= LOW {
            std::thread::sleep(LOW * 2);
            let after = self.silence()?;
            if after < before + LOW {
                return Ok(Bell::Rang);
            }
            before = after;
        }
        let bell = alarm(&self.connection, self.counter, TESTTYPE::NEGATIVE_TRANSITION, LOW)?;
        if self.silence()? >= before {
            return Ok(Bell::Set(bell));
        }
        self.connection.sync_destroy_alarm(bell)?.check()?;
        Ok(Bell::Rang)
    }

    /// Blocks. Also makes the server look at the counter, which moves on its side only when somebody does.
    fn silence(&self) -> Result<Duration, ReplyOrIdError> {
        Ok(duration(self.connection.sync_query_counter(self.counter)?.reply()?.counter_value))
    }
}

/// XWayland names itself since 23.1.
fn is_xwayland(connection: &RustConnection) -> Result<bool, ReplyOrIdError> {
    Ok(connection.query_extension(b"XWAYLAND")?.reply()?.present)
}

fn idle_counter(connection: &RustConnection) -> Result<Option<Counter>, ReplyOrIdError> {
    if connection.extension_information(x11rb::protocol::sync::X11_EXTENSION_NAME)?.is_none() {
        return Ok(None);
    }
    connection.sync_initialize(3, 1)?.reply()?;
    let counters = connection.sync_list_system_counters()?.reply()?.counters;
    Ok(counters.into_iter().find(|counter| counter.name == b"IDLETIME").map(|counter| counter.counter))
}

fn alarm(connection: &RustConnection, counter: Counter, test: TESTTYPE, value: Duration) -> Result<Alarm, ReplyOrIdError> {
    let alarm = connection.generate_id()?;
    // A step of zero keeps the alarm where it is after it fired.
    let wanted = CreateAlarmAux::new().counter(counter).test_type(test).value(milliseconds(value)).delta(Int64 { hi: 0, lo: 0 }).events(1);
    connection.sync_create_alarm(alarm, &wanted)?.check()?;
    Ok(alarm)
}

fn duration(Int64 { hi, lo }: Int64) -> Duration {
    let milliseconds = i64::from(hi) << 32 | i64::from(lo);
    Duration::from_millis(milliseconds.try_into().unwrap_or(0))
}

fn milliseconds(duration: Duration) -> Int64 {
    let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    Int64 { hi: (milliseconds >> 32) as i32, lo: milliseconds as u32 }
}

fn readiness(connection: &RustConnection) -> std::io::Result<AsyncFd<OwnedFd>> {
    let duplicate = connection.stream().as_fd().try_clone_to_owned()?;
    // SAFETY: the duplicate is open and owned; nothing here replaces or closes it while it is registered.
    Ok(unsafe { AsyncFd::register_with_interest(duplicate, Interest::READABLE) }?)
}

fn unreachable(error: ReplyOrIdError) -> Reason {
    tracing::debug!(%error, "the X server does not answer");
    Reason::Unreachable
}

fn lost(error: impl std::error::Error) -> Lost {
    tracing::debug!(%error, "the X server is gone");
    Lost
}
