//! The icon as a StatusNotifierItem, which ksni serves on the session bus.
//!
//! ksni registers again by itself when a tray host comes back. The shared connection watches what it cannot tell: that there is no
//! bus, that the bus is gone, and that a tray host appeared between ksni's first try and its subscription.
//!
//! <https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/>

use std::{
    convert::Infallible,
    future::pending,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::StreamExt;
use ksni::{
    Category, Handle, MenuItem, OfflineReason, TrayMethods,
    menu::{CheckmarkItem, RadioGroup, RadioItem, StandardItem, SubMenu},
};
use tokio::{
    sync::{mpsc, mpsc::UnboundedSender, oneshot, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};
use tracing::{debug, warn};
use zbus::{
    fdo::{DBusProxy, NameOwnerChangedStream},
    names::{BusName, WellKnownName},
};

use crate::bus::{Bus, is_owned};

use super::{Access, Click, Host, Icon, Item, Kind, Tick, Tooltip, Urgency, View};

/// Who knows the icons of the session: the part of a tray host that has a name.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// A tray host that does not answer is not waited for at the end.
const CLOSING: Duration = Duration::from_millis(500);

/// A tray host that has not answered by then counts as absent until it does.
const ANSWERING: Duration = Duration::from_secs(5);

/// Between attempts to register with a tray host that refused: Plasma's has its name before it has its object.
const REGISTERING: [Duration; 4] = [Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

/// Between attempts to find a session bus; the last one repeats.
const CONNECTING: [Duration; 4] = [Duration::from_secs(5), Duration::from_secs(30), Duration::from_mins(5), Duration::from_hours(1)];

pub(super) struct Tray {
    wanted: watch::Sender<View>,
    token: Token,
    /// Dropped, it ends the task as well.
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Tray {
    pub(super) fn start(first: View, clicks: UnboundedSender<Click>, hosts: UnboundedSender<Host>) -> Self {
        let (wanted, views) = watch::channel(first);
        let (stop, stopped) = oneshot::channel();
        let token = Token::default();
        let keeper = Keeper { views, clicks, token: Arc::clone(&token), hosts, known: None, handle: None };
        Self { wanted, token, stop, task: tokio::spawn(keeper.run(stopped)) }
    }

    pub(super) fn show(&self, view: View) {
        self.wanted.send_if_modified(|current| {
            let changed = *current != view;
            *current = view;
            changed
        });
    }

    pub(super) fn activation_token(&self) -> Option<String> {
        lock(&self.token).take()
    }

    pub(super) async fn close(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

pub(super) async fn look_for_host() -> Host {
    let Ok(connection) = Bus::of_this_process().session().await else { return Host::NoBus };
    match is_owned(&connection, WATCHER).await {
        Ok(true) => Host::Present,
        Ok(false) => Host::Absent,
        Err(error) => {
            debug!(%error, "the session bus does not say whether there is a tray host");
            Host::NoBus
        }
    }
}

/// Keeps the icon registered, whatever becomes of the bus and the tray host.
struct Keeper {
    views: watch::Receiver<View>,
    clicks: UnboundedSender<Click>,
    token: Token,
    hosts: UnboundedSender<Host>,
    /// What was reported last.
    known: Option<Host>,
    handle: Option<Handle<Painter>>,
}

/// Why the icon has to be put up anew.
enum Ended {
    BusGone,
    /// The tray host is there and did not take the icon.
    Refused,
    /// A tray host had the icon, and the next one did not take it.
    Lost,
}

impl Keeper {
    async fn run(mut self, stopped: oneshot::Receiver<()>) {
        tokio::select! {
            _ = stopped => {}
            never = self.keep() => match never {},
        }
        self.take_down().await;
    }

    async fn keep(&mut self) -> Infallible {
        let mut rests = CONNECTING.into_iter();
        loop {
            match self.keep_on_bus().await {
                Ok(()) => {
                    warn!("the session bus is gone, and the tray icon with it; looking for another one");
                    rests = CONNECTING.into_iter();
                }
                Err(error) => debug!(%error, "no session bus for the tray icon"),
            }
            self.take_down().await;
            self.report(Host::NoBus);
            sleep(rests.next().unwrap_or(CONNECTING[CONNECTING.len() - 1])).await;
        }
    }

    /// Ends with the bus.
    async fn keep_on_bus(&mut self) -> zbus::Result<()> {
        let connection = Bus::of_this_process().session().await?;
        let bus = DBusProxy::new(&connection).await?;
        let mut owners = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
        let mut rests = REGISTERING.into_iter();
        loop {
            match self.keep_item(&bus, &mut owners).await {
                Ended::BusGone => return Ok(()),
                Ended::Refused => {}
                Ended::Lost => rests = REGISTERING.into_iter(),
            }
            self.take_down().await;
            if let Some(rest) = rests.next() {
                sleep(rest).await;
                continue;
            }
            warn!("the tray host does not take the icon; waiting for another tray host");
            self.report(Host::Absent);
            if next_owner(&mut owners).await.is_none() {
                return Ok(());
            }
            rests = REGISTERING.into_iter();
        }
    }

    /// One item on the bus, from its first attempt to register until it needs another one.
    async fn keep_item(&mut self, bus: &DBusProxy<'_>, owners: &mut NameOwnerChangedStream) -> Ended {
        let (refusals, mut refused) = mpsc::unbounded_channel();
        let painter =
            Painter { view: self.views.borrow_and_update().clone(), clicks: self.clicks.clone(), token: Arc::clone(&self.token), refusals };
        let handle = tokio::select! {
            put_up = self.put_up(painter) => match put_up {
                Ok(handle) => handle,
                Err(ksni::Error::Dbus(error)) => {
                    debug!(%error, "the session bus failed while the icon was put up");
                    return Ended::BusGone;
                }
                Err(error) => {
                    debug!(%error, "the tray host refused the icon");
                    return Ended::Refused;
                }
            },
            () = gone(owners) => return Ended::BusGone,
        };
        self.handle = Some(handle.clone());
        let views = self.views.clone();
        tokio::select! {
            ended = self.watch(bus, owners, &mut refused) => ended,
            never = paint(&handle, views) => match never {},
        }
    }

    /// Waits for the tray host as long as it takes, and says so when that is long.
    async fn put_up(&mut self, painter: Painter) -> Result<Handle<Painter>, ksni::Error> {
        let spawning = painter.assume_sni_available(true).spawn();
        tokio::pin!(spawning);
        if let Ok(done) = timeout(ANSWERING, &mut spawning).await {
            return done;
        }
        warn!("the tray host does not answer; waiting for it");
        self.report(Host::Absent);
        spawning.await
    }

    /// Tells which tray host there is, until the icon has to be put up anew.
    async fn watch(&mut self, bus: &DBusProxy<'_>, owners: &mut NameOwnerChangedStream, refused: &mut Refusals) -> Ended {
        // ksni has subscribed by now, so a tray host is either here already, or ksni learns of it.
        let Ok(present) = bus.name_has_owner(watcher_name()).await else { return Ended::BusGone };
        if present && refused.try_recv().is_ok() {
            return Ended::Refused;
        }
        // That nobody was there to register with is no refusal.
        while refused.try_recv().is_ok() {}
        self.report(if present { Host::Present } else { Host::Absent });
        loop {
            tokio::select! {
                owner = next_owner(owners) => match owner {
                    None => return Ended::BusGone,
                    Some(Owner::Somebody) => self.report(Host::Present),
                    Some(Owner::Nobody) => self.report(Host::Absent),
                },
                Some(()) = refused.recv() => return Ended::Lost,
            }
        }
    }

    fn report(&mut self, host: Host) {
        if self.known.replace(host) != Some(host) {
            let _ = self.hosts.send(host);
        }
    }

    /// Takes the icon away. A service that is stuck in a call to a hung tray host ends with that call.
    async fn take_down(&mut self) {
        if let Some(handle) = self.handle.take() {
            let _ = timeout(CLOSING, handle.shutdown()).await;
        }
    }
}

/// That of the last click.
type Token = Arc<Mutex<Option<String>>>;

/// Nothing panics while it holds the lock.
fn lock(token: &Token) -> MutexGuard<'_, Option<String>> {
    token.lock().unwrap_or_else(PoisonError::into_inner)
}

type Refusals = mpsc::UnboundedReceiver<()>;

enum Owner {
    Somebody,
    Nobody,
}

/// The next change of the tray host; `None` when the bus is gone.
async fn next_owner(owners: &mut NameOwnerChangedStream) -> Option<Owner> {
    let change = owners.next().await?;
    let somebody = change.args().ok()?.new_owner.is_some();
    Some(if somebody { Owner::Somebody } else { Owner::Nobody })
}

async fn gone(owners: &mut NameOwnerChangedStream) {
    while next_owner(owners).await.is_some() {}
}

fn watcher_name() -> BusName<'static> {
    WellKnownName::from_static_str_unchecked(WATCHER).into()
}

/// Brings every new view to ksni, which signals what changed.
async fn paint(handle: &Handle<Painter>, mut views: watch::Receiver<View>) -> Infallible {
    while views.changed().await.is_ok() {
        let view = views.borrow_and_update().clone();
        handle.update(|painter| painter.view = view).await;
    }
    // The tray is being closed.
    pending().await
}

/// The view, as ksni asks for it. ksni holds its lock inside every callback: they only send.
struct Painter {
    view: View,
    clicks: UnboundedSender<Click>,
    token: Token,
    refusals: UnboundedSender<()>,
}

impl ksni::Tray for Painter {
    /// With the left button as well: there is no window yet.
    const MENU_ON_ACTIVATE: bool = true;

    fn id(&self) -> String {
        "b24status".to_owned()
    }

    fn category(&self) -> Category {
        Category::Communications
    }

    fn title(&self) -> String {
        self.view.title.clone()
    }

    fn status(&self) -> ksni::Status {
        match self.view.urgency {
            Urgency::Calm => ksni::Status::Active,
            Urgency::NeedsAttention => ksni::Status::NeedsAttention,
        }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        pixmaps(self.view.icon)
    }

    /// Shown instead of the icon while the status is `NeedsAttention`.
    fn attention_icon_pixmap(&self) -> Vec<ksni::Icon> {
        match self.view.urgency {
            Urgency::Calm => Vec::new(),
            Urgency::NeedsAttention => pixmaps(self.view.icon),
        }
    }

    fn tool_tip(&self) -> ksni::ToolTip {
        tooltip(&self.view.tooltip)
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        menu(&self.view.menu)
    }

    fn secondary_activate(&mut self, _x: i32, _y: i32) {
        self.clicked(Click::CheckNow);
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        if let OfflineReason::Error(error) = reason {
            debug!(%error, "the tray host did not take the icon");
            let _ = self.refusals.send(());
        }
        true
    }
}

impl Painter {
    fn clicked(&self, click: Click) {
        *lock(&self.token) = ksni::current_xdg_activation_token();
        let _ = self.clicks.send(click);
    }
}

fn pixmaps(icon: Icon) -> Vec<ksni::Icon> {
    let side = |size: u32| i32::try_from(size).unwrap_or_default();
    icon.pixels().into_iter().map(|pixels| ksni::Icon { width: side(pixels.size), height: side(pixels.size), data: pixels.argb }).collect()
}

fn tooltip(tooltip: &Tooltip) -> ksni::ToolTip {
    ksni::ToolTip { title: unmarked(&tooltip.title), description: unmarked(&tooltip.lines.join("\n")), ..ksni::ToolTip::default() }
}

/// Some tray hosts read tooltips as markup (Xfce shows nothing at all for a bare `&`), others show escapes as they are (waybar): the
/// characters of markup become similar ones.
fn unmarked(text: &str) -> String {
    text.replace('&', "+").replace('<', "‹").replace('>', "›")
}

fn menu(items: &[Item]) -> Vec<MenuItem<Painter>> {
    items.chunk_by(|one, next| matches!((&one.kind, &next.kind), (Kind::Radio(..), Kind::Radio(..)))).map(entry).collect()
}

/// A group of radio items, or one item of another kind.
fn entry(group: &[Item]) -> MenuItem<Painter> {
    let item = &group[0];
    let (label, enabled, visible) = (label(item), item.access == Access::Enabled, item.access != Access::Hidden);
    match &item.kind {
        Kind::Line => StandardItem { label, enabled, visible, ..StandardItem::default() }.into(),
        Kind::Separator => MenuItem::Separator,
        Kind::Command(click) => StandardItem { label, enabled, visible, activate: sending(*click), ..StandardItem::default() }.into(),
        Kind::Radio(..) => radio(group),
        Kind::Check(click, tick) => {
            let checked = *tick == Tick::On;
            CheckmarkItem { label, enabled, visible, checked, activate: sending(*click), ..CheckmarkItem::default() }.into()
        }
        Kind::Submenu(items) => SubMenu { label, enabled, visible, submenu: menu(items), ..SubMenu::default() }.into(),
    }
}

/// Without a tick anywhere, the selected place is one that does not exist.
fn radio(group: &[Item]) -> MenuItem<Painter> {
    let clicks: Vec<_> = group.iter().filter_map(|item| if let Kind::Radio(click, _) = item.kind { Some(click) } else { None }).collect();
    let ticked = |item: &Item| matches!(item.kind, Kind::Radio(_, Tick::On));
    RadioGroup {
        selected: group.iter().position(ticked).unwrap_or(usize::MAX),
        select: Box::new(move |painter: &mut Painter, place| {
            if let Some(click) = clicks.get(place) {
                painter.clicked(*click);
            }
        }),
        options: group.iter().map(option).collect(),
    }
    .into()
}

fn option(item: &Item) -> RadioItem {
    RadioItem {
        label: label(item),
        enabled: item.access == Access::Enabled,
        visible: item.access != Access::Hidden,
        ..RadioItem::default()
    }
}

fn sending(click: Click) -> Box<dyn Fn(&mut Painter) + Send> {
    Box::new(move |painter| painter.clicked(click))
}

/// A single underscore would mark an access key.
fn label(item: &Item) -> String {
    item.label.replace('_', "__")
}
