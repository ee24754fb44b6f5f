#!/usr/bin/env bash
# The core tests with every Python 3.12 and 3.13 there is, and with the oldest versions of the
# packages that requirements.txt allows. Each has an environment of its own beside .venv.
#
# .ci/other_pythons.sh PYTHON: the one to install the oldest versions with, a 3.11
set -euo pipefail
cd "$(dirname "$0")/.."

# Prints the version of a Python, if it is one that runs: a shim of pyenv may be a promise only.
version_of() {
    "$1" -c 'import ensurepip, sys, venv; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null
}

declare -A found  # by version
for wanted in 3.12 3.13; do
    for python in "python$wanted" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$wanted"*/bin/python; do
        if path=$(command -v "$python") && version=$(version_of "$path") &&
            [[ $version == "$wanted".* ]]; then
            : "${found[$version]:=$path}"
        fi
    done
done
if ((${#found[@]} == 0)); then
    echo "No Python 3.12 or 3.13 was found, so only $(python3 --version) is tested."
fi
for version in $(printf '%s\n' "${!found[@]}" | sort --version-sort); do
    echo "Found Python $version: ${found[$version]}"
done

for version in $(printf '%s\n' "${!found[@]}" | sort --version-sort); do
    echo "With Python $version:"
    make ENV=".venv-$version" PYTHON="${found[$version]}" lint test-core
done

echo "With the oldest versions that requirements.txt allows, in $("$1" --version):"
"$1" .ci/lowest_versions.py > .venv-lowest.txt
make ENV=.venv-lowest REQUIREMENTS=.venv-lowest.txt PYTHON="$1" test-core
