"""The month of 10,000 posts as the calendar asks for it: pages of 500, p99 of a page, with the reply cache made stale before each and with it warm."""
import time

from lib import Client, Practice, Scratch, Server, connect, percentile, seed, stamp, with_practice

ABOUT, GOAL = "API page of a month with 10,000 posts", "p99 <= 50 ms"
N_POSTS, DAYS = 10_000, 30


def walk(client, first, before_page):
    """Every page of the month: the seconds each took, the bytes of the largest, and how many posts there were."""
    times, largest, n, cursor = [], 0, 0, None
    while True:
        before_page()
        path = f"{client.at}/posts?from={stamp(first)}&to={stamp(first + (DAYS + 1) * 86400)}&limit=500" + (f"&cursor={cursor}" if cursor else "")
        began = time.monotonic()
        reply, text = client.call("GET", path, raw=True)
        times.append(time.monotonic() - began)
        page = client.read(reply, text)
        n, largest, cursor = n + len(page["posts"]), max(largest, len(text)), page.get("next_cursor")
        if not cursor:
            return times, largest, n


def run(quick):
    with Scratch() as folder, Scratch() as network, Practice(network) as practice:
        server = Server(folder, *with_practice(practice)).start()
        client = Client(server.port).set_up()
        account = connect(client, practice)
        server.stop()
        first = int(time.time()) + 86400
        seed(folder, client, account, N_POSTS, 0, first, DAYS * 86400)
        turn, fresh, cached = [0], [], []

        def change_something():
            turn[0] += 1
            client.call("PATCH", client.at, {"name": f"計測{turn[0]}"})

        with server:
            client.connection = None
            for _ in range(5 if quick else 25):
                times, largest, n = walk(client, first, change_something)
                fresh += times
                walk(client, first, lambda: None)
                cached += walk(client, first, lambda: None)[0]
    ms = lambda values, p: percentile(values, p) * 1000
    print(f"{n} posts; {len(fresh)} pages of 500 (up to {largest / 1000:.0f} kB) uncached: p50 {ms(fresh, 50):.1f} p99 {ms(fresh, 99):.1f} max {max(fresh) * 1000:.1f} ms; "
          f"cached: p50 {ms(cached, 50):.1f} p99 {ms(cached, 99):.1f} ms")
    return f"{ms(fresh, 99):.1f}", "ms p99 uncached", ms(fresh, 99) <= 50 and n == N_POSTS
