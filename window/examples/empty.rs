//! A window of the same backend and renderer with nothing in it: what Slint itself costs, to which the figures compare.

#[allow(clippy::all, unreachable_pub, reason = "written by Slint's compiler")]
mod pages {
    slint::slint! {
        export component Empty inherits Window {
            title: "empty";
            preferred-width: 640px;
            preferred-height: 480px;
            Text { text: "Nothing"; }
        }
    }
}

use slint::ComponentHandle;

fn main() -> Result<(), slint::PlatformError> {
    pages::Empty::new()?.run()
}
