#!/usr/bin/env python3
"""What other extractors need for the same pages, one thread, medians of interleaved rounds.

usage: extract.py FOLDER      (pip install resiliparse trafilatura lxml_html_clean; either may be missing)

FOLDER holds *.html. Run `COPYDESK_BENCH_PAGES=FOLDER cargo bench --bench clean` beside it and compare.
"""
import statistics
import sys
import time
from pathlib import Path

ROUNDS = 5


def contestants():
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.encoding import bytes_to_str, detect_encoding
        from resiliparse.parse.html import HTMLTree
        yield "resiliparse main_content", lambda page: extract_plain_text(
            HTMLTree.parse(bytes_to_str(page, detect_encoding(page))), main_content=True)
    except ImportError:
        print("resiliparse is not installed", file=sys.stderr)
    try:
        import trafilatura
        yield "trafilatura bare_extraction", lambda page: trafilatura.bare_extraction(page)
    except ImportError:
        print("trafilatura is not installed", file=sys.stderr)


def main():
    pages = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.html"))]
    for name, run in contestants():
        times = [[] for _ in pages]
        for _ in range(ROUNDS):
            for page, own in zip(pages, times):
                start = time.perf_counter()
                run(page)
                own.append(time.perf_counter() - start)
        total = sum(statistics.median(own) for own in times)
        print(f"{name:32} {1000 * total / len(pages):8.3f} ms a page, {len(pages)} pages")


main()
