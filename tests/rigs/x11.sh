#!/bin/bash
# usage: x11.sh COMMAND…   runs COMMAND in a throw-away X11 desktop: Xvfb, session bus, xfwm4, tray host, notifications, keyring.
# The exit code is COMMAND's; 96 if it is not installed, 97 if the desktop did not come up.
#   TRAY=xfce|none                   none: no StatusNotifierWatcher, until COMMAND starts panel.sh
#   NOTIFY=dunst|xfce|none           xfce has real action buttons
#   KEYRING=unlocked|locked|none     KEYPASS=test
#   BUS=full|bare                    bare: the bus starts nothing by itself, so "none" really is none
#   LOGIND=mock|none                 mock: see logind.sh
#   ACCESSIBILITY=on|none            on: as with a screen reader; accessible.py reads and works programs
#   SCHEME=light|dark|none           what the desktop's settings portal answers; none: there is no such portal
#   SCALE=1                          1 to 3: by the dots per inch that the X server tells
#   BROWSER=chromium|none            chromium: what opens a link, see browser.sh; none: nothing does
#   GEOM=1280x800x24  KEEP=1 (keep $RIG with the logs)
set -u; . "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || rig_usage 2,13
rig_programs Xvfb dbus-daemon dbus-update-activation-environment gdbus xfwm4 xfce4-panel dunst gnome-keyring-daemon xdotool import xprop xsetroot
TRAY=${TRAY:-xfce} NOTIFY=${NOTIFY:-dunst}; export TRAY NOTIFY
rig_begin x11
rig_xvfb
export DISPLAY=$XDISP GDK_BACKEND=x11 QT_QPA_PLATFORM=xcb XDG_SESSION_TYPE=x11
export XDG_CURRENT_DESKTOP=XFCE
settings=$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml; mkdir -p "$settings"; cp "$RIGS/config/xfce4-panel.xml" "$settings/"
rig_bus
[ "${LOGIND:-none}" = mock ] && rig_logind
rig_keyring
xsetroot -solid '#3a5f7d'
rig_bg wm xfwm4 --compositor=off
[ "$TRAY" = none ] || rig_bg panel "$RIGS/panel.sh"
case $NOTIFY in
  dunst) rig_bg notify dunst ;;
  xfce) rig_bg notify /usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd ;;
esac
managed() { xprop -root _NET_SUPPORTING_WM_CHECK | grep -q 'window id'; }   # a window that comes before it gets no focus
rig_need 30 wm managed
[ "${ACCESSIBILITY:-none}" = none ] || rig_accessibility
[ "${SCHEME:-none}" = none ] || rig_settings_portal
[ "${SCALE:-1}" = 1 ] || xrdb -nocpp -merge <<<"Xft.dpi: $((SCALE * 96))"
if [ "${BROWSER:-none}" = chromium ]; then rig_browser; fi
[ "$TRAY" = none ] || rig_need 30 panel tray_ready
[ "$NOTIFY" = none ] || rig_need 30 notify owned org.freedesktop.Notifications
rig_run "$@"
