#!/bin/bash
# usage: packaging/macos/bundle.sh PROGRAM DIRECTORY   puts b24status.app around a built program, and the window beside it, into that directory. On a Mac only.
# Signed for this computer alone ("ad hoc"): whoever gives it to others signs it with an identity of their own.
set -eu
[ $# -eq 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
program=$1 app=$2/b24status.app
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
cp "$program" "$app/Contents/MacOS/b24status"
cp "$(dirname "$program")/b24status-window" "$app/Contents/MacOS/"
cp "$here/Info.plist" "$app/Contents/Info.plist"
version=$("$program" --version); version=${version##* }
for key in CFBundleShortVersionString CFBundleVersion; do
  plutil -replace "$key" -string "$version" "$app/Contents/Info.plist"
done

# The Finder and Login Items show it; the menu bar has its own pictures.
mkdir "$work/b24status.iconset"
if sips -s format png -Z 1024 "$here/../../assets/icons/online.svg" --out "$work/icon.png" >"$work/sips.log" 2>&1; then
  for side in 16 32 128 256 512; do
    sips -z $side $side "$work/icon.png" --out "$work/b24status.iconset/icon_${side}x$side.png" >>"$work/sips.log"
    sips -z $((2 * side)) $((2 * side)) "$work/icon.png" --out "$work/b24status.iconset/icon_${side}x$side@2x.png" >>"$work/sips.log"
  done
  iconutil -c icns "$work/b24status.iconset" -o "$app/Contents/Resources/b24status.icns"
else
  echo "bundle.sh: this macOS does not draw SVG, so the bundle has the system's own icon" >&2
fi

codesign --force --sign - "$app/Contents/MacOS/b24status-window"
codesign --force --sign - "$app"
echo "$app"
