#!/usr/bin/env bash
# Runs the browser tests in tests/browser against a server of their own:   scripts/browser-tests.sh [NAME]
#
# Needs the built program (cargo test --workspace builds it), Chromium and Node; installs the last two where they are
# missing, and the two pinned packages of tests/browser with npm. PASOK_CHROMIUM names another browser.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh browser
scripts/browser-packages.sh
if [ $# -gt 0 ]; then exec node --test --test-name-pattern="$1" tests/browser/all.test.mjs; fi
exec node --test tests/browser/all.test.mjs
