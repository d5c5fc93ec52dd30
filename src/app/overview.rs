//! What the window shows of the app, derived from the same facts as the picture of the tray.

use super::{
    engine::Engine,
    picture::{self, Surroundings, Wording},
};
use crate::{
    control::window::{AccountSettings, AutostartReport, Overview, SettingsReport, Summons},
    loopback,
    presence::{IdleUse, Marking, OnLock},
    settings::{AccountEntry, Inhibitors, Machine, Settings},
    text::Language,
    tray,
    words::StatusWord,
};

pub(super) fn overview(engine: &Engine, surroundings: &Surroundings, wording: &Wording, revision: u64, summons: Summons) -> Overview {
    let Engine { presence, accounts, disk, .. } = engine;
    Overview {
        revision,
        summons,
        status: picture::report(presence, accounts, surroundings),
        settings: settings_report(disk.settings(), disk.machine()),
        autostart: match surroundings.autostart() {
            tray::Autostart::On => AutostartReport::On,
            tray::Autostart::Off => AutostartReport::Off,
            tray::Autostart::Unavailable => AutostartReport::Unavailable,
        },
        problems: disk.problem_sentences(&wording.texts),
        settings_file: disk.settings_file().path().map(|path| path.display().to_string()),
        journal: disk.journal_revision(),
    }
}

fn settings_report(settings: &Settings, machine: &Machine) -> SettingsReport {
    let automation = &settings.automation;
    SettingsReport {
        mark_idle: automation.marking == Marking::On,
        idle_minutes: u32::try_from(automation.idle_after.as_secs() / 60).unwrap_or(u32::MAX),
        over: automation.over.iter().copied().map(StatusWord).collect(),
        mark_on_lock: automation.on_lock == OnLock::Mark,
        respect_inhibitors: settings.inhibitors == Inhibitors::Respected,
        durations: settings.durations.minutes().iter().copied().map(u32::from).collect(),
        language: settings.language.map(Language::tag).map(str::to_owned),
        oauth_port: settings.oauth_port.unwrap_or(loopback::PORT),
        accounts: settings.accounts.iter().map(account_settings).collect(),
        fixed: machine.fixed.iter().map(|key| key.name().to_owned()).collect(),
    }
}

fn account_settings(entry: &AccountEntry) -> AccountSettings {
    AccountSettings {
        id: entry.id.to_string(),
        marks_idle: entry.idle == IdleUse::Marked,
        kind: entry.kind.word().to_owned(),
        ca_file: entry.ca_file.as_ref().map(|path| path.display().to_string()),
    }
}
