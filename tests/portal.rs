//! The client against real sockets: whatever may answer at the far end, the failure says what can be done, and the secret stays here.

#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
#![expect(clippy::print_stdout, reason = "what a child process tells its parent")]

#[path = "support/scripted_portal.rs"]
mod scripted_portal;

use std::{
    fs, io,
    path::PathBuf,
    process::Command,
    sync::Arc,
    time::{Duration, SystemTime},
};

use b24status::{
    portal::{Client, MethodState, Patience, Profile, Trust, TrustError, Webhook},
    presence::{Answer, Ask, Call, Failure, GiveUp, Held, Later, Status},
    text::{Language, Texts},
};
use scripted_portal::{Act, ScriptedPortal, answer, json, page, redirect};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer},
        sign::{CertifiedKey, SingleCertAndKey},
    },
};

const CODE: &str = "s3cr3tc0de0123ab";

mod the_wire {
    use super::*;

    #[tokio::test]
    async fn a_request_is_written_to_the_letter() {
        let portal = ScriptedPortal::plain([json(200, r#"{"result":true}"#)]).await;
        client(&portal).carry_out(Call::Set(Status::Dnd)).await.unwrap();
        let expected = format!(
            "POST /rest/7/{CODE}/im.user.status.set HTTP/1.1\r\n\
             accept: application/json\r\n\
             user-agent: b24status/{}\r\n\
             content-type: application/json\r\n\
             host: 127.0.0.1:{}\r\n\
             content-length: 16\r\n\
             \r\n\
             {{\"STATUS\":\"dnd\"}}",
            env!("CARGO_PKG_VERSION"),
            portal.port()
        );
        assert_eq!(portal.requests(), [expected]);
    }

    #[tokio::test]
    async fn every_call_has_its_method_and_parameters() {
        let calls = [
            (Call::Read, "im.user.status.get", "{}"),
            (Call::Set(Status::Online), "im.user.status.set", r#"{"STATUS":"online"}"#),
            (Call::Set(Status::Dnd), "im.user.status.set", r#"{"STATUS":"dnd"}"#),
            (Call::Set(Status::Away), "im.user.status.set", r#"{"STATUS":"away"}"#),
            (Call::Set(Status::Break), "im.user.status.set", r#"{"STATUS":"break"}"#),
            (Call::StartIdle { minutes_ago: 17 }, "im.user.status.idle.start", r#"{"AGO":17}"#),
            (Call::StartIdle { minutes_ago: 0 }, "im.user.status.idle.start", r#"{"AGO":1}"#),
            (Call::EndIdle, "im.user.status.idle.end", "{}"),
        ];
        for (call, method, body) in calls {
            let portal = ScriptedPortal::plain([json(200, r#"{"result":true}"#)]).await;
            client(&portal).carry_out(call).await.unwrap();
            assert_eq!(asked(&portal), [(format!("/rest/7/{CODE}/{method}"), body.to_owned())]);
        }
    }

    #[tokio::test]
    async fn cookies_are_not_sent_back() {
        let with_cookie = Act::Say(answer(200, &["Set-Cookie: PHPSESSID=abc; path=/"], r#"{"result":"away"}"#));
        let portal = ScriptedPortal::plain([with_cookie.clone(), with_cookie]).await;
        let client = client(&portal);
        for _ in 0..2 {
            client.carry_out(Call::Read).await.unwrap();
        }
        assert!(!portal.requests().concat().to_lowercase().contains("cookie"));
    }

    #[tokio::test]
    async fn one_connection_serves_call_after_call() {
        let portal = ScriptedPortal::plain(vec![json(200, r#"{"result":"away"}"#); 5]).await;
        let client = client(&portal);
        for _ in 0..5 {
            client.carry_out(Call::Read).await.unwrap();
        }
        assert_eq!(portal.connections(), 1);
    }

    #[tokio::test]
    async fn a_connection_that_the_portal_closed_meanwhile_costs_no_call() {
        let closing = Act::SayAndClose(answer(200, &[], r#"{"result":"away"}"#));
        let portal = ScriptedPortal::plain([closing.clone(), closing.clone(), closing]).await;
        let client = client(&portal);
        for _ in 0..3 {
            assert_eq!(client.carry_out(Call::Read).await, Ok(Answer::Held(Held::Status(Status::Away))));
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn once_disconnected_the_next_call_connects_anew() {
        let portal = ScriptedPortal::plain(vec![json(200, r#"{"result":"away"}"#); 2]).await;
        let client = client(&portal);
        client.carry_out(Call::Read).await.unwrap();
        client.disconnect();
        client.carry_out(Call::Read).await.unwrap();
        assert_eq!(portal.connections(), 2);
    }
}

mod answers {
    use super::*;

    #[tokio::test]
    async fn a_reading_is_a_status_or_never_set_or_kept_as_it_is() {
        let unfamiliar = |word: &str| Held::Unfamiliar(word.to_owned());
        let readings = [
            (r#""online""#, Held::Status(Status::Online)),
            (r#""dnd""#, Held::Status(Status::Dnd)),
            (r#""away""#, Held::Status(Status::Away)),
            (r#""break""#, Held::Status(Status::Break)),
            ("false", Held::NeverSet),
            ("null", Held::NeverSet),
            (r#""""#, Held::NeverSet),
            (r#""DND""#, unfamiliar("DND")),
            (r#""lunch""#, unfamiliar("lunch")),
            (r#""\u043e\u0431\u0435\u0434""#, unfamiliar("обед")),
            (r#""two\nlines\u0007""#, unfamiliar("twolines")),
            ("true", unfamiliar("true")),
            ("5", unfamiliar("5")),
            ("[]", unfamiliar("[]")),
            (r#"{"status":"away"}"#, unfamiliar(r#"{"status":"away"}"#)),
        ];
        for (result, held) in readings {
            let body = format!(r#"{{"result":{result},"time":{{"start":1760000000,"finish":1760000000.05}},"more":[]}}"#);
            assert_eq!(call_answered(Call::Read, json(200, &body)).await, Ok(Answer::Held(held)), "{result}");
        }
    }

    #[tokio::test]
    async fn the_content_type_does_not_matter() {
        let act = page(200, " \r\n{\"result\":\"away\"}");
        assert_eq!(call_answered(Call::Read, act).await, Ok(Answer::Held(Held::Status(Status::Away))));
    }

    #[tokio::test]
    async fn a_byte_order_mark_before_the_answer_does_not_matter() {
        let act = json(200, "\u{feff}{\"result\":\"away\"}");
        assert_eq!(call_answered(Call::Read, act).await, Ok(Answer::Held(Held::Status(Status::Away))));
    }

    #[tokio::test]
    async fn a_chunked_answer_is_read() {
        let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"result\"\r\n5\r\n:true\r\n1\r\n}\r\n0\r\n\r\n";
        assert_eq!(call_answered(Call::EndIdle, Act::Say(bytes.to_vec())).await, Ok(Answer::Done));
    }

    #[tokio::test]
    async fn a_change_is_done_only_when_the_portal_says_true() {
        assert_eq!(call_answered(Call::Set(Status::Dnd), json(200, r#"{"result":true,"time":[]}"#)).await, Ok(Answer::Done));
        for result in ["false", "null", "[]", "\"\"", "1", "\"dnd\""] {
            let body = format!(r#"{{"result":{result}}}"#);
            assert_eq!(call_answered(Call::Set(Status::Dnd), json(200, &body)).await, Err(UNEXPECTED_PAGE), "{result}");
        }
    }

    #[tokio::test]
    async fn a_profile_says_whose_credential_it_is() {
        let body = r#"{"result":{"ID":"7","ADMIN":false,"NAME":"\u0418\u0432\u0430\u043d","LAST_NAME":"Petrov","TIME_ZONE":""}}"#;
        let profile = profile_answered(body).await.unwrap();
        assert_eq!(profile, Profile { id: 7, name: "Иван Petrov".to_owned() });

        let webhook = Webhook::parse("https://acme.bitrix24.com/rest/7/abc/").unwrap();
        assert!(webhook.names(&profile));
        assert_eq!(profile.check(&webhook.account(7)), Ok(()));
        assert_eq!(profile.check(&webhook.account(70)), Err(Failure::Ask(Ask::AnotherPerson)));
        assert!(!Webhook::parse("https://acme.bitrix24.com/rest/70/abc/").unwrap().names(&profile));
        assert!(Webhook::parse("https://acme.bitrix24.com/rest/ivan/abc/").unwrap().names(&profile));
    }

    #[tokio::test]
    async fn a_profile_without_names_is_one() {
        assert_eq!(profile_answered(r#"{"result":{"ID":7,"NAME":null}}"#).await, Ok(Profile { id: 7, name: String::new() }));
    }

    #[tokio::test]
    async fn an_empty_profile_is_that_of_a_dismissed_person() {
        for result in ["[]", "{}", "null", "false"] {
            assert_eq!(profile_answered(&format!(r#"{{"result":{result}}}"#)).await, Err(Failure::Ask(Ask::Dismissed)), "{result}");
        }
        for result in ["[1]", "true", "\"7\"", r#"{"NAME":"Ivan"}"#, r#"{"ID":"seven"}"#] {
            assert_eq!(profile_answered(&format!(r#"{{"result":{result}}}"#)).await, Err(UNEXPECTED_PAGE), "{result}");
        }
    }

    #[tokio::test]
    async fn scopes_come_as_a_list_or_as_a_list_with_gaps() {
        for (result, scopes) in [(r#"["im","TASK"]"#, vec!["im", "task"]), (r#"{"0":"im","2":"task"}"#, vec!["im", "task"]), ("[]", vec![])]
        {
            let portal = ScriptedPortal::plain([json(200, &format!(r#"{{"result":{result}}}"#))]).await;
            assert_eq!(client(&portal).scopes().await.unwrap(), scopes);
        }
    }

    #[tokio::test]
    async fn a_method_is_there_or_out_of_reach_or_missing() {
        for (result, state) in [
            (r#"{"isExisting":true,"isAvailable":true}"#, MethodState::Available),
            (r#"{"isExisting":true,"isAvailable":false}"#, MethodState::ScopeMissing),
            (r#"{"isExisting":false,"isAvailable":false}"#, MethodState::Missing),
            ("[]", MethodState::Missing),
        ] {
            let portal = ScriptedPortal::plain([json(200, &format!(r#"{{"result":{result}}}"#))]).await;
            assert_eq!(client(&portal).has_method("Im.User.Status.Get").await, Ok(state));
            assert_eq!(asked(&portal), [(format!("/rest/7/{CODE}/method.get"), r#"{"name":"im.user.status.get"}"#.to_owned())]);
        }
    }
}

mod refusals {
    use super::*;

    #[tokio::test]
    async fn every_code_means_the_same_under_every_status_and_in_every_case() {
        for (code, failure) in table() {
            for status in [200, 400, 401, 403, 404, 405, 410, 429, 500, 503] {
                for code in [code.to_owned(), code.to_ascii_lowercase(), code.to_ascii_uppercase()] {
                    let body = format!(r#"{{"error":"{code}","error_description":"<b>Not for people<\/b>"}}"#);
                    let names_the_code = matches!(failure, Failure::GiveUp(GiveUp::OurFault { .. }));
                    let failure = if names_the_code { our_fault(&code) } else { failure.clone() };
                    assert_eq!(refusal(json(status, &body)).await, failure, "{code} {status}");
                }
            }
        }
    }

    #[tokio::test]
    async fn an_unknown_code_is_kept_and_left_alone_but_for_trouble_of_the_server() {
        let code = r#"{"error":"NEWER_THAN_US"}"#;
        for status in [200, 400, 401, 403, 404] {
            assert_eq!(refusal(json(status, code)).await, our_fault("NEWER_THAN_US"));
        }
        assert_eq!(refusal(json(500, code)).await, Failure::Later(Later::ServerTrouble));
        assert_eq!(refusal(json(429, code)).await, TOO_BUSY);
    }

    #[tokio::test]
    async fn odd_codes_are_refusals_too() {
        for (error, code) in [
            (r#""""#, ""),
            ("403", "403"),
            (r#""403""#, "403"),
            ("true", "true"),
            ("[]", "[]"),
            ("{}", ""),
            (r#"{"code":"BITRIX_REST_V3_EXCEPTION","message":"x","validation":[]}"#, "BITRIX_REST_V3_EXCEPTION"),
        ] {
            assert_eq!(refusal(json(400, &format!(r#"{{"error":{error},"result":"away"}}"#))).await, our_fault(code), "{error}");
        }
        assert_eq!(refusal(json(401, r#"{"error":{"code":"insufficient_scope"}}"#)).await, Failure::Ask(Ask::ScopeMissing));
        for none in ["null", "false"] {
            let act = json(200, &format!(r#"{{"error":{none},"result":"away"}}"#));
            assert_eq!(call_answered(Call::Read, act).await, Ok(Answer::Held(Held::Status(Status::Away))));
        }
    }

    #[tokio::test]
    async fn a_code_is_shortened_and_never_holds_the_secret() {
        assert_eq!(refusal(json(400, &format!(r#"{{"error":"NO_{CODE}"}}"#))).await, our_fault("?"));
        assert_eq!(refusal(json(400, &format!(r#"{{"error":"{}{CODE}"}}"#, "X".repeat(55)))).await, our_fault("?"));
        assert_eq!(refusal(json(400, &format!(r#"{{"error":"{}"}}"#, "X".repeat(5000)))).await, our_fault(&"X".repeat(64)));
        let echoed = call_answered(Call::Read, json(200, &format!(r#"{{"result":"https://x/{CODE}/"}}"#))).await;
        assert_eq!(echoed, Ok(Answer::Held(Held::Unfamiliar("?".to_owned()))));
    }

    #[tokio::test]
    async fn a_used_up_budget_says_until_when_even_if_the_clocks_disagree() {
        // The portal's clock is months behind ours; the budget is free six minutes after the answer.
        let good =
            r#"{"result":"away","time":{"start":1760000000,"finish":1760000000.5,"operating":480.1,"operating_reset_at":1760000360}}"#;
        let portal = ScriptedPortal::plain([json(200, good), json(429, r#"{"error":"OPERATION_TIME_LIMIT"}"#)]).await;
        let client = client(&portal);
        client.carry_out(Call::Read).await.unwrap();
        let Err(Failure::Later(Later::TooBusy { until: Some(until) })) = client.carry_out(Call::Read).await else { panic!() };
        assert_close(until, Duration::from_millis(359_500));
    }

    #[tokio::test]
    async fn a_used_up_budget_without_a_usable_instant_leaves_the_wait_open() {
        for time in [
            "[]",
            "{}",
            r#"{"operating_reset_at":1760000000,"finish":1760000900}"#,
            r#"{"operating_reset_at":9e300,"finish":1}"#,
            r#"{"operating_reset_at":"x"}"#,
        ] {
            let good = format!(r#"{{"result":"away","time":{time}}}"#);
            let portal = ScriptedPortal::plain([json(200, &good), json(429, r#"{"error":"OPERATION_TIME_LIMIT"}"#)]).await;
            let client = client(&portal);
            client.carry_out(Call::Read).await.unwrap();
            assert_eq!(client.carry_out(Call::Read).await, Err(TOO_BUSY), "{time}");
        }
    }

    #[tokio::test]
    async fn retry_after_is_honoured_in_seconds_and_as_a_date() {
        let in_five_minutes = jiff::Timestamp::now() + Duration::from_secs(300);
        let date = jiff::fmt::strtime::format("%a, %d %b %Y %H:%M:%S GMT", &in_five_minutes.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
        for (status, body) in
            [(503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#), (429, r#"{"error":"OPERATION_TIME_LIMIT"}"#), (503, "<html>"), (429, "")]
        {
            for value in ["300", date.as_str()] {
                let act = Act::Say(answer(status, &[&format!("Retry-After: {value}")], body));
                let Failure::Later(Later::TooBusy { until: Some(until) }) = refusal(act).await else { panic!("{status} {value}") };
                assert_close(until, Duration::from_secs(300));
            }
        }
        for value in ["-1", "0", "soon", "99999999999999999999", "99999999", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            let act = Act::Say(answer(429, &[&format!("Retry-After: {value}")], ""));
            assert_eq!(refusal(act).await, TOO_BUSY, "{value}");
        }
    }

    /// Section 4 of the reference, row by row.
    fn table() -> Vec<(&'static str, Failure)> {
        let later = Failure::Later;
        let ask = Failure::Ask;
        vec![
            ("INTERNAL_SERVER_ERROR", later(Later::ServerTrouble)),
            ("ERROR_UNEXPECTED_ANSWER", later(Later::ServerTrouble)),
            ("QUERY_LIMIT_EXCEEDED", TOO_BUSY),
            ("OPERATION_TIME_LIMIT", TOO_BUSY),
            ("OVERLOAD_LIMIT", ask(Ask::BlockedByProvider)),
            ("NO_AUTH_FOUND", ask(Ask::CredentialRefused)),
            ("INVALID_CREDENTIALS", ask(Ask::CredentialRefused)),
            ("expired_token", ask(Ask::CredentialRefused)),
            ("invalid_token", ask(Ask::CredentialRefused)),
            ("insufficient_scope", ask(Ask::ScopeMissing)),
            ("user_access_error", ask(Ask::AccessDenied)),
            ("ACCESS_DENIED", ask(Ask::PlanWithoutRest)),
            ("INVALID_REQUEST", ask(Ask::HttpsRequired)),
            ("authorization_error", ask(Ask::Dismissed)),
            ("APPLICATION_NOT_FOUND", ask(Ask::ApplicationRemoved)),
            ("ERROR_OAUTH", ask(Ask::ApplicationRemoved)),
            ("NOT_INSTALLED", ask(Ask::ApplicationRemoved)),
            ("wrong_client", ask(Ask::ApplicationRemoved)),
            ("CONNECTION_ERROR", later(Later::NoAuthorizationServer)),
            ("PAYMENT_REQUIRED", ask(Ask::PlanWithoutRest)),
            ("WRONG_AUTH_TYPE", ask(Ask::AccessDenied)),
            ("WRONG_LICENSE", ask(Ask::PlanWithoutRest)),
            ("allowed_only_intranet_user", ask(Ask::AccessDenied)),
            ("ERROR_METHOD_NOT_FOUND", Failure::GiveUp(GiveUp::MethodMissing)),
            ("PORTAL_DELETED", later(Later::Closed)),
            ("ERROR_CORE", later(Later::ServerTrouble)),
            ("INTERNAL_WRONG_TRANSPORT", later(Later::ServerTrouble)),
            ("INTERNAL_WRONG_HANDLER_CLASS", later(Later::ServerTrouble)),
            ("ERROR_ARGUMENT", our_fault("ERROR_ARGUMENT")),
            ("STATUS_ERROR", our_fault("STATUS_ERROR")),
            ("WRONG_ENCODING", our_fault("WRONG_ENCODING")),
            ("ERROR_BATCH_METHOD_NOT_ALLOWED", our_fault("ERROR_BATCH_METHOD_NOT_ALLOWED")),
            ("ERROR_BATCH_LENGTH_EXCEEDED", our_fault("ERROR_BATCH_LENGTH_EXCEEDED")),
        ]
    }
}

mod pages {
    use super::*;

    #[tokio::test]
    async fn what_is_not_rest_is_an_unexpected_page_or_trouble_of_the_server() {
        let nested = "[".repeat(100_000);
        for body in [
            "",
            "   ",
            "<html>Sign in to the Wi-Fi</html>",
            "{\"result\":\"aw",
            "null",
            "[]",
            "true",
            "\"dnd\"",
            "{}",
            "{\"time\":{}}",
            "\u{feff}{",
            &nested,
        ] {
            for status in [200, 201, 204, 300, 400, 401, 403, 404] {
                let body = if status == 204 { "" } else { body };
                assert_eq!(refusal(page(status, body)).await, UNEXPECTED_PAGE, "{status}");
            }
            for status in [500, 502, 503, 504, 599] {
                assert_eq!(refusal(page(status, body)).await, Failure::Later(Later::ServerTrouble), "{status}");
            }
            assert_eq!(refusal(page(429, body)).await, TOO_BUSY);
            assert_eq!(refusal(page(408, body)).await, NO_ANSWER);
        }
    }

    #[tokio::test]
    async fn text_that_is_not_utf_8_is_an_unexpected_page() {
        let mut bytes = answer(200, &[], "{\"result\":\"__\"}");
        let length = bytes.len();
        bytes[length - 4] = 0xff;
        assert_eq!(refusal(Act::Say(bytes)).await, UNEXPECTED_PAGE);
    }

    #[tokio::test]
    async fn the_largest_body_is_256_kib() {
        let padded = |size: usize| format!("{}{}", " ".repeat(size - 17), r#"{"result":"away"}"#);
        let fits = call_answered(Call::Read, json(200, &padded(256 * 1024))).await;
        assert_eq!(fits, Ok(Answer::Held(Held::Status(Status::Away))));
        assert_eq!(refusal(json(200, &padded(256 * 1024 + 1))).await, UNEXPECTED_PAGE);
        assert_eq!(refusal(json(500, &padded(256 * 1024 + 1))).await, Failure::Later(Later::ServerTrouble));
    }

    #[tokio::test]
    async fn a_body_without_end_is_left_at_once() {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000)).into_bytes();
        assert_eq!(refusal(Act::SayForEver(head, chunk)).await, UNEXPECTED_PAGE);
    }
}

mod connections {
    use super::*;

    #[tokio::test]
    async fn a_refused_connection_means_that_nothing_was_sent() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        assert_eq!(client_at(&format!("http://127.0.0.1:{port}")).carry_out(Call::Read).await, Err(UNREACHABLE));
    }

    #[tokio::test]
    async fn a_host_that_does_not_exist_means_that_nothing_was_sent() {
        assert_eq!(client_at("https://portal.invalid").carry_out(Call::Read).await, Err(UNREACHABLE));
    }

    #[tokio::test]
    async fn a_server_without_tls_means_that_nothing_was_sent() {
        let portal = ScriptedPortal::plain([]).await;
        let patience = Patience { connect: Duration::from_millis(200), ..Patience::default() };
        let client = client_with(&format!("https://localhost:{}", portal.port()), patience);
        assert_eq!(client.carry_out(Call::Read).await, Err(UNREACHABLE));
        assert_eq!(portal.requests(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn an_answer_that_does_not_come_or_breaks_off_is_no_answer() {
        let half = b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"result\":".to_vec();
        let half_chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n{\"resu".to_vec();
        let head = b"HTTP/1.1 200 OK\r\nContent-Le".to_vec();
        for said in [Vec::new(), head, half, half_chunk] {
            for act in [Act::SayAndClose(said.clone()), Act::SayAndReset(said.clone()), Act::SayAndHang(said.clone())] {
                let portal = ScriptedPortal::plain([act]).await;
                let answer = impatient(&format!("http://127.0.0.1:{}", portal.port())).carry_out(Call::Read).await;
                assert_eq!(answer, Err(NO_ANSWER), "{}", String::from_utf8_lossy(&said));
                assert_eq!(portal.requests().len(), 1, "nothing is asked twice");
            }
        }
    }

    #[tokio::test]
    async fn an_answer_that_drips_for_ever_is_no_answer() {
        let portal = ScriptedPortal::plain([Act::Drip(answer(200, &[], &" ".repeat(1000)), Duration::from_millis(20))]).await;
        let client = impatient(&format!("http://127.0.0.1:{}", portal.port()));
        assert_eq!(client.carry_out(Call::Read).await, Err(NO_ANSWER));
    }

    #[tokio::test]
    async fn what_does_not_speak_http_is_no_answer() {
        for said in ["SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"] {
            assert_eq!(refusal(Act::SayAndClose(said.into())).await, NO_ANSWER, "{said}");
        }
    }
}

mod redirects {
    use super::*;

    #[tokio::test]
    async fn a_portal_on_another_port_gets_the_same_post_and_its_address_is_kept() {
        for status in [301, 302, 303, 307, 308] {
            let new = ScriptedPortal::plain(vec![json(200, r#"{"result":true}"#); 2]).await;
            let location = format!("http://127.0.0.1:{}/rest/7/{CODE}/im.user.status.set", new.port());
            let old = ScriptedPortal::plain([redirect(status, &location)]).await;
            let client = client(&old);
            assert_eq!(client.moved_to().map(|webhook| webhook.portal().to_owned()), None);
            assert_eq!(client.carry_out(Call::Set(Status::Dnd)).await, Ok(Answer::Done), "{status}");
            assert_eq!(client.moved_to().unwrap().portal(), format!("127.0.0.1:{}", new.port()));
            // The second call goes straight to the new place.
            assert_eq!(client.carry_out(Call::Set(Status::Dnd)).await, Ok(Answer::Done));
            let set = (format!("/rest/7/{CODE}/im.user.status.set"), r#"{"STATUS":"dnd"}"#.to_owned());
            assert_eq!(asked(&new), [set.clone(), set.clone()]);
            assert_eq!(asked(&old), [set]);
            assert!(new.requests()[0].starts_with("POST "));
        }
    }

    #[tokio::test]
    async fn a_bare_host_means_the_same_path() {
        for (start, end) in [("http://127.0.0.1:", ""), ("http://127.0.0.1:", "/"), ("//127.0.0.1:", "/"), ("HTTP://127.0.0.1:", "/?x=1#y")]
        {
            let new = ScriptedPortal::plain([json(200, r#"{"result":"away"}"#)]).await;
            let old = ScriptedPortal::plain([redirect(302, &format!("{start}{}{end}", new.port()))]).await;
            assert_eq!(client(&old).carry_out(Call::Read).await, Ok(Answer::Held(Held::Status(Status::Away))), "{start}{end}");
            assert_eq!(asked(&new), [(format!("/rest/7/{CODE}/im.user.status.get"), "{}".to_owned())]);
        }
    }

    #[tokio::test]
    async fn a_slash_at_the_end_is_given_without_taking_the_portal_for_moved() {
        let with_slash = format!("/rest/7/{CODE}/im.user.status.get/");
        let portal = ScriptedPortal::plain([redirect(301, &with_slash), json(200, r#"{"result":"away"}"#)]).await;
        let client = client(&portal);
        assert_eq!(client.carry_out(Call::Read).await, Ok(Answer::Held(Held::Status(Status::Away))));
        assert_eq!(asked(&portal)[1].0, with_slash);
        assert!(client.moved_to().is_none());
    }

    #[tokio::test]
    async fn another_host_is_named_and_gets_nothing() {
        let other = ScriptedPortal::plain([]).await;
        let place = format!("localhost:{}", other.port());
        let old = ScriptedPortal::plain([redirect(302, &format!("http://{place}/rest/7/{CODE}/im.user.status.get"))]).await;
        let client = client(&old);
        assert_eq!(client.carry_out(Call::Read).await, Err(Failure::Ask(Ask::Moved { to: format!("http://{place}") })));
        assert_eq!((other.connections(), client.moved_to().is_none()), (0, true));
    }

    #[tokio::test]
    async fn a_page_is_not_a_portal_that_moved() {
        let login = "https://login.example/sso?back=x".to_owned();
        let own_login = "/auth/?backurl=%2Frest".to_owned();
        let itself = format!("/rest/7/{CODE}/im.user.status.get");
        for location in [
            login,
            own_login,
            itself,
            "/".to_owned(),
            String::new(),
            "https://".to_owned(),
            "mailto:somebody".to_owned(),
            "http://[".to_owned(),
        ] {
            let portal = ScriptedPortal::plain([redirect(302, &location)]).await;
            assert_eq!(client(&portal).carry_out(Call::Read).await, Err(UNEXPECTED_PAGE), "{location}");
            assert_eq!(portal.requests().len(), 1);
        }
        let nowhere = ScriptedPortal::plain([page(302, "<html>Moved</html>")]).await;
        assert_eq!(client(&nowhere).carry_out(Call::Read).await, Err(UNEXPECTED_PAGE));
    }

    #[tokio::test]
    async fn there_is_one_hop() {
        let third = ScriptedPortal::plain([]).await;
        let second = ScriptedPortal::plain([redirect(302, &format!("http://127.0.0.1:{}/", third.port()))]).await;
        let first = ScriptedPortal::plain([redirect(302, &format!("http://127.0.0.1:{}/", second.port()))]).await;
        let client = client(&first);
        assert_eq!(client.carry_out(Call::Read).await, Err(UNEXPECTED_PAGE));
        assert_eq!((third.connections(), client.moved_to().is_none()), (0, true));
    }

    #[tokio::test]
    async fn a_new_place_that_refuses_is_not_kept() {
        let new = ScriptedPortal::plain([json(401, r#"{"error":"INVALID_CREDENTIALS"}"#)]).await;
        let old = ScriptedPortal::plain([redirect(302, &format!("http://127.0.0.1:{}/", new.port()))]).await;
        let client = client(&old);
        assert_eq!(client.carry_out(Call::Read).await, Err(Failure::Ask(Ask::CredentialRefused)));
        assert!(client.moved_to().is_none());
    }
}

/// Not in Wine, whose verifier makes no chain to an authority of one's own and believes others.
#[cfg(not(windows))]
mod encryption {
    use super::*;

    #[tokio::test]
    async fn a_certificate_that_nobody_knows_is_refused_before_anything_is_said() {
        let authority = Authority::new();
        let portal = ScriptedPortal::tls([], authority.vouch_for(&["localhost"])).await;
        let answer = client_at(&format!("https://localhost:{}", portal.port())).carry_out(Call::Read).await;
        assert_eq!(answer, Err(Failure::Ask(Ask::UntrustedCertificate)));
        assert_eq!(portal.requests(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn the_extra_file_makes_a_company_portal_trusted() {
        let authority = Authority::new();
        let portal = ScriptedPortal::tls(vec![json(200, r#"{"result":"away"}"#); 2], authority.vouch_for(&["localhost"])).await;
        let client = authority.client(&format!("https://localhost:{}", portal.port()));
        for _ in 0..2 {
            assert_eq!(client.carry_out(Call::Read).await, Ok(Answer::Held(Held::Status(Status::Away))));
        }
        assert_eq!(portal.connections(), 1);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn plain_http_to_this_machine_needs_no_trust_store() {
        let portal = ScriptedPortal::plain([json(200, r#"{"result":"away"}"#)]).await;
        let base = format!("http://127.0.0.1:{}", portal.port());
        let environment = [("B24STATUS_TEST_PORTAL", base.as_str()), ("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/nowhere")];
        let output = in_a_process_of_its_own("proxies::one_reading", &environment).await;
        assert!(output.contains("Ok(Held(Status(Away)))"), "{output}");
    }

    #[tokio::test]
    async fn a_certificate_for_another_host_or_of_another_year_is_refused() {
        let authority = Authority::new();
        for acceptor in
            [authority.vouch_for(&["acme.example"]), authority.vouch_until(&["localhost"], 2001), authority.vouch_for(&["127.0.0.2"])]
        {
            let portal = ScriptedPortal::tls([], acceptor).await;
            let answer = authority.client(&format!("https://localhost:{}", portal.port())).carry_out(Call::Read).await;
            assert_eq!(answer, Err(Failure::Ask(Ask::UntrustedCertificate)));
        }
    }

    /// A machine without the package `ca-certificates`.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_machine_that_trusts_nobody_trusts_the_extra_file_alone() {
        let authority = Authority::new();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), authority.pem()).unwrap();
        for (ca_file, told) in [(None, "Err(Ask(UntrustedCertificate))"), (Some(file.path().to_str().unwrap()), "Ok(Held(Status(Away)))")] {
            let portal = ScriptedPortal::tls([json(200, r#"{"result":"away"}"#)], authority.vouch_for(&["localhost"])).await;
            let base = format!("https://localhost:{}", portal.port());
            let mut environment =
                vec![("B24STATUS_TEST_PORTAL", base.as_str()), ("SSL_CERT_FILE", "/dev/null"), ("SSL_CERT_DIR", "/nowhere")];
            environment.extend(ca_file.map(|file| ("B24STATUS_TEST_CA", file)));
            let output = in_a_process_of_its_own("proxies::one_reading", &environment).await;
            assert!(output.contains(told), "{output}");
        }
    }

    #[tokio::test]
    async fn a_box_that_is_its_own_authority_is_trusted_once_its_certificate_is_given() {
        let itself = Authority::named(&["localhost"], 2999);
        let portal = ScriptedPortal::tls([json(200, r#"{"result":"away"}"#)], itself.as_server()).await;
        let base = format!("https://localhost:{}", portal.port());
        assert_eq!(client_at(&base).carry_out(Call::Read).await, Err(Failure::Ask(Ask::UntrustedCertificate)));
        assert_eq!(
            Authority::named(&["localhost"], 2999).client(&base).carry_out(Call::Read).await,
            Err(Failure::Ask(Ask::UntrustedCertificate))
        );
        assert_eq!(itself.client(&base).carry_out(Call::Read).await, Ok(Answer::Held(Held::Status(Status::Away))));
    }

    #[tokio::test]
    async fn even_a_given_certificate_must_have_the_name_and_be_in_date() {
        for itself in [Authority::named(&["acme.example"], 2999), Authority::named(&["localhost"], 2001)] {
            let portal = ScriptedPortal::tls([], itself.as_server()).await;
            let answer = itself.client(&format!("https://localhost:{}", portal.port())).carry_out(Call::Read).await;
            assert_eq!(answer, Err(Failure::Ask(Ask::UntrustedCertificate)));
        }
    }

    #[tokio::test]
    async fn a_given_certificate_without_its_key_is_worth_nothing() {
        let (itself, thief) = (Authority::named(&["localhost"], 2999), Authority::new());
        let portal = ScriptedPortal::tls([], acceptor(itself.certificate.der().clone(), thief.issuer.key())).await;
        let answer = itself.client(&format!("https://localhost:{}", portal.port())).carry_out(Call::Read).await;
        assert!(answer.is_err(), "{answer:?}");
        assert_eq!(portal.requests(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn https_goes_to_https_only() {
        let authority = Authority::new();
        let plain = ScriptedPortal::plain([]).await;
        let location = format!("http://localhost:{}/rest/7/{CODE}/im.user.status.get", plain.port());
        let portal = ScriptedPortal::tls([redirect(308, &location)], authority.vouch_for(&["localhost"])).await;
        let answer = authority.client(&format!("https://localhost:{}", portal.port())).carry_out(Call::Read).await;
        assert_eq!(answer, Err(Failure::Ask(Ask::Moved { to: format!("http://localhost:{}", plain.port()) })));
        assert_eq!(plain.connections(), 0);
    }

    impl Authority {
        fn client(&self, base: &str) -> Client {
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), self.pem()).unwrap();
            let webhook = Webhook::parse(&format!("{base}/rest/7/{CODE}/")).unwrap().into();
            Client::new(&webhook, &Trust { ca_file: Some(file.path().to_owned()) }).unwrap()
        }

        fn as_server(&self) -> TlsAcceptor {
            acceptor(self.certificate.der().clone(), self.issuer.key())
        }
    }
}

/// The environment of a process is not ours to change while tests run side by side: each of these runs the test below in a process of its own.
/// Behind the proxies there is TLS, so that what is said of Wine above is true here.
#[cfg(not(windows))]
mod proxies {
    use std::sync::Mutex;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    #[tokio::test]
    async fn https_goes_through_the_proxy_of_the_environment_and_a_renamed_portal_is_followed() {
        let authority = Authority::new();
        let hosts = ["acme.bitrix24.com", "umbrella.bitrix24.com"];
        let renamed = redirect(302, &format!("https://umbrella.bitrix24.com/rest/7/{CODE}/im.user.status.get"));
        let portal = ScriptedPortal::tls([renamed, json(200, r#"{"result":"away"}"#)], authority.vouch_for(&hosts)).await;
        let (proxy, heard) = proxy_to(&portal, Protocol::Http).await;
        let told = child(&authority, &[("HTTPS_PROXY", &proxy)], "https://acme.bitrix24.com").await;
        assert_eq!(told, "Ok(Held(Status(Away))), moved to Some(\"umbrella.bitrix24.com\")");
        assert_eq!(*heard.lock().unwrap(), ["CONNECT acme.bitrix24.com:443 HTTP/1.1", "CONNECT umbrella.bitrix24.com:443 HTTP/1.1"]);
    }

    #[tokio::test]
    async fn another_domain_is_not_told_the_secret() {
        let authority = Authority::new();
        let elsewhere = redirect(302, &format!("https://acme.example/rest/7/{CODE}/im.user.status.get"));
        let portal = ScriptedPortal::tls([elsewhere], authority.vouch_for(&["acme.bitrix24.com", "acme.example"])).await;
        let (proxy, heard) = proxy_to(&portal, Protocol::Http).await;
        let told = child(&authority, &[("HTTPS_PROXY", &proxy)], "https://acme.bitrix24.com").await;
        assert_eq!(told, "Err(Ask(Moved { to: \"acme.example\" })), moved to None");
        assert_eq!(heard.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn no_proxy_and_this_machine_are_left_out() {
        let authority = Authority::new();
        let portal = ScriptedPortal::plain([json(200, r#"{"result":"away"}"#)]).await;
        let (proxy, heard) = proxy_to(&portal, Protocol::Http).await;
        let all = [("HTTPS_PROXY", proxy.as_str()), ("HTTP_PROXY", &proxy), ("http_proxy", &proxy), ("ALL_PROXY", &proxy)];
        let told = child(&authority, &all, &format!("http://127.0.0.1:{}", portal.port())).await;
        assert_eq!(told, "Ok(Held(Status(Away))), moved to None");
        let told = child(&authority, &[("HTTPS_PROXY", &proxy), ("NO_PROXY", "portal.invalid")], "https://portal.invalid").await;
        assert_eq!(told, "Err(Later(Unreachable)), moved to None");
        assert_eq!(*heard.lock().unwrap(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_socks_proxy_is_used_too() {
        let authority = Authority::new();
        let portal = ScriptedPortal::tls([json(200, r#"{"result":"away"}"#)], authority.vouch_for(&["acme.bitrix24.com"])).await;
        let (proxy, heard) = proxy_to(&portal, Protocol::Socks).await;
        let told = child(&authority, &[("ALL_PROXY", &proxy)], "https://acme.bitrix24.com").await;
        assert_eq!(told, "Ok(Held(Status(Away))), moved to None");
        assert_eq!(*heard.lock().unwrap(), ["acme.bitrix24.com"]);
    }

    #[tokio::test]
    async fn a_proxy_that_refuses_means_that_nothing_was_sent() {
        let refusing = ScriptedPortal::plain([Act::SayAndClose(answer(407, &["Proxy-Authenticate: Basic"], ""))]).await;
        let proxy = format!("http://127.0.0.1:{}", refusing.port());
        let told = child(&Authority::new(), &[("HTTPS_PROXY", &proxy)], "https://acme.bitrix24.com").await;
        assert_eq!(told, "Err(Later(Unreachable)), moved to None");
        assert!(!refusing.requests().concat().contains(CODE));
    }

    /// Not a test by itself: what [`child`] runs, in a process with another environment.
    #[tokio::test]
    async fn one_reading() {
        let Ok(base) = std::env::var("B24STATUS_TEST_PORTAL") else { return };
        let webhook = Webhook::parse(&format!("{base}/rest/7/{CODE}/")).unwrap().into();
        let client = Client::new(&webhook, &Trust { ca_file: std::env::var_os("B24STATUS_TEST_CA").map(PathBuf::from) }).unwrap();
        let answer = client.carry_out(Call::Read).await;
        println!("told: {answer:?}, moved to {:?}", client.moved_to().map(|webhook| webhook.portal().to_owned()));
    }

    async fn child(authority: &Authority, environment: &[(&str, &str)], base: &str) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), authority.pem()).unwrap();
        let mut environment = environment.to_vec();
        environment.extend([("B24STATUS_TEST_PORTAL", base), ("B24STATUS_TEST_CA", file.path().to_str().unwrap())]);
        let output = in_a_process_of_its_own("proxies::one_reading", &environment).await;
        output.lines().find_map(|line| line.split_once("told: ")).unwrap_or_else(|| panic!("{output}")).1.to_owned()
    }

    /// A proxy that leads to one portal, whatever it is asked for, and keeps what it was asked.
    async fn proxy_to(portal: &ScriptedPortal, protocol: Protocol) -> (String, Heard) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = match protocol {
            Protocol::Http => "http",
            Protocol::Socks => "socks5h",
        };
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let heard = Heard::default();
        let (kept, portal) = (heard.clone(), portal.address);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let asked = match protocol {
                    Protocol::Http => greet_http(&mut near).await,
                    Protocol::Socks => greet_socks(&mut near).await,
                };
                kept.lock().unwrap().push(asked.unwrap());
                let mut far = TcpStream::connect(portal).await.unwrap();
                tokio::spawn(async move { copy_bidirectional(&mut near, &mut far).await });
            }
        });
        (address, heard)
    }

    async fn greet_http(stream: &mut TcpStream) -> io::Result<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
        Ok(String::from_utf8(head).unwrap().lines().next().unwrap().to_owned())
    }

    /// SOCKS 5 with names (RFC 1928).
    async fn greet_socks(stream: &mut TcpStream) -> io::Result<String> {
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting).await?;
        stream.read_exact(&mut vec![0; greeting[1].into()]).await?;
        stream.write_all(&[5, 0]).await?;
        let mut request = [0; 5];
        stream.read_exact(&mut request).await?;
        let mut host_and_port = vec![0; usize::from(request[4]) + 2];
        stream.read_exact(&mut host_and_port).await?;
        stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await?;
        Ok(String::from_utf8_lossy(&host_and_port[..host_and_port.len() - 2]).into_owned())
    }

    #[derive(Clone, Copy)]
    enum Protocol {
        Http,
        Socks,
    }

    type Heard = Arc<Mutex<Vec<String>>>;
}

mod secrecy {
    use super::*;

    #[tokio::test]
    async fn the_secret_is_in_nothing_that_the_process_writes() {
        let output = in_a_process_of_its_own("secrecy::every_end", &[]).await;
        assert!(output.contains("asked the portal") && output.contains("starting new connection"), "the logs were heard: {output}");
        let leaks: Vec<&str> = output.lines().filter(|line| line.to_lowercase().contains(CODE)).collect();
        assert_eq!(leaks, Vec::<&str>::new());
    }

    /// Not a test by itself: what the test above runs in a process of its own.
    #[tokio::test]
    async fn every_end() {
        if std::env::var_os(OF_ITS_OWN).is_none() {
            return;
        }
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::stderr).init();
        log::set_logger(&PrintedLog).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        for act in every_kind_of_end() {
            let portal = ScriptedPortal::plain([act]).await;
            say_everything_of(&impatient(&format!("http://127.0.0.1:{}", portal.port()))).await;
        }
        let authority = Authority::new();
        let stranger = ScriptedPortal::tls([], authority.vouch_for(&["localhost"])).await;
        for base in ["http://127.0.0.1:1".to_owned(), "https://portal.invalid".to_owned(), format!("https://localhost:{}", stranger.port())]
        {
            say_everything_of(&impatient(&base)).await;
        }
        for garbage in ["ftp://h/rest/7", "http://h/rest/7", "https://h/rest/7/%", "https://[/rest/7"] {
            println!("{0:?} {0}", Webhook::parse(&format!("{garbage}/{CODE}%/")).unwrap_err());
        }
    }

    async fn say_everything_of(client: &Client) {
        let answer = client.carry_out(Call::Read).await;
        println!("{client:?} {client:#?} {answer:?} {answer:#?} {:?}", client.moved_to());
        if let Err(failure) = &answer {
            println!("{:?}", Language::ALL.map(|language| Texts::new(language).failure(failure)));
        }
    }

    fn every_kind_of_end() -> Vec<Act> {
        let mut acts = vec![
            json(200, r#"{"result":"away"}"#),
            json(200, &format!(r#"{{"result":"{CODE}"}}"#)),
            json(401, &format!(r#"{{"error":"INVALID_CREDENTIALS","error_description":"{CODE}"}}"#)),
            json(400, &format!(r#"{{"error":"{CODE}"}}"#)),
            json(400, &format!(r#"{{"error":{{"code":"{}"}}}}"#, CODE.to_uppercase())),
            page(403, &format!("<html>/rest/7/{CODE}/profile is forbidden</html>")),
            page(500, CODE),
            Act::SayAndClose(Vec::new()),
            Act::SayAndReset(Vec::new()),
            Act::SayAndHang(Vec::new()),
            Act::SayAndClose(format!("{CODE}\r\n\r\n").into_bytes()),
            Act::SayAndClose(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
        ];
        for location in ["https://elsewhere.example", "http://localhost:9", "https://127.0.0.1:9", "http://127.0.0.1:1", "/auth", ""] {
            acts.push(redirect(302, &format!("{location}/rest/7/{CODE}/im.user.status.get")));
        }
        acts
    }

    /// For the crates that log past `tracing`.
    struct PrintedLog;

    impl log::Log for PrintedLog {
        fn enabled(&self, _: &log::Metadata<'_>) -> bool {
            true
        }

        fn log(&self, record: &log::Record<'_>) {
            println!("{} {} {}", record.level(), record.target(), record.args());
        }

        fn flush(&self) {}
    }
}

#[test]
fn a_file_that_does_not_help_is_told_apart() {
    let webhook = Webhook::parse("https://acme.bitrix24.com/rest/7/abc/").unwrap().into();
    let directory = tempfile::tempdir().unwrap();
    let open = |file: PathBuf| Client::new(&webhook, &Trust { ca_file: Some(file) }).err();
    let with = |name: &str, content: &str| {
        let file = directory.path().join(name);
        fs::write(&file, content).unwrap();
        open(file)
    };
    let pem = Authority::new().pem();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(with("one.pem", &pem).is_none());
    assert!(with("two.pem", &format!("a comment\n{pem}\n{pem}")).is_none());
    assert!(matches!(with("empty.pem", ""), Some(TrustError::NoCertificate { .. })));
    assert!(matches!(with("text.pem", "hello"), Some(TrustError::NoCertificate { .. })));
    assert!(matches!(with("broken.pem", broken), Some(TrustError::Damaged { .. })));
    assert!(matches!(with("half.pem", &pem[..pem.len() / 2]), Some(TrustError::Damaged { .. } | TrustError::NoCertificate { .. })));
    assert!(matches!(open(directory.path().join("absent.pem")), Some(TrustError::Missing { .. })));
    assert!(matches!(open(directory.path().to_owned()), Some(TrustError::Unreadable { .. })));
    let sentence = open(directory.path().join("absent.pem")).unwrap().say(&Texts::new(Language::English));
    assert!(sentence.contains("absent.pem"), "{sentence}");
}

#[test]
fn a_call_can_be_carried_by_any_task() {
    fn assert_sendable<T: Send + 'static>(_: T) {}
    let client = client_at("http://127.0.0.1:1");
    assert_sendable(async move { client.carry_out(Call::Read).await });
}

const UNEXPECTED_PAGE: Failure = Failure::Later(Later::UnexpectedPage);
const NO_ANSWER: Failure = Failure::Later(Later::NoAnswer);
const UNREACHABLE: Failure = Failure::Later(Later::Unreachable);
const TOO_BUSY: Failure = Failure::Later(Later::TooBusy { until: None });

/// Set in a process that runs one test only.
const OF_ITS_OWN: &str = "B24STATUS_TEST_PROCESS";

/// Runs one test with this environment; everything that it writes.
async fn in_a_process_of_its_own(test: &str, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(OF_ITS_OWN, "yes");
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let written = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert!(output.status.success(), "{written}");
    written
}

fn our_fault(code: &str) -> Failure {
    Failure::GiveUp(GiveUp::OurFault { code: code.to_owned() })
}

fn client(portal: &ScriptedPortal) -> Client {
    client_at(&format!("http://127.0.0.1:{}", portal.port()))
}

fn client_at(base: &str) -> Client {
    client_with(base, Patience::default())
}

fn impatient(base: &str) -> Client {
    client_with(base, Patience { whole: Duration::from_secs(1), ..Patience::default() })
}

fn client_with(base: &str, patience: Patience) -> Client {
    Client::with_patience(&Webhook::parse(&format!("{base}/rest/7/{CODE}/")).unwrap().into(), &Trust::default(), patience).unwrap()
}

async fn call_answered(call: Call, act: Act) -> Result<Answer, Failure> {
    let portal = ScriptedPortal::plain([act]).await;
    client(&portal).carry_out(call).await
}

async fn refusal(act: Act) -> Failure {
    call_answered(Call::Read, act).await.unwrap_err()
}

async fn profile_answered(body: &str) -> Result<Profile, Failure> {
    let portal = ScriptedPortal::plain([json(200, body)]).await;
    client(&portal).profile().await
}

/// Path and body of every request.
fn asked(portal: &ScriptedPortal) -> Vec<(String, String)> {
    let parts = |request: &String| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
    };
    portal.requests().iter().map(parts).collect()
}

fn assert_close(instant: SystemTime, from_now: Duration) {
    let distance = instant.duration_since(SystemTime::now()).unwrap();
    assert!(distance <= from_now && distance + Duration::from_secs(20) > from_now, "{distance:?}");
}

/// A certificate authority as companies run one.
struct Authority {
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
    certificate: rcgen::Certificate,
}

impl Authority {
    fn new() -> Self {
        Self::named(&[], 2999)
    }

    /// With names of hosts, and so fit to be a server's certificate for those who look no further.
    fn named(hosts: &[&str], year: i32) -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = params(hosts, year);
        params.distinguished_name.push(rcgen::DnType::CommonName, "Umbrella Intranet Authority");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        Self { issuer: rcgen::Issuer::new(params, key), certificate }
    }

    fn pem(&self) -> String {
        self.certificate.pem()
    }

    fn vouch_for(&self, hosts: &[&str]) -> TlsAcceptor {
        self.vouch_until(hosts, 2999)
    }

    fn vouch_until(&self, hosts: &[&str], year: i32) -> TlsAcceptor {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params(hosts, year).signed_by(&key, &self.issuer).unwrap();
        acceptor(certificate.der().clone(), &key)
    }
}

fn params(hosts: &[&str], year: i32) -> rcgen::CertificateParams {
    let mut params = rcgen::CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>()).unwrap();
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    params
}

/// Does not look whether the key is that of the certificate.
fn acceptor(certificate: CertificateDer<'static>, key: &rcgen::KeyPair) -> TlsAcceptor {
    let provider = ring::default_provider();
    let key = provider.key_provider.load_private_key(PrivateKeyDer::Pkcs8(key.serialize_der().into())).unwrap();
    let certified = Arc::new(SingleCertAndKey::from(CertifiedKey::new(vec![certificate], key)));
    let config = ServerConfig::builder_with_provider(Arc::new(provider)).with_safe_default_protocol_versions().unwrap();
    TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_cert_resolver(certified)))
}
