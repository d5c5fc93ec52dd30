#!/bin/bash
# usage, inside x11.sh with BROWSER=chromium: browser.sh ADDRESS   opens it in a new tab; `browser.sh` alone is the browser itself, which x11.sh starts
# A real Chromium that has never been used before, knows nobody and calls nobody, and that accessible.py can read and work.
set -eu
# The accessibility bridge is what lib.sh switches off for everything else; as root there is no sandbox.
unset NO_AT_BRIDGE GTK_A11Y
exec chromium --user-data-dir="$RIG/chromium" --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --no-default-browser-check \
  --disable-background-networking --disable-component-update --disable-sync --disable-default-apps --disable-extensions --disable-breakpad \
  --disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider --no-proxy-server --password-store=basic --use-mock-keychain \
  --disable-search-engine-choice-screen --force-renderer-accessibility --window-position=560,40 --window-size=700,700 --lang="${LANGUAGE:-en-US}" \
  "${1:-about:blank}" >>"$RIG/chromium.log" 2>&1
