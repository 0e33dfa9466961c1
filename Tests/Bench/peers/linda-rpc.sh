#!/bin/bash
# linda-rpc.sh PROGRAMS: one call in flight and many, of about 256 bytes, to linda-sync-service over its socket.
source "$(dirname "$0")/lib.sh"
start_server "$SCRATCH/s" systemd-socket-activate -l "$SCRATCH/s" --fdname=rpc "$1/linda-sync-service" --state "$SCRATCH" --set log.level=error
timeout 60 "$1/linda-bench" rpc "$SCRATCH/s"
