//! The window: sign in, settings, the journal. It knows the running app and nobody else.

#[expect(clippy::all, unreachable_pub, reason = "written by Slint's compiler")]
mod pages {
    slint::include_modules!();
}

use slint::ComponentHandle;

fn main() -> Result<(), slint::PlatformError> {
    pages::MainWindow::new()?.run()
}
