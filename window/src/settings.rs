//! The page of the settings: each change goes to the app at once, and one that it refuses goes back to what holds.

use std::{rc::Rc, time::Duration};

use b24status::{
    control::window::{AutostartReport, Change, Fault, Overview, SettingsReport},
    presence::Status,
    text::time::parse_duration,
    words::StatusWord,
};
use slint::{ComponentHandle, ModelRc, SharedString, VecModel};

use crate::{
    desk::Desk,
    pages::{Duration as Offered, MainWindow, Settings},
};

/// What a menu can offer, in minutes: up to a day.
const LONGEST: u64 = 24 * 60;

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) {
    let settings = window.global::<Settings<'_>>();
    let change = |key: &'static str| {
        let desk = Rc::clone(desk);
        move |change: Change| {
            let of_change = Rc::clone(&desk);
            desk.begin(async move { carry_out(&of_change, key, change).await });
        }
    };
    let of_desk = Rc::clone(desk);
    settings.on_is_fixed(move |key, _revision| of_desk.overview().is_some_and(|overview| is_fixed(&overview.settings.fixed, &key)));
    let to = change("mark_idle");
    settings.on_change_mark_idle(move |on| to(Change::MarkIdle(on)));
    let to = change("on_lock");
    settings.on_change_on_lock(move |on| to(Change::MarkOnLock(on)));
    let to = change("respect_inhibitors");
    settings.on_change_respect_inhibitors(move |on| to(Change::RespectInhibitors(on)));
    let to = change("autostart");
    settings.on_change_autostart(move |on| to(Change::Autostart(on)));
    let to = change("language");
    settings.on_change_language(move |tag| to(Change::Language(Some(tag.to_string()).filter(|tag| !tag.is_empty()))));
    let to = change("idle_minutes");
    settings.on_change_idle_minutes(move |minutes| to(Change::IdleMinutes(u32::try_from(minutes).unwrap_or_default())));
    let to = change("oauth_port");
    settings.on_change_oauth_port(move |port| to(Change::OauthPort(u16::try_from(port).unwrap_or_default())));
    let (to, of_desk) = (change("over"), Rc::clone(desk));
    settings.on_change_over(move |word, on| {
        if let Some(overview) = of_desk.overview() {
            to(Change::Over(over(&overview.settings.over, &word, on)));
        }
    });
    let (to, of_desk) = (change("durations"), Rc::clone(desk));
    settings.on_remove_duration(move |minutes| {
        if let Some(overview) = of_desk.overview() {
            to(Change::Durations(
                overview.settings.durations.iter().copied().filter(|offered| i64::from(*offered) != i64::from(minutes)).collect(),
            ));
        }
    });
    let (to, of_desk) = (change("durations"), Rc::clone(desk));
    settings.on_add_duration(move |typed| add_duration(&of_desk, &typed, &to));
    let of_desk = Rc::clone(desk);
    settings.on_refuse_number(move |key| {
        let sentence = of_desk.speech.say(if key == "oauth_port" { "settings-port-range" } else { "settings-minutes-range" });
        of_desk.with(|window| refuse(window, &key, &sentence));
    });
}

pub(crate) fn show(window: &MainWindow, desk: &Desk, overview: &Overview) {
    let settings = window.global::<Settings<'_>>();
    let SettingsReport { mark_idle, idle_minutes, over, mark_on_lock, respect_inhibitors, durations, language, oauth_port, .. } =
        &overview.settings;
    settings.set_mark_idle(*mark_idle);
    settings.set_idle_minutes(i32::try_from(*idle_minutes).unwrap_or(i32::MAX));
    let is_over = |status: Status| over.contains(&StatusWord(status));
    settings.set_over_online(is_over(Status::Online));
    settings.set_over_dnd(is_over(Status::Dnd));
    settings.set_over_away(is_over(Status::Away));
    settings.set_over_break(is_over(Status::Break));
    settings.set_on_lock(*mark_on_lock);
    settings.set_respect_inhibitors(*respect_inhibitors);
    settings.set_language(language.as_deref().unwrap_or_default().into());
    settings.set_oauth_port((*oauth_port).into());
    settings.set_autostart(overview.autostart == AutostartReport::On);
    settings.set_autostart_possible(overview.autostart != AutostartReport::Unavailable);
    settings.set_file(overview.settings_file.as_deref().unwrap_or_default().into());
    let problems: Vec<SharedString> = overview.problems.iter().map(SharedString::from).collect();
    settings.set_problems(ModelRc::new(VecModel::from(problems)));
    let offered: Vec<Offered> = desk.speech.with(|texts| {
        let text = |minutes: u32| texts.duration(Duration::from_secs(u64::from(minutes) * 60)).into();
        durations.iter().map(|minutes| Offered { minutes: i32::try_from(*minutes).unwrap_or(i32::MAX), text: text(*minutes) }).collect()
    });
    settings.set_durations(ModelRc::new(VecModel::from(offered)));
    settings.set_revision(settings.get_revision() + 1);
}

/// Whether the administrator has fixed this key. Keys of sections may be named with or without their section.
pub(crate) fn is_fixed(fixed: &[String], key: &str) -> bool {
    fixed.iter().any(|fixed| fixed == key || (!fixed.starts_with("accounts") && fixed.rsplit('.').next() == Some(key)))
}

async fn carry_out(desk: &Rc<Desk>, key: &str, change: Change) {
    desk.with(|window| window.global::<Settings<'_>>().set_fault(SharedString::new()));
    if let Err(Fault { sentence, remedy: _ }) = desk.change(change).await {
        desk.with(|window| {
            if let Some(overview) = desk.overview() {
                show(window, desk, &overview);
            }
            refuse(window, key, &sentence);
        });
    }
}

fn refuse(window: &MainWindow, key: &str, sentence: &str) {
    let settings = window.global::<Settings<'_>>();
    settings.set_fault_at(key.into());
    settings.set_fault(sentence.into());
}

/// What was typed stays where it was not understood.
fn add_duration(desk: &Rc<Desk>, typed: &str, to: &impl Fn(Change)) {
    let Some(overview) = desk.overview() else { return };
    match minutes(typed) {
        Some(minutes) => {
            desk.with(|window| window.global::<Settings<'_>>().set_duration_typed(SharedString::new()));
            to(Change::Durations(with(&overview.settings.durations, minutes)));
        }
        None => desk.with(|window| refuse(window, "durations", &desk.speech.say("settings-duration-wrong"))),
    }
}

/// `45`, `45m`, `1h30m`.
fn minutes(typed: &str) -> Option<u32> {
    let typed = typed.trim();
    let plain = typed.parse::<u64>().ok();
    let minutes = plain.or_else(|| Some(parse_duration(typed).ok()?.as_secs() / 60))?;
    u32::try_from(minutes).ok().filter(|minutes| (1..=LONGEST).contains(&u64::from(*minutes)))
}

fn with(durations: &[u32], minutes: u32) -> Vec<u32> {
    let mut durations: Vec<u32> = durations.iter().copied().chain([minutes]).collect();
    durations.sort_unstable();
    durations.dedup();
    durations
}

fn over(before: &[StatusWord], word: &str, on: bool) -> Vec<StatusWord> {
    let ticked = |status: Status| if status.word() == word { on } else { before.contains(&StatusWord(status)) };
    Status::ALL.into_iter().filter(|status| ticked(*status)).map(StatusWord).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_typed_in_minutes_or_with_units() {
        assert_eq!(minutes(" 45 "), Some(45));
        assert_eq!(minutes("1h30m"), Some(90));
        for wrong in ["", "0", "-5", "soon", "25h", "99999999999999999999"] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_duration_takes_its_place_once() {
        assert_eq!(with(&[30, 60, 120], 45), [30, 45, 60, 120]);
        assert_eq!(with(&[30, 60], 60), [30, 60]);
    }

    #[test]
    fn a_tick_changes_its_own_status_alone() {
        let before = [StatusWord(Status::Online), StatusWord(Status::Away)];
        assert_eq!(over(&before, "dnd", true), [Status::Online, Status::Dnd, Status::Away].map(StatusWord));
        assert_eq!(over(&before, "online", false), [StatusWord(Status::Away)]);
    }

    #[test]
    fn a_key_that_is_fixed_for_an_account_does_not_lock_the_setting_of_the_same_name() {
        let fixed = |keys: &[&str], key| is_fixed(&keys.iter().map(|&key| key.to_owned()).collect::<Vec<_>>(), key);
        assert!(fixed(&["automation.mark_idle"], "mark_idle"));
        assert!(fixed(&["language"], "language"));
        assert!(!fixed(&["accounts.mark_idle"], "mark_idle"));
        assert!(fixed(&["accounts.mark_idle"], "accounts.mark_idle"));
    }
}
