#!/bin/sh
# Builds the sealing code of the browser (static/seal/) from pinned packages; needs node and npm, which nothing else here
# does, so the result is committed. With --check it builds beside and compares.
set -eu
cd "$(dirname "$0")/seal-page"
npm ci --ignore-scripts --silent
if [ "${1:-}" = "--check" ]; then
    out=$(mktemp -d)
    trap 'rm -rf "$out"' EXIT
    node build.mjs "$out"
    diff -r "$out" ../../static/seal
    echo "static/seal is what its sources build"
else
    node build.mjs
fi
