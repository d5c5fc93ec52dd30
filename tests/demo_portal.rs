//! The built-in portal from the outside: what a client sees on the wire, fault by fault.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise, in its helpers too")]

use std::{
    io::ErrorKind,
    net::SocketAddr,
    time::{Duration, Instant},
};

use b24status::{
    demo::portal::{Application, Column, Fault, Holding, Method, Outcome, Person, Portal, Refusal, Step},
    presence::Status,
    text::Language,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc::UnboundedReceiver,
    time::timeout,
};

#[tokio::test]
async fn a_status_that_is_set_is_read_back() {
    let portal = portal().await;
    assert_eq!(call(&portal, "im.user.status.get", json!({})).await, (200, json!(false)));
    assert_eq!(call(&portal, "im.user.status.set", json!({"STATUS": "dnd"})).await, (200, json!(true)));
    assert_eq!(call(&portal, "im.user.status.get.json", json!({})).await, (200, json!("dnd")));
    assert_eq!(portal.holds(), Holding { status: Status::Dnd.into(), idle_minutes: None });
}

#[tokio::test]
async fn the_webhook_tells_whose_it_is_and_what_it_may_do() {
    let portal = portal().await;
    let (_, profile) = call(&portal, "profile", json!({})).await;
    assert_eq!((&profile["ID"], &profile["NAME"], &profile["LAST_NAME"]), (&json!("1"), &json!("Ivan"), &json!("Petrov")));
    assert_eq!(call(&portal, "scope", json!({})).await, (200, json!(["im", "user_brief"])));
}

#[tokio::test]
async fn parameters_come_in_a_query_a_form_or_json() {
    let portal = portal().await;
    let path = |method: &str| format!("{}{method}", path_of(&portal));
    for request in [
        get(&path("im.user.status.set?STATUS=away")),
        post(&path("im.user.status.set"), "application/x-www-form-urlencoded", "status=away"),
        post(&path("im.user.status.set?STATUS=dnd"), "application/json", r#"{"STATUS":"away"}"#),
    ] {
        portal.change_elsewhere(Column::NoRow);
        assert!(raw(portal.address(), &request).await.starts_with("HTTP/1.1 200"), "{request}");
        assert_eq!(portal.holds().status, Status::Away.into(), "{request}");
    }
}

#[tokio::test]
async fn a_broken_body_is_a_call_without_parameters() {
    let portal = portal().await;
    let broken = post(&format!("{}im.user.status.idle.start", path_of(&portal)), "application/json", r#"{"AGO":25"#);
    assert!(raw(portal.address(), &broken).await.starts_with("HTTP/1.1 200"));
    assert_eq!(portal.holds().idle_minutes, Some(10));
    let broken = post(&format!("{}im.user.status.set", path_of(&portal)), "application/json", r#"{"STATUS":"dnd""#);
    assert!(raw(portal.address(), &broken).await.contains("STATUS_ERROR"));
}

#[tokio::test]
async fn an_answer_looks_like_the_real_one() {
    let portal = portal().await;
    portal.change_elsewhere("on/holiday");
    let answer = raw(portal.address(), &get(&format!("{}im.user.status.get", path_of(&portal)))).await.to_lowercase();
    for part in
        ["content-type: application/json; charset=utf-8\r\n", "set-cookie: phpsessid=", r#""result":"on\/holiday""#, r#""operating":0"#]
    {
        assert!(answer.contains(part), "{part} is not in {answer}");
    }
}

#[tokio::test]
async fn a_good_answer_says_when_the_time_budget_counts_anew() {
    let portal = portal().await;
    portal.reset_budget_in(Duration::from_secs(77));
    let answer: Value = client().get(url_of(&portal, "server.time")).send().await.unwrap().json().await.unwrap();
    let time = &answer["time"];
    assert_eq!(time["operating_reset_at"].as_i64().unwrap(), time["start"].as_i64().unwrap() + 77);
}

#[tokio::test]
async fn an_unknown_method_says_nothing_about_the_credential() {
    let portal = portal().await;
    for (path, status, code) in [
        ("/rest/1/wrong/im.user.status.have", 404, "ERROR_METHOD_NOT_FOUND"),
        ("/rest/1/wrong/profile", 401, "INVALID_CREDENTIALS"),
        ("/rest/profile", 401, "NO_AUTH_FOUND"),
    ] {
        let answer = client().get(format!("http://{}{path}", portal.address())).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], code, "{path}");
    }
}

#[tokio::test]
async fn outside_of_rest_there_is_a_page_for_people() {
    let portal = portal().await;
    let answer = client().get(format!("http://{}/company/", portal.address())).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn each_portal_has_its_own_code() {
    let (one, other) = (portal().await, portal().await);
    assert_ne!(path_of(&one), path_of(&other));
    assert!(!format!("{:?}", one.webhook()).contains("rest"));
}

#[tokio::test]
async fn a_request_is_told_without_its_secret() {
    let portal = portal().await;
    let mut arrivals = portal.arrivals();
    let url = format!("{}im.user.status.set?auth=token", portal.webhook().expose_secret());
    client().post(url).bearer_auth("token").json(&json!({"STATUS": "dnd"})).send().await.unwrap();
    let arrival = arrivals.recv().await.unwrap();
    assert_eq!((arrival.verb.as_str(), arrival.known()), ("POST", Some(Method::StatusSet)));
    assert_eq!(arrival.parameters, [("STATUS".to_owned(), json!("dnd"))].into());
    assert_eq!(arrival.outcome, Outcome::Answered(json!(true)));
    assert_eq!((arrival.connection, arrival.in_flight), (1, 1));
    assert_eq!(arrival.header("user-agent"), Some("test/1"));
    let told = format!("{arrival:?}");
    assert!(!told.contains(code_of(&portal).as_str()) && !told.contains("token"), "{told}");
}

#[tokio::test]
async fn a_code_at_the_place_of_the_method_is_not_told() {
    let portal = portal().await;
    let mut arrivals = portal.arrivals();
    let url = format!("http://{}/rest/{}", portal.address(), code_of(&portal));
    client().get(url).send().await.unwrap();
    assert_eq!(arrivals.recv().await.unwrap().method, "…");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let portal = portal().await;
    let mut arrivals = portal.arrivals();
    let client = client();
    for _ in 0..3 {
        client.get(url_of(&portal, "server.time")).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(arrivals.recv().await.unwrap().connection, 1);
    }
}

#[tokio::test]
async fn hanging_up_ends_the_open_connections_and_takes_new_ones() {
    let portal = portal().await;
    let mut idle = TcpStream::connect(portal.address()).await.unwrap();
    // Asked once, so that the portal has taken it up.
    idle.write_all(format!("GET {}server.time HTTP/1.1\r\nHost: p\r\n\r\n", path_of(&portal)).as_bytes()).await.unwrap();
    assert!(idle.read(&mut [0; 4096]).await.unwrap() > 0);
    portal.hang_up();
    assert_eq!(timeout(Duration::from_secs(5), idle.read(&mut [0; 4096])).await.unwrap().unwrap(), 0);
    assert_eq!(call(&portal, "im.user.status.get", json!({})).await, (200, json!(false)));
}

#[tokio::test]
async fn above_its_rate_the_portal_is_too_busy() {
    let portal = portal().await;
    let client = client();
    let mut refused = 0;
    for _ in 0..60 {
        let answer = client.get(url_of(&portal, "server.time")).send().await.unwrap();
        if answer.status() == 503 {
            refused += 1;
            assert_eq!(answer.json::<Value>().await.unwrap()["error"], "QUERY_LIMIT_EXCEEDED");
        }
    }
    assert!(refused > 0);
    portal.lift_limit();
    assert_eq!(client.get(url_of(&portal, "server.time")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_reset_before_does_nothing_and_a_reset_after_does_it() {
    let portal = portal().await;
    portal.fail(Fault::ResetBefore);
    assert!(broken_off(&portal, "dnd").await);
    assert_eq!(portal.holds().status, Column::NoRow);
    portal.fail(Fault::ResetAfter);
    assert!(broken_off(&portal, "dnd").await);
    assert_eq!(portal.holds().status, Status::Dnd.into());
}

#[tokio::test]
async fn silence_lasts_until_the_client_gives_up() {
    let portal = portal().await;
    let mut arrivals = portal.arrivals();
    portal.fail(Fault::Silence);
    let hanging = tokio::spawn(set(&portal, "dnd"));
    assert_eq!(arrivals.recv().await.unwrap().outcome, Outcome::Disturbed(Fault::Silence));
    let meanwhile = set(&portal, "away").await;
    assert!(meanwhile.is_ok() && !hanging.is_finished());
    assert_eq!(arrivals.recv().await.unwrap().in_flight, 2);
    assert_eq!(portal.holds().status, Status::Away.into());
    hanging.abort();
}

#[tokio::test]
async fn a_late_answer_comes_late_although_the_thing_is_done() {
    let portal = portal().await;
    let mut arrivals = portal.arrivals();
    portal.fail(Fault::Late(Duration::from_millis(50)));
    let begin = Instant::now();
    let answer = tokio::spawn(set(&portal, "dnd"));
    arrivals.recv().await.unwrap();
    assert_eq!(portal.holds().status, Status::Dnd.into());
    assert_eq!(answer.await.unwrap().unwrap().0, 200);
    assert!(begin.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_dripping_answer_is_whole_in_the_end() {
    let portal = portal().await;
    portal.fail(Fault::Drip(Duration::from_millis(1)));
    let begin = Instant::now();
    assert_eq!(set(&portal, "dnd").await.unwrap(), (200, json!(true)));
    assert!(begin.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_truncated_answer_ends_before_its_announced_length() {
    let portal = portal().await;
    portal.fail(Fault::Truncated);
    let answer = raw(portal.address(), &get(&format!("{}server.time", path_of(&portal)))).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let announced: usize = head.to_lowercase().split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    assert!(!body.is_empty() && body.len() < announced, "{} of {announced}", body.len());
}

#[tokio::test]
async fn the_answers_of_something_else_are_not_rest() {
    let portal = portal().await;
    for (fault, status, content_type, length) in [
        (Fault::Html(200), 200, "text/html; charset=UTF-8", 10..1000),
        (Fault::Html(403), 403, "text/html; charset=UTF-8", 10..1000),
        (Fault::WrongType, 200, "text/html; charset=UTF-8", 10..1000),
        (Fault::Garbage, 200, "application/json; charset=utf-8", 256..257),
        (Fault::BrokenJson, 200, "application/json; charset=utf-8", 10..11),
        (Fault::Empty, 200, "application/json; charset=utf-8", 0..1),
        (Fault::Huge, 200, "application/json; charset=utf-8", (1 << 20)..(1 << 21)),
    ] {
        portal.fail(fault.clone());
        let answer = client().get(url_of(&portal, "server.time")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (status, content_type), "{fault:?}");
        assert!(length.contains(&answer.bytes().await.unwrap().len()), "{fault:?}");
    }
}

#[tokio::test]
async fn any_answer_at_all_can_be_asked_for() {
    let portal = portal().await;
    portal.fail(Fault::Exactly { status: 418, content_type: "text/plain", body: b"{}".to_vec() });
    let answer = client().get(url_of(&portal, "server.time")).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (418, "text/plain"));
    assert_eq!(answer.bytes().await.unwrap(), "{}");
}

#[tokio::test]
async fn a_refusal_has_the_code_of_the_table() {
    let portal = portal().await;
    portal.fail(Fault::Refused(Refusal::TooBusy).until_healed().only(&[Method::StatusSet]));
    let mut arrivals = portal.arrivals();
    assert_eq!(set(&portal, "dnd").await.unwrap(), (503, json!("QUERY_LIMIT_EXCEEDED")));
    assert_eq!(arrivals.recv().await.unwrap().outcome, Outcome::Refused(Refusal::TooBusy));
    assert_eq!(call(&portal, "im.user.status.get", json!({})).await, (200, json!(false)));
    portal.heal();
    assert_eq!(set(&portal, "dnd").await.unwrap(), (200, json!(true)));
}

#[tokio::test]
async fn a_portal_that_moved_takes_the_same_credential_at_the_new_address() {
    let old = portal().await;
    let new = old.start_moved().await.unwrap();
    old.fail(Fault::Redirect { status: 302, to: format!("http://{}", new.address()) });
    let answer = client().get(url_of(&old, "server.time?x=1")).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap();
    assert_eq!(location, url_of(&new, "server.time?x=1"));
    assert_eq!(client().get(location).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_portal_that_is_down_refuses_connections_until_it_is_back() {
    let portal = portal().await;
    set(&portal, "dnd").await.unwrap();
    portal.go_down().await;
    assert_eq!(TcpStream::connect(portal.address()).await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    portal.come_back().await.unwrap();
    assert_eq!(call(&portal, "im.user.status.get", json!({})).await, (200, json!("dnd")));
}

#[tokio::test]
async fn a_portal_ends_when_it_is_dropped() {
    let portal = portal().await;
    let mut open = TcpStream::connect(portal.address()).await.unwrap();
    let mut arrivals = portal.arrivals();
    drop(portal);
    let end = timeout(Duration::from_secs(5), open.read(&mut [0])).await.unwrap();
    assert!(matches!(end, Ok(0)) || end.is_err());
    assert!(ends(&mut arrivals).await);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let portal = portal().await;
    let body = "a".repeat(65 * 1024);
    let request = post(&format!("{}im.user.status.set", path_of(&portal)), "application/json", &body);
    assert!(raw(portal.address(), &request).await.starts_with("HTTP/1.1 413"));
}

#[tokio::test]
async fn nonsense_on_the_socket_hurts_nobody() {
    let portal = portal().await;
    for nonsense in ["\r\n\r\n", "\x16\x03\x01\x02\0", "GET\r\n\r\n", "POST /rest/ HTTP/1.1\r\nContent-Length: x\r\n\r\n"] {
        let mut stream = TcpStream::connect(portal.address()).await.unwrap();
        stream.write_all(nonsense.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        rest_of(stream).await;
    }
    assert_eq!(call(&portal, "im.user.status.get", json!({})).await, (200, json!(false)));
}

#[tokio::test]
async fn an_application_signs_in_calls_and_refreshes() {
    let (portal, application) = portal_with_an_application().await;
    let mut arrivals = portal.arrivals();
    let tokens = sign_in(&portal, &application).await;
    assert_eq!(tokens["client_endpoint"], format!("http://{}/rest/", portal.address()));
    assert_eq!(call_with(&portal, &tokens).await, (200, json!(false)));
    portal.age_tokens(Duration::from_secs(3600));
    assert_eq!(call_with(&portal, &tokens).await, (401, json!("expired_token")));
    let (_, renewed) = refresh(&portal, &application, &tokens).await;
    assert_eq!(call_with(&portal, &renewed).await, (200, json!(false)));
    assert_eq!(refresh(&portal, &application, &tokens).await.1["error"], "invalid_grant");
    portal.forget_tokens();
    assert_eq!(call_with(&portal, &renewed).await, (401, json!("invalid_token")));

    let mut told = Vec::new();
    while let Ok(arrival) = arrivals.try_recv() {
        told.push((arrival.step, arrival.pair, arrival.outcome));
    }
    assert_eq!(
        told,
        [
            (Some(Step::Allow), None, Outcome::Answered(json!(true))),
            (Some(Step::Exchange), None, Outcome::Answered(json!(1))),
            (None, Some(1), Outcome::Answered(json!(false))),
            (None, Some(1), Outcome::Refused(Refusal::ExpiredToken)),
            (Some(Step::Refresh), Some(1), Outcome::Answered(json!(2))),
            (None, Some(2), Outcome::Answered(json!(false))),
            (Some(Step::Refresh), Some(1), Outcome::Refused(Refusal::InvalidGrant)),
            (None, None, Outcome::Refused(Refusal::InvalidToken)),
        ]
    );
}

#[tokio::test]
async fn a_token_comes_in_a_header_a_query_or_a_body() {
    let (portal, application) = portal_with_an_application().await;
    let tokens = sign_in(&portal, &application).await;
    let access = tokens["access_token"].as_str().unwrap();
    let url = format!("http://{}/rest/server.time", portal.address());
    let client = client();
    for request in [
        client.get(&url).bearer_auth(access),
        client.get(format!("{url}?auth={access}")),
        client.post(&url).json(&json!({"auth": access})),
        // The header wins.
        client.get(format!("{url}?auth=another")).bearer_auth(access),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    assert_eq!(client.get(format!("{url}?auth={access}")).bearer_auth("another").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_page_asks_who_lets_in_what_and_needs_no_mouse() {
    let (portal, application) = portal_with_an_application().await;
    for (language, parts) in [
        (Language::English, ["<html lang=\"en\">", "Ivan Petrov", "b24status", "value=\"allow\" autofocus>Allow<", ">Cancel<"]),
        (Language::Russian, ["<html lang=\"ru\">", "Ivan Petrov", "b24status", "value=\"allow\" autofocus>Разрешить<", ">Отмена<"]),
    ] {
        portal.speak(language);
        let answer = client().get(consent(&portal, &application.client_id)).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/html; charset=UTF-8");
        let page = answer.text().await.unwrap();
        for part in parts {
            assert!(page.contains(part), "{part} is not in {page}");
        }
        assert!(!page.contains("demo-"), "{page}");
    }
}

#[tokio::test]
async fn what_fails_in_the_browser_is_a_page_and_no_way_back() {
    let (portal, application) = portal_with_an_application().await;
    for (client_id, answer) in [(application.client_id.as_str(), "cancel"), ("local.0.0", "allow")] {
        let request = client().post(consent(&portal, client_id)).body(format!("answer={answer}"));
        let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (200, None), "{client_id}");
        assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    }
}

#[tokio::test]
async fn tokens_are_asked_for_by_get_as_well() {
    let (portal, application) = portal_with_an_application().await;
    let code = allow(&portal, &application).await;
    let (id, secret) = (&application.client_id, application.client_secret.expose_secret());
    let query = format!("grant_type=authorization_code&client_id={id}&client_secret={secret}&code={code}");
    let answer = client().get(format!("http://{}/oauth/token/?{query}", portal.address())).send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["user_id"], 1);
}

#[tokio::test]
async fn nothing_of_a_sign_in_is_told() {
    let (portal, application) = portal_with_an_application().await;
    let mut arrivals = portal.arrivals();
    let tokens = sign_in(&portal, &application).await;
    call_with(&portal, &tokens).await;
    refresh(&portal, &application, &tokens).await;
    let mut told = String::new();
    while let Ok(arrival) = arrivals.try_recv() {
        told.push_str(&format!("{arrival:?}"));
    }
    assert!(told.contains("authorization_code") && told.contains(&application.client_id), "{told}");
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    for secret in [application.client_secret.expose_secret(), &token("access_token"), &token("refresh_token"), "the-state", "code="] {
        assert!(!told.contains(secret), "{secret} is in {told}");
    }
}

#[tokio::test]
async fn an_authorization_server_fails_in_every_way() {
    let (portal, application) = portal_with_an_application().await;
    let tokens = sign_in(&portal, &application).await;
    let grant = Refusal::Other { status: 200, code: "invalid_grant".into() };
    for (fault, status, part) in [
        (Fault::Refused(grant), 200, r#""error":"invalid_grant""#),
        (Fault::Html(200), 200, "<h1>"),
        (Fault::Html(502), 502, "<h1>"),
        (Fault::Empty, 200, ""),
        (Fault::Refused(Refusal::ServerTrouble), 500, "INTERNAL_SERVER_ERROR"),
    ] {
        portal.fail(fault.clone().once().at(&[Step::Refresh]));
        let answer = ask_for_tokens(&portal, &application, &renewal(&tokens)).await.unwrap();
        let (answered, body) = (answer.status().as_u16(), answer.text().await.unwrap());
        assert!(answered == status && body.contains(part), "{fault:?}: {answered} {body}");
        assert_eq!(call_with(&portal, &tokens).await, (200, json!(false)), "REST and the tokens stay as they are");
    }
    portal.fail(Fault::Drip(Duration::from_millis(1)).once().at(&[Step::Refresh]));
    assert_eq!(refresh(&portal, &application, &tokens).await.0, 200);
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_has_spent_the_token() {
    let (portal, application) = portal_with_an_application().await;
    let tokens = sign_in(&portal, &application).await;
    portal.fail(Fault::ResetBefore.once().at(&[Step::Refresh]));
    assert!(ask_for_tokens(&portal, &application, &renewal(&tokens)).await.is_err());
    assert_eq!(call_with(&portal, &tokens).await.0, 200);
    portal.fail(Fault::ResetAfter.once().at(&[Step::Refresh]));
    assert!(ask_for_tokens(&portal, &application, &renewal(&tokens)).await.is_err());
    assert_eq!(
        refresh(&portal, &application, &tokens).await,
        (400, json!({"error": "invalid_grant", "error_description": "Invalid grant"}))
    );
}

#[tokio::test]
async fn the_tokens_of_a_portal_that_moved_are_good_at_the_new_address() {
    let (old, application) = portal_with_an_application().await;
    let tokens = sign_in(&old, &application).await;
    let new = old.start_moved().await.unwrap();
    assert_eq!(call_with(&new, &tokens).await.0, 200);
    let (_, renewed) = refresh(&old, &application, &tokens).await;
    assert_eq!(renewed["client_endpoint"], format!("http://{}/rest/", new.address()));
    assert_eq!(renewed["domain"], old.address().to_string());
    assert_eq!(call_with(&new, &renewed).await.0, 200);
}

#[tokio::test]
async fn the_authorization_server_is_named_as_it_wants() {
    let (portal, application) = portal_with_an_application().await;
    portal.name_authorization_server("oauth.example");
    assert!(allowed(&portal, &application).await.ends_with("&server_domain=oauth%2Eexample"));
}

async fn portal() -> Portal {
    Portal::start(Person { id: 1, name: "Ivan".into(), last_name: "Petrov".into() }).await.unwrap()
}

async fn portal_with_an_application() -> (Portal, Application) {
    let portal = portal().await;
    let application = portal.register("b24status", "http://127.0.0.1:24824/").unwrap();
    (portal, application)
}

fn consent(portal: &Portal, client_id: &str) -> String {
    format!("http://{}/oauth/authorize/?client_id={client_id}&state=the-state", portal.address())
}

/// Where the browser is sent.
async fn allowed(portal: &Portal, application: &Application) -> String {
    let request = client().post(consent(portal, &application.client_id)).body("answer=allow");
    let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(&format!("{}?code=", application.redirect)) && location.contains("&state=the%2Dstate&"), "{location}");
    location.to_owned()
}

async fn allow(portal: &Portal, application: &Application) -> String {
    let location = allowed(portal, application).await;
    location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

async fn sign_in(portal: &Portal, application: &Application) -> Value {
    let grant = format!("grant_type=authorization_code&code={}", allow(portal, application).await);
    let answer = ask_for_tokens(portal, application, &grant).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn refresh(portal: &Portal, application: &Application, tokens: &Value) -> (u16, Value) {
    let answer = ask_for_tokens(portal, application, &renewal(tokens)).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn renewal(tokens: &Value) -> String {
    format!("grant_type=refresh_token&refresh_token={}", tokens["refresh_token"].as_str().unwrap())
}

async fn ask_for_tokens(portal: &Portal, application: &Application, grant: &str) -> reqwest::Result<reqwest::Response> {
    let (id, secret) = (&application.client_id, application.client_secret.expose_secret());
    let request = client().post(format!("http://{}/oauth/token/", portal.address()));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(format!("{grant}&client_id={id}&client_secret={secret}")).send().await
}

/// Asks for the status with an access token.
async fn call_with(portal: &Portal, tokens: &Value) -> (u16, Value) {
    let url = format!("http://{}/rest/im.user.status.get", portal.address());
    try_call(url, json!({"auth": tokens["access_token"]})).await.unwrap()
}

/// The HTTP status, and the result or the error code.
async fn call(portal: &Portal, method: &str, parameters: Value) -> (u16, Value) {
    try_call(url_of(portal, method), parameters).await.unwrap()
}

fn set(portal: &Portal, word: &str) -> impl Future<Output = reqwest::Result<(u16, Value)>> + Send + 'static {
    try_call(url_of(portal, "im.user.status.set"), json!({"STATUS": word}))
}

async fn try_call(url: String, parameters: Value) -> reqwest::Result<(u16, Value)> {
    let answer = client().post(url).json(&parameters).send().await?;
    let status = answer.status().as_u16();
    let body: Value = answer.json().await?;
    Ok((status, body.get("result").or_else(|| body.get("error")).unwrap().clone()))
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let no_redirect = reqwest::redirect::Policy::none();
    reqwest::Client::builder().user_agent("test/1").no_proxy().redirect(no_redirect).build().unwrap()
}

/// Was the connection reset, and nothing said? Wine tells a reset as an end.
async fn broken_off(portal: &Portal, word: &str) -> bool {
    let body = format!(r#"{{"STATUS":"{word}"}}"#);
    let request = post(&format!("{}im.user.status.set", path_of(portal)), "application/json", &body);
    let mut stream = TcpStream::connect(portal.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    match stream.read_to_end(&mut Vec::new()).await {
        Ok(said) => cfg!(windows) && said == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

/// Sends, and reads until the portal ends the connection, which the request asks for.
async fn raw(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    rest_of(stream).await
}

async fn rest_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.expect("the portal answers or hangs up");
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n")
}

fn post(path: &str, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn url_of(portal: &Portal, method: &str) -> String {
    format!("{}{method}", portal.webhook().expose_secret())
}

/// `/rest/1/CODE/`
fn path_of(portal: &Portal) -> String {
    let url = url_of(portal, "");
    url[url.find("/rest/").unwrap()..].to_owned()
}

fn code_of(portal: &Portal) -> String {
    path_of(portal).trim_end_matches('/').rsplit('/').next().unwrap().to_owned()
}

async fn ends<T>(receiver: &mut UnboundedReceiver<T>) -> bool {
    timeout(Duration::from_secs(5), receiver.recv()).await.is_ok_and(|item| item.is_none())
}
