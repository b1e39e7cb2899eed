"""The days of a range, as the calendar asks for them."""


class TestDays:
    def test_a_week_in_words_of_the_caller(self, world):
        reply = world.owner.do("listDays", query={"from": "2026-09-20", "until": "2026-09-26"})
        assert (reply["from"], reply["until"], reply["zone"]) == ("2026-09-20", "2026-09-26", "Asia/Tokyo")
        holidays = {d["first"]: d["name"] for d in reply["days"] if d["kind"] == "holiday"}
        assert holidays == {"2026-09-21": "敬老の日", "2026-09-22": "国民の休日", "2026-09-23": "秋分の日"}
        moon = next(d for d in reply["days"] if d["id"] == "moon-viewing")
        assert moon["first"] == "2026-09-25" and moon["kind"] == "season" and moon["source"] and moon["as_of"]
        higan = next(d for d in reply["days"] if d["id"] == "higan-autumn")
        assert (higan["first"], higan["last"]) == ("2026-09-20", "2026-09-26")

    def test_sensitive_days_say_how_much_care(self, world):
        days = {d["id"]: d for d in world.owner.do("listDays", query={"from": "2027-03-11", "until": "2027-03-11"})["days"]}
        assert days["tohoku"]["care"] == "hold" and days["tohoku"]["moment"] == "14:46" and days["tohoku"]["note"] and not days["tohoku"]["words"]
        assert days["spring-care"]["care"] == "soften" and "死ぬほど" in days["spring-care"]["words"]

    def test_without_a_range_it_begins_today(self, world):
        reply = world.owner.do("listDays")
        assert reply["from"] == reply["today"] and reply["until"] > reply["from"]
        assert reply["tabled_from"] <= 2026 < reply["tabled_until"]

    def test_what_is_no_range_is_refused(self, world):
        for query in ({"from": "2026-02-30"}, {"from": "2026-03-01", "until": "2026-02-28"}, {"from": "1969-12-31", "until": "1970-01-02"},
                      {"from": "2026-01-01", "until": "2027-02-05"}, {"until": "2100-01-01"}):
            world.owner.refused(422, "days.bad_range", "listDays", query=query)


class TestTracked:
    def test_kept_listed_and_let_go(self, world):
        owner = world.owner
        made = owner.do("track", {"who": "となりの店", "text": "冬の福袋、予約受付中です", "url": "https://example.com/p/1", "on": "2026-12-01"})
        assert made["on"] == "2026-12-01" and made["by"] and made in owner.do("listTracked")["tracked"]
        bare = owner.do("track", {"who": "むかいの店", "text": "年末セール", "on": "2026-12-20"})
        assert bare["url"] is None and [t["id"] for t in owner.do("listTracked")["tracked"]] == [bare["id"], made["id"]]
        for one in (made, bare):
            owner.do("untrack", tracked=one["id"])
        assert not owner.do("listTracked")["tracked"]
        owner.refused(404, "tracked.unknown", "untrack", tracked=made["id"])

    def test_what_is_no_day_and_too_much_is_refused(self, world):
        owner = world.owner
        owner.refused(422, "tracked.bad_day", "track", {"who": "x", "text": "y", "on": "2026-02-30"}, pointer="/on")
        ids = [owner.do("track", {"who": "x", "text": f"y{i}", "on": "2026-02-28"})["id"] for i in range(500)]
        owner.refused(409, "tracked.too_many", "track", {"who": "x", "text": "z", "on": "2026-02-28"})
        for one in ids:
            owner.do("untrack", tracked=one)


class TestCare:
    def test_a_workspace_chooses_and_a_person_clears(self, world):
        owner = world.owner
        assert owner.do("getCare") == {"holds_days": False}
        assert owner.do("setCare", {"holds_days": True}) == {"holds_days": True} == owner.do("getCare")
        owner.do("setCare", {"holds_days": False})
        post = owner.do("createPost", {"text": "給水所の場所です", "variants": []})["id"]
        owner.do("clearPost", {"reason": "支援の情報のため"}, post=post)
        owner.refused(422, "hold.no_reason", "clearPost", {"reason": "  "}, post=post)
        owner.refused(404, "post.unknown", "clearPost", {"reason": "x"}, post="00000000-0000-7000-8000-000000000000")

    def test_disaster_mode_needs_a_reason_and_is_told_at_the_check(self, world):
        owner = world.owner
        owner.refused(422, "hold.no_reason", "setHold", {"is_held": True, "is_disaster": True})
        owner.refused(422, "hold.two_subjects", "setHold", {"is_held": True, "is_disaster": True, "reason": "x", "account_id": world.account})
        hold = owner.do("setHold", {"is_held": True, "is_disaster": True, "reason": "震度6弱"})
        assert not hold["is_held"] and [(s["scope"], s["reason"]) for s in hold["switches"]] == [("disaster", "震度6弱")]
        checked = owner.do("checkDraft", {"text": "セール", "variants": []})
        assert [(c["severity"], c["reason"]) for c in checked["cautions"] if c["kind"] == "disaster"] == [("block", "震度6弱")]
        assert not owner.do("setHold", {"is_held": False, "is_disaster": True})["switches"]

    def test_what_says_nearly_the_same_and_the_day_are_told(self, world):
        owner = world.owner
        text = "冬のいちごタルト、今年も12月から店頭に並びます。ご予約はお電話でどうぞ。"
        kept = owner.do("createPost", {"text": text + "🍓", "variants": [{"account_id": world.account, "text": None}], "due_at": "2027-03-10T03:00:00Z"})["id"]
        tracked = owner.do("track", {"who": "となりの店", "text": text, "on": "2027-03-12"})["id"]
        draft = {"text": text, "variants": [{"account_id": world.account, "text": None}], "due_at": "2027-03-11T05:30:00Z"}
        cautions = {c["kind"]: c for c in owner.do("checkDraft", draft)["cautions"]}
        assert set(cautions) == {"moment", "repeat", "tracked"}
        assert cautions["moment"]["day"] == "tohoku" and cautions["moment"]["severity"] == "warn" and cautions["moment"]["source"]
        assert cautions["repeat"]["post_id"] == kept and cautions["repeat"]["share"] == 1 and cautions["repeat"]["network"] == "bluesky"
        assert cautions["tracked"]["tracked_id"] == tracked and cautions["tracked"]["name"] == "となりの店"
        owner.do("untrack", tracked=tracked)
        owner.do("deletePost", post=kept)
        assert {c["kind"] for c in owner.do("checkDraft", {**draft, "due_at": "2027-03-11T00:30:00Z"})["cautions"]} == {"day"}
