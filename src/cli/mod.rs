//! The command line, one file per command. It asks the running app; where none runs, it does the same by itself.

mod arguments;
mod exit;
mod terminal;

mod run;
pub mod demo;
mod login;
mod authorize;
mod accounts;
mod logout;
mod status;
mod set;
mod why;
mod autostart;
mod doctor;
mod quit;
mod help;

use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Write},
    time::{Duration, SystemTime},
};

use crate::{
    app::Keeping,
    control::{self, AskError, Request, Response},
    keyring::{Keyring, Secrets},
    paths::Paths,
    settings,
    text::{Language, Texts, time::Times},
};

pub use arguments::{Autostart, Browser, Command, Format, UsageError, Way, parse};
pub use exit::{Code, Exit};

/// The running app answers within this, unless the question itself takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a command finds things and people.
pub struct Context {
    pub paths: Paths,
    pub settings: settings::File,
    pub secrets: Secrets,
    pub texts: Texts,
    pub times: Times,
    pub input: Box<dyn BufRead + Send>,
}

impl Context {
    pub fn of_system() -> Result<Self, Exit> {
        let paths = Paths::of_system().map_err(|_| {
            let texts = Texts::new(Language::of_system());
            Exit::new(Code::Other, texts.say("cli-no-home"))
        })?;
        let settings = settings::File::new(&crate::paths::Place::Disk(paths.clone()));
        let language = settings.load().settings.language.unwrap_or_else(Language::of_system);
        Ok(Self {
            paths,
            settings,
            secrets: Secrets::Keyring(Keyring::of_this_session()),
            texts: Texts::new(language),
            times: Times::of_system(),
            input: Box::new(BufReader::new(std::io::stdin())),
        })
    }

    /// What is wrong with the settings file, one sentence each.
    fn problems(&self) -> Vec<String> {
        let Some(path) = self.settings.path() else { return Vec::new() };
        self.settings.load().sentences(&self.texts, path)
    }

    /// The answer of the running app; `None` where none runs.
    async fn ask(&self, request: Request, patience: Duration) -> Result<Option<Response>, Exit> {
        match control::ask(&self.paths, request, patience).await {
            Ok(response) => Ok(Some(response)),
            Err(AskError::NotRunning) => Ok(None),
            Err(error) => Err(Exit::ask(&error, &self.texts)),
        }
    }

    /// A running app learns of changed settings or accounts; without one there is nobody to tell.
    async fn tell_of_change(&self) -> Result<(), Exit> {
        self.ask(Request::Reload, PATIENCE).await.map(drop)
    }

    fn keeping(&self) -> Keeping {
        Keeping::Disk(self.paths.clone())
    }
}

/// Runs one command. Its answer goes to `out`; warnings go to `err`, and what it returns belongs there too.
pub async fn run(command: Command, mut context: Context, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Exit> {
    match command {
        // `doctor` tells it itself; the demo has no settings.
        Command::Help | Command::Version | Command::Demo { .. } | Command::Doctor { .. } => {}
        // The app gives a notice of it too, which nobody may be there to show.
        Command::Run
        | Command::Login { .. }
        | Command::Accounts { .. }
        | Command::Logout { .. }
        | Command::Status { .. }
        | Command::Set { .. }
        | Command::Why { .. }
        | Command::Autostart(_)
        | Command::Quit => {
            for problem in context.problems() {
                writeln!(err, "{problem}")?;
            }
        }
    }
    match command {
        Command::Run => run::run(context, out).await,
        Command::Demo { time } => demo(time, context).await,
        Command::Login { way, ca_file } => {
            // Where the app runs from is not where this was typed.
            let ca_file = ca_file.map(|path| std::path::absolute(&path).unwrap_or(path));
            match way {
                Way::Webhook => login::run(&mut context, ca_file, out, err).await,
                Way::OAuth { portal, client_id, port, browser, server } => {
                    let wish = authorize::Wish { portal, client_id, port, browser, server, ca_file };
                    authorize::run(&mut context, wish, out, err).await
                }
            }
        }
        Command::Accounts { format } => accounts::run(&context, format, out),
        Command::Logout { account } => logout::run(&context, account.as_deref(), out).await,
        Command::Status { format } => status::run(&context, format, out).await,
        Command::Set { status, until, timeout } => set::run(&context, status, until, timeout, out).await,
        Command::Why { format, limit } => why::run(&context, format, limit, out).await,
        Command::Autostart(switch) => autostart::run(&context, switch, out).await,
        Command::Doctor { format } => doctor::run(&context, format, out).await,
        Command::Quit => quit::run(&context, out).await,
        Command::Help => help::run(&context.texts, out),
        Command::Version => help::version(out),
    }
}

/// As [`parse`], with what is wrong said in the person's language.
pub fn understand(arguments: impl IntoIterator<Item = OsString>, context: &Context) -> Result<Command, Exit> {
    parse(arguments, &context.times, SystemTime::now()).map_err(|error| Exit::usage(&error, &context.texts))
}

async fn demo(time: Option<Duration>, context: Context) -> Result<(), Exit> {
    let texts: fn() -> Texts = match context.texts.language() {
        Language::English => || Texts::new(Language::English),
        Language::Russian => || Texts::new(Language::Russian),
    };
    Ok(demo::run(texts, &context.paths, time, std::io::stdout()).await?)
}
