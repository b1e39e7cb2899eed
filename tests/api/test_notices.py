"""Notifications over HTTP: who hears what, in the app, by e-mail through a real SMTP conversation, and by webhook, as each chose."""
import email
import email.header
import hashlib
import hmac
import http.server
import json
import socketserver
import threading
import time
import uuid

import pytest

from test_approvals import ask_for, asked, edit, vote
from test_posts import text_of


class Mail(socketserver.StreamRequestHandler):
    """Enough of SMTP to take a message, or to refuse it by the name of who it is for."""

    def handle(self):
        say = lambda text: self.wfile.write(text.encode() + b"\r\n")
        say("220 sink")
        to = ""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                say("250 sink")
            elif word == b"RCPT":
                to = line.decode().split("<")[1].split(">")[0]
                say("550 nobody" if to.startswith("refused") else "451 later" if to.startswith("later") else "250 ok")
            elif word == b"DATA":
                say("354 go")
                lines = []
                while (got := self.rfile.readline()) and got != b".\r\n":
                    lines.append(got[1:] if got.startswith(b"..") else got)
                if to.startswith("cut"):
                    return
                self.server.got.append((to, email.message_from_bytes(b"".join(lines))))
                say("250 taken")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response({"/refuse": 400, "/broken": 503}.get(self.path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def serve(kind, handler):
    kind.allow_reuse_address = kind.daemon_threads = True
    server = kind(("127.0.0.1", 0), handler)
    server.got = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


MAIL, HOOK = serve(socketserver.ThreadingTCPServer, Mail), serve(http.server.ThreadingHTTPServer, Hook)
OPTIONS = ("--smtp-url", f"smtp://127.0.0.1:{MAIL.server_address[1]}", "--smtp-from", "響 <hibiki@example.com>", "--smtp-plain", "yes")
HOOK_URL = f"http://127.0.0.1:{HOOK.server_address[1]}"


@pytest.fixture(autouse=True)
def nothing_is_asked_afterwards(world):
    yield
    world.owner.do("setApprovalPolicy", {"mode": "none", "remind_after_h": 24})


def until(look, seconds=20):
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
    return found


def notice(who, kind, part=""):
    return until(lambda: [n for n in who.do("listNotices")["notices"] if n["kind"] == kind and part in n["text"]])[0]


def mail_to(address, part=""):
    def text(message):
        return str(email.header.make_header(email.header.decode_header(message["Subject"]))) + message.get_payload(decode=True).decode()
    return until(lambda: [(m, text(m)) for to, m in MAIL.got if to == address and part in text(m)])[0]


def choose(who, **kinds):
    rows = [{"kind": kind, "app": "app" in ways, "mail": "mail" in ways, "hook": "hook" in ways} for kind, ways in kinds.items()]
    return who.do("setNoticeChoices", {"choices": rows})


class TestWhoHearsWhat:
    def test_approvals_from_asking_to_the_answer(self, world):
        owner, editor = world.owner, world.person("editor")
        approver, analyst = world.person("approver"), world.person("analyst")
        ask_for(world, "one")
        post = asked(world, "知らせる", by=editor)
        words = owner.do("getPost", post=post)["text"]
        got = notice(approver, "asked", words)
        assert got["place"] == f"/compose/{post}" and "editor さん" in got["text"] and got["read_at"] is None
        assert words in notice(owner, "asked", words)["text"]
        message, text = mail_to(approver.email, words)
        assert message["From"].endswith("<hibiki@example.com>") and f"/compose/{post}" in text and message["Message-ID"].endswith("@example.com>")
        vote(approver, post, "changes", reason="価格が古い")
        assert "価格が古い" in notice(editor, "changes", words)["text"]
        edit(editor, post, text=words + "。")
        editor.do("askApproval", {}, post=post)
        vote(approver, post)
        assert "approver さん" in notice(editor, "approved", words)["text"]
        edit(editor, post, text=words + "!")
        assert "直しました" in notice(approver, "asked", words + "!")["text"]
        assert not [n for n in analyst.do("listNotices")["notices"] if words in n["text"]]
        assert not [n for n in approver.do("listNotices")["notices"] if n["kind"] in ("changes", "approved")]

    def test_what_is_given_and_who_stands_in(self, world):
        owner, editor, analyst = world.owner, world.person("editor"), world.person("analyst")
        word = uuid.uuid4().hex
        task = owner.do("createTask", {"title": f"写真 {word}", "assignee_id": editor.person, "due_on": "2031-01-01"})
        got = notice(editor, "task", f"写真 {word}")
        assert got["place"] == "/tasks" and "タスク" in got["text"]
        owner.do("changeTask", {"version": task["version"], "task": {"title": f"渡す {word}", "assignee_id": analyst.person}}, task=task["id"])
        assert notice(analyst, "task", f"渡す {word}")
        idea = owner.do("createIdea", {"title": f"湯気 {word}", "owner_id": editor.person})
        got = notice(editor, "task", f"湯気 {word}")
        assert got["place"] == f"/ideas?idea={idea['id']}" and "アイデア" in got["text"]
        owner.do("createTask", {"title": f"自分 {word}", "assignee_id": owner.person})
        choose(editor, task=["mail"])
        owner.do("createTask", {"title": f"手紙だけ {word}", "assignee_id": editor.person})
        assert "手紙だけ" in mail_to(editor.email, f"手紙だけ {word}")[1]
        assert not [n for n in editor.do("listNotices")["notices"] if f"手紙だけ {word}" in n["text"]]
        choose(editor, task=["app", "mail", "hook"])
        assert not [n for n in owner.do("listNotices")["notices"] if word in n["text"]]
        ask_for(world, "one")
        days = {"deputy_id": analyst.person, "from_on": "2020-01-01", "until_on": "2090-01-01"}
        owner.do("setDeputy", days, person=world.person("approver").person)
        post = asked(world, "代わりに", by=editor)
        assert notice(analyst, "asked", owner.do("getPost", post=post)["text"])
        owner.do("dropDeputy", person=world.person("approver").person)

    def test_comments_mentions_and_the_switch(self, world):
        owner, editor, client = world.owner, world.person("editor"), world.person("client")
        post = world.draft(text_of("話す"), by=editor)["id"]
        word = uuid.uuid4().hex
        owner.do("addComment", {"text": f"{word} @approver さん と @client さん、どうですか"}, post=post)
        assert word in notice(editor, "comment", word)["text"]
        assert word in notice(world.person("approver"), "mention", word)["text"]
        assert not [n for n in client.do("listNotices")["notices"] if word in n["text"]]  # not shared with clients
        assert not [n for n in owner.do("listNotices")["notices"] if word in n["text"]]
        owner.do("addComment", {"text": f"{word} @client さん", "is_shared": True}, post=post)
        assert notice(client, "mention", word)
        owner.do("holdEverything", {"is_held": True, "reason": word})
        assert "止めました" in notice(editor, "hold", word)["text"]
        owner.do("holdEverything", {"is_held": False})
        assert until(lambda: [n for n in editor.do("listNotices")["notices"] if "再開" in n["text"]])

    def test_an_account_that_needs_a_person(self, world):
        owner = world.owner
        post = owner.do("createPost", {"text": text_of("つながらない"), "variants": [{"account_id": world.account, "text": None}]})["id"]
        world.practice.end_sessions()
        owner.do("schedulePost", {"now": True}, post=post)
        assert notice(owner, "account")["place"] == "/settings/accounts"

    def test_read_one_read_all_and_paged(self, world):
        owner, editor = world.owner, world.person("editor")
        post = world.draft(text_of("読む"), by=editor)["id"]
        words = [uuid.uuid4().hex for _ in range(3)]
        for word in words:
            owner.do("addComment", {"text": word}, post=post)
            notice(editor, "comment", word)
        first = editor.do("listNotices", query={"limit": 2})
        assert len(first["notices"]) == 2 and first["n_unread"] >= 3
        then = editor.do("listNotices", query={"limit": 2, "cursor": first["next_cursor"]})
        assert not {n["id"] for n in first["notices"]} & {n["id"] for n in then["notices"]}
        left = editor.do("readNotices", {"ids": [first["notices"][0]["id"]]})["n_unread"]
        assert left == first["n_unread"] - 1
        owner.do("readNotices", {"ids": [first["notices"][1]["id"]]})  # somebody else's: nothing
        assert editor.do("listNotices")["n_unread"] == left
        assert editor.do("readNotices", {})["n_unread"] == 0
        editor.refused(422, "post.bad_cursor", "listNotices", query={"cursor": "x"})


class TestWays:
    def test_each_chooses(self, world):
        owner, editor = world.owner, world.person("editor")
        post = world.draft(text_of("選ぶ"), by=editor)["id"]
        settings = choose(editor, comment={"mail"})
        assert settings["is_mail_ready"] and {"kind": "comment", "app": False, "mail": True, "hook": False} in settings["choices"]
        word = uuid.uuid4().hex
        owner.do("addComment", {"text": word}, post=post)
        assert mail_to(editor.email, word)
        assert not [n for n in editor.do("listNotices")["notices"] if word in n["text"]]
        choose(editor, comment={"app"})
        assert editor.do("getNoticeSettings")["choices"][3] == {"kind": "comment", "app": True, "mail": False, "hook": False}
        editor.refused(422, "input.not_allowed", "setNoticeChoices", {"choices": [{"kind": "nothing", "app": True, "mail": True, "hook": True}]})

    def test_a_signed_webhook(self, world):
        owner, editor = world.owner, world.person("editor")
        made = editor.do("setNoticeHook", {"format": "json", "url": f"{HOOK_URL}/json"})
        secret = made["secret"]
        assert made["hook"]["host"] == "127.0.0.1" and secret not in json.dumps(editor.do("getNoticeSettings"))
        choose(editor, comment={"hook"})
        word = uuid.uuid4().hex
        post = world.draft(text_of("送る"), by=editor)["id"]
        owner.do("addComment", {"text": word}, post=post)
        path, headers, body = until(lambda: [g for g in HOOK.got if word in json.loads(g[2]).get("text", "")])[0]
        told = json.loads(body)
        assert path == "/json" and told["kind"] == "comment" and told["url"].endswith(f"/compose/{post}") and headers["X-Hibiki-Id"] == told["id"]
        at, mac = headers["X-Hibiki-Signature"].split(",")
        assert mac == "v1=" + hmac.new(secret.encode(), at[2:].encode() + b"." + body, hashlib.sha256).hexdigest()
        assert until(lambda: editor.do("getNoticeSettings")["hook"]["sent_at"])
        editor.do("dropNoticeHook")
        assert "hook" not in editor.do("getNoticeSettings")
        choose(editor, comment={"app"})

    def test_slack_and_line(self, world):
        editor = world.person("editor")
        editor.do("setNoticeHook", {"format": "slack", "url": f"{HOOK_URL}/slack"})
        editor.do("testNotice", {"way": "hook"})
        assert set(json.loads(HOOK.got[-1][2])) == {"text"}
        line = {"format": "line", "url": f"{HOOK_URL}/line"}
        editor.refused(422, "notify.no_recipient", "setNoticeHook", line, pointer="/recipient")
        editor.refused(422, "notify.no_secret", "setNoticeHook", {**line, "recipient": "U1"}, pointer="/secret")
        made = editor.do("setNoticeHook", {**line, "recipient": "U1", "secret": "channel-token"})
        assert "secret" not in made
        editor.do("testNotice", {"way": "hook"})
        path, headers, body = HOOK.got[-1]
        told = json.loads(body)
        assert told["to"] == "U1" and told["messages"][0]["type"] == "text" and headers["Authorization"] == "Bearer channel-token"
        assert uuid.UUID(headers["X-Line-Retry-Key"])
        editor.do("dropNoticeHook")

    def test_what_does_not_arrive_says_why(self, world):
        owner = world.owner
        owner.refused(409, "notify.no_hook", "testNotice", {"way": "hook"})
        owner.refused(422, "notify.bad_url", "setNoticeHook", {"format": "json", "url": "mailto:a@b"}, pointer="/url")
        owner.do("setNoticeHook", {"format": "json", "url": f"{HOOK_URL}/refuse"})
        owner.refused(422, "notify.refused", "testNotice", {"way": "hook"})
        owner.do("setNoticeHook", {"format": "json", "url": f"{HOOK_URL}/broken"})
        owner.refused(502, "notify.unreachable", "testNotice", {"way": "hook"})
        owner.do("dropNoticeHook")
        owner.do("testNotice", {"way": "mail"})
        assert "テスト" in mail_to("owner@example.com", "テスト")[1]
        for who, status, reason in (("refused", 422, "mail.refused"), ("later", 502, "mail.unreachable"), ("cut", 504, "mail.no_answer")):
            person = world.invite("analyst", email=f"{who}-{uuid.uuid4().hex[:8]}@example.com")
            person.refused(status, reason, "testNotice", {"way": "mail"})
