//! The settings file: TOML that a person can read and that keeps their comments.
