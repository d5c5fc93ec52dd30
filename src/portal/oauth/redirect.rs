//! What the browser brings back, heard or pasted: a code, and which server exchanges it. Secret for the half minute that it lives.

use std::{error, fmt};

use reqwest::Url;
use secrecy::SecretString;

use super::{Site, State};
use crate::text::Texts;

/// The answer of the portal to our question.
pub struct Redirect {
    pub(super) code: SecretString,
    /// `server_domain`; a bare code has none.
    pub(super) server: Option<String>,
}

/// Longer is no address that a portal makes.
const LONGEST: usize = 8 * 1024;

impl Redirect {
    /// What stands behind the question mark of the address that was heard.
    pub fn heard(query: &str, state: &State, site: &Site) -> Result<Self, RedirectError> {
        Self::of_fields(&Fields::of(query), state, site)
    }

    /// The bare code, or the whole address, with what mail and chats put around and into it. No address has blanks, so those within go too.
    ///
    /// A bare code says nothing of the question that it answers; who pastes it has just seen the page of the portal.
    pub fn pasted(text: &str, state: &State, site: &Site) -> Result<Self, RedirectError> {
        let hidden = |letter: char| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        };
        // A code may be broken by the end of a line; a sentence has blanks.
        let is_one_word = text.lines().all(|line| line.split_whitespace().count() <= 1);
        let text: String = text.chars().filter(|letter| !hidden(*letter)).take(LONGEST + 1).collect();
        let text = text.trim_matches(|letter: char| "\"'`<>()[]{}«»„“”‘’,;.".contains(letter));
        if text.is_empty() {
            return Err(RedirectError::Empty);
        }
        if text.len() > LONGEST {
            return Err(RedirectError::NotUnderstood);
        }
        match text.split_once('?') {
            Some((_, query)) => Self::heard(query.split('#').next().unwrap_or_default(), state, site),
            None if text.contains("code=") => Self::heard(text, state, site),
            None if text.contains("://") => Err(RedirectError::NoCode),
            None if is_code(text) && is_one_word => Ok(Self { code: text.into(), server: None }),
            None => Err(RedirectError::NotUnderstood),
        }
    }

    fn of_fields(fields: &Fields, state: &State, site: &Site) -> Result<Self, RedirectError> {
        let value = |key: &str| fields.value(key).filter(|value| !value.is_empty());
        if value("code").is_none() && value("error").is_none() {
            return Err(RedirectError::NoCode);
        }
        // Whatever else is wrong with it: what does not know the state is no answer to us.
        if !fields.value("state").is_some_and(|found| state.is(found)) {
            return Err(RedirectError::WrongState);
        }
        if let Some(error) = value("error") {
            return Err(RedirectError::Refused { code: printable(error) });
        }
        if let Some(domain) = value("domain").filter(|domain| !site.is_at(domain)) {
            return Err(RedirectError::OtherPortal { domain: printable(domain) });
        }
        let code = value("code").filter(|code| is_code(code)).ok_or(RedirectError::NotUnderstood)?;
        Ok(Self { code: code.into(), server: value("server_domain").map(str::to_owned) })
    }
}

impl Redirect {
    /// The authorization server, as the portal named it.
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Redirect").field("server", &self.server).finish_non_exhaustive()
    }
}

/// Why it is no answer that helps. Holds no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectError {
    Empty,
    /// Of another sign-in, or of somebody else's making.
    WrongState,
    NoCode,
    OtherPortal {
        domain: String,
    },
    /// The portal said no, in its own word.
    Refused {
        code: String,
    },
    NotUnderstood,
}

impl RedirectError {
    /// One or two sentences with the remedy.
    pub fn say(&self, texts: &Texts) -> String {
        match self {
            Self::Empty => texts.say("redirect-empty"),
            Self::WrongState => texts.say("redirect-wrong-state"),
            Self::NoCode => texts.say("redirect-no-code"),
            Self::OtherPortal { domain } => texts.say_with("redirect-other-portal", &[("domain", domain.as_str().into())]),
            Self::Refused { code } => texts.say_with("redirect-refused", &[("code", code.as_str().into())]),
            Self::NotUnderstood => texts.say("redirect-not-understood"),
        }
    }

    /// Whether another text may still be the answer: the sign-in goes on.
    pub fn leaves_it_open(&self) -> bool {
        match self {
            Self::Empty | Self::WrongState | Self::NoCode | Self::NotUnderstood => true,
            Self::OtherPortal { .. } | Self::Refused { .. } => false,
        }
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not the answer to this sign-in")
    }
}

impl error::Error for RedirectError {}

/// The first value of each key counts.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn of(query: &str) -> Self {
        let address = Url::parse(&format!("http://127.0.0.1/?{query}")).ok();
        Self(address.map(|address| address.query_pairs().into_owned().collect()).unwrap_or_default())
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

fn is_code(text: &str) -> bool {
    (16..=512).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-~".contains(letter))
}

fn printable(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "._-:".contains(*letter)).take(64).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    use super::*;
    use crate::text::Language;

    const CODE: &str = "8f3a1c5d00657b8c005d2e1a00000007f0f1079a";

    #[test]
    fn whatever_is_pasted_of_the_answer_it_is_the_same_code() {
        let (state, site) = question();
        let query = query(&state);
        let whole = format!("http://127.0.0.1:24824/?{query}");
        let wrapped = whole.replace("&state", "\r\n  &state");
        for pasted in [
            CODE.to_owned(),
            format!(" \"{CODE}\"\r\n"),
            format!("«{CODE}»."),
            format!("{}\n {}", &CODE[..20], &CODE[20..]),
            format!("code={CODE}&state={}", state.text()),
            format!("?{query}"),
            whole.clone(),
            format!("<{whole}>"),
            format!("  {whole}#top \n"),
            format!("https://some.handler.example/deep/page.php?{query}"),
            wrapped,
            format!("http://127.0.0.1:24824/?{}", query.split('&').rev().collect::<Vec<_>>().join("&")),
        ] {
            let redirect = Redirect::pasted(&pasted, &state, &site).unwrap_or_else(|error| panic!("{pasted}: {error:?}"));
            assert_eq!(redirect.code.expose_secret(), CODE, "{pasted}");
            assert!(!format!("{redirect:?}").contains(CODE));
        }
    }

    #[test]
    fn the_server_is_the_one_that_the_portal_named() {
        let (state, site) = question();
        assert_eq!(Redirect::heard(&query(&state), &state, &site).unwrap().server.as_deref(), Some("oauth.bitrix.info"));
        assert_eq!(Redirect::pasted(CODE, &state, &site).unwrap().server, None);
    }

    #[test]
    fn each_answer_that_is_none_has_its_own_reason() {
        let (state, site) = question();
        let right = state.text();
        let refused = RedirectError::Refused { code: "access_denied".to_owned() };
        for (query, reason) in [
            (String::new(), RedirectError::NoCode),
            (format!("state={right}"), RedirectError::NoCode),
            (format!("code=&state={right}"), RedirectError::NoCode),
            (format!("code={CODE}"), RedirectError::WrongState),
            (format!("code={CODE}&state="), RedirectError::WrongState),
            (format!("code={CODE}&state={right}0"), RedirectError::WrongState),
            (format!("code={CODE}&state=x&state={right}"), RedirectError::WrongState),
            (format!("error=access_denied&state={right}"), refused),
            ("error=access_denied".to_owned(), RedirectError::WrongState),
            (
                format!("code={CODE}&state={right}&domain=umbrella.bitrix24.com"),
                RedirectError::OtherPortal { domain: "umbrella.bitrix24.com".to_owned() },
            ),
            (format!("code={CODE}%0a%0dX-Y:&state={right}"), RedirectError::NotUnderstood),
            (format!("code={}&state={right}", "a".repeat(600)), RedirectError::NotUnderstood),
        ] {
            assert_eq!(Redirect::heard(&query, &state, &site).map(drop), Err(reason), "{query}");
        }
        for (pasted, reason) in [
            ("", RedirectError::Empty),
            (" \r\n\u{200b}", RedirectError::Empty),
            ("abc", RedirectError::NotUnderstood),
            ("there is no code in my browser", RedirectError::NotUnderstood),
            ("код из браузера", RedirectError::NotUnderstood),
            ("https://acme.bitrix24.com/oauth/authorize/", RedirectError::NoCode),
            ("https://acme.bitrix24.com/oauth/authorize/?client_id=local.1.2&state=3", RedirectError::NoCode),
        ] {
            assert_eq!(Redirect::pasted(pasted, &state, &site).map(drop), Err(reason), "{pasted}");
        }
    }

    #[test]
    fn each_reason_has_its_sentence_in_every_language() {
        let reasons = [
            RedirectError::Empty,
            RedirectError::WrongState,
            RedirectError::NoCode,
            RedirectError::OtherPortal { domain: "umbrella.bitrix24.com".to_owned() },
            RedirectError::Refused { code: "access_denied".to_owned() },
            RedirectError::NotUnderstood,
        ];
        for language in Language::ALL {
            let texts = Texts::new(language);
            let mut sentences: Vec<String> = reasons.iter().map(|reason| reason.say(&texts)).collect();
            assert!(sentences.iter().all(|sentence| !sentence.starts_with("redirect-") && sentence.ends_with('.')), "{sentences:?}");
            assert!(sentences[3].contains("umbrella.bitrix24.com") && sentences[4].contains("access_denied"), "{sentences:?}");
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), reasons.len());
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_stumble(text in any::<String>()) {
            let (state, site) = question();
            let _ = (Redirect::pasted(&text, &state, &site).is_ok(), Redirect::heard(&text, &state, &site).is_ok());
        }
    }

    fn question() -> (State, Site) {
        (State::new().unwrap(), Site::parse("acme.bitrix24.com").unwrap())
    }

    fn query(state: &State) -> String {
        format!(
            "code={CODE}&state={}&domain=acme.bitrix24.com&member_id=a223c6b3710f85df22e9377d6c4f7553&scope=im%2Cuser_brief&server_domain=oauth.bitrix.info",
            state.text()
        )
    }
}
