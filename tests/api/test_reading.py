"""Reading lists and pages of them: caches that never show the old, pages that neither lose nor repeat, workspaces that do not see each other."""
import concurrent.futures
import time

import pytest

import spoil
from contract import CONTRACT, ROOT
from test_rhythm import RULE
from test_contacts import People, rule
from test_attached import attached
from test_talk import Line
from test_ugc import contest_of

# An unusual day is found by a job of the night and findings are of an account with readings: their own tests look at them (test_goals.py).
CACHED = [o for o in CONTRACT.operations.values() if o.is_cached and o.id not in ("getAnomaly", "listFindings")]


@pytest.fixture(scope="module")
def filled(world):
    """Forty posts: some without a time, some at the very same one, some scheduled."""
    posts = []
    for n in range(40):
        more = {} if n % 4 == 0 else {"due_at": f"2031-03-{1 + n // 8:02d}T00:00:00Z"}
        posts.append(world.draft(f"頁 {n}", **more)["id"])
    for post in posts[1::4]:
        world.owner.do("schedulePost", {"at": "2031-04-01T00:00:00Z"}, post=post)
    return posts


def pages(client, operation, key, **query):
    rows, cursor, n = [], None, 0
    while True:
        page = client.do(operation, query={**query, **({"cursor": cursor} if cursor else {})})
        rows += page[key]
        assert len(page[key]) <= query["limit"]
        cursor, n = page["next_cursor"], n + 1
        if cursor is None:
            return rows
        assert page[key] and n < 200


@pytest.mark.parametrize("operation,key,more", [("listPosts", "posts", {}), ("listPosts", "posts", {"from": "2031-03-01T00:00:00Z", "to": "2031-03-05T00:00:00Z"}), ("listPosts", "posts", {"state": "draft"}),
                                                ("listDeliveries", "deliveries", {}), ("listDeliveries", "deliveries", {"order": "newest"}), ("listDeliveries", "deliveries", {"state": "waiting"}),
                                                ("listAudit", "entries", {})])
@pytest.mark.parametrize("limit", [1, 7, 500])
def test_pages_neither_lose_nor_repeat(world, filled, operation, key, more, limit):
    whole = world.owner.do(operation, query={**more, "limit": 500})
    assert whole["next_cursor"] is None and whole[key]
    if operation == "listAudit" and limit == 1:
        limit = 3
    rows = pages(world.owner, operation, key, limit=limit, **more)
    assert [r["id"] for r in rows] == [r["id"] for r in whole[key]]
    assert len({r["id"] for r in rows}) == len(rows)


def test_pages_stay_whole_while_posts_come_and_go(world, filled):
    """What was there all the time is told exactly once, whatever happens between two pages."""
    whole = [r["id"] for r in world.owner.do("listPosts", query={"limit": 500})["posts"]]
    gone = {whole[5], whole[-5]}
    rows, cursor, n = [], None, 0
    while True:
        page = world.owner.do("listPosts", query={"limit": 6, **({"cursor": cursor} if cursor else {})})
        rows += [r["id"] for r in page["posts"]]
        cursor, n = page["next_cursor"], n + 1
        if cursor is None:
            break
        world.draft(f"途中 {n}", due_at="2031-03-02T00:00:00Z" if n % 2 else "2032-01-01T00:00:00Z")
        if n == 1:
            for post in gone:
                world.owner.do("deletePost", post=post)
    assert len(set(rows)) == len(rows)
    assert set(whole) - gone <= set(rows)


@pytest.mark.parametrize("op", CACHED, ids=str)
def test_an_unchanged_answer_is_304_and_a_changed_one_is_new_at_once(world, filled, op):
    makes = {"post": lambda: filled[0], "campaign": lambda: world.owner.do("createCampaign", {"name": "見る"})["id"], "idea": lambda: world.owner.do("createIdea", {"title": "見る"})["id"],
             "thread": lambda: others(world, filled)["thread"], "goal": lambda: others(world, filled)["goal"]}
    path, query = {name: makes[name]() for name in op.path if name != "workspace"}, spoil.needed(op)
    first = world.owner.send(op.id, **query, **path)
    etag = first.headers["ETag"]
    assert etag and "private" in first.headers["Cache-Control"] and "max-age" not in first.headers["Cache-Control"], first.headers
    again = world.owner.send(op.id, headers={"If-None-Match": etag}, **query, **path)
    if op.id in ("getToday", "getOverview"):  # may carry the time of asking
        assert again.status in (200, 304)
    else:
        assert again.status == 304 and not again.bytes and again.headers["ETag"] == etag, again
    assert world.owner.send(op.id, headers={"If-None-Match": '"else"'}, **query, **path).status == 200


def test_a_change_is_seen_by_everybody_at_the_next_look(world):
    readers = [world.owner.fork(), world.person("client").fork(), world.token("read").fork()]
    post = world.draft("新しさ 0")
    for n in range(1, 25):
        for reader in readers:
            reader.do("getPost", post=post["id"]), reader.do("listPosts", query={"limit": 500})
        post = world.owner.do("updatePost", {"version": post["version"], "text": f"新しさ {n}", "variants": post["variants"]}, post=post["id"])
        for reader in readers:
            assert reader.do("getPost", post=post["id"])["text"] == f"新しさ {n}"
            assert f"新しさ {n}" in str(reader.do("listPosts", query={"limit": 500}))
    world.owner.do("updateWorkspace", {"name": "変わった名前"})
    assert all(r.do("getWorkspace")["name"] == "変わった名前" for r in readers)
    world.owner.do("setHold", {"is_held": True})
    assert all(r.do("getHold")["is_held"] and r.do("getToday")["hold"]["is_held"] for r in readers)
    world.owner.do("setHold", {"is_held": False})
    assert not any(r.do("getHold")["is_held"] for r in readers)


def test_a_kept_answer_is_not_given_to_those_who_may_not_read_it(world):
    post = world.draft("秘密")
    person = world.invite("client")
    for _ in range(3):
        person.do("getPost", post=post["id"]), world.owner.do("getPost", post=post["id"])
    world.nobody().refused(401, "auth.needed", "getPost", workspace=world.workspace, post=post["id"])
    world.other_workspace().refused(403, "auth.forbidden", "getPost", workspace=world.workspace, post=post["id"])
    world.token("publish").refused(403, "auth.scope", "getPost", post=post["id"])
    twin = person.fork()
    person.do("signOut")
    twin.refused(401, "auth.needed", "getPost", post=post["id"])


def test_many_readers_and_writers_at_once_see_whole_posts(world):
    post = world.draft("0 0 0 0")

    def write(_):
        client = world.owner.fork()
        for _ in range(10):
            now = client.do("getPost", post=post["id"])
            n = int(now["text"].split()[0]) + 1
            reply = client.send("updatePost", {"version": now["version"], "text": " ".join([str(n)] * 4), "variants": now["variants"]}, post=post["id"])
            assert reply.status in (200, 409), reply
            won.append(reply.status == 200)

    def read(_):
        client = world.owner.fork()
        for _ in range(40):
            assert len(set(client.do("getPost", post=post["id"])["text"].split())) == 1

    won = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: (write if n % 2 else read)(n), range(8)))
    final = world.owner.do("getPost", post=post["id"])
    assert int(final["text"].split()[0]) == sum(won), "a change was lost"


# A network or a rule is nobody's own; a file is named, and each workspace has its own of that name.
PATHS = [o for o in CONTRACT.operations.values() if "{workspace}" in o.template and set(o.path_names) - {"workspace", "network", "rule", "file"}]


@pytest.mark.parametrize("op", PATHS, ids=str)
def test_an_id_of_another_workspace_is_not_there(world, filled, op):
    """Asked in one's own workspace for the other's thing, and in the other's workspace: neither tells anything."""
    name = next(n for n in op.path_names if n != "workspace")
    stranger = world.other_workspace()
    theirs, inner = others(world, filled)[name], {n: "1" if n == "version" else others(world, filled)[n] for n in op.path_names if n not in ("workspace", name)}
    body = {"data": b"x", "headers": {"Content-Type": "application/octet-stream"}, **spoil.needed(op)} if op.is_upload else spoil.needed(op)
    if op.body is not None:
        body = {"body": {"schedulePost": {"at": "2031-01-01T00:00:00Z"}, "setPostCampaign": {"campaign_id": None}}.get(op.id) or spoil.good(op.body)}
    reply = stranger.send(op.id, **body, **{name: theirs}, **inner)
    assert reply.status == 404, reply
    reply = stranger.send(op.id, **body, workspace=world.workspace, **{name: theirs}, **inner)
    assert (reply.status, reply["reason"]) == (403, "auth.forbidden"), reply
    assert world.owner.do("getPost", post=filled[1])["state"] == "scheduled"


def others(world, filled):
    if not hasattr(world, "ids"):
        media = world.owner.do("uploadMedia", data=(ROOT / "tests/data/images/plain_21x9.png").read_bytes(), headers={"Content-Type": "image/png"})
        invitation = world.owner.do("createInvitation", {"email": "sep@example.com", "role": "client"})["invitation"]
        delivery = world.owner.do("listDeliveries", query={"post": filled[1]})["deliveries"][0]
        app = world.owner.do("setApp", {"network": "x", "client_id": "someone", "client_secret": "hers"})
        connection = world.owner.do("startConnection", {"network": "x"})
        rendition = world.owner.do("fitMedia", {"mimes": ["image/jpeg"]}, media=media["id"])
        upload = world.owner.do("beginUpload", {"name": "a.mp4", "bytes": 10})
        campaign = world.owner.do("createCampaign", {"name": "彼女の企画"})
        idea, task = world.owner.do("createIdea", {"title": "彼女の思いつき"}), world.owner.do("createTask", {"title": "彼女のタスク"})
        series = world.owner.do("createSeries", {"name": "彼女の連載", "rule": RULE, "post_ids": [filled[0]]})
        line = Line(world)
        line.say("彼女への言葉")
        (talk,) = line.heard("彼女への言葉")
        file = attached(world, line.send("image"))["file"]
        goal = world.owner.do("createGoal", {"name": "彼女の目標", "metric": "posts", "starts_on": "2030-12-01", "due_on": "2030-12-31", "target": 10})
        tracked = world.owner.do("track", {"who": "彼女の競合", "text": "彼女の見たセール", "on": "2030-12-01"})
        comment = world.owner.do("addComment", {"text": "彼女のコメント"}, post=filled[1])
        link = world.owner.do("createReviewLink", {"name": "彼女の取引先", "posts": [filled[1]]})
        imported = world.owner.do("createImport", query={"name": "彼女の表.csv"}, data="本文\n彼女の投稿\n".encode(), headers={"Content-Type": "application/octet-stream"})
        tag_set = world.owner.do("createTagSet", {"name": "彼女のタグ", "tags": ["彼女"]})
        moderation = world.owner.do("createModerationRule", {"name": "彼女のルール", "is_on": False, "is_any": False, "conditions": [{"field": "link"}], "actions": {"hides": False, "is_done": True, "holds": False, "tags": [], "people": []}})
        saved = world.owner.do("createSavedReply", {"folder": "", "name": "彼女の定型文", "shortcut": "", "text": "彼女より"})
        note = world.owner.do("addThreadNote", {"text": "彼女のメモ"}, thread=talk["thread_id"])
        world.owner.do("setReplyApproval", {"accounts": [talk["account_id"]]})
        world.person("editor").do("replyToTalk", {"text": "彼女の返事"}, talk=talk["id"])
        (wait,) = world.owner.do("listReplyWaits")["waits"]
        mention = world.owner.do("createMention", {"name": "彼女", "handles": []})
        people = People(world, line)
        contact, joined = people.new(), people.new()
        note = world.owner.do("addContactNote", {"text": "彼女のメモ"}, contact=contact["row"]["id"])["notes"][0]
        merge = world.owner.do("mergeContacts", {"other_id": joined["row"]["id"]}, contact=contact["row"]["id"])["merges"][0]
        segment = world.owner.do("createSegment", {"name": "彼女の人", "rule": rule(("messages", "at_least", 1))})
        ugc = world.owner.do("addUgc", {"network": "instagram", "url": "https://example.com/her-post"})
        contest = world.owner.do("createUgcCampaign", contest_of("彼女の抽選"))
        table = world.owner.do("createConversionImport", query={"name": "a.csv"}, data="種類,番号,日時\n購入,HERS-1,2026-03-01\n".encode(), headers={"Content-Type": "application/octet-stream"})
        world.owner.do("confirmConversionImport", conversion_import=table["id"])
        persons = world.owner.do("createContactImport", query={"name": "a.csv"}, data="氏名,メール\n彼女,hers@example.jp\n".encode(), headers={"Content-Type": "application/octet-stream"})
        world.owner.do("confirmContactImport", contact_import=persons["id"])
        conversion = world.owner.do("listConversions")["conversions"][0]
        short = world.owner.do("createLink", {"target": "https://example.com/hers", "variants": []})
        report = world.owner.do("createReport", {"kind": "monthly", "name": "彼女のレポート", "from": "2026-10-01", "until": "2026-10-31"})
        annotation = world.owner.do("createAnnotation", {"starts_on": "2026-11-01", "kind": "event", "text": "彼女の注記"})
        rival = world.owner.do("createRival", {"network": "bluesky", "handle": "tonari.practice"})
        numbers = world.owner.do("beginMetricImport", {"name": "彼女の数字.csv", "bytes": 10})
        letter = world.owner.do("createReportLink", {"name": "彼女のリンク", "valid_days": 1, "report_id": report["id"]})["link"]
        plan = world.owner.do("createReportSchedule", {"name": "彼女の予定", "kind": "monthly", "on_day": 1, "minute": 0, "files": [], "link_days": 1, "mails": ["hers@example.jp"]})["schedule"]
        world.ids = {"report_link": letter["id"], "report_schedule": plan["id"], "report_sending": "01890a5d-ac96-774b-bcce-b302099a8059", "report": report["id"], "goal": goal["id"], "annotation": annotation["id"], "rival": rival["id"], "metric_import": numbers["id"], "anomaly": "01890a5d-ac96-774b-bcce-b302099a8058", "moderation_rule": moderation["id"], "saved": saved["id"], "note": note["id"], "wait": wait["id"], "contact": contact["row"]["id"], "note": note["id"], "merge": merge["id"], "segment": segment["id"], "item": ugc["id"], "contest": contest["id"], "short_link": short["id"], "import": imported["id"], "conversion_import": table["id"], "contact_import": persons["id"], "conversion": conversion["id"], "tag_set": tag_set["id"], "mention": mention["id"], "tracked": tracked["id"], "comment": comment["id"], "link": link["link"]["id"], "campaign": campaign["id"], "idea": idea["id"], "task": task["id"], "series": series["id"], "talk": talk["id"], "talk_file": file["id"], "thread": talk["thread_id"], "rendition": rendition["id"], "upload": upload["id"], "app": app["id"], "connection": connection["id"], "post": filled[1], "media": media["id"], "invitation": invitation["id"], "delivery": delivery["id"], "account": world.account, "person": world.owner.person,
                     "token": world.token("read").token_id}
    return world.ids


def test_references_to_another_workspaces_things_are_refused(world, filled):
    stranger, ids = world.other_workspace(), others(world, filled)
    stranger.refused(404, "accounts.unknown", "createPost", {"text": "x", "variants": [{"account_id": ids["account"], "text": None}]}, pointer="/variants/0/account_id")
    stranger.refused(404, "media.unknown", "createPost", {"text": "x", "variants": [], "media": [{"media_id": ids["media"], "alt": ""}]}, pointer="/media/0/media_id")
    stranger.refused(404, "accounts.unknown", "getOverview", query={"account": ids["account"]})
    assert stranger.do("listDeliveries", query={"post": ids["post"]})["deliveries"] == []


def test_lists_of_two_workspaces_have_nothing_in_common(world, filled):
    stranger = world.other_workspace()
    mine = str([world.owner.do(n) for n in ("listPosts", "listDeliveries", "listAccounts", "listTokens", "listInvitations")])
    for name in ("listPosts", "listDeliveries", "listAccounts", "listTokens", "listInvitations", "listMembers", "listAudit", "getToday", "getOverview"):
        text = str(stranger.do(name))
        for value in others(world, filled).values():
            assert value not in text or name in ("listAudit", "listMembers") and value == world.owner.person, f"{name} shows {value}"
    assert stranger.workspace not in mine
