#!/usr/bin/env python3
"""Puts load on `copydesk serve` by hey (Debian package `hey`), against `copydesk clean --jsonl` on the same pages.

    cargo build --release
    python3 benches/peers/serve.py [target/release/copydesk]

For several pages of the fixtures in turn: pages per second of processor time of `clean --jsonl`, and of the server with 50
clients; then, at half of the rate that the server reached, the median and the 99th percentile of the answers' times; the same
with a hundred clients beside it that send a byte a second; and the most memory that the server held. Requests stay on
loopback.
"""

import json
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/copydesk"
CLIENTS = 50
SECONDS = 8
SLOW = 100
# Pages of a `clean --jsonl` run: some seconds of work.
ROWS = 3000
PAGES = 5


def pages():
    """Pages of the fixtures from the smallest to the largest, some of them."""
    found = sorted(ROOT.glob("fixtures/pages/*/source.html"), key=lambda path: path.stat().st_size)
    step = len(found) // PAGES
    return found[step // 2 :: step][:PAGES]


def text_of(page):
    return page.read_bytes().decode("utf-8", "replace")


def by_lines(page):
    """Pages per second of processor time of `clean --jsonl`."""
    row = json.dumps({"id": "1", "url": "https://example.test/a", "html": text_of(page)})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PROGRAM, "clean", "--jsonl"], input="\n".join([row] * ROWS), text=True, check=True,
                   stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ROWS / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def processor_time(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def hey(url, body, clients, rate=None):
    """Runs hey for some seconds; gives answers, and the median and 99th percentile of their times in seconds."""
    wanted = ["hey", "-z", f"{SECONDS}s", "-c", str(clients), "-m", "POST", "-T", "application/json", "-D", body]
    if rate:
        wanted += ["-q", f"{max(rate / clients, 1):.0f}"]
    said = subprocess.run([*wanted, url], capture_output=True, text=True, check=True).stdout
    statuses = {int(code): int(count) for code, count in re.findall(r"\[(\d+)\]\s+(\d+) responses", said)}
    assert set(statuses) == {200}, said
    times = {int(share): float(seconds) for share, seconds in re.findall(r"(\d+)%+ in ([\d.]+) secs", said)}
    return statuses[200], times[50], times[99]


def drip(port, stop):
    """A client that sends a byte a second."""
    head = f"POST /v1/clean HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(head.encode())
        while not stop.wait(1):
            try:
                client.sendall(b" ")
            except OSError:
                return


def main():
    server = subprocess.Popen([PROGRAM, "serve", "--quiet", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    base = server.stdout.readline().split()[-1]
    url, port = base + "/v1/clean", int(base.rsplit(":", 1)[1])
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for page in pages():
            body = Path(folder) / "body.json"
            body.write_text(json.dumps({"url": "https://example.test/a", "html": text_of(page)}))
            lines = by_lines(page)
            began = processor_time(server.pid)
            answers, *_ = hey(url, body, CLIENTS)
            served = answers / (processor_time(server.pid) - began)
            ratios.append(served / lines)
            # Few clients, so that the rate and not their number bounds the load.
            _, median, most = hey(url, body, 10, answers / SECONDS / 2)
            stop = threading.Event()
            slow = [threading.Thread(target=drip, args=(port, stop)) for _ in range(SLOW)]
            for thread in slow:
                thread.start()
            _, beside, beside_most = hey(url, body, 10, answers / SECONDS / 2)
            stop.set()
            for thread in slow:
                thread.join()
            print(
                f"{page.parent.name}, {page.stat().st_size} bytes: clean --jsonl {lines:.0f} pages a processor second, serve "
                f"{served:.0f} ({served / lines:.2f} times), {answers / SECONDS:.0f} a second; at half of that: median "
                f"{median * 1000:.1f} ms, 99 % {most * 1000:.1f} ms ({most / median:.1f} times); beside {SLOW} slow clients: "
                f"{beside * 1000:.1f} and {beside_most * 1000:.1f} ms",
                flush=True,
            )
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
    print(f"median of {len(ratios)} pages: {statistics.median(ratios):.2f} times clean --jsonl; "
          f"at most {int(peak[1]) / 1024:.0f} MB")
    server.terminate()
    server.wait()


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.0f} s")
