#!/bin/bash
# bullmq.sh VENV: durable add and process of 3,000 jobs on Redis (appendfsync always) at port 6390.
source "$(dirname "$0")/lib.sh"
start_server 6390 redis-server --bind 127.0.0.1 --port 6390 --dir "$SCRATCH" --save '' --appendonly yes --appendfsync always
line=$(timeout 120 "$1/bin/python" "$BENCH/bullmq_bench.py" 3000)
[[ $line =~ add\ ([0-9,]+)/s\ process\ ([0-9,]+)/s ]] || fail "not understood: $line"
figure bullmq add "${BASH_REMATCH[1]}" jobs/s
figure bullmq process "${BASH_REMATCH[2]}" jobs/s
