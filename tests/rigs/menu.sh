#!/bin/bash
# usage, inside x11.sh: menu.sh   succeeds while a menu is open: a visible window that no window manager manages, larger than a tooltip
set -u
xwininfo -root -tree | grep -oE '0x[0-9a-f]+' | sort -u | while read -r window; do
  about=$(xprop -id "$window" _NET_WM_WINDOW_TYPE 2>/dev/null)
  case $about in
    *POPUP_MENU* | *DROPDOWN_MENU*) xwininfo -id "$window" | grep -q 'IsViewable' && echo "$window" ;;
  esac
done | grep -q .
