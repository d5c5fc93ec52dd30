//! The pages that the browser shows at the end: a heading and a sentence, in the person's language. No script, nothing from anywhere.

use crate::text::Texts;

/// Made when somebody signs in, and gone with it.
pub(super) struct Pages {
    pub(super) taken: String,
    pub(super) foreign: String,
    pub(super) nothing: String,
}

impl Pages {
    pub(super) fn new(texts: &Texts) -> Self {
        let page = |heading, hint| page(texts, &texts.say(heading), &texts.say(hint));
        Self {
            taken: page("redirect-page-taken", "redirect-page-taken-hint"),
            foreign: page("redirect-page-foreign", "redirect-page-foreign-hint"),
            nothing: page("redirect-page-nothing", "redirect-page-nothing-hint"),
        }
    }
}

fn page(texts: &Texts, heading: &str, hint: &str) -> String {
    let (heading, hint) = (plain(heading), plain(hint));
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{heading}</title>\
         <style>body{{font:1.1em/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em}}</style></head>\
         <body><h1>{heading}</h1><p>{hint}</p></body></html>",
        texts.language().tag()
    )
}

/// Our own texts; none of them is markup.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
