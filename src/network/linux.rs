//! Linux: rtnetlink tells of IPv4 addresses and routes. IPv6 is left out on purpose: every router advertisement would wake us.

use std::collections::HashSet;
use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recv, send, socket_with};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, timeout_at};

use super::Changed;

pub(super) async fn watch(changes: UnboundedSender<Changed>) -> io::Result<()> {
    /// A cable, an address and its routes come together.
    const BURST: Duration = Duration::from_secs(1);
    let mut network = Network::open()?;
    loop {
        while network.heard().await? == News::Nothing {}
        let over = Instant::now() + BURST;
        while let Ok(heard) = timeout_at(over, network.heard()).await {
            heard?;
        }
        tracing::debug!("the network changed");
        if changes.send(Changed).is_err() {
            return Ok(());
        }
    }
}

struct Network {
    socket: AsyncFd<OwnedFd>,
    known: Known,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Nothing,
    WayAppeared,
}

impl Network {
    fn open() -> io::Result<Self> {
        /// From `linux/rtnetlink.h`.
        const RTMGRP_IPV4_IFADDR: u32 = 0x10;
        const RTMGRP_IPV4_ROUTE: u32 = 0x40;
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        // No protocol is protocol 0: NETLINK_ROUTE.
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?;
        bind(&socket, &SocketAddrNetlink::new(0, RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE))?;
        // SAFETY: the socket is open and owned; nothing here replaces or closes it while it is registered.
        let socket = unsafe { AsyncFd::register_with_interest(socket, Interest::READABLE) }?;
        let network = Self { socket, known: Known::default() };
        network.ask_for_addresses()?;
        Ok(network)
    }

    /// The next datagram, and whether it is of interest. May be dropped at any point.
    async fn heard(&mut self) -> io::Result<News> {
        let Self { socket, known } = self;
        let heard = socket.async_io(Interest::READABLE, |socket| {
            let mut datagram = [0; 8192];
            let (length, _) = recv(socket, &mut datagram, RecvFlags::empty())?;
            Ok(known.learn(&datagram[..length]))
        });
        match heard.await {
            Err(error) if error.raw_os_error() == Some(Errno::NOBUFS.raw_os_error()) => {
                // More happened than the socket holds: whatever it was, a way may have appeared.
                self.ask_for_addresses()?;
                Ok(News::WayAppeared)
            }
            heard => heard,
        }
    }

    fn ask_for_addresses(&self) -> io::Result<()> {
        send(self.socket.get_ref(), &addresses_wanted(), SendFlags::empty())?;
        Ok(())
    }
}

/// The addresses that are there: a lease that is renewed is announced like a new one, and is none.
#[derive(Default)]
struct Known(HashSet<Address>);

#[derive(PartialEq, Eq, Hash)]
struct Address {
    interface: [u8; 4],
    local: [u8; 4],
}

impl Known {
    fn learn(&mut self, datagram: &[u8]) -> News {
        let mut news = News::Nothing;
        for message in messages(datagram) {
            if self.note(&message) == News::WayAppeared {
                news = News::WayAppeared;
            }
        }
        news
    }

    fn note(&mut self, message: &Message<'_>) -> News {
        let appeared = match message.kind {
            RTM_NEWADDR => address(message.body).is_some_and(|address| self.0.insert(address)) && !message.listed(),
            RTM_NEWROUTE => leads_out(message.body),
            RTM_DELADDR => {
                address(message.body).map(|address| self.0.remove(&address));
                false
            }
            _ => false,
        };
        if appeared { News::WayAppeared } else { News::Nothing }
    }
}

// From `linux/rtnetlink.h` and `linux/netlink.h`.
const RTM_NEWADDR: u16 = 20;
const RTM_DELADDR: u16 = 21;
const RTM_GETADDR: u16 = 22;
const RTM_NEWROUTE: u16 = 24;
const NLM_F_REQUEST: u16 = 0x1;
const NLM_F_MULTI: u16 = 0x2;
const NLM_F_DUMP: u16 = 0x300;
const HEADER: usize = 16;
const ADDRESSES_WANTED: usize = HEADER + 8;

/// `struct nlmsghdr` with what follows it.
struct Message<'a> {
    kind: u16,
    flags: u16,
    body: &'a [u8],
}

impl Message<'_> {
    /// An answer to [`addresses_wanted`], and so nothing new.
    fn listed(&self) -> bool {
        self.flags & NLM_F_MULTI != 0
    }
}

fn messages(mut datagram: &[u8]) -> impl Iterator<Item = Message<'_>> {
    std::iter::from_fn(move || {
        let length = usize::try_from(u32::from_ne_bytes(*datagram.first_chunk()?)).ok()?;
        let kind = u16::from_ne_bytes(*datagram.get(4..)?.first_chunk()?);
        let flags = u16::from_ne_bytes(*datagram.get(6..)?.first_chunk()?);
        let body = datagram.get(HEADER..length)?;
        datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(Message { kind, flags, body })
    })
}

/// Of `struct ifaddrmsg` and its attributes: the address, if it reaches further than this machine and its cable.
fn address(body: &[u8]) -> Option<Address> {
    const RT_SCOPE_LINK: u8 = 253;
    const IFA_LOCAL: u16 = 2;
    let (head, attributes) = body.split_first_chunk::<8>()?;
    let &[_family, _prefix, _flags, scope, interface @ ..] = head;
    let local = attribute(attributes, IFA_LOCAL)?.first_chunk()?;
    (scope < RT_SCOPE_LINK).then_some(Address { interface, local: *local })
}

/// Of `struct rtmsg`: a route to elsewhere, not an address of this machine and no copy from a cache.
fn leads_out(body: &[u8]) -> bool {
    const RT_TABLE_LOCAL: u8 = 255;
    const RTN_UNICAST: u8 = 1;
    const RTM_F_CLONED: u32 = 0x200;
    let Some(&[_family, _to, _from, _service, table, _protocol, _scope, kind, flags @ ..]) = body.first_chunk::<12>() else { return false };
    table != RT_TABLE_LOCAL && kind == RTN_UNICAST && u32::from_ne_bytes(flags) & RTM_F_CLONED == 0
}

/// The first of this kind in a row of `struct rtattr`.
fn attribute(mut attributes: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16::from_ne_bytes(*attributes.first_chunk()?));
        let kind = u16::from_ne_bytes(*attributes.get(2..)?.first_chunk()?);
        let value = attributes.get(4..length)?;
        if kind == wanted {
            return Some(value);
        }
        attributes = attributes.get(length.next_multiple_of(4)..)?;
    }
}

/// `struct nlmsghdr` and `struct ifaddrmsg`: every IPv4 address, please.
fn addresses_wanted() -> [u8; ADDRESSES_WANTED] {
    const AF_INET: u8 = 2;
    let mut request = [0; ADDRESSES_WANTED];
    request[..4].copy_from_slice(&(ADDRESSES_WANTED as u32).to_ne_bytes());
    request[4..6].copy_from_slice(&RTM_GETADDR.to_ne_bytes());
    request[6..8].copy_from_slice(&(NLM_F_REQUEST | NLM_F_DUMP).to_ne_bytes());
    request[HEADER] = AF_INET;
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Write as _, process::Command};
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    /// Set in the network namespace.
    const INSIDE: &str = "B24STATUS_TEST_IN_NAMESPACE";

    #[test]
    fn a_new_way_is_told_once_and_a_renewed_lease_never() {
        in_a_network_of_its_own("network::linux::tests::a_new_way_is_told_once_and_a_renewed_lease_never", async {
            ip("link add cable type veth peer name socket");
            ip("link set socket up");
            ip("address add 192.0.2.2/24 dev cable");
            ip("link set cable up");
            let (changes, mut told) = unbounded_channel();
            let _watch = crate::network::watch(changes);
            nothing_more(&mut told).await;

            ip("address change 192.0.2.2/24 dev cable valid_lft 600 preferred_lft 600");
            ip("link set lo up");
            ip("address add 127.0.0.2/8 dev lo scope host");
            ip("address add 169.254.7.7/16 dev cable scope link noprefixroute");
            nothing_more(&mut told).await;

            ip("address add 198.51.100.2/24 dev cable");
            ip("route add default via 198.51.100.1 dev cable");
            once(&mut told).await;

            ip("route del default");
            ip("address del 198.51.100.2/24 dev cable");
            nothing_more(&mut told).await;

            ip("address add 198.51.100.2/24 dev cable");
            once(&mut told).await;
        });
    }

    #[test]
    fn what_the_kernel_would_never_send_is_no_news() {
        for length in 0..64 {
            assert_eq!(Known::default().learn(&vec![0; length]), News::Nothing);
            assert_eq!(Known::default().learn(&vec![0xff; length]), News::Nothing);
        }
        let mut cut_short = addresses_wanted();
        cut_short[4..6].copy_from_slice(&RTM_NEWADDR.to_ne_bytes());
        assert_eq!(Known::default().learn(&cut_short), News::Nothing);
    }

    async fn once(told: &mut UnboundedReceiver<Changed>) {
        assert_eq!(tokio::time::timeout(Duration::from_secs(5), told.recv()).await, Ok(Some(Changed)));
        nothing_more(told).await;
    }

    async fn nothing_more(told: &mut UnboundedReceiver<Changed>) {
        assert!(tokio::time::timeout(Duration::from_millis(1500), told.recv()).await.is_err());
    }

    /// Runs the body in a new network namespace, which is empty and reaches nothing.
    fn in_a_network_of_its_own(test: &str, body: impl Future<Output = ()>) {
        if std::env::var_os(INSIDE).is_some() {
            return tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(body);
        }
        let permitted = Command::new("unshare").args(["--net", "ip", "link"]).output().is_ok_and(|output| output.status.success());
        if !permitted {
            assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "{test} may not be skipped in CI");
            // Past the capture of the test runner, so that it is read.
            let _ =
                writeln!(std::io::stderr(), "skipped {test}: a network namespace is not permitted here, or unshare or ip is not installed");
            return;
        }
        let this = std::env::current_exe().unwrap();
        let output =
            Command::new("unshare").arg("--net").arg(this).args(["--exact", test, "--nocapture"]).env(INSIDE, "1").output().unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }

    fn ip(words: &str) {
        let output = Command::new("ip").args(words.split(' ')).output().unwrap();
        assert!(output.status.success(), "ip {words}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
