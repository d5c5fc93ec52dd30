//! The words that a person types into the demo. No input is read here.

use super::trouble::Trouble;
use crate::{presence::Status, text::Texts};

/// What a line on the standard input asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As if chosen in the menu.
    Choose(Status),
    /// As if nobody had touched the keyboard for the time in the settings.
    Idle,
    /// As if somebody touched the keyboard again.
    Back,
    /// As if the session was locked.
    Lock,
    Unlock,
    /// As if the status was changed in the web or on the phone.
    Elsewhere(Status),
    /// Something goes wrong with the portal from now on.
    Fault(Trouble),
    /// Nothing goes wrong any more.
    Heal,
    /// An administrator makes an application, with which one can sign in through a browser.
    Register,
    Help,
    Quit,
}

/// A line that is no order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAnOrder {
    Unknown {
        word: String,
    },
    /// `elsewhere` without one of the four statuses.
    WhichStatus,
    /// `fault` without a kind that exists.
    WhichFault,
}

impl Order {
    /// `None` for an empty line. Letters count in either case, surplus blanks do not count.
    pub fn parse(line: &str) -> Result<Option<Self>, NotAnOrder> {
        let line = line.to_lowercase();
        let words: Vec<&str> = line.split_whitespace().collect();
        let order = match words.as_slice() {
            [] => return Ok(None),
            ["idle"] => Self::Idle,
            ["back"] => Self::Back,
            ["lock"] => Self::Lock,
            ["unlock"] => Self::Unlock,
            ["elsewhere", status] => Self::Elsewhere(Status::from_word(status).ok_or(NotAnOrder::WhichStatus)?),
            ["elsewhere", ..] => return Err(NotAnOrder::WhichStatus),
            ["fault", kind] => Self::Fault(Trouble::from_word(kind).ok_or(NotAnOrder::WhichFault)?),
            ["fault", ..] => return Err(NotAnOrder::WhichFault),
            ["heal"] => Self::Heal,
            ["oauth"] => Self::Register,
            ["help" | "?"] => Self::Help,
            ["quit" | "exit"] => Self::Quit,
            [word] if let Some(status) = Status::from_word(word) => Self::Choose(status),
            [..] => return Err(NotAnOrder::Unknown { word: words.join(" ") }),
        };
        Ok(Some(order))
    }

    /// What the order does, said back to the person who gave it.
    pub fn told(self, texts: &Texts) -> String {
        match self {
            Self::Choose(status) => texts.say_with("demo-told-choose", &[("status", status.word().into())]),
            Self::Idle => texts.say("demo-told-idle"),
            Self::Back => texts.say("demo-told-back"),
            Self::Lock => texts.say("demo-told-lock"),
            Self::Unlock => texts.say("demo-told-unlock"),
            Self::Elsewhere(status) => texts.say_with("demo-told-elsewhere", &[("status", status.word().into())]),
            Self::Fault(trouble) => texts.say_with("demo-told-fault", &[("fault", explained(trouble, texts).into())]),
            Self::Heal => texts.say("demo-told-heal"),
            Self::Register => texts.say("demo-told-oauth"),
            Self::Help => help(texts),
            Self::Quit => texts.say("demo-told-quit"),
        }
    }
}

impl NotAnOrder {
    /// What is wrong with the line, and what could be typed.
    pub fn told(&self, texts: &Texts) -> String {
        match self {
            Self::Unknown { word } => {
                texts.say_with("demo-unknown-word", &[("word", super::report::printable(word).into()), ("words", WORDS.join(", ").into())])
            }
            Self::WhichStatus => texts.say_with("demo-which-status", &[("words", Status::ALL.map(Status::word).join(", ").into())]),
            Self::WhichFault => texts.say_with("demo-which-fault", &[("words", Trouble::ALL.map(Trouble::word).join(", ").into())]),
        }
    }
}

/// Every first word, in the order of the help.
const WORDS: [&str; 14] =
    ["online", "dnd", "away", "break", "idle", "back", "lock", "unlock", "elsewhere", "fault", "heal", "oauth", "help", "quit"];

/// Everything that can be typed, a line each.
fn help(texts: &Texts) -> String {
    let mut lines: Vec<String> = [
        ("online, dnd, away, break", "demo-help-choose"),
        ("idle", "demo-help-idle"),
        ("back", "demo-help-back"),
        ("lock", "demo-help-lock"),
        ("unlock", "demo-help-unlock"),
        ("elsewhere dnd", "demo-help-elsewhere"),
        ("heal", "demo-help-heal"),
        ("oauth", "demo-help-oauth"),
        ("help", "demo-help-help"),
        ("quit", "demo-help-quit"),
    ]
    .map(|(words, key)| row(words, &texts.say(key)))
    .into();
    lines.extend(Trouble::ALL.map(|trouble| row(&format!("fault {}", trouble.word()), &explained(trouble, texts))));
    lines.join("\n")
}

fn row(words: &str, text: &str) -> String {
    format!("  {words:<26}{text}")
}

fn explained(trouble: Trouble, texts: &Texts) -> String {
    texts.say(&format!("demo-fault-{}", trouble.word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn the_words_of_the_contract_are_understood() {
        for (line, order) in [
            ("online", Order::Choose(Status::Online)),
            ("dnd", Order::Choose(Status::Dnd)),
            ("away", Order::Choose(Status::Away)),
            ("break", Order::Choose(Status::Break)),
            ("idle", Order::Idle),
            ("back", Order::Back),
            ("quit", Order::Quit),
        ] {
            assert_eq!(Order::parse(line), Ok(Some(order)));
        }
    }

    #[test]
    fn blanks_and_capitals_do_not_matter() {
        assert_eq!(Order::parse("  DND \r"), Ok(Some(Order::Choose(Status::Dnd))));
        assert_eq!(Order::parse("Elsewhere \t Away"), Ok(Some(Order::Elsewhere(Status::Away))));
        assert_eq!(Order::parse(" \t"), Ok(None));
    }

    #[test]
    fn every_trouble_can_be_asked_for() {
        for trouble in Trouble::ALL {
            assert_eq!(Order::parse(&format!("fault {}", trouble.word())), Ok(Some(Order::Fault(trouble))));
        }
    }

    #[test]
    fn an_order_that_lacks_something_says_what() {
        for line in ["elsewhere", "elsewhere lunch", "elsewhere dnd now"] {
            assert_eq!(Order::parse(line), Err(NotAnOrder::WhichStatus), "{line}");
        }
        for line in ["fault", "fault lunch", "fault busy now"] {
            assert_eq!(Order::parse(line), Err(NotAnOrder::WhichFault), "{line}");
        }
        for line in ["lunch", "dnd please", "idle 10"] {
            assert_eq!(Order::parse(line), Err(NotAnOrder::Unknown { word: line.into() }), "{line}");
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_known_ones() {
        let told = NotAnOrder::Unknown { word: "lunch\u{1b}[2J".into() }.told(&Texts::new(Language::English));
        assert!(told.contains("lunch") && !told.contains('\u{1b}'), "{told}");
        for word in WORDS {
            assert!(told.contains(word), "{word}: {told}");
        }
    }

    #[test]
    fn every_listed_word_begins_an_order() {
        for word in WORDS {
            assert!(!matches!(Order::parse(word), Err(NotAnOrder::Unknown { .. })), "{word}");
        }
    }

    #[test]
    fn the_help_names_every_word_and_every_trouble() {
        for language in Language::ALL {
            let help = help(&Texts::new(language));
            assert!(!help.contains("demo-"), "{help}");
            for word in WORDS.into_iter().chain(Trouble::ALL.map(Trouble::word)) {
                assert!(help.contains(word), "{word}: {help}");
            }
        }
    }

    #[test]
    fn every_order_is_told_in_every_language() {
        let orders = [Order::Idle, Order::Back, Order::Lock, Order::Unlock, Order::Heal, Order::Register, Order::Help, Order::Quit]
            .into_iter()
            .chain(Status::ALL.into_iter().flat_map(|status| [Order::Choose(status), Order::Elsewhere(status)]))
            .chain(Trouble::ALL.map(Order::Fault));
        for order in orders {
            for language in Language::ALL {
                let told = order.told(&Texts::new(language));
                assert!(!told.contains("demo-") && !told.contains('{'), "{told}");
            }
        }
    }
}
