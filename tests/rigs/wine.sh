#!/bin/bash
# usage: wine.sh COMMAND…   runs COMMAND (`wine app.exe`, a script, `cross.sh windows test`) with a fresh Wine prefix on an X11 desktop.
# Outside a rig it starts x11.sh first (same variables: TRAY, …); inside x11.sh it uses that desktop. Exit codes as those of x11.sh.
#   DESKTOP=none|WIDTHxHEIGHT   a virtual Windows desktop; input counts for GetLastInputInfo only in there
#   WINE_USER=NAME              who is signed in to Windows; any letters
# The prefix is made once (5–11 s, 700 MB in $RIG_CACHE) and copied for each run ($WINEPREFIX, removed with the rig).
set -u; . "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || rig_usage 2,6
rig_programs wine wineserver x86_64-w64-mingw32-gcc xwininfo
[ "${RIG_KIND:-}" = x11 ] || exec "$RIGS/x11.sh" "$RIGS/wine.sh" "$@"
export LC_ALL=C.UTF-8   # names with other letters are lost otherwise
export WINEDLLOVERRIDES="mscoree,mshtml=" WINEDEBUG=${WINEDEBUG:--all}
template=$RIG_CACHE/$(wine --version | tr -c 'A-Za-z0-9.\n' _)
mkdir -p "$RIG_CACHE"; exec 8>"$RIG_CACHE/wine.lock" && flock 8
if [ ! -e "$template/done" ]; then
  rm -rf "$template"
  export WINEPREFIX=$template
  wine wineboot -i >"$RIG/wineboot.log" 2>&1; wineserver -w
  dll=$template/drive_c/windows/system32/bcryptprimitives.dll
  if [ ! -e "$dll" ]; then # Wine before 9 lacks what Rust's std imports
    x86_64-w64-mingw32-gcc -shared -O1 -o "$dll" "$RIGS/wine/bcryptprimitives.c" -ladvapi32 || exit 97
  fi
  touch "$template/done"
fi
if [ ! -e "$template/fonts" ]; then # what every Windows has, by names that programs rely on
  for name in Arial 'Segoe UI' Consolas; do
    WINEPREFIX=$template wine reg add 'HKCU\Software\Wine\Fonts\Replacements' /v "$name" /d 'DejaVu Sans' /f >>"$RIG/wineboot.log" 2>&1
  done
  WINEPREFIX=$template wineserver -w
  touch "$template/fonts"
fi
export WINEPREFIX=$RIG/wine
cp -r --reflink=auto "$template" "$WINEPREFIX"; exec 8>&-
if [ -n "${WINE_USER:-}" ]; then
  export USER=$WINE_USER
  mkdir -p "$WINEPREFIX/drive_c/users/$USER/AppData/Roaming" "$WINEPREFIX/drive_c/users/$USER/AppData/Local"   # as Windows does at the first sign-in
fi
trap 'wineserver -k 2>/dev/null; wineserver -w 2>/dev/null' EXIT
if [ "${DESKTOP:-none}" != none ]; then
  wine explorer "/desktop=shell,$DESKTOP" >"$RIG/desktop.log" 2>&1 &
  shown() { xwininfo -root -tree | grep -qi 'wine desktop'; }
  wait_for 20 shown || exit 97
fi
"$@" <&0 & command=$!
trap 'kill $command 2>/dev/null' TERM HUP
wait $command
