//! What people paste, and what is understood of it.

use proptest::prelude::*;

use super::*;
use crate::text::{Language, Texts};

const BASE: &str = "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/";

#[test]
fn a_webhook_is_found_in_whatever_it_is_wrapped() {
    for text in [
        "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/",
        "acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/",
        "https//acme.bitrix24.com/rest/7/s3cr3tc0de0123ab",
        "HTTPS:/ACME.bitrix24.com/rest/7/s3cr3tc0de0123ab/profile.json",
        "https://https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/",
        "https:\\\\acme.bitrix24.com\\rest\\7\\s3cr3tc0de0123ab\\",
        "WEBHOOK=\"https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/\"",
        "[my webhook](https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/)",
        "[https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/](https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/)",
        "**https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab**",
        "`https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/`",
        "<a href=\"https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/\">webhook</a>",
        "&lt;https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab&gt;",
        "curl https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/im.user.status.get.json",
        "https://mail.example/away?to=https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/",
        "« https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/ ».",
        "\u{feff} https://acme.bitrix24.com/rest/7/s3cr3t\u{200b}c0de0123ab/ \r\n",
    ] {
        assert_eq!(meant(text), webhook(BASE), "{text}");
    }
}

#[test]
fn a_line_that_was_broken_is_mended() {
    for text in [
        "https://acme.bitrix24.com/rest/7/\r\ns3cr3tc0de0123ab/",
        "https://acme.bitrix24.com/rest/7/s3cr3t\nc0de0123ab/",
        "https://acme.bitrix24.com/rest/7/s3cr3t=\r\nc0de0123ab/",
        "https://acme.bitrix24.com/\n  rest/7/s3cr3tc0de0123ab",
        "https://acme.bitrix24.com /rest/7/ s3cr3tc0de0123ab/",
        "Here it is: https://acme.bitrix24.com/rest/\n7/s3cr3tc0de0123ab/\nRegards, Ivan",
        "acme.bitrix24.com/rest/\n7/s3cr3tc0de0123ab/",
    ] {
        assert_eq!(meant(text), webhook(BASE), "{text}");
    }
}

#[test]
fn what_follows_a_whole_address_is_not_a_part_of_it() {
    for text in [
        "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab\nRegards",
        "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/\nim.user.status.get",
        "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab 2026",
    ] {
        assert_eq!(meant(text), webhook(BASE), "{text}");
    }
    assert_eq!(meant("https://acme.bitrix24.com/rest/7/abc\nThanks"), webhook("https://acme.bitrix24.com/rest/7/abc/"));
    assert_eq!(meant("https://acme.bitrix24.com/rest/7/ is not all of it"), Err(AddressError::NoCode));
}

#[test]
fn in_a_mail_the_webhook_counts() {
    let mail = "From: Anna <anna@acme.example>\nTo: ivan@acme.example\nSubject: webhook\n\nHi Ivan,\nour portal is https://acme.bitrix24.com/, \
                your webhook is\n  https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/\n(not report.pdf). Best, Anna\n-- \nwww.acme.example | \
                https://acme.example/contacts, 2026-03-02\n";
    assert_eq!(meant(mail), webhook(BASE));
    assert_eq!(meant(&mail.replace("/rest/7/s3cr3tc0de0123ab/", "/stream/")), portal("acme.bitrix24.com"));
    assert_eq!(meant(&format!("{mail}{BASE} or https://acme.bitrix24.com/rest/8/an0therc0de00000/")), Err(AddressError::SeveralWebhooks));
    let manual = format!("{mail} as in https://manual.example/rest/guide/intro");
    assert_eq!(meant(&manual), webhook(BASE), "a page that looks like a webhook is none beside one");
}

#[test]
fn a_portal_is_known_by_any_of_its_pages() {
    for text in [
        "acme.bitrix24.com",
        "ACME.Bitrix24.com.",
        "  acme.bitrix24.com/ \n",
        "https://acme.bitrix24.com",
        "HTTP://acme.bitrix24.com/",
        "http://acme.bitrix24.com:80/stream/",
        "https://acme.bitrix24.com:443/company/personal/user/7/",
        "acme.bitrix24.com/stream/?IFRAME=Y#top",
        "https://acme.bitrix24.com/devops/section/standard/",
        "https://acme.bitrix24.com/devops/edit/application/3/",
        "https://acme.bitrix24.com/devops/edit/in-hook/0/",
        "//acme.bitrix24.com/online/",
        "acme .bitrix24.com",
        "https://acme.\nbitrix24.com/stream/",
        "our portal: acme.bitrix24.com, see https://acme.example and readme.md",
        "<https://acme.bitrix24.com|acme.bitrix24.com>",
    ] {
        assert_eq!(meant(text), portal("acme.bitrix24.com"), "{text}");
    }
}

#[test]
fn portals_of_companies_have_names_of_all_kinds() {
    for (text, named) in [
        ("intranet.example:8443", "intranet.example:8443"),
        ("intranet:8443", "intranet:8443"),
        ("https://intranet/", "intranet"),
        ("https://intranet.example/b24/company/", "intranet.example/b24"),
        ("192.168.1.5", "192.168.1.5"),
        ("https://[fd00::5]:8443/stream/", "[fd00::5]:8443"),
        ("[fd00::5]:8443", "[fd00::5]:8443"),
        ("Портал.РФ", "xn--80awhdgm.xn--p1ai"),
        ("xn--80awhdgm.xn--p1ai", "xn--80awhdgm.xn--p1ai"),
        ("look at intranet.example/company/personal/user/7/ please", "intranet.example"),
    ] {
        assert_eq!(meant(text), portal(named), "{text}");
    }
}

#[test]
fn plain_http_stays_on_this_machine() {
    for (text, page) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("localhost:8080/stream/", "http://localhost:8080/"),
        ("http://acme.bitrix24.com", "https://acme.bitrix24.com/"),
    ] {
        assert_eq!(pasted_portal(text).unwrap().page(""), page, "{text}");
    }
    for text in ["http://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/", "http://intranet.example:8080/stream/"] {
        assert_eq!(meant(text), Err(AddressError::PlainHttp), "{text}");
    }
}

#[test]
fn what_is_not_clear_is_refused_with_its_reason() {
    use AddressError::*;
    for (text, reason) in [
        ("", NoAddress),
        (" \r\n\u{200b}\"\"", NoAddress),
        ("my webhook", NoAddress),
        ("see report.pdf and v1.2.3", NoAddress),
        ("acme", BareName),
        ("acme/stream/", NoScheme),
        ("/rest/7/s3cr3tc0de0123ab/", NoScheme),
        ("s3cr3tc0de0123ab", LoneCode),
        ("7vd8xl0gtli35otjyokci2864ew6cd5h", LoneCode),
        ("ivan@acme.bitrix24.com", Email),
        ("mailto:ivan@acme.example", Email),
        ("ftp://acme.bitrix24.com/", OtherScheme),
        ("https://ivan:pass@acme.bitrix24.com/", WithPassword),
        ("https://ivan:pass@acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/", WithPassword),
        ("https://", NotAnAddress),
        ("https://acme.bitrix24.com:99999/", NotAnAddress),
        ("https://acme.bitrix24.com/devops/edit/out-hook/12/", OutgoingWebhook),
        ("acme.bitrix24.com/marketplace/hook/event/12/", OutgoingWebhook),
        ("https://acme.bitrix24.com/devops/edit/in-hook/12/?IFRAME=Y", WebhookPage),
        ("https://acme.bitrix24.com/marketplace/hook/ap/12/", WebhookPage),
        ("https://acme.bitrix24.com/rest/7/", NoCode),
        ("https://acme.bitrix24.com/rest/7/****************/", HiddenCode),
        ("https://acme.bitrix24.com/rest/7/••••••••/profile", HiddenCode),
        ("https://acme.bitrix24.com/rest/7/s3cr…", HiddenCode),
        ("****************", HiddenCode),
        ("https://acme.bitrix24.com/rest/7/код/", UnreadableCode),
        ("https://www.bitrix24.com/", VendorSite),
        ("bitrix24.ru", VendorSite),
        ("https://one.example https://two.example", SeveralPortals),
        ("one.bitrix24.com two.bitrix24.com", SeveralPortals),
    ] {
        assert_eq!(meant(text), Err(reason), "{text}");
    }
    assert_eq!(meant(&"acme.bitrix24.com ".repeat(1000)), Err(TooLong));
}

#[test]
fn where_a_webhook_is_asked_for_a_portal_is_not_enough() {
    assert_eq!(pasted_webhook("acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/").unwrap().secret().expose_secret(), BASE);
    for (text, reason) in [
        ("", AddressError::Empty),
        (" \u{200b}\r\n", AddressError::Empty),
        ("acme", AddressError::NoScheme),
        ("my webhook", AddressError::NoScheme),
        ("acme.bitrix24.com", AddressError::NoRest),
        ("https://acme.bitrix24.com/devops/section/standard/", AddressError::PortalPage),
        ("ivan@acme.example", AddressError::NoRest),
        ("https://acme.bitrix24.com/devops/edit/in-hook/12/", AddressError::WebhookPage),
    ] {
        assert_eq!(pasted_webhook(text).err(), Some(reason), "{text}");
    }
}

#[test]
fn where_a_portal_is_asked_for_a_webhook_leads_to_it() {
    assert_eq!(pasted_portal(BASE).unwrap().portal(), "acme.bitrix24.com");
}

proptest! {
    #[test]
    fn no_text_is_a_stumbling_block(text in any::<String>()) {
        let _ = pasted(&text);
    }

    #[test]
    fn nothing_like_addresses_is_one_either(
        text in "((https?:|ftp:)?[/\\\\]{0,3}[a-z0-9.\\[\\]:@%?#&=*\u{2022}\u{ad}\u{44f} \n]{0,12}(/rest/|bitrix24\\.com|in-hook/)?[a-z0-9./%* \n]{0,12}){0,4}"
    ) {
        let _ = pasted(&text);
    }

    #[test]
    fn no_error_holds_a_secret(before in "[ -~]{0,12}", code in "[a-z0-9]{16}", after in "[ -~]{0,12}") {
        prop_assume!(!before.contains(&code) && !after.contains(&code));
        for text in [format!("{before}https://acme.bitrix24.com/rest/7/{code}{after}"), format!("{before}{code}{after}")] {
            if let Err(error) = pasted(&text) {
                let said = Language::ALL.map(|language| error.say(&Texts::new(language))).concat();
                prop_assert!(!format!("{error:?} {error} {said}").contains(&code), "{}", text);
            }
        }
    }

    #[test]
    fn a_whole_webhook_is_found_between_any_words(before in "([a-z]{1,8} ){0,5}", code in "[a-z]{15}[0-9]", after in "( [a-z]{1,8}){0,5}") {
        let address = format!("https://acme.bitrix24.com/rest/7/{code}/");
        prop_assert_eq!(meant(&format!("{before}{address}{after}")), webhook(&address));
    }
}

/// The secret of the webhook, or the name of the portal.
#[derive(Debug, PartialEq)]
enum Meant {
    Webhook(String),
    Portal(String),
}

fn meant(text: &str) -> Result<Meant, AddressError> {
    pasted(text).map(|pasted| match pasted {
        Pasted::Webhook(webhook) => Meant::Webhook(webhook.secret().expose_secret().to_owned()),
        Pasted::Portal(portal) => Meant::Portal(portal.portal()),
    })
}

fn webhook(address: &str) -> Result<Meant, AddressError> {
    Ok(Meant::Webhook(address.to_owned()))
}

fn portal(name: &str) -> Result<Meant, AddressError> {
    Ok(Meant::Portal(name.to_owned()))
}
