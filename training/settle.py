#!/usr/bin/env python3
"""By which sums a block is settled before all trees are read.

usage: settle.py [--work DIR] [--error SHARE]

Reads the cross-validated sums of the model of all types that train.py left in the work folder and prints the table of looks for
src/extract/content/model.rs. At each look a row below `below` is settled where of the rows that it settles so no more than
SHARE came out above LEAST with every tree read, and above `above` likewise; `low` and `high` are how likely they came out
on the average, so that what the page's threshold is reckoned from stays what it was.
"""
import argparse
from pathlib import Path

import numpy

from train import LOOKS, TREES, chances_of

# Log-odds of .14: under the lowest threshold of a page (threshold.rs).
LEAST = -1.8
# Log-odds of .9: from there on no rule of the engine asks for more.
MOST = 2.2


def limit(sums, wrong, error):
    """The lowest sum from which up no more than `error` of the rows are wrong; infinite where there is none."""
    order = numpy.argsort(-sums, kind="stable")
    fits = numpy.nonzero(numpy.cumsum(wrong[order]) <= error * numpy.arange(1, len(order) + 1))[0]
    return sums[order[fits[-1]]] if len(fits) else numpy.inf


def looks(sums, error):
    """Of a model's sums (look, row) the table of looks, the rows left open, and how many trees a row read on the average."""
    final = sums[-1]
    open_rows, read, before, out = numpy.ones(len(final), bool), 0.0, 0, []
    for trees, now in zip(LOOKS, sums[:-1]):
        read, before = read + open_rows.mean() * (trees - before), trees
        own, end = now[open_rows], final[open_rows]
        below, above = -limit(-own, end > LEAST, error), limit(own, end < MOST, error)
        low, high = open_rows & (now < below), open_rows & (now > above)
        chance = lambda rows, otherwise: chances_of(final[rows]).mean() if rows.any() else otherwise
        out.append((trees, below, above, chance(low, 0.0), chance(high, 1.0)))
        open_rows &= ~(low | high)
    return out, open_rows, read


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("target/training"))
    parser.add_argument("--error", type=float, default=0.001)
    arguments = parser.parse_args()
    table, left, read = looks(numpy.load(arguments.work / "sums.npy"), arguments.error)
    number = lambda value: f"{value:.3f}" if numpy.isfinite(value) else ("f32::INFINITY" if value > 0 else "f32::NEG_INFINITY")
    for trees, *values in table:
        below, above, low, high = map(number, values)
        print(f"    Look {{ trees: {trees}, below: {below}, above: {above}, low: {low}, high: {high} }},")
    read += left.mean() * (TREES["others"] - LOOKS[-1])
    print(f"{len(left)} rows, {read:.0f} trees a row, {left.mean():.3f} of the rows read to the end")


if __name__ == "__main__":
    main()
