"""Reports over HTTP: what they say are the overview's figures, sections are kept in their order, files open, a suggestion becomes one task, and an empty month says so."""
import collections
import concurrent.futures
import html
import http.client
import io
import os
import re
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET
import zipfile

import pytest

from conftest import DATABASES, World, need
from server import Client, Server
from test_measure import still
from test_report_delivery import until

PERIOD = {"from": "2026-10-01", "until": "2026-10-31"}
NOBODY = "00000000-0000-7000-8000-000000000000"


def made(client, **more):
    return client.do("createReport", {"kind": "monthly", "name": "十月のご報告", "client": "珈琲ひびき", **PERIOD, **more})


def draft_of(report, **more):
    return {**{k: report[k] for k in ("kind", "name", "client", "campaign_id", "from", "until", "logo_id", "accent", "locale", "sections")}, **more}


def workbook(data):
    book = zipfile.ZipFile(io.BytesIO(data))
    assert book.testzip() is None
    for name in book.namelist():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(book.read(name))
    return book


def test_an_empty_month_says_so_and_suggests_what_to_do(world):
    report = made(world.owner)
    read = world.owner.do("getReport", report=report["id"])
    summary = next(p for p in read["parts"] if p["kind"] == "summary")
    assert "公開した投稿はありません" in summary["sentences"][0]["text"], summary
    assert "plan" in [s["key"] for s in read["suggestions"]]
    assert [p["kind"] for p in read["parts"]] == ["summary", "kpis", "trend", "accounts", "posts", "rhythm", "next", "basis"]
    for name in ("getReportPdf", "getReportXlsx", "getReportPptx"):
        assert world.owner.send(name, report=report["id"]).status == 200
    world.owner.refused(404, "report.no_chart", "getReportChart", query={"number": 99}, report=report["id"])


def test_sections_are_ordered_hidden_and_annotated(world):
    report = made(world.owner)
    sections = [{"kind": "posts", "is_hidden": False, "note": "新店舗の月です"}, {"kind": "summary", "is_hidden": True, "note": ""}]
    changed = world.owner.do("changeReport", {"version": report["version"], "report": draft_of(report, sections=sections, accent=0x0b6b4f, locale="en")}, report=report["id"])
    assert [s["kind"] for s in changed["sections"]][:3] == ["posts", "summary", "kpis"] and changed["version"] == report["version"] + 1
    read = world.owner.do("getReport", report=report["id"])
    assert read["parts"][0]["note"] == "新店舗の月です" and read["parts"][0]["title"] == "Post ranking"
    assert "summary" not in [p["kind"] for p in read["parts"]]
    assert report["id"] in [r["id"] for r in world.owner.do("listReports")["reports"]]
    world.owner.refused(409, "report.edited", "changeReport", {"version": report["version"], "report": draft_of(report)}, report=report["id"])
    world.owner.refused(422, "report.section_twice", "changeReport", {"version": changed["version"], "report": draft_of(report, sections=[sections[0]] * 2)}, pointer="/report/sections/1", report=report["id"])


@pytest.mark.parametrize("words, status, reason, pointer", [
    ({"from": "2026-10-32"}, 422, "report.bad_period", "/from"), ({"until": "2026-09-30"}, 422, "report.bad_period", "/until"), ({"from": "2020-01-01"}, 422, "report.bad_period", "/until"),
    ({"kind": "campaign"}, 422, "report.no_campaign", "/campaign_id"), ({"kind": "campaign", "campaign_id": NOBODY}, 404, "campaign.unknown", "/campaign_id"), ({"logo_id": NOBODY}, 404, "media.unknown", "/logo_id")])
def test_what_cannot_be_is_refused_and_nothing_is_kept(world, words, status, reason, pointer):
    before = len(world.owner.do("listReports")["reports"])
    world.owner.refused(status, reason, "createReport", {"kind": "monthly", "name": "x", **PERIOD, **words}, pointer=pointer)
    assert len(world.owner.do("listReports")["reports"]) == before


def test_a_campaigns_report_tells_its_result(world):
    campaign = world.owner.do("createCampaign", {"name": "秋の新豆"})
    report = made(world.owner, kind="campaign", campaign_id=campaign["id"])
    read = world.owner.do("getReport", report=report["id"])
    part = next(p for p in read["parts"] if p["kind"] == "campaign")
    assert part["tables"][0]["title"] == "秋の新豆"
    assert any("秋の新豆" in s["text"] for p in read["parts"] if p["kind"] == "summary" for s in p["sentences"])


def test_a_suggestion_becomes_one_task_with_its_evidence(world):
    report = made(world.owner)
    body = {"suggestion": "plan", "assignee_id": world.owner.person, "due_on": "2026-12-07"}
    task = world.owner.do("createReportTask", body, report=report["id"])["task_id"]
    (row,) = [r for r in world.owner.do("listTasks")["tasks"] if r["id"] == task]
    assert row["due_on"] == "2026-12-07" and row["assignee_id"] == world.owner.person and "十月のご報告" in row["note"]
    read = world.owner.do("getReport", report=report["id"])
    assert [s["task_id"] for s in read["suggestions"] if s["key"] == "plan"] == [task]
    world.owner.refused(409, "report.task_there", "createReportTask", body, report=report["id"])
    world.owner.refused(404, "report.no_suggestion", "createReportTask", {**body, "suggestion": "nothing"}, report=report["id"])
    world.owner.refused(422, "campaign.bad_day", "createReportTask", {**body, "suggestion": "test", "due_on": "2026-13-01"}, report=report["id"]) if any(s["key"] == "test" for s in read["suggestions"]) else None
    assert any(line["action"] == "report.task" for line in world.owner.do("listAudit")["entries"])


def test_a_machine_without_a_japanese_font_says_which_package_helps(fresh, monkeypatch, tmp_path):
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    server = Server(fresh).start()
    owner = Client(server).set_up()
    campaign = owner.do("createCampaign", {"name": "秋"})
    report = made(owner, kind="campaign", campaign_id=campaign["id"])
    assert "fonts-noto-cjk" in owner.refused(409, "draw.no_font", "getReportPdf", report=report["id"])["detail"]
    owner.refused(409, "draw.no_font", "getReportChart", query={"number": 0}, report=report["id"])
    assert owner.send("getReportXlsx", report=report["id"]).status == 200  # a workbook names its fonts only
    server.stop()


def test_a_deleted_report_is_gone(world):
    report = made(world.owner)
    assert world.owner.send("deleteReport", report=report["id"]).status == 204
    world.owner.refused(404, "report.unknown", "getReport", report=report["id"])
    world.owner.refused(404, "report.unknown", "deleteReport", report=report["id"])


def test_a_logo_stands_in_the_report(world):
    from contract import ROOT
    media = world.owner.do("uploadMedia", data=(ROOT / "tests/data/images/plain_21x9.png").read_bytes(), headers={"Content-Type": "image/png"})
    plain, logo = made(world.owner), made(world.owner, logo_id=media["id"])
    sizes = [len(world.owner.send("getReportPdf", report=r["id"]).bytes) for r in (plain, logo)]
    assert sizes[1] > sizes[0], sizes


def test_what_the_demos_report_says_are_the_overviews_figures(demo):
    client = demo.client
    over = client.do("getOverview", query={"days": 28})
    first, last = over["days"][0]["day"], over["days"][-1]["day"]
    report = client.do("createReport", {"kind": "monthly", "name": "デモ", "from": first, "until": last})
    read = client.do("getReport", report=report["id"])
    figures = {f["name"]: f for p in read["parts"] if p["kind"] == "summary" for s in p["sentences"] for f in s["figures"]}
    kpis = {k["metric"]: k for k in over["kpis"]}
    assert abs(figures["now"]["value"] - kpis["engagements"]["value"]) <= 0.02 * kpis["engagements"]["value"]  # readings go on between the two
    assert figures["days"]["value"] == 28
    for part in read["parts"]:
        for sentence in part["sentences"]:
            if not sentence["figures"]:
                continue
            for figure in sentence["figures"]:
                assert figure["text"] in sentence["text"]
    charts = [c for p in read["parts"] for c in p["charts"]]
    assert len(charts) >= 3 and all(c["says"].startswith(c["title"]) for c in charts)
    for chart in charts:
        svg = client.send("getReportChart", query={"number": chart["number"]}, report=report["id"])
        assert ET.fromstring(svg.bytes).tag.endswith("svg")
    pdf = client.send("getReportPdf", report=report["id"]).bytes
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") and len(re.findall(rb"/Type /Page\b", pdf)) >= 4
    book = workbook(client.send("getReportXlsx", report=report["id"]).bytes)
    drawn = [n for n in book.namelist() if n.startswith("xl/charts/chart")]
    assert len(drawn) >= 2, book.namelist()
    sums = {}
    for name in drawn:
        text = book.read(name).decode()
        assert "<c:f>" in text and "<c:ser>" in text
        sums[name] = text.count("<c:ser>")
    assert max(sums.values()) >= 4  # the four kinds of engagements, one upon the other
    deck = workbook(client.send("getReportPptx", report=report["id"]).bytes)
    slides = [n for n in deck.namelist() if n.startswith("ppt/slides/slide")]
    said = "".join(deck.read(n).decode() for n in slides)
    assert len(slides) >= 8 and "<a:tbl>" in said and said.count('r:id="rId') >= 2
    assert deck.namelist()[0] == "[Content_Types].xml"
    typed = deck.read("[Content_Types].xml").decode()
    for name in deck.namelist():
        assert name.endswith((".rels", ".xlsx", ".jpeg", "[Content_Types].xml")) or f'PartName="/{name}"' in typed, name
        if name.endswith(".rels"):  # what a part names is there
            folder = name.split("_rels/")[0]
            for one in ET.fromstring(deck.read(name)):
                if one.get("TargetMode") == "External":
                    continue
                assert os.path.normpath(os.path.join(folder, one.get("Target"))) in deck.namelist(), (name, one.get("Target"))
    for name in deck.namelist():
        if name.endswith(".xlsx"):
            workbook(deck.read(name))
    ids = [re.findall(r'<p:cNvPr id="(\d+)"', deck.read(n).decode()) for n in slides]
    assert all(len(one) == len(set(one)) for one in ids)
    words = book.read("xl/sharedStrings.xml").decode()
    assert all(p["title"] in words for p in read["parts"])


def number(text):
    return float(re.sub(r"[^\d.-]", "", text))


class Places:
    """What the places of a report lead to, each asked once: addresses of the app, whose query is that of rankPosts."""

    def __init__(self, client):
        self.client, self.told = client, {}

    def at(self, address):
        path, _, query = address.partition("?")
        assert path == "/measure/posts" and query, address
        if address not in self.told:
            self.told[address] = self.client.do("rankPosts", query={"limit": 1, **dict(urllib.parse.parse_qsl(query))})
        return self.told[address]


def whole(told, text):
    return told["whole"] == number(text)


def found(told, text):
    return told["found"] == number(text)


def of_told(told, text):
    return told["told"] == number(text)


def mean(told, text, digits=1):
    return abs(told["mean"] - number(text)) <= 0.5 * 10 ** -digits + 1e-6


def checked(places, read):
    """Every number that leads to a list, held against what the list comes to. Returns what differs, and how many were looked at by where they stand."""
    wrong, seen = [], collections.Counter()

    def look(where, text, address, is_right):
        if not address:
            return
        seen[where] += 1
        told = places.at(address)
        if not is_right(told, text):
            wrong.append((where, text, address, {k: told[k] for k in ("found", "told", "whole", "mean")}))

    parts = {p["kind"]: p for p in read["parts"]}
    for tile, is_right in zip(parts["summary"]["tiles"], (whole, None, found, mean)):
        assert is_right or not tile["behind"] and not tile["behind_note"]  # followers are nobody's post
        look("tile", tile["value"], tile["behind"], is_right)
        look("tile before", tile["note"].split("直前")[-1], tile["behind_note"], is_right)
    for row, is_right in zip(parts["kpis"]["tables"][0]["rows"], [found, None, mean] + [whole] * 7):
        assert is_right or not row["behind"]
        for column in (1, 2) if row["behind"] else ():
            look("kpi", row["cells"][column], row["behind"][column], is_right)
    for chart in parts["trend"]["charts"] + parts["rhythm"]["charts"]:
        for r, row in enumerate(chart["table"]["rows"]):
            for c, address in enumerate(row["behind"]):
                if "settled" in address and (r + c) % 3 == 0 or "gained" in address and r % 6 == 0:
                    look("cell" if "settled" in address else "day", row["cells"][c], address, mean if "settled" in address else whole)
    for row in parts["accounts"]["tables"][0]["rows"]:
        for column, is_right in ((3, found), (4, whole), (5, mean)):
            look("account", row["cells"][column], row["behind"][column] if row["behind"] else "", is_right)
    for table in parts["posts"]["tables"][2:]:
        for row in table["rows"]:
            for column, is_right in ((1, of_told), (2, mean), (4, whole)):
                look("group", row["cells"][column], row["behind"][column] if row["behind"] else "", is_right)
    for table in parts["kpis"]["tables"][1:]:
        for row in table["rows"]:
            look("goal", row["cells"][3], row["behind"][3] if row["behind"] else "", lambda t, x: whole(t, x) or found(t, x))
    for row in parts["campaign"]["tables"][0]["rows"] if "campaign" in parts else []:
        look("campaign", row["cells"][1], row["behind"][1] if row["behind"] else "", {"公開した数（アカウントごと）": found, "数字を取得した数": of_told}.get(row["cells"][0], whole))
    names = {"now": whole, "before": whole, "posts": lambda t, x: found(t, x) or of_told(t, x), "posts_before": found, "each": mean, "each_before": mean, "n": of_told, "k": of_told, "cell": lambda t, x: mean(t, x, 0),
             "mean": lambda t, x: mean(t, x, 0), "published": found, "read": of_told, "actual": lambda t, x: whole(t, x) or found(t, x)}
    for sentence in (s for p in read["parts"] for s in p["sentences"]):
        assert "".join(piece["text"] for piece in sentence["pieces"]) == sentence["text"]
        assert [f["behind"] for f in sentence["figures"] if f["behind"]] == [piece["behind"] for piece in sentence["pieces"] if piece["behind"] and re.fullmatch(r"[\d,.]+", piece["text"])], sentence
        for figure in sentence["figures"]:
            if figure["behind"].startswith("/measure/posts"):
                look(figure["name"], figure["text"], figure["behind"], names[figure["name"]])
    return wrong, seen


def test_every_number_leads_to_the_posts_it_is_made_of(demo):
    client = demo.client
    days = [d["day"] for d in client.do("getOverview", query={"days": 35})["days"]]
    campaign = next(c["id"] for c in client.do("listCampaigns")["campaigns"] if client.do("rankPosts", query={"ever": "true", "campaign": c["id"]})["told"])
    goal = client.do("createGoal", {"name": "いいね", "metric": "likes", "starts_on": days[0], "due_on": f"{int(days[0][:4]) + 1}-12-31", "target": 1_000_000})
    report = client.do("createReport", {"kind": "campaign", "name": "たどる", "campaign_id": campaign, "from": days[0], "until": days[-3]})

    def read():
        told = client.do("getReport", report=report["id"])
        return told, *checked(Places(client), told)
    told, wrong, seen = still(demo, read)
    assert not wrong, wrong
    assert {"tile", "tile before", "kpi", "day", "cell", "account", "group", "goal", "campaign", "now", "posts", "published"} <= set(seen), seen
    posts = next(p for p in told["parts"] if p["kind"] == "posts")["tables"]
    best = client.do("rankPosts", query={"first_day": days[0], "last_day": days[-3], "limit": 5})["posts"]
    assert [row["behind"][0] for row in posts[0]["rows"]] == [f"/measure/{p['post_id']}" for p in best] and [row["url"] for row in posts[0]["rows"]] == [p["url"] or "" for p in best]
    assert all(not address for p in told["parts"] for c in p["charts"] if c["title"] == "フォロワーの推移" for row in c["table"]["rows"] for address in row["behind"])
    client.do("archiveGoal", {"is_archived": True}, goal=goal["id"])


def links_of(data):
    """Where a workbook or a presentation leads outside."""
    book = zipfile.ZipFile(io.BytesIO(data))
    return [one.get("Target") for name in book.namelist() if name.endswith(".rels") for one in ET.fromstring(book.read(name)) if one.get("TargetMode") == "External"]


def test_who_has_no_account_is_led_to_networks_and_never_into_the_app(demo):
    client = demo.client
    days = [d["day"] for d in client.do("getOverview", query={"days": 28})["days"]]
    report = client.do("createReport", {"kind": "monthly", "name": "外へ", "from": days[0], "until": days[-1]})

    def read():
        _, token = shared(client, report_id=report["id"])  # what a link shows is kept for a minute
        rows = [row for p in client.do("getReport", report=report["id"])["parts"] if p["kind"] == "posts" for t in p["tables"] for row in t["rows"] if row["url"]]
        files = [client.send("getSharedFile", token=token, name=name).bytes for name in ("report.xlsx", "report.pptx")]
        files += [client.send(name, report=report["id"]).bytes for name in ("getReportXlsx", "getReportPptx")]  # nobody told this server its public address
        return rows, page_of(client.send("showShared", token=token)), files
    rows, page, files = still(demo, read)
    assert rows and all(f'<a href="{html.escape(row["url"])}" rel="noopener noreferrer nofollow">' in page for row in rows) and "/measure/" not in page
    for data in files:
        links = links_of(data)
        assert {row["url"] for row in rows} <= set(links) and not any("/measure/" in link for link in links), links


@pytest.mark.parametrize("kind", DATABASES)
def test_files_for_the_team_lead_to_the_public_address(kind):
    need(kind)
    world = World(kind, "--base-url", "http://hibiki.example")
    try:
        post = world.draft("今日の一杯")["id"]
        world.owner.do("schedulePost", {"now": True}, post=post)
        until(lambda: world.owner.do("rankPosts", query={"days": 2})["found"] == 1)
        today = world.owner.do("getOverview", query={"days": 7})["days"][-1]["day"]
        report = world.owner.do("createReport", {"kind": "weekly", "name": "今週", "from": today, "until": today})
        for name in ("getReportXlsx", "getReportPptx"):
            links = links_of(world.owner.send(name, report=report["id"]).bytes)
            assert any(link == f"http://hibiki.example/measure/posts?metric=engagements&first_day={today}&last_day={today}" for link in links), links
        _, token = shared(world.owner, report_id=report["id"])
        assert not [link for link in links_of(world.owner.send("getSharedFile", token=token, name="report.xlsx").bytes) if "hibiki.example" in link]
    finally:
        world.close()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def shared(client, **more):
    made = client.do("createReportLink", {"name": "珈琲ひびき 様", "valid_days": 30, **more})
    return made["link"], made["url"].rsplit("/shared/", 1)[1]


def page_of(reply):
    page = reply.bytes.decode()
    assert "<script" not in page and "style=" not in page
    return page


def test_a_secret_link_shows_the_report_to_nobody_in_particular(world):
    report, guest = made(world.owner, accent=0x0b6b4f, sections=[{"kind": "summary", "is_hidden": False, "note": "<b>太字</b>ではありません"}]), world.nobody()
    link, token = shared(world.owner, report_id=report["id"])
    assert len(token) >= 43 and link["report_id"] == report["id"] and not link["has_password"] and link["n_seen"] == 0
    reply = guest.send("showShared", token=token)
    page = page_of(reply)
    assert reply.status == 200 and "十月のご報告" in page and "珈琲ひびき" in page and "&lt;b&gt;太字&lt;/b&gt;" in page and "--accent:#0b6b4f" in page
    assert reply.headers["X-Robots-Tag"] == "noindex, nofollow" and reply.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in reply.headers
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    read = world.owner.do("getReport", report=report["id"])
    for part in read["parts"]:
        assert part["title"] in page
        for chart in part["charts"]:
            assert chart["says"] in page and f"/shared/{token}/chart-{chart['number']}.svg" in page
            assert ET.fromstring(guest.send("getSharedFile", token=token, name=f"chart-{chart['number']}.svg").bytes).tag.endswith("svg")
    assert "Post ranking" in page_of(guest.send("showShared", token=token, query={"lang": "en"}))
    for name, start in (("report.pdf", b"%PDF-"), ("report.xlsx", b"PK"), ("report.pptx", b"PK")):
        file = guest.send("getSharedFile", token=token, name=name)
        assert file.status == 200 and file.bytes.startswith(start) and "attachment" in file.headers["Content-Disposition"]
    for name in ("chart-98.svg", "chart-x.svg", "logo.jpg", "hibiki.db"):
        assert guest.send("getSharedFile", token=token, name=name).status == 404
    (row,) = [one for one in world.owner.do("listReportLinks")["links"] if one["id"] == link["id"]]
    assert row["n_seen"] == 2 and row["seen_at"] and token not in str(world.owner.do("listReportLinks"))
    assert guest.send("getReport", report=report["id"], workspace=world.workspace, headers={"Authorization": f"Bearer {token}"}).status == 401


def test_a_link_with_a_password_asks_for_it_and_slows_guesses(world):
    report, guest = made(world.owner), world.nobody(address="203.0.113.90")
    link, token = shared(world.owner, report_id=report["id"], password="ひびきの合言葉 2026年秋")
    assert link["has_password"]
    door = page_of(guest.send("showShared", token=token))
    assert 'type="password"' in door and "十月のご報告" not in door and "珈琲" not in door
    guest.refused(403, "report.link_locked", "getSharedFile", token=token, name="report.pdf")
    wrong = guest.send("openShared", data="password=ちがう言葉".encode(), headers=FORM, token=token)
    assert wrong.status == 403 and "パスワードが違います" in page_of(wrong)
    right = guest.send("openShared", data="password=ひびきの合言葉 2026年秋".encode(), headers=FORM, token=token)
    assert right.status == 303 and right.headers["Location"].endswith(f"/shared/{token}")
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    known = {"Cookie": cookie.split(";")[0]}
    assert "十月のご報告" in page_of(guest.send("showShared", token=token, headers=known))
    assert guest.send("getSharedFile", token=token, name="report.pdf", headers=known).status == 200
    _, other = shared(world.owner, report_id=report["id"], password="べつの合言葉 2026年秋")
    assert 'type="password"' in page_of(guest.send("showShared", token=other, headers=known))  # one door's word opens no other
    thief = world.nobody(address="203.0.113.91")
    tries = [thief.send("openShared", data=b"password=guess", headers=FORM, token=token).status for _ in range(7)]
    assert tries[:5] == [403] * 5 and 429 in tries
    assert thief.send("openShared", data="password=ひびきの合言葉 2026年秋".encode(), headers=FORM, token=token).status == 429  # not even looked at
    assert guest.send("showShared", token=token, headers=known).status == 200
    foreign = guest.send("openShared", data=b"password=x", headers={**FORM, "Origin": "https://evil.example"}, token=token)
    assert foreign.status == 403
    world.owner.refused(422, "team.weak_password", "createReportLink", {"name": "x", "valid_days": 1, "report_id": report["id"], "password": "aaaaaaaaaaaa"}, pointer="/password")


def test_a_link_ends_when_it_is_revoked_or_its_report_goes(world):
    report, guest = made(world.owner), world.nobody()
    link, token = shared(world.owner, report_id=report["id"])
    _, second = shared(world.owner, report_id=report["id"])
    assert world.owner.send("revokeReportLink", report_link=link["id"]).status == 204
    assert world.owner.send("revokeReportLink", report_link=link["id"]).status == 204
    over = guest.send("showShared", token=token)
    assert over.status == 410 and "取り消されました" in page_of(over)
    assert guest.send("openShared", data=b"password=x", headers=FORM, token=token).status == 410
    guest.refused(410, "report.link_over", "getSharedFile", token=token, name="report.pdf")
    assert [row["revoked_at"] is not None for row in world.owner.do("listReportLinks")["links"] if row["id"] == link["id"]] == [True]
    world.owner.refused(404, "report.link_unknown", "revokeReportLink", report_link=NOBODY)
    assert world.owner.send("deleteReport", report=report["id"]).status == 204
    assert guest.send("showShared", token=second).status == 410
    lines = [line["action"] for line in world.owner.do("listAudit")["entries"]]
    assert "report.share" in lines and "report.unshare" in lines


def test_guessing_addresses_gets_slower(world):
    guest = world.nobody(address="203.0.113.92")
    seen = [guest.send("showShared", token="x" * 43).status for _ in range(7)]
    assert seen[:5] == [404] * 5 and seen[5] == 429
    guest.refused(429, "auth.throttled", "getSharedFile", token="x" * 43, name="report.pdf")
    assert guest.send("openShared", data=b"password=x", headers=FORM, token="x" * 43).status == 429
    other = world.nobody(address="203.0.113.93")
    assert other.send("openShared", data=b"password=x", headers=FORM, token="y" * 43).status == 404
    other.refused(404, "report.link_unknown", "getSharedFile", token="y" * 43, name="report.pdf")


def test_what_a_link_shows_is_kept_a_minute_but_never_longer_than_the_report_stands(world):
    report, guest = made(world.owner), world.nobody()
    link, token = shared(world.owner, report_id=report["id"])
    first = guest.send("getSharedFile", token=token, name="report.pdf").bytes
    time.sleep(1.1)  # a PDF tells the second it was made
    assert guest.send("getSharedFile", token=token, name="report.pdf").bytes == first
    report = world.owner.do("changeReport", {"version": report["version"], "report": draft_of(report, name="十月のご報告 改")}, report=report["id"])
    assert "十月のご報告 改" in page_of(guest.send("showShared", token=token))
    assert guest.send("getSharedFile", token=token, name="report.pdf").bytes != first
    _, locked = shared(world.owner, report_id=report["id"], password="ひびきの合言葉 2026年秋")
    assert "十月のご報告 改" not in guest.send("showShared", token=locked).bytes.decode()  # what is kept opens no door
    guest.refused(403, "report.link_locked", "getSharedFile", token=locked, name="report.pdf")
    assert world.owner.send("revokeReportLink", report_link=link["id"]).status == 204
    assert guest.send("showShared", token=token).status == 410


def test_one_link_is_opened_so_often_a_minute_and_the_others_as_before(world):
    report, guest = made(world.owner), world.nobody()
    _, busy = shared(world.owner, report_id=report["id"])
    _, calm = shared(world.owner, report_id=report["id"])

    ended = threading.Event()

    def hurry(_):
        line, seen = http.client.HTTPConnection("127.0.0.1", world.server.port), set()
        while not ended.is_set():
            line.request("GET", f"/shared/{busy}/chart-0.svg")
            reply = line.getresponse()
            reply.read()
            seen.add(reply.status)
        return seen

    def refused(ask):
        end = time.monotonic() + 120
        while (reply := ask()).status != 429:
            assert time.monotonic() < end, "never too often"
        return reply
    with concurrent.futures.ThreadPoolExecutor(4) as pool:  # fifty a second come back: others take them while one asks
        others = [pool.submit(hurry, n) for n in range(4)]
        try:
            page = refused(lambda: guest.send("showShared", token=busy))
            file = refused(lambda: guest.send("getSharedFile", token=busy, name="report.pdf"))
        finally:
            ended.set()
        seen = set().union(*(one.result() for one in others))
    assert seen <= {200, 404, 429} and 429 in seen and seen & {200, 404}, seen
    assert "開かれすぎています" in page_of(page) and file.json["reason"] == "report.link_busy"
    assert guest.send("showShared", token=calm).status == 200


def test_figures_of_the_last_days_are_shared_too(world):
    guest = world.nobody()
    link, token = shared(world.owner, name="いつも見る数字", days=28, locale="en")
    assert link["report_id"] is None and link["days"] == 28
    page = page_of(guest.send("showShared", token=token))
    assert "いつも見る数字" in page and "Post ranking" in page and "Summary" not in page
    assert guest.send("getSharedFile", token=token, name="report.xlsx").bytes.startswith(b"PK")
    one, own = shared(world.owner, name="一つ", days=7, account_id=world.account)
    assert one["account_id"] == world.account and guest.send("showShared", token=own).status == 200
    for words in ({}, {"days": 7, "report_id": made(world.owner)["id"]}):
        world.owner.refused(422, "report.nothing_to_share", "createReportLink", {"name": "x", "valid_days": 1, **words}, pointer="/report_id")
    world.owner.refused(404, "report.unknown", "createReportLink", {"name": "x", "valid_days": 1, "report_id": NOBODY}, pointer="/report_id")
    world.owner.refused(404, "accounts.unknown", "createReportLink", {"name": "x", "valid_days": 1, "days": 7, "account_id": NOBODY}, pointer="/account_id")


def test_groups_of_posts_stand_in_the_report_and_on_its_shared_page(demo):
    client = demo.client
    days = [d["day"] for d in client.do("getOverview", query={"days": 28})["days"]]
    report = client.do("createReport", {"kind": "monthly", "name": "グループ", "from": days[0], "until": days[-1]})
    tables = {t["title"]: t for p in client.do("getReport", report=report["id"])["parts"] if p["kind"] == "posts" for t in p["tables"]}
    names = {"network": "ネットワークごと", "format": "形式ごと", "campaign": "キャンペーンごと", "tag": "ハッシュタグごと"}
    told = {by: client.do("getBreakdown", query={"days": 28, "by": by})["groups"] for by in names}
    assert [by for by in names if names[by] in tables] == [by for by in names if len(told[by]) > 1] and "ハッシュタグごと" in tables
    for by, title in names.items():
        for row, group in zip(tables[title]["rows"] if title in tables else [], sorted(told[by], key=lambda g: -(g["mean"] or 0))):
            assert abs(float(row["cells"][1].replace(",", "")) - group["n_told"]) <= 1, (row, group)  # readings go on between the two
            assert row["cells"][5] in ("差があると言えます", "区別できません")
    _, token = shared(client, report_id=report["id"])
    page = page_of(client.send("showShared", token=token))
    _, figures = shared(client, days=28, locale="ja")
    for text in (page, page_of(client.send("showShared", token=figures))):
        assert "ハッシュタグごと" in text and "95%の区間" in text
    assert [title for title in tables if title not in page] == []  # the figures end with yesterday: a network first used today is not in them
