"""Files of numbers that networks export: read in parts, looked through, confirmed once, stored in the background, and taken back as if they had never been there."""
import csv
import io
import json
import pathlib
import time
import zipfile

import pytest

SHARED = pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "data"
X_HEAD = "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks\n"
SOMEBODY = "01890a5d-ac96-774b-bcce-b302099a8057"


def until(look, seconds=60):
    end = time.monotonic() + seconds
    while not (got := look()):
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.05)
    return got


def begun(world, content, name="数字.csv", by=None, part=None):
    content = content if isinstance(content, bytes) else content.encode()
    by = by or world.owner
    made = by.do("beginMetricImport", {"name": name, "bytes": len(content)})
    part = part or 8 * 2**20
    for at in range(0, len(content), part):
        made = by.do("putMetricImportPart", metric_import=made["id"], query={"from": at}, data=content[at:at + part], headers={"Content-Type": "application/octet-stream"})
    return made


def settled(world, made, by=None):
    """What the job came to."""
    def look():
        now = (by or world.owner).do("getMetricImport", metric_import=made["id"])
        return now if now["state"] not in ("receiving", "looking", "storing", "undoing") else None
    return until(look)


def looked(world, content, **more):
    return settled(world, begun(world, content, **more))


def mapped(world, made, **more):
    return settled(world, world.owner.do("mapMetricImport", {**made["mapping"], **more}, metric_import=made["id"]))


def confirmed(world, made, without_wrong=False):
    world.owner.do("confirmMetricImport", {"without_wrong": without_wrong}, metric_import=made["id"])
    return settled(world, made)


def undone(world, made):
    world.owner.do("undoMetricImport", metric_import=made["id"])
    return settled(world, made)


def columns(made, **roles):
    """Every column skipped but those named: head → role, or a metric."""
    known = ("id", "url", "at", "day", "text", "type", "account")
    said = {head: ({"role": what} if what in known else {"role": "metric", "metric": what}) for head, what in roles.items()}
    return [said.get(head, {"role": "skip"}) for head in made["heads"]]


def dashboards(world, account=None):
    """What all screens would ask, as text."""
    ask = world.owner.do
    query = {"account": account or world.account}
    # What is collected by itself, once an hour, is there before anything is compared.
    until(lambda: next(k for k in ask("getOverview", query={"days": 28, **query})["kpis"] if k["metric"] == "followers")["value"] is not None)
    out = {}
    for days in (28, 366):
        overview = ask("getOverview", query={"days": days, **query})
        out[f"overview {days}"] = {k: v for k, v in overview.items() if k not in ("from", "to")}
        for metric in ("likes", "engagements", "impressions", "reach", "posts"):
            out[f"rank {metric} {days}"] = {k: v for k, v in ask("rankPosts", query={"days": days, "metric": metric, "limit": 50, **query}).items() if k not in ("from", "to")} if metric != "posts" else None
        for metric in ("likes", "impressions", "followers", "day_impressions", "posts"):
            for grain in ("day", "week", "month"):
                out[f"series {metric} {grain} {days}"] = ask("getMeasureSeries", query={"days": days, "metric": metric, "grain": grain, **query})
        for by in ("network", "format", "tag"):
            out[f"parts {by} {days}"] = ask("getBreakdown", query={"days": days, "by": by})
            out[f"series of {by} {days}"] = ask("getMeasureSeries", query={"days": days, "metric": "likes", "by": "network", "name": "bluesky"})
    return out


def same(before, after):
    """Byte for byte; what is not is named by its screen."""
    wrong = [name for name in before if json.dumps(before[name], sort_keys=True) != json.dumps(after[name], sort_keys=True)]
    for name in wrong[:3]:
        told = [(k, str(v)[:300], str(after[name][k])[:300]) for k, v in before[name].items() if after[name][k] != v] if isinstance(before[name], dict) else []
        print(name, told)
    return not wrong


def posts(n, first=0, likes=lambda i: i, day="2026-11-10", text=lambda i: f"投稿 {i} #珈琲"):
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["投稿ID", "投稿日時", "本文", "リンク", "いいね", "コメント", "インプレッション"])
    for i in range(first, first + n):
        rows.writerow([f"p-{i}", f"{day} {i % 24:02}:{i // 24 % 60:02}", text(i), f"https://example.com/p/{i}", likes(i), i % 7, 10 * i])
    return out.getvalue()


def of_account(world, made, **more):
    return mapped(world, made, account_id=world.account, **more)


class TestOneFile:
    def test_posts_are_read_shown_confirmed_stored_and_taken_back(self, world):
        account, before = world.account, dashboards(world)
        made = looked(world, posts(30))
        assert (made["state"], made["n_good_rows"], made["n_bad_rows"], made["encoding"], made["is_sheet"]) == ("open", 30, 0, "utf8", False), made
        assert made["heads"][:2] == ["投稿ID", "投稿日時"] and [c["role"] for c in made["mapping"]["columns"]] == ["id", "at", "text", "url", "metric", "metric", "metric"]
        assert made["mapping"]["about"] == "posts" and made["mapping"]["zone"] == "Asia/Tokyo" and made["asks_zone"]
        first = made["rows"][1]
        assert (first["row"], first["at"], first["name"], first["match"]) == (3, "2026-11-09T16:00:00Z", "p-1", "new"), first
        assert {n["metric"]: n["value"] for n in first["numbers"]} == {"likes": 1, "replies": 1, "impressions": 10} and len(made["rows"]) == 12
        assert made["mapping"]["account_id"] == account and same(before, dashboards(world))  # nothing is stored yet
        done = confirmed(world, made)
        assert (done["state"], done["n_stored"], done["n_readings"], done["n_ours"], done["n_others"]) == ("stored", 30, 90, 0, 30) and done["done_at"]
        ranked = world.owner.do("rankPosts", query={"days": 366, "metric": "likes", "limit": 3})
        top = ranked["posts"][0]
        assert (top["value"], top["text"], top["url"], top["post_id"], top["network"]) == (29, "投稿 29 #珈琲", "https://example.com/p/29", None, "bluesky") and top["source"] == f"import:{made['id']}"
        assert top["published_at"] == "2026-11-09T20:01:00Z" and ranked["found"] == 30
        overview = world.owner.do("getOverview", query={"days": 90})
        assert overview["top"][0]["post_id"] is None and sum(d["likes"] for d in overview["days"]) == sum(range(30))
        tags = world.owner.do("getBreakdown", query={"days": 90, "by": "tag"})
        assert "珈琲" in [g["key"] for g in tags["groups"]]
        listed = world.owner.do("listMetricImports")["imports"][0]
        assert (listed["id"], listed["state"], listed["rows"], listed["by_name"]) == (made["id"], "stored", [], done["by_name"]) and done["by_name"]
        back = undone(world, made)
        assert back["state"] == "undone" and back["undone_at"]
        assert same(before, dashboards(world))
        actions = [line["action"] for line in world.owner.do("listAudit")["entries"] if line["subject_id"] == made["id"]]
        assert actions == ["metric_import.undo", "metric_import.confirm"]

    def test_a_file_comes_in_parts_and_each_part_may_come_again(self, world):
        content = posts(50).encode()
        made = world.owner.do("beginMetricImport", {"name": "大.csv", "bytes": len(content)})
        put = lambda at, data: world.owner.send("putMetricImportPart", metric_import=made["id"], query={"from": at}, data=data, headers={"Content-Type": "application/octet-stream"})
        assert put(0, content[:1000]).json["received"] == 1000
        assert put(0, content[:1000]).json["received"] == 1000
        gap = put(2000, content[2000:])
        assert (gap.status, gap["reason"]) == (409, "measure.import_gap") and "1000" in json.dumps(gap.json)
        assert put(500, content[500:1500]).json["received"] == 1500
        much = put(1500, content[1500:] + b"x")
        assert (much.status, much["reason"]) == (422, "measure.import_part")
        world.owner.refused(409, "measure.import_state", "confirmMetricImport", {"without_wrong": False}, metric_import=made["id"])
        assert put(1500, content[1500:]).json["state"] == "looking"
        assert settled(world, made)["n_good_rows"] == 50
        late = put(0, content)
        assert (late.status, late["reason"]) == (409, "measure.import_state")
        world.owner.do("dropMetricImport", metric_import=made["id"])
        world.owner.refused(404, "measure.import_unknown", "getMetricImport", metric_import=made["id"])

    @pytest.mark.parametrize("encoding, name", [("utf-8-sig", "utf8_bom"), ("utf-16", "utf16le"), ("cp932", "shift_jis")])
    def test_encodings_are_found_out(self, world, encoding, name):
        made = looked(world, posts(2000).encode(encoding))
        assert (made["encoding"], made["n_good_rows"], made["n_bad_rows"], made["heads"][0]) == (name, 2000, 0, "投稿ID"), made["problems"][:3]
        assert made["rows"][0]["text"] == "投稿 0 #珈琲"
        world.owner.do("dropMetricImport", metric_import=made["id"])

    def test_what_is_no_table_is_told(self, world):
        for content, reason in ((b"\xff\x00\x81\xfd\x00" * 50, "measure.import_encoding"), (b"hello\n", "measure.import_no_table"), (b"PK\x03\x04 no workbook", "table.bad_sheet"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "bulk.old_excel")):
            made = looked(world, content)
            assert (made["state"], made["reason"]) == ("failed", reason), made
            world.owner.do("dropMetricImport", metric_import=made["id"])

    def test_a_workbook_is_read_as_its_first_sheet(self, world):
        from test_bulk import sheet  # the same smallest workbook
        made = looked(world, sheet([["投稿ID", "投稿日時", "いいね"], ["a-1", "2026-11-01 10:00", "5"], ["a-2", "2026-11-02 10:00", "6"]]), name="数字.xlsx")
        assert (made["state"], made["is_sheet"], made["n_good_rows"]) == ("open", True, 2), made
        world.owner.do("dropMetricImport", metric_import=made["id"])


class TestNetworks:
    def test_an_export_of_x_is_known_and_its_posts_are_timed_by_their_ids(self, world):
        rows = "".join(f'"{1855000000000000000 + i * 10**12}","Mon, Nov 11, 2024","本文 {i}","https://x.com/a/status/{1855000000000000000 + i * 10**12}",{100 + i},{i},{2 * i},0,0,0,{i},0,0,0,0,0,0\n' for i in range(3))
        made = looked(world, X_HEAD + rows)
        assert (made["format"], made["network"], made["mapping"].get("account_id")) == ("x_posts", "x", None), made
        assert made["n_bad_rows"] == 0 and made["rows"][0]["at"].startswith("2024-11-")
        world.owner.refused(409, "measure.import_no_account", "confirmMetricImport", {"without_wrong": False}, metric_import=made["id"])
        world.owner.do("dropMetricImport", metric_import=made["id"])

    def test_days_of_an_account_stand_in_its_own_sums_and_go_again(self, world):
        before = dashboards(world)
        made = looked(world, "日付,フォロワー,インプレッション\n2026-11-01,100,1000\n2026-11-02,103,\"1,100\"\n2026-11-03,-,900\n合計,103,3000\n")
        assert made["mapping"]["about"] == "days" and [c.get("metric") for c in made["mapping"]["columns"]][1:] == ["followers", "day_impressions"], made["mapping"]
        assert (made["n_good_rows"], made["n_totals"]) == (3, 1) and made["rows"][0]["match"] == "day" and made["rows"][0]["at"] == "2026-11-01T14:59:59Z"
        made = of_account(world, made)
        assert confirmed(world, made)["n_readings"] == 5
        points = {p["day"]: p["value"] for p in world.owner.do("getMeasureSeries", query={"days": 90, "metric": "day_impressions", "account": world.account})["points"] if p["value"] is not None}
        assert points == {"2026-11-01": 1000, "2026-11-02": 1100, "2026-11-03": 900}
        levels = {p["day"]: p["value"] for p in world.owner.do("getMeasureSeries", query={"days": 90, "metric": "followers", "account": world.account})["points"] if p["value"] is not None}
        assert levels["2026-11-01"] == 100 and levels["2026-11-02"] == 103
        assert undone(world, made)["state"] == "undone" and same(before, dashboards(world))
