#!/usr/bin/env python3
"""Train the block classifiers and write their tables.

usage: train.py --pages DIR [--copydesk PATH] [--work DIR] [--out DIR] [--report FILE]

DIR holds one folder a labelled set, each with truth.jsonl ({"id", "url", "text", "type"} a line) and pages/<id>.html or
<id>.html.gz. `copydesk dev features` writes the features, so that training reads what the engine computes. Figures are
of grouped cross-validation: no page of a registered domain is scored by a model that saw another page of it.
Training is set to be deterministic: a fixed seed, a fixed order of rows.
"""
import argparse
import gzip
import hashlib
import json
import re
import struct
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlparse

import lightgbm
import numpy

from labels import label

FOLDS = 5
# From a first prototype's cross-validation, in which larger models gained about .002 for four times the table. Trees as
# deep as they like were no better (.878 words F1 on all types against .880, .961 against .962 on articles, .963 against .958
# on scrapinghub), and without a known end of a walk the engine took 2 to 4 % longer for a page.
PARAMETERS = dict(
    objective="binary", num_leaves=31, max_depth=6, learning_rate=0.08, min_data_in_leaf=60, feature_fraction=0.5,
    bagging_fraction=0.8, bagging_freq=1, lambda_l2=5.0, max_bin=127, seed=7, num_threads=2, deterministic=True,
    force_row_wise=True, verbose=-1)
TREES = {"articles": 200, "others": 400}
# Pages of all types differ more than articles do: thresholds drawn at random carry over better to sites not seen
# (.883 words F1 against .880 over all types of the mixed set, in the same cross-validation).
OWN_PARAMETERS = {"articles": {}, "others": dict(extra_trees=True)}
# A page of news says more of news than a page of the mixed set does.
SET_WEIGHT = {"scrapinghub": 2.0, "fundus": 2.0, "wcxb": 1.0}
# Trees after which the engine looks which rows are settled; settle.py says by what.
LOOKS = (20, 30, 40, 50, 70, 100, 150, 200, 300)
# As in the engine's threshold.rs: between these lies the probability from which a page's blocks are kept.
LOWEST, HIGHEST = 0.15, 0.5
# First bytes of a table; the number is the format's version.
MAGIC = b"CDBLOCK1"

WORD = re.compile(r"\w+")
# Second-level labels under which names are registered one level further down.
SHARED = {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go"}


def site(url, page):
    labels = (urlparse(url or "").hostname or "").split(".")
    if len(labels) < 2:
        return page
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SHARED
    return ".".join(labels[-3 if deep else -2:])


def read_pages(root, work, program):
    """Unpacks the sets, has the program write the features, and labels every block."""
    feed, truth = [], {}
    for folder in sorted(path.parent for path in root.glob("*/truth.jsonl")):
        for line in open(folder / "truth.jsonl", encoding="utf-8"):
            row = json.loads(line)
            if "text" not in row:
                continue
            source = folder / "pages" / (row["id"] + ".html")
            if not source.exists():
                packed = source.with_name(source.name + ".gz")
                source = work / folder.name / source.name
                source.parent.mkdir(parents=True, exist_ok=True)
                source.write_bytes(gzip.decompress(packed.read_bytes()))
            key = f"{folder.name}/{row['id']}"
            truth[key] = row
            feed.append(json.dumps({"id": key, "url": row.get("url"), "path": str(source)}))
    subprocess.run([program, "dev", "features", "--out", work], input="\n".join(feed).encode(), check=True)
    columns = (work / "columns.txt").read_text().split()
    values = numpy.fromfile(work / "values.f32", dtype="<f4").reshape(-1, len(columns))
    pages, at = [], 0
    for line in open(work / "blocks.jsonl", encoding="utf-8"):
        row = json.loads(line)
        count = len(row["texts"])
        known = truth[row["id"]]
        pages.append(dict(
            id=row["id"], set=row["id"].split("/")[0], type=known.get("type") or "article", truth=known["text"] or "",
            feed=feed[len(pages)], site=site(known.get("url"), row["id"]), texts=row["texts"], tokens=numpy.array(row["tokens"]),
            ruled_out=numpy.array(row["ruled_out"], bool), x=values[at:at + count],
            y=numpy.array(label(row["texts"], known["text"] or ""), numpy.int8)))
        at += count
    return columns, pages


def weights(page):
    """A block weighs by its words; a page of much boilerplate no more than six times its body."""
    body = max((page["tokens"] * page["y"]).sum(), 40.0)
    weight = (page["tokens"] + 3.0) / body
    return weight * min(1.0, 6.0 / max(weight.sum(), 1e-9)) * SET_WEIGHT.get(page["set"], 1.0)


def suits(page, name):
    return name == "others" or page["type"] == "article"


def fit(pages, name):
    weight = numpy.concatenate([weights(page) for page in pages])
    data = lightgbm.Dataset(
        numpy.vstack([page["x"] for page in pages]), numpy.concatenate([page["y"] for page in pages]),
        weight=weight / weight.mean())
    return lightgbm.train(PARAMETERS | OWN_PARAMETERS[name], data, num_boost_round=TREES[name])


def text(page, chosen):
    seen, out = set(), []
    for words, keep, tokens in zip(page["texts"], chosen, page["tokens"]):
        if keep and not (tokens >= 12 and words in seen):
            seen.add(words)
            out.append(words)
    return "\n".join(out)


def shingles(text):
    words = WORD.findall(text)
    return Counter(tuple(words[at:at + 4]) for at in range(max(1, len(words) - 3)) if words[at:at + 4])


def overlap(found, true):
    common = sum((found & true).values())
    p, t = sum(found.values()), sum(true.values())
    return (1.0, 1.0) if not p and not t else (common / p if p else 0.0, common / t if t else 0.0)


def f1(p, r):
    return 2 * p * r / (p + r) if p + r else 0.0


def score(pages, bodies):
    groups = defaultdict(list)
    for page, body in zip(pages, bodies):
        sp, sr = overlap(shingles(body), shingles(page["truth"]))
        wp, wr = overlap(Counter(WORD.findall(body.lower())), Counter(WORD.findall(page["truth"].lower())))
        row = (sp if body or not page["truth"] else None, sr, f1(wp, wr))
        groups[page["set"] + ("" if page["type"] == "article" else ", other types")].append(row)
        if page["set"] == "wcxb":
            groups["wcxb, all types"].append(row)
    out = {}
    for name, rows in sorted(groups.items()):
        precisions = [row[0] for row in rows if row[0] is not None]
        p, r = sum(precisions) / max(len(precisions), 1), sum(row[1] for row in rows) / len(rows)
        out[name] = dict(pages=len(rows), shingle_f1=round(f1(p, r), 4), words_f1=round(sum(row[2] for row in rows) / len(rows), 4))
    return out


def choose(page, chances):
    """The blocks that the engine would keep: those that make the expected F-value highest."""
    if not len(chances):
        return numpy.zeros(0, bool)
    chances = numpy.where(page["ruled_out"], 0.0, chances)
    order = numpy.argsort(-chances, kind="stable")
    tokens = page["tokens"][order].astype(float)
    right = numpy.cumsum(chances[order] * tokens)
    value = right / (numpy.cumsum(tokens) + right[-1] + 1e-9)
    return chances >= min(max(chances[order[numpy.argmax(value)]], LOWEST), HIGHEST)


def sums_at_looks(model, rows, trees):
    """The rows' sums at each look before the last tree, and at the end."""
    looks = [look for look in LOOKS if look < trees] + [trees]
    if not len(rows):
        return numpy.zeros((len(looks), 0))
    return numpy.array([model.predict(rows, raw_score=True, num_iteration=look) for look in looks])


def chances_of(sums):
    return 1 / (1 + numpy.exp(-sums))


def cross_validate(pages, columns, work, program):
    """Of every page, each model's sums (log-odds) of its blocks at the looks and at the end, and the text that the engine
    gives with the two models, none of which saw a page of its site."""
    fold = [int(hashlib.md5(page["site"].encode()).hexdigest(), 16) % FOLDS for page in pages]
    sums = {name: [None] * len(pages) for name in TREES}
    texts = {}
    for k in range(FOLDS):
        tables = work / f"fold-{k + 1}"
        tables.mkdir(exist_ok=True)
        own = [index for index, f in enumerate(fold) if f == k]
        for name in TREES:
            model = fit([page for page, f in zip(pages, fold) if f != k and suits(page, name)], name)
            for index in own:
                sums[name][index] = sums_at_looks(model, pages[index]["x"], TREES[name])
            (tables / f"{name}.model").write_bytes(table(model, columns))
        done = subprocess.run(
            [program, "dev", "texts", "--tables", tables], input="\n".join(pages[index]["feed"] for index in own).encode(),
            stdout=subprocess.PIPE, check=True)
        texts.update((row["id"], row["text"]) for row in map(json.loads, done.stdout.splitlines()))
        print(f"fold {k + 1} of {FOLDS}", file=sys.stderr, flush=True)
    return sums, [texts[page["id"]] for page in pages]


def fnv1a(data):
    """The 64-bit hash of Fowler, Noll and Vo: the engine checks by it that table and features fit."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def table(model, columns):
    """A model as bytes, little-endian: magic, columns' hash (u64), trees (u16), then for each tree the number of inner
    nodes (u16), of each node its column (u16), threshold (f32), left and right (i16; negative: leaf ~n), and the leaves
    (f32)."""
    digest = struct.pack("<Q", fnv1a("\n".join(columns).encode()))
    trees = model.dump_model()["tree_info"]
    out = [MAGIC, digest, struct.pack("<H", len(trees))]
    for tree in trees:
        nodes, leaves = [], []

        def walk(node):
            if "leaf_value" in node:
                leaves.append(node["leaf_value"])
                return ~(len(leaves) - 1)
            assert node["decision_type"] == "<=" and node["missing_type"] == "None", node
            place = len(nodes)
            nodes.append(None)
            left, right = walk(node["left_child"]), walk(node["right_child"])
            # Thresholds lie between two values of the column; the next 32-bit number below keeps the comparison.
            threshold = numpy.float32(node["threshold"])
            if float(threshold) > node["threshold"]:
                threshold = numpy.nextafter(threshold, numpy.float32(-numpy.inf))
            nodes[place] = struct.pack("<Hfhh", node["split_feature"], threshold, left, right)
            return place

        walk(tree["tree_structure"])
        out += [struct.pack("<H", len(nodes)), *nodes, struct.pack(f"<{len(leaves)}f", *leaves)]
    return b"".join(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--copydesk", default="target/release/copydesk")
    parser.add_argument("--work", type=Path, default=Path("target/training"))
    parser.add_argument("--out", type=Path, default=Path("src/extract/content"))
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    columns, pages = read_pages(arguments.pages, arguments.work, arguments.copydesk)
    report = {"perfect choice of blocks": score(pages, [text(page, page["y"] == 1) for page in pages])}
    kept = columns.index("kept")
    report["heuristic alone"] = score(pages, [text(page, page["x"][:, kept] > 0) for page in pages])
    sums, texts = cross_validate(pages, columns, arguments.work, arguments.copydesk)
    says_article = columns.index("says_article")
    numpy.save(arguments.work / "sums.npy", numpy.concatenate(sums["others"], axis=1))
    articles, others = ([chances_of(rows[-1]) for rows in sums[name]] for name in ("articles", "others"))
    # Pages that say that they are articles get the mean of both models, as in the engine's model.rs.
    mixed = [
        (one + other) / 2 if len(other) and page["x"][0, says_article] > 0 else other
        for page, one, other in zip(pages, articles, others)]
    for name, chances in (("articles.model alone", articles), ("others.model alone", others), ("both models", mixed)):
        report[name] = score(pages, [text(page, choose(page, own)) for page, own in zip(pages, chances)])
    report["the engine, rules included"] = score(pages, texts)
    numpy.save(arguments.work / "chances.npy", numpy.concatenate(mixed))
    for name, rows in report.items():
        print(name)
        for group, figures in rows.items():
            print(f"  {group:26} {figures}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in TREES:
        model = fit([page for page in pages if suits(page, name)], name)
        data = table(model, columns)
        (arguments.out / f"{name}.model").write_bytes(data)
        print(f"{name}.model: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()[:16]}")
    if arguments.report:
        arguments.report.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
