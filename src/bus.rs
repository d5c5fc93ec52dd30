//! The D-Bus connections, each made when it is first needed, and anew where its bus went away.
//!
//! No name of a service stands here, and no retry: what is to be done without a bus is for each edge to say.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::SelectAll;
use tokio::sync::Mutex;
use zbus::connection::Builder;
use zbus::names::BusName;
use zbus::{Connection, MatchRule, Message, MessageStream, fdo};

/// How long one method call may take: the daemon may have to be started first. A prompt is not a call.
pub const CALL_LIMIT: Duration = Duration::from_secs(20);

/// The session bus and the system bus. Clones share the connections.
#[derive(Clone)]
pub struct Bus(Arc<Places>);

struct Places {
    session: Place,
    system: Place,
}

struct Place {
    address: Address,
    connection: Mutex<Option<Connection>>,
}

enum Address {
    OwnSession,
    OwnSystem,
    Given(String),
}

impl Bus {
    /// The buses of the session in which this process runs. Their connections live in the runtime that used them first.
    pub fn of_this_process() -> Self {
        static BUS: LazyLock<Bus> = LazyLock::new(|| Bus::with(Address::OwnSession, Address::OwnSystem));
        BUS.clone()
    }

    /// Buses at other addresses.
    pub fn at(session: &str, system: &str) -> Self {
        Self::with(Address::Given(session.to_owned()), Address::Given(system.to_owned()))
    }

    fn with(session: Address, system: Address) -> Self {
        let place = |address| Place { address, connection: Mutex::default() };
        Self(Arc::new(Places { session: place(session), system: place(system) }))
    }

    /// The shared connection to the session bus. A failure is not kept: the next call tries again.
    pub async fn session(&self) -> zbus::Result<Connection> {
        self.0.session.shared().await
    }

    /// The shared connection to the system bus.
    pub async fn system(&self) -> zbus::Result<Connection> {
        self.0.system.shared().await
    }

    /// A connection to the session bus for one errand: what services keep for a client ends with it. `limit` is for each call.
    pub async fn session_for_one_errand(&self, limit: Duration) -> zbus::Result<Connection> {
        self.0.session.address.connect(limit).await
    }
}

impl Place {
    async fn shared(&self) -> zbus::Result<Connection> {
        let mut shared = self.connection.lock().await;
        if let Some(connection) = shared.as_ref().filter(|connection| !connection.is_closed()) {
            return Ok(connection.clone());
        }
        Ok(shared.insert(self.address.connect(CALL_LIMIT).await?).clone())
    }
}

impl Address {
    async fn connect(&self, limit: Duration) -> zbus::Result<Connection> {
        let builder = match self {
            Self::OwnSession => Builder::session()?,
            Self::OwnSystem => Builder::system()?,
            Self::Given(address) => Builder::address(address.as_str())?,
        };
        let connected = tokio::time::timeout(limit, builder.method_timeout(limit).build()).await;
        connected.unwrap_or_else(|late| Err(std::io::Error::new(std::io::ErrorKind::TimedOut, late).into()))
    }
}

/// Signals of one rule that may wait while their reader makes a call; the bus is read no further then. zbus would reserve 7 KiB for 64 of them.
const WAITING: usize = 16;

/// Signals that match any of some rules. Those of one rule come in their order.
pub struct Signals(SelectAll<MessageStream>);

impl Signals {
    /// Subscribed when this returns; the subscription ends with the value.
    pub async fn matching(connection: &Connection, rules: &[String]) -> zbus::Result<Self> {
        let mut streams = SelectAll::new();
        for rule in rules {
            // zbus keeps the rule, and reads it with room for 64 arguments of two kinds, which is 4 KiB; a copy takes what it needs.
            let rule = MatchRule::try_from(rule.as_str())?.clone();
            streams.push(MessageStream::for_match_rule(rule, connection, Some(WAITING)).await?);
        }
        Ok(Self(streams))
    }

    /// `None` once the bus is gone.
    pub async fn next(&mut self) -> Option<Message> {
        self.0.next().await?.ok()
    }
}

/// The rule for [`ownership`] signals of this name.
pub fn ownership_rule(name: &str) -> String {
    format!("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{name}'")
}

/// What became of the owner of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    Appeared,
    /// Another owner stands in its place already.
    Replaced,
    Disappeared,
}

/// Reads a `NameOwnerChanged`; `None` for every other signal.
pub fn ownership(signal: &Message) -> Option<Ownership> {
    let changed = fdo::NameOwnerChanged::from_message(signal.clone())?;
    let arguments = changed.args().ok()?;
    match (arguments.old_owner.as_ref(), arguments.new_owner.as_ref()) {
        (None, Some(_)) => Some(Ownership::Appeared),
        (Some(_), Some(_)) => Some(Ownership::Replaced),
        (_, None) => Some(Ownership::Disappeared),
    }
}

/// Whether somebody has this name now. Starts nothing.
pub async fn is_owned(connection: &Connection, name: &str) -> zbus::Result<bool> {
    let bus = fdo::DBusProxy::new(connection).await?;
    Ok(bus.name_has_owner(BusName::try_from(name)?).await?)
}

/// Whether a call failed because nobody is there to answer: no bus, no such service, or it ended meanwhile.
pub fn nobody_there(error: &zbus::Error) -> bool {
    #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's list of errors")]
    match error {
        zbus::Error::InputOutput(cause) => cause.kind() != std::io::ErrorKind::TimedOut,
        zbus::Error::Address(_) | zbus::Error::Connection(..) => true,
        other => error_name(other).is_some_and(|name| NOBODY.contains(&name.as_str()) || name.starts_with(SPAWN)),
    }
}

const NOBODY: [&str; 4] = [
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.NoReply",
    "org.freedesktop.DBus.Error.Disconnected",
];
/// The bus could not start the service.
const SPAWN: &str = "org.freedesktop.DBus.Error.Spawn.";

/// The name of the error with which a call was answered.
pub fn error_name(error: &zbus::Error) -> Option<String> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's list of errors")]
    match error {
        zbus::Error::MethodError(name, ..) => Some(name.to_string()),
        zbus::Error::FDO(error) => Some(zbus::DBusError::name(error.as_ref()).to_string()),
        _ => None,
    }
}
