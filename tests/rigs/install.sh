#!/bin/bash
# usage: install.sh PART…   what the rigs need, on Debian 12 or newer, as root; does nothing for what is already there. Quiet unless it fails.
#   build           what a build of the app itself needs: a C compiler
#   tests           what the tests outside a desktop run: a private bus, a network of their own, another user
#   x11             x11.sh with the Xfce panel, two notifiers and the keyring
#   accessibility   x11.sh with ACCESSIBILITY=on: the bus of screen readers, and what reads from it
#   browser         x11.sh with BROWSER=chromium
#   wayland         sway.sh: a Debian 13 chroot in TRIXIE (/opt/trixie), sway, waybar, and the virtual pointer
#   gnome           gnome.sh, in the same chroot
#   windows-build   cross.sh windows: mingw, and the source of std
#   wine            wine.sh: Wine on the desktop of x11.sh
#   macos-check     cross.sh macos: the source of std, and zig as the C compiler
#   mirror          prints the Debian mirror of this machine and installs nothing
set -eu; . "$(dirname "$0")/lib.sh"
export DEBIAN_FRONTEND=noninteractive TRIXIE=${TRIXIE:-/opt/trixie}
log=$(mktemp); trap 'rm -f "$log"' EXIT
quietly() { "$@" >"$log" 2>&1 </dev/null || { tail -n 40 "$log" >&2; exit 1; }; }

# The mirror that apt already uses here
mirror() {
  local name; name=$(. /etc/os-release; echo "$VERSION_CODENAME")
  site() { apt-get indextargets --format '$(CODENAME) $(SITE)' 'Created-By: Packages' 'Component: main' | awk -v n="$name" '$1 == n { print $2; exit }'; }
  [ -n "$(site)" ] || quietly apt-get update
  site
}

# missing ROOT PACKAGE…   those that are not installed there
missing() {
  local root=$1; shift
  comm -23 <(printf '%s\n' "$@" | sort -u) <(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^ii //p' | sort -u)
}
apt=(apt-get -y -o DPkg::Lock::Timeout=300)
host() {
  local want; want=$(missing "" "$@"); [ -n "$want" ] || return 0
  quietly "${apt[@]}" update; quietly "${apt[@]}" --no-install-recommends install $want
}
debian13() { # into the chroot, or here where this already is Debian 13
  local release; release=$(. /etc/os-release; echo "${VERSION_ID:-0}")
  [ "${release%%.*}" -lt 13 ] || { host "$@"; return; }
  chroot_base
  local want; want=$(missing "$TRIXIE" "$@"); [ -n "$want" ] || return 0
  quietly "$RIGS/in-trixie.sh" "${apt[@]}" update; quietly "$RIGS/in-trixie.sh" "${apt[@]}" --no-install-recommends install $want
}
chroot_base() {
  [ -e "$TRIXIE/usr/bin/apt-get" ] && [ ! -e "$TRIXIE/debootstrap" ] && return
  host debootstrap
  quietly debootstrap --variant=minbase --include=ca-certificates trixie "$TRIXIE" "$(mirror)"
  cp /etc/hosts "$TRIXIE/etc/hosts"; cp -L /etc/resolv.conf "$TRIXIE/etc/resolv.conf"
  cp -r /etc/apt/apt.conf.d/. "$TRIXIE/etc/apt/apt.conf.d/"
}
virtual_pointer() {
  [ -x "$RIG_CACHE/bin/wlr-input" ] && return
  quietly cargo install --locked --path "$RIGS/wlr-input" --root "$RIG_CACHE" --target-dir "$RIG_CACHE/wlr-input"
  rm -rf "$RIG_CACHE/wlr-input"
}
zig() {
  "$RIG_CACHE/zig/bin/python" -c 'import ziglang' 2>/dev/null && return
  host python3 python3-venv
  quietly /usr/bin/python3 -m venv "$RIG_CACHE/zig"; quietly "$RIG_CACHE/zig/bin/python" -m pip install ziglang
}
session=(dbus dbus-x11 libglib2.0-bin gnome-keyring gcr libsecret-tools libnotify-bin dunst python3-dbusmock xvfb xdotool x11-utils
  x11-xserver-utils imagemagick fonts-dejavu-core procps)
xfce=("${session[@]}" xfce4-notifyd xfce4-panel xfwm4 adwaita-icon-theme)

mkdir -p "$RIG_CACHE"
[ $# -gt 0 ] || rig_usage 2,13
for part; do case $part in
  mirror) mirror ;;
  build) host gcc libc6-dev ;;
  tests) host dbus iproute2 libglib2.0-bin mount python3 util-linux ;;
  x11) host "${xfce[@]}" ;;
  accessibility) host at-spi2-core python3 python3-gi xclip ;;
  browser) host chromium ;;
  wayland) debian13 "${session[@]}" wayland-utils sway waybar grim wtype; virtual_pointer ;;
  gnome) debian13 "${session[@]}" gnome-shell gnome-shell-extension-appindicator python3-gi gir1.2-glib-2.0 at-spi2-core adwaita-icon-theme ;;
  windows-build) host gcc-mingw-w64-x86-64; quietly "$RIGS/rust-src.sh" ;;
  wine) host "${xfce[@]}" gcc-mingw-w64-x86-64 wine wine64 ;;
  macos-check) quietly "$RIGS/rust-src.sh"; zig ;;
  *) rig_usage 2,13 ;;
esac; done
