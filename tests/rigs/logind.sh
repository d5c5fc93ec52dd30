#!/bin/bash
# usage, inside a rig with LOGIND=mock (gnome.sh always): logind.sh session | sleep | wake | lock | unlock
# session makes a session object first and prints its path; lock and unlock need its path as a second argument.
# sleep, wake: PrepareForSleep(true|false). lock, unlock: the session's Lock|Unlock signal and its LockedHint.
set -eu
on() { gdbus call --address "$DBUS_SYSTEM_BUS_ADDRESS" -d org.freedesktop.login1 -o "$@"; }
manager=org.freedesktop.login1.Manager session=org.freedesktop.login1.Session
emit() { on "$1" -m org.freedesktop.DBus.Mock.EmitSignal "$2" "$3" "$4" "$5" >/dev/null; }
case ${1:-} in
  ready) on /org/freedesktop/login1 -m "$manager.CanSuspend" >/dev/null 2>&1 ;;
  session) on /org/freedesktop/login1 -m org.freedesktop.DBus.Mock.AddSession "${2:-c1}" seat0 "uint32 $(id -u)" "$(id -un)" true | tr -d "(',)" ;;
  sleep) emit /org/freedesktop/login1 "$manager" PrepareForSleep b '[<true>]' ;;
  wake) emit /org/freedesktop/login1 "$manager" PrepareForSleep b '[<false>]' ;;
  lock) on "$2" -m org.freedesktop.DBus.Mock.UpdateProperties "$session" "{'LockedHint': <true>}" >/dev/null; emit "$2" "$session" Lock '' '@av []' ;;
  unlock) on "$2" -m org.freedesktop.DBus.Mock.UpdateProperties "$session" "{'LockedHint': <false>}" >/dev/null; emit "$2" "$session" Unlock '' '@av []' ;;
  *) sed -n "2,4s/^# //p" "$0" >&2; exit 2 ;;
esac
