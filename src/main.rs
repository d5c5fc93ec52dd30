//! Composition only.
use b24status::text::{Language, Texts};
fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_keep_alive(std::time::Duration::from_secs(1)).build().unwrap();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, b24status::cli::demo::run(|| Texts::new(Language::of_system()), Some(std::time::Duration::from_secs(10)), std::io::stdout())).unwrap();
}
