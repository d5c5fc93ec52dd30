//! macOS: the time since the last input to this session, which can only be read.

use std::ptr::{NonNull, null};
use std::time::Duration;

use objc2_core_foundation::{CFDictionary, CFNumber, CFRetained, CFString, CFType};
use objc2_core_graphics::{CGEventSource, CGEventSourceStateID, CGEventType};
use objc2_io_kit::IOPMCopyAssertionsStatus;

use super::counter::{Counted, Counter};
use super::{Lost, SourceName, Unusable, Wish};

pub(super) type Source = Counted<EventSource>;

/// It is always there: outside a session with a screen it tells of the input to the machine.
pub(super) async fn choose(wish: Wish) -> Result<Source, Vec<Unusable>> {
    Ok(Counted::new(EventSource, wish))
}

/// Nothing announces itself, and nothing has to.
pub(super) async fn sign() {
    std::future::pending().await
}

/// <https://developer.apple.com/documentation/coregraphics/cgeventsource/secondssincelasteventtype(_:eventtype:)>
pub(super) struct EventSource;

impl Counter for EventSource {
    const NAME: SourceName = SourceName::EventSource;

    /// Of the session, not of the hardware: who works here through Screen Sharing is here, and another user's keyboard is not ours.
    fn silence(&mut self) -> Result<Duration, Lost> {
        /// `kCGAnyInputEventType`
        const ANY_INPUT: CGEventType = CGEventType(u32::MAX);
        let seconds = CGEventSource::seconds_since_last_event_type(CGEventSourceStateID::CombinedSessionState, ANY_INPUT);
        // A little below zero is now.
        Ok(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    }

    fn last_input(&self) -> Option<u32> {
        None
    }

    fn is_kept_awake(&self) -> bool {
        is_display_kept_on().unwrap_or(false)
    }
}

/// <https://developer.apple.com/documentation/iokit/1557096-iopmcopyassertionsstatus>: `None` where nobody says.
fn is_display_kept_on() -> Option<bool> {
    let mut levels: *const CFDictionary = null();
    // SAFETY: writes one pointer; what it points to is ours to release.
    let levels = unsafe {
        let code = IOPMCopyAssertionsStatus(&mut levels);
        NonNull::new(levels.cast_mut()).filter(|_| code == 0).map(|levels| CFRetained::from_raw(levels))
    }?;
    // SAFETY: the keys are names of assertions, and every value is an object of Core Foundation.
    let levels = unsafe { CFRetained::cast_unchecked::<CFDictionary<CFString, CFType>>(levels) };
    let level = levels.get(&CFString::from_static_str("PreventUserIdleDisplaySleep"))?;
    Some(level.downcast_ref::<CFNumber>()?.as_i64()? > 0)
}
