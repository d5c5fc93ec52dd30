//! What the icon looks like, and its pixels. No tray host here, and no clock.
//!
//! A look is a shape, how sure it is, and at most one badge. Shapes and badges differ by their outline, not only by their ink.

use crate::presence::Status;

/// The drawings of `assets/icons`, as `build.rs` rendered them.
mod drawings {
    use super::Drawing;
    include!(concat!(env!("OUT_DIR"), "/drawings.rs"));
}

/// In pixels, smallest first.
pub const SIZES: [u32; drawings::SIZES.len()] = drawings::SIZES;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Icon {
    pub look: Look,
    pub badge: Option<Badge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// Every portal confirmed it.
    Confirmed(Status),
    /// Meant or last known, and not confirmed by every portal at present: hollow.
    Unconfirmed(Status),
    /// No status that this version has a shape for.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Badge {
    Idle,
    Offline,
    /// The person has to do something: sign in, or ask the administrator.
    Attention,
    KeyringLocked,
}

impl Badge {
    pub const ALL: [Self; 4] = [Self::Idle, Self::Offline, Self::Attention, Self::KeyringLocked];
}

/// A square picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pixels {
    pub size: u32,
    /// Row by row; alpha, red, green, blue, not premultiplied: ARGB32 in network order.
    pub argb: Vec<u8>,
}

impl Icon {
    /// The picture at every size of [`SIZES`].
    pub fn pixels(self) -> Vec<Pixels> {
        let shape = self.look.drawing().inked();
        let badge = self.badge.map(|badge| (drawings::CUTOUT.inked(), badge.drawing().inked()));
        let mut start = 0;
        SIZES
            .into_iter()
            .map(|size| {
                let end = start + (size * size) as usize;
                let argb = (start..end).flat_map(|at| blend(at, &shape, badge.as_ref())).collect();
                start = end;
                Pixels { size, argb }
            })
            .collect()
    }
}

impl Look {
    fn drawing(self) -> &'static Drawing {
        match self {
            Self::Confirmed(Status::Online) => &drawings::ONLINE,
            Self::Confirmed(Status::Dnd) => &drawings::DND,
            Self::Confirmed(Status::Away) => &drawings::AWAY,
            Self::Confirmed(Status::Break) => &drawings::BREAK,
            Self::Unconfirmed(Status::Online) => &drawings::ONLINE_PENDING,
            Self::Unconfirmed(Status::Dnd) => &drawings::DND_PENDING,
            Self::Unconfirmed(Status::Away) => &drawings::AWAY_PENDING,
            Self::Unconfirmed(Status::Break) => &drawings::BREAK_PENDING,
            Self::Unknown => &drawings::UNKNOWN,
        }
    }
}

impl Badge {
    fn drawing(self) -> &'static Drawing {
        match self {
            Self::Idle => &drawings::BADGE_IDLE,
            Self::Offline => &drawings::BADGE_OFFLINE,
            Self::Attention => &drawings::BADGE_ATTENTION,
            Self::KeyringLocked => &drawings::BADGE_KEYRING,
        }
    }
}

/// One ink, and how much of each pixel it covers, at every size one after the other, as runs: a length, a value.
struct Drawing {
    ink: [u8; 3],
    runs: &'static [u8],
}

/// The same, pixel by pixel.
struct Inked {
    ink: [u8; 3],
    coverage: Vec<u8>,
}

impl Drawing {
    fn inked(&self) -> Inked {
        let coverage = self.runs.chunks_exact(2).flat_map(|run| std::iter::repeat_n(run[1], run[0].into())).collect();
        Inked { ink: self.ink, coverage }
    }
}

/// One pixel: the shape, with room made for the badge, and the badge on top.
fn blend(at: usize, shape: &Inked, badge: Option<&(Inked, Inked)>) -> [u8; 4] {
    let below = u32::from(shape.coverage[at]);
    let Some((cutout, badge)) = badge else { return argb(below, shape.ink) };
    let below = below * (255 - u32::from(cutout.coverage[at])) / 255;
    let above = u32::from(badge.coverage[at]);
    let rest = below * (255 - above) / 255;
    let alpha = above + rest;
    let mixed = [0, 1, 2].map(|channel| mix(badge.ink[channel], above, shape.ink[channel], rest));
    argb(alpha, mixed)
}

fn mix(first: u8, weight: u32, second: u8, other_weight: u32) -> u8 {
    let sum = (u32::from(first) * weight + u32::from(second) * other_weight).checked_div(weight + other_weight);
    sum.and_then(|channel| u8::try_from(channel).ok()).unwrap_or_default()
}

fn argb(alpha: u32, [red, green, blue]: [u8; 3]) -> [u8; 4] {
    [u8::try_from(alpha).unwrap_or(u8::MAX), red, green, blue]
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;

    /// White, two greys of real panels, black.
    const PANELS: [[u8; 3]; 4] = [[0xff; 3], [0xf0; 3], [0x2b; 3], [0x00; 3]];

    #[test]
    fn every_ink_stands_out_from_light_and_dark_panels_at_every_size() {
        for (icon, pixels) in every_picture() {
            for panel in PANELS {
                let solid = pixels.argb.chunks_exact(4).filter(|pixel| pixel[0] >= 0xf8);
                for pixel in solid {
                    let contrast = contrast(over(pixel, panel), panel);
                    assert!(contrast >= 3.0, "{icon:?} at {} px on {panel:?}: {contrast:.2}", pixels.size);
                }
            }
        }
    }

    /// Thin lines that fall between pixels would pass the test above with no solid pixel at all.
    #[test]
    fn enough_of_every_picture_stands_out() {
        for (icon, pixels) in every_picture() {
            for panel in PANELS {
                let clear = pixels.argb.chunks_exact(4).filter(|pixel| contrast(over(pixel, panel), panel) >= 3.0).count();
                let share = clear * 100 / (pixels.size * pixels.size) as usize;
                assert!(share >= 10, "{icon:?} at {} px on {panel:?}: only {share} % stands out", pixels.size);
            }
        }
    }

    #[test]
    fn no_two_looks_are_alike_without_their_colours() {
        let pictures = every_picture();
        for size in SIZES {
            let masks: Vec<_> = pictures.iter().filter(|(_, pixels)| pixels.size == size).collect();
            for (index, (icon, pixels)) in masks.iter().enumerate() {
                for (other, others) in &masks[..index] {
                    let differing =
                        pixels.argb.chunks_exact(4).zip(others.argb.chunks_exact(4)).filter(|(a, b)| a[0].abs_diff(b[0]) >= 0x60).count();
                    let share = differing * 1000 / (size * size) as usize;
                    assert!(share >= 30, "{icon:?} and {other:?} at {size} px differ in only {share} ‰ of the pixels");
                }
            }
        }
    }

    #[test]
    fn every_size_is_complete() {
        let sizes: Vec<_> =
            Icon { look: Look::Unknown, badge: None }.pixels().iter().map(|pixels| (pixels.size, pixels.argb.len())).collect();
        assert_eq!(sizes, SIZES.map(|size| (size, (size * size * 4) as usize)));
    }

    /// For the eye: `ICON_SHEET=sheet.ppm cargo test --lib icon_sheet` writes every look at every size on light and dark.
    #[test]
    fn icon_sheet_can_be_looked_at() {
        let Some(file) = std::env::var_os("ICON_SHEET").map(PathBuf::from) else { return };
        fs::write(file, sheet()).expect("the sheet can be written");
    }

    fn every_icon() -> Vec<Icon> {
        let looks = Status::ALL.into_iter().flat_map(|status| [Look::Confirmed(status), Look::Unconfirmed(status)]).chain([Look::Unknown]);
        let badges = || Badge::ALL.into_iter().map(Some);
        looks.flat_map(|look| [None].into_iter().chain(badges()).map(move |badge| Icon { look, badge })).collect()
    }

    fn every_picture() -> Vec<(Icon, Pixels)> {
        every_icon().into_iter().flat_map(|icon| icon.pixels().into_iter().map(move |pixels| (icon, pixels))).collect()
    }

    fn over(pixel: &[u8], panel: [u8; 3]) -> [u8; 3] {
        let alpha = u32::from(pixel[0]);
        [0, 1, 2].map(|channel| ((u32::from(pixel[channel + 1]) * alpha + u32::from(panel[channel]) * (255 - alpha)) / 255) as u8)
    }

    /// <https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>
    fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: [u8; 3]) -> f64 {
        let [red, green, blue] = colour.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// A portable pixmap: a row for each look and size, a column for each badge, twice: light and dark.
    fn sheet() -> Vec<u8> {
        let icons = every_icon();
        let (columns, rows) = (Badge::ALL.len() + 1, icons.len() / (Badge::ALL.len() + 1));
        let cell: usize = SIZES.iter().map(|size| *size as usize + 6).sum();
        let (width, height) = (columns * cell, rows * 70);
        let mut canvas = vec![[0xf0; 3]; width * height];
        canvas.extend(vec![[0x2b; 3]; width * height]);
        for (index, icon) in icons.iter().enumerate() {
            let (mut left, top) = (index % columns * cell + 3, index / columns * 70 + 3);
            for pixels in icon.pixels() {
                let size = pixels.size as usize;
                for (at, pixel) in pixels.argb.chunks_exact(4).enumerate() {
                    for half in [0, width * height] {
                        let point = &mut canvas[half + (top + at / size) * width + left + at % size];
                        *point = over(pixel, *point);
                    }
                }
                left += size + 6;
            }
        }
        let mut file = format!("P6 {width} {} 255\n", height * 2).into_bytes();
        file.extend(canvas.into_iter().flatten());
        file
    }
}
