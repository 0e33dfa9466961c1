#!/bin/bash
# webhook.sh VENV [SECONDS [CONNECTIONS]]: signed webhooks to PyWa on uvicorn at port 18080. PyWa answers first and
# stores later: unstored-at-end is the part of the acknowledged messages that a crash right after the load would lose,
# unstored-after-stop what a SIGTERM and at most 10 s more leave. One wrk thread, and no body sent twice: PyWa drops
# repeats.
source "$(dirname "$0")/lib.sh"
seconds=${2:-10} connections=${3:-64}
export BODIES=$SCRATCH/bodies.tsv DB=$SCRATCH/m.db
/usr/bin/python3 "$BENCH/gen_webhooks.py" $((seconds * 4000)) s3cret >"$BODIES"
stored() { "$1/bin/python" -c 'import os,sqlite3;print(sqlite3.connect(os.environ["DB"]).execute("select count(*) from m").fetchone()[0])'; }

start_server 18080 "$1/bin/uvicorn" --app-dir "$BENCH" webhook_peer_pywa:app --host 127.0.0.1 --port 18080 \
    --loop uvloop --http httptools --no-access-log --log-level warning
out=$(timeout $((seconds + 30)) wrk -t1 -c"$connections" -d"${seconds}s" --timeout 10s -s "$HERE/webhook.lua" http://127.0.0.1:18080/)
at_end=$(stored "$1") ended=$EPOCHREALTIME
memory=$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$SERVER/status")
stop_server
stopped=$EPOCHREALTIME at_stop=$(stored "$1")
read -r _ requests refused errors time p50 p99 < <(grep ^RESULT <<<"$out")
[ "$requests" -le "$(wc -l <"$BODIES")" ] || fail "ran out of bodies"
acknowledged=$((requests - refused))
calc() { awk "BEGIN { printf \"%.$1f\", $2 }"; }
unstored() { calc 1 "$1 < $acknowledged ? 100 * (1 - $1 / $acknowledged) : 0"; } # the last answers may come after wrk has stopped counting
figure webhook-pywa rate "$(calc 0 "$acknowledged / $time")" requests/s
figure webhook-pywa p50 "$p50" ms
figure webhook-pywa p99 "$p99" ms
figure webhook-pywa peak-memory "$memory" MB
figure webhook-pywa acknowledged "$acknowledged" requests
figure webhook-pywa refused-or-failed "$((refused + errors))" requests
figure webhook-pywa stored-at-end "$at_end" rows
figure webhook-pywa unstored-at-end "$(unstored "$at_end")" %
figure webhook-pywa unstored-after-stop "$(unstored "$at_stop")" %
figure webhook-pywa stop-time "$(calc 1 "$stopped - $ended")" s
