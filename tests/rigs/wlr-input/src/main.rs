//! A virtual pointer for wlroots compositors (`zwlr_virtual_pointer_v1`) that lives as long as standard input is open: a headless seat has no
//! pointer capability without one.
//!
//! Lines: `move X Y`, `click left|middle|right`, `scroll N`. Each is answered with `ok` when the compositor has taken it.

use std::{
    env,
    error::Error,
    io, thread,
    time::{Duration, Instant},
};

use wayland_client::globals::{GlobalListContents, registry_queue_init};
use wayland_client::protocol::wl_pointer::{Axis, AxisSource, ButtonState};
use wayland_client::protocol::{
    wl_registry::{self, WlRegistry},
    wl_seat::WlSeat,
};
use wayland_client::{Connection, Dispatch, Proxy, QueueHandle};
use wayland_protocols_wlr::virtual_pointer::v1::client::zwlr_virtual_pointer_manager_v1::ZwlrVirtualPointerManagerV1 as Manager;
use wayland_protocols_wlr::virtual_pointer::v1::client::zwlr_virtual_pointer_v1::ZwlrVirtualPointerV1 as Pointer;

fn main() -> Result<(), Box<dyn Error>> {
    let connection = Connection::connect_to_env()?;
    let (globals, mut queue) = registry_queue_init::<Ignore>(&connection)?;
    let seat: WlSeat = globals.bind(&queue.handle(), 1..=7, ())?;
    let manager: Manager = globals.bind(&queue.handle(), 1..=2, ())?;
    let pointer = manager.create_virtual_pointer(Some(&seat), &queue.handle(), ());
    queue.roundtrip(&mut Ignore)?;
    println!("ready");

    let (width, height) = (size("WIDTH", 1280), size("HEIGHT", 800));
    let start = Instant::now();
    for line in io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let now = || start.elapsed().as_millis() as u32;
        match words[..] {
            ["move", x, y] => pointer.motion_absolute(now(), x.parse()?, y.parse()?, width, height),
            ["click", button] => {
                pointer.button(now(), code(button), ButtonState::Pressed);
                pointer.frame();
                queue.roundtrip(&mut Ignore)?;
                thread::sleep(Duration::from_millis(60));
                pointer.button(now(), code(button), ButtonState::Released);
            }
            ["scroll", steps] => {
                let steps: i32 = steps.parse()?;
                pointer.axis_source(AxisSource::Wheel);
                pointer.axis_discrete(now(), Axis::VerticalScroll, f64::from(steps) * 15.0, steps);
            }
            _ => eprintln!("not understood: {line}"),
        }
        pointer.frame();
        queue.roundtrip(&mut Ignore)?;
        println!("ok {line}");
    }
    Ok(())
}

/// The size of the output in pixels, to which positions are relative.
fn size(variable: &str, default: u32) -> u32 {
    env::var(variable).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// Button codes of linux/input-event-codes.h.
fn code(button: &str) -> u32 {
    match button {
        "right" => 0x111,
        "middle" => 0x112,
        _ => 0x110,
    }
}

/// No event matters here.
struct Ignore;

impl Dispatch<WlRegistry, GlobalListContents> for Ignore {
    fn event(_: &mut Self, _: &WlRegistry, _: wl_registry::Event, _: &GlobalListContents, _: &Connection, _: &QueueHandle<Self>) {}
}

macro_rules! ignore {
    ($($interface:ty)*) => {$(
        impl Dispatch<$interface, ()> for Ignore {
            fn event(_: &mut Self, _: &$interface, _: <$interface as Proxy>::Event, _: &(), _: &Connection, _: &QueueHandle<Self>) {}
        }
    )*};
}
ignore!(WlSeat Manager Pointer);
