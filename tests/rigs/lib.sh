# Common parts of the desktop rigs: a private home, a bus, a keyring, an end. Sourced by the rigs; a script that runs inside one may source it
# too, for `wait_for` and `owned`. Nothing here touches a process that it did not start.
# Exit codes of a rig: 96 it is not installed here, 97 the desktop did not come up, else those of the command.
RIGS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd); export RIGS
: "${RIG_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/desktop-rigs}"; export RIG_CACHE   # what install.sh builds once
RIG_PIDS=()

# rig_usage LINES   the comment at the head of the calling script; ends it
rig_usage() { sed -n "$1s/^# //p" "$0" >&2; exit 2; }

# rig_absent WHAT   this machine cannot run the rig, because WHAT is not there; ends it
rig_absent() { echo "rig: no $1 on this machine (tests/rigs/install.sh installs it)" >&2; exit 96; }

# rig_programs PROGRAM…   what the rig cannot do without
rig_programs() {
  local program
  for program; do command -v "$program" >/dev/null || rig_absent "$program"; done
}

# wait_for SECONDS COMMAND…   until COMMAND succeeds; 1 and a line on standard error if it never does
wait_for() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do
    [ $SECONDS -le $end ] || { echo "rig: gave up waiting for: $*" >&2; return 1; }
    sleep 0.05
  done
}

# owned NAME   is the name owned on the session bus?
owned() {
  gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus -m org.freedesktop.DBus.NameHasOwner "$1" 2>/dev/null | grep -q true
}

# tray_ready   the watcher's name can be owned before its object is there (KDE): ask the object
tray_ready() {
  owned org.kde.StatusNotifierWatcher && gdbus call --session -d org.kde.StatusNotifierWatcher -o /StatusNotifierWatcher \
    -m org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher IsStatusNotifierHostRegistered 2>/dev/null | grep -q true
}

# rig_begin KIND   private HOME, XDG directories and $RIG (logs, sockets); everything ends with the script
rig_begin() {
  export RIG_KIND=$1
  RIG=$(mktemp -d "${TMPDIR:-/tmp}/rig.XXXXXX"); export RIG
  trap rig_end EXIT; trap 'exit 143' TERM HUP; trap 'exit 130' INT
  export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}   # cargo works inside a rig too
  export HOME=$RIG/home XDG_RUNTIME_DIR=$RIG/run
  export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache
  mkdir -p "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_STATE_HOME" "$XDG_CACHE_HOME"; mkdir -m 700 "$XDG_RUNTIME_DIR"
  export NO_AT_BRIDGE=1 GTK_A11Y=none LIBGL_ALWAYS_SOFTWARE=1
  unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS DBUS_SYSTEM_BUS_ADDRESS
}

# rig_bg LOG COMMAND…   in the background, output to $RIG/LOG.log
# (<&0: bash gives a background command /dev/null otherwise)
rig_bg() { local log=$1; shift; "$@" <&0 >"$RIG/$log.log" 2>&1 & RIG_PIDS+=($!); }

# rig_need SECONDS WHAT COMMAND…   a condition without which the rig is not up: 97 and the end of the log $RIG/WHAT.log
rig_need() {
  local seconds=$1 what=$2; shift 2
  wait_for "$seconds" "$@" || { tail -n 20 "$RIG/$what.log" >&2 2>/dev/null; exit 97; }
}

# rig_xvfb   an X server on a free display number, into XDISP
rig_xvfb() {
  mkfifo "$RIG/display"
  rig_bg xvfb Xvfb -displayfd 9 -screen 0 "${GEOM:-1280x800x24}" -nolisten tcp -noreset 9<>"$RIG/display"
  local number; read -r -t 20 number <>"$RIG/display" || { cat "$RIG/xvfb.log" >&2; exit 97; }
  export XDISP=:$number
}

# rig_bus   the session bus. BUS=bare: one that activates nothing, so what is not running is absent, as on a bare window manager
rig_bus() {
  local config=--session
  if [ "${BUS:-full}" = bare ]; then
    mkdir -p "$RIG/services"; cp /usr/share/dbus-1/services/org.xfce.Xfconf.service "$RIG/services/" 2>/dev/null
    sed -e "s#<standard_session_servicedirs */>#<servicedir>$RIG/services</servicedir>#" -e '/<include/d' \
      /usr/share/dbus-1/session.conf >"$RIG/session.conf"
    config=--config-file=$RIG/session.conf
  fi
  export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
  rig_bg bus dbus-daemon $config --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS"
  rig_need 30 bus test -S "$XDG_RUNTIME_DIR/bus"
}

# rig_activation NAME…   lets services that the bus starts see these variables
rig_activation() { dbus-update-activation-environment "$@"; }

# rig_logind   a private system bus with a mock of logind, which logind.sh can make sleep, wake, lock and unlock
rig_logind() {
  cat >"$RIG/system.conf" <<X
<busconfig><type>custom</type><listen>unix:path=$RIG/system-bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
X
  rig_bg system-bus dbus-daemon --config-file="$RIG/system.conf" --nofork --nopidfile
  rig_need 30 system-bus test -S "$RIG/system-bus"
  export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$RIG/system-bus
  rig_bg logind /usr/bin/python3 -m dbusmock --system --template logind
  rig_need 30 logind "$RIGS/logind.sh" ready
}

# rig_keyring   KEYRING=unlocked|locked|none, KEYPASS=test
rig_keyring() {
  [ "${KEYRING:-unlocked}" = none ] && return
  # The password is the whole of standard input, without a newline; an empty one counts as none and opens a prompt.
  rig_bg keyring gnome-keyring-daemon --foreground --unlock --components=secrets < <(printf %s "${KEYPASS:-test}")
  rig_need 30 keyring owned org.freedesktop.secrets
  if [ "${KEYRING:-}" = locked ]; then "$RIGS/keyring.sh" lock || exit 97; fi
}

# rig_accessibility   the bus of screen readers, and the word that one is running, without which programs tell nothing
rig_accessibility() {
  local launcher=/usr/libexec/at-spi-bus-launcher
  [ -x $launcher ] || rig_absent at-spi-bus-launcher
  /usr/bin/python3 -c 'import gi' 2>/dev/null || rig_absent python3-gi
  rig_bg accessibility $launcher --launch-immediately
  rig_need 30 accessibility owned org.a11y.Bus
  local name
  for name in IsEnabled ScreenReaderEnabled; do
    gdbus call --session -d org.a11y.Bus -o /org/a11y/bus -m org.freedesktop.DBus.Properties.Set org.a11y.Status $name '<true>' >/dev/null || exit 97
  done
}

# rig_settings_portal   what toolkits ask whether the desktop is dark; see settings-portal.py
rig_settings_portal() {
  rig_bg settings-portal /usr/bin/python3 "$RIGS/settings-portal.py" "$SCHEME"
  rig_need 30 settings-portal owned org.freedesktop.portal.Desktop
}

# rig_browser   a browser is open, and links go there and nowhere else
rig_browser() {
  rig_programs chromium xwininfo
  mkdir -p "$RIG/bin"; ln -s "$RIGS/browser.sh" "$RIG/bin/xdg-open"
  export PATH=$RIG/bin:$PATH; unset BROWSER
  rig_bg chromium "$RIGS/browser.sh"
  rig_need 30 chromium rig_browser_shows
}
rig_browser_shows() { xwininfo -root -tree | grep -q ' - Chromium"'; }

# rig_run COMMAND…   runs it and ends the rig with its exit code
rig_run() {
  "$@" <&0 & local pid=$!
  RIG_PIDS+=($pid)
  wait $pid; exit $?
}

rig_end() {
  local code=$? pid i
  trap '' TERM HUP INT EXIT
  exec 3>&2 2>/dev/null   # bash tells how each of them died
  for ((i = ${#RIG_PIDS[@]} - 1; i >= 0; i--)); do kill "${RIG_PIDS[i]}"; done
  for pid in "${RIG_PIDS[@]}"; do
    for ((i = 0; i < 60; i++)); do kill -0 "$pid" || break; sleep 0.05; done
    kill -9 "$pid"
  done
  wait
  if [ -n "${KEEP:-}" ]; then echo "rig: kept $RIG" >&3; else rm -rf "$RIG"; fi
  exit $code
}

# rig_debian13 SCRIPT ARGUMENTS…   goes on inside the Debian 13 chroot unless this already is Debian 13 or newer
rig_debian13() {
  local release; release=$(. /etc/os-release 2>/dev/null; echo "${VERSION_ID:-0}")
  [ "${release%%.*}" -ge 13 ] 2>/dev/null || exec "$RIGS/in-trixie.sh" "$@"
}
