"""account-router: messages of the last month, a person for each two, 100 numbers, campaigns."""

import random

from tables import Tables, begin, contact, moment, now, ulid


def fill(folder, rows):
    people, numbers, campaigns = max(1, rows // 2), 100, max(100, rows // 2000)
    tables = Tables(folder, "account-router")
    put_numbers(tables, numbers)
    put_messages(tables, rows, people, numbers)
    put_figures(tables)
    put_people(tables, people, numbers)
    put_campaigns(tables, campaigns, numbers)
    tables.insert_events(rows, "message.queued", "account.deleted")
    tables.end()
    return f"{rows} messages, {people} people, {numbers} numbers, {campaigns} campaigns"


def put_numbers(tables, numbers):
    tables.insert(
        "account",
        ["phoneNumberID", "wabaID", "portfolio", "displayPhoneNumber", "displayName", "role", "duty", "weight", "enabled", "workspace",
         "messagesPerSecond", "link", "quality", "health", "marketingShare"],
        [(str(1000 + n), "1", "1", f"+9180471{n:05}", f"Number {n}", "master" if n == 0 else "secondary", "active", 1, 1, "default", 80,
          "registered", "green", "ready", 100) for n in range(numbers)])
    tables.insert("portfolio", ["id", "messagingLimit", "isKnown"], [("1", None, 1)])


def put_messages(tables, rows, people, numbers):
    def messages():
        for n in range(rows):
            at = moment(n, rows)
            chance = random.random()
            state = "failed" if chance < 0.03 else "read" if chance < 0.5 else "delivered" if chance < 0.95 else "sent"
            is_delivered = state in ("delivered", "read")
            yield (
                ulid(at, n), "default", f"k{n}", n, str(1000 + n % numbers), contact(n % people), "IN", "template",
                "marketing" if n % 3 else "utility", "{}", 100, state, "sticky", f"wamid.{n}", 1, at, at, at + 10, at + 200, at + 900,
                at + 1500 if is_delivered else None, at + 9000 if state == "read" else None, at + 2000 if state == "failed" else None,
                131026 if state == "failed" else None, "The recipient cannot get it." if state == "failed" else None)

    tables.insert_many(
        "message",
        ["id", "workspace", "requestKey", "fingerprint", "account", "recipient", "country", "type", "category", "object", "priority",
         "state", "reason", "wamid", "attempts", "createdAt", "updatedAt", "sendingAt", "acceptedAt", "sentAt", "deliveredAt", "readAt",
         "failedAt", "errorCode", "error"],
        messages())


def put_figures(tables):
    slot = "sendingAt - sendingAt % 1800000"
    tables.db.executescript(f"""
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


def put_people(tables, people, numbers):
    def state(n):
        return "stopped" if n % 50 == 0 else "granted"

    tables.insert("consent", ["workspace", "contact", "state", "at"], (("default", contact(n), state(n), begin) for n in range(people)))
    tables.insert(
        "consentStep", ["workspace", "contact", "state", "at", "source", "recordedAt"],
        (("default", contact(n), state(n), begin, "form", begin) for n in range(people)))
    tables.insert(
        "contactRoute", ["workspace", "contact", "sticky", "at"],
        (("default", contact(n), str(1000 + n % numbers), begin) for n in range(people)))
    tables.insert(
        "conversationWindow", ["workspace", "contact", "account", "expiresAt"],
        (("default", contact(n), str(1000 + n % numbers), now + 3_600_000 + n) for n in range(0, people, 10)))


def put_campaigns(tables, campaigns, numbers):
    tables.insert(
        "campaign",
        ["id", "workspace", "requestKey", "fingerprint", "kind", "name", "state", "priority", "attempts", "createdAt", "finishedAt"],
        ((ulid(begin + n, n), "default", f"c{n}", n, "campaign", f"Campaign {n}", "finished", 200, 5, begin + n, begin + n)
         for n in range(campaigns)))
    tables.insert(
        "campaignCount", ["campaign", "account", "state", "n"],
        ((ulid(begin + n, n), str(1000 + n % numbers), "delivered", 2000) for n in range(campaigns)))
