//! Rust source as its paths: what a file names, with comments and strings out of the way. Just enough of the grammar for
//! `tests/architecture.rs`; macros are read like any other text.

use std::path::Path;

/// One file of the crate.
pub struct Source {
    /// Below `src`, with slashes.
    pub file: String,
    /// The module that the file is: `["tray", "icon"]`, nothing for `lib.rs` and `main.rs`.
    pub module: Vec<String>,
    pub text: String,
}

impl Source {
    pub fn new(file: &str, text: &str) -> Self {
        let without_extension = file.strip_suffix(".rs").unwrap_or(file);
        let mut module: Vec<String> = without_extension.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
            module.pop();
        }
        Self { file: file.to_owned(), module, text: text.to_owned() }
    }

    /// Every source file below a directory, sorted.
    pub fn all_below(directory: &Path) -> Vec<Self> {
        let mut sources = Vec::new();
        read_below(directory, directory, &mut sources);
        sources.sort_by(|left, right| left.file.cmp(&right.file));
        sources
    }

    /// The part of the program that the file belongs to: `tray`; `main` and `lib` for the two roots.
    pub fn room(&self) -> &str {
        self.module.first().map_or_else(|| self.file.strip_suffix(".rs").unwrap_or(&self.file), String::as_str)
    }

    /// Every path of two or more segments; those into this crate are resolved and begin with `crate`.
    pub fn paths(&self) -> Vec<Named> {
        let tokens = tokens_of(&self.text);
        let mut inline = InlineModules::new(&self.module);
        let mut named = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            inline.step(&tokens, at);
            if !starts_a_path(&tokens, at) {
                at += 1;
                continue;
            }
            let mut paths = Vec::new();
            // Braces of a group belong to the path; an inline module can only begin after it.
            at = read_path(&tokens, at, Vec::new(), &mut paths);
            let longer = paths.into_iter().filter(|named| named.path.len() > 1);
            named.extend(longer.map(|Named { line, path }| Named { line, path: inline.resolve(path) }));
        }
        named
    }

    /// Lines with a word of the code, not of comments and strings.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        tokens_of(&self.text).iter().filter(|token| token.text == word).map(|token| token.line).collect()
    }

    /// Lines with `#[name]` or `#[name = …]`.
    pub fn lines_with_attribute(&self, name: &str) -> Vec<usize> {
        let tokens = tokens_of(&self.text);
        let opened = |three: &[Token]| three[0].text == "#" && three[1].text == "[" && three[2].text == name;
        tokens.windows(3).filter(|three| opened(three)).map(|three| three[2].line).collect()
    }

    /// Lines on which `cfg(…)`, `cfg!(…)` or `cfg_attr(…)` asks for the operating system.
    pub fn lines_with_cfg_of_the_system(&self) -> Vec<usize> {
        const SYSTEM: [&str; 5] = ["target_os", "target_family", "target_vendor", "unix", "windows"];
        let tokens = tokens_of(&self.text);
        let mut lines = Vec::new();
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.text == "cfg" || token.text == "cfg_attr") {
            let open = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|token| token.text == "!"));
            let inside = inside_parentheses(&tokens, open);
            if inside.iter().any(|token| SYSTEM.contains(&token.text.as_str())) {
                lines.push(token.line);
            }
        }
        lines
    }
}

/// A path and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
}

#[derive(Debug)]
struct Token {
    line: usize,
    /// A word, `::`, or one character.
    text: String,
}

fn read_below(root: &Path, directory: &Path, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(directory).expect("a directory of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_below(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let below: Vec<_> = path.strip_prefix(root).expect("below the root").iter().map(|part| part.to_string_lossy()).collect();
            sources.push(Source::new(&below.join("/"), &std::fs::read_to_string(&path).expect("a source file")));
        }
    }
}

/// A word that neither continues a path nor is a field or method.
fn starts_a_path(tokens: &[Token], at: usize) -> bool {
    let continues = at > 0 && ["::", "."].contains(&tokens[at - 1].text.as_str());
    is_word(&tokens[at]) && !continues
}

fn is_word(token: &Token) -> bool {
    token.text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// Reads one path, with the groups of a `use`, into `paths`; the position after it.
fn read_path(tokens: &[Token], at: usize, mut prefix: Vec<String>, paths: &mut Vec<Named>) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut at = at;
    loop {
        prefix.push(text(at).to_owned());
        at += 1;
        if text(at) != "::" {
            break;
        }
        match tokens.get(at + 1) {
            Some(next) if is_word(next) => at += 1,
            Some(next) if next.text == "{" => return read_group(tokens, at + 2, &prefix, paths),
            Some(next) if next.text == "*" => {
                at += 2;
                prefix.push("*".to_owned());
                break;
            }
            Some(_) | None => break,
        }
    }
    paths.push(Named { line: tokens[at - 1].line, path: prefix });
    at
}

/// Reads `a, b::c}` after the brace was opened; the position after it was closed.
fn read_group(tokens: &[Token], mut at: usize, prefix: &[String], paths: &mut Vec<Named>) -> usize {
    while let Some(token) = tokens.get(at) {
        if token.text == "}" {
            return at + 1;
        }
        at = if is_word(token) { read_path(tokens, at, prefix.to_vec(), paths) } else { at + 1 };
    }
    at
}

fn inside_parentheses(tokens: &[Token], open: usize) -> &[Token] {
    if tokens.get(open).is_none_or(|token| token.text != "(") {
        return &[];
    }
    let mut depth = 0;
    let length = tokens[open..].iter().position(|token| {
        depth += i32::from(token.text == "(") - i32::from(token.text == ")");
        depth == 0
    });
    &tokens[open..open + length.unwrap_or(0)]
}

/// Where the reader stands: `mod tests { … }` makes `super` mean the file's own module.
struct InlineModules {
    module: Vec<String>,
    /// The depth of braces inside each inline module.
    opened: Vec<usize>,
    depth: usize,
}

impl InlineModules {
    fn new(module: &[String]) -> Self {
        Self { module: module.to_vec(), opened: Vec::new(), depth: 0 }
    }

    fn step(&mut self, tokens: &[Token], at: usize) {
        match tokens[at].text.as_str() {
            "{" => {
                self.depth += 1;
                if at >= 2 && tokens[at - 2].text == "mod" {
                    self.module.push(tokens[at - 1].text.clone());
                    self.opened.push(self.depth);
                }
            }
            "}" => {
                if self.opened.last() == Some(&self.depth) {
                    self.opened.pop();
                    self.module.pop();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// `super::…`, `self::…` and `b24status::…` as `crate::…`; others as they are.
    fn resolve(&self, path: Vec<String>) -> Vec<String> {
        let supers = path.iter().skip(usize::from(path[0] == "self")).take_while(|segment| *segment == "super").count();
        let skipped = usize::from(path[0] == "self") + supers;
        let inside = match path[0].as_str() {
            "b24status" => return ["crate".to_owned()].into_iter().chain(path.into_iter().skip(1)).collect(),
            "self" | "super" => &self.module[..self.module.len().saturating_sub(supers)],
            _ => return path,
        };
        ["crate".to_owned()].into_iter().chain(inside.iter().cloned()).chain(path.into_iter().skip(skipped)).collect()
    }
}

/// Words, `::` and single characters, without comments, strings, numbers and lifetimes.
fn tokens_of(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < letters.len() {
        let end = end_of_lexeme(&letters, at);
        let lexeme: String = letters[at..end].iter().collect();
        if is_code(&lexeme) {
            tokens.push(Token { line, text: lexeme.strip_prefix("r#").map_or(lexeme.clone(), str::to_owned) });
        }
        line += letters[at..end].iter().filter(|letter| **letter == '\n').count();
        at = end;
    }
    tokens
}

fn is_code(lexeme: &str) -> bool {
    let first = lexeme.chars().next().unwrap_or(' ');
    let string = first == '"' || (lexeme.len() > 2 && lexeme.ends_with(['"', '#']) && lexeme.contains('"'));
    let skipped = first.is_whitespace() || first.is_numeric() || first == '\'' || lexeme.starts_with("//") || lexeme.starts_with("/*");
    !string && !skipped
}

fn end_of_lexeme(letters: &[char], at: usize) -> usize {
    let next = |offset: usize| letters.get(at + offset).copied().unwrap_or('\0');
    match letters[at] {
        '/' if next(1) == '/' => end_where(letters, at, |letter| letter == '\n'),
        '/' if next(1) == '*' => end_of_block_comment(letters, at),
        '"' => end_of_string(letters, at + 1, 0, true),
        '\'' if next(1) == '\\' => end_where(letters, at + 3, |letter| letter == '\'') + 1,
        '\'' if next(2) == '\'' => at + 3,
        '\'' => end_where(letters, at + 1, |letter| !is_of_word(letter)),
        ':' if next(1) == ':' => at + 2,
        letter if is_of_word(letter) => end_of_word(letters, at),
        _ => at + 1,
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// A word, or the string whose prefix it is: `r"…"`, `br#"…"#`, `b"…"`, `c"…"`; `r#type` is a word.
fn end_of_word(letters: &[char], at: usize) -> usize {
    let end = end_where(letters, at, |letter| !is_of_word(letter));
    let word: String = letters[at..end].iter().collect();
    let hashes = letters[end..].iter().take_while(|letter| **letter == '#').count();
    let quoted = letters.get(end + hashes) == Some(&'"');
    match word.as_str() {
        "r" | "br" | "cr" if quoted => end_of_string(letters, end + hashes + 1, hashes, false),
        "b" | "c" if quoted && hashes == 0 => end_of_string(letters, end + 1, 0, true),
        "r" if hashes == 1 => end_where(letters, end + 1, |letter| !is_of_word(letter)),
        _ => end,
    }
}

/// `at` is the first letter inside; the end is after the quote and its `hashes`.
fn end_of_string(letters: &[char], mut at: usize, hashes: usize, escapes: bool) -> usize {
    while at < letters.len() {
        match letters[at] {
            '\\' if escapes => at += 2,
            '"' if letters[at + 1..].iter().take_while(|letter| **letter == '#').count() >= hashes => return at + 1 + hashes,
            _ => at += 1,
        }
    }
    letters.len()
}

fn end_of_block_comment(letters: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    letters.len()
}

fn end_where(letters: &[char], from: usize, ends: impl Fn(char) -> bool) -> usize {
    (from.min(letters.len())..letters.len()).find(|at| ends(letters[*at])).unwrap_or(letters.len())
}
