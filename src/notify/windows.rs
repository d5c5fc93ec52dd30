//! Balloons of the app's icon, which Windows shows as its notifications. One at a time: a later one takes the place of the earlier one. How long
//! it stays, and whether it makes a sound, are the person's settings: nothing stays until it is closed.
//!
//! <https://learn.microsoft.com/windows/win32/shell/notification-area#displaying-the-notification>

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use windows_sys::Win32::UI::Shell::{
    NIF_INFO, NIIF_INFO, NIIF_NONE, NIIF_NOSOUND, NIIF_RESPECT_QUIET_TIME, NIIF_WARNING, NIM_MODIFY, NOTIFYICONDATAW, Shell_NotifyIconW,
};

use super::{Notice, NotifyError, Urgency};
use crate::messages::{self, field, icon};

pub struct Notifier {
    /// What the balloon that was shown last is about.
    shown: Mutex<Option<&'static str>>,
}

impl Notifier {
    /// Windows takes the name of the app from the executable.
    pub fn of_this_session(_: &str) -> Self {
        Self { shown: Mutex::default() }
    }

    /// Shows it, in the place of the last notice. Without an icon there is nothing to show it at.
    pub async fn say(&self, notice: Notice<'_>) -> Result<(), NotifyError> {
        put(Balloon::of(notice)).await?;
        self.shown().replace(notice.matter);
        Ok(())
    }

    /// Takes the notice of this matter away, where the matter is settled.
    pub async fn withdraw(&self, matter: &'static str) -> Result<(), NotifyError> {
        if self.shown().take_if(|shown| *shown == matter).is_none() {
            return Ok(());
        }
        match put(Balloon::NONE).await {
            // The icon is gone, and the notice with it.
            Ok(()) | Err(NotifyError::Absent) => Ok(()),
            Err(error @ NotifyError::Failed(_)) => Err(error),
        }
    }

    fn shown(&self) -> MutexGuard<'_, Option<&'static str>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Balloon {
    title: [u16; 64],
    body: [u16; 256],
    flags: u32,
}

impl Balloon {
    /// Without a text it is taken away.
    const NONE: Self = Self { title: [0; 64], body: [0; 256], flags: NIIF_NONE };

    fn of(notice: Notice<'_>) -> Self {
        Self { title: field(notice.title), body: field(notice.body), flags: sign(notice.urgency) | NIIF_RESPECT_QUIET_TIME }
    }
}

fn sign(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::Low => NIIF_NONE | NIIF_NOSOUND,
        Urgency::Normal => NIIF_INFO,
        Urgency::Critical => NIIF_WARNING,
    }
}

/// On the window's thread, after the icon that was ordered before. An Explorer that hangs keeps nobody else waiting.
async fn put(balloon: Balloon) -> Result<(), NotifyError> {
    let window = messages::window().map_err(|error| NotifyError::Failed(error.into()))?;
    let (told, taken) = oneshot::channel();
    window.order(move |handle| {
        let data = NOTIFYICONDATAW {
            uFlags: NIF_INFO,
            szInfoTitle: balloon.title,
            szInfo: balloon.body,
            dwInfoFlags: balloon.flags,
            ..icon(handle)
        };
        // SAFETY: the structure is complete and has its size in it.
        let _ = told.send(unsafe { Shell_NotifyIconW(NIM_MODIFY, &data) });
    });
    if taken.await.is_ok_and(|taken| taken != 0) { Ok(()) } else { Err(NotifyError::Absent) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{sleep, timeout};
    use windows_sys::Win32::UI::Shell::{NIM_ADD, NIM_DELETE};

    use super::*;
    use crate::messages::alone_with_the_icon;

    const NOTICE: Notice<'_> = Notice { matter: "matter", title: "Status", body: "You are signed out.", urgency: Urgency::Normal };

    #[tokio::test]
    async fn without_an_icon_nothing_can_be_shown() {
        let _alone = alone_with_the_icon().await;
        assert!(matches!(Notifier::of_this_session("").say(NOTICE).await, Err(NotifyError::Absent)));
    }

    #[tokio::test]
    async fn a_notice_is_shown_at_the_icon_and_taken_away_where_its_matter_is_settled() {
        let _alone = alone_with_the_icon().await;
        if !has_the_icon().await {
            assert!(std::env::var_os("CI").is_none(), "there is no taskbar");
            return println!("skipped: there is no taskbar");
        }
        let notifier = Notifier::of_this_session("");
        notifier.say(NOTICE).await.unwrap();
        notifier.withdraw("another matter").await.unwrap();
        assert_eq!(*notifier.shown(), Some("matter"));
        notifier.withdraw("matter").await.unwrap();
        assert_eq!(*notifier.shown(), None);
        assert!(notify(NIM_DELETE).await);
    }

    #[test]
    fn a_long_notice_is_cut_and_not_refused() {
        let (title, body) = ("я".repeat(70), "🙂".repeat(200));
        let balloon = Balloon::of(Notice { title: &title, body: &body, ..NOTICE });
        assert_eq!(String::from_utf16(&balloon.title).unwrap(), format!("{}…\0", "я".repeat(62)));
        assert_eq!(String::from_utf16(&balloon.body).unwrap(), format!("{}…\0", "🙂".repeat(127)));
    }

    #[test]
    fn quiet_time_is_respected_whatever_the_urgency() {
        for urgency in [Urgency::Low, Urgency::Normal, Urgency::Critical] {
            assert_ne!(Balloon::of(Notice { urgency, ..NOTICE }).flags & NIIF_RESPECT_QUIET_TIME, 0);
        }
    }

    /// Wine has a taskbar as soon as there is a window, and a moment later.
    async fn has_the_icon() -> bool {
        let soon = timeout(Duration::from_secs(10), async {
            while !notify(NIM_ADD).await {
                sleep(Duration::from_millis(20)).await;
            }
        });
        soon.await.is_ok()
    }

    async fn notify(what: u32) -> bool {
        let (told, done) = oneshot::channel();
        let window = messages::window().unwrap();
        // SAFETY: the structure is complete and has its size in it.
        window.order(move |handle| told.send(unsafe { Shell_NotifyIconW(what, &icon(handle)) != 0 }).unwrap());
        done.await.unwrap()
    }
}
