"""Check over the API: a text through the rules, a workspace's care of them, the calculators."""
import pytest

NG = """rules:
  - id: NG-1
    severity: block
    message: {ja: 競合の名前です, en: a competitor's name}
    match: {any: [ライバル社]}
    replace: {ライバル社: 他社}
    hit: [ライバル社より]
"""
REPEAT = """rules:
  - id: NG-2
    severity: block
    networks: [bluesky]
    facts: [repeat]
    message: {ja: 先週と同じです, en: the same as last week}
    match: {always: "yes"}
"""
TERMS = "version: 1\nrules:\n  - expected: サーバー\n    pattern: サーバ\n"


def findings(client, text, **more):
    return {f["rule"]: f for f in client.do("checkText", {"text": text, **more})["findings"]}


def rule(client, name):
    return next(r for r in client.do("listCheckRules")["rules"] if r["id"] == name)


class TestText:
    def test_a_finding_has_its_place_its_reason_and_its_source(self, world):
        text = "😀 業界 最\u200b安 値を宅急便で"
        report = world.owner.do("checkText", {"text": text, "networks": ["x"]})
        found = {f["rule"]: f for f in report["findings"]}
        cheapest, mark = found["KHY-05"], found["TM-01"]
        assert text.encode()[cheapest["start"]:cheapest["end"]].decode() == cheapest["found"] == "業界 最\u200b安 値"
        assert text.encode("utf-16-le")[2 * mark["utf16_start"]:2 * mark["utf16_end"]].decode("utf-16-le") == "宅急便"
        assert mark["replacement"] == "宅配便" and cheapest["replacement"] is None
        assert cheapest["law"]["ja"].startswith("景表法") and cheapest["source"] and cheapest["as_of"] == "2026-11-23"
        assert cheapest["message"]["ja"] != cheapest["message"]["en"]
        assert report["gravest"] == "warn" and not report["is_cut"]
        assert world.owner.do("checkText", {"text": "本日もお待ちしています"}) == {"findings": [], "gravest": None, "is_cut": False}

    def test_industry_and_relation_decide(self, world):
        owner = world.owner
        assert "YKK-01" in findings(owner, "ニキビが治る", industries=["cosme"]) and "YKK-01" not in findings(owner, "ニキビが治る")
        assert findings(owner, "新作のリップ", relation="gifted")["STM-01"]["severity"] == "block"
        assert "STM-01" not in findings(owner, "【PR】新作のリップ", relation="gifted")
        assert "STM-05" in findings(owner, "【PR】新作", relation="paid", has_video=True, disclosure_at_ms=9000, disclosure_for_ms=3000)
        assert "STM-09" in findings(owner, "【PR】新作", relation="paid", has_image=True)
        assert "ALC-01" in findings(owner, "純米酒が入荷", industries=["alcohol"])

    def test_the_networks_switch_and_what_happens_around_count(self, world):
        owner = world.owner
        assert findings(owner, "【PR】新作", relation="gifted", networks=["tiktok"])["STM-10"]["severity"] == "warn"
        assert "STM-10" not in findings(owner, "【PR】新作", relation="gifted", networks=["tiktok"], is_switched=True)
        assert findings(owner, "震度7の安さ")["SEN-01"]["severity"] == "warn"
        assert findings(owner, "震度7の安さ", is_disaster=True)["SEN-01"]["severity"] == "block"
        assert findings(owner, "選挙よりセール", is_election=True)["SEN-03"]["severity"] == "block"

    def test_elections_of_the_workspace_make_politics_block(self, world):
        owner = world.owner
        span = {"from_day": "2000-01-01", "to_day": "2099-12-31"}
        assert findings(owner, "選挙よりセール")["SEN-03"]["severity"] == "warn"
        assert owner.do("putCheckSetting", {"industries": [], "elections": [span]}) == {"industries": [], "elections": [span]}
        assert findings(owner, "選挙よりセール")["SEN-03"]["severity"] == "block"
        swapped = {"from_day": span["to_day"], "to_day": span["from_day"]}
        owner.refused(422, "check.bad_span", "putCheckSetting", {"industries": [], "elections": [span, swapped]}, pointer="/elections/1")
        owner.refused(422, "check.bad_day", "putCheckSetting", {"industries": [], "elections": [{**span, "from_day": "2026-02-30"}]}, pointer="/elections/0")
        assert owner.do("getCheckSetting")["elections"] == [span]
        owner.do("putCheckSetting", {"industries": []})
        assert owner.do("getCheckSetting") == {"industries": [], "elections": []}

    def test_a_hundred_thousand_characters_and_tricks_are_answered(self, world):
        owner = world.owner
        assert owner.do("checkText", {"text": "最高" * 50000})["is_cut"]
        tricks = owner.do("checkText", {"text": "\u202e\u200b\u0301" * 30000})
        assert tricks["is_cut"] and {f["rule"] for f in tricks["findings"]} == {"UNS-01", "UNS-02"} and len(tricks["findings"]) < 200
        owner.refused(422, "input.too_long", "checkText", {"text": "あ" * 100001}, pointer="/text")


class TestCare:
    def test_a_rule_is_switched_tuned_and_shown(self, world):
        owner, text = world.owner, "業界最安値を宅急便で"
        before = rule(owner, "TM-01")
        assert not before["is_off"] and not before["is_own"] and before["tuned"] is None and before["source"]
        assert before["category"] == "marks" and before["hit"] == ["宅急便でお届け"] and before["pass"] == ["宅配便でお届け"]
        assert owner.do("tuneCheckRule", {"is_off": True, "severity": None}, rule="TM-01")["is_off"]
        assert owner.do("tuneCheckRule", {"is_off": False, "severity": "block"}, rule="KHY-05")["tuned"] == "block"
        found = findings(owner, text)
        assert "TM-01" not in found and found["KHY-05"]["severity"] == "block"
        for name in ("TM-01", "KHY-05"):
            owner.do("tuneCheckRule", {"is_off": False, "severity": None}, rule=name)
        assert findings(owner, text)["KHY-05"]["severity"] == "warn" and rule(owner, "TM-01") == before
        owner.refused(404, "check.unknown_rule", "tuneCheckRule", {"is_off": True, "severity": None}, rule="NO-1")
        assert any(a["action"] == "check.tune" for a in owner.do("listAudit")["entries"])

    def test_a_bad_file_is_refused_by_line_and_the_old_one_stays(self, world):
        owner = world.owner
        assert owner.do("getCheckFile", file="rules")["text"] == ""
        assert owner.do("putCheckFile", {"text": NG}, file="rules")["n_rules"] == 1
        assert owner.do("putCheckFile", {"text": TERMS}, file="terms")["n_rules"] == 1
        bad = {"check.bad_syntax": "rules: [\n", "check.bad_rule": NG.replace("severity: block", "severity: grave"),
               "check.bad_pattern": NG.replace("{any: [ライバル社]}", "{re: '(ライバル'}"),
               "check.bad_example": NG.replace("ライバル社より", "なにもない"),
               "check.slow_rule": NG.replace("{any: [ライバル社]}", "{re: '(.{0,400}ら){3}あ'}").replace("    hit: [ライバル社より]\n", ""),
               "check.too_many": "rules: " + "[" * 60}
        lines = {"check.bad_syntax": "2", "check.bad_rule": "3", "check.bad_pattern": "5", "check.bad_example": "2", "check.slow_rule": "2", "check.too_many": "1"}
        for reason, text in bad.items():
            refusal = owner.refused(422, reason, "putCheckFile", {"text": text}, file="rules")
            detail = refusal["detail"]
            assert refusal["line"] == int(lines[reason])
            assert lines[reason] in detail, detail
        assert owner.do("getCheckFile", file="rules")["text"] == NG
        found = findings(owner, "ライバル社のサーバ")
        assert found["NG-1"]["replacement"] == "他社" and found["TERM-2"]["replacement"] == "サーバー"
        assert rule(owner, "NG-1")["is_own"]
        owner.refused(404, "check.unknown_file", "putCheckFile", {"text": NG}, file="other")
        owner.refused(404, "check.unknown_file", "getCheckFile", file="other")
        for name in ("rules", "terms"):
            owner.do("putCheckFile", {"text": ""}, file=name)
        assert findings(owner, "ライバル社のサーバ") == {}

    def test_another_workspace_keeps_its_own(self, world):
        world.owner.do("putCheckFile", {"text": NG}, file="rules")
        assert "NG-1" not in findings(world.other_workspace(), "ライバル社")
        world.owner.do("putCheckFile", {"text": ""}, file="rules")

    def test_false_alarms_make_a_precision(self, world):
        owner = world.owner
        for text in ("本場アサリの老害", "底辺の村", "底辺の町"):
            owner.do("checkText", {"text": text, "is_final": True})
        owner.do("markFalseAlarm", {"text": "底辺の村", "found": "底辺"}, rule="DIS-05")
        assert {k: rule(owner, "DIS-05")[k] for k in ("n_told", "n_false", "precision")} == {"n_told": 2, "n_false": 1, "precision": 0.5}
        assert rule(owner, "DIS-06")["precision"] == 1
        assert rule(owner, "KHY-18")["precision"] is None
        owner.refused(404, "check.unknown_rule", "markFalseAlarm", {"text": "x", "found": "x"}, rule="NO-1")


class TestCalculators:
    @pytest.mark.parametrize("kind, price, sales, each, total", [("general", 4999, 1000000, 99980, 20000), ("general", 5000, 0, 100000, 0), ("joint", 100, 1000000, 300000, 30000),
                                                                 ("all", 999, 0, 200, None), ("all", 1005, 0, 201, None), ("open", 100, 0, None, None)])
    def test_premium(self, world, kind, price, sales, each, total):
        cap = world.owner.do("computePremium", {"kind": kind, "price_yen": price, "sales_yen": sales})
        assert ("total_percent" in cap) == (total is not None) and ("most_yen" in cap or "percent" in cap) == (each is not None)
        assert (cap["each_yen"], cap["total_yen"]) == (each, total) and cap["source"] and cap["as_of"]

    def test_price(self, world):
        owner, ask = world.owner, lambda *periods: {"price_yen": 9800, "sale_day": "2026-04-01", "periods": [{"price_yen": p, "from_day": a, "to_day": b} for p, a, b in periods]}
        fair = owner.do("comparePrice", ask((9800, "2026-02-01", "2026-03-31")))
        assert fair["is_fair"] and fair["n_window"] == 56 and fair["n_at_price"] == 56 and fair["n_since"] == 1
        old = owner.do("comparePrice", ask((9800, "2026-01-01", "2026-03-18"), (7000, "2026-03-19", "2026-03-31")))
        assert not old["is_fair"] and not old["is_recent"] and old["is_majority"] and old["n_since"] == 14
        assert owner.do("comparePrice", ask())["n_since"] is None
        owner.refused(422, "check.bad_day", "comparePrice", {**ask(), "sale_day": "2026-02-30"}, pointer="/sale_day")
        owner.refused(422, "check.bad_day", "comparePrice", ask((1, "2026-01-01", "2026-13-01")), pointer="/periods/0/to_day")


class TestPosts:
    def draft(self, world, text, **more):
        return world.owner.do("createPost", {"text": text, "variants": [{"account_id": world.account, "text": None}], **more})["id"]

    def test_what_blocks_goes_out_only_with_a_reason_of_somebody_who_may(self, world):
        owner, at, post = world.owner, {"at": "2030-01-01T00:00:00Z"}, self.draft(world, "オンカジの注意喚起です")
        refusal = owner.refused(422, "check.blocked", "schedulePost", at, pointer="/text", post=post)
        assert "GMB-01" in refusal["detail"] and "オンカジ" in refusal["detail"]
        world.person("editor").refused(403, "auth.forbidden", "overrideCheck", {"reason": "引用"}, post=post)
        owner.refused(422, "check.no_reason", "overrideCheck", {"reason": " "}, post=post)
        owner.refused(404, "post.unknown", "overrideCheck", {"reason": "x"}, post="00000000-0000-7000-8000-000000000000")
        world.person("approver").do("overrideCheck", {"reason": "消費者庁の注意喚起の引用"}, post=post)
        scheduled = owner.do("schedulePost", at, post=post)
        assert scheduled["state"] == "scheduled"
        owner.refused(422, "check.blocked", "updatePost", {"version": scheduled["version"], "text": "オンカジで稼ごう", "variants": scheduled["variants"]}, post=post)
        logged = next(a for a in owner.do("listAudit")["entries"] if a["action"] == "check.override")
        assert logged["after"]["reason"] == "消費者庁の注意喚起の引用" and logged["after"]["rules"] == "GMB-01"
        owner.do("unschedulePost", post=post)

    def test_saying_the_same_again_is_blocked_where_the_network_minds(self, world):
        """X minds by our own rules; a house may say so of its other networks: the rule asks for the fact, not for words."""
        owner = world.owner
        assert rule(owner, "PLT-01")["severity"] == "block"
        owner.do("putCheckFile", {"text": REPEAT}, file="rules")
        text = "冬の新作、明日から全国の店に並びます。先着のおまけもあります。"
        first, again = self.draft(world, text), self.draft(world, text[:-1] + "!")
        at = lambda on: {"at": f"2031-02-{on:02}T00:00:00Z"}
        owner.do("schedulePost", at(20), post=first)
        owner.do("schedulePost", at(28), post=again)
        refusal = owner.refused(422, "check.blocked", "schedulePost", at(22), post=again, pointer="/text")
        assert "NG-2" in refusal["detail"]
        owner.do("unschedulePost", post=again)
        both = {"text": text + "別の言い方で", "variants": [{"account_id": a, "text": None} for a in (world.account, world.connect(1))]}
        assert ("/text", "NG-2") in [(f["pointer"], f["finding"]["rule"]) for f in owner.do("checkDraft", both)["findings"]]
        planned = owner.do("getPost", post=again)
        owner.do("updatePost", {"version": planned["version"], "text": planned["text"], "variants": planned["variants"], "due_at": at(21)["at"]}, post=again)
        world.person("approver").do("overrideCheck", {"reason": "好評のため"}, post=again)
        assert owner.do("schedulePost", at(21), post=again)["state"] == "scheduled"
        for post in (first, again):
            owner.do("unschedulePost", post=post)
        owner.do("putCheckFile", {"text": ""}, file="rules")

    def test_findings_stand_at_their_texts(self, world):
        found = world.owner.do("checkDraft", {"text": "業界最安値です", "variants": [{"account_id": world.account, "text": None, "thread": [{"text": "宅急便でお届け"}]}]})["findings"]
        assert [(f["pointer"], f["finding"]["rule"]) for f in found] == [("/text", "KHY-05"), ("/variants/0/thread/0/text", "TM-01")]
        post = self.draft(world, "業界最安値です")
        assert world.owner.do("checkPost", post=post)["findings"][0]["account_id"] is None

    def test_the_workspaces_industries_bring_their_rules(self, world):
        owner = world.owner
        assert owner.do("getCheckSetting") == {"industries": [], "elections": []}
        assert owner.do("putCheckSetting", {"industries": ["alcohol", "food"]}) == {"industries": ["alcohol", "food"], "elections": []}
        draft = {"text": "純米酒が入荷しました", "variants": [{"account_id": world.account, "text": None}]}
        rules = lambda more: {f["finding"]["rule"] for f in owner.do("checkDraft", {**draft, **more})["findings"]}
        assert rules({}) == {"ALC-01"}
        assert rules({"disclosure": {"is_advertising": True, "is_own_brand": False, "is_ai_made": False}}) == {"ALC-01", "STM-01"}
        owner.do("putCheckSetting", {"industries": []})
        assert rules({}) == set()

    def test_a_campaigns_industries_and_relation_reach_its_posts(self, world):
        owner, draft = world.owner, {"text": "毎日飲むだけで痩せる", "variants": [{"account_id": world.account, "text": None}]}
        campaign = owner.do("createCampaign", {"name": "モニター企画", "industries": ["supp"], "relation": "gifted"})
        assert campaign["relation"] == "gifted"
        rules = lambda found: {f["finding"]["rule"] for f in found["findings"]}
        assert rules(owner.do("checkDraft", draft)) == set()
        assert rules(owner.do("checkDraft", draft, query={"campaign": campaign["id"]})) == {"YKK-10", "STM-01"}
        owner.refused(404, "campaign.unknown", "checkDraft", draft, query={"campaign": "00000000-0000-7000-8000-000000000000"})
        post = owner.do("createPost", draft)["id"]
        owner.do("setPostCampaign", {"campaign_id": campaign["id"]}, post=post)
        assert rules(owner.do("checkPost", post=post)) == {"YKK-10", "STM-01"}
        plain = {"name": campaign["name"], "industries": []}
        assert owner.do("changeCampaign", {"version": campaign["version"], "campaign": plain}, campaign=campaign["id"])["relation"] == "unsaid"
        assert rules(owner.do("checkPost", post=post)) == set()

    def test_a_post_beside_another_of_its_account_is_told(self, world):
        owner = world.owner
        post = self.draft(world, "朝のごあいさつです")
        owner.do("schedulePost", {"at": "2031-04-01T00:00:00Z"}, post=post)
        beside = {"text": "豆が届きました", "variants": [{"account_id": world.account, "text": None}], "due_at": "2031-04-01T00:10:00Z"}
        slots = [c for c in owner.do("checkDraft", beside)["cautions"] if c["kind"] == "slot"]
        assert [(c["post_id"], c["at"][:16], c["severity"]) for c in slots] == [(post, "2031-04-01T00:00", "warn")]
        kinds = lambda **more: {c["kind"] for c in owner.do("checkDraft", {**beside, "text": "朝のごあいさつです", **more}, query={"post": post})["cautions"]}
        assert not kinds() & {"slot", "like", "repeat"}  # what is checked as itself is not held against itself
        assert "slot" not in {c["kind"] for c in owner.do("checkDraft", {**beside, "due_at": "2031-04-01T02:00:00Z"})["cautions"]}
        owner.do("unschedulePost", post=post)
