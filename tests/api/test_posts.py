"""The life of a post over HTTP, on the practice network: write, schedule, move, send, read back, and everything that can go wrong between."""
import datetime
import random
import socket
import struct
import time
import uuid
import zlib
import zoneinfo

import pytest

from contract import CONTRACT, ROOT
from server import Client, Server

PUT = "com.atproto.repo.putRecord"


def instant(seconds=0, **more):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds, **more)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def utc(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def text_of(what):
    return f"{what} {uuid.uuid4().hex[:8]}"


def delivery_of(client, post):
    rows = client.do("listDeliveries", query={"post": post})["deliveries"]
    assert len(rows) == 1, rows
    return rows[0]


def noisy_png(width, height):
    """A picture that no packing makes small."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    noise = random.Random(8470)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def wait_for(client, post, *states, seconds=20):
    end = time.monotonic() + seconds
    while True:
        row = delivery_of(client, post)
        if row["state"] in states:
            return row
        assert time.monotonic() < end, f"not {states} within {seconds} s: {row}"
        time.sleep(0.05)


def steps_of(client, row):
    return [s["what"] for s in client.do("getDelivery", delivery=row["id"])["steps"]]


@pytest.fixture(autouse=True)
def no_fault_stays(world):
    yield
    world.practice.fault("none")


class TestWriting:
    def test_a_draft_is_kept_as_written_and_changed_by_version(self, world):
        owner = world.owner
        media = owner.do("uploadMedia", data=(ROOT / "tests/data/images/baseline_40x30.jpg").read_bytes(), headers={"Content-Type": "image/jpeg"})
        assert (media["mime"], media["width"], media["height"]) == ("image/jpeg", 40, 30)
        picture = {"media_id": media["id"], "alt": "湯気", "focus_x": 0.25, "focus_y": 0.75, "cover_ms": 1500}
        variant = {"account_id": world.account, "text": "別の文", "format": "video", "title": "淹れ方", "options": {"privacy": "public"}, "recipient": "常連", "first_comment": "豆はこちら",
                   "thread": [{"text": "二つ目"}, {"text": "三つ目", "media": [picture]}]}
        draft = {"text": "朝の一杯 ☕", "variants": [variant], "media": [picture], "disclosure": {"is_advertising": True, "is_own_brand": False, "is_ai_made": True}, "lang": "ja", "due_at": "2031-01-01T00:00:00Z"}
        post = owner.do("createPost", draft)
        assert post["state"] == "draft" and {k: post[k] for k in draft} == draft and post["created_by"] == owner.person
        assert owner.do("getPost", post=post["id"]) == post
        changed = owner.do("updatePost", {"version": post["version"], "text": "夜の一杯", "variants": []}, post=post["id"])
        assert (changed["text"], changed["variants"], changed["media"], changed["due_at"]) == ("夜の一杯", [], [], draft["due_at"]) and changed["version"] > post["version"]
        owner.refused(409, "post.edited", "updatePost", {"version": post["version"], "text": "古い版から", "variants": []}, post=post["id"])
        assert owner.do("getPost", post=post["id"]) == changed
        owner.refused(404, "accounts.unknown", "updatePost", {"version": changed["version"], "text": "x", "variants": [{"account_id": str(uuid.uuid4()), "text": None}]}, post=post["id"])
        assert owner.do("getPost", post=post["id"]) == changed

    def test_the_same_picture_comes_back_byte_by_byte(self, world):
        for name, mime in (("plain_21x9.png", "image/png"), ("lossy_31x17.webp", "image/webp"), ("plain_13x6.gif", "image/gif")):
            data = (ROOT / "tests/data/images" / name).read_bytes()
            media = world.owner.do("uploadMedia", data=data, headers={"Content-Type": "application/octet-stream"})
            reply = world.owner.send("getMedia", media=media["id"])
            assert reply.bytes == data and reply.headers["Content-Type"] == mime and media["mime"] == mime
            assert world.owner.send("getMedia", media=media["id"], headers={"If-None-Match": reply.headers["ETag"]}).status == 304

    def test_deleting_is_undone_by_restoring(self, world):
        post = world.draft(text_of("消して戻す"))
        world.owner.do("deletePost", post=post["id"])
        world.owner.refused(404, "post.unknown", "getPost", post=post["id"])
        world.owner.refused(404, "post.unknown", "deletePost", post=post["id"])
        assert post["id"] not in str(world.owner.do("listPosts", query={"limit": 500}))
        back = world.owner.do("restorePost", post=post["id"])
        assert back["state"] == "draft" and back["text"] == post["text"]
        world.owner.refused(409, "post.not_deleted", "restorePost", post=post["id"])

    def test_texts_are_counted_as_the_network_counts(self, world):
        for text, graphemes, n_bytes in (("abc", 3, 3), ("日本語", 3, 9), ("👨‍👩‍👧‍👦", 1, 25), ("", 0, 0), ("x" * 301, 301, 301)):
            row = next(c for c in world.owner.do("countText", {"text": text})["counts"] if c["network"] == "bluesky")
            assert (row["used"], row["max"], row["bytes"], row["is_over"]) == (graphemes, 300, n_bytes, graphemes > 300), row
        assert [c["network"] for c in world.owner.do("countText", {"text": "x", "networks": ["bluesky"]})["counts"]] == ["bluesky"]
        bluesky = next(n for n in world.owner.do("listNetworks")["networks"] if n["name"] == "bluesky")
        assert (bluesky["unit"], bluesky["max_text"], bluesky["formats"][0]["image"]["max_bytes"]) == ("graphemes", 300, 1000000)


class TestScheduling:
    def test_limits_of_the_network_are_checked_first_and_nothing_is_scheduled(self, world):
        owner = world.owner

        def upload(data):
            return owner.do("uploadMedia", data=data, headers={"Content-Type": "image/png"})["id"]

        png = (ROOT / "tests/data/images/plain_21x9.png").read_bytes()
        small = upload(png)
        on = [{"account_id": world.account, "text": None}]
        for draft, reason, pointer in (
            ({"text": "x" * 301, "variants": on}, "post.over_limit", "/variants/0/text"),
            ({"text": "👨‍👩‍👧‍👦" * 130, "variants": on}, "post.over_bytes", "/variants/0/text"),
            ({"text": "x", "variants": [{"account_id": world.account, "text": None, "format": "reel"}]}, "post.format", "/variants/0/format"),
            ({"text": "x", "variants": [{"account_id": world.account, "text": None, "options": {"privacy": "public"}}]}, "post.option_unknown", "/variants/0/options/privacy"),
            ({"text": " \n ", "variants": on}, "post.empty", "/variants/0/text"),
            ({"text": "x", "variants": []}, "post.no_account", "/variants"),
            ({"text": "x", "variants": on, "media": [{"media_id": small, "alt": ""}] * 5}, "post.too_many_media", "/media/4"),
        ):
            post = owner.do("createPost", draft)
            owner.refused(422, reason, "schedulePost", {"at": instant(3600)}, post=post["id"], pointer=pointer)
            assert owner.do("getPost", post=post["id"]) == post
            assert owner.do("listDeliveries", query={"post": post["id"]})["deliveries"] == []

    def test_times_that_are_none_or_over_are_refused(self, world):
        post = world.draft(text_of("いつ"))
        for body, reason, pointer in (
            ({}, "post.time_missing", "/at"), ({"now": False}, "post.time_missing", "/at"), ({"at": instant(9), "now": True}, "post.time_missing", "/at"),
            ({"at": instant(-3600)}, "post.time_past", "/at"), ({"wall": "2031-02-30 10:00"}, "post.bad_wall", "/wall"), ({"wall": "tomorrow ten"}, "post.bad_wall", "/wall"),
            ({"wall": "2031-05-05 10:00", "zone": "Asia/Atlantis"}, "post.bad_zone", "/zone"),
        ):
            world.owner.refused(422, reason, "schedulePost", body, post=post["id"], pointer=pointer)
        assert world.owner.do("getPost", post=post["id"])["state"] == "draft"
        world.owner.refused(409, "post.not_scheduled", "unschedulePost", post=post["id"])

    @pytest.mark.parametrize("zone,wall,expected", [
        ("Asia/Tokyo", "2031-05-05 09:00", "2031-05-05T00:00:00Z"),
        (None, "2031-05-05T09:00:30", "2031-05-05T00:00:30Z"),
        ("Europe/Berlin", "2031-03-30 02:30", "2031-03-30T01:30:00Z"),  # skipped: 03:30 summer time
        ("Europe/Berlin", "2031-10-26 02:30", "2031-10-26T00:30:00Z"),  # twice: the first
        ("America/New_York", "2031-03-09 02:00", "2031-03-09T07:00:00Z"),
        ("Australia/Lord_Howe", "2031-10-05 02:15", "2031-10-04T15:45:00Z"),  # half an hour is skipped
        ("Asia/Kathmandu", "2031-01-01 00:00", "2030-12-31T18:15:00Z"),
    ])
    def test_wall_clock_times_mean_the_instant_of_their_zone(self, world, zone, wall, expected):
        post = world.draft(text_of("壁の時計"))
        got = world.owner.do("schedulePost", {"wall": wall, **({"zone": zone} if zone else {})}, post=post["id"])
        assert got["due_at"] == expected and got["state"] == "scheduled"
        key = zoneinfo.ZoneInfo(zone or "Asia/Tokyo")
        assert utc(expected) == datetime.datetime.fromisoformat(wall.replace(" ", "T")).replace(tzinfo=key).astimezone(datetime.timezone.utc)

    def test_a_scheduled_post_moves_changes_and_goes_back(self, world):
        owner, post = world.owner, world.draft(text_of("動かす"))
        scheduled = owner.do("schedulePost", {"at": "2031-01-01T00:00:00Z", "version": post["version"]}, post=post["id"])
        row = delivery_of(owner, post["id"])
        assert (row["state"], row["due_at"], row["text"], row["next_action"]) == ("waiting", "2031-01-01T00:00:00Z", post["text"], "none")
        owner.refused(409, "post.edited", "schedulePost", {"at": "2031-01-05T00:00:00Z", "version": post["version"]}, post=post["id"])
        moved = owner.do("schedulePost", {"at": "2031-01-02T00:00:00Z", "version": scheduled["version"]}, post=post["id"])
        assert moved["due_at"] == delivery_of(owner, post["id"])["due_at"] == "2031-01-02T00:00:00Z"
        changed = owner.do("updatePost", {"version": moved["version"], "text": "変えた", "variants": post["variants"], "due_at": "2031-01-03T00:00:00Z"}, post=post["id"])
        assert changed["state"] == "scheduled" and delivery_of(owner, post["id"])["text"] == "変えた"
        owner.refused(422, "post.over_limit", "updatePost", {"version": changed["version"], "text": "x" * 400, "variants": post["variants"]}, post=post["id"])
        assert owner.do("getPost", post=post["id"]) == changed
        back = owner.do("unschedulePost", post=post["id"])
        assert back["state"] == "draft"
        rows = owner.do("listDeliveries", query={"post": post["id"]})["deliveries"]
        assert [r["state"] for r in rows] in ([], ["cancelled"])

    def test_a_picture_too_large_for_the_network_goes_out_in_a_version_that_fits(self, world):
        owner, text = world.owner, text_of("大きい写真")
        large = owner.do("uploadMedia", data=noisy_png(900, 700), headers={"Content-Type": "image/png"})
        assert large["bytes"] > 1_000_000
        draft = {"text": text, "variants": [{"account_id": world.account, "text": None}], "media": [{"media_id": large["id"], "alt": "砂嵐"}]}
        found = owner.do("checkDraft", draft)["problems"]
        assert [(p["reason"], p["pointer"], p["is_fittable"]) for p in found] == [("post.media_too_large", "/media/0", True)]
        assert CONTRACT.language_of("post.media_fitted", found[0]["detail"]) in ("ja", "en"), "nobody has to replace it"
        post = owner.do("createPost", draft)
        owner.do("schedulePost", {"now": True}, post=post["id"])
        wait_for(owner, post["id"], "published", seconds=60)
        assert world.practice.count(text) == 1

    def test_everything_wrong_is_told_at_its_place_saved_or_not(self, world):
        owner = world.owner
        draft = {"text": "x" * 301, "variants": [{"account_id": world.account, "text": None, "options": {"privacy": "public"}, "thread": [{"text": "続き"}, {"text": "y" * 301}]}]}
        wanted = [("post.over_limit", "/variants/0/text"), ("post.option_unknown", "/variants/0/options/privacy"), ("post.over_limit", "/variants/0/thread/1/text")]
        found = owner.do("checkDraft", draft)["problems"]
        assert [(p["reason"], p["pointer"]) for p in found] == wanted
        assert (found[0]["limit"], found[0]["actual"], found[0]["is_fittable"], found[0]["network"], found[0]["account_id"]) == (300, 301, False, "bluesky", world.account)
        assert "300" in found[0]["detail"] and "301" in found[0]["detail"]
        post = owner.do("createPost", draft)
        checked = owner.do("checkPost", post=post["id"])
        assert checked["problems"] == found
        assert [(c["account_id"], c["micros"], c["currency"], c["quota"], c["left"]) for c in checked["costs"]] == [(world.account, 0, None, None, None)]
        assert owner.do("checkDraft", {"text": "よい", "variants": [{"account_id": world.account, "text": None}]})["problems"] == []
        owner.refused(404, "accounts.unknown", "checkDraft", {"text": "x", "variants": [{"account_id": str(uuid.uuid4()), "text": None}]}, pointer="/variants/0/account_id")

    def test_a_deleted_post_does_not_go_out(self, world):
        text = text_of("出ない")
        post = world.draft(text)
        world.owner.do("schedulePost", {"at": instant(1.0)}, post=post["id"])
        world.owner.do("deletePost", post=post["id"])
        time.sleep(1.6)
        assert world.practice.count(text) == 0


class TestSending:
    def test_a_post_goes_out_at_its_time_once_and_is_read_within_minutes(self, world):
        owner, text = world.owner, text_of("時間どおりに")
        post = world.draft(text)
        due = instant(0.7)
        owner.do("schedulePost", {"at": due}, post=post["id"])
        row = wait_for(owner, post["id"], "published")
        assert utc(row["published_at"]) >= utc(due) and 0 <= row["lateness_ms"] < 2000 and row["url"].startswith("http"), row
        assert world.practice.count(text) == 1 and owner.do("getPost", post=post["id"])["state"] == "published"
        for what in ("scheduled", "claimed", "sent", "published"):
            assert what in steps_of(owner, row)
        owner.refused(409, "publish.not_retryable", "retryDelivery", delivery=row["id"])
        version = owner.do("getPost", post=post["id"])["version"]
        owner.refused(409, "post.already_sending", "updatePost", {"version": version, "text": "遅い", "variants": post["variants"]}, post=post["id"])
        owner.refused(409, "post.already_sending", "deletePost", post=post["id"])
        owner.refused(409, "post.already_sending", "schedulePost", {"now": True}, post=post["id"])
        owner.refused(409, "post.already_sending", "unschedulePost", post=post["id"])
        numbers = owner.do("getPostMetrics", post=post["id"])["deliveries"][0]
        first = utc(numbers["next_at"]) - utc(row["published_at"])
        assert numbers["delivery_id"] == row["id"] and datetime.timedelta(0) < first <= datetime.timedelta(minutes=5, seconds=5), numbers  # read: test_readings.py
        overview = owner.do("getOverview", query={"days": 7, "account": world.account})
        assert next(k for k in overview["kpis"] if k["metric"] == "posts")["value"] >= 1 and overview["zone"] == "Asia/Tokyo"
        today = owner.do("getToday")
        assert any(d["id"] == row["id"] for d in today["deliveries"]), today

    def test_a_thread_follows_its_post_and_a_post_is_taken_away_again(self, world):
        owner, text = world.owner, text_of("一つ目")
        second, comment = text_of("二つ目"), text_of("豆はこちら")
        post = owner.do("createPost", {"text": text, "variants": [{"account_id": world.account, "text": None, "thread": [{"text": second}], "first_comment": comment}]})
        owner.do("schedulePost", {"now": True}, post=post["id"])
        deadline = time.monotonic() + 20
        while True:
            rows = {r["kind"]: r for r in owner.do("listDeliveries", query={"post": post["id"]})["deliveries"]}
            if len(rows) == 3 and all(r["state"] == "published" for r in rows.values()):
                break
            assert time.monotonic() < deadline, rows
            time.sleep(0.1)
        first = rows["post"]
        assert (rows["thread"]["part"], rows["thread"]["parent_id"], rows["comment"]["parent_id"]) == (1, first["id"], first["id"])
        assert [world.practice.count(t) for t in (text, second, comment)] == [1, 1, 1]
        assert [s["name"] for s in owner.do("getDelivery", delivery=first["id"])["steps"] if s["what"] == "sent"] == ["publish"]
        owner.refused(409, "publish.cannot_edit", "editDelivery", {"text": "直した"}, delivery=first["id"])
        removed = owner.do("removeDelivery", delivery=first["id"])
        assert removed["removed_at"] and world.practice.count(text) == 0
        assert "removed" in steps_of(owner, first)
        owner.refused(409, "publish.not_published", "removeDelivery", delivery=first["id"])
        owner.refused(409, "publish.not_published", "editDelivery", {"text": "直した"}, delivery=first["id"])
        world.practice.fault("rate_limited", "com.atproto.repo.deleteRecord", times=1, ms=60000)
        owner.refused(429, "network.rate_limited", "removeDelivery", delivery=rows["comment"]["id"])
        world.practice.fault("refused", "com.atproto.repo.deleteRecord", times=1)
        owner.refused(502, "publish.network_refused", "removeDelivery", delivery=rows["comment"]["id"])
        world.practice.fault("none")
        assert owner.do("getDelivery", delivery=rows["comment"]["id"])["delivery"]["removed_at"] is None

    def test_held_posts_stay_and_go_out_on_release(self, world):
        owner, text = world.owner, text_of("止める")
        held = owner.do("setHold", {"is_held": True, "reason": "災害"})
        assert held["is_held"] and held["reason"] == "災害" and held["by"] == "響 ひびき"
        post = world.draft(text)
        owner.do("schedulePost", {"now": True}, post=post["id"])
        time.sleep(0.8)
        row = delivery_of(owner, post["id"])
        assert row["state"] == "waiting" and row["is_held"] and row["sent_at"] is None and world.practice.count(text) == 0
        assert owner.do("getHold")["n_waiting"] >= 1
        assert not owner.do("setHold", {"is_held": False})["is_held"]
        row = wait_for(owner, post["id"], "published")
        assert not row["is_held"] and world.practice.count(text) == 1

    def test_two_switches_released_at_once_let_it_go(self, world):
        owner, account = world.owner, {"account_id": world.account}
        for turn in range(6):
            text = text_of(f"二つとも止める {turn}")
            owner.do("setHold", {"is_held": True})
            owner.do("setHold", {"is_held": True, **account})
            post = world.draft(text)
            owner.do("schedulePost", {"now": True}, post=post["id"])
            time.sleep(0.5)  # marked: nothing but a release wakes it
            owner.at_once(lambda hand: hand.do("setHold", {"is_held": False}), lambda hand: hand.do("setHold", {"is_held": False, **account}))
            wait_for(owner, post["id"], "published")
            assert world.practice.count(text) == 1

    @pytest.mark.parametrize("fault", ["error", "cut_before", "error_after", "cut_after"])
    def test_a_fault_at_the_call_ends_in_one_post(self, world, fault):
        owner, text = world.owner, text_of(fault)
        world.practice.fault(fault, PUT, times=1)
        post = world.draft(text)
        owner.do("schedulePost", {"now": True}, post=post["id"])
        row = wait_for(owner, post["id"], "waiting", "unknown", "published")
        seen = {row["state"]}
        end = time.monotonic() + 40
        while row["state"] != "published" and time.monotonic() < end:
            if row["state"] == "unknown" and row["next_action"] == "check":
                owner.send("retryDelivery", delivery=row["id"])  # reads back at once; never sends again
            time.sleep(0.3)
            row = delivery_of(owner, post["id"])
            seen.add(row["state"])
        assert row["state"] == "published", (row, steps_of(owner, row))
        assert world.practice.count(text) == 1, (seen, steps_of(owner, row))
        if fault.startswith("cut_after"):
            assert "unknown" in steps_of(owner, row) or "read_back" in steps_of(owner, row), steps_of(owner, row)

    def test_what_the_network_refuses_fails_with_its_reason_and_goes_out_when_tried_again(self, world):
        owner, text = world.owner, text_of("断られた")
        world.practice.fault("refused", PUT, times=1)
        post = world.draft(text)
        owner.do("schedulePost", {"now": True}, post=post["id"])
        row = wait_for(owner, post["id"], "failed")
        assert row["error"]["http_status"] == 400 and row["error"]["message"] and row["next_action"] in ("edit", "retry"), row
        assert owner.do("getPost", post=post["id"])["state"] == "failed" and world.practice.count(text) == 0
        assert next((t["count"] for t in owner.do("getToday")["tasks"] if t["kind"] == "failed"), 0) >= 1
        owner.do("retryDelivery", delivery=row["id"])
        wait_for(owner, post["id"], "published")
        assert world.practice.count(text) == 1

    def test_a_rate_limit_waits_until_its_end(self, world):
        owner, text = world.owner, text_of("待つ")
        world.practice.fault("rate_limited", PUT, times=1, ms=1500)
        post = world.draft(text)
        owner.do("schedulePost", {"now": True}, post=post["id"])
        row = wait_for(owner, post["id"], "waiting", "published")
        wait_for(owner, post["id"], "published", seconds=30)
        assert world.practice.count(text) == 1


class TestAccounts:
    def test_no_service_leads_into_the_private_network(self, fresh):
        """A listener on loopback hears nothing, whatever the address is called, and the answer does not tell what is there."""
        server = Server(fresh).start()
        owner = Client(server).set_up()
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            listener.settimeout(0.3)
            port, told = listener.getsockname()[1], set()
            for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "0.0.0.0", "u:p@127.0.0.1", "127.0.0.1.", "169.254.169.254", "10.0.0.1", "[::1]", "[fe80::1]"):
                reply = owner.send("connectAccount", {"network": "bluesky", "handle": "abc.example", "password": "x", "service": f"https://{host}:{port}"})
                assert reply.status in (422, 502), reply
                told.add((reply.status, reply["reason"], reply["detail"]))
            with pytest.raises(TimeoutError):
                listener.accept()
            assert len({t for t in told if t[0] == 502}) == 1, told
            owner.refused(422, "accounts.bad_service", "connectAccount", {"network": "bluesky", "handle": "abc.example", "password": "x", "service": f"http://127.0.0.1:{port}"}, pointer="/service")
        server.stop()

    def test_a_wrong_password_a_second_connection_and_a_silent_network_are_told_apart(self, world):
        who = world.practice.accounts[1]
        good = {"network": "bluesky", "handle": who["handle"], "password": who["password"]}
        world.owner.refused(422, "accounts.refused", "connectAccount", {**good, "password": "wrong"}, pointer="/password")
        world.practice.fault("rate_limited", times=-1, ms=60000)
        world.owner.refused(429, "network.rate_limited", "connectAccount", good)
        world.practice.fault("cut_before", times=-1)
        world.owner.refused(502, "accounts.unreachable", "connectAccount", good)
        world.practice.fault("none")
        account = world.owner.do("connectAccount", good)
        assert (account["state"], account["handle"], account["network"]) == ("ok", who["handle"], "bluesky")
        assert who["password"] not in str(account)
        world.owner.refused(409, "accounts.already_connected", "connectAccount", good)
        world.practice.fault("rate_limited", times=-1, ms=60000)
        world.owner.refused(429, "network.rate_limited", "reconnectAccount", {"password": who["password"]}, account=account["id"])
        world.practice.fault("cut_before", times=-1)
        world.owner.refused(502, "accounts.unreachable", "reconnectAccount", {"password": who["password"]}, account=account["id"])
        world.practice.fault("none")
        world.owner.refused(422, "accounts.refused", "reconnectAccount", {"password": "wrong"}, account=account["id"], pointer="/password")
        assert world.owner.do("reconnectAccount", {"password": who["password"]}, account=account["id"])["id"] == account["id"]
        post = world.draft("残る", account=account["id"])
        world.owner.do("schedulePost", {"at": "2031-01-01T00:00:00Z"}, post=post["id"])
        world.owner.do("disconnectAccount", account=account["id"])
        world.owner.refused(404, "accounts.unknown", "disconnectAccount", account=account["id"])
        end = time.monotonic() + 10
        while world.owner.do("getPost", post=post["id"])["state"] != "draft":
            assert time.monotonic() < end, world.owner.do("getPost", post=post["id"])
            time.sleep(0.1)

    def test_when_the_grant_is_over_posts_wait_for_a_person_and_go_out_after_reconnecting(self, world):
        account, text = world.connect(1), text_of("つなぎ直し")
        post = world.draft(text, account=account)
        world.owner.do("schedulePost", {"at": instant(1)}, post=post["id"])
        world.practice.end_sessions()  # noticed by the post, or by what is read before
        end = time.monotonic() + 20
        while next(a for a in world.owner.do("listAccounts")["accounts"] if a["id"] == account)["state"] != "needs_reconnect" or delivery_of(world.owner, post["id"])["next_action"] != "reconnect":
            assert time.monotonic() < end, (world.owner.do("listAccounts"), delivery_of(world.owner, post["id"]))
            time.sleep(0.1)
        assert delivery_of(world.owner, post["id"])["state"] == "waiting"
        other = world.draft("つながっていない", account=account)
        world.owner.refused(409, "accounts.needs_reconnect", "schedulePost", {"at": "2031-01-01T00:00:00Z"}, post=other["id"])
        assert any(t["kind"] == "reconnect" for t in world.owner.do("getToday")["tasks"])
        world.owner.do("reconnectAccount", {"password": world.practice.accounts[1]["password"]}, account=account)
        wait_for(world.owner, post["id"], "published")
        assert world.practice.count(text) == 1
        world.owner.do("disconnectAccount", account=account)
        world.owner.do("reconnectAccount", {"password": world.practice.accounts[0]["password"]}, account=world.account)
