"""Wrong input at every field of every operation: the exact place, a sentence in both languages, and nothing stored by halves."""
import json
import urllib.parse
import uuid

import pytest

import spoil
from contract import CONTRACT, ROOT
from server import UNSET, Client

WITH_BODY = [o for o in CONTRACT.operations.values() if o.body is not None]
WITH_QUERY = [o for o in CONTRACT.operations.values() if o.query]
COUNTED = ("getSession", "getWorkspace", "listMembers", "listInvitations", "listTokens", "listAccounts", "listApps", "listPosts", "listDeliveries", "getHold", "listSessions")


def stored(client):
    """Everything the API shows, without the times of reading; and the newest line of the audit log, which grows with any change."""
    out = {name: client.do(name) for name in COUNTED}
    for row in out["listMembers"]["members"] + out["listSessions"]["sessions"] + out["listTokens"]["tokens"]:
        row.pop("seen_at", None), row.pop("last_used_at", None)
    for row in out["listAccounts"]["accounts"]:
        row.pop("checked_at", None), row.pop("followers", None)  # what is read after connecting goes on beside the test
    out["audit"] = client.do("listAudit", query={"limit": 1})["entries"]
    return out


@pytest.fixture(scope="module")
def speakers(world):
    """The same owner's rights in Japanese and in English."""
    english = world.invite("owner", email="english@example.com")
    english.do("updateMe", {"locale": "en"})
    return {"ja": world.owner, "en": english}


@pytest.fixture(scope="module", autouse=True)
def something_is_there(world):
    world.draft("もとからある下書き")


@pytest.fixture(autouse=True)
def nothing_is_stored(world, something_is_there, speakers, request):
    """What the last test found at its end is what the next one begins with: whatever comes in between is a change too."""
    if "stores" in request.keywords:
        world.found = None
        yield
        return
    before = getattr(world, "found", None) or stored(world.owner)
    world.found = None
    yield
    after = world.found = stored(world.owner)
    for name, value in before.items():
        assert after[name] == value, f"{name} changed"


def path_of(op, client):
    # A network's name is never that long.
    return {name: "1" if name == "version" else "x" * 40 if op.path[name].get("format") != "uuid" else client.workspace if name == "workspace" else str(uuid.uuid4()) for name in op.path_names}


def refused(client, op, language, status, reason, pointer, **how):
    """What is wrong with the refusal, or None."""
    reply = client.send(op.id, headers={"Accept-Language": language, **how.pop("headers", {})}, **how, **path_of(op, client))
    got = reply.json or {}
    if (reply.status, got.get("reason"), got.get("pointer", "")) != (status, reason, pointer):
        return f"expected {status} {reason} at {pointer!r}, got {reply.status} {got.get('reason')} at {got.get('pointer')!r}"
    if CONTRACT.language_of(reason, got["detail"]) != language:
        return f"not in {language}: {got['detail']}"
    return None


@pytest.mark.parametrize("op", WITH_BODY, ids=str)
def test_each_fault_of_a_body_is_refused_at_its_exact_place(world, speakers, op):
    wrong, n = [], 0
    for i, (body, reason, pointer) in enumerate(spoil.bad_bodies(op.body)):
        language = ("ja", "en")[i % 2] if not op.is_public else "ja"
        client = speakers[language] if not op.is_public else world.nobody()
        fault = refused(client, op, language, 422, reason, pointer, body=body)
        n += 1
        if fault:
            wrong.append(f"{json.dumps(body, ensure_ascii=False)[:200]}: {fault}")
    assert n > 5 and not wrong, "\n".join(wrong)


@pytest.mark.parametrize("what,data,status,reason", spoil.NO_JSON, ids=[n[0] for n in spoil.NO_JSON])
def test_what_is_no_json_is_refused_by_each_operation(world, speakers, what, data, status, reason):
    wrong = []
    for op in WITH_BODY:
        client = speakers["ja"] if not op.is_public else world.nobody()
        reply = client.send(op.id, data=data, headers={"Content-Type": "application/json"}, **path_of(op, client))
        got = (reply.status, reply.json["reason"] if reply.bytes else None)
        is_right = got == (status, reason) if status else 400 <= reply.status < 500 and got[1].split(".")[0] in ("json", "input")
        if not is_right:
            wrong.append(f"{op.id}: {reply}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", None])
def test_a_body_of_another_type_is_refused(world, speakers, kind):
    for op in WITH_BODY:
        client = speakers["ja"] if not op.is_public else world.nobody()
        reply = client.send(op.id, data=b"{}", headers={"Content-Type": kind}, **path_of(op, client))
        assert (reply.status, reply["reason"]) == (415, "http.media_type"), f"{op.id}: {reply}"


def test_numbers_beyond_all_bounds_are_refused(world, speakers):
    op = CONTRACT.operations["updatePost"]
    for number, reason in (("9" * 40, "input.too_large"), ("1e18", "input.too_large"), ("0.1", "input.wrong_type")):
        body = f'{{"version":{number},"text":"","variants":[]}}'.encode()
        fault = refused(speakers["ja"], op, "ja", 422, reason, "/version", data=body, headers={"Content-Type": "application/json"})
        assert fault is None, f"{number}: {fault}"
    for number in (b"1e400", b"-1e400", b"1" * 100):
        body = b'{"version":' + number + b',"text":"","variants":[]}'
        speakers["ja"].refused(400, "json.malformed", "updatePost", data=body, headers={"Content-Type": "application/json"}, post=str(uuid.uuid4()))


@pytest.mark.parametrize("op", WITH_QUERY, ids=str)
def test_each_fault_of_a_query_is_refused_at_its_name(world, speakers, op):
    wrong = []
    cases = [("bogus=1", "input.unknown", "?bogus"), ("%ff=1", "input.wrong_type", "?")]
    for name, schema in op.query.items():
        twice = f"{name}={urllib.parse.quote(str(spoil.good(schema, name)))}"
        cases += [(f"{twice}&{twice}", "input.wrong_type", f"?{name}"), (f"{name}=%ff", "input.wrong_type", f"?{name}")]
        for value, reason, place in spoil.bad_values(schema):
            if isinstance(value, (str, int, float)) and not isinstance(value, bool) and not (reason == "input.wrong_type" and not isinstance(value, float)):
                cases.append((f"{name}={urllib.parse.quote(str(value))}", reason, f"?{name}"))
        if spoil.kind_of(schema) == "integer":
            cases += [(f"{name}={urllib.parse.quote(v)}", "input.wrong_type", f"?{name}") for v in ("", "ten", "0x10", "1 ", "1e999", "true")]
    for i, (query, reason, pointer) in enumerate(cases):
        language = ("ja", "en")[i % 2]
        client = speakers[language]
        reply = client.raw(op.method, op.url(**path_of(op, client)) + "?" + query, headers={"Accept-Language": language})
        got = reply.json
        if (reply.status, got.get("reason"), got.get("pointer")) != (422, reason, pointer) or CONTRACT.language_of(reason, got["detail"]) != language:
            wrong.append(f"?{query}: expected {reason} at {pointer}, got {reply}")
    assert not wrong, "\n".join(wrong)


def test_an_id_that_is_none_or_of_nothing_is_not_found(world, speakers):
    wrong = []
    for op in CONTRACT.operations.values():
        for name in op.path_names:
            for value in ("1", "%00", "..", "%2e%2e%2f", "a" * 300, "x%20y", "%ff"):
                path = {**path_of(op, world.owner), name: value}
                client = world.nobody() if op.is_public else world.owner
                body = {"body": spoil.good(op.body)} if op.body is not None else {}
                if op.is_upload:
                    body = {"data": b"x", "headers": {"Content-Type": "image/png"}}
                reply = client.send(op.id, **body, **path)
                # A workspace that is none looks like one the caller does not belong to.
                if reply.status not in ((403, 404) if name == "workspace" else (404,)):
                    wrong.append(f"{op.id} {name}={value}: {reply}")
    assert not wrong, "\n".join(wrong)


REASON_OF_UNKNOWN = {"conversion": "conversion.unknown", "short_link": "links.unknown", "session": "team.session_unknown", "person": "team.member_unknown", "invitation": "team.invitation_unknown", "token": "team.token_unknown", "account": "accounts.unknown",
                     "app": "accounts.app_unknown", "connection": "accounts.connection_unknown", "media": "media.unknown", "rendition": "media.unknown_rendition", "upload": "media.unknown_upload", "link": "media.unknown", "post": "post.unknown", "campaign": "campaign.unknown", "series": "series.unknown",
                     "network": "accounts.network_unknown", "delivery": "publish.delivery_unknown", "talk": "engage.unknown", "talk_file": "engage.file_unknown", "idea": "idea.unknown",
                     "task": "task.unknown", "goal": "goal.unknown", "annotation": "annotation.unknown", "rival": "rival.unknown", "metric_import": "measure.import_unknown", "anomaly": "anomaly.unknown", "tracked": "tracked.unknown", "rule": "check.unknown_rule", "file": "check.unknown_file", "import": "import.unknown", "conversion_import": "import.unknown", "contact_import": "import.unknown", "thread": "engage.thread_unknown", "saved": "saved.unknown", "moderation_rule": "rule.unknown", "wait": "wait.unknown", "note": "note.unknown",
                     "tag_set": "kit.unknown", "mention": "kit.unknown", "item": "ugc.unknown", "contest": "ugc.campaign_unknown",
                     "contact": "contact.unknown", "merge": "contact.merge_unknown", "segment": "segment.unknown", "report": "report.unknown", "report_link": "report.link_unknown", "report_schedule": "report.schedule_unknown", "report_sending": "report.sending_unknown"}
# Whose name in the path says another thing.
REASON_OF_UNKNOWN_IN = {"revokeReviewLink": "review.unknown"}


@pytest.mark.parametrize("op", [o for o in CONTRACT.operations.values() if set(o.path_names) - {"workspace"} and not o.is_page], ids=str)
def test_an_id_of_nothing_is_not_found_and_says_of_what(world, op):
    name = next(n for n in op.path_names if n != "workspace")
    reason = "http.not_found" if op.is_raw else "team.invitation_unknown" if op.is_public and name == "token" else REASON_OF_UNKNOWN_IN.get(op.id) or REASON_OF_UNKNOWN[name]
    body = {"data": b"x", "headers": {"Content-Type": "application/octet-stream"}} if op.is_upload else {"body": {"at": spoil.SOME_TIME} if op.id == "schedulePost" else spoil.good(op.body)} if op.body is not None else {}
    for client in [world.nobody()] if op.is_public else [world.owner]:
        client.refused(404, reason, op.id, **body, **spoil.needed(op), **path_of(op, client))


def test_a_path_or_method_that_is_not_there_is_refused(world):
    for path in ("/api/v1/nothing", "/api/v2/about", "/api/", f"/api/v1/workspaces/{world.workspace}/posts/", "/api/v1/about/x", "/api"):
        reply = world.owner.raw("GET", path)
        assert (reply.status, reply["reason"]) == (404, "http.not_found"), f"{path}: {reply}"
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        reply = world.owner.raw(method, "/api/v1/about")
        assert (reply.status, reply["reason"]) == (405, "http.method"), f"{method}: {reply}"
        assert "GET" in reply.headers["Allow"]


def test_a_body_beyond_a_mebibyte_is_refused(world):
    reply = world.owner.send("countText", {"text": "x" * (1 << 20)})
    assert (reply.status, reply["reason"]) == (413, "http.too_large"), reply


class TestPictures:
    """What is no picture, or none we take."""

    def upload(self, world, data, kind="image/png"):
        return world.owner.send("uploadMedia", data=data, headers={"Content-Type": kind})

    def test_what_is_no_picture_is_refused(self, world):
        for data in (b"", b"hello", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBP", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x00" * 1000):
            reply = self.upload(world, data)
            assert reply.status == 422 and reply["reason"] in ("media.not_an_image", "media.type"), f"{data[:20]}: {reply}"

    def test_a_picture_cut_off_anywhere_in_its_head_is_refused(self, world):
        data = (ROOT / "tests/data/images/baseline_40x30.jpg").read_bytes()
        for n in range(1, 60, 7):
            reply = self.upload(world, data[:n], "image/jpeg")
            assert reply.status == 422, f"{n} bytes: {reply}"

    def test_one_too_large_is_refused(self, world):
        reply = self.upload(world, b"\x89PNG" + b"\x00" * (20 << 20))
        assert reply.status == 413, reply

    def test_a_body_that_is_no_upload_is_refused(self, world):
        reply = world.owner.send("uploadMedia", data=b"{}", headers={"Content-Type": "application/json"})
        assert (reply.status, reply["reason"]) == (415, "http.media_type"), reply


def meaning(world):
    """Wrong by meaning, not by shape: operation, body, status, reason, pointer."""
    account = world.account
    return [
        ("updateWorkspace", {"zone": "Mars/Olympus"}, 422, "team.bad_zone", "/zone"),
        ("updateWorkspace", {"name": "   "}, 422, "input.too_short", "/name"),
        ("createWorkspace", {"name": "店", "zone": "tokyo"}, 422, "team.bad_zone", "/zone"),
        ("createWorkspace", {"name": "店", "zone": "../../etc/passwd"}, 422, "team.bad_zone", "/zone"),
        ("updateMe", {"name": " \t "}, 422, "input.too_short", "/name"),
        ("createInvitation", {"email": "nobody", "role": "client"}, 422, "team.bad_email", "/email"),
        ("createInvitation", {"email": "a b@example.com", "role": "client"}, 422, "team.bad_email", "/email"),
        ("createToken", {"name": "過去", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}, 422, "team.expiry_past", "/expires_at"),
        ("createPost", {"text": "x", "variants": [{"account_id": str(uuid.uuid4()), "text": None}]}, 404, "accounts.unknown", "/variants/0/account_id"),
        ("createPost", {"text": "x", "variants": [{"account_id": account, "text": None}, {"account_id": account, "text": "y"}]}, 422, "post.account_twice", "/variants/1/account_id"),
        ("createPost", {"text": "x", "variants": [], "media": [{"media_id": str(uuid.uuid4()), "alt": ""}]}, 404, "media.unknown", "/media/0/media_id"),
        ("createPost", {"text": "x", "variants": [{"account_id": account, "text": None, "options": {"x": "a" * 9000}}]}, 422, "post.bad_options", "/variants/0/options"),
        ("connectAccount", {"network": "myspace", "handle": "abc", "password": "x"}, 422, "accounts.network_unknown", "/network"),
        ("connectAccount", {"network": "bluesky", "handle": "one.practice", "password": "x", "service": "gopher://x.example"}, 422, "accounts.bad_service", "/service"),
        ("countText", {"text": "x", "networks": ["myspace"]}, 422, "accounts.network_unknown", "/networks/0"),
    ]


def test_what_is_wrong_by_meaning_is_refused_at_its_place(world):
    wrong = []
    for operation, body, status, reason, pointer in meaning(world):
        reply = world.owner.send(operation, body)
        got = (reply.status, reply.json.get("reason"), reply.json.get("pointer"))
        if got != (status, reason, pointer):
            wrong.append(f"{operation} {body}: expected {(status, reason, pointer)}, got {got}")
    assert not wrong, "\n".join(wrong)


def test_times_and_cursors_of_lists_are_checked(world):
    wrong = []
    for operation, query, reason, pointer in (
        ("listPosts", {"from": "2027-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "post.bad_range", "?to"),
        ("listPosts", {"cursor": "nonsense"}, "post.bad_cursor", "?cursor"),
        ("listDeliveries", {"cursor": "nonsense"}, "publish.bad_cursor", "?cursor"),
        ("listAudit", {"cursor": "nonsense"}, "input.not_an_id", "?cursor"),
        ("getOverview", {"account": str(uuid.uuid4())}, "accounts.unknown", "?account"),
    ):
        reply = world.owner.send(operation, query=query)
        if (reply.json.get("reason"), reply.json.get("pointer")) != (reason, pointer):
            wrong.append(f"{operation} {query}: {reply}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.stores
def test_the_longest_and_oddest_texts_that_are_allowed_come_back_unchanged(world):
    for text in ("", "語" * 20000, "👨‍👩‍👧‍👦🏳️‍🌈", "\u202eabc\u2066", "a\tb\r\nc", "'; drop table plan_post; --", "<script>alert(1)</script>", "%s%n{limit}\\", "\uffff\U0010ffff"):
        post = world.owner.do("createPost", {"text": text, "variants": []})
        assert post["text"] == text
        assert world.owner.do("getPost", post=post["id"])["text"] == text
        world.owner.do("deletePost", post=post["id"])
    for name in ("語" * 100, "'\"\\", "👩‍🚀"):
        assert world.owner.do("updateWorkspace", {"name": name})["name"] == name
        assert world.owner.do("getWorkspace")["name"] == name
