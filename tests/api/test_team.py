"""Everything people and programs do with team's operations, over HTTP."""
import base64
import hashlib
import hmac
import struct
import time

FOUNDING = {"name": "花子", "email": "hanako@example.jp", "password": "kissa-hibiki-2026", "workspace": "喫茶ひびき", "zone": "Asia/Tokyo"}
CREDENTIALS = {"email": FOUNDING["email"], "password": FOUNDING["password"]}
NOBODY = "01990000-0000-7000-8000-000000000000"


def found(server):
    owner = server.browser()
    session = owner.ask("POST", "/setup", 201, FOUNDING)
    return owner, session["person"]["id"], "/workspaces/" + session["workspaces"][0]["workspace_id"]


def join(server, owner, workspace, email, role):
    made = owner.ask("POST", workspace + "/invitations", 201, {"email": email, "role": role})
    person = server.browser()
    token = made["link"].split("/invite#")[1]
    session = person.ask("POST", "/invitations/" + token, 201, {"name": email, "password": "kissa-hibiki-2027"})
    return person, session["person"]["id"], token


def totp(secret):
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF) % 10**6)


def test_an_instance_is_set_up_once_and_says_where_a_fault_is(server):
    visitor = server.browser()
    assert visitor.ask("GET", "/about", 200)["needs_setup"]
    visitor.ask("POST", "/session/demo", 404, reason="http.not_found")
    visitor.ask("POST", "/setup", 422, {**FOUNDING, "zone": "Asia/Osaka"}, "team.bad_zone", "/zone")
    visitor.ask("POST", "/setup", 422, {**FOUNDING, "email": "hanako"}, "team.bad_email", "/email")
    visitor.ask("POST", "/setup", 422, {**FOUNDING, "password": "aaaaaaaaaaaa"}, "team.weak_password", "/password")
    visitor.ask("POST", "/setup", 422, {**FOUNDING, "password": "short"}, "input.too_short", "/password")
    owner, _, workspace = found(server)
    visitor.ask("POST", "/setup", 409, FOUNDING, "setup.done")
    assert not visitor.ask("GET", "/about", 200)["needs_setup"]
    assert owner.ask("GET", workspace, 200)["name"] == "喫茶ひびき"
    assert owner.ask("GET", "/session", 200)["workspaces"][0]["role"] == "owner"


def test_people_are_invited_changed_and_removed(server):
    owner, owner_id, workspace = found(server)
    owner.ask("POST", workspace + "/invitations", 422, {"email": "taro", "role": "editor"}, "team.bad_email", "/email")
    owner.ask("POST", workspace + "/invitations", 409, {"email": FOUNDING["email"], "role": "editor"}, "team.already_member")
    taro, taro_id, token = join(server, owner, workspace, "taro@example.jp", "editor")
    taro.ask("GET", "/invitations/" + token, 410, reason="team.invitation_expired")
    taro.ask("GET", "/invitations/" + "x" * 43, 404, reason="team.invitation_unknown")
    assert len(taro.ask("GET", workspace + "/members", 200)["members"]) == 2
    taro.ask("PATCH", workspace, 403, {"name": "太郎"}, "auth.forbidden")
    taro.ask("GET", workspace + "/audit", 403, reason="auth.forbidden")
    assert owner.ask("PATCH", f"{workspace}/members/{taro_id}", 200, {"role": "client"})["role"] == "client"
    taro.ask("GET", workspace + "/members", 403, reason="auth.forbidden")
    owner.ask("PATCH", f"{workspace}/members/{owner_id}", 409, {"role": "client"}, "team.last_owner")
    owner.ask("DELETE", f"{workspace}/members/{owner_id}", 409, reason="team.last_owner")
    owner.ask("PATCH", f"{workspace}/members/{NOBODY}", 404, {"role": "client"}, "team.member_unknown")
    owner.ask("DELETE", f"{workspace}/members/{taro_id}", 204)
    taro.ask("GET", workspace, 403, reason="auth.forbidden")
    open_one = owner.ask("POST", workspace + "/invitations", 201, {"email": "x@example.jp", "role": "owner"})["invitation"]["id"]
    assert [i["id"] for i in owner.ask("GET", workspace + "/invitations", 200)["invitations"]] == [open_one]
    owner.ask("DELETE", f"{workspace}/invitations/{open_one}", 204)
    owner.ask("DELETE", f"{workspace}/invitations/{open_one}", 404, reason="team.invitation_unknown")


def test_a_token_reaches_as_far_as_its_scopes(server):
    owner, _, workspace = found(server)
    draft = {"name": "script", "scopes": ["read", "write"]}
    owner.ask("POST", workspace + "/tokens", 422, {**draft, "expires_at": "2020-01-01T00:00:00Z"}, "team.expiry_past", "/expires_at")
    owner.ask("POST", workspace + "/tokens", 422, {**draft, "scopes": ["fly"]}, "input.not_allowed", "/scopes/0")
    made = owner.ask("POST", workspace + "/tokens", 201, draft)
    script = server.browser(Authorization="Bearer " + made["secret"])
    assert script.ask("GET", "/token", 200)["scopes"] == ["read", "write"]
    script.ask("GET", workspace, 200)
    script.ask("PATCH", workspace, 403, {"name": "x"}, "auth.scope")
    script.ask("GET", "/session", 403, reason="auth.scope")
    owner.ask("GET", "/token", 403, reason="auth.forbidden")
    assert owner.ask("GET", workspace + "/tokens", 200)["tokens"][0]["hint"] == made["secret"][-4:]
    owner.ask("DELETE", f"{workspace}/tokens/{made['token']['id']}", 204)
    script.ask("GET", workspace, 401, reason="auth.bad_token")


def test_a_second_factor_is_asked_for_until_it_is_turned_off(server):
    owner, _, _ = found(server)
    proof = {"password": FOUNDING["password"]}
    owner.ask("POST", "/me/totp", 403, {"password": "wrong"}, "auth.wrong_password")
    secret = owner.ask("POST", "/me/totp", 201, proof)["secret"]
    owner.ask("POST", "/me/totp/confirm", 422, {"code": "abcdef"}, "auth.bad_code", "/code")
    codes = owner.ask("POST", "/me/totp/confirm", 200, {"code": totp(secret)})["codes"]
    assert len(set(codes)) == 10
    owner.ask("POST", "/me/totp", 409, proof, "team.totp_on")
    elsewhere = server.browser()
    elsewhere.ask("POST", "/session", 401, CREDENTIALS, "auth.code_needed")
    elsewhere.ask("POST", "/session", 401, {**CREDENTIALS, "code": "nocode"}, "auth.bad_code")
    elsewhere.ask("POST", "/session", 201, {**CREDENTIALS, "code": codes[0]})
    owner.ask("POST", "/me/totp/disable", 204, proof)
    owner.ask("POST", "/me/totp/disable", 409, proof, "team.totp_off")
    server.browser().ask("POST", "/session", 201, CREDENTIALS)


def test_sessions_are_listed_and_ended_and_a_new_password_ends_the_others(server):
    owner, _, _ = found(server)
    other = server.browser()
    other.ask("POST", "/session", 201, CREDENTIALS)
    sessions = owner.ask("GET", "/me/sessions", 200)["sessions"]
    assert [s["is_this"] for s in sessions].count(True) == 1 and len(sessions) == 2
    owner.ask("DELETE", f"/me/sessions/{NOBODY}", 404, reason="team.session_unknown")
    owner.ask("DELETE", "/me/sessions/" + next(s["id"] for s in sessions if not s["is_this"]), 204)
    other.ask("GET", "/session", 401, reason="auth.needed")
    other.ask("POST", "/session", 201, CREDENTIALS)
    owner.ask("POST", "/me/password", 422, {"current": FOUNDING["password"], "new": "aaaaaaaaaaaa"}, "team.weak_password", "/new")
    owner.ask("POST", "/me/password", 200, {"current": FOUNDING["password"], "new": "an-other-one-77"})
    other.ask("GET", "/session", 401, reason="auth.needed")
    assert owner.ask("PATCH", "/me", 200, {"name": "Hanako", "theme": "dark"})["theme"] == "dark"
    good, owner.csrf = owner.csrf, "made-up"
    owner.ask("DELETE", "/session", 403, reason="auth.csrf")
    owner.csrf = good
    owner.ask("DELETE", "/session", 204)
    owner.ask("GET", "/session", 401, reason="auth.needed")


def test_guessing_is_slowed_down(server):
    found(server)
    guesser = server.browser()
    for _ in range(5):
        guesser.ask("POST", "/session", 401, {**CREDENTIALS, "password": "not-this-one"}, "auth.bad_credentials")
    assert "retry_at" in guesser.ask("POST", "/session", 429, CREDENTIALS, "auth.throttled")


def test_workspaces_are_apart_and_their_logs_complete(server):
    owner, _, workspace = found(server)
    taro, _, _ = join(server, owner, workspace, "taro@example.jp", "manager")
    second = "/workspaces/" + owner.ask("POST", "/workspaces", 201, {"name": "二号店", "zone": "Europe/Paris"})["id"]
    taro.ask("GET", second, 403, reason="auth.forbidden")
    taro.ask("GET", "/workspaces/" + NOBODY, 403, reason="auth.forbidden")
    owner.ask("PATCH", workspace, 200, {"name": "響"})
    entries, cursor = [], ""
    while cursor is not None:
        page = owner.ask("GET", f"{workspace}/audit?limit=2" + (f"&cursor={cursor}" if cursor else ""), 200)
        entries += page["entries"]
        cursor = page["next_cursor"]
    assert len({e["id"] for e in entries}) == len(entries)
    assert [e["action"] for e in entries][::-1] == [
        "workspace.created", "session.opened", "invitation.created", "member.joined", "session.opened", "workspace.changed"]
    assert (entries[0]["before"]["name"], entries[0]["after"]["name"], entries[0]["actor_name"]) == ("喫茶ひびき", "響", "花子")
    assert [e["action"] for e in owner.ask("GET", second + "/audit", 200)["entries"]] == ["workspace.created"]
    owner.ask("GET", workspace + "/audit?cursor=zz", 422, reason="input.not_an_id", pointer="?cursor")
    owner.ask("GET", workspace + "/audit?limit=0", 422, reason="input.too_small", pointer="?limit")
