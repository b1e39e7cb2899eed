"""What must stay inside stays inside: no reply and no line of the log ever holds a grant, a hash, a seed, a password or a token.

A day's traffic of every operation that comes near a secret; then the database is asked for what is secret in it, and all replies and the log are searched."""
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import stat
import struct
import time
import urllib.parse

import pytest
from conftest import ROLES, password_of
from contract import CONTRACT
from server import OWNER, Client

OPTIONS = ("--log-level", "debug")
# table, columns that hold secrets; session and token ids are no secrets.
SECRET = {
    "team_person": ("password_hash", "totp_sealed", "totp_pending"), "team_recovery": ("code_hash",), "team_session": ("token_hash", "previous_hash"),
    "team_invitation": ("token_hash",), "team_token": ("token_hash",), "accounts_account": ("grant_sealed",),
    "accounts_app": ("secret_sealed",), "accounts_connection": ("state_hash", "verifier_sealed", "grants_sealed"), "accounts_hook": ("secret_sealed",),
}


def code(seed, at):
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def stored_secrets(database):
    found = set()
    for table, columns in SECRET.items():
        for column in columns:
            statement = f"select {column} from {table} where {column} is not null"
            if database.kind == "sqlite":
                with sqlite3.connect(f"file:{database.folder}/hibiki.db?mode=ro", uri=True) as db:
                    rows = [row[0] for row in db.execute(statement)]
            else:
                rows = database.sql(statement).split()
            found.update(f"{row}" for row in rows)
    assert len(found) > 8, found
    return found


def every_reading(who, path):
    """Every GET there is, as this person sees it."""
    for operation in CONTRACT.operations.values():
        if operation.method == "GET" and not operation.is_stream and set(operation.path_names) <= set(path):
            who.send(operation.id, **{name: path[name] for name in operation.path_names})


def test_no_reply_and_no_line_of_the_log_holds_a_secret(world, monkeypatch):
    heard = []
    plain = Client.raw

    def listening(self, *args, **more):
        reply = plain(self, *args, **more)
        heard.append((args[:2], reply.bytes.decode(errors="replace") + "\n" + "\n".join(f"{k}: {v}" for k, v in reply.headers.items() if k.lower() != "set-cookie")))
        return reply

    monkeypatch.setattr(Client, "raw", listening)
    owner, database = world.owner, world.database
    account = world.account
    post = world.draft("秘密のない投稿")["id"]
    owner.do("schedulePost", {"now": True}, post=post)
    made = owner.do("createToken", {"name": "秘密", "scopes": ["read"]})
    link = owner.do("createInvitation", {"email": "secret@example.com", "role": "client"})["link"]
    people = {role: world.person(role) for role in ROLES}
    someone = world.invite("editor")
    password = password_of(someone.email)
    seed = someone.do("startTotp", {"password": password})["secret"]
    codes = someone.do("confirmTotp", {"code": code(seed, time.time())})["codes"]
    Client(world.server).refused(401, "auth.code_needed", "signIn", {"email": someone.email, "password": password})
    Client(world.server).refused(401, "auth.bad_credentials", "signIn", {"email": someone.email, "password": "wrong password here"})
    Client(world.server).refused(401, "auth.bad_code", "signIn", {"email": someone.email, "password": password, "code": "000000"})
    someone.do("changePassword", {"current": password, "new": "quite another 合言葉"})
    owner.refused(422, "accounts.refused", "connectAccount", {"network": "bluesky", "handle": world.practice.accounts[1]["handle"], "password": "not-the-app-pass"})
    # A developer app and a way to its network and back; what travels through the browser on purpose is the state, once.
    app = owner.do("setApp", {"network": "x", "client_id": "client-of-secrets", "client_secret": "app secret 秘密"})
    begun = owner.do("startConnection", {"network": "x"})
    state = urllib.parse.parse_qs(urllib.parse.urlsplit(begun["authorize_url"]).query)["state"][0]
    owner.send("finishConnection", query={"state": state, "code": "code-that-opens-doors", "error": "access_denied"})
    owner.refused(502, "accounts.unreachable", "connectAccount", {"network": "line", "handle": "1234567890", "password": "channel secret 秘密"})
    network, key = urllib.parse.urlsplit(app["hook_url"]).path.split("/")[2:]
    told = json.dumps({"data": {"event_type": "dm.received", "event_uuid": "secret-1", "filter": {"user_id": "1"}, "payload": {"text": "a letter 私信"}}}).encode()
    sign = "sha256=" + base64.b64encode(hmac.new("app secret 秘密".encode(), told, hashlib.sha256).digest()).decode()
    assert Client(world.server).send("takeHook", data=told, headers={"x-twitter-webhooks-signature": sign}, network=network, key=key).status == 200
    deadline = time.monotonic() + 20
    while owner.do("getPost", post=post)["state"] not in ("published", "failed") and time.monotonic() < deadline:
        time.sleep(0.2)
    delivery = owner.do("listDeliveries")["deliveries"][0]["id"]
    path = {"workspace": owner.workspace, "post": post, "delivery": delivery, "account": account, "app": app["id"], "connection": begun["id"]}
    for who in [*people.values(), someone]:
        every_reading(who, path)
    page, body = owner.exchange("GET", "/", None, owner.headers_for("GET", {"Accept-Encoding": "identity"}))
    assert page.status == 200
    heard.append((("GET", "/"), body.decode()))

    # What is shown once on purpose, to whom it belongs.
    once = {"startTotp": {seed}, "confirmTotp": set(codes), "createToken": {made["secret"]}, "createInvitation": {link.split("#")[1]}, "startConnection": {state}}
    passwords = {OWNER["password"], password, "quite another 合言葉", "wrong password here", "not-the-app-pass", "app secret 秘密", "channel secret 秘密", "code-that-opens-doors", "a letter 私信", world.practice.accounts[0]["password"]}
    cookies = {c.cookie.split("=", 1)[1] for c in [owner, someone, *people.values()]}
    inside = stored_secrets(database) | passwords | cookies
    for (method, url), text in heard:
        operation = CONTRACT.find(method, url.split("?")[0])
        shown = once.get(operation.id if operation else "", set())
        for secret in inside | set().union(*once.values()) - shown:
            assert secret not in text, f"{method} {url} shows a secret"
        for word in ("password_hash", "grant_sealed", "totp_sealed", "token_hash", "accessJwt", "refreshJwt", "$argon2"):
            assert word not in text, f"{method} {url}: {word}"
    log = world.server.text()
    for secret in inside | set().union(*once.values()):
        assert secret not in log, "the log holds a secret"
    assert "Jwt" not in log and "$argon2" not in log and "Bearer " not in log


def test_nobody_else_on_the_machine_can_read_the_data(world):
    if os.name != "posix":
        pytest.skip("SKIP: no file modes here")
    folder = world.database.folder
    n = 0
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            if name == "server.log":  # made by this test
                continue
            mode = stat.S_IMODE(os.stat(os.path.join(place, name)).st_mode)
            assert mode & 0o077 == 0, f"{name}: {mode:o}"
            n += 1
    assert n >= 2
    limits = open(f"/proc/{world.server.process.pid}/limits").read()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4] == "0", core


def test_a_name_that_is_not_ours_is_answered_with_nothing(world):
    for url in ("/api/v1/about", f"/api/v1/workspaces/{world.workspace}/posts"):
        reply = world.owner.raw("GET", url, headers={"Host": "rebound.example"})
        assert (reply.status, reply["reason"]) == (421, "http.host")
    assert world.owner.raw("GET", "/api/v1/about", headers={"Host": "localhost:1"}).status == 200


def test_what_people_write_cannot_leave_its_place_in_the_page(world):
    name = '</script><script>alert(1)</script>"\'&<!--'
    world.owner.do("updateMe", {"name": name})
    answer, body = world.owner.exchange("GET", "/", None, world.owner.headers_for("GET", {"Accept-Encoding": "identity"}))
    text = body.decode()
    assert answer.status == 200 and "alert(1)" in text
    assert "<script>alert" not in text and "<!--\"" not in text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe-inline" not in policy
    world.owner.do("updateMe", {"name": OWNER["name"]})
