//! The icon in a real notification area, seen with the eyes of Windows: an icon that is there can be modified.

use std::{
    sync::mpsc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{
        MutexGuard,
        mpsc::{UnboundedReceiver, unbounded_channel},
    },
    time::timeout,
};
use windows_sys::{
    Win32::{
        System::Threading::{GR_GDIOBJECTS, GR_USEROBJECTS, GetCurrentProcess, GetGuiResources},
        UI::{
            Shell::{NIM_MODIFY, Shell_NotifyIconW},
            WindowsAndMessaging::{CreatePopupMenu, DestroyMenu, PostMessageW, RegisterWindowMessageW, WM_DISPLAYCHANGE, WM_MBUTTONUP},
        },
    },
    w,
};

use super::{hearing::Heard, *};
use crate::{
    messages::{alone_with_the_icon, icon, window},
    presence::Status,
    tray::{Badge, Look, Tooltip, Urgency},
};

#[tokio::test]
async fn the_icon_is_there_from_start_to_close() {
    let Some(mut desk) = Desk::start().await else { return };
    assert_eq!(soon(desk.hosts.recv()).await, Some(Host::Present));
    assert!(is_there());
    desk.tray.close().await;
    assert!(!is_there());
}

#[tokio::test]
async fn a_tray_that_is_dropped_takes_its_icon_away() {
    let Some(desk) = Desk::start().await else { return };
    drop(desk.tray);
    window_is_idle().await;
    assert!(!is_there());
}

#[tokio::test]
async fn an_icon_that_vanished_comes_back_with_the_next_view() {
    let Some(desk) = Desk::start().await else { return };
    area::remove(window().unwrap().handle());
    desk.tray.show(of(Status::Dnd, "Do not disturb"));
    window_is_idle().await;
    assert!(is_there());
    desk.tray.close().await;
}

#[tokio::test]
async fn an_icon_that_vanished_comes_back_with_a_new_taskbar() {
    let Some(desk) = Desk::start().await else { return };
    area::remove(window().unwrap().handle());
    post(taskbar_created(), 0, 0);
    window_is_idle().await;
    assert!(is_there());
    desk.tray.close().await;
}

#[tokio::test]
async fn an_icon_that_was_refused_is_added_when_the_time_has_come() {
    let Some(desk) = Desk::start().await else { return };
    desk.tray.close().await;
    let ((clicked, _clicks), (told, mut hosts)) = (unbounded_channel(), unbounded_channel());
    window().unwrap().order(move |window| {
        let keeper = Mutex::new(Keeper::new(of(Status::Online, "Online"), clicked, told, Arc::default()));
        // Wine refuses nothing.
        keeper::lock(&keeper).refused(window);
        assert!(!is_there());
        keeper::take(&keeper, window, Heard::RetryDue);
        assert!(is_there());
        area::remove(window);
    });
    assert_eq!([soon(hosts.recv()).await, soon(hosts.recv()).await], [Some(Host::Absent), Some(Host::Present)]);
    window_is_idle().await;
}

#[tokio::test]
async fn a_new_taskbar_that_has_the_icon_is_none_without_one() {
    let Some(mut desk) = Desk::start().await else { return };
    assert_eq!(soon(desk.hosts.recv()).await, Some(Host::Present));
    post(taskbar_created(), 0, 0);
    window_is_idle().await;
    assert!(is_there());
    assert!(desk.hosts.try_recv().is_err(), "nothing is new");
    desk.tray.close().await;
}

#[tokio::test]
async fn the_middle_button_makes_the_app_look() {
    let Some(mut desk) = Desk::start().await else { return };
    post(area::CALLBACK, 0, 0x0001_0000 | WM_MBUTTONUP as isize);
    assert_eq!(soon(desk.clicks.recv()).await, Some(Click::CheckNow));
    desk.tray.close().await;
}

#[tokio::test]
async fn a_busy_window_does_not_keep_the_icon() {
    let Some(desk) = Desk::start().await else { return };
    let (free, busy) = mpsc::channel::<()>();
    window().unwrap().order(move |_| assert!(busy.recv().is_err()));
    desk.tray.show(of(Status::Away, "Away"));
    let before = Instant::now();
    desk.tray.close().await;
    assert!(before.elapsed() <= CLOSING, "{:?}", before.elapsed());
    assert!(!is_there());
    drop(free);
    window_is_idle().await;
    assert!(!is_there(), "what was still to be painted is not");
}

#[tokio::test]
async fn views_and_changes_of_the_screen_leave_nothing_behind() {
    let Some(desk) = Desk::start().await else { return };
    let before = objects();
    for number in 0..100 {
        desk.tray.show(of(Status::ALL[number % 4], &number.to_string()));
        post(WM_DISPLAYCHANGE, 0, 0);
    }
    window_is_idle().await;
    assert!(objects() <= before + 30, "{before} objects before, {} after", objects());
    desk.tray.close().await;
}

#[test]
fn a_long_tooltip_is_cut_between_characters() {
    let view = of(Status::Online, &"🙂".repeat(100));
    let tip = keeper::Painted::of(&view, 16).tip;
    assert_eq!(String::from_utf16(&tip).unwrap(), format!("{}…\0", "🙂".repeat(63)));
}

#[tokio::test]
async fn the_picture_is_of_a_size_that_was_drawn_for_the_usual_scale() {
    let Some(desk) = Desk::start().await else { return };
    assert!(crate::tray::SIZES.contains(&area::icon_size()), "{}", area::icon_size());
    assert_eq!(look_for_host().await, Host::Present);
    desk.tray.close().await;
}

struct Desk {
    tray: Tray,
    clicks: UnboundedReceiver<Click>,
    hosts: UnboundedReceiver<Host>,
    _alone: MutexGuard<'static, ()>,
}

impl Desk {
    /// `None` where no taskbar runs, as in a session without a desktop.
    async fn start() -> Option<Self> {
        if !has_a_taskbar().await {
            assert!(std::env::var_os("CI").is_none(), "there is no taskbar");
            println!("skipped: there is no taskbar");
            return None;
        }
        let alone = alone_with_the_icon().await;
        let ((clicked, clicks), (told, hosts)) = (unbounded_channel(), unbounded_channel());
        let tray = Tray::start(of(Status::Online, "Online"), clicked, told);
        window_is_idle().await;
        Some(Self { tray, clicks, hosts, _alone: alone })
    }
}

/// Wine has one as soon as there is a window, and a moment later.
async fn has_a_taskbar() -> bool {
    window().unwrap();
    let soon = timeout(Duration::from_secs(10), async {
        while look_for_host().await != Host::Present {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    soon.await.is_ok()
}

fn of(status: Status, title: &str) -> View {
    View {
        title: "Status for Bitrix24".to_owned(),
        icon: Icon { look: Look::Confirmed(status), badge: Some(Badge::Idle) },
        tooltip: Tooltip { title: title.to_owned(), lines: Vec::new() },
        menu: Vec::new(),
        urgency: Urgency::Calm,
    }
}

/// What was posted and ordered so far is done, and so is what was ordered by that.
async fn window_is_idle() {
    for _ in 0..2 {
        let (told, done) = oneshot::channel();
        window().unwrap().order(|_| told.send(()).unwrap());
        soon(done).await.unwrap();
    }
}

async fn soon<F: Future>(future: F) -> F::Output {
    timeout(Duration::from_secs(20), future).await.expect("soon")
}

fn is_there() -> bool {
    // SAFETY: the structure is complete; without a flag nothing is modified.
    unsafe { Shell_NotifyIconW(NIM_MODIFY, &icon(window().unwrap().handle())) != 0 }
}

fn post(number: u32, wparam: usize, lparam: isize) {
    // SAFETY: numbers only.
    unsafe { PostMessageW(window().unwrap().handle(), number, wparam, lparam) };
}

fn taskbar_created() -> u32 {
    // SAFETY: the name is static and ends with a zero.
    unsafe { RegisterWindowMessageW(w!("TaskbarCreated")) }
}

/// How many objects the process has, more or less: other tests have some meanwhile. Wine does not count them: there the number of a new one tells
/// how many are taken.
pub(super) fn objects() -> u32 {
    // SAFETY: the menu is ours; the rest is numbers.
    unsafe {
        let counted: u32 = [GR_GDIOBJECTS, GR_USEROBJECTS].map(|kind| GetGuiResources(GetCurrentProcess(), kind)).iter().sum();
        let new = CreatePopupMenu();
        DestroyMenu(new);
        if counted > 0 { counted } else { new as u32 & 0xffff }
    }
}
