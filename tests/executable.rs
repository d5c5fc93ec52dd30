//! What Windows reads in the executable itself: no console, the icon, the version, how it is to be treated.
#![cfg(windows)]
#![allow(clippy::unwrap_used, reason = "a failure here is one of the test")]

use std::fs;

#[test]
fn it_opens_no_console() {
    const WINDOWS_GUI: u16 = 2;
    let program = program();
    let header = u32::from_le_bytes(program[0x3c..0x40].try_into().unwrap()) as usize;
    // Of the optional header, which follows 24 bytes of the other one.
    let subsystem = header + 24 + 68;
    assert_eq!(u16::from_le_bytes(program[subsystem..subsystem + 2].try_into().unwrap()), WINDOWS_GUI);
}

#[test]
fn it_is_sharp_at_every_scale_and_asks_for_no_rights() {
    for word in ["PerMonitorV2", "requestedExecutionLevel level=\"asInvoker\"", ">UTF-8<", "Microsoft.Windows.Common-Controls"] {
        assert!(holds(word.as_bytes()), "{word}");
    }
}

#[test]
fn it_says_what_it_is() {
    for text in ["Status for Bitrix24", env!("CARGO_PKG_VERSION"), "b24status.exe"] {
        let units: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        assert!(holds(&units), "{text}");
    }
}

/// The list of an icon's pictures begins with two numbers and how many there are; each one then with its width and height.
#[test]
fn its_icon_has_a_picture_for_every_scale() {
    let program = program();
    let list = program.windows(6).position(|six| six == [0, 0, 1, 0, 12, 0]).expect("a list of twelve pictures");
    let sides: Vec<u8> = program[list + 6..].chunks_exact(14).take(12).map(|picture| picture[0]).collect();
    assert_eq!(sides, [16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 128, 0], "0 is 256");
}

fn holds(bytes: &[u8]) -> bool {
    program().windows(bytes.len()).any(|window| window == bytes)
}

fn program() -> Vec<u8> {
    fs::read(env!("CARGO_BIN_EXE_b24status")).unwrap()
}
