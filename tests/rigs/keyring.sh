#!/bin/bash
# usage, inside a rig: keyring.sh lock | locked     lock the login collection; succeed if it is locked
set -u
case ${1:-} in
  lock) gdbus call --session -d org.freedesktop.secrets -o /org/freedesktop/secrets -m org.freedesktop.Secret.Service.Lock \
    "['/org/freedesktop/secrets/collection/login']" >/dev/null ;;
  locked) gdbus call --session -d org.freedesktop.secrets -o /org/freedesktop/secrets/collection/login \
    -m org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked | grep -q true ;;
  *) sed -n "2s/^# //p" "$0" >&2; exit 2 ;;
esac
