#!/bin/bash
# usage, inside a rig: input.sh move X Y | click left|middle|right | scroll N | key KEYSYM | type TEXT | paste TEXT
# One way to the pointer and the keyboard of whichever desktop runs; returns when the desktop has taken it.
set -eu
x() { DISPLAY=$XDISP xdotool "$@"; }
helper() { # one line to the helper of the rig, then its answer
  local before; before=$(wc -l <"$RIG/input.log")
  echo "$*" >"$RIG/input"
  for ((i = 0; i < 200; i++)); do [ "$(wc -l <"$RIG/input.log")" -gt "$before" ] && return; sleep 0.02; done
  tail -n 5 "$RIG/input.log" >&2; exit 1
}
case $RIG_KIND:$1 in
  x11:move) x mousemove $(($2 - 2)) "$3" mousemove "$2" "$3" ;;   # twice: hovering needs a motion
  x11:click) case $2 in left) x click 1 ;; middle) x click 2 ;; right) x click 3 ;; esac ;;
  x11:scroll) if [ "$2" -lt 0 ]; then x click --repeat $((-$2)) 4; else x click --repeat "$2" 5; fi ;;
  x11:key) x key "$2" ;;
  x11:type) x type -- "$2" ;;
  x11:paste) printf %s "$2" | DISPLAY=$XDISP xclip -in -selection clipboard >/dev/null 2>&1; x key ctrl+v ;;
  sway:key) wtype -k "$2" ;;
  sway:type) wtype -- "$2" ;;
  sway:move) helper move $(($2 - 2)) "$3"; helper "$@" ;;
  sway:* | gnome:*) helper "$@" ;;
  *) sed -n "2s/^# //p" "$0" >&2; exit 2 ;;
esac
