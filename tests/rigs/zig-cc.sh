#!/bin/bash
# A C compiler for macOS on Apple silicon, for the build scripts of crates that have C in them: zig, without the flags that it does not take.
# install.sh macos-check puts zig in place.
set -eu; . "$(dirname "$0")/lib.sh"
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    -arch) shift ;;
    -mmacosx-version-min=* | --target=*) ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
exec "$RIG_CACHE/zig/bin/python" -m ziglang cc -target aarch64-macos "${arguments[@]}"
