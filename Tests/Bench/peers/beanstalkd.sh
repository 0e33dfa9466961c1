#!/bin/bash
# beanstalkd.sh VENV: put, then reserve and delete, of 10,000 jobs with every write synced, at port 11390.
source "$(dirname "$0")/lib.sh"
mkdir "$SCRATCH/binlog"
start_server 11390 beanstalkd -l 127.0.0.1 -p 11390 -b "$SCRATCH/binlog" -f0
line=$(timeout 120 "$1/bin/python" "$BENCH/beanstalk_bench.py" 10000)
[[ $line =~ put\ ([0-9,]+)/s\ reserve\+delete\ ([0-9,]+)/s ]] || fail "not understood: $line"
figure beanstalkd put "${BASH_REMATCH[1]}" jobs/s
figure beanstalkd reserve-delete "${BASH_REMATCH[2]}" jobs/s
