//! `b24status doctor`: every part the app depends on, each ok, problem or unknown.
