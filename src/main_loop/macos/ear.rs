//! Notifications of macOS, heard on the main thread for as long as the process lives.

use std::cell::RefCell;

use objc2::{DefinedClass, MainThreadMarker, MainThreadOnly, define_class, msg_send, rc::Retained, sel};
use objc2_app_kit::NSWorkspace;
use objc2_foundation::{
    NSDistributedNotificationCenter, NSNotification, NSNotificationCenter, NSNotificationSuspensionBehavior, NSObject, NSObjectProtocol,
    NSString,
};

/// Who tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Center {
    /// What concerns this process.
    Process,
    /// Sleep, wake, another user at the screen.
    Workspace,
    /// What processes tell each other.
    Distributed,
}

/// Hears every notification of this name from now on, on the main thread.
pub fn hear(center: Center, name: &NSString, heard: impl Fn() + 'static, main: MainThreadMarker) {
    let ear = Ear::new(Box::new(heard), main);
    // SAFETY: the selector is that of a method of `Ear` with one argument, a notification, and no ear is ever dropped.
    unsafe {
        match center {
            Center::Process => {
                NSNotificationCenter::defaultCenter().addObserver_selector_name_object(&ear, sel!(heard:), Some(name), None);
            }
            Center::Workspace => {
                let center = NSWorkspace::sharedWorkspace().notificationCenter();
                center.addObserver_selector_name_object(&ear, sel!(heard:), Some(name), None);
            }
            // AppKit holds these back while an app is not the active one, which this app never is.
            Center::Distributed => NSDistributedNotificationCenter::defaultCenter().addObserver_selector_name_object_suspensionBehavior(
                &ear,
                sel!(heard:),
                Some(name),
                None,
                NSNotificationSuspensionBehavior::DeliverImmediately,
            ),
        }
    }
    EARS.with_borrow_mut(|ears| ears.push(ear));
}

thread_local! {
    static EARS: RefCell<Vec<Retained<Ear>>> = const { RefCell::new(Vec::new()) };
}

define_class!(
    // SAFETY: NSObject asks nothing of those that inherit from it, and the class has no `Drop`.
    #[unsafe(super(NSObject))]
    #[thread_kind = MainThreadOnly]
    #[name = "B24StatusEar"]
    #[ivars = Box<dyn Fn()>]
    struct Ear;

    impl Ear {
        #[unsafe(method(heard:))]
        fn heard(&self, _notification: &NSNotification) {
            self.ivars()();
        }
    }

    // SAFETY: the protocol asks for nothing that NSObject does not have.
    unsafe impl NSObjectProtocol for Ear {}
);

impl Ear {
    fn new(heard: Box<dyn Fn()>, main: MainThreadMarker) -> Retained<Self> {
        let ear = Self::alloc(main).set_ivars(heard);
        // SAFETY: `init` of NSObject, with the arguments that it takes.
        unsafe { msg_send![super(ear), init] }
    }
}
