//! How everybody here names the app's icon to Windows, and the texts of bounded length that go with it. What is shown is for the edges to say.

use windows_sys::Win32::{Foundation::HWND, UI::Shell::NOTIFYICONDATAW};

/// The one icon of [`super::window`].
const ICON: u32 = 1;

/// The icon, and nothing about it: <https://learn.microsoft.com/windows/win32/api/shellapi/ns-shellapi-notifyicondataw>
pub fn icon(window: HWND) -> NOTIFYICONDATAW {
    NOTIFYICONDATAW { cbSize: size_of::<NOTIFYICONDATAW>() as u32, hWnd: window, uID: ICON, ..Default::default() }
}

/// A text in a field of that many UTF-16 units, the last of which ends it. What does not fit is cut between characters, and an ellipsis says so.
pub fn field<const UNITS: usize>(text: &str) -> [u16; UNITS] {
    let mut field = [0; UNITS];
    let room = UNITS - 1;
    let fits = text.encode_utf16().count() <= room;
    let kept = if fits { text } else { beginning(text, room - 1) };
    let units = kept.encode_utf16().chain((!fits).then_some(ELLIPSIS));
    field.iter_mut().zip(units).for_each(|(place, unit)| *place = unit);
    field
}

/// There is one icon in a process: tests that have it, or need it absent, come one after the other.
#[cfg(test)]
pub(crate) async fn alone_with_the_icon() -> tokio::sync::MutexGuard<'static, ()> {
    static ICON: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    ICON.lock().await
}

const ELLIPSIS: u16 = '…' as u16;

/// As many whole characters as fit into that many units.
fn beginning(text: &str, room: usize) -> &str {
    let ends = text.char_indices().scan(0, |units, (at, character)| {
        *units += character.len_utf16();
        Some((*units, at + character.len_utf8()))
    });
    let end = ends.take_while(|(units, _)| *units <= room).last().map_or(0, |(_, end)| end);
    text[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays_whole() {
        assert_eq!(shown::<4>(""), "");
        assert_eq!(shown::<4>("Да!"), "Да!");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shown::<4>("Ждём"), "Жд…");
        assert_eq!(shown::<5>("ab🙂c"), "ab…");
        assert_eq!(shown::<6>("ab🙂cd"), "ab🙂…");
        assert_eq!(shown::<5>("ab cde"), "ab…");
    }

    #[test]
    fn a_text_of_any_length_ends_inside_its_field() {
        for length in 0..300 {
            let field = field::<128>(&"я🙂".repeat(length));
            assert_eq!(field[127], 0);
            assert!(String::from_utf16(&field).is_ok(), "{length}");
        }
    }

    fn shown<const UNITS: usize>(text: &str) -> String {
        let field = field::<UNITS>(text);
        let end = field.iter().position(|unit| *unit == 0).unwrap();
        String::from_utf16(&field[..end]).unwrap()
    }
}
