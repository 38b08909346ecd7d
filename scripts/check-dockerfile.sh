#!/usr/bin/env bash
# Replays the Dockerfile in clean Debian systems made by debootstrap, then runs the result as its user and asks for its
# health. For machines without a container engine. Needs root, debootstrap, the Debian archive, 4 GB below /tmp and the
# time of one release build.
#
#   scripts/check-dockerfile.sh [--keep]      --keep leaves the systems in place for a look
#
# Not as in a container engine: the build image's Rust toolchain and the downloaded crates are this machine's, mounted
# read-only (the build then runs offline), and the build image starts from minimal Debian with g++, make and git.
set -euo pipefail
cd "$(dirname "$0")/.."
source=$PWD
[ "$(id -u)" -eq 0 ] || { echo "check-dockerfile: needs root, for chroot and mounts" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "check-dockerfile: needs debootstrap (apt-get install debootstrap)" >&2; exit 1; }

# Mounts and processes live in namespaces of their own and vanish with them, whatever happens; then only files are left.
if [ -z "${PASOK_IMAGE_WORK:-}" ]; then
    "${CARGO:-cargo}" fetch --locked
    work=$(mktemp -d /tmp/pasok-image.XXXXXX)
    # shellcheck disable=SC2329  # called by the trap
    clean_up() {
        trap '' INT TERM HUP
        kill -KILL "$inner" 2>/dev/null || true
        wait "$inner" 2>/dev/null || true
        if [ "${1:-}" = --keep ]; then echo "check-dockerfile: kept $work" && return; fi
        # Processes of the namespace may need a moment to die, and write until then.
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            rm -rf --one-file-system "$work" 2>/dev/null && return
            sleep 1
        done
        echo "check-dockerfile: $work could not be removed" >&2
    }
    trap 'clean_up "$@"' EXIT
    trap 'exit 1' INT TERM HUP
    PASOK_IMAGE_WORK=$work unshare --mount --pid --fork --kill-child "$0" &
    inner=$!
    wait "$inner"
    exit
fi
work=$PASOK_IMAGE_WORK

say() { echo "check-dockerfile: $*"; }

declare -A stage_root=()
stage=0 root='' directory=/ user=0:0 health=()
environment=()

# new_stage IMAGE [AS NAME]
new_stage() {
    stage=$((stage + 1))
    root=$work/$stage directory=/ user=0:0 environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
    [ -n "${3:-}" ] && stage_root[$3]=$root
    stage_root[$((stage - 1))]=$root
    cp -a "$work/debian" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind --make-rslave /dev "$root/dev"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    case "$1" in
    rust:*-bookworm) add_toolchain "${1#rust:}" ;;
    debian:bookworm-slim) ;;
    *) say "no stand-in for the image $1"; exit 1 ;;
    esac
}

# add_toolchain VERSION-bookworm: what the rust image has beyond Debian.
add_toolchain() {
    local wanted=${1%-bookworm} have
    have=$(rustc --version | cut -d' ' -f2)
    [ "${have%.*}" = "$wanted" ] || { say "this machine has Rust $have, the image $wanted"; exit 1; }
    chroot "$root" sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends g++ make git' >"$work/log" 2>&1 \
        || { cat "$work/log"; exit 1; }
    mkdir -p "$root/usr/local/rust" "$root/usr/local/cargo/registry"
    mount --bind -o ro "$(rustc --print sysroot)" "$root/usr/local/rust"
    mount --bind -o ro "${CARGO_HOME:-$HOME/.cargo}/registry" "$root/usr/local/cargo/registry"
    environment[0]=PATH=/usr/local/rust/bin:${environment[0]#PATH=}
    environment+=(CARGO_HOME=/usr/local/cargo CARGO_NET_OFFLINE=true)
}

# Sets `enter`, the words before a command that run it in the current stage as its user, with its environment only.
set_enter() {
    # shellcheck disable=SC2016  # for the shell inside to expand
    enter=(chroot --userspec="$user" --groups= "$root" env -i "${environment[@]}" HOME=/root
        sh -c 'cd "$0" && exec "$@"' "$directory")
}

inside() {
    set_enter
    "${enter[@]}" "$@"
}

# copy FLAGS-AND-PATHS: the context is what .dockerignore lets through (a list of top-level names).
copy() {
    if [[ $1 == --from=* ]]; then
        cp -a "${stage_root[${1#--from=}]}$2." "$root$3"
        return
    fi
    [ "$1 $2" = ". ." ] || { say "COPY $* is a form this script does not know"; exit 1; }
    sed -n 's/^!//p' .dockerignore | while read -r name; do
        if [ -e "$source/$name" ]; then cp -a "$source/$name" "$root$directory/"; fi
    done
}

# step INSTRUCTION REST
step() {
    say "$1 ${2:0:100}"
    local words
    read -r -a words <<<"$2"
    case "$1" in
    FROM) new_stage "${words[@]}" ;;
    RUN) inside sh -c "$2" >"$work/log" 2>&1 || { tail -n 60 "$work/log"; say "RUN failed"; exit 1; } ;;
    COPY) copy "${words[@]}" ;;
    WORKDIR) directory=$2 && mkdir -p "$root$2" ;;
    ENV) environment+=("${words[@]}") ;;
    USER) user=$2 ;;
    HEALTHCHECK) read -r -a health <<<"$(tr '[],"' ' ' <<<"${2#*CMD }")" ;;
    VOLUME | EXPOSE) ;;
    ENTRYPOINT | CMD) read -r -a words <<<"$(tr '[],"' ' ' <<<"$2")" && command+=("${words[@]}") ;;
    *) say "unknown instruction $1"; exit 1 ;;
    esac
}

command=()
say "debootstrap bookworm (minimal)"
debootstrap --variant=minbase bookworm "$work/debian" >"$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
# Comments may stand between continued lines; a backslash at the end joins the next line.
while read -r instruction rest; do
    step "$instruction" "$rest"
done < <(sed '/^[[:space:]]*#/d; /^[[:space:]]*$/d' Dockerfile | sed ':join; /\\$/ { N; s/\\\n//; b join }')

# The image is built; now it has to live. No root, nothing writable but the volume, a clean stop.
say "linked libraries are all there"
for program in pasok pasok-solver; do
    if inside ldd "/usr/local/bin/$program" | grep 'not found'; then exit 1; fi
done
say "starting: ${command[*]} (user $user)"
set_enter
"${enter[@]}" "${command[@]}" >"$work/server.log" 2>&1 &
server=$!
healthy=
for _ in $(seq 60); do
    if inside "${health[@]}" >"$work/log" 2>&1; then healthy=1; break; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.5
done
if [ -z "$healthy" ]; then
    cat "$work/log" "$work/server.log"
    say "no healthy server within 30 seconds"
    exit 1
fi
say "healthy; the volume holds: $(find "$root/data" -type f -printf '%f ')"
if find "$root/data" ! -uid "${user%:*}" | grep .; then say "these on the volume belong to somebody else"; exit 1; fi
kill -TERM "$server"
status=0
wait "$server" || status=$?
[ "$status" -eq 0 ] || { cat "$work/server.log"; say "the server ended with status $status on SIGTERM"; exit 1; }
if inside "${health[@]}" >/dev/null 2>&1; then say "the health check passes without a server"; exit 1; fi
say "stopped cleanly; the health check fails without the server, as it should"
say "image size: $(du -sh --one-file-system --exclude=proc --exclude=dev "$root" | cut -f1), programs $(du -ch "$root"/usr/local/bin/pasok* | tail -1 | cut -f1)"
say "all steps hold"
