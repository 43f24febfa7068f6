#!/bin/sh
# Run the Mesa contract tests where newer Pythons bring newer Mesa.
#
#   tools/other_pythons.sh 3.12 3.13
#
# Each Python that is found gets an environment of its own from the one lock, under build/. One that is not found is
# skipped with the reason.
set -eu
cd "$(dirname "$0")/.."
failed=0

for version in "$@"; do
    if ! python=$(sh tools/find_python.sh "$version" 2>&1); then
        echo "Skipped Python $version: $python"
        continue
    fi
    venv=build/python$version
    if ! cmp -s requirements.lock "$venv/requirements.lock" || ! cmp -s pyproject.toml "$venv/pyproject.toml"; then
        echo "Making $venv with $python"
        "$python" -m venv --clear "$venv"
        "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements.lock
        "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
        "$venv/bin/python" -m pip check
        cp requirements.lock pyproject.toml "$venv/"
    fi
    echo "Python $version with $("$venv/bin/python" -m pip list --format=freeze 2>/dev/null | grep -i '^mesa==')"
    "$venv/bin/python" -m pytest -q -p no:cacheprovider tests/test_mesa_contract*.py tests/golden -k "contract or baseline" ||
        failed=1
done
exit $failed
