//! Linux: the compositor's own word first, then GNOME's, then the X server's; that one never inside Wayland.

use std::ffi::OsString;
use std::pin::Pin;
use std::time::Duration;

use zbus::export::futures_core::Stream;

use super::{Attention, Lost, Reason, Seen, SourceName, Unusable, Wish};

mod ext_idle;
mod mutter;
mod x11;
mod inhibition;

use ext_idle::ExtIdle;
use mutter::Mutter;
use x11::X11;

/// The one that is believed.
pub(super) enum Source {
    ExtIdle(ExtIdle),
    Mutter(Box<Mutter>),
    X11(X11),
}

/// The first source that can be used, or each one's reason.
pub(super) async fn choose(wish: Wish) -> Result<Source, Vec<Unusable>> {
    let mut unusable = Vec::new();
    match answered(ExtIdle::open(wish)).await {
        Ok(source) => return Ok(Source::ExtIdle(source)),
        Err(reason) => unusable.push(Unusable { source: SourceName::ExtIdle, reason }),
    }
    match answered(Mutter::open(wish)).await {
        Ok(source) => return Ok(Source::Mutter(Box::new(source))),
        Err(reason) => unusable.push(Unusable { source: SourceName::Mutter, reason }),
    }
    match answered(X11::open(wish)).await {
        Ok(source) => return Ok(Source::X11(source)),
        Err(reason) => unusable.push(Unusable { source: SourceName::X11, reason }),
    }
    Err(unusable)
}

/// Until something hints that choosing again could help. Only GNOME announces itself; for the others there are the retries.
pub(super) async fn sign() {
    mutter::appears().await;
}

/// A desktop that hangs must not hang us.
async fn answered<T>(opening: impl Future<Output = Result<T, Reason>>) -> Result<T, Reason> {
    const PATIENCE: Duration = Duration::from_secs(5);
    tokio::time::timeout(PATIENCE, opening).await.unwrap_or(Err(Reason::Unreachable))
}

impl Source {
    pub(super) fn name(&self) -> SourceName {
        match self {
            Self::ExtIdle(_) => SourceName::ExtIdle,
            Self::Mutter(_) => SourceName::Mutter,
            Self::X11(_) => SourceName::X11,
        }
    }

    /// The next thing seen. May be dropped at any point without missing one.
    pub(super) async fn next(&mut self) -> Result<Seen, Lost> {
        match self {
            Self::ExtIdle(source) => source.next().await,
            Self::Mutter(source) => source.next().await,
            Self::X11(source) => source.next().await,
        }
    }

    /// The very next input is to be seen, however short the silence before it.
    pub(super) async fn expect_return(&mut self) -> Result<(), Lost> {
        match self {
            Self::ExtIdle(source) => source.expect_return().await,
            Self::Mutter(source) => source.expect_return().await,
            Self::X11(source) => source.expect_return().await,
        }
    }

    /// Each of them is told of input, and at rest there is none to be told of.
    pub(super) fn heed(&mut self, _: Attention) {}
}

/// By the session's own word or by a compositor that is named, whichever display answers.
fn in_wayland_session() -> bool {
    variable("WAYLAND_DISPLAY").is_some() || variable("XDG_SESSION_TYPE").is_some_and(|kind| kind == "wayland")
}

/// A variable of the environment; an empty one counts as none.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The next item of a stream of the bus; `None` when the bus is gone.
async fn item<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}
