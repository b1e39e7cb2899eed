"""People over HTTP: they make themselves of what is said, are found, noted, merged and taken apart, bundled, exported and deleted for real, also when the server dies in between."""
import json
import time
import uuid

import pytest

from test_talk import Line

NOBODY = "00000000-0000-7000-8000-000000000000"


def user():
    return "U" + uuid.uuid4().hex


class People:
    def __init__(self, world, line=None):
        self.world, self.line, self.owner = world, line or Line(world), world.owner

    def say(self, who, text):
        self.line.ask("/practice/own/say", {"text": text, "account": self.line.channel["id"], "user": who})

    def found(self, who, seconds=30):
        end = time.monotonic() + seconds
        while True:
            contact = self.owner.do("findContact", query={"account": self.line.account, "author": who})["contact"]
            if contact:
                return contact
            assert time.monotonic() < end, f"{who} is no contact"
            time.sleep(0.1)

    def new(self, text="こんにちは"):
        who = user()
        self.say(who, text)
        return self.found(who)


def changed(client, contact, **words):
    now = client.do("getContact", contact=contact["row"]["id"])
    body = {"version": now["version"], **{name: now["row"][name] for name in ("name", "language", "city", "tags")}, **words}
    return client.do("changeContact", body, contact=contact["row"]["id"])


def rule(*conditions, match="all", groups=()):
    return {"match": match, "conditions": [{"field": f, "op": op, "text": v if isinstance(v, str) else "", "number": 0 if isinstance(v, str) else v} for f, op, v in conditions], "groups": list(groups)}


def deleted(world, deletion, seconds=30):
    end = time.monotonic() + seconds
    while True:
        row = next(d for d in world.owner.do("listDeletions")["deletions"] if d["id"] == deletion["id"])
        if row["done_at"]:
            return row
        assert time.monotonic() < end, "the deletion does not end"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def people(world):
    return People(world)


class TestPeople:
    def test_who_says_something_is_a_person_with_a_timeline(self, world, people):
        who = user()
        people.say(who, "予約できますか")
        contact = people.found(who)
        people.say(who, "2回目です")
        end = time.monotonic() + 30
        while people.found(who)["row"]["messages"] < 2:
            assert time.monotonic() < end
            time.sleep(0.1)
        first = world.owner.do("listTouchpoints", contact=contact["row"]["id"], query={"limit": "1"})
        second = world.owner.do("listTouchpoints", contact=contact["row"]["id"], query={"limit": "1", "cursor": first["next_cursor"]})
        assert [first["touchpoints"][0]["text"], second["touchpoints"][0]["text"]] == ["2回目です", "予約できますか"] and second["next_cursor"] is None
        assert contact["row"]["networks"] == ["line"] and contact["identities"][0]["kind"] == "network"
        assert contact["row"]["id"] in [row["id"] for row in world.owner.do("listContacts")["contacts"]]

    def test_names_tags_and_notes(self, world, people):
        contact = people.new()
        after = changed(world.person("editor"), contact, name="佐藤 美咲", city="横浜", language="ja", tags=["常連", "抹茶"])
        assert after["row"]["tags"] == ["常連", "抹茶"] and after["row"]["city"] == "横浜"
        assert [row["id"] for row in world.owner.do("listContacts", query={"words": "美咲"})["contacts"]] == [contact["row"]["id"]]
        noted = world.owner.do("addContactNote", {"text": "アレルギー: そば"}, contact=contact["row"]["id"])
        world.owner.do("dropContactNote", contact=contact["row"]["id"], note=noted["notes"][0]["id"])
        world.owner.refused(404, "contact.note_unknown", "dropContactNote", contact=contact["row"]["id"], note=noted["notes"][0]["id"])
        assert world.owner.do("getContact", contact=contact["row"]["id"])["notes"] == []
        world.owner.refused(409, "contact.edited", "changeContact", {"version": 1, "name": "x", "language": "", "city": "", "tags": []}, contact=contact["row"]["id"])
        world.owner.refused(422, "contact.no_name", "changeContact", {"version": after["version"], "name": " ", "language": "", "city": "", "tags": []}, contact=contact["row"]["id"])

    def test_consent_has_a_history_and_what_is_withdrawn_is_not_used(self, world, people):
        contact = people.new()["row"]["id"]
        said = {"channel": "email", "purpose": "news", "state": "given", "at": "2026-01-01T00:00:00Z", "source": "店頭の用紙"}
        assert world.owner.do("recordConsent", said, contact=contact)["consents_now"] == [{"channel": "email", "purpose": "news", "state": "given"}]
        who = world.owner.do("countSegment", {"rule": rule(("consent", "is", "email:news"))})["n"]
        after = world.owner.do("recordConsent", {**said, "state": "withdrawn", "at": "2026-02-01T00:00:00Z", "source": "電話"}, contact=contact)
        assert [c["state"] for c in after["consents"]] == ["withdrawn", "given"] and after["consents_now"][0]["state"] == "withdrawn"
        assert world.owner.do("countSegment", {"rule": rule(("consent", "is", "email:news"))})["n"] == who - 1
        world.owner.refused(422, "contact.bad_time", "recordConsent", {**said, "at": "2040-01-01T00:00:00Z"}, contact=contact)

    def test_what_makes_no_sense_is_refused(self, world, people):
        world.owner.refused(422, "contact.bad_cursor", "listContacts", query={"cursor": "x"})
        world.owner.refused(404, "segment.unknown", "listContacts", query={"segment": NOBODY})
        world.owner.refused(422, "contact.bad_cursor", "listTouchpoints", contact=people.new()["row"]["id"], query={"cursor": "x"})
        world.owner.refused(404, "accounts.unknown", "findContact", query={"account": NOBODY, "author": "x"})
        assert world.owner.do("findContact", query={"account": people.line.account, "author": "nobody"}) == {"contact": None}
        world.owner.refused(422, "input.missing", "findContact", query={"author": "x"})


class TestMerges:
    def test_two_become_one_and_two_again(self, world, people):
        a, b = people.new(), people.new()
        changed(world.owner, b, name="ふたりめ", tags=["B"])
        before = world.owner.do("getContact", contact=b["row"]["id"])
        one = world.owner.do("mergeContacts", {"other_id": b["row"]["id"]}, contact=a["row"]["id"])
        assert one["row"]["messages"] == 2 and one["row"]["members"] == 2 and one["row"]["tags"] == ["B"]
        assert world.owner.do("getContact", contact=b["row"]["id"])["row"]["id"] == a["row"]["id"]
        world.owner.refused(409, "contact.same", "mergeContacts", {"other_id": a["row"]["id"]}, contact=b["row"]["id"])
        c = people.new()
        on = world.owner.do("mergeContacts", {"other_id": a["row"]["id"]}, contact=c["row"]["id"])
        world.owner.refused(409, "contact.merged_on", "undoContactMerge", merge=one["merges"][0]["id"])
        world.owner.do("undoContactMerge", merge=on["merges"][0]["id"])
        world.owner.do("undoContactMerge", merge=one["merges"][0]["id"])
        world.owner.refused(409, "contact.merge_undone", "undoContactMerge", merge=one["merges"][0]["id"])
        assert world.owner.do("getContact", contact=b["row"]["id"]) == before
        world.owner.refused(404, "contact.unknown", "mergeContacts", {"other_id": NOBODY}, contact=a["row"]["id"])

    def test_suggestions_are_told_and_put_aside(self, world):
        assert world.owner.do("listContactPairs")["pairs"] == []
        world.owner.refused(404, "contact.pair_unknown", "setContactsApart", {"a_id": NOBODY, "b_id": NOBODY})
        world.owner.refused(422, "input.not_an_id", "setContactsApart", {"a_id": "x", "b_id": NOBODY})


class TestSegments:
    def test_a_rule_is_counted_kept_changed_and_exported(self, world, people):
        contacts = [people.new() for _ in range(3)]
        for i, contact in enumerate(contacts):
            changed(world.owner, contact, name=f"束 {i}", tags=["束ね"] if i else ["束ね", "=cmd"], city="神戸" if i == 2 else "")
        asked = rule(("tag", "is", "束ね"), groups=[rule(("city", "is", "神戸"), ("tag", "is", "=cmd"), match="any", groups=[{k: v for k, v in rule(("messages", "at_least", 1000)).items() if k != "groups"}])])
        assert world.owner.do("countSegment", {"rule": asked})["n"] == 2
        assert world.owner.do("countSegment", {"rule": rule(("tag", "is", "束ね"), ("last_seen", "at_most", 7))})["n"] == 3
        kept = world.owner.do("createSegment", {"name": "神戸の人", "rule": asked})
        assert kept["n"] == 2 and kept["rule"] == asked
        page = world.owner.do("listContacts", query={"segment": kept["id"], "limit": "1"})
        rest = world.owner.do("listContacts", query={"segment": kept["id"], "cursor": page["next_cursor"]})
        assert page["total"] == 2 and {r["name"] for r in page["contacts"] + rest["contacts"]} == {"束 0", "束 2"}
        file = world.owner.send("exportSegment", segment=kept["id"])
        assert "束 0" in file.bytes.decode() and "'=cmd" not in file.bytes.decode().split("束 0")[0] and "束 1" not in file.bytes.decode()
        wider = world.owner.do("changeSegment", {"version": kept["version"], "name": "束", "rule": rule(("tag", "is", "束ね"))}, segment=kept["id"])
        assert wider["n"] == 3
        world.owner.refused(409, "segment.edited", "changeSegment", {"version": kept["version"], "name": "束", "rule": asked}, segment=kept["id"])
        assert [s["name"] for s in world.person("analyst").do("listSegments")["segments"]] == ["束"]
        assert {"field": "tag", "text": "束ね"} in world.owner.do("getSegmentChoices")["choices"]
        world.person("analyst").refused(403, "auth.forbidden", "exportSegment", segment=kept["id"])
        world.owner.do("deleteSegment", segment=kept["id"])
        world.owner.refused(404, "segment.unknown", "exportSegment", segment=kept["id"])

    def test_rules_that_mean_nothing(self, world):
        for bad in (rule(), rule(("tag", "at_least", "x")), rule(("city", "is", "")), rule(("messages", "is", 3))):
            world.owner.refused(422, "segment.bad_rule", "countSegment", {"rule": bad})
            world.owner.refused(422, "segment.bad_rule", "createSegment", {"name": "x", "rule": bad})


class TestDeletion:
    def test_all_of_a_person_goes_and_a_certificate_stays(self, world, people):
        secret = f"内緒 {uuid.uuid4().hex}"
        who = user()
        people.say(who, secret)
        contact = people.found(who)["row"]["id"]
        changed(world.owner, {"row": {"id": contact}}, name="消える人", tags=["去る"])
        export = world.owner.send("exportContact", contact=contact)
        assert json.loads(export.bytes.decode())["touchpoints"][0]["text"] == secret
        world.person("analyst").refused(403, "auth.forbidden", "exportContact", contact=contact)
        world.person("editor").refused(403, "auth.forbidden", "deleteContact", {"reason": "asked"}, contact=contact)
        asked = world.owner.do("deleteContact", {"reason": "asked"}, contact=contact)
        done = deleted(world, asked)
        assert done["left"] == 0 and len(done["seal"]) == 64 and {"what": "talk", "n": 1} in done["counts"]
        world.owner.refused(404, "contact.unknown", "getContact", contact=contact)
        world.owner.refused(404, "contact.unknown", "deleteContact", {"reason": "asked"}, contact=contact)
        assert world.owner.do("listContacts", query={"words": "消える"})["contacts"] == []
        assert secret not in str(world.owner.do("listTalk")) and who not in str(world.owner.do("listTalk"))
        assert "消える人" not in str(world.owner.do("listAudit")) and secret not in str(world.owner.do("listAudit"))


def test_killed_in_the_middle_of_merges_and_deletions(world, people):
    """The server dies while people are merged and deleted: each merge is whole or was not, each deletion ends with its proof."""
    ids = [people.new()["row"]["id"] for _ in range(6)]
    world.owner.do("mergeContacts", {"other_id": ids[1]}, contact=ids[0])
    asked = [world.owner.do("deleteContact", {"reason": "other"}, contact=ids[i]) for i in (0, 2)]
    try:
        world.owner.send("mergeContacts", {"other_id": ids[4]}, contact=ids[3])
    finally:
        world.server.kill()
        world.server.start()
    for one in asked:
        assert deleted(world, one)["left"] == 0
    for gone in (ids[0], ids[1], ids[2]):
        world.owner.refused(404, "contact.unknown", "getContact", contact=gone)
    row = world.owner.do("getContact", contact=ids[4])["row"]
    assert row["id"] in (ids[3], ids[4]) and row["members"] == (2 if row["id"] == ids[3] else 1)


def test_a_second_wish_to_delete_is_told(world, people):
    """Asked twice: one deletion, the other hears of it; or that the person is gone, where the job was quicker."""
    told = set()
    for _ in range(30):
        contact = people.new()["row"]["id"]
        first = world.owner.do("deleteContact", {"reason": "asked"}, contact=contact)
        again = world.owner.send("deleteContact", {"reason": "asked"}, contact=contact)
        assert (again.status, again["reason"]) in ((409, "contact.deleting"), (404, "contact.unknown"))
        assert deleted(world, first)["left"] == 0
        told.add(again.status)
        if 409 in told:
            break
    assert 409 in told
