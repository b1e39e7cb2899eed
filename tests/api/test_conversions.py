"""Conversions: told by pages, servers and tables, each once, forged and repeated calls refused; and credited to the clicks that led there."""
import csv
import hashlib
import hmac
import io
import json
import time

import pytest

from test_links import counted, follow, make

VISITOR = "0123456789abcdef" * 2
OTHER = "f" * 32
FROM, TO = "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z"


def settings(world, by=None, **changes):
    have = (by or world.owner).do("getConversionSettings")
    draft = {k: have[k] for k in ("asks_consent", "takes_script", "counts_said", "window_days", "touch_days", "kinds")}
    return (by or world.owner).do("setConversionSettings", {**draft, **changes}) if changes else have


def key_of(world, by=None):
    return settings(world, by)["beacon_url"].split("/")[-2]


def path(world, what, by=None):
    return f"/t/{key_of(world, by)}/{what}"


def beacon(world, body, origin="https://shop.example", by=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return world.nobody().raw("POST", path(world, "beacon", by), data=data, headers={"Content-Type": "text/plain;charset=UTF-8", **({"Origin": origin} if origin else {})})


def converted(world, visitor=VISITOR, clicks=(), **event):
    return beacon(world, {"v": visitor, "c": list(clicks), "e": {"kind": "purchase", **event}})


def sign(secret, body, at=None):
    seconds = int(time.time() if at is None else at)
    return f"t={seconds},v1=" + hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def tell(world, secret, rows, signature=None, at=None, **more):
    body = rows if isinstance(rows, bytes) else json.dumps({"conversions": rows, **more}).encode()
    return world.nobody().raw("POST", path(world, "conversions"), data=body, headers={"Content-Type": "application/json", "X-Hibiki-Signature": signature or sign(secret, body, at)})


def listed(world, by=None, **query):
    return (by or world.owner).do("listConversions", query=query)["conversions"]


def outcome(reply):
    assert reply.status == 200, reply
    return [row["outcome"] for row in json.loads(reply.bytes)["conversions"]]


def refused(reply, status, reason):
    assert (reply.status, reply["reason"]) == (status, reason), reply


@pytest.fixture
def secret(world):
    return world.owner.do("renewConversionSecret")["secret"]


class TestScript:
    def test_is_small_and_says_where_to_send(self, world):
        settings(world, asks_consent=True)
        reply = world.nobody().raw("GET", path(world, "hibiki.js"))
        assert reply.status == 200 and reply.headers["Content-Type"].startswith("text/javascript")
        assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert len(reply.bytes) < 2048 and settings(world)["beacon_url"] in reply.bytes.decode()
        assert b"cookie" not in reply.bytes and b",ok=false," in reply.bytes
        settings(world, asks_consent=False)
        assert b",ok=true," in world.nobody().raw("GET", path(world, "hibiki.js")).bytes
        settings(world, asks_consent=True)

    def test_an_address_of_nobody(self, world):
        for method, what in (("GET", "hibiki.js"), ("POST", "beacon"), ("POST", "conversions")):
            refused(world.nobody().raw(method, f"/t/{'x' * 20}/{what}", data=b"{}" if method == "POST" else None, headers={"Content-Type": "text/plain"}), 404, "conversion.unknown_site")


class TestBeacon:
    def test_a_conversion_of_a_page_is_stored_once(self, world):
        for _ in range(2):
            reply = converted(world, id="WEB-1", value_minor=1980, currency="JPY")
            assert reply.status == 204 and reply.headers["Access-Control-Allow-Origin"] == "*", reply
        mine = [c for c in listed(world) if c["external_id"] == "WEB-1"]
        assert [(c["kind"], c["source"], c["net_minor"], c["has_visitor"]) for c in mine] == [("purchase", "script", 1980, True)]

    def test_without_a_number_once_a_visitor_kind_and_day(self, world):
        before = len(listed(world, kind="sign_up"))
        for visitor in (VISITOR, VISITOR, OTHER):
            assert beacon(world, {"v": visitor, "c": [], "e": {"kind": "sign_up"}}).status == 204
        assert len(listed(world, kind="sign_up")) == before + 2

    def test_what_is_worth_nothing_said_is_worth_what_the_settings_say(self, world):
        kinds = [{"kind": "reservation", "value_minor": 4500, "currency": "JPY"}]
        assert {"kind": "reservation", "value_minor": 4500, "currency": "JPY"} in settings(world, kinds=kinds)["kinds"]
        beacon(world, {"v": VISITOR, "c": [], "e": {"kind": "reservation", "id": "R-1"}})
        assert listed(world, kind="reservation")[0]["value_minor"] == 4500
        world.owner.refused(422, "conversion.bad_currency", "setConversionSettings", {"asks_consent": True, "takes_script": True, "counts_said": True, "window_days": 30, "touch_days": 400, "kinds": [{"kind": "coupon", "value_minor": 1, "currency": "yen"}]})

    def test_how_long_whose_click_it_was_is_kept_is_the_workspaces_own(self, world):
        assert settings(world)["touch_days"] == 400
        assert settings(world, touch_days=90)["touch_days"] == 90
        entry = next(e for e in world.owner.do("listAudit")["entries"] if e["action"] == "conversion.settings")
        assert entry["after"]["touch_days"] == 90
        draft = {k: v for k, v in settings(world).items() if k in ("asks_consent", "takes_script", "counts_said", "window_days", "kinds")}
        for days, reason in ((29, "input.too_small"), (1201, "input.too_large")):
            world.owner.refused(422, reason, "setConversionSettings", {**draft, "touch_days": days}, pointer="/touch_days")
        settings(world, touch_days=400)

    @pytest.mark.parametrize("body, reason", [
        (b"", "json.malformed"), (b"{", "json.malformed"), ({"c": []}, "json.missing"), ({"v": "x", "c": []}, "conversion.bad_contact"), ({"v": VISITOR, "c": ["zz"]}, "conversion.bad_click"),
        ({"v": VISITOR, "c": [7]}, "conversion.bad_click"), ({"v": VISITOR, "e": {"kind": "theft"}}, "conversion.bad_kind"), ({"v": VISITOR, "e": {"kind": "purchase", "value_minor": -1}}, "conversion.bad_value"),
        ({"v": VISITOR, "e": {"kind": "purchase", "currency": "円"}}, "conversion.bad_currency"), ({"v": VISITOR, "e": {"kind": "purchase", "at": "yesterday"}}, "conversion.bad_time"),
        ({"v": VISITOR, "e": {"kind": "purchase", "id": "x" * 121}}, "conversion.bad_id"), ({"v": VISITOR, "e": {"kind": "purchase", "contact": "a@example.com"}}, "conversion.bad_contact"),
        ({"v": VISITOR, "e": {"kind": "purchase", "click": "-1"}}, "conversion.bad_click"),
    ])
    def test_what_does_not_read_is_refused_and_nothing_is_stored(self, world, body, reason):
        before = len(listed(world, limit=500))
        refused(beacon(world, body), 400 if reason == "json.malformed" else 422, reason)
        assert len(listed(world, limit=500)) == before and settings(world)["n_refused"] > 0

    def test_a_page_may_be_left_out_and_corrects_nothing(self, world):
        settings(world, takes_script=False)
        refused(converted(world, id="OFF-1"), 403, "conversion.script_off")
        assert beacon(world, {"v": VISITOR, "c": ["1a"]}).status == 204  # clicks are still kept
        settings(world, takes_script=True)
        converted(world, id="ON-1", value_minor=100)
        refused(converted(world, id="REFUND", corrects="ON-1", value_minor=-100), 403, "conversion.script_off")

    def test_a_source_that_floods_is_refused_and_the_others_are_heard(self, world):
        owner = world.other_workspace()
        url, body = path(world, "beacon", owner), json.dumps({"v": VISITOR, "c": []}).encode()
        flooder = world.nobody(address="198.51.100.66")
        replies = [flooder.raw("POST", url, data=body, headers={"Content-Type": "text/plain"}) for _ in range(2000)]  # more than the site takes in a minute
        refusals = [r for r in replies if r.status == 429]
        assert len(refusals) >= 1000 and {r["reason"] for r in refusals} == {"conversion.too_many"} and {r.status for r in replies} == {204, 429}
        assert 1 <= int(refusals[0].headers["Retry-After"]) <= 60
        assert replies[119].status == 204  # an office behind one address is no flood
        before = settings(world, owner)["n_refused"]
        for i in range(30):
            assert world.nobody(address=f"198.51.100.{100 + i}").raw("POST", url, data=body, headers={"Content-Type": "text/plain"}).status == 204
        assert settings(world, owner)["n_refused"] == before  # it is no fault of the site's
        assert flooder.raw("GET", path(world, "hibiki.js", owner)).status == 200

    def test_other_sites_are_refused_where_own_ones_are_named(self, world):
        owner = world.other_workspace()
        owner.do("setLinkTags", {"is_on": False, "hosts": ["shop.example"], "medium": "social", "codes": []})
        body = {"v": VISITOR, "c": []}
        assert beacon(world, body, origin="https://www.shop.example", by=owner).status == 204
        refused(beacon(world, body, origin="https://evil.example", by=owner), 403, "conversion.other_site")
        refused(beacon(world, body, origin="https://notshop.example", by=owner), 403, "conversion.other_site")

    def test_a_flood_is_stopped_and_told_when_it_ends(self, world):
        owner = world.owner.fork()
        owner.workspace = world.owner.do("createWorkspace", {"name": "混む店", "zone": "Asia/Tokyo"})["id"]  # what it is refused, others are not
        place = path(world, "beacon", owner)
        send = lambda: world.nobody().raw("POST", place, data=b"{}", headers={"Content-Type": "text/plain"})
        for _ in range(1200):  # what is refused counts too
            if send().status == 429:
                break
        reply = send()
        refused(reply, 429, "conversion.too_many")
        assert "Retry-After" in reply.headers


class TestServer:
    def test_signed_calls_are_taken_once_each_order(self, world, secret):
        rows = [{"kind": "purchase", "id": "S-1", "value_minor": 3000, "currency": "JPY", "contact": "a" * 64}, {"kind": "coupon", "id": "S-2", "at": "2026-03-01T00:00:00Z"}]
        assert outcome(tell(world, secret, rows)) == ["recorded", "recorded"]
        time.sleep(1.1)  # another second, another signature
        assert outcome(tell(world, secret, rows)) == ["known", "known"]
        assert [c["external_id"] for c in listed(world) if c["source"] == "server"][:1] == ["S-1"]
        assert next(c for c in listed(world, limit=500) if c["external_id"] == "S-2")["at"] == "2026-03-01T00:00:00Z"  # late is fine

    def test_replayed_forged_and_stale_calls_are_refused_with_reasons(self, world, secret):
        rows = [{"kind": "purchase", "id": "F-1", "value_minor": 1}]
        body = json.dumps({"conversions": rows}).encode()
        good = sign(secret, body)
        assert outcome(tell(world, secret, body, good)) == ["recorded"]
        refused(tell(world, secret, body, good), 409, "conversion.replayed")
        for bad in ("", "t=1", good[:-1], good[:-1] + ("0" if good[-1] != "0" else "1"), sign("another", body), good.upper(), "t=,v1=" + "0" * 64, "t=99999999999999999999,v1=" + "0" * 64):
            refused(tell(world, secret, body, bad or " "), 403, "conversion.bad_signature")
        refused(tell(world, secret, body.replace(b"1}", b"9}"), good), 403, "conversion.bad_signature")
        for off in (-400, 400):
            refused(tell(world, secret, body, at=time.time() + off), 403, "conversion.stale")
        world.owner.do("renewConversionSecret")
        refused(tell(world, secret, body, at=time.time() - 5), 403, "conversion.bad_signature")  # the former secret

    def test_refunds_change_the_net_value_once(self, world, secret):
        tell(world, secret, [{"kind": "purchase", "id": "G-1", "value_minor": 5000, "currency": "JPY"}])
        refund = {"kind": "purchase", "id": "G-1-R", "corrects": "G-1", "value_minor": -2000}
        assert outcome(tell(world, secret, [refund])) == ["recorded"]
        time.sleep(1.1)
        assert outcome(tell(world, secret, [refund])) == ["known"]
        one = next(c for c in listed(world, limit=500) if c["external_id"] == "G-1")
        assert (one["value_minor"], one["net_minor"]) == (5000, 3000)
        again = world.owner.do("correctConversion", {"id": "by-hand", "value_minor": -3000}, conversion=one["id"])
        assert again["net_minor"] == 0
        assert world.owner.do("correctConversion", {"id": "by-hand", "value_minor": -3000}, conversion=one["id"])["net_minor"] == 0
        refused(tell(world, secret, [{"kind": "purchase", "id": "X", "corrects": "nothing", "value_minor": -1}]), 404, "conversion.unknown")
        refused(tell(world, secret, [{"kind": "purchase", "id": "X", "corrects": "G-1", "value_minor": -1, "currency": "USD"}]), 422, "conversion.bad_currency")

    def test_all_or_nothing_and_tests_store_nothing(self, world, secret):
        good = {"kind": "purchase", "id": "N-1", "value_minor": 1}
        reply = tell(world, secret, [good, {"kind": "purchase", "id": "N-2", "value_minor": -5}])
        refused(reply, 422, "conversion.bad_value")
        assert reply["pointer"] == "/conversions/1/value_minor"
        refused(tell(world, secret, [{"kind": "purchase"}]), 422, "conversion.bad_id")
        refused(tell(world, secret, []), 422, "conversion.bad_count")
        refused(tell(world, secret, [good] * 101), 422, "conversion.bad_count")
        assert outcome(tell(world, secret, [good], test=True)) == ["recorded"]
        made = world.owner.do("testConversion")
        assert json.loads(made["body"])["test"] and made["signature"].startswith("t=")
        assert not [c for c in listed(world, limit=500) if c["external_id"] in ("N-1", "N-2") or c["external_id"].startswith("TEST-")]
        reply = world.nobody().raw("POST", path(world, "conversions"), data=made["body"].encode(), headers={"Content-Type": "application/json", "X-Hibiki-Signature": made["signature"]})
        assert outcome(reply) == ["recorded"]  # what is shown works as it stands


class TestTables:
    HEAD = "種類,番号,日時,金額,通貨,連絡先\r\n"

    def bring(self, world, text, by=None, name="成果.csv"):
        return (by or world.owner).do("createConversionImport", query={"name": name}, data=text if isinstance(text, bytes) else text.encode(), headers={"Content-Type": "application/octet-stream"})

    def refuse(self, world, reason, text):
        world.owner.refused(422, reason, "createConversionImport", query={"name": "x.csv"}, data=text, headers={"Content-Type": "application/octet-stream"})

    def test_shown_confirmed_once_and_taken_back(self, world):
        text = self.HEAD + "購入,T-1,2026-03-01 9:30,\"￥1,980\",JPY,Taro@Example.com\r\n来店,T-2,2026/3/2,,,\r\n購入,T-3,2026-03-02T00:00:00Z,19.80,USD,\r\n"
        made = self.bring(world, text.encode("cp932"))
        assert (made["state"], made["n_stored"], made["n_bad_rows"], made["problems"]) == ("open", 3, 0, [])
        assert [(r["kind"], r["id"], r["value_minor"]) for r in made["rows"]] == [("purchase", "T-1", 1980), ("store_visit", "T-2", None), ("purchase", "T-3", 1980)]
        assert made["rows"][0]["at"] == "2026-03-01T00:30:00Z"
        assert not [c for c in listed(world, limit=500) if c["external_id"].startswith("T-")]
        done = world.owner.do("confirmConversionImport", **{"conversion_import": made["id"]})
        assert (done["state"], done["n_stored"], done["n_known"]) == ("done", 3, 0)
        assert world.owner.do("confirmConversionImport", **{"conversion_import": made["id"]})["n_stored"] == 3
        assert len([c for c in listed(world, limit=500) if c["external_id"].startswith("T-")]) == 3
        second = self.bring(world, text)
        assert world.owner.do("confirmConversionImport", **{"conversion_import": second["id"]})["n_known"] == 3
        assert world.owner.do("getConversionImport", **{"conversion_import": made["id"]})["state"] == "done"
        assert made["id"] in [i["id"] for i in world.owner.do("listConversionImports")["imports"]]
        world.owner.do("dropConversionImport", **{"conversion_import": made["id"]})
        assert not [c for c in listed(world, limit=500) if c["external_id"].startswith("T-")]
        world.owner.refused(404, "import.unknown", "dropConversionImport", **{"conversion_import": made["id"]})
        assert world.owner.do("getConversionImport", **{"conversion_import": made["id"]})["state"] == "undone"

    def test_every_fault_of_every_row_is_told_and_nothing_is_stored(self, world):
        rows = ["盗難,A,2026-03-01,,,", "購入,,2026-03-01,,,", "購入,B,いつか,abc,JPY,", "購入,C,2026-03-01,10.5,JPY,", "購入,D,2026-03-01,1,yen,nobody", "購入,E,2026-03-01,1,,", "購入,E,2026-03-01,1,,", "購入,F,2020-01-01,1,,", "購入,G,2026-03-01,\"1\"x,,"]
        made = self.bring(world, self.HEAD + "\r\n".join(rows))
        told = {(p["row"], p["column"], p["reason"]) for p in made["problems"]}
        assert told >= {(2, "種類", "conversion.bad_kind"), (3, "番号", "conversion.bad_id"), (4, "日時", "conversion.bad_time"), (4, "金額", "conversion.bad_value"), (5, "金額", "conversion.bad_value"), (6, "通貨", "conversion.bad_currency"),
                        (6, "連絡先", "conversion.bad_contact"), (8, "番号", "conversion.twice"), (9, "日時", "conversion.bad_time"), (10, None, "conversion.bad_cell")}, told
        assert made["n_bad_rows"] >= 8 and made["n_faults"] == len(made["problems"])
        world.owner.refused(409, "import.has_errors", "confirmConversionImport", **{"conversion_import": made["id"]})
        world.owner.do("dropConversionImport", **{"conversion_import": made["id"]})
        world.owner.refused(404, "import.unknown", "getConversionImport", **{"conversion_import": made["id"]})

    def test_a_refund_in_the_same_table(self, world):
        made = self.bring(world, "kind,id,at,value,currency,corrects\nPurchase,U-1-R,2026-03-02,-500,JPY,U-1\nPurchase,U-1,2026-03-01,2000,JPY,\n")
        world.owner.do("confirmConversionImport", **{"conversion_import": made["id"]})
        assert next(c for c in listed(world, limit=500) if c["external_id"] == "U-1")["net_minor"] == 1500

    def test_a_correction_of_nothing_is_told_before_it_is_confirmed(self, world):
        head = "kind,id,at,value,currency,corrects\n"
        made = self.bring(world, head + "Purchase,V-1,2026-03-01,2000,JPY,\nPurchase,V-1-R,2026-03-02,-500,JPY,V-1\nPurchase,V-2-R,2026-03-02,-500,JPY,V-2\nSign-up,V-3-R,2026-03-02,-500,JPY,V-1\n")
        assert {(p["row"], p["column"], p["reason"]) for p in made["problems"]} >= {(4, "corrects", "conversion.unknown")}, made["problems"]
        assert 2 not in {p["row"] for p in made["problems"]} and 3 not in {p["row"] for p in made["problems"]}
        world.owner.refused(409, "import.has_errors", "confirmConversionImport", **{"conversion_import": made["id"]})
        made = self.bring(world, head + "Purchase,V-1,2026-03-01,2000,JPY,\n")
        world.owner.do("confirmConversionImport", **{"conversion_import": made["id"]})
        made = self.bring(world, head + "Purchase,V-1-R,2026-03-02,-500,JPY,V-1\nPurchase,V-1-S,2026-03-02,-500,USD,V-1\n")
        assert [(p["row"], p["column"], p["reason"]) for p in made["problems"]] == [(3, "currency", "conversion.bad_currency")], made["problems"]

    def test_what_is_no_table(self, world):
        self.refuse(world, "conversion.empty", b"kind,id,at\n")
        self.refuse(world, "conversion.no_columns", b"a,b\n1,2\n")
        self.refuse(world, "table.encoding", bytes(range(128, 256)) * 9)
        self.refuse(world, "conversion.too_many_rows", b"kind,id,at\n" + b"x,y,z\n" * 50001)
        large = world.owner.send("createConversionImport", query={"name": "x.csv"}, data=b"x" * (20 * 2**20 + 1), headers={"Content-Type": "application/octet-stream"})
        assert large.status == 413


class TestAttribution:
    def ask(self, client, dimension="link", **more):
        return client.do("getAttribution", query={"from": FROM, "to": "2027-01-31T00:00:00Z", "dimension": dimension, **more})

    def journey(self, world, owner, links, agent, address):
        """Follows links as one visitor; the ids of the clicks as the site gets them."""
        for link in links:
            location = follow(world, link["code"], agent=agent, address=address).headers["Location"]
            assert "hib_click=" in location
            yield location.split("hib_click=")[1].split("&")[0].split("#")[0]

    def test_an_empty_workspace_has_no_channels(self, world):
        owner = world.other_workspace()
        empty = self.ask(owner, "network")
        assert (empty["channels"], empty["paths"], empty["n_conversions"], empty["currency"]) == ([], [], 0, None)
        assert [m["method"] for m in empty["methods"]] == ["last", "first", "linear", "time_decay", "position", "markov", "shapley"]
        owner.refused(422, "post.bad_range", "getAttribution", query={"from": TO, "to": FROM, "dimension": "link"})
        owner.refused(422, "post.bad_range", "exportAttribution", query={"from": TO, "to": FROM, "dimension": "link"})

    def test_clicks_and_conversions_become_paths(self, world):
        owner = world.other_workspace()
        owner.do("setLinkTags", {"is_on": False, "hosts": ["shop.example"], "medium": "social", "codes": []})
        a, b = (make(world, "https://shop.example/", by=owner, title=title) for title in ("朝の投稿", "夜の投稿"))
        agents = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1%d.0.0.0 Safari/537.36"
        for i in range(6):  # everybody clicks A, then B; the first three buy
            clicks = list(self.journey(world, owner, [a, b], agents % (10 + i), f"198.51.100.{i + 1}"))
            body = {"v": f"{i:032x}", "c": clicks, "e": {"kind": "purchase", "id": f"P-{i}", "value_minor": 1000, "currency": "JPY"} if i < 3 else None}
            assert beacon(world, body, by=owner).status == 204
        beacon(world, {"v": "e" * 32, "c": [], "e": {"kind": "purchase", "id": "P-none", "value_minor": 700, "currency": "JPY"}}, by=owner)
        for link in (a, b):
            counted(world, link, {"clicks": 6}, by=owner)
        got = self.ask(owner)
        assert (got["n_conversions"], got["n_unattributed"], got["n_journeys"], got["revenue_minor"], got["currency"]) == (4, 1, 6, 3000, "JPY"), got
        names = [c["label"] for c in got["channels"]]
        credit = {m["method"]: dict(zip(names, m["credits"])) for m in got["methods"]}
        assert credit["last"]["夜の投稿"]["conversions"] == 3 and credit["last"]["朝の投稿"]["conversions"] == 0
        assert credit["first"]["朝の投稿"]["revenue_minor"] == 3000
        for method, by_name in credit.items():
            assert abs(sum(c["conversions"] for c in by_name.values()) - 3) < 1e-9, method
            assert all(c["low"] <= c["high"] for c in by_name.values())
        assert [([names[i] for i in p["channels"]], p["conversions"], p["nulls"]) for p in got["paths"]] == [(["朝の投稿", "夜の投稿"], 3, 3)]
        assert self.ask(owner, kind="coupon")["n_conversions"] == 0
        assert self.ask(owner, currency="USD")["n_other_currency"] == 4
        table = owner.send("exportAttribution", query={"from": FROM, "to": "2027-01-31T00:00:00Z", "dimension": "link"})
        rows = list(csv.reader(io.StringIO(table.bytes.decode("utf-8-sig"))))
        assert len(rows) == 1 + 2 * 7 and ["夜の投稿", "最後の接点", "3.0000"] in [r[:3] for r in rows]
        assert self.ask(owner, "network")["channels"][0]["key"] == ""
        assert str(self.ask(world.owner)).find("夜の投稿") < 0  # of another workspace


def test_who_may(world):
    analyst, client = world.person("analyst"), world.person("client")
    listed(world, by=analyst)
    client.refused(403, "auth.forbidden", "listConversions")
    analyst.refused(403, "auth.forbidden", "renewConversionSecret")
    world.owner.refused(422, "post.bad_cursor", "listConversions", query={"cursor": "x"})
    several = listed(world, limit=2)
    page = world.owner.do("listConversions", query={"limit": 1})
    assert page["next_cursor"]
    assert world.owner.do("listConversions", query={"limit": 1, "cursor": page["next_cursor"]})["conversions"] == several[1:2]
