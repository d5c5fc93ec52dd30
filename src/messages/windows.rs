//! A window that is never shown, top-level, because broadcasts (the end of the session, power, a new taskbar) reach no other kind.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io,
    ptr::null,
    rc::Rc,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
};

use windows_sys::Win32::{
    Foundation::{HWND, LPARAM, LRESULT, WPARAM},
    System::LibraryLoader::GetModuleHandleW,
    UI::WindowsAndMessaging::{
        CS_NOCLOSE, CreateWindowExW, DefWindowProcW, DispatchMessageW, GetMessageW, MSG, PostMessageW, RegisterClassW, TranslateMessage,
        WM_APP, WM_CLOSE, WNDCLASSW,
    },
};
use windows_sys::w;

use super::Message;

/// Orders are waiting for the window's thread. Edges number their own messages from `WM_APP + 1` on.
const ORDERED: u32 = WM_APP;

/// The window of this process. It lives as long as the process does.
pub struct Window {
    handle: usize,
    orders: Mutex<VecDeque<Order>>,
}

type Order = Box<dyn FnOnce(HWND) + Send>;
type Listener = Rc<dyn Fn(&Message) -> Option<isize>>;

/// Opens the window, and starts its thread, when it is first asked for.
pub fn window() -> io::Result<&'static Window> {
    static OPENED: OnceLock<Result<Window, i32>> = OnceLock::new();
    OPENED.get_or_init(open).as_ref().map_err(|code| io::Error::from_raw_os_error(*code))
}

/// Dropped, it ends the listening.
pub struct Listening {
    window: &'static Window,
    number: u64,
}

impl Window {
    pub fn handle(&self) -> HWND {
        self.handle as HWND
    }

    /// Does this on the window's thread, after what was ordered before.
    pub fn order(&self, order: impl FnOnce(HWND) + Send + 'static) {
        self.waiting().push_back(Box::new(order));
        // SAFETY: any thread may post to any window; a window that is gone makes the call fail.
        if unsafe { PostMessageW(self.handle(), ORDERED, 0, 0) } == 0 {
            tracing::warn!(error = %io::Error::last_os_error(), "the window's thread cannot be reached");
        }
    }

    /// Hears every message from now on, on the window's thread, where the listener is made. The first listener that answers a message
    /// gives the answer; a menu that is open does not keep other messages away, so a listener may be called while it is being called.
    pub fn listen<L>(&'static self, make: impl FnOnce(HWND) -> L + Send + 'static) -> Listening
    where
        L: Fn(&Message) -> Option<isize> + 'static,
    {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        self.order(move |handle| {
            let listener: Listener = Rc::new(make(handle));
            LISTENERS.with_borrow_mut(|listeners| listeners.push((number, listener)));
        });
        Listening { window: self, number }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Order>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let number = self.number;
        self.window.order(move |_| {
            // What a listener holds may speak to the window when it is dropped: not inside the borrow.
            let _gone = LISTENERS.with_borrow_mut(|listeners| listeners.extract_if(.., |(known, _)| *known == number).next());
        });
    }
}

/// On the window's thread, inside an order that waits for the person: further orders are carried out meanwhile.
pub fn obeying_meanwhile<T>(wait: impl FnOnce() -> T) -> T {
    let was = OBEYING.swap(false, Ordering::Relaxed);
    let result = wait();
    OBEYING.store(was, Ordering::Relaxed);
    result
}

/// Asked and changed on the window's thread alone.
static OBEYING: AtomicBool = AtomicBool::new(false);

thread_local! {
    static LISTENERS: RefCell<Vec<(u64, Listener)>> = const { RefCell::new(Vec::new()) };
}

/// The code of Windows' error, if it cannot be opened.
fn open() -> Result<Window, i32> {
    let failed = |error: io::Error| error.raw_os_error().unwrap_or_default();
    let (opened, handle) = mpsc::sync_channel(1);
    let hear = move || {
        let created = create();
        let is_there = created.is_ok();
        if opened.send(created).is_ok() && is_there {
            pump();
        }
    };
    thread::Builder::new().name("window".to_owned()).spawn(hear).map_err(failed)?;
    let handle = handle.recv().map_err(|_| 0)?.map_err(failed)?;
    Ok(Window { handle, orders: Mutex::default() })
}

fn create() -> io::Result<usize> {
    let name = w!("b24status");
    // SAFETY: the class names a procedure of the right shape and a name that is static; the strings end with a zero.
    let handle = unsafe {
        let module = GetModuleHandleW(null());
        // It is in front while a menu is open, and Alt+F4 is not meant for it.
        let class = WNDCLASSW { style: CS_NOCLOSE, lpfnWndProc: Some(hear), hInstance: module, lpszClassName: name, ..Default::default() };
        if RegisterClassW(&class) == 0 {
            return Err(io::Error::last_os_error());
        }
        CreateWindowExW(0, name, name, 0, 0, 0, 0, 0, std::ptr::null_mut(), std::ptr::null_mut(), module, null())
    };
    if handle.is_null() { Err(io::Error::last_os_error()) } else { Ok(handle as usize) }
}

fn pump() {
    let mut message = MSG::default();
    // SAFETY: `message` is written before it is read. A negative answer is an error, which only a wrong window can cause.
    unsafe {
        while GetMessageW(&mut message, std::ptr::null_mut(), 0, 0) > 0 {
            TranslateMessage(&message);
            DispatchMessageW(&message);
        }
    }
}

unsafe extern "system" fn hear(handle: HWND, number: u32, wparam: WPARAM, lparam: LPARAM) -> LRESULT {
    if number == ORDERED {
        obey(handle);
        return 0;
    }
    let message = Message { number, wparam, lparam };
    let listeners: Vec<_> = LISTENERS.with_borrow(|listeners| listeners.iter().map(|(_, listener)| Rc::clone(listener)).collect());
    match listeners.iter().find_map(|listener| listener(&message)) {
        Some(answer) => answer,
        // The window is there for as long as the process.
        None if number == WM_CLOSE => 0,
        // SAFETY: the arguments are those that Windows gave.
        None => unsafe { DefWindowProcW(handle, number, wparam, lparam) },
    }
}

/// Everything that waits; an order may give further ones. An order that calls Windows may let a message in, and what is ordered by that comes
/// after it: whoever orders may hold a lock.
fn obey(handle: HWND) {
    let Ok(window) = window() else { return };
    if OBEYING.swap(true, Ordering::Relaxed) {
        return;
    }
    loop {
        let order = window.waiting().pop_front();
        match order {
            Some(order) => order(handle),
            None => break,
        }
    }
    OBEYING.store(false, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use windows_sys::Win32::UI::WindowsAndMessaging::{IsWindow, SendMessageW};

    use super::*;

    const SAID: u32 = WM_APP + 99;
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn orders_are_obeyed_in_turn_on_one_thread() {
        let (told, heard) = mpsc::channel();
        for number in 0..3 {
            let told = told.clone();
            window().unwrap().order(move |_| told.send((number, thread::current().id())).unwrap());
        }
        let obeyed: Vec<_> = (0..3).map(|_| heard.recv_timeout(PATIENCE).unwrap()).collect();
        assert_eq!(obeyed.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(obeyed.iter().all(|(_, thread)| *thread == obeyed[0].1 && *thread != thread::current().id()));
    }

    #[test]
    fn what_is_ordered_by_a_message_that_came_in_waits_for_the_order_under_way() {
        let (told, heard) = mpsc::channel();
        window().unwrap().order(move |handle| {
            let (inside, meanwhile) = (told.clone(), told.clone());
            let order_and_look = |word: &'static str, told: mpsc::Sender<&'static str>| {
                window().unwrap().order(move |_| told.send(word).unwrap());
                // SAFETY: the window is of this thread, which hears the message at once.
                unsafe { SendMessageW(handle, ORDERED, 0, 0) };
            };
            order_and_look("after it", inside);
            told.send("the order").unwrap();
            obeying_meanwhile(|| order_and_look("while it waits", meanwhile));
            told.send("its end").unwrap();
        });
        let words: Vec<_> = (0..4).map(|_| heard.recv_timeout(PATIENCE).unwrap()).collect();
        assert_eq!(words, ["the order", "after it", "while it waits", "its end"]);
    }

    #[test]
    fn nobody_closes_the_window() {
        let (told, heard) = mpsc::channel();
        window().unwrap().order(move |handle| {
            // SAFETY: the window is of this thread; a number is asked.
            let stays = unsafe { SendMessageW(handle, WM_CLOSE, 0, 0) == 0 && IsWindow(handle) != 0 };
            told.send(stays).unwrap();
        });
        assert_eq!(heard.recv_timeout(PATIENCE), Ok(true));
    }

    #[test]
    fn a_listener_hears_until_it_is_dropped() {
        let window = window().unwrap();
        let (told, heard) = mpsc::channel();
        let listening = window.listen(move |_| {
            move |message: &Message| {
                if message.number == SAID {
                    told.send(*message).unwrap();
                }
                None
            }
        });
        let say = |wparam| {
            window.order(move |handle| {
                // SAFETY: posting a number.
                unsafe { PostMessageW(handle, SAID, wparam, -1) };
            });
        };
        say(7);
        assert_eq!(heard.recv_timeout(PATIENCE), Ok(Message { number: SAID, wparam: 7, lparam: -1 }));
        drop(listening);
        say(8);
        assert_eq!(heard.recv_timeout(PATIENCE), Err(mpsc::RecvTimeoutError::Disconnected));
    }
}
