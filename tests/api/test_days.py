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
