"""The library over HTTP: cards with rights, tags of many, the search, what looks alike, where it is used, crops per network, and what is told at scheduling."""
import datetime

from test_media import fitted, made

NOBODY = "00000000-0000-7000-8000-000000000000"
ROOT_DAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date()


def day(after):
    return (ROOT_DAY + datetime.timedelta(days=after)).isoformat()


def scene(client, number, name="a.jpg", **words):
    data = made(name, *[f"{key}={value}" for key, value in {"width": 600, "height": 400, "scene": number, **words}.items()])
    return client.do("uploadMedia", data=data, query={"name": name}, headers={"Content-Type": "image/jpeg"})


def card(client, media, **changes):
    now = client.do("getMediaCard", media=media["id"])["card"]
    return client.do("updateMediaCard", {**now, **changes}, media=media["id"])


def found(client, **query):
    return [item["media"]["id"] for item in client.do("searchLibrary", query=query)["items"]]


class TestCards:
    def test_a_card_says_what_is_known_and_the_log_keeps_what_was(self, world):
        media = scene(world.owner, 101)
        begun = world.owner.do("getMediaCard", media=media["id"])
        assert begun["card"]["version"] == 1 and begun["card"]["licence"] == "unsaid" and begun["rights"] == ["unsaid"]
        said = card(world.owner, media, title="店の前", tags=["#夏", "店内"], owner="山田写真", licence="licensed", terms="Web とSNS",
                    expires_on=day(100), consent="obtained", consent_until=day(50), consent_paper="共有フォルダ/同意書/12")
        assert said["card"]["tags"] == ["夏", "店内"] and said["card"]["version"] == 2 and said["rights"] == []
        assert world.person("client").do("getMediaCard", media=media["id"])["card"] == said["card"]
        stale = {**begun["card"], "title": "ほかの題"}
        world.owner.refused(409, "media.edited", "updateMediaCard", stale, media=media["id"])
        line = next(entry for entry in world.owner.do("listAudit")["entries"] if entry["action"] == "media.card")
        assert line["after"]["title"] == "店の前" and line["after"]["licence"] == "licensed" and "title" not in line["before"]

    def test_what_is_no_card_is_refused(self, world):
        media = scene(world.owner, 102)
        now = world.owner.do("getMediaCard", media=media["id"])["card"]
        world.owner.refused(422, "media.bad_day", "updateMediaCard", {**now, "expires_on": "2026-02-30"}, media=media["id"])
        world.owner.refused(422, "media.too_many_tags", "updateMediaCard", {**now, "tags": [f"t{i}" for i in range(31)]}, media=media["id"])
        world.owner.refused(404, "media.unknown", "getMediaCard", media=NOBODY)
        world.owner.refused(404, "media.unknown", "updateMediaCard", now, media=NOBODY)
        world.person("analyst").refused(403, "auth.forbidden", "updateMediaCard", now, media=media["id"])
        world.owner.do("deleteMedia", media=media["id"])
        world.owner.refused(410, "media.deleted", "getMediaCard", media=media["id"])
        world.owner.refused(410, "media.deleted", "updateMediaCard", now, media=media["id"])

    def test_tags_of_many(self, world):
        media = [scene(world.owner, 110 + i) for i in range(3)]
        ids = [one["id"] for one in media]
        assert world.owner.do("tagMedia", {"media_ids": ids, "add": ["一括", "#秋"], "remove": []})["n"] == 3
        assert world.owner.do("tagMedia", {"media_ids": ids, "add": ["一括"], "remove": ["秋"]})["n"] == 3
        assert {"tag": "一括", "n": 3} in world.person("client").do("listMediaTags")["tags"]
        assert set(found(world.owner, tag="一括")) == set(ids) and found(world.owner, tag="秋") == []
        world.owner.refused(404, "media.unknown", "tagMedia", {"media_ids": [ids[0], NOBODY], "add": ["冬"], "remove": []})
        assert found(world.owner, tag="冬") == []
        world.owner.refused(422, "media.too_many_tags", "tagMedia", {"media_ids": ids[:1], "add": [f"t{i}" for i in range(30)], "remove": []})
        world.owner.do("deleteMedia", media=ids[2])
        world.owner.refused(410, "media.deleted", "tagMedia", {"media_ids": ids, "add": ["冬"], "remove": []})


class TestSearch:
    def test_words_names_and_filters(self, world):
        first = scene(world.owner, 120, "ハーブ園.jpg")
        second = scene(world.owner, 121, "cat.png")
        card(world.owner, first, note="春の撮影", licence="own", expires_on=day(10))
        card(world.owner, second, alt="ソファの上の猫", licence="stock", expires_on=day(-1), consent="missing")
        assert found(world.owner, q="ﾊｰﾌﾞ") == [first["id"]]
        assert found(world.owner, q="猫 ソファ") == [second["id"]]
        assert found(world.owner, q="cat.PNG", kind="image") == [second["id"]] and found(world.owner, q="cat.png", kind="video") == []
        assert first["id"] in found(world.owner, only="expiring") and second["id"] not in found(world.owner, only="expiring")
        assert second["id"] in found(world.owner, only="expired") and second["id"] in found(world.owner, only="no_consent")
        assert first["id"] not in found(world.owner, only="no_rights")
        assert {first["id"], second["id"]} <= set(found(world.owner, only="unused"))
        page = world.owner.do("searchLibrary", query={"limit": 1})
        rest = world.owner.do("searchLibrary", query={"limit": 1, "cursor": page["next_cursor"]})
        assert page["items"][0]["media"]["id"] == second["id"] and rest["items"][0]["media"]["id"] == first["id"]
        world.owner.refused(422, "media.bad_cursor", "searchLibrary", query={"cursor": "x"})

    def test_copies_are_found_and_distinct_pictures_are_not(self, world):
        first = scene(world.owner, 130)
        copies = [scene(world.owner, 130, "b.png", width=300, height=200), scene(world.owner, 130, quality=30), scene(world.owner, 130, bright=30)]
        cropped, other = scene(world.owner, 130, crop=2), scene(world.owner, 131)
        alike = {one["media"]["id"]: one for one in world.owner.do("getMediaCard", media=first["id"])["alike"]}
        assert set(alike) == {cropped["id"], *[one["id"] for one in copies]}
        assert all(alike[one["id"]]["is_same"] for one in copies) and all(0 <= one["distance"] <= 72 for one in alike.values())
        assert other["id"] not in found(world.owner, only="alike") and first["id"] in found(world.owner, only="alike")
        world.owner.do("deleteMedia", media=cropped["id"])
        assert cropped["id"] not in [one["media"]["id"] for one in world.owner.do("getMediaCard", media=first["id"])["alike"]]

    def test_where_it_is_used(self, world):
        media = scene(world.owner, 140)
        post = world.owner.do("createPost", {"text": "夏の新作", "variants": [], "media": [{"media_id": media["id"], "alt": "Blue DOOR"}]})
        idea = world.owner.do("createIdea", {"title": "夏の企画", "note": "", "media_id": media["id"], "tags": []})
        detail = world.owner.do("getMediaCard", media=media["id"])
        assert [(use["post_id"], use["state"], use["head"]) for use in detail["uses"]] == [(post["id"], "draft", "夏の新作")]
        assert detail["ideas"] == [{"id": idea["id"], "title": "夏の企画"}]
        assert media["id"] in found(world.owner, q="blue door") and media["id"] not in found(world.owner, only="unused")
        world.owner.refused(409, "media.in_use", "deleteMedia", media=media["id"])


class TestAtScheduling:
    def test_rights_that_have_ended_by_then_block_until_somebody_says_why(self, world):
        media = scene(world.owner, 150)
        card(world.owner, media, licence="licensed", expires_on=day(3))
        post = world.draft("店の前で", media=[{"media_id": media["id"], "alt": "店"}])
        soon, later = ({"at": f"{day(after)}T03:00:00Z"} for after in (3, 4))
        told = world.owner.do("checkDraft", {"text": "店の前で", "variants": [], "media": [{"media_id": media["id"], "alt": ""}], "due_at": later["at"]})["findings"]
        assert [(f["pointer"], f["finding"]["rule"], f["finding"]["severity"]) for f in told] == [("/media/0", "RGT-01", "block")]
        assert world.owner.do("schedulePost", soon, post=post["id"])["state"] == "scheduled"
        world.owner.refused(422, "check.blocked", "schedulePost", later, pointer="/media/0", post=post["id"])
        card(world.owner, media, expires_on=day(-1), consent="missing")
        assert [f["finding"]["rule"] for f in world.owner.do("checkPost", post=post["id"])["findings"]] == ["RGT-01", "RGT-02"]
        world.person("approver").do("overrideCheck", {"reason": "延長と同意の書面は今日届く"}, post=post["id"])
        assert world.owner.do("schedulePost", later, post=post["id"])["state"] == "scheduled"
        card(world.owner, media, licence="unknown", consent="not_needed")
        world.owner.refused(422, "check.blocked", "schedulePost", soon, pointer="/media/0", post=post["id"])
        world.owner.do("unschedulePost", post=post["id"])


class TestCrops:
    def test_a_crop_is_kept_for_each_network(self, world):
        media = scene(world.owner, 160)
        crops = [{"network": "instagram", "x": 0.25, "y": 0, "width": 0.5, "height": 0.75}, {"network": "x", "x": 0, "y": 0.1, "width": 1, "height": 0.5}]
        draft = {"text": "切り抜き", "variants": [], "media": [{"media_id": media["id"], "alt": "", "crops": crops}]}
        post = world.owner.do("createPost", draft)
        assert post["media"][0]["crops"] == crops and world.owner.do("getPost", post=post["id"])["media"][0]["crops"] == crops
        beyond = [{"network": "x", "x": 0.6, "y": 0, "width": 0.5, "height": 0.5}]
        world.owner.refused(422, "post.bad_crop", "createPost", {**draft, "media": [{"media_id": media["id"], "alt": "", "crops": beyond}]})
        world.owner.refused(422, "post.bad_crop", "createPost", {**draft, "media": [{"media_id": media["id"], "alt": "", "crops": [crops[0], crops[0]]}]})

    def test_what_is_made_is_the_part(self, world):
        media = world.owner.do("uploadMedia", data=made("crop.png", "width=800", "height=600"), headers={"Content-Type": "image/png"})
        part = fitted(world.owner, media, {"crop_x": 0.5, "crop_y": 0.5, "crop_width": 0.5, "crop_height": 0.5, "mimes": ["image/png"]})
        assert (part["state"], part["width"], part["height"]) == ("ready", 400, 300)
        square = fitted(world.owner, media, {"crop_x": 0, "crop_y": 0, "crop_width": 0.5, "crop_height": 0.5, "min_ratio": 1, "max_ratio": 1})
        assert (square["width"], square["height"]) == (300, 300)
