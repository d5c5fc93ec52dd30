//! What the figures are and how each one is measured.

use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::figure::{Figure, context_switches, proportional_memory, threads};
use crate::support::far_portal::FarPortal;
use crate::support::{app, rig, tls};
use crate::tray_host::{Item, TrayHost};
use futures_util::StreamExt;

const PROGRAM: &str = env!("CARGO_BIN_EXE_b24status");
const SOON: Duration = Duration::from_secs(20);
/// After everything that belongs to a start: looks at a late tray host, the idle connection to the portal, threads of the first look-ups.
const UNTIL_AT_REST: Duration = Duration::from_secs(70);
const A_MINUTE: Duration = Duration::from_secs(60);
const STARTS: usize = 9;
/// Fewer than the writes that a minute may have.
const CLICKS: [&str; 5] = ["Do not disturb", "Away", "Break", "Away", "Online"];

/// Starts the rig and itself inside of it, or measures where it is inside.
pub(crate) fn main() -> ExitCode {
    if std::env::var_os("RIG").is_none() {
        let mut rig = Command::new(rig::rigs().join(rig::X11));
        let ended = rig.arg(std::env::current_exe().unwrap()).env("TRAY", "none").stdin(Stdio::null()).status().expect("the X11 rig");
        return ended.code().map_or(ExitCode::FAILURE, |code| ExitCode::from(u8::try_from(code).unwrap_or(1)));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let figures = runtime.block_on(measure());
    for figure in &figures {
        println!("{figure}");
    }
    if figures.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure() -> Vec<Figure> {
    let portal = FarPortal::start();
    let (address, authority) = tls::in_front_of(portal.portal().address());
    sign_in(&portal, address, &authority);
    let mut host = TrayHost::start().await;

    let mut starts = Vec::new();
    for _ in 1..STARTS {
        let (resident, _, took) = start(&mut host).await;
        starts.push(took);
        end(resident);
    }
    let (resident, item, took) = start(&mut host).await;
    starts.push(took);
    portal.next_call("im.user.status.get", SOON);

    let (mut signals, mut requests) = (Vec::new(), Vec::new());
    for label in CLICKS {
        // The answer to the click before, and what the icon says then, come first.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (signal, request) = click(&item, &portal, label).await;
        signals.push(signal);
        requests.push(request);
    }

    tokio::time::sleep(UNTIL_AT_REST).await;
    let process = resident.id();
    let (before, asked_before) = (context_switches(process), portal.calls().len());
    tokio::time::sleep(A_MINUTE).await;
    let (switches, asked) = (context_switches(process) - before, portal.calls().len());
    let figures = vec![
        Figure::count("program, stripped", std::fs::metadata(PROGRAM).unwrap().len() / 1000, "kB", 5000),
        Figure::count("memory of its own (PSS)", proportional_memory(process), "KiB", 6 * 1024),
        Figure::count("threads at rest", threads(process), "", 1),
        Figure::count("wake-ups in a minute", switches, "", 0),
        Figure::time("start until the icon is registered", starts, Duration::from_millis(30)),
        Figure::time("click until the pending icon is signalled", signals, Duration::from_millis(16)),
        Figure::time("click until the request has arrived", requests, Duration::from_millis(5)),
    ];
    println!("requests: {asked_before} until at rest, {asked} in the minute of the wake-ups");
    end(resident);
    figures
}

/// As a person does it, with the authority of an on-premise portal.
fn sign_in(portal: &FarPortal, address: std::net::SocketAddr, authority: &str) {
    let file = rig::directory().join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let webhook = portal.webhook();
    let path = webhook.splitn(4, '/').nth(3).unwrap();
    let webhook = format!("https://localhost:{}/{path}", address.port());
    app::succeed(&["login", "--webhook", "-", "--ca-file", file.to_str().unwrap()], &webhook);
}

/// From before the process exists until its icon is at the tray host.
async fn start(host: &mut TrayHost) -> (Child, Item, Duration) {
    let started = Instant::now();
    let resident = Command::new(PROGRAM).env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let (registered, item) = tokio::time::timeout(SOON, host.next_item()).await.expect("an icon");
    (resident, item, registered - started)
}

/// From the click in the menu until the icon is told to be another one, and until the portal has read the request.
async fn click(item: &Item, portal: &FarPortal, label: &str) -> (Duration, Duration) {
    portal.forget_calls();
    let entry = item.entry(label).await;
    let mut changes = item.icon_changes().await;
    let (clicked, clicked_at) = (Instant::now(), SystemTime::now());
    item.click(entry).await;
    tokio::time::timeout(SOON, changes.next()).await.expect("another icon").expect("a signal");
    let signal = clicked.elapsed();
    let request = portal.next_call("im.user.status.set", SOON);
    (signal, request.at.duration_since(clicked_at).unwrap())
}

fn end(mut resident: Child) {
    assert!(Command::new("kill").arg(resident.id().to_string()).status().unwrap().success());
    resident.wait().unwrap();
}
