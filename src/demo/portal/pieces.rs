//! The body of an answer, in pieces: whole, dripping or cut off. The only timer is the one between two drops.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{self, Sleep};

/// A body in pieces, whose announced length is kept or not.
pub(super) struct Pieces {
    announced: u64,
    pieces: VecDeque<Bytes>,
    pause: Option<(Duration, Pin<Box<Sleep>>)>,
    ending: Ending,
}

enum Ending {
    AsAnnounced,
    /// What was written so far is flushed once, and then the connection ends.
    CutOff {
        flushed: bool,
    },
}

impl Pieces {
    pub(super) fn whole(body: Vec<u8>) -> Self {
        let announced = body.len() as u64;
        Self { announced, pieces: VecDeque::from([Bytes::from(body)]), pause: None, ending: Ending::AsAnnounced }
    }

    pub(super) fn dripping(body: Vec<u8>, pause: Duration) -> Self {
        let pieces = body.iter().map(|&byte| Bytes::from(vec![byte])).collect();
        Self { pieces, pause: Some((pause, Box::pin(time::sleep(pause)))), ..Self::whole(body) }
    }

    pub(super) fn cut_off(body: Vec<u8>) -> Self {
        let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
        Self { pieces: VecDeque::from([half]), ending: Ending::CutOff { flushed: false }, ..Self::whole(body) }
    }

    fn end(&mut self, context: &Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        match &mut self.ending {
            Ending::AsAnnounced => Poll::Ready(None),
            Ending::CutOff { flushed: flushed @ false } => {
                *flushed = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::CutOff { flushed: true } => Poll::Ready(Some(Err(CutOff))),
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        if self.pieces.is_empty() {
            return self.end(context);
        }
        if let Some((pause, sleep)) = &mut self.pause {
            ready!(sleep.as_mut().poll(context));
            *sleep = Box::pin(time::sleep(*pause));
        }
        Poll::Ready(self.pieces.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && matches!(self.ending, Ending::AsAnnounced)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

/// The connection is to end in the middle of the answer.
#[derive(Debug)]
pub(super) struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the answer is cut off, as planned")
    }
}

impl std::error::Error for CutOff {}
