//! GNOME: `org.gnome.Mutter.IdleMonitor` on the session bus. Its watches live as long as the shell, so a new shell is a new source.

use std::time::Duration;

use tokio::time::Instant;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream};
use zbus::names::BusName;

use super::{Lost, Reason, Seen, Wish, item};
use crate::bus::Bus;
use crate::clock;
use crate::idle::{Inhibitors, at};

const NAME: &str = "org.gnome.Mutter.IdleMonitor";

#[zbus::proxy(
    interface = "org.gnome.Mutter.IdleMonitor",
    default_service = "org.gnome.Mutter.IdleMonitor",
    default_path = "/org/gnome/Mutter/IdleMonitor/Core",
    gen_blocking = false
)]
trait IdleMonitor {
    /// Fires each time that the silence reaches so many milliseconds; not while an inhibitor is held.
    fn add_idle_watch(&self, interval: u64) -> zbus::Result<u32>;
    /// Fires at the next input, once, inhibitor or not.
    fn add_user_active_watch(&self) -> zbus::Result<u32>;
    #[zbus(no_reply)]
    fn remove_watch(&self, id: u32) -> zbus::Result<()>;
    /// Milliseconds since the last input, inhibitor or not.
    #[zbus(name = "GetIdletime")]
    fn idle_time(&self) -> zbus::Result<u64>;
    #[zbus(signal)]
    fn watch_fired(&self, id: u32) -> zbus::Result<()>;
}

pub(in crate::idle) struct Mutter {
    wish: Wish,
    monitor: IdleMonitorProxy<'static>,
    fired: WatchFiredStream,
    owners: NameOwnerChangedStream,
    threshold: Option<u32>,
    input: Option<u32>,
    look: Look,
}

/// When the counter is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Now,
    /// Where inhibitors are ignored there is no watch for the threshold: one look when it could be reached.
    At(Instant),
    /// When a watch fires.
    WhenTold,
}

impl Mutter {
    pub(super) async fn open(wish: Wish) -> Result<Self, Reason> {
        let connection = Bus::of_this_process().session().await.map_err(|_| Reason::Absent)?;
        let bus = DBusProxy::new(&connection).await.map_err(unreachable)?;
        let owners = owners(&bus).await.map_err(unreachable)?;
        if !owned(&bus).await.map_err(unreachable)? {
            return Err(Reason::NotOffered);
        }
        let builder = IdleMonitorProxy::builder(&connection).cache_properties(zbus::proxy::CacheProperties::No);
        let monitor = builder.build().await.map_err(unreachable)?;
        let fired = monitor.receive_watch_fired().await.map_err(unreachable)?;
        let threshold = match wish.inhibitors {
            Inhibitors::Respect => Some(monitor.add_idle_watch(milliseconds(wish.after)).await.map_err(unreachable)?),
            Inhibitors::Ignore => None,
        };
        Ok(Self { wish, monitor, fired, owners, threshold, input: None, look: Look::Now })
    }

    pub(super) async fn next(&mut self) -> Result<Seen, Lost> {
        loop {
            if self.look == Look::Now
                && let Some(seen) = self.look().await.map_err(lost)?
            {
                return Ok(seen);
            }
            let due = match self.look {
                Look::At(instant) => Some(instant),
                Look::Now | Look::WhenTold => None,
            };
            tokio::select! {
                fired = item(&mut self.fired) => {
                    let id = fired.ok_or(Lost)?.args().map_err(lost)?.id;
                    if let Some(seen) = self.watch_fired(id) {
                        return Ok(seen);
                    }
                }
                _ = item(&mut self.owners) => return Err(Lost),
                () = at(due) => self.look = Look::Now,
            }
        }
    }

    pub(super) async fn expect_return(&mut self) -> Result<(), Lost> {
        self.listen_for_input().await.map_err(lost)
    }

    /// Reads the counter. Input may come in between, so it is read again once the next input is sure to be told.
    /// Given up half-way, the look is still due.
    async fn look(&mut self) -> zbus::Result<Option<Seen>> {
        let mut silence = self.silence().await?;
        if self.is_long_enough(silence) {
            self.listen_for_input().await?;
            silence = self.silence().await?;
        }
        let stopped = self.is_long_enough(silence);
        self.look = match self.wish.inhibitors {
            Inhibitors::Ignore if !stopped => Look::At(Instant::now() + self.wish.after.saturating_sub(silence)),
            Inhibitors::Ignore | Inhibitors::Respect => Look::WhenTold,
        };
        Ok(stopped.then(|| Seen::Stopped { since: clock::ago(silence) }))
    }

    fn watch_fired(&mut self, id: u32) -> Option<Seen> {
        if Some(id) == self.threshold {
            self.look = Look::Now;
        }
        if Some(id) != self.input {
            return None;
        }
        self.input = None;
        if self.wish.inhibitors == Inhibitors::Ignore {
            self.look = Look::At(Instant::now() + self.wish.after);
        }
        Some(Seen::Input)
    }

    async fn listen_for_input(&mut self) -> zbus::Result<()> {
        if self.input.is_none() {
            self.input = Some(self.monitor.add_user_active_watch().await?);
        }
        Ok(())
    }

    /// Nothing promises that watch and counter round alike.
    fn is_long_enough(&self, silence: Duration) -> bool {
        const ROUNDING: Duration = Duration::from_millis(50);
        silence + ROUNDING >= self.wish.after
    }

    async fn silence(&self) -> zbus::Result<Duration> {
        self.monitor.idle_time().await.map(Duration::from_millis)
    }
}

/// The shell keeps watches as long as their connection, which goes on without us.
impl Drop for Mutter {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (monitor, watches) = (self.monitor.clone(), self.threshold.into_iter().chain(self.input).collect::<Vec<_>>());
        runtime.spawn(async move {
            for watch in watches {
                // A shell that is gone has no watches.
                let _ = monitor.remove_watch(watch).await;
            }
        });
    }
}

/// Until a shell offers the monitor that did not before. For ever where there is no bus.
pub(super) async fn appears() {
    if let Err(error) = new_owner().await {
        tracing::debug!(%error, "no session bus to wait for a shell on");
        std::future::pending().await
    }
}

async fn new_owner() -> zbus::Result<()> {
    let connection = Bus::of_this_process().session().await?;
    let mut owners = owners(&DBusProxy::new(&connection).await?).await?;
    while let Some(change) = item(&mut owners).await {
        if change.args()?.new_owner().is_some() {
            return Ok(());
        }
    }
    Err(zbus::Error::InputOutput(std::sync::Arc::new(std::io::ErrorKind::ConnectionReset.into())))
}

async fn owners(bus: &DBusProxy<'_>) -> zbus::Result<NameOwnerChangedStream> {
    bus.receive_name_owner_changed_with_args(&[(0, NAME)]).await
}

async fn owned(bus: &DBusProxy<'_>) -> zbus::Result<bool> {
    Ok(bus.name_has_owner(BusName::from_static_str(NAME)?).await?)
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn unreachable(error: zbus::Error) -> Reason {
    tracing::debug!(%error, "Mutter's idle monitor cannot be used");
    Reason::Unreachable
}

fn lost(error: zbus::Error) -> Lost {
    tracing::debug!(%error, "Mutter's idle monitor does not answer");
    Lost
}
