"""Short links: made, followed by every kind of visitor, counted once each whatever happens to the process, and named by the workspace's rules."""
import concurrent.futures
import contextlib
import http.client
import re
import sqlite3
import time
import zlib

import pytest

from conftest import DATABASES, World, need

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
NOTHING = "01890a5d-ac96-774b-bcce-b302099a8057"


def make(world, target="https://example.com/a", by=None, **more):
    return (by or world.owner).do("createLink", {"target": target, "variants": [], **more})


def follow(world, code, agent=DESKTOP, address="192.0.2.1", suffix=None, query=None, **headers):
    visitor = world.nobody(address=address)
    path = {"code": code, **({"suffix": suffix} if suffix else {})}
    url = "/l/" + "/".join(path.values()) + (f"?{query}" if query else "")
    return visitor.raw("GET", url, headers={"User-Agent": agent, **headers})


def counted(world, link, wanted, by=None, within=15):
    """The link's numbers, as soon as they are what is wanted."""
    end = time.monotonic() + within
    while True:
        have = (by or world.owner).do("getLink", short_link=link["id"])["count"]
        if all(have[k] == v for k, v in wanted.items()) or time.monotonic() > end:
            assert {k: have[k] for k in wanted} == wanted
            return have
        time.sleep(0.1)


@pytest.fixture(params=DATABASES)
def alone(request):
    """A server of its own for one test."""
    need(request.param)
    made = World(request.param)
    yield made
    made.close()


@contextlib.contextmanager
def away(database):
    """The store's server takes nobody and lets everybody go."""
    database.sql(f'alter database "{database.name}" with allow_connections false', database="postgres")
    database.sql(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.name}'", database="postgres")
    yield
    database.sql(f'alter database "{database.name}" with allow_connections true', database="postgres")


@contextlib.contextmanager
def locked(database):
    """Nothing can be written: the server is away, or another program has the file to itself."""
    if database.kind == "postgresql":
        with away(database):
            yield
        return
    with contextlib.closing(sqlite3.connect(database.folder / "hibiki.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


class TestLinks:
    def test_made_found_changed_and_put_away(self, world):
        owner = world.owner
        made = make(world, title="夏のセール", code="natsu-2026")
        assert made["url"].endswith("/l/natsu-2026") and made["count"] == {"clicks": 0, "visitors": 0, "bots": 0, "floods": 0}
        own = make(world)
        assert re.fullmatch("[2-9a-hjkmnp-z]{7}", own["code"])
        assert [row["id"] for row in owner.do("listLinks", query={"words": "夏"})["links"]] == [made["id"]]
        assert follow(world, "natsu-2026").headers["Location"] == "https://example.com/a"
        change = {"version": 1, "target": "https://example.com/b", "title": "夏", "variants": [{"network": "line", "target": "https://example.com/line"}]}
        changed = owner.do("changeLink", change, short_link=made["id"])
        assert changed["version"] == 2 and changed["variants"] == change["variants"]
        assert follow(world, "NATSU-2026").headers["Location"] == "https://example.com/b"  # typed from paper
        assert follow(world, "natsu-2026", suffix="line").headers["Location"] == "https://example.com/line"
        assert follow(world, "natsu-2026", suffix="nobody").headers["Location"] == "https://example.com/b"
        owner.refused(409, "links.edited", "changeLink", change, short_link=made["id"])
        entry = next(e for e in owner.do("listAudit")["entries"] if e["action"] == "link.change")
        assert entry["before"]["target"] == "https://example.com/a" and entry["after"]["target"] == "https://example.com/b"
        assert owner.do("archiveLink", {"is_archived": True}, short_link=made["id"])["is_archived"]
        assert follow(world, "natsu-2026").status == 410
        assert made["id"] not in [row["id"] for row in owner.do("listLinks")["links"]]
        assert [row["id"] for row in owner.do("listLinks", query={"archived": "true"})["links"]] == [made["id"]]
        owner.do("archiveLink", {"is_archived": False}, short_link=made["id"])
        assert follow(world, "natsu-2026").status == 302

    @pytest.mark.parametrize("more, reason, pointer", [
        ({"target": "javascript:alert(1)"}, "links.target_scheme", "/target"),
        ({"target": "data:text/html,x"}, "links.target_scheme", "/target"),
        ({"target": "file:///etc/passwd"}, "links.target_scheme", "/target"),
        ({"target": "JaVaScRiPt:alert(1)"}, "links.target_scheme", "/target"),
        ({"target": "vbscript:x"}, "links.target_scheme", "/target"),
        ({"ended_url": "data:text/html,x"}, "links.target_scheme", "/ended_url"),
        ({"variants": [{"network": "x", "target": "file:///etc/passwd"}]}, "links.target_scheme", "/variants/0/target"),
        ({"campaign_id": NOTHING}, "campaign.unknown", "/campaign_id"),
        ({"target": "https://a:b@example.com/"}, "links.target_credentials", "/target"),
        ({"target": "https://exa mple.com/"}, "links.target_bad", "/target"),
        ({"target": "https://example.com/" + "a" * 3000}, "links.target_long", "/target"),
        ({"ended_url": "javascript:x"}, "links.target_scheme", "/ended_url"),
        ({"ios_url": "javascript://x"}, "links.app_url", "/ios_url"),
        ({"code": "a"}, "links.bad_code", "/code"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "links.bad_end", "/expires_at"),
        ({"variants": [{"network": "myspace", "target": "https://example.com/"}]}, "links.bad_network", "/variants/0/network"),
    ])
    def test_what_may_not_be_is_refused_at_its_place(self, world, more, reason, pointer):
        world.owner.refused(422, reason, "createLink", {"target": "https://example.com/", "variants": [], **more}, pointer=pointer)

    def test_no_circle(self, world):
        made = make(world, code="kurukuru")
        for target in (made["url"], made["url"].replace("/l/", "//l/"), made["url"].replace("/l/", "/L/")):
            world.owner.refused(422, "links.target_loop", "createLink", {"target": target, "variants": []}, pointer="/target")
        world.owner.refused(409, "links.code_taken", "createLink", {"target": "https://example.com/", "variants": [], "code": "kurukuru"}, pointer="/code")

    def test_a_campaign_is_one_of_the_workspaces(self, world):
        owner, other = world.owner, world.other_workspace()
        mine, theirs = (by.do("createCampaign", {"name": "夏の企画"}) for by in (owner, other))
        made = make(world, campaign_id=mine["id"])
        assert [row["id"] for row in owner.do("listLinks", query={"campaign": mine["id"]})["links"]] == [made["id"]]
        change = {"version": made["version"], "target": made["target"], "title": "", "variants": []}
        for campaign in (theirs["id"], NOTHING):
            owner.refused(422, "campaign.unknown", "changeLink", {**change, "campaign_id": campaign}, pointer="/campaign_id", short_link=made["id"])
        assert owner.do("changeLink", {**change, "campaign_id": mine["id"]}, short_link=made["id"])["campaign_id"] == mine["id"]

    def test_lists_and_ranges_that_are_none(self, world):
        made = make(world)
        world.owner.refused(422, "links.bad_cursor", "listLinks", query={"cursor": "x"})
        for query in ({"from": "2031-01-02T00:00:00Z", "to": "2031-01-01T00:00:00Z"}, {"from": "2020-01-01T00:00:00Z", "to": "2031-01-01T00:00:00Z"}):
            world.owner.refused(422, "links.bad_range", "getLinkClicks", query=query, short_link=made["id"])

    def test_who_may(self, world):
        made = make(world)
        world.person("analyst").do("getLink", short_link=made["id"])
        world.person("analyst").refused(403, "auth.forbidden", "createLink", {"target": "https://example.com/", "variants": []})
        world.other_workspace().refused(404, "links.unknown", "getLink", short_link=made["id"])


class TestFollowing:
    def test_visitors_are_told_apart_and_counted(self, world):
        made = make(world)
        code = made["code"]
        replies = [
            follow(world, code, PHONE, "192.0.2.10", Referer="https://t.co/", **{"Accept-Language": "ja"}),
            follow(world, code, PHONE, "192.0.2.10"),
            follow(world, code, DESKTOP, "192.0.2.11", Referer="https://www.google.co.jp/"),
            follow(world, code, "Twitterbot/1.0", "192.0.2.12"),
            follow(world, code, DESKTOP, "192.0.2.13", **{"Sec-Purpose": "prefetch"}),
            world.nobody(address="192.0.2.14").raw("HEAD", f"/l/{code}", headers={"User-Agent": DESKTOP}),
            follow(world, code, DESKTOP, "192.0.2.15", suffix="instagram"),
        ]
        assert {(r.status, r.headers["Location"], r.headers["Cache-Control"]) for r in replies} == {(302, "https://example.com/a", "no-store")}
        assert replies[0].headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        counted(world, made, {"clicks": 4, "visitors": 3, "bots": 3, "floods": 0})
        clicks = world.owner.do("getLinkClicks", short_link=made["id"])
        assert sum(hour["count"]["clicks"] for hour in clicks["hours"]) == 4
        assert {n["network"]: n["count"]["clicks"] for n in clicks["networks"] if n["count"]["clicks"]} == {"": 2, "x": 1, "instagram": 1}
        assert clicks["devices"] == {"phone": 2, "tablet": 0, "desktop": 2, "other": 0}
        assert clicks["referrers"] == {"none": 2, "social": 1, "search": 1, "mail": 0, "chat": 0, "other": 0}

    def test_no_address_is_kept(self, world):
        made = make(world)
        follow(world, made["code"], DESKTOP, "203.0.113.77")
        counted(world, made, {"clicks": 1})
        for path in world.database.folder.rglob("*"):
            if path.is_file() and path.stat().st_size < 1 << 27:
                data = path.read_bytes()
                assert b"203.0.113.77" not in data and b"\xcb\x00\x71\x4d" not in data, path

    def test_a_flood_is_marked_and_the_others_still_count(self, world):
        made = make(world)
        for _ in range(130):  # a minute that ends in between leaves one of more than sixty
            assert follow(world, made["code"], DESKTOP, "192.0.2.20").status == 302
        follow(world, made["code"], DESKTOP, "192.0.2.21")
        end = time.monotonic() + 15
        while sum(counted(world, made, {"visitors": 2})[k] for k in ("clicks", "floods")) < 131 and time.monotonic() < end:
            time.sleep(0.1)  # the lanes reach the store one after the other
        have = counted(world, made, {"visitors": 2})
        assert have["clicks"] + have["floods"] == 131 and have["floods"] >= 1 and have["clicks"] >= 61

    def test_unknown_codes_get_a_page_in_both_languages(self, world):
        for language, first in (("ja", "リンクが見つかりません"), ("en", "This link is not here")):
            page = world.nobody(language=language).raw("GET", "/l/nix99nix")
            assert page.status == 404 and page.headers["Content-Type"].startswith("text/html")
            text = page.bytes.decode()
            assert f"<h1>{first}" in text and "リンクが見つかりません" in text and "This link is not here" in text
        for odd in ("/l/%2e%2e", "/l/a%00b", "/l/" + "a" * 80, "/l/<script>", "/l/%ff"):
            assert world.nobody().raw("GET", odd).status in (400, 404)

    def test_ends_by_time_and_by_clicks(self, world):
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
        timed = make(world, expires_at=soon)
        few = make(world, click_limit=2, ended_url="https://example.com/over")
        assert follow(world, timed["code"]).status == 302
        assert [follow(world, few["code"], address=f"192.0.2.{i}").headers["Location"] for i in range(30, 33)] == ["https://example.com/a"] * 2 + ["https://example.com/over"]
        assert follow(world, few["code"], "Twitterbot/1.0").headers["Location"] == "https://example.com/over"
        time.sleep(3.2)
        page = follow(world, timed["code"])
        assert page.status == 410 and "このリンクは終了しました" in page.bytes.decode()
        assert follow(world, timed["code"], suffix="x").status == 410
        counted(world, few, {"clicks": 2})
        assert world.owner.do("getLink", short_link=few["id"])["is_ended"]

    def test_apps_by_device(self, world):
        made = make(world, ios_url="myapp://item/1", android_url="myapp://item/1")
        android = follow(world, made["code"], ANDROID).headers["Location"]
        assert android.startswith("intent://item/1#Intent;scheme=myapp;S.browser_fallback_url=https%3A%2F%2Fexample.com%2Fa")
        page = follow(world, made["code"], PHONE)
        assert page.status == 200 and page.headers["Refresh"] == "0; url=myapp://item/1" and f'href="/l/{made["code"]}?web"' in page.bytes.decode()
        assert follow(world, made["code"], PHONE, suffix="x").status == 200
        assert follow(world, made["code"], PHONE, query="web").headers["Location"] == "https://example.com/a"
        claimed = make(world, ios_url="https://app.example.com/item/1")
        assert follow(world, claimed["code"], PHONE).headers["Location"] == "https://app.example.com/item/1"
        assert follow(world, claimed["code"], DESKTOP).headers["Location"] == "https://example.com/a"

    def test_other_bytes_than_ascii_are_escaped(self, world):
        made = make(world, "https://例え.jp/道?q=茶")
        assert follow(world, made["code"]).headers["Location"] == "https://xn--r8jz45g.jp/%E9%81%93?q=%E8%8C%B6"

    def test_an_own_site_learns_the_click(self, world):
        owner = world.owner
        tags = {"is_on": False, "hosts": ["shop.example.com"], "medium": "social", "codes": []}
        owner.do("setLinkTags", tags)
        made = make(world, "https://shop.example.com/a?b=c#d")
        assert re.fullmatch(r"https://shop\.example\.com/a\?b=c&hib_click=[0-9a-f]+#d", follow(world, made["code"]).headers["Location"])
        owner.do("setLinkTags", {**tags, "hosts": []})


class TestQr:
    def test_both_forms(self, world):
        made = make(world)
        svg = world.owner.send("getLinkQr", short_link=made["id"])
        assert svg.status == 200 and svg.bytes.startswith(b"<svg") and svg.headers["Content-Type"] == "image/svg+xml"
        png = world.owner.send("getLinkQr", query={"format": "png", "size": 300}, short_link=made["id"])
        assert png.bytes.startswith(b"\x89PNG") and f'{made["code"]}.png' in png.headers["Content-Disposition"]
        width = int.from_bytes(png.bytes[16:20], "big")
        assert 200 < width <= 300
        assert zlib.decompress(png.bytes[png.bytes.index(b"IDAT") + 4:-16])


class TestNaming:
    def test_rules_are_enforced_and_name_field_and_reason(self, world):
        owner = world.owner
        none = {"is_required": False, "allowed": [], "pattern": None}
        rules = {"is_lower": True, "rules": [{"field": "source", **none, "is_required": True}, {"field": "medium", **none, "allowed": ["social", "cpc"]},
                                             {"field": "campaign", **none, "pattern": "20??_*"}]}
        kept = owner.do("setUtmRules", rules)
        assert kept == owner.do("getUtmRules") and [r["field"] for r in kept["rules"]] == ["source", "medium", "campaign", "term", "content"]
        good = "https://example.com/?utm_source=x&utm_medium=social&utm_campaign=2026_natsu"
        assert make(world, good)["target"] == good
        for query, reason, field in (("utm_medium=social", "links.utm_missing", "utm_source"), ("utm_source=X", "links.utm_case", "utm_source"),
                                     ("utm_source=x&utm_medium=mail", "links.utm_value", "utm_medium"), ("utm_source=x&utm_campaign=natsu", "links.utm_pattern", "utm_campaign")):
            problem = owner.refused(422, reason, "createLink", {"target": f"https://example.com/?{query}", "variants": []}, pointer="/target")
            assert field in problem["detail"]
        owner.refused(422, "links.utm_case", "setUtmRules", {"is_lower": True, "rules": [{"field": "medium", **none, "allowed": ["Social"]}]}, pointer="/rules/1/allowed/0")
        world.person("editor").refused(403, "auth.forbidden", "setUtmRules", rules)
        owner.do("setUtmRules", {"is_lower": False, "rules": []})


class TestPosts:
    def test_each_account_has_its_own_short_link_and_the_text_is_sent_with_it(self, world):
        owner = world.owner
        one, two = world.account, world.connect(1)
        text = "夏の新作です https://example.com/summer と https://example.com/other"
        made = owner.do("createPost", {"text": text, "variants": [{"account_id": one, "text": None}, {"account_id": two, "text": None}], "is_short": True})
        assert made["is_short"] and not owner.do("listLinks", query={"post": made["id"]})["links"]
        owner.do("schedulePost", {"at": "2031-01-01T00:00:00Z"}, post=made["id"])
        links = owner.do("listLinks", query={"post": made["id"]})["links"]
        assert sorted((row["account_id"], row["target"]) for row in links) == sorted((a, f"https://example.com/{w}") for a in (one, two) for w in ("summer", "other"))
        assert {row["network"] for row in links} == {"bluesky"}
        by = {(row["account_id"], row["target"]): row["url"] for row in links}
        for delivery in owner.do("listDeliveries", query={"post": made["id"]})["deliveries"]:
            of = delivery["account_id"]
            assert delivery["text"] == f"夏の新作です {by[of, 'https://example.com/summer']} と {by[of, 'https://example.com/other']}"
        # Scheduled anew: the same links. Changed: one more.
        owner.do("schedulePost", {"at": "2031-01-02T00:00:00Z"}, post=made["id"])
        assert len(owner.do("listLinks", query={"post": made["id"]})["links"]) == 4
        version = owner.do("getPost", post=made["id"])["version"]
        owner.do("updatePost", {"version": version, "text": text + " https://example.com/more", "variants": made["variants"], "is_short": True}, post=made["id"])
        assert len(owner.do("listLinks", query={"post": made["id"]})["links"]) == 6
        mine = next(row for row in links if row["account_id"] == one)
        follow(world, mine["code"], PHONE, "192.0.2.90")
        counted(world, mine, {"clicks": 1})
        assert [n["network"] for n in owner.do("getLinkClicks", short_link=mine["id"])["networks"]] == ["bluesky"]
        assert owner.do("listPostVersions", post=made["id"])["versions"]

    def test_naming_holds_for_links_of_posts(self, world):
        owner = world.owner
        owner.do("setUtmRules", {"is_lower": False, "rules": [{"field": "source", "is_required": False, "allowed": ["x"], "pattern": None}]})
        post = world.draft("https://example.com/?utm_source=mail")
        problem = owner.refused(422, "links.utm_value", "schedulePost", {"at": "2031-01-01T00:00:00Z"}, post=post["id"], pointer="/variants/0/text")
        assert "utm_source" in problem["detail"]
        owner.do("setUtmRules", {"is_lower": False, "rules": []})
        owner.do("schedulePost", {"at": "2031-01-01T00:00:00Z"}, post=post["id"])


class TestFaults:
    def clicks_while(self, world, code, happen):
        """Follows without a pause from several connections while something happens; how many were answered."""
        def run(n):
            answered = 0
            connection = http.client.HTTPConnection("127.0.0.1", world.server.port, timeout=10)
            try:
                for i in range(400):
                    connection.request("GET", f"/l/{code}", headers={"User-Agent": DESKTOP, "X-Forwarded-For": f"198.51.{n}.{i % 250}"})
                    reply = connection.getresponse()
                    reply.read()
                    assert reply.status == 302
                    answered += 1
            except (OSError, http.client.HTTPException):
                pass
            return answered
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            runs = [pool.submit(run, n) for n in range(8)]
            time.sleep(0.4)
            happen()
            return sum(r.result() for r in runs)

    def test_killed_while_clicks_come_each_answered_one_is_stored_once(self, alone):
        made = make(alone)
        answered = 0
        for _ in range(3):
            answered += self.clicks_while(alone, made["code"], alone.server.kill)
            alone.server.start()
        assert answered > 100
        end = time.monotonic() + 30
        while time.monotonic() < end:
            have = alone.owner.do("getLink", short_link=made["id"])["count"]
            if have["clicks"] >= answered:
                break
            time.sleep(0.2)
        # A click may be durable whose reply did not get out any more: at most one a connection and kill.
        assert answered <= have["clicks"] <= answered + 8 * 3
        time.sleep(1.5)
        assert alone.owner.do("getLink", short_link=made["id"])["count"]["clicks"] == have["clicks"]
        alone.server.stop()
        assert not list((alone.database.folder / "clicks").iterdir())
        alone.server.start()
        assert alone.owner.do("getLink", short_link=made["id"])["count"]["clicks"] == have["clicks"]

    def test_a_limit_holds_over_a_kill(self, alone):
        made = make(alone, click_limit=5)
        for i in range(3):
            assert follow(alone, made["code"], address=f"192.0.2.{i}").status == 302
        alone.server.kill()
        alone.server.start()
        assert [follow(alone, made["code"], address=f"192.0.2.{i}").status for i in range(10, 13)] == [302, 302, 410]

    @pytest.mark.parametrize("alone", ["postgresql"], indirect=True)  # an SQLite file does not go away
    def test_the_store_is_away_and_links_still_open(self, alone):
        made = make(alone)
        follow(alone, made["code"])
        counted(alone, made, {"clicks": 1})
        with away(alone.database):
            for i in range(20):
                began = time.monotonic()
                assert follow(alone, made["code"], address=f"198.51.100.{i}").status == 302
                assert time.monotonic() - began < 2
        counted(alone, made, {"clicks": 21}, within=40)

    def test_the_store_is_locked_and_links_still_open(self, alone):
        """Somebody else has the whole database to themselves: nothing can be written to it."""
        made = make(alone)
        follow(alone, made["code"])
        counted(alone, made, {"clicks": 1})
        with locked(alone.database):
            for i in range(20):
                began = time.monotonic()
                assert follow(alone, made["code"], address=f"198.51.100.{i}").status == 302
                assert time.monotonic() - began < 2
            if alone.database.kind == "sqlite":
                alone.server.kill()  # what waits is in the spool
        if alone.database.kind == "sqlite":
            alone.server.start()
        counted(alone, made, {"clicks": 21}, within=40)
        time.sleep(1.5)
        counted(alone, made, {"clicks": 21})

    def test_an_unknown_code_waits_for_no_store(self, alone):
        with locked(alone.database):
            for language, first in (("ja", "リンクが見つかりません"), ("en", "This link is not here")):
                began = time.monotonic()
                page = alone.nobody(language=language).raw("GET", "/l/nix99nix")
                assert page.status == 404 and f"<h1>{first}" in page.bytes.decode()
                assert time.monotonic() - began < 2

    def test_a_full_disk_is_said_and_links_still_open(self, alone):
        made = make(alone)
        alone.server.stop()
        clicks = alone.database.folder / "clicks"
        clicks.rmdir()
        alone.server.start()
        follow(alone, made["code"])
        counted(alone, made, {"clicks": 1})
        alone.server.stop()
        alone.server.start()
        clicks.rmdir()
        clicks.write_text("no folder")  # as good as a full disk: nothing can be begun
        assert follow(alone, made["code"], address="192.0.2.9").status == 302
        health = alone.owner.do("listLinks")["health"]
        assert health["is_failing"] and health["held"] == 1 and health["lost"] == 0
        assert follow(alone, made["code"], address="192.0.2.10").status == 302
        clicks.unlink()
        clicks.mkdir()  # the click that waits is tried again without another one
        counted(alone, made, {"clicks": 3})
        health = alone.owner.do("listLinks")["health"]
        assert not health["is_failing"] and health["held"] == 0
