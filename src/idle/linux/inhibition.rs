//! Who asked an X11 desktop to stay awake: the X server does not know, the session bus does. Nothing here is asked before input has stopped.

use std::time::Duration;

use zbus::fdo::DBusProxy;
use zbus::message::Type;
use zbus::proxy::MethodFlags;
use zbus::{Connection, MatchRule, MessageStream, Proxy};

use super::item;

/// Somebody holds an inhibitor.
pub(super) struct Inhibition {
    connection: Connection,
    messages: MessageStream,
    /// Something was heard, and who holds one is to be asked again.
    doubtful: bool,
}

impl Inhibition {
    /// `None` where nobody holds one, or nobody keeps a list.
    pub(super) async fn held() -> Option<Box<Self>> {
        const PATIENCE: Duration = Duration::from_secs(2);
        match tokio::time::timeout(PATIENCE, Self::ask()).await {
            Ok(Ok(inhibition)) => inhibition,
            Ok(Err(error)) => {
                tracing::debug!(%error, "no session bus to ask for inhibitors");
                None
            }
            Err(_) => {
                tracing::debug!("whoever keeps the inhibitors does not answer");
                None
            }
        }
    }

    /// Until nobody holds one any more. May be dropped at any point.
    pub(super) async fn released(&mut self) {
        while !self.doubtful || any(&self.connection).await {
            self.doubtful = false;
            let Some(message) = item(&mut self.messages).await else { return };
            self.doubtful = message.is_ok_and(|message| message.message_type() == Type::Signal);
        }
    }

    async fn ask() -> zbus::Result<Option<Box<Self>>> {
        let connection = Connection::session().await?;
        let messages = MessageStream::from(&connection);
        let bus = DBusProxy::new(&connection).await?;
        for Address { service, interface, .. } in Keeper::ALL.map(Keeper::address) {
            // What becomes of its list, and its own end.
            bus.add_match_rule(MatchRule::builder().msg_type(Type::Signal).interface(interface)?.build()).await?;
            let owners = MatchRule::builder().msg_type(Type::Signal).member("NameOwnerChanged")?;
            bus.add_match_rule(owners.add_arg(service)?.build()).await?;
        }
        Ok(any(&connection).await.then(|| Box::new(Self { connection, messages, doubtful: false })))
    }
}

async fn any(connection: &Connection) -> bool {
    for keeper in Keeper::ALL {
        if keeper.says_held(connection).await.unwrap_or(false) {
            return true;
        }
    }
    false
}

/// A service that keeps a list of inhibitors.
#[derive(Clone, Copy)]
enum Keeper {
    /// Of Xfce and KDE.
    PowerManagement,
    /// Of MATE, Cinnamon and Budgie.
    SessionManager,
}

struct Address {
    service: &'static str,
    path: &'static str,
    interface: &'static str,
}

impl Keeper {
    const ALL: [Self; 2] = [Self::PowerManagement, Self::SessionManager];

    fn address(self) -> Address {
        match self {
            Self::PowerManagement => Address {
                service: "org.freedesktop.PowerManagement",
                path: "/org/freedesktop/PowerManagement/Inhibit",
                interface: "org.freedesktop.PowerManagement.Inhibit",
            },
            Self::SessionManager => {
                Address { service: "org.gnome.SessionManager", path: "/org/gnome/SessionManager", interface: "org.gnome.SessionManager" }
            }
        }
    }

    /// One that is not running is not started for this.
    async fn says_held(self, connection: &Connection) -> zbus::Result<bool> {
        /// GSM_INHIBITOR_FLAG_IDLE of gnome-session.
        const IDLE: u32 = 8;
        let Address { service, path, interface } = self.address();
        let keeper = Proxy::new(connection, service, path, interface).await?;
        let flags = MethodFlags::NoAutoStart.into();
        let answer = match self {
            Self::PowerManagement => keeper.call_with_flags("HasInhibit", flags, &()).await?,
            Self::SessionManager => keeper.call_with_flags("IsInhibited", flags, &IDLE).await?,
        };
        Ok(answer.unwrap_or(false))
    }
}
