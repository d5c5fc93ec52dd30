//! From the words of the command line to a [`Command`]. Nothing is looked up here, and nothing is said.

#![expect(clippy::wildcard_enum_match_arm, reason = "an argument is any text: what is none of ours is unexpected")]

use std::{
    ffi::OsString,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use lexopt::{Arg, Error, Parser};

use crate::{
    presence::Status,
    settings::PORTS,
    text::time::{TimeError, Times, parse_duration},
};

/// How long `set` waits for the portal.
const SET_TIMEOUT: Duration = Duration::from_secs(30);
const ENTRIES: usize = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Run,
    Demo { time: Option<Duration> },
    Login { way: Way, ca_file: Option<PathBuf> },
    Accounts { format: Format },
    Logout { account: Option<String> },
    Status { format: Format },
    Set { status: Status, until: Option<SystemTime>, timeout: Duration },
    Why { format: Format, limit: usize },
    Autostart(Autostart),
    Doctor { format: Format },
    Quit,
    Help,
    Version,
}

/// How somebody signs in. No secret is in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    Webhook,
    OAuth {
        portal: String,
        client_id: String,
        port: Option<u16>,
        browser: Browser,
        /// The authorization server to which the person agreed.
        server: Option<String>,
    },
}

/// Who opens the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    Opened,
    LeftToThePerson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person, in their language.
    Words,
    /// For a program: one object with stable keys.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Autostart {
    On,
    Off,
    Status,
}

/// What is wrong with the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageError {
    UnknownCommand {
        found: String,
    },
    UnknownOption {
        found: String,
    },
    /// Nothing more was expected.
    Surplus {
        found: String,
    },
    MissingValue {
        option: String,
    },
    NotANumber {
        found: String,
    },
    NoStatus,
    UnknownStatus {
        found: String,
    },
    Time(TimeError),
    TwoEnds,
    NoSwitch,
    NoCredential,
    /// What stands on a command line can be read by every process of the machine.
    SecretInSight,
    TwoCredentials,
    /// `--oauth` without `--client-id`.
    NoClientId,
    /// `--oauth` without `--client-secret -`.
    NoClientSecret,
    /// As [`UsageError::SecretInSight`], for the application's.
    ClientSecretInSight,
    NotAPort {
        found: String,
    },
}

/// `arguments` are those behind the program's name. A time of day is the next one after `now`.
pub fn parse(arguments: impl IntoIterator<Item = OsString>, times: &Times, now: SystemTime) -> Result<Command, UsageError> {
    let arguments = arguments.into_iter().collect::<Vec<_>>();
    let before = [OsString::new()].into_iter().chain(arguments.iter().cloned());
    if before.zip(&arguments).any(|(before, word)| could_be_an_address(&text(word)) && !is_portal(&text(&before), &text(word))) {
        return Err(UsageError::SecretInSight);
    }
    match command(&mut Parser::from_args(arguments), times, now) {
        Ok(command) => Ok(command),
        Err(Stop::Help) => Ok(Command::Help),
        Err(Stop::Usage(error)) => Err(error),
    }
}

/// A webhook's address is no word of any command, and a sentence that repeats it would put a secret where sentences go: into logs and
/// tickets.
fn could_be_an_address(word: &str) -> bool {
    let begins_with_a_number = |(_, rest): (&str, &str)| rest.starts_with(|letter: char| letter.is_ascii_digit());
    word.contains("://") || word.split_once("/rest/").is_some_and(begins_with_a_number)
}

/// A portal may be named by the address of its page, which is no secret.
fn is_portal(before: &str, word: &str) -> bool {
    let named = if before == "--oauth" { Some(word) } else { word.strip_prefix("--oauth=") };
    named.is_some_and(|word| !word.contains("/rest/"))
}

/// Why the rest of the line is not looked at.
enum Stop {
    Help,
    Usage(UsageError),
}

fn command(line: &mut Parser, times: &Times, now: SystemTime) -> Result<Command, Stop> {
    let word = match line.next()? {
        None => return Ok(Command::Run),
        Some(Arg::Value(word)) => text(&word),
        Some(Arg::Long("version") | Arg::Short('V')) => return Ok(Command::Version),
        Some(other) => return Err(unexpected(other)),
    };
    match word.as_str() {
        "demo" => demo(line),
        "login" => login(line),
        "accounts" => Ok(Command::Accounts { format: format(line)? }),
        "logout" => logout(line),
        "status" => Ok(Command::Status { format: format(line)? }),
        "set" => set(line, times, now),
        "why" => why(line),
        "autostart" => autostart(line),
        "doctor" => Ok(Command::Doctor { format: format(line)? }),
        "quit" => end(line, Command::Quit),
        "version" => end(line, Command::Version),
        "help" => Err(Stop::Help),
        _ => Err(Stop::Usage(UsageError::UnknownCommand { found: word })),
    }
}

fn demo(line: &mut Parser) -> Result<Command, Stop> {
    let mut time = None;
    while let Some(argument) = line.next()? {
        match argument {
            Arg::Long("for") => time = Some(duration(line)?),
            other => return Err(unexpected(other)),
        }
    }
    Ok(Command::Demo { time })
}

fn login(line: &mut Parser) -> Result<Command, Stop> {
    let usage = |error| Err(Stop::Usage(error));
    let (mut webhook, mut portal, mut client_id, mut client_secret) = (None, None, None, None);
    let (mut port, mut browser, mut server, mut ca_file) = (None, Browser::Opened, None, None);
    while let Some(argument) = line.next()? {
        match argument {
            Arg::Long("webhook") => webhook = Some(text(&line.value()?)),
            Arg::Long("oauth") => portal = Some(text(&line.value()?)),
            Arg::Long("client-id") => client_id = Some(text(&line.value()?)),
            Arg::Long("client-secret") => client_secret = Some(text(&line.value()?)),
            Arg::Long("port") => port = Some(port_of(&text(&line.value()?))?),
            Arg::Long("no-browser") => browser = Browser::LeftToThePerson,
            Arg::Long("oauth-server") => server = Some(text(&line.value()?)),
            Arg::Long("ca-file") => ca_file = Some(PathBuf::from(line.value()?)),
            Arg::Value(_) => return usage(UsageError::SecretInSight),
            other => return Err(unexpected(other)),
        }
    }
    let way = match (webhook.as_deref(), portal) {
        (Some(_), Some(_)) => return usage(UsageError::TwoCredentials),
        (Some("-"), None) => Way::Webhook,
        (Some(_), None) => return usage(UsageError::SecretInSight),
        (None, None) => return usage(UsageError::NoCredential),
        (None, Some(portal)) => match (client_id, client_secret.as_deref()) {
            (None, _) => return usage(UsageError::NoClientId),
            (Some(_), None) => return usage(UsageError::NoClientSecret),
            (Some(client_id), Some("-")) => Way::OAuth { portal, client_id, port, browser, server },
            (Some(_), Some(_)) => return usage(UsageError::ClientSecretInSight),
        },
    };
    Ok(Command::Login { way, ca_file })
}

fn logout(line: &mut Parser) -> Result<Command, Stop> {
    let mut account = None;
    while let Some(argument) = line.next()? {
        match argument {
            Arg::Value(word) if account.is_none() => account = Some(text(&word)),
            other => return Err(unexpected(other)),
        }
    }
    Ok(Command::Logout { account })
}

fn set(line: &mut Parser, times: &Times, now: SystemTime) -> Result<Command, Stop> {
    let (mut status, mut end, mut timeout) = (None, None, SET_TIMEOUT);
    while let Some(argument) = line.next()? {
        match argument {
            Arg::Long("for" | "until") if end.is_some() => return Err(Stop::Usage(UsageError::TwoEnds)),
            Arg::Long("for") => end = Some(now + duration(line)?),
            Arg::Long("until") => end = Some(times.parse_until(&text(&line.value()?), now)?),
            Arg::Long("timeout") => timeout = timeout_of(&text(&line.value()?))?,
            Arg::Value(word) if status.is_none() => status = Some(status_of(&text(&word))?),
            other => return Err(unexpected(other)),
        }
    }
    let status = status.ok_or(Stop::Usage(UsageError::NoStatus))?;
    Ok(Command::Set { status, until: end, timeout })
}

fn why(line: &mut Parser) -> Result<Command, Stop> {
    let (mut format, mut limit) = (Format::Words, None);
    while let Some(argument) = line.next()? {
        match argument {
            Arg::Long("json") => format = Format::Json,
            Arg::Long("limit") => limit = Some(number(&text(&line.value()?))?),
            other => return Err(unexpected(other)),
        }
    }
    Ok(Command::Why { format, limit: limit.unwrap_or(ENTRIES) })
}

fn autostart(line: &mut Parser) -> Result<Command, Stop> {
    let switch = match line.next()? {
        None => return Err(Stop::Usage(UsageError::NoSwitch)),
        Some(Arg::Value(word)) => match text(&word).as_str() {
            "on" => Autostart::On,
            "off" => Autostart::Off,
            "status" => Autostart::Status,
            _ => return Err(Stop::Usage(UsageError::NoSwitch)),
        },
        Some(other) => return Err(unexpected(other)),
    };
    end(line, Command::Autostart(switch))
}

fn format(line: &mut Parser) -> Result<Format, Stop> {
    let mut format = Format::Words;
    while let Some(argument) = line.next()? {
        match argument {
            Arg::Long("json") => format = Format::Json,
            other => return Err(unexpected(other)),
        }
    }
    Ok(format)
}

fn end(line: &mut Parser, command: Command) -> Result<Command, Stop> {
    line.next()?.map_or(Ok(command), |surplus| Err(unexpected(surplus)))
}

fn duration(line: &mut Parser) -> Result<Duration, Stop> {
    Ok(parse_duration(&text(&line.value()?))?)
}

/// Seconds, or with units as every duration.
fn timeout_of(word: &str) -> Result<Duration, Stop> {
    match word.parse::<u16>() {
        Ok(seconds) => Ok(Duration::from_secs(seconds.into())),
        Err(_) => Ok(parse_duration(word)?),
    }
}

fn port_of(word: &str) -> Result<u16, Stop> {
    let port = word.parse().ok().filter(|port| PORTS.contains(port));
    port.ok_or_else(|| Stop::Usage(UsageError::NotAPort { found: word.to_owned() }))
}

fn status_of(word: &str) -> Result<Status, Stop> {
    Status::from_word(word).ok_or_else(|| Stop::Usage(UsageError::UnknownStatus { found: word.to_owned() }))
}

fn number(word: &str) -> Result<usize, Stop> {
    word.parse().map_err(|_| Stop::Usage(UsageError::NotANumber { found: word.to_owned() }))
}

/// What is not Unicode is no word of ours, and is shown with replacement characters.
fn text(word: &OsString) -> String {
    word.to_string_lossy().into_owned()
}

fn unexpected(argument: Arg<'_>) -> Stop {
    match argument {
        Arg::Long("help") | Arg::Short('h') => Stop::Help,
        Arg::Long(name) => Stop::Usage(UsageError::UnknownOption { found: format!("--{name}") }),
        Arg::Short(letter) => Stop::Usage(UsageError::UnknownOption { found: format!("-{letter}") }),
        Arg::Value(word) => Stop::Usage(UsageError::Surplus { found: text(&word) }),
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Usage(match error {
            Error::MissingValue { option } => UsageError::MissingValue { option: option.unwrap_or_default() },
            Error::UnexpectedOption(found) => UsageError::UnknownOption { found },
            Error::UnexpectedValue { option, .. } => UsageError::UnknownOption { found: format!("{option}=…") },
            Error::UnexpectedArgument(word) | Error::NonUnicodeValue(word) => UsageError::Surplus { found: text(&word) },
            Error::ParsingFailed { value, .. } => UsageError::Surplus { found: value },
            Error::Custom(error) => UsageError::Surplus { found: error.to_string() },
        })
    }
}

impl From<TimeError> for Stop {
    fn from(error: TimeError) -> Self {
        Self::Usage(UsageError::Time(error))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::text::time::Clock;

    #[test]
    fn every_command_of_the_contract_is_understood() {
        let json = Format::Json;
        let words = Format::Words;
        for (line, wanted) in [
            ("", Command::Run),
            ("demo", Command::Demo { time: None }),
            ("demo --for 30s", Command::Demo { time: Some(Duration::from_secs(30)) }),
            ("login --webhook -", Command::Login { way: Way::Webhook, ca_file: None }),
            ("login --webhook - --ca-file /etc/ca.pem", Command::Login { way: Way::Webhook, ca_file: Some("/etc/ca.pem".into()) }),
            ("login --webhook=- --ca-file=ca.pem", Command::Login { way: Way::Webhook, ca_file: Some("ca.pem".into()) }),
            ("login --oauth acme.bitrix24.com --client-id local.1.2 --client-secret -", oauth("acme.bitrix24.com", None, Browser::Opened)),
            (
                "login --oauth https://acme.bitrix24.com/stream/ --client-id local.1.2 --client-secret - --port 30000 --no-browser",
                oauth("https://acme.bitrix24.com/stream/", Some(30000), Browser::LeftToThePerson),
            ),
            (
                "login --oauth=https://acme.bitrix24.com --client-id=local.1.2 --client-secret=-",
                oauth("https://acme.bitrix24.com", None, Browser::Opened),
            ),
            ("accounts", Command::Accounts { format: words }),
            ("accounts --json", Command::Accounts { format: json }),
            ("logout", Command::Logout { account: None }),
            ("logout 7@acme.bitrix24.com", Command::Logout { account: Some("7@acme.bitrix24.com".into()) }),
            ("status", Command::Status { format: words }),
            ("status --json", Command::Status { format: json }),
            ("set online", Command::Set { status: Status::Online, until: None, timeout: SET_TIMEOUT }),
            ("set dnd --for 30m", Command::Set { status: Status::Dnd, until: Some(at(1800)), timeout: SET_TIMEOUT }),
            ("set --until 15:00 break", Command::Set { status: Status::Break, until: Some(at(3600)), timeout: SET_TIMEOUT }),
            ("set away --timeout 5", Command::Set { status: Status::Away, until: None, timeout: Duration::from_secs(5) }),
            ("set away --timeout 1m", Command::Set { status: Status::Away, until: None, timeout: Duration::from_mins(1) }),
            ("why", Command::Why { format: words, limit: ENTRIES }),
            ("why --json --limit 5", Command::Why { format: json, limit: 5 }),
            ("autostart on", Command::Autostart(Autostart::On)),
            ("autostart off", Command::Autostart(Autostart::Off)),
            ("autostart status", Command::Autostart(Autostart::Status)),
            ("doctor", Command::Doctor { format: words }),
            ("doctor --json", Command::Doctor { format: json }),
            ("quit", Command::Quit),
            ("help", Command::Help),
            ("--help", Command::Help),
            ("-h", Command::Help),
            ("set --help", Command::Help),
            ("--version", Command::Version),
            ("-V", Command::Version),
        ] {
            assert_eq!(parsed(line), Ok(wanted), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let found = |found: &str| found.to_owned();
        for (line, wanted) in [
            ("dance", UsageError::UnknownCommand { found: found("dance") }),
            ("--json", UsageError::UnknownOption { found: found("--json") }),
            ("status --jsn", UsageError::UnknownOption { found: found("--jsn") }),
            ("status -x", UsageError::UnknownOption { found: found("-x") }),
            ("status now", UsageError::Surplus { found: found("now") }),
            ("quit now", UsageError::Surplus { found: found("now") }),
            ("set", UsageError::NoStatus),
            ("set busy", UsageError::UnknownStatus { found: found("busy") }),
            ("set Online", UsageError::UnknownStatus { found: found("Online") }),
            ("set online dnd", UsageError::Surplus { found: found("dnd") }),
            ("set dnd --for", UsageError::MissingValue { option: found("--for") }),
            ("set dnd --for soon", UsageError::Time(TimeError::NotADuration { found: found("soon") })),
            ("set dnd --until 25:00", UsageError::Time(TimeError::NotATime { found: found("25:00") })),
            ("set dnd --for 1h --until 15:00", UsageError::TwoEnds),
            ("https://acme.bitrix24.com/rest/7/secret/", UsageError::SecretInSight),
            ("logout acme.bitrix24.com/rest/7/secret", UsageError::SecretInSight),
            ("set dnd --until https://acme.bitrix24.com/rest/7/secret/", UsageError::SecretInSight),
            ("why --limit many", UsageError::NotANumber { found: found("many") }),
            ("autostart", UsageError::NoSwitch),
            ("autostart maybe", UsageError::NoSwitch),
            ("login", UsageError::NoCredential),
            ("login --webhook https://acme.bitrix24.com/rest/7/secret/", UsageError::SecretInSight),
            ("login https://acme.bitrix24.com/rest/7/secret/", UsageError::SecretInSight),
            ("login --oauth https://acme.bitrix24.com/rest/7/secret/", UsageError::SecretInSight),
            ("login --client-id https://acme.bitrix24.com", UsageError::SecretInSight),
            ("login --oauth acme.bitrix24.com", UsageError::NoClientId),
            ("login --oauth acme.bitrix24.com --client-id local.1.2", UsageError::NoClientSecret),
            ("login --oauth acme.bitrix24.com --client-id local.1.2 --client-secret secret", UsageError::ClientSecretInSight),
            ("login --oauth acme.bitrix24.com --webhook -", UsageError::TwoCredentials),
            ("login --client-id local.1.2 --client-secret -", UsageError::NoCredential),
            ("login --oauth acme.bitrix24.com --port 80", UsageError::NotAPort { found: found("80") }),
            ("login --oauth acme.bitrix24.com --port 65536", UsageError::NotAPort { found: found("65536") }),
        ] {
            assert_eq!(parsed(line), Err(wanted), "{line}");
        }
    }

    fn oauth(portal: &str, port: Option<u16>, browser: Browser) -> Command {
        let way = Way::OAuth { portal: portal.to_owned(), client_id: "local.1.2".to_owned(), port, browser, server: None };
        Command::Login { way, ca_file: None }
    }

    fn parsed(line: &str) -> Result<Command, UsageError> {
        parse(line.split_whitespace().map(OsString::from), &Times::new(Clock::Hours24, TimeZone::UTC), at(0))
    }

    /// 14:00 and so many seconds.
    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_hours(14) + Duration::from_secs(seconds)
    }
}
