//! A process group of its own. Who may come forward is said by a token (Wayland, X11) or asked of nobody (macOS).

use tokio::process::Command;

pub(super) fn detach(command: &mut Command) {
    command.process_group(0);
}

pub(super) fn let_come_forward() {}
