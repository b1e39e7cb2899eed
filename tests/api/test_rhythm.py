"""What gives posts their rhythm: campaigns, the hold switches of account, campaign and everything."""
import time
import uuid

import pytest

from test_check import REPEAT
from test_posts import instant, text_of, wait_for


def scheduled(world, text, seconds=1.0):
    post = world.owner.do("createPost", {"text": text, "variants": [{"account_id": world.account, "text": None}]})
    world.owner.do("schedulePost", {"at": instant(seconds)}, post=post["id"])
    return post["id"]


@pytest.fixture(autouse=True)
def nothing_stays_held(world):
    yield
    world.owner.do("holdEverything", {"is_held": False})
    for one in world.owner.do("getHold")["switches"]:
        world.owner.do("setHold", {"is_held": False, f"{one['scope']}_id": one["subject_id"]})


class TestCampaigns:
    def test_a_post_belongs_to_one(self, world):
        owner = world.owner
        made = owner.do("createCampaign", {"name": " 冬の福袋 "})
        assert made["name"] == "冬の福袋" and made["ended_at"] is None and made["n_posts"] == 0
        post = owner.do("createPost", {"text": text_of("福袋"), "variants": []})
        assert post["campaign_id"] is None
        assert owner.do("setPostCampaign", {"campaign_id": made["id"]}, post=post["id"]) == {"campaign_id": made["id"]}
        assert owner.do("getPost", post=post["id"])["campaign_id"] == made["id"]
        assert [p["id"] for p in owner.do("listPosts", query={"campaign": made["id"]})["posts"]] == [post["id"]]
        assert owner.do("setPostCampaign", {"campaign_id": None}, post=post["id"]) == {"campaign_id": None}

    def test_what_is_written_comes_back_and_is_replaced_whole(self, world):
        owner = world.owner
        draft = {"name": "冬の福袋", "status": "running", "starts_on": "2026-12-01", "ends_on": "2027-01-10",
                 "goal": {"metric": "er_reach", "target": 0.045, "due_on": "2027-01-15"}, "budget": {"amount_minor": 300000, "currency": "JPY"},
                 "networks": ["bluesky", "x"], "industries": ["food", "campaign"], "tags": ["冬", "#限定", "冬"],
                 "brief": {"message": "一年のお礼", "exit": "否定率 20%"}}
        made = owner.do("createCampaign", draft)
        assert {k: made[k] for k in draft if k != "tags"} == {k: draft[k] for k in draft if k != "tags"} and made["tags"] == ["冬", "限定"]
        assert owner.do("getCampaign", campaign=made["id"]) == made and made["created_by_name"]
        listed = next(c for c in owner.do("listCampaigns")["campaigns"] if c["id"] == made["id"])
        assert "brief" not in listed and listed == {k: v for k, v in made.items() if k != "brief"}
        changed = owner.do("changeCampaign", {"version": made["version"], "campaign": {"name": "福袋", "status": "done"}}, campaign=made["id"])
        assert changed["ended_at"] and changed["goal"] is None and changed["budget"] is None and changed["networks"] == [] and changed["brief"] == {}
        entry = owner.do("listAudit", query={"limit": 1})["entries"][0]
        assert entry["action"] == "campaign.change" and entry["before"]["brief_message"] == "一年のお礼" and entry["after"]["status"] == "done"

    def test_the_second_of_two_people_is_refused_and_sees_both(self, world):
        owner, editor = world.owner, world.person("editor")
        made = owner.do("createCampaign", {"name": "春"})
        theirs = editor.do("changeCampaign", {"version": made["version"], "campaign": {"name": "春の新豆"}}, campaign=made["id"])
        owner.refused(409, "campaign.edited", "changeCampaign", {"version": made["version"], "campaign": {"name": "春祭り"}}, campaign=made["id"])
        assert owner.do("getCampaign", campaign=made["id"]) == theirs and theirs["version"] == made["version"] + 1

    def test_progress_follows_the_posts(self, world):
        owner = world.owner
        made = owner.do("createCampaign", {"name": text_of("進み")})["id"]
        post = scheduled(world, text_of("先"), 3600)
        owner.do("setPostCampaign", {"campaign_id": made}, post=post)
        draft = owner.do("createPost", {"text": text_of("下書き"), "variants": []})["id"]
        owner.do("setPostCampaign", {"campaign_id": made}, post=draft)
        seen = owner.do("getCampaign", campaign=made)
        assert seen["n_posts"] == 2 and seen["states"] == [{"state": "draft", "count": 1}, {"state": "scheduled", "count": 1}]
        due = owner.do("getPost", post=post)["due_at"]
        assert (seen["next_at"], seen["first_at"], seen["last_at"]) == (due, due, due)
        owner.do("deletePost", post=post)
        assert owner.do("getCampaign", campaign=made)["next_at"] is None

    def test_the_dictionary_says_what_a_goal_is_counted_in(self, world):
        kpis = {k["metric"]: k for k in world.owner.do("listKpis")["kpis"]}
        assert kpis["er_reach"] == {"metric": "er_reach", "unit": "rate", "is_lower_better": False}
        assert kpis["cpa"] == {"metric": "cpa", "unit": "money", "is_lower_better": True} and len(kpis) == 50

    def test_what_makes_no_sense_is_refused(self, world):
        owner = world.owner
        owner.refused(422, "campaign.no_name", "createCampaign", {"name": "  "})
        for reason, wrong in (("campaign.bad_day", {"starts_on": "2026-02-30"}), ("campaign.bad_range", {"starts_on": "2026-02-02", "ends_on": "2026-02-01"}),
                              ("campaign.bad_rate", {"goal": {"metric": "ctr", "target": 3}}), ("accounts.network_unknown", {"networks": ["myspace"]}),
                              ("input.not_allowed", {"industries": ["magic"]}), ("input.pattern", {"budget": {"amount_minor": 1, "currency": "yen"}})):
            owner.refused(422, reason, "createCampaign", {"name": "x", **wrong})
        some = str(uuid.uuid4())
        owner.refused(404, "campaign.unknown", "getCampaign", campaign=some)
        owner.refused(404, "campaign.unknown", "changeCampaign", {"version": 1, "campaign": {"name": "x"}}, campaign=some)
        owner.refused(422, "campaign.no_name", "changeCampaign", {"version": 1, "campaign": {"name": " "}}, campaign=some)
        post = owner.do("createPost", {"text": text_of("x"), "variants": []})
        owner.refused(404, "campaign.unknown", "setPostCampaign", {"campaign_id": some}, post=post["id"])
        owner.refused(404, "post.unknown", "setPostCampaign", {"campaign_id": None}, post=some)


class TestHold:
    def test_an_account_is_held_alone(self, world):
        owner = world.owner
        hold = owner.do("setHold", {"is_held": True, "account_id": world.account, "reason": "確認中"})
        assert not hold["is_held"] and [(s["scope"], s["subject_id"], s["reason"]) for s in hold["switches"]] == [("account", world.account, "確認中")]
        post = scheduled(world, text_of("アカウントを止める"), 0.2)
        row = wait_for(owner, post, "waiting")
        assert row["is_held"]
        owner.do("setHold", {"is_held": False, "account_id": world.account})
        assert wait_for(owner, post, "published")["lateness_ms"] < 5000

    def test_a_campaign_is_held_alone(self, world):
        owner = world.owner
        campaign = owner.do("createCampaign", {"name": text_of("企画")})["id"]
        held = owner.do("createPost", {"text": text_of("企画の投稿"), "variants": [{"account_id": world.account, "text": None}]})["id"]
        owner.do("setPostCampaign", {"campaign_id": campaign}, post=held)
        owner.do("setHold", {"is_held": True, "campaign_id": campaign})
        owner.do("schedulePost", {"now": True}, post=held)
        other = scheduled(world, text_of("ほかの投稿"), 0.2)
        wait_for(owner, other, "published")
        assert wait_for(owner, held, "waiting")["is_held"]
        owner.do("setPostCampaign", {"campaign_id": None}, post=held)
        wait_for(owner, held, "published")

    def test_everything_of_a_person_is_held_at_once(self, world):
        owner = world.owner
        second = owner.do("createWorkspace", {"name": "二つ目", "zone": "Asia/Tokyo"})["id"]
        out = owner.do("holdEverything", {"is_held": True, "reason": "地震"})
        assert out["is_held"] and out["n_workspaces"] >= 2
        assert owner.do("getHold")["reason"] == "地震"
        assert owner.do("getHold", workspace=second)["is_held"]
        owner.do("holdEverything", {"is_held": False})
        assert not owner.do("getHold")["is_held"] and not owner.do("getHold", workspace=second)["is_held"]

    def test_what_makes_no_sense_is_refused(self, world):
        owner = world.owner
        some = str(uuid.uuid4())
        owner.refused(404, "accounts.unknown", "setHold", {"is_held": True, "account_id": some})
        owner.refused(404, "campaign.unknown", "setHold", {"is_held": True, "campaign_id": some})
        owner.refused(422, "hold.two_subjects", "setHold", {"is_held": True, "account_id": some, "campaign_id": some})
        assert owner.do("getHold")["switches"] == []


RULE = {"frequency": "weekly", "weekdays": [1, 4], "times": ["08:00"], "from": "2026-01-01"}


def template(world, text):
    return world.owner.do("createPost", {"text": text, "variants": [{"account_id": world.account, "text": None}]})["id"]


class TestSeries:
    def test_made_seen_changed_and_ended(self, world):
        owner = world.owner
        posts = [template(world, text_of("一つ目")), template(world, text_of("二つ目"))]
        rule = {**RULE, "interval": 1, "until": "2031-12-31", "skips": ["2027-01-01"], "month_days": [], "nth": 0}
        made = owner.do("createSeries", {"name": "朝の豆", "rule": rule, "post_ids": posts, "zone": "Asia/Tokyo"})
        assert made["state"] == "running" and made["post_ids"] == posts and made["unreachable"] == []
        assert {k: made["rule"].get(k) for k in ("frequency", "weekdays", "times", "from", "until", "skips")} == {k: rule[k] for k in ("frequency", "weekdays", "times", "from", "until", "skips")}
        for _ in range(200):
            coming = next(s for s in owner.do("listSeries")["series"] if s["id"] == made["id"])["coming"]
            if len(coming) >= 3:
                break
            time.sleep(0.05)
        assert len(coming) in (3, 4, 5) and all(c["post_id"] and not c["error_reason"] for c in coming)
        assert owner.do("getPost", post=coming[0]["post_id"])["state"] == "scheduled"
        update = {"name": "朝の豆", "rule": RULE, "zone": "Asia/Tokyo", "post_ids": posts, "state": "ended"}
        owner.refused(409, "series.edited", "changeSeries", {**update, "version": 99}, series=made["id"])
        ended = owner.do("changeSeries", {**update, "version": made["version"]}, series=made["id"])
        assert ended["state"] == "ended" and ended["coming"] == []
        owner.refused(404, "post.unknown", "getPost", post=coming[0]["post_id"])

    def test_what_it_says_again_too_soon_is_told_when_it_is_made_and_goes_out_with_a_reason(self, world):
        """X minds by our own rules; the house says so of its network here (test_check.py)."""
        owner, daily = world.owner, {"frequency": "daily", "times": ["08:00"], "from": "2026-01-01"}
        owner.do("putCheckFile", {"text": REPEAT}, file="rules")
        posts = [template(world, text_of("毎朝の一杯、今日も八時に店を開けます"))]
        made = owner.do("createSeries", {"name": "毎朝", "rule": daily, "post_ids": posts, "zone": "Asia/Tokyo", "state": "paused"})
        (told,) = made["repeats"]
        assert (told["post_id"], told["network"], told["rule"], told["is_let_pass"]) == (posts[0], "bluesky", "NG-2", False)
        first, second = owner.do("previewSeries", {"rule": daily, "zone": "Asia/Tokyo"})["times"][:2]
        assert (told["before_at"], told["due_at"]) == (first, second)
        assert ("/text", "NG-2") in [(f["pointer"], f["finding"]["rule"]) for f in owner.do("checkPost", post=posts[0])["findings"]]

        def run(series):
            change = {k: series[k] for k in ("version", "name", "rule", "zone", "post_ids")}
            return owner.do("changeSeries", {**change, "state": "running"}, series=series["id"])

        def coming(series, n):
            for _ in range(400):
                now = next(s for s in owner.do("listSeries")["series"] if s["id"] == series["id"])
                if len(now["coming"]) >= n:
                    return now, now["coming"]
                time.sleep(0.05)
            raise AssertionError(now)

        now, rows = coming(run(made), 13)
        assert [bool(r["post_id"]) for r in rows] == [at % 7 == 0 for at in range(len(rows))], rows  # a week after the one before
        assert {r["error_reason"] for r in rows} == {None, "check.blocked"}
        world.person("approver").do("overrideCheck", {"reason": "開店のお知らせ"}, post=posts[0])
        let = run(now)
        assert let["repeats"] == [{**told, "is_let_pass": True}]
        assert all(r["post_id"] and not r["error_reason"] for r in coming(let, 13)[1])
        weekly = owner.do("createSeries", {"name": "毎週", "rule": RULE | {"weekdays": [1]}, "post_ids": [template(world, text_of("毎週のごあいさつです"))], "state": "paused"})
        assert weekly["repeats"] == []
        for series in (coming(let, 13)[0], weekly):
            owner.do("changeSeries", {**{k: series[k] for k in ("version", "name", "rule", "zone", "post_ids")}, "state": "ended"}, series=series["id"])
        owner.do("putCheckFile", {"text": ""}, file="rules")

    def test_a_rule_is_previewed(self, world):
        owner = world.owner
        times = owner.do("previewSeries", {"rule": {"frequency": "monthly", "month_days": [-1], "times": ["18:30"], "from": "2026-01-01"}, "zone": "Asia/Tokyo"})["times"]
        assert len(times) == 10 and all(t.endswith("T09:30:00Z") for t in times)
        assert owner.do("previewSeries", {"rule": RULE})["times"]

    def test_what_never_comes_is_refused(self, world):
        owner, posts = world.owner, [template(world, text_of("x"))]
        refuse = lambda reason, rule, **more: owner.refused(422, reason, "createSeries", {"name": "x", "rule": {**RULE, **rule}, "post_ids": posts, **more})
        refuse("series.bad_day", {"from": "2026-02-30"})
        refuse("series.bad_day", {"until": "2026-02-30"})
        refuse("series.bad_range", {"until": "2025-12-31"})
        refuse("series.no_day", {"frequency": "monthly", "weekdays": []})
        refuse("post.bad_zone", {}, zone="Asia/Edo")
        owner.refused(422, "post.bad_zone", "previewSeries", {"rule": RULE, "zone": "Asia/Edo"})
        refuse("input.pattern", {"times": ["24:00"]})
        nobody = owner.do("createPost", {"text": "x", "variants": []})["id"]
        owner.refused(422, "series.template_unusable", "createSeries", {"name": "x", "rule": RULE, "post_ids": [nobody]})
        owner.refused(404, "post.unknown", "createSeries", {"name": "x", "rule": RULE, "post_ids": [str(uuid.uuid4())]})
        owner.refused(404, "series.unknown", "changeSeries", {"version": 1, "name": "x", "rule": RULE, "zone": "UTC", "post_ids": posts, "state": "ended"}, series=str(uuid.uuid4()))


class TestSlots:
    def test_a_post_takes_the_next_free_slot(self, world):
        owner = world.owner
        post = template(world, text_of("枠へ"))
        owner.refused(409, "slot.none", "queuePost", post=post)
        slots = [{"weekday": day, "time": "12:00"} for day in range(1, 8)]
        rows = owner.do("setSlots", {"slots": slots}, account=world.account)["slots"]
        assert [{k: r[k] for k in ("weekday", "time")} for r in rows] == slots and owner.do("listSlots")["slots"] == rows
        free = owner.do("nextSlots", account=world.account)["times"]
        assert len(free) == 10
        assert owner.do("queuePost", post=post)["due_at"] == free[0]
        assert owner.do("nextSlots", account=world.account)["times"][0] == free[1]
        owner.refused(404, "accounts.unknown", "setSlots", {"slots": slots}, account=str(uuid.uuid4()))
        owner.refused(404, "post.unknown", "queuePost", post=str(uuid.uuid4()))
        owner.refused(422, "post.over_limit", "queuePost", post=template(world, "長" * 301))
        owner.do("unschedulePost", post=post)
        owner.do("setSlots", {"slots": []}, account=world.account)
