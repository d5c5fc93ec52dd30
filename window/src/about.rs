//! The page about the program.

use std::rc::Rc;

use b24status::control::window::{Fault, Wanted};
use slint::{ComponentHandle, SharedString};

use crate::{
    desk::Desk,
    licences,
    pages::{About, MainWindow},
};

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) {
    let about = window.global::<About<'_>>();
    about.set_version(env!("CARGO_PKG_VERSION").into());
    let of_desk = Rc::clone(desk);
    about.on_show_licences(move || of_desk.with(|window| window.global::<About<'_>>().set_licences(licences::LIST.trim_end().into())));
    let of_desk = Rc::clone(desk);
    about.on_browse(move |address| {
        let desk = Rc::clone(&of_desk);
        of_desk.begin(async move { browse(&desk, address.into()).await });
    });
}

async fn browse(desk: &Rc<Desk>, address: String) {
    let sentence = match desk.ask(Wanted::Browse { address }).await {
        Ok(_done) => SharedString::new(),
        Err(Fault { sentence, remedy: _ }) => sentence.into(),
    };
    desk.with(|window| window.global::<About<'_>>().set_fault(sentence));
}
