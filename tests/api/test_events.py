"""The event stream: what happens arrives at once, what was missed is told again, and nobody hears of another workspace."""
import http.client
import json
import socket
import time

import pytest

from contract import CONTRACT, SEEN


class Stream:
    """One listener; `until` reads events until one of a kind comes."""

    def __init__(self, client, last=None, workspace=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", client.server.port, timeout=15)
        path = CONTRACT.operations["streamEvents"].url(workspace=workspace or client.workspace)
        self.connection.request("GET", path, headers=client.headers_for("GET", {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}))
        self.answer = self.connection.getresponse()
        kind = self.answer.headers.get("Content-Type", "")
        body = b"" if self.answer.status == 200 else self.answer.read()
        SEEN.add(CONTRACT.operations["streamEvents"], "GET", path, self.answer.status, None, kind, body)
        assert not CONTRACT.judge(CONTRACT.operations["streamEvents"], None, self.answer.status, kind, body)
        self.heard, self.id = [], None

    def next(self):
        event = {}
        while True:
            line = self.answer.fp.readline()
            assert line, "the stream ended"
            line = line.decode().rstrip("\r\n")
            if not line and "event" in event:
                self.heard.append(event)
                return event
            name, _, value = line.partition(":")
            if name in ("id", "event", "data"):
                event[name] = value.strip()
                if name == "id":
                    self.id = value.strip()

    def until(self, kind, subject=None):
        while True:
            event = self.next()
            data = json.loads(event["data"]) if event.get("data") else {}
            if event["event"] == kind and subject in (None, data.get("subject")):
                return event

    def is_silent(self, seconds=0.6):
        self.connection.sock.settimeout(seconds)
        try:
            event = self.next()
        except (TimeoutError, socket.timeout):
            return True
        finally:
            if self.connection.sock:
                self.connection.sock.settimeout(15)
        raise AssertionError(f"heard {event}")

    def close(self):
        self.answer.close()
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def test_what_happens_is_told_at_once_to_everybody_who_listens(world):
    with Stream(world.owner) as owner, Stream(world.person("client")) as client, Stream(world.token("read")) as token:
        post = world.owner.do("createPost", {"text": "知らせる", "variants": []})
        at = time.monotonic()
        for stream in (owner, client, token):
            event = stream.until("post.created", post["id"])
            assert int(event["id"]) > 0
        assert time.monotonic() - at < 2
        world.owner.do("setHold", {"is_held": True})
        assert owner.until("hold.changed")
        world.owner.do("setHold", {"is_held": False})


def test_a_post_on_its_way_out_is_told_step_by_step(world):
    with Stream(world.owner) as stream:
        post = world.draft("道のり")
        world.owner.do("schedulePost", {"now": True}, post=post["id"])
        stream.until("post.scheduled", post["id"])
        row = world.owner.do("listDeliveries", query={"post": post["id"]})["deliveries"][0]
        stream.until("delivery.published", row["id"])
        assert world.owner.do("getDelivery", delivery=row["id"])["delivery"]["state"] == "published"


def test_what_was_missed_is_told_again_in_order_and_once(world):
    with Stream(world.owner) as stream:
        first = world.owner.do("createPost", {"text": "一", "variants": []})
        last = stream.until("post.created", first["id"])["id"]
    missed = [world.owner.do("createPost", {"text": f"missed {n}", "variants": []})["id"] for n in range(5)]
    with Stream(world.owner, last=last) as stream:
        got = []
        while len(got) < 5:
            event = stream.next()
            assert event["event"] != "reset", stream.heard
            if event["event"] == "post.created":
                got.append(json.loads(event["data"])["subject"])
        assert got == missed
        fresh = world.owner.do("createPost", {"text": "今", "variants": []})
        assert json.loads(stream.until("post.created")["data"])["subject"] == fresh["id"]
        ids = [int(e["id"]) for e in stream.heard if "id" in e]
        assert ids == sorted(ids) and len(set(ids)) == len(ids)


@pytest.mark.parametrize("last", ["999999999999", "-5", "nonsense", "1" * 200])
def test_a_place_that_cannot_be_told_from_asks_to_reload(world, last):
    with Stream(world.owner, last=last) as stream:
        post = world.owner.do("createPost", {"text": "読み込み直す", "variants": []})
        stream.until("post.created", post["id"])
        assert "reset" in [e["event"] for e in stream.heard] or last in ("nonsense",), stream.heard


def test_nothing_of_another_workspace_is_heard(world):
    with Stream(world.owner) as told:  # what made the stranger is told before; a change of members ends streams
        stranger = world.other_workspace()
        told.until("post.created", world.owner.do("createPost", {"text": "", "variants": []})["id"])
    with Stream(stranger) as stream:
        post = world.owner.do("createPost", {"text": "内緒", "variants": []})
        own = stranger.do("createPost", {"text": "自分の", "variants": []})
        stream.until("post.created", own["id"])
        assert post["id"] not in str(stream.heard) and stream.is_silent()


def test_who_is_taken_out_hears_nothing_more(world):
    person = world.invite("analyst")
    world.owner.do("removeMember", person=person.person)
    stream = Stream(person)
    assert stream.answer.status == 403
    stream.close()


def test_fifty_listeners_hear_the_same(world):
    streams = [Stream(world.owner) for _ in range(50)]
    try:
        post = world.owner.do("createPost", {"text": "みんなへ", "variants": []})
        for stream in streams:
            stream.until("post.created", post["id"])
    finally:
        for stream in streams:
            stream.close()
    world.owner.do("getToday")
