#!/bin/bash
# usage, inside x11.sh: panel.sh   the panel with the tray, in the foreground: for a tray host that comes late or again
exec xfce4-panel --disable-wm-check
