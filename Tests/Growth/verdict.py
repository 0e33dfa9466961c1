"""Figures with a known verdict, so that the report cannot pass whatever grows, and noise fails nothing."""

import contextlib
import io

import report

CALL, KNOWN = "gateway inbox.stats {}", "account-router message.stats {}"
# Call, milliseconds with few rows and with a million, and the verdict.
CASES = [
    (CALL, 1, 1, 0), (CALL, 40, 100, 0), (CALL, 0.2, 5, 0), (CALL, 1, 7, 1), (CALL, 40, 130, 1), (report.START, 150, 440, 0),
    (report.START, 150, 500, 1), (KNOWN, 2, 250, 0), (KNOWN, 2, 350, 1),
]
for name, few, many, verdict in CASES:
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        given = report.judge({name: (few, many), "another": (1, 1)}, 10_000, 1_000_000)
    is_named = f"grows: {name}: " in text.getvalue()
    if given != verdict or is_named != bool(verdict):
        raise SystemExit(f"growth: {name} with {few} and {many} ms is judged {given}:\n{text.getvalue()}")
