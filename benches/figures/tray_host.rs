//! A tray host that notes when an icon registers, and clicks in its menu as a panel does.

use std::collections::HashMap;
use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::message::Header;
use zbus::proxy::SignalStream;
use zbus::zvariant::{OwnedValue, Structure, Value};
use zbus::{Connection, Proxy, interface};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

pub(crate) struct TrayHost {
    connection: Connection,
    registered: UnboundedReceiver<(Instant, String)>,
}

impl TrayHost {
    pub(crate) async fn start() -> Self {
        let (tell, registered) = unbounded_channel();
        let builder = zbus::connection::Builder::session().unwrap().serve_at("/StatusNotifierWatcher", Watcher(tell)).unwrap();
        let connection = builder.name(WATCHER).unwrap().build().await.unwrap();
        Self { connection, registered }
    }

    /// The next icon, and when it came.
    pub(crate) async fn next_item(&mut self) -> (Instant, Item) {
        let (when, owner) = self.registered.recv().await.unwrap();
        (when, Item { connection: self.connection.clone(), owner })
    }
}

struct Watcher(UnboundedSender<(Instant, String)>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(&self, _service: &str, #[zbus(header)] header: Header<'_>) {
        let owner = header.sender().unwrap().to_string();
        self.0.send((Instant::now(), owner)).unwrap();
    }

    async fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    async fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    async fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    async fn protocol_version(&self) -> i32 {
        0
    }
}

pub(crate) struct Item {
    connection: Connection,
    owner: String,
}

/// Id, properties, children: as `com.canonical.dbusmenu` nests them.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Item {
    /// The id of the entry whose label begins so.
    pub(crate) async fn entry(&self, label: &str) -> i32 {
        let menu = self.menu().await;
        let arguments = (0, 1, ["label"].as_slice());
        let (_, (_, _, entries)): (u32, Layout) = menu.call("GetLayout", &arguments).await.unwrap();
        let mut entries = entries.into_iter().filter_map(|entry| {
            let entry: Structure<'_> = entry.try_into().ok()?;
            let [Value::I32(id), Value::Dict(properties), ..] = entry.fields() else { return None };
            let label: String = properties.get(&"label").ok()??;
            Some((*id, label))
        });
        let found = entries.find(|(_, text)| text.replace('_', "").starts_with(label));
        found.unwrap_or_else(|| panic!("no entry {label}")).0
    }

    pub(crate) async fn click(&self, entry: i32) {
        let menu = self.menu().await;
        menu.call_method("Event", &(entry, "clicked", Value::I32(0), 0_u32)).await.unwrap();
    }

    pub(crate) async fn icon_changes(&self) -> SignalStream<'static> {
        let item = Proxy::new(&self.connection, self.owner.clone(), "/StatusNotifierItem", "org.kde.StatusNotifierItem").await.unwrap();
        item.receive_signal("NewIcon").await.unwrap()
    }

    async fn menu(&self) -> Proxy<'static> {
        Proxy::new(&self.connection, self.owner.clone(), "/MenuBar", "com.canonical.dbusmenu").await.unwrap()
    }
}
