//! Composition: arguments, language, log, and one thread for everything that waits. No decision is made here.

// No window of a console beside the icon; on other systems this says nothing.
#![windows_subsystem = "windows"]

mod unwinding;

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use b24status::{
    cli::{self, Command, Context, Exit},
    console, heap,
    log::{self, Audience},
    main_loop,
    paths::Place,
};
use tokio::{runtime, task::LocalSet};

fn main() -> ExitCode {
    heap::share();
    console::join();
    match main_loop::beside(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Exit { code, sentence }) => {
            if !sentence.is_empty() {
                // Without standard error there is nobody to tell.
                let _ = writeln!(io::stderr(), "b24status: {sentence}");
            }
            ExitCode::from(code as u8)
        }
    }
}

fn run() -> Result<(), Exit> {
    let context = Context::of_system()?;
    let command = cli::understand(env::args_os().skip(1), &context)?;
    let (place, audience) = match command {
        Command::Run => (Place::Disk(context.paths.clone()), Audience::App),
        Command::Demo { .. } => (Place::Memory, Audience::App),
        Command::Login { .. }
        | Command::Accounts { .. }
        | Command::Logout { .. }
        | Command::Status { .. }
        | Command::Set { .. }
        | Command::Why { .. }
        | Command::Autostart(_)
        | Command::Doctor { .. }
        | Command::Quit
        | Command::Help
        | Command::Version => (Place::Memory, Audience::Command),
    };
    log::start(&place, context.settings.load().settings.log, audience);
    // What blocks for a moment has a thread for that moment: a name look-up, and beside it the writing of the state.
    let runtime =
        runtime::Builder::new_current_thread().enable_all().max_blocking_threads(3).thread_keep_alive(Duration::from_secs(1)).build()?;
    let tasks = LocalSet::new();
    let result = tasks.block_on(&runtime, cli::run(command, context, &mut io::stdout(), &mut io::stderr()));
    // What is dropped with its task may say good-bye with another one (zbus does), which needs the runtime.
    let _inside = runtime.enter();
    drop(tasks);
    result
}
