//! The signals of Unix that ask the app to end. The kernel's own word, whatever the desktop says.

use tokio::signal::unix::{SignalKind, signal};

/// SIGTERM is what a session sends at log-out, SIGHUP what a closed terminal sends, SIGINT what Ctrl+C sends. Until the first of them
/// came; for ever if they cannot be received.
pub(super) async fn asked_to_end() {
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = kinds.map(signal) else {
        tracing::warn!("signals cannot be received: the app ends at once when asked to, without tidying up");
        return std::future::pending().await;
    };
    let told = tokio::select! {
        told = terminate.recv() => told,
        told = interrupt.recv() => told,
        told = hangup.recv() => told,
    };
    if told.is_none() {
        std::future::pending().await
    }
}
