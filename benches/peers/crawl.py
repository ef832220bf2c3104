#!/usr/bin/env python3
"""The crawl of benches/crawl.rs by Scrapy with trafilatura in its pipeline: the same pages of the same hosts.

usage: crawl.py BENCH [OUT]      (pip install scrapy trafilatura lxml_html_clean)

BENCH is the program that `cargo bench --bench crawl --no-run` names; COPYDESK_BENCH_PAGES chooses its pages. OUT is the file
of records, by default a temporary one. Prints pages a second, processor seconds a page and the most memory at any time.
"""
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time

HOSTS, PAGES_PER_HOST = 50, 100


def resolve_localhost():
    """*.localhost is this machine, which not every resolver knows."""
    by_name, by_info = socket.gethostbyname, socket.getaddrinfo
    plain = lambda host: "127.0.0.1" if isinstance(host, str) and host.rstrip(".").endswith(".localhost") else host
    socket.gethostbyname = lambda host: by_name(plain(host))
    socket.getaddrinfo = lambda host, *rest, **more: by_info(plain(host), *rest, **more)


def crawl(home, out):
    resolve_localhost()
    import scrapy
    import trafilatura
    from scrapy.crawler import CrawlerProcess

    class Clean:
        def open_spider(self, spider):
            self.file = open(out, "w", encoding="utf-8")

        def close_spider(self, spider):
            self.file.close()

        def process_item(self, item, spider):
            found = trafilatura.bare_extraction(item["html"], url=item["url"], with_metadata=True)
            if found is not None:
                record = {"url": item["url"], "title": found.title, "author": found.author, "date": found.date, "text": found.text}
                self.file.write(json.dumps(record, ensure_ascii=False) + "\n")
            return {"url": item["url"]}

    class Outlets(scrapy.Spider):
        name = "outlets"
        start_urls = [home.replace("outlet0.", f"outlet{host}.") for host in range(HOSTS)]

        async def start(self):
            for url in self.start_urls:
                yield scrapy.Request(url, self.parse)

        def parse(self, response):
            for link in response.css("h2 a::attr(href)").getall():
                yield response.follow(link, self.story)

        def story(self, response):
            yield {"url": response.url, "html": response.text}

    process = CrawlerProcess(settings={
        "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": True,
        "ITEM_PIPELINES": {Clean: 1}, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False})
    process.crawl(Outlets)
    process.start()


def main():
    if sys.argv[1] == "--crawl":
        crawl(sys.argv[2], sys.argv[3])
        return
    out = sys.argv[2] if len(sys.argv) > 2 else os.path.join(tempfile.mkdtemp(), "records.jsonl")
    server = subprocess.Popen([sys.argv[1], "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    home = server.stdout.readline().strip()
    start = time.perf_counter()
    # Of this child alone; the server is waited for later.
    subprocess.run([sys.executable, __file__, "--crawl", home, out], check=True)
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    server.stdin.close()
    server.wait()
    pages = HOSTS * PAGES_PER_HOST
    cpu = used.ru_utime + used.ru_stime
    print(f"scrapy+trafilatura {pages / wall:7.0f} pages/s   {cpu * 1000 / pages:.3f} ms of processor a page   "
          f"{used.ru_maxrss / 1000:5.0f} MB at most")
    print(f"{sum(1 for _ in open(out, encoding='utf-8'))} records")


if __name__ == "__main__":
    main()
