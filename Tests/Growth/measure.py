"""measure.py FOLDER: how long calls take over a running target's sockets; prints `call median-ms max-ms`."""

import json
import socket
import sys
import time

folder = sys.argv[1]


class Process:
    def __init__(self, name):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(f"{folder}/run/{name}.sock")
        self.file = self.socket.makefile("rb")

    def call(self, method, params):
        self.socket.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n")
        reply = json.loads(self.file.readline())
        if "error" in reply:
            sys.exit(f"{method} {params}: {reply['error']}")
        return reply["result"]


router = Process("account-router")
middle = router.call("message.list", {"limit": 100})["next"]
one = router.call("message.list", {"limit": 1})["items"][0]["id"]
calls = [
    ("message.list", {}), ("message.list", {"limit": 500}), ("message.list", {"cursor": middle}), ("message.list", {"state": "failed"}),
    ("message.list", {"account": "1007"}), ("message.list", {"to": "919000000003"}), ("message.list", {"state": "queued"}),
    ("message.get", {"id": one}), ("message.why", {"id": one}), ("message.stats", {}), ("analytics.delivery", {}),
    ("analytics.cost", {}), ("analytics.sla", {}), ("capacity.plan", {}), ("consent.list", {}), ("consent.list", {"state": "stopped"}),
    ("consent.get", {"contact": "919000000003"}), ("campaign.list", {}), ("batch.list", {}), ("broadcastList.list", {}),
    ("window.list", {}), ("account.list", {}), ("quality.status", {}), ("portfolio.list", {}),
    ("route.preview", {"contact": "919000000003"}), ("conversationWindow.get", {"account": "1003", "contact": "919000000003"}),
    ("service.health", {}), ("service.metrics", {}), ("events.read", {"after": 0}),
]
for method, params in calls:
    times = []
    for _ in range(20):
        began = time.perf_counter()
        router.call(method, params)
        times.append(1000 * (time.perf_counter() - began))
    times.sort()
    print(f"{method} {json.dumps(params, separators=(',', ':'))}\t{times[10]:.1f}\t{times[-1]:.1f}".replace(one, "…").replace(str(middle), "…"))
times = []
for n in range(200):
    began = time.perf_counter()
    router.call("consent.record", {"items": [{"contact": str(918_000_000_000 + n), "state": "granted", "source": "form"}]})
    times.append(1000 * (time.perf_counter() - began))
times.sort()
print(f"consent.record, one person\t{times[100]:.1f}\t{times[-1]:.1f}")
