#!/bin/bash
# uds.sh: raw Unix-socket echo of 256 bytes between two threads, 100,000 round trips.
source "$(dirname "$0")/lib.sh"
gcc -O2 -pthread -o "$SCRATCH/pingpong" "$BENCH/uds_pingpong.c"
line=$(timeout 60 "$SCRATCH/pingpong" 100000 256)
[[ $line =~ p50\ ([0-9.]+)\ us\ p99\ ([0-9.]+)\ us,\ ([0-9]+)\ rt/s ]] || fail "not understood: $line"
figure uds-echo p50 "${BASH_REMATCH[1]}" us
figure uds-echo p99 "${BASH_REMATCH[2]}" us
figure uds-echo rate "${BASH_REMATCH[3]}" round-trips/s
