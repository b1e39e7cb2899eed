"""What customers post and whether we may use it; campaigns people take part in, with a draw that an independent program computes again."""
import concurrent.futures
import datetime
import hashlib
import http.client
import importlib.util
import json
import pathlib
import time
import uuid

import pytest

from conftest import World, need
from test_library import scene
from test_posts import instant
from test_talk import Line

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOBODY = "00000000-0000-7000-8000-000000000000"


def oracle():
    spec = importlib.util.spec_from_file_location("lottery", ROOT / "tests/oracle/lottery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def at(hours):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def contest_of(name, **more):
    return {"name": name, "campaign_id": None, "premium": "general", "price_yen": 500, "sales_yen": 10_000_000, "opens_at": at(-1), "closes_at": at(24), "way": "message", "tag": "#冬",
            "post_id": None, "networks": ["line"], "also": "フォロー", "staff": [], "blocked": [], "n_substitutes": 1, "wording": "{name}さん、{prize}が当たりました。{deadline}までに返信を。", "answer_days": 3,
            "prizes": [{"name": "豆", "n": 2, "value_yen": 3000}], "checked": ["line-goods", "any-terms", "any-phish"], "asks": [], **more}


def user(n):
    return "U" + f"{n:032x}"


def until(what, seconds=20):
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


class Fans(Line):
    def n_told(self):
        """Messages to winners, as the network has them."""
        connection = http.client.HTTPConnection(self.url.split("//")[1], timeout=30)
        connection.request("GET", "/practice/posts")
        return sum("が当たりました" in p["text"] for p in json.loads(connection.getresponse().read())["posts"])

    def say_as(self, n, text):
        self.ask("/practice/own/say", {"text": text, "account": self.channel["id"], "user": user(n)})


@pytest.fixture(scope="module")
def line(world):
    return Fans(world)


def held(world, line, name, fans, tag, **more):
    """An open campaign in which those fans took part."""
    contest = world.owner.do("createUgcCampaign", contest_of(name, tag=tag, **more))
    world.owner.do("openUgcCampaign", contest=contest["id"])
    for n in fans:
        line.say_as(n, f"参加します #{tag}")
    until(lambda: world.owner.do("getUgcCampaign", contest=contest["id"])["n_entries"] == len(fans))
    return contest["id"]


class TestPosts:
    def test_asked_answered_confirmed_and_taken_back(self, world, line):
        owner, text = world.owner, f"この写真どうぞ {uuid.uuid4().hex[:6]}"
        line.say_as(1, text)
        (talk,) = line.heard(text)
        item = owner.do("addUgc", {"talk_id": talk["id"]})
        assert item["state"] == "found" and item["can_ask"] and item["network"] == "line"
        owner.refused(409, "ugc.twice", "addUgc", {"talk_id": talk["id"]})
        words = {"purpose": "店頭ポスター", "places": "全店舗", "until_day": "2030-03-31"}
        shown = owner.do("previewUgcRequest", words, item=item["id"])
        assert "店頭ポスター" in shown["text"] and "2030-03-31" in shown["text"] and 0 < shown["length"] <= shown["limit"]
        owner.refused(422, "ugc.bad_day", "previewUgcRequest", {**words, "until_day": "2030-02-31"}, item=item["id"])
        owner.refused(422, "ugc.bad_day", "askUgc", {**words, "until_day": "2030-02-31"}, item=item["id"])
        asked = owner.do("askUgc", words, item=item["id"])
        assert asked["item"]["state"] == "asked" and asked["item"]["asked_text"] == shown["text"]
        owner.refused(409, "ugc.asked", "askUgc", words, item=item["id"])
        owner.refused(422, "ugc.no_proof", "decideUgc", {"decision": "granted", "version": asked["item"]["version"]}, item=item["id"])
        until(lambda: owner.do("getUgc", item=item["id"])["item"].get("asked_state") == "published")
        line.say_as(2, "はい")  # somebody else's yes
        line.say_as(1, "はい、#承諾 です")
        answered = until(lambda: (one := owner.do("getUgc", item=item["id"]))["item"].get("answer") and one)
        assert answered["item"]["state"] == "asked", "nothing is granted by itself"
        assert answered["item"]["answer"]["reading"] == "yes" and owner.do("listUgc", query={"state": "asked"})["n_waiting"] >= 1
        media = scene(owner, 301)
        owner.refused(409, "ugc.edited", "decideUgc", {"decision": "granted", "version": 1, "media_id": media["id"]}, item=item["id"])
        owner.refused(404, "media.unknown", "decideUgc", {"decision": "granted", "version": answered["item"]["version"], "media_id": NOBODY}, item=item["id"])
        granted = owner.do("decideUgc", {"decision": "granted", "version": answered["item"]["version"], "media_id": media["id"]}, item=item["id"])
        assert granted["item"]["state"] == "granted" and granted["item"]["media_id"] == media["id"]
        card = owner.do("getMediaCard", media=media["id"])["card"]
        assert card["licence"] == "ugc_permitted" and card["expires_on"] == "2030-03-31" and card["consent_paper"] and "店頭ポスター" in card["terms"]
        owner.refused(409, "ugc.decided", "askUgc", words, item=item["id"])
        post = owner.do("createPost", {"text": "お客さまの一枚", "variants": [{"account_id": world.account, "text": None}], "media": [{"media_id": media["id"], "alt": "店内"}]})
        owner.refused(422, "check.blocked", "schedulePost", {"at": "2030-04-02T00:00:00Z"}, post=post["id"])  # after the last day: RGT-01
        owner.do("schedulePost", {"at": "2030-03-01T00:00:00Z"}, post=post["id"])
        taken = owner.do("decideUgc", {"decision": "withdrawn", "note": "DMで", "version": granted["item"]["version"]}, item=item["id"])
        assert taken["item"]["state"] == "withdrawn" and [u["post_id"] for u in taken["uses"]] == [post["id"]]
        assert owner.do("getPost", post=post["id"])["state"] == "draft"
        owner.refused(422, "check.blocked", "schedulePost", {"at": "2030-03-01T00:00:00Z"}, post=post["id"])
        assert [s["kind"] for s in taken["steps"]] == ["found", "asked", "answered", "taken", "granted", "withdrawn"]
        until(lambda: owner.do("listNotices")["notices"])  # who made the post is told

    def test_where_answers_need_an_approval_a_request_does_too(self, world, line):
        owner, text = world.owner, f"承認のいる写真 {uuid.uuid4().hex[:6]}"
        line.say_as(3, text)
        (talk,) = line.heard(text)
        item = owner.do("addUgc", {"talk_id": talk["id"]})
        owner.do("setReplyApproval", {"accounts": [line.account]})
        words = {"purpose": "紹介", "places": "LINE"}
        world.person("editor").refused(409, "ugc.needs_approval", "askUgc", words, item=item["id"])
        assert owner.do("getUgc", item=item["id"])["item"]["state"] == "found"
        assert owner.do("askUgc", words, item=item["id"])["item"]["state"] == "asked"
        owner.do("setReplyApproval", {"accounts": []})

    def test_by_link_and_what_makes_no_sense(self, world, line):
        owner, link = world.owner, f"https://www.instagram.com/p/{uuid.uuid4().hex}/"
        owner.refused(422, "ugc.no_link", "addUgc", {"network": "instagram", "url": "javascript:alert(1)"})
        owner.refused(422, "ugc.network_unknown", "addUgc", {"network": "myspace", "url": link})
        owner.refused(404, "engage.unknown", "addUgc", {"talk_id": NOBODY})
        item = owner.do("addUgc", {"network": "instagram", "url": link, "author_handle": "fan"})
        owner.refused(409, "ugc.cannot_ask", "askUgc", {"purpose": "x", "places": "y"}, item=item["id"])
        owner.refused(409, "ugc.not_granted", "decideUgc", {"decision": "withdrawn", "version": 1}, item=item["id"])
        media = scene(owner, 302)
        owner.do("deleteMedia", media=media["id"])
        owner.refused(410, "media.deleted", "decideUgc", {"decision": "granted", "proof": "紙", "media_id": media["id"], "version": 1}, item=item["id"])
        assert owner.do("decideUgc", {"decision": "refused", "version": 1}, item=item["id"])["item"]["state"] == "refused"
        first = owner.do("listUgc", query={"limit": 1})
        assert len(first["items"]) == 1
        if first["next_cursor"]:
            assert owner.do("listUgc", query={"limit": 1, "cursor": first["next_cursor"]})["items"] != first["items"]
        owner.refused(422, "ugc.bad_cursor", "listUgc", query={"cursor": "x"})

    def test_what_is_looked_for(self, world):
        owner = world.owner
        now = owner.do("getUgcSetting")
        assert now["is_usual"] and "{purpose}" in now["wording"] and now["yes_words"]
        draft = {"tags": ["#ひびき珈琲", "Ｈｉｂｉｋｉ"], "networks": [], "most_a_day": 200, "mentions": True, "wording": "", "yes_words": now["yes_words"], "no_words": now["no_words"], "version": now["version"]}
        after = owner.do("putUgcSetting", draft)
        assert after["tags"] == ["ひびき珈琲", "Hibiki"], "as they are written, but for their width"
        owner.refused(409, "ugc.edited", "putUgcSetting", {**draft, "version": after["version"] + 5})


def follow(owner, tags, networks=("bluesky",)):
    now = owner.do("getUgcSetting")
    draft = {"tags": tags, "networks": list(networks), "most_a_day": 200, "mentions": False, "wording": "", "yes_words": now["yes_words"], "no_words": now["no_words"], "version": now["version"]}
    return owner.do("putUgcSetting", draft)


def found(owner, tag, n=1):
    """Items a search for that hashtag found, once there are so many."""
    def look():
        items = [i for i in owner.do("listUgc", query={"limit": 500})["items"] if i["tag"] == tag]
        return items if len(items) >= n else None
    return until(look, 30)


def granted(owner, item, **more):
    return owner.do("decideUgc", {"decision": "granted", "proof": "https://example.com/yes", "version": item["version"], **more}, item=item["id"])


class TestSearch:
    def test_what_can_be_searched_and_at_what_price(self, world):
        owner = world.owner
        seen = owner.do("listUgcSearches")
        networks = {n["network"]: n for n in seen["networks"]}
        assert set(networks) == {"bluesky", "instagram", "mastodon", "threads", "x", "youtube"}
        assert set(seen["without"]) == {"facebook", "line", "tiktok"}
        assert networks["x"]["price_micros"] == 5000 and networks["x"]["currency"] == "USD" and networks["x"]["answer"] == "named"
        assert networks["instagram"]["tags"] == 30 and not networks["instagram"]["has_author"] and networks["instagram"]["answer"] == "nobody"
        assert all(n["source"].startswith("https://") and n["as_of"] for n in seen["networks"])
        now = owner.do("getUgcSetting")
        draft = {"tags": [], "networks": ["facebook"], "most_a_day": 200, "mentions": False, "wording": "", "yes_words": [], "no_words": [], "version": now["version"]}
        owner.refused(422, "ugc.no_search", "putUgcSetting", draft)

    def test_what_is_found_is_asked_about_and_its_picture_comes_with_its_rights(self, world):
        owner, tag = world.owner, "見つかる" + uuid.uuid4().hex[:6]
        follow(owner, [tag])
        items = found(owner, tag, 50)
        assert len({i["url"] for i in items}) == len(items) and all(i["source"] == "search" and tag in i["text"] for i in items)
        state = next(s for s in owner.do("listUgcSearches")["searches"] if s["tag"] == tag)
        assert state["network"] == "bluesky" and state["fault"] == "none" and state["searched_at"] and state["next_at"] > state["searched_at"]  # what the last search found anew may be nothing already
        item = next(i for i in items if i["pictures"])
        assert item["can_ask"] and item["talk_id"] is None and "by_hand" not in item
        asked = owner.do("askUgc", {"purpose": "紹介", "places": "Bluesky"}, item=item["id"])
        assert asked["item"]["state"] == "asked" and asked["item"]["talk_id"], "asked where it was posted: it stands in the inbox now"
        until(lambda: owner.do("getUgc", item=item["id"])["item"].get("asked_state") == "published")
        owner.refused(409, "ugc.asked", "askUgc", {"purpose": "紹介", "places": "Bluesky"}, item=item["id"])
        done = granted(owner, asked["item"], until_day="2031-03-31")
        media = until(lambda: owner.do("getUgc", item=item["id"])["item"]["media_id"])
        card = owner.do("getMediaCard", media=media)["card"]
        assert card["licence"] == "ugc_permitted" and card["expires_on"] == "2031-03-31" and card["source"] == item["url"] and item["author_handle"] in card["owner"]
        assert owner.send("getMedia", media=media).bytes.startswith(b"\x89PNG")
        assert [s["kind"] for s in owner.do("getUgc", item=item["id"])["steps"]] == ["found", "asked", "granted", "taken"] and done["item"]["state"] == "granted"
        again = len(found(owner, tag))
        follow(owner, [tag])
        assert len(found(owner, tag)) == again, "what was found is not found again"

    def test_a_picture_that_is_gone_is_said_and_one_that_is_late_is_fetched(self, world):
        owner, tag = world.owner, "消える" + uuid.uuid4().hex[:6]
        follow(owner, [tag])
        items = [i for i in found(owner, tag, 20) if i["pictures"]]
        world.practice.fault("refused", method="img", times=1)
        granted(owner, items[0])
        steps = until(lambda: (s := owner.do("getUgc", item=items[0]["id"])["steps"])[-1]["kind"] == "lost" and s)
        assert steps[-1]["text"] == "gone" and owner.do("getUgc", item=items[0]["id"])["item"]["media_id"] is None
        follow(owner, [], ())

    def test_a_giveaways_hashtag_is_searched_for_and_who_posted_takes_part(self, world):
        owner, tag = world.owner, "応募" + uuid.uuid4().hex[:6]
        follow(owner, [])
        contest = owner.do("createUgcCampaign", contest_of("検索で応募", way="hashtag", tag=tag, networks=["bluesky"], checked=["any-terms", "any-phish"], opens_at=at(-6),
                                                           prizes=[{"name": "豆", "n": 1, "value_yen": 3000}]))["id"]
        owner.do("openUgcCampaign", contest=contest)
        seen = until(lambda: (c := owner.do("getUgcCampaign", contest=contest))["n_eligible"] >= 5 and c, 30)
        entries = owner.do("listUgcEntries", query={"limit": 500}, contest=contest)["entries"]
        assert {e["reason"] for e in entries} <= {"eligible", "duplicate", "early"} and len({e["url"] for e in entries}) == len(entries)
        assert seen["open_rules"] == [] and {t["rule"] for t in seen["ticks"]} == {"any-phish", "any-terms"} and all(t["person_name"] for t in seen["ticks"])
        owner.do("closeUgcCampaign", contest=contest)
        owner.do("drawUgcCampaign", {"outside": ""}, contest=contest)
        protocol = json.loads(owner.send("getUgcProtocol", query={"format": "json"}, contest=contest).bytes)
        assert oracle().verify(protocol) == []
        owner.do("tellUgcWinners", contest=contest)
        winner = until(lambda: (w := owner.do("listUgcWinners", contest=contest)["winners"][0]).get("told_state") == "published" and w["message_fault"] and w, 30)
        assert winner["state"] == "told" and winner["message_id"] is None and winner["message_fault"] == "ugc.no_message", "Bluesky's connector sends no messages: said"
        follow(owner, [], ())


def did(deed, of, person):
    """What practice/fans.h says of somebody."""
    first = hashlib.sha256(f"{deed}\n{of}\n{person}".encode()).digest()[0]
    return first < (128 if deed == "like" else 192)


def posted(world, text):
    """A post that is out on Bluesky, and its address there."""
    post = world.owner.do("createPost", {"text": text, "variants": [{"account_id": world.account, "text": None}]})["id"]
    world.owner.do("schedulePost", {"at": instant(0.5)}, post=post)
    one = until(lambda: [d for d in world.owner.do("listDeliveries", query={"post": post})["deliveries"] if d["state"] == "published"], 30)[0]
    us = world.practice.ask("GET", f"/xrpc/com.atproto.identity.resolveHandle?handle={one['handle']}")["did"]
    return post, us, f"at://{us}/app.bsky.feed.post/{one['url'].rsplit('/', 1)[1]}"


def entered(world, name, tag, n, **more):
    """An open giveaway in which so many took part with the hashtag."""
    follow(world.owner, [])
    contest = world.owner.do("createUgcCampaign", contest_of(name, way="hashtag", tag=tag, networks=["bluesky"], checked=["any-terms", "any-phish"], opens_at=at(-24), also="",
                                                             prizes=[{"name": "豆", "n": 3, "value_yen": 1000}], **more))["id"]
    world.owner.do("openUgcCampaign", contest=contest)
    until(lambda: world.owner.do("getUgcCampaign", contest=contest)["n_eligible"] >= n, 40)
    return contest


def checked(world, contest, seconds=40):
    return until(lambda: (c := world.owner.do("getUgcCampaign", contest=contest))["state"] == "closed" and c, seconds)


def agrees(world, contest, us, post):
    """Every entry that could win was judged by what the network knows, and by nothing else; whoever won fulfils all of it."""
    counts = {}
    entries = world.owner.do("listUgcEntries", query={"limit": 500}, contest=contest)["entries"]
    for e in entries:
        counts[e["reason"]] = counts.get(e["reason"], 0) + 1
        if e["reason"] in ("early", "late"):
            assert e["checked_at"] is None
            continue
        person = "did:web:" + e["author_handle"]
        truth = {"followed": did("follow", us, person), "reposted": did("repost", post, person), "liked": did("like", post, person)}
        assert {k: e[k] == "yes" for k in truth} == truth and e["checked_at"], e
        expected = "not_following" if not truth["followed"] else "not_reposted" if not truth["reposted"] else "not_liked" if not truth["liked"] else None
        assert e["reason"] == expected if expected else e["reason"] in ("eligible", "duplicate"), e
    return counts


class TestConditions:
    def test_only_who_follows_reposted_and_liked_is_drawn_and_everybody_else_is_told_why(self, world):
        owner, tag = world.owner, "条件" + uuid.uuid4().hex[:6]
        post, us, uri = posted(world, "フォロー&リポストで豆を " + uuid.uuid4().hex[:6])
        owner.refused(422, "ugc.no_post", "createUgcCampaign", contest_of("投稿なし", asks=["repost"]))
        contest = entered(world, "フォロー&リポスト", tag, 30, post_id=post, asks=["like", "follow", "repost"])
        made = owner.do("getUgcCampaign", contest=contest)
        assert made["contest"]["asks"] == ["follow", "repost", "like"] and made["probes"] == []
        owner.refused(409, "ugc.not_checking", "checkUgcCampaign", {"is_over": True}, contest=contest)
        closing = owner.do("closeUgcCampaign", contest=contest)
        assert closing["state"] in ("checking", "closed") and len(closing["probes"]) == 3
        closed = checked(world, contest)
        assert [(p["deed"], p["fault"]) for p in closed["probes"]] == [("follow", ""), ("repost", ""), ("like", "")] and all(p["ended_at"] for p in closed["probes"])
        counts = agrees(world, contest, us, uri)
        assert counts["eligible"] == closed["n_eligible"] == closed["draws"][0]["n_entries"] and closed["n_unchecked"] == 0
        assert closed["n_unmet"] == sum(counts.get(r, 0) for r in ("not_following", "not_reposted", "not_liked")) > 0
        owner.do("drawUgcCampaign", {"outside": ""}, contest=contest)
        protocol = json.loads(owner.send("getUgcProtocol", contest=contest).bytes)
        assert oracle().verify(protocol) == [] and protocol["conditions"] == "follow repost like"
        facts = {e["id"]: e for e in protocol["entries"]}
        for w in owner.do("listUgcWinners", contest=contest)["winners"]:
            said = facts[w["entry"]["id"]]
            assert (said["followed"], said["reposted"], said["liked"]) == ("yes", "yes", "yes") and said["checked_at"]

    def test_whoever_could_not_be_checked_is_shown_and_never_drawn(self, world):
        owner, tag = world.owner, "確認" + uuid.uuid4().hex[:6]
        post, us, uri = posted(world, "リポストで豆を " + uuid.uuid4().hex[:6])
        contest = entered(world, "確認できず", tag, 20, post_id=post, asks=["follow", "repost"])
        world.practice.fault("rate_limited", method="app.bsky.feed.getRepostedBy")
        try:
            owner.do("closeUgcCampaign", contest=contest)
            waits = until(lambda: (c := owner.do("getUgcCampaign", contest=contest))["probes"][1]["fault"] and c["probes"][0]["ended_at"] and c)
            assert waits["state"] == "checking" and waits["probes"][1]["fault"] == "rate_limited" and waits["draws"] == []
            owner.refused(409, "ugc.not_closed", "drawUgcCampaign", {"outside": ""}, contest=contest)
            assert owner.do("checkUgcCampaign", {"is_over": False}, contest=contest)["state"] == "checking"
            over = owner.do("checkUgcCampaign", {"is_over": True}, contest=contest)
        finally:
            world.practice.fault("none")
        assert over["state"] == "closed" and over["n_eligible"] == 0 and over["n_unchecked"] > 0 and over["probes"][1]["fault"] == "given_up"
        reasons = {e["reason"] for e in owner.do("listUgcEntries", query={"limit": 500}, contest=contest)["entries"]}
        assert reasons <= {"not_following", "unchecked", "early", "late"} and "unchecked" in reasons
        owner.refused(409, "ugc.no_entries", "drawUgcCampaign", {"outside": ""}, contest=contest)
        logged = [e["action"] for e in owner.do("listAudit")["entries"] if e["subject_id"] == contest]
        assert "ugc_campaign.check_end" in logged


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_while_conditions_are_checked_it_goes_on_where_it_was(kind):
    need(kind)
    world = World(kind)
    try:
        post, us, uri = posted(world, "途中で止まる確認")
        contest = entered(world, "途中で止まる確認", "止確認", 30, post_id=post, asks=["follow", "repost", "like"])
        world.practice.fault("delay", ms=400)
        world.owner.do("closeUgcCampaign", contest=contest)
        seen = 0
        for _ in range(4):
            time.sleep(0.6)
            world.server.kill()
            world.server.start()
            world.owner.connection = None
            now = world.owner.do("getUgcCampaign", contest=contest)
            read = sum(p["n_read"] for p in now["probes"])
            assert read >= seen, "what was read is not forgotten"
            seen = read
        world.practice.fault("none")
        closed = checked(world, contest, 60)
        counts = agrees(world, contest, us, uri)
        assert counts["eligible"] == closed["n_eligible"] == closed["draws"][0]["n_entries"] > 0 and closed["n_unchecked"] == 0 and len(closed["draws"]) == 1
    finally:
        world.close()


class TestCampaigns:
    def test_it_opens_only_once_the_networks_rules_were_answered(self, world):
        owner = world.owner
        made = owner.do("createUgcCampaign", contest_of("規約", networks=["x"], checked=["any-terms"]))
        assert set(made["open_rules"]) == {"x-accounts", "x-repeat", "x-mention", "any-phish"}
        refusal = owner.refused(422, "ugc.rules_open", "openUgcCampaign", contest=made["id"])
        assert "4" in refusal["detail"]
        owner.refused(422, "ugc.rule_unknown", "changeUgcCampaign", {"contest": contest_of("規約", networks=["x"], checked=["made-up"]), "version": 1}, contest=made["id"])
        all_of_them = ["any-terms", "x-accounts", "x-repeat", "x-mention", "any-phish"]
        changed = owner.do("changeUgcCampaign", {"contest": contest_of("規約", networks=["x"], checked=all_of_them), "version": 1}, contest=made["id"])
        assert {t["rule"] for t in changed["ticks"]} == set(all_of_them) and changed["open_rules"] == []
        assert owner.do("openUgcCampaign", contest=made["id"])["state"] == "open"

    def test_the_cap_blocks_with_its_figures(self, world):
        owner = world.owner
        made = owner.do("createUgcCampaign", contest_of("旅行", prizes=[{"name": "旅行", "n": 1, "value_yen": 10_001}]))
        assert made["cap"]["is_over"] and made["cap"]["each_yen"] == 10_000 and made["cap"]["source"]
        refusal = owner.refused(422, "ugc.over_cap", "openUgcCampaign", contest=made["id"])
        assert "10001" in refusal["detail"] and "10000" in refusal["detail"] and made["cap"]["source"] in refusal["detail"]
        changed = owner.do("changeUgcCampaign", {"contest": contest_of("旅行"), "version": 1}, contest=made["id"])
        owner.refused(409, "ugc.edited", "changeUgcCampaign", {"contest": contest_of("旅行"), "version": 1}, contest=made["id"])
        assert not changed["cap"]["is_over"]
        opened = owner.do("openUgcCampaign", contest=made["id"])
        owner.refused(409, "ugc.not_draft", "openUgcCampaign", contest=made["id"])
        owner.refused(409, "ugc.frozen", "changeUgcCampaign", {"contest": contest_of("旅行", tag="夏"), "version": opened["version"]}, contest=made["id"])
        owner.refused(422, "ugc.bad_span", "createUgcCampaign", contest_of("x", closes_at=at(-2)))
        owner.refused(422, "ugc.no_prize", "createUgcCampaign", contest_of("x", prizes=[]))
        owner.refused(422, "ugc.no_tag", "createUgcCampaign", contest_of("x", way="hashtag", tag=""))
        owner.refused(404, "post.unknown", "createUgcCampaign", contest_of("x", post_id=NOBODY))
        owner.refused(404, "campaign.unknown", "createUgcCampaign", contest_of("x", campaign_id=NOBODY))
        assert made["id"] in [c["id"] for c in owner.do("listUgcCampaigns")["contests"]]

    def test_drawn_once_by_whoever_presses_and_computed_again(self, world, line):
        owner, tag = world.owner, "抽" + uuid.uuid4().hex[:6]
        contest = held(world, line, "抽選", [*range(10, 18), 10], tag)
        owner.refused(409, "ugc.not_closed", "drawUgcCampaign", {"outside": ""}, contest=contest)
        owner.refused(409, "ugc.not_closed", "getUgcProtocol", contest=contest)
        owner.refused(409, "ugc.not_drawn", "tellUgcWinners", contest=contest)
        owner.refused(409, "ugc.not_drawn", "redrawUgcCampaign", {"reason": "x"}, contest=contest)
        closed = owner.do("closeUgcCampaign", contest=contest)
        assert closed["n_entries"] == 9 and closed["n_eligible"] == 8 and closed["draws"][0]["seed"] is None
        owner.refused(409, "ugc.not_open", "closeUgcCampaign", contest=contest)
        entries = owner.do("listUgcEntries", query={"limit": 5}, contest=contest)
        rest = owner.do("listUgcEntries", query={"limit": 5, "cursor": entries["next_cursor"]}, contest=contest)
        assert [e["reason"] for e in entries["entries"] + rest["entries"]] == ["eligible"] * 8 + ["duplicate"]
        owner.refused(422, "ugc.bad_cursor", "listUgcEntries", query={"cursor": "x"}, contest=contest)
        assert len(owner.do("listUgcEntries", query={"reason": "duplicate"}, contest=contest)["entries"]) == 1
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda n: owner.fork().send("drawUgcCampaign", {"outside": f"値 {n}"}, contest=contest), range(4)))
        assert all(o.status == 200 for o in outcomes), outcomes
        assert len({(o["draws"][0]["seed"], o["draws"][0]["outside"]) for o in outcomes}) == 1
        winners = owner.do("listUgcWinners", contest=contest)["winners"]
        assert [w["state"] for w in winners] == ["drawn", "drawn", "substitute"]
        protocol = json.loads(owner.send("getUgcProtocol", query={"format": "json"}, contest=contest).bytes)
        assert oracle().verify(protocol) == []
        protocol["entries"] = protocol["entries"][1:]
        assert oracle().verify(protocol), "an entry less must not agree"
        table = owner.send("getUgcProtocol", query={"format": "csv"}, contest=contest).bytes.decode("utf-8-sig")
        assert table.count("\r\nentry,") == 9 and closed["draws"][0]["commitment"] in table
        again = owner.do("redrawUgcCampaign", {"reason": "賞品の変更"}, contest=contest)
        assert again["state"] == "closed" and again["draws"][1]["reason"] == "賞品の変更" and again["draws"][1]["seed"] is None
        drawn = owner.do("drawUgcCampaign", {"outside": ""}, contest=contest)
        assert drawn["draws"][1]["seed"] != drawn["draws"][0]["seed"]
        assert oracle().verify(json.loads(owner.send("getUgcProtocol", contest=contest).bytes)) == []
        logged = [e["action"] for e in owner.do("listAudit")["entries"] if e["subject_id"] == contest]
        assert logged.count("ugc_campaign.draw") == 2 and "ugc_campaign.redraw" in logged

    def test_winners_are_told_once_and_a_substitute_moves_up(self, world, line):
        owner, tag = world.owner, "当" + uuid.uuid4().hex[:6]
        contest = held(world, line, "お知らせ", range(20, 24), tag)
        owner.do("closeUgcCampaign", contest=contest)
        owner.do("drawUgcCampaign", {"outside": ""}, contest=contest)
        for _ in range(3):
            owner.do("tellUgcWinners", contest=contest)

        def told(n):
            winners = owner.do("listUgcWinners", contest=contest)["winners"]
            return winners if [w["state"] for w in winners].count("told") == n else None

        winners = until(lambda: told(2))
        owner.refused(409, "ugc.told", "redrawUgcCampaign", {"reason": "x"}, contest=contest)
        owner.refused(404, "ugc.winner_unknown", "answerUgcWinner", {"rank": 9, "accepted": True}, contest=contest)
        owner.do("answerUgcWinner", {"rank": 1, "accepted": True}, contest=contest)
        owner.refused(409, "ugc.not_waiting", "answerUgcWinner", {"rank": 1, "accepted": False}, contest=contest)
        owner.do("answerUgcWinner", {"rank": 2, "accepted": False}, contest=contest)
        after = until(lambda: (rows := owner.do("listUgcWinners", contest=contest)["winners"])[2]["state"] == "told" and rows)
        assert [w["state"] for w in after] == ["accepted", "lapsed", "told"] and after[2]["prize"] == "豆"
        assert len({w["delivery_id"] for w in after}) == 3 and after[0]["delivery_id"] == winners[0]["delivery_id"]

    def test_of_nobody_nothing_is_drawn(self, world):
        contest = world.owner.do("createUgcCampaign", contest_of("誰もいない", tag="無" + uuid.uuid4().hex[:6]))["id"]
        world.owner.do("openUgcCampaign", contest=contest)
        world.owner.do("closeUgcCampaign", contest=contest)
        world.owner.refused(409, "ugc.no_entries", "drawUgcCampaign", {"outside": ""}, contest=contest)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_while_winners_are_told_each_hears_once(kind):
    need(kind)
    world = World(kind)
    try:
        line, n = Fans(world), 60
        contest = held(world, line, "途中で止まる", range(100, 100 + n), "止", prizes=[{"name": "豆", "n": n, "value_yen": 1000}])
        world.owner.do("closeUgcCampaign", contest=contest)
        world.owner.do("drawUgcCampaign", {"outside": ""}, contest=contest)
        world.owner.do("tellUgcWinners", contest=contest)
        for pause in (0.05, 0.3, 0.3):
            time.sleep(pause)
            world.server.kill()
            world.server.start()
            world.owner.connection = None
        winners = until(lambda: (rows := world.owner.do("listUgcWinners", contest=contest)["winners"]) and all(w["state"] == "told" for w in rows) and rows, 60)
        assert len({w["delivery_id"] for w in winners}) == n

        def sent():
            rows, cursor = [], None
            while True:
                page = world.owner.do("listDeliveries", query={"limit": 500, **({"cursor": cursor} if cursor else {})})
                rows += [d for d in page["deliveries"] if "が当たりました" in d["text"]]
                cursor = page["next_cursor"]
                if cursor is None:
                    return rows

        until(lambda: all(d["state"] == "published" for d in sent()), 90)
        assert sorted(d["id"] for d in sent()) == sorted(w["delivery_id"] for w in winners), "a message more or less than one a winner"
        assert line.n_told() == n, "what the network delivered"
    finally:
        world.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_with_the_outcome_unknown_it_is_shown_as_unknown_and_nobody_hears_twice(kind):
    """The network takes each message and its answer is lost; then the program is killed."""
    need(kind)
    world = World(kind)
    try:
        line, n = Fans(world), 5
        contest = held(world, line, "返事が届かない", range(200, 200 + n), "不明", prizes=[{"name": "豆", "n": n, "value_yen": 1000}])
        world.owner.do("closeUgcCampaign", contest=contest)
        world.owner.do("drawUgcCampaign", {"outside": ""}, contest=contest)
        line.ask("/practice/fault", {"fault": "cut_after", "at": "publish", "times": 100000})
        world.owner.do("tellUgcWinners", contest=contest)

        def states():
            return [w.get("told_state") for w in world.owner.do("listUgcWinners", contest=contest)["winners"]]

        until(lambda: states() == ["unknown"] * n, 60)
        for _ in range(2):
            world.server.kill()
            world.server.start()
            world.owner.connection = None
            assert set(states()) <= {"unknown", "sending"}, "neither sent nor failed: nobody knows yet"
        assert line.n_told() == n
        line.ask("/practice/fault", {"fault": "none", "times": 1})
        until(lambda: states() == ["published"] * n, 120)
        assert line.n_told() == n, "read back, not sent again"
    finally:
        world.close()
