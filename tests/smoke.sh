#!/bin/bash
# usage: tests/smoke.sh PROGRAM   what can be seen of a built program without a person, on any system: the demo runs and ends, nobody is signed
# in, the start at login can be switched. For a machine on which nobody uses b24status: it switches the start at login off.
set -uo pipefail
program=${1:?which program}
failures=0

# claim WORDS COMMAND…
claim() {
  local words=$1; shift
  if "$@"; then echo "ok: $words"; else echo "FAILED: $words"; failures=$((failures + 1)); fi
}

exits_with() {
  local expected=$1 code=0; shift
  "$program" "$@" </dev/null || code=$?
  [ "$code" -eq "$expected" ]
}

# The Windows program has no console of its own, so it is waited for and read through a pipe.
prints() {
  local pattern=$1; shift
  "$program" "$@" </dev/null 2>&1 | tr -d '\r' | grep -E -- "$pattern"
}

demo_ends_by_itself() {
  local begun=$SECONDS
  "$program" demo --for "${FOR:-20s}" </dev/null | tee "$output" && [ $((SECONDS - begun)) -le 60 ]
}

export LC_ALL=C
output=$(mktemp); trap 'rm -f "$output"' EXIT

claim "it tells its version" prints '^b24status [0-9]+\.[0-9]+' --version
claim "the demo ends by itself, without an error" demo_ends_by_itself
claim "the demo's portal was asked for the status" grep -q 'im.user.status.get' "$output"
claim "without an account, status exits with 3" exits_with 3 status
claim "what nobody understands exits with 2" exits_with 2 set lunch
claim "the start at login is switched on" prints '^Start at login: on$' autostart on
claim "and read back" prints '^Start at login: on$' autostart status
claim "and switched off" prints '^Start at login: off$' autostart off
claim "and read back" prints '^Start at login: off$' autostart status
exit $((failures > 0))
