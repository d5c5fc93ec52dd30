//! The timeline as bands to draw, each piece with its sentence.

use std::time::SystemTime;

use b24status::{
    presence::{AccountId, Cause, Held, Status},
    text::{Texts, time::Times},
};
use jiff::{civil::Date, tz::TimeZone};
use slint::{Model, ModelRc, VecModel};

use super::entries::time_of_day;
use crate::{
    pages::{Band, Look, Mark, Piece, Scope, Sure as Surety},
    timeline::{Day, Holding, Segment, Span, Sure, Timeline, What, day, day_of, last_days},
};

/// With more pieces than this, what is too narrow to be seen is left out.
const CROWDED: usize = 300;
/// A third of a pixel of a wide window.
const NARROW: f32 = 1.0 / 3000.0;

/// What is needed to draw.
pub(super) struct Sight<'a> {
    pub(super) texts: &'a Texts,
    pub(super) times: &'a Times,
    pub(super) zone: &'a TimeZone,
    pub(super) now: SystemTime,
    pub(super) timeline: &'a Timeline,
    pub(super) oldest: Option<SystemTime>,
    pub(super) name: &'a dyn Fn(&AccountId) -> String,
}

pub(super) struct Picture {
    pub(super) period: String,
    pub(super) accounts: Vec<String>,
    pub(super) account: usize,
    pub(super) bands: Vec<Band>,
    pub(super) has_earlier: bool,
    pub(super) has_later: bool,
}

impl Sight<'_> {
    /// A day: a band for each account. A week: a band for each day of one account. `last` is `None` for today.
    pub(super) fn picture(&self, scope: Scope, last: Option<Date>, account: usize) -> Picture {
        let today = day_of(self.now, self.zone);
        let last = last.unwrap_or(today);
        let accounts = self.timeline.accounts().collect::<Vec<_>>();
        let account = account.min(accounts.len().saturating_sub(1));
        let dates = match scope {
            Scope::Day => vec![last],
            Scope::Week => last_days(last, 7),
        };
        let rows = dates.iter().flat_map(|date| {
            let shown = match scope {
                Scope::Day => accounts.as_slice(),
                Scope::Week => accounts.get(account..=account).unwrap_or_default(),
            };
            shown.iter().map(|account| (*date, *account))
        });
        let mut first = 0;
        let bands = rows.filter_map(|(date, account)| {
            let (name, full_name) = match scope {
                Scope::Day if accounts.len() > 1 => ((self.name)(account), (self.name)(account)),
                Scope::Day => (String::new(), String::new()),
                Scope::Week => (self.short_date(date), self.long_date(date)),
            };
            let band = self.band(&day(date, self.zone)?, account, name, &full_name, first);
            first += i32::try_from(band.pieces.row_count()).unwrap_or(0);
            Some(band)
        });
        let bands = bands.collect();
        let oldest = self.oldest.map(|oldest| day_of(oldest, self.zone));
        Picture {
            period: self.period(&dates),
            accounts: accounts.iter().map(|account| (self.name)(account)).collect(),
            account,
            bands,
            has_earlier: dates.first().zip(oldest).is_some_and(|(first, oldest)| *first > oldest),
            has_later: last < today,
        }
    }

    fn band(&self, day: &Day, account: &AccountId, name: String, full_name: &str, first: i32) -> Band {
        let pieces = self.timeline.within(account, day.span).into_iter().map(|segment| self.piece(&segment, day.span, full_name));
        let pieces = thinned(pieces.collect());
        let marks = day.hours.iter().map(|(_, at)| Mark { at: day.span.share(*at), text: self.time(*at).into() });
        Band {
            name: name.into(),
            full_name: full_name.into(),
            first,
            pieces: model(pieces),
            marks: model(marks.collect()),
            now: if day.span.holds(self.now) { day.span.share(self.now) } else { -1.0 },
        }
    }

    fn piece(&self, segment: &Segment, span: Span, band: &str) -> Piece {
        let (start, end) = (span.share(segment.span.from), span.share(segment.span.to));
        let stretch = self.stretch(segment);
        let sentence = match band {
            "" => stretch,
            band => self.texts.say_with("journal-page-of", &[("band", band.into()), ("stretch", stretch.into())]),
        };
        let piece = Piece { start, length: end - start, sentence: sentence.into(), gap: true, ..Piece::default() };
        match &segment.what {
            What::NotRunning | What::Untold => piece,
            What::Held(holding) => {
                Piece { gap: false, look: look(holding), sure: surety(&holding.sure), idle: holding.idle.is_some(), ..piece }
            }
        }
    }

    /// "14:02–14:40 Away · idle: screen locked · chosen by hand".
    fn stretch(&self, segment: &Segment) -> String {
        let what = match &segment.what {
            What::NotRunning => self.texts.say("journal-page-not-running"),
            What::Untold => self.texts.say("journal-page-untold"),
            What::Held(holding) => self.holding(holding),
        };
        let from = self.time(segment.span.from);
        match segment.span.to >= self.now {
            true => self.texts.say_with("journal-page-stretch-open", &[("from", from.into()), ("what", what.into())]),
            false => {
                let to = self.time(segment.span.to);
                self.texts.say_with("journal-page-stretch", &[("from", from.into()), ("to", to.into()), ("what", what.into())])
            }
        }
    }

    fn holding(&self, holding: &Holding) -> String {
        let status = match &holding.status {
            Some(held) => self.texts.held(held),
            None => self.texts.say("journal-page-status-unknown"),
        };
        let sure = match &holding.sure {
            Sure::Confirmed => None,
            Sure::Pending => Some(self.texts.say("journal-page-pending")),
            Sure::Failed(failure) => Some(self.texts.failure(failure)),
        };
        let because = holding.because.and_then(|because| self.texts.cause(because));
        let parts = [Some(status), holding.idle.map(|because| self.idle(because)), because, sure];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn idle(&self, because: Cause) -> String {
        match self.texts.cause(because) {
            Some(reason) => self.texts.say_with("journal-page-idle", &[("reason", reason.into())]),
            None => self.texts.say("journal-page-idle-alone"),
        }
    }

    fn period(&self, dates: &[Date]) -> String {
        match dates {
            [] => String::new(),
            [only] => self.long_date(*only),
            [first, .., last] => {
                let this_year = day_of(self.now, self.zone).year();
                let (from, to) = (date_in_words(self.texts, *first, this_year), date_in_words(self.texts, *last, this_year));
                self.texts.say_with("journal-page-period", &[("from", from.into()), ("to", to.into())])
            }
        }
    }

    fn long_date(&self, date: Date) -> String {
        long_date(self.texts, date, day_of(self.now, self.zone).year())
    }

    fn short_date(&self, date: Date) -> String {
        let day = date.weekday().to_monday_one_offset();
        self.texts.say_with("journal-page-weekday-short", &[("day", day.into()), ("number", date.day().to_string().into())])
    }

    fn time(&self, at: SystemTime) -> String {
        time_of_day(self.texts, self.times, at)
    }
}

/// "Saturday, 21 November"; the year only where it is another than this.
pub(super) fn long_date(texts: &Texts, date: Date, this_year: i16) -> String {
    let weekday = texts.say_with("journal-page-weekday", &[("day", date.weekday().to_monday_one_offset().into())]);
    let date = date_in_words(texts, date, this_year);
    texts.say_with("journal-page-date", &[("weekday", weekday.into()), ("date", date.into())])
}

/// The piece that holds this share of the day, or the nearest to it.
pub(super) fn piece_at(band: &Band, at: f32) -> Option<usize> {
    let distance = |piece: &Piece| (piece.start - at).max(at - piece.start - piece.length).max(0.0);
    band.pieces.iter().enumerate().min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other))).map(|(index, _)| index)
}

fn date_in_words(texts: &Texts, date: Date, this_year: i16) -> String {
    let key = if date.year() == this_year { "time-date" } else { "time-date-year" };
    let (day, year) = (date.day().to_string(), date.year().to_string());
    texts.say_with(key, &[("day", day.into()), ("month", date.month().into()), ("year", year.into())])
}

fn thinned(pieces: Vec<Piece>) -> Vec<Piece> {
    let is_crowded = pieces.len() > CROWDED;
    pieces.into_iter().filter(|piece| !is_crowded || piece.length >= NARROW).collect()
}

fn look(holding: &Holding) -> Look {
    match holding.status.as_ref().and_then(Held::status) {
        Some(Status::Online) => Look::Online,
        Some(Status::Dnd) => Look::Dnd,
        Some(Status::Away) => Look::Away,
        Some(Status::Break) => Look::Break,
        None => Look::Unknown,
    }
}

fn surety(sure: &Sure) -> Surety {
    match sure {
        Sure::Confirmed => Surety::Confirmed,
        Sure::Pending => Surety::Pending,
        Sure::Failed(_) => Surety::Failed,
    }
}

fn model<T: Clone + 'static>(rows: Vec<T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from(rows))
}

#[cfg(test)]
mod tests {
    use b24status::{
        presence::{Change, Entry, Failure, Later, Reason},
        text::{Language, time::Clock},
    };
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::timeline::Known;

    const NOW: &str = "2026-11-21T16:00:00Z";

    #[test]
    fn every_piece_says_from_when_to_when_what_and_why() {
        assert_eq!(
            sentences(Language::English, Scope::Day, Some(date(2026, 11, 20))),
            [
                "9:00–14:02 Online · first look at the portal",
                "14:02–14:40 Away · idle: screen locked · chosen by hand",
                "14:40–18:00 Away · chosen by hand",
                "18:00–0:00 The app was not running",
            ]
        );
        assert_eq!(
            sentences(Language::Russian, Scope::Day, None),
            [
                "0:00–9:00 Программа не работала".to_owned(),
                "9:00–10:00 Отошёл · выбрано вручную".to_owned(),
                format!("с 10:00: Отошёл · выбрано вручную · {}", Texts::new(Language::Russian).failure(&unreachable())),
            ]
            .map(|sentence| sentence.replace("Отошёл", &Texts::new(Language::Russian).status(Status::Away)))
        );
    }

    #[test]
    fn a_week_is_seven_days_and_the_last_of_them_today() {
        let said = sentences(Language::English, Scope::Week, None);
        assert_eq!(said.len(), 7);
        assert_eq!(said[0], "Friday, 20 November: 9:00–14:02 Online · first look at the portal");
        shown(Language::English, Scope::Week, None, |picture| {
            assert_eq!(picture.period, "15 November – 21 November");
            assert_eq!(picture.bands.len(), 7);
            assert_eq!(picture.bands.iter().map(|band| band.first).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 4]);
            assert_eq!(picture.bands[6].name, "Sat 21");
            assert_eq!((picture.has_earlier, picture.has_later), (false, false));
            assert!((picture.bands[6].now - 16.0 / 24.0).abs() < 1e-6 && picture.bands[5].now < 0.0);
        });
    }

    #[test]
    fn a_day_has_its_marks_and_the_way_to_its_neighbours() {
        shown(Language::English, Scope::Day, None, |picture| {
            assert_eq!(picture.period, "Saturday, 21 November");
            assert_eq!((picture.has_earlier, picture.has_later), (true, false));
            let marks = picture.bands[0].marks.iter().map(|mark| mark.text.to_string()).collect::<Vec<_>>();
            assert_eq!(marks, ["0:00", "3:00", "6:00", "9:00", "12:00", "15:00", "18:00", "21:00"]);
        });
        shown(Language::English, Scope::Day, Some(date(2026, 11, 20)), |picture| {
            assert_eq!((picture.has_earlier, picture.has_later), (false, true));
        });
    }

    #[test]
    fn what_is_pointed_at_is_the_nearest_piece() {
        shown(Language::English, Scope::Day, Some(date(2026, 11, 20)), |picture| {
            let at = |hour: f32| piece_at(&picture.bands[0], hour / 24.0);
            assert_eq!([at(0.0), at(9.5), at(14.3), at(24.0)], [Some(0), Some(0), Some(1), Some(3)]);
        });
        assert_eq!(piece_at(&Band::default(), 0.5), None);
    }

    fn sentences(language: Language, scope: Scope, last: Option<Date>) -> Vec<String> {
        let mut said = Vec::new();
        shown(language, scope, last, |picture| {
            said.extend(picture.bands.iter().flat_map(|band| band.pieces.iter()).map(|piece| piece.sentence.to_string()));
        });
        said
    }

    fn shown(language: Language, scope: Scope, last: Option<Date>, look: impl FnOnce(Picture)) {
        let account = AccountId::new("7@acme.bitrix24.com");
        let timeline = Timeline::new(&entries(&account), &[Known { account, held: None }], instant(NOW));
        let sight = Sight {
            texts: &Texts::new(language),
            times: &Times::new(Clock::Hours24, TimeZone::UTC),
            zone: &TimeZone::UTC,
            now: instant(NOW),
            timeline: &timeline,
            oldest: Some(instant("2026-11-20T09:00:00Z")),
            name: &AccountId::to_string,
        };
        look(sight.picture(scope, last, 0));
    }

    fn entries(account: &AccountId) -> Vec<Entry> {
        let idle = Cause::Absence(Reason::Locked);
        let ours = |at: &str, what, because| Entry { at: instant(at), account: Some(account.clone()), what, because };
        let person = |at: &str, what, because| Entry { at: instant(at), account: None, what, because };
        vec![
            ours("2026-11-20T09:00:00Z", Change::Adopted { held: Held::NeverSet }, Cause::FirstRead),
            person("2026-11-20T14:02:00Z", Change::Chosen { status: Status::Away, end: None }, Cause::ByHand),
            ours("2026-11-20T14:02:00Z", Change::Confirmed { status: Status::Away }, Cause::Choice),
            ours("2026-11-20T14:02:00Z", Change::MarkedIdle { minutes_ago: 1 }, idle),
            ours("2026-11-20T14:40:00Z", Change::UnmarkedIdle, Cause::Unlocked),
            person("2026-11-20T18:00:00Z", Change::Ended, Cause::Quit),
            person("2026-11-21T09:00:00Z", Change::Started, Cause::Launch),
            ours("2026-11-21T10:00:00Z", Change::Failed(unreachable()), Cause::Portal),
        ]
    }

    fn unreachable() -> Failure {
        Failure::Later(Later::Unreachable)
    }

    fn instant(text: &str) -> SystemTime {
        text.parse::<Timestamp>().unwrap().into()
    }
}
