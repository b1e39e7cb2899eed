"""People: setting up, signing in, throttling, second factor, sessions, tokens, invitations, owners, and the audit of every change."""
import base64
import concurrent.futures
import datetime
import hashlib
import hmac
import struct
import time
import uuid

from conftest import password_of, token_of
from contract import CONTRACT, ROOT
from server import OWNER, Client, Server


def totp(secret, ahead=0):
    """RFC 6238, as an authenticator app reckons it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def audit(client, action, **more):
    rows = [e for e in client.do("listAudit", query={"limit": 500, **more})["entries"] if e["action"] == action]
    return rows[0] if rows else None


def test_of_many_who_set_up_at_once_one_becomes_the_owner(fresh):
    server = Server(fresh).start()
    about = Client(server).do("getAbout")
    assert about["needs_setup"] and not about["is_demo"]
    Client(server).refused(422, "team.bad_email", "setUp", {**OWNER, "email": "nobody"}, pointer="/email")
    Client(server).refused(422, "team.bad_zone", "setUp", {**OWNER, "zone": "Moon"}, pointer="/zone")
    Client(server).refused(422, "team.weak_password", "setUp", {**OWNER, "password": "aaaaaaaaaaaa"}, pointer="/password")
    assert Client(server).do("getAbout")["needs_setup"]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda n: Client(server).send("setUp", {**OWNER, "email": f"first{n}@example.com"}), range(4)))
    assert sorted(r.status for r in replies) == [201, 409, 409, 409], replies
    assert {r["reason"] for r in replies if r.status == 409} == {"setup.done"}
    assert not Client(server).do("getAbout")["needs_setup"]
    Client(server).refused(409, "setup.done", "setUp", OWNER)
    Client(server).refused(404, "http.not_found", "signInDemo")
    server.stop()


class TestSigningIn:
    def test_the_right_password_opens_a_session_and_the_wrong_one_says_no_more_than_that(self, world):
        client = world.nobody(address="192.0.2.1").sign_in(OWNER["email"], OWNER["password"])
        assert client.do("getSession")["person"]["email"] == OWNER["email"]
        unknown = world.nobody(address="192.0.2.2").refused(401, "auth.bad_credentials", "signIn", {"email": "who@example.com", "password": "what ever it was"})
        wrong = world.nobody(address="192.0.2.3").refused(401, "auth.bad_credentials", "signIn", {"email": OWNER["email"], "password": "what ever it was"})
        unknown.pop("request_id"), wrong.pop("request_id")
        assert unknown == wrong

    def test_guessing_is_slowed_down_for_the_address_and_says_until_when(self, world):
        victim = world.invite("client", email="victim@example.com")
        for n in range(6):
            world.nobody(address=f"198.51.100.{n}").send("signIn", {"email": victim.email, "password": "guess number " + str(n)})
        reply = world.nobody(address="198.51.100.99").send("signIn", {"email": victim.email, "password": password_of(victim.email)})
        assert (reply.status, reply["reason"]) == (429, "auth.throttled"), reply
        wait = datetime.datetime.fromisoformat(reply["retry_at"].replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
        assert datetime.timedelta(0) < wait < datetime.timedelta(seconds=20) and 1 <= int(reply.headers["Retry-After"]) <= 20, reply
        time.sleep(max(0, wait.total_seconds()) + 0.1)
        world.nobody(address="198.51.100.99").sign_in(victim.email, password_of(victim.email))

    def test_guessing_is_slowed_down_for_where_it_comes_from(self, world):
        for n in range(7):
            last = world.nobody(address="2001:db8::%x" % n).send("signIn", {"email": f"n{n}@example.com", "password": "guess"})
        assert (last.status, last["reason"]) == (429, "auth.throttled"), last
        world.nobody(address="2001:db8:0:1::1").refused(401, "auth.bad_credentials", "signIn", {"email": "n9@example.com", "password": "guess"})

    def test_signing_in_again_ends_the_old_session_of_the_browser(self, world):
        client = world.nobody(address="192.0.2.9").sign_in(OWNER["email"], OWNER["password"])
        old = client.fork()
        client.sign_in(OWNER["email"], OWNER["password"])
        assert client.cookie != old.cookie
        old.refused(401, "auth.needed", "getSession")
        client.do("signOut")

    def test_ones_sessions_are_listed_and_ended_one_by_one(self, world):
        person = world.invite("editor")
        other = world.nobody(address="192.0.2.20").sign_in(person.email, password_of(person.email))
        rows = person.do("listSessions")["sessions"]
        assert len(rows) == 2 and [r["is_this"] for r in rows].count(True) == 1
        far = next(r for r in rows if not r["is_this"])
        assert far["client"] == "192.0.2.20"
        person.do("endSession", session=far["id"])
        other.refused(401, "auth.needed", "getSession")
        person.refused(404, "team.session_unknown", "endSession", session=far["id"])
        world.owner.refused(404, "team.session_unknown", "endSession", session=person.do("listSessions")["sessions"][0]["id"])
        person.do("getSession")


class TestOneself:
    def test_name_language_and_theme_change(self, world):
        person = world.invite("analyst")
        changed = person.do("updateMe", {"name": "新しい名前", "locale": "en", "theme": "dark"})
        assert (changed["name"], changed["locale"], changed["theme"]) == ("新しい名前", "en", "dark")
        assert person.do("getSession")["person"] == changed
        detail = person.refused(403, "auth.forbidden", "createPost", {"text": "x", "variants": []})["detail"]
        assert CONTRACT.language_of("auth.forbidden", detail) == "en"
        assert any(m["name"] == "新しい名前" for m in world.owner.do("listMembers")["members"])

    def test_a_new_password_ends_all_other_sessions(self, world):
        person = world.invite("editor")
        other = world.nobody(address="192.0.2.30").sign_in(person.email, password_of(person.email))
        before = person.cookie
        person.refused(403, "auth.wrong_password", "changePassword", {"current": "not this one", "new": "brand new 合言葉 1"})
        person.refused(422, "team.weak_password", "changePassword", {"current": password_of(person.email), "new": "1234567890"}, pointer="/new")
        person.take(person.do("changePassword", {"current": password_of(person.email), "new": "brand new 合言葉 1"}))
        assert person.cookie != before
        person.do("getSession")
        other.refused(401, "auth.needed", "getSession")
        person.fork(cookie=before).refused(401, "auth.needed", "getSession")
        world.nobody(address="192.0.2.31").sign_in(person.email, "brand new 合言葉 1")

    def test_proving_a_password_is_throttled_too(self, world):
        for operation, body in (("changePassword", {"current": "wrong", "new": "brand new 合言葉 1"}), ("startTotp", {"password": "wrong"}), ("disableTotp", {"password": "wrong"})):
            person = world.invite("client")
            person.address = "203.0.113.%d" % len(operation)
            if operation == "disableTotp":
                secret = person.do("startTotp", {"password": password_of(person.email)})["secret"]
                person.do("confirmTotp", {"code": totp(secret)})
            replies = [person.send(operation, body) for _ in range(8)]
            assert replies[0].status == 403 and (replies[-1].status, replies[-1]["reason"]) == (429, "auth.throttled"), f"{operation}: {replies}"

    def test_the_second_factor_is_asked_for_and_recovery_codes_work_once(self, world):
        person = world.invite("manager")
        password = password_of(person.email)
        secrets = {"email": person.email, "password": password}
        person.refused(409, "team.totp_off", "confirmTotp", {"code": "123456"})
        person.refused(409, "team.totp_off", "disableTotp", {"password": password})
        person.refused(403, "auth.wrong_password", "startTotp", {"password": "not this one"})
        start = person.do("startTotp", {"password": password})
        assert start["uri"].startswith("otpauth://totp/") and start["secret"] in start["uri"]
        world.nobody(address="192.0.2.40").sign_in(person.email, password)  # not on until confirmed
        wrong = "000000" if totp(start["secret"]) != "000000" else "111111"
        person.refused(422, "auth.bad_code", "confirmTotp", {"code": wrong}, pointer="/code")
        code = totp(start["secret"])
        codes = person.do("confirmTotp", {"code": code})["codes"]
        assert len(codes) >= 8 and len(set(codes)) == len(codes)
        person.csrf = person.do("getSession")["csrf"]
        assert person.do("getSession")["person"]["has_totp"]
        person.refused(409, "team.totp_on", "startTotp", {"password": password})
        person.refused(409, "team.totp_on", "confirmTotp", {"code": code})

        visitor = world.nobody(address="192.0.2.41")
        visitor.refused(401, "auth.code_needed", "signIn", secrets)
        visitor.refused(401, "auth.bad_code", "signIn", {**secrets, "code": wrong})
        visitor.refused(401, "auth.bad_code", "signIn", {**secrets, "code": code})  # used to confirm: no second time
        world.nobody(address="192.0.2.42").sign_in(person.email, password, code=totp(start["secret"], ahead=1))
        world.nobody(address="192.0.2.43").sign_in(person.email, password, code=codes[0])
        world.nobody(address="192.0.2.44").refused(401, "auth.bad_code", "signIn", {**secrets, "code": codes[0]})
        world.nobody(address="192.0.2.45").sign_in(person.email, password, code=codes[1].upper())
        person.refused(403, "auth.wrong_password", "disableTotp", {"password": "not this one"})
        person.do("disableTotp", {"password": password})
        world.nobody(address="192.0.2.46").sign_in(person.email, password)

    def test_guessing_the_code_that_confirms_is_throttled(self, world):
        person = world.invite("client")
        person.address = "203.0.113.77"
        secret = person.do("startTotp", {"password": password_of(person.email)})["secret"]
        wrong = next(c for c in ("000000", "111111", "222222") if c not in (totp(secret), totp(secret, 1), totp(secret, -1)))
        replies = [person.send("confirmTotp", {"code": wrong}) for _ in range(8)]
        assert replies[0].status == 422 and (replies[-1].status, replies[-1]["reason"]) == (429, "auth.throttled"), replies


class TestInvitations:
    def test_the_link_offers_what_was_meant_and_works_once(self, world):
        made = world.owner.do("createInvitation", {"email": "Guest@Example.com", "role": "editor"})
        token = token_of(made["link"])
        offer = world.nobody().do("getInvitation", token=token)
        assert (offer["workspace"], offer["role"], offer["is_known"]) == (world.owner.do("getWorkspace")["name"], "editor", False)
        assert made["invitation"] in world.owner.do("listInvitations")["invitations"]
        assert token not in str(world.owner.do("listInvitations"))
        world.nobody().refused(422, "input.missing", "acceptInvitation", {"password": "quite long 合言葉"}, token=token, pointer="/name")
        world.nobody().refused(422, "team.weak_password", "acceptInvitation", {"name": "客", "password": "aaaaaaaaaaa"}, token=token, pointer="/password")
        guest = world.nobody()
        guest.take(guest.do("acceptInvitation", {"name": "客", "password": "quite long 合言葉"}, token=token))
        assert guest.do("getSession")["workspaces"][0]["role"] == "editor"
        assert guest.do("getWorkspace")["id"] == world.workspace
        world.nobody().refused(410, "team.invitation_expired", "getInvitation", token=token)
        world.nobody().refused(410, "team.invitation_expired", "acceptInvitation", {"name": "客", "password": "quite long 合言葉"}, token=token)
        world.owner.refused(409, "team.already_member", "createInvitation", {"email": "guest@example.com", "role": "client"})

    def test_who_has_an_account_joins_with_its_password(self, world):
        stranger = world.other_workspace()
        link = world.owner.do("createInvitation", {"email": stranger.email, "role": "analyst"})["link"]
        assert world.nobody().do("getInvitation", token=token_of(link))["is_known"]
        body = {"password": "not this one at all"}
        world.nobody(address="192.0.2.60").refused(401, "auth.bad_credentials", "acceptInvitation", body, token=token_of(link))
        for _ in range(7):
            last = world.nobody(address="192.0.2.61").send("acceptInvitation", body, token=token_of(link))
        assert (last.status, last["reason"]) == (429, "auth.throttled"), last
        wait = datetime.datetime.fromisoformat(last["retry_at"].replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
        time.sleep(max(0, wait.total_seconds()) + 0.1)
        member = world.nobody(address="192.0.2.62")
        member.take(member.do("acceptInvitation", {"password": password_of(stranger.email)}, token=token_of(link)))
        assert len(member.do("getSession")["workspaces"]) == 2
        world.owner.do("removeMember", person=stranger.person)
        stranger.refused(403, "auth.forbidden", "getWorkspace", workspace=world.workspace)

    def test_two_who_accept_for_one_address_do_not_both_get_in(self, world):
        email = f"twice-{uuid.uuid4().hex[:6]}@example.com"
        tokens = [token_of(world.owner.do("createInvitation", {"email": email, "role": "client"})["link"])]
        second = world.owner.send("createInvitation", {"email": email, "role": "client"})
        tokens.append(token_of(second["link"]) if second.status == 201 else tokens[0])
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            replies = list(pool.map(lambda t: Client(world.server).send("acceptInvitation", {"name": "二人", "password": "quite long 合言葉"}, token=t), tokens))
        statuses = sorted(r.status for r in replies)
        assert statuses[0] == 201 and statuses[1] in (401, 409, 410), replies
        assert sum(1 for m in world.owner.do("listMembers")["members"] if m["email"] == email) == 1

    def test_a_withdrawn_one_is_gone(self, world):
        made = world.owner.do("createInvitation", {"email": "late@example.com", "role": "client"})
        world.owner.do("withdrawInvitation", invitation=made["invitation"]["id"])
        reply = world.nobody().send("getInvitation", token=token_of(made["link"]))
        assert reply.status in (404, 410), reply
        world.owner.refused(404, "team.invitation_unknown", "withdrawInvitation", invitation=made["invitation"]["id"])

    def test_managers_make_no_owners(self, world):
        manager = world.person("manager")
        manager.refused(403, "team.owner_only", "createInvitation", {"email": "boss@example.com", "role": "owner"}, pointer="/role")
        manager.refused(403, "team.owner_only", "changeMember", {"role": "owner"}, person=manager.person)
        manager.refused(403, "team.owner_only", "changeMember", {"role": "client"}, person=world.owner.person)
        manager.refused(403, "team.owner_only", "removeMember", person=world.owner.person)


class TestOwners:
    def test_the_last_owner_stays(self, world):
        lonely = world.owner.do("createWorkspace", {"name": "ひとり", "zone": "UTC"})["id"]
        world.owner.refused(409, "team.last_owner", "changeMember", {"role": "manager"}, workspace=lonely, person=world.owner.person)
        world.owner.refused(409, "team.last_owner", "removeMember", workspace=lonely, person=world.owner.person)
        assert world.owner.do("listMembers", workspace=lonely)["members"][0]["role"] == "owner"

    def test_two_owners_who_step_down_at_once_leave_one(self, world):
        place = world.owner.do("createWorkspace", {"name": "ふたり", "zone": "UTC"})["id"]
        second = world.invite("owner", workspace=place)
        pair = [world.owner.fork(), second.fork()]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            replies = list(pool.map(lambda c: c.send("changeMember", {"role": "client"}, workspace=place, person=c.person), pair))
        assert sorted(r.status for r in replies) in ([200, 409], [200, 403]), replies

    def test_a_changed_role_counts_at_once(self, world):
        person = world.invite("editor")
        post = person.do("createPost", {"text": "まだ書ける", "variants": []})
        assert world.owner.do("changeMember", {"role": "client"}, person=person.person)["role"] == "client"
        person.refused(403, "auth.forbidden", "createPost", {"text": "もう書けない", "variants": []})
        assert person.do("getPost", post=post["id"])["id"] == post["id"]
        world.owner.do("removeMember", person=person.person)
        person.refused(403, "auth.forbidden", "getPost", post=post["id"])
        assert person.do("getSession")["workspaces"] == []
        world.owner.refused(404, "team.member_unknown", "removeMember", person=person.person)


class TestTokens:
    def test_the_secret_is_shown_once_and_the_token_does_what_its_scopes_say(self, world):
        made = world.owner.do("createToken", {"name": "連携", "scopes": ["write", "read"], "expires_at": "2031-01-01T00:00:00Z"})
        assert made["secret"].startswith("hib_") and made["secret"] not in str(world.owner.do("listTokens"))
        assert sorted(made["token"]["scopes"]) == ["read", "write"] and made["token"]["expires_at"] == "2031-01-01T00:00:00Z"
        client = Client(world.server, token=made["secret"])
        this = client.do("getThisToken")
        assert this["workspace_id"] == world.workspace and this["name"] == "連携"
        client.workspace = world.workspace
        post = client.do("createPost", {"text": "トークンから", "variants": []})
        client.refused(403, "auth.scope", "schedulePost", {"now": True}, post=post["id"])
        line = audit(world.owner, "post.create", subject=post["id"])
        assert line and line["actor_kind"] == "token" and line["actor_id"] == made["token"]["id"], line
        listed = next(t for t in world.owner.do("listTokens")["tokens"] if t["id"] == made["token"]["id"])
        assert listed["last_used_at"] is not None
        world.owner.do("revokeToken", token=made["token"]["id"])
        client.refused(401, "auth.bad_token", "getPost", post=post["id"])
        world.owner.refused(404, "team.token_unknown", "revokeToken", token=made["token"]["id"])

    def test_an_expired_one_is_refused(self, world):
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        made = world.owner.do("createToken", {"name": "すぐ切れる", "scopes": ["read"], "expires_at": soon})
        client = Client(world.server, token=made["secret"])
        client.workspace = world.workspace
        client.do("getWorkspace")
        time.sleep(1.1)
        client.refused(401, "auth.bad_token", "getWorkspace")


def test_every_change_stands_in_the_audit_log_with_before_and_after(world):
    """Each changing operation writes a line that names who did it; its secrets are not in it."""
    owner = world.owner
    owner.do("updateWorkspace", {"name": "新しい店", "zone": "Asia/Seoul"})
    line = audit(owner, "workspace.changed")
    assert line["before"]["zone"] == "Asia/Tokyo" and line["after"]["zone"] == "Asia/Seoul" and line["actor_id"] == owner.person and line["actor_name"] == OWNER["name"], line
    owner.do("updateWorkspace", {"zone": "Asia/Tokyo"})

    def newest(n=1):
        return owner.do("listAudit", query={"limit": n})["entries"]

    silent = []

    def changes(name, act):
        before = newest()[0]["id"]
        result = act()
        if newest()[0]["id"] == before:
            silent.append(name)
        return result

    invited = changes("createInvitation", lambda: owner.do("createInvitation", {"email": "a1@example.com", "role": "client"}))
    changes("withdrawInvitation", lambda: owner.do("withdrawInvitation", invitation=invited["invitation"]["id"]))
    member = changes("acceptInvitation", lambda: world.invite("editor"))
    changes("changeMember", lambda: owner.do("changeMember", {"role": "analyst"}, person=member.person))
    changes("updateMe", lambda: member.do("updateMe", {"theme": "dark"}))
    changes("removeMember", lambda: owner.do("removeMember", person=member.person))
    token = changes("createToken", lambda: owner.do("createToken", {"name": "t", "scopes": ["read"]}))
    changes("revokeToken", lambda: owner.do("revokeToken", token=token["token"]["id"]))
    account = changes("connectAccount", lambda: world.connect(2))
    changes("reconnectAccount", lambda: owner.do("reconnectAccount", {"password": world.practice.accounts[2]["password"]}, account=account))
    post = changes("createPost", lambda: world.draft("監査", account=account))
    changes("updatePost", lambda: owner.do("updatePost", {"version": post["version"], "text": "監査 2", "variants": post["variants"]}, post=post["id"]))
    changes("schedulePost", lambda: owner.do("schedulePost", {"at": "2031-01-01T00:00:00Z"}, post=post["id"]))
    changes("move", lambda: owner.do("schedulePost", {"at": "2031-01-02T00:00:00Z"}, post=post["id"]))
    changes("unschedulePost", lambda: owner.do("unschedulePost", post=post["id"]))
    changes("deletePost", lambda: owner.do("deletePost", post=post["id"]))
    changes("restorePost", lambda: owner.do("restorePost", post=post["id"]))
    changes("setHold", lambda: owner.do("setHold", {"is_held": True, "reason": "地震"}))
    changes("release", lambda: owner.do("setHold", {"is_held": False}))
    picture = (ROOT / "tests/data/images/plain_21x9.png").read_bytes()
    changes("uploadMedia", lambda: owner.do("uploadMedia", data=picture, headers={"Content-Type": "image/png"}))
    changes("disconnectAccount", lambda: owner.do("disconnectAccount", account=account))
    assert not silent, f"no line in the audit log for: {silent}"
    everything = str(owner.do("listAudit", query={"limit": 500}))
    for secret in (token["secret"], OWNER["password"], world.practice.accounts[2]["password"], token_of(invited["link"])):
        assert secret not in everything

