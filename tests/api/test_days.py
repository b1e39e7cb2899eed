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
