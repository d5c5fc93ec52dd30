//! The log of the app itself: for support, in English, without secrets.
