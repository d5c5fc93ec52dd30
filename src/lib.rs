//! b24status: your Bitrix24 status in the system tray, idle by itself.
//!
//! What stands without `resident` is what the window, a program of its own, is made of as well.

pub mod presence;

#[cfg(feature = "resident")]
pub mod portal;
#[cfg(feature = "resident")]
pub mod tray;
#[cfg(feature = "resident")]
pub mod idle;
#[cfg(feature = "resident")]
pub mod session;
#[cfg(feature = "resident")]
pub mod keyring;
#[cfg(feature = "resident")]
pub mod autostart;
pub mod control;
#[cfg(feature = "resident")]
pub mod network;
#[cfg(feature = "resident")]
pub mod notify;
#[cfg(feature = "resident")]
pub mod opener;
#[cfg(feature = "resident")]
pub mod loopback;
#[cfg(feature = "resident")]
pub mod window_process;
#[cfg(feature = "resident")]
pub mod clock;
#[cfg(feature = "resident")]
pub mod heap;
#[cfg(feature = "resident")]
pub mod console;
#[cfg(all(feature = "resident", target_os = "linux"))]
pub mod bus;
#[cfg(all(feature = "resident", windows))]
pub mod messages;
#[cfg(feature = "resident")]
pub mod main_loop;

#[cfg(feature = "resident")]
pub mod settings;
#[cfg(feature = "resident")]
pub mod store;
pub mod paths;
pub mod file;
pub mod words;
#[cfg(feature = "resident")]
pub mod log;
pub mod text;

#[cfg(feature = "resident")]
pub mod sign_in;
#[cfg(feature = "resident")]
pub mod app;
#[cfg(feature = "resident")]
pub mod cli;
#[cfg(feature = "resident")]
pub mod doctor;
#[cfg(feature = "resident")]
pub mod demo;
