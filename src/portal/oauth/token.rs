//! The two questions to an authorization server: a pair of tokens for a code, and a new pair for an old one. Nothing is repeated here.
//!
//! <https://apidocs.bitrix24.com/settings/oauth/index.html>, <https://apidocs.bitrix24.com/settings/oauth/auto-renewal.html>

use reqwest::{StatusCode, Url};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use super::{Application, Grant, Redirect, Server, Site};
use crate::{
    portal::{
        failure::{self, Welcome},
        transport::{Reply, Transport},
    },
    presence::{Ask, Failure, GiveUp, Later},
};

/// The pair for a code. [`Ask::SignInExpired`]: the code is not taken any more, which it is for half a minute, and once.
pub(in crate::portal) async fn exchange(
    transport: &Transport,
    redirect: &Redirect,
    application: &Application,
    server: &Server,
    site: &Site,
) -> Result<Grant, Failure> {
    let form = form(server, application, "authorization_code", ("code", redirect.code.expose_secret()));
    let answer = ask(transport, form).await?;
    Grant::of_answer(application, server, &site.endpoint(), &answer).ok_or(NO_ANSWER)
}

/// The pair that takes the place of this one, which may be of no use from then on. [`Ask::SignInExpired`]: it is of none.
pub(in crate::portal) async fn renew(transport: &Transport, grant: &Grant) -> Result<Grant, Failure> {
    let form = form(grant.server(), grant.application(), "refresh_token", ("refresh_token", grant.refresh().expose_secret()));
    let answer = ask(transport, form).await?;
    grant.renewed_by(&answer).ok_or(NO_ANSWER)
}

/// What says nothing about the tokens: they are kept.
const NO_ANSWER: Failure = Failure::Later(Later::NoAuthorizationServer);

/// The address with everything in its query: as documented for GET, and the form of a POST.
fn form(server: &Server, application: &Application, kind: &str, (name, value): (&str, &str)) -> Url {
    let mut form = server.token_address();
    form.query_pairs_mut()
        .append_pair("grant_type", kind)
        .append_pair("client_id", application.id())
        .append_pair("client_secret", application.secret())
        .append_pair(name, value);
    form
}

/// By POST, so that no secret stands in an address. GET is what is documented, and is tried where POST is not understood.
async fn ask(transport: &Transport, form: Url) -> Result<Map<String, Value>, Failure> {
    let mut bare = form.clone();
    bare.set_query(None);
    let body = form.query().unwrap_or_default().to_owned();
    let reply = transport.post_form(bare, body).await.map_err(of_connection)?;
    if reply.status == StatusCode::METHOD_NOT_ALLOWED || is_code(&reply, "invalid_request") {
        tracing::info!("the authorization server does not take POST: asking it once more by GET");
        return read(&transport.get(form).await.map_err(of_connection)?);
    }
    read(&reply)
}

fn read(reply: &Reply) -> Result<Map<String, Value>, Failure> {
    let Some(answer) = object(reply) else {
        tracing::debug!(status = reply.status.as_u16(), "the authorization server did not answer in JSON");
        return Err(NO_ANSWER);
    };
    match code(&answer) {
        // Errors come with every status, 200 among them.
        Some(code) => {
            tracing::info!(code, status = reply.status.as_u16(), "the authorization server refused");
            Err(of_code(&code, reply))
        }
        None if reply.status.is_success() => Ok(answer),
        None => Err(NO_ANSWER),
    }
}

fn of_code(code: &str, reply: &Reply) -> Failure {
    match code.to_ascii_uppercase().as_str() {
        "INVALID_GRANT" | "BAD_VERIFICATION_CODE" => Failure::Ask(Ask::SignInExpired),
        "INVALID_CLIENT" | "WRONG_CLIENT" => Failure::Ask(Ask::ApplicationRefused),
        "INVALID_SCOPE" | "INSUFFICIENT_SCOPE" => Failure::Ask(Ask::ApplicationWithoutChat),
        "INVALID_REQUEST" | "UNSUPPORTED_GRANT_TYPE" => Failure::GiveUp(GiveUp::OurFault { code: code.to_owned() }),
        // The portal's words for its own tokens; here they say nothing that is documented.
        "EXPIRED_TOKEN" | "INVALID_TOKEN" | "NO_AUTH_FOUND" | "INVALID_CREDENTIALS" => NO_ANSWER,
        _ => match failure::of_code(code, reply.status, Welcome { retry_after: reply.retry_after, budget: None }) {
            Failure::Later(Later::TooBusy { until }) => Failure::Later(Later::TooBusy { until }),
            Failure::Later(_) => NO_ANSWER,
            failure @ (Failure::Ask(_) | Failure::GiveUp(_)) => failure,
        },
    }
}

/// It is not the portal that cannot be reached.
fn of_connection(failure: Failure) -> Failure {
    match failure {
        Failure::Later(_) => NO_ANSWER,
        Failure::Ask(_) | Failure::GiveUp(_) => failure,
    }
}

fn object(reply: &Reply) -> Option<Map<String, Value>> {
    let body = reply.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&reply.body);
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) if reply.location.is_none() => Some(fields),
        Ok(_) | Err(_) => None,
    }
}

/// Fit for a log: a server might send a secret back.
fn code(answer: &Map<String, Value>) -> Option<String> {
    let error = answer.get("error").filter(|error| !error.is_null() && **error != Value::Bool(false))?;
    let word = error.as_str().unwrap_or_default();
    let plain = word.len() <= 40 && word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '_');
    Some(if plain { word.to_owned() } else { String::new() })
}

fn is_code(reply: &Reply, wanted: &str) -> bool {
    object(reply).and_then(|answer| code(&answer)).is_some_and(|code| code.eq_ignore_ascii_case(wanted))
}
