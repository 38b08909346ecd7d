#!/usr/bin/env bash
# Fuzzes each reader of the solver for some seconds:   scripts/fuzz.sh SECONDS
#
# What it finds goes to solver/fuzz/artifacts; keep a file that showed a fault in solver/fuzz/corpus, where the ordinary
# tests replay it.
set -euo pipefail
cd "$(dirname "$0")/../solver"
[ $# -eq 1 ] || { echo "usage: scripts/fuzz.sh SECONDS" >&2; exit 2; }
cargo +nightly fuzz --version > /dev/null 2>&1 || {
    echo "fuzzing needs a nightly compiler and cargo-fuzz: rustup toolchain install nightly; cargo install --locked cargo-fuzz" >&2
    exit 1
}

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
for target in problem plan dimacs; do
    seeds=("fuzz/corpus/$target")
    [ "$target" != problem ] || seeds+=(examples)
    mkdir -p "$found/$target"
    # The first folder takes new inputs; the kept corpus stays small.
    cargo +nightly fuzz run "$target" "$found/$target" "${seeds[@]}" -- -max_total_time="$1" -max_len=16384
done
