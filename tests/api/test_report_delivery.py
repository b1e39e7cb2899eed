"""Reports that are made and sent by themselves: when, of which workspaces, to whom; each once, also when the program is killed in between; and what failed is said."""
import datetime
import email
import hashlib
import hmac
import http.server
import io
import json
import random
import socketserver
import threading
import time
import zipfile

import pytest

from contract import ROOT
from server import Client, Server

NOBODY = "00000000-0000-7000-8000-000000000000"


class Mail(socketserver.StreamRequestHandler):
    """Enough of SMTP to take a message; slowly, so that a kill can come in between."""

    def handle(self):
        say = lambda text: self.wfile.write(text.encode() + b"\r\n")
        say("220 sink")
        to = ""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                to = line.decode().split("<")[1].split(">")[0]
                say("550 nobody" if to.startswith("refused") else "250 ok")
            elif word == b"DATA":
                say("354 go")
                lines = []
                while (got := self.rfile.readline()) and got != b".\r\n":
                    lines.append(got[1:] if got.startswith(b"..") else got)
                if not got:
                    return  # cut off before its end: not a message
                time.sleep(self.server.slow)
                if self.server.meeting:
                    self.server.meeting.wait(60)
                self.server.got.append((to, email.message_from_bytes(b"".join(lines))))
                if to.startswith("cut"):
                    return
                try:
                    say("250 taken")
                except OSError:
                    return
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers, body))
        if self.server.meeting:
            self.server.meeting.wait(60)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def serve(kind, handler):
    class Threaded(socketserver.ThreadingMixIn, kind):
        daemon_threads, allow_reuse_address = True, True
    server = Threaded(("127.0.0.1", 0), handler)
    server.got, server.slow, server.meeting = [], 0, None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


MAIL, HOOK = serve(socketserver.TCPServer, Mail), serve(http.server.HTTPServer, Hook)
OPTIONS = ("--allow-private-services", "yes", "--smtp-url", f"smtp://127.0.0.1:{MAIL.server_address[1]}", "--smtp-from", "響 <hibiki@example.com>", "--smtp-plain", "yes")
HOOK_URL = f"http://127.0.0.1:{HOOK.server_address[1]}/reports"


def plan(client, **more):
    return client.do("createReportSchedule", {"name": "月次レポート", "kind": "monthly", "on_day": 5, "minute": 540, "shift": "after", "client": "珈琲ひびき", "files": [], "link_days": 30, "mails": [], **more})


def until(look, seconds=60):
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)
    return found


def ran(client, schedule, run=None):
    """The run when it has ended."""
    return until(lambda: next((r for r in client.do("listReportRuns", report_schedule=schedule)["runs"] if r["ended_at"] and (not run or r["id"] == run["id"])), None))


def said(message):
    return next(p for p in message.walk() if p.get_content_type() == "text/plain").get_payload(decode=True).decode()


def test_a_schedule_is_kept_changed_and_ended(world):
    made = plan(world.owner, mails=["boss@example.com"])
    schedule, next_at = made["schedule"], datetime.datetime.fromisoformat(made["schedule"]["next_at"])
    there = next_at.astimezone(datetime.timezone(datetime.timedelta(hours=9)))
    assert made["secret"] is None and (there.hour, there.minute) == (9, 0) and 5 <= there.day <= 10 and there.weekday() < 5 and schedule["workspaces"] == [world.workspace]
    draft = {k: schedule[k] for k in ("name", "on_day", "minute", "client", "files", "link_days", "mails")}
    changed = world.owner.do("changeReportSchedule", {"version": schedule["version"], "schedule": {**draft, "kind": "weekly", "on_day": 1, "is_paused": True}}, report_schedule=schedule["id"])["schedule"]
    assert changed["next_at"] is None and changed["kind"] == "weekly" and changed["version"] == 2
    world.owner.refused(409, "report.edited", "changeReportSchedule", {"version": 1, "schedule": {**draft, "kind": "weekly", "on_day": 1}}, report_schedule=schedule["id"])
    world.owner.refused(422, "report.bad_day", "changeReportSchedule", {"version": 2, "schedule": {**draft, "kind": "weekly", "on_day": 8}}, pointer="/schedule/on_day", report_schedule=schedule["id"])
    assert schedule["id"] in [s["id"] for s in world.owner.do("listReportSchedules")["schedules"]]
    assert world.owner.send("deleteReportSchedule", report_schedule=schedule["id"]).status == 204
    for operation in ("deleteReportSchedule", "listReportRuns", "runReportSchedule"):
        world.owner.refused(404, "report.schedule_unknown", operation, report_schedule=schedule["id"])
    world.owner.refused(404, "report.sending_unknown", "resendReport", report_sending=NOBODY)
    lines = [line["action"] for line in world.owner.do("listAudit")["entries"]]
    assert "report.schedule" in lines and "report.unschedule" in lines


@pytest.mark.parametrize("words, status, reason, pointer", [
    ({}, 422, "report.nobody_gets_it", "/mails"), ({"mails": ["a@example.com"], "link_days": 0}, 422, "report.nothing_goes", "/link_days"), ({"mails": ["no address"]}, 422, "report.bad_mail", "/mails/0"),
    ({"mails": ["a@example.com\nBcc: b@example.com"]}, 422, "report.bad_mail", "/mails/0"), ({"url": "ftp://example.com/"}, 422, "notify.bad_url", "/url"), ({"mails": ["a@example.com"], "workspaces": [NOBODY]}, 404, "team.workspace_unknown", "/workspaces/0"),
    ({"mails": ["a@example.com"], "logo_id": NOBODY}, 404, "media.unknown", "/logo_id"), ({"mails": ["a@example.com"], "kind": "weekly", "on_day": 9}, 422, "report.bad_day", "/on_day")])
def test_what_cannot_be_sent_is_refused_before_it_is_due(world, words, status, reason, pointer):
    before = len(world.owner.do("listReportSchedules")["schedules"])
    body = {"name": "x", "kind": "monthly", "on_day": 5, "minute": 540, "files": [], "link_days": 30, "mails": [], **words}
    world.owner.refused(status, reason, "createReportSchedule", body, pointer=pointer)
    assert len(world.owner.do("listReportSchedules")["schedules"]) == before


@pytest.fixture
def sending(fresh):
    server = Server(fresh, *OPTIONS).start()
    owner = Client(server).set_up()
    MAIL.got.clear()
    HOOK.got.clear()
    MAIL.slow = 0
    MAIL.meeting = HOOK.meeting = None
    yield server, owner
    MAIL.meeting = HOOK.meeting = None
    server.stop()


def test_a_report_arrives_with_its_files_and_its_link(sending):
    server, owner = sending
    logo = owner.do("uploadMedia", data=(ROOT / "tests/data/images/plain_21x9.png").read_bytes(), headers={"Content-Type": "image/png"})
    made = plan(owner, mails=["boss@example.com", "refused@example.com", "cut@example.com"], url=HOOK_URL, files=["pdf", "xlsx", "pptx"], accent=0x0b6b4f, logo_id=logo["id"])
    run = ran(owner, made["schedule"]["id"], owner.do("runReportSchedule", report_schedule=made["schedule"]["id"]))
    states = {s["recipient"]: (s["way"], s["state"], s["reason"]) for s in run["sendings"]}
    assert states == {"boss@example.com": ("mail", "sent", None), "refused@example.com": ("mail", "failed", "mail.refused"), "cut@example.com": ("mail", "unknown", "mail.no_answer"), "127.0.0.1": ("hook", "sent", None)}
    (part,) = run["reports"]
    report = owner.do("getReport", report=part["report_id"])["report"]
    assert (report["name"], report["client"], report["from"], report["accent"], report["logo_id"]) == ("月次レポート", "珈琲ひびき", run["from"], 0x0b6b4f, logo["id"])
    (message,) = [m for to, m in MAIL.got if to == "boss@example.com"]
    subject, text = str(email.header.make_header(email.header.decode_header(message["Subject"]))), said(message)
    assert "月次レポート" in subject and "珈琲ひびき" in subject and "公開した投稿はありません" in text
    files = {p.get_filename().rsplit(".", 1)[1]: p.get_payload(decode=True) for p in message.walk() if p.get_filename()}
    assert files["pdf"].startswith(b"%PDF-") and zipfile.ZipFile(io.BytesIO(files["xlsx"])).testzip() is None and zipfile.ZipFile(io.BytesIO(files["pptx"])).testzip() is None
    assert all(len(line) <= 998 for line in message.as_bytes().splitlines())
    heads, body = HOOK.got[0]
    told = json.loads(body)
    seconds, mac = (one.split("=")[1] for one in heads["X-Hibiki-Signature"].split(","))
    assert hmac.new(made["secret"].encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest() == mac
    assert told["id"] == heads["X-Hibiki-Id"] and told["reports"][0]["report_id"] == part["report_id"] and told["reports"][0]["client"] == "珈琲ひびき"
    token = told["reports"][0]["url"].rsplit("/shared/", 1)[1]
    assert told["reports"][0]["url"] in text and token not in str(owner.do("listReportLinks"))
    page = Client(server).send("showShared", token=token)
    assert page.status == 200 and "月次レポート" in page.bytes.decode() and f"/shared/{token}/logo.jpg" in page.bytes.decode()
    picture = Client(server).send("getSharedFile", token=token, name="logo.jpg")
    assert picture.status == 200 and picture.bytes.startswith(b"\xff\xd8")
    unsent = lambda: [n for n in owner.do("listNotices")["notices"] if "定期レポート" in n["text"]]
    heard = until(lambda: unsent() if len(unsent()) == 2 else None)
    assert {n["text"].rsplit(" → ")[1] for n in heard} == {"refused@example.com", "cut@example.com"} and {n["place"] for n in heard} == {"/reports?tab=scheduled"}
    failed = {s["recipient"]: s["id"] for s in run["sendings"]}
    owner.refused(409, "report.not_again", "resendReport", report_sending=failed["boss@example.com"])
    assert owner.send("resendReport", report_sending=failed["refused@example.com"]).status == 204
    again = ran(owner, made["schedule"]["id"])
    assert {s["recipient"]: s["state"] for s in again["sendings"]}["refused@example.com"] == "failed"
    assert len([to for to, _ in MAIL.got if to == "boss@example.com"]) == 1


def test_several_workspaces_go_in_one_run_and_only_those_one_still_belongs_to(sending):
    server, owner = sending
    home = owner.workspace
    others = [owner.do("createWorkspace", {"name": f"顧客 {k}", "zone": "Asia/Tokyo"})["id"] for k in range(3)]
    own = owner.do("createReport", {"kind": "monthly", "name": "前の月", "client": "顧客一号 様", "accent": 0xaa3300, "from": "2026-09-01", "until": "2026-09-30",
                                    "sections": [{"kind": "posts", "is_hidden": False, "note": "前の月のことば"}]}, workspace=others[0])
    made = plan(owner, mails=["team@example.com"], workspaces=[home, *others])
    run = ran(owner, made["schedule"]["id"], owner.do("runReportSchedule", report_schedule=made["schedule"]["id"]))
    assert [p["state"] for p in run["reports"]] == ["made"] * 4 and [p["workspace_id"] for p in run["reports"]] == [home, *others]
    looks = owner.do("getReport", report=run["reports"][1]["report_id"], workspace=others[0])["report"]
    assert (looks["client"], looks["accent"], looks["sections"][0]["kind"], looks["sections"][0]["note"]) == ("顧客一号 様", 0xaa3300, "posts", "")  # as the last one there
    ((_, message),) = MAIL.got
    text = said(message)
    assert text.count("/shared/") == 4 and "顧客一号 様" in text and "顧客 2" in text
    stranger = Client(server)
    assert own["id"] and stranger.send("listReportRuns", report_schedule=made["schedule"]["id"], workspace=home).status == 401


def test_messages_that_end_at_the_same_moment_end_their_run(sending):
    server, owner = sending
    made = plan(owner, mails=["boss@example.com"], url=HOOK_URL)
    MAIL.meeting = HOOK.meeting = threading.Barrier(2)
    for _ in range(25):
        run = ran(owner, made["schedule"]["id"], owner.do("runReportSchedule", report_schedule=made["schedule"]["id"]))
        assert [s["state"] for s in run["sendings"]] == ["sent"] * 2
    assert (len(MAIL.got), len(HOOK.got)) == (25, 25)


def test_who_asks_twice_at_once_sends_again_once(sending):
    server, owner = sending
    made = plan(owner, mails=["cut@example.com"])
    run = ran(owner, made["schedule"]["id"], owner.do("runReportSchedule", report_schedule=made["schedule"]["id"]))
    (lost,) = run["sendings"]
    MAIL.slow = 0.5  # still under way when the others ask
    for n in range(2, 6):
        told = owner.at_once(*[lambda hand: hand.send("resendReport", report_sending=lost["id"]).status] * 4)
        assert sorted(told) == [204, 409, 409, 409]
        assert ran(owner, made["schedule"]["id"], run)["sendings"][0]["state"] == "unknown"
        assert [to for to, _ in MAIL.got].count("cut@example.com") == n


def test_its_time_comes_by_itself(sending):
    _, owner = sending
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
    soon = now + datetime.timedelta(seconds=61 - now.second if now.second > 50 else 60 - now.second)
    if soon.date() != now.date():
        pytest.skip("a minute before midnight")
    made = plan(owner, kind="weekly", on_day=now.isoweekday(), minute=soon.hour * 60 + soon.minute, shift="none", mails=["boss@example.com"])
    first = made["schedule"]["next_at"]
    run = until(lambda: next((r for r in owner.do("listReportRuns", report_schedule=made["schedule"]["id"])["runs"] if r["ended_at"]), None), 100)
    assert run["due_at"] == first and [s["state"] for s in run["sendings"]] == ["sent"]
    monday = now.date() - datetime.timedelta(days=now.weekday())
    assert (run["from"], run["until"]) == (str(monday - datetime.timedelta(days=7)), str(monday - datetime.timedelta(days=1)))
    (after,) = owner.do("listReportSchedules")["schedules"]
    assert datetime.datetime.fromisoformat(after["next_at"]) - datetime.datetime.fromisoformat(first) == datetime.timedelta(days=7)


def test_killed_in_between_nothing_is_made_or_mailed_twice(fresh):
    """SIGKILL at random moments of making and sending: every report once, no e-mail twice, and whatever did not surely arrive is said."""
    MAIL.got.clear()
    HOOK.got.clear()
    MAIL.slow = 0.05
    dice = random.Random(6)
    server = Server(fresh, *OPTIONS).start()
    owner = Client(server).set_up()
    others = [owner.do("createWorkspace", {"name": f"顧客 {k}", "zone": "Asia/Tokyo"})["id"] for k in range(5)]
    mails = [f"person{k}@example.com" for k in range(8)]
    made = plan(owner, mails=mails, url=HOOK_URL, workspaces=[owner.workspace, *others])
    run = owner.do("runReportSchedule", report_schedule=made["schedule"]["id"])
    for _ in range(8):
        time.sleep(dice.uniform(0.02, 0.4))
        server.kill()
        server.start()
    ended = ran(owner, made["schedule"]["id"], run)
    assert [p["state"] for p in ended["reports"]] == ["made"] * 6
    for workspace in (owner.workspace, *others):
        assert len(owner.do("listReports", workspace=workspace)["reports"]) == 1
    arrived = [to for to, _ in MAIL.got if to in mails]  # beside them its maker hears of what is unknown
    assert len(arrived) == len(set(arrived)), arrived
    for one in ended["sendings"]:
        if one["way"] == "mail":
            assert one["state"] in ("sent", "unknown")
            assert one["state"] != "sent" or one["recipient"] in arrived
            assert one["recipient"] in arrived or one["state"] == "unknown"
    assert len({heads["X-Hibiki-Id"] for heads, _ in HOOK.got}) == 1  # however often: the same, and says so
    server.stop()
