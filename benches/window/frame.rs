//! When a window is there for the person: mapped, and something painted in it. Seen by the X server, without a word from the program.

use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt, ImageFormat, MapState, Window};
use x11rb::rust_connection::RustConnection;

const LIMIT: Duration = Duration::from_secs(20);
/// How exactly the moment is seen.
const LOOK: Duration = Duration::from_millis(1);

pub(crate) struct Screen {
    server: RustConnection,
    root: Window,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let (server, number) = x11rb::connect(None).unwrap();
        let root = server.setup().roots[number].root;
        Self { server, root }
    }

    /// Until a window of this class shows its first picture.
    pub(crate) fn wait_for_frame(&self, class: &str) -> Instant {
        self.wait(class, || self.windows().into_iter().any(|window| self.is_of(window, class) && self.has_a_picture(window)))
    }

    /// Until no window of this class is left.
    pub(crate) fn wait_for_end(&self, class: &str) -> Instant {
        self.wait(class, || !self.windows().into_iter().any(|window| self.is_of(window, class)))
    }

    fn wait(&self, class: &str, condition: impl Fn() -> bool) -> Instant {
        let end = Instant::now() + LIMIT;
        while !condition() {
            assert!(Instant::now() < end, "waited in vain for the window of {class}");
            std::thread::sleep(LOOK);
        }
        Instant::now()
    }

    /// Those on the root window, and those that a window manager put into a frame of its own.
    fn windows(&self) -> Vec<Window> {
        let children = |window| self.server.query_tree(window).unwrap().reply().map_or(Vec::new(), |tree| tree.children);
        let top = children(self.root);
        let framed: Vec<_> = top.iter().flat_map(|frame| children(*frame)).collect();
        [top, framed].concat()
    }

    fn is_of(&self, window: Window, class: &str) -> bool {
        let property = self.server.get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 64).unwrap();
        property.reply().is_ok_and(|property| property.value.split(|byte| *byte == 0).any(|word| word == class.as_bytes()))
    }

    /// More than one colour: what was never painted has the background's.
    fn has_a_picture(&self, window: Window) -> bool {
        let attributes = self.server.get_window_attributes(window).unwrap().reply();
        if !attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE) {
            return false;
        }
        let Ok(size) = self.server.get_geometry(window).unwrap().reply() else { return false };
        let image = self.server.get_image(ImageFormat::Z_PIXMAP, window, 0, 0, size.width, size.height, u32::MAX).unwrap().reply();
        image.is_ok_and(|image| image.data.chunks_exact(4).any(|pixel| pixel[..3] != image.data[..3]))
    }
}
