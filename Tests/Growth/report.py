"""report.py SMALL FILE LARGE FILE: both sizes beside each other, slowest first."""

import sys

small, small_file, large, large_file = sys.argv[1:]


def read(path):
    figures = {}
    for line in open(path):
        if "\t" in line:
            name, median, worst = line.rstrip("\n").split("\t")
            figures[name] = (float(median), float(worst))
        else:
            words = line.split()
            figures[" ".join(words[:-2])] = (float(words[-2]), float(words[-2]))
    return figures


one, other = read(small_file), read(large_file)
width = max(map(len, one))
print(f"{'median ms':{width}} {small:>10} {large:>10}  at most")
for name in sorted(one, key=lambda name: -other[name][0]):
    print(f"{name:{width}} {one[name][0]:10.1f} {other[name][0]:10.1f} {other[name][1]:8.1f}")
