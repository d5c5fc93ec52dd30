//! `b24status demo`: the app against a built-in portal.
