//! Draws the icons of `assets/icons` at every size that a tray asks for, so that no SVG reader is resident. And keeps the program small.
//!
//! Each drawing uses one ink: what is kept is the ink, and the coverage of the pixels as runs of a length and a value.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use resvg::{
    tiny_skia::{Pixmap, PremultipliedColorU8, Transform},
    usvg::{Options, Tree},
};

/// In pixels; a tray host takes the nearest one.
const SIZES: [u32; 8] = [16, 20, 22, 24, 32, 44, 48, 64];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=assets/icons");
    leave_out_unwind_tables()?;
    let target = PathBuf::from(env::var("OUT_DIR")?);
    let mut index = format!("pub(super) const SIZES: [u32; {}] = {SIZES:?};\n", SIZES.len());
    for drawing in drawings(Path::new("assets/icons"))? {
        let name = drawing.file_stem().ok_or("a drawing without a name")?.to_string_lossy().into_owned();
        let (ink, coverage) = draw(&drawing).map_err(|reason| format!("{}: {reason}", drawing.display()))?;
        fs::write(target.join(&name), runs(&coverage))?;
        let constant = name.to_uppercase().replace('-', "_");
        writeln!(
            index,
            "pub(super) static {constant}: Drawing = Drawing {{ ink: {ink:?}, runs: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")) }};"
        )?;
    }
    Ok(fs::write(target.join("drawings.rs"), index)?)
}

/// The release profile ends the program where it panics, and so nothing ever reads the tables. The linkers of Linux leave them out when asked.
fn leave_out_unwind_tables() -> Result<(), env::VarError> {
    let script = "packaging/linux/release.ld";
    println!("cargo::rerun-if-changed={script}");
    if env::var("PROFILE")? == "release" && env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{}/{script}", env::var("CARGO_MANIFEST_DIR")?);
        println!("cargo::rustc-link-arg-bins=-Wl,--no-eh-frame-hdr");
    }
    Ok(())
}

fn drawings(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        found.push(entry?.path());
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "svg"));
    found.sort();
    Ok(found)
}

/// The ink, and the coverage at every size, smallest first, row by row.
fn draw(drawing: &Path) -> Result<([u8; 3], Vec<u8>), Box<dyn Error>> {
    let tree = Tree::from_data(&fs::read(drawing)?, &Options::default())?;
    let mut ink = None;
    let mut coverage = Vec::new();
    for size in SIZES {
        for pixel in render(&tree, size)?.pixels() {
            coverage.push(pixel.alpha());
            if pixel.alpha() == u8::MAX && *ink.get_or_insert(colour(*pixel)) != colour(*pixel) {
                return Err("a second ink".into());
            }
        }
    }
    Ok((ink.ok_or("nothing is fully covered")?, coverage))
}

/// A quarter of the bytes: most pixels are like the one before.
fn runs(coverage: &[u8]) -> Vec<u8> {
    let same = coverage.chunk_by(|one, other| one == other);
    same.flat_map(|run| run.chunks(u8::MAX.into())).flat_map(|run| [run.len() as u8, run[0]]).collect()
}

fn render(tree: &Tree, size: u32) -> Result<Pixmap, Box<dyn Error>> {
    let mut canvas = Pixmap::new(size, size).ok_or("no canvas")?;
    let scale = size as f32 / tree.size().width();
    resvg::render(tree, Transform::from_scale(scale, scale), &mut canvas.as_mut());
    Ok(canvas)
}

fn colour(pixel: PremultipliedColorU8) -> [u8; 3] {
    [pixel.red(), pixel.green(), pixel.blue()]
}
