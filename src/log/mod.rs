//! The log of the app itself: for support, in English, without secrets.
//!
//! Daily files, five of them, written on the calling thread: no thread waits for a line. What other crates say below a warning is
//! never written, at no level: their debug lines can hold addresses, and the address of a webhook is its secret.

mod daily;

use std::{env, io, panic, sync::Mutex};

use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer, filter::Targets, fmt, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt};

use crate::{file, paths::Place, settings::LogLevel};
use daily::Daily;

/// Overrides the level of the settings.
pub const VARIABLE: &str = "B24STATUS_LOG";

/// Who is there to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The app: files, and warnings on standard error too.
    App,
    /// One command: its own sentences say it all, unless the variable asks for more.
    Command,
}

/// Once, at the start. That the files cannot be written is said on standard error, and no reason to stop.
pub fn start(place: &Place, level: LogLevel, audience: Audience) {
    let asked = env::var(VARIABLE).ok().and_then(|word| LogLevel::from_word(&word));
    let own = tracing_level(asked.unwrap_or(level));
    let (file, stderr) = match audience {
        Audience::App => (to_files(place), Some(asked.map_or(Level::WARN, tracing_level))),
        Audience::Command => (Ok(None), asked.map(tracing_level)),
    };
    let (file, failure) = file.map_or_else(|error| (None, Some(error)), |file| (file, None));
    let file = file.map(|file| layer(file, own));
    let stderr = stderr.map(|level| layer(io::stderr, level));
    // A second start, as in tests, keeps the first.
    let _ = tracing_subscriber::registry().with(file).with(stderr).try_init();
    if let Some(error) = failure {
        tracing::warn!(%error, "no log files can be written: the log goes to standard error only");
    }
    log_panics();
}

fn to_files(place: &Place) -> io::Result<Option<Mutex<Daily>>> {
    let Place::Disk(paths) = place else { return Ok(None) };
    file::create_directory(paths.log())?;
    Daily::open(paths.log()).map(|daily| Some(Mutex::new(daily)))
}

fn layer<S, W>(writer: W, own: Level) -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> fmt::MakeWriter<'writer> + 'static,
{
    let levels = Targets::new().with_default(Level::WARN).with_target("b24status", own);
    fmt::layer().with_ansi(false).with_writer(writer).with_filter(levels)
}

/// Where it happened, and the message only where it is a text of the source: one that was put together at run time may hold anything.
fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(the message is left out)");
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!("stopped by a fault at {place}: {message}");
    }));
}

const fn tracing_level(level: LogLevel) -> Level {
    match level {
        LogLevel::Info => Level::INFO,
        LogLevel::Debug => Level::DEBUG,
    }
}
