"""Files of numbers that networks export: read in parts, looked through, confirmed once, stored in the background, and taken back as if they had never been there."""
import csv
import datetime
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
        out[f"gained {days}"] = {k: v for k, v in ask("rankPosts", query={"days": days, "value": "gained", "limit": 50, **query}).items() if k not in ("from", "to")}
    for by, name in (("network", "bluesky"), ("format", "post"), ("tag", "珈琲")):
        out[f"hours of {name}"] = {"points": [p for p in ask("getMeasureSeries", query={"days": 3, "grain": "hour", "metric": "likes", "by": by, "name": name})["points"] if p["value"]]}
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

    def test_an_export_of_x_in_japanese_is_known_as_well(self, world):
        head = "ポストID,日付,ポスト本文,ポストのリンク,インプレッション数,いいね,エンゲージメント,ブックマーク,共有された回数,新しいフォロー,返信,リポスト,プロフィールへのアクセス数,詳細のクリック数,URLのクリック数,ハッシュタグのクリック数,パーマリンクのクリック数\n"
        row = '1985000000000000000,"Thu, Oct 30, 2025",一つ目,https://x.com/a/status/1985000000000000000,"1,200",30,44,5,2,1,3,4,9,7,6,0,0\n'
        made = of_account(world, looked(world, head + row, name="account_analytics_content_2026-11-01.csv"))
        assert made["format"] == "x_posts" and made["n_good_rows"] == 1 and not made["asks_zone"], made
        assert {n["metric"]: n["value"] for n in made["rows"][0]["numbers"]} == {"impressions": 1200, "likes": 30, "network_engagements": 44, "saves": 5, "shares": 2, "follows": 1, "replies": 3, "reposts": 4, "profile_visits": 9, "clicks": 6}
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


class TestFindings:
    def test_imported_posts_are_asked_what_makes_a_difference_and_taken_back_they_are_not(self, world):
        def told(account=None):
            return world.owner.do("listFindings", query={"account": account or world.account})
        now, rows = datetime.datetime.now(datetime.timezone.utc), ["投稿ID,投稿日時,本文,種類,いいね"]
        for i in range(240):  # videos bring four times as much, #豆 nothing
            at = now - datetime.timedelta(days=300) + datetime.timedelta(hours=27 * i)
            rows.append(f"f-{i},{at:%Y-%m-%d %H:%M},{'話 #豆 ＃Ｂｅａｎ' if i * 7 % 3 else '話'},{'動画' if i % 4 == 0 else '画像'},{(160 if i % 4 == 0 else 40) + i * 37 % 11}")
        before = told()
        done = confirmed(world, of_account(world, looked(world, "\n".join(rows) + "\n", name="一年.csv")))
        assert (done["state"], done["n_stored"]) == ("stored", 240), done
        found = told()
        assert found["n_posts"] == before["n_posts"] + 240
        (video,) = [f for f in found["findings"] if f["kind"] == "type" and f["key"] == "video"]
        assert video["is_told"] and video["n"] == 60 and 2 < video["lift"] < 4, video
        (tag,) = [f for f in found["findings"] if f["kind"] == "hashtag"]
        assert tag["key"] == "#bean #豆" and not tag["is_told"] and tag["low"] <= 0 <= tag["high"], tag
        assert told() == found  # kept, and told as it was
        lists = lambda **more: world.owner.do("rankPosts", query={"account": world.account, "days": 365, "value": "settled", "limit": 500, **more})
        videos, tagged = lists(media="video"), lists(tag="bean 豆")
        assert (videos["told"], tagged["told"]) == (60, tag["n"]) and sum(p["value"] for p in videos["posts"]) == videos["whole"]
        assert {p["format"] for p in videos["posts"]} == {"video"} and lists(media="video", tag="bean")["told"] < 60
        assert sum(lists(media=media)["told"] for media in ("text", "link", "image", "gif", "video")) == found["n_posts"]
        assert undone(world, done)["state"] == "undone" and told() == before


class TestWhatIsWrong:
    def test_each_wrong_cell_is_told_with_its_row_and_nothing_is_stored_until_somebody_leaves_them_out(self, world):
        before = dashboards(world)
        made = looked(world, "投稿ID,投稿日時,いいね\nw-1,2026-11-01 10:00,5\nw-2,きのう,6\nw-3,2026-11-02 10:00,たくさん\nw-4,2026-11-03 10:00,7\nw-4,2026-11-03 10:00,8\nw-1,2026-11-01 10:00,5\n")
        assert (made["n_good_rows"], made["n_bad_rows"], made["n_repeats"], made["is_wrong"]) == (2, 3, 1, False), made
        assert [(p["row"], p["column"], p["reason"]) for p in made["problems"]] == [(3, "投稿日時", "measure.import_date"), (4, "いいね", "measure.import_number"), (6, "投稿ID", "measure.import_twice")]
        assert all(p["detail"] and "measure." not in p["detail"] for p in made["problems"]) and made["problems"][1]["value"] == "たくさん"
        made = of_account(world, made)
        world.owner.refused(409, "measure.import_wrong", "confirmMetricImport", {"without_wrong": False}, metric_import=made["id"])
        assert same(before, dashboards(world))
        assert confirmed(world, made, without_wrong=True)["n_stored"] == 2
        assert undone(world, made)["state"] == "undone" and same(before, dashboards(world))

    def test_half_a_file_is_told_at_the_row_where_it_breaks_off(self, world):
        whole = posts(100)
        made = looked(world, whole[:len(whole) // 2 + 9].encode()[:-3])
        last = made["problems"][-1]
        assert made["n_bad_rows"] == 1 and last["reason"] == "measure.import_cut" and last["row"] == made["n_good_rows"] + 2, made["problems"]
        world.owner.do("dropMetricImport", metric_import=made["id"])

    def test_two_zones_in_one_file_are_asked_about(self, world):
        text = "id,created_at,likes\nz-1,2026-11-01T10:00:00+09:00,1\nz-2,2026-11-01T10:00:00-05:00,2\n"
        made = of_account(world, looked(world, text))
        assert made["is_wrong"] and [p["reason"] for p in made["problems"]] == ["measure.import_zones"]
        world.owner.refused(409, "measure.import_wrong", "confirmMetricImport", {"without_wrong": True}, metric_import=made["id"])
        made = mapped(world, made, mixed_zones=True)
        assert not made["is_wrong"] and [r["at"] for r in made["rows"]] == ["2026-11-01T01:00:00Z", "2026-11-01T15:00:00Z"]
        world.owner.do("dropMetricImport", metric_import=made["id"])

    def test_the_zone_that_is_chosen_counts(self, world):
        made = looked(world, posts(1))
        assert made["rows"][0]["at"] == "2026-11-09T15:00:00Z"
        assert mapped(world, made, zone="America/New_York")["rows"][0]["at"] == "2026-11-10T05:00:00Z"
        world.owner.do("dropMetricImport", metric_import=made["id"])

    def test_what_makes_no_sense_is_refused(self, world):
        made = looked(world, posts(3))
        right = made["mapping"]
        refuse = lambda pointer, **more: world.owner.refused(422, "measure.import_mapping", "mapMetricImport", {**right, **more}, metric_import=made["id"], pointer=pointer)
        refuse("/zone", zone="Asia/Nowhere")
        refuse("/columns", columns=right["columns"][:2])
        refuse("/columns", columns=columns(made, **{"いいね": "likes", "コメント": "likes"}))
        refuse("/columns", columns=columns(made, **{"いいね": "followers"}))
        refuse("/as_of", as_of="2031-01-01T00:00:00Z")
        world.owner.refused(404, "accounts.unknown", "mapMetricImport", {**right, "account_id": SOMEBODY}, metric_import=made["id"], pointer="/account_id")
        world.owner.refused(409, "measure.import_state", "undoMetricImport", metric_import=made["id"])
        done = confirmed(world, of_account(world, made))
        world.owner.refused(409, "measure.import_state", "mapMetricImport", right, metric_import=made["id"])
        world.owner.refused(409, "measure.import_state", "dropMetricImport", metric_import=made["id"])
        world.owner.refused(409, "measure.import_state", "confirmMetricImport", {"without_wrong": False}, metric_import=made["id"])
        assert undone(world, done)["state"] == "undone"
        world.owner.refused(413, "measure.import_too_large", "beginMetricImport", {"name": "a.csv", "bytes": 9 * 2**30})

    def test_twenty_wait_to_be_confirmed_at_most(self, world):
        stranger = world.other_workspace()
        made = [stranger.do("beginMetricImport", {"name": f"{n}.csv", "bytes": 10})["id"] for n in range(20)]
        stranger.refused(409, "measure.import_too_many", "beginMetricImport", {"name": "a.csv", "bytes": 10})
        for one in made:
            stranger.do("dropMetricImport", metric_import=one)


class TestAgain:
    def test_the_same_file_is_stored_once_and_its_columns_are_remembered(self, world):
        before = dashboards(world)
        text = "名前なし,書いた日,すき\nr-1,2026-11-01 10:00,5\nr-2,2026-11-02 10:00,6\n"
        made = looked(world, text)
        assert made["format"] == "" and made["is_wrong"] and not made["is_remembered"]
        made = of_account(world, made, columns=columns(made, **{"名前なし": "id", "書いた日": "at", "すき": "likes"}))
        assert (made["n_good_rows"], made["is_wrong"]) == (2, False), made["problems"]
        confirmed(world, made)
        again = looked(world, text)
        assert again["is_remembered"] and again["same_id"] == made["id"] and again["mapping"]["columns"] == made["mapping"]["columns"]
        assert [r["match"] for r in again["rows"]] == ["known", "known"]
        world.owner.refused(409, "measure.import_same", "confirmMetricImport", {"without_wrong": False}, metric_import=again["id"])
        world.owner.do("dropMetricImport", metric_import=again["id"])
        later = looked(world, text + "r-3,2026-11-03 10:00,7\n")
        assert later["is_remembered"] and later["same_id"] is None and [r["match"] for r in later["rows"]] == ["known", "known", "new"]
        between = dashboards(world)
        assert confirmed(world, later)["n_stored"] == 3
        found = world.owner.do("rankPosts", query={"days": 366, "metric": "likes"})
        assert sorted(p["value"] for p in found["posts"] if p["value"] in (5, 6, 7)) == [5, 6, 7]
        assert undone(world, later)["state"] == "undone" and same(between, dashboards(world))
        assert undone(world, made)["state"] == "undone" and same(before, dashboards(world))

    def test_a_counter_that_falls_is_kept_as_the_file_says_and_goes_again(self, world):
        before = dashboards(world)
        at = lambda day: f"2026-11-{day}T00:00:00Z"
        first = of_account(world, looked(world, posts(5, likes=lambda i: 100)), as_of=at(20))
        confirmed(world, first)
        between = dashboards(world)
        second = of_account(world, looked(world, posts(5, likes=lambda i: 90)), as_of=at(22))
        assert [r["match"] for r in second["rows"]] == ["known"] * 5
        confirmed(world, second)
        assert {p["value"] for p in world.owner.do("rankPosts", query={"days": 366, "metric": "likes", "limit": 5})["posts"]} == {90}
        days = {p["day"]: (p["value"], p["falls"]) for p in world.owner.do("getMeasureSeries", query={"days": 28, "metric": "likes"})["points"] if p["readings"]}
        assert days["2026-11-20"] == (500, 0) and days["2026-11-22"] == (-50, 5), days
        assert undone(world, second)["state"] == "undone" and same(between, dashboards(world))
        assert undone(world, first)["state"] == "undone" and same(before, dashboards(world))

    def test_taken_back_in_the_other_order_it_is_the_same(self, world):
        before = dashboards(world)
        made = [of_account(world, looked(world, posts(5, likes=lambda i, n=n: 50 + n)), as_of=f"2026-11-2{n}T00:00:00Z") for n in range(2)]
        confirmed(world, made[0])
        confirmed(world, made[1])
        undone(world, made[0])
        assert {p["value"] for p in world.owner.do("rankPosts", query={"days": 366, "metric": "likes", "limit": 5})["posts"]} == {51}
        assert undone(world, made[1])["state"] == "undone" and same(before, dashboards(world))


class TestTheJob:
    def test_killed_in_the_middle_it_goes_on_and_everything_is_there_once(self, world):
        before = dashboards(world)
        made = of_account(world, looked(world, posts(3000)))
        world.owner.do("confirmMetricImport", {"without_wrong": False}, metric_import=made["id"])
        until(lambda: 0 < world.owner.do("getMetricImport", metric_import=made["id"])["n_stored"] < 3000)
        world.server.kill()
        world.server.start()
        done = settled(world, made)
        assert (done["state"], done["n_stored"], done["n_readings"], done["n_others"]) == ("stored", 3000, 9000, 3000), done
        assert world.owner.do("rankPosts", query={"days": 366, "metric": "likes"})["found"] >= 3000
        overview = world.owner.do("getOverview", query={"days": 90})
        assert sum(d["likes"] for d in overview["days"]) == sum(range(3000))
        world.owner.do("undoMetricImport", metric_import=made["id"])
        time.sleep(0.3)
        world.server.kill()
        world.server.start()
        assert settled(world, made)["state"] == "undone" and same(before, dashboards(world))


class TestRealFiles:
    @pytest.mark.parametrize("name", ["live_sellers/posts.csv", "facebook_metrics/dataset_Facebook.csv"])
    def test_a_real_file_is_read_stored_and_taken_back(self, world, name):
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"SKIP: {path} is not here; the real files of numbers are not part of this repository")
        before = dashboards(world)
        made = of_account(world, looked(world, path.read_bytes(), name=path.name), **({"year": 2014} if "facebook" in name else {}))
        n_rows = len(path.read_text(encoding="utf-8-sig").splitlines()) - 1
        assert not made["is_wrong"] and made["n_good_rows"] + made["n_repeats"] + made["n_bad_rows"] == n_rows, made
        done = confirmed(world, made, without_wrong=True)
        assert done["state"] == "stored" and done["n_stored"] == made["n_good_rows"]
        assert undone(world, made)["state"] == "undone" and same(before, dashboards(world))
