#!/bin/bash
# usage: sway.sh COMMAND…   runs COMMAND in a throw-away Wayland desktop: headless sway, waybar's tray, dunst, keyring, a virtual pointer.
# Debian 13 (through in-trixie.sh on an older host). The exit code is COMMAND's; 96 if it is not installed, 97 if it did not come up.
#   TRAY=waybar|none  NOTIFY=dunst|none  KEYRING=unlocked|locked|none  KEYPASS=test  BUS=full|bare  LOGIND=mock|none  KEEP=1
set -u; . "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || rig_usage 2,4
rig_debian13 "$RIGS/sway.sh" "$@"
rig_programs sway waybar dbus-daemon dbus-update-activation-environment gdbus dunst gnome-keyring-daemon grim wtype "$RIG_CACHE/bin/wlr-input"
rig_begin sway
export XDG_SESSION_TYPE=wayland XDG_CURRENT_DESKTOP=sway GDK_BACKEND=wayland QT_QPA_PLATFORM=wayland
export WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1 WLR_HEADLESS_OUTPUTS=1
rig_bus
[ "${LOGIND:-none}" = mock ] && rig_logind
rig_bg sway sway -c "$RIGS/config/sway.conf"
socket() { SWAYSOCK=$(ls "$XDG_RUNTIME_DIR"/sway-ipc*.sock 2>/dev/null) && WAYLAND_DISPLAY=$(cd "$XDG_RUNTIME_DIR" && ls -d wayland-? 2>/dev/null); }
rig_need 30 sway socket
export SWAYSOCK WAYLAND_DISPLAY
rig_activation WAYLAND_DISPLAY XDG_CURRENT_DESKTOP GDK_BACKEND
rig_keyring
mkfifo "$RIG/input"; exec {input}<>"$RIG/input"      # kept open, so that the pointer lives as long as the rig
rig_bg input "$RIG_CACHE/bin/wlr-input" <"$RIG/input"
[ "${TRAY:-waybar}" = none ] || rig_bg panel waybar -c "$RIGS/config/waybar.jsonc" -s /etc/xdg/waybar/style.css
[ "${NOTIFY:-dunst}" = none ] || rig_bg notify dunst
[ "${TRAY:-waybar}" = none ] || rig_need 30 panel tray_ready
[ "${NOTIFY:-dunst}" = none ] || rig_need 30 notify owned org.freedesktop.Notifications
rig_need 30 input grep -q ready "$RIG/input.log"
rig_run "$@"
