//! logind (or elogind) on the system bus: our session's lock, sleep with a delay, shutdown.
//!
//! <https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html>

use std::collections::HashMap;
use std::env;
use std::os::fd::OwnedFd;

use zbus::zvariant::{self, ObjectPath, OwnedObjectPath, OwnedValue};
use zbus::{Connection, Message, proxy};

use super::facts::{Fact, Found, Logind, Sleep};
use super::{Brake, Teller};
use crate::bus::{Bus, Ownership, Signals, is_owned, ownership, ownership_rule};

const NAME: &str = "org.freedesktop.login1";
const SESSION: &str = "org.freedesktop.login1.Session";
const SESSIONS: &str = "/org/freedesktop/login1/session";

/// Runs until the system bus is gone. logind may come, go and come back.
pub(super) async fn follow(bus: Bus, teller: Teller, brake: Brake) {
    let ended = match bus.system().await {
        Ok(connection) => Follower { connection, session: None, teller: teller.clone(), brake: brake.clone() }.run().await,
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        tracing::info!(%error, "no system bus: sleep is seen only afterwards");
    }
    brake.hold(None);
    teller.learn(Fact::Logind(Logind::Absent));
}

#[proxy(interface = "org.freedesktop.login1.Manager", default_service = "org.freedesktop.login1", default_path = "/org/freedesktop/login1")]
trait Manager {
    fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::Result<zvariant::OwnedFd>;

    fn get_session(&self, id: &str) -> zbus::Result<OwnedObjectPath>;

    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, process: u32) -> zbus::Result<OwnedObjectPath>;

    fn get_user(&self, user: u32) -> zbus::Result<OwnedObjectPath>;

    fn list_sessions(&self) -> zbus::Result<Vec<ListedSession>>;

    #[zbus(property)]
    fn preparing_for_sleep(&self) -> zbus::Result<bool>;
}

/// Name, number of the user, name of the user, seat, object.
type ListedSession = (String, u32, String, String, OwnedObjectPath);

struct Follower {
    connection: Connection,
    session: Option<OwnedObjectPath>,
    teller: Teller,
    brake: Brake,
}

impl Follower {
    async fn run(mut self) -> zbus::Result<()> {
        let rules = [
            ownership_rule(NAME),
            format!("type='signal',sender='{NAME}',interface='{NAME}.Manager'"),
            // One rule for lock requests and properties: their order matters.
            format!("type='signal',sender='{NAME}',path_namespace='{SESSIONS}'"),
        ];
        let mut signals = Signals::matching(&self.connection, &rules).await?;
        if is_owned(&self.connection, NAME).await? {
            self.meet().await;
        } else {
            tracing::info!("no login service: sleep is seen only afterwards");
            self.teller.learn(Fact::Logind(Logind::Absent));
        }
        while let Some(signal) = signals.next().await {
            self.hear(&signal).await;
        }
        Ok(())
    }

    /// Takes the present state of a logind that was not there before.
    async fn meet(&mut self) {
        self.meet_session().await;
        match self.preparing_for_sleep().await {
            Ok(true) => {
                self.tell_sleep();
                self.tell_presence();
            }
            Ok(false) | Err(_) => self.wake().await,
        }
    }

    async fn meet_session(&mut self) {
        self.session = self.find_session().await;
        self.read_lock().await;
    }

    async fn hear(&mut self, signal: &Message) {
        match ownership(signal) {
            Some(Ownership::Appeared | Ownership::Replaced) => return self.meet().await,
            Some(Ownership::Disappeared) => return self.lose(),
            None => {}
        }
        let header = signal.header();
        let member = header.member().map(|member| member.as_str()).unwrap_or_default();
        let of_a_session = header.path().is_some_and(|path| path.starts_with(SESSIONS));
        if self.session.is_none() && (member == "SessionNew" || of_a_session) {
            self.meet_session().await;
            self.tell_presence();
        }
        match header.interface().map(|interface| interface.as_str()) {
            Some(MANAGER) => self.hear_manager(member, signal).await,
            Some(SESSION) if self.is_ours(header.path()) && member == "Unlock" => self.teller.learn(Fact::UnlockAsked),
            Some(PROPERTIES) if self.is_ours(header.path()) => self.hear_properties(signal).await,
            Some(_) | None => {}
        }
    }

    fn lose(&mut self) {
        tracing::info!("the login service ended: sleep is seen only afterwards until it is back");
        self.brake.hold(None);
        self.teller.learn(Fact::Logind(Logind::Absent));
    }

    async fn hear_manager(&self, member: &str, signal: &Message) {
        let body = signal.body();
        match member {
            "PrepareForSleep" => match body.deserialize() {
                Ok(true) => self.tell_sleep(),
                Ok(false) => self.wake().await,
                Err(error) => tracing::debug!(%error, "PrepareForSleep"),
            },
            "PrepareForShutdown" if matches!(body.deserialize(), Ok(true)) => self.teller.learn(Fact::Ending),
            "SessionRemoved" => {
                if let Ok((_, path)) = body.deserialize::<(&str, ObjectPath<'_>)>()
                    && self.is_ours(Some(&path))
                {
                    self.teller.learn(Fact::Ending);
                }
            }
            _ => {}
        }
    }

    async fn hear_properties(&self, signal: &Message) {
        let body = signal.body();
        let Ok((_, changed, invalidated)) = body.deserialize::<(&str, HashMap<&str, zvariant::Value<'_>>, Vec<&str>)>() else { return };
        match changed.get("LockedHint") {
            Some(zvariant::Value::Bool(locked)) => self.teller.learn(Fact::LockedHint(*locked)),
            Some(_) | None if invalidated.contains(&"LockedHint") => self.read_lock().await,
            Some(_) | None => {}
        }
    }

    fn tell_sleep(&self) {
        self.brake.announced();
        self.teller.learn(Fact::Sleep(Sleep::Coming));
    }

    /// The delay lock is taken anew each time: logind keeps none over a sleep.
    async fn wake(&self) {
        self.teller.learn(Fact::Sleep(Sleep::Over));
        let descriptor = self.inhibit().await;
        self.brake.hold(descriptor);
        self.tell_presence();
    }

    fn tell_presence(&self) {
        let session = if self.session.is_some() { Found::Yes } else { Found::No };
        let delay = if self.brake.is_held() { Found::Yes } else { Found::No };
        self.teller.learn(Fact::Logind(Logind::Present { session, delay }));
    }

    async fn inhibit(&self) -> Option<OwnedFd> {
        let taken = async { self.manager().await?.inhibit("sleep", "b24status", "Marks you idle in Bitrix24 first", "delay").await };
        match taken.await {
            Ok(descriptor) => Some(descriptor.into()),
            Err(error) => {
                tracing::warn!(%error, "sleep cannot be delayed: the idle mark may come too late");
                None
            }
        }
    }

    async fn preparing_for_sleep(&self) -> zbus::Result<bool> {
        self.manager().await?.preparing_for_sleep().await
    }

    async fn read_lock(&self) {
        let Some(session) = &self.session else { return };
        match self.property(session, SESSION, "LockedHint").await.and_then(|value| Ok(bool::try_from(value)?)) {
            Ok(locked) => self.teller.learn(Fact::LockedHint(locked)),
            Err(error) => tracing::debug!(%error, "LockedHint"),
        }
    }

    fn is_ours(&self, path: Option<&ObjectPath<'_>>) -> bool {
        path.is_some() && self.session.as_deref() == path
    }

    /// The session that the environment names, else that of this process, else the person's desktop, else one of theirs at a seat.
    async fn find_session(&self) -> Option<OwnedObjectPath> {
        let manager = self.manager().await.ok()?;
        let user = rustix::process::getuid().as_raw();
        if let Ok(id) = env::var("XDG_SESSION_ID")
            && let Ok(session) = manager.get_session(&id).await
            && self.belongs_to(&session, user).await
        {
            return Some(session);
        }
        if let Ok(session) = manager.get_session_by_pid(std::process::id()).await
            && self.belongs_to(&session, user).await
        {
            return Some(session);
        }
        if let Some(session) = self.desktop_of(&manager, user).await {
            return Some(session);
        }
        let sessions = manager.list_sessions().await.ok()?;
        sessions.into_iter().find(|(_, owner, _, seat, _)| *owner == user && !seat.is_empty()).map(|(.., path)| path)
    }

    /// An inherited `XDG_SESSION_ID` can name a session that is over, or somebody else's.
    async fn belongs_to(&self, session: &ObjectPath<'_>, user: u32) -> bool {
        let owner = self.property(session, SESSION, "User").await.and_then(|value| Ok(<(u32, OwnedObjectPath)>::try_from(value)?));
        owner.is_ok_and(|(owner, _)| owner == user)
    }

    async fn desktop_of(&self, manager: &ManagerProxy<'_>, user: u32) -> Option<OwnedObjectPath> {
        let user = manager.get_user(user).await.ok()?;
        let display = self.property(&user, "org.freedesktop.login1.User", "Display").await.ok()?;
        let (_, session) = <(String, OwnedObjectPath)>::try_from(display).ok()?;
        (session.as_str() != "/").then_some(session)
    }

    async fn manager(&self) -> zbus::Result<ManagerProxy<'_>> {
        ManagerProxy::builder(&self.connection).cache_properties(proxy::CacheProperties::No).build().await
    }

    async fn property(&self, path: &ObjectPath<'_>, interface: &str, name: &str) -> zbus::Result<OwnedValue> {
        let reply = self.connection.call_method(Some(NAME), path, Some(PROPERTIES), "Get", &(interface, name)).await?;
        reply.body().deserialize()
    }
}

const MANAGER: &str = "org.freedesktop.login1.Manager";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
