//! The menu's lines, always the same ones in the same order: a tray host renumbers an open menu when the layout changes.

use std::time::Duration;

use super::{Access, Autostart, Click, IdleSource, IdleSwitch, Item, Kind, Span, Tick, Window, words::Words};
use crate::presence::{Connection, Held, Marking, Status};

/// How many journal lines there is room for.
pub(super) const JOURNAL_SLOTS: usize = 8;

pub(super) fn items(words: &Words<'_>) -> Vec<Item> {
    let mut items: Vec<_> = words.lines().into_iter().chain(words.notice()).map(|(id, line)| Item::line(id, line)).collect();
    items.push(words.sign_in_item());
    items.push(Item::separator("separator.status"));
    items.extend(Status::ALL.map(|status| words.status_item(status)));
    items.push(words.for_a_while());
    items.push(Item::separator("separator.automation"));
    items.push(words.idle_item());
    items.push(words.autostart_item());
    items.push(Item::separator("separator.app"));
    items.push(words.unlock_item());
    items.push(words.journal());
    items.push(Item::command("settings", words.texts.say("item-settings"), Click::OpenSettings));
    items.push(Item::command("quit", words.texts.say("item-quit"), Click::Quit));
    items
}

impl Item {
    /// Hidden where there is nothing to say.
    fn line(id: String, text: Option<String>) -> Self {
        let access = if text.is_some() { Access::Disabled } else { Access::Hidden };
        Self { id, label: text.unwrap_or_default(), kind: Kind::Line, access }
    }

    fn separator(id: &str) -> Self {
        Self { id: id.to_owned(), label: String::new(), kind: Kind::Separator, access: Access::Enabled }
    }

    fn command(id: &str, label: String, click: Click) -> Self {
        Self { id: id.to_owned(), label, kind: Kind::Command(click), access: Access::Enabled }
    }
}

impl Words<'_> {
    /// Ticked if it is what every portal confirmed; a choice under way says so in its label.
    fn status_item(&self, status: Status) -> Item {
        let ticked = self.facts.agreed().and_then(Held::status) == Some(status);
        let tick = if ticked { Tick::On } else { Tick::Off };
        let kind = Kind::Radio(Click::Status(status), tick);
        Item { id: format!("status.{}", status.word()), label: self.status_label(status), kind, access: self.account_access() }
    }

    fn status_label(&self, status: Status) -> String {
        if !self.facts.somebody_signed_in() {
            return self.of_an_account(self.texts.status(status));
        }
        if self.facts.is_pending(status) {
            return self.about("status-pending", self.with_end(status, self.texts.status(status)));
        }
        if self.facts.choice.end.is_some() && self.facts.choice.status() == Some(status) {
            return self.with_end(status, self.texts.status(status));
        }
        match status {
            Status::Dnd => self.texts.say("item-dnd"),
            Status::Online | Status::Away | Status::Break => self.texts.status(status),
        }
    }

    /// The label of something that only an account can do.
    fn of_an_account(&self, label: String) -> String {
        if self.facts.somebody_signed_in() { label } else { self.texts.say_with("item-signed-out", &[("item", label.into())]) }
    }

    fn account_access(&self) -> Access {
        if self.facts.somebody_signed_in() { Access::Enabled } else { Access::Disabled }
    }

    fn for_a_while(&self) -> Item {
        let mut items = vec![Item::line("while.running".to_owned(), self.running_end())];
        let durations: Vec<_> = self.facts.durations.iter().map(|minutes| (*minutes, self.duration(*minutes))).collect();
        for status in Status::ALL {
            if status != Status::ALL[0] {
                items.push(Item::separator(&format!("separator.while.{}", status.word())));
            }
            items.extend(durations.iter().map(|(minutes, duration)| self.duration_item(status, *minutes, duration)));
            let label = self.about("item-tomorrow", self.texts.status(status));
            items.push(self.span_item(status, Span::UntilTomorrowMorning, "tomorrow", label));
        }
        Item {
            id: "while".to_owned(),
            label: self.of_an_account(self.texts.say("item-while")),
            kind: Kind::Submenu(items),
            access: self.account_access(),
        }
    }

    fn running_end(&self) -> Option<String> {
        let end = self.facts.choice.end?;
        let status = self.facts.choice.status()?;
        let time = (self.facts.time)(end.at);
        let arguments = [("status", self.texts.status(status).into()), ("time", time.into()), ("next", self.texts.status(end.then).into())];
        Some(self.texts.say_with("status-until-then", &arguments))
    }

    fn duration_item(&self, status: Status, minutes: u16, duration: &str) -> Item {
        let word = match minutes {
            30 => "half-hour",
            60 => "one-hour",
            120 => "two-hours",
            other => &format!("{other}-minutes"),
        };
        let label = self.texts.say_with("item-for", &[("status", self.texts.status(status).into()), ("duration", duration.into())]);
        self.span_item(status, Span::Minutes(minutes), word, label)
    }

    fn duration(&self, minutes: u16) -> String {
        self.texts.duration(Duration::from_mins(minutes.into()))
    }

    fn span_item(&self, status: Status, span: Span, word: &str, label: String) -> Item {
        let id = format!("while.{}.{word}", status.word());
        Item { id, label, kind: Kind::Command(Click::For(status, span)), access: self.account_access() }
    }

    fn sign_in_item(&self) -> Item {
        let wanted = self.facts.somebody_signed_out() && self.facts.window == Window::Available;
        let access = if wanted { Access::Enabled } else { Access::Hidden };
        Item { access, ..Item::command("sign-in", self.texts.say("item-sign-in"), Click::SignIn) }
    }

    fn idle_item(&self) -> Item {
        let automation = self.facts.automation;
        let (label, access) = match (self.facts.idle_source, automation.marking) {
            _ if self.facts.idle_switch == IdleSwitch::Fixed => (self.fixed(automation.marking), Access::Disabled),
            (IdleSource::None, _) => (self.texts.say("item-idle-none"), Access::Disabled),
            (IdleSource::Looking, _) => (self.texts.say("item-idle-looking"), Access::Disabled),
            (IdleSource::Using(_), Marking::Off) => (self.texts.say("item-idle"), Access::Enabled),
            (IdleSource::Using(_), Marking::On) => (self.idle_after(), Access::Enabled),
        };
        let tick = match automation.marking {
            Marking::On => Tick::On,
            Marking::Off => Tick::Off,
        };
        Item { id: "idle".to_owned(), label, kind: Kind::Check(Click::ToggleIdle, tick), access }
    }

    fn fixed(&self, marking: Marking) -> String {
        let item = match marking {
            Marking::Off => self.texts.say("item-idle"),
            Marking::On => self.idle_after(),
        };
        self.texts.say_with("item-fixed", &[("item", item.into())])
    }

    fn idle_after(&self) -> String {
        let minutes = self.facts.automation.idle_after.as_secs() / 60;
        self.texts.say_with("item-idle-after", &[("minutes", minutes.into())])
    }

    fn autostart_item(&self) -> Item {
        let (key, tick, access) = match self.facts.autostart {
            Autostart::On => ("item-autostart", Tick::On, Access::Enabled),
            Autostart::Off => ("item-autostart", Tick::Off, Access::Enabled),
            Autostart::Unavailable => ("item-autostart-unavailable", Tick::Off, Access::Disabled),
        };
        Item { id: "autostart".to_owned(), label: self.texts.say(key), kind: Kind::Check(Click::ToggleAutostart, tick), access }
    }

    fn unlock_item(&self) -> Item {
        let locked = self.facts.standings.iter().any(|account| account.standing.connection == Connection::KeyringLocked);
        let access = if locked { Access::Enabled } else { Access::Hidden };
        Item { access, ..Item::command("unlock", self.texts.say("item-unlock"), Click::UnlockKeyring) }
    }

    fn journal(&self) -> Item {
        let journal = self.facts.journal;
        let mut items = vec![Item::line("journal.empty".to_owned(), journal.is_empty().then(|| self.texts.say("journal-empty")))];
        items.extend(
            (0..JOURNAL_SLOTS).map(|slot| Item::line(format!("journal.{}", slot + 1), journal.get(slot).map(|line| shortened(line)))),
        );
        let access = if self.facts.window == Window::Available { Access::Enabled } else { Access::Hidden };
        items.push(Item { access, ..Item::command("journal.all", self.texts.say("item-journal-all"), Click::OpenJournal) });
        items.push(Item::separator("separator.journal"));
        items.push(Item::line("journal.source".to_owned(), self.idle_source()));
        items.push(Item {
            access: self.account_access(),
            ..Item::command("check", self.of_an_account(self.texts.say("item-check")), Click::CheckNow)
        });
        let label = self.texts.say("item-journal");
        Item { id: "journal".to_owned(), label, kind: Kind::Submenu(items), access: Access::Enabled }
    }

    fn idle_source(&self) -> Option<String> {
        match self.facts.idle_source {
            IdleSource::Using(source) => Some(self.texts.say_with("journal-source", &[("source", source.into())])),
            IdleSource::Looking | IdleSource::None => None,
        }
    }
}

/// Menus are as wide as their longest line.
const JOURNAL_WIDTH: usize = 90;

fn shortened(line: &str) -> String {
    match line.char_indices().nth(JOURNAL_WIDTH) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}
