//! macOS: no source yet, and the watcher says so.

use super::{Attention, Lost, Seen, SourceName, Unusable, Wish};

/// There is none to have.
pub(super) enum Source {}

pub(super) async fn choose(_: Wish) -> Result<Source, Vec<Unusable>> {
    Err(Vec::new())
}

pub(super) async fn sign() {
    std::future::pending().await
}

impl Source {
    pub(super) fn name(&self) -> SourceName {
        match *self {}
    }

    pub(super) async fn next(&mut self) -> Result<Seen, Lost> {
        match *self {}
    }

    pub(super) async fn expect_return(&mut self) -> Result<(), Lost> {
        match *self {}
    }

    pub(super) fn heed(&mut self, _: Attention) {
        match *self {}
    }
}
