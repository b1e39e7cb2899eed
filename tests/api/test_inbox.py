"""The inbox: what was said stands in threads, the most urgent first; found by two characters; read, corrected, answered from elsewhere."""
import json
import time
import uuid

import pytest

from test_talk import Line, words


@pytest.fixture(scope="module")
def line(world):
    return Line(world)


def thread_of(world, talk):
    return world.owner.do("getThread", thread=talk["thread_id"])


def test_a_chat_is_a_thread_read_as_it_came_in(world, line):
    owner, text = world.owner, words("商品から煙が出て火傷しました。至急連絡をください")
    line.say(text)
    (talk,) = line.heard(text)
    assert talk["reading"]["urgency"] >= 60 and talk["reading"]["reasons"], talk["reading"]
    detail = thread_of(world, talk)
    assert talk["id"] in [t["id"] for t in detail["talk"]]
    thread = detail["thread"]
    assert thread["kind"] == "message" and thread["status"] == "open" and thread["n_waiting"] >= 1 and thread["last_text"] == text
    assert thread["id"] in [t["id"] for t in owner.do("listThreads", query={"waiting": "true", "urgency": 60})["threads"]]
    assert owner.do("getInbox")["n_open"] >= 1
    after = owner.do("replyToTalk", {"text": words("ご連絡します")}, talk=talk["id"])
    assert thread_of(world, after)["thread"]["n_waiting"] == 0
    line.answered(talk, "published")
    assert thread_of(world, after)["thread"]["status"] == "waiting"


def test_words_of_two_characters_are_found(world, line):
    owner, text = world.owner, words("もう炎上してますよ")
    line.say(text)
    (talk,) = line.heard(text)
    found = owner.do("listThreads", query={"words": "炎上"})["threads"]
    assert talk["thread_id"] in [t["id"] for t in found]
    assert owner.do("listThreads", query={"words": "炎上 誰も言わない"})["threads"] == []
    owner.refused(422, "search.short", "listThreads", query={"words": "炎"})


def test_a_correction_is_learnt_at_once(world, line):
    owner, text = world.owner, words("むぎちゃんの棚からっぽ")
    line.say(text)
    (talk,) = line.heard(text)
    after = owner.do("correctTalk", {"intent": "complaint", "sentiment": "negative"}, talk=talk["id"])
    assert after["reading"]["is_corrected"] and after["reading"]["intent"] == "complaint" and after["reading"]["sentiment"] == "negative"
    again = owner.do("correctTalk", {"intent": "question"}, talk=talk["id"])
    assert again["reading"]["intent"] == "question"


def test_what_makes_no_sense_is_refused(world, line):
    owner, nothing = world.owner, str(uuid.uuid4())
    owner.refused(404, "engage.thread_unknown", "getThread", thread=nothing)
    owner.refused(404, "engage.unknown", "correctTalk", {"intent": "spam"}, talk=nothing)
    owner.refused(422, "engage.bad_cursor", "listThreads", query={"cursor": "x"})
    text = words("x")
    line.say(text)
    (talk,) = line.heard(text)
    owner.refused(422, "engage.bad_cursor", "getThread", query={"cursor": "x"}, thread=talk["thread_id"])


def test_pages_and_filters_hold_together(world, line):
    owner = world.owner
    first = owner.do("listThreads", query={"order": "newest", "limit": 1})
    assert len(first["threads"]) == 1
    account = first["threads"][0]["account_id"]
    assert owner.do("listThreads", query={"account": account, "kind": "message", "network": "line"})["threads"]
    assert owner.do("listThreads", query={"kind": "comment", "account": account})["threads"] == []
    assert owner.do("listThreads", query={"status": "done", "snoozed": "true", "unassigned": "true", "overdue": "true", "tag": "none"})["threads"] == []
