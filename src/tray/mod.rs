//! The tray icon and its menu: a value, and what paints it.
