"""The demo: signed in at the first click, 90 days of history that fit the contract, and a practice network that counts."""
import concurrent.futures

import pytest


def test_the_demo_signs_in_at_once_and_everything_can_be_read(demo):
    client = demo.client
    assert client.do("getAbout")["is_demo"] and not client.do("getAbout")["needs_setup"]
    assert client.session["workspaces"][0]["is_practice"] and client.session["is_demo"]
    overview = client.do("getOverview", query={"days": 90})
    assert len(overview["days"]) in (90, 91) and overview["top"] and len(overview["heat"]) > 24
    posts = client.do("listPosts", query={"limit": 500})["posts"]
    assert len(posts) > 90 and {p["state"] for p in posts} >= {"published", "scheduled"}
    for name in ("getSession", "listSessions", "getWorkspace", "listMembers", "listInvitations", "listTokens", "listAudit", "listNetworks", "listAccounts", "listDeliveries", "getHold", "getToday"):
        client.do(name)
    account = client.do("listAccounts")["accounts"][0]
    assert account["is_practice"] and account["state"] == "ok"
    top = overview["top"][0]
    curves = client.do("getPostMetrics", post=top["post_id"])["deliveries"][0]["series"]
    last = {s["metric"]: s["points"][-1]["value"] for s in curves if s["points"]}
    assert sum(last.values()) == top["engagements"] and (last["likes"], last["replies"]) == (top["likes"], top["replies"])
    for series in curves:
        times = [p["at"] for p in series["points"]]
        assert times == sorted(times) and len(set(times)) == len(times)


def test_the_demo_has_campaigns_ideas_and_tasks_that_hang_together(demo):
    client = demo.client
    campaigns = {c["name"]: c for c in client.do("listCampaigns")["campaigns"]}
    winter = client.do("getCampaign", campaign=campaigns["冬のブレンドと福袋"]["id"])
    assert len(campaigns) == 3 and winter["status"] == "running" and winter["goal"]["metric"] == "engagements" and len(winter["brief"]) == 15
    results = client.do("getCampaignResults", campaign=winter["id"])
    assert results["n_read"] == results["n_published"] > 3 and results["goal"]["state"] == "measured" and results["goal"]["actual"] == results["engagements"] == sum(p["engagements"] for p in results["posts"]) > 0
    assert all(c["n_posts"] and c["starts_on"] < c["ends_on"] for c in campaigns.values())
    mine = client.do("listMine")
    assert mine["tasks"][0]["due_on"] < mine["today"] and len(mine["ideas"]) == 3
    ids = {c["id"] for c in campaigns.values()} | {None}
    assert {i["campaign_id"] for i in client.do("listIdeas")["ideas"]} | {t["campaign_id"] for t in client.do("listTasks")["tasks"]} <= ids


@pytest.mark.parametrize("days", [1, 7, 30, 366])
def test_the_dashboard_adds_up(demo, days):
    overview = demo.client.do("getOverview", query={"days": days})
    total = sum(d["engagements"] for d in overview["days"])
    assert next(k for k in overview["kpis"] if k["metric"] == "engagements")["value"] == total
    assert all(d["engagements"] >= d["likes"] + d["reposts"] + d["replies"] for d in overview["days"])
    assert sum(d["posts"] for d in overview["days"]) == next(k for k in overview["kpis"] if k["metric"] == "posts")["value"]


def test_many_visitors_of_the_demo_do_not_disturb_each_other(demo):
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        sessions = list(pool.map(lambda _: demo.visitor().do("getToday")["zone"], range(12)))
    assert set(sessions) == {"Asia/Tokyo"}
