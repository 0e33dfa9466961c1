"""What every process's rows need: a database to write to at speed, ids, and a month of moments."""

import random
import sqlite3
import time

BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# A little less than what the processes keep: nothing is pruned while it is measured.
DAYS = 28
now = int(time.time() * 1000)
begin = now - DAYS * 86_400_000
random.seed(1)


def ulid(at, n):
    value = (at << 80) | n
    return "".join(BASE32[(value >> (5 * place)) & 31] for place in range(25, -1, -1))


def moment(n, rows):
    """When the nth of some rows came to be: they are spread over the month."""
    return begin + (now - begin - 60_000) * n // rows


def contact(n):
    return str(919_000_000_000 + n)


class Tables:
    def __init__(self, folder, process):
        self.db = sqlite3.connect(f"{folder}/data/{process}/{process}.sqlite", isolation_level=None)
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("PRAGMA cache_size = -400000")

    def insert(self, table, names, values):
        marks = ", ".join("?" * len(names))
        self.db.execute("BEGIN")
        self.db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)
        self.db.execute("COMMIT")

    def insert_many(self, table, names, values):
        """Without the indexes meanwhile, which are made anew at the end."""
        indexes = list(self.db.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", [table]))
        for name, _ in indexes:
            self.db.execute(f"DROP INDEX {name}")
        self.insert(table, names, values)
        for _, sql in indexes:
            self.db.execute(sql)

    def insert_events(self, rows, common, rare):
        """An event log; one in ten thousand is of a type that is asked for and hardly ever there."""
        self.insert(
            "event", ["at", "type", "workspace", "subject", "data"],
            ((moment(n, rows), rare if n % 10_000 == 5000 else common, "default", str(n), "{}") for n in range(rows)))

    def end(self):
        # No ANALYZE: the programs never make statistics, and with them SQLite would choose other plans.
        self.db.close()
