//! A message that Windows waits for is not answered before others are ready, or the time is over. Meanwhile the window hears on.

use std::ptr::null;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use windows_sys::Win32::UI::WindowsAndMessaging::{
    DispatchMessageW, MSG, MWMO_INPUTAVAILABLE, MsgWaitForMultipleObjectsEx, PM_REMOVE, PeekMessageW, QS_ALLINPUT, TranslateMessage,
};

use crate::messages::Window;

#[derive(Clone, Default)]
pub(super) struct Hold(Arc<Mutex<Held>>);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Held {
    #[default]
    No,
    Yes,
    /// Nobody is left who could release it.
    Never,
}

impl Hold {
    /// On the window's thread: announces, and waits for the release. Orders of others are carried out meanwhile, for the tray may have
    /// something to say good-bye with. `announce` says whether that was new: to what is told again, nobody answers once more.
    pub(super) fn until_released(&self, limit: Duration, announce: impl FnOnce() -> bool) {
        let until = Instant::now() + limit;
        let begun = self.turn(Held::No, Held::Yes);
        // Not before it is held: the release may come at once.
        let is_new = announce();
        if begun {
            while is_new && self.state() == Held::Yes && wait_for_messages(until.saturating_duration_since(Instant::now())) {
                handle_messages();
            }
            self.turn(Held::Yes, Held::No);
        }
    }

    /// Where nothing is held, nothing happens: a late release does not concern the next hold.
    pub(super) fn release(&self, window: &Window) {
        if self.turn(Held::Yes, Held::No) {
            // So that the window's thread looks.
            window.order(|_| {});
        }
    }

    /// For good: nothing is held from now on.
    pub(super) fn end(&self, window: &Window) {
        self.release(window);
        self.turn(Held::No, Held::Never);
    }

    fn turn(&self, from: Held, to: Held) -> bool {
        let mut held = self.held();
        let turns = *held == from;
        if turns {
            *held = to;
        }
        turns
    }

    fn state(&self) -> Held {
        *self.held()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Until there is one; not if the time is over before.
fn wait_for_messages(limit: Duration) -> bool {
    if limit.is_zero() {
        return false;
    }
    let milliseconds = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX - 1).max(1);
    // SAFETY: no handles are given, so none are read; the thread's own queue is waited for.
    unsafe { MsgWaitForMultipleObjectsEx(0, null(), milliseconds, QS_ALLINPUT, MWMO_INPUTAVAILABLE) };
    true
}

fn handle_messages() {
    let mut message = MSG::default();
    // SAFETY: `message` is written before it is read.
    unsafe {
        while PeekMessageW(&mut message, std::ptr::null_mut(), 0, 0, PM_REMOVE) != 0 {
            TranslateMessage(&message);
            DispatchMessageW(&message);
        }
    }
}
