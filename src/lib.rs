//! b24status: your Bitrix24 status in the system tray, idle by itself.

pub mod presence;

pub mod portal;
pub mod tray;
pub mod idle;
pub mod session;
pub mod keyring;
pub mod autostart;
pub mod control;
pub mod network;
pub mod notify;
pub mod opener;
pub mod clock;
pub mod heap;
pub mod console;
#[cfg(target_os = "linux")]
pub mod bus;
#[cfg(windows)]
pub mod messages;
pub mod main_loop;

pub mod settings;
pub mod store;
pub mod paths;
pub mod file;
pub mod words;
pub mod log;
pub mod text;

pub mod app;
pub mod cli;
pub mod doctor;
pub mod demo;
