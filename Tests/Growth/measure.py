"""measure.py PROGRAMS SMALL FOLDER LARGE FOLDER: the same calls at both, in turn, so that a busy machine is busy for both."""

import json
import statistics
import sys
import time

import calls
import report
from target import Target

ROUNDS, LEAST, SECONDS, STARTS, AGAIN = 21, 7, 4, 5, 2


def name(process, method, params):
    text = "" if callable(params) else json.dumps(params, separators=(",", ":"))
    # Ids and cursors are another target's in each run.
    shown = {"id": "…", "cursor": "…"} if not callable(params) and params.keys() & {"id", "cursor"} else None
    if shown:
        text = json.dumps({key: shown.get(key, value) for key, value in params.items()}, separators=(",", ":"), ensure_ascii=False)
    return f"{process} {method} {text}".strip()


def starts(targets):
    times = [[] for _ in targets]
    for _ in range(STARTS):
        for target, of_target in zip(targets, times):
            target.stop()
            of_target.append(target.start())
    return [statistics.median(of_target) for of_target in times]


def rounds(targets, asked, attempt=0):
    """The medians of one call at each target; `asked` is that call as each target has it."""
    times = [[] for _ in targets]
    began = time.monotonic()
    for turn in range(ROUNDS):
        n = 100 * attempt + turn
        if turn >= LEAST and time.monotonic() - began > SECONDS:
            break
        for target, of_target, (process, method, params) in zip(targets, times, asked):
            of_target.append(target.ask(process, method, params(n) if callable(params) else params))
    return [statistics.median(of_target) for of_target in times]


def main():
    programs, small, small_folder, large, large_folder = sys.argv[1:]
    targets = [Target(programs, small_folder), Target(programs, large_folder)]
    try:
        figures = {report.START: starts(targets)}
        calls_of = {name(*asked[0]): asked for asked in zip(*(calls.of(target) for target in targets))}
        for called, asked in calls_of.items():
            figures[called] = rounds(targets, asked)
        # A burst of other work may have met one of them: what grows is what grows each time.
        for attempt in range(1, AGAIN + 1):
            for called in report.growing(figures, int(large)):
                again = rounds(targets, calls_of[called], attempt) if called in calls_of else starts(targets)
                figures[called] = min(figures[called], again, key=lambda times: times[1] / times[0])
    finally:
        for target in targets:
            target.stop()
    sys.exit(report.judge(figures, int(small), int(large)))


main()
