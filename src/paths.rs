//! Where files are, on each platform.
