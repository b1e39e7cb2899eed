"""SIGKILL at random moments while posts go out. At the end every due post must be on the practice network exactly once; the network itself counts.

The network takes a post at once and answers late, so that most kills fall between a post's effect and the answer; now and then it cuts the connection after the effect instead.
What each kill caught is read from a copy of the dead server's database, so that the run shows it hit what it aims at."""
import datetime
import json
import random
import shutil
import sqlite3
import time

from lib import Client, Practice, Scratch, Server, connect, with_practice

ABOUT, GOAL = "random SIGKILLs during publishing: duplicates + lost", "0 of 200 kills"
PER_ROUND = 8
SLOW = {"fault": "delay", "method": "com.atproto.repo.putRecord", "times": -1, "ms": 120, "share": 0.8}
CUT = {"fault": "cut_after", "method": "com.atproto.repo.putRecord", "times": 3}


def instant(seconds_ahead):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_ahead)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def schedule(client, account, text, ahead):
    post = client.call("POST", client.at + "/posts", {"text": text, "variants": [{"account_id": account, "text": None}]})
    client.call("POST", f"{client.at}/posts/{post['id']}/schedule", {"at": instant(ahead)})


def caught(folder):
    """Deliveries under way, and those of them whose publishing call may have been made, in the files a killed server left."""
    with Scratch() as copy:
        for name in ("hibiki.db", "hibiki.db-wal"):
            if (folder / name).exists():
                shutil.copy(folder / name, copy / name)
        db = sqlite3.connect(copy / "hibiki.db")
        try:
            rows = db.execute("select id, is_dispatched from publish_delivery where state = 1").fetchall()
            return {row[0] for row in rows}, {row[0] for row in rows if row[1]}
        finally:
            db.close()


def deliveries(client):
    rows, cursor = [], None
    while True:
        page = client.call("GET", f"{client.at}/deliveries?limit=500" + (f"&cursor={cursor}" if cursor else ""))
        rows += page["deliveries"]
        cursor = page.get("next_cursor")
        if not cursor:
            return rows


def wait_settled(client, seconds):
    """Until no delivery is open; returns the list of all."""
    end = time.monotonic() + seconds
    while True:
        rows = deliveries(client)
        if not any(r["state"] in ("waiting", "sending", "unknown") for r in rows) or time.monotonic() > end:
            return rows
        time.sleep(0.3)


def kill_rounds(server, client, practice, account, folder, kills, chance):
    """Schedules, kills and starts again; returns the texts and how many kills caught something under way, and in the call itself."""
    texts, seen, n_under_way, n_dispatched = [], set(), 0, 0
    for n in range(kills):
        practice.post("/practice/fault", CUT if n % 5 == 4 else SLOW)
        for i in range(PER_ROUND):
            texts.append(f"計測の投稿 {n}-{i}")
            schedule(client, account, texts[-1], chance.uniform(0.1, 0.7))
        time.sleep(chance.uniform(0, 0.8))
        server.kill()
        under_way, dispatched = caught(folder)
        n_under_way, n_dispatched = n_under_way + bool(under_way - seen), n_dispatched + bool(dispatched - seen)
        seen |= under_way # one that an earlier kill caught and that is not cleared up yet counts once
        server.start()
        client.connection = None
    return texts, n_under_way, n_dispatched


def run(quick):
    kills, chance = 25 if quick else 200, random.Random(8470)
    with Scratch() as folder, Scratch() as network, Practice(network) as practice:
        server = Server(folder, *with_practice(practice))
        with server:
            client = Client(server.port).set_up()
            account = connect(client, practice)
            texts, n_under_way, n_dispatched = kill_rounds(server, client, practice, account, folder, kills, chance)
            practice.post("/practice/fault", {"fault": "none"})
            rows = wait_settled(client, 20 if quick else 180)
        counts, live = practice.get("/practice/counts"), practice.get("/practice/posts")["posts"]
    states = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
    out = [p["text"] for p in live]
    duplicates = len(out) - len(set(out)) + counts["n_twice_key"]
    lost = len(set(texts) - set(out))
    published = {r["text"] for r in rows if r["state"] == "published"}
    silent = len(published ^ set(out))
    print(f"{kills} kills: {n_under_way} caught a delivery under way, {n_dispatched} one whose publishing call may have been made; {counts['n_faults']} answers late or cut")
    print(f"{len(texts)} posts; states {json.dumps(states)}; on the network {len(out)}; duplicates {duplicates}, lost {lost}, recorded otherwise than on the network {silent}; "
          f"writes accepted {counts['n_puts']}, of them repeats without effect {counts['n_unchanged']}")
    return f"{duplicates + lost}", f"duplicates + lost ({kills} kills, {len(texts)} posts)", duplicates + lost + silent == 0
