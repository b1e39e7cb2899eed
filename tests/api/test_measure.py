"""Posts by any metric of the dictionary, and what kinds of posts come to: over the demo's ninety days."""
import time
import uuid

import pytest

from contract import ROOT

MOST = {"days": 366, "limit": 500}


def test_the_dictionary_says_what_each_metric_is(demo):
    metrics = {m["slug"]: m for m in demo.client.do("listMetrics")["metrics"]}
    reach, impressions, er = metrics["reach"], metrics["impressions"], metrics["er_reach"]
    assert not reach["adds_over_posts"] and not reach["adds_over_days"] and not reach["adds_over_networks"]
    assert impressions["adds_over_posts"] and impressions["adds_over_days"] and impressions["adds_over_networks"]
    assert (er["over"], er["under"], er["kind"]) == ("engagements", "reach", "derived") and "リーチ" in er["formula"]["ja"]
    assert {"network": "instagram", "state": "estimated"}.items() <= next(m for m in reach["meanings"] if m["network"] == "instagram").items()
    assert [c["on"] for c in metrics["views"]["changes"] if c["network"] == "instagram"] == ["2025-04-21"]
    assert all(m["name"]["ja"] and m["name"]["en"] for m in metrics.values())


def test_posts_are_ranked_by_any_metric_with_who_told_it_and_when(demo):
    client = demo.client
    for metric in ("engagements", "likes", "er_followers"):
        ranked = client.do("rankPosts", query={**MOST, "metric": metric})
        values = [p["value"] for p in ranked["posts"] if p["value"] is not None]
        assert ranked["metric"] == metric and ranked["told"] == len(values) > 20 and ranked["found"] == len(ranked["posts"])
        assert values == sorted(values, reverse=True) and values[0] > 0
        assert all(p["value"] is None for p in ranked["posts"][len(values):])
        least = client.do("rankPosts", query={**MOST, "metric": metric, "least_first": "true"})
        assert [p["value"] for p in least["posts"]][: len(values)] == values[::-1]
    best = client.do("rankPosts", query={**MOST, "metric": "likes"})["posts"][0]
    likes = next(n for n in best["numbers"] if n["metric"] == "likes")
    assert likes["value"] == best["value"] and likes["state"] == "exact" and best["source"] == "practice" and best["as_of"] >= likes["as_of"]
    series = client.do("getPostMetrics", post=best["post_id"])["deliveries"]
    assert any(s["points"] and s["points"][-1]["value"] == best["value"] for d in series for s in d["series"] if s["metric"] == "likes")
    assert client.do("rankPosts", query={**MOST, "metric": "spend"})["told"] == 0


def test_filters_find_what_they_name(demo):
    client = demo.client
    everything = client.do("rankPosts", query=MOST)["posts"]
    account = everything[0]["account_id"]
    assert {p["account_id"] for p in client.do("rankPosts", query={**MOST, "account": account})["posts"]} == {account}
    campaign = next(p["campaign_id"] for p in everything if p["campaign_id"])
    assert {p["campaign_id"] for p in client.do("rankPosts", query={**MOST, "campaign": campaign})["posts"]} == {campaign}
    network = everything[0]["network"]
    assert {p["network"] for p in client.do("rankPosts", query={**MOST, "network": network})["posts"]} == {network}
    assert client.do("rankPosts", query={**MOST, "network": "tiktok", "format": "reel"})["posts"] == []
    tags = [g for g in client.do("getBreakdown", query={"days": 366, "by": "tag"})["groups"] if g["key"]]
    for group in tags[:3]:
        assert client.do("rankPosts", query={**MOST, "tag": group["key"].upper()})["found"] == group["n_posts"]
    assert len(client.do("rankPosts", query={"days": 366, "limit": 3})["posts"]) == 3
    client.refused(422, "measure.metric_unknown", "rankPosts", query={"metric": "happiness"}, pointer="?metric")
    client.refused(422, "measure.metric_unknown", "getBreakdown", query={"metric": "followers"}, pointer="?metric")


@pytest.mark.parametrize("by", ["network", "account", "campaign", "format", "weekday", "hour"])
def test_groups_of_posts_add_up_and_say_how_sure_they_are(demo, by):
    told = demo.client.do("getBreakdown", query={"days": 366, "by": by})
    groups, every = told["groups"], told["all"]
    assert told["by"] == by and told["adding"] == "added" and every["n_told"] > 20
    assert sum(g["n_posts"] for g in groups) == every["n_posts"] and sum(g["n_told"] for g in groups) == every["n_told"]
    assert sum(g["total"] or 0 for g in groups) == every["total"]
    assert abs(every["total"] / every["n_told"] - every["mean"]) < 1e-6
    for g in groups:
        assert g["low"] is None if g["n_told"] < 2 else g["low"] <= g["mean"] <= g["high"]
        assert not g["is_apart"] or g["n_told"] >= 2 and (g["low"] > every["mean"] or g["high"] < every["mean"])


def test_what_cannot_be_added_is_not(demo):
    ratio = demo.client.do("getBreakdown", query={"days": 366, "metric": "er_followers"})
    assert ratio["adding"] == "ratio" and ratio["all"]["mean"] > 0 and ratio["all"]["total"] is None
    people = demo.client.do("getBreakdown", query={"days": 366, "metric": "reach"})
    assert people["adding"] == "same_people" and people["all"]["total"] is None and all(g["total"] is None for g in people["groups"])


def still(demo, read):
    """What is read, once nothing came in meanwhile: the demo goes on collecting."""
    for _ in range(20):
        seen = demo.client.do("getOverview", query={"days": 90})["collected_at"]
        told = read()
        if demo.client.do("getOverview", query={"days": 90})["collected_at"] == seen:
            return told
    raise AssertionError("numbers never stood still")


class TestThePostsBehindANumber:
    """Every number of the dashboards leads to a list that comes to it."""

    def behind(self, demo, **query):
        told = demo.client.do("rankPosts", query={"limit": 500, **query})
        values = [p["value"] for p in told["posts"] if p["value"] is not None]
        assert told["found"] == len(told["posts"]) and told["told"] == len(values)
        assert told["mean"] is None if not values else abs(told["mean"] - sum(values) / len(values)) < 1e-6
        return told

    def test_a_post_with_a_picture_stands_among_those_with_pictures(self, demo):
        client = demo.client
        picture = client.do("uploadMedia", data=(ROOT / "tests/data/images/plain_21x9.png").read_bytes(), headers={"Content-Type": "image/png"})
        account = next(a["id"] for a in client.do("listAccounts")["accounts"] if a["network"] == "bluesky")
        shown = {"media_id": picture["id"], "alt": "無地の絵"}
        text = f"絵とリンク {uuid.uuid4().hex[:8]} https://example.com/"
        post = client.do("createPost", {"text": text, "variants": [{"account_id": account, "text": None}], "media": [shown]})["id"]
        client.do("schedulePost", {"now": True}, post=post)
        listed = lambda kind: {p["post_id"] for p in client.do("rankPosts", query={"days": 7, "limit": 500, "media": kind})["posts"]}
        end = time.monotonic() + 90
        while post not in listed("image"):
            assert time.monotonic() < end, client.do("getPost", post=post)["state"]
            time.sleep(0.3)
        assert not any(post in listed(kind) for kind in ("text", "link", "gif", "video"))

    def test_every_post_of_the_past_is_of_one_kind(self, demo):
        since = demo.client.do("getOverview", query={"days": 2})["days"][0]["day"]  # what others publish meanwhile is younger
        past = {p["id"] for p in demo.client.do("listPosts", query={"limit": 500})["posts"] if p["state"] == "published" and p["due_at"] < since}
        made = {kind: {p["post_id"] for p in self.behind(demo, days=120, media=kind)["posts"]} & past for kind in ("text", "link", "image", "gif", "video")}
        assert made["text"] and made["link"] and not made["text"] & made["link"] and made["text"] | made["link"] == past

    def test_tiles_and_days_are_what_posts_gained(self, demo):
        def read():
            overview = demo.client.do("getOverview", query={"days": 28})
            return overview, {k["metric"]: self.behind(demo, days=28, metric=k["metric"], value="gained") for k in overview["kpis"] if k["metric"] in ("engagements", "likes", "reposts", "replies", "quotes")}, \
                self.behind(demo, days=28), [self.behind(demo, first_day=d["day"], value="gained") for d in overview["days"]]
        overview, gained, newest, days = still(demo, read)
        kpis = {k["metric"]: k["value"] for k in overview["kpis"]}
        for metric, told in gained.items():
            assert (told["whole"] or 0) == kpis[metric] == sum(p["value"] for p in told["posts"]) and told["value"] == "gained", metric
        assert newest["found"] == kpis["posts"] and abs(newest["mean"] - kpis["engagement_per_post"]) < 1e-6
        assert [d["whole"] or 0 for d in days] == [d["engagements"] for d in overview["days"]] and any(d["found"] > 1 for d in days)

    def test_cells_of_the_heat_map_are_posts_after_two_days(self, demo):
        def read():
            cells = demo.client.do("getOverview", query={"days": 90})["heat"]
            return [(c, self.behind(demo, days=90, weekday=c["weekday"], hour=c["hour"], value="settled", metric="likes")) for c in cells]
        for cell, told in still(demo, read):
            assert told["told"] == cell["n"] and abs(told["mean"] - cell["mean"]) < 1e-6 and told["metric"] == "engagements"

    @pytest.mark.parametrize("metric", ["likes", "er_impressions", "impressions", "views", "er_followers"])
    def test_points_over_time_are_what_posts_gained(self, demo, metric):
        def read():
            series = demo.client.do("getMeasureSeries", query={"days": 28, "metric": metric})
            return series, [self.behind(demo, first_day=p["day"], last_day=p["day"], metric=metric, value="gained")["whole"] for p in series["points"]]
        series, wholes = still(demo, read)
        assert series["is_of_posts"]
        for point, whole in zip(series["points"], wholes):
            assert abs((point["value"] or 0) - (whole or 0)) < 1e-9, point
        assert not demo.client.do("getMeasureSeries", query={"metric": "followers"})["is_of_posts"]

    @pytest.mark.parametrize("by", ["network", "account", "campaign", "tag", "format", "weekday", "hour"])
    def test_groups_are_the_posts_of_their_kind(self, demo, by):
        def read():
            groups = demo.client.do("getBreakdown", query={"days": 90, "by": by})["groups"]
            return [(g, self.behind(demo, days=90, **({by: g["key"]} if g["key"] else {"without": by}))) for g in groups]
        for group, told in still(demo, read):
            assert (told["found"], told["told"], told["whole"]) == (group["n_posts"], group["n_told"], group["total"]), group["key"]
            assert told["mean"] is None if group["mean"] is None else abs(told["mean"] - group["mean"]) < 1e-6

    def test_a_campaign_comes_to_its_posts_of_any_time(self, demo):
        for campaign in demo.client.do("listCampaigns")["campaigns"]:
            results, told = still(demo, lambda: (demo.client.do("getCampaignResults", campaign=campaign["id"]), self.behind(demo, ever="true", campaign=campaign["id"])))
            assert (told["found"], told["whole"]) == (results["n_published"], results["engagements"])

    def test_days_that_are_no_period_are_refused(self, demo):
        client = demo.client
        assert self.behind(demo, last_day="2031-05-05")["found"] == 0
        client.refused(422, "measure.bad_days", "rankPosts", query={"first_day": "2026-02-30"}, pointer="?first_day")
        client.refused(422, "measure.bad_days", "rankPosts", query={"last_day": "2026-13-01"}, pointer="?last_day")
        client.refused(422, "measure.bad_days", "rankPosts", query={"first_day": "2026-02-02", "last_day": "2026-02-01"}, pointer="?last_day")
