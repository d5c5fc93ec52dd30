//! The language catalogues: everything that a person reads. Logs and `--json` are English and not in here.

mod failure;
mod journal;
mod storage;
pub mod time;

use std::{cell::OnceCell, time::Duration};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language with a catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Russian,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Russian];

    /// The tag in the settings.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// The language of a tag such as `ru`, `ru-RU` or `ru_RU.UTF-8`; `None` where there is no catalogue.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or(tag);
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The first language of the system that has a catalogue, else English.
    pub fn of_system() -> Self {
        sys_locale::get_locales().find_map(|tag| Self::from_tag(&tag)).unwrap_or(Self::English)
    }

    /// For the plural rules.
    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    fn sources(self) -> [&'static str; AREAS] {
        match self {
            Self::English => catalogue!("en"),
            Self::Russian => catalogue!("ru"),
        }
    }
}

/// The window's own area is in the window's program only.
const AREAS: usize = if cfg!(feature = "resident") { 7 } else { 8 };

/// Each area stands by itself: no message refers to one of another. The first ones are those of which the program has need.
macro_rules! catalogue {
    ($tag:literal) => {
        [
            #[cfg(not(feature = "resident"))]
            include_str!(concat!("../../assets/locales/", $tag, "/window.ftl")),
            include_str!(concat!("../../assets/locales/", $tag, "/menu.ftl")),
            include_str!(concat!("../../assets/locales/", $tag, "/journal.ftl")),
            include_str!(concat!("../../assets/locales/", $tag, "/notice.ftl")),
            include_str!(concat!("../../assets/locales/", $tag, "/failure.ftl")),
            include_str!(concat!("../../assets/locales/", $tag, "/cli.ftl")),
            include_str!(concat!("../../assets/locales/", $tag, "/doctor.ftl")),
            include_str!(concat!("../../assets/locales/", $tag, "/demo.ftl")),
        ]
    };
}
use catalogue;

type Bundle = FluentBundle<FluentResource>;

/// One language's texts. An area of the catalogue is parsed when something is said that no area before it has.
pub struct Texts {
    language: Language,
    areas: [OnceCell<Bundle>; AREAS],
}

impl Texts {
    pub fn new(language: Language) -> Self {
        Self { language, areas: Default::default() }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a message without arguments.
    pub fn say(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The text of a message with named arguments; numbers choose plural forms.
    pub fn say_with<'a>(&'a self, key: &str, arguments: &[(&'a str, FluentValue<'a>)]) -> String {
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        self.format(key, Some(&arguments))
    }

    /// What the person reads in the keyring's own program.
    pub fn keyring_label(&self, name: &str, portal: &str) -> String {
        self.say_with("keyring-label", &[("name", name.into()), ("portal", portal.into())])
    }

    /// What the idle mark does on the portal, for somebody who is about to have it.
    pub fn idle_explained(&self, after: Duration) -> String {
        self.say_with("idle-explained", &[("minutes", (after.as_secs() / 60).into())])
    }

    /// The key itself stands in for a text that is missing; a test holds that none is.
    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(bundle) = self.bundles().find(|bundle| bundle.has_message(key)) else { return key.to_owned() };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return key.to_owned() };
        bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned()
    }

    fn bundles(&self) -> impl Iterator<Item = &Bundle> {
        let sources = self.language.sources();
        self.areas.iter().zip(sources).map(|(area, source)| area.get_or_init(|| bundle(self.language, source)))
    }
}

fn bundle(language: Language, source: &str) -> Bundle {
    let mut bundle = FluentBundle::new(vec![language.identifier()]);
    bundle.set_use_isolating(false);
    // A message that does not parse is missing from the bundle, and a test reads every catalogue.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
    bundle.add_resource_overriding(resource);
    bundle
}
