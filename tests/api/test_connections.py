"""Connecting accounts through a network's own page, developer apps, health, and what networks send to us: over HTTP, with the real binary.

X itself cannot be reached from here, so an exchange with it ends without an answer; a Mastodon instance of the test's own answers as it is told.
What comes of each answer is held by src/features/accounts/connection_test.c and connection_api_test.c. X's webhooks need nobody but us."""
import base64
import concurrent.futures
import hashlib
import hmac
import http.server
import json
import threading
import time
import urllib.parse

import httpx
import pytest
from contract import CONTRACT
from server import Client

SECRET = "a client secret nobody reads 秘密"
NOBODYS = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def app(world):
    return world.owner.do("setApp", {"network": "x", "client_id": "client-7", "client_secret": SECRET})


def begin(world, who=None, **more):
    """A connection and the state that travels with it."""
    made = (who or world.owner).do("startConnection", {"network": "x", **more})
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(made["authorize_url"]).query)
    assert query["client_id"] == ["client-7"] and query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"][0].endswith("/connect/callback")
    return made, query["state"][0]


def come_back(client, **query):
    reply = client.send("finishConnection", query=query)
    assert reply.status == 303 and not reply.bytes
    there = reply.headers["Location"]
    assert there.startswith("/settings/accounts?connection=")
    return there.split("=")[1]


def path_of(url):
    return urllib.parse.urlsplit(url).path


# --- apps ------------------------------------------------------------------------------------------------------------------------
def test_an_app_is_set_and_its_secret_never_read_back(world, app):
    listed = world.owner.do("listApps")
    assert [a["id"] for a in listed["apps"]] == [app["id"]]
    assert app["has_secret"] and not app["is_automatic"] and len(app["verify_token"]) == 40
    again = world.owner.do("setApp", {"network": "x", "client_id": "client-7"})
    assert again["id"] == app["id"] and again["has_secret"] and again["hook_url"] == app["hook_url"]
    entries = world.owner.do("listAudit")["entries"]
    assert [e["action"] for e in entries[:2]] == ["app.set", "app.set"] and SECRET not in json.dumps(entries, ensure_ascii=False)
    world.owner.refused(422, "accounts.app_needless", "setApp", {"network": "bluesky", "client_id": "x"}, pointer="/network")
    world.owner.refused(422, "accounts.network_unknown", "setApp", {"network": "myspace", "client_id": "x"}, pointer="/network")
    tiktok = world.owner.do("setApp", {"network": "tiktok", "client_id": "key", "client_secret": "s"})
    world.owner.do("deleteApp", app=tiktok["id"])
    world.owner.refused(404, "accounts.app_unknown", "deleteApp", app=tiktok["id"])


# --- practice networks ------------------------------------------------------------------------------------------------------------
def test_who_can_sign_in_at_a_practice_network_is_told_only_where_one_runs(world):
    world.owner.refused(422, "accounts.no_practice", "listPracticeLogins", network="line")
    world.owner.refused(404, "accounts.network_unknown", "listPracticeLogins", network="myspace")


def test_practice_logins_open_and_line_is_told_where_to_send(demo):
    client = demo.client
    logins = client.do("listPracticeLogins", network="line")["logins"]
    assert len(logins) == 3 and all(len(one["secret"]) == 32 and one["login"].isdigit() and one["name"] for one in logins)
    made = client.do("connectAccount", {"network": "line", "handle": logins[2]["login"], "password": logins[2]["secret"], "practice": True})
    end = time.monotonic() + 30
    while True:
        health = client.do("getAccountHealth", account=made["id"])
        if health["hook"]["taken"] and any(q["as_of"] for q in health["quotas"]):
            break
        assert time.monotonic() < end, health
        time.sleep(0.1)
    assert health["last_error"] is None
    client.do("disconnectAccount", account=made["id"])
    (first, *_) = client.do("listPracticeLogins", network="bluesky")["logins"]
    assert "." in first["login"] and first["secret"]


def test_an_approval_that_brings_two_pages_is_chosen_from(demo):
    client = demo.client
    made = client.do("startConnection", {"network": "facebook", "practice": True})
    page = made["authorize_url"] + "&practice_account=hibiki"
    there = urllib.parse.urlsplit(httpx.get(page).headers["location"])
    query = {key: values[0] for key, values in urllib.parse.parse_qs(there.query).items()}
    assert come_back(client, **query) == made["id"]
    seen = client.do("getConnection", connection=made["id"])
    assert seen["state"] == "choose" and [c["display_name"] for c in seen["choices"]] == ["喫茶ひびき", "喫茶ひびき 店長"]
    client.refused(422, "accounts.choice_unknown", "chooseAccounts", {"remote_ids": ["9"]}, connection=made["id"], pointer="/remote_ids/0")
    done = client.do("chooseAccounts", {"remote_ids": [c["remote_id"] for c in seen["choices"]]}, connection=made["id"])
    assert done["state"] == "done" and len(done["accounts"]) == 2
    pages = [a for a in client.do("listAccounts")["accounts"] if a["network"] == "facebook"]
    assert sorted(a["display_name"] for a in pages) == ["喫茶ひびき", "喫茶ひびき 店長"]
    client.do("disconnectAccount", account=next(a["id"] for a in pages if a["display_name"] == "喫茶ひびき 店長"))


# --- there and back --------------------------------------------------------------------------------------------------------------
def test_a_refusal_at_the_network_is_told_in_both_languages(world, app):
    for language in ("ja", "en"):
        made, state = begin(world)
        assert come_back(world.owner, state=state, error="access_denied", error_description="the person said no") == made["id"]
        seen = world.owner.send("getConnection", connection=made["id"], headers={"Accept-Language": language}).json
        assert (seen["state"], seen["reason"], seen["message"]) == ("failed", "accounts.denied", "the person said no")
        assert CONTRACT.language_of("accounts.denied", seen["detail"]) in ("ja", "en")
    assert all(a["network"] != "x" for a in world.owner.do("listAccounts")["accounts"])


def test_an_exchange_without_an_answer_connects_nothing_and_the_code_is_used_up(world, app):
    made, state = begin(world)
    for _ in range(2):
        assert come_back(world.owner, state=state, code="a code") == made["id"]
        seen = world.owner.do("getConnection", connection=made["id"])
        assert seen["state"] == "failed" and seen["reason"] in ("accounts.unreachable", "accounts.exchange_refused"), seen
        assert seen["authorize_url"] is None
    world.owner.refused(409, "accounts.connection_used", "chooseAccounts", {"remote_ids": ["1"]}, connection=made["id"])
    assert all(a["network"] != "x" for a in world.owner.do("listAccounts")["accounts"])


def test_a_state_of_somebody_else_of_nobody_or_without_a_session_leads_nowhere(world, app):
    made, state = begin(world)
    manager = world.person("manager")
    for client in (manager, world.nobody(), world.token("read", "write", "admin"), world.person("client")):
        assert come_back(client, state=state, code="stolen") == NOBODYS
    for query in ({}, {"state": ""}, {"state": "guessed", "code": "x"}, {"code": "x"}, {"state": "\r\nSet-Cookie: a=b"}, {"state": "%s%n" * 50, "code": "x" * 3000}):
        assert come_back(world.owner, **query) == NOBODYS
    world.owner.refused(404, "accounts.connection_unknown", "getConnection", connection=NOBODYS)
    manager.refused(404, "accounts.connection_unknown", "getConnection", connection=made["id"])
    manager.refused(404, "accounts.connection_unknown", "chooseAccounts", {"remote_ids": ["1"]}, connection=made["id"])
    assert world.owner.do("getConnection", connection=made["id"])["state"] == "waiting"


def test_who_lost_the_role_on_the_way_connects_nothing(world, app):
    leaver = world.invite("manager")
    made, state = begin(world, leaver)
    world.owner.do("changeMember", {"role": "editor"}, person=leaver.person)
    assert come_back(leaver, state=state, code="x") == made["id"]
    world.owner.do("changeMember", {"role": "manager"}, person=leaver.person)
    assert leaver.do("getConnection", connection=made["id"])["state"] == "waiting"


def test_two_tabs_at_once_end_alike(world, app):
    made, state = begin(world)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: come_back(world.owner.fork(), state=state, error="access_denied"), range(8))) == {made["id"]}
    assert world.owner.do("getConnection", connection=made["id"])["reason"] == "accounts.denied"


def test_each_network_is_connected_in_its_own_way(world, app):
    owner = world.owner
    owner.refused(422, "accounts.not_oauth", "startConnection", {"network": "bluesky"}, pointer="/network")
    owner.refused(422, "accounts.oauth_needed", "connectAccount", {"network": "x", "handle": "someone", "password": "x"}, pointer="/network")
    owner.refused(422, "accounts.no_practice", "startConnection", {"network": "x", "practice": True}, pointer="/practice")
    owner.refused(422, "accounts.no_practice", "connectAccount", {"network": "bluesky", "handle": "one.practice", "password": "x", "practice": True}, pointer="/practice")
    owner.refused(409, "accounts.app_missing", "startConnection", {"network": "tiktok"}, pointer="/network")
    owner.refused(404, "accounts.unknown", "startConnection", {"network": "x", "account": NOBODYS})
    by_name = {n["name"]: n for n in owner.do("listNetworks")["networks"]}
    assert (by_name["bluesky"]["auth"], by_name["x"]["auth"], by_name["line"]["auth"]) == ("password", "oauth", "channel")
    assert by_name["x"]["needs_app"] and not by_name["bluesky"]["needs_app"] and not by_name["x"]["has_practice"]
    for network in by_name.values():
        assert network["formats"] and network["source"].startswith("http")
        kinds = [f["format"] for f in network["formats"]]
        assert len(kinds) == len(set(kinds))
        for count in owner.do("countText", {"text": "響", "networks": [network["name"]], "format": kinds[-1]})["counts"]:
            assert count["used"] >= 1 and not count["is_over"]


# --- an instance of our own --------------------------------------------------------------------------------------------------------
class Instance:
    """As much of a Mastodon instance as connecting needs; `before_token` runs while the token is asked for."""

    def __init__(self):
        made = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.split("?")[0]
                made.asked.append(path)
                status, headers = 200, {}
                if path == "/api/v1/apps":
                    status, headers, body = made.registering, {"Retry-After": "60"}, {"client_id": f"id-{len(made.asked)}", "client_secret": "instance secret"}
                elif path == "/oauth/token":
                    made.before_token()
                    body = {"access_token": "token-that-opens", "token_type": "Bearer", "scope": "read write", "created_at": 1}
                elif path == "/api/v1/accounts/verify_credentials":
                    body = {"id": "109", "username": "kissa", "acct": "kissa", "display_name": "喫茶", "url": "http://127.0.0.1/@kissa", "avatar": "", "followers_count": 3}
                elif path.startswith("/api/v"):
                    body = {"uri": "127.0.0.1", "title": "t", "version": "4.3.0", "configuration": {}}
                else:
                    status, body = 404, {"error": "Record not found"}
                data = json.dumps(body if status == 200 else {"error": "no"}).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = answer

        self.asked, self.registering, self.before_token = [], 200, lambda: None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def instance():
    made = Instance()
    yield made
    made.close()


def begin_at(world, instance):
    made = world.owner.do("startConnection", {"network": "mastodon", "service": instance.url})
    return made, urllib.parse.parse_qs(urllib.parse.urlsplit(made["authorize_url"]).query)["state"][0]


def test_an_instance_registers_us_once_and_the_account_keeps_its_history(world, instance):
    instance.registering = 429
    world.owner.refused(429, "network.rate_limited", "startConnection", {"network": "mastodon", "service": instance.url})
    instance.registering = 500
    world.owner.refused(502, "accounts.unreachable", "startConnection", {"network": "mastodon", "service": instance.url})
    instance.registering = 200
    ids = set()
    for _ in range(2):
        made, state = begin_at(world, instance)
        assert come_back(world.owner, state=state, code="good") == made["id"]
        seen = world.owner.do("getConnection", connection=made["id"])
        assert seen["state"] == "done", seen
        ids.update(seen["accounts"])
    assert len(ids) == 1 and instance.asked.count("/api/v1/apps") == 3
    account = ids.pop()
    app = next(a for a in world.owner.do("listApps")["apps"] if a["service"] == instance.url)
    assert app["is_automatic"] and app["accounts"] == 1
    world.owner.refused(409, "accounts.app_in_use", "deleteApp", app=app["id"])
    again = world.owner.do("startConnection", {"network": "mastodon", "account": account})
    assert again["authorize_url"].startswith(instance.url)
    world.owner.do("disconnectAccount", account=account)
    world.owner.do("deleteApp", app=app["id"])


def test_a_process_killed_between_the_code_and_the_store_leaves_nothing_half_done(world, instance):
    asked, killed = threading.Event(), threading.Event()

    def hold():
        asked.set()
        killed.wait(20)

    instance.before_token = hold
    made, state = begin_at(world, instance)

    def return_from_the_network():
        try:
            world.owner.fork().send("finishConnection", query={"state": state, "code": "good"})
        except Exception:  # the server is gone before it answers
            pass

    browser = threading.Thread(target=return_from_the_network)
    browser.start()
    assert asked.wait(20)
    world.server.kill()
    killed.set()
    browser.join()
    world.server.start()
    assert world.owner.do("getConnection", connection=made["id"])["state"] == "exchanging"
    assert come_back(world.owner, state=state, code="good") == made["id"]  # the code is used up
    assert all(a["network"] != "mastodon" for a in world.owner.do("listAccounts")["accounts"])
    assert instance.asked.count("/oauth/token") == 1
    instance.before_token = lambda: None
    made, state = begin_at(world, instance)
    come_back(world.owner, state=state, code="good")
    account = world.owner.do("getConnection", connection=made["id"])["accounts"][0]
    world.owner.do("disconnectAccount", account=account)


# --- health ----------------------------------------------------------------------------------------------------------------------
def test_an_account_tells_how_it_is_and_is_read_on_demand(world):
    account = world.account
    world.owner.do("checkAccount", account=account)
    health = world.owner.do("getAccountHealth", account=account)
    assert (health["state"], health["expiry"], health["hook"], health["last_error"]) == ("ok", "ok", None, None)
    assert health["acts_at"] == health["refresh_expires_at"] > health["access_expires_at"]
    assert world.owner.do("getAccountOptions", account=account)["options"] is None
    world.practice.fault("error", times=3)
    failed = world.owner.do("checkAccount", account=account)
    world.practice.fault("none")
    assert failed["last_error"]["http_status"] == 500 and failed["state"] == "ok"


# --- webhooks --------------------------------------------------------------------------------------------------------------------
def signed(body, secret=SECRET):
    return {"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()}


TOLD = json.dumps({"data": {"event_type": "post.create", "event_uuid": "e-1", "filter": {"user_id": "1"}, "payload": {"id": "1"}}}).encode()


def hook(world, app):
    _, _, network, key = path_of(app["hook_url"]).split("/")
    return {"network": network, "key": key}


def test_a_challenge_is_answered_and_a_signed_call_taken(world, app):
    where, nobody = hook(world, app), world.nobody()
    reply = nobody.send("proveHook", query={"crc_token": "MTIz/4="}, **where)
    wanted = "sha256=" + base64.b64encode(hmac.new(SECRET.encode(), b"MTIz/4=", hashlib.sha256).digest()).decode()
    assert reply.status == 200 and reply.json == {"response_token": wanted}
    assert nobody.send("takeHook", data=TOLD, headers=signed(TOLD), **where).status == 200
    reply = nobody.send("proveHook", **where)
    assert (reply.status, reply["reason"]) == (422, "accounts.hook_unreadable"), reply
    meta = world.owner.do("setApp", {"network": "facebook", "client_id": "7", "client_secret": SECRET})
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    reply = nobody.send("proveHook", query={**asked, "hub.verify_token": meta["verify_token"]}, **hook(world, meta))
    assert (reply.status, reply.bytes) == (200, b"1158201444")
    reply = nobody.send("proveHook", query={**asked, "hub.verify_token": "guessed"}, **hook(world, meta))
    assert (reply.status, reply["reason"]) == (403, "accounts.hook_refused"), reply
    world.owner.do("deleteApp", app=meta["id"])


def test_who_cannot_sign_is_refused(world, app):
    where, nobody, body = hook(world, app), world.nobody(), TOLD
    for heads in ({}, signed(body, "another"), signed(body + b" "), {"x-twitter-webhooks-signature": "sha256="}):
        reply = nobody.send("takeHook", data=body, headers=heads, **where)
        assert (reply.status, reply["reason"]) == (403, "accounts.hook_refused"), reply
    for bad in (b"no json", b"[", b"\xff" * 50):
        reply = nobody.send("takeHook", data=bad, headers=signed(bad), **where)
        assert (reply.status, reply["reason"]) == (422, "accounts.hook_unreadable"), reply
    for unknown in ({"network": "x", "key": "k" * 32}, {"network": "line", "key": where["key"]}, {"network": "bluesky", "key": where["key"]}):
        assert nobody.send("takeHook", data=body, headers=signed(body), **unknown)["reason"] == "accounts.hook_unknown"
        assert nobody.send("proveHook", **unknown)["reason"] == "accounts.hook_unknown"
    assert nobody.send("takeHook", data=b"x" * (2 * 1024 * 1024 + 1), **where).status == 413


def test_a_flood_is_stopped_and_says_when_to_come_again(world, app):
    where, body = hook(world, app), TOLD

    def pour(_):
        client = Client(world.server)
        return [client.send("takeHook", data=body, headers=signed(b"something else"), **where).status for _ in range(340)]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        statuses = [status for part in pool.map(pour, range(4)) for status in part]
    assert set(statuses) == {403, 429} and statuses.count(429) > 50
    reply = world.nobody().send("proveHook", query={"crc_token": "a"}, **where)
    assert (reply.status, reply["reason"]) == (429, "accounts.hook_flood") and int(reply.headers["Retry-After"]) <= 60
