#!/usr/bin/python3
"""Sets each budget beside what was measured in the same run."""
import sys

figures = {}
for line in open(sys.argv[1]):
    parts = line.split()
    if len(parts) >= 4:
        figures[parts[0], parts[1]] = (float(parts[2]), parts[3])


def get(name, metric):
    return figures.get((name, metric), (None, ""))[0]


def text(value):
    return "-" if value is None else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


rows = []


def ratio(path, budget, own, peer, peer_name, least=None, most=None):
    if own is None or not peer:
        return rows.append((path, text(own), f"{peer_name} {text(peer)}", "-", budget, "not measured"))
    value = own / peer
    met = (least is None or value >= least) and (most is None or value <= most)
    rows.append((path, text(own), f"{peer_name} {text(peer)}", f"{value:.2f}", budget, "met" if met else "MISSED"))


def limit(path, budget, own, most):
    rows.append((path, text(own), "", "", budget, "not measured" if own is None else "met" if own <= most else "MISSED"))


ratio("webhook, requests/s", ">= 10x PyWa", get("webhook-linda", "rate"), get("webhook-pywa", "rate"), "PyWa", least=10)
ratio("webhook, requests/s", ">= 0.5x HMAC only", get("webhook-linda", "rate"), get("webhook-ceiling", "rate"), "ceiling", least=0.5)
limit("webhook, acknowledged but lost on kill -9", "0", get("webhook-linda", "lost-on-kill"), 0)
limit("webhook, p99 ms, at half load", "<= 20", get("webhook-linda-half", "p99"), 20)
ratio("RPC, one in flight, p50 us", "<= 3x raw echo", get("rpc-linda", "p50"), get("uds-echo", "p50"), "raw echo", most=3)
ratio("RPC, pipelined calls/s", ">= 2x gRPC", get("rpc-linda", "pipelined"), get("grpc-swift", "pipelined-64"), "gRPC", least=2)
ratio("RPC, pipelined calls/s", ">= 50,000", get("rpc-linda", "pipelined"), 50000, "budget", least=1)
ratio("queue, enqueue/s", ">= 5x BullMQ", get("queue-linda", "enqueue"), get("bullmq", "add"), "BullMQ", least=5)
ratio("queue, process/s", ">= 5x BullMQ", get("queue-linda", "process"), get("bullmq", "process"), "BullMQ", least=5)
ratio("queue, enqueue/s", ">= 2x beanstalkd", get("queue-linda", "enqueue"), get("beanstalkd", "put"), "beanstalkd", least=2)
ratio("queue, process/s", ">= 2x beanstalkd", get("queue-linda", "process"), get("beanstalkd", "reserve-delete"), "beanstalkd", least=2)
for name, budget in (("send", ">= 2,000"), ("pace-80", ">= 98 % of 80"), ("pace-1000", ">= 98 % of 1,000")):
    least = {"send": 2000, "pace-80": 0.98 * 80, "pace-1000": 0.98 * 1000}[name]
    ratio(f"{name}, messages/s", budget, get(name, "rate"), least, "budget", least=1)
for name in ("pace-80", "pace-1000"):
    for code in ("130429", "131056"):
        limit(f"{name}, refused with {code}", "0", get(name, f"refused-{code}"), 0)
ratio("outgoing webhooks, deliveries/s", ">= 2,000", get("webhooks", "rate"), 2000, "budget", least=1)
ratio("outgoing webhooks, deliveries/s", "> BullMQ", get("webhooks", "rate"), get("bullmq-webhooks", "rate"), "BullMQ", least=1)
ratio("outgoing webhooks beside 99 dead", ">= 0.9x alone", get("webhooks-beside-dead", "rate"), get("webhooks", "rate"), "alone", least=0.9)
limit("routing, 1,000 numbers, 1 M preferences, p50 us", "<= 10", max(get("route-1000-known", "p50") or 99, get("route-1000-new", "p50") or 99), 10)
limit("campaign, 1 M recipients planned in s", "<= 60", get("campaign-1000000", "plan"), 60)
limit("campaign, 1 M recipients, account-router MB", "<= 300", get("campaign-1000000", "account-router-memory"), 300)
ratio("campaign, plan time of 10x the recipients", "<= 11x", get("campaign-1000000", "plan"), get("campaign-100000", "plan"), "100,000", most=11)
limit("start, whole target ms", "<= 1,000", get("start", "whole-target"), 1000)
limit("start, account-router ms", "<= 100", get("start", "linda-account-router"), 100)
limit("start, sync-service ms", "<= 100", get("start", "linda-sync-service"), 100)
limit("memory, five idle processes MB", "<= 100", get("memory", "all-five"), 100)
head = ("path", "Linda", "beside", "ratio", "budget", "")
widths = [max(len(str(row[i])) for row in [head] + rows) for i in range(6)]
for row in [head] + rows:
    print("  ".join(str(cell).ljust(widths[i]) for i, cell in enumerate(row)).rstrip())
missed = sum(row[5] != "met" for row in rows)
print("every budget met" if missed == 0 else f"{missed} of {len(rows)} budgets missed")
for name, metric in (
    ("webhook-linda", "p99"), ("webhook-linda-half", "rate"), ("webhook-linda", "taken-apart"), ("webhook-ceiling", "p99"), ("webhook-pywa", "p99"), ("webhook-pywa", "unstored-at-end"), ("webhook-linda", "peak-memory"),
):
    value = figures.get((name, metric))
    if value:
        print(f"{name} {metric}: {value[0]} {value[1]}")
