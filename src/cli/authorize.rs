//! `b24status login --oauth PORTAL --client-id ID --client-secret -`: the browser opens, and its answer is heard or pasted, whichever comes first.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use secrecy::zeroize::Zeroize;

use super::{
    Browser, Context, Exit,
    login::{keep, read_unseen},
    terminal,
};
use crate::{
    loopback, opener,
    portal::{Application, RedirectError, Site},
    sign_in::{Authorization, Order, Problem, Trial},
    text::Texts,
};

/// More than the longest address that a browser shows.
const ANSWER_BYTES_AT_MOST: u64 = 16 * 1024;

pub(super) struct Wish {
    pub(super) portal: String,
    pub(super) client_id: String,
    pub(super) port: Option<u16>,
    pub(super) browser: Browser,
    pub(super) server: Option<String>,
    pub(super) ca_file: Option<PathBuf>,
}

pub(super) async fn run(context: &mut Context, wish: Wish, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Exit> {
    let browser = wish.browser;
    let order = order(context, wish, err)?;
    let answers = terminal::lines(std::mem::replace(&mut context.input, Box::new(io::empty())), ANSWER_BYTES_AT_MOST)?;
    let texts = &context.texts;
    let authorization = Authorization::begin(order).await.map_err(|problem| Exit::sign_in(&problem, texts))?;
    if let Some(problem) = authorization.not_listening() {
        writeln!(err, "{}", problem.say(texts))?;
    }
    writeln!(out, "{}\n{}", texts.say("cli-open-address"), authorization.address())?;
    writeln!(out, "{}", texts.say_with("cli-paste-answer", &[("redirect", authorization.redirect_address().into())]))?;
    out.flush()?;
    let trial = Waiting { authorization: &authorization, browser, answers, texts }.end(err).await?;
    if let Err(Problem::UnknownServer { host }) = &trial {
        writeln!(err, "{}", texts.say_with("cli-agree-to-server", &[("host", host.as_str().into())]))?;
    }
    keep(context, trial, out, err).await
}

/// What is wrong with any of it is told before the secret is asked for, but what is wrong with the secret.
fn order(context: &mut Context, wish: Wish, err: &mut dyn Write) -> Result<Order, Exit> {
    let exit = |problem: Problem, texts: &Texts| Exit::sign_in(&problem, texts);
    let portal = Site::parse(&wish.portal).map_err(|error| exit(Problem::Address(error), &context.texts))?;
    let mut secret = read_unseen(context, "cli-paste-client-secret", err)?;
    let application = Application::new(&wish.client_id, &secret).map_err(|error| exit(Problem::Application(error), &context.texts));
    secret.zeroize();
    let port = wish.port.or(context.settings.load().settings.oauth_port).unwrap_or(loopback::PORT);
    Ok(Order { portal, application: application?, port, ca_file: wish.ca_file, agreed_server: wish.server })
}

struct Waiting<'a> {
    authorization: &'a Authorization,
    browser: Browser,
    answers: tokio::sync::mpsc::Receiver<String>,
    texts: &'a Texts,
}

impl Waiting<'_> {
    async fn end(mut self, err: &mut dyn Write) -> Result<Result<Trial, Problem>, Exit> {
        let heard = self.authorization.heard(self.texts);
        let opening = open(self.browser, self.authorization.address());
        tokio::pin!(heard, opening);
        let (mut slip, mut typing, mut is_opening) = (None, true, true);
        loop {
            tokio::select! {
                trial = &mut heard => return Ok(trial),
                opened = &mut opening, if is_opening => {
                    is_opening = false;
                    if opened.is_err() {
                        writeln!(err, "{}", self.texts.say("cli-browser-not-opened"))?;
                    }
                }
                answer = self.answers.recv(), if typing => match answer {
                    Some(answer) if answer.trim().is_empty() => {}
                    Some(answer) => match self.pasted(answer, &mut slip).await {
                        Err(problem) if problem.is_a_slip() => writeln!(err, "{}", problem.say(self.texts))?,
                        trial => return Ok(trial),
                    },
                    None if self.is_over(slip.is_some()) => return Ok(Err(self.why(slip).await)),
                    None => typing = false,
                },
            }
        }
    }

    /// A terminal breaks a long address where a mail did: what was not understood may be the beginning of what comes now.
    async fn pasted(&self, answer: String, slip: &mut Option<String>) -> Result<Trial, Problem> {
        let whole = slip.take().unwrap_or_default() + &answer;
        let trial = match self.authorization.pasted(&whole).await {
            Err(problem) if problem.is_a_slip() => self.authorization.pasted(&answer).await,
            trial => trial,
        };
        if trial.as_ref().is_err_and(Problem::is_a_slip) {
            *slip = Some(answer);
        }
        trial
    }

    /// Nothing more can be typed: whether anything can still be heard.
    fn is_over(&self, slipped: bool) -> bool {
        self.authorization.not_listening().is_some() || (slipped && self.browser == Browser::LeftToThePerson)
    }

    async fn why(&self, slip: Option<String>) -> Problem {
        let empty = Problem::Redirect(RedirectError::Empty);
        match slip {
            Some(answer) => self.authorization.pasted(&answer).await.err().unwrap_or(empty),
            None => empty,
        }
    }
}

/// Where the browser is left to the person, nothing is to be opened, and nothing goes wrong.
async fn open(browser: Browser, address: &str) -> io::Result<()> {
    match browser {
        Browser::Opened => opener::browse(address).await,
        Browser::LeftToThePerson => Ok(()),
    }
}
