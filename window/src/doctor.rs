//! The page of the doctor: what the program beside this one says of every part.

use std::rc::Rc;

use slint::{ComponentHandle, SharedString};

use crate::{
    desk::Desk,
    front,
    pages::{Doctor, MainWindow},
    sibling,
};

pub(crate) fn connect(window: &MainWindow, desk: &Rc<Desk>) {
    let doctor = window.global::<Doctor<'_>>();
    let of_desk = Rc::clone(desk);
    doctor.on_run(move || {
        let desk = Rc::clone(&of_desk);
        of_desk.begin(async move { run(&desk).await });
    });
    let of_desk = Rc::clone(desk);
    doctor.on_copy(move || {
        of_desk.with(|window| {
            let doctor = window.global::<Doctor<'_>>();
            front::put_on_clipboard(&doctor.get_report());
            doctor.set_copied(true);
        });
    });
}

async fn run(desk: &Rc<Desk>) {
    let begun = desk.with(|window| {
        let doctor = window.global::<Doctor<'_>>();
        let idle = !doctor.get_busy();
        doctor.set_busy(true);
        doctor.set_copied(false);
        doctor.set_fault(SharedString::new());
        idle
    });
    if !begun {
        return;
    }
    let report = desk.talk.over_there(sibling::doctor()).await;
    desk.with(|window| {
        let doctor = window.global::<Doctor<'_>>();
        match report {
            Some(Ok(report)) => doctor.set_report(report.trim_end().into()),
            Some(Err(error)) => doctor.set_fault(desk.speech.say_of("doctor-failed", &error.to_string()).into()),
            None => doctor.set_fault(desk.speech.say_of("doctor-failed", "").into()),
        }
        doctor.set_busy(false);
    });
}
