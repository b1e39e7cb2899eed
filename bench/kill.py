"""SIGKILL at random moments while posts go out. At the end every due post must be on the practice network exactly once; the network itself counts.

The network answers with a delay, so that many kills fall between a request and its answer; a fifth of its answers are cut after the post was accepted."""
import datetime
import json
import random
import time

from lib import Client, Practice, Scratch, Server, with_practice

ABOUT, GOAL = "random SIGKILLs during publishing: duplicates + lost", "0 of 200 kills"
PER_ROUND = 8


def instant(seconds_ahead):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_ahead)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def schedule(client, account, text, ahead):
    post = client.call("POST", client.at + "/posts", {"text": text, "variants": [{"account_id": account, "text": None}]})
    client.call("POST", f"{client.at}/posts/{post['id']}/schedule", {"at": instant(ahead)})


def wait_settled(client, seconds):
    """Until no delivery is open; returns the list of all."""
    end = time.monotonic() + seconds
    while True:
        rows, cursor = [], None
        while True:
            page = client.call("GET", f"{client.at}/deliveries?limit=500" + (f"&cursor={cursor}" if cursor else ""))
            rows += page["deliveries"]
            cursor = page.get("next_cursor")
            if not cursor:
                break
        open_rows = [r for r in rows if r["state"] in ("waiting", "sending", "unknown")]
        if not open_rows or time.monotonic() > end:
            return rows
        time.sleep(0.3)


def run(quick):
    kills, chance = 25 if quick else 200, random.Random(8470)
    with Scratch() as folder, Scratch() as network, Practice(network) as practice:
        server = Server(folder, *with_practice(folder, practice)).start()
        client = Client(server.port).set_up()
        who = practice.accounts[0]
        account = client.call("POST", client.at + "/accounts", {"network": "bluesky", "handle": who["handle"], "password": who["password"]})["id"]
        practice.post("/practice/fault", {"fault": "delay", "times": -1, "ms": 40, "share": 0.8})
        texts = []
        for n in range(kills):
            for i in range(PER_ROUND):
                texts.append(f"計測の投稿 {n}-{i}")
                schedule(client, account, texts[-1], chance.uniform(0.1, 0.8))
            if n % 5 == 4:
                practice.post("/practice/fault", {"fault": "cut_after", "method": "com.atproto.repo.putRecord", "times": 2})
            elif n % 5 == 0:
                practice.post("/practice/fault", {"fault": "delay", "times": -1, "ms": 40, "share": 0.8})
            time.sleep(chance.uniform(0, 0.9))
            server.kill()
            server.start()
            client.connection = None
        practice.post("/practice/fault", {"fault": "none"})
        rows = wait_settled(client, 60 if quick else 180)
        server.stop()
        counts, live = practice.get("/practice/counts"), practice.get("/practice/posts")["posts"]
        states = {}
        for row in rows:
            states[row["state"]] = states.get(row["state"], 0) + 1
        out = [p["text"] for p in live]
        duplicates = len(out) - len(set(out)) + counts["n_twice_key"]
        lost = len(set(texts) - set(out))
        silent = sum(1 for r in rows if r["state"] == "published") - len(set(out) & set(texts))
        print(f"{kills} kills, {len(texts)} posts; states {json.dumps(states)}; on the network {len(out)}; duplicates {duplicates}, lost {lost}, "
              f"recorded otherwise than on the network {abs(silent)}; writes accepted {counts['n_puts']}, of them repeats without effect {counts['n_unchanged']}")
        return f"{duplicates + lost}", f"duplicates + lost ({kills} kills, {len(texts)} posts)", duplicates + lost == 0 and silent == 0
