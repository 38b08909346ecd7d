#!/usr/bin/env bash
# Fuzzes each reader of the solver for some seconds:   scripts/fuzz.sh SECONDS [READER…]
#
# libFuzzer through the crate libfuzzer-sys, with the ordinary compiler: coverage comes from LLVM's own pass, which stable
# compilers take too, so neither nightly nor cargo-fuzz is needed. Without an address sanitizer, as the readers are safe
# Rust: what counts are panics, failed assertions, overflows and inputs that take long.
#
# An input that shows a fault stays in target/fuzz/findings; mend the fault and keep the input in solver/fuzz/corpus, where
# the ordinary tests replay it.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { echo "usage: scripts/fuzz.sh SECONDS [problem|plan|dimacs …]" >&2; exit 2; }
seconds=$1
shift
[ $# -ge 1 ] || set -- problem plan dimacs

host=$("${RUSTC:-rustc}" -vV | sed -n 's/^host: //p')
flags="--cfg fuzzing -Cdebug-assertions=on -Coverflow-checks=on -Cpasses=sancov-module"
for part in level=4 inline-8bit-counters pc-table trace-compares; do
    flags="$flags -Cllvm-args=-sanitizer-coverage-$part"
done
# Naming the target keeps the flags away from build scripts, which have no fuzzer to report to.
echo "fuzz: building the readers with coverage; the first time with HiGHS, some five minutes"
RUSTFLAGS="$flags" "${CARGO:-cargo}" build --release --locked --target "$host" \
    --manifest-path solver/fuzz/Cargo.toml --target-dir target/fuzz

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
mkdir -p target/fuzz/findings
for target in "$@"; do
    seeds=("solver/fuzz/corpus/$target")
    [ "$target" != problem ] || seeds+=(solver/examples)
    mkdir -p "$found/$target"
    echo "fuzz: $target for $seconds s"
    # The first folder takes new inputs; the kept corpus stays small.
    "target/fuzz/$host/release/$target" "$found/$target" "${seeds[@]}" -max_total_time="$seconds" -max_len=16384 \
        -timeout=30 -rss_limit_mb=4096 -print_final_stats=1 -artifact_prefix="target/fuzz/findings/$target-"
done
