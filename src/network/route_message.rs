//! What macOS writes into a routing socket: `struct rt_msghdr` and its kin of `net/route.h`, as far as a new way shows in it.

/// Of IPv4 alone, which the socket sees to: whether an address or a way to elsewhere appeared.
pub(super) fn way_appeared(message: &[u8]) -> bool {
    const VERSION: u8 = 5;
    const RTM_ADD: u8 = 0x1;
    const RTM_CHANGE: u8 = 0x3;
    const RTM_NEWADDR: u8 = 0xc;
    match message {
        [_, _, VERSION, RTM_NEWADDR, ..] => true,
        [_, _, VERSION, RTM_ADD | RTM_CHANGE, ..] => leads_out(message),
        _ => false,
    }
}

/// Through a gateway to a whole network; no neighbour, and no copy that the kernel makes for one connection.
fn leads_out(message: &[u8]) -> bool {
    const RTF_GATEWAY: u32 = 0x2;
    const RTF_HOST: u32 = 0x4;
    const RTF_WASCLONED: u32 = 0x20000;
    let Some(flags) = message.get(8..).and_then(|flags| flags.first_chunk()) else { return false };
    let flags = u32::from_ne_bytes(*flags);
    flags & RTF_GATEWAY != 0 && flags & (RTF_HOST | RTF_WASCLONED) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_address_and_a_new_gateway_are_ways() {
        assert!(way_appeared(&message(0xc, 0)));
        assert!(way_appeared(&message(0x1, 0x803)));
        assert!(way_appeared(&message(0x3, 0x803)));
    }

    #[test]
    fn neighbours_copies_and_ends_are_not() {
        for (kind, flags) in [(0x1, 0x405), (0x1, 0x20003), (0x1, 0x1), (0x2, 0x803), (0xd, 0), (0xe, 0x803)] {
            assert!(!way_appeared(&message(kind, flags)), "{kind:#x} {flags:#x}");
        }
    }

    #[test]
    fn what_is_cut_off_or_of_another_version_is_nothing() {
        let whole = message(0x1, 0x803);
        assert!(!(0..12).any(|length| way_appeared(&whole[..length])));
        let other = [&whole[..2], &[4], &whole[3..]].concat();
        assert!(!way_appeared(&other));
    }

    fn message(kind: u8, flags: u32) -> Vec<u8> {
        let mut message = vec![92, 0, 5, kind, 4, 0, 0, 0];
        message.extend(flags.to_ne_bytes());
        message.resize(92, 0);
        message
    }
}
