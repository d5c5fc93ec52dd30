//! What the figures are and how each one is measured.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::figure::{Figure, context_switches, proportional_memory, threads};
use crate::frame::Screen;
use crate::support::app;
use crate::support::far_portal::FarPortal;
use crate::support::rig;

const APP: &str = env!("CARGO_BIN_EXE_b24status");
const WINDOW: &str = "b24status-window";
/// By which the desktop knows its windows.
const CLASS: &str = "b24status";
const EMPTY: &str = "empty";
const OPENINGS: usize = 11;
/// After everything that belongs to a start: late tray hosts, the idle connection to the portal, threads of the first look-ups.
const UNTIL_AT_REST: Duration = Duration::from_secs(70);
/// After everything that belongs to an opening.
const UNTIL_OPEN: Duration = Duration::from_secs(15);
const A_MINUTE: Duration = Duration::from_secs(60);

/// Builds the window, starts the rig and itself inside of it; measures where it is inside.
pub(crate) fn main() -> ExitCode {
    if std::env::var_os("RIG").is_none() {
        build();
        let mut rig = Command::new(rig::rigs().join(rig::X11));
        let ended = rig.arg(std::env::current_exe().unwrap()).env("TRAY", "none").stdin(Stdio::null()).status().expect("the X11 rig");
        return ended.code().map_or(ExitCode::FAILURE, |code| ExitCode::from(u8::try_from(code).unwrap_or(1)));
    }
    let figures = measure();
    for figure in &figures {
        println!("{figure}");
    }
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn build() {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["build", "--locked", "--release", "-p", WINDOW, "--bins", "--examples"]);
    assert!(cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success(), "the window");
}

fn measure() -> Vec<Figure> {
    let screen = Screen::new();
    let portal = FarPortal::start();
    app::succeed(&["login", "--webhook", "-"], &portal.webhook());
    let resident = Command::new(APP).stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    portal.next_call("im.user.status.get", Duration::from_secs(20));

    // In turns, so that both meet the same machine. The first of each reads from the disk.
    let (mut windows, mut empties) = (Vec::new(), Vec::new());
    for _ in 0..=OPENINGS {
        windows.push(opened_and_closed(&screen, &programs().join(WINDOW), CLASS));
        empties.push(opened_and_closed(&screen, &programs().join("examples").join(EMPTY), EMPTY));
    }
    windows.remove(0);
    empties.remove(0);

    sleep(UNTIL_AT_REST);
    let [alone] = at_rest([resident.id()]);
    let (empty, _) = open(&screen, &programs().join("examples").join(EMPTY), EMPTY);
    sleep(UNTIL_OPEN);
    let [of_slint] = at_rest([empty.id()]);
    end(empty);
    let (window, _) = open(&screen, &programs().join(WINDOW), CLASS);
    sleep(UNTIL_OPEN);
    let [open_window, beside] = at_rest([window.id(), resident.id()]);
    end(window);
    screen.wait_for_end(CLASS);
    sleep(UNTIL_OPEN);
    let [after] = at_rest([resident.id()]);
    println!("an empty window of Slint: {of_slint}\nthe window: {open_window}");
    println!("the app alone: {alone}\n  beside the window: {beside}\n  after it: {after}");
    end(resident);
    vec![
        ratio("first frame, to that of an empty window", &windows, &empties),
        Figure::time("open until the first frame", windows, Duration::from_millis(300)),
        Figure::time("  an empty window of Slint", empties, Duration::from_millis(300)),
        Figure::count("memory of the window (PSS)", open_window.memory, "KiB", 30 * 1024),
        Figure::count("wake-ups of the open window in a minute", open_window.wake_ups, "", 0),
        Figure::count("memory of the app after it (PSS)", after.memory, "KiB", alone.memory + 64),
        Figure::count("threads of the app beside it", beside.threads, "", alone.threads),
        Figure::count("threads of the app after it", after.threads, "", alone.threads),
        Figure::count("wake-ups of the app beside it", beside.wake_ups, "", alone.wake_ups),
        Figure::count("wake-ups of the app after it", after.wake_ups, "", alone.wake_ups),
    ]
}

/// Of the medians: a busy machine delays both.
fn ratio(what: &'static str, times: &[Duration], to: &[Duration]) -> Figure {
    const LIMIT: f64 = 1.3;
    let median = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let ratio = median(times) / median(to);
    Figure::new(what, format!("{ratio:.2}"), LIMIT.to_string(), ratio <= LIMIT)
}

/// Where cargo puts the programs.
fn programs() -> PathBuf {
    Path::new(APP).parent().unwrap().to_owned()
}

fn opened_and_closed(screen: &Screen, program: &Path, class: &str) -> Duration {
    let (process, took) = open(screen, program, class);
    end(process);
    screen.wait_for_end(class);
    took
}

/// From before the process exists until something is painted.
fn open(screen: &Screen, program: &Path, class: &str) -> (Child, Duration) {
    let started = Instant::now();
    let process = Command::new(program).stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    (process, screen.wait_for_frame(class) - started)
}

fn end(mut process: Child) {
    assert!(Command::new("kill").arg(process.id().to_string()).status().unwrap().success());
    process.wait().unwrap();
}

/// A process that has nothing to do, for a minute.
struct AtRest {
    memory: u64,
    threads: u64,
    wake_ups: u64,
}

fn at_rest<const COUNT: usize>(processes: [u32; COUNT]) -> [AtRest; COUNT] {
    let before = processes.map(context_switches);
    sleep(A_MINUTE);
    let after = processes.map(context_switches);
    std::array::from_fn(|at| AtRest {
        memory: proportional_memory(processes[at]),
        threads: threads(processes[at]),
        wake_ups: after[at] - before[at],
    })
}

impl std::fmt::Display for AtRest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} KiB, {} threads, {} wake-ups in a minute", self.memory, self.threads, self.wake_ups)
    }
}
