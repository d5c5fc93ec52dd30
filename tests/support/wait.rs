//! Waiting for something that only the outside can tell: a screen, another process, its log. The only place in the tests that looks again and
//! again; what announces itself is awaited as an event.

use std::time::{Duration, Instant};

/// How often the outside is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Until `condition` holds; fails the test after `limit`. `what` completes the sentence "waited in vain for …".
#[track_caller]
pub fn wait_for(what: &str, limit: Duration, mut condition: impl FnMut() -> bool) {
    wait_for_some(what, limit, || condition().then_some(()));
}

/// Until `find` finds something, and that; fails the test after `limit`.
#[track_caller]
pub fn wait_for_some<T>(what: &str, limit: Duration, mut find: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(Instant::now() < end, "waited in vain for {what}, {limit:?}");
        std::thread::sleep(LOOK);
    }
}
