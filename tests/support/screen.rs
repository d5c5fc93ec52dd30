//! The screen of an X11 rig, and whether one of our drawings is on it: pixel by pixel, over whatever is behind.

use b24status::tray::{Icon, Pixels};

use super::rig;

pub struct Screen {
    width: usize,
    pixels: Vec<Colour>,
}

impl Screen {
    pub fn look() -> Self {
        let file = rig::directory().join("screen.ppm");
        rig::screenshot(&file);
        Self::read(&std::fs::read(file).unwrap())
    }

    /// The middle of the drawing, in the size that is first found.
    pub fn find(&self, icon: Icon) -> Option<(usize, usize)> {
        icon.pixels().iter().find_map(|drawing| self.find_parts(drawing.size, &ink(drawing), &clear(drawing)))
    }

    /// Only what the drawing covers is looked at: behind it something else may be seen.
    pub fn find_ink(&self, icon: Icon) -> Option<(usize, usize)> {
        icon.pixels().iter().find_map(|drawing| self.find_parts(drawing.size, &ink(drawing), &[]))
    }

    /// The form of PPM that ImageMagick writes: `P6 WIDTH HEIGHT 255`, a line end, three bytes a pixel.
    fn read(ppm: &[u8]) -> Self {
        let mut at = 0;
        let mut word = || {
            let length = ppm[at..].iter().position(u8::is_ascii_whitespace).unwrap();
            let word = str::from_utf8(&ppm[at..at + length]).unwrap();
            at += length + 1;
            word.to_owned()
        };
        assert_eq!(word(), "P6");
        let (width, _height) = (word().parse().unwrap(), word());
        assert_eq!(word(), "255");
        Self { width, pixels: ppm[at..].as_chunks().0.to_vec() }
    }

    fn find_parts(&self, size: u32, ink: &[(Place, Colour)], clear: &[Place]) -> Option<Place> {
        let size = size as usize;
        let ((column, row), first) = ink[0];
        let is_at = |x: usize, y: usize| {
            let seen = |(column, row): Place| self.pixels[(y + row) * self.width + x + column];
            ink.iter().all(|&(place, colour)| are_alike(seen(place), colour))
                && clear.iter().all(|&place| are_alike(seen(place), seen(clear[0])))
        };
        let height = self.pixels.len() / self.width;
        let beginnings = self.pixels.iter().enumerate().filter(|(_, pixel)| are_alike(**pixel, first));
        let corners = beginnings.filter_map(|(at, _)| Some(((at % self.width).checked_sub(column)?, (at / self.width).checked_sub(row)?)));
        let mut corners = corners.filter(|(x, y)| x + size <= self.width && y + size <= height);
        corners.find(|&(x, y)| is_at(x, y)).map(|(x, y)| (x + size / 2, y + size / 2))
    }
}

/// Column and row.
type Place = (usize, usize);
/// Red, green, blue.
type Colour = [u8; 3];

/// What hides the background. What is half transparent depends on it, and is not compared.
fn ink(drawing: &Pixels) -> Vec<(Place, Colour)> {
    places(drawing).filter(|(_, pixel)| pixel[0] == 255).map(|(place, [_, red, green, blue])| (place, [red, green, blue])).collect()
}

fn clear(drawing: &Pixels) -> Vec<Place> {
    places(drawing).filter(|(_, pixel)| pixel[0] == 0).map(|(place, _)| place).collect()
}

fn places(drawing: &Pixels) -> impl Iterator<Item = (Place, [u8; 4])> {
    let size = drawing.size as usize;
    drawing.argb.as_chunks().0.iter().enumerate().map(move |(at, pixel)| ((at % size, at / size), *pixel))
}

/// Blending may round one way or the other.
fn are_alike(one: Colour, other: Colour) -> bool {
    (0..3).all(|part| one[part].abs_diff(other[part]) <= 3)
}
