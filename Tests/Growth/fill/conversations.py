"""intelligence-service: conversations, one of them with a tenth of all messages, orders, and answers that wait or were given up.

Those in which somebody waits for a person are older than half of the others.
"""

import json

from tables import Tables, contact, moment, now


def fill(folder, rows):
    conversations, orders, answers = max(1, rows // 10), max(1, rows // 20), max(1, rows // 100)
    tables = Tables(folder, "intelligence-service")

    def name(n):
        return f"default:{1000 + n % 100}:{contact(n)}"

    tables.insert_many(
        "conversation",
        ["id", "workspace", "account", "contact", "contactName", "messages", "lastAt", "askedAt"],
        ((name(n), "default", str(1000 + n % 100), contact(n), f"Customer {n}", 10, moment(n, conversations),
          moment(n, conversations) if n < conversations // 2 and n % 20 == 0 else None) for n in range(conversations)))
    tables.insert_many(
        "conversationMessage",
        ["conversation", "direction", "reference", "type", "text", "raw", "intent", "confidence", "answered", "at", "receivedAt"],
        ((name(0 if n % 10 == 0 else n % conversations), "inbound" if n % 3 else "outbound", f"wamid.{n}", "text", "When does it come?",
          json.dumps({"id": f"wamid.{n}", "type": "text", "text": {"body": "When does it come?"}}) if n % 3 else None,
          "help" if n % 3 else None, 0.8 if n % 3 else None, 0, moment(n, rows), moment(n, rows)) for n in range(rows)))
    tables.insert_many(
        "customerOrder", ["workspace", "conversation", "contact", "account", "reference", "lines", "createdAt"],
        (("default", name(n % conversations), contact(n % conversations), str(1000 + n % 100), f"wamid.{n}",
          json.dumps([{"quantity": 2, "item": "tea"}]), moment(n, orders)) for n in range(orders)))
    tables.db.executemany(
        "INSERT INTO conversationCount (workspace, name, n) VALUES ('default', ?, ?)",
        [("conversations", conversations), ("orders", orders), ("inbound", rows * 2 // 3), ("outbound", rows // 3),
         ("intent:help", rows * 2 // 3)])

    def reply(n):
        return json.dumps({"workspace": "default", "conversation": name(n % conversations), "account": str(1000 + n % 100),
                           "contact": contact(n % conversations), "replyTo": f"wamid.{n}", "text": "It comes tomorrow."})

    tables.insert(
        "job", ["queue", "key", "payload", "priority", "state", "attempts", "notBefore", "createdAt", "lastError"],
        (("reply", f"wamid.{n}#1", reply(n), 100, "dead" if n % 2 else "held", 5, now + 86_400_000, moment(n, answers), "It was not taken.")
         for n in range(answers)))
    tables.insert_events(rows, "conversation.messageReceived", "conversation.answerFailed")
    tables.end()
    return f"{conversations} conversations, {rows} messages in them, {orders} orders, {answers} answers"
