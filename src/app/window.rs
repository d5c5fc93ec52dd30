//! The window that is open, as the app knows it: on which connection it watches, and what it was shown last. Nothing is computed without one.

use std::path::{Path, PathBuf};

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
    /// Where it finds us; `None` where nobody does.
    directory: Option<PathBuf>,
    process: Process,
    /// The last summons of which a window knows.
    told: u64,
}

/// Whether a window's process got as far as asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CameUp {
    Before,
    Never,
}

/// Of the window that we started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Process {
    #[default]
    None,
    Starting,
    /// It has asked for something.
    Up,
}

struct Open {
    connection: Connection,
    answer: Option<oneshot::Sender<Response>>,
}

impl Window {
    pub(super) fn new(directory: Option<PathBuf>) -> Self {
        Self { directory, ..Self::default() }
    }

    pub(super) fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Whoever watches first is the window. A second one is sent away, and the first one comes forward.
    pub(super) fn watch(&mut self, connection: Connection, seen: Option<u64>, answer: oneshot::Sender<Response>) {
        if self.other_than(&connection).is_some() {
            self.summon(Page::Home, None);
            return tell(answer, Told::OtherWindow);
        }
        if self.process == Process::Starting {
            self.process = Process::Up;
        }
        self.shown.take_if(|shown| seen != Some(shown.revision));
        self.open = Some(Open { connection, answer: Some(answer) });
    }

    /// The connection of a window that is open, if it is not this one.
    pub(super) fn other_than(&self, connection: &Connection) -> Option<Connection> {
        let open = self.open.as_ref().map(|open| &open.connection);
        open.filter(|open| !open.is(connection) && !open.has_ended()).cloned()
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.connection.has_ended())
    }

    /// It is open, or will be in a moment.
    pub(super) fn is_expected(&self) -> bool {
        self.is_open() || self.process != Process::None
    }

    pub(super) fn started(&mut self) {
        self.process = Process::Starting;
    }

    /// The process that we started is gone; says whether it ever asked for anything.
    pub(super) fn ended(&mut self) -> CameUp {
        match std::mem::take(&mut self.process) {
            Process::Starting => CameUp::Never,
            Process::None | Process::Up => CameUp::Before,
        }
    }

    /// What the person asked for last, and whether a window has learned of it.
    pub(super) fn page(&self) -> Page {
        self.summons.page
    }

    pub(super) fn is_asked_for(&self) -> bool {
        self.told != self.summons.count
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
        self.told = self.summons.count;
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
