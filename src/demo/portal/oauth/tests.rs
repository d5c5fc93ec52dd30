//! The rules of codes and tokens, one by one.

use super::*;

#[test]
fn a_browser_comes_back_with_what_bitrix24_sends() {
    let (mut grants, application) = portal_with_an_application();
    let Reply::Return(location) = take(&mut grants, Step::Allow, &[("client_id", &application.client_id), ("state", "a b&c=ü")]) else {
        panic!("no way back")
    };
    let (address, query) = location.split_once("&state=").unwrap();
    assert!(address.starts_with("http://127.0.0.1:24824/?code=") && address.len() > 50, "{address}");
    let member = "0123456789abcdef";
    assert_eq!(
        query,
        format!(
            "a%20b%26c%3D%C3%BC&domain=127%2E0%2E0%2E1%3A8080&member_id={member}&scope=im%2Cuser%5Fbrief&server_domain=127%2E0%2E0%2E1%3A8080"
        )
    );
}

#[test]
fn the_way_back_may_have_a_query_of_its_own() {
    let mut grants = portal();
    let application = grants.register("b24status", "http://127.0.0.1:24824/?from=portal").unwrap();
    let Reply::Return(location) = take(&mut grants, Step::Allow, &[("client_id", &application.client_id)]) else { panic!("no way back") };
    assert!(location.starts_with("http://127.0.0.1:24824/?from=portal&code="), "{location}");
}

#[test]
fn a_code_is_good_once() {
    let (mut grants, application) = portal_with_an_application();
    let code = allow(&mut grants, &application);
    let (number, tokens) = exchange(&mut grants, &application, &code, NOW).unwrap();
    assert_eq!((number, &tokens["user_id"], &tokens["expires_in"]), (1, &json!(7), &json!(3600)));
    assert_eq!(tokens["client_endpoint"], "http://127.0.0.1:8080/rest/");
    assert_eq!((&tokens["domain"], &tokens["server_endpoint"]), (&json!("127.0.0.1:8080"), &json!("http://127.0.0.1:8080/rest/")));
    assert_eq!(exchange(&mut grants, &application, &code, NOW), Err(Refusal::InvalidGrant));
}

#[test]
fn a_code_is_good_for_less_than_thirty_seconds() {
    for (seconds, good) in [(29, true), (30, false)] {
        let (mut grants, application) = portal_with_an_application();
        let code = allow(&mut grants, &application);
        assert_eq!(exchange(&mut grants, &application, &code, after(seconds)).is_ok(), good, "{seconds} s");
    }
}

#[test]
fn a_code_is_good_for_its_own_application_only() {
    let (mut grants, application) = portal_with_an_application();
    let other = grants.register("other", "http://127.0.0.1:1/").unwrap();
    let code = allow(&mut grants, &application);
    assert_eq!(exchange(&mut grants, &other, &code, NOW), Err(Refusal::InvalidGrant));
    assert!(exchange(&mut grants, &application, &code, NOW).is_ok());
}

#[test]
fn who_does_not_know_the_secret_gets_nothing_and_spends_nothing() {
    let (mut grants, application) = portal_with_an_application();
    let code = allow(&mut grants, &application);
    let thief = Application { client_secret: "guessed".into(), ..application.clone() };
    let stranger = Application { client_id: "local.0.0".to_owned(), ..application.clone() };
    assert_eq!(exchange(&mut grants, &thief, &code, NOW), Err(Refusal::InvalidClient));
    assert_eq!(exchange(&mut grants, &stranger, &code, NOW), Err(Refusal::WrongClient));
    assert!(exchange(&mut grants, &application, &code, NOW).is_ok());
}

#[test]
fn only_the_two_kinds_of_grant_exist() {
    let (mut grants, application) = portal_with_an_application();
    let refused = ask(&mut grants, &application, Step::Exchange, &[("grant_type", "password")], NOW);
    assert_eq!(refused, Err(Refusal::InvalidRequest));
}

#[test]
fn an_access_token_is_good_for_an_hour() {
    let (mut grants, application) = portal_with_an_application();
    let (access, _) = sign_in(&mut grants, &application);
    assert_eq!(grants.access(&access, after(3599)), Access::Good(1));
    assert_eq!(grants.access(&access, after(3600)), Access::Expired(1));
    assert_eq!(grants.access("another", NOW), Access::Unknown);
    grants.age(Duration::from_secs(3600));
    assert_eq!(grants.access(&access, NOW), Access::Expired(1));
}

#[test]
fn a_refresh_spends_the_tokens_before_it() {
    let (mut grants, application) = portal_with_an_application();
    let (access, refresh) = sign_in(&mut grants, &application);
    let (new_access, new_refresh) = renew(&mut grants, &application, &refresh, NOW).unwrap();
    assert_eq!(grants.access(&access, NOW), Access::Spent(1));
    assert_eq!(grants.access(&new_access, NOW), Access::Good(2));
    assert_eq!(renew(&mut grants, &application, &refresh, NOW), Err(Refusal::InvalidGrant));
    assert!(renew(&mut grants, &application, &new_refresh, NOW).is_ok());
}

#[test]
fn a_portal_may_keep_the_old_tokens_good() {
    let (mut grants, application) = portal_with_an_application();
    grants.rotate(Rotation::KeepsTheOld);
    let (access, refresh) = sign_in(&mut grants, &application);
    renew(&mut grants, &application, &refresh, NOW).unwrap();
    assert_eq!(grants.access(&access, NOW), Access::Good(1));
    assert!(renew(&mut grants, &application, &refresh, NOW).is_ok());
}

#[test]
fn a_refresh_token_is_good_for_half_a_year() {
    for (days, good) in [(179, true), (180, false)] {
        let (mut grants, application) = portal_with_an_application();
        let (_, refresh) = sign_in(&mut grants, &application);
        grants.age(Duration::from_secs(days * 24 * 3600));
        assert_eq!(renew(&mut grants, &application, &refresh, NOW).is_ok(), good, "{days} days");
    }
}

#[test]
fn what_is_forgotten_is_unknown_and_what_comes_after_has_numbers_of_its_own() {
    let (mut grants, application) = portal_with_an_application();
    let (access, refresh) = sign_in(&mut grants, &application);
    grants.forget();
    assert_eq!(grants.access(&access, NOW), Access::Unknown);
    assert_eq!(grants.access("", NOW), Access::Unknown);
    assert_eq!(renew(&mut grants, &application, &refresh, NOW), Err(Refusal::InvalidGrant));
    let (access, _) = sign_in(&mut grants, &application);
    assert_eq!(grants.access(&access, NOW), Access::Good(2));
}

#[test]
fn after_a_move_the_next_tokens_name_the_new_address() {
    let (mut grants, application) = portal_with_an_application();
    let (_, refresh) = sign_in(&mut grants, &application);
    grants.move_portal("127.0.0.1:9090".parse().unwrap());
    let (_, tokens) = ask(&mut grants, &application, Step::Refresh, &[("refresh_token", &refresh)], NOW).unwrap();
    assert_eq!((&tokens["client_endpoint"], &tokens["domain"]), (&json!("http://127.0.0.1:9090/rest/"), &json!("127.0.0.1:8080")));
}

#[test]
fn an_unknown_application_is_a_page_for_people() {
    for step in [Step::Consent, Step::Allow, Step::Cancel] {
        assert!(matches!(take(&mut portal(), step, &[("client_id", "local.0.0")]), Reply::UnknownApplication), "{step:?}");
    }
}

#[test]
fn each_step_has_its_place() {
    let of = |verb, path, name: &str, value: &str| Step::of(verb, path, &parameters(&[(name, value)]));
    assert_eq!(of("GET", "/oauth/authorize/", "client_id", "x"), Some(Step::Consent));
    assert_eq!(of("POST", "/oauth/authorize/", "answer", "allow"), Some(Step::Allow));
    assert_eq!(of("POST", "/oauth/authorize", "answer", "cancel"), Some(Step::Cancel));
    assert_eq!(of("GET", "/oauth/token/", "grant_type", "refresh_token"), Some(Step::Refresh));
    assert_eq!(of("POST", "/oauth/token", "grant_type", "authorization_code"), Some(Step::Exchange));
    for path in ["/", "/oauth/", "/oauth/token/more", "/rest/oauth/token", "/company/"] {
        assert_eq!(of("GET", path, "grant_type", "refresh_token"), None, "{path}");
    }
}

/// 2026-03-02 08:30 UTC.
const NOW: Timestamp = Timestamp::constant(1_772_440_200, 0);

fn after(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW.as_second() + seconds).unwrap()
}

fn portal() -> Grants {
    Grants::new("127.0.0.1:8080".parse().unwrap(), "0123456789abcdef".to_owned())
}

fn portal_with_an_application() -> (Grants, Application) {
    let mut grants = portal();
    let application = grants.register("b24status", "http://127.0.0.1:24824/").unwrap();
    (grants, application)
}

fn take(grants: &mut Grants, step: Step, asked: &[(&str, &str)]) -> Reply {
    grants.take(step, &parameters(asked), &holder(), NOW)
}

fn allow(grants: &mut Grants, application: &Application) -> String {
    let Reply::Return(location) = take(grants, Step::Allow, &[("client_id", &application.client_id)]) else { panic!("no way back") };
    location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

fn sign_in(grants: &mut Grants, application: &Application) -> (String, String) {
    let code = allow(grants, application);
    tokens(&exchange(grants, application, &code, NOW).unwrap().1)
}

fn exchange(grants: &mut Grants, application: &Application, code: &str, now: Timestamp) -> Result<(u32, Value), Refusal> {
    ask(grants, application, Step::Exchange, &[("grant_type", "authorization_code"), ("code", code)], now)
}

fn renew(grants: &mut Grants, application: &Application, refresh: &str, now: Timestamp) -> Result<(String, String), Refusal> {
    ask(grants, application, Step::Refresh, &[("refresh_token", refresh)], now).map(|(_, answer)| tokens(&answer))
}

fn ask(
    grants: &mut Grants,
    application: &Application,
    step: Step,
    asked: &[(&str, &str)],
    now: Timestamp,
) -> Result<(u32, Value), Refusal> {
    let mut asked = parameters(asked);
    asked.extend(parameters(&[("client_id", &application.client_id), ("client_secret", application.client_secret.expose_secret())]));
    match grants.take(step, &asked, &holder(), now) {
        Reply::Tokens(number, answer) => Ok((number, answer)),
        Reply::Refused(refusal) => Err(refusal),
        Reply::Consent(_) | Reply::Cancelled | Reply::UnknownApplication | Reply::Return(_) | Reply::Crashed => {
            panic!("no answer to a program")
        }
    }
}

fn holder() -> Holder {
    Holder { user: 7, scope: "im,user_brief".to_owned() }
}

fn tokens(answer: &Value) -> (String, String) {
    let token = |name: &str| answer[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

fn parameters(named: &[(&str, &str)]) -> Parameters {
    named.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}
