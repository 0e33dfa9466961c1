"""sync-service: contacts with names that many have."""

from tables import Tables, begin, contact, ulid

FIRST = ["Asha", "Ravi", "Meera", "Arjun", "Divya", "Karan", "Lakshmi", "Nikhil", "Priya", "Suresh"]
LAST = ["Iyer", "Sharma", "Nair", "Reddy", "Gupta", "Khan", "Das", "Joshi", "Mehta", "Pillai", "Rao"]


def fill(folder, rows):
    tables = Tables(folder, "sync-service")

    def contacts():
        for n in range(rows):
            first, last = FIRST[n % len(FIRST)], LAST[n % len(LAST)]
            email = f"{first}.{last}.{n}@example.com".lower()
            # As the process makes it of these: names in small letters, each field in a line of its own, the number last.
            search = f"{first} {last}\n{first}\n".lower() + f"{email}\n{contact(n)}"
            yield (ulid(begin + n, n), "default", contact(n), f"{first} {last}", first, email, "en", begin + n, search)

    tables.insert_many(
        "contact", ["id", "workspace", "phone", "name", "firstName", "email", "language", "updatedAt", "search"], contacts())
    tables.insert_events(rows, "contact.created", "contact.deleted")
    tables.end()
    return f"{rows} contacts"
