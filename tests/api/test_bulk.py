"""Posts as a table: what comes in is shown with every fault of every row, stored whole or not at all, once; what goes out comes in again."""
import codecs
import csv
import datetime
import io
import threading
import uuid
import zipfile

import pytest

from conftest import need
from contract import CONTRACT
from server import Client
from test_calendar import at, look
from test_posts import text_of, wait_for

HEAD = "日付,時刻,アカウント,本文,状態\r\n"
ROW_REASONS = [r for r in CONTRACT.reasons if r.startswith(("bulk.", "table."))]


def bring(world, content, name="投稿.csv", by=None, **query):
    data = content.encode() if isinstance(content, str) else content
    return (by or world.owner).do("createImport", query={"name": name, **query}, data=data, headers={"Content-Type": "application/octet-stream"})


def refuse(world, status, reason, content, name="x.csv"):
    data = content.encode() if isinstance(content, str) else content
    return world.owner.refused(status, reason, "createImport", query={"name": name}, data=data, headers={"Content-Type": "application/octet-stream"})


def confirm(world, made):
    return world.owner.do("confirmImport", **{"import": made["id"]})


def problems(made, errors_only=True):
    return [(p["row"], p["column"], p["reason"]) for p in made["problems"] if not (errors_only and p["is_note"])]


def day(days):
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    return (datetime.datetime.now(tokyo) + datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def export(world, by=None, **query):
    reply = (by or world.owner).send("exportPosts", query=query)
    assert reply.status == 200, reply
    return reply.bytes


def rows_of(data):
    assert data.startswith(codecs.BOM_UTF8)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def handle(world):
    world.account
    return world.owner.do("listAccounts")["accounts"][0]["handle"]


def posts_in(world, first, n_days=1):
    return look(world, first, n_days)["n"]


def sheet(rows, extra=()):
    """A workbook as small as can be: inline texts."""
    cells = "".join(f'<row r="{r + 1}">' + "".join(f'<c r="{chr(65 + c)}{r + 1}" t="inlineStr"><is><t xml:space="preserve">{v}</t></is></c>' for c, v in enumerate(row)) + "</row>" for r, row in enumerate(rows))
    main, rel = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>')
        for name, content in extra:
            z.writestr(name, content)
    return out.getvalue()


class TestImport:
    def test_nothing_is_stored_before_it_is_confirmed_and_then_all(self, world):
        text, first = text_of("一括"), 300
        made = bring(world, HEAD + f"{day(first)},9:00,{handle(world)},{text} 1,\r\n{day(first)},午後3時,bluesky,{text} 2,下書き\r\n,,,{text} 3,draft\r\n")
        assert (made["state"], made["n_posts"], made["n_errors"], made["n_scheduled"], made["encoding"], made["is_sheet"]) == ("open", 3, 0, 0, "utf-8", False)
        assert [(r["row"], r["due_at"], r["text"], r["accounts"], r["state"]) for r in made["rows"]] == [
            (2, at(first, 9), f"{text} 1", [world.account], "draft"), (3, at(first, 15), f"{text} 2", [world.account], "draft"), (4, None, f"{text} 3", [], "draft")]
        assert (made["first_at"], made["last_at"]) == (at(first, 9), at(first, 15))
        assert posts_in(world, first) == 0
        done = confirm(world, made)
        assert (done["state"], done["n_posts"], done["n_scheduled"], done["first_at"]) == ("done", 3, 0, at(first, 9)) and done["done_at"]
        assert posts_in(world, first) == 2
        again = confirm(world, made)
        assert again == done and posts_in(world, first) == 2
        stored = world.owner.do("listPosts", query={"from": at(first), "to": at(first + 1)})["posts"]
        assert [(p["text"], p["state"], p["version"], p["created_by"]) for p in stored] == [(f"{text} 1", "draft", 1, world.owner.person), (f"{text} 2", "draft", 1, world.owner.person)]
        world.owner.refused(409, "import.done", "dropImport", **{"import": made["id"]})
        assert world.owner.do("listImportProblems", **{"import": made["id"]}) == {"problems": [], "next_cursor": None}
        lines = world.owner.do("listAudit", query={"limit": 20})["entries"]
        assert [line for line in lines if line["action"] == "post.import" and line["subject_id"] == made["id"]]

    def test_rows_that_are_scheduled_go_out_like_any_other(self, world):
        text, first = text_of("予約"), 305
        made = bring(world, f"日時,投稿先,本文,状態\n{day(first)} 09:00,{world.account},{text},予約\n{day(first)} 10:00,{world.account},{text} 二,\n", schedules="true")
        assert made["n_scheduled"] == 2 and not problems(made)
        confirm(world, made)
        posts = world.owner.do("listPosts", query={"from": at(first), "to": at(first + 1), "state": "scheduled"})["posts"]
        assert [p["due_at"] for p in posts] == [at(first, 9), at(first, 10)]
        deliveries = world.owner.do("listDeliveries", query={"post": posts[0]["id"]})["deliveries"]
        assert [(d["state"], d["due_at"], d["text"], d["account_id"]) for d in deliveries] == [("waiting", at(first, 9), text, world.account)]
        steps = world.owner.do("getDelivery", delivery=deliveries[0]["id"])
        assert steps["steps"][0]["what"] == "scheduled"
        world.owner.do("schedulePost", {"at": at(first, 12)}, post=posts[0]["id"])
        world.owner.do("unschedulePost", post=posts[1]["id"])
        world.owner.do("deletePost", post=posts[0]["id"])

    def test_an_imported_post_is_published_at_its_time(self, world):
        text = text_of("すぐ")
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = bring(world, f"日時,アカウント,本文,状態\n{soon},{world.account},{text},scheduled\n")
        confirm(world, made)
        post = world.owner.do("listPosts", query={"from": soon, "to": at(1)})["posts"][0]
        assert post["text"] == text and wait_for(world.owner, post["id"], "published") and world.practice.count(text) == 1

    @pytest.mark.parametrize("charset, mark, name", [("utf-8", b"", "utf-8"), ("utf-8", codecs.BOM_UTF8, "utf-8-bom"), ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16le"),
                                                     ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16be"), ("utf-16-le", b"", "utf-16le"), ("cp932", b"", "shift_jis")])
    def test_each_encoding_and_separator_reads_the_same(self, world, charset, mark, name):
        for between, end in ((",", "\r\n"), (";", "\n"), ("\t", "\r")):
            lines = [between.join(cells) for cells in (("本文", "日時"), ('"①〜表、改行\nと""引用"""', "2099年12月1日 9時30分"))]
            made = bring(world, mark + end.join([*lines, ""]).encode(charset))
            assert (made["encoding"], made["n_posts"], made["n_errors"]) == (name, 1, 0)
            assert made["rows"][0]["text"] == '①～表、改行\nと"引用"'.replace("～", "〜" if charset != "cp932" else "～") and made["rows"][0]["due_at"] == "2099-12-01T00:30:00Z"

    def test_a_workbook_is_read_too(self, world):
        text = text_of("表")
        made = bring(world, sheet([["本文", "アカウント", "日付", "時刻"], [text, handle(world), "2099/12/1", "９：００"], [], [text + " 二", "", "", ""]]), name="投稿.xlsx")
        assert (made["is_sheet"], made["n_posts"], made["n_errors"]) == (True, 2, 0) and [r["row"] for r in made["rows"]] == [2, 4]
        assert made["rows"][0]["due_at"] == "2099-12-01T00:00:00Z"

    def test_every_error_of_every_row_is_told_at_its_cell(self, world):
        long = "あ" * 400
        head = "日付,時刻,アカウント,本文,状態,キャンペーン,メディア,代替テキスト,形式,表示,言語,余分\n"
        made = bring(world, head + "\n".join([
            "12月1日,9:00,だれ,本文,予定,ない企画,,絵,巻物,提供,日本語!,x",
            f"{day(310)},25:00,{world.account},本文,,,{uuid.uuid4()},,,,,",
            f"{day(310)},,{world.account},本文,,,,,,,,",
            f",9:00,{world.account},本文,,,,,,,,",
            f"2020-01-01,9:00,{world.account},本文,予約,,,,,,,",
            f"{day(310)},9:00,{world.account},{long},予約,,,,,,,",
            f",,{world.account},本文,予約,,,,,,,",
            ",,,,,,,,,,,メモだけ",
            f"{day(310)},9:00,,本文,予約,,,,,,,",
            f'{day(310)},9:00,{world.account},a"b,,,,,,,,',
            f'{day(310)},9:00,{world.account},"閉じない,,,,,,,,',
        ]))
        assert problems(made) == [
            (2, "日付", "bulk.bad_date"), (2, "アカウント", "bulk.account_unknown"), (2, "形式", "bulk.bad_format"), (2, "代替テキスト", "bulk.alt_alone"),
            (2, "キャンペーン", "bulk.campaign_unknown"), (2, "状態", "bulk.bad_state"), (2, "表示", "bulk.bad_disclosure"), (2, "言語", "bulk.bad_lang"),
            (3, "時刻", "bulk.bad_time"), (3, "メディア", "bulk.media_unknown"), (4, "日付", "bulk.no_time"), (5, "時刻", "bulk.no_date"), (6, "日付", "post.time_past"),
            (7, "本文", "post.over_limit"), (8, "日付", "post.no_time"), (9, "本文", "post.empty"), (10, "アカウント", "post.no_account"), (11, "本文", "table.stray_quote"),
            (12, "本文", "table.open_quote")]
        assert (1, None, "bulk.column_unknown") in problems(made, False) and made["n_bad_rows"] == 11 and not made["has_more_problems"]
        assert "「だれ」" in next(p["detail"] for p in made["problems"] if p["reason"] == "bulk.account_unknown")
        world.owner.refused(409, "import.has_errors", "confirmImport", **{"import": made["id"]})
        assert posts_in(world, 310) == 0
        english = world.owner.fork(language="en")
        seen, cursor = [], None
        while True:
            page = english.do("listImportProblems", query={"limit": 7, **({"cursor": cursor} if cursor else {})}, **{"import": made["id"]})
            seen += page["problems"]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert [(p["row"], p["reason"]) for p in seen] == [(p["row"], p["reason"]) for p in made["problems"]]
        listed = rows_of(world.owner.send("getImportProblems", **{"import": made["id"]}).bytes)
        assert [(int(r["行"]), r["列"] or None, r["内容"]) for r in listed] == [(p["row"], p["column"], p["detail"]) for p in made["problems"]]
        world.owner.refused(422, "post.bad_cursor", "listImportProblems", query={"cursor": "x"}, **{"import": made["id"]})

    def test_names_that_several_have_and_what_is_doubled(self, world):
        text, name = text_of("同じ"), text_of("同名企画")
        for _ in range(2):
            world.owner.do("createCampaign", {"name": name})
        world.draft(text, due_at=at(320, 9))
        second = world.connect(1)
        made = bring(world, f"本文,アカウント,キャンペーン,日時\n{text},{world.account},{name},{day(320)} 12:00\n{text},{world.account};{second},,{day(321)} 12:00\n{text} 別,bluesky,,\n")
        assert problems(made) == [(2, "キャンペーン", "bulk.campaign_several"), (4, "アカウント", "bulk.account_several")]
        notes = [(p["row"], p["reason"]) for p in made["problems"] if p["is_note"]]
        assert notes == [(2, "bulk.same_as_post"), (3, "bulk.same_as_row"), (3, "bulk.same_as_post")]
        assert next(p for p in made["problems"] if p["reason"] == "bulk.same_as_post")["post_id"]
        world.owner.do("disconnectAccount", account=second)

    def test_what_cannot_be_read_as_a_table_is_refused_whole(self, world):
        refuse(world, 422, "bulk.empty", b"")
        refuse(world, 422, "bulk.empty", "本文\r\n\r\n,\r\n")
        refuse(world, 422, "bulk.no_text_column", "日付,時刻\n2026-12-01,9:00\n")
        refuse(world, 422, "bulk.column_twice", "本文,テキスト\na,b\n")
        refuse(world, 422, "table.encoding", b"\x81\xff\xff\xfe\n" + b"\xff" * 10)
        refuse(world, 422, "table.encoding", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + bytes(range(256)))
        refuse(world, 422, "bulk.old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        refuse(world, 422, "table.bad_sheet", b"PK\x03\x04" + b"no zip at all" * 40)
        refuse(world, 422, "bulk.too_many_rows", "本文\n" + "a\n" * 50001)
        refuse(world, 413, "table.sheet_too_large", sheet([["本文"]], [("xl/sharedStrings.xml", b"<sst>" + b" " * (600 << 20) + b"</sst>")]))
        refuse(world, 413, "http.too_large", b"a" * ((64 << 20) + 1))
        world.owner.refused(404, "import.unknown", "getImport", **{"import": str(uuid.uuid4())})
        world.owner.refused(404, "import.unknown", "dropImport", **{"import": str(uuid.uuid4())})
        world.owner.refused(404, "import.unknown", "confirmImport", **{"import": str(uuid.uuid4())})
        world.owner.refused(404, "import.unknown", "listImportProblems", **{"import": str(uuid.uuid4())})
        world.owner.refused(404, "import.unknown", "getImportProblems", **{"import": str(uuid.uuid4())})

    def test_a_cell_of_ten_megabytes_is_an_error_of_its_row(self, world):
        made = bring(world, "本文,日時\nよい,\n" + "x" * (10 << 20) + f',\n"{"あ" * (4 << 20)}",\n終わり,\n' + ",".join("z" * 70) + "\n")
        assert problems(made) == [(3, "本文", "table.long_cell"), (4, "本文", "table.long_cell"), (6, None, "table.too_many_columns"), (6, "日時", "bulk.bad_date")]
        made = bring(world, f'本文,続き\n{"長" * 20001},\nよい,"{"長" * 20000}\n---\n{"長" * 20001}"\n')
        assert problems(made) == [(2, "本文", "input.too_long"), (3, "続き", "input.too_long")]

    def test_a_new_file_takes_the_place_of_the_one_before(self, world):
        first = bring(world, "本文\na\n")
        second = bring(world, "本文\nb\n")
        world.owner.refused(404, "import.unknown", "confirmImport", **{"import": first["id"]})
        assert world.owner.do("getImport", **{"import": second["id"]})["rows"][0]["text"] == "b"
        world.owner.do("dropImport", **{"import": second["id"]})
        world.owner.refused(404, "import.unknown", "getImport", **{"import": second["id"]})

    def test_what_a_rule_blocks_is_not_scheduled_in_bulk_either(self, world):
        blocked, owner = "オンカジで稼ごう", world.owner
        owner.refused(422, "check.blocked", "schedulePost", {"at": at(330, 9)}, post=world.draft(blocked)["id"])
        made = bring(world, f"本文,アカウント,日時,状態\n{blocked},{world.account},{day(330)} 9:00,予約\n{blocked},{world.account},{day(330)} 9:00,下書き\n")
        assert set(problems(made)) == {(2, "本文", "check.blocked")}, made["problems"]

    def test_rows_that_say_the_same_within_a_week_are_told_where_the_network_minds(self, world):
        world.owner.do("putCheckFile", {"text": "rules:\n  - {id: NG-2, severity: block, networks: [bluesky], facts: [repeat], message: {ja: 先週と同じ}, match: {always: 'yes'}}\n"}, file="rules")
        text = "春の弁当が店に並びます。数に限りがあります。お早めにどうぞ"
        rows = "".join(f"{day(n)} 09:00,{world.account},{text}{mark}\n" for n, mark in ((60, "。"), (63, "!"), (80, "。"), (87, "。")))
        made = bring(world, "日時,投稿先,本文\n" + rows, schedules="true")
        assert set(problems(made)) == {(3, "本文", "check.blocked")}, made["problems"]
        world.owner.do("putCheckFile", {"text": ""}, file="rules")

    def test_where_an_approval_is_needed_rows_wait_for_it(self, world):
        owner, text = world.owner, text_of("承認前")
        owner.do("setApprovalPolicy", {"mode": "one", "remind_after_h": 24})
        made = bring(world, f"本文,アカウント,日時,状態\n{text},{world.account},{day(340)} 9:00,予約\n")
        assert (made["n_scheduled"], problems(made), problems(made, False)) == (0, [], [(2, "状態", "bulk.needs_approval")])
        confirm(world, made)
        assert [p["state"] for p in owner.do("listPosts", query={"from": at(340), "to": at(341)})["posts"]] == ["draft"]
        owner.do("setApprovalPolicy", {"mode": "none", "remind_after_h": 24})

    def test_two_clicks_at_once_import_once(self, world):
        text, first = text_of("二度押し"), 350
        made = bring(world, "本文,日時\n" + "".join(f"{text} {k},{day(first)} 9:{k % 60:02}\n" for k in range(600)))
        replies = []
        click = lambda: replies.append(world.owner.fork().send("confirmImport", **{"import": made["id"]}))
        threads = [threading.Thread(target=click) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert [r.status for r in replies] == [200] * 4 and {r["n_posts"] for r in replies} == {600}
        assert posts_in(world, first) == 600


class TestExport:
    def test_what_goes_out_comes_in_again_as_the_same(self, world):
        owner, word = world.owner, text_of("往復")
        campaign = owner.do("createCampaign", {"name": text_of("往復の企画")})
        second = world.connect(1)
        tricky = f'=HYPERLINK("x")\n{word} "引用", 改行; \'そのまま'
        one = owner.do("createPost", {"text": tricky, "disclosure": {"is_advertising": True, "is_own_brand": False, "is_ai_made": True}, "due_at": at(360, 9, 5), "lang": "ja",
                                      "variants": [{"account_id": world.account, "text": None, "thread": [{"text": "続き 1"}, {"text": "続き\n2"}]}, {"account_id": second, "text": f"{word} 別の言葉"}]})
        owner.do("setPostCampaign", {"campaign_id": campaign["id"]}, post=one["id"])
        owner.do("createPost", {"text": f"'=1 {word}", "variants": [], "due_at": at(360, 10)})
        for kind in ("csv", "xlsx"):
            data = export(world, format=kind, **{"from": at(360), "to": at(361)})
            made = bring(world, data, name=f"hibiki-posts.{kind}")
            assert (made["is_sheet"], made["n_posts"], made["n_errors"]) == (kind == "xlsx", 3, 0), made["problems"]
            rows = made["rows"]
            assert [(r["text"], r["accounts"], r["due_at"], r["campaign_id"], r["n_thread"]) for r in rows] == [
                (tricky, [world.account], at(360, 9, 5), campaign["id"], 2), (f"{word} 別の言葉", [second], at(360, 9, 5), campaign["id"], 0),
                (f"'=1 {word}", [], at(360, 10), None, 0)]
        confirm(world, made)
        copy = [p for p in owner.do("listPosts", query={"from": at(360), "to": at(361)})["posts"] if p["text"] == tricky and p["id"] != one["id"]][0]
        assert copy["disclosure"] == one["disclosure"] and copy["lang"] == "ja" and copy["campaign_id"] == campaign["id"]
        assert [t["text"] for t in copy["variants"][0]["thread"]] == ["続き 1", "続き\n2"]
        owner.do("disconnectAccount", account=second)

    def test_no_cell_is_a_formula_and_filters_hold(self, world):
        owner, word = world.owner, text_of("数式")
        for start in ("=1+1", "+81", "-x", "@SUM", "\t=2", "＝全角"):
            world.draft(f"{start} {word}", due_at=at(370, 9))
        data = export(world, **{"from": at(370), "to": at(371)})
        rows = rows_of(data)
        assert len(rows) == 6 and all(r["本文"].startswith("'") for r in rows) and {r["状態"] for r in rows} == {"下書き"}
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            assert not [cell for cell in row if cell[:1] in "=+-@\t\r" and cell]
        assert len(rows_of(export(world, words=word[:12], **{"from": at(370), "to": at(371)}))) == 6
        count = lambda **query: len(rows_of(export(world, **{"from": at(370), "to": at(371), **query})))
        assert (count(account=world.account), count(account=str(uuid.uuid4())), count(network="bluesky"), count(network="x"), count(state="scheduled"), count(words="ない言葉")) == (6, 0, 6, 0, 0, 0)
        english = csv.reader(io.StringIO(export(world, by=owner.fork(language="en")).decode("utf-8-sig"), newline=""))
        assert next(english)[:4] in (["Date", "Time", "Accounts", "Text"], ["日付", "時刻", "アカウント", "本文"])
        owner.refused(422, "post.bad_range", "exportPosts", query={"from": at(3), "to": at(2)})

    def test_a_text_too_long_for_a_sheet_says_so(self, world):
        part = {"text": "長" * 20000}
        world.owner.do("createPost", {"text": "頭", "variants": [{"account_id": world.account, "text": None, "thread": [part, part]}], "due_at": at(380, 9)})
        world.owner.refused(422, "table.cell_too_long", "exportPosts", query={"format": "xlsx", "from": at(380), "to": at(381)})
        assert len(rows_of(export(world, **{"from": at(380), "to": at(381)}))[0]["続き"]) == 40005

    def test_the_template_shows_how_and_imports(self, world):
        for kind in ("csv", "xlsx"):
            reply = world.owner.send("getImportTemplate", query={"format": kind})
            assert reply.status == 200 and "attachment" in reply.headers["Content-Disposition"]
            made = bring(world, reply.bytes, name="t." + kind)
            assert (made["n_posts"], made["n_errors"]) == (1, 0), made["problems"]

    def test_who_may_not_write_may_not_import(self, world):
        made = bring(world, "本文\na\n")
        for role in ("analyst", "client", "approver"):
            person = world.person(role)
            person.refused(403, "auth.forbidden", "createImport", query={"name": "a"}, data=b"a", headers={"Content-Type": "application/octet-stream"})
            person.refused(403, "auth.forbidden", "confirmImport", **{"import": made["id"]})
        assert export(world, by=world.person("analyst"))
        stranger = world.other_workspace()
        stranger.refused(404, "import.unknown", "getImport", **{"import": made["id"]})


@pytest.mark.parametrize("kind", ("sqlite", "postgresql"))
def test_killed_while_it_imports_all_or_nothing_is_there(kind):
    from server import Database, Server
    import time
    need(kind)
    database = Database(kind)
    server = Server(database).start()
    owner = Client(server).set_up()
    n_whole = n_none = 0
    try:
        for turn, wait in enumerate((0.02, 0.15, 0.4, 0.8, 1.6, 3.0)):
            world = type("W", (), {"owner": owner})
            made = bring(world, "本文,日時\n" + "".join(f"停電 {turn} {k},{day(400 + turn)} 9:00\n" for k in range(3000)))
            quiet = owner.fork()
            def click():
                try:
                    quiet.send("confirmImport", **{"import": made["id"]})
                except (OSError, AssertionError, Exception):
                    pass
            thread = threading.Thread(target=click)
            thread.start()
            time.sleep(wait)
            server.kill()
            thread.join()
            server.start()
            owner.connection = None
            stored = posts_in(world, 400 + turn)
            state = owner.do("getImport", **{"import": made["id"]})["state"]
            assert (stored, state) in ((0, "open"), (3000, "done")), (stored, state)
            n_whole += stored > 0
            n_none += stored == 0
            confirm(world, made)
            assert posts_in(world, 400 + turn) == 3000
        assert n_none, "no kill came early enough to mean anything"
        server.stop()
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
        database.remove()
