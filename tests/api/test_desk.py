"""The team's work on the inbox: hours and promises, saved replies, moderation rules, notes, typing, approval of answers, the same to many threads."""
import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
import urllib.parse
import uuid

import pytest

from test_talk import Line, words

NOBODY = str(uuid.uuid4())
WEEK = ["09:00-18:00"] * 5 + ["", ""]


@pytest.fixture(scope="module")
def line(world):
    return Line(world)


def said(world, line, text=None, **more):
    text = text or words("在庫はありますか?")
    line.say(text)
    (talk,) = line.heard(text)
    return talk


def saved(name, **more):
    return {"folder": "", "name": name, "shortcut": "", "text": "{name|お客様}、{me}です", **more}


def rule(name, *conditions, **more):
    actions = {"hides": False, "is_done": False, "holds": False, "tags": ["返金"], "people": [], **more.pop("actions", {})}
    return {"name": name, "is_on": True, "is_any": False, "conditions": list(conditions), "actions": actions, **more}


def has_words(*values, **more):
    return {"field": "text", "values": list(values), **more}


class TestKeep:
    def test_how_long_attachments_are_kept_is_chosen_by_who_manages(self, world):
        owner = world.other_workspace()
        assert owner.do("getTalkKeep") == {"file_days": 400}
        assert owner.do("setTalkKeep", {"file_days": 90}) == owner.do("getTalkKeep") == {"file_days": 90}
        assert "talk.keep" in [e["action"] for e in owner.do("listAudit")["entries"]]
        for days, reason in ((6, "input.too_small"), (3651, "input.too_large")):
            owner.refused(422, reason, "setTalkKeep", {"file_days": days}, pointer="/file_days")
        assert world.person("editor").do("getTalkKeep") == {"file_days": 400}
        world.person("editor").refused(403, "auth.forbidden", "setTalkKeep", {"file_days": 90})


class TestHours:
    def test_the_usual_holds_until_somebody_chooses(self, world):
        hours = world.other_workspace().do("getHours")
        assert (hours["week"], hours["version"]) == (WEEK, 0) and hours["zone"]
        assert hours["closed_on_holidays"] and hours["minutes"] == [1620, 540, 60, 30] and hours["now_always"]

    def test_they_are_chosen_and_two_people_do_not_overwrite_each_other(self, world):
        owner = world.owner
        now = owner.do("getHours")
        draft = {k: now[k] for k in ("zone", "week", "closed_on_holidays", "closed", "minutes", "now_always", "version")}
        draft |= {"zone": "America/New_York", "week": ["13:00-18:00,09:00-12:00"] * 7, "closed": ["2026-12-31", "2026-12-30"], "minutes": [0, 480, 60, 30]}
        after = owner.do("setHours", draft)
        assert after["version"] == now["version"] + 1 and after["minutes"] == [0, 480, 60, 30] and after["closed"] == ["2026-12-31", "2026-12-30"]
        assert owner.do("getHours") == after
        owner.refused(409, "hours.edited", "setHours", draft)
        owner.do("setHours", {**draft, "zone": "Asia/Tokyo", "week": WEEK, "closed": [], "version": after["version"]})
        assert world.person("editor").do("getHours")["week"] == WEEK

    def test_what_makes_no_sense_is_refused_at_its_field(self, world):
        now = world.owner.do("getHours")
        draft = {k: now[k] for k in ("zone", "week", "closed_on_holidays", "closed", "minutes", "now_always", "version")}
        for reason, pointer, change in [("hours.bad_time", "/week/2", {"week": ["", "", "9-18", "", "", "", ""]}), ("hours.bad_time", "/week/0", {"week": ["09:00-12:00,11:00-18:00"] + [""] * 6}),
                                        ("hours.never_open", "/week", {"week": [""] * 7}), ("hours.bad_day", "/closed/1", {"closed": ["2026-12-31", "2026-02-30"]}),
                                        ("team.bad_zone", "/zone", {"zone": "Tokyo/Shibuya"})]:
            world.owner.refused(422, reason, "setHours", {**draft, **change}, pointer=pointer)
        assert world.owner.do("getHours") == now


class TestSavedReplies:
    def test_one_is_kept_changed_used_and_dropped(self, world, line):
        owner = world.owner
        name = words("お礼")
        one = owner.do("createSavedReply", saved(name, folder="接客", shortcut=name[-8:]))
        assert one in owner.do("listSavedReplies")["saved_replies"] and one["n_used"] == 0
        talk = said(world, line)
        filled = owner.do("fillSavedReply", {"talk": talk["id"]}, saved=one["id"])
        me = owner.session["person"]["name"]
        assert filled == {"text": f"{talk['author_name'] or 'お客様'}、{me}です", "missing": []}
        other = owner.do("changeSavedReply", {"version": 1, "saved_reply": saved(name, text="{post_url}をご覧ください")}, saved=one["id"])
        assert (other["version"], other["folder"], other["shortcut"]) == (2, "", "")
        assert owner.do("fillSavedReply", {"talk": talk["id"]}, saved=one["id"]) == {"text": "【post_url】をご覧ください", "missing": ["post_url"]}
        assert next(s["n_used"] for s in owner.do("listSavedReplies")["saved_replies"] if s["id"] == one["id"]) == 2
        owner.refused(409, "saved.edited", "changeSavedReply", {"version": 1, "saved_reply": saved(name)}, saved=one["id"])
        owner.refused(404, "engage.unknown", "fillSavedReply", {"talk": NOBODY}, saved=one["id"])
        owner.do("deleteSavedReply", saved=one["id"])
        owner.refused(404, "saved.unknown", "deleteSavedReply", saved=one["id"])

    def test_names_and_shortcuts_are_had_once_and_blanks_must_be_ours(self, world):
        owner, name = world.owner, words("名前")
        owner.do("createSavedReply", saved(name, shortcut=name[-8:]))
        owner.refused(409, "saved.name_taken", "createSavedReply", saved(name), pointer="/name")
        owner.refused(409, "saved.shortcut_taken", "createSavedReply", saved(words("別"), shortcut=name[-8:]), pointer="/shortcut")
        owner.do("createSavedReply", saved(name, folder="別のフォルダー"))
        assert "「nmae」" in owner.refused(422, "saved.bad_blank", "createSavedReply", saved(words("誤り"), text="{nmae}様"), pointer="/text")["detail"]
        owner.refused(422, "saved.bad_shortcut", "createSavedReply", saved(words("誤り"), shortcut="a b"), pointer="/shortcut")
        owner.refused(422, "saved.bad_name", "createSavedReply", saved(" "), pointer="/name")

    def test_there_is_an_end_to_them(self, world):
        stranger = world.other_workspace()
        for i in range(500):
            stranger.do("createSavedReply", saved(f"{i}番"))
        stranger.refused(409, "saved.too_many", "createSavedReply", saved("もう1つ"))


class TestRules:
    def test_one_is_tried_on_what_was_said_before_it_does_anything(self, world, line):
        owner, mark = world.owner, uuid.uuid4().hex[:8]
        for text in (f"ﾍﾝｷﾝして {mark}", f"返品です {mark}", f"返 金お願いします {mark}"):
            said(world, line, text)
        met = owner.do("tryModerationRule", {"days": 7, "rule": rule("試し", has_words("返金", "へんきん"), has_words(mark), actions={"hides": True})})
        assert (met["n_met"], met["n_cannot_hide"], met["is_cut"]) == (2, 2, False) and met["n_seen"] >= 3
        assert [s["text"] for s in met["samples"]] == [f"返 金お願いします {mark}", f"ﾍﾝｷﾝして {mark}"]
        assert owner.do("tryModerationRule", {"days": 7, "rule": rule("試し", has_words(mark), has_words("返品", is_not=True))})["n_met"] == 2
        assert all(r["name"] != "試し" for r in owner.do("listModerationRules")["rules"])

    def test_one_is_kept_changed_and_dropped(self, world):
        owner = world.owner
        name = words("ルール")
        one = owner.do("createModerationRule", rule(name, has_words("返金"), {"field": "urgency", "values": ["50"]}, is_on=False))
        assert one["conditions"][1] == {"field": "urgency", "is_not": False, "values": ["50"]} and one["actions"]["tags"] == ["返金"] and not one["is_on"]
        assert one in owner.do("listModerationRules")["rules"]
        after = owner.do("changeModerationRule", {"version": 1, "rule": rule(name, {"field": "link"}, is_any=True, is_on=False)}, moderation_rule=one["id"])
        assert (after["version"], after["is_any"], after["conditions"]) == (2, True, [{"field": "link", "is_not": False, "values": []}])
        owner.refused(409, "rule.edited", "changeModerationRule", {"version": 1, "rule": rule(name, {"field": "link"})}, moderation_rule=one["id"])
        owner.refused(409, "rule.name_taken", "createModerationRule", rule(name, {"field": "link"}), pointer="/name")
        owner.do("deleteModerationRule", moderation_rule=one["id"])
        owner.refused(404, "rule.unknown", "deleteModerationRule", moderation_rule=one["id"])

    def test_a_fault_names_its_field(self, world):
        for reason, status, pointer, one in [
            ("rule.no_condition", 422, "/conditions", rule("x")), ("rule.no_values", 422, "/conditions/0/values", rule("x", has_words())),
            ("rule.bad_word", 422, "/conditions/0/values/1", rule("x", has_words("返金", "✨"))), ("rule.bad_value", 422, "/conditions/1/values/0", rule("x", has_words("a"), {"field": "intent", "values": ["joy"]})),
            ("rule.bad_value", 422, "/conditions/0/values/0", rule("x", {"field": "account", "values": [NOBODY]})), ("campaign.unknown", 404, "/conditions/0/values/0", rule("x", {"field": "campaign", "values": [NOBODY]})),
            ("accounts.network_unknown", 422, "/conditions/0/values/0", rule("x", {"field": "network", "values": ["mixi"]})), ("rule.no_action", 422, "/actions", rule("x", has_words("a"), actions={"tags": []})),
            ("rule.not_member", 422, "/actions/people/0", rule("x", has_words("a"), actions={"people": [NOBODY]})), ("rule.not_member", 422, "/actions/assignee", rule("x", has_words("a"), actions={"assignee": NOBODY}))]:
            for operation, body in (("createModerationRule", one), ("tryModerationRule", {"days": 1, "rule": one})):
                at = pointer if operation == "createModerationRule" else None
                world.owner.refused(status, reason, operation, body, **({"pointer": at} if at else {}))
        world.owner.refused(422, "rule.bad_name", "createModerationRule", rule(" ", has_words("a")), pointer="/name")

    def test_there_is_an_end_to_them(self, world):
        stranger = world.other_workspace()
        for i in range(100):
            stranger.do("createModerationRule", rule(f"{i}番", has_words("a"), is_on=False))
        stranger.refused(409, "rule.too_many", "createModerationRule", rule("もう1つ", has_words("a")))

    def test_what_is_on_tags_assigns_holds_and_tells(self, world, line):
        owner, editor, mark = world.owner, world.person("editor"), uuid.uuid4().hex[:8]
        made = owner.do("createModerationRule", rule(f"保留 {mark}", has_words(mark), actions={"tags": [mark], "assignee": editor.person, "holds": True, "people": [owner.person]}))
        talk = said(world, line, f"これは {mark} です")
        thread = next(t for t in owner.do("listThreads", query={"tag": mark})["threads"])
        assert (thread["id"], thread["assignee_id"]) == (talk["thread_id"], editor.person)
        work = owner.do("getThreadWork", thread=thread["id"])
        assert work["is_held"] and [r["name"] for r in work["rules"]] == [f"保留 {mark}"]
        owner.refused(409, "engage.held", "replyToTalk", {"text": "まだ"}, talk=talk["id"])
        assert next(r["n_met"] for r in owner.do("listModerationRules")["rules"] if r["id"] == made["id"]) == 1
        until(lambda: any(mark in n["text"] for n in owner.do("listNotices")["notices"]))
        owner.do("deleteModerationRule", moderation_rule=made["id"])
        owner.do("workOnThreads", {"threads": [thread["id"]], "is_held": False, "is_unassigned": True, "drop_tags": [mark]})
        owner.do("replyToTalk", {"text": words("お待たせしました")}, talk=talk["id"])


def until(what, seconds=20, pause=0.1):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(pause)


def crowd(world, line, n, mark, text="{mark} {i}"):
    """As LINE tells it, signed: so many people write at once."""
    hook = world.owner.do("getAccountHealth", account=line.account)["hook"]
    path = urllib.parse.urlsplit(hook["url"] if isinstance(hook, dict) else hook).path
    secret = line.channel["password"]
    for at in range(0, n, 200):
        events = [{"type": "message", "message": {"type": "text", "id": f"{mark}{i}", "quoteToken": "q", "text": text.format(mark=mark, i=i)}, "timestamp": int(time.time() * 1000), "mode": "active",
                   "source": {"type": "user", "userId": "U" + hashlib.md5(f"{mark}{i}".encode()).hexdigest()}, "replyToken": f"{mark}{i}", "webhookEventId": f"01{mark}{i}",
                   "deliveryContext": {"isRedelivery": False}} for i in range(at, min(at + 200, n))]
        body = json.dumps({"destination": "U" + hashlib.sha256(secret.encode()).hexdigest()[:32], "events": events}).encode()
        connection = http.client.HTTPConnection("127.0.0.1", world.server.port, timeout=30)
        signature = base64.b64encode(hmac.new(secret.encode(), body, "sha256").digest()).decode()
        connection.request("POST", path, body, {"Content-Type": "application/json", "x-line-signature": signature})
        assert connection.getresponse().status == 200


def threads_of(client, mark):
    found, query = [], {"order": "newest", "limit": 500}
    while True:
        page = client.do("listThreads", query=query)
        found += [t["id"] for t in page["threads"] if mark in t["last_text"]]
        if not page["next_cursor"]:
            return found
        query = {**query, "cursor": page["next_cursor"]}


class TestThreads:
    def test_the_same_is_done_to_many_or_to_none(self, world, line):
        owner, editor = world.owner, world.person("editor")
        thread = said(world, line)["thread_id"]
        assert editor.do("workOnThreads", {"threads": [thread], "status": "waiting", "assignee": owner.person, "add_tags": ["急ぎ"]})["n_changed"] == 1
        assert editor.do("workOnThreads", {"threads": [thread], "status": "waiting"}) == {"n_changed": 0, "undo": [], "not_done": []}
        now = owner.do("getThread", thread=thread)["thread"]
        assert (now["status"], now["assignee_id"], "急ぎ" in now["tags"]) == ("waiting", owner.person, True)
        owner.refused(422, "work.bad_tag", "workOnThreads", {"threads": [thread], "status": "done", "add_tags": ["a,b"]})
        assert owner.do("getThread", thread=thread)["thread"]["status"] == "waiting"
        until(lambda: any(n["place"] == f"/inbox?thread={thread}" for n in owner.do("listNotices")["notices"]))
        owner.do("workOnThreads", {"threads": [thread], "status": "open", "is_unassigned": True, "drop_tags": ["急ぎ"]})
        assert owner.do("getThread", thread=thread)["thread"]["assignee_id"] is None

    def test_what_cannot_be_done_to_one_is_said_and_the_others_are_done_and_all_is_taken_back_at_once(self, world, line):
        owner, approver = world.owner, world.person("approver")
        one, other = said(world, line)["thread_id"], NOBODY
        done = approver.do("workOnThreads", {"threads": [one, other], "status": "done", "assignee": approver.person, "is_held": True, "is_hidden": True, "add_tags": ["片付け"], "snoozed_until": "%d-01-01T00:00:00Z" % (time.gmtime().tm_year + 1)})
        assert done["n_changed"] == 1 and done["not_done"] == [{"thread": one, "why": "cannot_hide"}, {"thread": other, "why": "gone"}]
        now = owner.do("getThread", thread=one)["thread"]
        assert (now["status"], now["assignee_id"], "片付け" in now["tags"]) == ("done", approver.person, True)
        (step,) = done["undo"]
        assert step["is_unassigned"] and step["is_awake"] and step["is_held"] is False and step["drop_tags"] == ["片付け"]
        back = approver.do("undoThreadWork", {"steps": [step]})
        assert (back["n_changed"], back["not_done"]) == (1, [])
        after = owner.do("getThread", thread=one)["thread"]
        assert (after["status"], after["assignee_id"], "片付け" in after["tags"], "snoozed_until" in after) == (step["status"], None, False, False)
        assert not owner.do("getThreadWork", thread=one)["is_held"]

    def test_what_somebody_changed_meanwhile_is_not_taken_back(self, world, line):
        owner, editor, thread = world.owner, world.person("editor"), said(world, line)["thread_id"]
        step = owner.do("workOnThreads", {"threads": [thread], "assignee": owner.person})["undo"]
        editor.do("workOnThreads", {"threads": [thread], "assignee": editor.person})
        assert owner.do("undoThreadWork", {"steps": step}) == {"n_changed": 0, "undo": [], "not_done": [{"thread": thread, "why": "changed_since"}]}
        assert owner.do("getThread", thread=thread)["thread"]["assignee_id"] == editor.person
        owner.refused(422, "work.nothing", "undoThreadWork", {"steps": [{"thread": thread, "version": 1}]}, pointer="/steps/0")
        owner.refused(422, "work.bad_tag", "undoThreadWork", {"steps": [{"thread": thread, "version": 1, "add_tags": [" "]}]})
        editor.do("workOnThreads", {"threads": [thread], "is_unassigned": True})

    def test_what_is_done_waits_no_more_until_they_say_something_again(self, world, line):
        owner, text = world.owner, words("まだですか")
        thread = said(world, line, text)["thread_id"]
        waiting = lambda: [t["id"] for t in owner.do("listThreads", query={"waiting": "true"})["threads"]]
        assert thread in waiting()
        before = owner.do("getInbox")["n_open"]
        (step,) = owner.do("workOnThreads", {"threads": [thread], "status": "done"})["undo"]
        assert thread not in waiting() and owner.do("getInbox")["n_open"] == before - 1
        assert owner.do("getThreadWork", thread=thread)["clock"]["due_at"] is None
        owner.do("undoThreadWork", {"steps": [step]})
        assert thread in waiting() and owner.do("getInbox")["n_open"] == before and owner.do("getThreadWork", thread=thread)["clock"]["due_at"]
        owner.do("workOnThreads", {"threads": [thread], "status": "done"})
        said(world, line, words("もしもし"))
        assert thread in waiting() and owner.do("getThread", thread=thread)["thread"]["status"] == "open"

    def test_a_thousand_are_done_at_once_and_whoever_is_given_them_hears_once(self, world, line):
        owner, editor = world.owner, world.person("editor")
        mark = uuid.uuid4().hex[:8]
        crowd(world, line, 1000, mark)
        until(lambda: len(threads_of(owner, mark)) == 1000, 180, pause=2)
        ids = threads_of(owner, mark)
        begun = time.monotonic()
        done = owner.do("workOnThreads", {"threads": ids, "status": "done", "assignee": editor.person, "add_tags": [mark]})
        took = time.monotonic() - begun
        assert (done["n_changed"], done["not_done"], len(done["undo"])) == (1000, [], 1000) and took < 15, took
        until(lambda: any("1000" in n["text"] and n["place"] == "/inbox?tab=mine" for n in editor.do("listNotices")["notices"]))
        assert sum("任されました" in n["text"] or "gave you" in n["text"] for n in editor.do("listNotices")["notices"]) <= 5
        assert owner.do("undoThreadWork", {"steps": done["undo"]})["n_changed"] == 1000
        owner.refused(422, "input.too_many", "workOnThreads", {"threads": [str(uuid.uuid4()) for _ in range(1001)], "status": "done"})

    def test_what_makes_no_sense_is_refused(self, world, line):
        thread = said(world, line)["thread_id"]
        for reason, pointer, change in [("work.nothing", "", {}), ("work.bad_snooze", "/snoozed_until", {"snoozed_until": "2020-01-01T00:00:00Z"}), ("work.bad_snooze", "/snoozed_until", {"snoozed_until": "2200-01-01T00:00:00Z"}),
                                        ("work.bad_tag", "/add_tags/0", {"add_tags": ["a,b"]}), ("work.not_member", "/assignee", {"assignee": NOBODY}), ("work.not_member", "/assignee", {"assignee": world.person("client").person})]:
            world.owner.refused(422, reason, "workOnThreads", {"threads": [thread], **change}, pointer=pointer)

    def test_one_sleeps_and_wakes_by_itself(self, world, line):
        owner, thread = world.owner, said(world, line)["thread_id"]
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
        owner.do("workOnThreads", {"threads": [thread], "snoozed_until": soon})
        assert owner.do("getThread", thread=thread)["thread"]["snoozed_until"]
        until(lambda: "snoozed_until" not in owner.do("getThread", thread=thread)["thread"])
        owner.do("workOnThreads", {"threads": [thread], "snoozed_until": "%d-01-01T00:00:00Z" % (time.gmtime().tm_year + 1)})
        owner.do("workOnThreads", {"threads": [thread], "is_awake": True})
        assert "snoozed_until" not in owner.do("getThread", thread=thread)["thread"]

    def test_notes_are_the_teams_and_ones_own_to_take_back(self, world, line):
        owner, editor, thread = world.owner, world.person("editor"), said(world, line)["thread_id"]
        note = editor.do("addThreadNote", {"text": f" @{owner.session['person']['name']} 確認をお願いします "}, thread=thread)
        assert note["text"].startswith("@") and note["person_id"] == editor.person
        assert note in owner.do("getThreadWork", thread=thread)["notes"]
        until(lambda: any("確認をお願い" in n["text"] for n in owner.do("listNotices")["notices"]))
        owner.refused(403, "note.not_yours", "deleteThreadNote", note=note["id"])
        editor.do("deleteThreadNote", note=note["id"])
        editor.refused(404, "note.unknown", "deleteThreadNote", note=note["id"])
        assert owner.do("getThreadWork", thread=thread)["notes"] == []
        owner.refused(422, "note.empty", "addThreadNote", {"text": " "}, thread=thread)

    def test_a_text_of_a_megabyte_is_kept_as_far_as_anybody_could_read_and_one_of_pictures_is_whole(self, world, line):
        owner, mark, other = world.owner, uuid.uuid4().hex[:8], uuid.uuid4().hex[:8]
        crowd(world, line, 1, mark, text="{mark}" + "長" * 333_000)
        crowd(world, line, 1, other, text="😍👍🏽🇯🇵👨‍👩‍👧")
        until(lambda: threads_of(owner, mark))
        (thread,) = threads_of(owner, mark)
        (talk,) = owner.do("getThread", thread=thread)["talk"]
        assert talk["text"] == mark + "長" * (10_000 - len(mark))
        assert len(owner.do("getThread", thread=thread)["thread"]["last_text"]) < 300
        until(lambda: any(t["text"] == "😍👍🏽🇯🇵👨‍👩‍👧" for t in owner.do("listTalk")["talk"]))
        pictures = next(t for t in owner.do("listTalk")["talk"] if t["text"] == "😍👍🏽🇯🇵👨‍👩‍👧")
        assert pictures["reading"]["sentiment"] in ("positive", "unsure") and owner.do("replyToTalk", {"text": words("ありがとうございます")}, talk=pictures["id"])["answer"]

    def test_two_answer_at_once_and_one_is_sent_while_the_other_sees_it(self, world, line):
        owner, editor, talk = world.owner, world.person("editor"), said(world, line)
        editor.do("typeInThread", {"stops": False}, thread=talk["thread_id"])
        assert [t["name"] for t in owner.do("getThreadWork", thread=talk["thread_id"])["typing"]] == [editor.session["person"]["name"]]
        texts, replies = (words("一人目"), words("二人目")), []
        hands = [threading.Thread(target=lambda who=who, text=text: replies.append((who, text, who.send("replyToTalk", {"text": text}, talk=talk["id"])))) for who, text in zip((owner, editor), texts)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        (sent,) = [r for r in replies if r[2].status == 200]
        (late,) = [r for r in replies if r[2].status != 200]
        assert (late[2].status, late[2].json["reason"]) == (409, "engage.answered")
        seen = next(t for t in late[0].do("getThread", thread=talk["thread_id"])["talk"] if t["id"] == talk["id"])["answer"]
        assert (seen["text"], seen["by"]) == (sent[1], sent[0].session["person"]["name"]) and seen["at"]
        assert late[0].do("replyToTalk", {"text": late[1], "again": True}, talk=talk["id"])["answer"]["text"] == late[1]

    def test_what_the_network_refuses_waits_again_with_its_reason_and_what_to_do(self, world, line):
        owner, talk = world.owner, said(world, line)
        line.ask("/practice/fault", {"fault": "refused"})
        try:
            after = owner.do("replyToTalk", {"text": words("返事")}, talk=talk["id"])
            owner.do("workOnThreads", {"threads": [talk["thread_id"]], "status": "done"})
            line.answered(talk, "failed", seconds=60)
        finally:
            line.ask("/practice/fault", {"fault": "none"})
        delivery = owner.do("getDelivery", delivery=after["answer"]["delivery_id"])["delivery"]
        assert delivery["error"]["message"] and delivery["next_action"] in ("edit", "retry", "reconnect"), delivery
        until(lambda: owner.do("getThread", thread=talk["thread_id"])["thread"]["status"] == "open")
        assert talk["thread_id"] in [t["id"] for t in owner.do("listThreads", query={"waiting": "true"})["threads"]]
        assert owner.do("replyToTalk", {"text": words("もう一度")}, talk=talk["id"])["answer"]

    def test_others_see_who_is_typing(self, world, line):
        owner, editor, thread = world.owner, world.person("editor"), said(world, line)["thread_id"]
        editor.do("typeInThread", {"stops": False}, thread=thread)
        assert [t["person_id"] for t in owner.do("getThreadWork", thread=thread)["typing"]] == [editor.person]
        assert editor.do("getThreadWork", thread=thread)["typing"] == []
        editor.do("typeInThread", {"stops": True}, thread=thread)
        assert owner.do("getThreadWork", thread=thread)["typing"] == []

    def test_the_clock_says_until_when_an_answer_is_promised(self, world, line):
        talk = said(world, line, words("食中毒で病院にいます。至急連絡をください"))
        clock = world.owner.do("getThreadWork", thread=talk["thread_id"])["clock"]
        assert clock["waiting_since"] and clock["level"] in ("low", "normal", "high", "now")
        assert clock["due_at"] and clock["left_ms"] > 0
        world.owner.do("replyToTalk", {"text": words("すぐに")}, talk=talk["id"])
        clock = world.owner.do("getThreadWork", thread=talk["thread_id"])["clock"]
        assert (clock["due_at"], clock["waiting_since"], clock["left_ms"]) == (None, None, 0)

    def test_a_network_that_hides_nothing_says_so(self, world, line):
        world.owner.refused(409, "engage.cannot_hide", "hideTalk", {"is_hidden": True}, talk=said(world, line)["id"])


class TestApproval:
    @pytest.fixture(autouse=True)
    def line_is_looked_at(self, world, line):
        world.owner.do("setReplyApproval", {"accounts": [line.account]})
        yield
        world.owner.do("setReplyApproval", {"accounts": []})

    def asked(self, world, line, text=None):
        talk = said(world, line)
        after = world.person("editor").do("replyToTalk", {"text": text or words("返事")}, talk=talk["id"])
        assert "answer" not in after
        return talk, next(w for w in world.owner.do("listReplyWaits")["waits"] if w["talk_id"] == talk["id"])

    def test_an_answer_waits_and_goes_out_once_it_is_approved(self, world, line):
        owner, editor, approver = world.owner, world.person("editor"), world.person("approver")
        assert owner.do("getReplyApproval") == {"accounts": [line.account]}
        talk, wait = self.asked(world, line)
        assert (wait["state"], wait["person_id"]) == ("waiting", editor.person)
        editor.refused(409, "wait.waiting", "replyToTalk", {"text": "もう1つ"}, talk=talk["id"])
        editor.refused(403, "wait.not_yours", "decideReply", {"verdict": "approve"}, wait=wait["id"])
        until(lambda: any("返事" in n["text"] for n in approver.do("listNotices")["notices"]))
        text = words("直した返事")
        done = approver.do("decideReply", {"verdict": "approve", "text": text}, wait=wait["id"])
        assert (done["state"], done["sent_text"], done["decided_name"]) == ("approved", text, approver.session["person"]["name"])
        assert line.answered(talk, "published")["answer"]["text"] == text
        owner.refused(409, "wait.decided", "decideReply", {"verdict": "refuse", "note": "遅い"}, wait=wait["id"])
        assert wait["id"] not in [w["id"] for w in owner.do("listReplyWaits")["waits"]]
        assert [w["state"] for w in owner.do("getThreadWork", thread=talk["thread_id"])["waits"] if w["id"] == wait["id"]] == ["approved"]

    def test_one_is_refused_with_a_reason_or_withdrawn_by_its_writer(self, world, line):
        owner, editor = world.owner, world.person("editor")
        talk, wait = self.asked(world, line)
        owner.refused(422, "wait.no_reason", "decideReply", {"verdict": "refuse"}, pointer="/note", wait=wait["id"])
        assert owner.do("decideReply", {"verdict": "refuse", "note": "敬語で"}, wait=wait["id"])["note"] == "敬語で"
        until(lambda: any("敬語で" in n["text"] for n in editor.do("listNotices")["notices"]))
        _, wait = self.asked(world, line)
        owner.refused(403, "wait.not_yours", "decideReply", {"verdict": "withdraw"}, wait=wait["id"])
        assert editor.do("decideReply", {"verdict": "withdraw"}, wait=wait["id"])["state"] == "withdrawn"
        assert "answer" not in next(t for t in owner.do("listTalk")["talk"] if t["id"] == talk["id"])

    def test_who_may_approve_needs_no_approval(self, world, line):
        talk = said(world, line)
        assert world.person("editor").do("getThreadWork", thread=talk["thread_id"])["needs_approval"]
        assert not world.owner.do("getThreadWork", thread=talk["thread_id"])["needs_approval"]
        assert world.owner.do("replyToTalk", {"text": words("直接")}, talk=talk["id"])["answer"]
        world.owner.refused(404, "accounts.unknown", "setReplyApproval", {"accounts": [line.account, NOBODY]}, pointer="/accounts/1")
        assert world.owner.do("getReplyApproval") == {"accounts": [line.account]}
