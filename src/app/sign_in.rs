//! A sign-in that is under way in the window. One at a time; it ends with the window, and nothing of it is there while nobody signs in.

use std::{rc::Rc, time::Duration};

use secrecy::ExposeSecret;
use tokio::{sync::oneshot, task::JoinSet, time::timeout};

use super::{
    App,
    engine::Renewal,
    wanted::{Deed, keyring_remedy},
    window::tell,
};
use crate::{
    control::{
        Response,
        window::{self, Authorize, Authorizing, Fault, Remedy, Secret, Told, Understood},
    },
    loopback, opener,
    portal::{Application, Pasted, Site, pasted},
    presence::{Ask, Failure},
    sign_in::{self, Authorization, Kept, Order, Problem, Trial},
    words,
};

/// A browser that did not fail by then opened.
const BROWSER_AT_MOST: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(super) struct SignIn {
    authorization: Option<Rc<Authorization>>,
    /// What was tried last, until it is kept.
    trial: Option<Trial>,
    steps: JoinSet<Step>,
}

/// A step of it that took time.
pub(super) struct Step {
    outcome: Outcome,
    asker: Asker,
}

enum Outcome {
    Begun { authorization: Authorization, browser_opened: bool },
    Tried(Trial),
    Failed(Problem),
}

/// Whoever waits is told in any case: that the sign-in has ended, if nothing else.
pub(super) struct Asker {
    answer: Option<oneshot::Sender<Response>>,
    ended: Told,
}

impl SignIn {
    /// The next step that is done; never, while none is under way. May be dropped at any point.
    pub(super) async fn step(&mut self) -> Step {
        loop {
            match self.steps.join_next().await {
                Some(Ok(step)) => return step,
                // Cut off.
                Some(Err(_)) => {}
                None => return std::future::pending().await,
            }
        }
    }

    /// Ends whatever is under way. What is handed back is to be waited for by whoever wants the port.
    fn end(&mut self) -> JoinSet<Step> {
        let Self { steps, .. } = std::mem::take(self);
        steps
    }

    fn begin(&mut self, asker: Asker, step: impl Future<Output = Result<Outcome, Problem>> + 'static) {
        self.steps.spawn_local(async move { Step { outcome: step.await.unwrap_or_else(Outcome::Failed), asker } });
    }
}

impl Asker {
    fn tell(mut self, told: Told) {
        if let Some(answer) = self.answer.take() {
            tell(answer, told);
        }
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        if let Some(answer) = self.answer.take() {
            tell(answer, self.ended.clone());
        }
    }
}

impl App {
    /// No request leaves the machine.
    pub(super) fn understand(&self, text: &Secret) -> Told {
        match pasted(text.0.expose_secret()) {
            Ok(Pasted::Webhook(webhook)) => Told::Understood(Understood::Webhook { portal: webhook.portal().to_owned() }),
            Ok(Pasted::Portal(portal)) => Told::Understood(Understood::Portal {
                portal: portal.address(),
                name: portal.readable(),
                webhook_page: portal.developer_page(),
                application_page: portal.developer_page(),
            }),
            Err(error) => Told::Fault(Fault::new(error.say(&self.wording.texts))),
        }
    }

    pub(super) fn try_webhook(&mut self, text: Secret, ca_file: Option<String>, answer: oneshot::Sender<Response>) {
        drop(self.sign_in.end());
        let asker = self.asker(answer);
        let ca_file = ca_file.map(Into::into);
        self.sign_in.begin(asker, async move { sign_in::try_webhook(text.0.expose_secret(), ca_file).await.map(Outcome::Tried) });
    }

    pub(super) fn authorize(&mut self, wish: Authorize, answer: oneshot::Sender<Response>) {
        // Its port may be the one that is wanted now.
        let mut before = self.sign_in.end();
        let asker = self.asker(answer);
        let order = match self.order(wish) {
            Ok(order) => order,
            Err(problem) => return asker.tell(Told::Fault(self.fault(&problem))),
        };
        self.sign_in.begin(asker, async move {
            before.shutdown().await;
            let authorization = Authorization::begin(order).await?;
            let opened = timeout(BROWSER_AT_MOST, opener::browse(authorization.address())).await;
            if let Ok(Err(error)) = &opened {
                tracing::warn!(%error, "no browser opened for a sign-in");
            }
            Ok(Outcome::Begun { authorization, browser_opened: !matches!(opened, Ok(Err(_))) })
        });
    }

    pub(super) fn await_browser(&mut self, answer: oneshot::Sender<Response>) {
        let asker = self.asker(answer);
        if let (Some(trial), Some(_)) = (&self.sign_in.trial, &self.sign_in.authorization) {
            return asker.tell(self.tried(trial));
        }
        let Some(authorization) = self.sign_in.authorization.clone() else { return };
        let texts = Rc::clone(&self.wording.texts);
        self.sign_in.begin(asker, async move { authorization.heard(&texts).await.map(Outcome::Tried) });
    }

    pub(super) fn paste_code(&mut self, text: Secret, answer: oneshot::Sender<Response>) {
        let asker = self.asker(answer);
        let Some(authorization) = self.sign_in.authorization.clone() else { return };
        self.sign_in.begin(asker, async move { authorization.pasted(text.0.expose_secret()).await.map(Outcome::Tried) });
    }

    /// Not a step of it: what is being stored is stored, whatever becomes of the window.
    pub(super) fn keep(&mut self, answer: oneshot::Sender<Response>) {
        let asker = self.asker(answer);
        let Some(trial) = self.sign_in.trial.clone() else { return };
        let (secrets, file) = (self.engine.accounts.secrets().clone(), self.engine.disk.settings_file().clone());
        let texts = Rc::clone(&self.wording.texts);
        self.errands.spawn_local(async move { Deed::Kept { kept: sign_in::keep(&trial, &secrets, &file, &texts).await, asker } });
    }

    pub(super) fn kept(&mut self, kept: Result<Kept, Problem>, asker: Asker) {
        let told = match kept {
            Ok(Kept { account, settings, .. }) => {
                drop(self.sign_in.end());
                self.engine.disk.learn(settings.accounts.into_iter().find(|entry| entry.id == account));
                self.reload(Renewal::All);
                Told::Kept { account: account.to_string() }
            }
            Err(problem) => Told::Fault(self.fault(&problem)),
        };
        asker.tell(told);
    }

    pub(super) fn abandon(&mut self) -> Told {
        drop(self.sign_in.end());
        Told::Done
    }

    pub(super) fn stepped(&mut self, Step { outcome, asker }: Step) {
        let told = match outcome {
            Outcome::Begun { authorization, browser_opened } => {
                let told = self.authorizing(&authorization, browser_opened);
                self.sign_in.authorization = Some(Rc::new(authorization));
                told
            }
            Outcome::Tried(trial) => {
                let told = self.tried(&trial);
                self.sign_in.trial = Some(trial);
                // Whoever still waits for the browser, or for another code, has no need of it any more.
                self.sign_in.steps.abort_all();
                told
            }
            Outcome::Failed(problem) => Told::Fault(self.fault(&problem)),
        };
        asker.tell(told);
    }

    pub(super) fn asker(&self, answer: oneshot::Sender<Response>) -> Asker {
        let ended = Told::Fault(Fault::new(self.wording.texts.say("sign-in-ended")));
        Asker { answer: Some(answer), ended }
    }

    fn order(&self, wish: Authorize) -> Result<Order, Problem> {
        let Authorize { portal, client_id, client_secret, port, ca_file, agreed_host } = wish;
        let port = port.or(self.engine.disk.settings().oauth_port).unwrap_or(loopback::PORT);
        Ok(Order {
            portal: Site::parse(&portal).map_err(Problem::Address)?,
            application: Application::new(&client_id, client_secret.0.expose_secret()).map_err(Problem::Application)?,
            port,
            ca_file: ca_file.map(Into::into),
            agreed_server: agreed_host,
        })
    }

    fn authorizing(&self, authorization: &Authorization, browser_opened: bool) -> Told {
        Told::Authorizing(Authorizing {
            address: authorization.address().to_owned(),
            redirect: authorization.redirect_address(),
            not_listening: authorization.not_listening().map(|problem| problem.say(&self.wording.texts)),
            browser_opened,
        })
    }

    fn tried(&self, trial: &Trial) -> Told {
        let account = trial.account();
        Told::Tried(window::Trial {
            name: trial.name(),
            portal: trial.portal().to_owned(),
            status: words::held_word(trial.held()),
            known: self.engine.disk.settings().accounts.iter().any(|entry| entry.id == account),
        })
    }

    fn fault(&self, problem: &Problem) -> Fault {
        Fault { sentence: problem.say(&self.wording.texts), remedy: remedy(problem) }
    }
}

fn remedy(problem: &Problem) -> Option<Remedy> {
    match problem {
        Problem::Trust(_) | Problem::Portal(Failure::Ask(Ask::UntrustedCertificate)) => Some(Remedy::CaFile),
        Problem::NotListening { .. } => Some(Remedy::OtherPort),
        Problem::UnknownServer { host } => Some(Remedy::AgreeToHost(host.clone())),
        Problem::Keyring(error) => keyring_remedy(error),
        Problem::Address(_)
        | Problem::Application(_)
        | Problem::Portal(_)
        | Problem::TimedOut
        | Problem::Redirect(_)
        | Problem::CodeRefused
        | Problem::NoRandomness
        | Problem::Settings(_) => None,
    }
}
