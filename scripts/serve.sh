#!/bin/sh
# Serves the API and the web page:   scripts/serve.sh DATABASE_URL LISTEN_ADDRESS
set -eu
cd "$(dirname "$0")/.."
mkdir -p var
case "$1" in
sqlite://*)
    if [ ! -e "${1#sqlite://}" ]; then
        echo "serve: ${1#sqlite://} is new and empty; \`make demo\` fills one with a week of real data"
    fi
    ;;
esac
# exec: signals reach the server itself, which then ends its open requests in order.
exec target/release/pasok serve --database "$1" --listen "$2"
