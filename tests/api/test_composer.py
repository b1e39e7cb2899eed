"""What the composer leans on: the workspace's own words, texts as they are sent, what a post said before, cautions while somebody writes."""
import datetime
import time
import uuid

import pytest

from test_posts import text_of

SOME = str(uuid.uuid4())


@pytest.fixture
def links(world):
    """Links to example.jp are marked while the test runs."""
    yield world.owner.do("setLinkTags", {"is_on": True, "hosts": ["https://example.jp/"], "medium": "social", "codes": []})
    world.owner.do("setLinkTags", {"is_on": False, "hosts": [], "medium": "social", "codes": []})


def mention(world, name, **handles):
    return world.owner.do("createMention", {"name": name, "handles": [{"network": n, "handle": h} for n, h in handles.items()]})


def delivered(world, post):
    return [d["text"] for d in world.owner.do("listDeliveries", query={"post": post})["deliveries"]]


def later(**by):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**by)).strftime("%Y-%m-%dT%H:%M:%SZ")


class TestKit:
    def test_hashtag_sets_are_kept_changed_and_taken_away(self, world):
        owner, editor = world.owner, world.person("editor")
        made = editor.do("createTagSet", {"name": "夏", "tags": ["#夏の新作", "＃カフェ", "カフェ"]})
        assert made["tags"] == ["夏の新作", "カフェ"] and made in owner.do("getKit")["tag_sets"]
        changed = owner.do("changeTagSet", {"version": made["version"], "tag_set": {"name": "夏の終わり", "tags": ["夏"]}}, tag_set=made["id"])
        assert changed["tags"] == ["夏"] and changed["version"] == made["version"] + 1
        owner.refused(409, "kit.edited", "changeTagSet", {"version": made["version"], "tag_set": {"name": "a", "tags": ["b"]}}, tag_set=made["id"])
        owner.refused(409, "kit.name_taken", "createTagSet", {"name": "夏の終わり", "tags": ["b"]}, pointer="/name")
        owner.refused(422, "kit.bad_tag", "createTagSet", {"name": "秋", "tags": ["秋", "秋 の味"]}, pointer="/tags/1")
        owner.refused(422, "kit.bad_name", "createTagSet", {"name": "{秋}", "tags": ["秋"]}, pointer="/name")
        owner.do("deleteTagSet", tag_set=made["id"])
        owner.refused(404, "kit.unknown", "deleteTagSet", tag_set=made["id"])
        owner.refused(404, "kit.unknown", "changeTagSet", {"version": 1, "tag_set": {"name": "a", "tags": ["b"]}}, tag_set=SOME)

    def test_two_hundred_sets_are_enough(self, world):
        owner = world.owner
        names = [f"集 {n}" for n in range(200 - len(owner.do("getKit")["tag_sets"]))]
        made = [owner.do("createTagSet", {"name": name, "tags": ["a"]})["id"] for name in names]
        owner.refused(409, "kit.too_many", "createTagSet", {"name": "もう一つ", "tags": ["a"]})
        for one in made:
            owner.do("deleteTagSet", tag_set=one)

    def test_mentions_are_kept_changed_and_taken_away(self, world):
        owner = world.owner
        made = mention(world, "あお珈琲", x="@ao_coffee", mastodon="ao@example.social")
        assert made["handles"] == [{"network": "x", "handle": "ao_coffee"}, {"network": "mastodon", "handle": "ao@example.social"}]
        changed = owner.do("changeMention", {"version": 1, "mention": {"name": "あお", "handles": []}}, mention=made["id"])
        assert changed["name"] == "あお" and changed in owner.do("getKit")["mentions"]
        owner.refused(409, "kit.edited", "changeMention", {"version": 1, "mention": {"name": "b", "handles": []}}, mention=made["id"])
        owner.refused(409, "kit.name_taken", "createMention", {"name": "あお", "handles": []}, pointer="/name")
        owner.refused(422, "kit.bad_handle", "createMention", {"name": "b", "handles": [{"network": "x", "handle": "a b"}]}, pointer="/handles/0/handle")
        owner.refused(422, "accounts.network_unknown", "createMention", {"name": "b", "handles": [{"network": "mixi", "handle": "a"}]}, pointer="/handles/0/network")
        owner.do("deleteMention", mention=made["id"])
        owner.refused(404, "kit.unknown", "deleteMention", mention=made["id"])
        owner.refused(404, "kit.unknown", "changeMention", {"version": 1, "mention": {"name": "b", "handles": []}}, mention=SOME)

    def test_links_are_the_managers_choice(self, world, links):
        owner = world.owner
        assert links["hosts"] == ["example.jp"] and owner.do("getKit")["links"] == links
        world.person("editor").refused(403, "auth.forbidden", "setLinkTags", links)
        owner.refused(422, "kit.bad_host", "setLinkTags", {**links, "hosts": ["example.jp", "localhost"]}, pointer="/hosts/1")
        owner.refused(422, "input.pattern", "setLinkTags", {**links, "medium": "a b"}, pointer="/medium")
        owner.refused(404, "campaign.unknown", "setLinkTags", {**links, "codes": [{"campaign_id": SOME, "code": "a"}]}, pointer="/codes/0/campaign_id")
        assert owner.do("getKit")["links"] == links


class TestAsSent:
    def test_counted_as_it_will_be_sent(self, world, links):
        owner = world.owner
        mention(world, "数える店", x="shop", bluesky="shop.example.jp")
        campaign = owner.do("createCampaign", {"name": "数える企画"})["id"]
        text = "@{数える店} https://example.jp/ #夏 #秋"
        counts = {c["network"]: c for c in owner.do("countText", {"text": text, "networks": ["x", "bluesky", "line", "instagram"], "campaign_id": campaign})["counts"]}
        marked = f"https://example.jp/?utm_source={{}}&utm_medium=social&utm_campaign={campaign} #夏 #秋"
        assert counts["x"]["text"] == "@shop " + marked.format("x")
        assert counts["x"]["used"] == len("@shop ") + 23 + 2 * (len(" #") + 2) and counts["x"]["hashtags"] == 2
        assert counts["bluesky"]["text"] == "@shop.example.jp " + marked.format("bluesky") and counts["bluesky"]["used"] == len(counts["bluesky"]["text"])
        assert counts["line"]["text"].startswith("数える店 https://example.jp/?utm_source=line")
        assert counts["instagram"]["max_hashtags"] == 5 and counts["x"]["max_hashtags"] == 0
        assert owner.do("countText", {"text": "そのまま", "networks": ["x"]})["counts"][0]["text"] is None

    def test_what_is_told_is_what_is_sent(self, world, links):
        owner = world.owner
        mention(world, "告げる店", bluesky="tell.example.jp")
        campaign = owner.do("createCampaign", {"name": "告げる企画"})["id"]
        owner.do("setLinkTags", {**links, "codes": [{"campaign_id": campaign, "code": "tell26"}]})
        text = text_of("@{告げる店} https://example.jp/a")
        post = world.draft(text)
        owner.do("setPostCampaign", {"campaign_id": campaign}, post=post["id"])
        sent = text.replace("@{告げる店}", "@tell.example.jp").replace("/a", "/a?utm_source=bluesky&utm_medium=social&utm_campaign=tell26", 1)
        at = later(days=400)
        owner.do("schedulePost", {"at": at}, post=post["id"])
        assert delivered(world, post["id"]) == [sent] and owner.do("getPost", post=post["id"])["text"] == text
        # in another campaign, or none, the same words are marked anew
        owner.do("setPostCampaign", {"campaign_id": None}, post=post["id"])
        assert delivered(world, post["id"]) == [sent.replace("&utm_campaign=tell26", "")]
        assert owner.do("getPost", post=post["id"])["due_at"] == at

    def test_a_text_that_is_too_long_only_as_it_is_sent_is_refused_and_said_so_before(self, world, links):
        owner = world.owner
        text = "あ" * 270 + " https://example.jp/"
        draft = {"text": text, "variants": [{"account_id": world.account, "text": None}]}
        assert [p["reason"] for p in owner.do("checkDraft", draft)["problems"]] == ["post.over_limit"]
        post = world.draft(text)
        owner.refused(422, "post.over_limit", "schedulePost", {"at": later(days=3)}, post=post["id"])
        owner.do("setLinkTags", {**links, "is_on": False})
        assert owner.do("checkDraft", draft)["problems"] == []

    def test_what_goes_out_carries_the_handle(self, world):
        mention(world, "送る店", bluesky="send.example.jp")
        words = text_of("送る文")
        post = world.draft(f"@{{送る店}} {words}")
        world.owner.do("schedulePost", {"now": True}, post=post["id"])
        for _ in range(100):
            if world.practice.count(f"@send.example.jp {words}"):
                return
            time.sleep(0.1)
        raise AssertionError("nothing of the kind went out")


class TestVersions:
    def test_listed_read_and_brought_back(self, world):
        owner, editor = world.owner, world.person("editor")
        post = world.draft(text_of("一つめ"))
        first = owner.do("listPostVersions", post=post["id"])["versions"]
        assert [v["version"] for v in first] == [1] and first[0]["saved_by"] == owner.person
        second = editor.do("updatePost", {"version": 1, "text": text_of("二つめ"), "variants": post["variants"]}, post=post["id"])
        rows = owner.do("listPostVersions", post=post["id"])["versions"]
        assert [(v["version"], v["saved_by"]) for v in rows] == [(2, editor.person), (1, owner.person)]
        old = owner.do("getPostVersion", post=post["id"], version="1")
        assert old["head"] == rows[1] and old["content"]["text"] == post["text"] and old["content"]["variants"] == post["variants"]
        owner.refused(409, "post.edited", "restorePostVersion", {"version": 1}, post=post["id"], version="1")
        back = editor.do("restorePostVersion", {"version": 2}, post=post["id"], version="1")
        assert back["text"] == post["text"] and back["version"] == 3
        texts = [owner.do("getPostVersion", post=post["id"], version=str(v["version"]))["content"]["text"] for v in owner.do("listPostVersions", post=post["id"])["versions"]]
        assert texts == [post["text"], second["text"], post["text"]]
        owner.refused(404, "version.unknown", "getPostVersion", post=post["id"], version="9")
        owner.refused(404, "version.unknown", "restorePostVersion", {"version": 3}, post=post["id"], version="x")
        for operation, more in (("listPostVersions", {}), ("getPostVersion", {"version": "1"})):
            owner.refused(404, "post.unknown", operation, post=SOME, **more)

    def test_a_whole_post_comes_back_and_no_time_with_it(self, world):
        owner = world.owner
        media = owner.do("uploadMedia", data=png(), headers={"Content-Type": "image/png"})["id"]
        whole = {"text": text_of("全部"), "disclosure": {"is_advertising": True, "is_own_brand": False, "is_ai_made": False},
                 "variants": [{"account_id": world.account, "text": "別の文", "thread": [{"text": "続き"}]}], "media": [{"media_id": media, "alt": "窓"}]}
        post = owner.do("createPost", {**whole, "due_at": later(days=2)})
        world.person("editor").do("updatePost", {"version": 1, "text": "", "variants": []}, post=post["id"])
        moved = owner.do("getPost", post=post["id"])
        back = owner.do("restorePostVersion", {"version": moved["version"]}, post=post["id"], version="1")
        for key in whole:
            assert back[key] == post[key], key
        assert back["due_at"] == moved["due_at"]

    def test_what_is_chosen_over_anothers_stays_beside_it(self, world):
        """The second of two people: refused, and whatever is chosen then, the other's words are still there."""
        owner = world.owner
        post = world.draft(text_of("二人で"))
        theirs = owner.do("updatePost", {"version": 1, "text": text_of("先の人"), "variants": post["variants"]}, post=post["id"])
        owner.refused(409, "post.edited", "updatePost", {"version": 1, "text": "あとの人", "variants": post["variants"]}, post=post["id"])
        owner.do("updatePost", {"version": 2, "is_apart": True, "text": text_of("あとの人"), "variants": post["variants"]}, post=post["id"])
        rows = owner.do("listPostVersions", post=post["id"])["versions"]
        assert [v["version"] for v in rows] == [3, 2]
        assert owner.do("getPostVersion", post=post["id"], version="2")["content"]["text"] == theirs["text"]

    def test_bringing_back_a_scheduled_post_keeps_the_schedule_and_its_rules(self, world):
        owner = world.owner
        post = world.draft(text_of("予約の前"))
        at = later(days=5)
        owner.do("schedulePost", {"at": at}, post=post["id"])
        changed = world.person("editor").do("updatePost", {"version": 2, "text": text_of("予約のあと"), "variants": post["variants"]}, post=post["id"])
        rows = [v["version"] for v in owner.do("listPostVersions", post=post["id"])["versions"]]
        assert rows == [3, 2]
        back = owner.do("restorePostVersion", {"version": changed["version"]}, post=post["id"], version="2")
        assert back["state"] == "scheduled" and back["due_at"] == at and delivered(world, post["id"]) == [post["text"]]

    def test_what_a_rule_blocks_does_not_come_back_into_the_schedule(self, world):
        owner = world.owner
        post = world.draft("オンカジで稼ごう")
        fine = world.person("editor").do("updatePost", {"version": 1, "text": text_of("なにごともない"), "variants": post["variants"]}, post=post["id"])
        held = owner.do("schedulePost", {"at": later(days=6)}, post=post["id"])
        owner.refused(422, "check.blocked", "restorePostVersion", {"version": held["version"]}, post=post["id"], version="1")
        assert owner.do("getPost", post=post["id"])["text"] == fine["text"]


class TestWhileWriting:
    def cautions(self, world, draft, kind, **more):
        return [c for c in world.owner.do("checkDraft", draft, **more)["cautions"] if c["kind"] == kind]

    def test_a_post_near_another_of_the_account_is_told_but_never_of_itself(self, world):
        at = later(days=40, minutes=3)
        post = world.draft(text_of("間隔"), due_at=at)
        draft = {"text": text_of("近い"), "variants": post["variants"], "due_at": at}
        (slot,) = self.cautions(world, draft, "slot")
        assert slot["post_id"] == post["id"] and slot["network"] == "bluesky" and slot["at"] == at
        assert self.cautions(world, {**draft, "due_at": later(days=41)}, "slot") == []
        assert self.cautions(world, {**draft, "variants": []}, "slot") == []
        same = {"text": post["text"], "variants": post["variants"], "due_at": at}
        assert self.cautions(world, same, "slot", query={"post": post["id"]}) == [] == self.cautions(world, same, "like", query={"post": post["id"]}) == self.cautions(world, same, "repeat", query={"post": post["id"]})

    def test_each_text_has_its_findings_at_its_place(self, world):
        bad = "宅急便でお届け"
        draft = {"text": "本文", "variants": [{"account_id": world.account, "text": bad, "title": bad, "first_comment": bad, "thread": [{"text": "よい"}, {"text": bad}]}]}
        places = sorted(f["pointer"] for f in world.owner.do("checkDraft", draft)["findings"] if f["finding"]["rule"] == "TM-01")
        assert places == ["/variants/0/first_comment", "/variants/0/text", "/variants/0/thread/1/text", "/variants/0/title"]

    def test_a_text_of_a_hundred_thousand_characters_is_refused_in_a_few_bytes(self, world):
        owner = world.owner
        for operation, body in (("checkDraft", {"variants": []}), ("createPost", {"variants": []}), ("countText", {})):
            reply = owner.send(operation, {"text": "長" * 100_000, **body})
            assert reply.status == 422 and reply["reason"] == "input.too_long" and reply["pointer"] == "/text" and len(reply.bytes) < 2_000
        longest = owner.do("createPost", {"text": "最高" * 10_000, "variants": []})
        checked = owner.send("checkPost", post=longest["id"])
        assert checked.status == 200 and len(checked.bytes) < 500_000
        assert len(owner.do("getPostVersion", post=longest["id"], version="1")["content"]["text"]) == 20_000


def png():
    from contract import ROOT
    return (ROOT / "tests/data/images/plain_21x9.png").read_bytes()
