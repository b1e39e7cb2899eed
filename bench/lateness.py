"""100,000 posts wait in one SQLite file, 1,000 of them are due within one second; the practice network answers on the same machine.

Lateness of each is what the delivery recorded (start of the publishing call minus due time), held against the network's own arrival times; the worse of the two counts."""
import time

from lib import Client, Practice, Scratch, Server, connect, parse_time, percentile, seed, stamp, with_practice

ABOUT, GOAL = "lateness with 100,000 waiting, 1,000 due in one second", "p99 <= 1 s, 0 duplicates"
DUE = 1_000


def due_deliveries(client, first):
    rows, cursor = [], None
    while True:
        span = f"from={stamp(first)}&to={stamp(first + 1)}&limit=500" + (f"&cursor={cursor}" if cursor else "")
        page = client.call("GET", f"{client.at}/deliveries?{span}")
        rows += page["deliveries"]
        cursor = page.get("next_cursor")
        if not cursor:
            return rows


def wait_published(client, first):
    """Nothing is asked of the server while the second runs, so that the asking is not measured too."""
    time.sleep(max(0, first - time.time()) + 3)
    end = time.monotonic() + 60
    while True:
        rows = due_deliveries(client, first)
        if all(d["state"] == "published" for d in rows) or time.monotonic() > end:
            return rows
        time.sleep(0.5)


def run(quick):
    waiting = 20_000 if quick else 100_000
    with Scratch() as folder, Scratch() as network, Practice(network) as practice:
        server = Server(folder, *with_practice(practice)).start()
        client = Client(server.port).set_up()
        account = connect(client, practice)
        server.stop()
        first = int(time.time()) + (15 if quick else 60)
        print(f"seeded {waiting} posts in {seed(folder, client, account, waiting - DUE, DUE, first):.1f} s")
        if time.time() > first - 2:
            raise RuntimeError("seeding took longer than the time until the posts are due")
        with server:
            client.connection = None
            done = wait_published(client, first)
        arrived = {p["text"]: parse_time(p["arrived_at"]) for p in practice.get("/practice/posts")["posts"]}
        counts = practice.get("/practice/counts")
    late = [d["lateness_ms"] / 1000 for d in done if d["state"] == "published"]
    seen = [arrived[d["text"]] - parse_time(d["due_at"]) for d in done if d["text"] in arrived]
    duplicates = counts["n_twice_text"] + counts["n_twice_key"]
    print(f"published {len(late)} of {DUE}, on the network {len(seen)}; recorded lateness p50 {percentile(late, 50):.3f} p99 {percentile(late, 99):.3f} max {max(late):.3f} s; "
          f"arrival at the network p50 {percentile(seen, 50):.3f} p99 {percentile(seen, 99):.3f} max {max(seen):.3f} s; duplicates {duplicates}")
    p99 = max(percentile(late, 99), percentile(seen, 99))
    return f"{p99:.3f}", f"s p99, {duplicates} duplicates, {waiting} waiting", p99 <= 1 and duplicates == 0 and len(late) == len(seen) == DUE
