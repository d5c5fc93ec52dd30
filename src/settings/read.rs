//! From the text of the file to [`Settings`], with every fault named and none of them fatal.

use std::{path::PathBuf, time::Duration};

use toml_edit::{Document, Item, TableLike, Value};

use super::{
    AccountEntry, Allowed, CredentialKind, Durations, Inhibitors, Key, Loaded, LogLevel, Machine, PORTS, Problem, Settings, VERSION,
};
use crate::{
    presence::{AccountId, Automation, IDLE_AFTER, IdleUse, Marking, OnLock, Status},
    text::Language,
};

pub(super) fn settings(text: &str) -> Loaded {
    read(text, Whose::Person)
}

/// Keys and problems are those of the machine; accounts are none of its business.
pub(super) fn of_machine(text: &str) -> Loaded {
    let Loaded { settings, problems, machine } = read(text, Whose::Machine);
    Loaded { settings, problems: Vec::new(), machine: Machine { problems, ..machine } }
}

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Person,
    Machine,
}

fn read(text: &str, whose: Whose) -> Loaded {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match Document::parse(text) {
        Ok(document) => Reader { text, whose, found: Vec::new(), problems: Vec::new(), newer: false }.read(document.as_table()),
        Err(error) => {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            let reason = error.message().replace('\n', ", ");
            Loaded { problems: vec![Problem::Broken { line, reason }], ..Loaded::default() }
        }
    }
}

/// The version that the text names, if it is one of the future.
pub(super) fn newer_version(root: &dyn TableLike) -> Option<i64> {
    root.get("version").and_then(Item::as_integer).filter(|version| *version > VERSION)
}

struct Reader<'a> {
    text: &'a str,
    whose: Whose,
    /// The keys with a value that can be used.
    found: Vec<Key>,
    problems: Vec<Problem>,
    newer: bool,
}

impl Reader<'_> {
    fn read(mut self, root: &dyn TableLike) -> Loaded {
        if let Some(version) = newer_version(root) {
            self.newer = true;
            self.problems.push(Problem::Newer { version });
        }
        self.refuse_unknown(root, "", &["version", "language", "log", "durations", "oauth_port", "automation", "accounts"]);
        self.value(root, "", "version", Allowed::Version, |item| item.as_integer().filter(|version| *version >= 1));
        let settings = Settings {
            language: self.value(root, "", "language", Allowed::Languages, |item| language(item.as_str()?)),
            log: self.value(root, "", "log", Allowed::LogLevels, |item| LogLevel::from_word(item.as_str()?)).unwrap_or_default(),
            oauth_port: self.value(root, "", "oauth_port", Allowed::Port, port),
            durations: self.value(root, "", "durations", Allowed::Durations, durations).unwrap_or_default(),
            inhibitors: Inhibitors::default(),
            automation: Automation::default(),
            accounts: match self.whose {
                Whose::Person => self.accounts(root),
                Whose::Machine => self.refuse_accounts(root),
            },
        };
        let settings = self.automation(root, settings);
        let machine = Machine { fixed: self.found, ..Machine::default() };
        Loaded { settings, problems: self.problems, machine }
    }

    fn automation(&mut self, root: &dyn TableLike, mut settings: Settings) -> Settings {
        let Some(item) = root.get("automation") else { return settings };
        let Some(table) = item.as_table_like() else {
            self.fault(item, "automation".to_owned(), Allowed::Section);
            return settings;
        };
        let section = "automation";
        self.refuse_unknown(table, section, &["mark_idle", "idle_minutes", "over", "on_lock", "respect_inhibitors"]);
        let automation = &mut settings.automation;
        if let Some(marking) = self.value(table, section, "mark_idle", Allowed::YesOrNo, marking) {
            automation.marking = marking;
        }
        if let Some(idle_after) = self.value(table, section, "idle_minutes", Allowed::Minutes, minutes) {
            automation.idle_after = idle_after;
        }
        if let Some(over) = self.value(table, section, "over", Allowed::Statuses, statuses) {
            automation.over = over;
        }
        if let Some(on_lock) = self.value(table, section, "on_lock", Allowed::OnLock, on_lock) {
            automation.on_lock = on_lock;
        }
        if let Some(inhibitors) = self.value(table, section, "respect_inhibitors", Allowed::YesOrNo, inhibitors) {
            settings.inhibitors = inhibitors;
        }
        settings
    }

    fn refuse_accounts(&mut self, root: &dyn TableLike) -> Vec<AccountEntry> {
        if let Some(item) = root.get("accounts") {
            let line = line_of(self.text, item.span().map_or(0, |span| span.start));
            self.problems.push(Problem::NotForTheMachine { line, key: "accounts".to_owned() });
        }
        Vec::new()
    }

    fn accounts(&mut self, root: &dyn TableLike) -> Vec<AccountEntry> {
        let Some(item) = root.get("accounts") else { return Vec::new() };
        if let Some(tables) = item.as_array_of_tables() {
            return tables.iter().filter_map(|table| self.account(table, item)).collect();
        }
        let inline = item.as_array().map(|array| array.iter().map(|value| value.as_inline_table()).collect::<Option<Vec<_>>>());
        if let Some(Some(tables)) = inline {
            return tables.into_iter().filter_map(|table| self.account(table, item)).collect();
        }
        self.fault(item, "accounts".to_owned(), Allowed::Sections);
        Vec::new()
    }

    fn account(&mut self, table: &dyn TableLike, whole: &Item) -> Option<AccountEntry> {
        let section = "accounts";
        self.refuse_unknown(table, section, &["id", "portal", "name", "kind", "ca_file", "mark_idle"]);
        let id = self.value(table, section, "id", Allowed::Text, |item| item.as_str().filter(|id| !id.is_empty()).map(AccountId::new));
        if id.is_none() && !table.contains_key("id") {
            self.fault(whole, "accounts.id".to_owned(), Allowed::Text);
        }
        let id = id?;
        let portal_of_id = id.as_str().split_once('@').map_or(id.as_str(), |(_, portal)| portal).to_owned();
        let text = |item: &Item| item.as_str().map(str::to_owned);
        let portal = self.value(table, section, "portal", Allowed::Text, text).unwrap_or(portal_of_id);
        let name = self.value(table, section, "name", Allowed::Text, text).unwrap_or_else(|| id.to_string());
        let ca_file = self.value(table, section, "ca_file", Allowed::Text, |item| item.as_str().map(PathBuf::from));
        let idle = self.value(table, section, "mark_idle", Allowed::YesOrNo, idle_use).unwrap_or(IdleUse::Marked);
        let kind = self.value(table, section, "kind", Allowed::Kinds, kind);
        // An account of a kind to come stays in the file, and is none of ours.
        if kind.is_none() && table.contains_key("kind") {
            return None;
        }
        Some(AccountEntry { id, portal, name, kind: kind.unwrap_or(CredentialKind::Webhook), ca_file, idle })
    }

    /// `None` where the key is missing, and where its value was refused and named.
    fn value<T>(
        &mut self,
        table: &dyn TableLike,
        section: &str,
        key: &str,
        allowed: Allowed,
        read: impl Fn(&Item) -> Option<T>,
    ) -> Option<T> {
        let item = table.get(key)?;
        let value = read(item);
        let name = full_key(section, key);
        match &value {
            None => self.fault(item, name, allowed),
            Some(_) if self.whose == Whose::Machine => self.found.extend(Key::ALL.into_iter().find(|key| key.name() == name)),
            Some(_) => {}
        }
        value
    }

    fn fault(&mut self, item: &Item, key: String, allowed: Allowed) {
        let line = line_of(self.text, item.span().map_or(0, |span| span.start));
        let found = item.to_string().trim().chars().take(80).collect();
        self.problems.push(Problem::Value { line, key, found, allowed });
    }

    /// In a file of a newer version, a key that is unknown here is no slip.
    fn refuse_unknown(&mut self, table: &dyn TableLike, section: &str, known: &[&str]) {
        if self.newer {
            return;
        }
        for (key, item) in table.iter().filter(|(key, _)| !known.contains(key)) {
            let line = line_of(self.text, item.span().map_or(0, |span| span.start));
            self.problems.push(Problem::UnknownKey { line, key: full_key(section, key) });
        }
    }
}

fn language(tag: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.tag() == tag)
}

fn marking(item: &Item) -> Option<Marking> {
    item.as_bool().map(|mark| if mark { Marking::On } else { Marking::Off })
}

fn minutes(item: &Item) -> Option<Duration> {
    let seconds = u64::try_from(item.as_integer()?).ok()?.checked_mul(60)?;
    Some(Duration::from_secs(seconds)).filter(|duration| IDLE_AFTER.contains(duration))
}

fn durations(item: &Item) -> Option<Durations> {
    let minutes = item.as_array()?.iter().map(Value::as_integer).collect::<Option<Vec<_>>>()?;
    Durations::new(minutes)
}

fn port(item: &Item) -> Option<u16> {
    u16::try_from(item.as_integer()?).ok().filter(|port| PORTS.contains(port))
}

fn statuses(item: &Item) -> Option<Vec<Status>> {
    item.as_array()?.iter().map(|word| Status::from_word(word.as_str()?)).collect()
}

fn on_lock(item: &Item) -> Option<OnLock> {
    match item.as_str()? {
        "mark" => Some(OnLock::Mark),
        "ignore" => Some(OnLock::Ignore),
        _ => None,
    }
}

fn inhibitors(item: &Item) -> Option<Inhibitors> {
    item.as_bool().map(|respect| if respect { Inhibitors::Respected } else { Inhibitors::Ignored })
}

fn kind(item: &Item) -> Option<CredentialKind> {
    let word = item.as_str()?;
    CredentialKind::ALL.into_iter().find(|kind| kind.word() == word)
}

fn idle_use(item: &Item) -> Option<IdleUse> {
    item.as_bool().map(|mark| if mark { IdleUse::Marked } else { IdleUse::LeftOut })
}

fn full_key(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
