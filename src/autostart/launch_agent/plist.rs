//! Property lists in XML, as far as launchd reads them: dictionaries, arrays, strings, truths. Everything else is there without a value.
//!
//! `man plist`; <https://www.apple.com/DTDs/PropertyList-1.0.dtd>

#[derive(Debug, PartialEq)]
pub(super) enum Plist {
    Dictionary(Vec<(String, Plist)>),
    Array(Vec<Plist>),
    Text(String),
    Truth(bool),
    Other,
}

impl Plist {
    /// The value inside `<plist>`; `None` if that is not what the text is.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        if reader.tag()? != Tag::Open("plist") {
            return None;
        }
        let first = reader.tag()?;
        reader.value(first)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Dictionary(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(super) fn first(&self) -> Option<&Self> {
        if let Self::Array(values) = self { values.first() } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn truth(&self) -> Option<bool> {
        if let Self::Truth(truth) = self { Some(*truth) } else { None }
    }
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag<'a> {
    Open(&'a str),
    Close(&'a str),
    /// `<true/>`, `<array/>`
    Whole(&'a str),
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// What begins with this tag.
    fn value(&mut self, tag: Tag<'a>) -> Option<Plist> {
        match tag {
            Tag::Open("dict") => self.dictionary(),
            Tag::Open("array") => self.array(),
            Tag::Open("string") => self.text("string").map(Plist::Text),
            Tag::Open(name) => self.text(name).map(|_| Plist::Other),
            Tag::Whole("true") => Some(Plist::Truth(true)),
            Tag::Whole("false") => Some(Plist::Truth(false)),
            Tag::Whole("string") => Some(Plist::Text(String::new())),
            Tag::Whole("dict") => Some(Plist::Dictionary(Vec::new())),
            Tag::Whole("array") => Some(Plist::Array(Vec::new())),
            Tag::Whole(_) => Some(Plist::Other),
            Tag::Close(_) => None,
        }
    }

    fn dictionary(&mut self) -> Option<Plist> {
        let mut entries = Vec::new();
        loop {
            match self.tag()? {
                Tag::Close("dict") => return Some(Plist::Dictionary(entries)),
                Tag::Open("key") => {
                    let key = self.text("key")?;
                    let tag = self.tag()?;
                    entries.push((key, self.value(tag)?));
                }
                Tag::Open(_) | Tag::Close(_) | Tag::Whole(_) => return None,
            }
        }
    }

    fn array(&mut self) -> Option<Plist> {
        let mut values = Vec::new();
        loop {
            match self.tag()? {
                Tag::Close("array") => return Some(Plist::Array(values)),
                tag @ (Tag::Open(_) | Tag::Close(_) | Tag::Whole(_)) => values.push(self.value(tag)?),
            }
        }
    }

    /// Up to the end of this element, which has no others inside.
    fn text(&mut self, name: &str) -> Option<String> {
        let (text, rest) = self.rest.split_once("</")?;
        self.rest = rest.strip_prefix(name)?.trim_start().strip_prefix('>')?;
        (!text.contains('<')).then(|| unescaped(text))
    }

    /// The next tag; comments and declarations are passed over.
    fn tag(&mut self) -> Option<Tag<'a>> {
        loop {
            let (_, inside) = self.rest.split_once('<')?;
            if let Some(comment) = inside.strip_prefix("!--") {
                self.rest = comment.split_once("-->")?.1;
                continue;
            }
            let (tag, rest) = inside.split_once('>')?;
            self.rest = rest;
            if !tag.starts_with(['?', '!']) {
                return Some(named(tag));
            }
        }
    }
}

fn named(tag: &str) -> Tag<'_> {
    let name = |tag: &'_ str| tag.find(char::is_whitespace).unwrap_or(tag.len());
    if let Some(tag) = tag.strip_prefix('/') {
        return Tag::Close(&tag[..name(tag)]);
    }
    match tag.strip_suffix('/') {
        Some(tag) => Tag::Whole(&tag[..name(tag)]),
        None => Tag::Open(&tag[..name(tag)]),
    }
}

/// The entities that XML knows by itself. Numbers of characters stay as they are: no path of ours is written so.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_writes_is_read() {
        let text = "<?xml version=\"1.0\"?><!-- <plist> --><!DOCTYPE plist PUBLIC \"x\" \"y\">
            <plist version=\"1.0\"><dict>
            <key>A</key> <!-- mine --> <string>a &lt;b&gt; &amp;amp;</string>
            <key>N</key><integer>5</integer><key>E</key><array/>
            <key>L</key><array><string>x</string><dict><key>T</key><false /></dict></array>
            <key>T</key><true/></dict></plist>";
        let root = Plist::parse(text).unwrap();
        assert_eq!(root.get("A").and_then(Plist::text), Some("a <b> &amp;"));
        assert_eq!((root.get("N"), root.get("E")), (Some(&Plist::Other), Some(&Plist::Array(Vec::new()))));
        assert_eq!(root.get("L").and_then(Plist::first).and_then(Plist::text), Some("x"));
        assert_eq!((root.get("T").and_then(Plist::truth), root.get("X")), (Some(true), None));
    }

    #[test]
    fn what_is_torn_or_something_else_is_nothing() {
        let whole = "<plist><dict><key>A</key><array><string>a</string></array></dict></plist>";
        assert!(Plist::parse(whole).is_some());
        for end in (0..=whole.find("</dict>").unwrap()).filter(|end| whole.is_char_boundary(*end)) {
            assert_eq!(Plist::parse(&whole[..end]), None, "{end}");
        }
        for other in ["", "bplist00", "<html><dict></dict></html>", "<plist><dict><string>a</string></dict></plist>"] {
            assert_eq!(Plist::parse(other), None, "{other}");
        }
    }
}
