#!/usr/bin/env bash
# Every check that reads the sources without running them. Goes through all of them and fails at the end if one did.
#
# cargo-deny is fetched ready-made where it is missing (scripts/cargo-deny.sh). cargo-machete and shellcheck are used
# where they are installed; nothing installs them unasked:  cargo install --locked cargo-machete
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
cargo=${CARGO:-cargo}
failed=()

# check NAME COMMAND...: one finding does not hide the next.
check() {
    local name=$1 started=$SECONDS
    shift
    echo "lint: $name"
    if "$@"; then
        echo "lint: $name: ok ($((SECONDS - started)) s)"
    else
        failed+=("$name")
        echo "lint: $name: FAILED" >&2
    fi
}

# optional PROGRAM NAME COMMAND...: says so when the program is absent.
optional() {
    local program=$1
    shift
    if command -v "$program" >/dev/null 2>&1; then
        check "$@"
    else
        echo "lint: $1: skipped, $program is not installed"
    fi
}

# Every crate comes from one registry, with a checksum. The fuller rules are cargo-deny's, below.
only_one_registry() {
    [ "$(grep '^source = ' Cargo.lock | sort -u | wc -l)" -le 1 ]
}

shell_syntax() {
    local script bad=0
    for script in scripts/*.sh .ci/run; do
        bash -n "$script" || bad=1
    done
    return $bad
}

check "format" "$cargo" fmt --all --check
check "clippy" "$cargo" clippy --workspace --all-targets --locked --quiet -- -D warnings
check "documentation" env RUSTDOCFLAGS="-D warnings" "$cargo" doc --workspace --no-deps --locked --quiet
check "crate sources" only_one_registry
check "shell syntax" shell_syntax
optional shellcheck "shell scripts" shellcheck -x scripts/*.sh .ci/run
check "dependencies" scripts/cargo-deny.sh
optional cargo-machete "unused dependencies" "$cargo" machete

if [ ${#failed[@]} -gt 0 ]; then
    printf 'lint: failed:' >&2
    printf ' %s;' "${failed[@]}" >&2
    printf '\n' >&2
    exit 1
fi
echo "lint: all ok"
