#!/bin/bash
# usage: in-trixie.sh COMMAND…   runs COMMAND in the Debian 13 chroot that `install.sh wayland` makes (TRIXIE=/opt/trixie). As root.
# /proc /sys /dev /tmp, the rigs, $PWD with its git checkout, $CARGO_TARGET_DIR and BIND="DIR DIR" are there at the same paths.
# The mounts live in a private mount namespace: nothing stays mounted, and removing the chroot can never reach the host's files.
set -u; . "$(dirname "$0")/lib.sh"
export TRIXIE=${TRIXIE:-/opt/trixie} CWD=$PWD
[ "$(id -u)" = 0 ] || rig_absent "root, for a chroot with Debian 13"
rig_programs unshare mount chroot
[ -x "$TRIXIE/usr/bin/env" ] || rig_absent "Debian 13 in $TRIXIE"
checkout=$(git rev-parse --show-toplevel 2>/dev/null || :)
RIG_BIND="/proc /sys /dev /tmp $RIGS $RIG_CACHE $PWD $checkout ${CARGO_TARGET_DIR:-} ${BIND:-}"; export RIG_BIND
exec unshare --mount --propagation private bash -c '
  for dir in $RIG_BIND; do
    case $dir in /tmp/* | /) continue ;; esac
    mkdir -p "$dir" "$TRIXIE$dir" && mount --rbind "$dir" "$TRIXIE$dir" || exit 97
  done
  exec chroot "$TRIXIE" /usr/bin/env -C "$CWD" "$@"' in-trixie "$@"
