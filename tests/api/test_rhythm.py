"""What gives posts their rhythm: campaigns, the hold switches of account, campaign and everything."""
import uuid

import pytest

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
    def test_made_renamed_put_away(self, world):
        owner = world.owner
        made = owner.do("createCampaign", {"name": " 冬の福袋 "})
        assert made["name"] == "冬の福袋" and made["ended_at"] is None and made["n_posts"] == 0
        post = owner.do("createPost", {"text": text_of("福袋"), "variants": []})
        assert owner.do("setPostCampaign", {"campaign_id": made["id"]}, post=post["id"]) == {"campaign_id": made["id"]}
        changed = owner.do("changeCampaign", {"name": "冬の福袋 2026", "has_ended": True}, campaign=made["id"])
        assert changed["n_posts"] == 1 and changed["ended_at"]
        assert changed in owner.do("listCampaigns")["campaigns"]
        assert owner.do("setPostCampaign", {"campaign_id": None}, post=post["id"]) == {"campaign_id": None}

    def test_what_is_not_there_is_refused(self, world):
        owner = world.owner
        owner.refused(422, "campaign.no_name", "createCampaign", {"name": "  "})
        owner.refused(404, "campaign.unknown", "changeCampaign", {"name": "x", "has_ended": False}, campaign=str(uuid.uuid4()))
        owner.refused(422, "campaign.no_name", "changeCampaign", {"name": " ", "has_ended": False}, campaign=str(uuid.uuid4()))
        post = owner.do("createPost", {"text": text_of("x"), "variants": []})
        owner.refused(404, "campaign.unknown", "setPostCampaign", {"campaign_id": str(uuid.uuid4())}, post=post["id"])
        owner.refused(404, "post.unknown", "setPostCampaign", {"campaign_id": None}, post=str(uuid.uuid4()))


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
