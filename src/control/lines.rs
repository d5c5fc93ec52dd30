//! Lines of a stream, one at a time. Whatever was read is wiped when it is let go: it may have been a secret.

use std::{io, mem};

use secrecy::zeroize::Zeroizing;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub(super) struct Lines<S> {
    stream: S,
    read: Zeroizing<Vec<u8>>,
}

pub(super) enum Line {
    /// Without its end.
    Whole(Zeroizing<Vec<u8>>),
    TooLong,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Lines<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, read: Zeroizing::default() }
    }

    /// The next line, of `at_most` bytes with its end; `None` at the end of the stream. A line without its end is none. Nothing is lost if
    /// the future is dropped.
    pub(super) async fn next(&mut self, at_most: usize) -> io::Result<Option<Line>> {
        let mut searched = 0;
        loop {
            let end = self.read[searched..].iter().take(at_most.saturating_sub(searched)).position(|byte| *byte == b'\n');
            if let Some(end) = end {
                return Ok(Some(Line::Whole(self.take(searched + end))));
            }
            searched = self.read.len();
            if searched >= at_most {
                return Ok(Some(Line::TooLong));
            }
            if !self.read_more().await? {
                return Ok(None);
            }
        }
    }

    /// Until the other end hangs up. May be dropped at any point; what is said meanwhile is kept, and past a line's length not listened to.
    pub(super) async fn hung_up(&mut self, at_most: usize) {
        while self.read.len() < at_most {
            if !self.read_more().await.unwrap_or(false) {
                return;
            }
        }
        std::future::pending().await
    }

    pub(super) async fn write(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(line.as_bytes()).await
    }

    async fn read_more(&mut self) -> io::Result<bool> {
        self.make_room();
        Ok(self.stream.read_buf(&mut *self.read).await? > 0)
    }

    /// A vector that grows by itself would leave what it held behind.
    fn make_room(&mut self) {
        if self.read.len() == self.read.capacity() {
            let mut roomier = Vec::with_capacity((self.read.capacity() * 2).max(512));
            roomier.extend_from_slice(&self.read);
            self.read = Zeroizing::new(roomier);
        }
    }

    fn take(&mut self, end: usize) -> Zeroizing<Vec<u8>> {
        let rest = Zeroizing::new(self.read[end + 1..].to_vec());
        let mut line = mem::replace(&mut self.read, rest);
        line.truncate(end);
        line
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{DuplexStream, duplex};

    use super::*;

    #[tokio::test]
    async fn lines_come_one_by_one_however_they_arrive() {
        let (mut lines, mut far) = lines();
        far.write_all(b"one\ntw").await.unwrap();
        assert_eq!(next(&mut lines).await, "one");
        far.write_all(b"o\n\nthree").await.unwrap();
        drop(far);
        assert_eq!(next(&mut lines).await, "two");
        assert_eq!(next(&mut lines).await, "");
        assert!(lines.next(64).await.unwrap().is_none(), "a line without its end");
    }

    #[tokio::test]
    async fn a_line_may_be_as_long_as_is_said_and_no_longer() {
        for (length, fits) in [(1999, true), (2000, false)] {
            let (mut lines, mut far) = lines();
            far.write_all(format!("{}\n", "x".repeat(length)).as_bytes()).await.unwrap();
            let line = lines.next(2000).await.unwrap();
            assert_eq!(matches!(line, Some(Line::Whole(line)) if line.len() == length), fits, "{length}");
        }
    }

    #[tokio::test]
    async fn who_waits_for_the_end_keeps_what_is_said_before_it() {
        let (mut lines, mut far) = lines();
        far.write_all(b"next\n").await.unwrap();
        tokio::select! {
            biased;
            () = lines.hung_up(64) => panic!("it is there"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(next(&mut lines).await, "next");
        drop(far);
        lines.hung_up(64).await;
    }

    fn lines() -> (Lines<DuplexStream>, DuplexStream) {
        let (near, far) = duplex(4096);
        (Lines::new(near), far)
    }

    async fn next(lines: &mut Lines<DuplexStream>) -> String {
        match lines.next(64).await.unwrap() {
            Some(Line::Whole(line)) => String::from_utf8(line.to_vec()).unwrap(),
            Some(Line::TooLong) | None => panic!("there is a line"),
        }
    }
}
