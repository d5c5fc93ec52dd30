//! The four statuses, their wire words, and what a portal can hold besides them.

/// A status that a person can choose: what `im.user.status.set` takes.
///
/// <https://apidocs.bitrix24.com/api-reference/chats/users/im-user-status-set.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Online,
    Dnd,
    Away,
    Break,
}

impl Status {
    pub const ALL: [Self; 4] = [Self::Online, Self::Dnd, Self::Away, Self::Break];

    /// The word on the wire, on the command line and in every file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Dnd => "dnd",
            Self::Away => "away",
            Self::Break => "break",
        }
    }

    /// The inverse of [`Status::word`]; `None` for every other word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// What a portal says that it holds: the answer of `im.user.status.get`.
///
/// <https://apidocs.bitrix24.com/api-reference/chats/users/im-user-status-get.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    Status(Status),
    /// No status was ever set (`false`, `null` or an empty text): Bitrix24 shows the person as online.
    NeverSet,
    /// A word that this version does not know. It is shown as it is and never overwritten by itself.
    Unfamiliar(String),
}

impl Held {
    /// The status that people see for this, if it is one we know.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Status(status) => Some(*status),
            Self::NeverSet => Some(Status::Online),
            Self::Unfamiliar(_) => None,
        }
    }
}
