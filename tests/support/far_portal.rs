//! The demo's portal on a thread of its own: the far side of a real socket, for tests that look at the app from outside.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use b24status::demo::portal::{Arrival, Holding, Person, Portal};
use secrecy::ExposeSecret;

/// Serves until the test program ends.
pub struct FarPortal {
    portal: Arc<Portal>,
    arrivals: mpsc::Receiver<Arrival>,
}

impl FarPortal {
    /// The portal of Ivan Petrov, without the limit on requests.
    pub fn start() -> Self {
        let (ready, started) = mpsc::channel();
        let (tell, arrivals) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(serve(&ready, &tell));
        });
        Self { portal: started.recv().expect("a portal"), arrivals }
    }

    /// The secret to sign in with.
    pub fn webhook(&self) -> String {
        self.portal.webhook().expose_secret().to_owned()
    }

    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    pub fn holds(&self) -> Holding {
        self.portal.holds()
    }

    /// The next request for `method`, others before it are dropped; fails the test after `limit`.
    #[track_caller]
    pub fn next_call(&self, method: &str, limit: Duration) -> Arrival {
        let end = std::time::Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(std::time::Instant::now());
            let arrival = self.arrivals.recv_timeout(left).unwrap_or_else(|_| panic!("no {method} within {limit:?}; {:?}", self.holds()));
            if arrival.method == method {
                return arrival;
            }
        }
    }

    /// Forgets the requests that came until now.
    pub fn forget_calls(&self) {
        while self.arrivals.try_recv().is_ok() {}
    }

    /// The methods that came since the last look.
    pub fn calls(&self) -> Vec<String> {
        self.arrivals.try_iter().map(|arrival| arrival.method).collect()
    }
}

async fn serve(ready: &mpsc::Sender<Arc<Portal>>, tell: &mpsc::Sender<Arrival>) {
    let person = Person { id: 1, name: "Ivan".to_owned(), last_name: "Petrov".to_owned() };
    let portal = Arc::new(Portal::start(person).await.unwrap());
    portal.lift_limit();
    let mut arrivals = portal.arrivals();
    ready.send(Arc::clone(&portal)).unwrap();
    while let Some(arrival) = arrivals.recv().await {
        if tell.send(arrival).is_err() {
            return;
        }
    }
}
