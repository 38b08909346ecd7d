# shellcheck shell=sh
# Finds the system's package manager and installs packages through it. Sourced by setup.sh; defines functions only.
#
# Debian and Ubuntu are tried in continuous integration. The names for dnf, apk and brew are what those systems publish.

# The package manager's name, or nothing.
package_manager() {
    for manager in apt-get dnf apk brew; do
        if command -v "$manager" >/dev/null 2>&1; then
            echo "$manager"
            return
        fi
    done
}

# package_name MANAGER TOOL: what MANAGER calls TOOL.
package_name() {
    case "$1:$2" in
    *:cmake) echo cmake ;;
    apt-get:libclang) echo libclang-dev ;;
    dnf:libclang) echo clang-devel ;;
    apk:libclang) echo clang-dev ;;
    brew:libclang) echo llvm ;;
    apt-get:openssl) echo libssl-dev ;;
    dnf:openssl) echo openssl-devel ;;
    apk:openssl) echo openssl-dev ;;
    brew:openssl) echo openssl@3 ;;
    apt-get:pkg-config) echo pkg-config ;;
    *:pkg-config) echo pkgconf ;;
    dnf:postgresql) echo postgresql-server ;;
    brew:postgresql) echo postgresql@17 ;;
    *:postgresql) echo postgresql ;;
    apk:pip) echo py3-pip ;;
    brew:pip | brew:venv) echo python3 ;;
    *:pip) echo python3-pip ;;
    apt-get:venv) echo python3-venv ;;
    *:venv) echo python3 ;;
    brew:node) echo node ;;
    *:node) echo nodejs ;;
    *) echo "$2" ;;
    esac
}

# How to become root: nothing when already root (or with brew, which refuses root), `sudo` when it can work here.
# Fails when there is no way.
root_prefix() {
    if [ "$1" = brew ] || [ "$(id -u)" -eq 0 ]; then
        return 0
    fi
    command -v sudo >/dev/null 2>&1 || return 1
    # Without a terminal sudo cannot ask for a password; -n makes it fail at once instead of hanging.
    if [ -t 0 ]; then echo sudo; else sudo -n true 2>/dev/null && echo "sudo -n"; fi
}

# install_packages TOOL...: install them all, saying what is run; explain and fail where that is impossible.
install_packages() {
    manager=$(package_manager)
    names=
    for tool in "$@"; do
        names="$names $(package_name "${manager:-apt-get}" "$tool")"
    done
    names=${names# }
    if [ -z "$manager" ]; then
        refuse "no package manager that this script knows (apt-get, dnf, apk, brew) is here" "$names"
    fi
    prefix=$(root_prefix "$manager") || refuse "this user is not root and cannot use sudo" "$names"
    # Names and prefix are lists of words here, so they are left to split.
    # shellcheck disable=SC2086
    case "$manager" in
    apt-get)
        # One foreign source that does not answer makes this fail although Debian's own lists arrived; whether they
        # suffice, the installation shows.
        echo "setup: running: ${prefix:+$prefix }apt-get update -q"
        $prefix apt-get update -q >/dev/null 2>&1 || echo "setup: that had errors; going on with the lists that are there"
        # PostgreSQL's package would also set up and start a server of its own, which nobody here asked for.
        case "$names" in *postgresql*) without_standing_server $prefix ;; esac
        # sudo drops the caller's variables, so this one is set behind it.
        run $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $names
        ;;
    dnf) run $prefix dnf install -y $names ;;
    apk) run $prefix apk add $names ;;
    brew) run brew install $names ;;
    esac
}

# without_standing_server PREFIX...: tell Debian's package, for the length of this installation, to make no cluster.
without_standing_server() {
    folder=/etc/postgresql-common/createcluster.d
    run "$@" mkdir -p "$folder"
    run "$@" sh -c "echo 'create_main_cluster = false' >$folder/pasok-setup.conf"
    # shellcheck disable=SC2064  # the words as they are now
    trap "$* rm -f $folder/pasok-setup.conf" EXIT
}

# run COMMAND...: show the command, then run it; its output is kept out of sight unless it fails.
run() {
    echo "setup: running: $*"
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        echo "setup: that command failed; what it said is above" >&2
        exit 1
    fi
    rm -f "$log"
}

# refuse WHY NAMES: a clear last word.
refuse() {
    {
        echo "setup: cannot install what is missing: $1."
        echo "setup: please have these packages installed (Debian's names unless your system has its own): $2"
        echo "setup: then run the same make command again."
    } >&2
    exit 1
}
