"""People over HTTP: they make themselves of what is said, are found, noted, merged and taken apart, bundled, exported and deleted for real, also when the server dies in between."""
import hashlib
import json
import sqlite3
import time
import uuid

import pytest

from test_conversions import tell
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


def places_of(database, *needles):
    """Every table of the whole database that has one of these anywhere in a row."""
    found = set()
    if database.kind == "sqlite":
        with sqlite3.connect(f"file:{database.folder}/hibiki.db?mode=ro", uri=True) as db:
            for (table,) in db.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and sql not like 'create virtual%'").fetchall():
                for row in db.execute(f'select * from "{table}"'):
                    cells = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
                    found.update((table, needle) for needle in needles if any(needle.encode() in cell for cell in cells))
        return found
    tables = database.sql("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'").split()
    for needle in needles:
        asked = [f"""select '{table}' where exists (select 1 from "{table}" x where strpos(x::text, '{needle}') > 0 or strpos(x::text, '{needle.encode().hex()}') > 0)""" for table in tables]
        found.update((table, needle) for table in database.sql(" union all ".join(asked)).split())
    return found


def until(look, seconds=30):
    end = time.monotonic() + seconds
    while not (got := look()):
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.1)
    return got


def bring(world, text, name="会員.csv", by=None):
    return (by or world.owner).do("createContactImport", query={"name": name}, data=text if isinstance(text, bytes) else text.encode(), headers={"Content-Type": "application/octet-stream"})


def mapped(world, made, **more):
    mapping = {**made["mapping"], **more}
    return world.owner.do("mapContactImport", mapping, contact_import=made["id"])


def confirmed(world, made):
    return world.owner.do("confirmContactImport", contact_import=made["id"])


def found_by(world, words):
    return world.owner.do("listContacts", query={"words": words})["contacts"]


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


class TestResults:
    def bought(self, world, order, address, value=1980, kind="purchase", secret=None):
        reply = tell(world, secret or world.owner.do("renewConversionSecret")["secret"], [{"kind": kind, "id": order, "value_minor": value, "currency": "JPY", "contact": hashlib.sha256(address.encode()).hexdigest()}])
        assert reply.status == 200, reply

    def kinds(self, world, contact):
        return [(t["kind"], t["amount_minor"]) for t in world.owner.do("listTouchpoints", contact=contact)["touchpoints"]]

    def test_what_a_shop_tells_stands_in_the_timeline_before_and_after_the_address_is_known(self, world):
        address, secret = f"{uuid.uuid4().hex[:10]}@example.jp", world.owner.do("renewConversionSecret")["secret"]
        order = uuid.uuid4().hex[:8]
        self.bought(world, f"O-{order}-1", address, secret=secret)
        confirmed(world, bring(world, f"氏名,メール\n買物 {order},{address.upper()}\n"))
        (row,) = found_by(world, order)
        assert self.kinds(world, row["id"]) == [("purchase", 1980)] and (row["conversions"], row["revenue_minor"]) == (1, 1980)
        self.bought(world, f"O-{order}-2", address, 500, "coupon", secret)
        until(lambda: len(self.kinds(world, row["id"])) == 2)
        assert ("coupon", 500) in self.kinds(world, row["id"])
        assert world.owner.do("countSegment", {"rule": rule(("did", "is", "coupon"), ("revenue", "at_least", 2480), ("conversions", "at_least", 2))})["n"] == 1
        reply = tell(world, secret, [{"kind": "purchase", "id": f"R-{order}", "value_minor": -980, "currency": "JPY", "corrects": f"O-{order}-1"}])
        assert reply.status == 200, reply
        until(lambda: ("purchase", 1000) in self.kinds(world, row["id"]))
        table = world.owner.do("createConversionImport", query={"name": "a.csv"}, data=f"種類,番号,日時,連絡先\n来店,V-{order},2026-03-01,{address}\n".encode(), headers={"Content-Type": "application/octet-stream"})
        world.owner.do("confirmConversionImport", conversion_import=table["id"])
        until(lambda: "visit" in dict(self.kinds(world, row["id"])))
        world.owner.do("dropConversionImport", conversion_import=table["id"])
        until(lambda: "visit" not in dict(self.kinds(world, row["id"])))
        assert found_by(world, order)[0]["conversions"] == 2


class TestImport:
    def test_shown_mapped_confirmed_once_and_taken_back(self, world):
        tag, mail = uuid.uuid4().hex[:8], f"{uuid.uuid4().hex[:8]}@example.jp"
        text = f"お名前,メールアドレス,携帯電話,会員番号,X,種別,配信許可\r\n\"表,野 {tag}\",{mail},０９０-1234-{tag[:4].translate(str.maketrans('abcdef', '123456'))},C-{tag},@tab_{tag},常連;店舗,はい\r\n二番 {tag},b-{mail},,,,,×\r\n"
        made = bring(world, text.encode("cp932"))
        roles = [c["role"] for c in made["mapping"]["columns"]]
        assert roles == ["name", "email", "phone", "code", "handle", "skip", "consent"] and made["mapping"]["columns"][4]["network"] == "x"
        assert {p["reason"] for p in made["problems"]} == {"contact.import_consent", "contact.import_proof"}
        world.owner.refused(409, "import.has_errors", "confirmContactImport", contact_import=made["id"])
        columns = [{**c, "role": "tags"} if c["role"] == "skip" else c for c in made["mapping"]["columns"]]
        made = mapped(world, made, columns=columns, channel="email", purpose="news", at="2026-04-01T00:00:00Z", source="店頭の用紙", tag=tag)
        assert (made["problems"], made["n_new"], made["n_known"], made["n_refused"]) == ([], 2, 0, 0)
        assert made["rows"][0]["name"] == f"表,野 {tag}" and made["rows"][0]["tags"] == ["常連", "店舗", tag] and [r["consent"] for r in made["rows"]] == ["given", "withdrawn"]
        assert not found_by(world, tag)
        assert confirmed(world, made)["state"] == "done" and confirmed(world, made)["n_new"] == 2
        assert len(found_by(world, tag)) == 2
        (row,) = [r for r in found_by(world, tag) if r["name"].startswith("表")]
        contact = world.owner.do("getContact", contact=row["id"])
        assert {(i["kind"], i["handle"]) for i in contact["identities"]} >= {("email", mail), ("code", f"C-{tag}"), ("network", f"tab_{tag}")}
        (consent,) = contact["consents"]
        assert consent["source"] == "import: 会員.csv: 店頭の用紙" and consent["at"] == "2026-04-01T00:00:00Z" and contact["consents_now"][0]["state"] == "given"
        again = mapped(world, bring(world, text), columns=columns, channel="email", purpose="news", at="2026-04-01T00:00:00Z", source="店頭の用紙", tag=tag)
        assert (again["n_new"], again["n_known"]) == (0, 2)
        confirmed(world, again)
        assert len(found_by(world, tag)) == 2 and len(world.owner.do("getContact", contact=row["id"])["consents"]) == 1
        world.owner.do("addContactNote", {"text": "電話あり"}, contact=row["id"])
        assert [i["name"] for i in world.owner.do("listContactImports")["imports"]][:2] == ["会員.csv", "会員.csv"]
        world.owner.do("dropContactImport", contact_import=again["id"])  # it made nothing
        assert len(found_by(world, tag)) == 2
        world.owner.do("dropContactImport", contact_import=made["id"])
        undone = world.owner.do("getContactImport", contact_import=made["id"])
        assert (undone["state"], undone["n_kept"]) == ("undone", 1)
        left = world.owner.do("getContact", contact=row["id"])
        assert (left["identities"], left["consents"], left["row"]["tags"], left["consents_now"]) == ([], [], [], [])
        assert [r["id"] for r in found_by(world, tag)] == [row["id"]]
        assert world.owner.do("countSegment", {"rule": rule(("tag", "is", tag))})["n"] == 0
        world.owner.refused(404, "import.unknown", "dropContactImport", contact_import=made["id"])
        world.owner.refused(404, "import.unknown", "mapContactImport", made["mapping"], contact_import=made["id"])

    def test_every_fault_of_every_row_is_told_and_nothing_is_stored(self, world):
        tag = uuid.uuid4().hex[:8]
        rows = [f"a{tag},nobody,,,,,,", f"b{tag},,12,,,,,", f"c{tag},,,{'9' * 101},,,,", f"d{tag},d{tag}@example.jp,,,a b,,,", f"e{tag},,,,,,,", f"f{tag},f{tag}@example.jp,,,,{'長' * 61},,", f"g{tag},g{tag}@example.jp,,,,,たぶん,", f"h{tag},h{tag}@example.jp,,,,,はい,いつか",
                f"i{tag},f{tag}@example.jp,,,,,,", f"{'名' * 201},j{tag}@example.jp,,,,,,", f"k{tag},\"k{tag}@example.jp\"x,,,,,,", f"l{tag},l{tag}@example.jp,,,,,はい,2026-01-01"]
        made = mapped(world, bring(world, "氏名,メール,電話,会員番号,x,タグ,同意,同意日\n" + "\n".join(rows)), channel="sms", purpose="offers")
        told = {(p["row"], p["reason"]) for p in made["problems"]}
        assert told >= {(2, "contact.import_email"), (3, "contact.import_phone"), (4, "contact.import_code"), (5, "contact.import_handle"), (6, "contact.import_nobody"), (7, "contact.import_tags"), (8, "contact.import_answer"),
                        (9, "contact.import_time"), (10, "contact.import_twice"), (11, "contact.import_long"), (12, "contact.import_cell"), (13, "contact.import_proof")}, told
        world.owner.refused(409, "import.has_errors", "confirmContactImport", contact_import=made["id"])
        assert not found_by(world, tag)
        world.owner.do("dropContactImport", contact_import=made["id"])
        world.owner.refused(404, "import.unknown", "getContactImport", contact_import=made["id"])

    def test_a_row_of_two_people_is_told(self, world):
        tag = uuid.uuid4().hex[:8]
        confirmed(world, bring(world, f"氏名,メール,会員番号\n一 {tag},1{tag}@example.jp,\n二 {tag},,2{tag}\n"))
        made = bring(world, f"氏名,メール,会員番号\n誰 {tag},1{tag}@example.jp,2{tag}\n")
        assert [p["reason"] for p in made["problems"]] == ["contact.import_several"]

    def test_what_is_no_table(self, world):
        for reason, data in (("contact.import_empty", "氏名,メール\n".encode()), ("contact.import_rows", b"email\n" + b"a@example.jp\n" * 20002), ("table.encoding", b"\xff\xfe\x00\xd8" * 3 + b"\x81")):
            world.owner.refused(422, reason, "createContactImport", query={"name": "x.csv"}, data=data, headers={"Content-Type": "application/octet-stream"})
        large = world.owner.send("createContactImport", query={"name": "x.csv"}, data=b"x" * (20 * 2**20 + 1), headers={"Content-Type": "application/octet-stream"})
        assert large.status == 413
        world.person("analyst").refused(403, "auth.forbidden", "createContactImport", query={"name": "x.csv"}, data=b"email\na@example.jp\n", headers={"Content-Type": "application/octet-stream"})

    def test_who_was_deleted_is_left_out(self, world):
        tag = uuid.uuid4().hex[:8]
        text = f"氏名,メール\n去る {tag},{tag}@example.jp\n"
        confirmed(world, bring(world, text))
        open_one = bring(world, f"氏名,メール\n待つ,{tag}@example.jp\n")
        done = deleted(world, world.owner.do("deleteContact", {"reason": "asked"}, contact=found_by(world, tag)[0]["id"]))
        assert {"what": "imports", "n": 4} in done["counts"] or any(c["what"] == "imports" and c["n"] >= 2 for c in done["counts"]), done
        world.owner.refused(404, "import.unknown", "getContactImport", contact_import=open_one["id"])
        assert places_of(world.server.database, f"{tag}@example.jp", f"去る {tag}") == set()
        made = bring(world, text)
        assert (made["n_new"], made["n_refused"]) == (0, 1) and made["rows"][0]["is_gone"]
        assert confirmed(world, made)["n_refused"] == 1 and not found_by(world, tag)


def test_who_looked_at_a_person_is_written_once_a_day(world, people):
    contact = people.new()["row"]["id"]
    analyst = world.person("analyst")
    for _ in range(3):
        analyst.do("getContact", contact=contact)
    lines = [line for line in world.owner.do("listAudit", query={"subject": contact})["entries"] if line["action"] == "contact.view"]
    assert len([line for line in lines if line["actor_kind"] == "person"]) == len(lines) == 1, lines
    world.owner.do("getContact", contact=contact)
    assert len([line for line in world.owner.do("listAudit", query={"subject": contact})["entries"] if line["action"] == "contact.view"]) == 2


class TestDeletion:
    def test_nothing_of_a_person_is_left_in_any_table(self, world, people):
        """The whole database is looked through for what was said, the network's id, the note, the address."""
        secret, who, memo, mail = f"言葉{uuid.uuid4().hex}", user(), f"控え{uuid.uuid4().hex}", f"{uuid.uuid4().hex}@example.jp"
        people.say(who, secret)
        contact = people.found(who)["row"]["id"]
        talk = until(lambda: [t for t in world.owner.do("listTalk")["talk"] if t["text"] == secret])[0]
        world.owner.do("addContactNote", {"text": memo}, contact=contact)
        world.owner.do("addThreadNote", {"text": memo}, thread=talk["thread_id"])
        world.owner.do("replyToTalk", {"text": "ありがとうございます", "again": False}, talk=talk["id"])
        until(lambda: [t for t in world.owner.do("listTalk")["talk"] if t["id"] == talk["id"] and t.get("answer") and t["answer"]["state"] == "published"])
        confirmed(world, bring(world, f"氏名,メール\n{memo},{mail}\n"))
        other = found_by(world, memo)[0]["id"]
        world.owner.do("mergeContacts", {"other_id": other}, contact=contact)
        tell(world, world.owner.do("renewConversionSecret")["secret"], [{"kind": "purchase", "id": uuid.uuid4().hex, "contact": hashlib.sha256(mail.encode()).hexdigest()}])
        until(lambda: any(t["kind"] == "purchase" for t in world.owner.do("listTouchpoints", contact=contact)["touchpoints"]))
        there = {table for table, _ in places_of(world.server.database, secret, who, memo, mail, hashlib.sha256(mail.encode()).hexdigest())}
        assert there >= {"engage_talk", "engage_thread", "contacts_identity", "contacts_note", "engage_note", "links_conversion"}, there
        done = deleted(world, world.owner.do("deleteContact", {"reason": "asked"}, contact=contact))
        counts = {c["what"]: c["n"] for c in done["counts"]}
        assert counts["talk"] == 1 and counts["contacts"] == 2 and counts["conversions"] == 1 and counts["answers"] == 1, counts
        assert places_of(world.server.database, secret, who, memo, mail, hashlib.sha256(mail.encode()).hexdigest()) == set()
        # The contact's own id is nobody's any more: only who did what in the log, and which things happened, still say it.
        assert {table for table, _ in places_of(world.server.database, contact)} <= {"team_audit", "store_event"}

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
