//! The notification service on the session bus.
//!
//! <https://specifications.freedesktop.org/notification-spec/latest/>

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use zbus::Connection;
use zbus::zvariant::Value;

use super::{Notice, NotifyError, Urgency};
use crate::bus::{Bus, nobody_there};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Shows notices under the name of the app.
pub struct Notifier {
    bus: Bus,
    app: String,
    /// The service's number for the notice of each matter that was shown last.
    shown: Mutex<HashMap<&'static str, u32>>,
}

impl Notifier {
    pub fn of_this_session(app: &str) -> Self {
        Self::on(&Bus::of_this_process(), app)
    }

    pub fn on(bus: &Bus, app: &str) -> Self {
        Self { bus: bus.clone(), app: app.to_owned(), shown: Mutex::default() }
    }

    /// Shows it, in the place of the last notice of the same matter.
    pub async fn say(&self, notice: Notice<'_>) -> Result<(), NotifyError> {
        let number = self.show(notice).await.map_err(sort)?;
        self.shown().insert(notice.matter, number);
        Ok(())
    }

    /// Takes the notice of this matter away, where the matter is settled.
    pub async fn withdraw(&self, matter: &'static str) -> Result<(), NotifyError> {
        let Some(number) = self.shown().remove(matter) else { return Ok(()) };
        let close = async { self.bus.session().await?.call_method(Some(NAME), PATH, Some(NAME), "CloseNotification", &number).await };
        match close.await {
            // It is closed already, or its service is gone, and the notice with it.
            Ok(_) | Err(zbus::Error::MethodError(..)) => Ok(()),
            Err(error) => Err(sort(error)),
        }
    }

    async fn show(&self, notice: Notice<'_>) -> zbus::Result<u32> {
        let connection = self.bus.session().await?;
        let body = if reads_markup(&connection).await? { escaped(notice.body) } else { notice.body.to_owned() };
        let replaces = self.shown().get(notice.matter).copied().unwrap_or(0);
        let no_actions: Vec<&str> = Vec::new();
        let hints = HashMap::from([("urgency", Value::U8(level(notice.urgency))), ("desktop-entry", Value::from("b24status"))]);
        let arguments = (self.app.as_str(), replaces, "b24status", notice.title, body, no_actions, hints, SERVICE_DECIDES);
        connection.call_method(Some(NAME), PATH, Some(NAME), "Notify", &arguments).await?.body().deserialize()
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, HashMap<&'static str, u32>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long the notice stays.
const SERVICE_DECIDES: i32 = -1;

fn level(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Low => 0,
        Urgency::Normal => 1,
        Urgency::Critical => 2,
    }
}

/// Asked each time: the service may be another one by now, and notices are rare.
async fn reads_markup(connection: &Connection) -> zbus::Result<bool> {
    let reply = connection.call_method(Some(NAME), PATH, Some(NAME), "GetCapabilities", &()).await?;
    let capabilities: Vec<String> = reply.body().deserialize()?;
    Ok(capabilities.iter().any(|capability| capability == "body-markup"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn sort(error: zbus::Error) -> NotifyError {
    if nobody_there(&error) { NotifyError::Absent } else { NotifyError::Failed(error.into()) }
}
