//! The page of the journal. It asks the app when it is opened, and while it is open whenever the app says that there is more.

mod entries;
mod picture;
mod stripes;

use std::{cell::RefCell, rc::Rc, time::SystemTime};

use b24status::{
    control::{
        AccountReport, Request, Response, StatusReport,
        window::{Fault, Overview, Wanted},
    },
    presence::{AccountId, Entry},
    text::{Language, Texts, time::Times},
    words::held_from_word,
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use slint::{ComponentHandle, ModelRc, SharedString, VecModel};

use crate::{
    desk::Desk,
    front,
    pages::{Band, Frame, Journal, Kind, MainWindow, PageName, Scope},
    talk::Trouble,
    timeline::{Known, Timeline, day_of},
};

use entries::Said;
use picture::Picture;

/// The app keeps fewer.
const ENTRIES_AT_MOST: usize = 100_000;

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) {
    let page = Rc::new(Page { desk: Rc::clone(desk), state: RefCell::new(State::new()) });
    let port = window.global::<Journal<'_>>();
    port.set_slants(stripes::slants());
    port.set_levels(stripes::levels());
    let it = || Rc::clone(&page);
    port.on_open({
        let it = it();
        move || it.load()
    });
    port.on_told({
        let it = it();
        move || it.told()
    });
    port.on_look({
        let it = it();
        move |scope| it.change(|state| (state.scope, state.last) = (scope, None))
    });
    port.on_step({
        let it = it();
        move |by| it.change(|state| state.step(by))
    });
    port.on_choose_account({
        let it = it();
        move |account| it.change(|state| state.account = usize::try_from(account).unwrap_or(0))
    });
    port.on_filter({
        let it = it();
        move |search, kind| it.filter(&search, kind)
    });
    port.on_copy({
        let it = it();
        move || it.copy()
    });
    port.on_clear({
        let it = it();
        move || it.clear()
    });
    port.on_piece_at(move |band, at| page.state.borrow().piece_at(band, at));
}

/// The page hears of it by itself, because only it knows what it shows.
pub(crate) fn show(window: &MainWindow, _desk: &Desk, _overview: &Overview) {
    window.global::<Journal<'_>>().invoke_told();
}

struct Page {
    desk: Rc<Desk>,
    state: RefCell<State>,
}

struct State {
    zone: TimeZone,
    now: SystemTime,
    entries: Vec<Entry>,
    accounts: Vec<Account>,
    timeline: Timeline,
    said: Vec<Said>,
    bands: Vec<Band>,
    scope: Scope,
    /// The last day that is shown; `None`: today, whichever that is.
    last: Option<Date>,
    account: usize,
    kind: Kind,
    search: String,
    /// In which it was said.
    language: Option<Language>,
    /// The journal's revision that was told last.
    revision: Option<u64>,
    /// Of several questions under way the last one counts.
    questions: u64,
}

#[derive(PartialEq)]
struct Account {
    known: Known,
    person: String,
    portal: String,
}

impl Page {
    fn told(self: &Rc<Self>) {
        let Some(overview) = self.desk.overview() else { return };
        let accounts = accounts(&overview.status);
        let language = Some(self.desk.speech.with(Texts::language));
        let is_new = {
            let state = self.state.borrow();
            state.accounts != accounts || state.language != language
        };
        if is_new {
            self.state.borrow_mut().accounts = accounts;
            self.tell();
        }
        let before = self.state.borrow_mut().revision.replace(overview.journal);
        if before != Some(overview.journal) && self.desk.with(|window| window.global::<Frame<'_>>().get_page() == PageName::Journal) {
            self.load();
        }
    }

    fn load(self: &Rc<Self>) {
        let page = Rc::clone(self);
        self.desk.begin(async move {
            let question = page.state.borrow_mut().next_question();
            let response = page.desk.talk.ask(Request::Why { limit: ENTRIES_AT_MOST }).await;
            if question == page.state.borrow().questions {
                page.take(response);
            }
        });
    }

    fn take(&self, response: Result<Response, Trouble>) {
        match response {
            Ok(Response::Why(lines)) => {
                // A running app of a newer version may tell what we have no words for.
                let entries = lines.into_iter().filter_map(|line| line.try_into().ok()).collect();
                self.state.borrow_mut().take(entries, SystemTime::now(), TimeZone::system());
                self.fault(None);
                self.tell();
            }
            Ok(Response::Done | Response::Status(_) | Response::Doctor(_) | Response::Window(_) | Response::Refused(_)) => {
                self.fault(Some(&self.desk.fault(&Trouble::Odd { reason: "why".to_owned() })));
            }
            Err(trouble) => self.fault(Some(&self.desk.fault(&trouble))),
        }
    }

    fn clear(self: &Rc<Self>) {
        let page = Rc::clone(self);
        self.desk.begin(async move {
            match page.desk.ask(Wanted::ClearJournal).await {
                Ok(_done) => page.load(),
                Err(fault) => page.fault(Some(&fault)),
            }
        });
    }

    fn copy(&self) {
        front::put_on_clipboard(&self.desk.speech.with(|texts| self.state.borrow().text(texts)));
        self.desk.with(|window| window.global::<Journal<'_>>().set_copied(true));
    }

    fn filter(&self, search: &str, kind: Kind) {
        {
            let mut state = self.state.borrow_mut();
            (state.search, state.kind) = (search.to_lowercase(), kind);
        }
        self.list();
    }

    /// Says everything anew.
    fn tell(&self) {
        self.change(|state| self.desk.speech.with(|texts| state.tell(texts, &self.desk.speech.times)));
        self.list();
    }

    /// Changes what the picture shows, and shows it.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let picture = {
            let mut state = self.state.borrow_mut();
            change(&mut state);
            let picture = self.desk.speech.with(|texts| state.picture(texts, &self.desk.speech.times));
            state.bands.clone_from(&picture.bands);
            picture
        };
        let state = self.state.borrow();
        self.desk.with(|window| {
            let port = window.global::<Journal<'_>>();
            port.set_scope(state.scope);
            port.set_account(i32::try_from(picture.account).unwrap_or(0));
            port.set_accounts(model(picture.accounts.into_iter().map(SharedString::from).collect()));
            port.set_period(picture.period.into());
            port.set_has_earlier(picture.has_earlier);
            port.set_has_later(picture.has_later);
            port.set_marks(picture.bands.last().map(|band| band.marks.clone()).unwrap_or_default());
            port.set_bands(model(picture.bands));
            port.set_is_empty(state.entries.is_empty());
        });
    }

    fn list(&self) {
        let state = self.state.borrow();
        let count = match state.entries.len() {
            0 => self.desk.speech.say("journal-page-empty"),
            _ => self.desk.speech.with(|texts| texts.say_with("journal-page-count", &[("count", state.shown().count().into())])),
        };
        self.desk.with(|window| {
            let port = window.global::<Journal<'_>>();
            port.set_kind(state.kind);
            port.set_count(count.into());
            port.set_lines(model(entries::lines(state.shown())));
            port.set_copied(false);
        });
    }

    fn fault(&self, fault: Option<&Fault>) {
        let sentence = fault.map(|fault| fault.sentence.as_str()).unwrap_or_default();
        self.desk.with(|window| window.global::<Journal<'_>>().set_fault(sentence.into()));
    }
}

impl State {
    fn new() -> Self {
        Self {
            zone: TimeZone::system(),
            now: SystemTime::now(),
            entries: Vec::new(),
            accounts: Vec::new(),
            timeline: Timeline::default(),
            said: Vec::new(),
            bands: Vec::new(),
            scope: Scope::Day,
            last: None,
            account: 0,
            kind: Kind::All,
            search: String::new(),
            language: None,
            revision: None,
            questions: 0,
        }
    }

    fn next_question(&mut self) -> u64 {
        self.questions += 1;
        self.questions
    }

    fn take(&mut self, entries: Vec<Entry>, now: SystemTime, zone: TimeZone) {
        (self.entries, self.now, self.zone) = (entries, now, zone);
    }

    fn tell(&mut self, texts: &Texts, times: &Times) {
        let known = self.accounts.iter().map(|account| account.known.clone()).collect::<Vec<_>>();
        self.timeline = Timeline::new(&self.entries, &known, self.now);
        let several = self.timeline.accounts().count() > 1;
        let name = |account: &AccountId| several.then(|| self.short_name(account));
        self.said = entries::said(&self.entries, texts, times, &self.zone, &name);
        self.language = Some(texts.language());
    }

    fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.known.account == *id)
    }

    fn name(&self, id: &AccountId) -> String {
        self.account(id).map_or_else(|| id.to_string(), |account| format!("{} · {}", account.person, account.portal))
    }

    /// The portal, where nobody has two accounts.
    fn short_name(&self, id: &AccountId) -> String {
        let portal = self.account(id).map(|account| &account.portal);
        let alone = portal.filter(|portal| self.accounts.iter().filter(|account| account.portal == **portal).count() == 1);
        alone.cloned().unwrap_or_else(|| self.name(id))
    }

    fn picture(&self, texts: &Texts, times: &Times) -> Picture {
        picture::Sight {
            texts,
            times,
            zone: &self.zone,
            now: self.now,
            timeline: &self.timeline,
            oldest: self.entries.iter().map(|entry| entry.at).min(),
            name: &|account| self.name(account),
        }
        .picture(self.scope, self.last, self.account)
    }

    fn step(&mut self, by: i32) {
        let today = day_of(self.now, &self.zone);
        let days = match self.scope {
            Scope::Day => 1,
            Scope::Week => 7,
        };
        let last = self.last.unwrap_or(today).saturating_add((by * days).days());
        self.last = Some(last).filter(|last| *last < today);
    }

    fn shown(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(|said| said.is_of(self.kind) && said.holds(&self.search))
    }

    fn text(&self, texts: &Texts) -> String {
        entries::text(self.shown(), texts)
    }

    fn piece_at(&self, band: i32, at: f32) -> i32 {
        let band = usize::try_from(band).ok().and_then(|band| self.bands.get(band));
        band.and_then(|band| picture::piece_at(band, at)).and_then(|piece| i32::try_from(piece).ok()).unwrap_or(-1)
    }
}

fn accounts(status: &StatusReport) -> Vec<Account> {
    status.accounts.iter().map(Account::from).collect()
}

impl From<&AccountReport> for Account {
    fn from(report: &AccountReport) -> Self {
        let held = report.status.clone().filter(|_| report.confirmed).map(|word| held_from_word(Some(word)));
        let known = Known { account: AccountId::new(&report.id), held };
        Self { known, person: report.name.clone(), portal: report.portal.clone() }
    }
}

fn model<T: Clone + 'static>(rows: Vec<T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from(rows))
}
