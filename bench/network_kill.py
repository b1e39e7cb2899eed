"""SIGKILL while posts go out to every network at once, each through all of its own steps (uploads, containers, status, publishing, threads and first comments). The practice networks
live in a process of their own and count; at the end every post is there exactly once, or the delivery says why not.

Answers come late and are cut now and then, so that kills fall into every step. What a kill caught is read from the dead server's own file: the network, and the step it stood at."""
import collections
import json
import random
import shutil
import sqlite3
import time

from lib import Client, Scratch, Server, World, instant, make_video, read_deliveries, upload

ABOUT, GOAL = "SIGKILL at every step of every network: duplicates + lost + silent", "0 of 1,000 runs caught, >= 99.9 % of unknowns settled"
LATE = {"fault": "delay", "at": None, "times": -1, "ms": 90, "share": 0.7}
CUT = {"fault": "cut_after", "at": None, "times": 6, "share": 0.5}

# What is sent on each network: [(variant, needs)], the text comes with it. needs: the media it shows.
POSTS = {
    "bluesky": [({}, None), ({"first_comment": "くわしくは店頭で"}, None)],
    "mastodon": [({}, None), ({}, "image"), ({"thread": [{"text": "続きです"}]}, None)],
    "x": [({}, None), ({}, "image"), ({"thread": [{"text": "続きです"}]}, None)],
    "threads": [({}, None), ({}, "image")],
    "facebook": [({}, None), ({}, "image")],
    "instagram": [({}, "image"), ({"format": "reel"}, "video")],
    "youtube": [({"format": "short", "title": "一杯の時間", "options": {"made_for_kids": False}}, "video")],
    "tiktok": [({"options": {"privacy": "SELF_ONLY"}}, "video")],
    "line": [({"format": "broadcast"}, None), ({"format": "narrowcast", "options": {"audiences": ["4000001"]}}, None)],
}

AUDIENCE, SMALLEST = 0.3, 50  # of the friends, whom the narrowcast is for; LINE sends to no fewer
AN_HOUR = {"line": 55}  # posts of one kind that an account may send: LINE takes 60 casts an hour


def prepare(client, world, folder):
    """Accounts on every network that is played, and the media the posts show: [(network, account, variant, media)]."""
    media = {None: [], "image": [upload(client, None)], "video": [upload(client, make_video(folder))]}
    kinds = []
    for network, place in world.networks.items():
        accounts = [world.connect(client, network, n) for n in range(len(place["accounts"]))]
        followers = [a["followers"] for a in world.ask(network, "/practice/accounts")["accounts"]] if network == "line" else []
        large = [a for a, n in zip(accounts, followers) if n * AUDIENCE >= SMALLEST * 1.2]
        for variant, needs in POSTS.get(network, []):
            senders = large if variant.get("format") == "narrowcast" else accounts
            kinds.append((network, senders, {"text": None, **variant}, [{"media_id": m, "alt": "一杯"} for m in media[needs]]))
    return kinds


def schedule(client, kind, text, ahead, turn, sent):
    """False: the account's hour, day or month is used up there (some networks take 15 posts a day); nothing was scheduled."""
    network, accounts, variant, media = kind
    for k in range(len(accounts)):
        account = accounts[(turn + k) % len(accounts)]
        by = (account, variant.get("format"))
        if sent[by] >= AN_HOUR.get(network, 1 << 30):
            continue
        post = client.call("POST", client.at + "/posts", {"text": text, "variants": [{"account_id": account, **variant}], "media": media})
        try:
            client.call("POST", f"{client.at}/posts/{post['id']}/schedule", {"at": instant(ahead)})
            sent[by] += 1
            return True
        except RuntimeError as refused:
            if "publish.quota_short" not in str(refused):
                raise
    return False


def caught(folder):
    """{delivery: (network, step)} of those under way in the files a killed server left."""
    with Scratch() as copy:
        for name in ("hibiki.db", "hibiki.db-wal"):
            if (folder / name).exists():
                shutil.copy(folder / name, copy / name)
        db = sqlite3.connect(copy / "hibiki.db")
        try:
            rows = db.execute("select d.id, d.network, d.is_dispatched, (select count(*) from publish_step s where s.workspace_id = d.workspace_id and s.delivery_id = d.id) "
                              "from publish_delivery d where d.state = 1").fetchall()
            return {row[0]: (row[1], f"{row[3]}{'!' if row[2] else ''}") for row in rows}
        finally:
            db.close()


def kill_rounds(server, client, world, kinds, folder, wanted, chance):
    """Schedules, kills and starts again until enough runs were caught under way."""
    texts, seen, steps, sent, n_kills = {}, set(), collections.Counter(), collections.Counter(), 0
    while len(seen) < wanted and n_kills < wanted:
        for network in world.networks:
            world.ask(network, "/practice/fault", {"fault": "none"})
            if network != "bluesky" or n_kills % 4:
                world.ask(network, "/practice/fault", {k: v for k, v in (CUT if n_kills % 4 == 3 else LATE).items() if v is not None})
        for i, kind in enumerate(kinds):
            text = f"{kind[0]} {n_kills}-{i}"
            if schedule(client, kind, text, chance.uniform(0.05, 0.3), n_kills, sent):
                texts[text] = kind[0]
        time.sleep(chance.uniform(0.1, 0.9))
        server.kill()
        n_kills += 1
        now = caught(folder)
        for delivery, where in now.items():
            if (delivery, where) not in seen:
                steps[where] += 1
                seen.add((delivery, where))
        server.start()
        client.connection = None
    return texts, steps, n_kills, len(seen)


def settle(client, seconds):
    end = time.monotonic() + seconds
    while True:
        rows = read_deliveries(client)
        if not any(r["state"] in ("waiting", "sending", "unknown") for r in rows) or time.monotonic() > end:
            return rows
        time.sleep(1)


def live_texts(world):
    """text → how often it is live, over all networks."""
    there = collections.Counter()
    for network in world.networks:
        for post in world.ask(network, "/practice/posts")["posts"]:
            there[post["text"]] += 1
    return there


def run(quick):
    wanted, chance = 60 if quick else 1000, random.Random(8470)
    with Scratch() as folder, Scratch() as net, World(net) as world:
        server = Server(folder, *world.server_options, "--allow-private-services", "yes")
        with server:
            client = Client(server.port).set_up()
            kinds = prepare(client, world, folder)
            texts, steps, n_kills, n_caught = kill_rounds(server, client, world, kinds, folder, wanted, chance)
            for network in world.networks:
                world.ask(network, "/practice/fault", {"fault": "none"})
            rows = settle(client, 300 if quick else 1200)  # a lease, a settling time, several readings
        there = live_texts(world)
    first = [r for r in rows if r["part"] == 0 and r["text"] in texts]
    states = collections.Counter(r["state"] for r in first)
    for row in first:
        if row["state"] in ("unknown", "failed", "waiting", "sending"):
            print(f"{row['network']} {row['state']}: {row['text']}, {row.get('error')}, next {row.get('next_at')} {row['next_action']}")
    duplicates = sum(n - 1 for text, n in there.items() if text in texts and n > 1)
    published = {r["text"] for r in first if r["state"] == "published"}
    told = {r["text"] for r in first if r["state"] == "unknown" or (r["state"] == "failed" and r.get("error"))}
    lost = sum(1 for text in texts if text not in there and text not in told)
    silent = len(({t for t in there if t in texts} ^ published) - {r["text"] for r in first if r["state"] == "unknown"})
    unknown = states["unknown"]
    was_unknown = max(1, sum(1 for r in first if r["attempts"] > 1) + unknown)
    by_network = collections.Counter(network for (network, _), n in steps.items() for _ in range(n))
    print(f"{n_kills} kills caught {n_caught} runs under way, at {len(steps)} different steps of {len(by_network)} networks: {json.dumps(by_network)}")
    print(f"{len(texts)} posts; states {json.dumps(states)}; duplicates {duplicates}, lost {lost}, silent {silent}; still unknown {unknown} ({100 * (1 - unknown / was_unknown):.2f} % settled)")
    bad = duplicates + lost + silent
    return f"{bad}", f"duplicates + lost + silent ({n_caught} runs caught, {len(texts)} posts)", bad == 0 and unknown <= was_unknown / 1000 and (quick or n_caught >= 1000)
