"""1,000,000 posts wait in one SQLite file, 10,000 of them are due within one minute, spread over the networks that are played and take plain text. Lateness is what each delivery
recorded: start of the publishing call minus due time. The practice networks' own limits are off, so that only Hibiki's lateness is seen."""
import time

from lib import Client, Scratch, Server, World, percentile, read_due, seed

ABOUT, GOAL = "lateness with 1,000,000 waiting, 10,000 due in a minute", "p99 <= 1 s, 0 duplicates"
PLAIN = {"bluesky": "post", "mastodon": "post", "x": "post", "facebook": "post"}  # the others count people or days: a million would not be allowed there


def wait_published(client, first, span):
    time.sleep(max(0, first + span - time.time()) + 3)
    end = time.monotonic() + 120
    while True:
        rows = read_due(client, first, first + span)
        if all(d["state"] == "published" for d in rows) or time.monotonic() > end:
            return rows
        time.sleep(1)


def run(quick):
    waiting, due, span = (20_000, 500, 10) if quick else (1_000_000, 10_000, 60)
    with Scratch() as folder, Scratch() as net, World(net) as world:
        server = Server(folder, *world.server_options).start()
        client = Client(server.port).set_up()
        accounts = [f"{world.connect(client, network)}:{form}" for network, form in PLAIN.items() if network in world.networks]
        server.stop()
        print(f"seeded {waiting - due} posts in {seed(folder, client, ','.join(accounts), waiting - due, 0, int(time.time()) + 86400):.0f} s")
        first = int(time.time()) + (15 if quick else 45)
        print(f"and {due} due within {span} s in {seed(folder, client, ','.join(accounts), 0, due, first, due_span_s=span):.0f} s; file {sum(f.stat().st_size for f in folder.glob('hibiki.db*')) / 1e9:.2f} GB")
        if time.time() > first - 2:
            raise RuntimeError("seeding took longer than the time until the posts are due")
        with server:
            client.connection = None
            rows = wait_published(client, first, span)
            rss, _ = server.memory()
        twice = sum(world.ask(n, "/practice/counts").get("n_twice_text", 0) for n in world.networks)
    late = [d["lateness_ms"] / 1000 for d in rows if d["state"] == "published"]
    p99 = percentile(late, 99)
    print(f"{len(late)} of {due} published over {len(accounts)} networks; lateness p50 {percentile(late, 50):.3f} p99 {p99:.3f} max {max(late):.3f} s; duplicates {twice}; RSS {rss / 1e6:.0f} MB")
    return f"{p99:.3f}", f"s p99, {twice} duplicates, {waiting} waiting, {len(accounts)} networks", p99 <= 1 and not twice and len(late) == due
