//! `b24status doctor`: what was found, for a person or for a ticket.

use std::io::Write;

use serde_json::json;

use super::{Code, Context, Exit, Format};
use crate::{
    app::Secrets,
    doctor::{Examination, Finding, Verdict},
    keyring::Keyring,
    text::{Language, Texts},
};

pub(super) async fn run(context: &Context, format: Format, out: &mut dyn Write) -> Result<(), Exit> {
    let english = Texts::new(Language::English);
    let texts = match format {
        Format::Words => &context.texts,
        Format::Json => &english,
    };
    let keyring = match &context.secrets {
        Secrets::Keyring(keyring) => keyring.clone(),
        Secrets::Memory(_) => Keyring::of_this_session(),
    };
    let findings = Examination { paths: &context.paths, settings: &context.settings, keyring: &keyring, texts }.all().await;
    match format {
        Format::Words => print(&findings, texts, out)?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&document(&findings)).map_err(std::io::Error::from)?)?,
    }
    let problems = findings.iter().filter(|finding| finding.verdict == Verdict::Problem).count();
    match problems {
        0 => Ok(()),
        // Every problem was told with its remedy.
        _ => Err(Exit::new(Code::Other, String::new())),
    }
}

fn print(findings: &[Finding], texts: &Texts, out: &mut dyn Write) -> Result<(), Exit> {
    for Finding { verdict, text, .. } in findings {
        let verdict = texts.say(match verdict {
            Verdict::Ok => "doctor-verdict-ok",
            Verdict::Problem => "doctor-verdict-problem",
            Verdict::Unknown => "doctor-verdict-unknown",
        });
        writeln!(out, "{}", texts.say_with("doctor-line", &[("verdict", verdict.into()), ("text", text.as_str().into())]))?;
    }
    Ok(())
}

fn document(findings: &[Finding]) -> serde_json::Value {
    let checks =
        findings.iter().map(|finding| json!({ "check": finding.part.word(), "result": finding.verdict.word(), "text": finding.text }));
    json!({ "version": env!("CARGO_PKG_VERSION"), "checks": checks.collect::<Vec<_>>() })
}
