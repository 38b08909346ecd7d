#!/bin/sh
# Builds the release binaries, says beforehand how long that takes, and afterwards how long it took.
set -eu
cd "$(dirname "$0")/.."

if [ ! -x target/release/pasok ]; then
    echo "build: the first build compiles HiGHS, SQLite, libpq and the crates: about ten minutes on two cores,"
    echo "build: most of it in one line (highs-sys). Later builds take seconds."
fi
# Cargo's own bar shows crates done and to do, and what compiles now; give it to terminals that hide it too.
started=$(date +%s)
"${CARGO:-cargo}" build --release --workspace --locked
echo "build: done in $(($(date +%s) - started)) s: target/release/pasok, target/release/pasok-solver"
