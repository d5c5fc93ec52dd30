#!/bin/bash
# usage: cross.sh windows|macos check|clippy|build|test [CARGO ARGUMENTS]   cargo for another system, on the stock stable toolchain.
# windows is x86_64-pc-windows-gnu (mingw links; what runs, runs in Wine: wrap it in wine.sh). macos is aarch64-apple-darwin: check and
# clippy are what counts, nothing links.
# Where the toolchain has no std for the target, std is built from source (RUST_LIBRARY, default: what rust-src.sh fetches).
set -eu; . "$(dirname "$0")/lib.sh"
[ $# -ge 2 ] || rig_usage 2,5
case $1 in
  windows) target=x86_64-pc-windows-gnu; export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=wine ;;
  macos) target=aarch64-apple-darwin; export "CC_aarch64_apple_darwin=$RIGS/zig-cc.sh" ;;
  *) rig_usage 2 ;;
esac
command=$2; shift 2
# What runs while cargo builds is built for the same options, and those below differ: one directory for both would be built anew each time.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$RIGS/../../target}/cross
std=()
if [ ! -d "$("${RUSTC:-rustc}" --print sysroot)/lib/rustlib/$target/lib" ]; then
  version=$("${RUSTC:-rustc}" -V | cut -d' ' -f2)
  RUST_LIBRARY=${RUST_LIBRARY:-$(RUST_VERSION=${RUST_VERSION:-$version} "$RIGS/rust-src.sh")}
  std=(-Z build-std=std,panic_unwind,panic_abort,test)
  # std from source is a nightly option; the source is of exactly this compiler, so stable may use it.
  export RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT=$RUST_LIBRARY
fi
exec cargo "$command" "${std[@]}" --target "$target" "$@"
