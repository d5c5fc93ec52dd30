//! The journal in words: what changed and because of what.

use std::time::SystemTime;

use fluent_bundle::FluentValue;

use super::{Texts, time::Times};
use crate::presence::{Cause, Change, Entry, Held, Reason, Status};

impl Texts {
    /// One line without its time: "Do not disturb until 15:00 · chosen by hand".
    pub fn entry(&self, entry: &Entry, times: &Times, now: SystemTime) -> String {
        let what = self.change(&entry.what, times, now);
        // "The app was quit · the app was quit".
        let because = if entry.what == Change::Ended { None } else { self.cause(entry.because) };
        match because {
            Some(because) => self.say_with("journal-because", &[("what", what.into()), ("because", because.into())]),
            None => what,
        }
    }

    /// As Bitrix24 calls it.
    pub fn status(&self, status: Status) -> String {
        self.say(match status {
            Status::Online => "status-online",
            Status::Dnd => "status-dnd",
            Status::Away => "status-away",
            Status::Break => "status-break",
        })
    }

    /// What a portal holds; a word that we do not know as it is.
    pub fn held(&self, held: &Held) -> String {
        match held {
            Held::Status(status) => self.status(*status),
            Held::NeverSet => self.status(Status::Online),
            Held::Unfamiliar(word) => self.say_with("status-unfamiliar", &[("word", word.as_str().into())]),
        }
    }

    pub fn reason(&self, reason: Reason) -> String {
        self.say(match reason {
            Reason::NoInput => "reason-input",
            Reason::Locked => "reason-locked",
            Reason::Asleep => "reason-asleep",
        })
    }

    fn change(&self, change: &Change, times: &Times, now: SystemTime) -> String {
        let status = |status: String| ("status", FluentValue::from(status));
        match change {
            Change::Chosen { status: chosen, end: None } => self.status(*chosen),
            Change::Chosen { status: chosen, end: Some(end) } => {
                let time = times.moment(self, *end, now);
                self.say_with("journal-chosen-until", &[status(self.status(*chosen)), ("time", time.into())])
            }
            Change::Adopted { held } => self.say_with("journal-adopted", &[status(self.held(held))]),
            Change::Confirmed { status: confirmed } => self.say_with("journal-confirmed", &[status(self.status(*confirmed))]),
            Change::WentAbsent(_) => self.say("journal-went-absent"),
            Change::CameBack => self.say("journal-came-back"),
            Change::MarkedIdle { minutes_ago } => self.say_with("journal-marked-idle", &[("minutes", (*minutes_ago).into())]),
            Change::UnmarkedIdle => self.say("journal-unmarked-idle"),
            Change::Failed(failure) => self.failure(failure),
            Change::Recovered => self.say("journal-recovered"),
            Change::NotSaved => self.say("journal-not-saved"),
            Change::Started => self.say("journal-started"),
            Change::Ended => self.say("journal-ended"),
        }
    }

    /// Why something is so; `None` where there is nothing to add.
    pub fn cause(&self, cause: Cause) -> Option<String> {
        let because = match cause {
            Cause::ByHand => self.say("journal-by-hand"),
            Cause::EndReached => self.say("journal-end-reached"),
            Cause::ChangedElsewhere => self.say("journal-changed-elsewhere"),
            Cause::FirstRead => self.say("journal-first-read"),
            Cause::Choice => self.say("journal-choice"),
            Cause::Absence(reason) => self.reason(reason),
            Cause::InputResumed => self.say("journal-input-resumed"),
            Cause::Unlocked => self.say("journal-unlocked"),
            Cause::LeftBehind => self.say("journal-left-behind"),
            Cause::Quit => self.say("journal-quit"),
            Cause::Launch | Cause::Portal | Cause::Storage => return None,
        };
        Some(because)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::text::{Language, time::Clock};

    #[test]
    fn an_entry_says_what_and_because_of_what() {
        let said = |what, because| {
            Texts::new(Language::English).entry(&Entry { at: moment(0), account: None, what, because }, &times(), moment(0))
        };
        assert_eq!(
            said(Change::Chosen { status: Status::Dnd, end: Some(moment(3600)) }, Cause::ByHand),
            "Do not disturb until 15:00 · chosen by hand"
        );
        assert_eq!(
            said(Change::MarkedIdle { minutes_ago: 10 }, Cause::Absence(Reason::NoInput)),
            "Marked idle on the portal, as of 10 minutes ago · keyboard and mouse not used"
        );
        assert_eq!(said(Change::CameBack, Cause::Unlocked), "You are back · screen unlocked");
    }

    /// 14:00 and so many seconds.
    fn moment(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_hours(14) + Duration::from_secs(seconds)
    }

    fn times() -> Times {
        Times::new(Clock::Hours24, TimeZone::UTC)
    }
}
