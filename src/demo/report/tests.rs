//! What a person reads in the terminal, line by line.

use std::time::{Duration, SystemTime};

use hyper::HeaderMap;
use jiff::tz::Offset;
use serde_json::json;

use super::*;
use crate::{
    demo::portal::{Parameters, Refusal},
    presence::Status,
    text::Language,
};

#[test]
fn a_request_is_told_in_words_and_as_it_came() {
    let set = arrived("im.user.status.set", &[("STATUS", json!("dnd"))], Outcome::Answered(json!(true)));
    assert_eq!(line(Language::English, &set), "09:30:00  The app sets the status dnd: done   (im.user.status.set STATUS=dnd)");
    assert_eq!(line(Language::Russian, &set), "09:30:00  Приложение ставит статус dnd: готово   (im.user.status.set STATUS=dnd)");
}

#[test]
fn the_status_that_the_portal_answers_is_told() {
    let read = |answer| arrived("im.user.status.get", &[], Outcome::Answered(answer));
    let told = |answer| line(Language::English, &read(answer));
    assert_eq!(told(json!("away")), "09:30:00  The app asks for the status: away   (im.user.status.get)");
    assert_eq!(told(json!(false)), "09:30:00  The app asks for the status: none was ever set   (im.user.status.get)");
}

#[test]
fn minutes_are_counted_as_each_language_does() {
    let idle = |minutes| arrived("im.user.status.idle.start", &[("AGO", json!(minutes))], Outcome::Answered(json!(true)));
    for (minutes, english, russian) in [(1, "1 minute", "1 минуту"), (3, "3 minutes", "3 минуты"), (10, "10 minutes", "10 минут")]
    {
        assert!(line(Language::English, &idle(minutes)).contains(&format!("for {english}:")));
        assert!(line(Language::Russian, &idle(minutes)).contains(&format!("уже {russian}:")));
    }
}

#[test]
fn a_refusal_is_told_with_its_code() {
    let refused = arrived("im.user.status.get", &[], Outcome::Refused(Refusal::TooBusy));
    assert!(line(Language::English, &refused).contains("refused, 503 QUERY_LIMIT_EXCEEDED"));
}

#[test]
fn every_method_and_every_outcome_has_a_text_in_every_language() {
    let outcomes = [
        Outcome::Answered(json!(true)),
        Outcome::Answered(json!({"NAME": "Ivan", "LAST_NAME": "Petrov"})),
        Outcome::Answered(json!(["im"])),
        Outcome::Refused(Refusal::Closed),
        Outcome::Crashed,
    ];
    let faults = [
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Silence,
        Fault::Late(Duration::ZERO),
        Fault::Drip(Duration::ZERO),
        Fault::Truncated,
        Fault::WrongType,
        Fault::Html(200),
        Fault::Garbage,
        Fault::BrokenJson,
        Fault::Empty,
        Fault::Huge,
        Fault::Redirect { status: 302, to: String::new() },
        Fault::Result(json!("holiday")),
        Fault::Exactly { status: 200, content_type: "text/plain", body: Vec::new() },
    ];
    let outcomes: Vec<Outcome> = outcomes.into_iter().chain(faults.into_iter().map(Outcome::Disturbed)).collect();
    for method in Method::ALL.map(Method::word).into_iter().chain(["im.unknown"]) {
        for outcome in &outcomes {
            for language in Language::ALL {
                let told = line(language, &arrived(method, &[("STATUS", json!("dnd")), ("AGO", json!(10))], outcome.clone()));
                assert!(!told.contains("demo-") && !told.contains('{'), "{told}");
            }
        }
    }
}

#[test]
fn every_step_of_oauth_is_told_in_every_language() {
    for step in [Step::Consent, Step::Allow, Step::Cancel, Step::Exchange, Step::Refresh] {
        for language in Language::ALL {
            let told = line(language, &Arrival { step: Some(step), ..arrived("oauth/token", &[], Outcome::Answered(json!(2))) });
            assert!(!told.contains("demo-") && !told.contains('{'), "{told}");
        }
    }
}

#[test]
fn what_somebody_sends_cannot_play_with_the_terminal() {
    let long = "a".repeat(1000);
    let nasty = arrived("im.\u{1b}[2J", &[("X\n", json!("\u{7}")), ("Y", json!(long))], Outcome::Refused(Refusal::MethodNotFound));
    let told = line(Language::English, &nasty);
    assert!(!told.chars().any(char::is_control) && told.len() < 400, "{told}");
}

#[test]
fn what_the_portal_holds_is_told() {
    let english = Texts::new(Language::English);
    for (status, idle_minutes, told) in [
        (Column::NoRow, None, "The portal now holds: no status"),
        (Status::Dnd.into(), None, "The portal now holds: dnd"),
        (Status::Online.into(), Some(10), "The portal now holds: online, idle for 10 minutes"),
    ] {
        assert_eq!(holding(&english, &Holding { status, idle_minutes }), told);
    }
}

#[test]
fn the_welcome_names_the_words_of_the_contract() {
    for language in Language::ALL {
        let texts = Texts::new(language);
        let told = welcome(&texts);
        for word in ["online", "dnd", "away", "break", "idle", "back", "quit", "help"] {
            assert!(told.contains(word), "{word}: {told}");
        }
        assert!(!without_tray(&texts).contains("demo-"));
    }
}

/// 2026-03-02 08:30 UTC, told an hour further east.
fn arrived(method: &str, parameters: &[(&str, Value)], outcome: Outcome) -> Arrival {
    Arrival {
        at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_440_200),
        verb: "POST".into(),
        method: method.into(),
        step: None,
        pair: None,
        parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Parameters>(),
        headers: HeaderMap::new(),
        connection: 1,
        in_flight: 1,
        outcome,
    }
}

fn line(language: Language, request: &Arrival) -> String {
    arrival(&Texts::new(language), &Offset::constant(1).to_time_zone(), request)
}
