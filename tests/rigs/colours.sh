#!/bin/bash
# usage: colours.sh FILE.png   how many colours are in it
set -eu
magick=(identify); command -v magick >/dev/null && magick=(magick identify)
"${magick[@]}" -format '%k\n' "$1"
