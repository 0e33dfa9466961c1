# Shared by the peer scripts: a scratch folder, one server started and stopped by its pid, one figure a line.
# BENCH_DIR: a folder on the disk to measure (not a tmpfs).
set -euo pipefail
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SCRATCH=$(mktemp -d "${BENCH_DIR:-/var/tmp}/peer.XXXXXX")
SERVER=
export BENCH PYTHONDONTWRITEBYTECODE=1

fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

figure() { printf '%s %s %s %s\n' "$1" "$2" "${3//,/}" "$4"; }

# listening PORT|SOCKET
listening() {
    case $1 in
        /*) [ -S "$1" ] ;;
        *) (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null ;;
    esac
}

# start_server PORT|SOCKET COMMAND...: fails if something listens there already, or if the server dies or stays silent for 15 s.
start_server() {
    local address=$1 tries
    shift
    ! listening "$address" || fail "$address is taken"
    "$@" >"$SCRATCH/server.log" 2>&1 &
    SERVER=$!
    for ((tries = 150; tries > 0; tries--)); do
        kill -0 "$SERVER" 2>/dev/null || break
        listening "$address" && return
        sleep 0.1
    done
    tail -5 "$SCRATCH/server.log" >&2
    fail "$1 did not start"
}

# SIGTERM, then SIGKILL after 10 s.
stop_server() {
    [ -n "$SERVER" ] || return 0
    local pid=$SERVER tries
    SERVER=
    kill "$pid" 2>/dev/null || true
    for ((tries = 100; tries > 0; tries--)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

trap 'stop_server; rm -rf "$SCRATCH"' EXIT
trap 'exit 130' INT TERM
