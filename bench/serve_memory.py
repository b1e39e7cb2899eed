"""Memory of `hibiki serve` over a year: fifty accounts on the nine practice networks, a post every third day on each, what people say and the numbers read all the while, a browser that reads and listens.

The year is played (bench/serve_year.c): one clock for the server and for the practice networks, which are a process of their own, moves from one due job to the next. Server, scheduler, threads,
connections and database are those of `serve`; only the waiting is left out."""
import collections
import json
import socket
import subprocess
import threading
import time

from lib import BUILD, Client, Scratch, World, free_port, read_deliveries, resident, stamp, upload
from network_kill import POSTS as ALL_POSTS, make_video

ABOUT, GOAL = "memory with 50 accounts and traffic over a simulated year", "<= 120 MB RSS, flat"
DAY, MONTH = 86400, 365 / 12
STRIDE = 43200  # how late reading may be, s: all of it at its time, every two minutes for a year, would take a day
EVERY = 3  # days between two posts of an account
HOURS = (2, 6, 10, 14)  # of the day posts go out at, a quarter of the accounts each
POSTS = {**ALL_POSTS, "line": [({"format": "broadcast"}, None)]}  # the practice audience is too small for a narrowcast
FLAT = 1e6     # bytes by which the second half may grow at most
READS = ("/today", "/deliveries?limit=50", "/talk", "/overview", "/posts?limit=50", "/accounts", "/networks")


class Year(World):
    """The server and the practice networks under one played clock."""

    def __init__(self, folder, port, first):
        self.now, self.process = first, subprocess.Popen([BUILD / "bench/serve_year", folder, str(port), str(first), str(STRIDE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                         stderr=open(folder / "server.log", "ab"), text=True)
        about = json.loads(self.process.stdout.readline())
        self.world_pid, self.networks = about["world_pid"], {n["network"]: n for n in about["world"]["networks"]}
        self.tell(",".join(f"{name}={n['url']}" for name, n in self.networks.items()))

    def tell(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        if not self.process.stdout.readline():
            raise RuntimeError("the server ended")

    def live(self, until):
        self.tell(int(until))
        self.now = until

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)


class Person(Client):
    """Signs in again when the session has ended: after a fortnight unused, and after ninety days anyway."""
    n_signed_in = 0

    def call(self, method, path, *args, **more):
        try:
            return super().call(method, path, *args, **more)
        except RuntimeError as refused:
            if "refused: 401" not in str(refused) or path == "/api/v1/session":
                raise
        at, self.cookie, self.csrf = self.at, None, None
        self.sign_in()
        self.at, self.n_signed_in = at, self.n_signed_in + 1
        return super().call(method, path, *args, **more)


def listen(client, at, heard):
    """A page that is open: its events are read and counted until the server ends or closes the stream."""
    def run():
        with socket.create_connection(("127.0.0.1", client.port)) as s:
            s.sendall(f"GET {at}/events HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nCookie: {client.cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
            while part := s.recv(65536):
                heard["events"] += part.count(b"\ndata:")
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


class Shop:
    """A workspace: its accounts, and the media its posts show."""

    def __init__(self, year, client, folder, wanted):
        self.client, self.at, self.page, self.accounts = client, client.at, None, []
        self.media = {None: None, "image": upload(client, None), "video": upload(client, make_video(folder))}
        most = max(len(place["accounts"]) for place in year.networks.values())
        for network, n in [(network, n) for n in range(most) for network in year.networks][:wanted]:
            self.accounts.append((year.connect(client, network, n), network))

    def post(self, account, network, day, n, at, told):
        kinds = POSTS[network]
        variant, needs = kinds[day % len(kinds)]
        post = self.client.call("POST", self.at + "/posts", {"text": f"{day + 1} 杯目の一杯 {n}", "variants": [{"account_id": account, "text": None, **variant}],
                                                             "media": [{"media_id": self.media[needs], "alt": "一杯"}] if needs else []})
        try:
            self.client.call("POST", f"{self.at}/posts/{post['id']}/schedule", {"at": stamp(at)})
            told[network, "scheduled"] += 1
        except RuntimeError as refused:
            reason = json.loads(str(refused).split(" ", 2)[2]).get("reason", "?")
            told[network, reason] += 1

    def read(self, heard):
        """What a person looks at, and the stream their page listens to, opened anew when it was closed."""
        for path in READS:
            self.client.call("GET", self.at + path)
        if not self.page or not self.page.is_alive():
            heard["pages"] += 1
            self.page = listen(self.client, self.at, heard)


def live_day(year, shop, day, told, heard):
    begin = year.now
    for n, (account, network) in enumerate(shop.accounts):
        if (day + n) % EVERY == 0:
            shop.post(account, network, day // EVERY, n, begin + HOURS[n % len(HOURS)] * 3600 + n, told)
    for half in (begin + DAY / 2, begin + DAY):
        shop.read(heard)
        year.live(half)


def states(client):
    """What became of everything that was scheduled: how many of each state, and what is said of those that are not published."""
    out, told = collections.Counter(), collections.Counter()
    for row in read_deliveries(client):
        out[row["state"]] += 1
        if row["state"] not in ("published", "waiting"):
            told[row["network"], row["state"], json.dumps(row.get("error"), ensure_ascii=False)] += 1
    return out, told


def slope(values):
    """Of the straight line through them, a step."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    return sum((i - middle) * (v - mean) for i, v in enumerate(values)) / max(1, sum((i - middle) ** 2 for i in range(len(values))))


def run(quick):
    days, wanted = (8, 18) if quick else (365, 50)
    told, heard, seen, began, port = collections.Counter(), collections.Counter(), [], time.monotonic(), free_port()
    with Scratch(in_memory=True) as folder, Year(folder, port, int(time.time())) as year:
        client = Person(port).set_up()
        shop = Shop(year, client, folder, wanted)
        for day in range(days):
            live_day(year, shop, day, told, heard)
            seen.append(resident(year.process.pid))
            if quick or (day + 1) % MONTH < 1:
                print(f"day {day + 1}: {seen[-1] / 1e6:.1f} MB, highest {resident(year.process.pid, True) / 1e6:.1f}; the practice networks {resident(year.world_pid) / 1e6:.0f} MB, "
                      f"database {sum(f.stat().st_size for f in folder.glob('hibiki.db*')) / 1e6:.0f} MB, {time.monotonic() - began:.0f} s", flush=True)
        ended, said = states(client)
        highest = resident(year.process.pid, True)
        problems = collections.Counter(json.loads(line).get("event", "?") for line in (folder / "server.log").read_text().splitlines() if line.startswith("{"))
    half = seen[days // 2:]
    growth = slope(half) * len(half)
    print(f"{wanted} accounts, {days} days: {json.dumps(ended)}; {heard['events']} events heard on {heard['pages']} open pages, signed in {client.n_signed_in} times")
    for what, n in sorted(told.items()):
        print(f"  {' '.join(what)}: {n}")
    for what, n in sorted(said.items()):
        print(f"  {' '.join(what)}: {n}")
    print(f"the log's warnings: {json.dumps(problems)}")
    return f"{highest / 1e6:.0f}", f"MB RSS at most, {wanted} accounts, {growth / 1e6:+.1f} MB over the second half of {days} days", highest <= 120e6 and (quick or growth <= FLAT)
