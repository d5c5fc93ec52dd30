//! The page of the accounts: what the app reports of each, in words and shapes, and what is done with it.

use std::rc::Rc;

use b24status::{
    control::{
        AccountReport,
        window::{AccountSettings, Change, Fault, Overview, Wanted},
    },
    presence::Status,
    text::Texts,
    words::{failure_from_words, held_from_word},
};
use slint::{ComponentHandle, Model, ModelRc, SharedString, VecModel};

use crate::{
    desk::Desk,
    pages::{AccountRow, Accounts, Badge, Look, MainWindow},
    settings, sign_in,
};

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) {
    let accounts = window.global::<Accounts<'_>>();
    let act = |desk: &Rc<Desk>| {
        let desk = Rc::clone(desk);
        move |account: SharedString, wanted: Wanted| {
            let order = Rc::clone(&desk);
            desk.begin(async move { order_for(&order, account, wanted).await });
        }
    };
    let order = act(desk);
    accounts.on_recheck(move |account| order(account.clone(), Wanted::Recheck { account: account.into() }));
    let order = act(desk);
    accounts.on_remove(move |account| order(account.clone(), Wanted::Remove { account: account.into() }));
    let order = act(desk);
    accounts.on_unlock_keyring(move |account| order(account, Wanted::UnlockKeyring));
    let order = act(desk);
    accounts.on_mark_idle(move |account, marks| {
        order(account.clone(), Wanted::Change(Change::AccountMarksIdle { account: account.into(), marks }));
    });
    let order = act(desk);
    accounts.on_ca_file(move |account, file| {
        let ca_file = Some(file.trim().to_owned()).filter(|file| !file.is_empty());
        order(account.clone(), Wanted::Change(Change::AccountCaFile { account: account.into(), ca_file }));
    });
    let of_desk = Rc::clone(desk);
    accounts.on_add(move || start_over(&of_desk, None));
    let of_desk = Rc::clone(desk);
    accounts.on_sign_in_again(move |account| start_over(&of_desk, Some(&account)));
}

pub(crate) fn show(window: &MainWindow, desk: &Desk, overview: &Overview) {
    let accounts = window.global::<Accounts<'_>>();
    let rows: Vec<AccountRow> =
        desk.speech.with(|texts| overview.status.accounts.iter().map(|account| row(account, overview, texts)).collect());
    replace(&accounts.get_rows(), rows, |model| accounts.set_rows(model));
}

async fn order_for(desk: &Rc<Desk>, account: SharedString, wanted: Wanted) {
    desk.with(|window| {
        let accounts = window.global::<Accounts<'_>>();
        accounts.set_fault(SharedString::new());
        accounts.set_busy(account.clone());
    });
    let told = desk.ask(wanted).await;
    desk.with(|window| {
        let accounts = window.global::<Accounts<'_>>();
        if accounts.get_busy() == account {
            accounts.set_busy(SharedString::new());
        }
        if let Err(Fault { sentence, remedy: _ }) = told {
            accounts.set_fault_at(account);
            accounts.set_fault(sentence.into());
        }
    });
}

fn start_over(desk: &Rc<Desk>, account: Option<&str>) {
    let Some(overview) = desk.overview() else { return };
    let portal =
        account.and_then(|id| overview.status.accounts.iter().find(|account| account.id == id)).map(|account| account.portal.clone());
    desk.with(|window| sign_in::begin_with(window, &overview, portal.as_deref()));
}

/// The rows that stay keep what is being typed in them.
fn replace(model: &ModelRc<AccountRow>, rows: Vec<AccountRow>, set: impl FnOnce(ModelRc<AccountRow>)) {
    let same = model.row_count() == rows.len() && model.iter().zip(&rows).all(|(before, now)| before.id == now.id);
    if !same {
        return set(ModelRc::new(VecModel::from(rows)));
    }
    for (index, row) in rows.into_iter().enumerate() {
        if model.row_data(index).as_ref() != Some(&row) {
            model.set_row_data(index, row);
        }
    }
}

fn row(account: &AccountReport, overview: &Overview, texts: &Texts) -> AccountRow {
    let settings = overview.settings.accounts.iter().find(|settings| settings.id == account.id);
    let trouble = trouble(account, texts);
    AccountRow {
        id: account.id.as_str().into(),
        name: account.name.as_str().into(),
        portal: account.portal.as_str().into(),
        look: look(account),
        hollow: !account.confirmed,
        badge: badge(account),
        status: status(account, texts).into(),
        connection: if trouble.is_empty() { texts.say("home-connected").into() } else { SharedString::new() },
        trouble: trouble.into(),
        marks_idle: settings.is_none_or(|settings| settings.marks_idle),
        idle_locked: settings::is_fixed(&overview.settings.fixed, "accounts.mark_idle"),
        webhook: settings.is_none_or(|AccountSettings { kind, .. }| kind == "webhook"),
        ca_file: settings.and_then(|settings| settings.ca_file.as_deref()).unwrap_or_default().into(),
        needs_ca_file: account.failure.as_deref() == Some("untrusted_certificate"),
        keyring_locked: account.connection == "keyring_locked",
    }
}

fn look(account: &AccountReport) -> Look {
    let Some(word) = &account.status else { return if account.confirmed { Look::Online } else { Look::Unknown } };
    match Status::from_word(word) {
        Some(Status::Online) => Look::Online,
        Some(Status::Dnd) => Look::Dnd,
        Some(Status::Away) => Look::Away,
        Some(Status::Break) => Look::Break,
        None => Look::Unknown,
    }
}

fn badge(account: &AccountReport) -> Badge {
    match account.connection.as_str() {
        "offline" => Badge::Offline,
        "keyring_locked" => Badge::Keyring,
        "signed_out" | "blocked" => Badge::Attention,
        _ if account.idle => Badge::Idle,
        _ => Badge::None,
    }
}

fn status(account: &AccountReport, texts: &Texts) -> String {
    if account.status.is_none() && !account.confirmed {
        return texts.say("status-unknown");
    }
    let held = texts.held(&held_from_word(account.status.clone()));
    let about = |key: &str| texts.say_with(key, &[("status", held.clone().into())]);
    match (account.confirmed, account.connection.as_str()) {
        (true, _) if account.idle => about("status-idle"),
        (true, _) => held,
        (false, "ok") => about("status-pending"),
        (false, _) => about("status-last-known"),
    }
}

/// What the portal answered, else what is known of the connection.
fn trouble(account: &AccountReport, texts: &Texts) -> String {
    let failure = account.failure.as_deref().and_then(|word| failure_from_words(word, account.detail.as_deref()));
    if let Some(failure) = failure {
        return texts.failure(&failure);
    }
    match account.connection.as_str() {
        "offline" => texts.say("trouble-offline"),
        "keyring_locked" => texts.say("home-keyring-locked"),
        "signed_out" => texts.say("home-signed-out"),
        "blocked" => texts.say("trouble-blocked"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use b24status::text::Language;

    use super::*;

    #[test]
    fn a_status_that_nobody_confirmed_is_not_said_as_confirmed() {
        let texts = Texts::new(Language::English);
        assert_eq!(status(&account(), &texts), "Do not disturb");
        assert_eq!(status(&AccountReport { confirmed: false, ..account() }, &texts), "Do not disturb · waiting for the portal");
        let offline = AccountReport { confirmed: false, connection: "offline".to_owned(), ..account() };
        assert!(status(&offline, &texts).starts_with("Do not disturb · "));
        assert_ne!(status(&offline, &texts), "Do not disturb · waiting for the portal");
        assert_eq!(badge(&offline), Badge::Offline);
    }

    #[test]
    fn a_refusal_is_said_with_what_the_portal_named() {
        let texts = Texts::new(Language::English);
        let moved = AccountReport { failure: Some("moved".to_owned()), detail: Some("new.example.com".to_owned()), ..account() };
        assert!(trouble(&moved, &texts).contains("new.example.com"));
        assert_eq!(trouble(&account(), &texts), "");
    }

    fn account() -> AccountReport {
        AccountReport {
            id: "7@acme.bitrix24.com".to_owned(),
            name: "Ivan Petrov".to_owned(),
            portal: "acme.bitrix24.com".to_owned(),
            status: Some("dnd".to_owned()),
            confirmed: true,
            idle: false,
            connection: "ok".to_owned(),
            failure: None,
            detail: None,
        }
    }
}
