"""Goals: wanted, changed, put away; how they stand; who may."""
import datetime

import pytest

from test_measure import still


def day(days=0):
    return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date() + datetime.timedelta(days=days)).isoformat()


def draft(**more):
    return {"name": "年末までに1万人", "metric": "followers", "starts_on": day(-10), "due_on": day(20), "target": 10_000, **more}


class TestGoals:
    def test_one_is_made_changed_put_away_and_taken_back(self, world):
        owner = world.owner
        made = owner.do("createGoal", draft(account_id=world.account, owner_id=owner.person))
        assert made["outcome"] == "open" and made["is_level"] and made["owner_name"] and made["version"] == 1 and made["days_left"] == 21
        assert made["id"] in [g["id"] for g in owner.do("listGoals")["goals"]] and owner.do("listGoals")["today"] == day()
        changed = owner.do("changeGoal", {"version": 1, "goal": draft(metric="clicks", target=50)}, goal=made["id"])
        assert (changed["metric"], changed["is_level"], changed["account_id"], changed["owner_id"]) == ("clicks", False, None, None)
        owner.refused(409, "goal.edited", "changeGoal", {"version": 1, "goal": draft()}, goal=made["id"])
        for _ in range(2):
            away = owner.do("archiveGoal", {"is_archived": True}, goal=made["id"])
        assert away["archived_at"] and away["id"] in [g["id"] for g in owner.do("listGoals", query={"archived": "true"})["goals"]]
        assert made["id"] not in [g["id"] for g in owner.do("listGoals")["goals"]]
        assert owner.do("archiveGoal", {"is_archived": False}, goal=made["id"])["archived_at"] is None
        audit = [line["action"] for line in owner.do("listAudit")["entries"] if line["subject_id"] == made["id"]]
        assert audit == ["goal.restore", "goal.archive", "goal.change", "goal.create"]

    def test_what_makes_no_sense_is_refused(self, world):
        owner = world.owner
        owner.refused(422, "goal.bad_days", "createGoal", draft(due_on=day(-10)), pointer="/due_on")
        owner.refused(422, "goal.bad_days", "createGoal", draft(starts_on="2026-02-30"), pointer="/starts_on")
        owner.refused(422, "goal.bad_days", "createGoal", draft(due_on="2032-01-01"), pointer="/due_on")
        owner.refused(404, "team.member_unknown", "createGoal", draft(owner_id="01890a5d-ac96-774b-bcce-b302099a8057"), pointer="/owner_id")
        owner.refused(404, "accounts.unknown", "createGoal", draft(account_id="01890a5d-ac96-774b-bcce-b302099a8057"), pointer="/account_id")

    def test_a_hundred_are_enough(self, world):
        stranger = world.other_workspace()
        for n in range(100):
            stranger.do("createGoal", draft(name=f"目標{n}"))
        stranger.refused(409, "goal.too_many", "createGoal", draft())

    def test_what_cannot_be_told_is_not_told(self, world):
        goal = world.owner.do("createGoal", draft(metric="reposts"))
        view = world.owner.do("getGoal", goal=goal["id"])
        assert view["goal"]["forecast"] is None and view["fan"] == [] and view["goal"]["outlook"] in ("few", "nothing")


def test_a_goal_with_a_history_is_foretold_with_a_range_and_a_chance(demo):
    client = demo.client
    goal = client.do("createGoal", draft(metric="engagements", target=1_000_000))
    view = client.do("getGoal", goal=goal["id"])
    now, fan = view["goal"], view["fan"]
    assert now["outlook"] == "told" and now["actual"] > 0 and now["rate_lately"] > 0 and now["is_at_risk"] and now["forecast"]["chance"] < 0.1, now
    assert [d["day"] for d in fan] == [day(n) for n in range(21)] or [d["day"] for d in fan][-1] == now["due_on"]
    assert all(d["low95"] <= d["low80"] <= d["mean"] <= d["high80"] <= d["high95"] for d in fan)
    assert view["past"][-1]["value"] == now["actual"] == now["spark"][-1]
    client.do("archiveGoal", {"is_archived": True}, goal=goal["id"])


@pytest.mark.parametrize("metric", ["engagements", "likes", "reposts", "replies", "quotes", "posts"])
@pytest.mark.parametrize("is_one", [False, True])
def test_where_a_goal_stands_are_the_posts_of_its_list(demo, metric, is_one):
    client = demo.client
    account = client.do("rankPosts", query={"days": 28})["posts"][0]["account_id"] if is_one else None
    made = client.do("createGoal", draft(metric=metric, starts_on=day(-20), target=1_000_000, account_id=account))

    def read():
        goal = client.do("getGoal", goal=made["id"])["goal"]
        query = {"first_day": goal["starts_on"], "last_day": goal["as_of"], "limit": 1, **({"account": account} if account else {})}
        return goal, client.do("rankPosts", query=query if metric == "posts" else {**query, "metric": metric, "value": "gained"})
    goal, told = still(demo, read)
    listed = told["found"] if metric == "posts" else told["whole"] or 0
    assert goal["counted"] == listed and goal["actual"] == listed > 0 or metric == "quotes" and goal["actual"] == listed, goal
    client.do("archiveGoal", {"is_archived": True}, goal=made["id"])


def test_a_goal_in_followers_counts_no_posts(demo):
    made = demo.client.do("createGoal", draft())
    assert made["actual"] and made["counted"] is None
    demo.client.do("archiveGoal", {"is_archived": True}, goal=made["id"])


def test_unusual_days_are_listed_and_judged(demo):
    client = demo.client
    found = client.do("listAnomalies")["anomalies"] + client.do("listAnomalies", query={"judged": "true"})["anomalies"]
    client.refused(404, "anomaly.unknown", "judgeAnomaly", {"version": 1, "status": "open"}, anomaly="01890a5d-ac96-774b-bcce-b302099a8057")
    client.refused(404, "anomaly.unknown", "getAnomaly", anomaly="01890a5d-ac96-774b-bcce-b302099a8057")
    assert found, "the demo has a day that stands out"
    one = found[0]
    view = client.do("getAnomaly", anomaly=one["id"])
    inside = [d for d in view["days"] if one["first_day"] <= d["day"] <= one["last_day"]]
    assert inside and abs(sum(d["value"] or 0 for d in inside) - one["actual"]) < 1e-6 and one["surprise"] >= 4.5
    assert one["actual"] > one["high"] if one["is_above"] else one["actual"] < one["low"]
    said = client.do("judgeAnomaly", {"version": one["version"], "status": "explained", "note": "テレビで紹介された"}, anomaly=one["id"])
    assert (said["status"], said["note"]) == ("explained", "テレビで紹介された") and said["by_name"]
    client.refused(409, "anomaly.edited", "judgeAnomaly", {"version": one["version"], "status": "open"}, anomaly=one["id"])
    client.do("judgeAnomaly", {"version": said["version"], "status": "open", "note": ""}, anomaly=one["id"])


def test_findings_come_with_intervals_or_with_a_plan(demo):
    client = demo.client
    account = next(a for a in client.do("listAccounts")["accounts"])["id"]
    reply = client.do("listFindings", query={"account": account})
    assert reply["n_posts"] >= 20 and {f["kind"] for f in reply["findings"]} >= {"time", "weekday"}, reply
    for one in reply["findings"]:
        assert one["low"] <= one["lift"] <= one["high"] and 0 <= one["chance_none"] <= 1
        assert one["is_told"] or one["low"] <= 0 <= one["high"] and one["test_posts"] > 0, one
    client.refused(404, "accounts.unknown", "listFindings", query={"account": "01890a5d-ac96-774b-bcce-b302099a8057"})


def test_findings_lead_to_their_posts_and_the_types_make_up_all_of_them(demo):
    client = demo.client
    asked = {"time": lambda key: dict(zip(("weekday", "hour"), key.split("-"))), "weekday": lambda key: {"weekday": key}, "type": lambda key: {"media": key}, "hashtag": lambda key: {"tag": key.replace("#", "")}}
    told = lambda account, **more: client.do("rankPosts", query={"account": account, "days": 365, "value": "settled", "limit": 1, **more})["told"]
    kinds = set()
    for account in client.do("listAccounts")["accounts"]:
        for _ in range(20):  # the demo goes on collecting
            reply = client.do("listFindings", query={"account": account["id"]})
            seen = [(one, told(account["id"], **asked[one["kind"]](one["key"]))) for one in reply["findings"]]
            types = [told(account["id"], media=media) for media in ("text", "link", "image", "gif", "video")]
            if client.do("listFindings", query={"account": account["id"]}) == reply:
                break
        assert [n for _, n in seen] == [one["n"] for one, _ in seen] and sum(types) == reply["n_posts"] and reply["since"] is None
        kinds |= {one["kind"] for one, _ in seen}
    assert kinds >= {"time", "weekday"}, kinds
