"""Which blocks of a page are its body, found by laying the blocks along the true text.

Every block is looked up in the truth by its word triples; of all places where it could lie, a chain in reading order
with the most words is chosen (weighted longest increasing subsequence over a Fenwick tree). Blocks of five words and
more that are left over may still fill what the chain left uncovered: pages do not always show text in the truth's order.
"""
import re
from collections import defaultdict

# Scripts without spaces between words: there a character is a word.
UNSPACED = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0e7f"
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")


def words(text):
    return WORD.findall(text.lower())


class Best:
    """Prefix maxima: the best chain that ends at or before a place."""

    def __init__(self, size):
        self.size = size
        self.tree = [(0.0, None)] * (size + 1)

    def put(self, place, chain):
        place += 1
        while place <= self.size:
            if chain[0] > self.tree[place][0]:
                self.tree[place] = chain
            place += place & -place

    def upto(self, place):
        place = min(place + 1, self.size)
        best = (0.0, None)
        while place > 0:
            if self.tree[place][0] > best[0]:
                best = self.tree[place]
            place -= place & -place
        return best


def candidates(block, truth, triples, singles):
    """Places (score, from, to, share) where a block can lie in the truth."""
    size = len(block)
    found = []
    if size < 3:
        for at in singles.get(block[0], [])[:60] if block else []:
            if truth[at:at + size] == block:
                found.append((0.5 * size, at, at + size, 1.0))
        return found
    diagonals = defaultdict(list)
    for at in range(size - 2):
        places = triples.get(tuple(block[at:at + 3]))
        if places and len(places) <= 40:
            for place in places:
                diagonals[place - at].append(at)
    used = set()
    slack = max(4, size // 10)
    for diagonal in sorted(diagonals, key=lambda d: -len(diagonals[d]))[:8]:
        if diagonal in used:
            continue
        covered, low, high = set(), 10**9, 0
        for other, places in diagonals.items():
            if abs(other - diagonal) <= slack:
                used.add(other)
                for at in places:
                    covered.update((at, at + 1, at + 2))
                    low, high = min(low, at + other), max(high, at + other + 3)
        share = len(covered) / size
        if share >= 0.45:
            found.append((len(covered) * (1.0 if share > 0.8 else 0.8), low, high, share))
    return found


def label(texts, truth_text):
    """0 or 1 for every block."""
    truth = words(truth_text)
    labels = [0] * len(texts)
    if not truth:
        return labels
    triples, singles = defaultdict(list), defaultdict(list)
    for at, word in enumerate(truth):
        singles[word].append(at)
        if at + 3 <= len(truth):
            triples[tuple(truth[at:at + 3])].append(at)
    blocks = [words(text) for text in texts]
    places = [candidates(block, truth, triples, singles) for block in blocks]
    best = Best(len(truth) + 4)
    for index, found in enumerate(places):
        new = []
        for score, low, high, share in found:
            before = best.upto(low + min(2, (high - low) // 4))
            new.append((high, (before[0] + score, (index, low, high, before[1]))))
        for high, chain in new:
            best.put(high, chain)
    covered = bytearray(len(truth))
    chain = best.upto(len(truth) + 3)[1]
    while chain is not None:
        index, low, high, chain = chain
        labels[index] = 1
        covered[low:high] = b"\1" * (high - low)
    rest = sorted(
        ((found, index) for index, list_ in enumerate(places) if not labels[index] for found in list_
         if len(blocks[index]) >= 5 and found[3] >= 0.6),
        reverse=True)
    for (_, low, high, _), index in rest:
        if not labels[index] and sum(covered[low:high]) <= 0.3 * (high - low):
            labels[index] = 1
            covered[low:high] = b"\1" * (high - low)
    return labels
