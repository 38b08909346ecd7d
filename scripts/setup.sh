#!/bin/sh
# Installs what Pasok needs and this machine lacks; says what it finds and what it runs. Safe to repeat.
#
#   scripts/setup.sh build      cmake (builds HiGHS), libclang (reads its headers), OpenSSL and pkg-config (libpq's TLS)
#   scripts/setup.sh postgres   PostgreSQL's server programs, for the tests
#   scripts/setup.sh browser    Chromium, Node and npm, for the tests of the pages
#   scripts/setup.sh pip        Python's package client, for tools that lint and the API's fuzzer fetch ready-made
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh
. scripts/find-postgres.sh

# Without these nothing can start, and no package of ours should choose them: which compiler is the user's affair.
need_toolchain() {
    missing=
    command -v "${CARGO:-cargo}" >/dev/null 2>&1 || missing="$missing Rust-1.95-or-newer"
    command -v "${CC:-cc}" >/dev/null 2>&1 || missing="$missing a-C-compiler"
    command -v "${CXX:-c++}" >/dev/null 2>&1 || missing="$missing a-C++-compiler"
    if [ -n "$missing" ]; then
        echo "setup: missing:$missing. Install these first; on Debian: apt-get install g++, and Rust from rustup.rs" >&2
        exit 1
    fi
}

# bindgen loads libclang at build time, and libclang needs the compiler's own headers (stddef.h) beside it;
# Debian ships them apart, so look for both.
has_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return 0
    for lib in /usr/lib/llvm*/lib/libclang*.so* /usr/lib/*/libclang*.so* /usr/lib/libclang*.so* /usr/lib64/libclang*.so* \
        /Library/Developer/CommandLineTools/usr/lib/libclang.dylib /opt/homebrew/opt/llvm/lib/libclang.dylib; do
        # A C++-only libclang-cpp is another library.
        case "$lib" in *libclang-cpp* | *\**) continue ;; esac
        [ -e "$lib" ] && has_clang_headers && return 0
    done
    return 1
}

has_clang_headers() {
    for header in /usr/lib/llvm*/lib/clang/*/include/stddef.h /usr/lib*/clang/*/include/stddef.h \
        /Library/Developer/CommandLineTools/usr/lib/clang/*/include/stddef.h /opt/homebrew/opt/llvm/lib/clang/*/include/stddef.h; do
        [ -e "$header" ] && return 0
    done
    return 1
}

missing_for_build() {
    command -v cmake >/dev/null 2>&1 || printf ' cmake'
    has_libclang || printf ' libclang'
    if [ -z "${OPENSSL_DIR:-}" ]; then
        if command -v pkg-config >/dev/null 2>&1; then
            pkg-config --exists openssl || printf ' openssl'
        else
            printf ' pkg-config openssl'
        fi
    fi
}

# The browser comes as a package of the system; a test tool's own download would fail on a closed network.
missing_for_browser() {
    [ -n "${PASOK_CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || printf ' chromium'
    command -v node >/dev/null 2>&1 || printf ' node'
    command -v npm >/dev/null 2>&1 || printf ' npm'
}

case "${1:-build}" in
build)
    need_toolchain
    missing=$(missing_for_build)
    ;;
postgres) missing=$(find_postgres >/dev/null || printf ' postgresql') ;;
browser) missing=$(missing_for_browser) ;;
pip) missing=$(python3 -m venv --help >/dev/null 2>&1 && python3 -m pip --version >/dev/null 2>&1 || printf ' pip venv') ;;
*)
    echo "usage: scripts/setup.sh [build|postgres|browser|pip]" >&2
    exit 2
    ;;
esac

if [ -n "$missing" ]; then
    echo "setup: missing:$missing"
    # shellcheck disable=SC2086
    install_packages $missing
    echo "setup: installed:$missing"
fi
