#!/bin/bash
# setup.sh VENV [--apt]: makes the Python venv of the benchmark peers. --apt also installs the Debian packages (root).
set -eu
readonly APT="gcc libc6-dev wrk redis-server beanstalkd python3 python3-venv"
readonly PIP="bullmq greenstalk fastapi httpx uvicorn uvloop httptools pywa"
if [ $# -lt 1 ]; then
    echo "usage: setup.sh VENV [--apt]" >&2
    echo "needs the Debian packages: $APT" >&2
    exit 2
fi
if [ "${2:-}" = --apt ]; then
    apt-get update -qq
    # The benchmarks start these servers themselves: keep the packages from starting their own.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $APT
fi
/usr/bin/python3 -m venv "$1"
"$1/bin/pip" install -q --disable-pip-version-check $PIP
"$1/bin/pip" freeze --disable-pip-version-check
echo "venv: $1; Debian packages needed: $APT"
