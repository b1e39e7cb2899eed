"""Memory of `hibiki serve` with 50 accounts on the practice networks and traffic: posts going out, numbers and comments read. The highest resident set, and how much it still grows over the
second half of the run. (A year cannot be lived through here: the server has the machine's clock; growth an hour is what tells.)"""
import time

from lib import Client, Scratch, Server, World, instant

ABOUT, GOAL = "memory with 50 accounts and traffic", "<= 120 MB RSS, flat"


def fill_accounts(client, world, wanted):
    """Workspaces until there are enough accounts: each with every practice account of every network."""
    accounts, home = [], client.at
    while len(accounts) < wanted:
        made = client.call("POST", "/api/v1/workspaces", {"name": f"店 {len(accounts)}", "zone": "Asia/Tokyo"})
        client.at = f"/api/v1/workspaces/{made['id']}"
        for network, place in world.networks.items():
            for n in range(len(place["accounts"])):
                if len(accounts) < wanted:
                    accounts.append((client.at, network, world.connect(client, network, n)))
    client.at = home
    return accounts


def run(quick):
    minutes, wanted = (1, 12) if quick else (6, 50)
    with Scratch() as folder, Scratch() as net, World(net) as world, Server(folder, *world.server_options) as server:
        client = Client(server.port).set_up()
        accounts = [a for a in fill_accounts(client, world, wanted)]
        plain = [a for a in accounts if a[1] in ("bluesky", "mastodon", "x", "threads", "facebook")]
        seen, began, n = [], time.monotonic(), 0
        while time.monotonic() - began < minutes * 60:
            at, _, account = plain[n % len(plain)]
            post = client.call("POST", at + "/posts", {"text": f"計測の投稿 {n}", "variants": [{"account_id": account, "text": None}]})
            client.call("POST", f"{at}/posts/{post['id']}/schedule", {"at": instant(1)})
            for path in ("/today", "/deliveries?limit=50", "/talk"):
                client.call("GET", at + path)
            seen.append((time.monotonic() - began, server.memory()[0]))
            n += 1
            time.sleep(0.5)
    highest = max(rss for _, rss in seen)
    half = [rss for at, rss in seen if at > minutes * 30]
    quarter = max(1, len(half) // 4)
    growth = sum(half[-quarter:]) / quarter - sum(half[:quarter]) / quarter
    an_hour = growth / (minutes * 60 * 0.375) * 3600
    print(f"{len(accounts)} accounts, {n} posts in {minutes} min; highest RSS {highest / 1e6:.0f} MB; growth over the second half {growth / 1e6:.1f} MB ({an_hour / 1e6:.0f} MB an hour)")
    return f"{highest / 1e6:.0f}", f"MB RSS at most, {len(accounts)} accounts, {an_hour / 1e6:.0f} MB growth an hour", highest <= 120e6 and an_hour <= 10e6
