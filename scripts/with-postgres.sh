#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL beside it:   scripts/with-postgres.sh COMMAND [ARGUMENT...]
#
# The command sees PASOK_TEST_POSTGRES_URL (an ordinary role that owns an empty database) and PASOK_REQUIRE_POSTGRES=1
# (a test that finds no PostgreSQL must fail then, not skip). The exit status is the command's. The server runs as an
# unprivileged user in a temporary directory, on a free port, and is stopped and removed afterwards: also after a
# failure, a signal, or a kill of this script itself.
#
# A server of your own: set PASOK_TEST_POSTGRES_URL before, and nothing is started.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || { echo "usage: scripts/with-postgres.sh COMMAND [ARGUMENT...]" >&2; exit 2; }

export PASOK_REQUIRE_POSTGRES=1
if [ -n "${PASOK_TEST_POSTGRES_URL:-}" ]; then
    exec "$@"
fi

scripts/setup.sh postgres
. scripts/find-postgres.sh
bin=$(find_postgres) || { echo "with-postgres: no initdb and pg_ctl found" >&2; exit 1; }

# Always below /tmp: a socket's path may have 107 bytes, and the server's user must be able to reach it.
dir=$(mktemp -d /tmp/pasok-postgres.XXXXXX)

# as_server COMMAND...: PostgreSQL refuses to run as root, so root steps down to the package's user. Descriptor 9 is
# the reaper's leash (below) and must not live on in a server.
if [ "$(id -u)" -eq 0 ]; then
    user=nobody
    id -u postgres >/dev/null 2>&1 && user=postgres
    chown "$user" "$dir"
    as_server() { (exec 9>&- && cd "$dir" && exec setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env HOME="$dir" "$@"); }
else
    as_server() { (exec 9>&- && cd "$dir" && exec "$@"); }
fi

# The reaper stops and removes the server when the other end of its pipe closes: when this script ends, however it
# ends. It sits in a session of its own, so that a signal to our whole process group does not take it along.
# shellcheck disable=SC2329  # called by the shell that the next lines start
reap() {
    trap '' INT TERM HUP
    cat >/dev/null
    # Still there only when this script was killed outright and could not end the command itself.
    if [ -s "$dir/command" ]; then kill -TERM -- "-$(cat "$dir/command")"; fi
    as_server "$bin/pg_ctl" stop -D "$dir/data" -m immediate -w >/dev/null 2>&1 || true
    # initdb may still be writing when this script was killed half-way; a second look catches what it left.
    rm -rf "$dir" 2>/dev/null || { sleep 1; rm -rf "$dir"; }
}
export -f reap as_server
export bin dir user="${user:-}"
own_session=$(command -v setsid || true)
exec 9> >(exec $own_session bash -c reap >/dev/null 2>&1)

child=
# shellcheck disable=SC2329  # called by the traps
finish() {
    trap '' INT TERM HUP
    if [ -n "$child" ]; then
        kill -TERM -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
        rm -f "$dir/command"
    fi
    exec 9>&-
    # The reaper is no child that `wait` knows in every bash; the directory's end is its last act.
    for _ in $(seq 300); do
        [ -d "$dir" ] || return 0
        sleep 0.1
    done
    echo "with-postgres: $dir could not be removed within 30 seconds" >&2
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# fsync and its like are off because this data is worthless after the run. Never do that to a database that is kept.
settings="-c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir"
settings="$settings -c max_connections=200 -c max_locks_per_transaction=256 -c timezone=UTC"
settings="$settings -c fsync=off -c synchronous_commit=off -c full_page_writes=off"

# Nothing reserves a port between choosing and binding it, so try another when the start fails.
start_server() {
    as_server "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --data-checksums --encoding=UTF8 --locale=C \
        >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; return 1; }
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 30000))
        if as_server "$bin/pg_ctl" start -D "$dir/data" -w -t 60 -l "$dir/server.log" \
            -o "-p $port $settings" >/dev/null 2>&1; then
            return 0
        fi
        grep -q 'could not bind\|Address already in use' "$dir/server.log" || break
    done
    cat "$dir/server.log" >&2
    return 1
}

admin() { as_server "$bin/psql" -h "$dir" -p "$port" -U postgres -d postgres -v ON_ERROR_STOP=1 -qc "$1"; }

start_server || { echo "with-postgres: PostgreSQL did not start; its log is above" >&2; exit 1; }
# The application must get by without being superuser, so neither are its tests. It makes the two roles of row-level
# security when it migrates, hence CREATEROLE.
admin "CREATE ROLE pasok LOGIN CREATEDB CREATEROLE"
admin "CREATE DATABASE pasok_test OWNER pasok"
export PASOK_TEST_POSTGRES_URL="postgres://pasok@127.0.0.1:$port/pasok_test"
echo "with-postgres: $("$bin/postgres" --version) on port $port, removed when the command ends"

# The command gets a process group of its own, so that a signal ends it together with whatever it started.
export -n bin dir user
export -fn reap as_server
set -m
"$@" 9>&- &
child=$!
set +m
echo "$child" >"$dir/command"
status=0
wait "$child" || status=$?
rm -f "$dir/command"
child=
exit "$status"
