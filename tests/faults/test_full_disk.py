"""A disk that is full while messages come in by webhooks: each call is answered with 503, so that its network repeats it, or is kept; nothing is half there, and once there is room all of it stands in the inbox once."""
import http.client
import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("HIBIKI_BENCH_BINARY", os.environ.get("HIBIKI_BINARY", str(ROOT / "build/src/app/hibiki")))
sys.path.insert(0, str(ROOT / "bench"))
from inbox_burst import A_CALL, Storm, connect_line, counted, settle  # noqa: E402
from lib import Client, Scratch, Server, World  # noqa: E402


def said(storm, call):
    """What the webhook answered: status and reason."""
    connection = http.client.HTTPConnection("127.0.0.1", storm.port, timeout=30)
    connection.request("POST", storm.path, *call)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, json.loads(body)["reason"] if reply.status != 200 else None


def fill_up(path):
    """Takes what room there is, to the last byte."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass


def test_on_a_full_disk_a_webhook_is_asked_to_come_again_and_is_there_once_there_is_room():
    with Scratch() as outer, Scratch() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(folder)], capture_output=True).returncode:
            pytest.skip("no file system may be mounted here")
        try:
            with World(outer) as world, Server(folder, *world.server_options) as server:
                client = Client(server.port).set_up()
                path, channel = connect_line(client, world)
                storm = Storm(channel, path, server.port)
                first = storm.call()
                assert said(storm, first) == (200, None)
                settle(folder, A_CALL, 30)
                filler = pathlib.Path(folder) / "filler"
                fill_up(filler)
                calls = [storm.call() for _ in range(40)]
                answers = [said(storm, call) for call in calls]
                refused = [call for call, answer in zip(calls, answers) if answer[0] != 200]
                assert refused and {a for a in answers if a[0] != 200} == {(503, "store.disk_full")}, answers
                stored, distinct, bare, _ = counted(folder)
                assert stored == distinct and bare == 0 and stored <= (1 + len(calls) - len(refused)) * A_CALL, "what was refused is not there, not even in part"
                filler.unlink()
                assert {said(storm, call) for call in refused} == {(200, None)}, "there is room again: no restart was needed"
                (stored, distinct, bare, (_, n_counted)), _ = settle(folder, (1 + len(calls)) * A_CALL, 60)
                assert stored == distinct == n_counted == (1 + len(calls)) * A_CALL and bare == 0
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=False)
