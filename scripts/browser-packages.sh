#!/usr/bin/env bash
# Installs the packages that tests/browser pins, unless exactly they are there. No browser is downloaded by any of them.
set -euo pipefail
cd "$(dirname "$0")/../tests/browser"
if cmp -s package-lock.json node_modules/.installed-lock; then exit 0; fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json node_modules/.installed-lock
