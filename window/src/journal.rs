//! The page of the journal.

use std::rc::Rc;

use b24status::control::window::Overview;

use crate::{desk::Desk, pages::MainWindow};

pub(crate) fn connect(_window: &MainWindow, _desk: &Rc<Desk>) {}

pub(crate) fn show(_window: &MainWindow, _desk: &Desk, _overview: &Overview) {}
