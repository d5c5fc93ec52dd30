//! The icon's picture as Windows holds it, for as long as this value lives.

use windows_sys::Win32::UI::WindowsAndMessaging::{CreateIconFromResourceEx, DestroyIcon, HICON, LR_DEFAULTCOLOR};

use super::Icon;
use crate::tray::Pixels;

pub(super) struct Picture(HICON);

impl Picture {
    /// Of that side in pixels, stretched where there is no drawing of that size. `None` where Windows has no room for another picture.
    pub(super) fn of(icon: Icon, side: u32) -> Option<Self> {
        let pixels = nearest(icon.pixels(), side)?;
        let (resource, side) = (resource(&pixels), i32::try_from(side).ok()?);
        // SAFETY: the resource is a complete bitmap with its mask, of the length that is given; Windows copies it.
        let handle = unsafe { CreateIconFromResourceEx(resource.as_ptr(), resource.len() as u32, 1, VERSION, side, side, LR_DEFAULTCOLOR) };
        (!handle.is_null()).then_some(Self(handle))
    }

    pub(super) fn handle(&self) -> HICON {
        self.0
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, and nobody has it after this.
        unsafe { DestroyIcon(self.0) };
    }
}

/// The only version of the format that there is.
const VERSION: u32 = 0x0003_0000;

/// The drawing of that size, else the next larger one, else the largest.
fn nearest(drawn: Vec<Pixels>, side: u32) -> Option<Pixels> {
    let place = drawn.iter().position(|pixels| pixels.size >= side).unwrap_or(drawn.len().saturating_sub(1));
    drawn.into_iter().nth(place)
}

/// As it would stand in an executable: a `BITMAPINFOHEADER` of twice the height, the colours from the lowest row up, and the mask of what is
/// clear, for screens of few colours. <https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapinfoheader>
fn resource(pixels: &Pixels) -> Vec<u8> {
    let mut resource = Vec::new();
    for field in [40, pixels.size, pixels.size * 2, 1 | 32 << 16, 0, 0, 0, 0, 0, 0] {
        resource.extend(field.to_le_bytes());
    }
    let rows = || pixels.argb.chunks_exact(pixels.size as usize * 4).rev();
    resource.extend(rows().flat_map(|row| row.chunks_exact(4)).flat_map(|pixel| [pixel[3], pixel[2], pixel[1], pixel[0]]));
    resource.extend(rows().flat_map(mask));
    resource
}

/// A bit for each pixel, in whole groups of four bytes.
fn mask(row: &[u8]) -> Vec<u8> {
    let clear: Vec<_> = row.chunks_exact(4).map(|pixel| pixel[0] == 0).collect();
    let bits = |eight: &[bool]| eight.iter().enumerate().map(|(at, clear)| u8::from(*clear) << (7 - at)).sum::<u8>();
    let mut mask: Vec<u8> = clear.chunks(8).map(bits).collect();
    mask.resize(mask.len().next_multiple_of(4), 0);
    mask
}

#[cfg(test)]
mod tests {
    use std::ptr::null_mut;

    use windows_sys::Win32::{
        Graphics::Gdi::{BITMAPINFO, BITMAPINFOHEADER, DIB_RGB_COLORS, DeleteObject, GetDC, GetDIBits, ReleaseDC},
        UI::WindowsAndMessaging::{GetIconInfo, ICONINFO},
    };

    use super::*;
    use crate::{
        presence::Status,
        tray::{Badge, Look, SIZES, windows::tests::objects},
    };

    const ICON: Icon = Icon { look: Look::Confirmed(Status::Dnd), badge: Some(Badge::Idle) };

    #[test]
    fn windows_holds_the_pixels_that_were_drawn() {
        for drawn in ICON.pixels() {
            assert_eq!(pixels_of(&Picture::of(ICON, drawn.size).unwrap()), drawn);
        }
    }

    #[test]
    fn a_size_without_a_drawing_is_made_from_the_next_larger_one() {
        assert_eq!(nearest(ICON.pixels(), 17).unwrap().size, 20);
        assert_eq!(nearest(ICON.pixels(), 500).unwrap().size, SIZES[SIZES.len() - 1]);
        assert_eq!(pixels_of(&Picture::of(ICON, 30).unwrap()).size, 30);
    }

    #[test]
    fn what_is_clear_is_masked() {
        let row: Vec<u8> = [0, 255, 0, 1, 0, 0, 0, 0, 0].into_iter().flat_map(|alpha| [alpha, 9, 9, 9]).collect();
        assert_eq!(mask(&row), [0b1010_1111, 0b1000_0000, 0, 0]);
    }

    #[test]
    fn no_picture_stays_behind() {
        let before = objects();
        let gone: Vec<_> = (0..500).map(|_| Picture::of(ICON, 32).unwrap().handle() as usize).collect();
        assert!(objects() <= before + 50, "{before} objects before, {} after", objects());
        let mut about = ICONINFO::default();
        // SAFETY: a handle that is gone makes the call fail.
        assert_eq!(unsafe { GetIconInfo(gone[499] as HICON, &mut about) }, 0);
    }

    fn pixels_of(picture: &Picture) -> Pixels {
        let mut about = ICONINFO::default();
        let mut bitmap = BITMAPINFO {
            bmiHeader: BITMAPINFOHEADER { biSize: size_of::<BITMAPINFOHEADER>() as u32, ..Default::default() },
            ..Default::default()
        };
        // SAFETY: asked without a buffer first, Windows tells the size, for which there is room in the second call.
        let mut bgra = unsafe {
            assert_ne!(GetIconInfo(picture.handle(), &mut about), 0);
            let screen = GetDC(null_mut());
            assert_ne!(GetDIBits(screen, about.hbmColor, 0, 0, null_mut(), &mut bitmap, DIB_RGB_COLORS), 0);
            let (width, height) = (bitmap.bmiHeader.biWidth, bitmap.bmiHeader.biHeight.abs());
            bitmap.bmiHeader = BITMAPINFOHEADER { biHeight: -height, biCompression: 0, biBitCount: 32, ..bitmap.bmiHeader };
            let mut bgra = vec![0; (width * height * 4) as usize];
            assert_eq!(GetDIBits(screen, about.hbmColor, 0, height as u32, bgra.as_mut_ptr().cast(), &mut bitmap, DIB_RGB_COLORS), height);
            ReleaseDC(null_mut(), screen);
            DeleteObject(about.hbmColor);
            DeleteObject(about.hbmMask);
            bgra
        };
        bgra.chunks_exact_mut(4).for_each(<[u8]>::reverse);
        Pixels { size: bitmap.bmiHeader.biWidth.unsigned_abs(), argb: bgra }
    }
}
