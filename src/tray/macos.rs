//! The icon in the menu bar, as an NSStatusItem that has its menu for good: so mouse, keyboard and VoiceOver open it alike.
//!
//! Everything of AppKit is on the main thread; the app's thread only sends views there.
//!
//! <https://developer.apple.com/documentation/appkit/nsstatusitem>

use std::{cell::RefCell, ptr::null_mut, time::Duration};

use objc2::{AnyThread, DefinedClass, MainThreadMarker, MainThreadOnly, define_class, msg_send, rc::Retained, sel};
use objc2_app_kit::{
    NSAccessibility, NSBitmapImageRep, NSCalibratedRGBColorSpace, NSControlStateValueOff, NSControlStateValueOn, NSImage, NSMenu,
    NSMenuItem, NSSquareStatusItemLength, NSStatusBar, NSStatusItem,
};
use objc2_foundation::{NSObject, NSObjectProtocol, NSSize, NSString};
use tokio::{
    sync::{mpsc::UnboundedSender, oneshot},
    time::timeout,
};

use super::{Access, Click, Host, Icon, Item, Kind, Pixels, Tick, View};
use crate::main_loop::{self, NoLoop};

/// The end does not wait longer for the main thread.
const CLOSING: Duration = Duration::from_millis(500);

/// The side of the icon in points, as that of the system's own ones. The picture of twice the size is for Retina.
const POINTS: u32 = 16;

pub(super) struct Tray {
    shown: RefCell<View>,
}

impl Tray {
    pub(super) fn start(first: View, clicks: UnboundedSender<Click>, hosts: UnboundedSender<Host>) -> Self {
        let (view, told) = (first.clone(), hosts.clone());
        let built = main_loop::order(move |main| {
            SHOWN.set(Some(Shown::build(&view, clicks, main)));
            let _ = told.send(Host::Present);
        });
        if let Err(NoLoop) = built {
            tracing::warn!(error = %NoLoop, "there is no icon: use the command line");
            let _ = hosts.send(Host::Absent);
        }
        Self { shown: RefCell::new(first) }
    }

    pub(super) fn show(&self, view: View) {
        if self.shown.replace(view.clone()) != view {
            order(move |main| {
                SHOWN.with_borrow(|shown| shown.iter().for_each(|shown| shown.paint(&view, main)));
            });
        }
    }

    /// Nobody needs one here.
    pub(super) fn activation_token(&self) -> Option<String> {
        None
    }

    pub(super) async fn close(self) {
        let (send, gone) = oneshot::channel::<()>();
        drop(self);
        order(move |_| drop(send));
        let _ = timeout(CLOSING, gone).await;
    }
}

impl Drop for Tray {
    fn drop(&mut self) {
        order(|_| drop(SHOWN.take()));
    }
}

pub(super) async fn look_for_host() -> Host {
    // A command has no loop. Every session of macOS with a screen has a menu bar.
    if main_loop::is_at_a_screen() { Host::Present } else { Host::Absent }
}

/// Without a loop that was said at the start.
fn order(order: impl FnOnce(MainThreadMarker) + Send + 'static) {
    let _ = main_loop::order(order);
}

thread_local! {
    /// On the main thread, from the start of the tray to its end.
    static SHOWN: RefCell<Option<Shown>> = const { RefCell::new(None) };
}

struct Shown {
    item: Retained<NSStatusItem>,
    menu: Retained<NSMenu>,
    target: Retained<Target>,
}

impl Shown {
    fn build(view: &View, clicks: UnboundedSender<Click>, main: MainThreadMarker) -> Self {
        let item = NSStatusBar::systemStatusBar().statusItemWithLength(NSSquareStatusItemLength);
        let shown = Self { item, menu: empty_menu(main), target: Target::new(clicks, main) };
        shown.paint(view, main);
        shown.item.setMenu(Some(&shown.menu));
        shown
    }

    fn paint(&self, view: &View, main: MainThreadMarker) {
        if let Some(button) = self.item.button(main) {
            let spoken = NSString::from_str(&format!("{}: {}", view.title, view.tooltip.title));
            button.setImage(Some(&image(view.icon, &spoken)));
            button.setAccessibilityTitle(Some(&spoken));
            button.setToolTip(Some(&NSString::from_str(&tooltip(view))));
        }
        self.target.ivars().meanings.borrow_mut().clear();
        self.fill(&self.menu, &view.menu, main);
    }

    /// What is in the menu changes in its place, even while it is open.
    fn fill(&self, menu: &NSMenu, items: &[Item], main: MainThreadMarker) {
        if !is_laid_out_for(menu, items) {
            menu.removeAllItems();
            items.iter().for_each(|item| menu.addItem(&entry(item, main)));
        }
        for (entry, item) in menu.itemArray().iter().zip(items) {
            self.set(&entry, item, main);
        }
    }

    fn set(&self, entry: &NSMenuItem, item: &Item, main: MainThreadMarker) {
        if !entry.isSeparatorItem() {
            entry.setTitle(&NSString::from_str(&item.label));
        }
        entry.setHidden(item.access == Access::Hidden);
        entry.setEnabled(item.access == Access::Enabled);
        match &item.kind {
            Kind::Line | Kind::Separator => {}
            Kind::Command(click) => self.target.aim(entry, *click),
            Kind::Radio(click, tick) | Kind::Check(click, tick) => {
                entry.setState(if *tick == Tick::On { NSControlStateValueOn } else { NSControlStateValueOff });
                self.target.aim(entry, *click);
            }
            Kind::Submenu(items) => {
                if let Some(submenu) = entry.submenu() {
                    self.fill(&submenu, items, main);
                }
            }
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        NSStatusBar::systemStatusBar().removeStatusItem(&self.item);
    }
}

fn empty_menu(main: MainThreadMarker) -> Retained<NSMenu> {
    let menu = NSMenu::new(main);
    // Whether an item can be clicked is said by the view.
    menu.setAutoenablesItems(false);
    menu
}

fn is_laid_out_for(menu: &NSMenu, items: &[Item]) -> bool {
    let entries = menu.itemArray();
    let alike = |(entry, item): (Retained<NSMenuItem>, &Item)| {
        entry.isSeparatorItem() == matches!(item.kind, Kind::Separator) && entry.hasSubmenu() == matches!(item.kind, Kind::Submenu(_))
    };
    entries.len() == items.len() && entries.iter().zip(items).all(alike)
}

fn entry(item: &Item, main: MainThreadMarker) -> Retained<NSMenuItem> {
    match item.kind {
        Kind::Separator => NSMenuItem::separatorItem(main),
        Kind::Line | Kind::Command(_) | Kind::Radio(..) | Kind::Check(..) => NSMenuItem::new(main),
        Kind::Submenu(_) => {
            let entry = NSMenuItem::new(main);
            entry.setSubmenu(Some(&empty_menu(main)));
            entry
        }
    }
}

fn tooltip(view: &View) -> String {
    let lines = std::iter::once(view.tooltip.title.as_str()).chain(view.tooltip.lines.iter().map(String::as_str));
    lines.collect::<Vec<_>>().join("\n")
}

/// A template: macOS takes the shape alone and inks it as the menu bar asks for, light, dark or selected.
fn image(icon: Icon, description: &NSString) -> Retained<NSImage> {
    let side = NSSize::new(POINTS.into(), POINTS.into());
    let image = NSImage::initWithSize(NSImage::alloc(), side);
    for pixels in icon.pixels().iter().filter(|pixels| pixels.size % POINTS == 0) {
        if let Some(bitmap) = bitmap(pixels) {
            bitmap.setSize(side);
            image.addRepresentation(&bitmap);
        }
    }
    image.setTemplate(true);
    image.setAccessibilityDescription(Some(description));
    image
}

fn bitmap(pixels: &Pixels) -> Option<Retained<NSBitmapImageRep>> {
    let side = isize::try_from(pixels.size).ok()?;
    // SAFETY: without planes, AppKit allocates them itself: four samples of eight bits a pixel, in one plane, rows without a gap.
    let bitmap = unsafe {
        NSBitmapImageRep::initWithBitmapDataPlanes_pixelsWide_pixelsHigh_bitsPerSample_samplesPerPixel_hasAlpha_isPlanar_colorSpaceName_bytesPerRow_bitsPerPixel(
            NSBitmapImageRep::alloc(), null_mut(), side, side, 8, 4, true, false, NSCalibratedRGBColorSpace, side * 4, 32,
        )
    }?;
    let black: Vec<u8> = pixels.argb.chunks_exact(4).flat_map(|pixel| [0, 0, 0, pixel[0]]).collect();
    let data = bitmap.bitmapData();
    if data.is_null() {
        return None;
    }
    // SAFETY: AppKit's plane has `side` rows of `side * 4` bytes, as many as `black`; nobody else knows of it yet.
    unsafe { data.copy_from_nonoverlapping(black.as_ptr(), black.len()) };
    Some(bitmap)
}

/// Whom the entries of the menu tell that they were clicked.
struct Meaning {
    clicks: UnboundedSender<Click>,
    /// Of each entry by its tag.
    meanings: RefCell<Vec<Click>>,
}

define_class!(
    // SAFETY: NSObject asks nothing of those that inherit from it, and the class has no `Drop`.
    #[unsafe(super(NSObject))]
    #[thread_kind = MainThreadOnly]
    #[name = "B24StatusTarget"]
    #[ivars = Meaning]
    struct Target;

    impl Target {
        #[unsafe(method(clicked:))]
        fn clicked(&self, entry: &NSMenuItem) {
            let Meaning { clicks, meanings } = self.ivars();
            if let Some(click) = usize::try_from(entry.tag()).ok().and_then(|tag| meanings.borrow().get(tag).copied()) {
                // An app that has ended wants no clicks.
                let _ = clicks.send(click);
            }
        }
    }

    // SAFETY: the protocol asks for nothing that NSObject does not have.
    unsafe impl NSObjectProtocol for Target {}
);

impl Target {
    fn new(clicks: UnboundedSender<Click>, main: MainThreadMarker) -> Retained<Self> {
        let target = Self::alloc(main).set_ivars(Meaning { clicks, meanings: RefCell::default() });
        // SAFETY: `init` of NSObject, with the arguments that it takes.
        unsafe { msg_send![super(target), init] }
    }

    /// From now on a click on the entry means this.
    fn aim(&self, entry: &NSMenuItem, click: Click) {
        let mut meanings = self.ivars().meanings.borrow_mut();
        entry.setTag(meanings.len().try_into().unwrap_or(-1));
        meanings.push(click);
        // SAFETY: the method of this name takes the sender as its one argument. The target, which an entry does not keep alive, lives as
        // long as the menu that is shown: both are dropped together.
        unsafe {
            entry.setTarget(Some(self));
            entry.setAction(Some(sel!(clicked:)));
        }
    }
}
