# shellcheck shell=sh
# Finds PostgreSQL's server programs. Sourced; defines functions only.

# Prints the directory that holds initdb, pg_ctl and psql, newest version first; fails when there is none.
find_postgres() {
    # Debian keeps the server's programs out of the path, one directory per version. A link in the path may lead
    # there, so follow it: the neighbours are at its end.
    linked=$(command -v initdb || true)
    # shellcheck disable=SC2012
    for bin in $(ls -d /usr/lib/postgresql/*/bin /usr/libexec/postgresql* /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -rV) \
        "$(dirname "$(readlink -f "${linked:-/none}")")"; do
        if [ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ] && [ -x "$bin/psql" ]; then
            echo "$bin"
            return
        fi
    done
    return 1
}
