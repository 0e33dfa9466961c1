#!/bin/bash
# bullmq-webhooks.sh VENV PROGRAMS: 5,000 signed events posted to one receiver by BullMQ workers, Redis (appendfsync always) at port 6391.
source "$(dirname "$0")/lib.sh"
"$2/linda-bench" receiver 6392 &
receiver=$!
trap 'kill "$receiver" 2>/dev/null || true; stop_server; rm -rf "$SCRATCH"' EXIT
start_server 6391 redis-server --bind 127.0.0.1 --port 6391 --dir "$SCRATCH" --save '' --appendonly yes --appendfsync always
line=$(timeout 120 "$1/bin/python" "$BENCH/bullmq_webhooks.py" 5000)
[[ $line =~ posted\ ([0-9,]+)/s ]] || fail "not understood: $line"
figure bullmq-webhooks rate "${BASH_REMATCH[1]}" deliveries/s
