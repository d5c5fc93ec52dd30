//! Why somebody is not signed in yet, and what to do about it.

use crate::{
    keyring::KeyringError,
    portal::{AddressError, ApplicationError, RedirectError, TrustError},
    presence::Failure,
    settings::SaveError,
    text::Texts,
};

#[derive(Debug)]
pub enum Problem {
    Address(AddressError),
    Application(ApplicationError),
    Trust(TrustError),
    Portal(Failure),
    /// The loopback port belongs to another program, or may not be opened. What the browser shows can be pasted.
    NotListening {
        port: u16,
    },
    /// Nobody came back from the browser in time.
    TimedOut,
    Redirect(RedirectError),
    /// The portal names an authorization server that nobody knows. Nothing was sent there: begin again, with the person's word for this host.
    UnknownServer {
        host: String,
    },
    /// The server takes the code no more: too old, or used.
    CodeRefused,
    /// The system has no random numbers.
    NoRandomness,
    Keyring(KeyringError),
    Settings(SaveError),
}

/// What kind of remedy there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// What was given is wrong.
    Input,
    /// The portal, or its administrator, has to let us in.
    Refused,
    /// It may go by itself later.
    Unreachable,
    Keyring,
    /// Something on this machine.
    Here,
}

impl Problem {
    /// For a person: what is wrong and what to do.
    pub fn say(&self, texts: &Texts) -> String {
        match self {
            Self::Address(error) => error.say(texts),
            Self::Application(error) => error.say(texts),
            Self::Trust(error) => error.say(texts),
            Self::Portal(failure) => texts.failure(failure),
            Self::NotListening { port } => texts.say_with("sign-in-not-listening", &[("port", port.to_string().into())]),
            Self::TimedOut => texts.say("sign-in-timed-out"),
            Self::Redirect(error) => error.say(texts),
            Self::UnknownServer { host } => texts.say_with("sign-in-unknown-server", &[("host", host.as_str().into())]),
            Self::CodeRefused => texts.say("sign-in-code-refused"),
            Self::NoRandomness => texts.say("sign-in-no-randomness"),
            Self::Keyring(error) => error.sentence(texts),
            Self::Settings(error) => error.sentence(texts),
        }
    }

    /// Whether the answer may still come: what was pasted was not it.
    pub fn is_a_slip(&self) -> bool {
        matches!(self, Self::Redirect(error) if error.leaves_it_open())
    }

    pub fn sort(&self) -> Sort {
        match self {
            Self::Address(_) | Self::Application(_) | Self::Trust(_) => Sort::Input,
            Self::Redirect(error) => match error {
                RedirectError::Refused { .. } => Sort::Refused,
                RedirectError::Empty
                | RedirectError::WrongState
                | RedirectError::NoCode
                | RedirectError::OtherPortal { .. }
                | RedirectError::NotUnderstood => Sort::Input,
            },
            Self::Portal(Failure::Later(_)) => Sort::Unreachable,
            Self::Portal(Failure::Ask(_) | Failure::GiveUp(_)) | Self::CodeRefused | Self::UnknownServer { .. } => Sort::Refused,
            Self::Keyring(_) => Sort::Keyring,
            Self::NotListening { .. } | Self::TimedOut | Self::NoRandomness | Self::Settings(_) => Sort::Here,
        }
    }
}
