//! macOS: a routing socket tells of IPv4 addresses and routes, to everybody who reads it. IPv6 is left out on purpose: every router
//! advertisement would wake us.

use std::io;
use std::num::NonZeroU32;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::io::{Errno, FdFlags, fcntl_setfd, ioctl_fionbio};
use rustix::net::{AddressFamily, Protocol, RecvFlags, SocketType, recv, socket};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, timeout_at};

use super::{Changed, route_message::way_appeared};

pub(super) async fn watch(changes: UnboundedSender<Changed>) -> io::Result<()> {
    /// A cable, an address and its routes come together.
    const BURST: Duration = Duration::from_secs(1);
    let socket = open()?;
    loop {
        while !heard(&socket).await? {}
        let over = Instant::now() + BURST;
        while let Ok(heard) = timeout_at(over, heard(&socket)).await {
            heard?;
        }
        tracing::debug!("the network changed");
        if changes.send(Changed).is_err() {
            return Ok(());
        }
    }
}

/// `man 4 route`: with the number of a family as its protocol, the socket is told of that family alone.
fn open() -> io::Result<AsyncFd<OwnedFd>> {
    let family = NonZeroU32::new(AddressFamily::INET.as_raw().into()).map(Protocol::from_raw);
    let socket = socket(AddressFamily::ROUTE, SocketType::RAW, family)?;
    fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
    ioctl_fionbio(&socket, true)?;
    // SAFETY: the socket is open and owned; nothing here replaces or closes it while it is registered.
    Ok(unsafe { AsyncFd::register_with_interest(socket, Interest::READABLE) }?)
}

/// Whether the next message is of interest. May be dropped at any point.
async fn heard(socket: &AsyncFd<OwnedFd>) -> io::Result<bool> {
    let heard = socket.async_io(Interest::READABLE, |socket| {
        let mut message = [0; 2048];
        let (length, _) = recv(socket, &mut message, RecvFlags::empty())?;
        Ok(way_appeared(&message[..length]))
    });
    match heard.await {
        // More happened than the socket holds: whatever it was, a way may have appeared.
        Err(error) if error.raw_os_error() == Some(Errno::NOBUFS.raw_os_error()) => Ok(true),
        heard => heard,
    }
}
