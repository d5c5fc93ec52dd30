#!/bin/bash
# usage, inside wine.sh: tell.sh WORD   what Windows tells the app when the session is locked, ends, …: the words stand in wine/tell.c
set -eu; RIGS=$(cd "$(dirname "$0")" && pwd)
[ -e "$RIG/tell.exe" ] || x86_64-w64-mingw32-gcc -O1 -Wall -o "$RIG/tell.exe" "$RIGS/wine/tell.c"
exec wine "$RIG/tell.exe" "$@"
