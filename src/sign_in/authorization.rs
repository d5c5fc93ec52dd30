//! One sign-in in the browser: the question that the browser takes to the portal, and the answer that it brings back, heard or pasted.
//!
//! Two at a time are for whoever holds them: dropping one closes its port, and whoever asks for a sign-in expects the newest one to work.

use std::{path::PathBuf, sync::Arc};

use secrecy::ExposeSecret;

use super::{Problem, Trial, trial::try_out};
use crate::{
    loopback::{self, Judge, Listener, TimedOut, Verdict},
    portal::{self, Application, Credential, ExchangeError, Redirect, RedirectError, Server, Site, State, Trust, UnknownServer},
    presence::{Ask, Failure},
    text::Texts,
};

/// Which application signs in where.
#[derive(Debug, Clone)]
pub struct Order {
    pub portal: Site,
    pub application: Application,
    /// Of the return address in the application's card.
    pub port: u16,
    pub ca_file: Option<PathBuf>,
    /// The authorization server to which the person agreed, besides those that Bitrix24 is known for: host, and port if it is not the usual one.
    pub agreed_server: Option<String>,
}

/// Waits for the browser, for five minutes at most. Its port is closed when this is dropped.
pub struct Authorization {
    order: Order,
    state: Arc<State>,
    listener: Result<Listener, Problem>,
    address: String,
}

impl Authorization {
    /// Opens the port; no request leaves the machine. A port that is taken is no error: see [`Authorization::not_listening`].
    pub async fn begin(order: Order) -> Result<Self, Problem> {
        let state = Arc::new(State::new().map_err(|_| Problem::NoRandomness)?);
        let listener = Listener::bind(order.port).await.map_err(|error| {
            tracing::info!(%error, port = order.port, "the loopback port is not to be had: the code has to be pasted");
            Problem::NotListening { port: order.port }
        });
        let address = order.portal.authorize_address(&order.application, &state);
        Ok(Self { order, state, listener, address })
    }

    /// What the browser opens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What has to stand in the application's card as the place to return to.
    pub fn redirect_address(&self) -> String {
        let port = self.listener.as_ref().map_or(self.order.port, Listener::port);
        loopback::address(port)
    }

    /// Why the answer has to be pasted; `None` where it is heard.
    pub fn not_listening(&self) -> Option<&Problem> {
        self.listener.as_ref().err()
    }

    /// Waits for the browser, exchanges its code at once, and tries what comes of it. For ever where nobody listens.
    pub async fn heard(&self, texts: &Texts) -> Result<Trial, Problem> {
        let Ok(listener) = &self.listener else { return std::future::pending().await };
        let query = listener.redirect(self.judge(), texts).await.map_err(|TimedOut| Problem::TimedOut)?;
        let redirect = Redirect::heard(query.expose_secret(), &self.state, &self.order.portal).map_err(Problem::Redirect)?;
        self.exchange(&redirect).await
    }

    /// The code, or the whole address to which the browser was sent. [`Problem::is_a_slip`] tells whether another text may follow.
    pub async fn pasted(&self, text: &str) -> Result<Trial, Problem> {
        let redirect = Redirect::pasted(text, &self.state, &self.order.portal).map_err(Problem::Redirect)?;
        self.exchange(&redirect).await
    }

    /// Before the browser is answered: only the one who knows the state is heard.
    fn judge(&self) -> Judge {
        let (state, site) = (Arc::clone(&self.state), self.order.portal.clone());
        Arc::new(move |query| match Redirect::heard(query, &state, &site) {
            Ok(_) => Verdict::Ours,
            Err(RedirectError::Refused { .. } | RedirectError::OtherPortal { .. } | RedirectError::NotUnderstood) => Verdict::Ours,
            Err(RedirectError::WrongState) => Verdict::Foreign,
            Err(RedirectError::NoCode | RedirectError::Empty) => Verdict::Nothing,
        })
    }

    async fn exchange(&self, redirect: &Redirect) -> Result<Trial, Problem> {
        let Order { portal: site, application, ca_file, agreed_server, .. } = &self.order;
        let server = Server::of(redirect.server(), site, agreed_server.as_deref())
            .map_err(|UnknownServer { host }| Problem::UnknownServer { host })?;
        let trust = Trust { ca_file: ca_file.clone() };
        let grant = portal::exchange_code(redirect, application, &server, site, &trust).await.map_err(problem)?;
        try_out(Credential::OAuth(Box::new(grant)), ca_file.clone()).await
    }
}

fn problem(error: ExchangeError) -> Problem {
    match error {
        ExchangeError::Trust(error) => Problem::Trust(error),
        ExchangeError::Failure(Failure::Ask(Ask::SignInExpired)) => Problem::CodeRefused,
        ExchangeError::Failure(failure) => Problem::Portal(failure),
    }
}
