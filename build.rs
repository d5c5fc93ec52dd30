//! Draws the icons of `assets/icons` at every size that a tray asks for, so that no SVG reader is resident. Keeps the program small, and furnishes
//! the executable of Windows with its resources.
//!
//! Each drawing uses one ink: what is kept is the ink, and the coverage of the pixels as runs of a length and a value.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use ico::{IconDir, IconDirEntry, IconImage, ResourceType};
use resvg::{
    tiny_skia::{Pixmap, PremultipliedColorU8, Transform},
    usvg::{Options, Tree},
};

/// In pixels; a tray host takes the nearest one.
const SIZES: [u32; 8] = [16, 20, 22, 24, 32, 44, 48, 64];

/// Windows asks for just one, by the scale: 100, 125, 150, 175, 200, 225, 250, 300, 350 and 400 %.
const SIZES_OF_WINDOWS: [u32; 10] = [16, 20, 24, 28, 32, 36, 40, 48, 56, 64];

/// Of the icon in the executable: <https://learn.microsoft.com/windows/apps/design/style/iconography/app-icon-construction>
const SIZES_OF_EXECUTABLE: [u32; 12] = [16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 128, 256];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=assets/icons");
    leave_out_unwind_tables()?;
    let target = PathBuf::from(env::var("OUT_DIR")?);
    let sizes: &[u32] = match env::var("CARGO_CFG_TARGET_OS")?.as_str() {
        "windows" => {
            furnish_executable(&target)?;
            &SIZES_OF_WINDOWS
        }
        _ => &SIZES,
    };
    let mut index = format!("pub(super) const SIZES: [u32; {}] = {sizes:?};\n", sizes.len());
    for drawing in drawings(Path::new("assets/icons"))? {
        let name = drawing.file_stem().ok_or("a drawing without a name")?.to_string_lossy().into_owned();
        let (ink, coverage) = draw(&drawing, sizes).map_err(|reason| format!("{}: {reason}", drawing.display()))?;
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

/// What Explorer shows of the executable, and how Windows is to treat it. Needs `windres` of mingw, or `rc` of Microsoft's tools.
fn furnish_executable(target: &Path) -> Result<(), Box<dyn Error>> {
    let [script, manifest] = ["packaging/windows/b24status.rc", "packaging/windows/b24status.manifest"];
    println!("cargo::rerun-if-changed={script}");
    println!("cargo::rerun-if-changed={manifest}");
    let icon = target.join("b24status.ico");
    app_icon(Path::new("assets/icons/online.svg"))?.write(fs::File::create(&icon)?)?;
    let manifest = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(manifest);
    let part = |name| env::var(format!("CARGO_PKG_VERSION_{name}"));
    let facts = format!(
        "#define APP_ICON {icon:?}\n#define APP_MANIFEST {manifest:?}\n#define APP_NUMBERS {},{},{},0\n#define APP_VERSION {:?}\n",
        part("MAJOR")?,
        part("MINOR")?,
        part("PATCH")?,
        env::var("CARGO_PKG_VERSION")?,
    );
    fs::write(target.join("facts.h"), facts)?;
    Ok(embed_resource::compile(script, embed_resource::ParamsIncludeDirs([target])).manifest_required()?)
}

fn app_icon(drawing: &Path) -> Result<IconDir, Box<dyn Error>> {
    let tree = Tree::from_data(&fs::read(drawing)?, &Options::default())?;
    let mut icon = IconDir::new(ResourceType::Icon);
    for size in SIZES_OF_EXECUTABLE {
        let pixels = render(&tree, size)?.pixels().iter().map(|pixel| pixel.demultiply()).collect::<Vec<_>>();
        let rgba = pixels.into_iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]).collect();
        let image = IconImage::from_rgba_data(size, size, rgba);
        // Programs older than Windows Vista's shell read no PNG; the large sizes would be large without.
        icon.add_entry(if size < 128 { IconDirEntry::encode_as_bmp(&image)? } else { IconDirEntry::encode_as_png(&image)? });
    }
    Ok(icon)
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
fn draw(drawing: &Path, sizes: &[u32]) -> Result<([u8; 3], Vec<u8>), Box<dyn Error>> {
    let tree = Tree::from_data(&fs::read(drawing)?, &Options::default())?;
    let mut ink = None;
    let mut coverage = Vec::new();
    for size in sizes {
        for pixel in render(&tree, *size)?.pixels() {
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
