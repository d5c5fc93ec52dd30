//! The window, as far as the running app can tell: one connection that watches, and requests beside it.

use std::time::Duration;

use b24status::{
    control::{
        self, Conversation, Request, Response,
        window::{Overview, Told, Wanted},
    },
    paths::Paths,
};
use tokio::{runtime::Builder, time::timeout};

const PATIENCE: Duration = Duration::from_secs(20);

/// Closes when it is dropped.
pub struct Window {
    watching: Conversation,
    paths: Paths,
}

impl Window {
    pub async fn open(paths: &Paths) -> Self {
        Self { watching: control::connect(paths, PATIENCE).await.unwrap(), paths: paths.clone() }
    }

    /// Watches on its own connection; everything else is asked beside it.
    pub async fn ask(&mut self, wanted: Wanted) -> Told {
        let request = Request::Window(wanted);
        let answer = if matches!(request, Request::Window(Wanted::Watch { .. })) {
            self.watching.ask(request).await
        } else {
            control::ask(&self.paths, request, PATIENCE).await
        };
        told(answer.unwrap())
    }

    pub async fn overview(&mut self, seen: Option<u64>) -> Overview {
        let told = self.ask(Wanted::Watch { seen }).await;
        let Told::Overview(overview) = told else { panic!("no overview: {told:?}") };
        *overview
    }

    /// When what the start brings with it is over.
    pub async fn settled(&mut self) -> Overview {
        let mut overview = self.overview(None).await;
        while let Ok(next) = timeout(Duration::from_millis(500), self.overview(Some(overview.revision))).await {
            overview = next;
        }
        // Its last question was not waited for.
        self.watching = control::connect(&self.paths, PATIENCE).await.unwrap();
        self.overview(None).await
    }

    /// Until it is shown.
    pub async fn sees(&mut self, what: &str, is_so: impl Fn(&Overview) -> bool) -> Overview {
        let waiting = async {
            let mut overview = self.overview(None).await;
            while !is_so(&overview) {
                overview = self.overview(Some(overview.revision)).await;
            }
            overview
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
    }
}

/// One request where there is no runtime and no window.
pub fn at_once(paths: &Paths, wanted: Wanted) -> Told {
    told(
        Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(control::ask(paths, Request::Window(wanted), PATIENCE))
            .unwrap(),
    )
}

fn told(response: Response) -> Told {
    let Response::Window(told) = response else { panic!("no answer for a window: {response:?}") };
    told
}
