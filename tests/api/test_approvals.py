"""Approvals over HTTP: who must agree before a post goes out, what an edit undoes, comments, and a client's page behind a secret link."""
import html
import re
import time
import urllib.parse
import uuid

import pytest

from test_posts import delivery_of, instant, text_of, wait_for
from test_roles import CONTRACT_PNG

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(autouse=True)
def nothing_is_asked_afterwards(world):
    yield
    world.owner.do("setApprovalPolicy", {"mode": "none", "remind_after_h": 24})


def ask_for(world, mode):
    assert world.owner.do("setApprovalPolicy", {"mode": mode, "remind_after_h": 24})["mode"] == mode


def asked(world, text="豆", by=None, **more):
    post = world.draft(text_of(text), by=by, **more)
    approval = (by or world.owner).do("askApproval", {"version": post["version"], "note": "ご確認を"}, post=post["id"])
    assert (approval["state"], approval["post_state"], approval["note"]) == ("waiting", "in_review", "ご確認を")
    return post["id"]


def vote(who, post, decision="approve", **more):
    return who.do("votePost", {"version": who.do("getPost", post=post)["version"], "decision": decision, **more}, post=post)


def edit(who, post, **changes):
    was = who.do("getPost", post=post)
    body = {k: was[k] for k in ("version", "text", "variants", "media", "disclosure")}
    return who.do("updatePost", {**body, **changes}, post=post)


class TestApproving:
    def test_taken_back_and_scheduled_at_once_one_of_the_two_happens(self, world):
        owner, approver = world.owner, world.person("approver")
        ask_for(world, "one")
        for _ in range(6):
            post = asked(world)
            vote(approver, post)
            told = owner.at_once(lambda hand: hand.send("withdrawApproval", post=post).status, lambda hand: hand.send("schedulePost", {"at": instant(hours=3)}, post=post).status)
            assert sorted(told) == [200, 409]
            waits = [d["state"] for d in owner.do("listDeliveries", query={"post": post})["deliveries"]]
            assert (owner.do("getPost", post=post)["state"], waits) == (("draft", []) if told[0] == 200 else ("scheduled", ["waiting"]))

    def test_one_person_approves_and_it_goes_out(self, world):
        owner, editor, approver = world.owner, world.person("editor"), world.person("approver")
        ask_for(world, "one")
        post = world.draft(text_of("承認してから"), by=editor)["id"]
        editor.refused(409, "approval.needed", "schedulePost", {"now": True}, post=post)
        editor.do("askApproval", {}, post=post)
        editor.refused(409, "approval.not_open", "askApproval", {}, post=post)
        editor.refused(409, "approval.needed", "schedulePost", {"now": True}, post=post)
        mine = editor.do("getApproval", post=post)
        assert (mine["may_approve"], mine["may_not"]) == (False, "auth.forbidden")
        assert approver.do("getApproval", post=post)["may_approve"]
        assert post in [w["post"]["id"] for w in owner.do("listApprovals")["waiting"]]
        assert post in [p["id"] for p in owner.do("listPosts", query={"state": "in_review"})["posts"]]
        done = vote(approver, post)
        assert (done["state"], done["post_state"], done["team"], done["team_needed"]) == ("approved", "approved", 1, 1)
        assert [v["name"] for v in done["votes"]] == ["approver さん"]
        assert post not in [w["post"]["id"] for w in owner.do("listApprovals")["waiting"]]
        editor.do("schedulePost", {"now": True}, post=post)
        wait_for(owner, post, "published")
        said = owner.do("listAudit", query={"subject": post})["entries"]
        assert {"approval.ask", "approval.approve"} <= {line["action"] for line in said}
        assert [line["after"]["client"] for line in said if line["action"] == "approval.approve"]

    def test_two_persons_neither_of_them_the_writer(self, world):
        owner, manager, approver = world.owner, world.person("manager"), world.person("approver")
        ask_for(world, "two")
        post = asked(world, "二人で")
        owner.refused(403, "approval.own_post", "votePost", {"version": owner.do("getPost", post=post)["version"], "decision": "approve"}, post=post)
        assert vote(manager, post)["state"] == "waiting"
        manager.refused(409, "approval.voted", "votePost", {"version": owner.do("getPost", post=post)["version"], "decision": "approve"}, post=post)
        client = world.person("client")
        client.refused(403, "approval.client_not_asked", "votePost", {"version": owner.do("getPost", post=post)["version"], "decision": "approve"}, post=post)
        assert vote(approver, post)["state"] == "approved"

    def test_an_edit_of_a_scheduled_post_takes_it_out_of_the_schedule(self, world):
        owner, approver = world.owner, world.person("approver")
        ask_for(world, "one")
        post = asked(world, "予約のあと")
        vote(approver, post)
        at = instant(3600)
        owner.do("schedulePost", {"at": at}, post=post)
        moved = owner.do("schedulePost", {"at": instant(7200)}, post=post)
        assert moved["state"] == "scheduled"  # moving its time is no edit
        after = edit(owner, post, text="値段を変えました")
        assert after["state"] == "in_review" and after["due_at"] == moved["due_at"]
        assert delivery_of(owner, post)["state"] == "cancelled"
        approval = owner.do("getApproval", post=post)
        assert (approval["state"], approval["round"], approval["team"]) == ("waiting", 2, 0)
        owner.refused(409, "approval.needed", "schedulePost", {"at": at}, post=post)
        vote(approver, post)
        back = owner.do("schedulePost", {"at": at}, post=post)
        assert back["state"] == "scheduled"
        assert owner.do("unschedulePost", post=post)["state"] == "approved"
        owner.refused(409, "post.not_scheduled", "unschedulePost", post=post)

    def test_changes_asked_for_stop_a_scheduled_post(self, world):
        owner, approver = world.owner, world.person("approver")
        ask_for(world, "one")
        post = asked(world, "やはり直す")
        vote(approver, post)
        owner.do("schedulePost", {"at": instant(3600)}, post=post)
        version = owner.do("getPost", post=post)["version"]
        approver.refused(422, "approval.reason_needed", "votePost", {"version": version, "decision": "changes"}, post=post, pointer="/reason")
        assert vote(approver, post, "changes", reason="価格が古い")["state"] == "changes"
        for _ in range(200):
            if owner.do("getPost", post=post)["state"] == "draft":
                break
            time.sleep(0.05)
        assert owner.do("getPost", post=post)["state"] == "draft" and delivery_of(owner, post)["state"] == "cancelled"
        owner.refused(409, "approval.not_asked", "votePost", {"version": owner.do("getPost", post=post)["version"], "decision": "approve"}, post=post)

    def test_urgent_withdrawn_and_stale(self, world):
        owner, manager, approver = world.owner, world.person("manager"), world.person("approver")
        ask_for(world, "two")
        post = asked(world, "緊急")
        version = owner.do("getPost", post=post)["version"]
        urgent = {"version": version, "decision": "approve", "is_urgent": True, "reason": "災害のお知らせ"}
        approver.refused(403, "approval.urgent_role", "votePost", urgent, post=post)
        owner.refused(409, "post.edited", "votePost", {**urgent, "version": version - 1}, post=post)
        owed = owner.do("votePost", urgent, post=post)
        assert owed["state"] == "approved" and owed["owed_until"]
        assert post in [w["post"]["id"] for w in owner.do("listApprovals")["waiting"]]
        vote(approver, post)
        assert vote(manager, post)["owed_until"] is None
        assert owner.do("withdrawApproval", post=post)["post_state"] == "draft"
        owner.refused(409, "approval.not_asked", "withdrawApproval", post=post)

    def test_what_makes_no_sense_is_refused(self, world):
        owner, some = world.owner, str(uuid.uuid4())
        owner.refused(409, "notify.no_mail", "testNotice", {"way": "mail"})  # this server has none
        post = world.draft(text_of("x"))["id"]
        owner.refused(409, "approval.off", "askApproval", {}, post=post)
        ask_for(world, "one")
        owner.refused(404, "post.unknown", "askApproval", {}, post=some)
        owner.refused(409, "post.edited", "askApproval", {"version": 99}, post=post)
        nobody = owner.do("createPost", {"text": "x", "variants": []})["id"]
        owner.refused(422, "post.no_account", "askApproval", {}, post=nobody)
        for operation in ("getApproval", "withdrawApproval", "listComments", "listReviewLinks"):
            owner.refused(404, "post.unknown", operation, post=some)
        owner.refused(404, "post.unknown", "votePost", {"version": 1, "decision": "approve"}, post=some)
        owner.refused(422, "input.not_allowed", "setApprovalPolicy", {"mode": "three", "remind_after_h": 24})
        assert owner.do("getApprovalPolicy") == {"mode": "one", "remind_after_h": 24}


class TestComments:
    def test_on_a_spot_that_moves_with_its_words(self, world):
        owner, client = world.owner, world.person("client")
        post = world.draft("豆は500円です")["id"]
        made = owner.do("addComment", {"text": "税込？", "start": 2, "length": 4}, post=post)
        assert (made["quote"], made["start"], made["length"], made["is_shared"]) == ("500円", 2, 4, False)
        edit(owner, post, text="新しい豆は500円です")
        (one,) = owner.do("listComments", post=post)["comments"]
        assert (one["start"], one["is_changed"]) == (5, False)
        edit(owner, post, text="新しい豆は480円（税込）です")
        (one,) = owner.do("listComments", post=post)["comments"]
        assert one["is_changed"] and one["quote"] == "500円"
        assert client.do("listComments", post=post)["comments"] == []
        theirs = client.do("addComment", {"text": "いいですね"}, post=post)
        assert theirs["is_shared"]
        client.refused(404, "comment.unknown", "changeComment", {"is_resolved": True}, post=post, comment=made["id"])
        done = owner.do("changeComment", {"is_resolved": True}, post=post, comment=made["id"])
        assert done["resolved_at"] and done["resolved_by_name"]
        assert owner.do("changeComment", {"is_resolved": False}, post=post, comment=made["id"])["resolved_at"] is None

    def test_what_makes_no_comment_is_refused(self, world):
        owner, some = world.owner, str(uuid.uuid4())
        post = world.draft("豆")["id"]
        owner.refused(422, "comment.empty", "addComment", {"text": "  "}, post=post)
        owner.refused(422, "comment.bad_spot", "addComment", {"text": "x", "start": 1, "length": 1}, post=post)
        owner.refused(404, "accounts.unknown", "addComment", {"text": "x", "account_id": some}, post=post)
        owner.refused(404, "post.unknown", "addComment", {"text": "x"}, post=some)
        owner.refused(404, "comment.unknown", "changeComment", {"is_resolved": True}, post=post, comment=some)


def page_of(reply):
    assert reply.headers["Content-Type"].startswith("text/html"), reply
    return html.unescape(re.sub(r"<style>.*?</style>", "", reply.bytes.decode(), flags=re.S))


def token_of(link):
    return link["url"].rsplit("/", 1)[1]


def answer(guest, token, **fields):
    return guest.send("answerReview", data=urllib.parse.urlencode(fields).encode(), headers=FORM, token=token)


class TestClientPage:
    def test_a_client_approves_without_an_account(self, world):
        owner, guest = world.owner, world.nobody()
        ask_for(world, "client")
        media = owner.do("uploadMedia", data=CONTRACT_PNG, headers={"Content-Type": "image/png"})["id"]
        post = asked(world, "<b>お客様</b>の確認", media=[{"media_id": media, "alt": "袋の\"写真\""}])
        link = owner.do("createReviewLink", {"name": "株式会社まめ", "days": 7, "posts": [post]})
        token = token_of(link)
        assert link["url"].startswith("http") and token not in str(owner.do("listReviewLinks", post=post))
        shown = guest.send("showReview", token=token)
        (policy,) = shown.headers.get_all("Content-Security-Policy")
        assert "style-src 'sha256-" in policy and "form-action 'self'" in policy and "sandbox" not in policy
        assert shown.status == 200 and "script" not in policy and "default-src 'none'" in policy and "unsafe" not in policy
        assert shown.headers["Cache-Control"] == "no-store"
        raw = shown.bytes.decode()
        assert "&lt;b&gt;お客様&lt;/b&gt;" in raw and "<b>" not in raw and "<script" not in raw and "袋の&quot;写真&quot;" in raw
        assert "ご確認を" not in raw.split("<form")[0].replace("ご確認をお願い", "")  # the word to the approvers stays inside
        assert "承認する" in raw and "株式会社まめ" in raw and "Bluesky" in raw
        assert "Approve" in guest.send("showReview", token=token, headers={"Accept-Language": "en"}).bytes.decode()
        assert guest.send("getReviewMedia", token=token, media=media).bytes == CONTRACT_PNG
        version = str(owner.do("getPost", post=post)["version"])
        assert answer(guest, token, act="approve", name=" ", version=version).status == 422
        wrong = answer(guest, token, act="changes", name="豆田", version=version, text="")
        assert wrong.status == 422 and "豆田" in page_of(wrong)
        assert answer(guest, token, act="comment", name="豆田", version=version, text="").status == 422
        told = answer(guest, token, act="comment", name="豆田", version=version, text="色が<i>暗い</i>です")
        assert told.status == 303 and told.headers["Location"].endswith(f"?post={post}&done=comment")
        done = answer(guest, token, act="approve", name="豆田", version=version)
        assert done.status == 303
        after = guest.send("showReview", token=token, query={"done": "approve"})
        assert "承認を受け付けました" in page_of(after) and "色が&lt;i&gt;暗い&lt;/i&gt;です" in after.bytes.decode()
        assert 'value="approve"' not in after.bytes.decode()
        approval = owner.do("getApproval", post=post)
        assert (approval["client"], approval["team"], approval["state"]) == (1, 0, "waiting")
        assert [(v["name"], v["is_client"], v["person_id"]) for v in approval["votes"]] == [("豆田", True, None)]
        assert answer(guest, token, act="approve", name="豆田", version=version).status == 409
        assert vote(owner, post)["state"] == "approved"
        comment = owner.do("listComments", post=post)["comments"][0]
        assert (comment["name"], comment["is_client"], comment["is_shared"]) == ("豆田", True, True)

    def test_changes_by_a_client_and_a_stale_page(self, world):
        owner, guest = world.owner, world.nobody()
        ask_for(world, "client")
        post = asked(world, "直してほしい")
        token = token_of(owner.do("createReviewLink", {"name": "客", "posts": [post]}))
        version = str(owner.do("getPost", post=post)["version"])
        edit(owner, post, text="ちがう本文")
        stale = answer(guest, token, act="approve", name="客", version=version)
        assert stale.status == 409 and "ちがう本文" in page_of(stale)
        version = str(owner.do("getPost", post=post)["version"])
        assert answer(guest, token, act="changes", name="客", version=version, text="値段を直して").status == 303
        assert owner.do("getPost", post=post)["state"] == "draft"
        ask_for(world, "one")
        owner.do("askApproval", {}, post=post)
        version = str(owner.do("getPost", post=post)["version"])
        assert answer(guest, token, act="approve", name="客", version=version).status == 409
        assert answer(guest, token, act="nonsense", name="客", version="x", text="見ました").status == 303

    def test_nothing_else_opens_with_it(self, world):
        owner, guest = world.owner, world.nobody()
        media = owner.do("uploadMedia", data=CONTRACT_PNG, headers={"Content-Type": "image/png"})["id"]
        post = world.draft("見せる")["id"]
        made = owner.do("createReviewLink", {"name": "客", "posts": [post]})
        token = token_of(made)
        guest.refused(404, "media.unknown", "getReviewMedia", token=token, media=media)
        reply = guest.send("getPost", post=post, workspace=world.workspace, headers={"Authorization": f"Bearer {token}"})
        assert reply.status == 401
        foreign = guest.send("answerReview", data=b"act=comment&name=x&text=y", headers={**FORM, "Origin": "https://evil.example"}, token=token)
        assert foreign.status == 403
        other = owner.do("createReviewLink", {"name": "客", "posts": [post]})
        owner.do("revokeReviewLink", link=other["link"]["id"])
        for operation in ("showReview", "answerReview"):
            over = guest.send(operation, token=token_of(other), **({"data": b"act=comment", "headers": FORM} if operation == "answerReview" else {}))
            assert over.status == 410 and "取り消されました" in page_of(over)
        guest.refused(410, "review.over", "getReviewMedia", token=token_of(other), media=media)
        owner.refused(404, "review.unknown", "revokeReviewLink", link=str(uuid.uuid4()))
        owner.refused(404, "post.unknown", "createReviewLink", {"name": "客", "posts": [str(uuid.uuid4())]})
        owner.do("deletePost", post=post)
        assert guest.send("showReview", token=token).status == 404

    def test_guessing_and_floods_are_slowed(self, world):
        owner, guest = world.owner, world.nobody(address="203.0.113.77")
        post = world.draft("多すぎる")["id"]
        token = token_of(owner.do("createReviewLink", {"name": "客", "posts": [post]}))
        for _ in range(30):
            assert answer(guest, token, act="comment", name="客", text="x").status == 303
        busy = answer(guest, token, act="comment", name="客", text="x")
        assert busy.status == 429 and "しばらく" in page_of(busy)
        seen = [guest.send("showReview", token="x" * 43).status for _ in range(7)]
        assert seen[:5] == [404] * 5 and seen[5] == 429
        guest.refused(429, "auth.throttled", "getReviewMedia", token="x" * 43, media=str(uuid.uuid4()))
        guess = world.nobody(address="203.0.113.78")
        assert guess.send("answerReview", data=b"act=approve", headers=FORM, token="y" * 43).status == 404
        guess.refused(404, "review.unknown", "getReviewMedia", token="y" * 43, media=str(uuid.uuid4()))
        assert guest.send("showReview", token=token).status == 200

    def test_several_posts_are_answered_one_by_one(self, world):
        owner, guest = world.owner, world.nobody()
        ask_for(world, "client")
        media = owner.do("uploadMedia", data=CONTRACT_PNG, headers={"Content-Type": "image/png"})["id"]
        first, second = asked(world, "一本目", media=[{"media_id": media, "alt": ""}]), asked(world, "二本目")
        other = world.draft("見せない")["id"]
        made = owner.do("createReviewLink", {"name": "客", "days": 3, "posts": [second, first, second]})
        assert made["link"]["n_posts"] == 2
        token, link = token_of(made), made["link"]["id"]
        assert [one["id"] for one in owner.do("listReviewLinks", post=first)["links"]] == [link]
        assert link in [one["id"] for one in owner.do("listAllReviewLinks", query={"open": "true"})["links"]]
        page = page_of(guest.send("showReview", token=token))
        assert "2 件あります" in page and page.index("二本目") < page.index("一本目") and "見せない" not in page and "<form" not in page
        shown = page_of(guest.send("showReview", token=token, query={"post": first}))
        assert "2 / 2" in shown and "次の確認待ちへ" in shown and "<form" in shown and "二本目" not in shown
        assert guest.send("getReviewMedia", token=token, media=media).status == 200
        version = str(owner.do("getPost", post=first)["version"])
        assert answer(guest, token, act="approve", name="豆田", version=version).status == 404  # of several one must be named
        assert answer(guest, token, act="approve", name="豆田", version=version, post=other).status == 404
        done = answer(guest, token, act="approve", name="豆田", version=version, post=first)
        assert done.headers["Location"].endswith(f"/review/{token}?post={first}&done=approve")
        assert owner.do("getApproval", post=first)["client"] == 1 and owner.do("getApproval", post=second)["client"] == 0
        page = page_of(guest.send("showReview", token=token))
        assert "1 件あります" in page and "回答済み" in page and "確認待ち" in page
        version = str(owner.do("getPost", post=second)["version"])
        assert answer(guest, token, act="changes", name="豆田", version=version, post=second, text="短く").status == 303
        assert "お待ちしている投稿はありません" in page_of(guest.send("showReview", token=token))
        assert guest.send("showReview", token=token, query={"post": other}).status == 404
        lines = [line["action"] for post in (first, second) for line in owner.do("listAudit", query={"subject": post})["entries"]]
        assert lines.count("review.create") == 2
        owner.do("revokeReviewLink", link=link)
        assert guest.send("showReview", token=token).status == 410
        assert link not in [one["id"] for one in owner.do("listAllReviewLinks", query={"open": "true"})["links"]]
        owner.refused(404, "post.unknown", "createReviewLink", {"name": "客", "posts": [first, str(uuid.uuid4())]}, pointer="/posts/1")


def day(days):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600 + days * 86400))


class TestDeputies:
    def test_a_deputy_votes_in_the_approvers_place(self, world):
        owner, approver, deputy = world.owner, world.person("approver"), world.person("analyst")
        ask_for(world, "two")
        post = asked(world, "留守の間", by=world.person("editor"))
        version = {"version": owner.do("getPost", post=post)["version"], "decision": "approve"}
        deputy.refused(403, "auth.forbidden", "votePost", version, post=post)
        days = {"deputy_id": deputy.person, "from_on": day(-1), "until_on": day(1)}
        approver.do("setDeputy", days, person=approver.person)
        row = [one for one in owner.do("listDeputies")["deputies"] if one["person_id"] == approver.person][0]
        assert (row["deputy_name"], row["is_today"]) == ("analyst さん", True)
        assert deputy.do("getApproval", post=post)["may_approve"]
        assert post in [one["post_id"] for one in deputy.do("listMine")["approvals"]]
        deputy.refused(403, "approval.urgent_role", "votePost", {**version, "is_urgent": True, "reason": "急ぎ"}, post=post)
        after = vote(deputy, post)
        assert [(one["name"], one["for_name"]) for one in after["votes"]] == [("analyst さん", "approver さん")]
        approver.refused(409, "approval.voted", "votePost", version, post=post)
        assert post not in [one["post_id"] for one in approver.do("listMine")["approvals"]]
        assert vote(world.person("manager"), post)["state"] == "approved"
        lines = owner.do("listAudit", query={"subject": post})["entries"]
        assert any((line["after"] or {}).get("in_place_of") == approver.person for line in lines)
        approver.do("dropDeputy", person=approver.person)
        approver.refused(404, "deputy.unknown", "dropDeputy", person=approver.person)
        assert not deputy.do("getApproval", post=asked(world, "戻った後"))["may_approve"]
        assert {"approval.deputy"} <= {line["action"] for line in owner.do("listAudit", query={"subject": approver.person})["entries"]}

    def test_outside_of_their_days_they_have_no_say(self, world):
        owner, deputy = world.owner, world.person("analyst")
        ask_for(world, "one")
        post = asked(world, "来週から")
        owner.do("setDeputy", {"deputy_id": deputy.person, "from_on": day(2), "until_on": day(9)}, person=world.person("approver").person)
        assert not [one for one in owner.do("listDeputies")["deputies"] if one["is_today"]]
        assert deputy.do("getApproval", post=post)["may_not"] == "auth.forbidden"
        owner.do("dropDeputy", person=world.person("approver").person)

    def test_what_makes_no_sense_is_refused(self, world):
        owner, approver, client = world.owner, world.person("approver"), world.person("client")
        days = {"deputy_id": world.person("editor").person, "from_on": day(0), "until_on": day(1)}
        approver.refused(403, "deputy.others", "setDeputy", days, person=owner.person)
        approver.refused(403, "deputy.others", "dropDeputy", person=owner.person)
        for wrong, reason in (({"deputy_id": owner.person}, "deputy.bad_deputy"), ({"deputy_id": client.person}, "deputy.bad_deputy"), ({"until_on": day(-1)}, "campaign.bad_range"), ({"from_on": "2026-02-30"}, "campaign.bad_day")):
            owner.refused(422, reason, "setDeputy", {**days, **wrong}, person=owner.person)
        owner.refused(422, "deputy.no_approver", "setDeputy", {**days, "deputy_id": owner.person}, person=world.person("editor").person)
        owner.refused(404, "team.member_unknown", "setDeputy", {**days, "deputy_id": str(uuid.uuid4())}, person=owner.person)
        owner.refused(404, "team.member_unknown", "setDeputy", days, person=str(uuid.uuid4()))
