//! Windows: the IP helper tells of IPv4 addresses and routes. IPv6 is left out on purpose: every router advertisement would wake us.

use std::collections::HashSet;
use std::ffi::c_void;
use std::io;
use std::net::Ipv4Addr;
use std::ptr::{null_mut, slice_from_raw_parts};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{Instant, timeout_at};
use windows_sys::Win32::Foundation::{HANDLE, NO_ERROR, WIN32_ERROR};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    CancelMibChangeNotify2, FreeMibTable, GetUnicastIpAddressEntry, GetUnicastIpAddressTable, MIB_IPFORWARD_ROW2, MIB_NOTIFICATION_TYPE,
    MIB_UNICASTIPADDRESS_ROW, MibAddInstance, MibDeleteInstance, MibParameterNotification, NotifyRouteChange2,
    NotifyUnicastIpAddressChange,
};
use windows_sys::Win32::Networking::WinSock::{AF_INET, IpDadStatePreferred, SOCKADDR_INET};

use super::Changed;

pub(super) async fn watch(changes: UnboundedSender<Changed>) -> io::Result<()> {
    /// A cable, an address and its routes come together.
    const BURST: Duration = Duration::from_secs(1);
    let (told, mut news) = unbounded_channel();
    let _notices = Notices::ask_for(told)?;
    while news.recv().await.is_some() {
        let over = Instant::now() + BURST;
        while let Ok(Some(WayAppeared)) = timeout_at(over, news.recv()).await {}
        tracing::debug!("the network changed");
        if changes.send(Changed).is_err() {
            break;
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct WayAppeared;

/// What Windows has been asked for. Its threads call until this is dropped.
struct Notices {
    /// Handles, as numbers: they go where the task goes.
    asked: Vec<usize>,
    /// Windows has its address.
    ear: Arc<Ear>,
}

impl Notices {
    /// Asks first and looks after that, so that no address is missed.
    fn ask_for(told: UnboundedSender<WayAppeared>) -> io::Result<Self> {
        let mut notices = Self { asked: Vec::new(), ear: Arc::new(Ear { known: Mutex::default(), told }) };
        let ear = Arc::as_ptr(&notices.ear).cast::<c_void>();
        let (mut addresses, mut routes): (HANDLE, HANDLE) = (null_mut(), null_mut());
        // SAFETY: the ear lives until the notice is cancelled, when it is dropped; the handle is written to only.
        succeeded(unsafe { NotifyUnicastIpAddressChange(AF_INET, Some(address_changed), ear, false, &raw mut addresses) })?;
        notices.asked.push(addresses as usize);
        // SAFETY: as above.
        succeeded(unsafe { NotifyRouteChange2(AF_INET, Some(route_changed), ear, false, &raw mut routes) })?;
        notices.asked.push(routes as usize);
        notices.ear.know(&addresses_now()?);
        Ok(notices)
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        for handle in self.asked.drain(..) {
            // SAFETY: was asked for and not cancelled before; it waits for a call under way, which waits for nobody.
            unsafe { CancelMibChangeNotify2(handle as HANDLE) };
        }
    }
}

/// Called on threads of the system.
struct Ear {
    known: Mutex<Known>,
    told: UnboundedSender<WayAppeared>,
}

impl Ear {
    fn know(&self, addresses: &[Address]) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).0.extend(addresses);
    }

    fn address(&self, address: Address, use_: Use) {
        let appeared = self.known.lock().unwrap_or_else(PoisonError::into_inner).learn(address, use_);
        self.tell(appeared);
    }

    fn tell(&self, appeared: Option<WayAppeared>) {
        if let Some(appeared) = appeared {
            // Whoever wanted to know has ended, and cancels.
            let _ = self.told.send(appeared);
        }
    }
}

/// The addresses that can be used: one whose lease is renewed is announced like a new one, and is none.
#[derive(Default)]
struct Known(HashSet<Address>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Address {
    interface: u64,
    local: Ipv4Addr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Usable,
    /// Taken away, or not yet sure that no neighbour has it.
    Not,
}

impl Known {
    fn learn(&mut self, address: Address, use_: Use) -> Option<WayAppeared> {
        match use_ {
            Use::Usable => (self.0.insert(address) && reaches_out(address.local)).then_some(WayAppeared),
            Use::Not => {
                self.0.remove(&address);
                None
            }
        }
    }
}

/// Further than this machine and its cable.
fn reaches_out(address: Ipv4Addr) -> bool {
    !(address.is_loopback() || address.is_link_local() || address.is_unspecified())
}

/// Only the keys of the row are filled: <https://learn.microsoft.com/windows/win32/api/netioapi/nf-netioapi-notifyunicastipaddresschange>
unsafe extern "system" fn address_changed(ear: *const c_void, row: *const MIB_UNICASTIPADDRESS_ROW, kind: MIB_NOTIFICATION_TYPE) {
    // SAFETY: the context is the ear that was given, which lives until this notice is cancelled.
    let ear = unsafe { &*ear.cast::<Ear>() };
    // SAFETY: Windows gives a row or none.
    let Some(mut row) = unsafe { row.as_ref() }.copied() else { return };
    let Some(address) = address(&row) else { return };
    match kind {
        #[expect(non_upper_case_globals, reason = "Windows' own names")]
        MibAddInstance | MibParameterNotification => {
            // SAFETY: the row is ours, and its keys are filled.
            let found = unsafe { GetUnicastIpAddressEntry(&raw mut row) } == NO_ERROR;
            ear.address(address, if found { usability(&row) } else { Use::Not });
        }
        #[expect(non_upper_case_globals, reason = "Windows' own names")]
        MibDeleteInstance => ear.address(address, Use::Not),
        _ => {}
    }
}

unsafe extern "system" fn route_changed(ear: *const c_void, row: *const MIB_IPFORWARD_ROW2, kind: MIB_NOTIFICATION_TYPE) {
    // SAFETY: the context is the ear that was given, which lives until this notice is cancelled.
    let ear = unsafe { &*ear.cast::<Ear>() };
    // SAFETY: Windows gives a row or none.
    let Some(row) = (unsafe { row.as_ref() }) else { return };
    ear.tell((kind == MibAddInstance && leads_out(row)).then_some(WayAppeared));
}

/// By way of somebody else. What lies on the cable itself comes with an address.
fn leads_out(row: &MIB_IPFORWARD_ROW2) -> bool {
    ipv4(&row.NextHop).is_some_and(|hop| !hop.is_unspecified() && !row.Loopback)
}

fn usability(row: &MIB_UNICASTIPADDRESS_ROW) -> Use {
    if row.DadState == IpDadStatePreferred { Use::Usable } else { Use::Not }
}

fn address(row: &MIB_UNICASTIPADDRESS_ROW) -> Option<Address> {
    // SAFETY: both members of the union are the same 64 bits.
    let interface = unsafe { row.InterfaceLuid.Value };
    ipv4(&row.Address).map(|local| Address { interface, local })
}

fn ipv4(address: &SOCKADDR_INET) -> Option<Ipv4Addr> {
    // SAFETY: every member of the union begins with the family.
    if unsafe { address.si_family } != AF_INET {
        return None;
    }
    // SAFETY: of this family it is this member, and its address is 32 bits however they are looked at.
    Some(Ipv4Addr::from(unsafe { address.Ipv4.sin_addr.S_un.S_addr }.to_ne_bytes()))
}

fn addresses_now() -> io::Result<Vec<Address>> {
    let mut table = null_mut();
    // SAFETY: the place is there to be written to.
    succeeded(unsafe { GetUnicastIpAddressTable(AF_INET, &raw mut table) })?;
    // SAFETY: Windows made a table with as many rows as it says, one after another.
    let rows =
        unsafe { &*slice_from_raw_parts((&raw const (*table).Table).cast::<MIB_UNICASTIPADDRESS_ROW>(), (*table).NumEntries as usize) };
    let usable = rows.iter().filter(|row| usability(row) == Use::Usable).filter_map(address).collect();
    // SAFETY: Windows allocated it for this, and it is not used any more.
    unsafe { FreeMibTable(table.cast()) };
    Ok(usable)
}

fn succeeded(error: WIN32_ERROR) -> io::Result<()> {
    if error == NO_ERROR { Ok(()) } else { Err(io::Error::from_raw_os_error(error as i32)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CABLE: u64 = 7;

    #[test]
    fn an_address_is_news_when_it_can_be_used_and_once() {
        let mut known = Known::default();
        let office = at(CABLE, [192, 0, 2, 2]);
        for (use_, news) in
            [(Use::Not, None), (Use::Usable, Some(WayAppeared)), (Use::Usable, None), (Use::Not, None), (Use::Usable, Some(WayAppeared))]
        {
            assert_eq!(known.learn(office, use_), news);
        }
        assert_eq!(known.learn(at(CABLE + 1, [192, 0, 2, 2]), Use::Usable), Some(WayAppeared));
        for narrow in [[127, 0, 0, 2], [169, 254, 7, 7], [0, 0, 0, 0]] {
            assert_eq!(known.learn(at(CABLE, narrow), Use::Usable), None, "{narrow:?}");
        }
    }

    #[test]
    fn a_route_leads_out_by_way_of_somebody_else() {
        assert!(leads_out(&route([192, 0, 2, 1])));
        assert!(!leads_out(&route([0, 0, 0, 0])));
        assert!(!leads_out(&MIB_IPFORWARD_ROW2 { Loopback: true, ..route([127, 0, 0, 1]) }));
        assert!(!leads_out(&MIB_IPFORWARD_ROW2::default()));
    }

    #[test]
    fn what_windows_calls_is_told_and_what_says_nothing_is_not() {
        let (told, mut news) = unbounded_channel();
        let ear = Ear { known: Mutex::default(), told };
        let context = (&raw const ear).cast::<c_void>();
        let (way, cable) = (route([192, 0, 2, 1]), route([0, 0, 0, 0]));
        // SAFETY: the ear and the rows outlive the calls.
        unsafe {
            route_changed(context, &raw const way, MibAddInstance);
            route_changed(context, &raw const way, MibDeleteInstance);
            route_changed(context, &raw const way, MibParameterNotification);
            route_changed(context, &raw const cable, MibAddInstance);
            route_changed(context, std::ptr::null(), MibAddInstance);
            address_changed(context, std::ptr::null(), MibAddInstance);
            address_changed(context, &MIB_UNICASTIPADDRESS_ROW::default(), MibAddInstance);
        }
        assert_eq!((news.try_recv().ok(), news.try_recv().ok()), (Some(WayAppeared), None));
    }

    #[tokio::test]
    async fn windows_is_asked_knows_an_address_and_is_told_to_stop() {
        assert!(addresses_now().unwrap().iter().any(|address| address.local.is_loopback()));
        let (changes, mut told) = unbounded_channel();
        let watch = crate::network::watch(changes);
        assert!(tokio::time::timeout(Duration::from_millis(200), told.recv()).await.is_err());
        drop(watch);
        assert_eq!(told.recv().await, None);
    }

    fn at(interface: u64, local: [u8; 4]) -> Address {
        Address { interface, local: local.into() }
    }

    fn route(hop: [u8; 4]) -> MIB_IPFORWARD_ROW2 {
        let mut row = MIB_IPFORWARD_ROW2::default();
        row.NextHop.Ipv4.sin_family = AF_INET;
        row.NextHop.Ipv4.sin_addr.S_un.S_addr = u32::from_ne_bytes(hop);
        row
    }
}
