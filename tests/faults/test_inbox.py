"""Killed while messages pour in: what a webhook was answered with 200 for stands in the inbox once, in a thread, read; what it was not answered for may be sent again and is there once."""
import os
import pathlib
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("HIBIKI_BENCH_BINARY", os.environ.get("HIBIKI_BINARY", str(ROOT / "build/src/app/hibiki")))
sys.path.insert(0, str(ROOT / "bench"))
from inbox_burst import A_CALL, Storm, connect_line, counted, settle  # noqa: E402
from lib import Client, Scratch, Server, World  # noqa: E402


def send(storm, calls, acknowledged, stop):
    """One after the other; those that were answered with 200."""
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", storm.port, timeout=10)
    for i, (body, heads) in enumerate(calls):
        if stop.is_set():
            return
        try:
            connection.request("POST", storm.path, body, heads)
            reply = connection.getresponse()
            reply.read()
            if reply.status == 200:
                acknowledged.add(i)
        except (OSError, http.client.HTTPException):
            connection.close()
            time.sleep(0.02)


def test_killed_in_a_burst_nothing_acknowledged_is_lost_and_nothing_stands_twice():
    with Scratch() as folder, World(folder) as world, Server(folder, *world.server_options) as server:
        client = Client(server.port).set_up()
        path, channel = connect_line(client, world)
        storm = Storm(channel, path, server.port)
        for round_ in range(3):
            calls, acknowledged, stop = [storm.call() for _ in range(400)], set(), threading.Event()
            before = counted(folder)[0]
            sender = threading.Thread(target=send, args=(storm, calls, acknowledged, stop))
            sender.start()
            patience = time.monotonic() + 30
            while not acknowledged and time.monotonic() < patience:
                time.sleep(0.002)
            time.sleep(0.05 * round_)
            server.kill()
            stop.set()
            sender.join()
            assert 0 < len(acknowledged) < len(calls), "the kill came too early or too late to prove anything"
            server.start()
            n = before + len(acknowledged) * A_CALL
            (stored, distinct, bare, _), _ = settle(folder, n, 60)
            assert stored >= n and stored == distinct and bare == 0
            # The network repeats what it had no answer for, and some that it had: each is there once.
            storm.pour(calls, None)
            (stored, distinct, bare, (_, n_counted)), _ = settle(folder, before + len(calls) * A_CALL, 120)
            assert stored == distinct == n_counted == before + len(calls) * A_CALL and bare == 0
