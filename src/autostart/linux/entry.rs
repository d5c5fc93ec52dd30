//! A desktop entry file as lines: what is changed is changed in its place, the rest stays as it was written.
//!
//! <https://specifications.freedesktop.org/desktop-entry-spec/latest/>

use std::fmt;

const GROUP: &str = "[Desktop Entry]";

pub(super) struct Entry {
    lines: Vec<String>,
}

impl Entry {
    /// An entry that starts nothing yet.
    pub(super) fn new() -> Self {
        Self::parse("[Desktop Entry]\nType=Application\nName=Status for Bitrix24\nIcon=b24status\nTerminal=false\n")
    }

    pub(super) fn parse(text: &str) -> Self {
        Self { lines: text.lines().map(str::to_owned).collect() }
    }

    /// The value of a key, unescaped.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.value(key).map(unescaped)
    }

    /// Neither hidden nor switched off the way GNOME does it.
    pub(super) fn is_on(&self) -> bool {
        self.value("Hidden") != Some("true") && self.value("X-GNOME-Autostart-enabled") != Some("false")
    }

    /// Whether a desktop with these names starts it.
    pub(super) fn is_for(&self, desktops: &[String]) -> bool {
        let listed = |key| Some(self.value(key)?.split(';').any(|name| desktops.iter().any(|desktop| desktop == name)));
        listed("OnlyShowIn").unwrap_or(true) && !listed("NotShowIn").unwrap_or(false)
    }

    /// `value` is escaped. A key that is there several times is there once afterwards.
    pub(super) fn set(&mut self, key: &str, value: &str) {
        let line = format!("{key}={value}");
        match self.positions(key).as_slice() {
            [] => {
                let end = self.end_of_group();
                self.lines.insert(end, line);
            }
            [first, others @ ..] => {
                self.lines[*first] = line;
                self.remove_lines(others);
            }
        }
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.remove_lines(&self.positions(key));
    }

    /// Where a key is there several times, the last one counts, as for GLib.
    fn value(&self, key: &str) -> Option<&str> {
        let line = &self.lines[*self.positions(key).last()?];
        line.split_once('=').map(|(_, value)| value.trim())
    }

    fn positions(&self, key: &str) -> Vec<usize> {
        let is_it = |line: &str| line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
        self.group().filter(|index| is_it(&self.lines[*index])).collect()
    }

    /// The lines of the one group that counts.
    fn group(&self) -> impl Iterator<Item = usize> {
        let start = self.lines.iter().position(|line| line.trim() == GROUP).map_or(self.lines.len(), |header| header + 1);
        let length = self.lines[start..].iter().take_while(|line| !line.trim_start().starts_with('[')).count();
        start..start + length
    }

    /// Behind the last line of the group that is not empty. A file without the group gets it.
    fn end_of_group(&mut self) -> usize {
        if !self.lines.iter().any(|line| line.trim() == GROUP) {
            self.lines.push(GROUP.to_owned());
        }
        let (start, last) = (self.group().next(), self.group().filter(|index| !self.lines[*index].trim().is_empty()).last());
        last.map(|index| index + 1).or(start).unwrap_or(self.lines.len())
    }

    fn remove_lines(&mut self, positions: &[usize]) {
        for position in positions.iter().rev() {
            self.lines.remove(*position);
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

/// The escapes of the type *string*.
const ESCAPES: [(char, char); 5] = [('\\', '\\'), ('\n', 'n'), ('\r', 'r'), ('\t', 't'), (' ', 's')];

/// Spaces need an escape at the beginning only, and not even there in what we write.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match ESCAPES.iter().find(|(plain, _)| *plain == character && *plain != ' ') {
            Some((_, letter)) => escaped.extend(['\\', *letter]),
            None => escaped.push(character),
        }
    }
    escaped
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let escape = if character == '\\' { rest.next() } else { None };
        match (escape, ESCAPES.iter().find(|(_, letter)| Some(*letter) == escape)) {
            (Some(_), Some((character, _))) => plain.push(*character),
            (Some(unknown), None) => plain.extend(['\\', unknown]),
            (None, _) => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_wrote_stays_as_it_is() {
        let text = "# mine\n[Desktop Entry]\nName=x\n Exec = a\nExec=b\n# note\n\n[Desktop Action Quit]\nExec=q\n";
        let mut entry = Entry::parse(text);
        assert_eq!(entry.text("Exec").as_deref(), Some("b"));
        entry.set("Exec", "c");
        entry.set("Hidden", "true");
        entry.remove("Name");
        assert_eq!(entry.to_string(), "# mine\n[Desktop Entry]\nExec=c\n# note\nHidden=true\n\n[Desktop Action Quit]\nExec=q\n");
    }

    #[test]
    fn a_file_without_the_group_starts_nothing_and_gets_the_group() {
        let mut entry = Entry::parse("Exec=stray\n");
        assert_eq!(entry.text("Exec"), None);
        entry.set("Exec", "a");
        assert_eq!(entry.to_string(), "Exec=stray\n[Desktop Entry]\nExec=a\n");
    }

    #[test]
    fn escapes_come_back_as_what_they_stood_for() {
        for text in ["a b", "tab\there", "back\\slash", "line\nbreak", "\\n", "ü"] {
            assert_eq!(unescaped(&escaped(text)), text);
        }
        assert_eq!(unescaped("\\sx\\q\\"), " x\\q\\");
    }
}
