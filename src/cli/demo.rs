//! `b24status demo`: the app on the demo's stage. Nothing is stored, and nothing outside the process is changed.

use std::{
    io::{self, BufReader, Write},
    time::Duration,
};

use secrecy::ExposeSecret;
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::spawn_local,
    time::sleep,
};

use crate::{
    app::{self, Keeping, Launch, Parts},
    clock,
    control::{self, Claim},
    demo::stage::{self, Deed, Stage, typed},
    keyring::Secrets,
    paths::Paths,
    portal::Webhook,
    presence::{Automation, Event, IdleUse},
    settings::{AccountEntry, CredentialKind, Settings},
    text::Texts,
    tray::Host,
};

/// Runs until somebody quits, or for `time`.
pub async fn run(texts: fn() -> Texts, paths: &Paths, time: Option<Duration>, out: impl Write) -> io::Result<()> {
    let mut stage = Stage::set_up(texts(), typed(BufReader::new(io::stdin()))?, out).await?;
    let (orders, ordered) = unbounded_channel();
    let (hosts, mut told) = unbounded_channel();
    let secret = stage.portal().webhook();
    let webhook = Webhook::parse(secret.expose_secret()).map_err(|error| io::Error::other(format!("{error:?}")))?;
    let entry = account(&webhook, &texts());
    let parts = Parts {
        secrets: Secrets::in_memory([(entry.id.clone(), secret)]),
        keeping: Keeping::Memory(Settings { accounts: vec![entry], ..Settings::default() }),
        texts: texts(),
        launch: Launch::ByItself { activation_token: None },
        control: claim(paths),
        autostart: None,
        hosts: Some(hosts),
        orders: ordered,
    };
    let mut app = spawn_local(app::run(parts));
    let end = sleep(time.unwrap_or(Duration::MAX));
    tokio::pin!(end);
    let mut homeless = false;
    loop {
        tokio::select! {
            biased;
            deed = stage.next() => perform(deed?, &orders),
            Some(host) = told.recv() => if host != Host::Present && !std::mem::replace(&mut homeless, true) {
                stage.tell_that_there_is_no_tray()?;
            },
            () = &mut end, if time.is_some() => {
                end.as_mut().reset(tokio::time::Instant::now() + Duration::from_hours(1));
                perform(Deed::Quit, &orders);
            }
            ended = &mut app => return ended.map_err(io::Error::other)?,
        }
    }
}

/// `None` where there is no place for it: then the demo has no window.
fn claim(paths: &Paths) -> Option<Claim> {
    let claimed = control::claim_apart(paths, &format!("b24status-demo-{}", std::process::id()));
    claimed.inspect_err(|error| tracing::warn!(?error, "the demo has no window: there is no place for its control socket")).ok()
}

fn account(webhook: &Webhook, texts: &Texts) -> AccountEntry {
    let person = stage::person(texts);
    AccountEntry {
        id: webhook.account(person.id.into()),
        portal: webhook.portal().to_owned(),
        name: format!("{} {}", person.name, person.last_name),
        kind: CredentialKind::Webhook,
        ca_file: None,
        idle: IdleUse::Marked,
    }
}

fn perform(deed: Deed, orders: &UnboundedSender<Event>) {
    let event = match deed {
        Deed::Choose(status) => Event::Chosen { status, end: None },
        Deed::StopInput => Event::InputStopped { since: clock::ago(Automation::default().idle_after) },
        Deed::ResumeInput => Event::InputResumed,
        Deed::Lock => Event::SessionLocked,
        Deed::Unlock => Event::SessionUnlocked,
        Deed::Quit => Event::QuitAsked,
    };
    // An app that has ended is noticed by the one who waits for it.
    let _ = orders.send(event);
}
