#!/bin/sh
# Find a Python that really runs and can make virtual environments.
#
#   tools/find_python.sh new python3 python3.11   the first of these commands that is 3.11 or newer
#   tools/find_python.sh 3.12                     a Python of exactly this version, on PATH or where they are usually kept
#
# Prints its path; or says on stderr what was tried and leaves with 1. A name on PATH proves nothing: a version
# manager puts a shim there for every version it knows, which may refuse to start.
set -eu

want=$1
shift

usable() { # usable PYTHON VERSION: VERSION is "new" or an exact one
    "$1" - "$2" 2>/dev/null <<'PY'
import sys
import ensurepip, venv

have = sys.version_info[:2]
want = sys.argv[1]
sys.exit(have < (3, 11) if want == "new" else have != tuple(map(int, want.split("."))))
PY
}

tried=""
consider() { # prints the path and ends the script if the candidate will do
    path=$(command -v "$1" 2>/dev/null) || { tried="$tried
  $1: not found"; return 0; }
    if usable "$path" "$want"; then
        "$path" -c 'import sys; print(sys.executable)'
        exit 0
    fi
    version=$("$path" -c 'import sys; print("is Python " + ".".join(map(str, sys.version_info[:3])))' 2>/dev/null) ||
        version="does not start"
    if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$path" -c 'import ensurepip, venv' 2>/dev/null || version="$version without venv (Debian: install python3-venv)"
    fi
    tried="$tried
  $path: $version"
}

if [ "$want" = new ]; then
    for name in "$@"; do
        consider "$name"
    done
    echo "fupin_sim needs Python 3.11 or newer, with venv; point to one with 'make PYTHON=/path/to/python3'. Tried:$tried" >&2
else
    consider "python$want"
    for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$want"*/bin "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-"$want"*/bin \
        /usr/local/bin /usr/bin /opt/homebrew/bin /opt/python"$want"/bin; do
        [ -x "$folder/python$want" ] && consider "$folder/python$want"
    done
    echo "no usable Python $want. Tried:$tried" >&2
fi
exit 1
