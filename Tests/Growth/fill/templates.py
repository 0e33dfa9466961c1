"""template-service: a template for each hundred rows of the others and an experiment for each two thousand, but full pages of both."""

import json

from tables import Tables, begin, moment, ulid


def fill(folder, rows):
    templates, experiments = max(1000, rows // 100), max(500, rows // 2000)
    tables = Tables(folder, "template-service")
    tables.insert(
        "template",
        ["id", "workspace", "name", "language", "category", "body", "buttons", "version", "review", "metaID", "wabaID", "createdAt",
         "updatedAt"],
        ((ulid(begin + n, n), "default", f"template_{n // 2:06}", "hi" if n % 2 else "en", "marketing" if n // 2 % 3 else "utility",
          "Namaste {{name}}, your order {{order}} is on its way.", "[]", 1, "approved", f"m{n}", "1", begin + n, begin + n)
         for n in range(templates)))
    variants = json.dumps([{"template": "template_000001", "share": 1}, {"template": "template_000002", "share": 1}])
    tables.insert(
        "experiment", ["workspace", "name", "variants", "createdAt"],
        (("default", f"experiment_{n:05}", variants, moment(n, experiments)) for n in range(experiments)))
    tables.insert(
        "experimentResult", ["workspace", "name", "template", "source", "messages", "delivered", "read", "failed"],
        (("default", f"experiment_{n:05}", f"template_{1 + m % 2:06}", f"campaign_{m // 2}", 100, 90, 50, 2)
         for n in range(experiments) for m in range(10)))
    tables.insert_events(rows // 10, "template.created", "template.deleted")
    tables.end()
    return f"{templates} templates, {experiments} experiments"
