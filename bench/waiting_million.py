"""1,000,000 posts wait in one SQLite file, 10,000 of them are due within the same minute over all nine networks, whose limits hold: as many on each as its accounts may send (a channel 60
broadcasts an hour, a TikTok account 15 posts a day, a YouTube project 100 uploads …). Lateness is what each delivery recorded: start of the publishing call minus due time."""
import collections
import json
import time

from lib import Client, Scratch, Server, World, make_video, percentile, read_due, seed, stamp, upload

ABOUT, GOAL = "lateness with 1,000,000 waiting, 10,000 due in a minute over nine networks within their limits", "p99 <= 1 s, 0 duplicates"
ACCOUNTS = 16
# Of 10,000: how many go to each network, as what, showing what. Those without a daily limit take most.
SHARES = {
    "bluesky": (3100, {}, None), "mastodon": (1900, {}, None), "facebook": (1700, {}, None), "x": (1400, {}, None), "threads": (1200, {}, None),
    "instagram": (400, {}, "image"), "line": (150, {"format": "broadcast"}, None),
    "youtube": (90, {"format": "short", "title": "一杯の時間", "options": {"made_for_kids": False}}, "video"),
    "tiktok": (60, {"options": {"privacy": "SELF_ONLY"}}, "video"),
}


def plan(client, world, folder, accounts, due, first, span):
    """Schedules what is due, in mixed order; {text: network}."""
    media = {None: [], "image": [upload(client, None)], "video": [upload(client, make_video(folder))]}
    turns = sorted((k / n, network, k) for network, (share, _, _) in SHARES.items() for n in [max(1, share * due // 10_000)] for k in range(n))
    for i, (_, network, k) in enumerate(turns):
        _, variant, needs = SHARES[network]
        post = client.call("POST", client.at + "/posts", {
            "text": f"{network} {k} 番目の投稿です", "variants": [{"account_id": accounts[network][k % ACCOUNTS], "text": None, **variant}],
            "media": [{"media_id": m, "alt": "一杯"} for m in media[needs]]})
        client.call("POST", f"{client.at}/posts/{post['id']}/schedule", {"at": stamp(first + i * span / len(turns), "milliseconds")})
    return len(turns)


def wait_published(client, first, span):
    time.sleep(max(0, first + span - time.time()) + 3)
    end = time.monotonic() + 300
    while True:
        rows = read_due(client, first - 1, first + span + 1)
        if all(d["state"] in ("published", "failed") for d in rows) or time.monotonic() > end:
            return rows
        time.sleep(1)


def run(quick):
    waiting, due, span = (20_000, 500, 10) if quick else (1_000_000, 10_000, 60)
    with Scratch() as folder, Scratch() as net, World(net, "--limits", "--accounts", str(ACCOUNTS)) as world:
        server = Server(folder, *world.server_options, "--allow-private-services", "yes").start()
        client = Client(server.port).set_up()
        accounts = {network: [world.connect(client, network, n) for n in range(ACCOUNTS)] for network in SHARES}
        server.stop()
        unlimited = ",".join(accounts["bluesky"] + accounts["facebook"])
        seconds = seed(folder, client, unlimited, waiting - due, 0, int(time.time()) + 7 * 86400)
        print(f"seeded {waiting - due} posts in {seconds:.0f} s; file {sum(f.stat().st_size for f in folder.glob('hibiki.db*')) / 1e9:.2f} GB")
        with server:
            client.connection = None
            began, first = time.time(), int(time.time()) + (30 if quick else 420)
            n = plan(client, world, folder, accounts, due, first, span)
            print(f"scheduled {n} more over {len(SHARES)} networks in {time.time() - began:.0f} s")
            if time.time() > first - 2:
                raise RuntimeError("scheduling took longer than the time until the posts are due")
            rows = wait_published(client, first, span)
            rss, _ = server.memory()
        twice = sum(world.ask(network, "/practice/counts").get("n_twice_text", 0) for network in world.networks)
    late = [d["lateness_ms"] / 1000 for d in rows if d["state"] == "published"]
    p99 = percentile(late, 99)
    print(f"states {json.dumps(collections.Counter(d['network'] + ' ' + d['state'] for d in rows))}")
    for network in SHARES:
        of = [d["lateness_ms"] / 1000 for d in rows if d["state"] == "published" and d["network"] == network] or [0]
        print(f"  {network}: p50 {percentile(of, 50):.3f} p99 {percentile(of, 99):.3f} max {max(of):.3f} s late")
    for row in [d for d in rows if d["state"] != "published"][:10]:
        print(f"{row['network']} {row['state']}: {row.get('error')}")
    print(f"{len(late)} of {n} published; lateness p50 {percentile(late, 50):.3f} p99 {p99:.3f} max {max(late):.3f} s; duplicates {twice}; RSS {rss / 1e6:.0f} MB")
    return f"{p99:.3f}", f"s p99, {twice} duplicates, {waiting} waiting, {n} due in {span} s over {len(SHARES)} networks within their limits", p99 <= 1 and not twice and len(late) == n
