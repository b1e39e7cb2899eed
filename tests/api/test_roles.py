"""Every operation × everybody: who may gets an answer by content, who may not gets exactly 401 or 403 with the right reason.

Generated from the contract. Ids that do not exist stand in paths of changes, so that a permitted call has no effect; reading uses real ones."""
import time
import uuid

import pytest

import spoil
from conftest import ROLES, SCOPES, token_of
from contract import CONTRACT
from server import UNSET
from test_contacts import People, rule
from test_media import link_of
from test_attached import attached
from test_talk import Line
from test_ugc import contest_of

WHO = (*ROLES, "stranger", "nobody", *(f"token:{s}" for s in SCOPES), "foreign token")
REFUSALS = {"auth.needed", "auth.forbidden", "auth.scope", "auth.person_needed", "auth.csrf", "auth.bad_token"}
# Ends the caller's own session, so it is tried with a throw-away one below.
OWN_SESSION = {"signOut"}
# Only for who made it, whatever the role, and of a network there is (here an id stands for its name): test_connections.py.
OWN_ONLY = {"getReportChart": "report.no_chart", "getAnomaly": "anomaly.unknown", "getConnection": "accounts.connection_unknown", "listPracticeLogins": "accounts.network_unknown"}
OPERATIONS = [o for o in CONTRACT.operations.values() if o.id not in OWN_SESSION and not o.is_raw]


def caller(world, who):
    if who == "nobody":
        return world.nobody()
    if who == "stranger":
        return world.other_workspace()
    if who == "foreign token":
        if "foreign" not in world.tokens:
            world.tokens["foreign"] = world.token(*SCOPES, by=world.other_workspace())
        return world.tokens["foreign"]
    return world.token(who[6:]) if who.startswith("token:") else world.person(who)


def expected(op, who):
    """None: allowed; else (status, reason)."""
    if op.is_public:
        return None
    if who == "nobody":
        return 401, "auth.needed"
    if op.id == "getThisToken":
        return None if who in ("token:read", "foreign token") else (403, "auth.scope" if who.startswith("token:") else "auth.forbidden")
    is_token = "token" in who
    if not op.is_any and who in ("stranger", "foreign token"):
        return 403, "auth.forbidden"
    if is_token and not op.scope:
        return 403, "auth.person_needed"
    if is_token and who != "foreign token" and who[6:] != op.scope:
        return 403, "auth.scope"
    if is_token or op.is_any:
        return None
    return None if who in op.roles else (403, "auth.forbidden")


@pytest.fixture(scope="module")
def real(world):
    post = world.draft("だれが読めるか")
    world.owner.do("schedulePost", {"at": "2030-01-01T00:00:00Z"}, post=post["id"])
    media = world.owner.do("uploadMedia", data=(CONTRACT_PNG), headers={"Content-Type": "image/png"})
    link = world.owner.do("createInvitation", {"email": "reader@example.com", "role": "client"})["link"]
    delivery = world.owner.do("listDeliveries", query={"post": post["id"]})["deliveries"][0]
    rendition = world.owner.do("fitMedia", {"mimes": ["image/jpeg"]}, media=media["id"])
    while world.owner.do("getRendition", rendition=rendition["id"])["state"] == "working":
        time.sleep(0.05)
    upload = world.owner.do("beginUpload", {"name": "a.mp4", "bytes": 10})
    campaign = world.owner.do("createCampaign", {"name": "だれが読めるか"})
    idea = world.owner.do("createIdea", {"title": "だれが読めるか"})
    imported = world.owner.do("createImport", query={"name": "a.csv"}, data="本文\nだれが読めるか\n".encode(), headers={"Content-Type": "application/octet-stream"})
    ugc = world.owner.do("addUgc", {"network": "instagram", "url": "https://example.com/who-may-read"})
    contest = world.owner.do("createUgcCampaign", contest_of("だれが読めるか"))
    world.owner.do("openUgcCampaign", contest=contest["id"])
    world.owner.do("closeUgcCampaign", contest=contest["id"])  # what is closed has a protocol
    table = world.owner.do("createConversionImport", query={"name": "a.csv"}, data="種類,番号,日時\n購入,R-1,2026-03-01\n".encode(), headers={"Content-Type": "application/octet-stream"})
    persons = world.owner.do("createContactImport", query={"name": "a.csv"}, data="氏名,メール\nだれ,may-read@example.jp\n".encode(), headers={"Content-Type": "application/octet-stream"})
    short = world.owner.do("createLink", {"target": "https://example.com/", "variants": []})
    line = Line(world)
    line.say("だれが読めるか")
    (talk,) = line.heard("だれが読めるか")
    file = attached(world, line.send("image"))["file"]
    people = People(world, line)
    contact = people.new()["row"]["id"]
    goal = world.owner.do("createGoal", {"name": "だれが読めるか", "metric": "posts", "starts_on": "2030-12-01", "due_on": "2030-12-31", "target": 10})["id"]
    segment = world.owner.do("createSegment", {"name": "だれが読めるか", "rule": rule(("messages", "at_least", 1))})["id"]
    report = world.owner.do("createReport", {"kind": "monthly", "name": "だれが読めるか", "from": "2026-10-01", "until": "2026-10-31"})
    plan = world.owner.do("createReportSchedule", {"name": "だれが読めるか", "kind": "monthly", "on_day": 1, "minute": 0, "files": [], "link_days": 1, "mails": ["reader@example.com"]})["schedule"]
    rival = world.owner.do("createRival", {"network": "bluesky", "handle": "minato.practice"})["id"]
    annotation = world.owner.do("createAnnotation", {"starts_on": "2026-11-01", "kind": "event", "text": "だれが読めるか"})["id"]
    numbers = world.owner.do("beginMetricImport", {"name": "だれが読めるか.csv", "bytes": 10})["id"]
    return {"report_schedule": plan["id"], "report": report["id"], "goal": goal, "annotation": annotation, "rival": rival, "metric_import": numbers, "talk_file": file["id"], "contact": contact, "segment": segment, "item": ugc["id"], "contest": contest["id"], "thread": talk["thread_id"], "short_link": short["id"], "import": imported["id"], "conversion_import": table["id"], "contact_import": persons["id"], "campaign": campaign["id"], "idea": idea["id"], "version": "2", "rendition": rendition["id"], "upload": upload["id"], "link": link_of(world, media["sha256"]), "account": world.account, "post": post["id"], "media": media["id"], "delivery": delivery["id"], "token": token_of(link), "file": "rules"}


def picture():
    from contract import ROOT
    return (ROOT / "tests/data/images/plain_21x9.png").read_bytes()


CONTRACT_PNG = picture()


def call(client, op, workspace, real):
    path = {name: "1" if name == "version" else str(uuid.uuid4()) for name in op.path_names}
    if "workspace" in path:
        path["workspace"] = workspace
    if op.method == "GET":
        path.update({k: v for k, v in real.items() if k in path})
    elif op.id == "acceptInvitation":
        path["token"] = "x" * 40
    if op.is_upload:
        return client.send(op.id, data=b"no picture", headers={"Content-Type": "image/png"}, **path)
    asked = spoil.needed(op) if op.method == "GET" else {}
    if op.id in ("findContact", "listFindings"):
        asked["query"]["account"] = real["account"]
    return client.send(op.id, UNSET if op.body is None else {}, **asked, **path)


@pytest.mark.parametrize("who", WHO)
def test_each_operation_is_open_to_exactly_those_the_contract_names(world, real, who):
    client, wrong = caller(world, who), []
    for op in OPERATIONS:
        if op.is_stream and expected(op, who) is None:
            continue  # an open stream does not end: test_events.py
        reply = call(client, op, world.workspace, real)
        want, reason = expected(op, who), reply.json.get("reason") if reply.status >= 400 else None
        if want is None:
            is_right = reason not in REFUSALS and reply.status < 500 and (op.method != "GET" or reply.status == 200 or reason == OWN_ONLY.get(op.id))
            if op.body is not None and "required" in CONTRACT.resolve(op.body):
                is_right = is_right and reply.status == 422
        else:
            is_right = (reply.status, reason) == want
        if not is_right:
            wrong.append(f"{who} {op.id}: expected {want or 'an answer'}, got {reply.status} {reason}")
    assert not wrong, "\n".join(wrong)


def test_signing_out_ends_the_session_and_is_refused_to_nobody_and_tokens(world):
    email = "goes@example.com"
    leaver = world.invite("analyst", email=email)
    twin = leaver.fork()
    leaver.do("signOut")
    twin.refused(401, "auth.needed", "getSession")
    world.nobody().refused(401, "auth.needed", "signOut")
    world.token("read").refused(403, "auth.person_needed", "signOut")


@pytest.mark.parametrize("how", ["without the token", "with a wrong token", "from another page"])
def test_each_change_of_a_browser_session_proves_that_our_own_page_asked(world, real, how):
    client = world.owner.fork()
    heads = {"X-CSRF-Token": None} if how == "without the token" else {"X-CSRF-Token": "x" * len(client.csrf)} if how == "with a wrong token" else {"Origin": "https://evil.example"}
    wrong = []
    for op in CONTRACT.operations.values():
        if not op.is_mutating or (op.is_public and how != "from another page") or op.is_foreign:
            continue
        path = {name: str(uuid.uuid4()) for name in op.path_names if name != "workspace"}
        if op.is_upload:
            reply = client.send(op.id, data=CONTRACT_PNG, headers={"Content-Type": "image/png", **heads}, **path)
        else:
            reply = client.send(op.id, UNSET if op.body is None else {}, headers=heads, **path)
        if (reply.status, reply.json["reason"]) != (403, "auth.csrf"):
            wrong.append(f"{op.id}: {reply}")
    assert not wrong, "\n".join(wrong)


def test_an_unknown_a_revoked_and_an_expired_token_are_refused(world):
    client = world.token("read", by=world.owner)
    client.do("getThisToken")
    world.owner.do("revokeToken", token=client.token_id)
    client.refused(401, "auth.bad_token", "getThisToken")
    for bad in ("hib_" + "x" * 40, "nonsense", "hib_", "hib_" + "x" * 4000):
        world.nobody(token=bad).refused(401, "auth.bad_token", "getWorkspace", workspace=world.workspace)


def test_a_cookie_of_nobody_is_nobody(world):
    client = world.nobody()
    for cookie in ("hibiki_session=" + "x" * 43, "hibiki_session=", "hibiki_session=" + "y" * 3000):
        client.cookie = cookie
        client.refused(401, "auth.needed", "getSession")
