#!/bin/bash
# linda-start.sh PROGRAMS: from nothing to all ready, and what all hold when idle (proportional set size).
source "$(dirname "$0")/lib.sh"
mkdir -p "$SCRATCH/d/credentials"
for name in meta-app-secret meta-verify-token graph-token; do echo "bench-$name" >"$SCRATCH/d/credentials/$name"; done
began=$EPOCHREALTIME
"$1/linda" up --dir "$SCRATCH/d" --port 0 --graph-url http://127.0.0.1:9 >"$SCRATCH/out" 2>/dev/null &
SERVER=$!
until grep -q '^ready' "$SCRATCH/out"; do
    kill -0 "$SERVER" || fail "linda up ended"
    sleep 0.005
done
figure start whole-target "$(awk "BEGIN { printf \"%.0f\", 1000 * ($EPOCHREALTIME - $began) }")" ms
sleep 2
total=0
for process in gateway template-service account-router intelligence-service sync-service poster; do
    pid=$(pgrep -P "$SERVER" -f "linda-$process " | head -1)
    kilobytes=$(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup")
    figure memory "$process" "$((kilobytes / 1024))" MB
    # The budget is of the five that everybody needs; poster is told by itself.
    [ "$process" = poster ] || total=$((total + kilobytes))
done
figure memory all-five "$((total / 1024))" MB
stop_server
for process in sync-service account-router; do
    mkdir -p "$SCRATCH/$process"
    "$1/linda-bench" start "$1/linda-$process" "$SCRATCH/$process"
done
