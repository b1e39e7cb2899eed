"""The demo: signed in at the first click, 90 days of history that fit the contract, and a practice network that counts."""
import concurrent.futures
import time
import urllib.parse
import uuid

import httpx
import pytest

from test_connections import come_back


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
    previous = {k["metric"]: k["previous"] for k in overview["kpis"]}
    assert (previous["posts"] is None) == (days == 366) and not (previous["posts"] is None and previous["engagement_per_post"] is not None)  # nothing is told of days before the numbers began


def test_many_visitors_of_the_demo_do_not_disturb_each_other(demo):
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        sessions = list(pool.map(lambda _: demo.visitor().do("getToday")["zone"], range(12)))
    assert set(sessions) == {"Asia/Tokyo"}


def test_an_answer_is_hidden_at_its_network_and_shown_again(demo):
    """On the practice X, which remembers what is hidden."""
    client = demo.client
    made = client.do("startConnection", {"network": "x", "practice": True})
    there = urllib.parse.urlsplit(httpx.get(made["authorize_url"] + "&practice_account=hibiki").headers["location"])
    come_back(client, **{key: values[0] for key, values in urllib.parse.parse_qs(there.query).items()})
    (account,) = client.do("getConnection", connection=made["id"])["accounts"]
    face = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(made["authorize_url"]))
    text = f"隠す返信を待つ投稿 {uuid.uuid4().hex[:8]}"
    post = client.do("createPost", {"text": text, "variants": [{"account_id": account, "text": None}]})["id"]
    client.do("schedulePost", {"now": True}, post=post)
    id = until(lambda: next((p["id"] for p in httpx.get(face + "/practice/posts").json()["posts"] if p["text"] == text), None))
    rude = f"ひどいことば {uuid.uuid4().hex[:8]}"
    assert httpx.post(face + "/practice/own/say", json={"text": rude, "kind": "mention", "to": id}).status_code == 200
    talk = until(lambda: next((t for t in client.do("listTalk", query={"limit": 100})["talk"] if rude in t["text"]), None))
    assert talk["kind"] == "comment" and not talk["is_hidden"]
    assert httpx.get(face + "/practice/own/hidden").json() == {"hidden": []}
    for is_hidden in (True, False):
        client.do("hideTalk", {"is_hidden": is_hidden}, talk=talk["id"])
        until(lambda: next(t for t in client.do("getThread", thread=talk["thread_id"])["talk"] if t["id"] == talk["id"])["is_hidden"] == is_hidden)
        assert len(httpx.get(face + "/practice/own/hidden").json()["hidden"]) == is_hidden
        assert client.do("getThreadWork", thread=talk["thread_id"])["hidden"][0]["state"] == "done"


def until(done, seconds=60):
    end = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < end, found
        time.sleep(0.2)
    return found
