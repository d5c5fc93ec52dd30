//! The list below the picture: entries in words, newest first, by days; which of them are shown, and as text.

use std::time::SystemTime;

use b24status::{
    presence::{AccountId, Change, Entry},
    text::{Texts, time::Times},
};
use jiff::{civil::Date, tz::TimeZone};

use super::picture;
use crate::{
    pages::{Kind, Line},
    timeline::day_of,
};

/// One entry as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    date: Date,
    /// The day in words.
    day: String,
    time: String,
    sentence: String,
    kind: Kind,
    /// In which a search looks.
    lower: String,
}

impl Said {
    pub(super) fn is_of(&self, kind: Kind) -> bool {
        kind == Kind::All || kind == self.kind
    }

    /// `search` is in small letters; each of its words has to be there.
    pub(super) fn holds(&self, search: &str) -> bool {
        search.split_whitespace().all(|word| self.lower.contains(word))
    }
}

/// The newest first. `name` of an account is `None` where it needs none.
pub(super) fn said(
    entries: &[Entry],
    texts: &Texts,
    times: &Times,
    zone: &TimeZone,
    name: &dyn Fn(&AccountId) -> Option<String>,
) -> Vec<Said> {
    let this_year = entries.last().map_or(0, |entry| day_of(entry.at, zone).year());
    let mut newest: Vec<Said> = Vec::with_capacity(entries.len());
    for entry in entries.iter().rev() {
        let date = day_of(entry.at, zone);
        let day = match newest.last().filter(|newer| newer.date == date) {
            Some(newer) => newer.day.clone(),
            None => picture::long_date(texts, date, this_year),
        };
        newest.push(one(entry, date, day, texts, times, name));
    }
    newest
}

/// With a heading for each day.
pub(super) fn lines<'a>(said: impl Iterator<Item = &'a Said>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut date = None;
    for said in said {
        if date.replace(said.date) != Some(said.date) {
            lines.push(Line { heading: true, time: "".into(), sentence: said.day.as_str().into() });
        }
        lines.push(Line { heading: false, time: said.time.as_str().into(), sentence: said.sentence.as_str().into() });
    }
    lines
}

/// What is copied: the days as headings, and a line for each entry.
pub(super) fn text<'a>(said: impl Iterator<Item = &'a Said>, texts: &Texts) -> String {
    let lines = lines(said).into_iter().map(|line| match line.heading {
        true => format!("{}\n", line.sentence),
        false => {
            format!("{}\n", texts.say_with("journal-at", &[("time", line.time.as_str().into()), ("line", line.sentence.as_str().into())]))
        }
    });
    lines.collect()
}

fn one(entry: &Entry, date: Date, day: String, texts: &Texts, times: &Times, name: &dyn Fn(&AccountId) -> Option<String>) -> Said {
    // Said as on that day: an end "at 15:00" is on the day of the heading.
    let line = texts.entry(entry, times, entry.at);
    let sentence = match entry.account.as_ref().and_then(name) {
        Some(account) => texts.say_with("journal-account", &[("line", line.into()), ("account", account.into())]),
        None => line,
    };
    let time = time_of_day(texts, times, entry.at);
    let lower = format!("{day} {time} {sentence}").to_lowercase();
    Said { date, day, time, sentence, kind: kind(&entry.what), lower }
}

pub(super) fn time_of_day(texts: &Texts, times: &Times, at: SystemTime) -> String {
    times.moment(texts, at, at)
}

fn kind(what: &Change) -> Kind {
    match what {
        Change::Chosen { .. } | Change::Adopted { .. } | Change::Confirmed { .. } => Kind::Choices,
        Change::WentAbsent(_) | Change::CameBack | Change::MarkedIdle { .. } | Change::UnmarkedIdle => Kind::Idle,
        Change::Failed(_) | Change::Recovered | Change::NotSaved => Kind::Errors,
        Change::Started | Change::Ended => Kind::All,
    }
}

#[cfg(test)]
mod tests {
    use b24status::{
        presence::{Cause, Failure, Later, Reason, Status},
        text::{Language, time::Clock},
    };
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn the_newest_entry_comes_first_under_its_day() {
        let said = all(Language::English);
        assert_eq!(
            text(said.iter(), &Texts::new(Language::English)),
            "Saturday, 21 November\n\
             14:40  You are back · screen unlocked\n\
             14:02  Do not disturb until 15:00 · chosen by hand\n\
             Friday, 20 November\n\
             9:00  The portal cannot be reached. It is tried again by itself. (Ivan)\n\
             9:00  The app was started\n"
                .replace("The portal cannot be reached. It is tried again by itself.", &unreachable(Language::English))
        );
    }

    #[test]
    fn a_russian_reads_days_and_entries_in_russian() {
        let lines = lines(all(Language::Russian).iter());
        let told = lines.iter().map(|line| (line.heading, line.time.as_str(), line.sentence.as_str())).take(3).collect::<Vec<_>>();
        assert_eq!(
            told,
            [
                (true, "", "Суббота, 21 ноября"),
                (false, "14:40", "Вы вернулись · экран разблокирован"),
                (false, "14:02", "Не беспокоить до 15:00 · выбрано вручную")
            ]
        );
    }

    #[test]
    fn a_kind_and_every_word_of_the_search_decide_what_is_shown() {
        let said = all(Language::English);
        let shown = |kind, search: &str| {
            let shown = said.iter().filter(|said| said.is_of(kind) && said.holds(&search.to_lowercase()));
            shown.map(|said| said.time.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(shown(Kind::All, ""), ["14:40", "14:02", "9:00", "9:00"]);
        assert_eq!(shown(Kind::Choices, ""), ["14:02"]);
        assert_eq!(shown(Kind::Idle, ""), ["14:40"]);
        assert_eq!(shown(Kind::Errors, ""), ["9:00"]);
        assert_eq!(shown(Kind::All, "HAND  disturb"), ["14:02"]);
        assert_eq!(shown(Kind::All, "friday ivan"), ["9:00"]);
        assert_eq!(shown(Kind::Idle, "disturb"), Vec::<&str>::new());
    }

    fn all(language: Language) -> Vec<Said> {
        let ivan = AccountId::new("7@acme.bitrix24.com");
        let entry = |at: &str, account, what, because| Entry { at: instant(at), account, what, because };
        let end = Some(instant("2026-11-21T15:00:00Z"));
        let entries = [
            entry("2026-11-20T09:00:00Z", None, Change::Started, Cause::Launch),
            entry("2026-11-20T09:00:05Z", Some(ivan), Change::Failed(Failure::Later(Later::Unreachable)), Cause::Portal),
            entry("2026-11-21T14:02:00Z", None, Change::Chosen { status: Status::Dnd, end }, Cause::ByHand),
            entry("2026-11-21T14:40:00Z", None, Change::CameBack, Cause::Unlocked),
        ];
        let times = Times::new(Clock::Hours24, TimeZone::UTC);
        assert_eq!(kind(&Change::WentAbsent(Reason::Locked)), Kind::Idle);
        said(&entries, &Texts::new(language), &times, &TimeZone::UTC, &|_| Some("Ivan".to_owned()))
    }

    fn unreachable(language: Language) -> String {
        Texts::new(language).failure(&Failure::Later(Later::Unreachable))
    }

    fn instant(text: &str) -> SystemTime {
        text.parse::<Timestamp>().unwrap().into()
    }
}
