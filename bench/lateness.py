"""100,000 posts wait in one SQLite file, 1,000 of them are due within one second; the practice network answers on the same machine.

Lateness of each is what the delivery recorded (first byte to the network minus due time), held against the network's own arrival times."""
import datetime
import subprocess
import time

from lib import BUILD, Client, Practice, Scratch, Server, percentile, with_practice

ABOUT, GOAL = "lateness with 100,000 waiting, 1,000 due in one second", "p99 <= 1 s, 0 duplicates"


def parse(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def run(quick):
    waiting, due = (20_000 if quick else 100_000), 1_000
    with Scratch() as folder, Scratch() as network, Practice(network) as practice:
        server = Server(folder, *with_practice(folder, practice)).start()
        client = Client(server.port).set_up()
        who = practice.accounts[0]
        account = client.call("POST", client.at + "/accounts", {"network": "bluesky", "handle": who["handle"], "password": who["password"]})["id"]
        server.stop()
        began = time.monotonic()
        first = int(time.time()) + (15 if quick else 60)
        subprocess.run([str(BUILD / "bench/seed"), str(folder), client.workspace, account, str(waiting - due), str(due), str(first)], check=True)
        print(f"seeded {waiting} posts in {time.monotonic() - began:.1f} s")
        if time.time() > first - 2:
            raise RuntimeError("seeding took longer than the time until the posts are due")
        server.start()
        client.connection = None
        time.sleep(max(0, first - time.time()) + 3)
        end, done = time.monotonic() + 60, []
        while time.monotonic() < end:
            done = []
            cursor = None
            while True:
                span = f"from={stamp(first)}&to={stamp(first + 1)}&limit=500" + (f"&cursor={cursor}" if cursor else "")
                page = client.call("GET", f"{client.at}/deliveries?{span}")
                done += page["deliveries"]
                cursor = page.get("next_cursor")
                if not cursor:
                    break
            if all(d["state"] == "published" for d in done):
                break
            time.sleep(0.5)
        server.stop()
        late = [d["lateness_ms"] / 1000 for d in done if d["state"] == "published"]
        arrived = {p["text"]: parse(p["arrived_at"]) for p in practice.get("/practice/posts")["posts"]}
        seen = [arrived[d["text"]] - parse(d["due_at"]) for d in done if d["text"] in arrived]
        counts = practice.get("/practice/counts")
        duplicates = counts["n_twice_text"] + counts["n_twice_key"]
        print(f"published {len(late)} of {due}; lateness p50 {percentile(late, 50):.3f} p99 {percentile(late, 99):.3f} max {max(late):.3f} s; "
              f"arrival at the network p50 {percentile(seen, 50):.3f} p99 {percentile(seen, 99):.3f} s; duplicates {duplicates}")
        p99 = max(percentile(late, 99), percentile(seen, 99))
        return f"{p99:.3f}", f"s p99, {duplicates} duplicates, {waiting} waiting", p99 <= 1 and duplicates == 0 and len(late) == due


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
