"""fill.py DATABASE ROWS: puts messages of the last 30 days, people, numbers and campaigns into an account-router's database."""

import random
import sqlite3
import sys
import time

path, rows = sys.argv[1], int(sys.argv[2])
people, numbers = max(1, rows // 2), 100
db = sqlite3.connect(path, isolation_level=None)
db.execute("PRAGMA synchronous = OFF")
db.execute("PRAGMA cache_size = -400000")
now = int(time.time() * 1000)
begin = now - 30 * 86_400_000
random.seed(1)
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(at, n):
    value = (at << 80) | n
    return "".join(BASE32[(value >> (5 * place)) & 31] for place in range(25, -1, -1))


def insert(table, names, values):
    marks = ", ".join("?" * len(names))
    db.execute("BEGIN")
    db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)
    db.execute("COMMIT")


insert(
    "account",
    ["phoneNumberID", "wabaID", "portfolio", "displayPhoneNumber", "displayName", "role", "duty", "weight", "enabled", "workspace",
     "messagesPerSecond", "link", "quality", "health", "marketingShare"],
    [(str(1000 + n), "1", "1", f"+9180471{n:05}", f"Number {n}", "master" if n == 0 else "secondary", "active", 1, 1, "default", 80,
      "registered", "green", "ready", 100) for n in range(numbers)])
insert("portfolio", ["id", "messagingLimit", "isKnown"], [("1", None, 1)])

indexes = list(db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'message' AND sql IS NOT NULL"))
for name, _ in indexes:
    db.execute(f"DROP INDEX {name}")


def messages():
    for n in range(rows):
        at = begin + (now - begin - 60_000) * n // rows
        chance = random.random()
        state = "failed" if chance < 0.03 else "read" if chance < 0.5 else "delivered" if chance < 0.95 else "sent"
        is_delivered = state in ("delivered", "read")
        yield (
            ulid(at, n), "default", f"k{n}", n, str(1000 + n % numbers), str(919_000_000_000 + n % people), "IN", "template",
            "marketing" if n % 3 else "utility", "{}", 100, state, "sticky", f"wamid.{n}", 1, at, at, at + 10, at + 200, at + 900,
            at + 1500 if is_delivered else None, at + 9000 if state == "read" else None, at + 2000 if state == "failed" else None,
            131026 if state == "failed" else None, "The recipient cannot get it." if state == "failed" else None)


insert(
    "message",
    ["id", "workspace", "requestKey", "fingerprint", "account", "recipient", "country", "type", "category", "object", "priority",
     "state", "reason", "wamid", "attempts", "createdAt", "updatedAt", "sendingAt", "acceptedAt", "sentAt", "deliveredAt", "readAt",
     "failedAt", "errorCode", "error"],
    messages())
for _, sql in indexes:
    db.execute(sql)
slot = "sendingAt - sendingAt % 1800000"
db.executescript(f"""
    BEGIN;
    INSERT INTO messageCount SELECT workspace, account, state, count(*) FROM message GROUP BY 1, 2, 3;
    INSERT INTO messageFigure SELECT workspace, account, {slot}, count(*), count(*), count(*), sum(deliveredAt IS NOT NULL),
      sum(readAt IS NOT NULL), sum(failedAt IS NOT NULL) FROM message GROUP BY 1, 2, 3;
    INSERT INTO messageCost SELECT workspace, {slot}, country, category, 'unsaid', count(*) FROM message
      WHERE deliveredAt IS NOT NULL GROUP BY 1, 2, 3, 4;
    INSERT INTO messageFailure SELECT workspace, {slot}, errorCode, error, count(*) FROM message WHERE state = 'failed' GROUP BY 1, 2, 3, 4;
    INSERT INTO messageWait SELECT workspace, account, sendingAt - sendingAt % 86400000, id % 40 + 60, count(*)
      FROM (SELECT workspace, account, sendingAt, rowid AS id FROM message) GROUP BY 1, 2, 3, 4;
    COMMIT;
""")
contacts = [str(919_000_000_000 + n) for n in range(people)]
insert("consent", ["workspace", "contact", "state", "at"],
       (("default", c, "stopped" if n % 50 == 0 else "granted", begin) for n, c in enumerate(contacts)))
insert("consentStep", ["workspace", "contact", "state", "at", "source", "recordedAt"],
       (("default", c, "stopped" if n % 50 == 0 else "granted", begin, "form", begin) for n, c in enumerate(contacts)))
insert("contactRoute", ["workspace", "contact", "sticky", "at"],
       (("default", c, str(1000 + n % numbers), begin) for n, c in enumerate(contacts)))
insert("conversationWindow", ["workspace", "contact", "account", "expiresAt"],
       (("default", c, str(1000 + n % numbers), now + 3_600_000 + n) for n, c in enumerate(contacts) if n % 10 == 0))
campaigns = max(1, rows // 2000)
insert("campaign",
       ["id", "workspace", "requestKey", "fingerprint", "kind", "name", "state", "priority", "attempts", "createdAt", "finishedAt"],
       ((ulid(begin + n, n), "default", f"c{n}", n, "campaign", f"Campaign {n}", "finished", 200, 5, begin + n, begin + n)
        for n in range(campaigns)))
insert("campaignCount", ["campaign", "account", "state", "n"],
       ((ulid(begin + n, n), str(1000 + n % numbers), "delivered", 2000) for n in range(campaigns)))
insert("event", ["at", "type", "workspace", "subject", "data"],
       ((begin + n, "message.queued", "default", str(n), "{}") for n in range(rows)))
db.execute("ANALYZE")
db.close()
print(f"{rows} messages, {people} people, {numbers} numbers, {campaigns} campaigns", file=sys.stderr)
