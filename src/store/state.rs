//! The state file: the choice, and what is remembered of each account. Written whole, and on the disk when `save` returns.

use std::{io, path::PathBuf};

use crate::{file, paths::Place, presence::State, store::wire::StateDocument};

#[derive(Debug, Clone)]
pub struct StateFile {
    path: Option<PathBuf>,
}

#[derive(Debug)]
pub enum LoadedState {
    Read(State),
    /// It could not be understood and is kept under this name; the app starts with an empty state.
    KeptAside(PathBuf),
    /// It cannot be read, and stays as it is.
    Unreadable(io::Error),
}

impl LoadedState {
    /// The state to go on with.
    pub fn state(self) -> State {
        match self {
            Self::Read(state) => state,
            Self::KeptAside(_) | Self::Unreadable(_) => State::default(),
        }
    }
}

impl StateFile {
    pub fn new(place: &Place) -> Self {
        let path = match place {
            Place::Disk(paths) => Some(paths.state()),
            Place::Memory => None,
        };
        Self { path }
    }

    pub fn load(&self) -> LoadedState {
        let Some(path) = &self.path else { return LoadedState::Read(State::default()) };
        let text = match file::read(path) {
            Ok(None) => return LoadedState::Read(State::default()),
            Ok(Some(text)) => text,
            // Not text at all: treated as text that cannot be understood.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => String::new(),
            Err(error) => return LoadedState::Unreadable(error),
        };
        match serde_json::from_str::<StateDocument>(&text) {
            Ok(document) => LoadedState::Read(document.into()),
            Err(error) => {
                tracing::warn!(line = error.line(), "the state file cannot be understood: it is kept aside, and a new one is begun");
                file::set_aside(path).map_or_else(LoadedState::Unreadable, LoadedState::KeptAside)
            }
        }
    }

    /// On `Ok` the state survives a power cut.
    pub fn save(&self, state: &State) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let text = serde_json::to_string_pretty(&StateDocument::from(state))?;
        file::replace(path, &(text + "\n"))
    }
}
