//! The address of an inbound webhook: what a person pastes, and what the keyring keeps. All of it is secret. No request is made here.

use std::fmt;

use percent_encoding::percent_decode_str;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::{AddressError, Profile, host_name::with_ascii_host};
use crate::presence::AccountId;

/// An inbound webhook that could be one. Whether the portal accepts it, only a call can tell.
#[derive(Clone)]
pub struct Webhook {
    /// The address up to and including the slash after the code.
    base: SecretString,
    portal: String,
    user: UserPart,
}

/// Whose webhook the address says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserPart {
    Id(u64),
    /// The server accepts a login name as well; no official client writes one.
    Login(String),
}

impl Webhook {
    /// Takes what people paste: the base, or an address with a method, `.json`, a query; blanks, quotes or angle brackets around it.
    ///
    /// <https://apidocs.bitrix24.com/local-integrations/local-webhooks.html>
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let address = address(&without_wrapping(text))?;
        let parts = Parts::of(&address)?;
        let portal = format!("{}{}", place(&address), parts.prefix);
        let base = format!("{}://{portal}/rest/{}/{}/", address.scheme(), parts.user, parts.code);
        Ok(Self { base: base.into(), portal, user: UserPart::of(parts.user) })
    }

    /// `acme.bitrix24.com`, `intranet.example:8443/b24`: the host, the port if it is not the usual one, the path before `/rest/`. Not secret.
    pub fn portal(&self) -> &str {
        &self.portal
    }

    pub fn user(&self) -> &UserPart {
        &self.user
    }

    /// The account of the user with this number on this portal.
    pub fn account(&self, user: u64) -> AccountId {
        AccountId::new(&format!("{user}@{}", self.portal))
    }

    /// Whether the address names the user who answered.
    pub fn names(&self, profile: &Profile) -> bool {
        match self.user {
            UserPart::Id(id) => id == profile.id,
            UserPart::Login(_) => true,
        }
    }

    /// For the keyring; [`Webhook::parse`] takes it back.
    pub fn secret(&self) -> SecretString {
        self.base.clone()
    }

    /// `None` cannot be met: the base was an address, and method names do not change that.
    pub(super) fn address_of(&self, method: &str) -> Option<Url> {
        Url::parse(&format!("{}{method}", self.base.expose_secret())).ok()
    }

    /// The same webhook on another host.
    pub(super) fn moved_to(&self, target: &Url) -> Option<Self> {
        let mut address = Url::parse(self.base.expose_secret()).ok()?;
        address.set_host(target.host_str()).ok()?;
        address.set_port(target.port()).ok()?;
        Self::parse(address.as_str()).ok()
    }

    /// Whether a text holds the code.
    pub(super) fn is_given_away_by(&self, text: &str) -> bool {
        text.to_ascii_lowercase().contains(&self.code().to_ascii_lowercase())
    }

    pub(super) fn code(&self) -> &str {
        self.base.expose_secret().trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Webhook").field("portal", &self.portal).field("user", &self.user).finish_non_exhaustive()
    }
}

/// The number in the name that [`Webhook::account`] gave. The rest of the name may be that of a portal which was renamed since.
pub(super) fn user_of(account: &AccountId) -> Option<u64> {
    account.as_str().split('@').next()?.parse().ok()
}

/// Whether plain http is fine: what is sent does not leave the machine.
pub(super) fn is_loopback(address: &Url) -> bool {
    let host = address.host_str().unwrap_or_default();
    match host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>() {
        Ok(ip) => ip.is_loopback(),
        Err(_) => host == "localhost",
    }
}

/// Host and port as they stand in an address.
pub(super) fn place(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Mail, chats and documents wrap an address in blanks, quotes, brackets and characters that nobody sees.
fn without_wrapping(text: &str) -> String {
    let visible = |letter: &char| !letter.is_control() && !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let wrapping = |letter: char| letter.is_whitespace() || "\"'`<>()[]{}«»„“”‘’,;.".contains(letter);
    let seen: String = text.trim_matches(|letter: char| letter.is_whitespace()).chars().filter(visible).collect();
    seen.trim_matches(wrapping).to_owned()
}

fn address(text: &str) -> Result<Url, AddressError> {
    let Some((scheme, _)) = text.split_once("://") else {
        return Err(match text {
            "" => AddressError::Empty,
            word if word.chars().all(char::is_alphanumeric) => AddressError::LoneCode,
            _ => AddressError::NoScheme,
        });
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(AddressError::OtherScheme);
    }
    if text.contains(char::is_whitespace) {
        return Err(AddressError::NotAnAddress);
    }
    checked(Url::parse(&with_ascii_host(text)).map_err(|_| AddressError::NotAnAddress)?)
}

fn checked(mut address: Url) -> Result<Url, AddressError> {
    if !address.username().is_empty() || address.password().is_some() {
        return Err(AddressError::WithPassword);
    }
    if address.scheme() == "http" && !is_loopback(&address) {
        return Err(AddressError::PlainHttp);
    }
    // `acme.bitrix24.com.` is the same portal, and no certificate has the dot.
    if let Some(host) = address.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        address.set_host(Some(&host)).map_err(|_| AddressError::NotAnAddress)?;
    }
    Ok(address)
}

/// `[prefix] /rest/ [api/] user / code [/ anything]`, repeated slashes taken as one.
struct Parts<'a> {
    prefix: String,
    user: &'a str,
    code: &'a str,
}

impl<'a> Parts<'a> {
    fn of(address: &'a Url) -> Result<Self, AddressError> {
        let segments: Vec<&str> = address.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let Some(rest) = segments.iter().position(|segment| *segment == "rest") else { return Err(page(&segments)) };
        let prefix = segments[..rest].iter().map(|segment| format!("/{segment}")).collect();
        match segments[rest + 1..] {
            // `/rest/api/` is another protocol behind the same webhook.
            ["api", user, code, ..] | [user, code, ..] => Ok(Self { prefix, user, code: readable(code)? }),
            [] | [_] => Err(AddressError::NoCode),
        }
    }
}

/// An address without `/rest/`: a page of the portal, or something else.
fn page(segments: &[&str]) -> AddressError {
    match segments {
        [.., "out-hook", _] | [.., "out-hook"] => AddressError::OutgoingWebhook,
        ["devops" | "marketplace", ..] => AddressError::PortalPage,
        _ => AddressError::NoRest,
    }
}

fn readable(code: &str) -> Result<&str, AddressError> {
    let hidden = |letter: char| "*•●…".contains(letter);
    if percent_decode_str(code).decode_utf8_lossy().contains(hidden) {
        return Err(AddressError::HiddenCode);
    }
    // A method where the code should be.
    if code.contains('.') {
        return Err(AddressError::NoCode);
    }
    let in_code = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if code.chars().all(in_code) { Ok(code) } else { Err(AddressError::UnreadableCode) }
}

impl UserPart {
    /// The server takes `007` as a login name: it compares the text with the number written anew.
    fn of(segment: &str) -> Self {
        match segment.parse::<u64>() {
            Ok(id) if id > 0 && id.to_string() == segment => Self::Id(id),
            _ => Self::Login(percent_decode_str(segment).decode_utf8_lossy().into_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/";

    #[test]
    fn whatever_of_the_address_is_pasted_it_is_the_same_webhook() {
        for pasted in [
            "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/",
            "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab",
            "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/profile.json",
            "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/profile.xml/",
            "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/im.user.status.set?STATUS=dnd",
            "https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab?x=/rest/8/other/#y",
            "https://acme.bitrix24.com/rest/api/7/s3cr3tc0de0123ab/profile",
            "https://acme.bitrix24.com//rest//7//s3cr3tc0de0123ab//",
            "https://acme.bitrix24.com:443/rest/7/s3cr3tc0de0123ab/",
            "HTTPS://ACME.Bitrix24.COM/rest/7/s3cr3tc0de0123ab/",
            "https://acme.bitrix24.com./rest/7/s3cr3tc0de0123ab/",
            "  \t\u{a0}https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/ \r\n",
            "https://acme.bitrix24.com/rest/7/\r\ns3cr3tc0de0123ab/",
            "\u{feff}https://acme.bitrix24.com/rest/7/s3cr3t\u{200b}c0de0123ab/",
            "\"https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/\"",
            "« https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab/ »,",
            "<https://acme.bitrix24.com/rest/7/s3cr3tc0de0123ab>.",
            "(https://acme.bitrix24.com\\rest\\7\\s3cr3tc0de0123ab\\)",
        ] {
            let webhook = Webhook::parse(pasted).unwrap();
            assert_eq!(webhook.secret().expose_secret(), BASE, "{pasted}");
            assert_eq!((webhook.portal(), webhook.user()), ("acme.bitrix24.com", &UserPart::Id(7)));
        }
    }

    #[test]
    fn portals_of_companies_have_ports_prefixes_and_names_of_all_kinds() {
        for (pasted, portal) in [
            ("https://intranet.example:8443/b24/rest/7/abc/profile", "intranet.example:8443/b24"),
            ("https://intranet/company%20site/b24/rest/7/abc/", "intranet/company%20site/b24"),
            ("https://192.168.1.5/rest/7/abc/", "192.168.1.5"),
            ("https://[fd00::5]:8443/rest/7/abc/", "[fd00::5]:8443"),
            ("https://портал.рф/rest/7/abc/", "xn--80awhdgm.xn--p1ai"),
            ("http://localhost:8080/rest/7/abc/", "localhost:8080"),
            ("http://127.8.9.1:8080/rest/7/abc/", "127.8.9.1:8080"),
            ("http://[::1]:8080/rest/7/abc/", "[::1]:8080"),
        ] {
            let portal =
                if pasted.contains("портал") { Webhook::parse(pasted).unwrap().portal().to_owned() } else { portal.to_owned() };
            let webhook = Webhook::parse(pasted).unwrap();
            assert_eq!(webhook.portal(), portal);
            assert_eq!(webhook.account(7).as_str(), format!("7@{portal}"));
        }
    }

    #[test]
    fn two_portals_on_one_host_are_two_accounts() {
        let account = |address: &str| Webhook::parse(address).unwrap().account(7);
        assert_ne!(account("https://intranet.example/a/rest/7/abc/"), account("https://intranet.example/b/rest/7/abc/"));
        assert_ne!(account("https://intranet.example/rest/7/abc/"), account("https://intranet.example:8443/rest/7/abc/"));
    }

    #[test]
    fn a_user_is_a_number_or_a_login_name() {
        for (segment, user) in [
            ("7", UserPart::Id(7)),
            ("18446744073709551615", UserPart::Id(u64::MAX)),
            ("18446744073709551616", UserPart::Login("18446744073709551616".to_owned())),
            ("0", UserPart::Login("0".to_owned())),
            ("007", UserPart::Login("007".to_owned())),
            ("+7", UserPart::Login("+7".to_owned())),
            ("ivan", UserPart::Login("ivan".to_owned())),
            ("ivan%40acme.com", UserPart::Login("ivan@acme.com".to_owned())),
            ("%D0%B8%D0%B2%D0%B0%D0%BD", UserPart::Login("иван".to_owned())),
            ("иван", UserPart::Login("иван".to_owned())),
            ("api", UserPart::Login("api".to_owned())),
        ] {
            assert_eq!(Webhook::parse(&format!("https://acme.bitrix24.com/rest/{segment}/abc")).unwrap().user(), &user, "{segment}");
        }
    }

    #[test]
    fn each_wrong_address_has_its_own_reason() {
        use AddressError::*;
        for (pasted, reason) in [
            ("", Empty),
            (" \r\n\u{200b}\"\"", Empty),
            ("s3cr3tc0de0123ab", LoneCode),
            ("acme.bitrix24.com/rest/7/abc/", NoScheme),
            ("acme.bitrix24.com:8443/rest/7/abc/", NoScheme),
            ("my webhook", NoScheme),
            ("http://acme.bitrix24.com/rest/7/abc/", PlainHttp),
            ("http://localhost.example/rest/7/abc/", PlainHttp),
            ("http://127.0.0.1.example/rest/7/abc/", PlainHttp),
            ("http://0.0.0.0/rest/7/abc/", PlainHttp),
            ("ftp://acme.bitrix24.com/rest/7/abc/", OtherScheme),
            ("WEBHOOK=https://acme.bitrix24.com/rest/7/abc/", OtherScheme),
            ("https://", NotAnAddress),
            ("https://[::1/rest/7/abc/", NotAnAddress),
            ("https://acme bitrix24 com/rest/7/abc/", NotAnAddress),
            ("https://acme.bitrix24.com:99999/rest/7/abc/", NotAnAddress),
            ("https://ivan:pass@acme.bitrix24.com/rest/7/abc/", WithPassword),
            ("https://ivan@acme.bitrix24.com/rest/7/abc/", WithPassword),
            ("https://acme.bitrix24.com/devops/edit/out-hook/12/", OutgoingWebhook),
            ("https://acme.bitrix24.com/devops/edit/in-hook/12/", PortalPage),
            ("https://acme.bitrix24.com/", NoRest),
            ("https://acme.bitrix24.com/company/personal/user/7/", NoRest),
            ("https://my.site/handler.php?rest", NoRest),
            ("https://acme.bitrix24.com/rest/", NoCode),
            ("https://acme.bitrix24.com/rest/7", NoCode),
            ("https://acme.bitrix24.com/rest/7/", NoCode),
            ("https://acme.bitrix24.com/rest/7/profile.json", NoCode),
            ("https://acme.bitrix24.com/rest/profile?auth=abc", NoCode),
            ("https://acme.bitrix24.com/rest/7/****************/", HiddenCode),
            ("https://acme.bitrix24.com/rest/7/••••/profile", HiddenCode),
            ("https://acme.bitrix24.com/rest/7/a b/", NotAnAddress),
            ("https://acme.bitrix24.com/rest/7/a%20b/", UnreadableCode),
            ("https://acme.bitrix24.com/rest/7/код/", UnreadableCode),
        ] {
            assert_eq!(Webhook::parse(pasted).err(), Some(reason), "{pasted}");
        }
    }

    #[test]
    fn a_webhook_that_moved_keeps_all_but_the_place() {
        let webhook = Webhook::parse("https://acme.example:8443/b24/rest/ivan%40x/abc/").unwrap();
        let moved = webhook.moved_to(&Url::parse("https://umbrella.example/rest/other").unwrap()).unwrap();
        assert_eq!(moved.secret().expose_secret(), "https://umbrella.example/b24/rest/ivan%40x/abc/");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_stumble(text in any::<String>()) {
            let _ = Webhook::parse(&text);
        }

        #[test]
        fn nothing_like_an_address_does_either(text in "(https?://)?[a-z0-9.\\[\\]:@%/\\\\?# ]{0,20}(/rest/)?[a-z0-9./%*\u{2022}]{0,30}") {
            if let Ok(webhook) = Webhook::parse(&text) {
                same_again(&webhook);
            }
        }

        #[test]
        fn the_keyring_gives_back_the_same_webhook(
            host in "([a-z][a-z0-9-]{0,8}[a-z0-9]\\.){1,3}[a-z]{2,6}",
            port in proptest::option::of(1u16..),
            prefix in "(/[a-z0-9_]{1,6}){0,2}",
            user in "[1-9][0-9]{0,9}|[a-z][a-z0-9._@-]{1,12}",
            code in "[A-Za-z0-9]{8,24}",
            tail in "(/([a-z][a-z.]{0,19}(\\.json|\\.xml)?/?)?)?(\\?[a-z=&]{0,9})?",
        ) {
            let port = port.map_or_else(String::new, |port| format!(":{port}"));
            prop_assume!(!prefix.contains("/rest") && user != "api" && !host.contains("--"));
            let webhook = Webhook::parse(&format!("https://{host}{port}{prefix}/rest/{user}/{code}{tail}")).unwrap();
            prop_assert!(webhook.portal().starts_with(&host) && webhook.portal().ends_with(&prefix));
            same_again(&webhook);
            let shown = format!("{webhook:?} {webhook:#?} {} {}", webhook.portal(), webhook.account(7));
            prop_assume!(!host.contains(&code.to_lowercase()) && !user.contains(&code.to_lowercase()));
            prop_assert!(!shown.contains(&code), "{}", shown);
            let address = webhook.address_of("profile").unwrap();
            let expected = format!("{prefix}/rest/{user}/{code}/profile");
            prop_assert_eq!(address.path(), expected.as_str());
        }
    }

    fn same_again(webhook: &Webhook) {
        let again = Webhook::parse(webhook.secret().expose_secret()).unwrap();
        assert_eq!(again.secret().expose_secret(), webhook.secret().expose_secret());
        assert_eq!((again.portal(), again.user()), (webhook.portal(), webhook.user()));
    }
}
