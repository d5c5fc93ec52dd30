//! Start at login.
