"""What people plan with before there is a post: the board of ideas, tasks, and what waits for whom."""
import uuid

from test_posts import text_of

SOME = str(uuid.uuid4())


def titles(world, column):
    return [i["title"] for i in world.owner.do("listIdeas")["ideas"] if i["status"] == column]


class TestIdeas:
    def test_written_changed_and_taken_away(self, world):
        owner, editor = world.owner, world.person("editor")
        campaign = owner.do("createCampaign", {"name": "音の企画"})["id"]
        draft = {"title": "音だけの30秒", "note": "焙煎機の音。", "status": "shaping", "campaign_id": campaign, "owner_id": editor.person, "due_on": "2026-12-01",
                 "url": "https://example.com/a", "media_id": None, "tags": ["音", "短い動画"]}
        made = owner.do("createIdea", draft)
        assert {k: made[k] for k in draft} == draft and made["post_id"] is None and made["post_state"] is None and made["owner_name"]
        assert owner.do("getIdea", idea=made["id"]) == made and made in owner.do("listIdeas")["ideas"]
        changed = editor.do("changeIdea", {"version": made["version"], "idea": {"title": "音だけ"}}, idea=made["id"])
        assert changed["note"] == "" and changed["status"] == "new" and changed["owner_id"] is None
        owner.refused(409, "idea.edited", "changeIdea", {"version": made["version"], "idea": {"title": "x"}}, idea=made["id"])
        owner.do("deleteIdea", idea=made["id"])
        owner.refused(404, "idea.unknown", "getIdea", idea=made["id"])

    def test_moved_on_the_board(self, world):
        owner = world.owner
        a, b, c = (owner.do("createIdea", {"title": f"順 {n}", "status": "ready"})["id"] for n in "abc")
        assert titles(world, "ready")[:3] == ["順 c", "順 b", "順 a"]
        owner.do("moveIdea", {"status": "ready", "below": c}, idea=a)
        assert titles(world, "ready")[:3] == ["順 a", "順 c", "順 b"]
        moved = owner.do("moveIdea", {"status": "dropped"}, idea=b)
        assert moved["status"] == "dropped" and titles(world, "dropped")[-1] == "順 b"
        owner.refused(404, "idea.unknown", "moveIdea", {"status": "ready", "below": SOME}, idea=a)

    def test_one_becomes_a_draft_once(self, world):
        owner = world.owner
        campaign = owner.do("createCampaign", {"name": "下書きの企画"})["id"]
        idea = owner.do("createIdea", {"title": "題", "note": text_of("本文"), "campaign_id": campaign})["id"]
        drafted = owner.do("draftIdea", idea=idea)
        post = owner.do("getPost", post=drafted["post_id"])
        assert drafted["status"] == "drafted" and drafted["post_state"] == "draft" == post["state"]
        assert post["text"].startswith("本文") and post["campaign_id"] == campaign
        owner.refused(409, "idea.drafted", "draftIdea", idea=idea)
        double = owner.do("createIdea", {"title": "二度押された案"})["id"]
        told = owner.at_once(*[lambda hand: hand.send("draftIdea", idea=double)] * 3)
        assert sorted(one.status for one in told) == [201, 409, 409] and {one.json["reason"] for one in told if one.status == 409} <= {"idea.drafted", "idea.edited"}
        owner.do("deletePost", post=post["id"])
        assert owner.do("getIdea", idea=idea)["post_id"] is None
        assert owner.do("draftIdea", idea=idea)["post_id"] != post["id"]

    def test_what_makes_no_sense_is_refused(self, world):
        owner = world.owner
        for status, reason, wrong in ((422, "idea.no_title", {"title": " "}), (404, "campaign.unknown", {"campaign_id": SOME}), (404, "media.unknown", {"media_id": SOME}),
                                      (404, "team.member_unknown", {"owner_id": SOME}), (422, "campaign.bad_day", {"due_on": "2026-02-30"}), (422, "input.pattern", {"url": "javascript:alert(1)"})):
            owner.refused(status, reason, "createIdea", {"title": "x", **wrong})
        for operation, body in (("changeIdea", {"version": 1, "idea": {"title": "x"}}), ("moveIdea", {"status": "new"}), ("draftIdea", None), ("deleteIdea", None)):
            owner.refused(404, "idea.unknown", operation, *([body] if body else []), idea=SOME)


class TestTasks:
    def test_given_done_and_taken_back(self, world):
        owner, analyst = world.owner, world.person("analyst")
        draft = {"title": "数字を確かめる", "note": "先月の分", "assignee_id": analyst.person, "due_on": "2026-12-01", "campaign_id": None, "post_id": None}
        made = owner.do("createTask", draft)
        assert {k: made[k] for k in draft} == draft and made["done_at"] is None
        assert made in owner.do("listTasks", query={"assignee": analyst.person})["tasks"]
        done = analyst.do("finishTask", {"is_done": True}, task=made["id"])
        assert done["done_at"] and done["done_by_name"]
        assert made["id"] not in str(owner.do("listTasks")) and owner.do("listTasks", query={"done": "true"})["tasks"][0] == done
        back = analyst.do("finishTask", {"is_done": False}, task=made["id"])
        assert back["done_at"] is None
        changed = owner.do("changeTask", {"version": back["version"], "task": {"title": "数字"}}, task=made["id"])
        assert changed["assignee_id"] is None
        owner.refused(409, "task.edited", "changeTask", {"version": back["version"], "task": {"title": "x"}}, task=made["id"])
        owner.do("deleteTask", task=made["id"])
        owner.refused(404, "task.unknown", "deleteTask", task=made["id"])

    def test_each_sees_what_waits_for_them(self, world):
        owner, editor = world.owner, world.person("editor")
        task = owner.do("createTask", {"title": "写真を選ぶ", "assignee_id": editor.person, "due_on": "2026-12-01"})
        later = owner.do("createTask", {"title": "いつか", "assignee_id": editor.person})
        idea = owner.do("createIdea", {"title": "考える", "owner_id": editor.person})
        mine = editor.do("listMine")
        ids = [t["id"] for t in mine["tasks"]]
        assert ids.index(task["id"]) < ids.index(later["id"]) and idea["id"] in [i["id"] for i in mine["ideas"]]
        assert len(mine["today"]) == 10
        theirs = str(owner.do("listMine"))
        assert task["id"] not in theirs and idea["id"] not in theirs
        owner.do("draftIdea", idea=idea["id"])
        editor.do("finishTask", {"is_done": True}, task=task["id"])
        after = str(editor.do("listMine"))
        assert task["id"] not in after and idea["id"] not in after

    def test_posts_to_approve_wait_for_whoever_may(self, world):
        owner, editor, client = world.owner, world.person("editor"), world.person("client")
        try:
            owner.do("setApprovalPolicy", {"mode": "client", "remind_after_h": 24})
            post = world.draft(text_of("待つ"), by=editor)
            editor.do("askApproval", {}, post=post["id"])
            waiting = lambda who: [one for one in who.do("listMine")["approvals"] if one["post_id"] == post["id"]]
            assert waiting(owner)[0]["text"] == post["text"] and waiting(owner)[0]["asked_by_name"] == "editor さん"
            assert waiting(client) and not waiting(editor)
            assert client.do("listMine")["tasks"] == []
            client.do("votePost", {"version": owner.do("getPost", post=post["id"])["version"], "decision": "approve"}, post=post["id"])
            assert not waiting(client) and waiting(owner)
            owner.do("deletePost", post=post["id"])
            assert not waiting(owner)
        finally:
            owner.do("setApprovalPolicy", {"mode": "none", "remind_after_h": 24})

    def test_what_makes_no_sense_is_refused(self, world):
        owner = world.owner
        for status, reason, wrong in ((422, "task.no_title", {"title": " "}), (404, "post.unknown", {"post_id": SOME}), (404, "team.member_unknown", {"assignee_id": SOME})):
            owner.refused(status, reason, "createTask", {"title": "x", **wrong})
        owner.refused(404, "task.unknown", "changeTask", {"version": 1, "task": {"title": "x"}}, task=SOME)
        owner.refused(404, "task.unknown", "finishTask", {"is_done": True}, task=SOME)


class TestResults:
    def test_a_goal_stands_beside_what_was_measured(self, world):
        owner = world.owner
        made = owner.do("createCampaign", {"name": "目標", "goal": {"metric": "engagements", "target": 500}})
        none = owner.do("getCampaignResults", campaign=made["id"])
        assert (none["n_published"], none["engagements"], none["posts"]) == (0, None, [])
        assert none["goal"] == {"metric": "engagements", "target": 500, "actual": None, "state": "not_yet"}
        other = owner.do("createCampaign", {"name": "測らない", "goal": {"metric": "branded_searches", "target": 5}})
        assert owner.do("getCampaignResults", campaign=other["id"])["goal"]["state"] == "not_measured"
        assert owner.do("getCampaignResults", campaign=owner.do("createCampaign", {"name": "目標なし"})["id"])["goal"] is None
        owner.refused(404, "campaign.unknown", "getCampaignResults", campaign=SOME)
