//! Text of every colour stands out from what it is written on, in both appearances. The colours are read from the pages' own file.

const INK: &str = include_str!("../ui/parts/ink.slint");

#[test]
fn text_stands_out_from_what_is_below_it() {
    let below = ["ground", "card", "control", "hover"];
    for scheme in [Scheme::Dark, Scheme::Light] {
        let pairs = ["text", "quiet", "accent", "fault"].into_iter().flat_map(|ink| below.map(|below| (ink, below)));
        let buttons =
            [("on-accent", "accent"), ("on-accent", "accent-hover"), ("text", "selection"), ("disabled", "control"), ("disabled", "card")];
        for (ink, below) in pairs.chain(buttons) {
            let found = contrast(colour(ink, scheme), colour(below, scheme));
            assert!(found >= 4.5, "{ink} on {below}, {scheme:?}: {found:.2}");
        }
    }
}

#[test]
fn edges_and_shapes_can_be_seen() {
    for scheme in [Scheme::Dark, Scheme::Light] {
        for ink in ["edge", "online", "dnd", "away", "break", "unknown"] {
            for below in ["ground", "card"] {
                let found = contrast(colour(ink, scheme), colour(below, scheme));
                assert!(found >= 3.0, "{ink} on {below}, {scheme:?}: {found:.2}");
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Dark,
    Light,
}

/// `name: dark ? #111111 : #222222;` or `name: #111111;`
fn colour(name: &str, scheme: Scheme) -> [f64; 3] {
    let line = INK.lines().find(|line| line.contains(&format!("<color> {name}:"))).unwrap_or_else(|| panic!("no colour {name}"));
    let found: Vec<&str> = line.split('#').skip(1).map(|rest| &rest[..6]).collect();
    let hex = if scheme == Scheme::Dark { found[0] } else { found[found.len() - 1] };
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("six hexadecimal digits")) / 255.0)
}

/// <https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
