//! From a change in the app into the file as it is now: only what changed is touched.

use std::path::{Path, PathBuf};

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, value};

use super::{AccountEntry, Inhibitors, SaveError, Settings, VERSION, read::newer_version};
use crate::{
    file,
    presence::{Automation, IdleUse, Marking, OnLock},
};

/// What became of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rewrite {
    /// The change was merged into what was there.
    Merged,
    /// What was there could not be read as settings. It is kept under this name, whole, and the file is a new one.
    KeptAside(PathBuf),
}

/// `standard`: what holds where the file says nothing.
pub(super) fn merge(path: &Path, before: &Settings, after: &Settings, standard: impl Fn() -> Settings) -> Result<Rewrite, SaveError> {
    let storage = |error| SaveError::Storage { path: path.to_owned(), error };
    let text = match file::read(path) {
        Ok(text) => text.unwrap_or_default(),
        // Not UTF-8, or too large to be settings: it is no text to merge into, and it is not ours to throw away.
        Err(error) if matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::FileTooLarge) => {
            return start_anew(path, &standard(), after);
        }
        Err(error) => return Err(storage(error)),
    };
    let Ok(mut document) = text.parse::<DocumentMut>() else { return start_anew(path, &standard(), after) };
    if let Some(version) = newer_version(document.as_table()) {
        return Err(SaveError::Newer { version });
    }
    let rewrite = match room(&document) {
        Room::Free => Rewrite::Merged,
        Room::Taken => Rewrite::KeptAside(file::copy_aside(path).map_err(storage)?),
    };
    write_difference(&mut document, before, after);
    file::replace(path, &document.to_string()).map_err(storage)?;
    Ok(rewrite)
}

/// The copy comes first: at no time is the person's text only in memory.
fn start_anew(path: &Path, standard: &Settings, after: &Settings) -> Result<Rewrite, SaveError> {
    let storage = |error| SaveError::Storage { path: path.to_owned(), error };
    let aside = file::copy_aside(path).map_err(storage)?;
    let mut document = DocumentMut::new();
    write_difference(&mut document, standard, after);
    file::replace(path, &document.to_string()).map_err(storage)?;
    Ok(Rewrite::KeptAside(aside))
}

fn write_difference(document: &mut DocumentMut, before: &Settings, after: &Settings) {
    let root = document.as_table_mut();
    if !root.contains_key("version") {
        root.insert("version", value(VERSION));
    }
    if before.language != after.language {
        match after.language {
            Some(language) => put(root, "language", value(language.tag())),
            None => drop(root.remove("language")),
        }
    }
    if before.log != after.log {
        put(root, "log", value(after.log.word()));
    }
    if before.oauth_port != after.oauth_port {
        match after.oauth_port {
            Some(port) => put(root, "oauth_port", value(i64::from(port))),
            None => drop(root.remove("oauth_port")),
        }
    }
    if before.durations != after.durations {
        put(root, "durations", value(after.durations.minutes().iter().map(|minutes| i64::from(*minutes)).collect::<Array>()));
    }
    write_automation(root, before, after);
    write_accounts(root, &before.accounts, &after.accounts);
}

fn write_automation(root: &mut Table, before: &Settings, after: &Settings) {
    let Automation { marking, idle_after, over, on_lock } = &after.automation;
    let changes = [
        (before.automation.marking != *marking).then(|| ("mark_idle", value(*marking == Marking::On))),
        (before.automation.idle_after != *idle_after).then(|| ("idle_minutes", value(whole_minutes(*idle_after)))),
        (before.automation.over != *over).then(|| ("over", value(over.iter().map(|status| status.word()).collect::<Array>()))),
        (before.automation.on_lock != *on_lock).then(|| ("on_lock", value(on_lock_word(*on_lock)))),
        (before.inhibitors != after.inhibitors).then(|| ("respect_inhibitors", value(after.inhibitors == Inhibitors::Respected))),
    ];
    for (key, item) in changes.into_iter().flatten() {
        put(section(root, "automation"), key, item);
    }
}

fn write_accounts(root: &mut Table, before: &[AccountEntry], after: &[AccountEntry]) {
    for gone in before.iter().filter(|old| !after.iter().any(|new| new.id == old.id)) {
        account_tables(root).retain(|table| !is_of(table, gone));
    }
    for entry in after.iter().filter(|entry| !before.contains(entry)) {
        let tables = account_tables(root);
        if !tables.iter().any(|table| is_of(table, entry)) {
            tables.push(Table::new());
        }
        // A new table has no id yet and stands last.
        if let Some(table) = tables.iter_mut().find(|table| is_of(table, entry) || table.is_empty()) {
            write_account(table, entry);
        }
    }
    if after.is_empty() && root.get("accounts").and_then(Item::as_array_of_tables).is_some_and(ArrayOfTables::is_empty) {
        root.remove("accounts");
    }
}

fn write_account(table: &mut Table, entry: &AccountEntry) {
    put(table, "id", value(entry.id.as_str()));
    put(table, "portal", value(&entry.portal));
    put(table, "name", value(&entry.name));
    put(table, "kind", value(entry.kind.word()));
    match entry.ca_file.as_ref().map(|path| path.display().to_string()) {
        Some(path) => put(table, "ca_file", value(path)),
        None => drop(table.remove("ca_file")),
    }
    match entry.idle {
        IdleUse::LeftOut => put(table, "mark_idle", value(false)),
        IdleUse::Marked => drop(table.remove("mark_idle")),
    }
}

/// Keeps the comment behind a value that is replaced, and the spaces around it.
fn put(table: &mut dyn TableLike, key: &str, mut item: Item) {
    let decor = table.get(key).and_then(Item::as_value).map(|old| old.decor().clone());
    if let (Some(decor), Some(new)) = (decor, item.as_value_mut()) {
        *new.decor_mut() = decor;
    }
    match table.get_mut(key) {
        Some(old) => *old = item,
        None => drop(table.insert(key, item)),
    }
}

fn section<'a>(root: &'a mut Table, name: &str) -> &'a mut dyn TableLike {
    let item = root.entry(name).or_insert_with(toml_edit::table);
    if !item.is_table_like() {
        *item = toml_edit::table();
    }
    item.as_table_like_mut().unwrap_or_else(|| unreachable!("it was made a table above"))
}

fn account_tables(root: &mut Table) -> &mut ArrayOfTables {
    let item = root.entry("accounts").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if !item.is_array_of_tables() {
        let tables = std::mem::take(item).into_array_of_tables().unwrap_or_default();
        *item = Item::ArrayOfTables(tables);
    }
    item.as_array_of_tables_mut().unwrap_or_else(|| unreachable!("it was made an array of tables above"))
}

fn is_of(table: &Table, entry: &AccountEntry) -> bool {
    table.get("id").and_then(Item::as_str) == Some(entry.id.as_str())
}

/// Whether sections can be written without writing over something else under their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Free,
    Taken,
}

fn room(document: &DocumentMut) -> Room {
    let section_taken = document.get("automation").is_some_and(|item| !item.is_table_like());
    let accounts_taken = document.get("accounts").is_some_and(|item| {
        let inline = item.as_array().is_some_and(|array| array.iter().all(toml_edit::Value::is_inline_table));
        !item.is_array_of_tables() && !inline
    });
    if section_taken || accounts_taken { Room::Taken } else { Room::Free }
}

fn on_lock_word(on_lock: OnLock) -> &'static str {
    match on_lock {
        OnLock::Mark => "mark",
        OnLock::Ignore => "ignore",
    }
}

fn whole_minutes(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs() / 60).unwrap_or(i64::MAX)
}
