//! A fake of Mutter's idle monitor, on the far side of a real bus. Its silence is whatever the test says.

use std::sync::{Arc, Mutex};

use zbus::object_server::SignalEmitter;

/// Offered until dropped, like the monitor of a shell.
pub struct Mutter {
    connection: zbus::Connection,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Milliseconds, one for each time that it is asked for; the last one stays.
    silence: Vec<u64>,
    asked: usize,
    watches: Vec<Watch>,
    last: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    id: u32,
    /// Milliseconds for a silence, nothing for the next input.
    pub interval: Option<u64>,
}

impl Mutter {
    pub async fn offered_on(connection: zbus::Connection) -> Self {
        let state = Arc::new(Mutex::new(State { silence: vec![0], ..State::default() }));
        connection.object_server().at(PATH, Monitor(Arc::clone(&state))).await.unwrap();
        connection.request_name("org.gnome.Mutter.IdleMonitor").await.unwrap();
        Self { connection, state }
    }

    /// What the next questions for the silence are answered with; the last answer stays.
    pub fn answer(&self, silence: &[u64]) {
        self.state.lock().unwrap().silence = silence.to_vec();
    }

    /// How often the silence was asked for.
    pub fn asked(&self) -> usize {
        self.state.lock().unwrap().asked
    }

    /// What is watched for, in the order in which it was asked.
    pub fn watched(&self) -> Vec<Option<u64>> {
        self.state.lock().unwrap().watches.iter().map(|watch| watch.interval).collect()
    }

    /// The silence reached every threshold.
    pub async fn fall_silent(&self) {
        let thresholds: Vec<_> = self.state.lock().unwrap().watches.iter().filter(|watch| watch.interval.is_some()).copied().collect();
        self.fire(&thresholds).await;
    }

    /// Input: the silence is over, and the watches for that fire and are gone.
    pub async fn input(&self) {
        self.answer(&[0]);
        let fired: Vec<_> = self.state.lock().unwrap().watches.extract_if(.., |watch| watch.interval.is_none()).collect();
        self.fire(&fired).await;
    }

    /// The shell ends.
    pub async fn end(self) {
        self.connection.close().await.unwrap();
    }

    async fn fire(&self, watches: &[Watch]) {
        let emitter = SignalEmitter::new(&self.connection, PATH).unwrap();
        for watch in watches {
            Monitor::watch_fired(&emitter, watch.id).await.unwrap();
        }
    }
}

const PATH: &str = "/org/gnome/Mutter/IdleMonitor/Core";

struct Monitor(Arc<Mutex<State>>);

#[zbus::interface(name = "org.gnome.Mutter.IdleMonitor")]
impl Monitor {
    fn add_idle_watch(&self, interval: u64) -> u32 {
        self.0.lock().unwrap().add(Some(interval))
    }

    fn add_user_active_watch(&self) -> u32 {
        self.0.lock().unwrap().add(None)
    }

    #[zbus(name = "GetIdletime")]
    fn idle_time(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        state.asked += 1;
        if state.silence.len() > 1 { state.silence.remove(0) } else { state.silence[0] }
    }

    #[zbus(signal)]
    async fn watch_fired(emitter: &SignalEmitter<'_>, id: u32) -> zbus::Result<()>;
}

impl State {
    fn add(&mut self, interval: Option<u64>) -> u32 {
        self.last += 1;
        self.watches.push(Watch { id: self.last, interval });
        self.last
    }
}
