//! Where the pages of a portal are: host, port, and the folder of an installation that is not at the root. Not secret.

use reqwest::Url;

use super::{Webhook, host_name, webhook::place};
use crate::text::Language;

/// The address that all pages of one portal have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalAddress {
    /// Ends with a slash; no query.
    root: Url,
}

impl PortalAddress {
    /// Of whatever page it is the address.
    pub(super) fn of(page: &Url) -> Option<Self> {
        let place = place(page);
        let host = page.host_str()?;
        let prefix = if is_bitrix24(host) { String::new() } else { prefix(page) };
        let root = Url::parse(&format!("{}://{place}{prefix}/", page.scheme())).ok()?;
        Some(Self { root })
    }

    pub(super) fn of_webhook(webhook: &Webhook) -> Option<Self> {
        let scheme = webhook.address_of("")?.scheme().to_owned();
        Some(Self { root: Url::parse(&format!("{scheme}://{}/", webhook.portal())).ok()? })
    }

    /// `acme.bitrix24.com`, `intranet.example:8443/b24`: as [`Webhook::portal`] has it.
    pub fn portal(&self) -> String {
        format!("{}{}", place(&self.root), self.root.path().trim_end_matches('/'))
    }

    /// What [`pasted_portal`](super::pasted_portal) takes back. A folder is known by a page in it.
    pub fn address(&self) -> String {
        if self.root.path() == "/" { self.page("") } else { self.page("stream/") }
    }

    /// [`PortalAddress::portal`] for people: `портал.рф`. Latin and Cyrillic letters in one name stay encoded: it may look like another one.
    pub fn readable(&self) -> String {
        let host = self.root.host_str().unwrap_or_default();
        match host_name::for_people(host).filter(|shown| !shown.split('.').any(mixes_alphabets)) {
            Some(shown) => self.portal().replacen(host, &shown, 1),
            None => self.portal(),
        }
    }

    /// The address of one of its pages, for a browser. `path` is without the first slash.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// Where inbound webhooks and local applications are made: Developer resources, Common use cases, Other. One click from here leads to either;
    /// their own pages have an address only once they exist.
    ///
    /// <https://apidocs.bitrix24.com/local-integrations/local-webhooks.html>
    pub fn developer_page(&self) -> String {
        self.page("devops/section/standard/")
    }

    /// Ends with a slash.
    pub(super) fn root(&self) -> &Url {
        &self.root
    }

    /// In one of Bitrix24's own zones.
    pub(super) fn is_in_the_cloud(&self) -> bool {
        self.root.host_str().is_some_and(is_bitrix24)
    }
}

/// The article for people about making webhooks and applications.
///
/// <https://apidocs.bitrix24.com/local-integrations/local-apps.html> leads there.
pub const fn documentation(language: Language) -> &'static str {
    match language {
        Language::English => "https://helpdesk.bitrix24.com/open/21133100/",
        Language::Russian => "https://helpdesk.bitrix24.ru/open/20886106/",
    }
}

/// A site of Bitrix24 that is nobody's portal.
pub(super) fn is_of_the_vendor(host: &str) -> bool {
    let of_everybody = ["www", "helpdesk", "apidocs", "oauth", "auth2", "network"].contains(&host.split('.').next().unwrap_or_default());
    host.starts_with("bitrix24.") || host == "oauth.bitrix.info" || (is_bitrix24(host) && of_everybody)
}

/// Whether an address leads to a page that portals have.
pub(super) fn is_known_page(page: &Url) -> bool {
    page.path_segments().is_some_and(|mut segments| segments.any(|segment| PAGES.contains(&segment)))
}

fn is_bitrix24(host: &str) -> bool {
    host.split_once('.').is_some_and(|(_, zone)| zone.starts_with("bitrix24."))
}

/// The folder is seen only by what stands in it: without a known page after it, it may be any page itself.
fn prefix(page: &Url) -> String {
    let segments: Vec<&str> = page.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let known = segments.iter().position(|segment| PAGES.contains(segment)).unwrap_or_default();
    segments[..known].iter().map(|segment| format!("/{segment}")).collect()
}

fn mixes_alphabets(label: &str) -> bool {
    let cyrillic = |letter: char| ('\u{400}'..='\u{52f}').contains(&letter);
    label.contains(cyrillic) && label.contains(|letter: char| letter.is_ascii_alphabetic())
}

/// Folders at the root of every portal.
const PAGES: [&str; 15] = [
    "company",
    "stream",
    "online",
    "devops",
    "marketplace",
    "market",
    "crm",
    "workgroups",
    "calendar",
    "docs",
    "timeman",
    "contact_center",
    "oauth",
    "extranet",
    "bitrix",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_deep_inside_belongs_to_the_portal() {
        for (page, portal) in [
            ("https://acme.bitrix24.com/company/personal/user/7/?IFRAME=Y#top", "acme.bitrix24.com"),
            ("https://acme.bitrix24.com/something/new/", "acme.bitrix24.com"),
            ("https://intranet.example:8443/b24/stream/", "intranet.example:8443/b24"),
            ("https://intranet.example/extranet/company/", "intranet.example"),
            ("https://intranet.example/b24/", "intranet.example"),
            ("http://[::1]:8080/crm/deal/", "[::1]:8080"),
        ] {
            assert_eq!(of(page).portal(), portal, "{page}");
        }
    }

    #[test]
    fn names_are_shown_as_people_write_them_and_kept_as_the_network_wants_them() {
        let portal = of("https://портал.пример.рф:8443/b24/crm/");
        assert_eq!(portal.portal(), "xn--80awhdgm.xn--e1afmkfd.xn--p1ai:8443/b24");
        assert_eq!(portal.readable(), "портал.пример.рф:8443/b24");
        assert_eq!(of("https://münchen.example/").readable(), "münchen.example");
        assert_eq!(of("https://acme.bitrix24.com/").readable(), "acme.bitrix24.com");
        assert_eq!(of("https://192.168.1.5/").readable(), "192.168.1.5");
        assert_eq!(of("https://[fd00::5]:8443/").readable(), "[fd00::5]:8443");
    }

    #[test]
    fn a_name_that_looks_like_another_is_shown_as_it_is() {
        // The second letter is Cyrillic.
        let portal = of("https://aсme.bitrix24.com/");
        assert!(portal.readable().starts_with("xn--"), "{}", portal.readable());
    }

    #[test]
    fn the_pages_are_those_of_this_portal() {
        assert_eq!(of("https://acme.bitrix24.com/crm/").developer_page(), "https://acme.bitrix24.com/devops/section/standard/");
        assert_eq!(
            of("https://intranet.example:8443/b24/crm/").page("oauth/authorize/"),
            "https://intranet.example:8443/b24/oauth/authorize/"
        );
    }

    #[test]
    fn an_address_is_taken_back_as_the_same_portal() {
        for page in ["https://acme.bitrix24.com/", "https://intranet.example:8443/b24/crm/", "http://127.0.0.1:8080/", "https://портал.рф/"]
        {
            assert_eq!(crate::portal::pasted_portal(&of(page).address()), Ok(of(page)), "{page}");
        }
    }

    #[test]
    fn a_webhook_leads_to_its_portal() {
        for (webhook, developer_page) in [
            ("https://intranet.example/b24/rest/7/s3cr3tc0de0123ab/", "https://intranet.example/b24/devops/section/standard/"),
            ("http://127.0.0.1:8080/rest/7/s3cr3tc0de0123ab/", "http://127.0.0.1:8080/devops/section/standard/"),
        ] {
            let portal = PortalAddress::of_webhook(&Webhook::parse(webhook).unwrap()).unwrap();
            assert_eq!(portal.developer_page(), developer_page);
        }
    }

    #[test]
    fn a_site_for_everybody_is_nobodys_portal() {
        for host in
            ["bitrix24.com", "www.bitrix24.ru", "helpdesk.bitrix24.com", "oauth.bitrix.info", "oauth.bitrix24.tech", "auth2.bitrix24.net"]
        {
            assert!(is_of_the_vendor(host), "{host}");
        }
        for host in ["acme.bitrix24.com", "www.acme.example", "mybitrix24.com", "bitrix24"] {
            assert!(!is_of_the_vendor(host), "{host}");
        }
    }

    #[test]
    fn every_language_has_its_article() {
        let mut articles: Vec<&str> = Language::ALL.map(documentation).into();
        articles.dedup();
        assert_eq!(articles.len(), Language::ALL.len());
    }

    fn of(page: &str) -> PortalAddress {
        PortalAddress::of(&Url::parse(&host_name::with_ascii_host(page)).unwrap()).unwrap()
    }
}
