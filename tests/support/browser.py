"""Walks the desk in a real Chromium, as a person would. Arguments: what to walk, the desk's address, a folder for pictures."""

import json
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import expect, sync_playwright

WHAT, BASE, PICTURES = sys.argv[1], sys.argv[2], Path(sys.argv[3])
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# Far above what a crawl of the sample site takes.
PATIENCE_MS = 120_000

# Everything that pages have tried to run, load, show or cover things with.
HOSTILE = """<!doctype html><html><head><title>Ferry</title><base href="http://127.0.0.1:9/">
<link rel=stylesheet href=http://127.0.0.1:9/a.css><style>body{display:none}mark{display:none}</style>
<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/"><script>window.pwned=1</script></head>
<body onload="window.pwned=2"><article><h1>Ferry returns</h1>
<p onclick="window.pwned=3" style="position:fixed;inset:0;z-index:9999">The ferry to Holm island sails again on Monday, three
months after a storm broke its ramp, the harbour office said in a letter to the islanders.</p>
<p id=why class="xray kept">Two divers and a smith from Upper Tarn had worked on the ramp since October, for the most part at
night, when the tide was low enough to reach the hinges, as the <a href="javascript:window.pwned=4">letter</a> says.</p>
<img src=http://127.0.0.1:9/x.png onerror="window.pwned=5" alt="A ferry"><svg onload="window.pwned=6"><script>window.pwned=7
</script><foreignObject><iframe srcdoc="<script>parent.pwned=8</script>"></iframe></foreignObject></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.pwned=9&gt;"></table></math>
<form action=http://127.0.0.1:9/><input name=token autofocus onfocus="window.pwned=10"><button>Send</button></form>
<video src=http://127.0.0.1:9/v.mp4 autoplay></video><object data=http://127.0.0.1:9/o></object></article></body></html>"""


def is_blocked(request):
    return request.failure in ("csp", "net::ERR_BLOCKED_BY_CSP")


def check(name, page):
    """No serious fault for people who cannot see or point; and a picture of it."""
    for scheme in ("light", "dark"):
        for size, view in SIZES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size(view)
            page.evaluate(AXE)
            found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
            serious = [
                (fault["id"], [node["html"][:200] + " | " + node["failureSummary"] for node in fault["nodes"]])
                for fault in found
                if fault["impact"] in ("serious", "critical")
            ]
            assert not serious, (name, scheme, size, json.dumps(serious, indent=1))
            # Nothing is wider than the screen.
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (name, size, f"{wide} pixels too wide")
            page.screenshot(path=PICTURES / f"{name}-{size}-{scheme}.png", full_page=size == "desktop")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SIZES["desktop"])


def add_and_crawl(page):
    page.goto(BASE)
    expect(page.get_by_text("No source yet")).to_be_visible()
    check("empty", page)
    page.get_by_label("Home page").fill("http://kreisbote-nordufer.test/")
    page.get_by_role("button", name="Look and add").click()
    row = page.get_by_role("row", name="kreisbote-nordufer")
    # The list renews itself while the crawl goes on.
    expect(row.get_by_text("Well")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#newest-list a").first).to_be_visible(timeout=PATIENCE_MS)
    row.get_by_role("button", name="Crawl now").click()
    expect(page.get_by_role("row", name="kreisbote-nordufer")).to_be_visible()
    check("desk", page)
    page.get_by_role("button", name="Pause: kreisbote-nordufer").click()
    expect(page.get_by_role("row", name="kreisbote-nordufer").get_by_text("Paused", exact=True)).to_be_visible()
    page.get_by_role("button", name="Go on: kreisbote-nordufer").click()
    page.get_by_role("button", name="Remove: kreisbote-nordufer").click()
    expect(page.get_by_text("No source yet")).to_be_visible()
    # What cannot be added is said, in words.
    page.get_by_label("Home page").fill("http://10.0.0.1/")
    page.get_by_role("button", name="Look and add").click()
    expect(page.get_by_text("--allow-host")).to_be_visible()
    check("refused", page)
    page.goto(BASE + "/coverage")
    check("coverage-empty", page)


def read(page):
    page.goto(BASE)
    expect(page.locator("#newest-list a").first).to_be_visible()
    check("desk-of-three", page)
    page.goto(BASE + "/coverage")
    expect(page.get_by_role("heading", name="kreisbote-nordufer")).to_be_visible()
    check("coverage", page)
    page.goto(BASE + "/articles")
    check("reader", page)
    page.get_by_label("Words").fill("Deichschafen nachgezählt")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".hits li")).to_have_count(1)
    expect(page.locator(".hits mark").first).to_be_visible()
    page.locator(".hits a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hundert Schafe warten vor dem Rathaus")
    expect(page.locator("article")).to_contain_text("Eine Herde von 84 Deichschafen")
    check("article", page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert Path(download.value.path()).read_text().startswith("# Hundert Schafe")
    page.get_by_role("link", name="What changed").click()
    expect(page.locator("article del").first).to_have_text("rund hundert")
    expect(page.locator("article ins").first).to_contain_text("84")
    check("diff", page)
    page.go_back()
    page.get_by_role("link", name="Beside the original").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Korrektur: In einer ersten Fassung")).to_be_visible()
    check("original", page)
    # By keyboard alone: the first stop leads past the menu.
    page.goto(BASE + "/articles")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "query"
    # A page of the site, as a reader would paste its address.
    page.goto(BASE + "/clean")
    page.get_by_label("Address, HTML or text").fill("http://harbour-ledger.test/2026/10/14/breakwater-survey/")
    page.get_by_role("button", name="Clean", exact=True).click()
    page.locator(".xray mark.dropped").first.hover()
    expect(page.locator("#why")).to_contain_text("dropped")
    check("xray-of-a-story", page)
    page.locator(".xray mark.kept").first.hover()
    page.locator("#xray").screenshot(path=PICTURES / "xray.png")
    page.goto(BASE + "/reference")
    page.get_by_text("Articles of the archive").click()
    check("interface", page)
    page.goto(BASE + "/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not Found")


def xray(page):
    page.goto(BASE + "/clean")
    check("clean-empty", page)
    page.get_by_label("Address, HTML or text").fill(HOSTILE)
    page.get_by_role("button", name="Clean", exact=True).click()
    expect(page.locator("#article")).to_contain_text("The ferry to Holm island sails again")
    expect(page.locator(".xray mark.kept").first).to_be_visible()
    page.locator(".xray mark.kept").first.hover()
    expect(page.locator("#why")).to_contain_text("Block")
    check("xray", page)
    assert page.evaluate("window.pwned") is None
    for root in (".xray", "#article"):
        inside = page.locator(root)
        for bad in ("script", "style", "svg", "iframe", "form", "input", "img", "object", "video", "[style]", "[onclick]"):
            assert inside.locator(bad).count() == 0, (root, bad)
        assert inside.locator("[href^='javascript:']").count() == 0, root
    assert page.evaluate("getComputedStyle(document.querySelector('.xray p')).position") == "static"
    page.get_by_label("Address, HTML or text").fill("http://10.0.0.1/")
    page.get_by_role("button", name="Clean", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("--allow-host")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    )
    context = browser.new_context(viewport=SIZES["desktop"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    asked, blocked, faults = [], [], []
    context.on("request", lambda request: asked.append(request.url))
    # What our policy has kept from being asked for at all.
    context.on("requestfailed", lambda request: blocked.append(request.url) if is_blocked(request) else None)
    page.on("dialog", lambda dialog: faults.append(("dialog", dialog.message)))
    page.on("pageerror", lambda error: faults.append(("script", str(error))))
    {"add": add_and_crawl, "read": read, "xray": xray}[WHAT](page)
    # A page of our own without a script is as good.
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(BASE)
    expect(plain.get_by_role("heading", name="Sources")).to_be_visible()
    elsewhere = [url for url in asked if urlsplit(url).scheme in ("http", "https") and not url.startswith(BASE)]
    elsewhere = [url for url in elsewhere if url not in blocked]
    assert not elsewhere, elsewhere
    assert not faults, faults
    browser.close()
print(f"walked, {len(asked)} requests")
