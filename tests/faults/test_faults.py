"""The real binary against the practice network, with everything going wrong that can: each due post ends published once, failed with its reason,
or unknown and then resolved. The network counts what it saw; that count, not Hibiki's own word, is what is held against the promise."""
import datetime
import os
import pathlib
import random
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("HIBIKI_BENCH_BINARY", os.environ.get("HIBIKI_BINARY", str(ROOT / "build/src/app/hibiki")))
sys.path.insert(0, str(ROOT / "bench"))
from lib import Client, Practice, Scratch, Server, with_practice  # noqa: E402

PUT, FIND, UPLOAD = "com.atproto.repo.putRecord", "com.atproto.repo.getRecord", "com.atproto.repo.uploadBlob"
OPEN = ("waiting", "sending", "unknown")


class World:
    """A workspace on a fresh server, connected to a fresh practice network."""

    def __init__(self, folder, network):
        self.practice = Practice(network).__enter__()
        self.server = Server(folder, *with_practice(self.practice)).start()
        self.client = Client(self.server.port).set_up()
        who = self.practice.accounts[0]
        self.account = self.client.call(
            "POST", self.client.at + "/accounts", {"network": "bluesky", "handle": who["handle"], "password": who["password"]})["id"]

    def post(self, text, seconds=0.0):
        draft = {"text": text, "variants": [{"account_id": self.account, "text": None}]}
        post = self.client.call("POST", self.client.at + "/posts", draft)
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
        when = {"at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")} if seconds else {"now": True}
        self.client.call("POST", f"{self.client.at}/posts/{post['id']}/schedule", when)
        return post["id"]

    def deliveries(self, query=""):
        return self.client.call("GET", f"{self.client.at}/deliveries?limit=500{query}")["deliveries"]

    def settled(self, seconds=60):
        end = time.monotonic() + seconds
        while True:
            rows = self.deliveries()
            if all(r["state"] not in OPEN for r in rows) or time.monotonic() > end:
                return {r["text"]: r for r in rows}
            time.sleep(0.1)

    def fault(self, **fault):
        self.practice.post("/practice/fault", fault)

    def wait_fault(self, before, seconds=10):
        end = time.monotonic() + seconds
        while self.practice.get("/practice/counts")["n_faults"] <= before:
            assert time.monotonic() < end, "the fault was never met"
            time.sleep(0.01)

    def seen(self):
        return [p["text"] for p in self.practice.get("/practice/posts")["posts"]]

    def restart(self):
        self.server.kill()
        self.server.start()
        self.client.connection = None

    def expect_once(self, texts):
        seen = self.seen()
        assert sorted(seen) == sorted(texts)
        counts = self.practice.get("/practice/counts")
        assert counts["n_twice_key"] == 0 and counts["n_twice_text"] == 0

    def close(self):
        self.server.stop()
        self.practice.__exit__(None, None, None)


@pytest.fixture
def world():
    with Scratch() as folder, Scratch() as network:
        w = World(folder, network)
        yield w
        w.close()


def test_every_fault_of_the_publishing_call_ends_once_or_with_its_reason(world):
    kinds = ["rate_limited", "error", "error_after", "cut_before", "cut_after", "delay", "expired_token", "refused"]
    for kind in kinds:
        before = world.practice.get("/practice/counts")["n_faults"]
        world.fault(fault=kind, method=PUT, times=1, ms=1500)
        world.post(kind)
        world.wait_fault(before)
        if kind == "expired_token":
            world.settled()  # or its second try meets the next fault
    rows = world.settled()
    assert {text: row["state"] for text, row in rows.items()} == {k: "failed" if k == "refused" else "published" for k in kinds}
    assert rows["refused"]["error"]["code"] == "InvalidRequest" and rows["refused"]["next_action"] == "edit"
    world.expect_once([k for k in kinds if k != "refused"])


def test_an_unknown_outcome_is_read_back_through_faults_of_the_reading_itself(world):
    world.fault(fault="cut_after", method=PUT, times=1)
    post = world.post("届いたのか")
    while not world.deliveries("&state=unknown"):
        time.sleep(0.02)
    world.fault(fault="error", method=FIND, times=1)
    rows = world.settled()
    assert rows["届いたのか"]["state"] == "published"
    detail = world.client.call("GET", f"{world.client.at}/deliveries/{rows['届いたのか']['id']}")
    what = [s["what"] for s in detail["steps"]]
    assert "unknown" in what and what.count("read_back") >= 2 and what[-1] == "published"
    assert world.client.call("GET", f"{world.client.at}/posts/{post}")["state"] == "published"
    world.expect_once(["届いたのか"])


def test_killed_at_random_moments_each_post_is_out_exactly_once(world):
    chance, texts = random.Random(5), []
    world.fault(fault="delay", method=PUT, times=-1, ms=30, share=0.7)
    for n in range(12):
        for i in range(6):
            texts.append(f"{n} 回目の {i}")
            world.post(texts[-1], chance.uniform(0.05, 0.5))
        time.sleep(chance.uniform(0, 0.6))
        world.restart()
    world.fault(fault="none")
    rows = world.settled()
    assert {r["state"] for r in rows.values()} == {"published"}
    world.expect_once(texts)


def test_stopped_in_the_middle_it_finishes_after_the_next_start(world):
    texts = [f"途中 {i}" for i in range(60)]
    world.fault(fault="delay", method=PUT, times=-1, ms=20)
    for text in texts:
        world.post(text, 0.8)
    time.sleep(0.4)
    world.server.stop()
    world.server.start()
    world.client.connection = None
    rows = world.settled()
    assert {r["state"] for r in rows.values()} == {"published"}
    world.expect_once(texts)


def test_held_nothing_goes_out_and_released_everything_does(world):
    texts = [f"待機 {i}" for i in range(20)]
    world.client.call("PUT", world.client.at + "/hold", {"is_held": True, "reason": "地震のため"})
    for text in texts:
        world.post(text)
    world.restart()
    time.sleep(0.5)
    assert world.seen() == []
    hold = world.client.call("GET", world.client.at + "/hold")
    assert hold["is_held"] and hold["reason"] == "地震のため" and hold["n_waiting"] == 20 and hold["by"]
    assert all(r["is_held"] and r["state"] == "waiting" and r["sent_at"] is None for r in world.deliveries())
    world.client.call("PUT", world.client.at + "/hold", {"is_held": False})
    rows = world.settled()
    assert {r["state"] for r in rows.values()} == {"published"}
    world.expect_once(texts)


def test_a_post_taken_back_in_time_never_goes_out(world):
    kept, taken = world.post("残す", 1.0), world.post("やめる", 1.0)
    world.client.call("POST", f"{world.client.at}/posts/{taken}/unschedule")
    world.settled()
    time.sleep(0.3)
    world.expect_once(["残す"])
    assert world.client.call("GET", f"{world.client.at}/posts/{taken}")["state"] == "draft"
    reply, _ = world.client.call("POST", f"{world.client.at}/posts/{kept}/unschedule", raw=True)
    assert reply.status == 409
