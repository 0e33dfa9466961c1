"""Both sizes beside each other, slowest first, and what grows more than it may."""

START = "start of the whole target"
# More than so many times as long, and so many milliseconds more: less is noise.
FACTOR, MORE, START_MORE = 3, 5, 300


def at_most(milliseconds):
    return lambda rows: milliseconds


def each_thousand(milliseconds):
    return lambda rows: milliseconds * rows / 1000


# What is known to grow, by how its name begins, and the milliseconds it may take with so many rows.
KNOWN = {
    # Go by half hours and numbers, by the latest 10,000 failures, and by the latest 5,000 rows: a bound that few rows do not reach.
    "account-router analytics.delivery": at_most(500),
    "account-router message.stats": at_most(300),
    'account-router message.list {"state":"queued"}': at_most(150),
    # Read all there is for what hardly anything matches.
    'sync-service contact.search {"query":"qqqqqq"}': each_thousand(1),
    'gateway inbox.list {"kind":"nothing","state":"dead"}': each_thousand(0.5),
    'account-router events.read {"after":0,"types"': each_thousand(0.5),
    'template-service events.read {"after":0,"types"': each_thousand(0.5),
    'intelligence-service events.read {"after":0,"types"': each_thousand(0.5),
    'sync-service events.read {"after":0,"types"': each_thousand(0.5),
}


def most(name, few, rows):
    """Milliseconds that a call may take with many rows."""
    usual = max(FACTOR * few, few + (START_MORE if name == START else MORE))
    return max([usual] + [bound(rows) for beginning, bound in KNOWN.items() if name.startswith(beginning)])


def growing(figures, rows):
    return [name for name, (few, many) in figures.items() if many > most(name, few, rows)]


def judge(figures, small, large):
    """Prints the figures; 1 where a call costs markedly more with many rows than with few."""
    width = max(map(len, figures))
    print(f"{'median ms':{width}} {small:>10} {large:>10}")
    for name, (few, many) in sorted(figures.items(), key=lambda item: -item[1][1]):
        print(f"{name:{width}} {few:10.1f} {many:10.1f}")
    wrong = growing(figures, large)
    for name in wrong:
        few, many = figures[name]
        print(f"grows: {name}: {few:.1f} ms with {small} rows, {many:.1f} ms with {large}; it may take {most(name, few, large):.0f} ms")
    print(f"growth: {len(figures)} figures, {len(wrong)} grow more than they may")
    return 1 if wrong else 0
