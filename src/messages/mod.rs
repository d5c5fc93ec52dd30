//! What Windows tells through window messages, and the one thread that hears it. What each message means is for the edges to say.

mod windows;
mod icon;

#[cfg(test)]
pub(crate) use icon::alone_with_the_icon;
pub use icon::{field, icon};
pub use windows::{Listening, Window, obeying_meanwhile, window};

/// As it arrives: <https://learn.microsoft.com/windows/win32/winmsg/about-messages-and-message-queues>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    pub number: u32,
    pub wparam: usize,
    pub lparam: isize,
}
