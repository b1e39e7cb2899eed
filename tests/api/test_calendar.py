"""The calendar and acts on many posts: what is counted, found and shown, and that an act on many is an outcome for each."""
import datetime
import uuid

from test_posts import instant, text_of, wait_for

DAY = 86400


def at(days, hour=0, minute=0):
    """An instant on the wall of Tokyo, `days` from today; far enough ahead that nothing of other tests is there."""
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    day = datetime.datetime.now(tokyo).replace(hour=hour, minute=minute, second=0, microsecond=0) + datetime.timedelta(days=days)
    return day.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def draft(world, text, **more):
    return world.owner.do("createPost", {"text": text, "variants": [{"account_id": world.account, "text": None}], **more})


def planned(world, text, when):
    post = draft(world, text)["id"]
    world.owner.do("schedulePost", {"at": when}, post=post)
    return post


def look(world, first, n_days, **query):
    return world.owner.do("getCalendar", query={"from": at(first), "to": at(first + n_days), **query})


def batch(world, act, *items, **more):
    return world.owner.do("changePosts", {"act": act, "items": list(items), **more})


class TestCalendar:
    def test_days_are_counted_and_shown_in_part(self, world):
        word = text_of("暦")
        ids = [planned(world, f"{word} {k}", at(400, 9, k * 10)) for k in range(4)]
        view = look(world, 400, 3, per_day=2)
        assert view["zone"] == "Asia/Tokyo" and view["n"] == 4 and not view["is_cut"]
        first = view["days"][0]
        assert [d["n"] for d in view["days"]] == [4, 0, 0] and first["n_collisions"] == 4
        assert [p["id"] for p in first["posts"]] == ids[:2]
        shown = first["posts"][0]
        assert shown["state"] == "scheduled" and shown["collides"] and shown["due_at"] == at(400, 9, 0) and shown["text"].startswith(word[:20])
        assert [view["accounts"][k] for k in shown["accounts"]] == [world.account]
        assert world.account not in [view["accounts"][k] for k in first["without"]]
        assert world.account in [view["accounts"][k] for k in view["days"][1]["without"]]
        batch(world, "delete", *[{"post_id": i} for i in ids])
        assert look(world, 400, 3)["n"] == 0

    def test_only_what_is_asked_for_is_shown(self, world):
        owner, word = world.owner, text_of("ｶﾌｪ")
        campaign = owner.do("createCampaign", {"name": text_of("暦の企画"), "tags": ["春の豆"]})["id"]
        one, other = planned(world, word, at(410, 9)), draft(world, text_of("別"), due_at=at(410, 12))["id"]
        owner.do("setPostCampaign", {"campaign_id": campaign}, post=one)
        ids = lambda **query: [p["id"] for d in look(world, 410, 1, **query)["days"] for p in d["posts"]]
        assert ids() == [one, other]
        assert ids(tag="春の豆") == [one] and ids(tag="春") == []
        assert ids(state="draft") == [other] and ids(campaign=campaign) == [one] and ids(words=word.replace("ｶﾌｪ", "カフェ")) == [one]
        assert ids(account=world.account) == [one, other] and ids(account=str(uuid.uuid4())) == []
        assert ids(network="bluesky") == [one, other] and ids(network="tiktok") == [] and ids(words="") == [one, other]
        lanes = look(world, 410, 1, lanes="true")
        assert [(d["n"], d["campaign"] is None) for d in lanes["days"]] == [(1, False), (1, True)]
        assert lanes["campaigns"][lanes["days"][0]["campaign"]] == campaign
        batch(world, "delete", {"post_id": one}, {"post_id": other})

    def test_drafts_without_a_time_lie_beside_it(self, world):
        post = draft(world, text_of("いつか"))["id"]
        beside = look(world, 420, 1)["undated"]
        assert beside[0]["id"] == post and beside[0]["due_at"] is None

    def test_free_slots_and_the_minimum_gap(self, world):
        owner = world.owner
        slots = [{"weekday": day, "time": "12:00"} for day in range(1, 8)]
        gaps = owner.do("setSlots", {"slots": slots, "min_gap_minutes": 90}, account=world.account)["gaps"]
        assert {"account_id": world.account, "minutes": 90} in gaps
        near = planned(world, text_of("枠の近く"), at(430, 13))
        free = look(world, 430, 2)["free_slots"]
        assert [s["at"] for s in free] == [at(431, 12)]
        owner.refused(422, "input.too_large", "setSlots", {"slots": [], "min_gap_minutes": 2000}, account=world.account)
        owner.do("setSlots", {"slots": [], "min_gap_minutes": 30}, account=world.account)
        batch(world, "delete", {"post_id": near})

    def test_a_stretch_that_makes_no_sense_is_refused(self, world):
        owner = world.owner
        owner.refused(422, "post.bad_range", "getCalendar", query={"from": at(2), "to": at(1)})
        owner.refused(422, "calendar.too_wide", "getCalendar", query={"from": at(0), "to": at(120)})
        owner.refused(422, "input.missing", "getCalendar", query={"from": at(0)})
        owner.refused(422, "input.too_large", "getCalendar", query={"from": at(0), "to": at(1), "per_day": 1001})


class TestBatch:
    def test_moved_together_and_back(self, world):
        scheduled, unscheduled = planned(world, text_of("動かす予約"), at(440, 9)), draft(world, text_of("動かす下書き"))
        there = batch(world, "move", {"post_id": scheduled, "at": at(441, 9)}, {"post_id": unscheduled["id"], "version": unscheduled["version"], "at": at(441, 10)})
        assert there["n_done"] == 2 and [i["outcome"] for i in there["items"]] == ["done", "done"]
        assert look(world, 441, 1)["n"] == 2
        back = batch(world, "move", {"post_id": scheduled, "at": at(440, 9)}, {"post_id": unscheduled["id"], "version": there["items"][1]["version"], "at": None})
        assert back["n_done"] == 2
        assert look(world, 441, 1)["n"] == 0 and world.owner.do("getPost", post=unscheduled["id"])["due_at"] is None
        batch(world, "delete", {"post_id": scheduled}, {"post_id": unscheduled["id"]})

    def test_each_has_its_outcome_and_its_sentence(self, world):
        owner = world.owner
        out = draft(world, text_of("もう出た"))["id"]
        owner.do("schedulePost", {"at": instant(0.1)}, post=out)
        wait_for(owner, out, "published")
        fine, stale = draft(world, text_of("大丈夫"))["id"], draft(world, text_of("古い版"))
        items = [{"post_id": out, "at": at(450)}, {"post_id": fine, "at": at(450)}, {"post_id": stale["id"], "version": stale["version"] + 1, "at": at(450)},
                 {"post_id": str(uuid.uuid4()), "at": at(450)}, {"post_id": fine, "at": at(-3)}]
        found = batch(world, "move", *items)["items"]
        assert [i["reason"] for i in found] == ["post.already_sending", None, "post.edited", "post.unknown", "post.time_past"]
        assert all((i["detail"] is None) == (i["outcome"] == "done") for i in found)
        assert batch(world, "schedule", {"post_id": stale["id"]})["items"][0]["reason"] == "post.no_time"
        nobody = owner.do("createPost", {"text": "x", "variants": []})["id"]
        assert batch(world, "schedule", {"post_id": nobody, "at": at(450)})["items"][0]["reason"] == "post.no_account"
        whole = batch(world, "move", {"post_id": fine, "at": at(451)}, {"post_id": out, "at": at(451)}, is_whole=True)
        assert whole["n_done"] == 0 and [i["outcome"] for i in whole["items"]] == ["left", "refused"]
        assert owner.do("getPost", post=fine)["due_at"] == at(450)
        batch(world, "delete", *[{"post_id": i} for i in (fine, stale["id"], nobody)])

    def test_copied_taken_back_deleted_and_all_of_it_undone(self, world):
        owner, post = world.owner, planned(world, text_of("写す"), at(460, 9))
        copy = batch(world, "copy", {"post_id": post, "at": at(461, 9)})["items"][0]
        made = owner.do("getPost", post=copy["made_id"])
        assert made["state"] == "draft" and made["due_at"] == at(461, 9) and made["version"] == copy["version"]
        assert batch(world, "delete", {"post_id": made["id"]})["items"][0] == {"post_id": made["id"], "outcome": "done", "reason": None, "detail": None, "made_id": None, "version": None}
        assert batch(world, "unschedule", {"post_id": post})["n_done"] == 1 and owner.do("getPost", post=post)["state"] == "draft"
        assert batch(world, "schedule", {"post_id": post})["n_done"] == 1 and owner.do("getPost", post=post)["due_at"] == at(460, 9)
        assert batch(world, "delete", {"post_id": post})["n_done"] == 1
        assert batch(world, "restore", {"post_id": post})["n_done"] == 1 and owner.do("getPost", post=post)["state"] == "draft"
        lines = [line["action"] for line in owner.do("listAudit", query={"limit": 50})["entries"] if line["subject_id"] == post]
        assert {"post.schedule", "post.unschedule", "post.delete", "post.restore"} <= set(lines)
        batch(world, "delete", {"post_id": post})

    def test_a_campaign_for_many(self, world):
        owner, post = world.owner, draft(world, text_of("企画へ"), due_at=at(470, 9))["id"]
        campaign = owner.do("createCampaign", {"name": text_of("まとめて")})["id"]
        assert batch(world, "campaign", {"post_id": post}, campaign_id=campaign)["n_done"] == 1
        assert look(world, 470, 1)["days"][0]["posts"][0]["campaign"] == 0
        assert batch(world, "campaign", {"post_id": post}, campaign_id=None)["n_done"] == 1
        assert "campaign" not in look(world, 470, 1)["days"][0]["posts"][0]
        owner.refused(404, "campaign.unknown", "changePosts", {"act": "campaign", "items": [{"post_id": post}], "campaign_id": str(uuid.uuid4())})
        batch(world, "delete", {"post_id": post})

    def test_what_makes_no_sense_is_refused(self, world):
        owner, post = world.owner, str(uuid.uuid4())
        owner.refused(422, "input.too_few", "changePosts", {"act": "move", "items": []})
        owner.refused(422, "input.too_many", "changePosts", {"act": "delete", "items": [{"post_id": post}] * 201})
        owner.refused(422, "input.not_allowed", "changePosts", {"act": "publish", "items": [{"post_id": post}]})
