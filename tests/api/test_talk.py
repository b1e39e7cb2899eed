"""What people say, told by the practice LINE's webhooks, and answering: with the reply token while it lives, once."""
import http.client
import json
import time
import urllib.parse
import uuid

import pytest


class Line:
    """The practice LINE of the module's practice network, connected as an account whose webhooks come to us."""

    def __init__(self, world):
        self.world = world
        place = next(n for n in world.practice.networks if n["network"] == "line")
        self.url, self.channel = place["url"], place["accounts"][0]
        self.account = world.owner.do("connectAccount", {"network": "line", "service": self.url, "handle": self.channel["id"], "password": self.channel["password"]})["id"]
        hook = world.owner.do("getAccountHealth", account=self.account)["hook"]
        path = urllib.parse.urlsplit(hook["url"] if isinstance(hook, dict) else hook).path
        self.ask("/practice/hook", {"url": f"http://127.0.0.1:{world.server.port}{path}"})

    def ask(self, path, body):
        connection = http.client.HTTPConnection(self.url.split("//")[1], timeout=30)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200, path
        return json.loads(answer.read())

    def say(self, text):
        self.ask("/practice/own/say", {"text": text, "account": self.channel["id"]})

    def send(self, kind, **more):
        """A picture, video, sound, file or sticker; what had been said before it."""
        before = {t["id"] for t in self.world.owner.do("listTalk", query={"limit": 100})["talk"]}
        self.ask("/practice/own/say", {"type": kind, "account": self.channel["id"], "user": "U" + uuid.uuid4().hex, **more})
        return before

    def heard(self, text, seconds=20):
        end = time.monotonic() + seconds
        while True:
            found = [t for t in self.world.owner.do("listTalk")["talk"] if t["text"] == text]
            if found:
                return found
            assert time.monotonic() < end, f"{text!r} was not heard"
            time.sleep(0.05)

    def answered(self, talk, state, seconds=20):
        end = time.monotonic() + seconds
        while True:
            row = next(t for t in self.world.owner.do("listTalk")["talk"] if t["id"] == talk["id"])
            if row.get("answer", {}).get("state") == state:
                return row
            assert time.monotonic() < end, row
            time.sleep(0.05)


@pytest.fixture(scope="module")
def line(world):
    return Line(world)


def words(what):
    return f"{what} {uuid.uuid4().hex[:8]}"


def test_a_message_is_heard_and_answered_once(world, line):
    owner, text = world.owner, words("テイクアウトできますか?")
    line.say(text)
    (talk,) = line.heard(text)
    assert talk["kind"] == "message" and talk["can_reply"] and talk["network"] == "line" and "answer" not in talk
    assert talk in owner.do("listTalk", query={"open": "true"})["talk"]
    reply = words("はい、できます")
    after = owner.do("replyToTalk", {"text": reply}, talk=talk["id"])
    assert after["answer"]["text"] == reply
    line.answered(talk, "published")
    owner.refused(409, "engage.answered", "replyToTalk", {"text": "もう一度"}, talk=talk["id"])
    assert talk["id"] not in [t["id"] for t in owner.do("listTalk", query={"open": "true"})["talk"]]
    again = owner.do("replyToTalk", {"text": words("追伸"), "again": True}, talk=talk["id"])
    assert again["answer"]["delivery_id"] != after["answer"]["delivery_id"]
    line.answered(talk, "published")


def test_told_twice_and_out_of_order_is_heard_once(world, line):
    text = words("二度言う")
    line.ask("/practice/fault", {"fault": "hook_twice", "times": 1})
    line.say(text)
    line.heard(text)
    time.sleep(1)
    assert len(line.heard(text)) == 1
    line.ask("/practice/fault", {"fault": "none"})


def test_what_makes_no_sense_is_refused(world, line):
    owner, nothing = world.owner, str(uuid.uuid4())
    owner.refused(404, "engage.unknown", "replyToTalk", {"text": "x"}, talk=nothing)
    owner.refused(422, "engage.bad_cursor", "listTalk", query={"cursor": "x"})
    owner.refused(404, "post.unknown", "listTalk", query={"post": nothing})
    text = words("長すぎる返事")
    line.say(text)
    (talk,) = line.heard(text)
    owner.refused(422, "post.over_limit", "replyToTalk", {"text": "あ" * 5001}, talk=talk["id"])
    assert "answer" not in line.heard(text)[0]


def test_pages_go_on_where_they_ended(world, line):
    texts = [words("続き") for _ in range(3)]
    for text in texts:
        line.say(text)
        line.heard(text)
    first = world.owner.do("listTalk", query={"limit": 2})
    second = world.owner.do("listTalk", query={"limit": 2, "cursor": first["next_cursor"]})
    assert not {t["id"] for t in first["talk"]} & {t["id"] for t in second["talk"]}
