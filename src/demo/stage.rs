//! The demo around the app: the portal, what a person types, and what is printed.
//!
//! The app runs beside it, against [`Stage::portal`]'s webhook, and knows nothing of it. What is typed for the person (a status, idle,
//! a lock) is handed out as a [`Deed`]; what concerns the portal is done here.

use std::{
    io::{self, BufRead, Write},
    thread,
};

use jiff::tz::TimeZone;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::{
    portal::{Arrival, Holding, Person, Portal},
    report,
    script::{NotAnOrder, Order},
    trouble,
};
use crate::{
    loopback,
    presence::Status,
    text::{Texts, time::zone_of_system},
};

/// What the person does, as far as the app is to see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Choose(Status),
    /// No input for the time in the settings.
    StopInput,
    ResumeInput,
    Lock,
    Unlock,
    Quit,
}

pub struct Stage<W> {
    portal: Portal,
    arrivals: UnboundedReceiver<Arrival>,
    lines: UnboundedReceiver<String>,
    texts: Texts,
    zone: TimeZone,
    out: W,
    /// What was told last.
    told: Holding,
}

impl<W: Write> Stage<W> {
    /// Starts the portal and says what this is. Lines are [`typed`] ones in the demo.
    pub async fn set_up(texts: Texts, lines: UnboundedReceiver<String>, out: W) -> io::Result<Self> {
        let portal = Portal::start(person(&texts)).await?;
        portal.speak(texts.language());
        let (arrivals, told) = (portal.arrivals(), portal.holds());
        let mut stage = Self { portal, arrivals, lines, texts, zone: zone_of_system(), out, told };
        stage.print(&report::welcome(&stage.texts))?;
        Ok(stage)
    }

    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// To be said once if the desktop has no tray.
    pub fn tell_that_there_is_no_tray(&mut self) -> io::Result<()> {
        self.print(&report::without_tray(&self.texts))
    }

    /// Prints what happens until the person does something that concerns the app. The end of the input is no such thing.
    ///
    /// Fails if nothing can be printed any more. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> io::Result<Deed> {
        loop {
            tokio::select! {
                // What came first is told first: an answer leaves after its arrival was sent here.
                biased;
                Some(arrival) = self.arrivals.recv() => self.tell(&arrival)?,
                Some(line) = self.lines.recv() => if let Some(deed) = self.obey(&line).await? {
                    return Ok(deed);
                },
            }
        }
    }

    fn tell(&mut self, arrival: &Arrival) -> io::Result<()> {
        self.print(&report::arrival(&self.texts, &self.zone, arrival))?;
        self.tell_holding()
    }

    fn tell_holding(&mut self) -> io::Result<()> {
        let holding = self.portal.holds();
        if holding == self.told {
            return Ok(());
        }
        self.print(&format!("          {}", report::holding(&self.texts, &holding)))?;
        self.told = holding;
        Ok(())
    }

    async fn obey(&mut self, line: &str) -> io::Result<Option<Deed>> {
        let order = match Order::parse(line) {
            Ok(Some(order)) => order,
            Ok(None) => return Ok(None),
            Err(mistake) => return self.correct(&mistake),
        };
        self.print(&order.told(&self.texts))?;
        self.carry_out(order).await
    }

    fn correct(&mut self, mistake: &NotAnOrder) -> io::Result<Option<Deed>> {
        self.print(&mistake.told(&self.texts))?;
        Ok(None)
    }

    async fn carry_out(&mut self, order: Order) -> io::Result<Option<Deed>> {
        match order {
            Order::Choose(status) => return Ok(Some(Deed::Choose(status))),
            Order::Idle => return Ok(Some(Deed::StopInput)),
            Order::Back => return Ok(Some(Deed::ResumeInput)),
            Order::Lock => return Ok(Some(Deed::Lock)),
            Order::Unlock => return Ok(Some(Deed::Unlock)),
            Order::Quit => return Ok(Some(Deed::Quit)),
            Order::Elsewhere(status) => {
                self.portal.change_elsewhere(status);
                self.tell_holding()?;
            }
            Order::Fault(trouble) => trouble.befall(&self.portal).await?,
            Order::Heal => trouble::heal(&self.portal).await?,
            Order::Register => {
                let application = self.portal.register("b24status", &loopback::address(loopback::PORT))?;
                self.print(&report::application(self.portal.address(), &application))?;
            }
            Order::Help => {}
        }
        Ok(None)
    }

    fn print(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }
}

/// Who the demo's portal belongs to.
pub fn person(texts: &Texts) -> Person {
    Person { id: 1, name: texts.say("demo-person-name"), last_name: texts.say("demo-person-last-name") }
}

/// The lines of an input that cannot be waited for without a thread: `BufReader::new(io::stdin())`. The thread is left behind when the
/// process ends: nothing can wake it while it reads.
pub fn typed(input: impl BufRead + Send + 'static) -> io::Result<UnboundedReceiver<String>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    thread::Builder::new().name("typed".to_owned()).spawn(move || {
        for line in input.split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    })?;
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use secrecy::ExposeSecret;
    use tokio::sync::mpsc::UnboundedSender;

    use super::*;
    use crate::{demo::portal::Column, text::Language};

    #[tokio::test]
    async fn what_a_person_does_is_handed_to_the_app_and_said_back() {
        let (mut stage, lines, printed) = stage().await;
        for (line, deed) in [
            ("dnd", Deed::Choose(Status::Dnd)),
            ("idle", Deed::StopInput),
            ("back", Deed::ResumeInput),
            ("lock", Deed::Lock),
            ("unlock", Deed::Unlock),
            ("quit", Deed::Quit),
        ] {
            lines.send(line.into()).unwrap();
            assert_eq!(stage.next().await.unwrap(), deed);
        }
        assert!(printed.take().contains("You choose dnd."));
        assert_eq!(stage.portal().holds().status, Column::NoRow);
    }

    #[tokio::test]
    async fn what_concerns_the_portal_is_done_here() {
        let (mut stage, lines, printed) = stage().await;
        for line in ["elsewhere away", "", "help", "lunch", "fault offline", "heal", "quit"] {
            lines.send(line.into()).unwrap();
        }
        assert_eq!(stage.next().await.unwrap(), Deed::Quit);
        assert_eq!(stage.portal().holds().status, Status::Away.into());
        let printed = printed.take();
        for part in ["The portal now holds: away", "fault busy", "no word “lunch”", "cannot be reached", "works normally again"] {
            assert!(printed.contains(part), "{part}: {printed}");
        }
    }

    #[tokio::test]
    async fn an_application_is_made_when_somebody_asks_for_it() {
        let (mut stage, lines, printed) = stage().await;
        for line in ["oauth", "quit"] {
            lines.send(line.into()).unwrap();
        }
        stage.next().await.unwrap();
        let printed = printed.take();
        let command = format!("b24status login --oauth http://{} --client-id local.", stage.portal().address());
        assert!(printed.contains(&command) && printed.contains(&loopback::address(loopback::PORT)), "{printed}");
    }

    #[tokio::test]
    async fn each_request_is_printed_and_what_the_portal_holds_after_a_change() {
        let (mut stage, lines, printed) = stage().await;
        let url = format!("{}im.user.status.set?STATUS=dnd", stage.portal().webhook().expose_secret());
        let asking = tokio::spawn(async move {
            get(&url).await;
            lines.send("quit".into()).unwrap();
        });
        stage.next().await.unwrap();
        asking.await.unwrap();
        let printed = printed.take();
        let position = |text: &str| printed.find(text).unwrap_or_else(|| panic!("{text}: {printed}"));
        assert!(position("sets the status dnd: done   (im.user.status.set STATUS=dnd)") < position("The portal now holds: dnd"));
        assert!(!printed.contains("/rest/"), "{printed}");
    }

    #[tokio::test]
    async fn the_end_of_the_input_is_not_the_end_of_the_demo() {
        let (mut stage, lines, printed) = stage().await;
        drop(lines);
        let url = format!("{}server.time", stage.portal().webhook().expose_secret());
        tokio::select! {
            deed = stage.next() => panic!("{deed:?}"),
            () = async {
                get(&url).await;
                printed.wait_for("server.time").await;
            } => {}
        }
    }

    #[tokio::test]
    async fn lines_are_read_until_the_input_ends() {
        let mut lines = typed(&b"dnd\r\n\xffaway\nquit"[..]).unwrap();
        let mut read = Vec::new();
        while let Some(line) = lines.recv().await {
            read.push(line);
        }
        assert_eq!(read, ["dnd\r", "\u{fffd}away", "quit"]);
    }

    async fn stage() -> (Stage<Printed>, UnboundedSender<String>, Printed) {
        let (sender, lines) = mpsc::unbounded_channel();
        let printed = Printed::default();
        let stage = Stage::set_up(Texts::new(Language::English), lines, printed.clone()).await.unwrap();
        (stage, sender, printed)
    }

    async fn get(url: &str) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap();
    }

    /// Paper that both sides can read.
    #[derive(Clone, Default)]
    struct Printed(Arc<Mutex<Vec<u8>>>, Arc<tokio::sync::Notify>);

    impl Printed {
        fn take(&self) -> String {
            String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
        }

        async fn wait_for(&self, text: &str) {
            while !String::from_utf8_lossy(&self.0.lock().unwrap()).contains(text) {
                self.1.notified().await;
            }
        }
    }

    impl Write for Printed {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            self.1.notify_one();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
