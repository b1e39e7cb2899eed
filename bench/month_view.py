"""The month of 10,000 posts: the calendar's reply with nothing cached (p95), and in Chromium the time from the click that opens the calendar until the month stands and takes input."""
import calendar
import json
import subprocess
import time

from lib import ROOT, Client, Practice, Scratch, Server, connect, percentile, seed, stamp, with_practice

ABOUT, GOAL = "the month of 10,000 posts: API, and until it takes input in Chromium", "API p95 <= 50 ms, interactive <= 300 ms (median)"
N_POSTS, DAYS = 10_000, 30
API_MS, INTERACTIVE_MS = 50, 300
TOKYO_S = 9 * 3600


def month():
    """First second of a month of at least 30 days that lies ahead, in the workspace's zone, and its name."""
    at = time.gmtime(time.time() + TOKYO_S)
    year, index = (at.tm_year, at.tm_mon + 1) if at.tm_mon < 12 else (at.tm_year + 1, 1)
    if index == 2:
        index = 3
    return calendar.timegm((year, index, 1, 0, 0, 0)) - TOKYO_S, f"{year}-{index:02}-15"


def asked(client, path, n, before):
    times, size = [], 0
    for turn in range(n):
        before(turn)
        began = time.monotonic()
        reply, text = client.call("GET", path, raw=True)
        times.append((time.monotonic() - began) * 1000)
        page, size = client.read(reply, text), len(text)
    return times, size, page


def in_browser(port, day, rounds):
    if not (ROOT / "web/node_modules/playwright-core").exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=ROOT / "web", check=True)
    words = ["node", str(ROOT / "bench/month_view.mjs"), f"http://127.0.0.1:{port}", day, str(rounds)]
    return json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout.strip().split("\n")[-1])


def run(quick):
    p = percentile
    with Scratch() as folder, Scratch() as network, Practice(network) as practice:
        server = Server(folder, *with_practice(practice)).start()
        client = Client(server.port).set_up()
        account = connect(client, practice)
        server.stop()
        first, day = month()
        seed(folder, client, account, N_POSTS, 0, first, DAYS * 86400)
        with server:
            client.connection = None
            weeks = (time.gmtime(first + TOKYO_S).tm_wday, 42)
            path = f"{client.at}/calendar?from={stamp(first - weeks[0] * 86400)}&to={stamp(first + (weeks[1] - weeks[0]) * 86400)}&per_day=8"
            change = lambda turn: client.call("PATCH", client.at, {"name": f"計測{turn}"})
            asked(client, path, 3, change)
            fresh, size, page = asked(client, path, 30 if quick else 200, change)
            cached, _, _ = asked(client, path, 30 if quick else 200, lambda turn: None)
            words, _, found = asked(client, path + "&words=%E7%84%BC%E3%81%8D%E3%81%9F%E3%81%A6", 5 if quick else 20, change)
            lanes, _, _ = asked(client, path + "&lanes=true", 5 if quick else 20, change)
            print(f"API: {page['n']} posts in {size / 1000:.0f} kB, uncached p50 {p(fresh, 50):.1f} p95 {p(fresh, 95):.1f} max {max(fresh):.1f} ms; cached p50 {p(cached, 50):.1f} p95 {p(cached, 95):.1f} ms; "
                  f"searched for words p95 {p(words, 95):.1f} ms; in lanes p95 {p(lanes, 95):.1f} ms")
            seen = in_browser(server.port, day, 5 if quick else 21)
    is_whole = page["n"] == N_POSTS and found["n"] == N_POSTS and seen["n"] == N_POSTS
    for what, name in (("opened", "opening the calendar"), ("turned", "turning to the month"), ("moved", "moving a post by key until it is drawn"), ("day", "opening a day of 333 posts"), ("list", "the list")):
        print(f"Chromium, {name}: p50 {p(seen[what], 50):.0f} p95 {p(seen[what], 95):.0f} ms ({len(seen[what])} times)")
    print(f"longest the page was busy in one piece while its list was scrolled: {seen['busy']:.0f} ms; elements in the month: {seen['elements']}")
    api, interactive = p(fresh, 95), p(seen["opened"], 50)
    return f"API p95 {api:.1f}", f"ms, interactive {interactive:.0f} ms", is_whole and api <= API_MS and interactive <= INTERACTIVE_MS
