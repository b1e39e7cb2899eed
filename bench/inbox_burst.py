"""A storm over the inbox: 5,000 messages a second for 60 s come in by LINE's signed webhooks, ten to a call as LINE gathers them, at the pace of a clock and not of the answers: a hundredth more than the goal, since the time measured ends with the last answer.
Each call answered with 200 is acknowledged; at the end every acknowledged message must stand in the inbox once, in its thread, read. The limits: none lost, none twice, and no more than
200 MB resident at the highest. How long the last waited to be stored is shown beside it. `fill` is what inbox_open.py puts its million messages in with."""
import base64
import hashlib
import hmac
import json
import random
import re
import select
import socket
import sqlite3
import threading
import time
import urllib.parse

from lib import ROOT, Client, Scratch, Server, World, percentile, resident

ABOUT = "messages a second by webhooks, stored, threaded and read, none lost"
GOAL = ">= 5,000 a second for 60 s, 0 lost, <= 200 MB"
RATE, OFFERED, SECONDS, A_CALL, SENDERS, PEOPLE = 5000, 5050, 60, 10, 32, 20000
MOST_MB = 200


def texts():
    found = []
    for path in sorted((ROOT / "training").glob("**/*.tsv")):
        found += [line.split("\t")[-1] for line in path.read_text().splitlines() if "\t" in line and len(line.split("\t")[-1]) > 4]
    return found or [line.split("\t")[-1] for line in (ROOT / "tests/data/harmless_posts.tsv").read_text().splitlines() if "\t" in line]


class Storm:
    """Calls made before the clock starts, so that making them costs the run nothing."""

    def __init__(self, channel, path, port, seed=1):
        self.secret, self.path, self.port, self.dice, self.words = channel["password"], path, port, random.Random(seed), texts()
        self.destination = "U" + hashlib.sha256(self.secret.encode()).hexdigest()[:32]
        self.n_made = seed * 100_000_000

    def call(self):
        now = int(time.time() * 1000)
        events = []
        for _ in range(A_CALL):
            self.n_made += 1
            user = f"U{self.dice.randrange(PEOPLE):032x}"
            events.append({"type": "message", "message": {"type": "text", "id": str(self.n_made), "quoteToken": "q", "text": self.dice.choice(self.words)}, "timestamp": now,
                           "source": {"type": "user", "userId": user}, "mode": "active", "webhookEventId": f"01{self.n_made:024d}", "deliveryContext": {"isRedelivery": False}})
        body = json.dumps({"destination": self.destination, "events": events}, ensure_ascii=False).encode()
        signature = base64.b64encode(hmac.new(self.secret.encode(), body, hashlib.sha256).digest()).decode()
        return body, {"Content-Type": "application/json", "x-line-signature": signature}

    def wire(self, call):
        body, heads = call
        lines = [f"POST {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *(f"{name}: {value}" for name, value in heads.items()), f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(lines).encode() + body

    def pour(self, calls, per_second):
        """Sends them at their times over kept connections, whether earlier ones are answered or not; (acknowledged calls, seconds from a call's time to its answer, seconds in all).
        `per_second` None: each connection sends as soon as it is answered."""
        calls = [self.wire(call) for call in calls]
        done, times, began = [0] * SENDERS, [], time.monotonic() + 0.2

        def send(k):
            with socket.create_connection(("127.0.0.1", self.port), 120) as wire:
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                due, rest, answered = [], b"", 0

                def hear():
                    nonlocal rest, answered
                    got = wire.recv(65536)
                    if not got:
                        raise ConnectionError("the server hung up")
                    rest += got
                    while (end := rest.find(b"\r\n\r\n")) >= 0:
                        length = re.search(rb"(?i)content-length: (\d+)", rest[:end])
                        if len(rest) < end + 4 + int(length[1]):
                            break
                        done[k] += rest.startswith(b"HTTP/1.1 200")
                        rest = rest[end + 4 + int(length[1]):]
                        times.append(time.monotonic() - due[answered])
                        answered += 1

                for i in range(k, len(calls), SENDERS):
                    at = began + i / per_second if per_second else time.monotonic()
                    while per_second and (wait := at - time.monotonic()) > 0:
                        if answered == len(due):
                            time.sleep(wait)
                        elif select.select([wire], [], [], wait)[0]:
                            hear()
                    due.append(at)
                    wire.sendall(calls[i])
                    while not per_second and answered < len(due):
                        hear()
                while answered < len(due):
                    hear()

        threads = [threading.Thread(target=send, args=(k,)) for k in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(done), times, time.monotonic() - began


def connect_line(client, world):
    account = world.connect(client, "line")
    hook = client.call("GET", f"{client.at}/accounts/{account}/health")["hook"]
    return urllib.parse.urlsplit(hook["url"] if isinstance(hook, dict) else hook).path, world.networks["line"]["accounts"][0]


def counted(folder):
    """What stands in the store, read beside the server: (messages, of different ids, without thread or reading, threads)."""
    with sqlite3.connect(f"file:{next(folder.glob('*.db'))}?mode=ro", uri=True) as db:
        n, distinct, bare = db.execute("select count(*), count(distinct remote_id), coalesce(sum(thread_id is null or intent is null), 0) from engage_talk").fetchone()
        return n, distinct, bare, db.execute("select count(*), coalesce(sum(n_talk), 0) from engage_thread").fetchone()


def followed(folder, seconds=600):
    """Seconds until all of it is found by words and stands with its contact too, which is done after storing."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with sqlite3.connect(f"file:{next(folder.glob('*.db'))}?mode=ro", uri=True) as db:
            if not any(db.execute("select (select count(*) from engage_talk) - (select count(*) from store_search_doc where kind = 'talk'),"
                                  " (select count(*) from engage_talk) - (select count(*) from contacts_touch where kind in (0, 1, 2))").fetchone()):
                return time.monotonic() - began
        time.sleep(0.5)
    return None


def settle(folder, n, seconds=600):
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        found = counted(folder)
        if found[0] >= n:
            return found, time.monotonic() - began
        time.sleep(0.2)
    return counted(folder), time.monotonic() - began


def run(quick):
    seconds = 10 if quick else SECONDS
    with Scratch() as folder, World(folder) as world, Server(folder, *world.server_options) as server:
        client = Client(server.port).set_up()
        path, channel = connect_line(client, world)
        storm = Storm(channel, path, server.port)
        calls = [storm.call() for _ in range(OFFERED * seconds // A_CALL + A_CALL)]  # longer than that by a moment
        acknowledged, times, took = storm.pour(calls, OFFERED / A_CALL)
        n = acknowledged * A_CALL
        (stored, distinct, bare, (n_threads, n_counted)), late = settle(folder, n)
        rest = followed(folder)
        highest = resident(server.process.pid, highest=True) / 1e6
    rate = n / took
    print(f"{len(calls) * A_CALL:,} messages in {len(calls):,} signed calls over {took:.1f} s; {n:,} acknowledged, {rate:,.0f} a second (the limit: {RATE:,})")
    print(f"answers: median {percentile(times, 50) * 1e3:.1f} ms, p99 {percentile(times, 99) * 1e3:.1f} ms")
    print(f"stored {stored:,} ({stored - distinct} twice, {max(0, n - stored):,} lost, {bare} without thread or reading) in {n_threads:,} threads that hold {n_counted:,}; the last {late:.1f} s after the last call")
    print(f"all of it found by words and with its contact {'not within ten minutes' if rest is None else f'{rest:.1f} s later'}")
    print(f"highest resident set {highest:.0f} MB (the limit: {MOST_MB} MB)")
    is_met = rate >= RATE and took >= seconds and stored == distinct == n == n_counted and not bare and highest <= MOST_MB and n == len(calls) * A_CALL
    return f"{rate:,.0f} a second, {max(0, n - stored)} lost, {highest:.0f} MB", "", is_met
