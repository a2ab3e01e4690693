#!/bin/sh
# Runs a Python script with the first interpreter that is new enough: $PYTHON if set, else one on PATH.
# Only this file has to run before there is a usable Python.
set -eu

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -n "${PYTHON:-}" ]; then
    candidates=$PYTHON
else
    candidates='python3 python3.13 python3.12 python3.11 python3.14 python'
fi
for candidate in $candidates; do
    if "$candidate" -c "$new_enough" >/dev/null 2>&1; then
        exec "$candidate" -E -s "$@"
    fi
done

for candidate in $candidates; do
    found=$("$candidate" --version 2>&1) && echo "found: $candidate is $found" >&2 || true
done
echo "error: no Python 3.11 or newer among: $candidates." >&2
echo "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2
exit 1
