#!/usr/bin/env python3
"""How often a body is above 0.9 words F1, by the F1 that its blocks' probabilities lead to expect.

usage: calibrate.py --pages DIR [--copydesk PATH] [--work DIR] [--plot FILE]

Reads the cross-validated probabilities that train.py left in the work folder (the same pages, in the same order), prints
the pairs that `confidence` in src/extract/mod.rs interpolates, and draws the reliability diagram.
"""
import argparse
from collections import Counter
from pathlib import Path

import numpy

from train import WORD, choose, f1, overlap, read_pages, text

GOOD = 0.9
# Expected F1 at which the pairs stand.
KNOTS = (0.5, 0.7, 0.8, 0.85, 0.88, 0.91, 0.93, 0.95, 0.97, 0.98, 0.99, 1.0)
BINS = 10


def observed(pages, chances):
    """(expected F1, whether the body is good) for every page with a body."""
    rows = []
    for page, own in zip(pages, chances):
        keep = choose(page, own)
        own = numpy.where(page["ruled_out"], 0.0, own)
        likely = own * page["tokens"]
        if not keep.any():
            continue
        expected = 2 * likely[keep].sum() / (page["tokens"][keep].sum() + likely.sum())
        found, true = (Counter(WORD.findall(words.lower())) for words in (text(page, keep), page["truth"]))
        rows.append((expected, f1(*overlap(found, true)) > GOOD))
    return sorted(rows)


def isotonic(values):
    """The nearest sequence that never falls (pool adjacent violators)."""
    pools = []
    for value in values:
        pools.append([value, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value, count = pools.pop()
            pools[-1] = [(pools[-1][0] * pools[-1][1] + value * count) / (pools[-1][1] + count), pools[-1][1] + count]
    return [value for value, count in pools for _ in range(count)]


def draw(rows, path):
    """Share of good bodies against the confidence given, a dot a tenth of the pages."""
    left, top, size = 60, 20, 360
    at = lambda x, y: (left + size * x, top + size * (1 - y))
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 450" font-family="sans-serif" font-size="12">',
             '<rect width="460" height="450" fill="white"/>']
    for tick in range(0, 11, 2):
        x, y = at(tick / 10, 0)
        parts.append(f'<line x1="{x}" y1="{top}" x2="{x}" y2="{y}" stroke="#ddd"/><text x="{x}" y="{y + 18}" text-anchor="middle">{tick / 10}</text>')
        x, y = at(0, tick / 10)
        parts.append(f'<line x1="{left}" y1="{y}" x2="{left + size}" y2="{y}" stroke="#ddd"/><text x="{x - 8}" y="{y + 4}" text-anchor="end">{tick / 10}</text>')
    (x1, y1), (x2, y2) = at(0, 0), at(1, 1)
    parts.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#888" stroke-dasharray="4"/>')
    for given, share, count in rows:
        x, y = at(given, share)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#1b6ca8"><title>{count} pages: {given:.2f} given, {share:.2f} good</title></circle>')
    parts.append(f'<text x="{left + size / 2}" y="430" text-anchor="middle">confidence given</text>')
    parts.append(f'<text x="16" y="{top + size / 2}" text-anchor="middle" transform="rotate(-90 16 {top + size / 2})">share of bodies above 0.9 words F1</text></svg>')
    path.write_text("\n".join(parts) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--copydesk", default="target/release/copydesk")
    parser.add_argument("--work", type=Path, default=Path("target/training"))
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    _, pages = read_pages(arguments.pages, arguments.work, arguments.copydesk)
    saved, at, chances = numpy.load(arguments.work / "chances.npy"), 0, []
    for page in pages:
        chances.append(saved[at:at + len(page["tokens"])])
        at += len(page["tokens"])
    assert at == len(saved), "the probabilities are of other pages: run train.py again"
    rows = observed(pages, chances)
    fitted = isotonic([float(good) for _, good in rows])
    expected = [row[0] for row in rows]
    pairs = [(knot, float(numpy.interp(knot, expected, fitted))) for knot in KNOTS]
    print("pairs:", ", ".join(f"({knot}, {share:.2f})" for knot, share in pairs))
    given = numpy.interp(expected, *zip(*pairs))
    bins = []
    for part in numpy.array_split(numpy.arange(len(rows)), BINS):
        bins.append((float(given[part].mean()), sum(rows[index][1] for index in part) / len(part), len(part)))
        print(f"{bins[-1][2]} pages, given {bins[-1][0]:.2f}, good {bins[-1][1]:.2f}")
    nine = [rows[index][1] for index in range(len(rows)) if given[index] >= 0.9]
    print(f"given 0.9 and more: {len(nine)} pages, {sum(nine) / max(len(nine), 1):.3f} of them good")
    if arguments.plot:
        draw(bins, arguments.plot)


if __name__ == "__main__":
    main()
