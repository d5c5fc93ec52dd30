//! Two small pictures that are laid side by side, for what lies over a status. Only how much of a pixel is covered; the page inks them.

use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

const SIDE: u32 = 8;

/// For the idle mark: one in four pixels, from the upper right to the lower left.
pub(super) fn slants() -> Image {
    tile(|x, y| (x + y) % SIDE < 2)
}

/// For a portal that could not be asked.
pub(super) fn levels() -> Image {
    tile(|_, y| y % 4 == 3)
}

fn tile(is_covered: impl Fn(u32, u32) -> bool) -> Image {
    let mut buffer = SharedPixelBuffer::<Rgba8Pixel>::new(SIDE, SIDE);
    for (index, pixel) in (0..).zip(buffer.make_mut_slice()) {
        *pixel = Rgba8Pixel { r: 0, g: 0, b: 0, a: if is_covered(index % SIDE, index / SIDE) { 255 } else { 0 } };
    }
    Image::from_rgba8(buffer)
}
