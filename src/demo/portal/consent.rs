//! The page on which a person lets an application in, and the pages that follow where nobody is sent back. HTML, nothing else: no script.

use super::page::Page;
use crate::text::Texts;

/// Who would let in what: `name` on `portal` the application, with these scopes.
pub(super) fn asking(texts: &Texts, application: &str, name: &str, portal: &str, scope: &str) -> Page {
    let title = texts.say_with("demo-consent-title", &[("application", application.into())]);
    let who = texts.say_with("demo-consent-who", &[("name", name.into()), ("portal", portal.into())]);
    let what = texts.say_with("demo-consent-what", &[("application", application.into()), ("scope", scope.into())]);
    let (allow, cancel) = (texts.say("demo-consent-allow"), texts.say("demo-consent-cancel"));
    let [who, what, allow, cancel] = [who, what, allow, cancel].map(|text| escaped(&text));
    // Sent to the address of the page itself, which has the application and the state in it.
    page(
        texts,
        &title,
        &format!(
            "<p>{who}</p><p>{what}</p><form method=\"post\"><button name=\"answer\" value=\"allow\" autofocus>{allow}</button> \
             <button name=\"answer\" value=\"cancel\">{cancel}</button></form>"
        ),
    )
}

pub(super) fn cancelled(texts: &Texts) -> Page {
    page(texts, &texts.say("demo-consent-cancelled"), "")
}

pub(super) fn unknown(texts: &Texts) -> Page {
    page(texts, &texts.say("demo-consent-unknown"), "")
}

/// The title is the heading as well: it is what a screen reader says first.
fn page(texts: &Texts, title: &str, body: &str) -> Page {
    let (language, title) = (texts.language().tag(), escaped(title));
    Page::people(format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title><style>body{{font:1.1em/1.5 sans-serif;max-width:34em;\
         margin:4em auto;padding:0 1em}}button{{font:inherit;padding:.4em 1.4em}}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>\n"
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
