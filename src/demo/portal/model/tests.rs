//! The portal's rules, one by one: what each call does to what it holds.

use super::*;

#[test]
fn nobody_set_a_status_yet() {
    assert_eq!(result(&mut portal(), "im.user.status.get", &[]), json!(false));
}

#[test]
fn each_of_the_four_words_is_set_and_read_back() {
    let mut portal = portal();
    for status in Status::ALL {
        assert_eq!(result(&mut portal, "im.user.status.set", &[("STATUS", json!(status.word()))]), json!(true));
        assert_eq!(result(&mut portal, "im.user.status.get", &[]), json!(status.word()));
    }
}

#[test]
fn parameter_names_are_read_in_any_case() {
    let mut portal = portal();
    result(&mut portal, "im.user.status.set", &[("status", json!("dnd"))]);
    result(&mut portal, "im.user.status.idle.start", &[("Ago", json!(3))]);
    assert_eq!(portal.holding(), Holding { status: Status::Dnd.into(), idle_minutes: Some(3) });
}

#[test]
fn every_other_word_is_refused_and_changes_nothing() {
    let mut portal = portal();
    result(&mut portal, "im.user.status.set", &[("STATUS", json!("away"))]);
    for word in [json!("DND"), json!("offline"), json!(""), json!(1), json!(null), json!(true)] {
        assert_eq!(ask(&mut portal, "im.user.status.set", &[("STATUS", word)]), Reply::Refused(Refusal::StatusUnavailable));
    }
    assert_eq!(ask(&mut portal, "im.user.status.set", &[]), Reply::Refused(Refusal::StatusUnavailable));
    assert_eq!(portal.holding().status, Status::Away.into());
}

#[test]
fn a_list_as_status_crashes_the_method() {
    assert_eq!(ask(&mut portal(), "im.user.status.set", &[("STATUS", json!(["dnd"]))]), Reply::Crashed);
}

#[test]
fn setting_a_status_ends_the_idle_mark_even_if_it_is_the_same_status() {
    let mut portal = portal();
    result(&mut portal, "im.user.status.set", &[("STATUS", json!("online"))]);
    result(&mut portal, "im.user.status.idle.start", &[]);
    result(&mut portal, "im.user.status.set", &[("STATUS", json!("online"))]);
    assert_eq!(portal.holding().idle_minutes, None);
}

#[test]
fn the_idle_mark_leaves_the_status_alone_and_is_not_seen_in_it() {
    let mut portal = portal();
    result(&mut portal, "im.user.status.set", &[("STATUS", json!("dnd"))]);
    result(&mut portal, "im.user.status.idle.start", &[]);
    assert_eq!(result(&mut portal, "im.user.status.get", &[]), json!("dnd"));
    result(&mut portal, "im.user.status.idle.end", &[]);
    assert_eq!(portal.holding(), Holding { status: Status::Dnd.into(), idle_minutes: None });
}

#[test]
fn an_idle_mark_makes_a_row_with_the_default_status() {
    let mut portal = portal();
    result(&mut portal, "im.user.status.idle.start", &[]);
    assert_eq!(result(&mut portal, "im.user.status.get", &[]), json!("online"));
}

#[test]
fn minutes_are_at_least_one_and_ten_if_nobody_says() {
    let of = |ago: Value| {
        let mut portal = portal();
        result(&mut portal, "im.user.status.idle.start", &[("AGO", ago)]);
        portal.holding().idle_minutes
    };
    assert_eq!(of(json!(null)), Some(10));
    for (ago, minutes) in [
        (json!(0), 1),
        (json!(-5), 1),
        (json!("soon"), 1),
        (json!(25), 25),
        (json!("25"), 25),
        (json!("12 min"), 12),
        (json!(3.9), 3),
        (json!(true), 1),
        (json!(1e300), u32::MAX),
    ] {
        assert_eq!(of(ago.clone()), Some(minutes), "{ago}");
    }
    let mut portal = portal();
    result(&mut portal, "im.user.status.idle.start", &[]);
    assert_eq!(portal.holding().idle_minutes, Some(10));
}

#[test]
fn an_unknown_method_is_refused_before_the_credential_is_looked_at() {
    let wrong = Credential { user: "1".into(), code: "wrong".into() };
    let mut portal = portal();
    let mut with = |credential: Option<&Credential>, method| portal.answer(method, credential.map(Key::Webhook), &Parameters::new(), NOW);
    assert_eq!(with(Some(&wrong), "im.user.status.have"), Reply::Refused(Refusal::MethodNotFound));
    assert_eq!(with(Some(&wrong), "profile"), Reply::Refused(Refusal::InvalidCredentials));
    assert_eq!(with(None, ""), Reply::Refused(Refusal::MethodNotFound));
    assert_eq!(with(None, "profile"), Reply::Refused(Refusal::NoCredential));
}

#[test]
fn a_token_acts_as_a_webhook_does_while_it_is_good() {
    let mut portal = portal();
    let mut with = |access, method| portal.answer(method, Some(Key::Token(access)), &Parameters::new(), NOW);
    assert_eq!(with(Access::Good(1), "im.user.status.get"), Reply::Result(json!(false)));
    for (access, refusal) in
        [(Access::Expired(1), Refusal::ExpiredToken), (Access::Spent(1), Refusal::InvalidToken), (Access::Unknown, Refusal::InvalidToken)]
    {
        assert_eq!(with(access, "profile"), Reply::Refused(refusal));
        assert_eq!(with(access, "im.user.status.have"), Reply::Refused(Refusal::MethodNotFound));
    }
    portal.grant(&[]);
    let refused = portal.answer("im.user.status.get", Some(Key::Token(Access::Good(1))), &Parameters::new(), NOW);
    assert_eq!(refused, Reply::Refused(Refusal::ScopeMissing));
}

#[test]
fn without_the_scope_the_methods_exist_and_are_refused() {
    let mut portal = portal();
    portal.grant(&["user_brief"]);
    assert_eq!(result(&mut portal, "scope", &[]), json!(["user_brief"]));
    let name = ("name", json!("im.user.status.set"));
    assert_eq!(result(&mut portal, "method.get", &[name]), json!({"isExisting": true, "isAvailable": false}));
    assert_eq!(ask(&mut portal, "im.user.status.get", &[]), Reply::Refused(Refusal::ScopeMissing));
    assert_eq!(result(&mut portal, "profile", &[])["ID"], json!("1"));
}

#[test]
fn a_method_is_looked_up_by_a_name_in_lower_case() {
    let mut portal = portal();
    let found = json!({"isExisting": true, "isAvailable": true});
    let absent = json!({"isExisting": false, "isAvailable": false});
    assert_eq!(result(&mut portal, "method.get", &[("name", json!("im.user.status.get"))]), found);
    assert_eq!(result(&mut portal, "method.get", &[("name", json!("im.user.status.have"))]), absent);
    assert_eq!(ask(&mut portal, "method.get", &[("NAME", json!("profile"))]), Reply::Refused(Refusal::ArgumentMissing));
}

#[test]
fn another_person_behind_the_webhook_is_seen_in_the_profile_only() {
    let mut portal = portal();
    result(&mut portal, "im.user.status.set", &[("STATUS", json!("dnd"))]);
    portal.hand_over_to(Person { id: 7, name: "Anna".into(), last_name: "Sidorova".into() });
    assert_eq!(result(&mut portal, "profile", &[])["ID"], json!("7"));
    assert_eq!(result(&mut portal, "im.user.status.get", &[]), json!(false));
}

#[test]
fn a_change_elsewhere_ends_the_idle_mark() {
    let mut portal = portal();
    result(&mut portal, "im.user.status.idle.start", &[]);
    portal.change_elsewhere(Status::Break.into());
    assert_eq!(portal.holding(), Holding { status: Status::Break.into(), idle_minutes: None });
}

#[test]
fn the_column_is_answered_as_it_is() {
    let mut portal = portal();
    for (column, answer) in
        [(Column::NoRow, json!(false)), (Column::Null, json!(null)), ("".into(), json!("")), ("on_holiday".into(), json!("on_holiday"))]
    {
        portal.change_elsewhere(column);
        assert_eq!(result(&mut portal, "im.user.status.get", &[]), answer);
    }
}

#[test]
fn the_time_is_told_in_the_zone_of_the_portal() {
    assert_eq!(result(&mut portal(), "server.time", &[]), json!("2026-03-02T09:30:00+01:00"));
}

#[test]
fn every_method_has_its_own_word_and_back() {
    for method in Method::ALL {
        assert_eq!(Method::from_word(method.word()), Some(method));
    }
}

/// 2026-03-02 08:30 UTC.
const NOW: Timestamp = Timestamp::constant(1_772_440_200, 0);

fn portal() -> Model {
    Model::new(Person { id: 1, name: "Ivan".into(), last_name: "Petrov".into() }, "right".into())
}

fn result(portal: &mut Model, method: &str, parameters: &[(&str, Value)]) -> Value {
    match ask(portal, method, parameters) {
        Reply::Result(value) => value,
        other @ (Reply::Refused(_) | Reply::Crashed) => panic!("{method} {parameters:?}: {other:?}"),
    }
}

fn ask(portal: &mut Model, method: &str, parameters: &[(&str, Value)]) -> Reply {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let right = Credential { user: "1".into(), code: "right".into() };
    portal.answer(method, Some(Key::Webhook(&right)), &parameters, NOW)
}
