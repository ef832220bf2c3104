#!/usr/bin/env python3
"""How much of the story is left, and how much else, when whole pages were turned to text before they are cleaned.

usage: scraped.py LABELLED COPYDESK      (pip install beautifulsoup4 lxml inscriptis html2text resiliparse; any may be missing)

LABELLED holds a set as training/README.md has it: truth.jsonl with "id" and "text", and pages/<id>.html or <id>.html.gz.
Every tool turns every page to text, `COPYDESK clean --jsonl` cleans the texts; precision, recall and F1 of the words are
printed, of the texts as they were made and as they were cleaned. A page on which a tool fails is left out for that tool.
"""
import gzip
import importlib
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

WORD = re.compile(r"\w+")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
CHARSET = re.compile(rb"charset=[\"']?([\w-]+)")


def beautiful_soup():
    from bs4 import BeautifulSoup
    importlib.import_module("lxml")

    def text(page):
        soup = BeautifulSoup(page, "lxml")
        for node in soup(["script", "style", "noscript", "template"]):
            node.extract()
        return soup.get_text("\n")
    return text


def inscriptis():
    return importlib.import_module("inscriptis").get_text


def html2text():
    module = importlib.import_module("html2text")

    def text(page):
        reader = module.HTML2Text()
        reader.ignore_links, reader.ignore_images, reader.body_width = True, True, 0
        return reader.handle(page)
    return text


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    return lambda page: extract_plain_text(page, alt_texts=False, links=False)


def read(folder, name):
    packed = folder / "pages" / f"{name}.html.gz"
    page = gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / "pages" / f"{name}.html").read_bytes()
    named = CHARSET.search(page[:4096])
    for charset in ([named.group(1).decode()] if named else []) + ["utf-8"]:
        try:
            return CONTROL.sub("", page.decode(charset))
        except (LookupError, UnicodeDecodeError):
            pass
    return CONTROL.sub("", page.decode("utf-8", "replace"))


def score(text, truth):
    """Precision, recall and F1 of the words as a bag."""
    text, truth = Counter(WORD.findall(text.lower())), Counter(WORD.findall(truth.lower()))
    common = sum((text & truth).values())
    if not common:
        return 0.0, 0.0, float(text == truth)
    precision, recall = common / sum(text.values()), common / sum(truth.values())
    return precision, recall, 2 * precision * recall / (precision + recall)


def main():
    folder, copydesk = Path(sys.argv[1]), sys.argv[2]
    sys.setrecursionlimit(20000)
    truth = {row["id"]: row["text"] for row in map(json.loads, open(folder / "truth.jsonl", encoding="utf-8"))
             if (row.get("text") or "").strip()}
    for tool in (beautiful_soup, inscriptis, html2text, resiliparse):
        try:
            to_text = tool()
        except ImportError as error:
            print(f"{tool.__name__}: {error}", file=sys.stderr)
            continue
        texts = {}
        for name in truth:
            try:
                texts[name] = to_text(read(folder, name)) or ""
            except (ValueError, RecursionError, AssertionError) as error:
                print(f"{tool.__name__}: {name}: {error}", file=sys.stderr)
        # What many texts have in common would be learned of them; these are of as many sites as pages.
        rows = "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in texts.items() if text.strip())
        run = subprocess.run([copydesk, "clean", "--jsonl", "--keep-repeated"], input=rows.encode(), stdout=subprocess.PIPE, check=True)
        cleaned = {row["id"]: row.get("text") or "" for row in map(json.loads, run.stdout.decode().splitlines())}
        for label, own in (("as it is", texts), ("cleaned", cleaned)):
            scores = [score(own[name], truth[name]) for name in cleaned]
            means = [sum(column) / len(scores) for column in zip(*scores)]
            print(f"{tool.__name__:14} {label:9} {len(scores)} texts, words precision {means[0]:.3f} recall {means[1]:.3f} F1 {means[2]:.3f}", flush=True)


main()
