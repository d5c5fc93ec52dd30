//! The loop of AppKit, which wants the main thread: it paints, and hears what macOS tells. The core runs on a thread of its own.
//!
//! The loop starts when the first thing is ordered from it, and never for a command that orders nothing. It ends with the core.

mod ear;

use std::{
    fmt, panic,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use dispatch2::DispatchQueue;
use objc2::{MainThreadMarker, MainThreadOnly, define_class, msg_send, rc::Retained, runtime::ProtocolObject};
use objc2_app_kit::{
    NSApplication, NSApplicationActivationPolicy, NSApplicationDelegate, NSApplicationTerminateReply, NSEvent, NSEventModifierFlags,
    NSEventType,
};
use objc2_core_graphics::CGSessionCopyCurrentDictionary;
use objc2_foundation::{NSActivityOptions, NSObject, NSObjectProtocol, NSPoint, NSProcessInfo, ns_string};

pub use ear::{Center, hear};

/// Nobody is at the screen of this process (ssh, a service), or [`beside`] does not run: nothing can be shown and nothing is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoLoop;

impl fmt::Display for NoLoop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("this process is not part of a session with a screen")
    }
}

impl std::error::Error for NoLoop {}

/// Runs the core on a second thread and gives back what it gives. To be called on the main thread, once.
pub fn beside<T: Send>(core: impl FnOnce() -> T + Send) -> T {
    let (calls, called) = mpsc::channel();
    if LOOP.set(Loop { calls, begun: AtomicBool::new(false) }).is_err() {
        return core();
    }
    thread::scope(|scope| {
        let core = scope.spawn(|| {
            let _end = CoreEnd;
            core()
        });
        while called.recv() == Ok(Call::Begin) {
            run();
        }
        core.join().unwrap_or_else(|cause| panic::resume_unwind(cause))
    })
}

/// Does this on the main thread, after what was ordered before.
pub fn order(order: impl FnOnce(MainThreadMarker) + Send + 'static) -> Result<(), NoLoop> {
    LOOP.get().filter(|_| is_at_a_screen()).ok_or(NoLoop)?.begin();
    DispatchQueue::main().exec_async(move || {
        if let Some(main) = MainThreadMarker::new() {
            order(main);
        }
    });
    Ok(())
}

/// Calls this on the main thread when the person logs out, or the system quits the app in any other way. It then waits for the core to end.
pub fn when_asked_to_end(listener: impl Fn() + Send + 'static) {
    *listener_for_the_end() = Some(Box::new(listener));
}

/// Whether anything was ordered: an app with an icon, and no command.
pub fn has_begun() -> bool {
    LOOP.get().is_some_and(|main_loop| main_loop.begun.load(Ordering::Acquire))
}

/// Whether there is a menu bar for this process: <https://developer.apple.com/documentation/coregraphics/cgsessioncopycurrentdictionary()>
/// gives nothing elsewhere.
pub fn is_at_a_screen() -> bool {
    CGSessionCopyCurrentDictionary().is_some()
}

static LOOP: OnceLock<Loop> = OnceLock::new();

struct Loop {
    calls: mpsc::Sender<Call>,
    begun: AtomicBool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Begin,
    CoreEnded,
}

impl Loop {
    fn begin(&self) {
        if !self.begun.swap(true, Ordering::AcqRel) {
            self.call(Call::Begin);
        }
    }

    fn call(&self, call: Call) {
        // The main thread waits for calls as long as the core lives.
        let _ = self.calls.send(call);
    }
}

/// Dropped when the core has ended, however it did.
struct CoreEnd;

impl Drop for CoreEnd {
    fn drop(&mut self) {
        if has_begun() {
            DispatchQueue::main().exec_async(end);
        }
        if let Some(main_loop) = LOOP.get() {
            main_loop.call(Call::CoreEnded);
        }
    }
}

fn run() {
    let Some(main) = MainThreadMarker::new() else {
        tracing::warn!("the loop of AppKit was not asked for on the main thread: there is no icon");
        return;
    };
    let application = NSApplication::sharedApplication(main);
    // No place in the Dock and no menu bar of its own, also where no bundle says so.
    application.setActivationPolicy(NSApplicationActivationPolicy::Accessory);
    let delegate = Delegate::new(main);
    application.setDelegate(Some(ProtocolObject::from_ref(&*delegate)));
    // Else App Nap puts the timers of an app without windows off by minutes. It keeps nobody awake: a Mac that wants to sleep does.
    let activity = NSActivityOptions::UserInitiatedAllowingIdleSystemSleep;
    let _awake = NSProcessInfo::processInfo().beginActivityWithOptions_reason(activity, ns_string!("Waits for your return"));
    application.run();
}

/// On the main thread, after the core. A log-out that waits goes on, and macOS ends the process; else the loop returns.
fn end() {
    let Some(main) = MainThreadMarker::new() else { return };
    let application = NSApplication::sharedApplication(main);
    if LOG_OUT_WAITS.load(Ordering::Acquire) {
        return application.replyToApplicationShouldTerminate(true);
    }
    application.stop(None);
    // The loop looks whether it was stopped after an event, so there has to be one.
    let event = NSEvent::otherEventWithType_location_modifierFlags_timestamp_windowNumber_context_subtype_data1_data2(
        NSEventType::ApplicationDefined,
        NSPoint::ZERO,
        NSEventModifierFlags::empty(),
        0.0,
        0,
        None,
        0,
        0,
        0,
    );
    if let Some(event) = event {
        application.postEvent_atStart(&event, true);
    }
}

static LOG_OUT_WAITS: AtomicBool = AtomicBool::new(false);

type Listener = Box<dyn Fn() + Send>;

fn listener_for_the_end() -> MutexGuard<'static, Option<Listener>> {
    static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);
    LISTENER.lock().unwrap_or_else(PoisonError::into_inner)
}

define_class!(
    // SAFETY: NSObject asks nothing of those that inherit from it, and the class has no `Drop`.
    #[unsafe(super(NSObject))]
    #[thread_kind = MainThreadOnly]
    #[name = "B24StatusDelegate"]
    struct Delegate;

    // SAFETY: the protocol asks for nothing that NSObject does not have.
    unsafe impl NSObjectProtocol for Delegate {}

    // SAFETY: the method has the signature that the protocol declares.
    unsafe impl NSApplicationDelegate for Delegate {
        #[unsafe(method(applicationShouldTerminate:))]
        fn should_terminate(&self, _application: &NSApplication) -> NSApplicationTerminateReply {
            let listener = listener_for_the_end();
            let Some(tell) = listener.as_ref() else { return NSApplicationTerminateReply::TerminateNow };
            LOG_OUT_WAITS.store(true, Ordering::Release);
            tell();
            NSApplicationTerminateReply::TerminateLater
        }
    }
);

impl Delegate {
    fn new(main: MainThreadMarker) -> Retained<Self> {
        // SAFETY: `init` of NSObject, with the arguments that it takes.
        unsafe { msg_send![Self::alloc(main), init] }
    }
}
