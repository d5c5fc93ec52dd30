//! A report as text in the person's language, and as the object of `--json`. Pure.

use std::collections::BTreeMap;

use fluent_bundle::FluentValue;
use serde::Serialize;

use super::{
    Check, Name, Redaction, Report, Verdict,
    findings::System,
    report::{Says, VERDICTS},
};
use crate::{
    control::{Obstacle, ObstacleReason},
    text::{Language, Texts},
};

impl Report {
    /// One line a check, below the account that it is about. What is to be done stands in the line.
    pub fn words(&self, texts: &Texts) -> String {
        let table = Table::for_checks(&self.checks, texts);
        let mut lines = vec![self.heading(), texts.say("doctor-fit-to-paste")];
        for checks in self.checks.chunk_by(|one, next| one.account == next.account) {
            lines.push(String::new());
            lines.extend(checks[0].account.clone());
            lines.extend(checks.iter().map(|check| table.line(check, &check.sentence(texts, &self.redaction))));
        }
        lines.extend([String::new(), texts.say(conclusion(self.verdict()))]);
        self.redaction.text(&(lines.join("\n") + "\n"))
    }

    /// Its keys and the words of `check`, `verdict` and `found` are a contract; messages are in English.
    pub fn json(&self) -> impl Serialize {
        let texts = Texts::new(Language::English);
        Document {
            verdict: self.verdict().word(),
            version: env!("CARGO_PKG_VERSION"),
            system: self.system.clone(),
            checks: self.checks.iter().map(|check| self.line(check, &texts)).collect(),
        }
    }

    fn heading(&self) -> String {
        let system = &self.system;
        let os = format!("{} ({})", system.os, system.architecture);
        let program = concat!("b24status ", env!("CARGO_PKG_VERSION")).to_owned();
        let parts = [Some(program), Some(os), system.session_type.clone(), system.desktop.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn line(&self, check: &Check, texts: &Texts) -> CheckLine {
        let clean = |text: &str| self.redaction.text(text);
        CheckLine {
            check: check.name.word(),
            account: check.account.as_deref().map(clean),
            verdict: check.verdict.word(),
            found: check.found,
            message: clean(&check.sentence(texts, &self.redaction)),
            facts: check.facts.iter().map(|(name, value)| (*name, clean(value))).collect(),
        }
    }
}

/// `doctor --json`.
#[derive(Serialize)]
struct Document {
    verdict: &'static str,
    version: &'static str,
    system: System,
    checks: Vec<CheckLine>,
}

#[derive(Serialize)]
struct CheckLine {
    check: &'static str,
    /// `null` for what belongs to no account.
    account: Option<String>,
    verdict: &'static str,
    found: &'static str,
    message: String,
    facts: BTreeMap<&'static str, String>,
}

impl Check {
    fn sentence(&self, texts: &Texts, redaction: &Redaction) -> String {
        match &self.says {
            Says::Own => self.say(&format!("doctor-{}-{}", self.name.word(), self.found).replace('_', "-"), texts),
            Says::Key(key) => self.say(key, texts),
            Says::Failure(failure) => texts.failure(failure),
            Says::Settings(problem, path) => problem.sentence(texts, redaction.path(path).as_ref()),
            Says::Obstacles(obstacles) => {
                let reasons = obstacles.iter().map(|obstacle| reason(obstacle, texts)).collect::<Vec<_>>().join(", ");
                texts.say_with("doctor-idle-source-none", &[("reasons", reasons.into())])
            }
        }
    }

    fn say(&self, key: &str, texts: &Texts) -> String {
        let arguments: Vec<_> = self.facts.iter().map(|(name, value)| (*name, argument(name, value))).collect();
        texts.say_with(key, &arguments)
    }
}

/// A number chooses the plural; a version is none, even if it looks like one.
fn argument<'a>(name: &str, value: &'a str) -> FluentValue<'a> {
    if name == "minutes" { FluentValue::try_number(value) } else { value.into() }
}

fn reason(obstacle: &Obstacle, texts: &Texts) -> String {
    let key = match obstacle.reason {
        ObstacleReason::Absent => "doctor-obstacle-absent",
        ObstacleReason::Unreachable => "doctor-obstacle-unreachable",
        ObstacleReason::NotOffered => "doctor-obstacle-not-offered",
        ObstacleReason::InsideWayland => "doctor-obstacle-inside-wayland",
        ObstacleReason::Lost => "doctor-obstacle-lost",
    };
    format!("{}: {}", obstacle.source, texts.say(key))
}

/// The columns before the sentences.
struct Table<'a> {
    texts: &'a Texts,
    verdicts: usize,
    names: usize,
}

impl<'a> Table<'a> {
    fn for_checks(checks: &[Check], texts: &'a Texts) -> Self {
        Self {
            texts,
            verdicts: widest(VERDICTS.map(|verdict| texts.say(verdict_key(verdict))).into_iter()),
            names: widest(checks.iter().map(|check| texts.say(name_key(check.name)))),
        }
    }

    fn line(&self, check: &Check, sentence: &str) -> String {
        let (verdict, name) = (self.texts.say(verdict_key(check.verdict)), self.texts.say(name_key(check.name)));
        format!("  {verdict:verdicts$}  {name:names$}  {sentence}", verdicts = self.verdicts, names = self.names)
    }
}

fn widest(words: impl Iterator<Item = String>) -> usize {
    words.map(|word| word.chars().count()).max().unwrap_or_default()
}

const fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "doctor-ok",
        Verdict::Unknown => "doctor-unknown",
        Verdict::Problem => "doctor-problem",
    }
}

const fn conclusion(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "doctor-all-ok",
        Verdict::Unknown => "doctor-no-problem",
        Verdict::Problem => "doctor-some-problem",
    }
}

const fn name_key(name: Name) -> &'static str {
    match name {
        Name::App => "doctor-name-app",
        Name::TrayHost => "doctor-name-tray-host",
        Name::IdleSource => "doctor-name-idle-source",
        Name::LockSource => "doctor-name-lock-source",
        Name::SleepSource => "doctor-name-sleep-source",
        Name::Autostart => "doctor-name-autostart",
        Name::Settings => "doctor-name-settings",
        Name::Storage => "doctor-name-storage",
        Name::Keyring => "doctor-name-keyring",
        Name::Account => "doctor-name-account",
        Name::Proxy => "doctor-name-proxy",
        Name::Tls => "doctor-name-tls",
        Name::Portal => "doctor-name-portal",
        Name::Scopes => "doctor-name-scopes",
        Name::Methods => "doctor-name-methods",
        Name::Clock => "doctor-name-clock",
        Name::Connection => "doctor-name-connection",
    }
}
