"""gateway: deliveries and their events of the last month, some that wait for tomorrow, and dead letters."""

import json

from tables import Tables, contact, moment, now


def fill(folder, rows):
    tables = Tables(folder, "gateway")
    body = json.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": {"text": "x" * 100}}]}]}).encode()
    raw = json.dumps({"id": "wamid.x", "status": "delivered", "note": "x" * 100})
    tables.insert("payload", ["receivedAt", "body"], ((moment(n, rows), body) for n in range(rows)))
    waiting, dead = max(1, rows // 200), max(1, rows // 50)

    def events():
        for n in range(rows):
            at = moment(n, rows)
            is_message = n % 5 == 0
            state = "pending" if n % 200 == 0 else "dead" if n % 50 == 1 else "done"
            yield (
                n + 1, "message" if is_message else "status", "message" if is_message else "status", f"o{n}" if is_message else None,
                f"k{n}", "1", str(1000 + n % 100), contact(n % max(1, rows // 2)), raw, state,
                1 if state == "pending" else 0, 1, now + 86_400_000 if state == "pending" else at, at,
                "It was not taken." if state == "dead" else None)

    tables.insert_many(
        "inboundEvent",
        ["payloadID", "lane", "kind", "orderKey", "dedupeKey", "entryID", "phoneNumberID", "contact", "raw", "state", "ready", "attempts",
         "nextAt", "receivedAt", "error"],
        events())
    tables.insert_many(
        "processedKey", ["key", "expiresAt"], ((f"k{n:09}", moment(n, rows) + 30 * 86_400_000) for n in range(rows)))
    # Every second of the events that were put aside is open, the others have been dealt with.
    tables.insert(
        "deadLetter",
        ["source", "reference", "lane", "kind", "state", "reason", "error", "attempts", "firstAt", "lastAt"],
        (("event", 50 * n + 2, "status" if (50 * n + 1) % 5 else "message", "status", "open" if n % 2 else "resolved", "account_unknown",
          "The number is not configured.", 3, moment(n, dead), moment(n, dead)) for n in range(dead)))
    done = rows - waiting - dead
    tables.db.executemany(
        "INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)",
        [("splitTo", rows), ("payloads", rows), ("events", rows), ("done", done), ("duplicates", 0)])
    tables.insert_events(min(rows, 1000), "key.created", "key.deleted")  # it tells of its keys alone
    tables.end()
    return f"{rows} deliveries and events, of which {waiting} wait, {dead} dead letters"
