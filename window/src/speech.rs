//! The words of the window, from the catalogues of the app. A change of language says everything that is shown anew.

use std::{cell::RefCell, rc::Rc};

use b24status::text::{Language, Texts, time::Times};
use slint::ComponentHandle;

use crate::{
    desk::Desk,
    pages::{MainWindow, Words},
    talk::Trouble,
};

/// Lives on the main thread.
pub(crate) struct Speech {
    texts: RefCell<Texts>,
    pub(crate) times: Times,
}

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) {
    let words = window.global::<Words<'_>>();
    let of_desk = Rc::clone(desk);
    words.on_lookup(move |key, _revision| of_desk.speech.say(&key).into());
    let of_desk = Rc::clone(desk);
    words.on_lookup_of(move |key, what, _revision| of_desk.speech.say_of(&key, &what).into());
}

/// From now on in the language of the settings; `None` is the system's.
pub(crate) fn change_language(window: &MainWindow, desk: &Desk, tag: Option<&str>) {
    let language = tag.and_then(Language::from_tag).unwrap_or_else(Language::of_system);
    if desk.speech.change_to(language) {
        let words = window.global::<Words<'_>>();
        words.set_revision(words.get_revision() + 1);
    }
}

impl Speech {
    pub(crate) fn of_system() -> Self {
        Self { texts: RefCell::new(Texts::new(Language::of_system())), times: Times::of_system() }
    }

    pub(crate) fn say(&self, key: &str) -> String {
        self.texts.borrow().say(key)
    }

    /// A text about `what`; a number chooses the plural form.
    pub(crate) fn say_of(&self, key: &str, what: &str) -> String {
        let value = what.parse::<i64>().map_or_else(|_| what.into(), Into::into);
        self.texts.borrow().say_with(key, &[("what", value)])
    }

    /// For texts that the app has words for already.
    pub(crate) fn with<T>(&self, say: impl FnOnce(&Texts) -> T) -> T {
        say(&self.texts.borrow())
    }

    /// Why the app did not answer, and what to do.
    pub(crate) fn trouble(&self, trouble: &Trouble) -> String {
        match trouble {
            Trouble::NotRunning => self.say("window-not-running"),
            Trouble::OtherVersion { running } => self.say_of("window-other-version", running),
            Trouble::Foreign { path } => self.say_of("window-foreign", path),
            Trouble::Odd { reason } => self.say_of("window-no-answer", reason),
        }
    }

    /// Whether that is another one than before.
    fn change_to(&self, language: Language) -> bool {
        if self.texts.borrow().language() == language {
            return false;
        }
        *self.texts.borrow_mut() = Texts::new(language);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_has_its_words_in_every_language() {
        let speech = Speech::of_system();
        let said = Language::ALL.map(|language| {
            speech.change_to(language);
            speech.say("window-settings")
        });
        assert_eq!(said, ["Settings", "Настройки"]);
    }

    #[test]
    fn a_number_chooses_the_plural() {
        let speech = Speech::of_system();
        speech.change_to(Language::Russian);
        assert!(speech.say_of("idle-when", "1").contains("1 минуту"), "{}", speech.say_of("idle-when", "1"));
        assert!(speech.say_of("idle-when", "10").contains("10 минут"));
    }

    #[test]
    fn each_trouble_has_its_own_sentence_with_what_is_known() {
        let speech = Speech::of_system();
        let of = |trouble| speech.trouble(&trouble);
        assert!(of(Trouble::OtherVersion { running: "9.9".to_owned() }).contains("9.9"));
        assert!(of(Trouble::Foreign { path: "/run/x".to_owned() }).contains("/run/x"));
        assert!(of(Trouble::Odd { reason: "nonsense".to_owned() }).contains("nonsense"));
        assert!(!of(Trouble::NotRunning).starts_with("window-"));
    }
}
