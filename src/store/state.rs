//! The state file: the choice, and what is remembered of each account. Written whole, and on the disk when `save` returns.

use std::{io, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    file,
    paths::Place,
    presence::{AccountId, Choice, End, Remembered, State, Status, Wanted},
    words::{Instant, StatusWord, held_from_word, held_word},
};

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

#[derive(Debug, Serialize, Deserialize)]
struct StateDocument {
    version: u32,
    choice: ChoiceDocument,
    #[serde(default)]
    accounts: Vec<AccountDocument>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ChoiceDocument {
    /// `null`: nothing was chosen yet.
    status: Option<ChoiceWord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<EndDocument>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChoiceWord {
    Online,
    Dnd,
    Away,
    Break,
    AsItIs,
}

#[derive(Debug, Serialize, Deserialize)]
struct EndDocument {
    at: Instant,
    then: StatusWord,
}

#[derive(Debug, Serialize, Deserialize)]
struct AccountDocument {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmed: Option<HeldDocument>,
    #[serde(default)]
    marked: bool,
}

/// `{"status": null}` is a portal where no status was ever set.
#[derive(Debug, Serialize, Deserialize)]
struct HeldDocument {
    status: Option<String>,
}

impl From<&State> for StateDocument {
    fn from(state: &State) -> Self {
        let accounts = state.accounts.iter().map(|(id, remembered)| AccountDocument {
            id: id.to_string(),
            confirmed: remembered.confirmed.as_ref().map(|held| HeldDocument { status: held_word(held) }),
            marked: remembered.marked,
        });
        Self { version: 1, choice: (&state.choice).into(), accounts: accounts.collect() }
    }
}

impl From<StateDocument> for State {
    fn from(document: StateDocument) -> Self {
        let accounts = document.accounts.into_iter().map(|account| {
            let confirmed = account.confirmed.map(|held| held_from_word(held.status));
            (AccountId::new(&account.id), Remembered { confirmed, marked: account.marked })
        });
        Self { choice: document.choice.into(), accounts: accounts.collect() }
    }
}

impl From<&Choice> for ChoiceDocument {
    fn from(choice: &Choice) -> Self {
        let status = match choice.wanted {
            Wanted::Nothing => None,
            Wanted::AsItIs => Some(ChoiceWord::AsItIs),
            Wanted::Status(Status::Online) => Some(ChoiceWord::Online),
            Wanted::Status(Status::Dnd) => Some(ChoiceWord::Dnd),
            Wanted::Status(Status::Away) => Some(ChoiceWord::Away),
            Wanted::Status(Status::Break) => Some(ChoiceWord::Break),
        };
        let end = choice.end.and_then(|end| Some(EndDocument { at: end.at.try_into().ok()?, then: StatusWord(end.then) }));
        Self { status, end }
    }
}

impl From<ChoiceDocument> for Choice {
    fn from(document: ChoiceDocument) -> Self {
        let wanted = match document.status {
            None => Wanted::Nothing,
            Some(ChoiceWord::AsItIs) => Wanted::AsItIs,
            Some(ChoiceWord::Online) => Wanted::Status(Status::Online),
            Some(ChoiceWord::Dnd) => Wanted::Status(Status::Dnd),
            Some(ChoiceWord::Away) => Wanted::Status(Status::Away),
            Some(ChoiceWord::Break) => Wanted::Status(Status::Break),
        };
        Self { wanted, end: document.end.map(|end| End { at: end.at.into(), then: end.then.0 }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{presence::Held, words::tests::moment};

    #[test]
    fn every_state_comes_back_from_its_document() {
        let wanted = Status::ALL.map(Wanted::Status).into_iter().chain([Wanted::Nothing, Wanted::AsItIs]);
        for wanted in wanted {
            let state = State {
                choice: Choice { wanted, end: Some(End { at: moment(60), then: Status::Break }) },
                accounts: vec![
                    (AccountId::new("1@a"), Remembered { confirmed: None, marked: true }),
                    (AccountId::new("2@b"), Remembered { confirmed: Some(Held::NeverSet), marked: false }),
                    (AccountId::new("3@c"), Remembered { confirmed: Some(Held::Unfamiliar("lunch".into())), marked: false }),
                    (AccountId::new("4@d"), Remembered { confirmed: Some(Held::Status(Status::Away)), marked: false }),
                ],
            };
            let text = serde_json::to_string(&StateDocument::from(&state)).unwrap();
            assert_eq!(State::from(serde_json::from_str::<StateDocument>(&text).unwrap()), state, "{text}");
        }
    }
}
