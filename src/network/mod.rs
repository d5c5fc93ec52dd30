//! When a way to the portals may have appeared.
