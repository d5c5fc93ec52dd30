//! The local application that an administrator made on the portal: its `client_id` and its `client_secret`, as somebody copied them.

use std::{error, fmt};

use secrecy::{ExposeSecret, SecretString};

use crate::text::Texts;

/// Both could be what they should be. Whether the portal knows them, only a sign-in can tell.
#[derive(Clone)]
pub struct Application {
    id: String,
    secret: SecretString,
}

/// Longer is no id and no secret, and would not fit into every keyring.
const LONGEST: usize = 128;

impl Application {
    /// `id` looks like `local.65f1a2b3c4d5e6.12345678`; blanks and quotes around either are not part of it.
    pub fn new(id: &str, secret: &str) -> Result<Self, ApplicationError> {
        let (id, secret) = (bare(id), bare(secret));
        if id.is_empty() {
            return Err(ApplicationError::NoId);
        }
        if !is_word(id) || !id.contains('.') {
            return Err(ApplicationError::OddId);
        }
        if secret.is_empty() {
            return Err(ApplicationError::NoSecret);
        }
        if secret == id || secret.starts_with("local.") {
            return Err(ApplicationError::IdAsSecret);
        }
        if !is_word(secret) {
            return Err(ApplicationError::OddSecret);
        }
        Ok(Self { id: id.to_owned(), secret: secret.into() })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Application").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why the two cannot be those of a local application. Holds nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationError {
    NoId,
    OddId,
    NoSecret,
    OddSecret,
    /// The id was pasted twice.
    IdAsSecret,
}

impl ApplicationError {
    pub const ALL: [Self; 5] = [Self::NoId, Self::OddId, Self::NoSecret, Self::OddSecret, Self::IdAsSecret];

    /// One or two sentences with the remedy.
    pub fn say(self, texts: &Texts) -> String {
        texts.say(match self {
            Self::NoId => "application-no-id",
            Self::OddId => "application-odd-id",
            Self::NoSecret => "application-no-secret",
            Self::OddSecret => "application-odd-secret",
            Self::IdAsSecret => "application-id-as-secret",
        })
    }
}

impl fmt::Display for ApplicationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not the id and the secret of a local application")
    }
}

impl error::Error for ApplicationError {}

fn bare(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control() || "\"'`«»“”,;\u{200b}\u{feff}".contains(letter))
}

fn is_word(text: &str) -> bool {
    text.len() <= LONGEST && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    const ID: &str = "local.65f1a2b3c4d5e6.12345678";
    const SECRET: &str = "pTa1BcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefghijk";

    #[test]
    fn blanks_and_quotes_around_what_was_copied_are_not_part_of_it() {
        let application = Application::new(&format!(" \"{ID}\"\r\n"), &format!("\t{SECRET} \u{200b}")).unwrap();
        assert_eq!((application.id(), application.secret()), (ID, SECRET));
        assert!(!format!("{application:?}").contains(SECRET));
    }

    #[test]
    fn each_wrong_pair_has_its_own_reason() {
        use ApplicationError::*;
        let long = "a".repeat(129);
        for (id, secret, reason) in [
            ("", SECRET, NoId),
            (" \"\" ", SECRET, NoId),
            ("my application", SECRET, OddId),
            ("https://acme.bitrix24.com/", SECRET, OddId),
            ("12345678", SECRET, OddId),
            (long.as_str(), SECRET, OddId),
            (ID, "", NoSecret),
            (ID, "two words", OddSecret),
            (ID, "•••••••", OddSecret),
            (ID, long.as_str(), OddSecret),
            (ID, ID, IdAsSecret),
            (ID, "local.00000000000000.00000000", IdAsSecret),
        ] {
            assert_eq!(Application::new(id, secret).err(), Some(reason), "{id} {secret}");
        }
    }

    #[test]
    fn each_reason_has_its_sentence_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let mut sentences: Vec<String> = ApplicationError::ALL.iter().map(|reason| reason.say(&texts)).collect();
            assert!(sentences.iter().all(|sentence| !sentence.starts_with("application-") && sentence.ends_with('.')), "{sentences:?}");
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), ApplicationError::ALL.len());
        }
    }
}
