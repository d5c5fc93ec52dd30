//! The turn from one page to another: the old one goes, AccessKit is told, and only then the new one comes.
//!
//! Slint gives the numbers of parts that have gone to parts that come. Where both happen in one update, and a number goes from a part with
//! others in it to one that is scrolled away, AccessKit takes the parts that had been inside off the bus for AT-SPI, even those that live on
//! elsewhere: the whole page, if its landmark is among them.

use std::time::Duration;

use i_slint_core::window::WindowInner;
use slint::{ComponentHandle, Timer, Weak};

use crate::pages::{MainWindow, Stage};

pub(crate) fn connect(window: &MainWindow) {
    let weak = window.as_weak();
    window.global::<Stage<'_>>().on_turn(move || between_events(&weak, clear));
}

/// Takes the old page away at once, not while AccessKit is being told, when Slint would keep the numbers of what goes. It has that done between
/// the next events; of what is due then, the order is not said: hence between the events after them.
fn clear(window: &MainWindow) {
    window.global::<Stage<'_>>().set_empty(true);
    settle(window);
    between_events(&window.as_weak(), |window| between_events(&window.as_weak(), enter));
}

fn enter(window: &MainWindow) {
    window.invoke_enter();
    settle(window);
}

/// Makes and takes away the parts that are to come and go.
fn settle(window: &MainWindow) {
    WindowInner::from_pub(window.window()).ensure_tree_instantiated();
}

fn between_events(window: &Weak<MainWindow>, act: impl FnOnce(&MainWindow) + 'static) {
    let weak = window.clone();
    Timer::single_shot(Duration::ZERO, move || {
        if let Some(window) = weak.upgrade() {
            act(&window);
        }
    });
}
