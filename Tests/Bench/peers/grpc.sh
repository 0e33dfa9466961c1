#!/bin/bash
# grpc.sh PROGRAM: gRPC echo of 256 bytes between two processes over a Unix socket. PROGRAM: the release build of grpc-peer.
source "$(dirname "$0")/lib.sh"
start_server "$SCRATCH/s" "$1" serve "$SCRATCH/s"
timeout 60 "$1" measure "$SCRATCH/s"
