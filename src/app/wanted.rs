//! What the window wants, and how each of it is answered. What takes time is an errand beside the loop.

use std::{process::ExitStatus, time::Duration};

use tokio::{sync::oneshot, time::timeout};

use super::{App, sign_in::Asker, window::tell};
use crate::{
    control::{
        Connection, Response,
        window::{Fault, Remedy, Told, Wanted},
    },
    keyring::KeyringError,
    opener,
    presence::AccountId,
    sign_in::{Kept, Problem},
};

/// Something that the window asked for has been carried out beside the loop.
pub(super) enum Deed {
    /// The account's secret is forgotten, or could not be.
    Removal {
        account: AccountId,
        forgotten: Result<(), KeyringError>,
        answer: oneshot::Sender<Response>,
    },
    /// What was tried is stored, or could not be.
    Kept {
        kept: Result<Kept, Problem>,
        asker: Asker,
    },
    Watch {
        connection: Connection,
        seen: Option<u64>,
        answer: oneshot::Sender<Response>,
    },
    /// Not asked for by it: its process is gone.
    WindowEnded(Option<ExitStatus>),
    /// There is nothing left to do but to answer.
    Answer {
        told: Told,
        answer: oneshot::Sender<Response>,
    },
}

const CHANGING_HANDS: Duration = Duration::from_millis(250);

/// A browser that did not fail by then opened.
const BROWSER_AT_MOST: Duration = Duration::from_secs(4);

impl App {
    pub(super) fn wanted(&mut self, wanted: Wanted, connection: Connection, answer: oneshot::Sender<Response>) {
        if is_for_a_sign_in(&wanted) && !self.window.is_open() {
            // It would have no end: it ends with the window.
            return drop(self.asker(answer));
        }
        let told = match wanted {
            Wanted::Watch { seen } => return self.watch(connection, seen, answer),
            Wanted::Change(change) => self.change(change),
            Wanted::Recheck { account: _ } => {
                self.check_now();
                Told::Done
            }
            Wanted::Remove { account } => return self.remove(AccountId::new(&account), answer),
            Wanted::UnlockKeyring => {
                self.engine.unlock_keyring();
                Told::Done
            }
            Wanted::Browse { address } => return self.browse(address, answer),
            Wanted::ClearJournal => self.clear_journal(),
            Wanted::Understand { text } => self.understand(&text),
            Wanted::TryWebhook { text, ca_file } => return self.try_webhook(text, ca_file, answer),
            Wanted::Authorize(wish) => return self.authorize(wish, answer),
            Wanted::AwaitBrowser => return self.await_browser(answer),
            Wanted::PasteCode { text } => return self.paste_code(text, answer),
            Wanted::Keep => return self.keep(answer),
            Wanted::Abandon => self.abandon(),
        };
        tell(answer, told);
    }

    pub(super) fn carried_out(&mut self, deed: Deed) {
        match deed {
            Deed::Removal { account, forgotten, answer } => {
                let told = self.forgotten(&account, forgotten);
                tell(answer, told);
            }
            Deed::Kept { kept, asker } => self.kept(kept, asker),
            Deed::Watch { connection, seen, answer } => self.window.watch(connection, seen, answer),
            Deed::WindowEnded(status) => self.window_ended(status),
            Deed::Answer { told, answer } => tell(answer, told),
        }
    }

    /// A window that connects anew may be quicker than the end of its old connection.
    fn watch(&mut self, connection: Connection, seen: Option<u64>, answer: oneshot::Sender<Response>) {
        match self.window.other_than(&connection) {
            None => self.window.watch(connection, seen, answer),
            Some(mut other) => drop(self.errands.spawn_local(async move {
                // It has ended by then, or is another window's.
                let _ = timeout(CHANGING_HANDS, other.ended()).await;
                Deed::Watch { connection, seen, answer }
            })),
        }
    }

    // Signing out

    /// Our mark ends while there still is a credential to do it with. A portal that does not answer keeps nobody.
    fn remove(&mut self, account: AccountId, answer: oneshot::Sender<Response>) {
        let orders = self.engine.leave(account.clone());
        self.obey(orders);
        let (left, has_left) = oneshot::channel();
        self.engine.answer_when_left(account.clone(), left);
        let secrets = self.engine.accounts.secrets().clone();
        self.errands.spawn_local(async move {
            // An answer or none: it has left.
            let _ = has_left.await;
            let forgotten = secrets.delete(&account).await;
            Deed::Removal { account, forgotten, answer }
        });
    }

    /// The secret is forgotten first: one without an account would stay in the keyring for ever. While it is there, the account goes on as before.
    fn forgotten(&mut self, account: &AccountId, forgotten: Result<(), KeyringError>) -> Told {
        let told = match forgotten {
            Ok(()) => self.settled(|settings| settings.accounts.retain(|entry| entry.id != *account)),
            Err(error) => Told::Fault(Fault { sentence: error.sentence(&self.wording.texts), remedy: keyring_remedy(&error) }),
        };
        self.adopt_accounts();
        told
    }

    // The rest

    fn browse(&mut self, address: String, answer: oneshot::Sender<Response>) {
        let say = |key| self.wording.texts.say_with(key, &[("address", address.as_str().into())]);
        let Some(page) = opener::page(&address) else { return tell(answer, Told::Fault(Fault::new(say("browse-refused")))) };
        let sentence = say("browse-failed");
        self.errands.spawn_local(async move {
            // A browser that was not running may keep the desktop's command until it is closed.
            let told = match timeout(BROWSER_AT_MOST, opener::browse(&page)).await {
                Ok(Ok(())) | Err(_) => Told::Done,
                Ok(Err(error)) => {
                    tracing::warn!(%error, "no browser opened");
                    Told::Fault(Fault::new(sentence))
                }
            };
            Deed::Answer { told, answer }
        });
    }

    fn clear_journal(&mut self) -> Told {
        match self.engine.disk.clear_journal() {
            Ok(()) => Told::Done,
            Err(error) => Told::Fault(Fault::new(error.sentence(&self.wording.texts))),
        }
    }
}

fn is_for_a_sign_in(wanted: &Wanted) -> bool {
    match wanted {
        Wanted::TryWebhook { .. } | Wanted::Authorize(_) | Wanted::AwaitBrowser | Wanted::PasteCode { .. } | Wanted::Keep => true,
        Wanted::Watch { .. }
        | Wanted::Change(_)
        | Wanted::Understand { .. }
        | Wanted::Abandon
        | Wanted::Recheck { .. }
        | Wanted::Remove { .. }
        | Wanted::UnlockKeyring
        | Wanted::Browse { .. }
        | Wanted::ClearJournal => false,
    }
}

pub(super) fn keyring_remedy(error: &KeyringError) -> Option<Remedy> {
    match error {
        KeyringError::Locked | KeyringError::PromptDismissed => Some(Remedy::UnlockKeyring),
        KeyringError::Absent | KeyringError::NoSession | KeyringError::TooLong | KeyringError::Foreign { .. } | KeyringError::Failed(_) => {
            None
        }
    }
}
