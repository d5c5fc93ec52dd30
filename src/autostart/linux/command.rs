//! The command line in an entry's `Exec`: quoting, and which program it starts. The escapes of the file around it are not here.
//!
//! <https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html>

/// The command line that starts the program, without arguments.
pub(super) fn starting(program: &str) -> String {
    // GLib looks for the first argument before it turns %% into %, and does not find it.
    let before = if program.contains('%') { "env " } else { "" };
    format!("{before}{}", quoted(program))
}

/// What the command line starts, through `env` if need be; `None` if it is empty, or its quotes do not end.
pub(super) fn program_of(command: &str) -> Option<String> {
    Some(split(command)?.program)
}

/// The same command line with another program; its other arguments stay.
pub(super) fn with_program(command: &str, program: &str) -> String {
    match split(command) {
        Some(Parts { before, after, .. }) if !before.is_empty() => format!("{before}{}{after}", quoted(program)),
        Some(Parts { after, .. }) => format!("{}{after}", starting(program)),
        None => starting(program),
    }
}

/// A command line around its program.
struct Parts<'a> {
    before: &'a str,
    program: String,
    after: &'a str,
}

fn split(command: &str) -> Option<Parts<'_>> {
    let command = command.trim_start();
    let (mut argument, mut after) = first_argument(command)?;
    let mut rest = command;
    let through_env = argument == "env" || argument == "/usr/bin/env";
    while through_env && (rest.len() == command.len() || is_assignment(&argument)) {
        rest = after.trim_start();
        (argument, after) = first_argument(rest)?;
    }
    let before = &command[..command.len() - rest.len()];
    (!argument.is_empty()).then_some(Parts { before, program: argument, after })
}

fn is_assignment(argument: &str) -> bool {
    argument.split_once('=').is_some_and(|(name, _)| !name.contains('/'))
}

/// Without its quotes and escapes, and everything behind it.
fn first_argument(command: &str) -> Option<(String, &str)> {
    let plain = |argument: &str| argument.replace("%%", "%");
    let Some(inside) = command.strip_prefix('"') else {
        let (argument, after) = command.split_at(command.find([' ', '\t']).unwrap_or(command.len()));
        return Some((plain(argument), after));
    };
    let mut argument = String::new();
    let mut characters = inside.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((plain(&argument), &inside[index + 1..])),
            '\\' => argument.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => argument.push(character),
        }
    }
    None
}

fn quoted(argument: &str) -> String {
    let argument = argument.replace('%', "%%");
    if !argument.contains(RESERVED) {
        return argument;
    }
    let mut quoted = String::from("\"");
    for character in argument.chars() {
        if "\"`$\\".contains(character) {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// What makes quotes necessary.
const RESERVED: [char; 20] = [' ', '\t', '\n', '\r', '"', '\'', '\\', '>', '<', '~', '|', '&', ';', '$', '*', '?', '#', '(', ')', '`'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_stands_as_it_is() {
        assert_eq!(starting("/usr/bin/b24status"), "/usr/bin/b24status");
        assert_eq!(starting("/home/Иван/b24status"), "/home/Иван/b24status");
    }

    #[test]
    fn a_path_with_special_characters_is_quoted_as_the_specification_says() {
        assert_eq!(starting("/a b/$x\"y\\z`"), r#""/a b/\$x\"y\\z\`""#);
        assert_eq!(starting("/100% mine"), r#"env "/100%% mine""#);
    }

    #[test]
    fn every_path_is_read_back_as_it_was() {
        for path in ["/a", "/a b", "/100%", "/q\"q", "/b\\s", "/d$ollar", "/back`tick", "/Иван/б", "/t\ta", "/apo'strophe", "/a=b"] {
            assert_eq!(program_of(&starting(path)).as_deref(), Some(path));
            assert_eq!(program_of(&format!("{} --quiet", starting(path))).as_deref(), Some(path));
        }
    }

    #[test]
    fn another_program_keeps_the_arguments() {
        assert_eq!(with_program(r#""/old place/b24status" --lang ru"#, "/new"), "/new --lang ru");
        assert_eq!(with_program("b24status", "/new place"), r#""/new place""#);
        assert_eq!(with_program("env LANG=ru b24status -v", "/50%"), "env LANG=ru /50%% -v");
        assert_eq!(with_program("", "/new"), "/new");
    }

    #[test]
    fn what_env_starts_is_the_program() {
        assert_eq!(program_of(r#"env A=1 "B=2 3" /usr/bin/b24status x"#).as_deref(), Some("/usr/bin/b24status"));
        assert_eq!(program_of("A=1 b24status").as_deref(), Some("A=1"));
        assert_eq!(program_of("env A=1"), None);
    }

    #[test]
    fn quotes_that_do_not_end_start_nothing() {
        assert_eq!(program_of("\"/a b"), None);
        assert_eq!(program_of(""), None);
    }
}
