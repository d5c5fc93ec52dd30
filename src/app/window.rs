//! The window that is open, as the app knows it: on which connection it watches, and what it was shown last. Nothing is computed without one.

use tokio::sync::oneshot;

use crate::control::{
    Connection, Response,
    window::{Overview, Page, Summons, Told},
};

#[derive(Default)]
pub(super) struct Window {
    open: Option<Open>,
    /// Whoever has seen it waits for the next one.
    shown: Option<Overview>,
    /// Grows with each overview.
    revision: u64,
    summons: Summons,
}

struct Open {
    connection: Connection,
    answer: Option<oneshot::Sender<Response>>,
}

impl Window {
    /// Whoever watches first is the window. A second one is sent away, and the first one comes forward.
    pub(super) fn watch(&mut self, connection: Connection, seen: Option<u64>, answer: oneshot::Sender<Response>) {
        if self.open.as_ref().is_some_and(|open| !open.connection.is(&connection) && !open.connection.has_ended()) {
            self.summon(Page::Home, None);
            return tell(answer, Told::OtherWindow);
        }
        self.shown.take_if(|shown| seen != Some(shown.revision));
        self.open = Some(Open { connection, answer: Some(answer) });
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.connection.has_ended())
    }

    /// Until the window that is open has closed, or its process ended. May be dropped at any point.
    pub(super) async fn closed(&mut self) {
        match &mut self.open {
            Some(open) => open.connection.ended().await,
            None => std::future::pending().await,
        }
    }

    pub(super) fn forget(&mut self) {
        self.open = None;
    }

    /// For the window that is open, or for the one that opens next.
    pub(super) fn summon(&mut self, page: Page, activation_token: Option<String>) {
        self.summons = Summons { count: self.summons.count + 1, page, activation_token };
    }

    /// Tells a window that waits for it what is new.
    pub(super) fn show(&mut self, overview: impl FnOnce(u64, Summons) -> Overview) {
        let Some(Open { answer: waits @ Some(_), .. }) = &mut self.open else { return };
        let mut overview = overview(self.revision, self.summons.clone());
        if self.shown.as_ref() == Some(&overview) {
            return;
        }
        self.revision += 1;
        overview.revision = self.revision;
        self.shown = Some(overview.clone());
        if let Some(answer) = waits.take() {
            tell(answer, Told::Overview(Box::new(overview)));
        }
    }
}

/// Who asked may have hung up meanwhile.
pub(super) fn tell(answer: oneshot::Sender<Response>, told: Told) {
    let _ = answer.send(Response::Window(told));
}
