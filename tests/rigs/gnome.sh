#!/bin/bash
# usage: gnome.sh COMMAND…   runs COMMAND in a throw-away headless GNOME Shell with a mock of logind and a keyring.
# Debian 13 (through in-trixie.sh on an older host). The exit code is COMMAND's; 96 if it is not installed, 97 if it did not come up.
#   TRAY=appindicator|none   none: stock GNOME, no tray at all
#   KEYRING=unlocked|locked|none  KEYPASS=test  KEEP=1
set -u; . "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || rig_usage 2,5
rig_debian13 "$RIGS/gnome.sh" "$@"
rig_programs gnome-shell dbus-daemon gsettings gdbus gnome-keyring-daemon
rig_begin gnome
export XDG_SESSION_TYPE=wayland XDG_CURRENT_DESKTOP=GNOME GSETTINGS_BACKEND=keyfile
rig_logind                                               # the shell does not start without one
rig_bus
gsettings set org.gnome.shell welcome-dialog-last-shown-version 99
gsettings set org.gnome.desktop.interface enable-animations false
[ "${TRAY:-appindicator}" = none ] ||
  gsettings set org.gnome.shell enabled-extensions "['ubuntu-appindicators@ubuntu.com', 'appindicatorsupport@rgcjonas.gmail.com']"
rig_keyring
rig_bg shell gnome-shell --headless --virtual-monitor 1280x800 --no-x11 --unsafe-mode
rig_need 30 shell owned org.gnome.Shell
socket() { WAYLAND_DISPLAY=$(cd "$XDG_RUNTIME_DIR" && ls -d wayland-? 2>/dev/null); }
rig_need 30 shell socket
export WAYLAND_DISPLAY
rig_activation WAYLAND_DISPLAY XDG_CURRENT_DESKTOP GSETTINGS_BACKEND
rig_need 30 shell owned org.gnome.Mutter.RemoteDesktop   # comes later than the shell's own name
mkfifo "$RIG/input"; exec {input}<>"$RIG/input"
rig_bg input /usr/bin/python3 -B "$RIGS/gnome-input.py" <"$RIG/input"
[ "${TRAY:-appindicator}" = none ] || rig_need 30 shell tray_ready
rig_need 30 input grep -q ready "$RIG/input.log"
rig_run "$@"
