//! Signing in with the browser, and tokens in use: the far side is the demo's portal behind a real socket, and a browser that does what it is told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{io::Write, net::TcpStream, time::Duration};

use b24status::{
    demo::portal::{Application as Card, Fault, Person, Portal, Refusal, Step},
    keyring::{Ask, Secrets},
    paths::{Paths, Place},
    portal::{Application, Credential, Grant, RedirectError, Site},
    presence::AccountId,
    settings::{self, CredentialKind},
    sign_in::{self, Authorization, Order, Problem, Sort},
    text::{Language, Texts},
};
use secrecy::{ExposeSecret, SecretString};
use support::browser::{self, Shown};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::spawn_blocking};

// The browser and back.

#[tokio::test]
async fn what_the_browser_brings_back_becomes_an_account() {
    let case = Case::start().await;
    let authorization = case.begin().await;
    let texts = english();
    let (trial, shown) = tokio::join!(authorization.heard(&texts), case.browse(&authorization));
    let trial = trial.unwrap();
    assert_eq!((trial.name().as_str(), trial.user(), trial.portal()), ("Ivan Petrov", 7, case.portal.address().to_string().as_str()));
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("You can close this tab"), "{shown:?}");
    assert_closed_off(&shown);

    let kept = sign_in::keep(&trial, &case.secrets, &case.file(), &texts).await.unwrap();
    let entry = &case.file().load().settings.accounts[0];
    assert_eq!((entry.id.as_str(), entry.kind, entry.name.as_str()), (case.account().as_str(), CredentialKind::OAuth, "Ivan Petrov"));
    assert_eq!(kept.account, entry.id);
    let grant = case.kept().await.unwrap();
    assert_eq!((grant.user(), grant.portal().to_owned()), (Some(7), case.portal.address().to_string()));
    assert!(!std::fs::read_to_string(case.paths.settings()).unwrap().contains(case.card.client_secret.expose_secret()));
}

#[tokio::test]
async fn the_person_reads_the_page_in_their_language() {
    let case = Case::start().await;
    let authorization = case.begin().await;
    let texts = Texts::new(Language::Russian);
    let (trial, shown) = tokio::join!(authorization.heard(&texts), case.browse(&authorization));
    trial.unwrap();
    assert!(shown.body.contains("lang=\"ru\"") && shown.body.contains("вкладку можно закрыть"), "{shown:?}");
}

#[tokio::test]
async fn the_code_or_the_whole_address_can_be_pasted() {
    for form in ["whole", "wrapped", "code"] {
        let case = Case::start().await;
        let authorization = case.begin().await;
        let location = case.allow(&authorization).await;
        let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let pasted = match form {
            "whole" => location,
            "wrapped" => format!("> {}\n> {}\n", &location[..40], &location[40..]).replace("> ", " "),
            _ => format!(" \"{code}\" "),
        };
        let trial = authorization.pasted(&pasted).await.unwrap_or_else(|problem| panic!("{form}: {problem:?}"));
        assert_eq!(trial.account().as_str(), case.account());
    }
}

#[tokio::test]
async fn who_has_no_right_to_be_heard_does_not_end_the_wait() {
    let case = Case::start().await;
    let authorization = case.begin().await;
    let place = format!("127.0.0.1:{}", case.port);
    let right = case.allow(&authorization).await;
    let path = right.strip_prefix(&format!("http://{place}")).unwrap().to_owned();
    let said = |request: String| {
        let place = place.clone();
        async move { spawn_blocking(move || browser::say(&place, &request)).await.unwrap() }
    };
    let strangers = async {
        for (request, status) in [
            (format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 403),
            (format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", case.port), 403),
            (format!("GET {path} HTTP/1.1\r\nHost: {place}\r\nHost: {place}\r\n\r\n"), 403),
            (format!("GET {right} HTTP/1.1\r\nHost: {place}\r\n\r\n"), 403),
            (format!("GET {path} HTTP/1.0\r\n\r\n"), 403),
            (format!("GET /favicon.ico HTTP/1.1\r\nHost: {place}\r\n\r\n"), 404),
            (format!("POST {path} HTTP/1.1\r\nHost: {place}\r\nContent-Length: 0\r\n\r\n"), 405),
            (format!("GET / HTTP/1.1\r\nHost: {place}\r\n\r\n"), 400),
            (format!("GET /?code=0123456789abcdef&state=wrong HTTP/1.1\r\nHost: {place}\r\n\r\n"), 400),
            (format!("GET /?error=access_denied HTTP/1.1\r\nHost: {place}\r\n\r\n"), 400),
            ("GET / HTTP/1.1\r\nHost: x\r\n".to_owned() + &"X-Y: z\r\n".repeat(100) + "\r\n", 431),
            (format!("GET /?{} HTTP/1.1\r\n", "a".repeat(40_000)), 431),
            ("\0\0\0\r\n\r\n".to_owned(), 400),
        ] {
            let shown = said(request.clone()).await;
            // hyper calls what is too long one or the other.
            let too_long = [shown.status, status].iter().all(|status| matches!(status, 414 | 431));
            assert!(shown.status == status || too_long, "{request}\n{shown:?}");
            if (400..=405).contains(&status) && !shown.body.is_empty() {
                assert_closed_off(&shown);
            }
            if request.contains("state=wrong") {
                assert!(shown.body.contains("another sign-in"), "{shown:?}");
            }
        }
        said(format!("GET {path} HTTP/1.1\r\nHost: {place}\r\n\r\n")).await
    };
    let texts = english();
    let (trial, shown) = tokio::join!(authorization.heard(&texts), strangers);
    assert_eq!((trial.unwrap().user(), shown.status), (7, 200));
}

#[tokio::test]
async fn connections_that_say_nothing_or_half_of_it_do_no_harm() {
    let case = Case::start().await;
    let authorization = case.begin().await;
    let mut half_open = Vec::new();
    for text in ["", "GET", "GET / HTTP/1.1\r\nHost: ", "", "G", ""] {
        let mut stream = TcpStream::connect(("127.0.0.1", case.port)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        half_open.push(stream);
    }
    let texts = english();
    let (trial, _) = tokio::join!(authorization.heard(&texts), case.browse(&authorization));
    assert_eq!(trial.unwrap().user(), 7);
}

#[tokio::test]
async fn one_answer_is_heard_and_the_port_is_free_again() {
    let case = Case::start().await;
    let authorization = case.begin().await;
    let texts = english();
    let (trial, _) = tokio::join!(authorization.heard(&texts), case.browse(&authorization));
    trial.unwrap();
    drop(authorization);
    assert!(TcpStream::connect(("127.0.0.1", case.port)).is_err());
    assert!(case.begin().await.not_listening().is_none());
}

#[tokio::test(start_paused = true)]
async fn nobody_is_waited_for_longer_than_five_minutes() {
    let site = Site::parse("acme.bitrix24.com").unwrap();
    let application = Application::new("local.65f1a2b3c4d5e6.12345678", "secretsecret").unwrap();
    let order = Order { portal: site, application, port: browser::free_port(), ca_file: None, agreed_server: None };
    let authorization = Authorization::begin(order).await.unwrap();
    let begun = tokio::time::Instant::now();
    assert!(matches!(authorization.heard(&english()).await, Err(Problem::TimedOut)));
    assert_eq!(begun.elapsed().as_secs(), 300);
}

#[tokio::test]
async fn a_port_that_is_taken_leaves_the_clipboard() {
    let case = Case::start().await;
    let _somebody = TcpListener::bind(("127.0.0.1", case.port)).await.unwrap();
    let authorization = case.begin().await;
    let sentence = authorization.not_listening().unwrap().say(&english());
    assert!(sentence.contains(&case.port.to_string()) && sentence.contains("Paste"), "{sentence}");
    let location = case.allow(&authorization).await;
    assert_eq!(authorization.pasted(&location).await.unwrap().user(), 7);
}

// What comes back and is no answer.

#[tokio::test]
async fn an_answer_to_another_sign_in_is_told_from_ours() {
    let case = Case::start().await;
    let (first, second) = (case.begin().await, case.begin().await);
    assert!(second.not_listening().is_some(), "the first one has the port");
    let location = case.allow(&first).await;
    let problem = second.pasted(&location).await.unwrap_err();
    assert!(matches!(problem, Problem::Redirect(RedirectError::WrongState)) && problem.is_a_slip(), "{problem:?}");
    assert_eq!(first.pasted(&location).await.unwrap().user(), 7);
}

#[tokio::test]
async fn a_code_that_was_used_or_is_late_asks_to_begin_again() {
    let case = Case::start().await;
    let authorization = case.begin().await;
    let used = case.allow(&authorization).await;
    authorization.pasted(&used).await.unwrap();
    let late = case.allow(&authorization).await;
    case.portal.age_tokens(Duration::from_secs(31));
    for location in [used, late] {
        let problem = authorization.pasted(&location).await.unwrap_err();
        assert!(matches!(problem, Problem::CodeRefused), "{problem:?}");
        assert!(problem.say(&english()).contains("30 seconds"));
    }
}

#[tokio::test]
async fn the_answer_of_another_portal_and_a_refusal_end_the_sign_in() {
    for (from, to, wanted) in
        [("&domain=", "&domain=umbrella.bitrix24.com&x=", "umbrella.bitrix24.com"), ("?code=", "?error=access_denied&x=", "access_denied")]
    {
        let case = Case::start().await;
        let authorization = case.begin().await;
        let location = case.allow(&authorization).await.replace(from, to);
        let texts = english();
        let visit = location.clone();
        let (heard, shown) =
            tokio::join!(authorization.heard(&texts), async { spawn_blocking(move || browser::open(&visit)).await.unwrap() });
        assert_eq!(shown.status, 200, "it is ours, whatever it says");
        let problem = heard.unwrap_err();
        assert!(problem.say(&texts).contains(wanted) && !problem.is_a_slip(), "{problem:?}");
    }
}

// Authorization servers.

#[tokio::test]
async fn the_secret_goes_to_no_server_that_nobody_knows() {
    let case = Case::start().await;
    case.portal.name_authorization_server("oauth.evil.example");
    let authorization = case.begin().await;
    let location = case.allow(&authorization).await;
    let mut arrivals = case.portal.arrivals();
    let problem = authorization.pasted(&location).await.unwrap_err();
    assert!(matches!(&problem, Problem::UnknownServer { host } if host == "oauth.evil.example"), "{problem:?}");
    assert!(problem.say(&english()).contains("oauth.evil.example"));
    assert!(arrivals.try_recv().is_err());
}

#[tokio::test]
async fn each_failure_of_the_server_has_its_kind() {
    let page = |status| Fault::Html(status);
    let refused = |refusal| Fault::Refused(refusal);
    let exactly = |status, body: &str| Fault::Exactly { status, content_type: "application/json", body: body.into() };
    for (fault, sort, wanted) in [
        (page(200), Sort::Unreachable, "authorization server"),
        (page(403), Sort::Unreachable, "authorization server"),
        (page(502), Sort::Unreachable, "authorization server"),
        (Fault::Empty, Sort::Unreachable, "authorization server"),
        (Fault::Garbage, Sort::Unreachable, "authorization server"),
        (Fault::BrokenJson, Sort::Unreachable, "authorization server"),
        (Fault::Huge, Sort::Unreachable, "authorization server"),
        (Fault::Truncated, Sort::Unreachable, "authorization server"),
        (Fault::ResetBefore, Sort::Unreachable, "authorization server"),
        (Fault::Redirect { status: 302, to: "http://127.0.0.1:1".to_owned() }, Sort::Unreachable, "authorization server"),
        (exactly(200, "{}"), Sort::Unreachable, "authorization server"),
        (exactly(200, "[]"), Sort::Unreachable, "authorization server"),
        (exactly(500, r#"{"access_token":"a","refresh_token":"b"}"#), Sort::Unreachable, "authorization server"),
        (exactly(200, r#"{"error":"CONNECTION_ERROR"}"#), Sort::Unreachable, "authorization server"),
        (exactly(200, r#"{"error":"invalid_grant"}"#), Sort::Refused, "30 seconds"),
        (exactly(200, r#"{"error":"bad_verification_code"}"#), Sort::Refused, "30 seconds"),
        (refused(Refusal::InvalidClient), Sort::Refused, "id or secret"),
        (refused(Refusal::WrongClient), Sort::Refused, "id or secret"),
        (exactly(401, r#"{"error":"NOT_INSTALLED"}"#), Sort::Refused, "removed from the portal"),
        (exactly(403, r#"{"error":"insufficient_scope"}"#), Sort::Refused, "application's card"),
        (exactly(402, r#"{"error":"PAYMENT_REQUIRED"}"#), Sort::Refused, "subscription"),
        (refused(Refusal::TooBusy), Sort::Unreachable, "fewer requests"),
    ] {
        let case = Case::start().await;
        case.portal.fail(fault.clone().until_healed().at(&[Step::Exchange]));
        let authorization = case.begin().await;
        let problem = authorization.pasted(&case.allow(&authorization).await).await.unwrap_err();
        let sentence = problem.say(&english());
        assert_eq!(problem.sort(), sort, "{fault:?}: {problem:?}");
        assert!(sentence.contains(wanted), "{fault:?}: {sentence}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_take_post_is_asked_by_get() {
    for fault in [Fault::Html(405), Fault::Refused(Refusal::InvalidRequest)] {
        let case = Case::start().await;
        let mut arrivals = case.portal.arrivals();
        case.portal.fail(fault.once().at(&[Step::Exchange]));
        let authorization = case.begin().await;
        assert_eq!(authorization.pasted(&case.allow(&authorization).await).await.unwrap().user(), 7);
        let mut verbs = Vec::new();
        while let Ok(arrival) = arrivals.try_recv() {
            verbs.extend((arrival.step == Some(Step::Exchange)).then_some(arrival.verb));
        }
        assert_eq!(verbs, ["POST", "GET"]);
    }
}

#[tokio::test]
async fn what_the_portal_does_not_allow_is_said_of_the_application() {
    let case = Case::start().await;
    case.portal.grant(&["user_brief"]);
    let authorization = case.begin().await;
    let problem = authorization.pasted(&case.allow(&authorization).await).await.unwrap_err();
    assert!(problem.say(&english()).contains("application's card"), "{problem:?}");
    assert_eq!(problem.sort(), Sort::Refused);
}

#[tokio::test]
async fn nothing_of_a_sign_in_is_in_any_debug_text() {
    let case = Case::start().await;
    let authorization = case.begin().await;
    let location = case.allow(&authorization).await;
    let trial = authorization.pasted(&location).await.unwrap();
    let order = case.order();
    let shown = format!("{trial:?} {trial:#?} {order:?} {:?}", authorization.pasted(&location).await);
    sign_in::keep(&trial, &case.secrets, &case.file(), &english()).await.unwrap();
    for secret in case.kept().await.unwrap().secrets() {
        assert!(!shown.contains(secret.expose_secret()), "{shown}");
    }
}

/// The control socket, by which the app is asked here, has a backend there.
#[cfg(unix)]
mod tokens_in_use {
    use b24status::{
        app::{self, Keeping, Parts},
        control::{self, Request, Response, StatusReport},
        demo::portal::{Arrival, Rotation},
        doctor::{Report, findings},
        presence::Event,
    };
    use serde_json::Value;
    use tokio::{
        sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        task::{JoinHandle, LocalSet, spawn_local},
    };

    use super::*;

    #[tokio::test]
    async fn what_has_expired_is_renewed_once_and_the_call_is_repeated() {
        signed_in(async |case| {
            let before = case.kept().await.unwrap();
            case.portal.age_tokens(Duration::from_hours(1));
            let mut app = App::start(case).await;
            assert_eq!(app.look().await.connection, "ok");
            let after = case.kept().await.unwrap();
            assert!(!after.is_same_pair(&before) && after.renewing_since().is_none() && after.user() == Some(7));
            assert_eq!(app.renewals(), 1);
            // And it is that pair with which it goes on.
            assert_eq!(app.look().await.connection, "ok");
            assert_eq!((app.renewals(), app.pairs_used().last().copied()), (0, Some(2)));
        })
        .await;
    }

    #[tokio::test]
    async fn a_token_whose_time_is_known_to_be_up_is_not_tried() {
        signed_in(async |case| {
            let fields: Value = serde_json::from_str(case.secret().await.expose_secret()).unwrap();
            let mut old = fields.clone();
            old["expires"] = 1.into();
            case.secrets.store(&AccountId::new(&case.account()), &old.to_string().into(), "").await.unwrap();
            let mut app = App::start(case).await;
            assert_eq!(app.look().await.connection, "ok");
            assert_eq!((app.renewals(), app.pairs_used().contains(&1)), (1, false));
        })
        .await;
    }

    #[tokio::test]
    async fn before_a_renewal_leaves_the_keyring_holds_the_note_and_the_old_pair() {
        signed_in(async |case| {
            let before = case.kept().await.unwrap();
            case.portal.age_tokens(Duration::from_hours(1));
            case.portal.fail(Fault::Silence.until_healed().at(&[Step::Refresh]));
            let mut app = App::start(case).await;
            app.ask();
            app.next(|arrival| arrival.step == Some(Step::Refresh)).await;
            let noted = case.kept().await.unwrap();
            assert!(noted.is_same_pair(&before) && noted.renewing_since().is_some());
        })
        .await;
    }

    #[tokio::test]
    async fn trouble_of_network_and_server_keeps_the_tokens() {
        let exactly = |status, body: &str| Fault::Exactly { status, content_type: "application/json", body: body.into() };
        for fault in [
            Fault::ResetBefore,
            Fault::Html(502),
            Fault::Html(200),
            Fault::Empty,
            Fault::Huge,
            exactly(200, r#"{"error":"CONNECTION_ERROR"}"#),
            exactly(200, r#"{"error":"expired_token"}"#),
        ] {
            signed_in(async |case| {
                let before = case.kept().await.unwrap();
                case.portal.age_tokens(Duration::from_hours(1));
                case.portal.fail(fault.clone().until_healed().at(&[Step::Refresh]));
                let mut app = App::start(case).await;
                let status = app.look().await;
                assert_eq!((status.connection.as_str(), app.failure(&status)), ("offline", Some("no_authorization_server")), "{fault:?}");
                assert!(case.kept().await.unwrap().is_same_pair(&before), "{fault:?}");
                case.portal.heal();
                assert_eq!(app.look().await.connection, "ok", "{fault:?}");
            })
            .await;
        }
    }

    #[tokio::test]
    async fn a_refused_renewal_asks_for_a_sign_in_and_loses_nothing() {
        let exactly = |status, body: &str| Fault::Exactly { status, content_type: "application/json", body: body.into() };
        for (fault, word) in [
            (Fault::Refused(Refusal::InvalidGrant), "sign_in_expired"),
            (Fault::Refused(Refusal::InvalidClient), "application_refused"),
            (Fault::Refused(Refusal::WrongClient), "application_refused"),
            (exactly(401, r#"{"error":"NOT_INSTALLED"}"#), "application_removed"),
        ] {
            signed_in(async |case| {
                let before = case.kept().await.unwrap();
                case.portal.age_tokens(Duration::from_hours(1));
                case.portal.fail(fault.until_healed().at(&[Step::Refresh]));
                let mut app = App::start(case).await;
                let status = app.look().await;
                assert_eq!((status.connection.as_str(), app.failure(&status)), ("signed_out", Some(word)));
                assert!(case.kept().await.unwrap().is_same_pair(&before));
                assert_eq!(case.file().load().settings.accounts.len(), 1);
                app.look().await;
                assert_eq!(app.renewals(), 1, "a refusal is not asked for again and again");

                // Signing in anew is all it takes.
                case.portal.heal();
                case.sign_in().await;
                control::ask(&case.paths, Request::Reload, LIMIT).await.unwrap();
                assert_eq!(app.look().await.connection, "ok", "{word}");
            })
            .await;
        }
    }

    #[tokio::test]
    async fn a_pair_that_another_process_renewed_is_taken_over() {
        signed_in(async |case| {
            let mut app = App::start(case).await;
            assert_eq!(app.look().await.connection, "ok");
            // Signed in once more, and nobody told the app. Its old pair is refused, as it would be after a renewal elsewhere.
            case.portal.forget_tokens();
            case.sign_in().await;
            let newest = case.kept().await.unwrap();
            app.renewals();
            assert_eq!(app.look().await.connection, "ok");
            assert_eq!(app.renewals(), 0, "there was nothing to renew");
            assert!(case.kept().await.unwrap().is_same_pair(&newest));
        })
        .await;
    }

    #[tokio::test]
    async fn the_new_name_of_a_portal_comes_with_a_renewal() {
        signed_in(async |case| {
            let moved = case.portal.start_moved().await.unwrap();
            moved.lift_limit();
            case.portal.age_tokens(Duration::from_hours(1));
            let mut app = App::start(case).await;
            assert_eq!(app.look().await.connection, "ok");
            assert_eq!(case.kept().await.unwrap().portal(), moved.address().to_string());
            let accounts = case.file().load().settings.accounts;
            assert_eq!(
                (accounts[0].id.as_str(), accounts[0].portal.as_str()),
                (case.account().as_str(), moved.address().to_string().as_str())
            );
        })
        .await;
    }

    #[tokio::test]
    async fn tokens_that_are_good_for_nothing_end_in_one_renewal() {
        signed_in(async |case| {
            case.portal.fail(Fault::Refused(Refusal::InvalidToken).until_healed());
            let mut app = App::start(case).await;
            let status = app.look().await;
            assert_eq!((status.connection.as_str(), app.failure(&status)), ("signed_out", Some("sign_in_expired")));
            assert_eq!(app.renewals(), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn quitting_waits_for_a_renewal_under_way() {
        signed_in(async |case| {
            let before = case.kept().await.unwrap();
            case.portal.age_tokens(Duration::from_hours(1));
            case.portal.fail(Fault::Late(Duration::from_secs(1)).once().at(&[Step::Refresh]));
            let mut app = App::start(case).await;
            app.ask();
            app.next(|arrival| arrival.step == Some(Step::Refresh)).await;
            app.quit().await;
            assert!(!case.kept().await.unwrap().is_same_pair(&before), "the old pair is spent");
        })
        .await;
    }

    #[tokio::test]
    async fn doctor_renews_nothing() {
        signed_in(async |case| {
            let before = case.secret().await;
            let mut arrivals = case.portal.arrivals();
            case.portal.age_tokens(Duration::from_hours(1));
            let load = async |account: &AccountId| case.secrets.load(account, Ask::Never).await;
            let report = Report::of(findings::gather(&case.paths, &case.file(), load).await);
            let json = serde_json::to_value(report.json()).unwrap();
            let line = json["checks"].as_array().unwrap().iter().find(|line| line["check"] == "portal").unwrap();
            assert_eq!((&line["verdict"], &line["found"]), (&"ok".into(), &"token_expired".into()), "{line}");
            while let Ok(arrival) = arrivals.try_recv() {
                assert_eq!(arrival.step, None);
            }
            assert_eq!(case.secret().await.expose_secret(), before.expose_secret());
            for secret in case.kept().await.unwrap().secrets() {
                assert!(!json.to_string().contains(secret.expose_secret()));
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_server_that_keeps_old_tokens_good_changes_nothing() {
        signed_in(async |case| {
            case.portal.rotate(Rotation::KeepsTheOld);
            case.portal.age_tokens(Duration::from_hours(1));
            let mut app = App::start(case).await;
            assert_eq!(app.look().await.connection, "ok");
            assert_eq!((app.renewals(), app.look().await.connection.as_str()), (1, "ok"));
        })
        .await;
    }

    const LIMIT: Duration = Duration::from_secs(20);

    /// A story of somebody who is signed in.
    async fn signed_in(story: impl AsyncFnOnce(&Case)) {
        let case = Case::start().await;
        case.sign_in().await;
        LocalSet::new().run_until(story(&case)).await;
    }

    /// The app without a desktop.
    struct App {
        paths: Paths,
        running: JoinHandle<std::io::Result<()>>,
        orders: UnboundedSender<Event>,
        arrivals: UnboundedReceiver<Arrival>,
        seen: Vec<Arrival>,
    }

    impl App {
        async fn start(case: &Case) -> Self {
            let (orders, ordered) = unbounded_channel();
            let parts = Parts {
                launch: b24status::app::Launch::ForAWindow,
                keeping: Keeping::Disk(case.paths.clone()),
                secrets: case.secrets.clone(),
                texts: english(),
                control: Some(control::claim(&case.paths).unwrap()),
                autostart: None,
                hosts: None,
                orders: ordered,
            };
            let arrivals = case.portal.arrivals();
            Self { paths: case.paths.clone(), running: spawn_local(app::run(parts)), orders, arrivals, seen: Vec::new() }
        }

        /// What is so once every portal was read.
        async fn look(&mut self) -> StatusReport {
            let response = control::ask(&self.paths, Request::RefreshNow, LIMIT).await.unwrap();
            let Response::Status(report) = response else { panic!("{response:?}") };
            report
        }

        /// The same, and nobody waits for it.
        fn ask(&self) {
            let paths = self.paths.clone();
            spawn_local(async move { drop(control::ask(&paths, Request::RefreshNow, LIMIT).await) });
        }

        fn failure<'a>(&self, status: &'a StatusReport) -> Option<&'a str> {
            status.accounts[0].failure.as_deref()
        }

        async fn next(&mut self, wanted: impl Fn(&Arrival) -> bool) {
            let wait = async { while !wanted(&self.arrivals.recv().await.unwrap()) {} };
            tokio::time::timeout(LIMIT, wait).await.unwrap();
        }

        /// How often a refresh token arrived since the last look.
        fn renewals(&mut self) -> usize {
            while let Ok(arrival) = self.arrivals.try_recv() {
                self.seen.push(arrival);
            }
            self.seen.extract_if(.., |arrival| arrival.step == Some(Step::Refresh)).count()
        }

        /// The pairs with which calls were made.
        fn pairs_used(&mut self) -> Vec<u32> {
            while let Ok(arrival) = self.arrivals.try_recv() {
                self.seen.push(arrival);
            }
            self.seen.iter().filter(|arrival| arrival.step.is_none()).filter_map(|arrival| arrival.pair).collect()
        }

        async fn quit(self) {
            self.orders.send(Event::QuitAsked).unwrap();
            self.running.await.unwrap().unwrap();
        }
    }
}

/// A portal with an application, and somebody who has nothing stored yet.
struct Case {
    portal: Portal,
    card: Card,
    port: u16,
    secrets: Secrets,
    paths: Paths,
    _root: TempDir,
}

impl Case {
    async fn start() -> Self {
        let portal = Portal::start(Person { id: 7, name: "Ivan".to_owned(), last_name: "Petrov".to_owned() }).await.unwrap();
        portal.lift_limit();
        let port = browser::free_port();
        let card = portal.register("b24status", &format!("http://127.0.0.1:{port}/")).unwrap();
        let root = tempfile::tempdir().unwrap();
        Self { portal, card, port, secrets: Secrets::in_memory([]), paths: Paths::below(root.path()), _root: root }
    }

    fn order(&self) -> Order {
        Order {
            portal: Site::parse(&format!("http://{}/stream/", self.portal.address())).unwrap(),
            application: Application::new(&self.card.client_id, self.card.client_secret.expose_secret()).unwrap(),
            port: self.port,
            ca_file: None,
            agreed_server: None,
        }
    }

    async fn begin(&self) -> Authorization {
        let authorization = Authorization::begin(self.order()).await.unwrap();
        assert_eq!(authorization.redirect_address(), self.card.redirect);
        authorization
    }

    /// Where the browser is sent when the person lets the application in.
    async fn allow(&self, authorization: &Authorization) -> String {
        let address = authorization.address().to_owned();
        spawn_blocking(move || browser::allow(&address)).await.unwrap()
    }

    /// What the browser shows at the end.
    async fn browse(&self, authorization: &Authorization) -> Shown {
        let location = self.allow(authorization).await;
        spawn_blocking(move || browser::open(&location)).await.unwrap()
    }

    #[cfg(unix)]
    async fn sign_in(&self) -> sign_in::Trial {
        let authorization = self.begin().await;
        let trial = authorization.pasted(&self.allow(&authorization).await).await.unwrap();
        sign_in::keep(&trial, &self.secrets, &self.file(), &english()).await.unwrap();
        trial
    }

    fn file(&self) -> settings::File {
        settings::File::new(&Place::Disk(self.paths.clone()))
    }

    fn account(&self) -> String {
        format!("7@{}", self.portal.address())
    }

    async fn secret(&self) -> SecretString {
        self.secrets.load(&AccountId::new(&self.account()), Ask::Never).await.unwrap().unwrap()
    }

    async fn kept(&self) -> Option<Grant> {
        Credential::parse(self.secret().await.expose_secret()).and_then(|credential| credential.grant().cloned())
    }
}

/// Nothing of the page runs, nothing of it is kept, and nobody learns of its address.
#[track_caller]
fn assert_closed_off(shown: &Shown) {
    let header = |name| shown.header(name).unwrap_or_default().to_owned();
    assert!(header("content-security-policy").starts_with("default-src 'none'"), "{shown:?}");
    assert_eq!((header("referrer-policy").as_str(), header("cache-control").as_str()), ("no-referrer", "no-store"));
    assert!(!shown.body.contains("<script") && !shown.body.contains("src="), "{shown:?}");
}

fn english() -> Texts {
    Texts::new(Language::English)
}
