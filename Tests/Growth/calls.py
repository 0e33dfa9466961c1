"""What is asked of each process: its name, the method, and the params of the nth round, or how they are made."""

import time

# A word that no contact has, and one that many have.
NOBODY, MANY = "qqqqqq", "sharma"
CONTACT = "919000000003"


def of(target):
    """The calls for a target; pages go on from where the first one of the target ends."""

    def first(process, method, params=None, member="next"):
        return target.call(process, method, params or {})[member]

    message = first("account-router", "message.list", {"limit": 1}, "items")[0]["id"]
    campaign = first("account-router", "campaign.list", {}, "items")[0]["id"]
    letter = first("gateway", "deadLetter.list", {"limit": 1}, "items")[0]["id"]
    now = int(time.time() * 1000)
    calls = [
        ("account-router", method, params) for method, params in [
            ("message.list", {}), ("message.list", {"limit": 500}), ("message.list", {"cursor": first("account-router", "message.list")}),
            ("message.list", {"state": "failed"}), ("message.list", {"account": "1007"}), ("message.list", {"to": CONTACT}),
            ("message.list", {"state": "queued"}), ("message.get", {"id": message}), ("message.why", {"id": message}),
            ("message.stats", {}), ("analytics.delivery", {}), ("analytics.cost", {}), ("analytics.sla", {}), ("capacity.plan", {}),
            ("consent.list", {}), ("consent.list", {"state": "stopped"}), ("consent.get", {"contact": CONTACT}), ("campaign.list", {}),
            ("campaign.status", {"id": campaign}), ("batch.list", {}), ("broadcastList.list", {}), ("window.list", {}),
            ("recurrence.list", {}), ("account.list", {}), ("quality.status", {}), ("portfolio.list", {}),
            ("route.preview", {"contact": CONTACT}), ("conversationWindow.get", {"account": "1003", "contact": CONTACT}),
            ("events.read", {"after": 0, "types": ["account.deleted"]}),
        ]
    ] + [
        ("gateway", method, params) for method, params in [
            ("inbox.stats", {}), ("inbox.list", {}), ("inbox.list", {"limit": 500}), ("inbox.list", {"cursor": first("gateway", "inbox.list")}),
            ("inbox.list", {"state": "pending"}), ("inbox.list", {"state": "dead"}), ("inbox.list", {"state": "done"}),
            ("inbox.list", {"kind": "message"}), ("inbox.list", {"kind": "nothing"}), ("inbox.list", {"kind": "nothing", "state": "pending"}),
            ("inbox.list", {"kind": "nothing", "state": "dead"}), ("deadLetter.list", {}), ("deadLetter.list", {"limit": 100}),
            ("deadLetter.list", {"cursor": first("gateway", "deadLetter.list")}), ("deadLetter.list", {"state": "resolved"}),
            ("deadLetter.list", {"filter": {"reason": "nothing"}}), ("deadLetter.list", {"filter": {"lane": "payload"}}),
            ("deadLetter.get", {"id": letter}), ("deadLetter.actOnAll", {"action": "resolve", "filter": {"reason": "nothing"}}),
            ("key.list", {}), ("event.list", {}), ("event.list", {"atEnd": True}), ("event.list", {"types": ["account.deleted"]}),
            ("events.read", {"after": 0, "types": ["key.deleted"]}),
        ]
    ] + [
        ("template-service", method, params) for method, params in [
            ("template.list", {}), ("template.list", {"limit": 500}), ("template.list", {"cursor": first("template-service", "template.list", {"limit": 10})}),
            ("template.list", {"category": "authentication"}), ("template.list", {"language": "de"}),
            ("template.get", lambda n: {"name": f"template_{n % 10:06}", "language": "en"}),
            ("template.render", lambda n: {"name": f"template_{n % 10:06}", "language": "hi", "variables": {"name": "A", "order": "1"}}),
            ("template.get", {"name": "templat_000001"}),
            ("review.status", {"name": "template_000001", "language": "en"}), ("experiment.list", {}),
            ("experiment.status", {"name": "experiment_00001"}), ("events.read", {"after": 0, "types": ["template.deleted"]}),
        ]
    ] + [
        ("intelligence-service", method, params) for method, params in [
            ("conversation.list", {}), ("conversation.list", {"limit": 500}), ("conversation.list", {"needsPerson": True}),
            ("conversation.list", {"contact": CONTACT}), ("conversation.get", {"account": "1003", "contact": CONTACT}),
            ("conversation.get", {"account": "1000", "contact": "919000000000"}), ("conversation.stats", {}), ("order.list", {}),
            ("order.list", {"cursor": first("intelligence-service", "order.list")}), ("action.list", {}), ("action.list", {"state": "pending"}),
            ("events.read", {"after": 0, "types": ["conversation.answerFailed"]}),
        ]
    ] + [
        ("sync-service", method, params) for method, params in [
            ("contact.list", {}), ("contact.list", {"limit": 1000}), ("contact.list", {"cursor": first("sync-service", "contact.list")}),
            ("contact.lookup", {"phone": CONTACT}), ("contact.search", {"query": MANY}), ("contact.search", {"query": NOBODY}),
            ("events.read", {"after": 0, "types": ["contact.deleted"]}),
        ]
    ]
    for process in target.processes:
        calls += [(process, "service.health", {}), (process, "service.metrics", {}), (process, "events.read", {"after": 0})]
    # What is written comes last: what is read is the same in every round.
    return calls + [
        ("account-router", "consent.record",
         lambda n: {"items": [{"contact": str(918_000_000_000 + n), "state": "granted", "source": "form"}]}),
        ("account-router", "message.send",
         lambda n: {"to": f"91900000{10 * n + 10:04}", "text": {"body": "x"}, "requestKey": f"growth-{n}"}),
        ("template-service", "template.create",
         lambda n: {"name": f"new_{n}", "language": "en", "category": "utility", "body": "x"}),
        ("intelligence-service", "message.process",
         lambda n: {"account": "1003", "accountName": "Growth", "contact": CONTACT, "wamid": f"wamid.new{n}", "type": "text",
                    "text": "It is blue", "raw": {}, "at": now + n}),
        ("sync-service", "contact.create", lambda n: {"name": "Asha Iyer", "phone": str(918_000_000_000 + n)}),
        ("gateway", "POST /webhooks/whatsapp", lambda n: {"entry": [{"id": "1", "changes": [{"field": "growth", "value": {"n": n}}]}]}),
    ]
