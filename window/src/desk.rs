//! What every page has at hand: the window, the words, the way to the app, and what the app told last.

use std::{cell::RefCell, future::Future, rc::Rc};

use b24status::{
    control::window::{self, Change, Fault, Overview, Told, Wanted},
    paths::{NoHome, Paths},
};
use slint::{ComponentHandle, Weak};

use crate::{
    pages::MainWindow,
    speech::Speech,
    talk::{Talk, Trouble},
};

/// Lives on the main thread.
pub(crate) struct Desk {
    window: Weak<MainWindow>,
    pub(crate) speech: Speech,
    pub(crate) talk: Talk,
    overview: RefCell<Option<Rc<Overview>>>,
}

#[derive(Debug)]
pub(crate) enum DeskError {
    NoHome,
    Thread(std::io::Error),
}

impl Desk {
    pub(crate) fn new(window: &MainWindow) -> Result<Rc<Self>, DeskError> {
        let paths = window::paths(std::env::args_os(), Paths::of_system().map_err(|NoHome| DeskError::NoHome)?);
        let talk = Talk::begin(paths).map_err(DeskError::Thread)?;
        Ok(Rc::new(Self { window: window.as_weak(), speech: Speech::of_system(), talk, overview: RefCell::default() }))
    }

    /// Does something with the window, as long as there is one.
    pub(crate) fn with<T: Default>(&self, look: impl FnOnce(&MainWindow) -> T) -> T {
        self.window.upgrade().map_or_else(T::default, |window| look(&window))
    }

    /// What the app told last.
    pub(crate) fn overview(&self) -> Option<Rc<Overview>> {
        self.overview.borrow().clone()
    }

    pub(crate) fn keep(&self, overview: Rc<Overview>) {
        *self.overview.borrow_mut() = Some(overview);
    }

    /// Runs on the main thread, between its events.
    pub(crate) fn begin(self: &Rc<Self>, task: impl Future<Output = ()> + 'static) {
        // It fails only where the loop has ended, and then there is nobody to do it for.
        let _ = slint::spawn_local(task);
    }

    /// Asks the app; whatever is no answer is a fault with a sentence.
    pub(crate) async fn ask(&self, wanted: Wanted) -> Result<Told, Fault> {
        match self.talk.wanted(wanted).await {
            Ok(Told::Fault(fault)) => Err(fault),
            Ok(told) => Ok(told),
            Err(trouble) => Err(self.fault(&trouble)),
        }
    }

    pub(crate) async fn change(&self, change: Change) -> Result<(), Fault> {
        self.ask(Wanted::Change(change)).await.map(|_done| ())
    }

    pub(crate) fn fault(&self, trouble: &Trouble) -> Fault {
        Fault { sentence: self.speech.trouble(trouble), remedy: None }
    }
}

impl std::fmt::Display for DeskError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoHome => formatter.write_str("there is no home directory: set HOME"),
            Self::Thread(error) => write!(formatter, "no thread could be started: {error}"),
        }
    }
}

impl std::error::Error for DeskError {}
