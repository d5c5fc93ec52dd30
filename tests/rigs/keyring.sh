#!/bin/bash
# usage, inside a rig: keyring.sh lock | unlock | locked     lock or unlock (x11.sh only) the login collection; succeed if it is locked
set -u
case ${1:-} in
  lock) gdbus call --session -d org.freedesktop.secrets -o /org/freedesktop/secrets -m org.freedesktop.Secret.Service.Lock \
    "['/org/freedesktop/secrets/collection/login']" >/dev/null ;;
  unlock) # by storing something, which opens the prompt that a person sees
    . "$(dirname "$0")/lib.sh"
    prompt() { xwininfo -root -tree | grep -q '"Unlock Login Keyring"'; }
    open() { ! "$0" locked; }
    timeout 30 secret-tool store --label=rig rig unlocked <<<rig & store=$!
    wait_for 10 prompt || exit 1
    # The window is there before it takes the keyboard; half a password is refused, and asked for again.
    until open || ! kill -0 $store 2>/dev/null; do
      "$RIGS/input.sh" type "${KEYPASS:-test}"; "$RIGS/input.sh" key Return
      wait_for 1 open 2>/dev/null
    done
    wait $store ;;
  locked) gdbus call --session -d org.freedesktop.secrets -o /org/freedesktop/secrets/collection/login \
    -m org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked | grep -q true ;;
  *) sed -n "2s/^# //p" "$0" >&2; exit 2 ;;
esac
