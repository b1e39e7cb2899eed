"""Days the team notes, made, changed, removed and put back; and one metric over time."""
import datetime

from test_measure import still

SOMEBODY = "01890a5d-ac96-774b-bcce-b302099a8057"


def day(days=0):
    return (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date() + datetime.timedelta(days=days)).isoformat()


def draft(**more):
    return {"starts_on": day(-3), "kind": "media", "text": "テレビで紹介された", **more}


class TestAnnotations:
    def test_one_is_made_changed_removed_and_put_back(self, world):
        owner = world.owner
        made = owner.do("createAnnotation", draft(account_id=world.account))
        assert (made["ends_on"], made["version"], made["is_removed"]) == (day(-3), 1, False) and made["by_name"]
        assert made["id"] in [a["id"] for a in owner.do("listAnnotations")["annotations"]]
        assert made["id"] not in [a["id"] for a in owner.do("listAnnotations", query={"days": 2})["annotations"]]
        changed = owner.do("changeAnnotation", {"version": 1, "annotation": draft(ends_on=day(), kind="outage", text="障害")}, annotation=made["id"])
        assert (changed["kind"], changed["text"], changed["ends_on"], changed["account_id"]) == ("outage", "障害", day(), None)
        owner.refused(409, "annotation.edited", "changeAnnotation", {"version": 1, "annotation": draft()}, annotation=made["id"])
        for _ in range(2):
            assert owner.do("removeAnnotation", {"is_removed": True}, annotation=made["id"])["is_removed"]
        assert made["id"] not in [a["id"] for a in owner.do("listAnnotations")["annotations"]]
        back = owner.do("removeAnnotation", {"is_removed": False}, annotation=made["id"])
        assert (back["is_removed"], back["text"]) == (False, "障害") and made["id"] in [a["id"] for a in owner.do("listAnnotations")["annotations"]]
        audit = [line["action"] for line in owner.do("listAudit")["entries"] if line["subject_id"] == made["id"]]
        assert audit == ["annotation.restore", "annotation.remove", "annotation.change", "annotation.create"]

    def test_what_makes_no_sense_is_refused(self, world):
        owner = world.owner
        owner.refused(422, "annotation.bad_days", "createAnnotation", draft(ends_on=day(-4)), pointer="/ends_on")
        owner.refused(422, "annotation.bad_days", "createAnnotation", draft(starts_on="2026-02-30"), pointer="/starts_on")
        owner.refused(404, "accounts.unknown", "createAnnotation", draft(account_id=SOMEBODY), pointer="/account_id")
        made = owner.do("createAnnotation", draft())
        owner.refused(404, "accounts.unknown", "changeAnnotation", {"version": 1, "annotation": draft(account_id=SOMEBODY)}, annotation=made["id"])

    def test_two_thousand_are_enough(self, world):
        stranger = world.other_workspace()
        made = [stranger.do("createAnnotation", draft(text=f"{n}")) for n in range(2000)]
        stranger.refused(409, "annotation.too_many", "createAnnotation", draft())
        stranger.do("removeAnnotation", {"is_removed": True}, annotation=made[0]["id"])
        stranger.do("createAnnotation", draft())
        stranger.refused(409, "annotation.too_many", "removeAnnotation", {"is_removed": False}, annotation=made[0]["id"])


class TestSeries:
    def test_days_weeks_and_months_come_to_the_same_and_stand_beside_the_time_before(self, demo):
        ask = lambda **query: demo.client.do("getMeasureSeries", query={"days": 28, **query})
        read = lambda: (ask(metric="likes"), ask(), ask(metric="likes", grain="week")["points"], ask(metric="followers")["whole"]["value"], demo.client.do("getOverview", query={"days": 28}))
        days, reactions, weeks, followers, overview = still(demo, read)
        assert len(days["points"]) == len(days["before"]) == 28 and days["points"][-1]["day"] == day() and days["grain"] == "day"
        assert days["whole"]["value"] == sum(p["value"] or 0 for p in days["points"]) > 0 and days["whole"]["day"] is None
        assert days["whole_before"]["value"] == sum(p["value"] or 0 for p in days["before"])
        assert all(p["value"] is None or p["as_of"] and p["readings"] for p in days["points"]) and days["source"] == "practice"
        assert [p["value"] or 0 for p in days["points"]] == [d["likes"] for d in overview["days"]]
        assert [p["value"] or 0 for p in reactions["points"]] == [d["engagements"] for d in overview["days"]]
        assert all(datetime.date.fromisoformat(w["day"]).weekday() == 0 for w in weeks) and weeks[1]["value"] == sum(p["value"] or 0 for p in days["points"] if weeks[1]["day"] <= p["day"] < weeks[2]["day"])
        assert all(m["day"].endswith("-01") for m in ask(metric="likes", grain="month")["points"])
        assert followers == next(k["value"] for k in overview["kpis"] if k["metric"] == "followers")
        assert 0 < ask(metric="er_followers")["whole"]["value"] < 10

    def test_accounts_and_networks_add_up_to_all(self, demo):
        ask = lambda **query: demo.client.do("getMeasureSeries", query={"days": 90, "metric": "likes", **query})["whole"]["value"] or 0
        accounts = demo.client.do("listAccounts")["accounts"]
        assert ask() == sum(ask(account=a["id"]) for a in accounts) == sum(ask(by="network", name=n) for n in {a["network"] for a in accounts})
        assert ask() == sum(ask(by="format", name=f) for f in ("post", "reel", "story", "video", "short", "broadcast", "narrowcast", "message"))

    def test_a_hashtag_and_a_campaign_have_days_of_their_own(self, demo):
        groups = lambda by: [g["key"] for g in demo.client.do("getBreakdown", query={"days": 366, "by": by})["groups"] if g["key"]]
        tag = groups("tag")[0]
        ask = lambda **query: demo.client.do("getMeasureSeries", query={"days": 366, **query})
        told = ask(by="tag", name=tag.upper())
        assert 0 < told["whole"]["value"] <= ask()["whole"]["value"]
        campaign = groups("campaign")[0]
        assert (ask(by="campaign", name=campaign)["whole"]["value"] or 0) <= ask()["whole"]["value"]
        assert ask(by="campaign", name=SOMEBODY)["whole"]["value"] in (None, 0)

    def test_hours_add_up_to_days_under_every_label(self, demo):
        def ask(**query):
            told = demo.client.do("getMeasureSeries", query={"days": 3, "metric": "likes", **query})
            days = {}
            for point in told["points"]:
                assert (point["hour"] is not None) == (told["grain"] == "hour")
                days[point["day"]] = days.get(point["day"], 0) + (point["value"] or 0)
            return days
        accounts = demo.client.do("listAccounts")["accounts"]
        groups = lambda by: [{"by": by, "name": g["key"]} for g in demo.client.do("getBreakdown", query={"days": 366, "by": by})["groups"] if g["key"]]
        labels = [{}, {"account": accounts[0]["id"]}, *groups("network"), *groups("format"), *groups("tag")[:2], *groups("campaign")[:1]]
        for label in labels:
            for _ in range(20):
                before, hours, after = ask(**label), ask(grain="hour", **label), ask(**label)
                if before == after:
                    break
            assert before == after == hours, label
        assert any(any(ask(grain="hour", **label).values()) for label in labels[2:])
        assert demo.client.do("getMeasureSeries", query={"days": 2, "metric": "followers", "grain": "hour"})["points"][-1]["value"] > 0

    def test_what_says_nothing_of_days_is_refused(self, demo):
        client = demo.client
        client.refused(422, "measure.hours_kept", "getMeasureSeries", query={"days": 15, "grain": "hour"}, pointer="?days")
        assert len(client.do("getMeasureSeries", query={"days": 14, "grain": "hour"})["points"]) > 13 * 24
        assert [client.do("getMeasureSeries", query={"days": days, "grain": "hour"})["before"] == [] for days in (7, 8)] == [False, True]  # hours that are not kept are not hours without anything
        client.refused(422, "measure.hours_kept", "getMeasureSeries", query={"days": 4, "grain": "hour", "by": "network", "name": "bluesky"}, pointer="?days")
        client.refused(422, "measure.metric_unknown", "getMeasureSeries", query={"metric": "day_views", "grain": "hour"}, pointer="?metric")
        client.refused(422, "measure.metric_unknown", "getMeasureSeries", query={"metric": "reach"}, pointer="?metric")
        client.refused(422, "measure.metric_unknown", "getMeasureSeries", query={"metric": "happiness"}, pointer="?metric")
        client.refused(422, "measure.half_a_part", "getMeasureSeries", query={"by": "tag"}, pointer="?name")
        client.refused(422, "measure.half_a_part", "getMeasureSeries", query={"name": "tag"}, pointer="?by")
        client.refused(404, "accounts.unknown", "getMeasureSeries", query={"account": SOMEBODY})
