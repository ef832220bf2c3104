#!/usr/bin/env python3
"""What trafilatura over warcio needs for a web archive, one thread.

usage: reclean.py FILE [PAGES]      (pip install warcio trafilatura lxml_html_clean)

FILE is written by `cargo bench --bench reclean -- make FILE`. Have it read the whole file, or say how many PAGES it read: it
took 10 ms a page of 556 and 6 of 8,419. Run `copydesk reclean --jobs 1 --jsonl FILE` beside it and compare.
"""
import json
import os
import sys
import time

import trafilatura
from warcio.archiveiterator import ArchiveIterator


def main():
    limit = int(sys.argv[2]) if len(sys.argv) > 2 else sys.maxsize
    pages = 0
    start = time.process_time()
    with open(sys.argv[1], "rb") as file, open(os.devnull, "w") as out:
        for record in ArchiveIterator(file):
            if record.rec_type != "response" or pages >= limit:
                if pages >= limit:
                    break
                continue
            body = record.content_stream().read()
            url = record.rec_headers.get_header("WARC-Target-URI")
            document = trafilatura.bare_extraction(body, url=url, with_metadata=True)
            out.write(json.dumps(document.as_dict() if document else None, default=str) + "\n")
            pages += 1
    seconds = time.process_time() - start
    print(f"trafilatura over warcio: {1000 * seconds / pages:.3f} ms of processor a page, {pages} pages")


main()
