//! The command line in a value of the Run key: quoting, and which program it starts.
//!
//! <https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw>

use std::ffi::OsString;

/// The command line that starts the program, without arguments. No path of Windows holds a quotation mark.
pub(super) fn starting(program: &str) -> String {
    format!("\"{program}\"")
}

/// What the command line starts; `None` if it is empty.
///
/// Without quotes, blanks may be part of the path: Windows takes the shortest beginning that is a program file, so `is_file` decides.
pub(super) fn program_of(command: &str, is_file: impl Fn(&str) -> bool) -> Option<String> {
    Some(split(command, is_file)?.0)
}

/// The same command line with another program; its arguments stay.
pub(super) fn with_program(command: &str, program: &str, is_file: impl Fn(&str) -> bool) -> String {
    let arguments = split(command, is_file).map_or("", |(_, arguments)| arguments);
    format!("{}{arguments}", starting(program))
}

/// `%NAME%` replaced by the variable's value, as in a value of the type `REG_EXPAND_SZ`. What names no variable stays.
pub(super) fn expanded(text: &str, variable: impl Fn(&str) -> Option<OsString>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        expanded.push_str(before);
        let named = after.split_once('%').and_then(|(name, after)| Some((variable(name)?, after)));
        match named {
            Some((value, after)) => {
                expanded.push_str(&value.to_string_lossy());
                rest = after;
            }
            None => {
                expanded.push('%');
                rest = after;
            }
        }
    }
    expanded + rest
}

/// The program and everything behind it.
fn split(command: &str, is_file: impl Fn(&str) -> bool) -> Option<(String, &str)> {
    let command = command.trim_start();
    if let Some(inside) = command.strip_prefix('"') {
        let (program, arguments) = inside.split_once('"').unwrap_or((inside, ""));
        return (!program.is_empty()).then(|| (program.to_owned(), arguments));
    }
    let ends = || command.match_indices([' ', '\t']).map(|(end, _)| end).chain([command.len()]);
    let there = ends().find_map(|end| Some((as_file(&command[..end], &is_file)?, &command[end..])));
    there.or_else(|| {
        // None is there: what its name says to be one, else the first word.
        let end = ends().find(|end| command[..*end].to_ascii_lowercase().ends_with(".exe")).or_else(|| ends().next())?;
        (end > 0).then(|| (command[..end].to_owned(), &command[end..]))
    })
}

fn as_file(path: &str, is_file: impl Fn(&str) -> bool) -> Option<String> {
    [path.to_owned(), format!("{path}.exe")].into_iter().find(|path| is_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_read_back_as_it_was() {
        for path in [r"C:\a.exe", r"C:\Program Files\b 24\b24status.exe", r"C:\Users\Иван Петров 漢字\b24status.exe", r"C:\100%\b'.exe"]
        {
            assert_eq!(program_of(&starting(path), nothing).as_deref(), Some(path));
            assert_eq!(program_of(&format!("  {} --later 5", starting(path)), nothing).as_deref(), Some(path));
        }
    }

    #[test]
    fn without_quotes_the_shortest_beginning_that_is_a_file_starts() {
        let is_file = |path: &str| [r"C:\My", r"C:\My Apps\b24status.exe"].contains(&path);
        assert_eq!(program_of(r"C:\My Apps\b24status.exe --later 5", is_file).as_deref(), Some(r"C:\My"));
        let is_file = |path: &str| path == r"C:\My Apps\b24status.exe";
        assert_eq!(program_of(r"C:\My Apps\b24status.exe --later 5", is_file).as_deref(), Some(r"C:\My Apps\b24status.exe"));
        assert_eq!(program_of(r"C:\My Apps\b24status --later 5", is_file).as_deref(), Some(r"C:\My Apps\b24status.exe"));
        assert_eq!(program_of(r"C:\Gone Apps\B24STATUS.EXE --later 5", nothing).as_deref(), Some(r"C:\Gone Apps\B24STATUS.EXE"));
        assert_eq!(program_of("wscript mine.vbs", nothing).as_deref(), Some("wscript"));
    }

    #[test]
    fn what_starts_nothing_has_no_program() {
        for command in ["", "  ", "\"\"", "\"\" x"] {
            assert_eq!(program_of(command, nothing), None, "{command}");
        }
    }

    #[test]
    fn another_program_keeps_the_arguments() {
        assert_eq!(with_program(r#""C:\old place\b24status.exe" --lang ru"#, r"C:\new", nothing), r#""C:\new" --lang ru"#);
        assert_eq!(with_program(r"C:\old\b24status.exe -v", r"C:\new place\b.exe", nothing), r#""C:\new place\b.exe" -v"#);
    }

    #[test]
    fn variables_are_expanded_as_windows_does() {
        let variable = |name: &str| (name == "LOCALAPPDATA").then(|| r"C:\Users\Иван".into());
        assert_eq!(expanded(r#""%LOCALAPPDATA%\b24status.exe""#, variable), r#""C:\Users\Иван\b24status.exe""#);
        assert_eq!(expanded(r"100% of %NOTHING% %LOCALAPPDATA%", variable), r"100% of %NOTHING% C:\Users\Иван");
    }

    fn nothing(_: &str) -> bool {
        false
    }
}
