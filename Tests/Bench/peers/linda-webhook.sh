#!/bin/bash
# linda-webhook.sh PROGRAMS [SECONDS [CONNECTIONS]]: the same signed webhooks to linda-gateway alone: what comes is
# stored, split and deduplicated; the processes behind it are away, so dispatch waits.
# Then the same POST with HMAC and nothing stored, which is the ceiling.
source "$(dirname "$0")/lib.sh"
programs=$1 seconds=${2:-10} connections=${3:-64}
export BODIES=$SCRATCH/bodies.tsv HOOK_PATH=/webhooks/whatsapp
python3 "$BENCH/gen_webhooks.py" $((seconds * 30000)) s3cret >"$BODIES"
mkdir "$SCRATCH/credentials"
for name in meta-verify-token admin-key; do echo x >"$SCRATCH/credentials/$name"; done
echo s3cret >"$SCRATCH/credentials/meta-app-secret"

load() { timeout $((seconds + 30)) wrk -t1 -c"$2" -d"${seconds}s" --timeout 10s -s "$BENCH/webhook.lua" "http://127.0.0.1:$1/"; }
report() {
    read -r _ requests refused errors time p50 p99 < <(grep ^RESULT <<<"$2")
    figure "$1" rate "$(awk "BEGIN { printf \"%.0f\", ($requests - $refused) / $time }")" requests/s
    figure "$1" p50 "$p50" ms
    figure "$1" p99 "$p99" ms
    figure "$1" refused-or-failed "$((refused + errors))" requests
    acknowledged=$((requests - refused))
}

# gateway NAME: with an empty database of that name
gateway() {
    mkdir "$SCRATCH/$1"
    rm -f "$SCRATCH/gateway.sock"
    start_server 18081 systemd-socket-activate -l "$SCRATCH/gateway.sock" -l 127.0.0.1:18081 --fdname=rpc:http \
        "$programs/linda-gateway" --state "$SCRATCH/$1" --credentials "$SCRATCH/credentials" --set "paths.run=$SCRATCH" --set log.level=error
}

gateway state
report webhook-linda "$(load 18081 "$connections")"
figure webhook-linda peak-memory "$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$SERVER/status")" MB
# A crash right after the load: everything acknowledged is in the file.
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null || true
SERVER=
read -r stored split < <(python3 -c "import sqlite3;print(*sqlite3.connect('$SCRATCH/state/gateway.sqlite').execute(\"select (select count(*) from payload), (select value from counter where name = 'splitTo')\").fetchone())")
figure webhook-linda acknowledged "$acknowledged" requests
# What a flood leaves for the moments after it: acknowledgements go first.
figure webhook-linda taken-apart "$((100 * split / stored))" %
figure webhook-linda lost-on-kill "$((acknowledged > stored ? acknowledged - stored : 0))" requests

# Half the load: each connection pauses as long as it takes to come to half the rate.
gateway half
pause=$(awk "BEGIN { printf \"%.0f\", 2000 * $connections * $time / $requests - $p50 }")
report webhook-linda-half "$(PAUSE=$pause load 18081 "$connections")"
stop_server

start_server 18082 "$programs/linda-bench" hmac 18082 s3cret
report webhook-ceiling "$(load 18082 "$connections")"
