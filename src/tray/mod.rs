//! The tray icon and its menu: a value, and what paints it.

mod icon;

pub use icon::{Badge, Icon, Look, Pixels, SIZES};
